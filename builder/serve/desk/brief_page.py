"""A brief at the desk: its entries, what is wrong with it, and what can be added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from builder.editing.find import FoundBrief, NoSuchBrief, find_brief, list_briefs
from builder.serve.desk.desk_pages import DeskPages, address, redirect
from builder.serve.desk.form_fields import ENTRIES
from builder.serve.desk.open_brief import OpenBrief, open_brief
from builder.serve.overlay import problems_of

_WAIT = 3.0  # seconds for the problems of the last build
_FOUND = 40  # briefs in a list
# The fields that say most about an entry, in this order.
_TELLING = (
    "publisher", "title", "url", "what", "outcome", "metric", "value", "formula", "of", "text",
    "from", "stance", "type", "to", "kind", "was", "now", "by", "status", "source",
)  # fmt: skip


class EntryList(NamedTuple):
    """The entries of a brief that have one form, each in a few words."""

    name: str
    heading: str
    entries: list[tuple[str, int]]  # with the line


class BriefAtDesk:
    """The page of a brief at the desk, and the search for briefs."""

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Return the page of the brief in the address."""
        path = request.query_params.get("file", "")
        brief = await self._desk.later(partial(open_brief, self._desk.root, path))
        preview = self._desk.preview
        desk = await preview.desk(_WAIT)
        found = [d for d in (desk.problems if desk else ()) if d.path == path]
        done = request.query_params.get("done", "")
        return self._desk.page(
            request,
            "brief.html",
            brief=brief,
            url=brief.record.url,
            lists=[*entry_lists(brief)],
            problems=problems_of(preview.serving, found),
            done=done if done in (*ENTRIES, "created", "details", "fixed") else "",
            addition=self._desk.addition(),
        )

    async def find(self, request: Request) -> Response:
        """Return the briefs that a text may mean."""
        text = request.query_params.get("q", "").strip()

        def find() -> list[FoundBrief]:
            try:
                return [find_brief(self._desk.root, text)]
            except NoSuchBrief:
                part = text.casefold()
                named = list_briefs(self._desk.root)
                return [b for b in named if part in b.title.casefold() or part in b.slug]

        found = await self._desk.later(find)
        if text and len(found) == 1:
            return redirect(address("brief/", file=found[0].path))
        return self._desk.page(
            request, "found.html", text=text, found=found[:_FOUND], more=len(found) - _FOUND
        )


def entry_lists(brief: OpenBrief) -> Iterator[EntryList]:
    """Yield the entries of a brief, by the form that adds one."""
    for kind in ENTRIES.values():
        written = brief.document.fields.get(kind.field)
        items = written if isinstance(written, list) else [] if written is None else [written]
        entries = []
        for n, item in enumerate(items):
            place = brief.document.places.get(f"{kind.field}.{n}")
            entries.append((in_words(item), place.line if place else 1))
        yield EntryList(kind.name, kind.field.capitalize(), entries)


def in_words(entry: Any) -> str:
    """Return an entry in a few words."""
    if not isinstance(entry, Mapping):
        return str(entry)
    parts = [_value(entry[name]) for name in _TELLING if entry.get(name)]
    return ", ".join(part for part in parts[:3] if part) or "an entry without values"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if isinstance(part, str))
    return str(value)
