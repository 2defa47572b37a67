"""A site -> every task that plans its pages. A kind of page is a module in `KINDS`: its context
class, and `tasks`, which names what there is to plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from builder import store
from builder.content.record import encode
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.model.brief import PAGE_ANCHORS, InternalLink, Record
from builder.names.register import did_you_mean
from builder.pages import (
    archive,
    brief,
    company,
    corrections,
    digest,
    feed,
    front,
    lists,
    numbers,
    person,
    plain,
    publisher,
    redirect,
    relations,
    section,
    sitemap,
    thread,
    topic,
)
from builder.pages import host_files as hosting
from builder.pages.page import Data, PageRow, Task
from builder.pages.sitemap import sitemap_pages as sitemap_pages
from builder.site.link import Site
from builder.site.references import missing_media
from builder.site.view import Links, Lists

# In the order in which pages are planned and rendered.
KINDS = (
    front.tasks,
    brief.tasks,
    lists.tasks,
    company.tasks,
    topic.tasks,
    thread.tasks,
    person.tasks,
    section.tasks,
    archive.tasks,
    digest.tasks,
    plain.tasks,
    numbers.tasks,
    relations.tasks,
    publisher.tasks,
    corrections.tasks,
    feed.tasks,
    redirect.tasks,
    hosting.tasks,
)

# The task that is made of all the others.
SITEMAP = "sitemap"

# Each template and the context that it gets: what docs/templates.md documents.
CONTEXTS: dict[str, type[Struct]] = {
    "front.html": front.FrontPage,
    "brief.html": brief.BriefPage,
    "withdrawn.html": brief.WithdrawnPage,
    "list.html": lists.ListPage,
    "company.html": company.CompanyPage,
    "companies.html": company.CompaniesPage,
    "topic.html": topic.TopicPage,
    "topics.html": topic.TopicsPage,
    "thread.html": thread.ThreadPage,
    "threads.html": thread.ThreadsPage,
    "person.html": person.PersonPage,
    "people.html": person.PeoplePage,
    "section.html": section.SectionPage,
    "archive.html": archive.ArchivePage,
    "year.html": archive.YearPage,
    "digest.html": digest.DigestPage,
    "digests.html": digest.DigestsPage,
    "page.html": plain.PlainContext,
    "numbers.html": numbers.NumbersPage,
    "relations.html": relations.RelationsPage,
    "relations-of-kind.html": relations.RelationsOfKindPage,
    "publisher.html": publisher.PublisherPage,
    "reports.html": publisher.ReportsPage,
    "sources.html": publisher.SourcesPage,
    "corrections.html": corrections.CorrectionsPage,
    "older-corrections.html": corrections.OlderCorrectionsPage,
    "data.txt": Data,
    "feeds.html": plain.FeedsPage,
    "404.html": plain.NotFoundPage,
    "redirect.html": redirect.RedirectPage,
    "feed.xml": feed.Feed,
    "sitemap.xml": sitemap.Sitemap,
    "sitemap-index.xml": sitemap.SitemapIndex,
    "robots.txt": sitemap.Robots,
}


def list_tasks(site: Site, arranged: Lists) -> list[Task]:
    """Every task of the site but the sitemap's."""
    return [task for kind in KINDS for task in kind(site, arranged)]


def judged_by(site: Site, settings: bytes) -> bytes:
    """A digest of all that pages are judged by but the pages and their links themselves; `settings`
    is one of the settings, and of the files that templates have beside them."""
    parts = [sorted(p) for p in (_broken(site), site.unpublished, site.absent, site.media)]
    return store.digest(settings + encode(parts))


def _broken(site: Site) -> Iterator[str]:
    """The files of records that could not be read whole."""
    written: Iterable[Record] = (r for found in site.content.records.values() for r in found)
    yield from (record.path for record in written if record.broken)
    yield from (outline.path for outline in site.content.outlines if outline.broken)


class Judge:
    """What is wrong between pages: two for one address, and links that lead nowhere."""

    def __init__(self, site: Site, assets: Mapping[str, str], planned: Iterable[PageRow]) -> None:
        self.site = site
        self.problems: list[Diagnostic] = []
        self.pages = self._without_conflicts(planned)
        self.by_url = {page.url: page for page in self.pages}
        self.files = {f"/media/{name}" for name in site.media} | set(assets.values())
        self.broken = {*_broken(site)}
        self.hidden = {site.outlines[slug].url for slug in site.unpublished}

    def _without_conflicts(self, planned: Iterable[PageRow]) -> list[PageRow]:
        pages: dict[str, PageRow] = {}
        asked = {(r.path, r.address): r.at for r in self.site.redirects}
        for page in planned:
            # File systems that ignore case would let one overwrite the other.
            other = pages.setdefault(page.path.casefold(), page)
            reported = "site.yaml" in (other.origin, page.origin) and self.site.config.problems
            if other is not page and not reported:
                first, second = sorted((other, page), key=lambda p: p.template == "redirect.html")
                where = second.origin or first.origin
                owner = first.origin if second.origin else second.origin
                message = (
                    f"the address {page.url} is taken by {owner or 'a page of the site itself'}"
                )
                hint = "give one of them another slug"
                if where == owner:
                    message, hint = f"{page.url} is its address already", "remove it"
                at = asked.get((where, page.url), Place())
                self._report(where, at, "duplicate-address", message, hint)
        return list(pages.values())

    def _report(self, path: str, at: str | Place, code: str, message: str, hint: str) -> None:
        self.problems.append(self.site.content.problem(path, at, code, message, hint))

    def links(self, found: Links) -> None:
        """Judge the links of one record, anchors included."""
        for link in found.links:
            wrong = self._judge(found, link)
            if wrong:
                self._report(found.path, link.place, *wrong)

    def menu(self) -> None:
        """Judge the links of the menu and the footer."""
        config, media = self.site.config, self.site.media
        settings = config.settings
        for field, items in (("menu", settings.menu), ("footer", settings.footer)):
            for n, item in enumerate(items):
                address = item.url.partition("#")[0].partition("?")[0]
                file = address.startswith("/media/") and address.removeprefix("/media/") in media
                if address.startswith("/") and address not in self.by_url and not file:
                    place = config.places.get(f"{field}.{n}.url", Place())
                    hint = did_you_mean(address, self.by_url) or "addresses end with a slash"
                    message = f"there is no page {address}"
                    self._report("site.yaml", place, "broken-link", message, hint)

    def _judge(self, record: Links, link: InternalLink) -> tuple[str, str, str] | None:
        address, _, fragment = link.address.partition("#")
        address = address.partition("?")[0] or record.url
        if address == record.url and address in self.hidden:
            return _judge_anchor(address, fragment, (*PAGE_ANCHORS, *record.anchors))
        page = self.by_url.get(address)
        if record.url in self.hidden and address.startswith("/archive/") and page is None:
            return None  # the month of a brief to come
        if address in self.site.absent:
            if record.url in self.hidden:
                return None
            message = f"{address} is not published: the link is left out"
            return "link-unpublished", message, "link to it when both are out"
        if page is None:
            return self._no_page(address)
        if page.origin in self.broken:  # its headings may not have been read
            return None
        return _judge_anchor(address, fragment, page.anchors)

    def _no_page(self, address: str) -> tuple[str, str, str] | None:
        if address in self.files:
            return None
        if address.startswith("/media/"):
            return missing_media(self.site, address.removeprefix("/media/"))
        if f"{address}/" in self.by_url:
            return "broken-link", f"{address} lacks its last slash", f"write `{address}/`"
        hint = did_you_mean(address, self.by_url) or "addresses end with a slash"
        return "broken-link", f"there is no page {address}", hint


def _judge_anchor(
    address: str, fragment: str, anchors: tuple[str, ...]
) -> tuple[str, str, str] | None:
    if not fragment or fragment in anchors:
        return None
    hint = did_you_mean(fragment, anchors) or f"its anchors are: {', '.join(anchors) or 'none'}"
    return "broken-link", f"{address} has no anchor `#{fragment}`", hint
