"""The outline of a document: its fields, their entries, and the headings of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from builder.language_server.document import OpenDocument

_FIELD = re.compile(r"(?P<name>[A-Za-z_][\w-]*)[ \t]*:[ \t]*(?P<value>.*)")
_HEADING = re.compile(r"(?P<level>#{1,6})[ \t]+(?P<title>\S.*)")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_ENTRIES = (
    "sources", "figures", "claims", "quotes", "responses", "relations", "events", "corrections",
)  # fmt: skip
_NAMES = ("id", "publisher", "metric", "text", "from", "name", "kind")


class OutlineItem(NamedTuple):
    """An item of an outline, with the lines that it covers, counted from 0."""

    name: str
    detail: str
    first: int
    last: int
    is_heading: bool = False
    items: tuple[OutlineItem, ...] = ()


def outline_of(document: OpenDocument) -> list[OutlineItem]:
    """Return the outline of a document, readable or not."""
    text = document.text
    start, end = document.front_matter
    first, last = text.line_of(start), text.line_of(end)
    fields = list(_fields(document, first, last if end > start else first - 1))
    body = last + 1 if end > start else first
    headings = [] if document.path == "site.yaml" else list(_headings(document, body))
    return [*fields, *headings]


def _fields(document: OpenDocument, first: int, last: int) -> Iterator[OutlineItem]:
    found = [
        (number, match)
        for number in range(first, last + 1)
        if (match := _FIELD.match(document.text.line(number)))
    ]
    ends = [*(number for number, _ in found[1:]), last + 1]
    for (number, match), end in zip(found, ends[: len(found)], strict=True):
        stop = max(number, end - 1)
        while stop > number and not document.text.line(stop).strip("- "):
            stop -= 1
        items = tuple(_entries(document, number, stop)) if match["name"] in _ENTRIES else ()
        detail = match["value"].partition(" #")[0].strip()[:80]
        yield OutlineItem(match["name"], detail, number, stop, items=items)


def _entries(document: OpenDocument, first: int, last: int) -> Iterator[OutlineItem]:
    """Yield the items of a list, by the first of the usual names that they have."""
    starts = [n for n in range(first + 1, last + 1) if re.match(r"[ \t]*- ", document.text.line(n))]
    indent = min((len(_lead(document.text.line(n))) for n in starts), default=0)
    starts = [n for n in starts if len(_lead(document.text.line(n))) == indent]
    for start, follows in pairwise([*starts, last + 1]):
        whole = "\n".join(document.text.line(n) for n in range(start, follows))
        for name in _NAMES:
            if match := re.search(
                rf"(?:^[ \t-]*|[{{,][ \t]*){name}:[ \t]*([^,}}\n]+)", whole, re.M
            ):
                yield OutlineItem(match[1].strip(" \"'")[:80], name, start, follows - 1)
                break


def _lead(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _headings(document: OpenDocument, first: int) -> Iterator[OutlineItem]:
    fence = ""
    found = []
    for number in range(first, len(document.text.starts)):
        line = document.text.line(number)
        if match := _FENCE.match(line):
            mark = match[1]
            fence = mark if not fence else "" if line.strip().startswith(fence) else fence
        elif not fence and (match := _HEADING.match(line)):
            found.append((number, match["title"].strip(" #"), len(match["level"])))
    end = len(document.text.starts) - 1
    for place, (number, title, level) in enumerate(found):
        follows = next((n for n, _, other in found[place + 1 :] if other <= level), end + 1)
        yield OutlineItem(title, "", number, follows - 1, is_heading=True)
