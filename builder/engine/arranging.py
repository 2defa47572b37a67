"""Arranges the lists, the related briefs, the search index and the tasks of each edition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from builder.appearance.look import Look
from builder.engine.options import Options
from builder.engine.resumed import Resumed
from builder.engine.searching import resume_search, update_search
from builder.engine.session import ArrangedEdition, ArrangedLists, LoadedTemplates, Session
from builder.hosting.headers import content_policy
from builder.hosting.servers import HOST_FILES
from builder.pages.kinds import (
    Tasks,
    find_edition_tasks,
    find_tasks,
    list_edition_tasks,
    list_tasks,
)
from builder.pages.page import Task
from builder.pages.sitemap import SITEMAP
from builder.search.segments import SearchIndex
from builder.site.editions import EditionSite, editions_of, reread
from builder.site.fact_digests import FactDigests
from builder.site.lists import Lists, Peer, arrange_lists
from builder.site.peers import lasting_pages
from builder.site.related import (
    Neighbours,
    decode_neighbours,
    encode_known,
    encode_neighbours,
    find_neighbours,
    read_known,
)
from builder.site.site import Site
from builder.store import Store


class Arranger:
    """Arranges a linked site, or what has changed of it since the last build of the session."""

    def __init__(
        self,
        session: Session,
        store: Store,
        options: Options,
        jobs: int,
        resumed: Resumed | None = None,
    ) -> None:
        self.session, self.store, self.options, self.jobs = session, store, options, jobs
        self.resumed = resumed

    def whole(self, site: Site, templates: LoadedTemplates) -> ArrangedLists:
        """Return the lists and tasks of all editions."""
        assets = {name: asset.url for name, asset in templates.assets.items()}
        policy, look = _policy(site, templates), templates.renderer.look
        found = self.session.arranged
        if (
            found
            and found.entries is site.entries
            and found.assets == assets
            and found.lists.policy == policy
            and found.lists.look == look
        ):
            self.session.arranged = self._again(found, site)
            return self.session.arranged
        if self.resumed:
            self.session.arranged = self._resume(self.resumed, assets, policy, look)
            return self.session.arranged
        editions = _with_peers(
            ArrangedEdition(*edition, self._lists(edition, assets, policy, look))
            for edition in editions_of(site)
        )
        found = ArrangedLists(site.entries, assets, editions, Tasks(partial(_tasks_of, editions)))
        self.session.arranged, self.session.sure = found, False
        return found

    def _again(self, found: ArrangedLists, site: Site) -> ArrangedLists:
        """Return the lists after texts, titles or summaries have changed."""
        before = tuple(EditionSite(e.tag, e.base, e.site) for e in found.editions)
        editions = tuple(
            edition._replace(site=again.site)
            for edition, again in zip(found.editions, reread(before, site), strict=True)
        )
        found = found._replace(editions=editions)
        other_files = [self._search_again(edition) for edition in editions]
        if any(other_files):
            return found._replace(tasks=Tasks(partial(_tasks_of, editions)))
        return found

    def _search_again(self, edition: ArrangedEdition) -> bool:
        """Update the search index of an edition; return whether it has other files."""
        index = edition.lists.search
        return index is not None and update_search(index, edition.site, edition.lists, self.jobs)

    def _lists(
        self, edition: EditionSite, assets: Mapping[str, str], policy: str, look: Look
    ) -> Lists:
        """Return the lists of an edition, with its related briefs and its search index."""
        tag, site = edition.tag, edition.site
        lists = self._related(tag, site, arrange_lists(site, assets, policy, look))
        if site.config.settings.search and self.options.pages:
            index = self.session.search.get(tag) or SearchIndex(self.store, tag)
            self.session.search[tag] = index
            update_search(index, site, lists, self.jobs)
            lists = lists._replace(search=index)
        return lists

    def _related(self, tag: str, site: Site, lists: Lists) -> Lists:
        return lists._replace(around=_Related(tag, site, self.store, self.jobs)(lists))

    def _resume(
        self, resumed: Resumed, assets: Mapping[str, str], policy: str, look: Look
    ) -> ArrangedLists:
        """Return the lists of the last build."""
        found, same = [], True
        for edition in resumed.editions():
            related = _Related(edition.tag, edition.site, self.store, self.jobs)
            lists, same = resumed.lists(edition, assets, policy, look, related)
            found.append(ArrangedEdition(*edition, lists))
        self.session.sure = same
        if resumed.linked.site.config.settings.search and self.options.pages:
            for n, one in enumerate(found):
                found[n], again = self._resume_search(resumed, one)
                same &= not again
        pages = {tag: kept.pages for tag, kept in resumed.kept.items()}
        editions = _with_peers(found, pages.__getitem__)
        tasks = Tasks(partial(_tasks_of, editions))
        if same and self.session.state:
            names = [name for name in self.session.state.rows if name != SITEMAP]
            tasks = Tasks(partial(_tasks_of, editions), names, partial(_find_tasks, editions))
        return ArrangedLists(resumed.linked.site.entries, assets, editions, tasks)

    def _resume_search(
        self, resumed: Resumed, edition: ArrangedEdition
    ) -> tuple[ArrangedEdition, bool]:
        """Return an edition with its search index, and whether that has other files."""
        tag, site, lists = edition.tag, edition.site, edition.lists
        index = self.session.search[tag] = SearchIndex(self.store, tag)
        marks, edited = resumed.known.search.get(tag, {}), [*resumed.edited(site)]
        again = resume_search(index, site, lists, self.jobs, marks, edited)
        return edition._replace(lists=lists._replace(search=index)), again


class _Related:
    """Finds related briefs of an edition; those of unchanged lists come from the store."""

    def __init__(self, tag: str, site: Site, store: Store, jobs: int) -> None:
        self.name = f"relations-{tag}" if tag else "relations"
        self.site, self.store, self.jobs = site, store, jobs

    def __call__(self, lists: Lists) -> Mapping[str, Neighbours]:
        index = self.store.load(self.name)
        if index.get("lists") == lists.digest and (
            around := decode_neighbours(index.get("around"))
        ):
            return around
        known = read_known(index.get("known"))
        around, known = find_neighbours(self.site.order, known, self.jobs)
        index.put("lists", lists.digest)
        index.put("around", encode_neighbours(around))
        index.put("known", encode_known(known))
        self.store.save(self.name, index)
        return around


def _policy(site: Site, templates: LoadedTemplates) -> str:
    """Return the Content-Security-Policy, if a host reads it."""
    settings = site.config.settings
    if settings.hosting not in HOST_FILES or templates.faulty:
        return ""
    return content_policy(
        templates.renderer.inline(),
        {name: asset.integrity for name, asset in templates.assets.items()},
        settings.trusted,
        settings.frames,
        settings.forms,
    )


def _tasks_of(editions: Sequence[ArrangedEdition]) -> list[Task]:
    """Return the tasks of all editions, those of the main one first."""
    main, *others = editions
    found = list_tasks(main.site, main.lists)
    for edition in others:
        found += list_edition_tasks(edition.tag, edition.site, edition.lists)
    return found


def _find_tasks(editions: Sequence[ArrangedEdition], names: Collection[str]) -> list[Task]:
    """Return tasks by their names, without listing all."""
    main, *others = editions
    tags = tuple(f"{edition.tag}:" for edition in others)
    found = find_tasks(main.site, main.lists, (n for n in names if not n.startswith(tags)))
    for edition in others:
        found += find_edition_tasks(edition.tag, edition.site, edition.lists, names)
    return found


def facts_of(editions: Sequence[ArrangedEdition]) -> FactDigests:
    """Return the digests of the facts of all editions."""
    main, *others = editions
    more = {edition.tag: FactDigests(edition.site, edition.lists) for edition in others}
    return FactDigests(main.site, main.lists, more)


def _with_peers(
    editions: Iterable[ArrangedEdition],
    known: Callable[[str], frozenset[str]] | None = None,
) -> tuple[ArrangedEdition, ...]:
    """Return editions that know the pages of each other.

    `known` returns those of an edition by its tag, if they need not be found."""
    found = tuple(editions)
    if len(found) == 1:
        return found
    pages = {
        edition.tag: known(edition.tag) if known else lasting_pages(edition.site, edition.lists)
        for edition in found
    }
    return tuple(
        edition._replace(
            lists=edition.lists._replace(
                peers={
                    other.tag: Peer(
                        other.site.config.settings.language,
                        f"{'/..' if edition.base else ''}{other.base}",
                        pages[other.tag],
                    )
                    for other in found
                    if other is not edition
                }
            )
        )
        for edition in found
    )
