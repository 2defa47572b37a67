"""Books (EPUB) of a digest or a thread. No build makes them.

A book shows what the pages show, from the same values; `slugline epub` renders it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from builder.language.direction import direction
from builder.pages.brief import BriefPage
from builder.pages.digest import DigestPage
from builder.pages.mail import MailLook, mail_look
from builder.pages.page import Card, Kind, SiteInfo
from builder.pages.parts.expectations import ExpectationLine
from builder.pages.parts.figures import FigureLine
from builder.pages.planner import Planner
from builder.pages.thread import ThreadPage


class BookOpening(Struct, frozen=True, kw_only=True):
    """The first chapter of a book: what it is, the introduction, the figures."""

    site: Annotated[SiteInfo, "The site."]
    look: Annotated[MailLook, "The colours and fonts."]
    lang: Annotated[str, "The language tag."]
    direction: Annotated[str, "The direction of the script: ltr or rtl."]
    title: Annotated[str, "The title of the book."]
    label: Annotated[str, "What it is: `Week 24, 9–15 June 2025`, `Thread`."]
    url: Annotated[str, "The absolute address of the page with the same content."]
    standfirst: Annotated[str, "The standfirst, if any."]
    words: Annotated[str, "The introduction: HTML made from Markdown; print it with |safe."]
    numbers: Annotated[tuple[FigureLine, ...], "The figures."]
    due: Annotated[
        tuple[ExpectationLine, ...], "What was expected by a date of the week of a digest."
    ] = ()


class BookChapter(Struct, frozen=True, kw_only=True):
    """A brief as a chapter of a book."""

    site: Annotated[SiteInfo, "The site."]
    look: Annotated[MailLook, "The colours and fonts."]
    lang: Annotated[str, "The language tag."]
    direction: Annotated[str, "The direction of the script: ltr or rtl."]
    brief: Annotated[BriefPage, "What the page of the brief shows."]


class BookStyle(Struct, frozen=True):
    """The style sheet of a book."""

    look: Annotated[MailLook, "The colours and fonts."]


def digest_opening(plan: Planner, page: DigestPage) -> tuple[BookOpening, tuple[Card, ...]]:
    """Return the opening of a digest, and the briefs of its chapters."""
    words = plan.words_in(page.head.lang)
    label = (
        words("Week {week}, {days}", week=page.week, days=page.days)
        if page.days
        else words("Week {week}", week=page.week)
    )
    opening = BookOpening(
        site=page.site,
        look=mail_look(plan),
        lang=page.head.lang,
        direction=direction(page.head.lang),
        title=page.title,
        label=label,
        url=page.head.canonical,
        standfirst=page.standfirst,
        words=page.words,
        numbers=page.numbers,
        due=page.due,
    )
    return opening, (page.lead.card, *(card for s in page.sections for card in s.cards))


def thread_opening(plan: Planner, page: ThreadPage) -> tuple[BookOpening, tuple[Card, ...]]:
    """Return the opening of a thread, and its briefs by time."""
    words = plan.words_in(page.head.lang)
    opening = BookOpening(
        site=page.site,
        look=mail_look(plan),
        lang=page.head.lang,
        direction=direction(page.head.lang),
        title=page.title,
        label=(
            words("A story from beginning to end") if page.closed else words("The story so far")
        ),
        url=page.head.canonical,
        standfirst=page.summary,
        words=page.body,
        numbers=tuple(line for series in page.numbers for line in series.lines),
    )
    cards = [card for period in page.timeline for card in period.cards]
    return opening, tuple(reversed(cards))


def chapter(plan: Planner, page: BriefPage) -> BookChapter:
    """Return a brief as a chapter."""
    lang = page.head.lang
    return BookChapter(
        site=page.site, look=mail_look(plan), lang=lang, direction=direction(lang), brief=page
    )


KIND = Kind(
    lambda site, lists: (),
    {
        "epub/opening.html": BookOpening,
        "epub/chapter.html": BookChapter,
        "epub/style.css": BookStyle,
    },
)
