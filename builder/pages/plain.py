"""Plain pages, the page of feeds, and the page for what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.model import Link, Moment
from builder.pages import company, topic
from builder.pages.page import Head, Page, SiteInfo
from builder.pages.plan import FEED, Plan

FEEDS = Link("Feeds", "/feeds/")


class PlainContext(Struct, frozen=True, kw_only=True):
    """A page that is not news."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "Its heading."]
    summary: Annotated[str, "What stands under the heading, or nothing."]
    updated: Annotated[Moment | None, "The last material change."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]


class FeedsPage(Struct, frozen=True, kw_only=True):
    """The page that lists the feeds."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    all_briefs: Annotated[Link, "The feed of everything."]
    companies: Annotated[tuple[Link, ...], "A feed for each company that is in the news."]
    topics: Annotated[tuple[Link, ...], "A feed for each topic."]


class NotFoundPage(Struct, frozen=True, kw_only=True):
    """What a server shows for an address that leads nowhere."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]


def plan_pages(plan: Plan) -> Iterator[Page]:
    for page in plan.site.pages:
        context = PlainContext(
            site=plan.info,
            head=plan.head(
                page.url,
                page.title,
                description=page.summary,
                lang=page.lang or plan.language,
                updated=page.updated,
                active=page.url,
            ),
            title=page.title,
            summary=page.summary,
            updated=page.updated,
            body=page.body.html,
        )
        anchors = ("content", *(heading.anchor for heading in page.body.headings))
        yield Page(
            page.url, "page.html", context, page.path, modified=page.updated, anchors=anchors
        )
    yield _feeds(plan)
    head = plan.head("/404.html", "Not found", noindex=True)
    yield Page(
        "/404.html",
        "404.html",
        NotFoundPage(site=plan.info, head=head),
        addresses="path",
        listed=False,
    )


def _feeds(plan: Plan) -> Page:
    companies = [c for c in plan.site.companies.values() if c.slug in plan.by_company]
    topics = [t for t in plan.site.topics.values() if t.slug in plan.by_topic]
    context = FeedsPage(
        site=plan.info,
        head=plan.head(
            FEEDS.url,
            FEEDS.name,
            description=f"Follow {plan.settings.title}, a company or a topic by RSS.",
            active=FEEDS.url,
        ),
        all_briefs=Link(plan.settings.title, FEED),
        companies=tuple(Link(c.name, company.feed_of(c).url) for c in companies),
        topics=tuple(Link(t.name, topic.feed_of(t).url) for t in topics),
    )
    return Page(FEEDS.url, "feeds.html", context)
