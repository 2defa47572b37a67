"""The kinds of page, and what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from builder.pages import (
    archive,
    author,
    book,
    brief,
    calendar,
    card,
    changes,
    company,
    corrections,
    digest,
    dossier,
    expected,
    expected_feed,
    feed,
    feed_index,
    front,
    history,
    host_files,
    known,
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
    history.KIND,
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
    expected.KIND,
    expected_feed.KIND,
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
    changes.KIND,
    known.KIND,
    feed_index.KIND,
    redirect.KIND,
    search_data.KIND,
    host_files.KIND,
    unpublished.KIND,
    mail.KIND,
    book.KIND,
    dossier.KIND,
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


_NAMED = {word: make for kind in KINDS for word, make in kind.named.items()}
# From so many tasks on, listing all takes no longer than finding them.
_MANY = 500


class Tasks:
    """The tasks of all editions, except the sitemap's.

    `listed` returns all. With `names`, these are known to be their names, and `find` makes those
    that are looked for."""

    def __init__(
        self,
        listed: Callable[[], list[Task]],
        names: Collection[str] | None = None,
        find: Callable[[Collection[str]], list[Task]] | None = None,
    ) -> None:
        self._listed, self._names, self._find = listed, names, find

    @cached_property
    def all(self) -> dict[str, Task]:
        return {task.name: task for task in self._listed()}

    @property
    def names(self) -> Collection[str]:
        return self.all.keys() if self._names is None else self._names

    def find(self, names: Collection[str]) -> list[Task]:
        """Return tasks by their names."""
        if self._find and len(names) < _MANY:
            return self._find(names)
        return [self.all[name] for name in names]


def find_edition_tasks(tag: str, site: Site, lists: Lists, names: Iterable[str]) -> Iterator[Task]:
    """Yield tasks of a further edition by their names."""
    own = (name.removeprefix(f"{tag}:") for name in names if name.startswith(f"{tag}:"))
    for task in find_tasks(site, lists, own):
        yield Task(f"{tag}:{task.name}", task.make, tag)


def find_tasks(site: Site, lists: Lists, names: Iterable[str]) -> list[Task]:
    """Return tasks of the main edition by their names, without listing all."""
    found: dict[str, Task | None] = {}
    for name in names:
        word, _, rest = name.partition(" ")
        found[name] = Task(name, _NAMED[word](rest)) if word in _NAMED else None
    sought = {name for name, task in found.items() if task is None}
    kinds = sorted(KINDS, key=lambda kind: len(kind.named))  # those with many tasks last
    for task in (task for kind in kinds for task in kind.tasks(site, lists)):
        if not sought:
            break
        if task.name in sought:
            sought.remove(task.name)
            found[task.name] = task
    return [task for task in found.values() if task is not None]
