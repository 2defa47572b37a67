"""Plain pages, the list of feeds, and the error page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.model.time import Moment
from builder.pages import company, corrections, digest, thread, topic
from builder.pages.page import Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.planner import FEED, Planner
from builder.site.lists import Lists
from builder.site.site import Site

FEEDS = Link("Feeds", "/feeds/")


class PlainContext(Struct, frozen=True, kw_only=True):
    """A page that is not news, such as About."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading."]
    summary: Annotated[str, "The standfirst, if any."]
    updated: Annotated[Moment | None, "When the text was last changed in substance."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]


class FeedsPage(Struct, frozen=True, kw_only=True):
    """The list of feeds."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    all_briefs: Annotated[Link, "The feed of all briefs."]
    digests: Annotated[Link | None, "The feed of weekly digests, if any."]
    corrections: Annotated[Link | None, "The feed of corrections, if any."]
    companies: Annotated[tuple[Link, ...], "The feeds of companies in the news."]
    topics: Annotated[tuple[Link, ...], "The feeds of topics."]
    threads: Annotated[tuple[Link, ...], "The feeds of threads."]


class NotFoundPage(Struct, frozen=True, kw_only=True):
    """The error page for unknown addresses."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug, page in site.pages.items():
        if page.url == corrections.LEDGER.url:
            continue  # its text is part of the record of corrections
        yield Task(f"page {slug}", partial(_plain_page, slug))
    yield Task("feeds", partial(_feeds, bool(site.corrections)))
    yield Task("404", _not_found)


def _plain_page(slug: str, plan: Planner) -> Iterator[Page]:
    page = plan.view.page(slug)
    body = plan.text(page)
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
        body=body.html,
    )
    anchors = ("content", *(heading.anchor for heading in body.headings))
    yield Page(page.url, "page.html", context, page.path, modified=page.updated, anchors=anchors)


def _not_found(plan: Planner) -> Iterator[Page]:
    context = NotFoundPage(site=plan.info, head=plan.head("/404.html", "Not found", noindex=True))
    yield Page("/404.html", "404.html", context, addresses="path", listed=False)


def _feeds(corrected: bool, plan: Planner) -> Iterator[Page]:
    in_news, subjects = plan.view.counts("companies"), plan.view.counts("topics")
    companies = [plan.view.company(s) for s in plan.view.companies() if s in in_news]
    topics = [plan.view.topic(s) for s in plan.view.topics() if s in subjects]
    threads = [plan.view.thread(slug) for slug in plan.view.threads()]
    context = FeedsPage(
        site=plan.info,
        head=plan.head(
            FEEDS.url,
            FEEDS.name,
            description=f"Follow {plan.settings.title}, a company or a topic by RSS.",
            active=FEEDS.url,
        ),
        all_briefs=Link(plan.settings.title, FEED),
        digests=digest.FEED if plan.view.counts("week") else None,
        corrections=corrections.FEED if corrected else None,
        companies=tuple(Link(c.name, company.feed_of(c).url) for c in companies),
        topics=tuple(Link(t.name, topic.feed_of(t).url) for t in topics),
        threads=tuple(Link(t.title, thread.feed_of(t).url) for t in threads),
    )
    yield Page(FEEDS.url, "feeds.html", context)


KIND = Kind(
    tasks,
    {"page.html": PlainContext, "feeds.html": FeedsPage, "404.html": NotFoundPage},
    roots=(FEEDS.url,),
)
