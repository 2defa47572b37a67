"""Decides which briefs are published at a moment."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

from builder.model.entity import Company, Person, Publisher, Topic
from builder.model.outline import Outline
from builder.names.keys import slugify
from builder.site.site import Entry

Slugged = TypeVar("Slugged", Company, Topic, Person, Publisher)


class Publication(NamedTuple):
    """The slugs of briefs by visibility."""

    visible: tuple[str, ...]  # with a page
    hidden: frozenset[str]  # drafts, scheduled and expired briefs
    shown: tuple[str, ...]  # visible, and not withdrawn
    withdrawn: tuple[str, ...]


def is_expired(brief: Outline, now: datetime) -> bool:
    """Return whether a brief has expired."""
    return brief.expires is not None and brief.expires.at <= now


def is_waiting(brief: Outline, now: datetime) -> bool:
    """Return whether a brief is a draft or is scheduled."""
    return brief.status == "draft" or brief.date.at > now


def find_withheld(briefs: Iterable[Outline], now: datetime) -> frozenset[str]:
    """Return the files of drafts, scheduled and expired briefs."""
    return frozenset(b.path for b in briefs if is_waiting(b, now) or is_expired(b, now))


def published_first(briefs: Iterable[Outline], withheld: Container[str]) -> list[Outline]:
    """Return briefs in their order, those in `withheld` files last.

    Of two briefs with one slug, the published one keeps it."""
    return sorted(briefs, key=lambda brief: brief.path in withheld)


def publish(briefs: Mapping[str, Outline], now: datetime, drafts: bool) -> Publication:
    """Decide which briefs are visible, including drafts and scheduled ones with `drafts`."""
    visible: list[str] = []
    hidden: list[str] = []
    for slug, brief in briefs.items():
        left_out = is_expired(brief, now) or (is_waiting(brief, now) and not drafts)
        (hidden if left_out else visible).append(slug)
    withdrawn = tuple(slug for slug in visible if briefs[slug].status == "withdrawn")
    shown = tuple(slug for slug in visible if briefs[slug].status != "withdrawn")
    return Publication(tuple(visible), frozenset(hidden), shown, withdrawn)


def newest_first(entry: Entry) -> tuple[float, int, str]:
    """Return the sort key for lists of briefs."""
    return -entry.date.at.timestamp(), entry.importance, entry.slug


def by_name(records: Iterable[Slugged]) -> dict[str, Slugged]:
    """Return records by slug, in the order of their names."""
    return {r.slug: r for r in sorted(records, key=lambda r: (slugify(r.name), r.slug))}


def with_page(
    records: Mapping[str, Slugged], fields: tuple[str, ...], order: Iterable[Entry]
) -> dict[str, Slugged]:
    """Return the topics, people or publishers that have a page.

    A visible brief names them in one of `fields`, or their own file has a text or a role."""
    named = {slug for brief in order for field in fields for slug in getattr(brief, field)}
    return {
        slug: record
        for slug, record in records.items()
        if slug in named or record.body.html or getattr(record, "role", "")
    }
