"""The page of a publisher, and the ranking of publishers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Annotated, Any

from msgspec import Struct

from builder.language.language_names import language_name
from builder.language.words import Words, message
from builder.ledger.evidence import EvidenceCount
from builder.pages.page import Counted, Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.data_files import as_csv, as_json
from builder.pages.parts.reports import (
    RECENT,
    Report,
    count_beside,
    list_reports,
)
from builder.pages.parts.tracked import ANCHOR, KINDS, TrackedGroup, counts_of, tracked_groups
from builder.pages.planner import Planner, latest
from builder.site.lists import PARTS, Lists
from builder.site.site import Site

INDEX = Link(message("Sources"), "/sources/")
_NEWS = ("news agency", "newspaper", "magazine", "trade press", "broadcaster")
_OLDER: Mapping[str, Callable[[Words, str, int], str]] = {
    "reported": lambda words, name, n: words(
        "What it reported: {publisher}, page {number}", publisher=name, number=n
    ),
    "relayed": lambda words, name, n: words(
        "What it passed on: {publisher}, page {number}", publisher=name, number=n
    ),
}


class PublisherPage(Struct, frozen=True, kw_only=True):
    """A publisher."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    kind: Annotated[str, "The kind of publisher, if known."]
    language: Annotated[str, "The name of the language that it publishes in, if known."]
    country: Annotated[str, "The country where it is based, if known."]
    website: Annotated[str, "The publisher's website, if known."]
    aliases: Annotated[tuple[str, ...], "Other names."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]
    reported: Annotated[tuple[Report, ...], "Briefs based on its own reports, newest first."]
    reported_count: Annotated[int, "The number of these briefs."]
    reported_older: Annotated[str, "The address of older ones, if any."]
    relayed: Annotated[
        tuple[Report, ...], "Briefs in which it passed on another publisher's report, newest first."
    ]
    relayed_count: Annotated[int, "The number of these briefs."]
    relayed_older: Annotated[str, "The address of older ones, if any."]
    origins: Annotated[
        tuple[Counted, ...], "The publishers whose reports it passed on most, by number of briefs."
    ]
    relays: Annotated[
        tuple[Counted, ...], "The publishers that passed on its reports most, by number of briefs."
    ]
    tracked: Annotated[
        tuple[TrackedGroup, ...], "Which reports were first, and what came of others."
    ]
    topics: Annotated[tuple[Counted, ...], "The topics of its own reports, by number of stories."]
    companies: Annotated[
        tuple[Counted, ...], "The companies in its own reports, by number of stories."
    ]
    recent: Annotated[int, "The number of newest briefs counted; 0 if all are."]


class ReportsPage(Struct, frozen=True, kw_only=True):
    """A further page of the briefs based on a publisher's reports."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    subject: Annotated[Link, "The publisher."]
    reports: Annotated[tuple[Report, ...], "The briefs, newest first."]
    newer: Annotated[str, "The address of the page with newer ones, if any."]
    older: Annotated[str, "The address of the page with older ones, if any."]


class PublisherRow(Struct, frozen=True, kw_only=True):
    """A publisher in the ranking."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "The address of its page."]
    kind: Annotated[str, "The kind of publisher, if known."]
    language: Annotated[str, "The name of the language that it publishes in, if known."]
    reported: Annotated[int, "The number of briefs based on its own reports."]
    relayed: Annotated[
        int, "The number of briefs in which it passed on another publisher's report."
    ]
    first: Annotated[int, "The number of briefs for which its report was certainly the first."]
    joined: Annotated[int, "The number of briefs that another report later bore out."]
    confirmed: Annotated[int, "The number of briefs that a company later confirmed."]
    denied: Annotated[int, "The number of briefs that a company later denied."]
    edited: Annotated[int, "The number of its reports that no longer say what briefs quote."]

    @property
    def outcomes(self) -> tuple[int, ...]:
        return self.first, self.joined, self.confirmed, self.denied, self.edited


class SourcesPage(Struct, frozen=True, kw_only=True):
    """The ranking of publishers."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    reporting: Annotated[
        tuple[PublisherRow, ...], "Publishers with reports of their own, most first."
    ]
    relaying: Annotated[tuple[PublisherRow, ...], "Publishers that passed on reports, most first."]
    tracked: Annotated[
        tuple[PublisherRow, ...], "Publishers whose reports were first, confirmed or denied."
    ]
    total: Annotated[int, "The number of publishers."]
    evidence: Annotated[EvidenceCount, "How many reports have copies, and statements their words."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug, imprint in site.publisher_pages.items():
        yield Task(f"publisher {slug}", partial(_publisher_page, slug))
        for field, part in PARTS:
            url = imprint.url + part
            for number in range(1, len(lists.slices[url])):
                make = partial(_older_page, slug, field, url, number)
                yield Task(f"list {url} {number}", make)
    if site.publisher_pages:
        yield Task("sources", _ranking)


def _publisher_page(slug: str, plan: Planner) -> Iterator[Page]:
    imprint = plan.view.publisher_page(slug)
    body = plan.text(imprint)
    link = Link(imprint.name, imprint.url)
    reported, relayed = (plan.view.slice(imprint.url + part, 0) for _, part in PARTS)
    ours, theirs = (plan.view.covering(field, slug) for field, _ in PARTS)
    origins, relays = count_beside(plan, link, ours, theirs)
    context = PublisherPage(
        site=plan.info,
        head=plan.head(
            imprint.url,
            imprint.name,
            trail=[plan.named(INDEX)],
            feed=_feed(plan, link) if ours or theirs else None,
            description=plan.words(
                "What {publisher} reported and passed on, in {site}.",
                publisher=imprint.name,
                site=plan.settings.title,
            ),
            active=INDEX.url,
            objects=[_organization(plan, slug)],
        ),
        name=imprint.name,
        kind=imprint.kind or "",
        language=_language(plan, imprint.lang),
        country=imprint.country,
        website=imprint.website,
        aliases=tuple(imprint.aliases),
        body=body.html,
        reported=list_reports(plan, link, "reported", reported.items),
        reported_count=len(ours),
        reported_older=reported.older,
        relayed=list_reports(plan, link, "relayed", relayed.items),
        relayed_count=len(theirs),
        relayed_older=relayed.older,
        origins=origins,
        relays=relays,
        tracked=tracked_groups(plan, slug),
        topics=plan.counted("topics", ours[:RECENT]),
        companies=plan.counted("companies", ours[:RECENT]),
        recent=RECENT if max(len(ours), len(theirs)) > RECENT else 0,
    )
    parts = (("reported", ours), ("relayed", theirs), (ANCHOR, context.tracked))
    named = (name for name, part in parts if part)
    groups = (group.anchor for group in context.tracked)
    anchors = ("content", *named, *groups, *(heading.anchor for heading in body.headings))
    modified = latest((*ours, *theirs))
    yield Page(
        imprint.url, "publisher.html", context, imprint.path, modified=modified, anchors=anchors
    )


def _feed(plan: Planner, imprint: Link) -> Link:
    return Link(plan.words("{name}: reports", name=imprint.name), imprint.url)


def _older_page(slug: str, field: str, url: str, number: int, plan: Planner) -> Iterator[Page]:
    imprint, chunk = plan.view.publisher_page(slug), plan.view.slice(url, number)
    link = Link(imprint.name, imprint.url)
    context = ReportsPage(
        site=plan.info,
        head=plan.head(
            chunk.url,
            _OLDER[field](plan.words, imprint.name, chunk.number),
            trail=[plan.named(INDEX), link],
            feed=_feed(plan, link),
            active=INDEX.url,
        ),
        subject=link,
        reports=list_reports(plan, link, field, chunk.items),
        newer=chunk.newer,
        older=chunk.older,
    )
    yield Page(chunk.url, "reports.html", context, modified=latest(chunk.items))


# --- the ranking --------------------------------------------------------------------------------


def _language(plan: Planner, tag: str) -> str:
    return language_name(tag, plan.language) if tag else ""


def _organization(plan: Planner, slug: str) -> dict[str, Any]:
    """Return schema.org's Organization, or NewsMediaOrganization for news media."""
    imprint = plan.view.publisher_page(slug)
    return {
        "@type": "NewsMediaOrganization" if imprint.kind in _NEWS else "Organization",
        "name": imprint.name,
        "alternateName": [*imprint.aliases],
        "url": f"{plan.settings.base_url}{imprint.url}",
        "sameAs": imprint.website,
        "knowsLanguage": imprint.lang,
    }


def _ranking(plan: Planner) -> Iterator[Page]:
    rows = [_row(plan, slug) for slug in plan.view.publisher_pages()]
    context = SourcesPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            description=plan.words("Who reported the news first, and who passed it on."),
            active=INDEX.url,
        ),
        reporting=tuple(
            sorted((r for r in rows if r.reported), key=lambda r: (-r.reported, -r.relayed))
        ),
        relaying=tuple(
            sorted((r for r in rows if r.relayed), key=lambda r: (-r.relayed, -r.reported))
        ),
        tracked=tuple(sorted((r for r in rows if any(r.outcomes)), key=_by_outcomes)),
        total=len(rows),
        evidence=plan.view.evidence(),
    )
    anchors = ("content", "tracked", "reporting", "relaying")
    yield Page(INDEX.url, "sources.html", context, anchors=anchors)
    data = [_data(plan, row) for row in rows]
    for name, text in (("csv", as_csv(data)), ("json", as_json("sources", data))):
        yield Page(f"{INDEX.url}sources.{name}", "data.txt", Data(text), listed=False)


def _row(plan: Planner, slug: str) -> PublisherRow:
    imprint = plan.view.publisher_page(slug)
    counts = counts_of(plan.view.tracked(slug))
    return PublisherRow(
        name=imprint.name,
        url=imprint.url,
        kind=imprint.kind or "",
        language=_language(plan, imprint.lang),
        reported=plan.view.count("reported", slug)[0],
        relayed=plan.view.count("relayed", slug)[0],
        **counts,
    )


def _by_outcomes(row: PublisherRow) -> tuple[int, ...]:
    """Return the sort key by what came of reports, in the order of the columns."""
    return tuple(-count for count in row.outcomes)


def _data(plan: Planner, row: PublisherRow) -> dict[str, str]:
    """Return a publisher as a data row."""
    return {
        "publisher": row.name,
        "publisher_url": plan.settings.base_url + row.url,
        "kind": row.kind,
        "language": row.language,
        "reported": str(row.reported),
        "passed_on": str(row.relayed),
        **{kind: str(n) for kind, n in zip(KINDS, row.outcomes, strict=True)},
    }


KIND = Kind(
    tasks,
    {
        "publisher.html": PublisherPage,
        "reports.html": ReportsPage,
        "sources.html": SourcesPage,
    },
    roots=(INDEX.url,),
)
