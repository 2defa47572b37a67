"""Finds the record that has a slug, of several that want it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from itertools import chain, count
from typing import TypeVar

from msgspec.structs import replace

from builder.content.content import Content
from builder.diagnostics.diagnostic import Finding
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.values import Slug

# Takes the path of a record and a problem in it.
Report = Callable[[str, Finding], None]

Kind = TypeVar("Kind", bound=Record)
Slugs = TypeVar("Slugs", Outline, Company, Topic, Thread, Person, Publisher, PlainPage)


def drafts_last(records: Iterable[Kind]) -> list[Kind]:
    """Return records in their order, drafts last.

    Of two with one slug or name, the published one keeps it."""
    return sorted(records, key=lambda record: record.draft)


def draft_files(content: Content, drafts: bool = True) -> frozenset[str]:
    """Return the files of drafts other than briefs, or none without `drafts`."""
    every = chain.from_iterable(content.records.values()) if drafts else ()
    return frozenset(record.path for record in every if record.draft)


def unique(
    records: Iterable[Slugs], report: Report, moved: Container[str] = ()
) -> dict[str, Slugs]:
    """Return records of one kind by slug, and report duplicate slugs.

    A record whose slug is taken is left out. If its file is in `moved`, as all drafts are in a
    preview, it gets another slug instead, so that one can look at it."""
    found: dict[str, Slugs] = {}
    homeless: list[Slugs] = []
    for record in records:
        other = found.setdefault(record.slug, record)
        if other is not record:
            message = f"the slug `{record.slug}` is taken by {other.path}"
            hint = "give one of them another slug"
            report(record.path, Finding("slug", "duplicate-slug", message, hint))
            if record.path in moved:
                homeless.append(record)
    for record in homeless:
        stems = chain((f"{record.slug}-draft",), (f"{record.slug}-draft-{n}" for n in count(2)))
        slug = next(slug for slug in stems if slug not in found)
        found[slug] = replace(record, slug=Slug(slug))
    return found
