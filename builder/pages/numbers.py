"""The page of all figures, with CSV and JSON versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from builder.ledger.numbers import FigureRecord
from builder.pages.page import Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.data_files import as_csv, as_json
from builder.pages.parts.figures import Series, series_of
from builder.pages.planner import Planner
from builder.quantity.quantity import (
    as_plain,
)
from builder.site.lists import Lists
from builder.site.site import Site

if TYPE_CHECKING:
    pass

NUMBERS = Link("Numbers", "/numbers/")


class CompanyNumbers(Struct, frozen=True):
    """The figures of one company."""

    company: Annotated[Link, "The company."]
    anchor: Annotated[str, "Its anchor on the page."]
    series: Annotated[tuple[Series, ...], "The company's metrics, in alphabetical order."]


class NumbersPage(Struct, frozen=True, kw_only=True):
    """The page of all figures."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    companies: Annotated[tuple[CompanyNumbers, ...], "The figures by company."]
    metrics: Annotated[
        tuple[Link, ...], "The metrics, each linked to its first series on this page."
    ]
    total: Annotated[int, "The number of figures."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.figures:
        yield Task("numbers", _numbers_page)


# --- the page ----------------------------------------------------------------------------------


def _numbers_page(plan: Planner) -> Iterator[Page]:
    values = plan.view.figures()
    by_company: dict[str, list[FigureRecord]] = {}
    for value in values:
        by_company.setdefault(value.of, []).append(value)
    companies = tuple(
        CompanyNumbers(
            plan.company(slug), slug, series_of(plan, by_company[slug], slug, slug, charts=False)
        )
        for slug in plan.view.companies()
        if slug in by_company
    )
    places: dict[str, str] = {}
    for company in companies:
        for series in company.series:
            places.setdefault(series.lines[0].metric, f"#{series.anchor}")
    context = NumbersPage(
        site=plan.info,
        head=plan.head(
            NUMBERS.url,
            NUMBERS.name,
            description=f"Every figure in {plan.settings.title}: company, date and source.",
        ),
        companies=companies,
        metrics=tuple(Link(name, url) for name, url in sorted(places.items())),
        total=len(values),
    )
    anchors = ("content", *(c.anchor for c in companies),
               *(s.anchor for c in companies for s in c.series))  # fmt: skip
    yield Page(NUMBERS.url, "numbers.html", context, anchors=anchors)
    rows = [_row(plan, value) for value in values]
    yield Page(f"{NUMBERS.url}numbers.csv", "data.txt", Data(as_csv(rows)), listed=False)
    yield Page(
        f"{NUMBERS.url}numbers.json", "data.txt", Data(as_json("figures", rows)), listed=False
    )


def _row(plan: Planner, value: FigureRecord) -> dict[str, str]:
    """Return a figure as a data row.

    Numbers are exact and unscaled; companies have a name and an address.
    """
    exact = as_plain(value.value)
    base = plan.settings.base_url
    return {
        "company": plan.company(value.of).name,
        "company_url": base + plan.company(value.of).url,
        "metric": value.metric,
        "to": plan.company(value.to).name if value.to else "",
        "low": exact.low,
        "high": exact.high,
        "unit": exact.unit,
        "bound": exact.bound,
        "as_of": "" if value.is_period else value.at,
        "period": value.at if value.is_period else "",
        "period_begin": value.begin,
        "period_end": value.end,
        "basis": value.basis,
        "source": value.publisher,
        "preferred": "yes" if value.preferred else "",
        "disputed": "yes" if value.rivals else "",
        "brief_url": f"{base}/briefs/{value.brief}/",
    }


KIND = Kind(
    tasks,
    {"numbers.html": NumbersPage, "data.txt": Data},
    roots=(NUMBERS.url,),
    of_brief=lambda brief: (NUMBERS.url,) if brief.figures else (),
)
