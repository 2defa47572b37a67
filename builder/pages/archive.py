"""The archive: all briefs by year and month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby
from typing import Annotated

from msgspec import Struct

from builder.language.dates import month_name
from builder.language.words import message
from builder.pages.lists import list_page
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.planner import Planner, latest
from builder.site.lists import ARCHIVE, Lists, month_url
from builder.site.site import Site

INDEX = Link(message("Archive"), ARCHIVE)
_LEADING = 3  # leading stories shown for each month


class ArchiveYear(Struct, frozen=True):
    """A year in the archive."""

    name: Annotated[str, "The year."]
    url: Annotated[str, "The address of its page."]
    count: Annotated[int, "The number of briefs."]
    months: Annotated[tuple[Counted, ...], "The months that have briefs, latest first."]


class ArchivePage(Struct, frozen=True, kw_only=True):
    """The archive's index page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    years: Annotated[tuple[ArchiveYear, ...], "The years, latest first."]


class ArchiveMonth(Struct, frozen=True):
    """A month on the page of its year."""

    name: Annotated[str, "The month and the year."]
    url: Annotated[str, "The address of its page."]
    count: Annotated[int, "The number of briefs."]
    cards: Annotated[tuple[Card, ...], "The leading stories of the month."]


class YearPage(Struct, frozen=True, kw_only=True):
    """A year of the archive."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    year: Annotated[str, "The year."]
    months: Annotated[tuple[ArchiveMonth, ...], "The months that have briefs, latest first."]
    newer: Annotated[Link | None, "The next year that has briefs, if any."]
    older: Annotated[Link | None, "The previous year that has briefs, if any."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("archive", _archive_page)
    for year in lists.covering["year"]:
        yield Task(f"year {year}", partial(_year_page, year))
    for month in lists.covering["month"]:
        for number in range(len(lists.slices[month_url(month)])):
            yield Task(f"month {month} {number}", partial(_month_page, month, number))


def _year_url(year: str) -> str:
    return f"{ARCHIVE}{year}/"


def _month_link(plan: Planner, month: str) -> Link:
    day = date(int(month[:4]), int(month[5:]), 1)
    return Link(month_name(day, plan.language), month_url(month))


def _archive_page(plan: Planner) -> Iterator[Page]:
    months = plan.view.counts("month")
    shown = []
    for year in sorted({month[:4] for month in months}, reverse=True):
        rows = []
        for month in sorted((month for month in months if month[:4] == year), reverse=True):
            link = _month_link(plan, month)
            rows.append(Counted(link.name, link.url, months[month][0]))
        total = sum(row.count for row in rows)
        shown.append(ArchiveYear(year, _year_url(year), total, tuple(rows)))
    context = ArchivePage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words(
                "Every brief of {site}, by year and month.", site=plan.settings.title
            ),
        ),
        years=tuple(shown),
    )
    newest = latest(plan.view.covering("all", ""))
    yield Page(INDEX.url, "archive.html", context, modified=newest)


def _year_page(year: str, plan: Planner) -> Iterator[Page]:
    everything = plan.view.covering("year", year)
    years = sorted(plan.view.counts("year"), reverse=True)
    n = years.index(year)
    newer = years[n - 1] if n else None
    older = years[n + 1] if n + 1 < len(years) else None
    shown = []
    for month, entries in groupby(everything, lambda entry: entry.date.iso[:7]):
        briefs = tuple(entries)
        link = _month_link(plan, month)
        leading = sorted(briefs, key=lambda brief: brief.importance)[:_LEADING]
        shown.append(ArchiveMonth(link.name, link.url, len(briefs), plan.cards(leading)))
    context = YearPage(
        site=plan.info,
        head=plan.head(_year_url(year), year, trail=[plan.named(INDEX)], active=INDEX.url),
        year=year,
        months=tuple(shown),
        newer=Link(newer, _year_url(newer)) if newer else None,
        older=Link(older, _year_url(older)) if older else None,
    )
    yield Page(_year_url(year), "year.html", context, modified=latest(everything))


def _month_page(month: str, number: int, plan: Planner) -> Iterator[Page]:
    link = _month_link(plan, month)
    trail = [plan.named(INDEX), Link(month[:4], _year_url(month[:4]))]
    chunk = plan.view.slice(link.url, number)
    way = [*trail, link] if chunk.number else trail
    subject = link if chunk.number else None
    yield list_page(plan, chunk, link.name, way, subject, active=INDEX.url)


KIND = Kind(
    tasks,
    {"archive.html": ArchivePage, "year.html": YearPage},
    roots=(ARCHIVE,),
)
