"""A site -> every page of it. A kind of page is a module in `KINDS`: its context class, and
`plan_pages`, which yields its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from builder.diagnostics import Diagnostic, Place
from builder.model import PAGE_ANCHORS, InternalLink, Record
from builder.names import did_you_mean
from builder.pages import (
    archive,
    brief,
    company,
    feed,
    front,
    lists,
    person,
    plain,
    redirect,
    section,
    sitemap,
    topic,
)
from builder.pages.page import Page
from builder.pages.plan import Plan
from builder.site import Site

# In the order in which pages are planned and rendered.
KINDS = (
    front.plan_pages,
    brief.plan_pages,
    lists.all_briefs,
    company.plan_pages,
    topic.plan_pages,
    person.plan_pages,
    section.plan_pages,
    archive.plan_pages,
    plain.plan_pages,
    feed.plan_pages,
    redirect.plan_pages,
)

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
    "person.html": person.PersonPage,
    "people.html": person.PeoplePage,
    "section.html": section.SectionPage,
    "archive.html": archive.ArchivePage,
    "year.html": archive.YearPage,
    "page.html": plain.PlainContext,
    "feeds.html": plain.FeedsPage,
    "404.html": plain.NotFoundPage,
    "redirect.html": redirect.RedirectPage,
    "feed.xml": feed.Feed,
    "sitemap.xml": sitemap.Sitemap,
    "sitemap-index.xml": sitemap.SitemapIndex,
    "robots.txt": sitemap.Robots,
}


def plan_site(site: Site, assets: Mapping[str, str]) -> tuple[list[Page], list[Diagnostic]]:
    """Every page of the site. `assets` has the address of each file of templates/assets/. Two
    pages for one address, and links that lead nowhere, are errors."""
    plan = Plan(site, assets)
    planned = [page for kind in KINDS for page in kind(plan)]
    pages, problems = _without_conflicts(planned, site)
    pages += sitemap.plan_sitemap(plan, pages)
    by_url = {page.url: page for page in pages}
    problems += [*_broken_links(site, by_url, assets), *_broken_menu(site, by_url)]
    return pages, problems


def _without_conflicts(planned: list[Page], site: Site) -> tuple[list[Page], list[Diagnostic]]:
    pages: dict[str, Page] = {}
    problems = []
    asked = {(r.path, r.address): r.place for r in site.redirects}
    for page in planned:
        # File systems that ignore case would let one overwrite the other.
        other = pages.setdefault(page.path.casefold(), page)
        reported = "site.yaml" in (other.origin, page.origin) and site.config.problems
        if other is not page and not reported:
            first, second = sorted((other, page), key=lambda p: p.template == "redirect.html")
            where = second.origin or first.origin
            owner = first.origin if second.origin else second.origin
            message = f"the address {page.url} is taken by {owner or 'a page of the site itself'}"
            place = asked.get((where, page.url), Place())
            hint = "give one of them another slug"
            if where == owner:
                message, hint = f"{page.url} is its address already", "remove it"
            problems.append(Diagnostic.of(where, place, "duplicate-address", message, hint))
    return list(pages.values()), problems


def _broken_links(
    site: Site, pages: Mapping[str, Page], assets: Mapping[str, str]
) -> list[Diagnostic]:
    """Links between pages of the site, anchors included."""
    files = {f"/media/{name}" for name in site.media} | set(assets.values())
    records: list[Record] = [
        *site.briefs,
        *site.unpublished, *site.companies.values(), *site.topics.values(), *site.people.values(),
        *site.pages,
    ]  # fmt: skip
    broken = {record.path for record in records if record.broken}
    problems = []
    for record in records:
        for link in record.body.links:
            found = _judge(record, link, site, pages, files, broken)
            if found:
                code, message, hint = found
                problems.append(Diagnostic.of(record.path, link.place, code, message, hint))
    return problems


def _broken_menu(site: Site, pages: Mapping[str, Page]) -> Iterator[Diagnostic]:
    """Links of the menu and the footer that lead to no page of the site."""
    settings = site.config.settings
    for field, items in (("menu", settings.menu), ("footer", settings.footer)):
        for n, item in enumerate(items):
            address = item.url.partition("#")[0].partition("?")[0]
            file = address.startswith("/media/") and address.removeprefix("/media/") in site.media
            if address.startswith("/") and address not in pages and not file:
                place = site.config.places.get(f"{field}.{n}.url", Place())
                hint = did_you_mean(address, pages) or "addresses end with a slash"
                message = f"there is no page {address}"
                yield Diagnostic.of("site.yaml", place, "broken-link", message, hint)


def _judge(
    record: Record,
    link: InternalLink,
    site: Site,
    pages: Mapping[str, Page],
    files: set[str],
    broken: set[str],
) -> tuple[str, str, str] | None:
    address, _, fragment = link.address.partition("#")
    address = address.partition("?")[0] or record.url
    hidden = {brief.url: brief for brief in site.unpublished}
    if address == record.url and address in hidden:
        anchors = tuple(heading.anchor for heading in record.body.headings)
        return _judge_anchor(address, fragment, (*PAGE_ANCHORS, *anchors))
    if record.url in hidden and address.startswith("/archive/") and address not in pages:
        return None  # the month of a brief to come
    if address in site.absent:
        if record.url in hidden:
            return None
        message = f"{address} is not published: the link is left out"
        return "link-unpublished", message, "link to it when both are out"
    page = pages.get(address)
    if page is None:
        if address in files:
            return None
        if address.startswith("/media/"):
            name = address.removeprefix("/media/")
            hint = did_you_mean(name, site.media) or f"put it at content/media/{name}"
            return "missing-media", f"there is no file content/media/{name}", hint
        if f"{address}/" in pages:
            return "broken-link", f"{address} lacks its last slash", f"write `{address}/`"
        hint = did_you_mean(address, pages) or "addresses end with a slash"
        return "broken-link", f"there is no page {address}", hint
    if page.origin in broken:  # its headings may not have been read
        return None
    return _judge_anchor(address, fragment, page.anchors)


def _judge_anchor(
    address: str, fragment: str, anchors: tuple[str, ...]
) -> tuple[str, str, str] | None:
    if not fragment or fragment in anchors:
        return None
    hint = did_you_mean(fragment, anchors) or f"its anchors are: {', '.join(anchors) or 'none'}"
    return "broken-link", f"{address} has no anchor `#{fragment}`", hint
