"""Completes fields, values and references at a cursor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from lsprotocol import types

from builder.content.json_schema import type_in_words
from builder.editing.new import scalar
from builder.language_server.cursor import Cursor
from builder.language_server.document import OpenDocument
from builder.language_server.index import Named, SiteIndex
from builder.language_server.slots import Slot, allowed_codes, choices_of, help_of
from builder.language_server.text import TextSpan
from builder.language_server.values import Known, Proposal, propose_values

_MOST = 300  # proposals that a client gets at once
_FIGURE = re.compile(r"\{\{(?P<written>[^{}\n]*)$")
_REFERENCE = re.compile(r"\[\[(?P<written>[^\[\]|\n]*)$")
_KINDS = ("brief", "thread", "company", "person", "topic", "page")


class Completion(NamedTuple):
    """Proposals for a span of a document, and whether there are more."""

    span: TextSpan
    proposals: tuple[Proposal, ...]
    is_cut: bool = False


def complete(
    document: OpenDocument, offset: int, index: SiteIndex, now: datetime
) -> Completion | None:
    """Return what may stand at an offset of a document."""
    line = document.text.line_of(offset)
    known = Known(index, document.read_own(index.language, index.slugs, line), document.path, now)
    if document.is_in_fields(offset):
        cursor = document.cursor(offset)
        found = _complete_field(document, cursor, known) if cursor else None
    else:
        found = _complete_text(document, offset, known)
    return _limited(found, document.text.text[found.span.start : offset]) if found else None


def _limited(found: Completion, written: str) -> Completion:
    """Return the proposals that a word fits; all of them if they are few."""
    if len(found.proposals) <= _MOST:
        return found
    word = written.casefold().lstrip("\"'")
    fitting = [p for p in found.proposals if word in (p.filter or p.label).casefold()]
    return found._replace(proposals=tuple(fitting[:_MOST]), is_cut=True)


# --- front matter ------------------------------------------------------------------------------


def _complete_field(document: OpenDocument, cursor: Cursor, known: Known) -> Completion | None:
    slot = document.slot(cursor)
    if slot is None:
        return None
    end = cursor.start + len(cursor.scalar)
    lead = "- " if cursor.at_start and slot.is_list else ""
    proposals: list[Proposal] = []
    if cursor.in_key and (slot.item if lead else slot).fields:
        behind = document.text.text[end : end + 2].lstrip(" \t")
        colon = "" if behind.startswith(":") else ": "
        proposals += _fields(slot.item if lead else slot, cursor, lead, colon)
    elif cursor.in_key and slot.is_allow:
        proposals += [
            Proposal(code, f"{code}: ", meaning, kind=types.CompletionItemKind.EnumMember)
            for code, meaning in allowed_codes()
            if code not in cursor.keys
        ]
    is_item = not cursor.in_key or bool(lead) or not (cursor.in_flow or cursor.at_start)
    if is_item:  # a line without a hyphen is none
        proposals += _values(slot.item, cursor, known, lead)
    return Completion(TextSpan(cursor.start, end), tuple(proposals))


def _fields(slot: Slot, cursor: Cursor, lead: str, colon: str) -> Iterator[Proposal]:
    for field in slot.fields:
        if field.name in cursor.keys:
            continue
        detail = type_in_words(field.type) + " (required)" * field.required
        yield Proposal(
            field.name, f"{lead}{field.name}{colon}", detail, help_of(field), field.name,
            types.CompletionItemKind.Field,
        )  # fmt: skip


def _values(slot: Slot, cursor: Cursor, known: Known, lead: str) -> Iterator[Proposal]:
    lone = slot.lone_field or slot
    found = [
        Proposal(value, value, meaning, kind=types.CompletionItemKind.EnumMember)
        for value, meaning in choices_of(lone)
    ]
    for proposal in (*found, *propose_values(lone, known)):
        yield proposal._replace(insert=f"{lead}{_quoted(proposal.insert, cursor.quote)}")


def _quoted(text: str, quote: str) -> str:
    """Return a value as it is written inside an open quotation mark, or without one."""
    if quote == '"':
        return text.replace("\\", "\\\\").replace('"', '\\"')
    if quote == "'":
        return text.replace("'", "''")
    return text if re.fullmatch(r"[\d :T+-]+", text) else scalar(text)


# --- text --------------------------------------------------------------------------------------


def _complete_text(document: OpenDocument, offset: int, known: Known) -> Completion | None:
    """Complete a figure or a reference in the text."""
    number = document.text.line_of(offset)
    start = document.text.starts[number]
    before = document.text.text[start:offset]
    after = document.text.line(number)[offset - start :]
    if match := _FIGURE.search(before):
        rest = re.match(r"[\w:-]*(?:\}\}?)?", after)
        span = TextSpan(start + match.start("written"), offset + (rest.end() if rest else 0))
        return Completion(span, tuple(_figures(known)))
    if match := _REFERENCE.search(before):
        rest = re.match(r"[^\[\]|\n]*(?=\])\]?\]?|\w*", after)
        span = TextSpan(start + match.start("written"), offset + (rest.end() if rest else 0))
        end = "" if after[rest.end() if rest else 0 :].startswith("|") else "]]"
        return Completion(span, tuple(_references(match["written"], known, end)))
    return None


def _figures(known: Known) -> Iterator[Proposal]:
    for figure in known.own.figures:
        detail = ", ".join(part for part in (figure.value, figure.time) if part)
        doc = f"{figure.metric} of {figure.of} ({figure.basis})"
        yield Proposal(
            f"figure:{figure.id}", f"figure:{figure.id}}}}}", detail, doc,
            kind=types.CompletionItemKind.Value,
        )  # fmt: skip


def _references(written: str, known: Known, end: str) -> Iterator[Proposal]:
    kind, colon, _ = written.partition(":")
    if colon and kind.strip() in _KINDS:
        yield from _of_kind(kind.strip(), known, end)
        return
    index = known.site
    for named in (*index.companies, *index.people, *index.topics):
        yield from _names(named, end)
    for name in ("brief", "thread", "person", "topic", "page"):
        yield Proposal(
            f"{name}:", f"{name}:", f"a {name}, by its slug", kind=types.CompletionItemKind.Keyword
        )


def _names(named: Named, end: str) -> Iterable[Proposal]:
    yield Proposal(named.name, f"{named.name}{end}", named.kind, named.summary)
    for other in named.names:
        yield Proposal(other, f"{other}{end}", f"alias of {named.name}", named.summary)


def _of_kind(kind: str, known: Known, end: str) -> Iterator[Proposal]:
    index = known.site
    if kind == "brief":
        for brief in sorted(index.briefs, key=lambda b: b.date, reverse=True):
            label, detail = f"brief:{brief.slug}", f"{brief.title} · {brief.date}"
            yield Proposal(label, f"{label}{end}", detail, filter=f"{label} {brief.title}")
        return
    found = {
        "thread": index.threads, "company": index.companies, "person": index.people,
        "topic": index.topics, "page": index.pages,
    }[kind]  # fmt: skip
    for named in found:
        label = f"{kind}:{named.slug}"
        yield Proposal(label, f"{label}{end}", named.name, named.summary, f"{label} {named.name}")
