"""Share cards: pictures of pages for link previews, with what only the record knows.

A brief has one while it is among the newest, in blocks from the oldest brief on, so that publishing
changes no older page but once in a block."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple

from msgspec import Struct

from builder.appearance.card_fonts import composed, covered
from builder.content.record import encode
from builder.language.capitals import with_capital
from builder.language.lists import joined, list_names
from builder.language.words import Words, without_marks
from builder.media.variants import CARDS
from builder.model.brief import Brief
from builder.model.entity import Thread
from builder.model.source import ROOT_ROLES
from builder.model.time import Moment
from builder.pages.page import Head, Kind, Link, Page, Picture, Task
from builder.pages.parts.card_chart import CardChart, card_chart
from builder.pages.parts.figures import FigureLine
from builder.pages.parts.statements import Statements
from builder.pages.planner import Planner
from builder.site.lists import Lists
from builder.site.site import Entry, Site

WIDTH, HEIGHT = 1200, 630
_RECIPE = 1  # another number is for another way to draw the same card
_ACCENT = "#0b5c48"  # `--accent` in style.css


class CardFigure(Struct, frozen=True):
    """The figure on a card."""

    value: Annotated[str, "The value, in words."]
    about: Annotated[str, "What it is: `valuation of Scale AI, 13 June 2025`."]


class CardPage(Struct, frozen=True, kw_only=True):
    """A share card."""

    name: Annotated[str, "The site's name; empty on its own card."]
    logo: Annotated[str, "The address of the site's logo, if any."]
    colour: Annotated[str, "The site's accent colour."]
    language: Annotated[str, "The language of dates."]
    kicker: Annotated[str, "The section, or the kind of page."]
    title: Annotated[str, "The title."]
    note: Annotated[str, "A sentence below the title, if any."] = ""
    figure: Annotated[CardFigure | None, "A figure of the page, if it has any."] = None
    chart: Annotated[CardChart | None, "The figure in time, on the card of a company."] = None
    originals: Annotated[int, "The number of original reports."] = 0
    confirmed: Annotated[str, "Who confirmed it, if anyone."] = ""
    denied: Annotated[str, "Who denied it, if anyone."] = ""
    corrected: Annotated[Moment | None, "When it was last corrected, if ever."] = None
    published: Annotated[Moment | None, "When it was published."] = None


class ShareCard(NamedTuple):
    """A card: its page, and what a head says of it."""

    page: Page
    alt: str


def brief_card(
    plan: Planner,
    brief: Brief,
    entry: Entry,
    section: Link | None,
    figures: tuple[FigureLine, ...],
    said: Statements,
) -> ShareCard | None:
    """Return the card of a brief that is among the newest."""
    if entry.notice or not plan.view.carded("brief", brief.slug):
        return None
    stances: dict[str, list[str]] = {"confirmed": [], "denied": []}
    for response in said.responses:
        if response.stance in stances:
            stances[response.stance].append(response.who)
    return _card(
        plan,
        f"briefs/{brief.slug}",
        brief.title,
        kicker=section.name if section else "",
        figure=_figure(plan, figures),
        originals=sum(source.role in ROOT_ROLES for source in brief.sources),
        confirmed=list_names(stances["confirmed"], plan.language),
        denied=list_names(stances["denied"], plan.language),
        corrected=max((c.at for c in brief.corrections), key=lambda at: at.at, default=None),
        published=brief.date,
    )


def company_card(plan: Planner, slug: str, figures: Iterable[FigureLine]) -> ShareCard | None:
    """Return the card of a company, with its most important figure."""
    settings = plan.settings.cards
    if not (settings.show and settings.companies):
        return None
    company, lines = plan.view.company(slug), tuple(figures)
    figure, shown = _figure(plan, lines, company.name), _first(lines)
    chart = card_chart(plan, slug, shown) if shown and not shown.to else None
    kicker = with_capital(company.kind or "", plan.language) or plan.words("Company")
    return _card(
        plan, f"companies/{slug}", company.name, kicker, note=company.summary, figure=figure,
        chart=chart,
    )  # fmt: skip


def thread_card(plan: Planner, thread: Thread) -> ShareCard | None:
    """Return the card of a thread."""
    settings = plan.settings.cards
    if not (settings.show and settings.threads):
        return None
    return _card(
        plan, f"threads/{thread.slug}", thread.title, plan.words("Thread"), note=thread.summary
    )


def week_card(plan: Planner, week: str, title: str, standfirst: str) -> ShareCard | None:
    """Return the card of a digest that is among the newest."""
    if not plan.view.carded("week", week):
        return None
    return _card(plan, f"digests/{week}", title, plan.words("Weekly digest"), note=standfirst)


def site_card(plan: Planner) -> ShareCard | None:
    """Return the card of the front page."""
    settings = plan.settings
    if not settings.cards.show:
        return None
    return _card(plan, "site", settings.title, settings.tagline, note=settings.description)


def _first(figures: Iterable[FigureLine]) -> FigureLine | None:
    """Return the first figure to which no other is preferred."""
    return next((line for line in figures if line.state != "not preferred"), None)


def _figure(plan: Planner, figures: Iterable[FigureLine], of: str = "") -> CardFigure | None:
    """Return the first figure that nothing contradicts, on the page of a company or not."""
    line = _first(figures)
    if line is None:
        return None
    usual = line.basis in ("actual", "reported")
    extra = [line.time, "" if usual else plan.words.term("basis", line.basis)]
    about = [_about(plan.words, line, of), *filter(None, extra)]
    return CardFigure(line.value, without_marks(joined(about, plan.language)))


def _about(words: Words, line: FigureLine, of: str) -> str:
    """Return what a figure is about, on the page of a company or not."""
    metric, company, other = line.metric, line.of.name, line.to.name if line.to else ""
    if company == of:
        # Translators: {metric} is such as: spend. {other} is a company.
        return words("{metric} to {other}", metric=metric, other=other) if other else metric
    if other:
        return words(
            "{metric} of {company} to {other}", metric=metric, company=company, other=other
        )
    # Translators: {metric} is such as: valuation.
    return words("{metric} of {company}", metric=metric, company=company)


def _card(plan: Planner, path: str, title: str, kicker: str, **more: Any) -> ShareCard | None:
    """Return a card, or nothing if the fonts lack a character of its title.

    It leaves out other parts that they cannot print."""
    settings, look = plan.settings, plan.view.look
    logo = look.logo.url if look.logo else ""
    name = "" if logo or path == "site" else settings.title
    if not covered("serif", composed(title + name)):
        return None
    figure: CardFigure | None = more.pop("figure", None)
    if figure and not covered("sans", composed(figure.value + figure.about)):
        figure = None
    chart: CardChart | None = more.pop("chart", None)
    beside = f"{chart.first}{chart.since}{chart.until}" if chart else ""
    if figure is None or not covered("sans", composed(beside)):
        chart = None
    parts: dict[str, Any] = {
        key: _printable(part) if isinstance(part, str) else part for key, part in more.items()
    }
    context = CardPage(
        name=name,
        logo=logo,
        colour=settings.accent or _ACCENT,
        language=plan.language,
        title=title,
        figure=figure,
        chart=chart,
        kicker=_printable(kicker),
        **parts,
    )
    mark = hashlib.blake2b(encode([_RECIPE, context]), digest_size=5).hexdigest()
    address = f"/{CARDS}{settings.edition}/{path}.{mark}.png"
    page = Page(address, "card.svg", context, listed=False)
    words = f"{figure.value}, {figure.about}" if figure else context.note
    return ShareCard(page, ". ".join(filter(None, [title, words])))


def _printable(text: str) -> str:
    """Return a text if the fonts have all its characters, otherwise nothing."""
    text = without_marks(text)
    return text if covered("sans", composed(text)) else ""


def shared(plan: Planner, picture: Picture | None, card: ShareCard | None) -> dict[str, Any]:
    """Return what the head of a page says of its picture.

    It is the editor's own, unless site.yaml prefers cards."""
    if card and not (picture and picture.url and not plan.settings.cards.instead_of_pictures):
        return {
            "image": plan.absolute(card.page.url), "image_alt": card.alt,
            "image_width": WIDTH, "image_height": HEIGHT,
        }  # fmt: skip
    if not picture:
        return {}
    return {
        "image": plan.absolute(picture.url), "image_alt": picture.alt,
        "image_width": picture.width, "image_height": picture.height,
    }  # fmt: skip


def card_files(head: Head, card: ShareCard | None) -> Iterator[Page]:
    """Yield a card if the head of its page names it."""
    if card and head.image.endswith(card.page.url):
        yield card.page


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    return iter(())  # each card is drawn with its page


KIND = Kind(tasks, {"card.svg": CardPage})
