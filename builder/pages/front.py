"""The front page: the lead story, what else is new, companies in the news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Annotated

from msgspec import Struct

from builder.pages.page import Card, Counted, Head, Kind, Page, Picture, SiteInfo, Task
from builder.pages.planner import Planner, latest
from builder.site.lists import Lists
from builder.site.site import Entry, Site

_FRESH = 10  # days; the lead is the most important brief of so many before the newest
_TOP = 4  # stories beside the lead
_LATEST = 12  # lines of what else is new
_SECTION = 4  # stories of each section
_DAYS = 60  # companies in the news are counted over so many days before the newest brief


class Lead(Struct, frozen=True):
    """The lead story."""

    card: Annotated[Card, "The brief."]
    why: Annotated[str, "Why it matters, or nothing."]
    picture: Annotated[Picture | None, "Its picture."]


class SectionBlock(Struct, frozen=True):
    """A section on the front page."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "Its address."]
    cards: Annotated[tuple[Card, ...], "Its newest briefs that stand nowhere above."]


class FrontPage(Struct, frozen=True, kw_only=True):
    """The front page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    lead: Annotated[Lead | None, "The lead story; none while there is no brief."]
    top: Annotated[tuple[Card, ...], "The newest stories beside it."]
    latest: Annotated[tuple[Card, ...], "What else is new, the newest first."]
    sections: Annotated[tuple[SectionBlock, ...], "Sections that have something more to show."]
    companies: Annotated[tuple[Counted, ...], "Companies in the news."]
    more: Annotated[str, "The address of all briefs."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("front", _front)


def _front(plan: Planner) -> Iterator[Page]:
    briefs = plan.view.covering("all", "")
    lead = _most_important(briefs)
    others = (brief for brief in briefs if brief is not lead and brief.importance < 3)
    top = list(islice(others, _TOP))
    shown = {brief.slug for brief in (*([lead] if lead else []), *top)}
    rest = [brief for brief in briefs if brief.slug not in shown][:_LATEST]
    shown.update(brief.slug for brief in rest)
    blocks = []
    for section in plan.settings.sections:
        covering = plan.view.covering("section", section.slug)
        found = [b for b in covering if b.slug not in shown][:_SECTION]
        if found:
            blocks.append(SectionBlock(section.name, section.url, plan.cards(found)))
    settings = plan.settings
    name = settings.title
    context = FrontPage(
        site=plan.info,
        head=plan.head(
            "/",
            name,
            title=f"{name} · {settings.tagline}" if settings.tagline else name,
            description=settings.description,
            objects=[
                {
                    "@type": "WebSite",
                    "name": name,
                    "url": f"{settings.base_url}/",
                    "description": settings.description,
                    "inLanguage": settings.language,
                    "publisher": {"@type": "Organization", "name": plan.info.publisher},
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


def _most_important(briefs: tuple[Entry, ...]) -> Entry | None:
    """The lead: the most important of the newest days, of equals the newest."""
    if not briefs:
        return None
    since = briefs[0].date.at - timedelta(days=_FRESH)
    return min((b for b in briefs if b.date.at >= since), key=lambda b: b.importance)


def lead_of(plan: Planner, entry: Entry) -> Lead:
    """A brief as a lead story."""
    brief = plan.brief(entry.slug)
    language = brief.lang or plan.language
    return Lead(plan.card(entry), brief.why, plan.picture(brief.image, language))


def _in_the_news(plan: Planner, briefs: tuple[Entry, ...]) -> tuple[Counted, ...]:
    if not briefs:
        return ()
    since = briefs[0].date.at - timedelta(days=_DAYS)
    recent = [brief for brief in briefs if brief.date.at >= since]
    return plan.counted("companies", recent, most=12)


KIND = Kind(
    tasks,
    {"front.html": FrontPage},
)
