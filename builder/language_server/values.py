"""The values that a field may have: names, slugs and ids that the site knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from lsprotocol import types

from builder.content.code_fields import warnings
from builder.diagnostics.codes import page
from builder.language_server.document import OwnEntries
from builder.language_server.index import DeclaredName, Named, SiteIndex
from builder.language_server.slots import Slot
from builder.model.time import PartialDate, PublicationTime
from builder.model.values import (
    AuthorName,
    CompanyName,
    ExpectationReference,
    Formula,
    LanguageTag,
    MediaFile,
    PartyName,
    PersonName,
    SectionName,
    TopicName,
    WarningCode,
)


class Proposal(NamedTuple):
    """A completion: what is shown, and what is inserted.

    `filter` is what a client compares with the word that is written."""

    label: str
    insert: str
    detail: str = ""
    doc: str = ""
    filter: str = ""
    kind: types.CompletionItemKind = types.CompletionItemKind.Reference


class Known(NamedTuple):
    """What is known at a cursor: the site, and the file itself."""

    site: SiteIndex
    own: OwnEntries
    path: str
    now: datetime


_SOURCE_FIELDS = ("source", "original_source", "says", "of")
_BRIEF_FIELDS = ("follows", "translation_of")
_PUBLISHING = ("publisher", "via")


def propose_values(slot: Slot, known: Known) -> Iterator[Proposal]:
    """Yield the values that fit a slot and that the site knows."""
    index, kind = known.site, slot.kind
    if kind in (CompanyName, PartyName):
        yield from _named(index.companies)
    if kind in (PersonName, PartyName):
        yield from _named(index.people)
    elif kind is TopicName:
        yield from _named(index.topics)
    elif kind is SectionName:
        yield from _declared(index.sections)
    elif kind is AuthorName:
        yield from _declared(index.authors)
    elif kind is LanguageTag:
        yield from _plain(index.languages)
    elif kind is MediaFile:
        yield from _plain(index.media, types.CompletionItemKind.File)
    elif kind in (PublicationTime, PartialDate):
        yield from _dates(known.now, kind is PublicationTime)
    elif kind is WarningCode:
        for code in warnings():
            yield Proposal(code, code, page(code).meaning, kind=types.CompletionItemKind.EnumMember)
    elif kind is Formula:
        yield from _figures(known)
    elif kind is ExpectationReference:
        yield from _expectations(known)
    else:
        yield from _by_field(slot, known)


def _by_field(slot: Slot, known: Known) -> Iterator[Proposal]:
    """Yield values for a type that many fields have, such as `Slug`, by the field."""
    owner, name = slot.owner.__name__ if slot.owner else "", slot.name
    index = known.site
    if owner == "Brief" and name == "thread":
        yield from _slugs(index.threads)
    elif owner == "Brief" and name in _BRIEF_FIELDS:
        yield from _briefs(known)
    elif name in _SOURCE_FIELDS:
        yield from _sources(known)
    elif name == "figure":
        yield from _figures(known)
    elif owner == "Source" and name in _PUBLISHING:
        yield from _named(index.publishers)
    elif owner == "Figure" and name == "metric":
        yield from _plain(index.metrics)
    elif name == "products":
        yield from _plain(index.products)


def _named(found: Iterable[Named]) -> Iterator[Proposal]:
    """Yield names; another name of a record inserts the one that is printed."""
    for named in found:
        yield Proposal(named.name, named.name, named.kind, named.summary)
        for other in named.names:
            yield Proposal(other, named.name, f"alias of {named.name}", named.summary)


def _declared(found: Iterable[DeclaredName]) -> Iterator[Proposal]:
    for one in found:
        yield Proposal(one.slug, one.slug, one.name, filter=f"{one.slug} {one.name}")


def _plain(
    values: Iterable[str], kind: types.CompletionItemKind = types.CompletionItemKind.Value
) -> Iterator[Proposal]:
    for value in values:
        yield Proposal(value, value, kind=kind)


def _slugs(found: Iterable[Named]) -> Iterator[Proposal]:
    for named in found:
        yield Proposal(
            named.slug, named.slug, named.name, named.summary, f"{named.slug} {named.name}"
        )


def _briefs(known: Known) -> Iterator[Proposal]:
    for brief in sorted(known.site.briefs, key=lambda b: b.date, reverse=True):
        if brief.path != known.path:
            detail = f"{brief.title} · {brief.date}"
            yield Proposal(brief.slug, brief.slug, detail, filter=f"{brief.slug} {brief.title}")


def _expectations(known: Known) -> Iterator[Proposal]:
    """Yield what no brief has settled: the latest date that is over first, then what is open."""
    found = [
        card for card in known.site.expectations if not card.outcome and card.path != known.path
    ]
    overdue = [card for card in found if card.state == "overdue"]
    for card in (*reversed(overdue), *(card for card in found if card.state != "overdue")):
        due = f" · {card.state}, by {card.by}" if card.by else ""
        detail, text = f"{card.text}{due}", f"{card.reference} {card.text}"
        yield Proposal(card.reference, card.reference, detail, card.title, text)


def _sources(known: Known) -> Iterator[Proposal]:
    for source in known.own.sources:
        detail = ", ".join(part for part in (source.publisher, source.role) if part)
        yield Proposal(source.id, source.id, detail, source.title)


def _figures(known: Known) -> Iterator[Proposal]:
    for figure in known.own.figures:
        detail = f"{figure.metric} of {figure.of}, {figure.value}"
        yield Proposal(figure.id, figure.id, detail, figure.basis)


def _dates(now: datetime, with_time: bool) -> Iterator[Proposal]:
    yield Proposal(f"{now:%Y-%m-%d}", f"{now:%Y-%m-%d}", "today")
    if with_time:
        yield Proposal(f"{now:%Y-%m-%d %H:%M}", f"{now:%Y-%m-%d %H:%M}", "now")
