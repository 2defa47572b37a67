"""Check for spellings that are treated as one name, and for numbered addresses."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from builder.diagnostics.diagnostic import Finding
from builder.model.entity import Company, Person, Publisher, Topic
from builder.model.outline import Outline
from builder.names.keys import SlugStyle, as_read, plain_spelling, slugify
from builder.names.register import declaration
from builder.names.slugs import is_numbered
from builder.site.site import Site
from builder.site.slugs import unusable_name

Named = Topic | Person | Company | Publisher


class _Kind(NamedTuple):
    """A kind of name: the word for it, how it is resolved, and where briefs write it."""

    one: str
    records: Mapping[str, Named]
    resolve: Callable[[str], str | None]
    names: Callable[[Outline], tuple[str, ...]]
    at: str  # the field of a name, with its index


def check_spellings(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield spellings treated as a name that is different, and numbered slugs.

    Each is reported once, where it is first used."""
    names = site.names
    people = _Kind(
        "person", names.all_people, names.people.resolve, lambda b: b.people, "people.{}"
    )
    topics = _Kind("topic", names.all_topics, names.topics.resolve, lambda b: b.topics, "topics.{}")
    companies = _Kind(
        "company", names.all_companies, names.companies.resolve, lambda b: b.companies,
        "companies.{}",
    )  # fmt: skip
    publishers = _Kind(
        "publisher", names.all_publishers, names.publisher_slug, lambda b: b.cited,
        "sources.{}.publisher",
    )  # fmt: skip
    briefs = sorted(site.outlines.values(), key=lambda brief: (brief.date.at, brief.slug))
    for kind in (companies, topics, people):
        yield from _merged(kind, briefs)
    for kind in (topics, people, publishers):
        yield from _numbered(kind, briefs, names.slugs)
    yield from _unusable(publishers, briefs, names.slugs)


def _merged(kind: _Kind, briefs: list[Outline]) -> Iterator[tuple[str, Finding]]:
    seen: set[str] = set()
    known: dict[str, set[str]] = {}
    for brief in briefs:
        for n, name in enumerate(kind.names(brief)):
            if name in seen:
                continue
            seen.add(name)
            slug = kind.resolve(name) or ""
            record = kind.records.get(slug)
            if record is None:
                continue
            if slug not in known:
                known[slug] = {*map(plain_spelling, _names_of(record))}
            if plain_spelling(name) not in known[slug]:
                known[slug].add(plain_spelling(name))
                yield brief.path, _one_name(kind, n, name, record)


def _names_of(record: Named) -> tuple[str, ...]:
    return record.name, *record.aliases, *getattr(record, "formerly", ())


def _one_name(kind: _Kind, n: int, name: str, record: Named) -> Finding:
    if not record.path and _marks(name) > _marks(record.name):
        message = f"`{record.name}` and `{name}` are treated as one {kind.one}"
        hint = f"write `{name}` everywhere, or, if they differ, add to site.yaml:"
        hint += f" `{declaration(name, record.name)}`"
        return Finding(kind.at.format(n), "merged-spellings", message, hint)
    message = f"`{name}` is treated as the {kind.one} `{record.name}`"
    hint = f"write `{record.name}`"
    hint += f", add `{name}` to `aliases` of {record.path}" if record.path else " everywhere"
    hint += f", or, if they differ, add to site.yaml: `{declaration(record.name, name)}`"
    return Finding(kind.at.format(n), "merged-spellings", message, hint)


def _marks(name: str) -> int:
    return sum(unicodedata.combining(c) > 0 for c in unicodedata.normalize("NFD", name))


def _numbered(
    kind: _Kind, briefs: list[Outline], style: SlugStyle
) -> Iterator[tuple[str, Finding]]:
    waiting = {
        slug: record
        for slug, record in kind.records.items()
        if not record.path and is_numbered(record.name, slug, style)
    }
    for brief in briefs if waiting else ():
        for n, name in enumerate(kind.names(brief)):
            record = waiting.pop(kind.resolve(name) or "", None)
            if record is not None:
                message = f"the {kind.one} `{name}` gets the address {as_read(record.url)},"
                message += " because another has the one that its name suggests"
                folder = {"person": "people"}.get(kind.one, f"{kind.one}s")
                hint = f"create a file for it in content/{folder}/, with the `name` and a `slug`"
                hint += " of your choice"
                yield brief.path, Finding(kind.at.format(n), "numbered-slug", message, hint)


def _unusable(
    publishers: _Kind, briefs: list[Outline], style: SlugStyle
) -> Iterator[tuple[str, Finding]]:
    """Yield publishers whose name is too long for an address, or reserved.

    A publisher whose name has no letter that an address can contain has no page."""
    for brief in briefs:
        for n, name in enumerate(brief.cited):
            if slugify(name) and not publishers.resolve(name):
                yield brief.path, unusable_name(publishers.at.format(n), "publishers", name, style)
