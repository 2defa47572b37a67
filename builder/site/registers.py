"""Registers of the names of companies, topics, people and publishers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from typing import NamedTuple, TypeVar, cast

from builder.content.content import Content, mergers
from builder.content.fields import check_slug
from builder.content.urls import host_of
from builder.diagnostics.diagnostic import Finding
from builder.diagnostics.misread import Misread
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.period import FiscalYear
from builder.model.record import Record
from builder.model.values import Line, Slug
from builder.names.keys import exact_slug, plain_spelling, slugify
from builder.names.register import DistinctNames, NameRegister, declaration
from builder.names.slugs import assign_slugs

_MOST_SHOWN = 60  # characters of a name in a message

# Takes the path of a record and a problem in it.
Report = Callable[[str, Finding], None]

# A host with at least one subdomain, which is tried without it.
_HOST = re.compile(r"[\w-]+(\.[\w-]+){2,}")

Kind = TypeVar("Kind", bound=Record)
Named = TypeVar("Named", Topic, Person)
Slugs = TypeVar("Slugs", Outline, Company, Topic, Thread, Person, Publisher, PlainPage)


class Registers(NamedTuple):
    """The registers of names by kind, and every record with a name.

    Dictionaries are by slug; a record without a file is made from the names that briefs use."""

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
    unread: frozenset[str]  # companies whose files cannot be read

    def company(self, name: str) -> str:
        """Return the slug that a company's name means, after mergers, or nothing."""
        slug = self.companies.resolve(name) or ""
        return self.merged.get(slug, slug)

    def known_company(self, name: str) -> str:
        """Return the slug of a company with a page, or nothing."""
        slug = self.company(name)
        return slug if slug in self.all_companies and slug not in self.merged else ""

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


def register(
    content: Content,
    briefs: Mapping[str, Outline],
    visible: Iterable[str],
    distinct: DistinctNames,
    report: Report,
) -> Registers:
    """Register every name of the content.

    Of several spellings, the most frequent on published pages is printed."""
    companies = unique(written(content, Company), report)
    content.companies.count_uses(_uses(content.companies, briefs))
    publisher_files = written(content, Publisher)
    registers = Registers(
        companies=content.companies,
        topics=NameRegister(distinct),
        people=NameRegister(distinct),
        publishers=NameRegister(distinct),
        all_companies=companies,
        all_topics={},
        all_people={},
        all_publishers={},
        publisher_files={publisher.path: publisher for publisher in publisher_files},
        publisher_slugs={},
        merged=mergers(companies.values(), content.companies),
        unread=frozenset(
            s for s, c in companies.items() if c.broken and not content.places(c.path)
        ),
    )
    for publisher in publisher_files:
        _claim_names(registers.publishers, publisher, publisher.path, report)
    for publisher in publisher_files:
        _claim_domains(registers.publishers, publisher, report)
    owned = written(content, Company)
    topics = _Uses(briefs, visible, lambda holder: getattr(holder, "topics", ()))
    people = _Uses(briefs, visible, registers.named_people, owned)
    publishers, slugs = _publishers(
        registers, unique(publisher_files, report), briefs, visible, distinct
    )
    return registers._replace(
        all_topics=_declare(
            unique(written(content, Topic), report), registers.topics, Topic, topics, distinct,
            report,
        ),
        all_people=_declare(
            unique(written(content, Person), report), registers.people, Person, people, distinct,
            report,
        ),
        all_publishers=publishers,
        publisher_slugs=slugs,
    )  # fmt: skip


class _Uses:
    """How often records use each name, and where it was first published.

    `names` returns the names that a brief or a company uses."""

    def __init__(
        self,
        briefs: Mapping[str, Outline],
        visible: Iterable[str],
        names: Callable[[Outline | Company], Iterable[str]],
        companies: Iterable[Company] = (),
    ) -> None:
        self._shown = [briefs[slug] for slug in visible]
        self._all, self._companies, self._names = briefs.values(), (*companies,), names

    def times(self, only: Container[str] | None = None) -> tuple[Counter[str], Counter[str]]:
        """Return the uses of names by all records, and by published ones."""
        used, shown = self._count(self._all, only), self._count(self._shown, only)
        return used, shown

    def _count(self, briefs: Iterable[Outline], only: Container[str] | None) -> Counter[str]:
        holders: Iterable[Outline | Company] = (*briefs, *self._companies)
        return Counter(
            str(name)
            for holder in holders
            for name in self._names(holder)
            if only is None or name in only
        )

    def by_seniority(self, names: Iterable[str]) -> list[str]:
        """Return names in the order in which they were published.

        Of names in one brief, those without signs come first. So the address of a published name
        does not change when another one is published."""
        rank = dict.fromkeys(names, math.inf)
        for n, brief in enumerate(sorted(self._shown, key=lambda b: (b.date.at, b.slug))):
            for name in self._names(brief):
                if rank.get(name) == math.inf:
                    rank[name] = n
        return sorted(rank, key=lambda name: (rank[name], exact_slug(name) != slugify(name), name))


def written(content: Content, kind: type[Kind]) -> tuple[Kind, ...]:
    """Return the records of a kind that have a file."""
    return cast(tuple[Kind, ...], content.records[kind])


def unique(records: Iterable[Slugs], report: Report) -> dict[str, Slugs]:
    """Return records of one kind by slug, and report duplicate slugs."""
    found: dict[str, Slugs] = {}
    for record in records:
        other = found.setdefault(record.slug, record)
        if other is not record:
            message = f"the slug `{record.slug}` is taken by {other.path}"
            hint = "give one of them another slug"
            report(record.path, Finding("slug", "duplicate-slug", message, hint))
    return found


def _uses(companies: NameRegister, briefs: Mapping[str, Outline]) -> Counter[str]:
    """Return how many briefs use each company."""
    names = Counter(name for brief in briefs.values() for name in brief.companies)
    uses: Counter[str] = Counter()
    for name, times in names.items():
        if slug := companies.resolve(name):
            uses[slug] += times
    return uses


def _claim_names(
    names: NameRegister, record: Topic | Person | Publisher, slug: str, report: Report
) -> None:
    """Register a record's names; report those that another record has."""
    for n, name in enumerate((record.name, *record.aliases)):
        owner = names.claim(name, slug, record.path)
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
    files: dict[str, Named],
    names: NameRegister,
    kind: type[Named],
    uses: _Uses,
    distinct: DistinctNames,
    report: Report,
) -> dict[str, Named]:
    """Register the topics or people with a file, and those without."""
    found: dict[str, Named] = dict(files)
    for known in files.values():
        _claim_names(names, known, known.slug, report)
    used, shown = uses.times()
    spellings = [name for name in used if not names.resolve(name)]
    spellings.sort(key=lambda name: (-shown[name], -used[name], name))
    first: dict[str, str] = {}
    for name in spellings:
        first.setdefault(distinct.key(name), name)
    owners: dict[str, str] = {slug: known.name for slug, known in files.items()}
    slugs = assign_slugs(first.values(), owners, distinct, uses.by_seniority)
    for name in first.values():
        if (slug := slugs.get(name)) and not wrong_slug(slug):
            owner = found.setdefault(slug, kind(name=Line(name), slug=Slug(slug)))
            names.claim(name, slug, owner.path)
    return found


def _publishers(
    registers: Registers,
    files: dict[str, Publisher],
    briefs: Mapping[str, Outline],
    visible: Iterable[str],
    distinct: DistinctNames,
) -> tuple[dict[str, Publisher], dict[str, str]]:
    """Return the publishers, and the slugs of those without a file."""
    found: dict[str, Publisher] = dict(files)
    known = registers.publisher_path
    uses = _Uses(briefs, visible, lambda holder: _named_publishers(cast(Outline, holder)))
    named = {name for brief in briefs.values() for name in _named_publishers(brief)}
    unknown = sorted(name for name in named if not known(name))
    owners: dict[str, str] = {slug: publisher.name for slug, publisher in files.items()}
    slugs = assign_slugs(unknown, owners, distinct, uses.by_seniority)
    slugs = {name: slug for name, slug in slugs.items() if not wrong_slug(slug)}
    spelt: dict[str, list[str]] = {}
    for name, slug in slugs.items():
        if slug not in found:
            spelt.setdefault(slug, []).append(name)
    several = frozenset(name for names in spelt.values() if len(names) > 1 for name in names)
    used, seen = uses.times(several) if several else (Counter[str](), Counter[str]())
    for slug in sorted(spelt):
        name = min(spelt[slug], key=lambda name: (-seen[name], -used[name], name))
        found[slug] = Publisher(name=Line(name), slug=Slug(slug))
    return found, slugs


def _named_publishers(brief: Outline) -> list[str]:
    return [name for source in brief.sources for name in (source.publisher, source.via) if name]


def resolve_all(
    resolve: Callable[[str], str | None], field: str, names: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Finding]]:
    """Return the unique slugs of named topics or people, and the findings."""
    found: dict[str, None] = {}
    problems = []
    for n, name in enumerate(names):
        slug = resolve(name)
        if not slug:
            problems.append(unusable_name(f"{field}.{n}", field, name))
        else:
            found.setdefault(slug)
    return tuple(found), problems


def unusable_name(at: str, folder: str, name: str) -> Finding:
    """Return the finding for a name that makes no address."""
    slug = slugify(name) or exact_slug(name)
    shown = name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}…"
    message = f"`{shown}` has no letter that an address can contain"
    hint = f"create a file for it in content/{folder}/"
    if slug and (wrong := wrong_slug(slug)):
        message = f"`{shown}` makes no address: {wrong}"
        hint += ", with this `name` and another `slug`"
    return Finding(at, "invalid-slug", message, hint)


def wrong_slug(slug: str) -> str:
    """Return why a slug cannot be the name of a folder."""
    try:
        check_slug(slug)
    except Misread as misread:
        return misread.message
    return ""
