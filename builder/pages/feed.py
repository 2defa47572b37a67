"""RSS 2.0 feeds of the site, companies, topics, threads, corrections and digests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.content.config import FILE
from builder.ledger.corrections import CorrectionRecord
from builder.model.time import Moment
from builder.pages import company, corrections, thread, topic
from builder.pages import digest as digests
from builder.pages.page import Kind, Link, Page, Task
from builder.pages.parts.corrections import as_text
from builder.pages.parts.feed_items import (
    BriefLine,
    DigestItem,
    FeedItem,
    choose_items,
    of_brief,
    of_item,
    with_page,
)
from builder.pages.planner import FEED, Planner, latest
from builder.site.lists import Lists
from builder.site.site import Entry, Site

_WEEKS = 8  # digests in a feed, since each is long


class Feed(Struct, frozen=True, kw_only=True):
    """An RSS 2.0 feed."""

    title: Annotated[str, "The feed's name."]
    url: Annotated[str, "The absolute address of the corresponding page."]
    self_url: Annotated[str, "The feed's own absolute address."]
    description: Annotated[str, "A description of the feed, which RSS 2.0 requires."]
    language: Annotated[str, "The language tag."]
    copyright: Annotated[str, "The copyright line, if any."]
    built: Annotated[Moment | None, "When the newest item was published or updated."]
    items: Annotated[tuple[FeedItem, ...], "The items, newest first."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("feed", _site_feed)
    if site.corrections:
        yield Task("corrections-feed", _corrections_feed)
    if lists.covering["week"]:
        yield Task("digests-feed", _digests_feed)
    for slug in site.companies:
        if slug in lists.covering["companies"]:
            yield Task(f"company-feed {slug}", partial(_company_feed, slug))
    for slug in site.topics:
        if slug in lists.covering["topics"]:
            yield Task(f"topic-feed {slug}", partial(_topic_feed, slug))
    for slug in site.threads:
        yield Task(f"thread-feed {slug}", partial(_thread_feed, slug))
    for section in site.config.settings.sections:
        if f"{section.url}feed.xml" in lists.former:  # a former site had it
            yield Task(f"section-feed {section.slug}", partial(_section_feed, section.slug))


def _site_feed(plan: Planner) -> Iterator[Page]:
    s = plan.settings
    about = s.description or s.tagline or s.title
    briefs = plan.view.newest("all", "")
    for url in (FEED, *plan.view.former(FEED)):
        yield _feed(plan, Link(s.title, url), f"{s.base_url}/", about, briefs)


def _corrections_feed(plan: Planner) -> Iterator[Page]:
    s = plan.settings
    newest = plan.view.corrections()[: s.feed_items]
    context = Feed(
        title=f"{s.title}: {corrections.LEDGER.name}",
        url=f"{s.base_url}{corrections.LEDGER.url}",
        self_url=f"{s.base_url}{corrections.FEED.url}",
        description=f"Corrections and withdrawals published by {s.title}.",
        language=plan.language,
        copyright=s.copyright,
        built=newest[0].at if newest else None,
        items=choose_items(
            s.feed_size, (of_item(plan, _corrected(plan, found)) for found in newest)
        ),
    )
    url = corrections.FEED.url
    yield Page(url, "feed.xml", context, addresses="absolute", listed=False)


def _corrected(plan: Planner, amendment: CorrectionRecord) -> FeedItem:
    """Return a correction or withdrawal as a feed item of its own."""
    line, brief = corrections.correction_entry(plan, amendment), plan.headline(amendment.brief)
    return FeedItem(
        title=f"{line.title}: {brief.name}",
        url=f"{plan.settings.base_url}{line.brief.url}",
        guid=amendment.guid,
        published=amendment.at,
        authors=(plan.info.publisher,),
        categories=(line.line.kind,),
        summary=as_text(line.line),
        corrections=(line.line,),
    )


def _digests_feed(plan: Planner) -> Iterator[Page]:
    """Yield the feed of completed weeks.

    A week is complete once a brief of a later week has appeared.
    """
    s = plan.settings
    over = sorted(plan.view.counts("week"), reverse=True)[1:]
    found = {week: digests.digest(plan, week) for week in over[: min(_WEEKS, s.feed_items)]}
    context = Feed(
        title=f"{s.title}: {digests.FEED.name}",
        url=f"{s.base_url}{digests.INDEX.url}",
        self_url=f"{s.base_url}{digests.FEED.url}",
        description=f"{s.title}, week by week.",
        language=plan.language,
        copyright=s.copyright,
        built=max((d.modified for d in found.values() if d.modified), key=_at, default=None),
        items=choose_items(
            s.feed_size,
            (
                of_item(plan, _digested(plan, week, week_digest))
                for week, week_digest in found.items()
            ),
        ),
    )
    yield Page(digests.FEED.url, "feed.xml", context, addresses="absolute", listed=False)


def _at(moment: Moment) -> datetime:
    return moment.at


def _digested(plan: Planner, week: str, found: digests.WeekDigest) -> FeedItem:
    """Return the digest of a week as a feed item.

    Its identifier depends on the week alone, so a new title does not announce it again.
    """
    page = found.page
    url = f"{plan.settings.base_url}{digests.INDEX.url}{week}/"
    cards = (page.lead.card, *(card for section in page.sections for card in section.cards))
    briefs = (
        BriefLine(title=card.title, url=card.url, summary=card.summary, lang=card.lang)
        for card in cards
    )
    return FeedItem(
        title=f"{page.title} ({page.days})" if page.days else page.title,
        url=url,
        guid=f"digest-{week}",
        published=found.published,
        authors=(plan.info.publisher,),
        categories=(),
        summary=page.standfirst or page.lead.card.title,
        body=with_page(page.words, url),
        digest=DigestItem(briefs=tuple(briefs), numbers=page.numbers, corrections=page.corrections),
    )


def _company_feed(slug: str, plan: Planner) -> Iterator[Page]:
    found = plan.view.company(slug)
    title, briefs = plan.settings.title, plan.view.newest("companies", slug)
    text = f"{title} on {found.name}. {found.summary}".strip()
    for url in _feeds(plan, found.url, company.feed_of(found).url):
        link = Link(f"{title}: {found.name}", url)
        yield _feed(plan, link, plan.settings.base_url + found.url, text, briefs)


def _topic_feed(slug: str, plan: Planner) -> Iterator[Page]:
    found = plan.view.topic(slug)
    title, briefs = plan.settings.title, plan.view.newest("topics", slug)
    text = f"{title} on {found.name}. {found.summary}".strip()
    for url in _feeds(plan, found.url, topic.feed_of(found).url):
        link = Link(f"{title}: {found.name}", url)
        yield _feed(plan, link, plan.settings.base_url + found.url, text, briefs)


def _thread_feed(slug: str, plan: Planner) -> Iterator[Page]:
    found = plan.view.thread(slug)
    title, briefs = plan.settings.title, plan.view.newest("thread", slug)
    text = f"{title} on {found.title}. {found.summary}".strip()
    for url in _feeds(plan, found.url, thread.feed_of(found).url):
        link = Link(f"{title}: {found.title}", url)
        yield _feed(plan, link, plan.settings.base_url + found.url, text, briefs)


def _section_feed(slug: str, plan: Planner) -> Iterator[Page]:
    section = next(found for found in plan.settings.sections if found.slug == slug)
    title, briefs = plan.settings.title, plan.view.newest("section", slug)
    text = f"{title}: {section.name}. {section.summary}".strip()
    for url in _feeds(plan, section.url, f"{section.url}feed.xml"):
        link = Link(f"{title}: {section.name}", url)
        yield _feed(plan, link, plan.settings.base_url + section.url, text, briefs)


def _feeds(plan: Planner, page: str, feed: str) -> tuple[str, ...]:
    """Return the address of a feed, and former ones, whose subscribers keep receiving it."""
    return (feed, *(f"{url}feed.xml" for url in plan.view.former(page)), *plan.view.former(feed))


def _feed(plan: Planner, link: Link, page: str, about: str, carried: tuple[Entry, ...]) -> Page:
    context = Feed(
        title=link.name,
        url=page,
        self_url=f"{plan.settings.base_url}{link.url}",
        description=about,
        language=plan.language,
        copyright=plan.settings.copyright,
        built=latest(carried),
        items=choose_items(plan.settings.feed_size, (of_brief(plan, entry) for entry in carried)),
    )
    origin = "" if link.url.endswith(FEED) else FILE  # a copy for subscribers of a former site
    return Page(link.url, "feed.xml", context, origin, addresses="absolute", listed=False)


KIND = Kind(
    tasks,
    {"feed.xml": Feed},
)
