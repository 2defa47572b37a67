"""Feeds of the changes of facts about a company, a topic or a watchlist."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from html import escape

from builder.ledger.fact_change import FactChange
from builder.pages.feed import FeedContent, feed_files
from builder.pages.page import Data, Kind, Link, Page, Task
from builder.pages.parts.changes import (
    LINES,
    as_data,
    change_line,
    changes_about,
    feed_of_changes,
)
from builder.pages.parts.feed_items import FeedItem, entry_id
from builder.pages.parts.subjects import subject_of
from builder.pages.planner import Planner
from builder.site.known import GROUPS
from builder.site.lists import Lists
from builder.site.site import Site

_MOST = 500  # changes in a file of JSON Lines


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for group in GROUPS:
        for slug in lists.known.subjects(group):
            yield Task(f"changes of {group} {slug}", partial(_feeds, group, slug))


def _named(rest: str) -> Callable[[Planner], Iterator[Page]]:
    _, group, slug = rest.split(" ", 2)
    return partial(_feeds, group, slug)


def _feeds(group: str, slug: str, plan: Planner) -> Iterator[Page]:
    subject, found = subject_of(plan, group, slug), changes_about(plan, group, slug)[::-1]
    feed = feed_of_changes(plan, subject.name, subject.url)
    site = plan.settings.title
    content = FeedContent(
        title=plan.words("{site}: {name}", site=site, name=feed.name),
        folder=feed.url,
        about=plan.words(
            "What changed in the record of {site} on {name}, and since when it is known.",
            site=site,
            name=subject.name,
        ),
        built=found[0].at,
        items=tuple(_item(plan, change) for change in found[: plan.settings.feed_items]),
        page=subject.url,
    )
    yield from feed_files(plan, content)
    lines = "".join(f"{_json(as_data(plan, change))}\n" for change in found[:_MOST])
    yield Page(f"{feed.url}{LINES}", "data.txt", Data(lines), addresses="none", listed=False)


def _json(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _item(plan: Planner, change: FactChange) -> FeedItem:
    """Return a change as a feed item, the same in all feeds."""
    return plan.view.once(f"changed {change.guid}", lambda: _made(plan, change))


def _made(plan: Planner, change: FactChange) -> FeedItem:
    line = change_line(plan, change)
    guid = f"{change.guid}{plan.settings.edition.replace('/', '-')}"
    names = tuple(company.name for company in line.companies)
    source = f"{escape(line.source)}: " if line.source else ""
    words = escape(plan.words("The brief"))
    body = f"<p>{escape(line.text)}</p>\n"
    body += f'<p>{source}<a href="{escape(plan.absolute(line.url))}">{words}</a></p>'
    return FeedItem(
        title=line.text,
        url=plan.absolute(line.url),
        guid=guid,
        id=entry_id(plan, guid),
        published=change.at,
        authors=(Link(plan.info.publisher, ""),),
        categories=names,
        summary=line.text,
        lang=line.lang,
        body=body,
    )


KIND = Kind(tasks, named={"changes": _named})
