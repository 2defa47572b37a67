"""The page of a section of site.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.pages.lists import older_tasks
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, Picture, SiteInfo, Task
from builder.pages.parts.pictures import first_picture
from builder.pages.planner import Planner, latest
from builder.site.lists import Lists
from builder.site.site import Site


class SectionPage(Struct, frozen=True, kw_only=True):
    """A section."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    summary: Annotated[str, "A description of the section, if any."]
    cards: Annotated[tuple[Card, ...], "The briefs, newest first; may be empty."]
    picture: Annotated[Picture | None, "The picture of the newest brief, if any."]
    older: Annotated[str, "The address of older briefs, if any."]
    companies: Annotated[tuple[Counted, ...], "The companies in these briefs."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for section in site.config.settings.sections:
        yield Task(f"section {section.slug}", partial(_section_page, section.slug))
        link = partial(_link, section.slug)
        feed = partial(_feed, section.slug)
        yield from older_tasks(lists, section.url, link, [], feed, section.url)


def _link(slug: str, plan: Planner) -> Link:
    return plan.section(slug) or Link("", "")


def _feed(slug: str, plan: Planner) -> Link:
    section = _link(slug, plan)
    return Link(plan.words("{name}: coverage", name=section.name), section.url)


def _section_page(slug: str, plan: Planner) -> Iterator[Page]:
    section = next(s for s in plan.settings.sections if s.slug == slug)
    chunk = plan.view.slice(section.url, 0)
    briefs = plan.view.covering("section", slug)
    context = SectionPage(
        site=plan.info,
        head=plan.head(
            section.url,
            section.name,
            feed=_feed(slug, plan) if slug in plan.view.followed("sections") else None,
            description=section.summary,
            active=section.url,
        ),
        name=section.name,
        summary=section.summary,
        cards=plan.cards(chunk.items),
        picture=first_picture(plan, chunk.items),
        older=chunk.older,
        companies=plan.counted("companies", briefs),
    )
    yield Page(section.url, "section.html", context, "site.yaml", modified=latest(briefs))


KIND = Kind(
    tasks,
    {"section.html": SectionPage},
)
