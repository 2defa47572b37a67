"""The record of corrections, below the site's corrections policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Annotated

from msgspec import Struct

from builder.language.dates import month_name
from builder.language.language_names import own_name
from builder.language.typography import typographic
from builder.language.words import Words, message
from builder.ledger.corrections import CorrectionRecord
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.pages.page import Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.corrections import (
    KINDS,
    CorrectionLine,
    anchor_of,
    without_stop,
)
from builder.pages.planner import Planner
from builder.site.lists import CORRECTIONS, Lists
from builder.site.site import Site

LEDGER = Link(message("Corrections"), CORRECTIONS)
FEED = LEDGER
_SLUG = "corrections"  # the plain page that explains how the site corrects


class CorrectionEntry(Struct, frozen=True, kw_only=True):
    """A correction or withdrawal in the record."""

    title: Annotated[str, "What it is, with the headline: Correction: Scale AI hires."]
    withdrawn: Annotated[bool, "Whether the brief was withdrawn."]
    line: Annotated[CorrectionLine, "The correction itself."]
    brief: Annotated[Link, "The brief, at the anchor of the correction."]
    lang: Annotated[str, "The brief's language tag."]
    language: Annotated[
        str, "The language's own name, if the brief is in another edition only; otherwise empty."
    ] = ""


class CorrectionMonth(Struct, frozen=True):
    """The corrections of one month."""

    name: Annotated[str, "The month and year."]
    anchor: Annotated[str, "Its anchor on the page."]
    lines: Annotated[tuple[CorrectionEntry, ...], "The corrections, newest first."]


class CorrectionsPage(Struct, frozen=True, kw_only=True):
    """The first page of the record of corrections."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading, from the plain page if there is one."]
    summary: Annotated[str, "The standfirst, if any."]
    updated: Annotated[Moment | None, "When the policy was last changed in substance."]
    body: Annotated[str, "The corrections policy: HTML made from Markdown; print it with |safe."]
    months: Annotated[tuple[CorrectionMonth, ...], "The corrections by month, newest first."]
    older: Annotated[str, "The address of the page with older corrections, if any."]
    total: Annotated[int, "The number of corrections and withdrawals."]
    withdrawn: Annotated[int, "The number of withdrawals among them."]


class OlderCorrectionsPage(Struct, frozen=True, kw_only=True):
    """A later page of the record of corrections."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading."]
    ledger: Annotated[Link, "The first page, which has the newest corrections."]
    months: Annotated[tuple[CorrectionMonth, ...], "The corrections by month, newest first."]
    newer: Annotated[str, "The address of the page with newer corrections."]
    older: Annotated[str, "The address of the page with older corrections, if any."]


def has_ledger(site: Site) -> bool:
    """Return whether the site has corrections or a policy on them."""
    return bool(site.corrections) or _SLUG in site.pages


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if has_ledger(site):
        yield Task("corrections", partial(_ledger, _SLUG in site.pages))
    for number in range(1, len(lists.correction_pages)):
        yield Task(f"corrections {number}", partial(_older, number, _SLUG in site.pages))


def _title(words: Words, kind: str, title: str) -> str:
    """Return the title of a correction or withdrawal in a feed."""
    if kind == "withdrawn":
        return words("Withdrawn: {title}", title=title)
    if kind == "clarification":
        return words("Clarification: {title}", title=title)
    return words("Correction: {title}", title=title)


def feed_title(plan: Planner) -> str:
    """Return the title of the feed of corrections."""
    return plan.words("{site}: Corrections", site=plan.settings.title)


def correction_entry(plan: Planner, found: CorrectionRecord) -> CorrectionEntry:
    """Return a correction of the record in words."""
    brief = plan.view.outline(found.brief)
    lang = found.lang or brief.lang or plan.language
    anchor = anchor_of(found.number) if found.number else ""
    leads = anchor and brief.status != "withdrawn"
    url = plan.address(found.brief)
    foreign = bool(plan.settings.editions) and bool(plan.view.entry(found.brief).elsewhere)
    was, now, note = (typographic(text, lang) for text in (found.was, found.now, found.note))
    return CorrectionEntry(
        title=_title(plan.words_in(lang), found.kind, brief.title),
        withdrawn=found.kind == "withdrawn",
        line=CorrectionLine(
            anchor=anchor,
            at=found.at,
            kind=KINDS[found.kind],
            was=without_stop(was),
            now=without_stop(now),
            note=note,
        ),
        brief=Link(brief.title, f"{url}#{anchor}" if leads else url),
        lang=lang,
        language=own_name(lang) if foreign else "",
    )


def _ledger(described: bool, plan: Planner) -> Iterator[Page]:
    found, chunk = plan.view.corrections(), plan.view.correction_page(0)
    page = plan.view.page(_SLUG) if described else None
    body = plan.text(page) if page else None
    title = page.title if page else plan.words("Corrections")
    months = tuple(_months(plan, chunk.items))
    context = CorrectionsPage(
        site=plan.info,
        head=plan.head(
            LEDGER.url,
            title,
            description=page.summary
            if page
            else plan.words("Corrections published by {site}.", site=plan.settings.title),
            lang=(page.lang if page else "") or plan.language,
            updated=page.updated if page else None,
            active=LEDGER.url,
            feed=_feed(plan) if found else None,
        ),
        title=title,
        summary=page.summary if page else "",
        updated=page.updated if page else None,
        body=body.html if body else "",
        months=months,
        older=chunk.older,
        total=len(found),
        withdrawn=sum(not amendment.number for amendment in found),
    )
    times = [moment for moment in (context.updated, *(a.at for a in found[:1])) if moment]
    yield Page(
        LEDGER.url,
        "corrections.html",
        context,
        page.path if page else "",
        modified=max(times, key=lambda moment: moment.at, default=None),
        anchors=(
            "content",
            "corrections",
            *(month.anchor for month in months),
            *(heading.anchor for heading in (body.headings if body else ())),
        ),
    )


def _older(number: int, described: bool, plan: Planner) -> Iterator[Page]:
    chunk = plan.view.correction_page(number)
    page = plan.view.page(_SLUG) if described else None
    ledger = Link(page.title if page else plan.words("Corrections"), LEDGER.url)
    title = plan.words("Corrections, page {number}", number=chunk.number)
    context = OlderCorrectionsPage(
        site=plan.info,
        head=plan.head(chunk.url, title, trail=[ledger], active=LEDGER.url, feed=_feed(plan)),
        title=title,
        ledger=ledger,
        months=tuple(_months(plan, chunk.items)),
        newer=chunk.newer,
        older=chunk.older,
    )
    anchors = ("content", *(month.anchor for month in context.months))
    newest = chunk.items[0].at
    yield Page(chunk.url, "older-corrections.html", context, modified=newest, anchors=anchors)


def _feed(plan: Planner) -> Link:
    return Link(feed_title(plan), FEED.url)


def _months(plan: Planner, found: Sequence[CorrectionRecord]) -> Iterator[CorrectionMonth]:
    """Yield corrections by month, keeping their order."""
    for month, group in groupby(found, key=lambda amendment: amendment.at.iso[:7]):
        amendments = list(group)
        name = month_name(amendments[0].at.at.date(), plan.language)
        lines = tuple(correction_entry(plan, amendment) for amendment in amendments)
        yield CorrectionMonth(name, f"month.{month}", lines)


def _ledger_of(brief: Outline) -> tuple[str, ...]:
    corrected = brief.corrections or brief.status == "withdrawn"
    return (LEDGER.url,) if corrected else ()


KIND = Kind(
    tasks,
    {"corrections.html": CorrectionsPage, "older-corrections.html": OlderCorrectionsPage},
    roots=(LEDGER.url,),
    text=True,
    of_brief=_ledger_of,
)
