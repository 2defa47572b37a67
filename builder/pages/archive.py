"""All briefs by year and month -> the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Annotated

from msgspec import Struct

from builder.dates import month_name
from builder.model import Brief, Card, Link
from builder.pages.lists import list_page
from builder.pages.page import Counted, Head, Page, SiteInfo
from builder.pages.plan import Plan, latest

INDEX = Link("Archive", "/archive/")
_LEADING = 3  # stories that stand for a month


class ArchiveYear(Struct, frozen=True):
    """A year in the archive."""

    name: Annotated[str, "The year."]
    url: Annotated[str, "Its page."]
    count: Annotated[int, "How many briefs."]
    months: Annotated[tuple[Counted, ...], "Its months that have briefs, the last first."]


class ArchivePage(Struct, frozen=True, kw_only=True):
    """The archive."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    years: Annotated[tuple[ArchiveYear, ...], "The years, the last first."]


class ArchiveMonth(Struct, frozen=True):
    """A month on the page of its year."""

    name: Annotated[str, "The month and the year."]
    url: Annotated[str, "Its page."]
    count: Annotated[int, "How many briefs."]
    cards: Annotated[tuple[Card, ...], "Its leading stories."]


class YearPage(Struct, frozen=True, kw_only=True):
    """A year of the archive."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    year: Annotated[str, "The year."]
    months: Annotated[tuple[ArchiveMonth, ...], "Its months that have briefs, the last first."]
    newer: Annotated[Link | None, "The next year that has briefs."]
    older: Annotated[Link | None, "The year before that has briefs."]


Month = tuple[int, int]


def plan_pages(plan: Plan) -> Iterator[Page]:
    months = {
        key: tuple(briefs)
        for key, briefs in groupby(plan.site.briefs, lambda b: (b.date.at.year, b.date.at.month))
    }
    years = sorted({year for year, _ in months}, reverse=True)
    yield _archive_page(plan, years, months)
    for n, year in enumerate(years):
        newer = years[n - 1] if n else None
        older = years[n + 1] if n + 1 < len(years) else None
        yield _year_page(plan, year, months, newer, older)
    for key, briefs in months.items():
        yield from _month_pages(plan, key, briefs)


def _year_url(year: int) -> str:
    return f"{INDEX.url}{year}/"


def _month_link(plan: Plan, month: Month) -> Link:
    return Link(month_name(date(*month, 1), plan.language), f"{_year_url(month[0])}{month[1]:02}/")


def _archive_page(plan: Plan, years: list[int], months: dict[Month, tuple[Brief, ...]]) -> Page:
    shown = []
    for year in years:
        rows = []
        for key, briefs in months.items():
            if key[0] == year:
                link = _month_link(plan, key)
                rows.append(Counted(link.name, link.url, len(briefs)))
        total = sum(row.count for row in rows)
        shown.append(ArchiveYear(str(year), _year_url(year), total, tuple(rows)))
    context = ArchivePage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            INDEX.name,
            active=INDEX.url,
            description=f"Every brief of {plan.settings.title}, by year and month.",
        ),
        years=tuple(shown),
    )
    return Page(INDEX.url, "archive.html", context, modified=latest(plan.site.briefs))


def _year_page(
    plan: Plan,
    year: int,
    months: dict[Month, tuple[Brief, ...]],
    newer: int | None,
    older: int | None,
) -> Page:
    shown = []
    everything: list[Brief] = []
    for key, briefs in months.items():
        if key[0] == year:
            everything += briefs
            link = _month_link(plan, key)
            leading = sorted(briefs, key=lambda brief: brief.importance)[:_LEADING]
            cards = plan.cards(leading)
            shown.append(ArchiveMonth(link.name, link.url, len(briefs), cards))
    context = YearPage(
        site=plan.info,
        head=plan.head(_year_url(year), str(year), trail=[INDEX], active=INDEX.url),
        year=str(year),
        months=tuple(shown),
        newer=Link(str(newer), _year_url(newer)) if newer else None,
        older=Link(str(older), _year_url(older)) if older else None,
    )
    return Page(_year_url(year), "year.html", context, modified=latest(everything))


def _month_pages(plan: Plan, month: Month, briefs: tuple[Brief, ...]) -> Iterator[Page]:
    link = _month_link(plan, month)
    trail = [INDEX, Link(str(month[0]), _year_url(month[0]))]
    for piece in plan.slices(link.url, briefs):
        way = [*trail, link] if piece.number else trail
        subject = link if piece.number else None
        yield list_page(plan, piece, link.name, way, subject, active=INDEX.url)
