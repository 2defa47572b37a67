"""RSS 2.0 feeds of the site, companies, topics, threads, corrections and digests."""

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
from builder.pages.corrections import CorrectionEntry
from builder.pages.page import Kind, Link, Page, Task
from builder.pages.parts.corrections import CorrectionLine, as_text, correction_lines
from builder.pages.parts.figures import FigureLine
from builder.pages.parts.statements import Statements, brief_statements
from builder.pages.planner import FEED, Planner, latest
from builder.site.lists import Lists
from builder.site.site import Entry, Site

_NOTHING_SAID = Statements(known=(), claimed=(), quotes=(), responses=())
_WEEKS = 8  # digests in a feed, since each is long


class BriefLine(Struct, frozen=True, kw_only=True):
    """A brief in a digest."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "A one-sentence summary, if any."]
    lang: Annotated[str, "The language tag."]


class DigestItem(Struct, frozen=True, kw_only=True):
    """The parts of a digest in a feed, besides the introduction."""

    briefs: Annotated[
        tuple[BriefLine, ...], "The lead, then the other briefs, most important first."
    ]
    numbers: Annotated[tuple[FigureLine, ...], "Figures of the week."]
    corrections: Annotated[tuple[CorrectionEntry, ...], "The corrections made this week."]


class FeedItem(Struct, frozen=True, kw_only=True):
    """A feed item: a brief, a correction or a digest."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "The absolute address."]
    guid: Annotated[str, "The permanent identifier by which feed readers know it (RSS 2.0, guid)."]
    published: Annotated[Moment, "When it was published."]
    authors: Annotated[tuple[str, ...], "The authors, each for a dc:creator."]
    categories: Annotated[tuple[str, ...], "The section, companies and topics."]
    summary: Annotated[str, "A one-sentence summary, if any."]
    why: Annotated[str, "Why it matters, if given."]
    yes_but: Annotated[tuple[str, ...], "Points on the other side."]
    whats_next: Annotated[tuple[str, ...], "What to watch."]
    said: Annotated[Statements, "What others said: claims, quotations and responses."]
    sources: Annotated[tuple[Link, ...], "The sources."]
    corrections: Annotated[tuple[CorrectionLine, ...], "The corrections, oldest first."]
    body: Annotated[str, "The full text: HTML made from Markdown."]
    digest: Annotated[DigestItem | None, "The other parts of a digest, if this is one."] = None


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
        description=f"Corrections and withdrawals published by {s.title}.",
        language=plan.language,
        copyright=s.copyright,
        built=newest[0].at if newest else None,
        items=tuple(_corrected(plan, amendment) for amendment in newest),
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
        why="",
        yes_but=(),
        whats_next=(),
        said=_NOTHING_SAID,
        sources=(),
        corrections=(line.line,),
        body="",
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
        items=tuple(_digested(plan, week, digest) for week, digest in found.items()),
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
    # Subscribers to an earlier address keep receiving the feed.
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
    """Return a brief as a feed item, made once for all feeds."""
    return plan.view.once(f"item {slug}", lambda: _item(plan, slug), _size)


def _size(item: FeedItem) -> int:
    return len(item.body) + 2000


_FRAGMENT = re.compile(r'(href=")(#[^"]*")')


def _item(plan: Planner, slug: str) -> FeedItem:
    brief = plan.brief(slug)
    url = f"{plan.settings.base_url}{brief.url}"
    section = plan.section(brief.section)
    return FeedItem(
        title=brief.title,
        url=url,
        guid=brief.identity,
        published=brief.date,
        authors=tuple(a.name for a in plan.authors(brief)) or (plan.info.publisher,),
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
        # Links to footnotes lead to the brief's page, since a feed item has no anchors.
        body=_FRAGMENT.sub(rf"\g<1>{url}\g<2>", brief.body.html),
    )


KIND = Kind(
    tasks,
    {"feed.xml": Feed},
)
