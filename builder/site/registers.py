"""Registers of the names of companies, topics, people and publishers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar, cast

from builder.content.content import Content, mergers
from builder.content.urls import host_of
from builder.diagnostics.diagnostic import Finding
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.values import Line, Slug
from builder.names.keys import slugify
from builder.names.register import NameRegister

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
        return self.publisher_files[path].slug if path else slugify(name)

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
    content: Content, briefs: Mapping[str, Outline], visible: Iterable[str], report: Report
) -> Registers:
    """Register every name of the content.

    Of several spellings, the most frequent on published pages is printed."""
    companies = unique(written(content, Company), report)
    content.companies.count_uses(_uses(content.companies, briefs))
    publisher_files = written(content, Publisher)
    registers = Registers(
        companies=content.companies,
        topics=NameRegister(),
        people=NameRegister(),
        publishers=NameRegister(),
        all_companies=companies,
        all_topics={},
        all_people={},
        all_publishers={},
        publisher_files={publisher.path: publisher for publisher in publisher_files},
        merged=mergers(companies.values(), content.companies),
        unread=frozenset(
            s for s, c in companies.items() if c.broken and not content.places(c.path)
        ),
    )
    for publisher in publisher_files:
        _claim_names(registers.publishers, publisher, publisher.path, report)
    for publisher in publisher_files:
        _claim_domains(registers.publishers, publisher, report)
    shown = [briefs[slug] for slug in visible]
    everyone: list[Outline | Company] = [*briefs.values(), *written(content, Company)]
    seen: list[Outline | Company] = [*shown, *written(content, Company)]
    return registers._replace(
        all_topics=_declare(
            unique(written(content, Topic), report),
            registers.topics,
            Topic,
            Counter(str(name) for brief in briefs.values() for name in brief.topics),
            Counter(str(name) for brief in shown for name in brief.topics),
            report,
        ),
        all_people=_declare(
            unique(written(content, Person), report),
            registers.people,
            Person,
            Counter(name for holder in everyone for name in registers.named_people(holder)),
            Counter(name for holder in seen for name in registers.named_people(holder)),
            report,
        ),
        all_publishers=_publishers(registers, unique(publisher_files, report), briefs, shown),
    )


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
    used: Counter[str],
    shown: Counter[str],
    report: Report,
) -> dict[str, Named]:
    """Register the topics or people with a file, and those without.

    `used` counts all uses of a name, `shown` those on published pages."""
    found: dict[str, Named] = dict(files)
    for known in files.values():
        _claim_names(names, known, known.slug, report)
    spellings = {name: times for name, times in used.items() if not names.resolve(name)}
    for name in sorted(spellings, key=lambda name: (-shown[name], -spellings[name], name)):
        slug = slugify(name)
        if slug and not names.resolve(name):
            if slug in found:
                names.claim(name, slug, found[slug].path)
                continue
            names.claim(name, slug, "")
            found[slug] = kind(name=Line(name), slug=Slug(slug))
    return found


def _publishers(
    registers: Registers,
    files: dict[str, Publisher],
    briefs: Mapping[str, Outline],
    shown: Iterable[Outline],
) -> dict[str, Publisher]:
    """Return the publishers with a file, and those without."""
    found: dict[str, Publisher] = dict(files)
    known = registers.publisher_path
    spelt: dict[str, list[str]] = {}
    for name in {name for brief in briefs.values() for name in _named_publishers(brief)}:
        if not known(name) and (slug := slugify(name)) and slug not in found:
            spelt.setdefault(slug, []).append(name)
    several = frozenset(name for names in spelt.values() if len(names) > 1 for name in names)
    seen = _count_publishers(several, shown)
    used = _count_publishers(several, briefs.values())
    for slug in sorted(spelt):
        name = min(spelt[slug], key=lambda name: (-seen[name], -used[name], name))
        found[slug] = Publisher(name=Line(name), slug=Slug(slug))
    return found


def _count_publishers(names: frozenset[str], briefs: Iterable[Outline]) -> Counter[str]:
    """Return how often briefs name each of some publishers."""
    if not names:
        return Counter()
    return Counter(name for brief in briefs for name in _named_publishers(brief) if name in names)


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
            message = f"`{name}` has no letter that an address can contain"
            hint = f"create a file for it in content/{field}/"
            problems.append(Finding(f"{field}.{n}", "invalid-slug", message, hint))
        else:
            found.setdefault(slug)
    return tuple(found), problems
