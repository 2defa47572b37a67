"""Briefs -> RSS 2.0 feeds: of the site, of each company, topic and thread; of corrections and of
digests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.ledger.corrections import CorrectionRecord
from builder.model.time import Moment
from builder.pages import company, corrections, thread, topic
from builder.pages import digest as digests
from builder.pages.corrections import AmendedLine
from builder.pages.page import Kind, Link, Page, Task
from builder.pages.parts.corrections import CorrectionLine, as_text, correction_lines
from builder.pages.parts.figures import FigureLine
from builder.pages.parts.statements import Statements, brief_statements
from builder.pages.planner import FEED, Planner, latest
from builder.site.lists import Lists
from builder.site.site import Entry, Site

_NOTHING_SAID = Statements(known=(), claimed=(), quotes=(), responses=())
_WEEKS = 8  # digests that a feed has: each is long


class BriefLine(Struct, frozen=True, kw_only=True):
    """A brief in a digest."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "One sentence, or nothing."]
    lang: Annotated[str, "Its language tag."]


class DigestItem(Struct, frozen=True, kw_only=True):
    """What a digest in a feed has besides an editor's words."""

    briefs: Annotated[tuple[BriefLine, ...], "The lead, then the others: the most important first."]
    numbers: Annotated[tuple[FigureLine, ...], "Figures of the week."]
    corrections: Annotated[tuple[AmendedLine, ...], "What was put right in the week."]


class FeedItem(Struct, frozen=True, kw_only=True):
    """A brief in a feed, a correction of one, or a digest."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its absolute address."]
    guid: Annotated[str, "What readers know it by; it never changes (RSS 2.0, guid)."]
    published: Annotated[Moment, "When it was published."]
    author: Annotated[str, "The by-line, for dc:creator."]
    categories: Annotated[tuple[str, ...], "Its section, companies and topics."]
    summary: Annotated[str, "One sentence, or nothing."]
    why: Annotated[str, "Why it matters, or nothing."]
    yes_but: Annotated[tuple[str, ...], "What speaks against it."]
    whats_next: Annotated[tuple[str, ...], "What to watch."]
    said: Annotated[Statements, "What others said: claims, quotations, who answered."]
    sources: Annotated[tuple[Link, ...], "What it rests on."]
    corrections: Annotated[tuple[CorrectionLine, ...], "What was put right, the first first."]
    body: Annotated[str, "The full text: HTML made from Markdown."]
    digest: Annotated[DigestItem | None, "What a digest has besides."] = None


class Feed(Struct, frozen=True, kw_only=True):
    """An RSS 2.0 feed."""

    title: Annotated[str, "Its name."]
    url: Annotated[str, "The absolute address of the page that it follows."]
    self_url: Annotated[str, "Its own absolute address."]
    description: Annotated[str, "What it carries (required by RSS 2.0)."]
    language: Annotated[str, "A language tag."]
    copyright: Annotated[str, "The site's line, or nothing."]
    built: Annotated[Moment | None, "When its newest item was published or updated."]
    items: Annotated[tuple[FeedItem, ...], "What it carries, the newest first."]


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


def _site_feed(plan: Planner) -> Iterator[Page]:
    s = plan.settings
    about = s.description or s.tagline or s.title
    briefs = plan.view.newest("all", "")
    yield _feed(plan, Link(s.title, FEED), f"{s.base_url}/", about, briefs)


def _corrections_feed(plan: Planner) -> Iterator[Page]:
    s = plan.settings
    newest = plan.view.corrections()[: s.feed_items]
    context = Feed(
        title=f"{s.title}: {corrections.LEDGER.name}",
        url=f"{s.base_url}{corrections.LEDGER.url}",
        self_url=f"{s.base_url}{corrections.FEED.url}",
        description=f"What {s.title} has corrected or withdrawn.",
        language=plan.language,
        copyright=s.copyright,
        built=newest[0].at if newest else None,
        items=tuple(_corrected(plan, amendment) for amendment in newest),
    )
    url = corrections.FEED.url
    yield Page(url, "feed.xml", context, addresses="absolute", listed=False)


def _corrected(plan: Planner, amendment: CorrectionRecord) -> FeedItem:
    """A correction, or a withdrawal, as an item of its own."""
    line, brief = corrections.amendment_line(plan, amendment), plan.headline(amendment.brief)
    return FeedItem(
        title=f"{line.title}: {brief.name}",
        url=f"{plan.settings.base_url}{line.brief.url}",
        guid=amendment.guid,
        published=amendment.at,
        author=plan.info.publisher,
        categories=(line.line.kind,),
        summary=as_text(line.line),
        why="",
        yes_but=(),
        whats_next=(),
        said=_NOTHING_SAID,
        sources=(),
        corrections=(line.line,),
        body="",
    )


def _digests_feed(plan: Planner) -> Iterator[Page]:
    """The last weeks that are over: a brief of a later one has appeared."""
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
        items=tuple(_digested(plan, week, digest) for week, digest in found.items()),
    )
    yield Page(digests.FEED.url, "feed.xml", context, addresses="absolute", listed=False)


def _at(moment: Moment) -> datetime:
    return moment.at


def _digested(plan: Planner, week: str, found: digests.WeekDigest) -> FeedItem:
    """The digest of a week; readers know it by the week, whatever an editor calls it."""
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
        author=plan.info.publisher,
        categories=(),
        summary=page.standfirst or page.lead.card.title,
        why="",
        yes_but=(),
        whats_next=(),
        said=_NOTHING_SAID,
        sources=(),
        corrections=(),
        body=_FRAGMENT.sub(rf"\g<1>{url}\g<2>", page.words),
        digest=DigestItem(briefs=tuple(briefs), numbers=page.numbers, corrections=page.corrections),
    )


def _company_feed(slug: str, plan: Planner) -> Iterator[Page]:
    found = plan.view.company(slug)
    title, briefs = plan.settings.title, plan.view.newest("companies", slug)
    text = f"{title} on {found.name}. {found.summary}".strip()
    # Who follows the feed at an earlier address goes on doing so.
    former = [f"{url}feed.xml" for url in plan.view.former(found.url)]
    for url in (company.feed_of(found).url, *former):
        link = Link(f"{title}: {found.name}", url)
        yield _feed(plan, link, plan.settings.base_url + found.url, text, briefs)


def _topic_feed(slug: str, plan: Planner) -> Iterator[Page]:
    found = plan.view.topic(slug)
    title, briefs = plan.settings.title, plan.view.newest("topics", slug)
    text = f"{title} on {found.name}. {found.summary}".strip()
    former = [f"{url}feed.xml" for url in plan.view.former(found.url)]
    for url in (topic.feed_of(found).url, *former):
        link = Link(f"{title}: {found.name}", url)
        yield _feed(plan, link, plan.settings.base_url + found.url, text, briefs)


def _thread_feed(slug: str, plan: Planner) -> Iterator[Page]:
    found = plan.view.thread(slug)
    title, briefs = plan.settings.title, plan.view.newest("thread", slug)
    text = f"{title} on {found.title}. {found.summary}".strip()
    former = [f"{url}feed.xml" for url in plan.view.former(found.url)]
    for url in (thread.feed_of(found).url, *former):
        link = Link(f"{title}: {found.title}", url)
        yield _feed(plan, link, plan.settings.base_url + found.url, text, briefs)


def _feed(plan: Planner, link: Link, page: str, about: str, carried: tuple[Entry, ...]) -> Page:
    context = Feed(
        title=link.name,
        url=page,
        self_url=f"{plan.settings.base_url}{link.url}",
        description=about,
        language=plan.language,
        copyright=plan.settings.copyright,
        built=latest(carried),
        items=tuple(item(plan, entry.slug) for entry in carried),
    )
    return Page(link.url, "feed.xml", context, addresses="absolute", listed=False)


def item(plan: Planner, slug: str) -> FeedItem:
    """A brief in a feed, made once for all feeds."""
    return plan.view.once(f"item {slug}", lambda: _item(plan, slug), _size)


def _size(item: FeedItem) -> int:
    return len(item.body) + 2000


_FRAGMENT = re.compile(r'(href=")(#[^"]*")')


def _item(plan: Planner, slug: str) -> FeedItem:
    brief = plan.brief(slug)
    url = f"{plan.settings.base_url}{brief.url}"
    author = plan.author(brief.author)
    section = plan.section(brief.section)
    return FeedItem(
        title=brief.title,
        url=url,
        guid=brief.identity,
        published=brief.date,
        author=author.name if author else plan.info.publisher,
        categories=(
            *((section.name,) if section else ()),
            *(plan.company(slug).name for slug in brief.companies),
            *(plan.topic(slug).name for slug in brief.topics),
        ),
        summary=brief.summary,
        why=brief.why,
        yes_but=tuple(brief.yes_but),
        whats_next=tuple(brief.whats_next),
        said=brief_statements(plan, brief),
        sources=tuple(Link(s.publisher, s.url) for s in brief.sources),
        corrections=correction_lines(brief),
        # A note's number leads to the note on the brief's page, not to nowhere.
        body=_FRAGMENT.sub(rf"\g<1>{url}\g<2>", brief.body.html),
    )


KIND = Kind(
    tasks,
    {"feed.xml": Feed},
)
