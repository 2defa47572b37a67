"""The feed of what is expected: what is announced, falls due and turns out."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from builder.language.typography import typographic
from builder.ledger.expectations import ExpectationRecord
from builder.model.expectation import Outcome
from builder.model.time import Moment
from builder.names.keys import in_address
from builder.pages.feed import FeedContent, feed_files
from builder.pages.page import Kind, Link, Page, Task
from builder.pages.parts.expectations import (
    expectation_anchor,
    expectation_text,
    feed_of_expectations,
)
from builder.pages.parts.feed_items import FeedItem, entry_id
from builder.pages.planner import Planner
from builder.site.ledger_facts import EXPECTATIONS
from builder.site.lists import EXPECTED, Lists
from builder.site.site import Site


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.expectations:
        yield Task("expectations-feed", _feed)


def _feed(plan: Planner) -> Iterator[Page]:
    items = [item for record in plan.view.read(EXPECTATIONS) for item in _items(plan, record)]
    items.sort(key=lambda item: (-item.published.at.timestamp(), item.guid))
    feed = feed_of_expectations(plan)
    content = FeedContent(
        title=feed.name,
        folder=feed.url,
        about=plan.words("What is expected, and how it turned out."),
        built=items[0].published,
        items=tuple(items[: plan.settings.feed_items]),
        page=EXPECTED,
    )
    yield from feed_files(plan, content)


def _items(plan: Planner, record: ExpectationRecord) -> Iterator[FeedItem]:
    """Yield what readers learn of an expectation, each at its time."""
    language = record.lang or plan.language
    words, text = plan.words_in(language), typographic(record.text, language)
    anchor = f"#{in_address(expectation_anchor(record.id))}" if record.at else ""
    stated = plan.headline(record.brief)
    title = expectation_text(words, text, record.by)
    yield _item(plan, record, "expected", record.expected, title, stated, anchor)
    if record.state == "overdue":
        due = Moment(record.by.over, "minute")
        title = words("Overdue: {text}", text=text)
        yield _item(plan, record, "overdue", due, title, stated, anchor)
    for found in record.settled:
        titles: dict[Outcome, str] = {
            "happened": words("It happened: {text}", text=text),
            "late": words("It happened late: {text}", text=text),
            "partly": words("It happened in part: {text}", text=text),
            "not": words("It did not happen: {text}", text=text),
            "moot": words("It no longer applies: {text}", text=text),
        }
        brief, name = plan.headline(found.brief), f"settled-{found.brief}"
        yield _item(plan, record, name, found.published, titles[found.outcome], brief)


def _item(
    plan: Planner,
    record: ExpectationRecord,
    name: str,
    at: Moment,
    title: str,
    brief: Link,
    anchor: str = "",
) -> FeedItem:
    guid = f"{record.uid}-{name}{plan.settings.edition.replace('/', '-')}"
    url = f"{plan.absolute(brief.url)}{anchor}"
    link = f'<a href="{escape(url)}">{escape(brief.name)}</a>'
    return FeedItem(
        title=title,
        url=url,
        guid=guid,
        id=entry_id(plan, guid),
        published=at,
        authors=(Link(plan.info.publisher, ""),),
        categories=(plan.company(record.of).name,) if _has_page(plan, record.of) else (),
        summary=title,
        lang=record.lang or plan.language,
        body=f"<p>{escape(title)}</p>\n<p>{link}</p>",
    )


def _has_page(plan: Planner, company: str) -> bool:
    return bool(company) and plan.view.has_company(company)


KIND = Kind(tasks)
