"""The facts of a site, and a digest of each that changes whenever it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import cast

from msgspec.structs import replace

from builder.content.files import MediaFile
from builder.content.record import encode
from builder.ledger.corrections import CorrectionRecord, by_week
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord, Statement
from builder.model.body import Body, ReferenceKind
from builder.model.record import Record
from builder.quantity.quantity import unit_key
from builder.site.lists import Lists
from builder.site.references import resolve
from builder.site.resolve import publisher_link
from builder.site.site import Entry, Site
from builder.store import digest, digest_of

_SIZE = 8  # bytes of a fact's digest


class FigureIndex:
    """The record of numbers, by who is in it and by brief."""

    def __init__(self, site: Site) -> None:
        self.all = _stated_once(site)
        self.of: dict[str, list[FigureRecord]] = {}  # by company, on either side
        self.by_id: dict[tuple[str, str], FigureRecord] = {}
        self._in: dict[str, list[FigureRecord]] = {}
        for value in self.all:
            for slug in {value.of, value.to} - {""}:
                self.of.setdefault(slug, []).append(value)
        for value in site.figures:
            self.by_id[value.name] = value
            self._in.setdefault(value.brief, []).append(value)

    def told(self, slug: str) -> tuple[tuple[FigureRecord, tuple[FigureRecord, ...]], ...]:
        """The figures of a brief in their order, each with those that cannot be true beside it."""
        found = sorted(self._in.get(slug, ()), key=lambda value: value.number)
        return tuple((v, tuple(self.by_id[rival] for rival in v.rivals)) for v in found)


def _stated_once(site: Site) -> tuple[FigureRecord, ...]:
    """All figures but those of translations whose original has them too: by the same id, or as much
    of the same companies and time, whatever the other language calls that."""
    said = {told for v in site.figures for told in _told(v, v.brief)}
    originals = {v.brief: site.entries[v.brief].original for v in site.figures}
    return tuple(v for v in site.figures if said.isdisjoint(_told(v, originals[v.brief])))


def _told(v: FigureRecord, brief: str) -> tuple[tuple[object, ...], ...]:
    """By what a figure is known among those of a brief."""
    amount = v.value.low, v.value.high, unit_key(v.value.unit)
    return (brief, v.id), (brief, v.of, v.to, v.at, v.is_period, v.basis, amount)


class RelationIndex:
    """The record of relations, by company and by brief."""

    def __init__(self, site: Site) -> None:
        self.all = site.relations
        self.of: dict[str, list[RelationRecord]] = {}  # by company, on either side
        self._in: dict[str, list[tuple[Statement, RelationRecord]]] = {}
        for tie in site.relations:
            for slug in (tie.of, tie.to):
                self.of.setdefault(slug, []).append(tie)
            for statement in tie.statements:
                self._in.setdefault(statement.brief, []).append((statement, tie))

    def told(self, slug: str) -> tuple[tuple[Statement, RelationRecord], ...]:
        """What a brief states, in its order, each with the relation that it is of."""
        return tuple(sorted(self._in.get(slug, ()), key=lambda pair: pair[0].number))

    def among(self, slug: str) -> tuple[RelationRecord, ...]:
        """What those to whom a company has relations have to do with each other, as far as it is
        not over."""
        beside = {tie.other(slug) for tie in self.of.get(slug, ())}
        return tuple(
            tie
            for other in sorted(beside)
            for tie in self.of[other]
            if tie.of == other and tie.to in beside and tie.state != "former"
        )


class Facts:
    """Every fact of a site, by name: `front some-slug`. What a fact is, and a digest that differs
    whenever it does, stand beside each other here and in `View`."""

    def __init__(self, site: Site, lists: Lists) -> None:
        self.site, self.lists = site, lists
        self._digests: dict[str, bytes] = {}

    def digest(self, name: str) -> bytes:
        """A digest of a fact as it is now; of what is no longer there too."""
        found = self._digests.get(name)
        if found is None:
            kind, _, key = name.partition(" ")
            found = self._digests[name] = DIGESTS[kind](self, key)
        return found

    def digests(self, kind: str, keys: Iterable[str]) -> list[bytes]:
        """The digests of some facts of a kind; of what is most of all, in one go."""
        heads, outlines, marks = self.site.content.heads, self.site.outlines, self.lists.marks
        if kind == "text":
            return [digest_of(heads[path].body) if path in heads else b"" for path in keys]
        if kind == "front":
            return [
                digest_of(heads[outlines[slug].path].front) + marks[slug]
                if slug in outlines
                else b""
                for slug in keys
            ]
        return [self.digest(f"{kind} {key}") for key in keys]

    # --- digests -------------------------------------------------------------------------------

    def _settings(self, key: str) -> bytes:
        lists = self.lists
        settings = replace(lists.settings, deploy={})  # no page shows where it is sent
        return _hash(encode((settings, sorted(lists.assets.items()))))

    def _front(self, slug: str) -> bytes:
        outline = self.site.outlines.get(slug)
        if outline is None:
            return b""
        return self.site.content.front(outline.path) + self.lists.marks[slug]

    def _text(self, path: str) -> bytes:
        content = self.site.content
        return content.text(path) if path in content.heads else b""

    def _places(self, path: str) -> bytes:
        content = self.site.content
        return content.where(path) if path in content.heads else b""

    def _entries(self, entries: Iterable[Entry]) -> bytes:
        marks = self.lists.marks
        return _hash(b"".join([marks[entry.slug] for entry in entries]))

    def _cover(self, key: str) -> bytes:
        field, slug = _parts(key)
        return self._entries(self.lists.covering[field].get(slug, ()))

    def _newest(self, key: str) -> bytes:
        field, slug = _parts(key)
        briefs = self.lists.covering[field].get(slug, ())
        return self._entries(briefs[: self.lists.settings.feed_items])

    def _slice(self, key: str) -> bytes:
        url, number = _parts(key)
        slices = self.lists.slices.get(url, [])
        if int(number) >= len(slices):
            return b""
        piece = slices[int(number)]
        beside = f"{piece.url} {piece.newer} {piece.older}".encode()
        return _hash(beside + self._entries(piece.items))

    def _around(self, slug: str) -> bytes:
        found = self.lists.around.get(slug)
        return _hash(encode((found, self.lists.sequels.get(slug)))) if found else b""

    def _thread(self, slug: str) -> bytes:
        threads = self.site.threads if slug in self.site.threads else self.site.waiting
        return self._face(threads, slug)

    def _face(self, records: Mapping[str, Record], slug: str) -> bytes:
        record = records.get(slug)
        return _hash(encode(replace(record, body=_NO_BODY, places={}))) if record else b""

    def _corrected(self, number: str) -> bytes:
        pages = self.lists.amended
        return _hash(encode(pages[int(number)])) if int(number) < len(pages) else b""

    def _figures(self, slug: str) -> bytes:
        return _hash(encode(self.site_figures.of.get(slug, ())))

    def _values(self, slug: str) -> bytes:
        return _hash(encode(self.site_figures.told(slug)))

    @cached_property
    def site_figures(self) -> FigureIndex:
        return FigureIndex(self.site)

    @cached_property
    def site_amended(self) -> dict[str, tuple[CorrectionRecord, ...]]:
        return by_week(self.site.corrections)

    @cached_property
    def site_ties(self) -> RelationIndex:
        return RelationIndex(self.site)

    def _ties(self, slug: str) -> bytes:
        found = self.site_ties.of.get(slug)
        return _hash(encode(found)) if found else b""

    def _counts(self, key: str) -> bytes:
        """How many briefs each slug of a field has, and the newest of each."""
        found = self.lists.covering[key]
        rows = [(slug, len(briefs), briefs[0].date) for slug, briefs in found.items()]
        return _hash(encode(sorted(rows, key=lambda row: row[0])))


def _hash(data: bytes) -> bytes:
    return digest(data, _SIZE)


_NO_BODY = Body()


DIGESTS: dict[str, Callable[[Facts, str], bytes]] = {
    "settings": Facts._settings,
    "front": Facts._front,
    "text": Facts._text,
    "company": lambda facts, slug: facts._face(facts.site.companies, slug),
    "topic": lambda facts, slug: facts._face(facts.site.topics, slug),
    "thread": Facts._thread,
    "person": lambda facts, slug: facts._face(facts.site.people, slug),
    "page": lambda facts, slug: facts._face(facts.site.pages, slug),
    "words": lambda facts, week: facts._face(facts.site.digests, week),
    "companies": lambda facts, key: _hash(encode([*facts.site.companies])),
    "topics": lambda facts, key: _hash(encode([*facts.site.topics])),
    "threads": lambda facts, key: _hash(encode([*facts.site.threads])),
    "people": lambda facts, key: _hash(encode([*facts.site.people])),
    "imprint": lambda facts, slug: facts._face(facts.site.imprints, slug),
    "imprints": lambda facts, key: _hash(encode([*facts.site.imprints])),
    "called": lambda facts, slug: _hash(encode(facts.site.names.person_name(slug))),
    "children": lambda facts, slug: _hash(encode(facts.lists.children.get(slug))),
    "former": lambda facts, url: _hash(encode(facts.lists.former.get(url))),
    "translations": lambda facts, slug: _hash(encode(facts.lists.translations.get(slug))),
    "redirects": lambda facts, key: _hash(encode(facts.site.redirects)),
    "policy": lambda facts, key: _hash(facts.lists.policy.encode()),
    "publisher": lambda facts, name: _hash(facts.site.names.publisher_name(name).encode()),
    "published": lambda facts, name: _hash(encode(publisher_link(facts.site, name))),
    "shared": lambda facts, slug: _hash(encode(facts.lists.shared.get(slug))),
    "corrections": lambda facts, key: _hash(encode(facts.site.corrections)),
    "corrected": Facts._corrected,
    "amended": lambda facts, week: _hash(encode(facts.site_amended.get(week))),
    "means": lambda facts, key: _hash(encode(facts.site.names.meaning(*_parts(key)))),
    "places": Facts._places,
    "names": lambda facts, name: _hash(encode(facts.site.names.company_names(name))),
    "media": lambda facts, name: _hash(encode(_size(facts.site.media.get(name)))),
    "absent": lambda facts, url: b"\1" if url in facts.site.absent else b"\0",
    "reference": lambda facts, key: _hash(encode(resolve(facts.site, *_reference(key)))),
    "cover": Facts._cover,
    "newest": Facts._newest,
    "slice": Facts._slice,
    "around": Facts._around,
    "counts": Facts._counts,
    "figures": Facts._figures,
    "values": Facts._values,
    "ledger": lambda facts, key: _hash(encode(facts.site_figures.all)),
    "relations": Facts._ties,
    "among": lambda facts, slug: _hash(encode(facts.site_ties.among(slug))),
    "stated": lambda facts, slug: _hash(encode(facts.site_ties.told(slug))),
    "ties": lambda facts, key: _hash(encode(facts.site.relations)),
}


# What each kind of fact is, in words; `{}` is its key.
WORDS = {
    "settings": "site.yaml, style sheet and icon",
    "front": "front matter of {}",
    "text": "text of {}",
    "company": "company {}",
    "topic": "topic {}",
    "thread": "thread {}",
    "person": "person {}",
    "page": "page {}",
    "words": "an editor's words over the week {}",
    "companies": "which companies there are",
    "topics": "which topics there are",
    "threads": "which threads there are",
    "people": "which people there are",
    "called": "name of the person {}",
    "children": "what the company {} owns",
    "former": "addresses that lead to {}",
    "translations": "which briefs say the same as {} in other languages",
    "redirects": "redirects",
    "imprint": "publisher {}",
    "imprints": "which publishers there are",
    "policy": "what stands in templates, and which scripts and fonts there are",
    "publisher": "how the publisher `{}` is printed",
    "published": "whether the publisher `{}` has a page",
    "shared": "earlier briefs with the sources of {}",
    "corrections": "all corrections",
    "corrected": "corrections on page {} of their record",
    "amended": "corrections of the week {}",
    "means": "what is meant by {}",
    "places": "lines of {}",
    "names": "names of the company `{}`",
    "media": "content/media/{}",
    "absent": "whether {} is published",
    "reference": "what the reference `{}` means",
    "cover": "briefs by {}",
    "newest": "newest briefs by {}",
    "slice": "briefs on the list {}",
    "around": "briefs before, after and related to {}",
    "counts": "numbers of briefs by {}",
    "figures": "figures of the company {}",
    "values": "figures of {}, and those that differ",
    "ledger": "all figures",
    "relations": "relations of the company {}",
    "among": "relations among those around the company {}",
    "stated": "relations that {} states, as they are now",
    "ties": "all relations",
}


def in_words(site: Site, name: str) -> str:
    """A fact, as an editor would call it."""
    kind, _, key = name.partition(" ")
    named = ("front", "around", "values", "translations", "stated", "shared")
    if kind in named and key in site.outlines:
        key = site.outlines[key].path
    return WORDS[kind].format(key.strip())


# Facts that are as they were while `Lists.digest` is.
LISTED = frozenset(
    {"cover", "newest", "slice", "around", "counts", "absent", "translations", "shared"}
)


def _size(file: MediaFile | None) -> tuple[str, int, int] | None:
    return (file.url, file.width, file.height) if file else None


def _parts(key: str) -> tuple[str, str]:
    """A key of two words, such as a field and a slug; the second may have spaces."""
    first, _, second = key.partition(" ")
    return first, second


def _reference(key: str) -> tuple[ReferenceKind, str]:
    kind, target = _parts(key)
    return cast(ReferenceKind, kind), target
