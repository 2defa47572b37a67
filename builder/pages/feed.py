"""Feeds in RSS 2.0, Atom 1.0 and JSON Feed 1.1, all from one context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.content.config import FILE
from builder.language.language_names import own_name
from builder.ledger.corrections import CorrectionRecord
from builder.model.feeds import FeedFormat
from builder.model.time import Moment
from builder.pages import corrections
from builder.pages import digest as digests
from builder.pages.page import Kind, Link, Page, Task
from builder.pages.parts.corrections import as_text
from builder.pages.parts.feed_addresses import FILES, formats_of, tag
from builder.pages.parts.feed_items import (
    BriefLine,
    DigestItem,
    FeedItem,
    choose_items,
    entry_id,
    of_brief,
    of_item,
    with_page,
)
from builder.pages.parts.subjects import newest_about, subject_of
from builder.pages.planner import Planner, latest
from builder.site.followed import GROUPS, followed
from builder.site.lists import Lists
from builder.site.site import Entry, Site

_WEEKS = 8  # digests in a feed, since each is long


class Feed(Struct, frozen=True, kw_only=True):
    """A feed, the same in every format."""

    title: Annotated[str, "The feed's name."]
    url: Annotated[str, "The absolute address of the corresponding page."]
    id: Annotated[str, "The feed's permanent identifier, an IRI (RFC 4287, atom:id)."]
    rss: Annotated[str, "The absolute address of this feed as RSS; empty if it is not made."]
    atom: Annotated[str, "Its address as Atom, in the same way."]
    json: Annotated[str, "Its address as JSON Feed, in the same way."]
    hub: Annotated[str, "The address of a WebSub hub, if any."]
    description: Annotated[str, "A description of the feed, which RSS 2.0 requires."]
    language: Annotated[str, "The language tag."]
    author: Annotated[str, "The publisher of the site."]
    copyright: Annotated[str, "The copyright line, if any."]
    base_url: Annotated[str, "The site's address, without a trailing slash."]
    root_url: Annotated[str, "The address of the whole site, of which an edition is a part."]
    built: Annotated[Moment | None, "When the newest item was published or updated."]
    items: Annotated[tuple[FeedItem, ...], "The items, newest first."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("feed", _site_feed)
    if site.corrections:
        yield Task("corrections-feed", _corrections_feed)
    if lists.covering["week"]:
        yield Task("digests-feed", _digests_feed)
    for group in GROUPS:
        for slug in followed(site, lists, group):
            yield Task(f"feed of {group} {slug}", partial(_subject_feed, group, slug))


def _named(rest: str) -> Callable[[Planner], Iterator[Page]]:
    if not rest:
        return _site_feed
    _, group, slug = rest.split(" ", 2)
    return partial(_subject_feed, group, slug)


def _site_feed(plan: Planner) -> Iterator[Page]:
    s = plan.settings
    about = s.description or s.tagline or s.title
    yield from _feed(plan, Link(s.title, "/"), about, plan.view.newest("all", ""))


def _corrections_feed(plan: Planner) -> Iterator[Page]:
    s = plan.settings
    newest = plan.view.corrections()[: s.feed_items]
    items = choose_items(s.feed_size, (of_item(plan, _corrected(plan, found)) for found in newest))
    yield from feed_files(
        plan,
        FeedContent(
            title=corrections.feed_title(plan),
            folder=corrections.FEED.url,
            about=plan.words(
                "Corrections and withdrawals published by {site}.", site=plan.settings.title
            ),
            built=newest[0].at if newest else None,
            items=items,
        ),
    )


def _corrected(plan: Planner, amendment: CorrectionRecord) -> FeedItem:
    """Return a correction or withdrawal as a feed item of its own."""
    line = corrections.correction_entry(plan, amendment)
    return FeedItem(
        title=line.title,
        url=plan.absolute(line.brief.url),
        guid=amendment.guid,
        id=entry_id(plan, amendment.guid),
        published=amendment.at,
        authors=(Link(plan.info.publisher, ""),),
        categories=(plan.words_in(line.lang).term("correction", line.line.kind),),
        summary=as_text(plan.words_in(line.lang), line.line),
        lang=line.lang,
        corrections=(line.line,),
    )


def _digests_feed(plan: Planner) -> Iterator[Page]:
    """Yield the feed of completed weeks.

    A week is complete once a brief of a later week has appeared.
    """
    s = plan.settings
    over = sorted(plan.view.counts("week"), reverse=True)[1:]
    found = {week: digests.digest(plan, week) for week in over[: min(_WEEKS, s.feed_items)]}
    built = max((d.modified for d in found.values() if d.modified), key=_at, default=None)
    items = (of_item(plan, _digested(plan, week, made)) for week, made in found.items())
    yield from feed_files(
        plan,
        FeedContent(
            title=digests.feed_title(plan),
            folder=digests.FEED.url,
            about=plan.words("{site}, week by week.", site=plan.settings.title),
            built=built,
            items=choose_items(s.feed_size, items),
        ),
    )


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
        guid=f"digest-{week}{plan.settings.edition.replace('/', '-')}",
        id=entry_id(plan, f"digest-{week}"),
        published=found.published,
        authors=(Link(plan.info.publisher, ""),),
        categories=(),
        summary=page.standfirst or page.lead.card.title,
        lang=page.head.lang,
        body=with_page(page.words, url),
        digest=DigestItem(
            briefs=tuple(briefs),
            numbers=page.numbers,
            corrections=page.corrections,
            due=page.due,
        ),
    )


def _subject_feed(group: str, slug: str, plan: Planner) -> Iterator[Page]:
    subject = subject_of(plan, group, slug)
    feed = Link(subject.title, subject.url)
    yield from _feed(plan, feed, subject.about, newest_about(plan, group, slug))


def _feed(plan: Planner, feed: Link, about: str, carried: Sequence[Entry]) -> Iterator[Page]:
    """Yield a feed of briefs; `feed` has its title and the address of its folder."""
    items = choose_items(plan.settings.feed_size, (of_brief(plan, entry) for entry in carried))
    yield from feed_files(plan, FeedContent(feed.name, feed.url, about, latest(carried), items))


def _title(plan: Planner, title: str) -> str:
    """Return the title of a feed, which in a further edition says its language."""
    s = plan.settings
    return f"{title} ({own_name(s.language)})" if s.edition else title


class FeedContent(NamedTuple):
    """What a feed contains in every format, and the folder that it is in."""

    title: str
    folder: str
    about: str
    built: Moment | None
    items: tuple[FeedItem, ...]
    page: str = ""  # the address of the corresponding page (default: the folder)


def feed_files(plan: Planner, content: FeedContent) -> Iterator[Page]:
    """Yield a feed in all formats, with copies at former addresses.

    Their subscribers keep receiving it."""
    formats = formats_of(plan.settings)
    for folder in (content.folder, *plan.view.former(content.folder)):
        yield from _copy(plan, content, {form: f"{folder}{FILES[form]}" for form in formats})
    for form in formats:
        for url in plan.view.former(f"{content.folder}{FILES[form]}"):
            yield from _copy(plan, content, {form: url})


def _copy(
    plan: Planner, content: FeedContent, addresses: Mapping[FeedFormat, str]
) -> Iterator[Page]:
    """Yield a feed at one address for each format."""
    s = plan.settings
    absolute = {form: f"{s.base_url}{url}" for form, url in addresses.items()}
    context = Feed(
        title=_title(plan, content.title),
        url=f"{s.base_url}{content.page or content.folder}",
        id=tag(s, content.folder),
        rss=absolute.get("rss", ""),
        atom=absolute.get("atom", ""),
        json=absolute.get("json", ""),
        hub=s.hub,
        description=content.about,
        language=plan.language,
        author=plan.info.publisher,
        copyright=s.copyright,
        base_url=s.base_url,
        root_url=s.root_url,
        built=content.built,
        items=content.items,
    )
    for form, url in addresses.items():
        origin = "" if url.endswith(f"/{FILES[form]}") else FILE  # of a former site
        yield Page(url, FILES[form], context, origin, addresses="absolute", listed=False)


KIND = Kind(tasks, dict.fromkeys(FILES.values(), Feed), named={"feed": _named})
