"""A section of site.yaml -> its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.model import Card, Link
from builder.pages.lists import older_pages
from builder.pages.page import Counted, Head, Page, SiteInfo
from builder.pages.plan import Plan, latest


class SectionPage(Struct, frozen=True, kw_only=True):
    """A section."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    summary: Annotated[str, "What it covers, or nothing."]
    cards: Annotated[tuple[Card, ...], "Its briefs, the newest first; there may be none yet."]
    older: Annotated[str, "The address of older briefs, or nothing."]
    companies: Annotated[tuple[Counted, ...], "The companies in them."]


def plan_pages(plan: Plan) -> Iterator[Page]:
    for section in plan.settings.sections:
        briefs = plan.by_section.get(section.slug, ())
        pieces = plan.slices(section.url, briefs)
        context = SectionPage(
            site=plan.info,
            head=plan.head(
                section.url, section.name, description=section.summary, active=section.url
            ),
            name=section.name,
            summary=section.summary,
            cards=plan.cards(pieces[0].briefs),
            older=pieces[0].older,
            companies=plan.counted("companies", briefs),
        )
        yield Page(section.url, "section.html", context, "site.yaml", modified=latest(briefs))
        link = Link(section.name, section.url)
        yield from older_pages(plan, pieces, link, [], active=section.url)
