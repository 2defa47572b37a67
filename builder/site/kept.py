"""Keeps a linked site and its lists for the next process, which decodes what it asks for.

A part is an encoded table, a list or a whole value. `engine/resumed` checks that the parts belong
to the content and the settings."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import msgspec

from builder.appearance.look import Look
from builder.content.config import Config
from builder.content.content import Content
from builder.content.record import encode
from builder.lazy import (
    Chosen,
    LazyList,
    LazyTable,
    Numbered,
    decode_list,
    encode_list,
    encode_table,
)
from builder.ledger.calendar import EventRecord
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.evidence import SiteEvidence
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.fact_change import FactChange
from builder.ledger.numbers import FigureRecord
from builder.ledger.provenance import SharedReport
from builder.ledger.relations import RelationRecord
from builder.ledger.standing import Standing
from builder.model.entity import (
    KINDS,
    Company,
    Digest,
    Person,
    PlainPage,
    Profile,
    Publisher,
    Thread,
    Topic,
)
from builder.model.outline import Outline
from builder.model.record import Allowed, Record
from builder.model.settings import Settings
from builder.names.register import NameRegister, Owner
from builder.site.kept_outlines import KeptOutlines, SpokenOutlines
from builder.site.known import GROUPS, MONTHS, KnownIndex
from builder.site.lists import Lists, Slice
from builder.site.peers import lasting_pages
from builder.site.registers import Registers
from builder.site.related import Neighbours
from builder.site.site import Entry, PublishedMedia, Redirect, Site
from builder.site.stories import StoryLinks

Value = TypeVar("Value")
Parts = Callable[[str], bytes]  # returns a part by its name; raises StoreDamaged

_TABLES: dict[str, Any] = {
    "entries": Entry,
    "companies": Company,
    "topics": Topic,
    "threads": Thread,
    "people": Person,
    "publisher_pages": Publisher,
    "pages": PlainPage,
    "digests": Digest,
    "profiles": Profile,
    "paths": tuple[str, str],
    "shared": tuple[SharedReport, ...],
    "standing": Standing,
}
_LISTS: dict[str, Any] = {
    "redirects": Redirect,
    "figures": FigureRecord,
    "relations": RelationRecord,
    "events": EventRecord,
    "expectations": ExpectationRecord,
    "corrections": CorrectionRecord,
}
_NAMED: dict[str, Any] = {
    "all_companies": Company,
    "all_topics": Topic,
    "all_people": Person,
    "all_publishers": Publisher,
    "publisher_files": Publisher,
}
_KINDS: dict[str, type[Record]] = {kind.__name__: kind for kind in KINDS}


# What a projection for an edition replaces; it shares the rest with the whole site.
_PROJECTED = (*(_TABLES.keys() - {"paths", "profiles", "standing"}), *_LISTS)


class _Small(NamedTuple):
    """What of a linked site is decoded at once."""

    withdrawn: tuple[str, ...]
    unpublished: frozenset[str]
    withheld: frozenset[str]
    absent: frozenset[str]
    unlinked: frozenset[tuple[str, str]]
    allowed: tuple[tuple[str, tuple[Allowed, ...]], ...]
    published_media: PublishedMedia
    evidence: SiteEvidence
    recent: tuple[str, ...]
    merged: dict[str, str]
    drafts: frozenset[str]
    unread: frozenset[str]
    unreadable: tuple[str, ...]
    versions: tuple[str, ...]
    elsewhere: dict[str, str]
    now: datetime


class _SmallLists(NamedTuple):
    """What of its lists is decoded at once."""

    digest: str
    carded: frozenset[str]
    fields: tuple[str, ...]  # of `Lists.covering`
    pages: tuple[str, ...]  # that other editions may have too, if there are several


class _Held(NamedTuple):
    """A page of a list: its address, the numbers of its briefs, and its neighbours."""

    url: str
    numbers: bytes
    newer: str
    older: str
    number: int


_small = msgspec.json.Decoder(_Small)
_small_lists = msgspec.json.Decoder(_SmallLists)
_slugs = msgspec.msgpack.Decoder(list[str])
_strings = msgspec.msgpack.Decoder(dict[str, str])
_held = msgspec.msgpack.Decoder(list[_Held])
_owner = msgspec.msgpack.Decoder(Owner)
_uses = msgspec.msgpack.Decoder(dict[str, int])
_kind_and_text = msgspec.json.Decoder(tuple[str, msgspec.Raw])
_pack = msgspec.msgpack.Encoder().encode


def _decoder(kind: Any) -> Callable[[bytes], Any]:
    decoder: msgspec.json.Decoder[Any] | None = None

    def decode(data: bytes) -> Any:
        nonlocal decoder
        decoder = decoder or msgspec.json.Decoder(kind)
        return decoder.decode(data)

    return decode


# --- keeping -----------------------------------------------------------------------------------


def keep_site(site: Site) -> dict[str, bytes]:
    """Return the parts of a linked site, by name.

    An edition has only those that differ from the whole site."""
    names = site.names
    small = _Small(
        site.withdrawn,
        site.unpublished,
        site.withheld,
        site.absent,
        site.unlinked,
        site.allowed,
        site.published_media,
        site.evidence,
        site.recent,
        dict(names.merged),
        names.drafts,
        names.unread,
        site.unreadable,
        site.versions,
        dict(site.elsewhere),
        site.now,
    )
    parts = {"small": encode(small), "order": _pack([entry.slug for entry in site.order])}
    tables = (name for name in _TABLES if name in _PROJECTED or not site.whole)
    for name in tables:
        parts |= _table(name, getattr(site, name))
    parts |= {name: encode_list([*map(encode, getattr(site, name))]) for name in _LISTS}
    return parts if site.whole else parts | _keep_whole(site)


def _keep_whole(site: Site) -> dict[str, bytes]:
    """Return the parts that editions share."""
    names = site.names
    parts: dict[str, bytes] = {}
    for name in _NAMED:
        parts |= _table(name, getattr(names, name))
    waiting = {path: encode((type(r).__name__, r)) for path, r in site.waiting.items()}
    parts |= encode_table("waiting", waiting)
    parts["slugs"] = _pack({slug: outline.path for slug, outline in site.outlines.items()})
    parts["publisher_slugs"] = _pack(dict(names.publisher_slugs))
    parts["uses"] = _pack(names.companies.uses)
    for kind in ("topics", "people", "publishers"):
        owners = getattr(names, kind).owners
        parts |= encode_table(f"names {kind}", {key: _pack(o) for key, o in owners.items()})
    return parts


def keep_lists(site: Site, lists: Lists) -> dict[str, bytes]:
    """Return the parts of the lists of a site, by name."""
    number = {entry.slug: n for n, entry in enumerate(site.order)}

    def numbers(entries: Iterable[Entry]) -> bytes:
        return array("I", [number[entry.slug] for entry in entries]).tobytes()

    parts: dict[str, bytes] = {}
    for field, covering in lists.covering.items():
        if field != "all":
            named = {slug: numbers(found) for slug, found in covering.items()}
            parts |= encode_table(f"cover {field}", named)
    parts |= encode_table(
        "slices",
        {
            url: _pack([(s.url, numbers(s.items), s.newer, s.older, s.number) for s in found])
            for url, found in lists.slices.items()
        },
    )
    parts["correction_pages"] = encode_list([*map(encode, lists.correction_pages)])
    for group, found in lists.known.groups.items():
        parts |= _table(f"changes {group}", found)
    for name in ("story_links", "children", "former", "translations"):
        parts |= _table(name, getattr(lists, name))
    parts |= encode_table("marks", lists.marks)
    small = _SmallLists(
        lists.digest.hex(),
        lists.carded,
        (*lists.covering.keys() - {"all"},),
        (*lasting_pages(site, lists),) if site.whole else (),
    )
    parts["lists"] = encode(small)
    return parts


def _table(name: str, values: Mapping[str, Any]) -> dict[str, bytes]:
    return encode_table(name, {key: encode(value) for key, value in values.items()})


# --- reading -----------------------------------------------------------------------------------


class KeptSite:
    """A linked site and its lists as the last build has kept them."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.small = _small.decode(parts("small"))
        self.order = _slugs.decode(parts("order"))

    @cached_property
    def _listed(self) -> _SmallLists:
        return _small_lists.decode(self.parts("lists"))

    @property
    def digest(self) -> bytes:
        """The digest of its lists."""
        return bytes.fromhex(self._listed.digest)

    @property
    def pages(self) -> frozenset[str]:
        """The pages that other editions may have too."""
        return frozenset(self._listed.pages)

    def _of(self, name: str, decode: Callable[[bytes], Value]) -> LazyTable[Value]:
        return LazyTable(decode, self.parts, name)

    def _list(self, name: str, decode: Callable[[bytes], Value]) -> LazyList[Value]:
        return LazyList(lambda: decode_list(self.parts(name)), decode)

    def site(self, config: Config, content: Content, by_path: Mapping[str, Outline]) -> Site:
        """Return the site with new content.

        Only texts and titles may differ; `by_path` has the outlines of its briefs."""
        small, found = self.small, self._projected()
        more: dict[str, Any] = {
            name: self._of(name, _decoder(kind))
            for name, kind in _TABLES.items()
            if name not in _PROJECTED
        }
        return Site(
            config=config,
            content=content,
            outlines=KeptOutlines(_strings.decode(self.parts("slugs")), by_path),
            withdrawn=small.withdrawn,
            unpublished=small.unpublished,
            withheld=small.withheld,
            waiting=self._of("waiting", _waiting),
            absent=small.absent,
            unlinked=small.unlinked,
            allowed=small.allowed,
            unreadable=small.unreadable,
            now=small.now,
            names=self._names(config, content),
            media=content.media.files,
            published_media=small.published_media,
            evidence=small.evidence,
            recent=small.recent,
            **found,
            **more,
        )

    def edition(self, whole: Site, settings: Settings) -> Site:
        """Return a site as an edition of the whole one; see `site/editions`."""
        small = self.small
        return whole._replace(
            config=whole.config._replace(settings=settings),
            outlines=SpokenOutlines(whole.outlines, whole.config.settings.language),
            withdrawn=small.withdrawn,
            recent=small.recent,
            versions=small.versions,
            elsewhere=small.elsewhere,
            whole=whole,
            **self._projected(),
        )

    def _projected(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: self._of(name, _decoder(kind))
            for name, kind in _TABLES.items()
            if name in _PROJECTED
        }
        found |= {name: self._list(name, _decoder(kind)) for name, kind in _LISTS.items()}
        found["order"] = Chosen(found["entries"], self.order)
        return found

    def _names(self, config: Config, content: Content) -> Registers:
        small, companies = self.small, content.companies
        companies.count_uses(_uses.decode(self.parts("uses")))
        tables: dict[str, Any] = {
            name: self._of(name, _decoder(kind)) for name, kind in _NAMED.items()
        }
        registers: dict[str, Any] = {
            kind: NameRegister(companies.distinct, self._of(f"names {kind}", _owner.decode))
            for kind in ("topics", "people", "publishers")
        }
        return Registers(
            companies=companies,
            publisher_slugs=_strings.decode(self.parts("publisher_slugs")),
            merged=small.merged,
            drafts=small.drafts,
            unread=small.unread,
            slugs=config.settings.slug_style,
            **registers,
            **tables,
        )

    def lists(
        self,
        site: Site,
        assets: Mapping[str, str],
        policy: str,
        look: Look,
        around: Mapping[str, Neighbours],
    ) -> Lists:
        """Return the lists of the site."""
        entries, order = site.entries, self.order

        def chosen(data: bytes) -> Sequence[Entry]:
            return Chosen(entries, Numbered(order, array("I", data)))

        def pages(data: bytes) -> list[Slice[Entry]]:
            return [
                Slice(h.url, chosen(h.numbers), h.newer, h.older, h.number)
                for h in _held.decode(data)
            ]

        covering: dict[str, Mapping[str, Sequence[Entry]]] = {"all": {"": site.order}}
        for field in self._listed.fields:
            covering[field] = self._of(f"cover {field}", chosen)
        names = tuple[str, ...]
        return Lists(
            site.config.settings,
            assets,
            covering,
            self._of("slices", pages),
            self._list("correction_pages", _decoder(Slice[CorrectionRecord])),
            around,
            self._of("story_links", _decoder(StoryLinks)),
            self._of("children", _decoder(names)),
            self._of("former", _decoder(names)),
            self._of("translations", _decoder(names)),
            site.shared,
            self._of("marks", bytes),
            self.digest,
            look=look,
            policy=policy,
            carded=self._listed.carded,
            known=KnownIndex(
                site,
                covering["watchlists"],
                {
                    group: self._of(f"changes {group}", _decoder(tuple[FactChange, ...]))
                    for group in (*GROUPS, MONTHS)
                },
            ),
        )


def _waiting(data: bytes) -> Record:
    kind, text = _kind_and_text.decode(data)
    return msgspec.json.decode(text, type=_KINDS[kind])
