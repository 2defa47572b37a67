"""The page of all figures, with CSV and JSON versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from msgspec import Struct

from builder.ledger.numbers import FigureRecord
from builder.names.keys import slugify
from builder.pages.page import Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.data_files import as_csv, as_json
from builder.pages.parts.figure_charts import MergedFigure
from builder.pages.parts.figures import FigureLine, distinct, figure_line, series_of
from builder.pages.planner import Planner
from builder.quantity.quantity import as_plain
from builder.site.lists import Lists
from builder.site.site import Site

NUMBERS = Link("Numbers", "/numbers/")
ORDERS = (
    Link("By company", NUMBERS.url),
    Link("By metric", f"{NUMBERS.url}by-metric/"),
    Link("By date", f"{NUMBERS.url}by-date/"),
)
_LONG = 8  # rows of a company beyond which metrics without a history are folded


class NumberRow(Struct, frozen=True, kw_only=True):
    """A figure as a row of a table."""

    name: Annotated[str, "The metric, with the company on the other side, if any."]
    anchor: Annotated[str, "The row's anchor on the page, if it has one."]
    line: Annotated[FigureLine, "The figure."]
    earlier: Annotated[int, "How many older figures of the same metric the company's page has."]


class NumberGroup(Struct, frozen=True, kw_only=True):
    """Figures of one company, metric or year."""

    name: Annotated[str, "The company, the metric or the year."]
    url: Annotated[str, "The company's address, if it is a company."]
    anchor: Annotated[str, "The group's anchor on the page."]
    rows: Annotated[tuple[NumberRow, ...], "The figures."]
    folded: Annotated[tuple[NumberRow, ...], "Further figures of a long group, to be folded."]


class NumbersPage(Struct, frozen=True, kw_only=True):
    """The page of all figures, in one of its orders."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    order: Annotated[str, "The order of the figures: company, metric or date."]
    orders: Annotated[tuple[Link, ...], "The pages of all orders."]
    groups: Annotated[tuple[NumberGroup, ...], "The figures."]
    total: Annotated[int, "The number of figures."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.figures:
        yield Task("numbers", _numbers_page)


# --- the pages ---------------------------------------------------------------------------------


def _numbers_page(plan: Planner) -> Iterator[Page]:
    values = plan.view.figures()
    groups = {
        "company": tuple(_by_company(plan, values)),
        "metric": tuple(_by_metric(plan, values)),
        "date": tuple(_by_date(plan, values)),
    }
    for link, (order, found) in zip(ORDERS, groups.items(), strict=True):
        yield _page(plan, link, order, found, len(values))
    rows = [_row(plan, value) for value in values]
    yield Page(f"{NUMBERS.url}numbers.csv", "data.txt", Data(as_csv(rows)), listed=False)
    yield Page(
        f"{NUMBERS.url}numbers.json", "data.txt", Data(as_json("figures", rows)), listed=False
    )


def _page(
    plan: Planner, link: Link, order: str, groups: tuple[NumberGroup, ...], total: int
) -> Page:
    first = link.url == NUMBERS.url
    name = NUMBERS.name if first else f"{NUMBERS.name} {link.name[:1].lower()}{link.name[1:]}"
    context = NumbersPage(
        site=plan.info,
        head=plan.head(
            link.url,
            name,
            trail=[] if first else [NUMBERS],
            description=f"Every figure in {plan.settings.title}: company, date and source.",
        ),
        order=order,
        orders=ORDERS,
        groups=groups,
        total=total,
    )
    rows = (row.anchor for group in groups for row in (*group.rows, *group.folded) if row.anchor)
    anchors = ("content", *(group.anchor for group in groups), *rows)
    return Page(link.url, "numbers.html", context, anchors=anchors)


def _by_company(plan: Planner, values: Sequence[FigureRecord]) -> Iterator[NumberGroup]:
    """Yield the latest figure of each metric; those with a history come first."""
    by_company: dict[str, list[FigureRecord]] = {}
    for value in values:
        by_company.setdefault(value.of, []).append(value)
    for slug in plan.view.companies():
        if slug in by_company:
            series = series_of(plan, by_company[slug], slug, slug, charts=False)
            rows = [
                NumberRow(name=s.name, anchor=s.anchor, line=s.lines[0], earlier=len(s.lines) - 1)
                for s in sorted(series, key=lambda s: len(s.lines) == 1)
            ]
            shown = sum(row.earlier > 0 for row in rows) if len(rows) > _LONG else len(rows)
            company = plan.company(slug)
            yield NumberGroup(
                name=company.name,
                url=company.url,
                anchor=slug,
                rows=tuple(rows[:shown]),
                folded=tuple(rows[shown:]),
            )


def _by_metric(plan: Planner, values: Sequence[FigureRecord]) -> Iterator[NumberGroup]:
    """Yield the metrics that several figures have; one group has the rest."""
    by_metric: dict[str, list[MergedFigure]] = {}
    for figure in distinct(values):
        by_metric.setdefault(figure.value.key, []).append(figure)
    several = [found for found in by_metric.values() if len(found) > 1]
    for n, found in enumerate(sorted(several, key=lambda found: slugify(found[0].value.metric))):
        name = found[0].value.metric
        rows = _rows(plan, sorted(found, key=lambda f: plan.company(f.value.of).name), named=False)
        yield NumberGroup(
            name=f"{name[:1].upper()}{name[1:]}", url="", anchor=f"metric-{n + 1}", rows=rows,
            folded=(),
        )  # fmt: skip
    single = [found[0] for found in by_metric.values() if len(found) == 1]
    if single:
        rows = _rows(plan, sorted(single, key=lambda f: slugify(f.value.metric)))
        yield NumberGroup(
            name="Other metrics", url="", anchor="other-metrics", rows=rows, folded=()
        )


def _by_date(plan: Planner, values: Sequence[FigureRecord]) -> Iterator[NumberGroup]:
    """Yield the years, latest first."""
    by_year: dict[str, list[MergedFigure]] = {}
    for figure in sorted(distinct(values), key=lambda f: f.value.in_time, reverse=True):
        by_year.setdefault(figure.value.in_time[0][:4], []).append(figure)
    for year, found in by_year.items():
        yield NumberGroup(
            name=year or "Undated", url="", anchor=f"year-{year or 'none'}",
            rows=_rows(plan, found), folded=(),
        )  # fmt: skip


def _rows(
    plan: Planner, figures: Iterable[MergedFigure], named: bool = True
) -> tuple[NumberRow, ...]:
    """Return figures as rows; `named` says whether each needs the name of its metric."""
    return tuple(
        NumberRow(
            name=value.metric if named else "",
            anchor="",
            line=figure_line(plan, value, plan.view.rivals(value), plan.language, equal=equal),
            earlier=0,
        )
        for value, equal in figures
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
    of_brief=lambda brief: tuple(link.url for link in ORDERS) if brief.figures else (),
)
