"""The kinds of page, and what follows from them."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from builder.pages import (
    archive,
    author,
    book,
    brief,
    calendar,
    card,
    company,
    corrections,
    digest,
    feed,
    feed_index,
    front,
    host_files,
    lists,
    llms,
    mail,
    news_sitemap,
    numbers,
    person,
    plain,
    publisher,
    record,
    redirect,
    relations,
    search,
    search_data,
    section,
    sitemap,
    thread,
    topic,
    unpublished,
    watchlist,
)
from builder.pages.page import Kind, Task
from builder.site.lists import Lists
from builder.site.site import Site

# The order in which pages are planned and rendered.
KINDS: tuple[Kind, ...] = (
    front.KIND,
    brief.KIND,
    card.KIND,
    lists.KIND,
    company.KIND,
    topic.KIND,
    thread.KIND,
    person.KIND,
    author.KIND,
    section.KIND,
    watchlist.KIND,
    archive.KIND,
    calendar.KIND,
    digest.KIND,
    plain.KIND,
    search.KIND,
    numbers.KIND,
    relations.KIND,
    publisher.KIND,
    corrections.KIND,
    record.KIND,
    llms.KIND,
    feed.KIND,
    feed_index.KIND,
    redirect.KIND,
    search_data.KIND,
    host_files.KIND,
    unpublished.KIND,
    mail.KIND,
    book.KIND,
    news_sitemap.KIND,
    sitemap.KIND,
)

# Each template and its context, as documented in docs/templates.md.
CONTEXTS: dict[str, type[Struct]] = {
    template: context for kind in KINDS for template, context in kind.templates.items()
}

# The first path segments reserved for the site, and whether a plain page may use each.
RESERVED: dict[str, bool] = {
    **dict.fromkeys(("/assets/", "/media/", "/page/"), False),
    **{root: kind.text for kind in KINDS for root in kind.roots},
}


def list_tasks(site: Site, lists: Lists) -> list[Task]:
    """Return every task of the site except the sitemap's."""
    return _distinct(site, [task for kind in KINDS for task in kind.tasks(site, lists)])


def list_edition_tasks(tag: str, site: Site, lists: Lists) -> list[Task]:
    """Return every task of a further edition; names begin with its tag."""
    kinds = (kind for kind in KINDS if not kind.once)
    tasks = [
        Task(f"{tag}:{task.name}", task.make, tag)
        for kind in kinds
        for task in kind.tasks(site, lists)
    ]
    return _distinct(site, tasks)


def _distinct(site: Site, tasks: list[Task]) -> list[Task]:
    """Return tasks, none of which has the name of another.

    They would hide each other, since their pages are kept by it."""
    if len({task.name for task in tasks}) < len(tasks) and not site.config.problems:
        twice = [name for name, n in Counter(task.name for task in tasks).items() if n > 1]
        raise AssertionError(f"several tasks are called {twice[0]}")
    return tasks
