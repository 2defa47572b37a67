"""The page of a topic, and the index of topics."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.language.words import message
from builder.model.entity import Topic
from builder.model.time import Moment
from builder.pages.lists import older_tasks
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.changes import Changes, subject_changes
from builder.pages.parts.translation import TranslationNote, profile_note, translated_page
from builder.pages.planner import Planner, latest
from builder.site.lists import Lists
from builder.site.site import Site

INDEX = Link(message("Topics"), "/topics/")


class TopicPage(Struct, frozen=True, kw_only=True):
    """A topic's page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    summary: Annotated[str, "A description of the topic, if any."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]
    text_language: Annotated[str, "The language of the text."]
    translated: Annotated[
        TranslationNote | None, "Who translated the text, from what, and whether that changed."
    ]
    cards: Annotated[tuple[Card, ...], "The briefs, newest first."]
    older: Annotated[str, "The address of older briefs, if any."]
    changes: Annotated[
        Changes | None, "What changed in the record of it, and how to follow that, if anything did."
    ]
    companies: Annotated[tuple[Counted, ...], "The companies in these briefs."]


class TopicRow(Struct, frozen=True):
    """A topic in the index."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "A description of the topic, if any."]
    count: Annotated[int, "The number of briefs that name it."]
    latest: Annotated[Moment | None, "When the newest of these was published."]


class TopicsPage(Struct, frozen=True, kw_only=True):
    """The index of topics."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    topics: Annotated[tuple[TopicRow, ...], "The topics, in alphabetical order."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug, topic in site.topics.items():
        yield Task(f"topic {slug}", partial(_topic_page, slug))
        subject, feed = partial(_subject, slug), partial(_feed, slug)
        yield from older_tasks(lists, topic.url, subject, [INDEX], feed, INDEX.url)
    yield Task("topics", _index)


def feed_of(plan: Planner, topic: Topic) -> Link:
    """Return the name of the feed of a topic, and its folder."""
    return Link(plan.words("{name}: coverage", name=topic.name), topic.url)


def _subject(slug: str, plan: Planner) -> Link:
    return plan.topic(slug)


def _feed(slug: str, plan: Planner) -> Link:
    return feed_of(plan, plan.view.topic(slug))


def _topic_page(slug: str, plan: Planner) -> Iterator[Page]:
    topic = plan.view.topic(slug)
    body = plan.text(topic)
    chunk = plan.view.slice(topic.url, 0)
    briefs = plan.view.covering("topics", slug)
    feed = feed_of(plan, topic) if briefs else None
    changed = subject_changes(plan, "topics", slug, topic.name, topic.url)
    context = TopicPage(
        site=plan.info,
        head=plan.head(
            topic.url,
            topic.name,
            trail=[plan.named(INDEX)],
            feed=feed,
            changes=changed.feeds if changed else (),
            description=topic.summary,
            active=INDEX.url,
            objects=translated_page(plan, topic),
        ),
        name=topic.name,
        summary=topic.summary,
        body=body.html,
        text_language=plan.text_language(topic),
        translated=profile_note(plan, topic),
        cards=plan.cards(chunk.items),
        older=chunk.older,
        changes=changed,
        companies=plan.counted("companies", briefs),
    )
    anchors = ("content", *(heading.anchor for heading in body.headings))
    yield Page(
        topic.url, "topic.html", context, topic.path, modified=latest(briefs), anchors=anchors
    )


def _index(plan: Planner) -> Iterator[Page]:
    rows = []
    for slug in plan.view.topics():
        topic = plan.view.topic(slug)
        count, newest = plan.view.count("topics", slug)
        rows.append(TopicRow(topic.name, topic.url, topic.summary, count, newest))
    context = TopicsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words("The topics that {site} covers.", site=plan.settings.title),
        ),
        topics=tuple(rows),
    )
    newest_of_all = latest(plan.view.covering("all", ""))
    yield Page(INDEX.url, "topics.html", context, modified=newest_of_all)


KIND = Kind(
    tasks,
    {"topic.html": TopicPage, "topics.html": TopicsPage},
    roots=(INDEX.url,),
)
