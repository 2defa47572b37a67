"""The list of feeds, and the same as OPML, which feed readers import."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.language.words import message
from builder.pages import corrections, digest, expected
from builder.pages.page import FeedLink, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.changes import feed_of_changes
from builder.pages.parts.expectations import feed_of_expectations
from builder.pages.parts.feed_addresses import feed_links
from builder.pages.parts.subjects import HEADINGS, subject_of
from builder.pages.planner import Planner
from builder.site.followed import GROUPS
from builder.site.known import GROUPS as CHANGE_GROUPS
from builder.site.known_facts import CHANGED
from builder.site.lists import Lists
from builder.site.site import Site

INDEX = Link(message("Feeds"), "/feeds/")
OPML = f"{INDEX.url}all.opml"


class FeedRow(Struct, frozen=True):
    """A feed in the list, in all formats."""

    name: Annotated[str, "What it follows."]
    title: Annotated[str, "The title of the feed."]
    page: Annotated[str, "The address of the corresponding page."]
    formats: Annotated[tuple[FeedLink, ...], "The feed in each format, the usual one first."]


class FeedGroup(Struct, frozen=True):
    """Feeds of one kind."""

    id: Annotated[str, "The anchor."]
    heading: Annotated[str, "The heading."]
    feeds: Annotated[tuple[FeedRow, ...], "The feeds, in the order of their names."]


class FeedsPage(Struct, frozen=True, kw_only=True):
    """The list of feeds."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    everything: Annotated[
        tuple[FeedRow, ...], "The feeds of all briefs, and of digests and corrections if any."
    ]
    groups: Annotated[tuple[FeedGroup, ...], "The other feeds by kind."]
    opml: Annotated[str, "The address of the list as OPML."]


class FeedList(Struct, frozen=True, kw_only=True):
    """All feeds, to import into a feed reader (OPML 2.0)."""

    title: Annotated[str, "The title of the list."]
    base_url: Annotated[str, "The site's address, without a trailing slash."]
    owner: Annotated[str, "The publisher."]
    everything: Annotated[
        tuple[FeedRow, ...], "The feeds of all briefs, and of digests and corrections if any."
    ]
    groups: Annotated[tuple[FeedGroup, ...], "The other feeds by kind."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("feeds", partial(_feeds, bool(site.corrections), bool(site.expectations)))


def _feeds(corrected: bool, expects: bool, plan: Planner) -> Iterator[Page]:
    s = plan.settings
    whole: list[tuple[str, str, str]] = [(s.title, s.title, "/")]
    if plan.view.counts("week"):
        whole.append((plan.named(digest.FEED).name, digest.feed_title(plan), digest.FEED.url))
    if corrected:
        name = plan.named(corrections.FEED).name
        whole.append((name, corrections.feed_title(plan), corrections.FEED.url))
    if expects:
        feed = feed_of_expectations(plan)
        whole.append((plan.named(expected.INDEX).name, feed.name, feed.url))
    everything = tuple(_row(plan, *found) for found in whole)
    groups = tuple(
        FeedGroup(group, plan.words.key(HEADINGS[group]), rows)
        for group in GROUPS
        if (rows := _rows(plan, group))
    )
    changes = tuple(_changes(plan))
    if changes:
        # Translators: a heading in the list of feeds.
        heading = plan.words("Changes of facts")
        groups = (*groups, FeedGroup("changes", heading, changes))
    context = FeedsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            description=plan.words(
                "Follow {site}, a company or a topic in a feed reader.", site=plan.settings.title
            ),
            active=INDEX.url,
        ),
        everything=everything,
        groups=groups,
        opml=OPML,
    )
    anchors = ("content", "everything", *(group.id for group in groups))
    yield Page(INDEX.url, "feeds.html", context, anchors=anchors)
    listed = FeedList(
        title=plan.words("{site}: Feeds", site=s.title),
        base_url=s.base_url,
        owner=plan.info.publisher,
        everything=everything,
        groups=groups,
    )
    yield Page(OPML, "feeds.opml", listed, addresses="absolute", listed=False)


def _rows(plan: Planner, group: str) -> tuple[FeedRow, ...]:
    """Return the feeds of one kind."""
    found = (subject_of(plan, group, slug) for slug in plan.view.followed(group))
    return tuple(_row(plan, subject.name, subject.title, subject.url) for subject in found)


def _changes(plan: Planner) -> Iterator[FeedRow]:
    """Yield the feeds of changes of facts."""
    for group in CHANGE_GROUPS:
        for slug in plan.view.read(CHANGED, group):
            subject = subject_of(plan, group, slug)
            feed = feed_of_changes(plan, subject.name, subject.url)
            links = feed_links(plan.settings, feed)
            yield FeedRow(subject.name, feed.name, subject.url, links)


def _row(plan: Planner, name: str, title: str, folder: str) -> FeedRow:
    return FeedRow(name, title, folder, feed_links(plan.settings, Link(title, folder)))


KIND = Kind(
    tasks,
    {"feeds.html": FeedsPage, "feeds.opml": FeedList},
    roots=(INDEX.url,),
)
