"""Scheduled events as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Struct

from builder.language.dates import when_in_words
from builder.language.lists import joined
from builder.language.typography import typographic
from builder.language.words import Words
from builder.ledger.calendar import EventRecord
from builder.model.brief import Brief
from builder.model.event import EventStatus
from builder.pages.page import Link
from builder.pages.parts.expectations import expectation_anchor
from builder.pages.planner import Planner


class EventLine(Struct, frozen=True, kw_only=True):
    """A scheduled event in a list."""

    anchor: Annotated[str, "Its anchor on the page of the brief."]
    title: Annotated[str, "The event in a few words."]
    when: Annotated[str, "When it takes place, in words."]
    iso: Annotated[str, "When it begins, for machines: 2025-06, 2025-06-13 or with a time."]
    where: Annotated[str, "The place, if known."]
    url: Annotated[str, "The address of its announcement, if any."]
    status: Annotated[EventStatus, "scheduled, expected or cancelled."]
    was: Annotated[str, "The former date, in words, if it has changed."]
    company: Annotated[Link | None, "The company that it concerns, if it has a page."]
    brief: Annotated[Link, "The latest brief that states it, at its event."]
    lang: Annotated[str, "The brief's language tag."]


class BriefEvent(Struct, frozen=True, kw_only=True):
    """A scheduled event as a brief states it, and what a later brief says of it."""

    line: Annotated[EventLine, "The event as this brief states it."]
    text: Annotated[str, "The same in one line of text."]
    now: Annotated[EventLine | None, "The event as a later brief states it, if one does."]


def event_anchor(id: str) -> str:
    """Return the anchor of an event on the page of its brief."""
    return f"event.{id}"  # no heading has a dot in its anchor


def anchor_of(event: EventRecord) -> str:
    """Return the anchor of an entry on the page of its brief."""
    id = event.stated[0][1]
    return expectation_anchor(id) if event.due else event_anchor(id)


def event_line(plan: Planner, event: EventRecord, lang: str = "") -> EventLine:
    """Return an event as the latest brief states it.

    Its times are in `lang`, or in the language of the edition."""
    view, language = plan.view, lang or plan.language
    brief, anchor = plan.headline(event.brief), anchor_of(event)
    known = bool(event.of) and view.has_company(event.of)
    return EventLine(
        anchor=anchor,
        title=typographic(event.title, event.lang or plan.language),
        when=when_in_words(event.date, event.end, language),
        iso=event.date.iso,
        where=event.where,
        url=event.url,
        status=event.status,
        was=when_in_words(*event.was[-1], language) if event.was else "",
        company=plan.company(event.of) if known else None,
        brief=Link(brief.name, f"{brief.url}#{anchor}"),
        lang=event.lang or plan.language,
    )


def brief_events(plan: Planner, brief: Brief, lang: str) -> Iterator[BriefEvent]:
    """Yield the events of a linked brief, in its order."""
    if not brief.events:
        return  # so that a brief without any depends on no such fact
    original = plan.view.entry(brief.slug).original
    for event, record in zip(brief.events, plan.view.events_in(brief.slug), strict=True):
        line = EventLine(
            anchor=event_anchor(event.id),
            title=typographic(event.title, lang),
            when=when_in_words(event.date, event.end, lang),
            iso=event.date.iso,
            where=event.where,
            url=event.url,
            status=event.status,
            was="",
            company=None,
            brief=Link("", brief.url),
            lang=lang,
        )
        latest = record is None or record.stated[0] in (
            (brief.slug, event.id),
            (original, event.id),
        )
        now = event_line(plan, record, lang) if record and not latest else None
        yield BriefEvent(line=line, text=_text(plan.words_in(lang), line), now=now)


def event_texts(plan: Planner, brief: Brief, lang: str) -> tuple[str, ...]:
    """Return the events of a linked brief as lines of text."""
    return tuple(found.text for found in brief_events(plan, brief, lang))


def _text(words: Words, line: EventLine) -> str:
    time = joined((line.when, line.where), words.language) if line.where else line.when
    if line.status == "expected":
        return words("{time}: {title} (expected)", time=time, title=line.title)
    if line.status == "cancelled":
        return words("{time}: {title} (cancelled)", time=time, title=line.title)
    return words("{time}: {title}", time=time, title=line.title)


def events_on(plan: Planner, watchlist: str) -> tuple[EventRecord, ...]:
    """Return the events that briefs on a watchlist state, by date."""
    briefs = {entry.slug for entry in plan.view.covering("watchlists", watchlist)}
    return tuple(
        event for event in plan.view.events() if any(slug in briefs for slug, _ in event.stated)
    )


def ahead(events: Iterable[EventRecord]) -> list[EventRecord]:
    """Return the events that are not over."""
    return [event for event in events if event.state == "ahead"]
