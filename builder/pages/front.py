"""The front page: lead, top stories, other news, companies in the news."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Annotated, Any

from msgspec import Struct

from builder.pages.card import card_files, shared, site_card
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, Picture, SiteInfo, Task
from builder.pages.parts.pictures import first_picture, picture_of
from builder.pages.planner import SEARCH, Planner, latest
from builder.site.lists import Lists
from builder.site.site import Entry, Site

_FRESH = 10  # days before the newest brief within which the lead is chosen
_TOP = 4  # stories next to the lead
_LATEST = 12  # headlines under "What else is new"
_SECTION = 4  # stories per section
_DAYS = 60  # days before the newest brief over which companies are counted


class Lead(Struct, frozen=True):
    """The lead story."""

    card: Annotated[Card, "The brief."]
    why: Annotated[str, "Why it matters, if given."]
    picture: Annotated[Picture | None, "The picture, if any."]


class SectionBlock(Struct, frozen=True):
    """A section on the front page or in a digest."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "Its address."]
    cards: Annotated[tuple[Card, ...], "The newest briefs not shown higher up."]
    picture: Annotated[Picture | None, "The picture of the first of them, if any."] = None


class FrontPage(Struct, frozen=True, kw_only=True):
    """The front page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    lead: Annotated[Lead | None, "The lead story; none if there are no briefs."]
    top: Annotated[tuple[Card, ...], "The newest stories next to the lead."]
    latest: Annotated[tuple[Card, ...], "The next newest briefs, newest first."]
    sections: Annotated[tuple[SectionBlock, ...], "The sections that have more briefs to show."]
    companies: Annotated[tuple[Counted, ...], "Companies in the news."]
    more: Annotated[str, "The address of the list of all briefs, if it has more."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("front", _front)


def _front(plan: Planner) -> Iterator[Page]:
    briefs = plan.view.covering("all", "")
    own = tuple(brief for brief in briefs if not brief.elsewhere) or briefs
    lead = _most_important(own)
    others = (brief for brief in own if brief is not lead and brief.importance < 3)
    top = list(islice(others, _TOP))
    shown = {brief.slug for brief in (*([lead] if lead else []), *top)}
    rest = [brief for brief in briefs if brief.slug not in shown][:_LATEST]
    shown.update(brief.slug for brief in rest)
    blocks = []
    for section in plan.settings.sections:
        covering = plan.view.covering("section", section.slug)
        found = [b for b in covering if b.slug not in shown]
        found = ([b for b in found if not b.elsewhere] or found)[:_SECTION]
        if found:
            blocks.append(section_block(plan, Link(section.name, section.url), found))
    settings = plan.settings
    name = settings.title
    card = site_card(plan)
    context = FrontPage(
        site=plan.info,
        head=plan.head(
            "/",
            name,
            title=f"{name} · {settings.tagline}" if settings.tagline else name,
            description=settings.description,
            **shared(plan, None, card),
            objects=[
                {
                    "@type": "WebSite",
                    "name": name,
                    "url": f"{settings.base_url}/",
                    "description": settings.description,
                    "inLanguage": settings.language,
                    "publisher": {"@type": "Organization", "name": plan.info.publisher},
                    "potentialAction": _search_action(plan),
                }
            ],
        ),
        lead=lead_of(plan, lead) if lead else None,
        top=plan.cards(top),
        latest=plan.cards(rest),
        sections=tuple(blocks),
        companies=_in_the_news(plan, briefs),
        more="/briefs/" if len(briefs) > len(shown) else "",
    )
    yield Page("/", "front.html", context, modified=latest(briefs))
    yield from card_files(context.head, card)


def _search_action(plan: Planner) -> dict[str, Any] | None:
    """Return how a program searches the site (schema.org, SearchAction)."""
    if not plan.settings.search:
        return None
    return {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{plan.settings.base_url}{SEARCH}?q={{search_term_string}}",
        },
        "query-input": "required name=search_term_string",
    }


def _most_important(briefs: Sequence[Entry]) -> Entry | None:
    """Return the most important recent brief; among equals, the newest."""
    if not briefs:
        return None
    since = briefs[0].date.at - timedelta(days=_FRESH)
    return min((b for b in briefs if b.date.at >= since), key=lambda b: b.importance)


def section_block(plan: Planner, section: Link, briefs: Sequence[Entry]) -> SectionBlock:
    """Return some briefs of a section, with the picture of the first."""
    return SectionBlock(section.name, section.url, plan.cards(briefs), first_picture(plan, briefs))


def lead_of(plan: Planner, entry: Entry) -> Lead:
    """Return a brief as a lead story."""
    brief = plan.brief(entry.slug)
    language = brief.lang or plan.language
    return Lead(plan.card(entry), brief.why, picture_of(plan, entry.slug, brief.image, language))


def _in_the_news(plan: Planner, briefs: Sequence[Entry]) -> tuple[Counted, ...]:
    if not briefs:
        return ()
    since = briefs[0].date.at - timedelta(days=_DAYS)
    recent = [brief for brief in briefs if brief.date.at >= since]
    return plan.counted("companies", recent, most=12)


KIND = Kind(
    tasks,
    {"front.html": FrontPage},
)
