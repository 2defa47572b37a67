"""A topic -> its page; all topics -> their index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.model import Card, Link, Moment, Topic
from builder.pages.lists import older_pages
from builder.pages.page import Counted, Head, Page, SiteInfo
from builder.pages.plan import Plan, latest

INDEX = Link("Topics", "/topics/")


class TopicPage(Struct, frozen=True, kw_only=True):
    """A topic."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    summary: Annotated[str, "What it covers, or nothing."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]
    cards: Annotated[tuple[Card, ...], "The briefs, the newest first."]
    older: Annotated[str, "The address of older briefs, or nothing."]
    companies: Annotated[tuple[Counted, ...], "The companies in them."]


class TopicRow(Struct, frozen=True):
    """A topic in the index."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "What it covers, or nothing."]
    count: Annotated[int, "How many briefs name it."]
    latest: Annotated[Moment | None, "When the newest of them was published."]


class TopicsPage(Struct, frozen=True, kw_only=True):
    """The index of topics."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    topics: Annotated[tuple[TopicRow, ...], "In the order of the alphabet."]


def plan_pages(plan: Plan) -> Iterator[Page]:
    topics = list(plan.site.topics.values())
    for topic in topics:
        yield from _topic_pages(plan, topic)
    yield _index(plan, topics)


def feed_of(topic: Topic) -> Link:
    """The feed of a topic."""
    return Link(f"{topic.name}: coverage", f"{topic.url}feed.xml")


def _topic_pages(plan: Plan, topic: Topic) -> Iterator[Page]:
    briefs = plan.by_topic.get(topic.slug, ())
    pieces = plan.slices(topic.url, briefs)
    feed = feed_of(topic) if briefs else None
    context = TopicPage(
        site=plan.info,
        head=plan.head(
            topic.url,
            topic.name,
            trail=[INDEX],
            feed=feed,
            description=topic.summary,
            active=INDEX.url,
        ),
        name=topic.name,
        summary=topic.summary,
        body=topic.body.html,
        cards=plan.cards(pieces[0].briefs),
        older=pieces[0].older,
        companies=plan.counted("companies", briefs),
    )
    anchors = ("content", *(heading.anchor for heading in topic.body.headings))
    yield Page(
        topic.url, "topic.html", context, topic.path, modified=latest(briefs), anchors=anchors
    )
    yield from older_pages(plan, pieces, Link(topic.name, topic.url), [INDEX], feed, INDEX.url)


def _index(plan: Plan, topics: list[Topic]) -> Page:
    rows = []
    for topic in topics:
        briefs = plan.by_topic.get(topic.slug, ())
        newest = briefs[0].date if briefs else None
        rows.append(TopicRow(topic.name, topic.url, topic.summary, len(briefs), newest))
    context = TopicsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            INDEX.name,
            active=INDEX.url,
            description=f"What {plan.settings.title} covers.",
        ),
        topics=tuple(rows),
    )
    return Page(INDEX.url, "topics.html", context, modified=latest(plan.site.briefs))
