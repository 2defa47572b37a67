"""The content of a site: records with their HTML, and media files.

Content is read in two passes. The first reads everything but briefs, which yields the names of
companies. The second reads each brief independently (law 2), in several processes. A file is parsed
again only if its bytes, or the names that it may link, have changed since the last build; it is
opened only if its size or times have changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, TypeVar, cast

import msgspec
from msgspec.structs import replace

from builder.content.histories import Histories
from builder.content.media import Media
from builder.content.record import StoredRecord
from builder.content.stored_problems import StoredProblems, decode_problems
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place, place_of
from builder.language.catalogs import Catalogs
from builder.model.body import Body
from builder.model.entity import KINDS, Company, CompanyNames
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.replies import Reactions
from builder.names.chains import ends_of
from builder.names.keys import plain_spelling
from builder.names.register import DistinctNames, NameRegister, declaration
from builder.search.segments import NOTHING, SearchText, decode_search_text
from builder.store import (
    Kept,
    Store,
    digest_of,
)

Kind = TypeVar("Kind", bound=Record)

_fronts = {kind: msgspec.json.Decoder(kind) for kind in KINDS}
_body = msgspec.json.Decoder(Body)
places_of = msgspec.json.Decoder(dict[str, Place])


class Content(NamedTuple):
    """All content of a site.

    `companies` resolves each name of a company to its slug. `outlines` holds briefs without their
    text; `load` returns a whole brief. `problems` are those between files; those of each file are
    stored."""

    records: dict[type[Record], tuple[Record, ...]]
    outlines: Sequence[Outline]
    heads: Mapping[str, StoredRecord]
    companies: NameRegister
    media: Media
    problems: list[Diagnostic]
    store: Store
    parsed: int  # number of files that this build read and parsed
    texts: tuple[int, int]  # numbers of those whose text markdown-it read, or the quick reading
    replies: Mapping[str, Reactions] = MappingProxyType({})  # by slug of the brief
    messages: Catalogs = Catalogs()
    noted: Collection[str] = ()  # files with stored problems
    histories: Histories = MappingProxyType({})  # by identity of the brief

    def stored_problems(self) -> Iterator[tuple[str, StoredProblems]]:
        """Yield the stored problems of each file that has any."""
        for path in self.noted:
            if problems := self.heads[path].problems:
                yield path, problems

    def all_problems(self) -> list[Diagnostic]:
        """Return all problems, decoded."""
        stored = (self.store.value(found.kept) for _, found in self.stored_problems())
        return [*self.problems, *chain.from_iterable(map(decode_problems, stored))]

    def load(self, kind: type[Kind], path: str) -> Kind:
        """Return the record of a file, without the places of its fields."""
        return load_records(kind, self.heads[path], self.store)

    def front(self, path: str) -> bytes:
        """Return a digest of a record's front matter."""
        return digest_of(self.heads[path].front)

    def text(self, path: str) -> bytes:
        """Return a digest of a record's body."""
        return digest_of(self.heads[path].body)

    def length(self, path: str) -> tuple[int, int]:
        """Return the approximate bytes of a record, and its internal addresses."""
        head = self.heads[path]
        front = len(head.front) if isinstance(head.front, bytes) else head.front.length
        return front + head.length[0], head.length[1]

    def search(self, path: str) -> SearchText:
        """Return the text of a brief that search results show."""
        found = self.heads[path].search
        return decode_search_text(self.store.value(found.kept)) if found else NOTHING

    def where(self, path: str) -> bytes:
        """Return a digest of the places of a record's fields."""
        return digest_of(self.heads[path].places)

    def places(self, path: str) -> dict[str, Place]:
        """Return the place of each field of a record in its file."""
        head = self.heads.get(path)
        return _places(self.store, head.places) if head else {}

    def problem(self, path: str, finding: Finding) -> Diagnostic:
        """Return the diagnostic for a finding in a record."""
        at = finding.at
        place = (place_of(self.places(path), at) or Place()) if isinstance(at, str) else at
        return problem_at(path, place, finding)

    def line(self, path: str, at: str) -> str:
        """Return the path and line of a field: `content/briefs/x.md:12`."""
        place = place_of(self.places(path), at) or Place()
        return f"{path}:{place.line}"


@lru_cache(maxsize=4)  # the findings of a file come one after the other
def _places(store: Store, kept: Kept) -> dict[str, Place]:
    return places_of.decode(store.value(kept))


def problem_at(path: str, place: Place, found: Finding) -> Diagnostic:
    """Return the diagnostic for a finding at a place in a file."""
    return Diagnostic.of(path, place, found.code, found.message, found.hint, beside=found.beside)


def load_records(kind: type[Kind], head: StoredRecord, store: Store) -> Kind:
    front = _fronts[kind].decode(store.value(head.front))
    return cast(Kind, replace(front, body=_body.decode(store.value(head.body))))


def names_of_companies(
    companies: list[Company],
    problems: list[Diagnostic],
    places: Callable[[str], dict[str, Place]],
    distinct: DistinctNames,
) -> NameRegister:
    """Register the names of all companies.

    A name that two companies claim is reported at the second one. Drafts come last, so that none
    takes a name from a published company."""
    names = NameRegister(distinct)
    companies = sorted(companies, key=lambda company: company.draft)
    for kind in ("name", "aliases", "formerly"):
        for company in companies:
            written = getattr(company, kind)
            for n, name in enumerate((written,) if kind == "name" else written):
                owner = names.claim(name, company.slug, company.path)
                if owner:
                    at = kind if kind == "name" else f"{kind}.{n}"
                    message = f"`{name}` is already a name of the company in {owner.path}"
                    hint = "remove it from one of them; a name belongs to one company"
                    if plain_spelling(owner.name) != plain_spelling(name):
                        message = f"`{name}` and `{owner.name}` of {owner.path} are one name"
                        hint += f"; or declare them in site.yaml: `{declaration(owner.name, name)}`"
                    place = places(company.path).get(at, Place())
                    finding = Finding(place, "double-owner", message, hint, owner.path)
                    problems.append(problem_at(company.path, place, finding))
    return names


def names_by_slug(written: list[Company], names: NameRegister) -> dict[str, CompanyNames]:
    companies: dict[str, Company] = {company.slug: company for company in written}
    merged = mergers(companies.values(), names)
    return {
        slug: CompanyNames(
            companies.get(merged.get(slug, slug), c).url, (c.name, *c.aliases, *c.formerly)
        )
        for slug, c in companies.items()
    }


def mergers(companies: Iterable[Company], names: NameRegister) -> dict[str, str]:
    """Map the slug of each merged company to its final successor.

    A draft announces no merger: neither its own nor one into it."""
    companies = [*companies]
    drafts = {company.slug for company in companies if company.draft}
    into: dict[str, str] = {
        company.slug: target
        for company in companies
        if company.merged_into and (target := names.resolve(company.merged_into))
        if company.slug not in drafts and target not in drafts
    }
    # The end of a circle, which is reported, is "": none of its companies is merged.
    ends = ends_of(into)
    return {slug: ends[slug] for slug in into if ends[slug]}
