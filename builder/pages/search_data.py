"""The data that the search script reads: the index of full text, and the documents found.

`docs/search.md` describes the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

import msgspec

from builder.content.search_text import FILLED
from builder.language.direction import direction
from builder.language.words import said_in
from builder.model.body import ReferenceKind
from builder.pages.bodies import another_record
from builder.pages.page import Data, Kind, Page, Task
from builder.pages.planner import Planner
from builder.patterns import pattern
from builder.site.lists import Lists
from builder.site.searched import BLOCK, blocks_of
from builder.site.site import Site

ROOT = "/search/"
_FORMAT = 1
# A longer text has a file of its own for all but its beginning.
_LONG, _BEGINNING = 16_000, 6_000  # characters
# What JSON allows and a script or a page may misread.
_UNSAFE = pattern("[<\u2028\u2029]")


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if lists.search is None:
        return
    yield Task("search-index", _index_page)
    for year, segment in lists.search.segments.items():
        for number in range(len(segment.shards)):
            yield Task(f"search-shard {year} {number}", partial(_shard_page, year, number))
    for month, block in blocks_of(lists):
        yield Task(f"search-block {month} {block}", partial(_block_pages, month, block))


def _shard(rest: str) -> Callable[[Planner], Iterator[Page]]:
    year, number = rest.split(" ")
    return partial(_shard_page, year, int(number))


def _block(rest: str) -> Callable[[Planner], Iterator[Page]]:
    month, number = rest.split(" ")
    return partial(_block_pages, month, int(number))


def _script(url: str, data: bytes) -> Page:
    """Return a file of data that also works as a script, for sites on a disk."""
    text = data.decode()
    if any(sign in text for sign in "<\u2028\u2029"):
        text = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return Page(url, "data.txt", Data(f"slugline({text});\n"), listed=False)


def _index_page(plan: Planner) -> Iterator[Page]:
    found, used = plan.view.searched(), plan.view.counts("section")
    sections = [
        [s.slug, *filter(None, said_in(s.name))] for s in plan.settings.sections if s.slug in used
    ]
    index: dict[str, object] = {
        "format": _FORMAT,
        "languages": found.languages,
        "plain": found.plain,
        "block": BLOCK,
        "years": found.years,
        "sections": sections,
        "filters": {"lang": found.tags, "has": found.has, "is": found.states},
    }
    own = direction(plan.language)
    tags = dict.fromkeys(
        (*plan.view.languages(), *(said_in(s.name)[1] for s in plan.settings.sections))
    )
    if turned := [tag for tag in tags if tag and direction(tag) != own]:
        index["turned"] = turned  # written in the other direction than the site
    yield _script(f"{ROOT}index.js", msgspec.json.encode(index))


def _shard_page(year: str, number: int, plan: Planner) -> Iterator[Page]:
    yield _script(f"{ROOT}{year}/{number}.js", plan.view.shard(year, number))


def _block_pages(month: str, block: int, plan: Planner) -> Iterator[Page]:
    year, _, part = month.partition("-")
    documents = []
    for n, slug in enumerate(plan.view.documents(month, block), block * BLOCK):
        text = _text(plan, slug)
        more = len(text) > _LONG
        if more:
            cut = _cut(text)
            yield _script(f"{ROOT}{year}/{part}-t{n}.js", msgspec.json.encode(text[cut:]))
            text = text[:cut]
        documents.append(_document(plan, slug, text, more))
    yield _script(f"{ROOT}{year}/{part}-{block}.js", msgspec.json.encode(documents))


def _document(plan: Planner, slug: str, text: str, more: bool) -> tuple[object, ...]:
    outline, entry = plan.view.outline(slug), plan.view.entry(slug)
    printed = (outline.title, outline.summary, text)
    return slug, entry.date.iso, outline.lang, entry.section, *printed, int(more)


def _cut(text: str) -> int:
    """Return where the beginning of a long text ends: between words, if it has any."""
    cut = text.rfind("\n", _BEGINNING // 2, _BEGINNING) + 1
    return cut or text.rfind(" ", _BEGINNING // 2, _BEGINNING) + 1 or _BEGINNING


def _text(plan: Planner, slug: str) -> str:
    """Return the text of a brief with references filled in, and its public figures."""
    found, outline = plan.view.search_text(slug), plan.view.outline(slug)
    text = found.text
    if "\0" in text:
        text = FILLED.sub(lambda match: _name(plan, match), text)
    figures = outline.figures and len(plan.view.figures_in(slug)) == len(outline.figures)
    return f"{text}\n{found.figures}" if figures and found.figures else text


def _name(plan: Planner, match: re.Match[str]) -> str:
    found = plan.view.reference(cast(ReferenceKind, match[1]), match[2])
    if found.name or found.state != "unpublished":
        return found.name
    return another_record(match[1], plan.words)


KIND = Kind(
    tasks,
    {"data.txt": Data},
    named={"search-shard": _shard, "search-block": _block},
)
