"""Drafts the figure that an amount in a text needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from builder.check.own_words import place_in
from builder.content.document import Document
from builder.editing.fix_case import FixCase
from builder.language.amounts_in_text import Mention, mentioned
from builder.names.keys import name_key
from builder.quantity.quantity import as_written
from builder.quantity.units import PEOPLE

_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=\S)|\n\n")


def draft_figure(case: FixCase) -> Iterator[tuple[str, bytes]]:
    """Yield an entry of `figures` for an amount that none backs.

    It is about the first company of the brief, on the day of its event. Its metric is one of the
    brief's that the sentence names, or else a general word, which the editor replaces."""
    document = case.document
    if case.d.code != "figure-unbacked" or document is None:
        return
    company = _first(document.fields.get("companies"))
    found = _mention_at(case, document)
    if not company or found is None:
        return
    amount = as_written(replace(found.quantity, bound="exact"))
    entry = {"of": company, "metric": _metric(document, found), "value": amount}
    if date := _date(document):
        entry["as_of"] = date
    if source := _source(document):
        entry["source"] = source
    after = case.edited(lambda editor: editor.append("figures", entry))
    if after is not None:
        yield f"Add `{amount}` to `figures`", after


def _first(value: object) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) else ""


def _mention_at(case: FixCase, document: Document) -> Mention | None:
    """Return the amount at the place of the diagnostic, in any language's notation."""
    language = _first(document.fields.get("lang")) or case.context.language
    for found in mentioned(document.body, language):
        place = place_in(document, found.start, found.end)
        if (place.line, place.column) == (case.d.line, case.d.column):
            return found
    return None


def _metric(document: Document, found: Mention) -> str:
    """Return the metric that the sentence of an amount most probably is about."""
    ends = [match.end() for match in _SENTENCE_END.finditer(document.body)]
    start = max((end for end in ends if end <= found.start), default=0)
    stop = min((end for end in ends if end > found.end), default=len(document.body))
    sentence = name_key(document.body[start:stop])
    figures = document.fields.get("figures")
    known = [f.get("metric") for f in figures or () if isinstance(f, dict)]
    named = [m for m in known if isinstance(m, str) and name_key(m) and name_key(m) in sentence]
    if named:
        return max(named, key=len)
    return {"%": "share", PEOPLE: "headcount"}.get(found.quantity.unit, "amount")


def _date(document: Document) -> str:
    for field in ("event_date", "date"):
        value = document.fields.get(field)
        if isinstance(value, str) and (match := _DATE.match(value)):
            return match[0]
    return ""


def _source(document: Document) -> str:
    """Return the id of the first source, if it has one of its own."""
    sources = document.fields.get("sources")
    first = sources[0] if isinstance(sources, list) and sources else None
    return _first(first.get("id")) if isinstance(first, dict) else ""
