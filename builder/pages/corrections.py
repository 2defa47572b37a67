"""The record of corrections -> its page, below what the site says of how it corrects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Annotated

from msgspec import Struct

from builder.language.dates import month_name
from builder.language.typography import typographic
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

LEDGER = Link("Corrections", CORRECTIONS)
FEED = Link("Corrections", f"{CORRECTIONS}feed.xml")
_SLUG = "corrections"  # of the plain page that says how the site corrects


class AmendedLine(Struct, frozen=True, kw_only=True):
    """A correction in the record, or a withdrawal."""

    title: Annotated[str, "Correction, Clarification or Withdrawn."]
    line: Annotated[CorrectionLine, "What was put right."]
    brief: Annotated[Link, "The brief, at the place that tells of it."]
    lang: Annotated[str, "The language tag of the brief."]


class CorrectionMonth(Struct, frozen=True):
    """What was corrected in one month."""

    name: Annotated[str, "The month in words."]
    anchor: Annotated[str, "Its anchor on the page."]
    lines: Annotated[tuple[AmendedLine, ...], "The newest first."]


class CorrectionsPage(Struct, frozen=True, kw_only=True):
    """The record of corrections."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading: that of the plain page, where there is one."]
    summary: Annotated[str, "What stands under the heading, or nothing."]
    updated: Annotated[Moment | None, "The last material change of the text."]
    body: Annotated[str, "How the site corrects: HTML made from Markdown; print it with |safe."]
    months: Annotated[tuple[CorrectionMonth, ...], "The newest month first."]
    older: Annotated[str, "The address of the page with older corrections, or nothing."]
    total: Annotated[int, "How many there are."]
    withdrawn: Annotated[int, "How many of these are withdrawals."]


class OlderCorrectionsPage(Struct, frozen=True, kw_only=True):
    """A further page of the record of corrections."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading."]
    ledger: Annotated[Link, "The first page, which has the newest."]
    months: Annotated[tuple[CorrectionMonth, ...], "The newest month first."]
    newer: Annotated[str, "The address of the page with newer corrections."]
    older: Annotated[str, "The address of the page with older ones, or nothing."]


def has_ledger(site: Site) -> bool:
    """Whether there is a page: something was corrected, or the site says how it would be."""
    return bool(site.corrections) or _SLUG in site.pages


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if has_ledger(site):
        yield Task("corrections", partial(_ledger, _SLUG in site.pages))
    for number in range(1, len(lists.correction_pages)):
        yield Task(f"corrections {number}", partial(_older, number, _SLUG in site.pages))


def amendment_line(plan: Planner, found: CorrectionRecord) -> AmendedLine:
    """A correction of the record, in words."""
    brief, lang = plan.view.outline(found.brief), found.lang or plan.language
    anchor = anchor_of(found.number) if found.number else ""
    leads = anchor and brief.status != "withdrawn"
    was, now, note = (typographic(text, lang) for text in (found.was, found.now, found.note))
    return AmendedLine(
        title={"withdrawn": "Withdrawn", "clarification": "Clarification"}.get(
            found.kind, "Correction"
        ),
        line=CorrectionLine(
            anchor=anchor,
            at=found.at,
            kind=KINDS[found.kind],
            was=without_stop(was),
            now=without_stop(now),
            note=note,
        ),
        brief=Link(brief.title, f"{brief.url}#{anchor}" if leads else brief.url),
        lang=lang,
    )


def _ledger(described: bool, plan: Planner) -> Iterator[Page]:
    found, piece = plan.view.corrections(), plan.view.correction_page(0)
    page = plan.view.page(_SLUG) if described else None
    body = plan.text(page) if page else None
    title = page.title if page else LEDGER.name
    months = tuple(_months(plan, piece.items))
    context = CorrectionsPage(
        site=plan.info,
        head=plan.head(
            LEDGER.url,
            title,
            description=page.summary if page else f"What {plan.settings.title} has corrected.",
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
        older=piece.older,
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
    piece = plan.view.correction_page(number)
    page = plan.view.page(_SLUG) if described else None
    ledger = Link(page.title if page else LEDGER.name, LEDGER.url)
    title = f"{LEDGER.name}, page {piece.number}"
    context = OlderCorrectionsPage(
        site=plan.info,
        head=plan.head(piece.url, title, trail=[ledger], active=LEDGER.url, feed=_feed(plan)),
        title=title,
        ledger=ledger,
        months=tuple(_months(plan, piece.items)),
        newer=piece.newer,
        older=piece.older,
    )
    anchors = ("content", *(month.anchor for month in context.months))
    newest = piece.items[0].at
    yield Page(piece.url, "older-corrections.html", context, modified=newest, anchors=anchors)


def _feed(plan: Planner) -> Link:
    return Link(f"{plan.settings.title}: {FEED.name}", FEED.url)


def _months(plan: Planner, found: tuple[CorrectionRecord, ...]) -> Iterator[CorrectionMonth]:
    """By month, each in the order in which they are."""
    for month, group in groupby(found, key=lambda amendment: amendment.at.iso[:7]):
        amendments = list(group)
        name = month_name(amendments[0].at.at.date(), plan.language)
        lines = tuple(amendment_line(plan, amendment) for amendment in amendments)
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
