"""Registers of the names of companies, topics, people and publishers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Generic, NamedTuple, TypeVar, cast

from msgspec.structs import replace

from builder.content.content import Content, mergers
from builder.content.urls import host_of
from builder.diagnostics.diagnostic import Finding
from builder.ledger.names import NameResolvers
from builder.model.entity import Company, Person, Publisher, Topic
from builder.model.outline import Outline
from builder.model.period import FiscalYear
from builder.model.values import Line, Slug
from builder.names.keys import SlugStyle, exact_slug, plain_spelling, slugify
from builder.names.register import DistinctNames, NameRegister, declaration
from builder.names.slugs import assign_published_first
from builder.site.duplicates import Kind, Report, draft_files, drafts_last, unique
from builder.site.slugs import unusable_name, wrong_slug

# A host with at least one subdomain, which is tried without it.
_HOST = re.compile(r"[\w-]+(\.[\w-]+){2,}")

_Resolve = Callable[[str], str | None]
Used = TypeVar("Used", Topic, Person)
Named = TypeVar("Named", Topic, Person, Publisher)


class Registers(NamedTuple):
    """The registers of names by kind, and every record with a name.

    Dictionaries are by slug; a record without a file is made from the names that briefs use. Of
    drafts, only companies are included: topics, people and publishers need no file, so what a
    draft says of them is ignored."""

    companies: NameRegister
    topics: NameRegister
    people: NameRegister
    publishers: NameRegister
    all_companies: Mapping[str, Company]  # merged ones included
    all_topics: Mapping[str, Topic]
    all_people: Mapping[str, Person]
    all_publishers: Mapping[str, Publisher]
    publisher_files: Mapping[str, Publisher]  # publishers with a file, by path
    publisher_slugs: Mapping[str, str]  # of publishers without a file, by name as written
    merged: Mapping[str, str]  # the company that another was merged into
    drafts: frozenset[str]  # companies whose files are drafts; none in a preview of drafts
    unread: frozenset[str]  # companies whose files cannot be read
    slugs: SlugStyle = "ascii"

    def company(self, name: str) -> str:
        """Return the slug that a company's name means, after mergers, or nothing."""
        slug = self.companies.resolve(name) or ""
        return self.merged.get(slug, slug)

    @property
    def resolvers(self) -> NameResolvers:
        """The functions by which the ledgers resolve names."""
        person = partial(self.meaning, "people")
        return NameResolvers(self.known_company, self.publisher_name, self.fiscal_year, person)

    def known_company(self, name: str) -> str:
        """Return the slug of a company to show, or nothing.

        A draft is not one."""
        slug = self.company(name)
        known = slug in self.all_companies and slug not in self.merged and slug not in self.drafts
        return slug if known else ""

    def fiscal_year(self, name: str) -> FiscalYear | None:
        """Return the fiscal year of a company, or of its successor."""
        slug = self.companies.resolve(name) or ""
        for known in (slug, self.merged.get(slug, slug)):
            company = self.all_companies.get(known)
            if company and company.fiscal_year:
                return company.fiscal_year
        return None

    def meaning(self, field: str, name: str) -> str:
        """Return the slug that a name in a field means, or nothing.

        The field is `companies`, `topics` or `people`."""
        if field == "companies":
            return self.company(name)
        return (self.topics if field == "topics" else self.people).resolve(name) or ""

    def company_names(self, name: str) -> tuple[str, ...]:
        """Return every name of a company, including those before mergers.

        Empty for an unknown company and for one whose file cannot be read."""
        slug = self.companies.resolve(name) or ""
        if slug not in self.all_companies or slug in self.unread:
            return ()
        owner = self.merged.get(slug, slug)
        return tuple(
            called
            for company in (self.all_companies[owner], self.all_companies[slug])
            for called in (company.name, *company.aliases, *company.formerly)
        )

    def kept_names(self, name: str) -> tuple[str, ...]:
        """Return every name of a company that translations keep, published or not."""
        owner = self.all_companies.get(self.company(name))
        return self.company_names(owner.name) if owner and owner.do_not_translate else ()

    def person_name(self, slug: str) -> str:
        """Return the name of a person; empty for an unknown slug."""
        person = self.all_people.get(slug)
        return person.name if person else ""

    def publisher_name(self, name: str) -> str:
        """Return the printed name of a publisher."""
        path = self.publisher_path(name)
        return self.publisher_files[path].name if path else name

    def publisher_path(self, name: str) -> str:
        """Return the path of a publisher's file, or nothing.

        The name may be a host: a subdomain belongs to the publisher of its domain."""
        while not (path := self.publishers.resolve(name)) and _HOST.fullmatch(name):
            _, _, name = name.partition(".")
        return path or ""

    def publisher_slug(self, name: str) -> str:
        """Return the slug of a publisher, with or without a page.

        Empty if the name has no letter that an address can contain."""
        path = self.publisher_path(name)
        return self.publisher_files[path].slug if path else self.publisher_slugs.get(name, "")

    def unknown_company(self, at: str, name: str) -> Finding | None:
        """Return the finding for an unknown company in the field `at`.

        None if the name may be in a file that cannot be read, which has its own error."""
        near = self.companies.suggest(name)
        if self.unread and (not near or self.companies.resolve(near) in self.unread):
            return None
        create = f'create it with `slugline new company "{name}"`'
        hint = f"did you mean `{near}`? otherwise {create}" if near else create
        return Finding(at, "unknown-company", f"no company is called `{name}`", hint)

    def named_people(self, holder: Outline | Company) -> tuple[str, ...]:
        """Return the people that a brief or a company names, including speakers.

        A company in place of a speaker has its own error and is left out."""
        names = tuple(holder.people)
        if isinstance(holder, Outline) and holder.speakers:
            names = (*names, *(n for n in holder.speakers if not self.companies.resolve(n)))
        return names


def register_files(
    content: Content,
    briefs: Mapping[str, Outline],
    drafts: bool,
    distinct: DistinctNames,
    report: Report,
    slugs: SlugStyle,
) -> Registers:
    """Register every name that a file of the content claims."""
    moved = draft_files(content, drafts)
    companies = unique(drafts_last(written(content, Company)), report, moved)
    content.companies.count_uses(_uses(content.companies, briefs))
    publishers = _claim_files(written(content, Publisher), drafts, moved, distinct, report)
    for publisher in publishers.published:
        _claim_domains(publishers.names, publisher, report)
    topics = _claim_files(written(content, Topic), drafts, moved, distinct, report)
    people = _claim_files(written(content, Person), drafts, moved, distinct, report)
    return Registers(
        companies=content.companies,
        topics=topics.names,
        people=people.names,
        publishers=publishers.names,
        all_companies=companies,
        all_topics=topics.files,
        all_people=people.files,
        all_publishers=publishers.files,
        publisher_files={publisher.path: publisher for publisher in publishers.published},
        publisher_slugs={},
        merged=mergers(companies.values(), content.companies),
        drafts=frozenset(slug for slug, c in companies.items() if c.draft and not drafts),
        unread=frozenset(
            s for s, c in companies.items() if c.broken and not content.places(c.path)
        ),
        slugs=slugs,
    )


def register_uses(
    names: Registers,
    briefs: Mapping[str, Outline],
    shown: Sequence[Outline],
    companies: Container[str],
    people: Container[str],
    drafts: bool,
    distinct: DistinctNames,
) -> Registers:
    """Register the names of topics, people and publishers without a file.

    Of several spellings, the one printed is the most frequent in the published briefs `shown` and
    `companies`. Unpublished records change neither that nor a slug of published ones; `people` are
    those that are published, and with `drafts` every file is."""
    owned = names.all_companies
    known = [company for slug, company in owned.items() if slug in companies]
    topics = _Uses(briefs.values(), shown, lambda holder: getattr(holder, "topics", ()))
    every: list[Outline | Company] = [*briefs.values(), *owned.values()]
    public: list[Outline | Company] = [*shown, *known]
    persons = _Uses(every, public, names.named_people)
    cited = _Uses(briefs.values(), shown, lambda b: _named_publishers(cast(Outline, b)))
    listed = _published(names.all_topics, topics, names.topics.resolve, drafts)
    imprints = _published(names.all_publishers, cited, names.publisher_slug, drafts)
    publishers, slugs = _publishers(names, cited, imprints, distinct)
    declare = partial(_declare, distinct=distinct, style=names.slugs)
    return names._replace(
        all_topics=declare(names.all_topics, names.topics, Topic, topics, listed),
        all_people=declare(names.all_people, names.people, Person, persons, people),
        all_publishers=publishers,
        publisher_files={p.path: p for p in publishers.values() if p.path},
        publisher_slugs=slugs,
    )


def _published(
    files: Mapping[str, Topic | Publisher], uses: _Uses, resolve: _Resolve, drafts: bool
) -> set[str]:
    """Return the slugs of topics or publishers with a file that are published."""
    named = {resolve(name) for name in uses.times}
    return {slug for slug, file in files.items() if drafts or slug in named or file.listed}


class _Uses:
    """The names that records use, how often published ones do, and since when.

    `names` returns the names that a brief or a company uses."""

    def __init__(
        self,
        every: Iterable[Outline | Company],
        shown: Sequence[Outline | Company],
        names: Callable[[Outline | Company], Iterable[str]],
    ) -> None:
        self.every = {str(name) for holder in every for name in names(holder)}
        self._shown, self._names = shown, names

    @cached_property
    def times(self) -> Counter[str]:
        """How often published records use each name."""
        return Counter(str(name) for holder in self._shown for name in self._names(holder))

    def by_seniority(self, names: Iterable[str]) -> list[str]:
        """Return names in the order in which they were published.

        Of names in one brief, those without signs come first."""
        rank = dict.fromkeys(names, math.inf)
        briefs = [holder for holder in self._shown if isinstance(holder, Outline)]
        others = [holder for holder in self._shown if not isinstance(holder, Outline)]
        briefs.sort(key=lambda brief: (brief.date.at, brief.slug))
        in_order: list[Outline | Company] = [*briefs, *others]
        for n, holder in enumerate(in_order):
            for name in self._names(holder):
                if rank.get(name) == math.inf:
                    rank[name] = min(n, len(briefs))
        return sorted(rank, key=lambda name: (rank[name], exact_slug(name) != slugify(name), name))


def written(content: Content, kind: type[Kind]) -> tuple[Kind, ...]:
    """Return the records of a kind that have a file."""
    return cast(tuple[Kind, ...], content.records[kind])


def _uses(companies: NameRegister, briefs: Mapping[str, Outline]) -> Counter[str]:
    """Return how many briefs use each company."""
    names = Counter(name for brief in briefs.values() for name in brief.companies)
    uses: Counter[str] = Counter()
    for name, times in names.items():
        if slug := companies.resolve(name):
            uses[slug] += times
    return uses


class _Claimed(NamedTuple, Generic[Named]):
    """The records of one kind that have a file, without drafts, and their names."""

    names: NameRegister
    files: dict[str, Named]
    published: tuple[Named, ...]


def _claim_files(
    records: tuple[Named, ...],
    drafts: bool,
    moved: Container[str],
    distinct: DistinctNames,
    report: Report,
) -> _Claimed[Named]:
    """Register the names of records with a file, without drafts unless `drafts`.

    Drafts are only checked, as if they came after all others."""
    names = NameRegister(distinct)
    records = tuple(drafts_last(records))
    held = {record.path for record in records if record.draft and not drafts}
    found = unique(records, report, moved)
    records = _as_found(records, found)
    published = tuple(record for record in records if record.path not in held)
    for record in published:
        _claim_names(names, record, report)
    if held:
        every = NameRegister(distinct)
        for record in published:
            _claim_names(every, record, lambda path, finding: None)
        for record in records:
            if record.path in held:
                _claim_names(every, record, report)
    kept = {slug: record for slug, record in found.items() if record.path not in held}
    return _Claimed(names, kept, published)


def _as_found(records: Iterable[Named], found: Mapping[str, Named]) -> tuple[Named, ...]:
    """Return records, some with another slug than in their file."""
    moved = {record.path: record for record in found.values()}
    return tuple(moved.get(record.path, record) for record in records)


def _claim_names(names: NameRegister, record: Topic | Person | Publisher, report: Report) -> None:
    """Register a record's names; report those that another record has."""
    owned = record.path if isinstance(record, Publisher) else record.slug
    for n, name in enumerate((record.name, *record.aliases)):
        owner = names.claim(name, owned, record.path)
        if owner:
            at = f"aliases.{n - 1}" if n else "name"
            message = f"the name `{name}` already belongs to {owner.path}"
            hint = "remove the name from one of the files"
            if plain_spelling(owner.name) != plain_spelling(name):
                message = f"`{name}` and `{owner.name}` of {owner.path} are one name"
                hint += f"; or declare them in site.yaml: `{declaration(owner.name, name)}`"
            report(record.path, Finding(at, "double-owner", message, hint, owner.path))


def _claim_domains(names: NameRegister, publisher: Publisher, report: Report) -> None:
    """Register a publisher's domains as names; report those of another publisher.

    Several publishers may share a website; then its domain belongs to the first."""
    if host := host_of(publisher.website):
        names.claim(host, publisher.path, publisher.path)
    for n, domain in enumerate(publisher.domains):
        owner = names.claim(domain, publisher.path, publisher.path)
        if owner:
            message = f"the domain `{domain}` already belongs to {owner.path}"
            hint = "remove the domain from one of the files"
            report(publisher.path, Finding(f"domains.{n}", "double-owner", message, hint))


def _declare(
    files: Mapping[str, Used],
    names: NameRegister,
    kind: type[Used],
    uses: _Uses,
    published: Container[str],
    distinct: DistinctNames,
    style: SlugStyle,
) -> dict[str, Used]:
    """Return the topics or people with a file, and register those without."""
    shown = uses.times
    spellings = [name for name in uses.every if not names.resolve(name)]
    spellings.sort(key=lambda name: (-shown[name], name))
    first: dict[str, str] = {}
    for name in spellings:
        first.setdefault(distinct.key(name), name)
    owners: dict[str, str] = {slug: known.name for slug, known in files.items()}
    order = uses.by_seniority
    slugs, moved = assign_published_first(
        first.values(), shown, owners, published, distinct, order, style
    )
    names.move(moved)
    found = _moved(files, moved)
    for name in first.values():
        if (slug := slugs.get(name)) and not wrong_slug(slug, style):
            owner = found.setdefault(slug, kind(name=Line(name), slug=Slug(slug)))
            names.claim(name, slug, owner.path)
    return found


def _moved(files: Mapping[str, Named], moved: Mapping[str, str]) -> dict[str, Named]:
    """Return records by slug, some with another slug than in their file."""
    return {
        moved.get(slug, slug): replace(record, slug=Slug(moved[slug])) if slug in moved else record
        for slug, record in files.items()
    }


def _publishers(
    registers: Registers, uses: _Uses, published: Container[str], distinct: DistinctNames
) -> tuple[dict[str, Publisher], dict[str, str]]:
    """Return the publishers, and the slugs of those without a file."""
    files, seen = registers.all_publishers, uses.times
    unknown = sorted(name for name in uses.every if not registers.publisher_path(name))
    owners: dict[str, str] = {slug: publisher.name for slug, publisher in files.items()}
    order = uses.by_seniority
    every, moved = assign_published_first(
        unknown, seen, owners, published, distinct, order, registers.slugs
    )
    found = _moved(files, moved)
    slugs = {n: slug for n, slug in every.items() if not wrong_slug(slug, registers.slugs)}
    spelt: dict[str, list[str]] = {}
    for name, slug in slugs.items():
        if slug not in found:
            spelt.setdefault(slug, []).append(name)
    for slug in sorted(spelt):
        name = min(spelt[slug], key=lambda name: (-seen[name], name))
        found[slug] = Publisher(name=Line(name), slug=Slug(slug))
    return found, slugs


def _named_publishers(brief: Outline) -> list[str]:
    return [name for source in brief.sources for name in (source.publisher, source.via) if name]


def resolve_all(
    resolve: Callable[[str], str | None], field: str, names: tuple[str, ...], style: SlugStyle
) -> tuple[tuple[str, ...], list[Finding]]:
    """Return the unique slugs of named topics or people, and the findings."""
    found: dict[str, None] = {}
    problems = []
    for n, name in enumerate(names):
        slug = resolve(name)
        if not slug:
            problems.append(unusable_name(f"{field}.{n}", field, name, style))
        else:
            found.setdefault(slug)
    return tuple(found), problems
