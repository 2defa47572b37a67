"""The pages of all figures, in several orders, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.capitals import with_capital
from builder.language.collation import sort_key
from builder.language.words import Words, message
from builder.ledger.numbers import FigureRecord
from builder.names.keys import slugify
from builder.pages.page import Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.backing import backing_of
from builder.pages.parts.data_files import as_csv, as_json
from builder.pages.parts.figures import (
    ANCHOR,
    FigureLine,
    Series,
    distinct,
    figure_line,
    series_of,
)
from builder.pages.parts.key_figures import latest_known
from builder.pages.parts.known_since import known_since
from builder.pages.parts.registers import id_columns
from builder.pages.planner import Planner
from builder.quantity.quantity import as_plain
from builder.site.lists import Lists
from builder.site.site import Site

NUMBERS = Link(message("Numbers"), "/numbers/")
ORDERS = (
    Link(message("By company"), NUMBERS.url),
    Link(message("By metric"), f"{NUMBERS.url}by-metric/"),
    Link(message("By date"), f"{NUMBERS.url}by-date/"),
)
_TITLES: dict[str, Callable[[Words], str]] = {
    ORDERS[0].url: lambda words: words("Numbers"),
    ORDERS[1].url: lambda words: words("Numbers by metric"),
    ORDERS[2].url: lambda words: words("Numbers by date"),
}
_LONG = 8  # rows beyond which a group folds the rest


class NumberRow(Struct, frozen=True, kw_only=True):
    """A figure as a row of a table."""

    name: Annotated[str, "The metric, and the company on the other side; empty in its own group."]
    anchor: Annotated[str, "The row's anchor on the page, if it has one."]
    line: Annotated[FigureLine, "The figure."]
    more: Annotated[Link | None, "The company's other figures of the metric, if it has any."]


class NumberGroup(Struct, frozen=True, kw_only=True):
    """Figures of one company, metric or year."""

    name: Annotated[str, "The company, the metric or the year."]
    url: Annotated[str, "The company's address, if it is a company."]
    anchor: Annotated[str, "The group's anchor on the page."]
    rows: Annotated[tuple[NumberRow, ...], "The figures that are shown at once."]
    folded: Annotated[tuple[NumberRow, ...], "The others of a long group."]
    count: Annotated[int, "The number of its rows."]


class NumbersPage(Struct, frozen=True, kw_only=True):
    """The page of all figures, in one of its orders."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    order: Annotated[Link, "The order of the figures: By company, By metric or By date."]
    orders: Annotated[tuple[Link, ...], "All orders, each with its page."]
    groups: Annotated[tuple[NumberGroup, ...], "The figures by company, metric or year."]
    total: Annotated[int, "The number of figures."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.figures:
        yield Task("numbers", _numbers_page)


# --- the pages ---------------------------------------------------------------------------------


class _Listed(NamedTuple):
    """A figure with its words, which several orders have."""

    value: FigureRecord
    line: FigureLine


def _numbers_page(plan: Planner) -> Iterator[Page]:
    values = plan.view.figures()
    listed = [
        _Listed(v, figure_line(plan, v, plan.view.rivals(v), plan.language, equal=equal))
        for v, equal, _ in distinct(values)
    ]
    listed.sort(key=lambda figure: figure.value.in_time, reverse=True)
    orders = (_by_company(plan, values), _by_metric(plan, listed), _by_date(plan, listed))
    for link, groups in zip(ORDERS, orders, strict=True):
        yield _page(plan, link, tuple(groups), len(values))
    rows = [_row(plan, value) for value in values]
    yield Page(f"{NUMBERS.url}numbers.csv", "data.txt", Data(as_csv(rows)), listed=False)
    yield Page(
        f"{NUMBERS.url}numbers.json", "data.txt", Data(as_json("figures", rows)), listed=False
    )


def _page(plan: Planner, link: Link, groups: tuple[NumberGroup, ...], total: int) -> Page:
    first = link.url == NUMBERS.url
    name = _TITLES[link.url](plan.words)
    context = NumbersPage(
        site=plan.info,
        head=plan.head(
            link.url,
            name,
            trail=[] if first else [plan.named(NUMBERS)],
            description=plan.words(
                "Every figure in {site}: company, date and source.", site=plan.settings.title
            ),
        ),
        order=plan.named(link),
        orders=tuple(map(plan.named, ORDERS)),
        groups=groups,
        total=total,
    )
    rows = (row.anchor for group in groups for row in (*group.rows, *group.folded) if row.anchor)
    anchors = ("content", *(group.anchor for group in groups), *rows)
    return Page(link.url, "numbers.html", context, anchors=anchors)


def _group(
    name: str, anchor: str, rows: Sequence[NumberRow], url: str = "", shown: int = _LONG
) -> NumberGroup:
    """Return a group; a long one folds all but the first rows."""
    shown = shown if len(rows) > _LONG else len(rows)
    return NumberGroup(
        name=name,
        url=url,
        anchor=anchor,
        rows=tuple(rows[:shown]),
        folded=tuple(rows[shown:]),
        count=len(rows),
    )


def _by_company(plan: Planner, values: Sequence[FigureRecord]) -> Iterator[NumberGroup]:
    """Yield the latest known figure of each metric; those with others come first."""
    by_company: dict[str, list[FigureRecord]] = {}
    for value in values:
        by_company.setdefault(value.of, []).append(value)
    for slug in plan.view.companies():
        if slug in by_company:
            company = plan.company(slug)
            series = series_of(plan, by_company[slug], slug, slug, charts=False)
            rows = [
                NumberRow(
                    name=s.name,
                    anchor=s.anchor,
                    line=latest_known(s.lines),
                    more=_more(plan, company, slug, s),
                )
                for s in sorted(series, key=lambda s: len(s.lines) == 1)
            ]
            shown = max(_LONG, sum(row.more is not None for row in rows))
            yield _group(company.name, f"company.{slug}", rows, company.url, shown)


def _more(plan: Planner, company: Link, slug: str, series: Series) -> Link | None:
    """Return the other figures of a series, on the company's page."""
    if (others := len(series.lines) - 1) == 0:
        return None
    name = plan.words.many("and {n} more", "and {n} more", others)
    return Link(name, f"{company.url}#{ANCHOR}{series.anchor.removeprefix(slug)}")


def _by_metric(plan: Planner, figures: Iterable[_Listed]) -> Iterator[NumberGroup]:
    """Yield the metrics that several figures have; one group has the rest."""
    by_metric: dict[str, list[_Listed]] = {}
    words, language = plan.words, plan.language
    for figure in figures:
        by_metric.setdefault(figure.value.key, []).append(figure)
    found = sorted(
        by_metric.values(),
        key=lambda found: sort_key(found[0].value.metric, language),
    )
    taken: Counter[str] = Counter()
    for several in (found for found in found if len(found) > 1):
        several.sort(key=lambda figure: sort_key(figure.line.of.name, language))
        name = several[0].value.metric
        anchor = f"metric.{slugify(name, plan.settings.slug_style)}"
        taken[anchor] += 1
        if taken[anchor] > 1:  # for names whose letters a slug drops
            anchor = f"{anchor}.{taken[anchor]}"
        rows = _rows(several, named=False)
        yield _group(with_capital(name, language), anchor, rows)
    if single := [found[0] for found in found if len(found) == 1]:
        yield _group(words("Other metrics"), "other-metrics", _rows(single))


def _by_date(plan: Planner, figures: Iterable[_Listed]) -> Iterator[NumberGroup]:
    """Yield the years, latest first."""
    by_year: dict[str, list[_Listed]] = {}
    words = plan.words
    for figure in figures:
        by_year.setdefault(figure.value.in_time[0][:4], []).append(figure)
    for year, found in by_year.items():
        yield _group(year or words("Undated"), f"year-{year or 'none'}", _rows(found))


def _rows(figures: Iterable[_Listed], named: bool = True) -> list[NumberRow]:
    """Return figures as rows; `named` is whether each has the name of its metric."""
    return [
        NumberRow(name=value.metric if named else "", anchor="", line=line, more=None)
        for value, line in figures
    ]


def _row(plan: Planner, value: FigureRecord) -> dict[str, str]:
    """Return a figure as a data row.

    Numbers are exact and unscaled; companies have a name and an address.
    """
    exact = as_plain(value.value)
    base = plan.settings.base_url
    return {
        "company": plan.company(value.of).name,
        "company_url": base + plan.company(value.of).url,
        **id_columns(plan.view.company(value.of), "company_"),
        "metric": value.metric,
        "to": plan.company(value.to).name if value.to else "",
        **id_columns(plan.view.company(value.to) if value.to else None, "to_"),
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
        "known_since": known_since(plan, value).iso,
        "preferred": "yes" if value.preferred else "",
        "disputed": "yes" if value.rivals else "",
        **_backing(plan, value),
        "brief_url": plan.absolute(plan.address(value.brief)),
    }


def _backing(plan: Planner, value: FigureRecord) -> dict[str, str]:
    """Return what stands behind a figure, as columns."""
    backing = backing_of(plan, value.brief, value.number)
    companies = [plan.company(slug).name for slug in backing.companies]
    return {"independent_reports": str(backing.now), "confirmed_by": "; ".join(companies)}


KIND = Kind(
    tasks,
    {"numbers.html": NumbersPage, "data.txt": Data},
    roots=(NUMBERS.url,),
    of_brief=lambda brief: tuple(link.url for link in ORDERS) if brief.figures else (),
)
