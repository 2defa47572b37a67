"""What planning reads of a site, fact by fact; whoever reads one depends on it.

A task (one or a few pages) gets nothing of the site but facts, and the names of those that it read
are its trace. When no fact of its trace has changed since, the task would make the same again: so
the dependencies of a page are found, not declared ("verifying traces": Mokhov, Mitchell and Peyton
Jones, Build Systems a la Carte, 2018)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar, cast

from msgspec.structs import replace

from builder.check.brief import Finding
from builder.content.record import encode
from builder.content.walk import MediaFile
from builder.diagnostics.diagnostic import Diagnostic
from builder.ledger.corrections import Amendment, by_week
from builder.ledger.numbers import Value
from builder.ledger.provenance import Shared
from builder.ledger.relations import Statement, Tie
from builder.model.brief import (
    Body,
    Brief,
    Company,
    Digest,
    InternalLink,
    Moment,
    Outline,
    Person,
    PlainPage,
    Publisher,
    Record,
    ReferenceKind,
    Settings,
    Thread,
    Topic,
)
from builder.quantity.quantity import unit_key
from builder.site.link import (
    Entry,
    Redirect,
    Site,
    company_names,
    meaning,
    publisher_link,
    publisher_name,
)
from builder.site.references import Target, resolve
from builder.site.related import Around
from builder.site.stories import Sequel
from builder.store import digest, digest_of

_SIZE = 8  # bytes of a fact's digest


Listed = TypeVar("Listed")


class Slice(NamedTuple, Generic[Listed]):
    """A page of a list: of briefs, or of corrections. `url` is its address; `newer` and `older`
    those beside it."""

    url: str
    items: tuple[Listed, ...]
    newer: str
    older: str
    number: int  # 0 for the first page, which has the newest


class Lists(NamedTuple):
    """The orders and relations of a site: all that planning needs besides single records."""

    settings: Settings
    assets: Mapping[str, str]  # addresses, by name
    covering: dict[str, dict[str, tuple[Entry, ...]]]  # by field and slug, the newest first
    slices: dict[str, list[Slice[Entry]]]  # by the address of each list
    amended: list[Slice[Amendment]]  # the record of corrections
    around: Mapping[str, Around]  # by slug
    sequels: dict[str, Sequel]  # by slug, of briefs that have any
    children: dict[str, tuple[str, ...]]  # companies, by who owns them
    former: dict[str, tuple[str, ...]]  # addresses that lead to one, by that
    translations: dict[str, tuple[str, ...]]  # briefs in several languages, by each of them
    shared: dict[str, tuple[Shared, ...]]  # for each source of a brief, earlier ones that have it
    marks: dict[str, bytes]  # a digest of each entry, by slug
    digest: bytes  # of all that the rest is made of
    policy: str = ""  # what pages may load and run, where a host is told


class Figures:
    """The record of numbers, by who is in it and by brief."""

    def __init__(self, site: Site) -> None:
        self.all = _stated_once(site)
        self.of: dict[str, list[Value]] = {}  # by company, on either side
        self.by_id: dict[tuple[str, str], Value] = {}
        self._in: dict[str, list[Value]] = {}
        for value in self.all:
            for slug in {value.of, value.to} - {""}:
                self.of.setdefault(slug, []).append(value)
        for value in site.figures:
            self.by_id[value.name] = value
            self._in.setdefault(value.brief, []).append(value)

    def told(self, slug: str) -> tuple[tuple[Value, tuple[Value, ...]], ...]:
        """The figures of a brief in their order, each with those that cannot be true beside it."""
        found = sorted(self._in.get(slug, ()), key=lambda value: value.number)
        return tuple((v, tuple(self.by_id[rival] for rival in v.rivals)) for v in found)


def _stated_once(site: Site) -> tuple[Value, ...]:
    """All figures but those of translations whose original has them too: by the same id, or as much
    of the same companies and time, whatever the other language calls that."""
    said = {told for v in site.figures for told in _told(v, v.brief)}
    originals = {v.brief: site.entries[v.brief].original for v in site.figures}
    return tuple(v for v in site.figures if said.isdisjoint(_told(v, originals[v.brief])))


def _told(v: Value, brief: str) -> tuple[tuple[object, ...], ...]:
    """By what a figure is known among those of a brief."""
    amount = v.value.low, v.value.high, unit_key(v.value.unit)
    return (brief, v.id), (brief, v.of, v.to, v.at, v.is_period, v.basis, amount)


class Ties:
    """The record of relations, by company and by brief."""

    def __init__(self, site: Site) -> None:
        self.all = site.relations
        self.of: dict[str, list[Tie]] = {}  # by company, on either side
        self._in: dict[str, list[tuple[Statement, Tie]]] = {}
        for tie in site.relations:
            for slug in (tie.of, tie.to):
                self.of.setdefault(slug, []).append(tie)
            for statement in tie.statements:
                self._in.setdefault(statement.brief, []).append((statement, tie))

    def told(self, slug: str) -> tuple[tuple[Statement, Tie], ...]:
        """What a brief states, in its order, each with the relation that it is of."""
        return tuple(sorted(self._in.get(slug, ()), key=lambda pair: pair[0].number))

    def among(self, slug: str) -> tuple[Tie, ...]:
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
    def site_figures(self) -> Figures:
        return Figures(self.site)

    @cached_property
    def site_amended(self) -> dict[str, tuple[Amendment, ...]]:
        return by_week(self.site.corrections)

    @cached_property
    def site_ties(self) -> Ties:
        return Ties(self.site)

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
    "called": lambda facts, slug: _hash(encode(facts.site.everyone.get(slug))),
    "children": lambda facts, slug: _hash(encode(facts.lists.children.get(slug))),
    "former": lambda facts, url: _hash(encode(facts.lists.former.get(url))),
    "translations": lambda facts, slug: _hash(encode(facts.lists.translations.get(slug))),
    "redirects": lambda facts, key: _hash(encode(facts.site.redirects)),
    "policy": lambda facts, key: _hash(facts.lists.policy.encode()),
    "publisher": lambda facts, name: _hash(publisher_name(facts.site, name).encode()),
    "published": lambda facts, name: _hash(encode(publisher_link(facts.site, name))),
    "shared": lambda facts, slug: _hash(encode(facts.lists.shared.get(slug))),
    "corrections": lambda facts, key: _hash(encode(facts.site.corrections)),
    "corrected": Facts._corrected,
    "amended": lambda facts, week: _hash(encode(facts.site_amended.get(week))),
    "means": lambda facts, key: _hash(encode(meaning(facts.site, *_parts(key)))),
    "places": Facts._places,
    "names": lambda facts, name: _hash(encode(company_names(facts.site, name))),
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


class Links(NamedTuple):
    """The links that a record's text has to addresses of this site: to be judged when all pages
    are known. `anchors` are those of the text itself."""

    path: str
    url: str
    anchors: tuple[str, ...]
    links: tuple[InternalLink, ...]


_NOTHING = Sequel((), (), "")
_ROOM = 8 << 20  # characters of text that a process keeps to use again

Made = TypeVar("Made")


class View:
    """Facts, read by one task after the other."""

    def __init__(self, site: Site, lists: Lists) -> None:
        self._site, self._lists = site, lists
        self._trace: dict[str, None] = {}
        self._made: dict[str, tuple[Any, tuple[str, ...]]] = {}
        self._large: dict[str, tuple[Any, tuple[str, ...]]] = {}
        self._sizes: dict[str, int] = {}  # characters
        self._taken = 0  # their sum
        self.problems: list[Diagnostic] = []
        self.links: list[Links] = []

    @cached_property
    def _amended(self) -> dict[str, tuple[Amendment, ...]]:
        return by_week(self._site.corrections)

    @cached_property
    def _figures(self) -> Figures:
        return Figures(self._site)

    @cached_property
    def _ties(self) -> Ties:
        return Ties(self._site)

    def begin(self) -> None:
        """Another task reads from here on."""
        self._trace, self.problems, self.links = {}, [], []

    def trace(self) -> tuple[str, ...]:
        """The facts read since it began."""
        return tuple(self._trace)

    def _note(self, kind: str, key: str = "") -> None:
        self._trace[f"{kind} {key}"] = None

    def once(
        self, key: str, make: Callable[[], Made], size: Callable[[Made], int] | None = None
    ) -> Made:
        """What several tasks make alike is made once, and each depends on what was read for it.
        What has a `size` (in characters) is kept while there is room, the last used longest."""
        known = self._made.get(key) or self._large.pop(key, None)
        if known is None:
            before, self._trace = self._trace, {}
            value = make()
            known = (value, tuple(self._trace))
            self._trace = before
            if size is None:
                self._made[key] = known
            else:
                self._sizes[key] = size(value)
                self._taken += self._sizes[key]
        if size is not None:
            self._large[key] = known  # at the end: it was used last
            while self._taken > _ROOM and len(self._large) > 1:
                oldest = next(iter(self._large))
                del self._large[oldest]
                self._taken -= self._sizes.pop(oldest)
        self._trace.update(dict.fromkeys(known[1]))
        return cast(Made, known[0])

    # --- facts ---------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        self._note("settings")
        return self._lists.settings

    @property
    def assets(self) -> Mapping[str, str]:
        self._note("settings")
        return self._lists.assets

    def outline(self, slug: str) -> Outline:
        """A brief as it was written, without its text."""
        self._note("front", slug)
        return self._site.outlines[slug]

    def entry(self, slug: str) -> Entry:
        self._note("front", slug)
        return self._site.entries[slug]

    def written(self, slug: str) -> Brief:
        """A whole brief as it was written."""
        path = self.outline(slug).path
        self._note("text", path)
        return self._site.content.load(Brief, path)

    def company(self, slug: str) -> Company:
        """A company; its text is `text`."""
        self._note("company", slug)
        return self._site.companies[slug]

    def has_company(self, slug: str) -> bool:
        self._note("company", slug)
        return slug in self._site.companies

    def topic(self, slug: str) -> Topic:
        self._note("topic", slug)
        return self._site.topics[slug]

    def thread(self, slug: str) -> Thread:
        self._note("thread", slug)
        return self._site.threads.get(slug) or self._site.waiting[slug]

    def person(self, slug: str) -> Person | None:
        """A person with a page."""
        self._note("person", slug)
        return self._site.people.get(slug)

    def called(self, slug: str) -> str:
        """The name of a person, with or without a page."""
        self._note("called", slug)
        return self._site.everyone[slug]

    def page(self, slug: str) -> PlainPage:
        self._note("page", slug)
        return self._site.pages[slug]

    def words_over(self, week: str) -> Digest | None:
        """An editor's words over the digest of a week."""
        self._note("words", week)
        return self._site.digests.get(week)

    def body(self, record: Record) -> Body:
        """A record's text with its holes."""
        self._note("text", record.path)
        return record.body

    def companies(self) -> tuple[str, ...]:
        """The slugs of all companies, in the order of names."""
        self._note("companies")
        return tuple(self._site.companies)

    def topics(self) -> tuple[str, ...]:
        self._note("topics")
        return tuple(self._site.topics)

    def threads(self) -> tuple[str, ...]:
        """The slugs of the threads that have a brief."""
        self._note("threads")
        return tuple(self._site.threads)

    def people(self) -> tuple[str, ...]:
        self._note("people")
        return tuple(self._site.people)

    def imprint(self, slug: str) -> Publisher:
        """A publisher with a page."""
        self._note("imprint", slug)
        return self._site.imprints[slug]

    def imprints(self) -> tuple[str, ...]:
        self._note("imprints")
        return tuple(self._site.imprints)

    def children(self, slug: str) -> tuple[str, ...]:
        """The companies that a company owns."""
        self._note("children", slug)
        return self._lists.children.get(slug, ())

    def former(self, url: str) -> tuple[str, ...]:
        """Addresses that lead to one."""
        self._note("former", url)
        return self._lists.former.get(url, ())

    def translations(self, slug: str) -> tuple[str, ...]:
        """All briefs that say the same as one in other languages, with itself; else none."""
        self._note("translations", slug)
        return self._lists.translations.get(slug, ())

    def redirects(self) -> tuple[Redirect, ...]:
        self._note("redirects")
        return self._site.redirects

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of every page, where a host is told."""
        self._note("policy")
        return self._lists.policy

    def meaning(self, field: str, name: str) -> str:
        """The slug that a name in `companies`, `topics` or `people` means; nothing when unknown."""
        self._note("means", f"{field} {name}")
        return meaning(self._site, field, name)

    def publisher(self, name: str) -> str:
        self._note("publisher", name)
        return publisher_name(self._site, name)

    def publisher_link(self, name: str) -> tuple[str, str]:
        """A publisher's name as it should be printed, and the address of its page or nothing."""
        self._note("published", name)
        return publisher_link(self._site, name)

    def shared(self, slug: str) -> tuple[Shared, ...]:
        """For each source of a brief, earlier briefs with the same report; none where there is no
        such source."""
        self._note("shared", slug)
        return self._lists.shared.get(slug, ())

    def corrections(self) -> tuple[Amendment, ...]:
        """All corrections and withdrawals, the newest first."""
        self._note("corrections")
        return self._site.corrections

    def corrected(self, number: int) -> Slice[Amendment]:
        """A page of the record of corrections, 0 for the first."""
        self._note("corrected", str(number))
        return self._lists.amended[number]

    def amended_in(self, week: str) -> tuple[Amendment, ...]:
        """The corrections and withdrawals of a week, the newest first."""
        self._note("amended", week)
        return self._amended.get(week, ())

    def company_names(self, name: str) -> tuple[str, ...]:
        """Every name of the company that a name means, after and before mergers."""
        self._note("names", name)
        return company_names(self._site, name)

    def media(self, name: str) -> MediaFile | None:
        self._note("media", name)
        return self._site.media.get(name)

    def absent(self, url: str) -> bool:
        """Whether an address exists only once something is published."""
        self._note("absent", url)
        return url in self._site.absent

    def reference(self, kind: ReferenceKind, target: str) -> Target:
        self._note("reference", f"{kind} {target}")
        return resolve(self._site, kind, target)

    def covering(self, field: str, slug: str) -> tuple[Entry, ...]:
        """The briefs that name a slug in `companies`, `topics`, `thread`, `people` or `section`, or
        of a `month`, `week` or `year`; all of them in `all`. The newest first."""
        self._note("cover", f"{field} {slug}")
        return self._lists.covering[field].get(slug, ())

    def newest(self, field: str, slug: str) -> tuple[Entry, ...]:
        """So many of them as a feed holds."""
        self._note("newest", f"{field} {slug}")
        return self._lists.covering[field].get(slug, ())[: self._lists.settings.feed_items]

    def count(self, field: str, slug: str) -> tuple[int, Moment | None]:
        """How many briefs name a slug, and when the newest was published."""
        self._note("counts", field)
        found = self._lists.covering[field].get(slug, ())
        return len(found), found[0].date if found else None

    def counts(self, field: str) -> dict[str, tuple[int, Moment]]:
        """The same for every slug (or month, or year) that has any."""
        self._note("counts", field)
        found = self._lists.covering[field]
        return {slug: (len(briefs), briefs[0].date) for slug, briefs in found.items()}

    def slice(self, url: str, number: int) -> Slice[Entry]:
        """A page of the list at an address, 0 for the first."""
        self._note("slice", f"{url} {number}")
        return self._lists.slices[url][number]

    def around(self, slug: str) -> Around:
        self._note("around", slug)
        return self._lists.around[slug]

    def sequel(self, slug: str) -> Sequel:
        """What is around a brief in its story."""
        self._note("around", slug)  # which every brief reads anyway
        return self._lists.sequels.get(slug, _NOTHING)

    def figures_of(self, slug: str) -> tuple[Value, ...]:
        """The figures of a company, on either side, by metric and time."""
        self._note("figures", slug)
        return tuple(self._figures.of.get(slug, ()))

    def figures_in(self, slug: str) -> tuple[tuple[Value, tuple[Value, ...]], ...]:
        """The figures of a brief in their order, each with those that cannot be true beside it."""
        self._note("values", slug)
        return self._figures.told(slug)

    def figures_beside(self, value: Value) -> tuple[Value, ...]:
        """Those that cannot be true beside a figure."""
        self._note("values", value.brief)
        return tuple(self._figures.by_id[rival] for rival in value.rivals)

    def figures(self) -> tuple[Value, ...]:
        """All figures, by company, metric and time."""
        self._note("ledger")
        return self._figures.all

    def relations_of(self, slug: str) -> tuple[Tie, ...]:
        """The relations of a company, on either side."""
        self._note("relations", slug)
        return tuple(self._ties.of.get(slug, ()))

    def relations_among(self, slug: str) -> tuple[Tie, ...]:
        """What those to whom a company has relations have to do with each other now."""
        self._note("relations", slug)
        self._note("among", slug)
        return self._ties.among(slug)

    def relations_in(self, slug: str) -> tuple[tuple[Statement, Tie], ...]:
        """What a brief states, in its order, each with the relation that it is of."""
        self._note("stated", slug)
        return self._ties.told(slug)

    def relations(self) -> tuple[Tie, ...]:
        """All relations, by the companies on both sides."""
        self._note("ties")
        return self._ties.all

    # --- what is wrong (such tasks are never remembered) ----------------------------------------

    def report(self, path: str, findings: Sequence[Finding]) -> None:
        """What is wrong with a record."""
        if findings:
            self._note("places", path)  # a warning names a line
        self.problems += [self._site.content.problem(path, *found) for found in findings]

    def check_links(
        self, record: Brief | Company | Topic | Thread | Person | Publisher | PlainPage | Digest
    ) -> None:
        """Have the links of a record, whose holes are filled, judged in the end."""
        body = record.body
        if body.links:
            anchors = tuple(heading.anchor for heading in body.headings)
            self.links.append(Links(record.path, record.url, anchors, body.links))

    @property
    def everything(self) -> Site:
        """The whole site, to say what an editor may have meant: only beside an error, since a task
        with an error is never remembered."""
        return self._site
