"""Adds a page to the sources of a brief that exists, where it belongs in its chain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from builder.clip.chain import Chain, ChainSource, free_id
from builder.clip.clipping import ReadPage, SavedPage, examine
from builder.clip.decode import ClipError
from builder.clip.draft import source_values
from builder.clip.facts import NOTHING_GIVEN, Facts, Given
from builder.clip.isolation import read_apart
from builder.clip.known import Press, SiteKnowledge, read_known
from builder.clips import Clip, write_clip
from builder.content.defaults import complete_ids, complete_part
from builder.content.urls import normal_address, same_address
from builder.editing.entries import EntryEditor
from builder.editing.find import find_brief
from builder.editing.transaction import replace_files
from builder.model.source import ROOT_ROLES, Source
from builder.model.values import LanguageTag, Line, Slug, Url
from builder.names.keys import SlugStyle, name_key
from builder.safe_files import plain_bytes


class Addition(NamedTuple):
    """The edits that add a page to a brief."""

    path: str
    before: bytes
    after: bytes
    chain: Chain  # with the ids that the brief has
    added: tuple[str, ...]  # ids of new sources
    filled: tuple[str, ...]  # ids of sources that lacked an address or a date
    facts: Facts
    clip: Clip
    warnings: tuple[str, ...]


def add_to_brief(
    root: Path,
    brief: str,
    page: SavedPage,
    now: datetime,
    given: Given = NOTHING_GIVEN,
    read: ReadPage = read_apart,
    known: SiteKnowledge | None = None,
    folder: Path | None = None,
) -> Addition:
    """Return the edits that add a page to a brief.

    Raises ClipError if the page is one of its sources, and EditError if the file has errors."""
    found = find_brief(root, brief, folder)
    known = known or read_known(root, now)
    seen = examine(page, known, given, now, read)
    before = plain_bytes(root / found.path)
    editor = EntryEditor(found.path, before)
    written = editor.document.fields.get("sources")
    items: list[Any] = written if isinstance(written, list) else [written] if written else []
    dates = [str(i.get("published") or "") if isinstance(i, Mapping) else "" for i in items]
    merger = _Merger(found.path, _present(items, known.settings.slug_style), dates, known)
    chain = seen.chain._replace(sources=tuple(map(merger.merge, seen.chain.sources)))
    for at, values in merger.filled.items():
        if not isinstance(items[at], Mapping):
            raise ClipError(f"{found.path}: write source {at + 1} as `{{publisher: …}}` first")
        for key, value in values.items():
            editor.set(f"sources.{at}.{key}", value)
    if isinstance(written, list) or not written:
        for source in merger.added:
            editor.append("sources", source_values(source))
    elif merger.added:
        editor.set("sources", [written, *map(source_values, merger.added)])
    ids = [merger.present[at].id for at in merger.filled]
    return Addition(
        path=found.path, before=before, after=editor.result(), chain=chain,
        added=tuple(source.id for source in merger.added), filled=tuple(map(str, ids)),
        facts=seen.facts, clip=seen.clip, warnings=seen.warnings,
    )  # fmt: skip


def write_addition(root: Path, addition: Addition) -> Path:
    """Write an addition and the text of the page."""
    replace_files(root, {addition.path: (addition.before, addition.after)})
    write_clip(root, same_address(addition.clip.url), addition.clip)
    return root / addition.path


def _present(items: Sequence[Any], style: SlugStyle) -> list[Source]:
    """Return the sources of a brief, as far as their chain needs them."""
    found, own = [], []
    for n, item in enumerate(items):
        fields: Mapping[str, Any] = item if isinstance(item, Mapping) else {}
        text = item if isinstance(item, str) else ""
        is_address = text.startswith(("http://", "https://"))
        source = Source(
            id=Slug(str(fields.get("id") or "")),
            publisher=Line(str(fields.get("publisher") or ("" if is_address else text))),
            url=Url(str(fields.get("url") or (text if is_address else ""))),
            role=fields.get("role") or "original",
            of=Slug(str(fields.get("of") or "")),
            title=Line(str(fields.get("title") or "")),
            lang=LanguageTag(str(fields.get("lang") or "")),
        )
        found.append(complete_part(source, style))
        if source.id:
            own.append(n)
    return complete_ids(Source, found, own, style)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COPIED_WITHIN = 7  # days between a report and copies of it


def _far_apart(a: str, b: str) -> bool:
    """Return whether two dates, as written, are too far apart for one report."""
    try:
        days = [date.fromisoformat(m[0]) for text in (a, b) if (m := _DAY.match(text))]
    except ValueError:  # no day of the calendar; `check` reports it
        return False
    return len(days) == 2 and abs(days[0] - days[1]).days > _COPIED_WITHIN


class _Merger:
    """Finds which sources of a chain a brief has, and collects those that it lacks."""

    def __init__(
        self, path: str, present: list[Source], dates: list[str], known: SiteKnowledge
    ) -> None:
        self.present, self.added = present, list[ChainSource]()
        self._dates = dates  # of `present`, as written
        self.filled: dict[int, dict[str, Any]] = {}
        self._path, self._known = path, known
        self._ids = {str(source.id) for source in present}
        self._meant: dict[str, str] = {}  # by id in the chain

    def merge(self, source: ChainSource) -> ChainSource:
        """Return a source with the ids of the brief."""
        source = source._replace(of=self._meant.get(source.of, source.of))
        at = self._same_address(source)
        if at is not None and source.is_page:
            id = self.present[at].id
            raise ClipError(f"{self._path} has this page already: it is its source `{id}`")
        at = self._same_report(source) if at is None else at
        if at is None:
            return self._add(source)
        mine = self.present[at]
        if source.is_page and mine.url:
            if source.via:  # another copy of the same report
                press = self._known.publisher(source.via)
                copy = source._replace(
                    press=press or Press(name=source.via, names=(source.via,)),
                    role="syndication", of=str(mine.id), via="", id=free_id(source.via, self._ids),
                )  # fmt: skip
                return self._add(copy)
            return self._add(source)
        if source.is_page:
            values = source_values(source)
            lacks = [key for key in ("title", "url", "lang", "published") if key in values]
            own = {"title": mine.title, "url": mine.url, "lang": mine.lang}
            self.filled[at] = {key: values[key] for key in lacks if not own.get(key)}
        self._meant[source.id] = str(mine.id)
        return source._replace(id=str(mine.id), role=mine.role, of=str(mine.of))

    def _add(self, source: ChainSource) -> ChainSource:
        id = free_id(source.id, self._ids)
        self._meant[source.id] = id
        self._ids.add(id)
        self.added.append(source._replace(id=id))
        return self.added[-1]

    def _same_address(self, source: ChainSource) -> int | None:
        mine = normal_address(source.url) if source.url else None
        for at, one in enumerate(self.present):
            if one.url and normal_address(one.url) == mine:
                return at
        return None

    def _same_report(self, source: ChainSource) -> int | None:
        """Return the source of the same publisher, if that may be the same report."""
        found = [at for at in range(len(self.present)) if self._is_by(at, source)]
        roots = [at for at in found if self.present[at].role in ROOT_ROLES]
        found = roots + [at for at in found if at not in roots]
        if not source.is_page:
            return found[0] if found else None
        bare = [at for at in found if not self.present[at].url]
        return next(iter(bare or (found if source.via else [])), None)

    def _is_by(self, at: int, source: ChainSource) -> bool:
        one = self.present[at]
        published = str(source_values(source).get("published") or "")
        if source.is_page and _far_apart(self._dates[at], published):
            return False
        press = self._known.publisher(one.publisher)
        return press == source.press or name_key(one.publisher) == source.press.key
