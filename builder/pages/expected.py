"""What briefs expect: open, overdue and settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Annotated

from msgspec import Struct

from builder.language.words import message
from builder.ledger.expectations import ExpectationRecord
from builder.model.outline import Outline
from builder.pages.page import Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.expectations import (
    ExpectationLine,
    OutcomeCount,
    expectation_line,
    feed_of_expectations,
    latest_outcome_first,
    outcome_counts,
)
from builder.pages.planner import Planner
from builder.site.ledger_facts import EXPECTATIONS
from builder.site.lists import EXPECTED, Lists
from builder.site.site import Site

INDEX = Link(message("Expected"), EXPECTED)


class ExpectationYear(Struct, frozen=True):
    """The expectations of a year."""

    name: Annotated[str, "The year; empty for what has no date."]
    anchor: Annotated[str, "Its anchor on the page."]
    lines: Annotated[tuple[ExpectationLine, ...], "The expectations."]


class ExpectedPage(Struct, frozen=True, kw_only=True):
    """What is expected, and the outcomes."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    overdue: Annotated[
        tuple[ExpectationLine, ...], "What is overdue, that of the latest date first."
    ]
    open: Annotated[
        tuple[ExpectationYear, ...],
        "What is open, by year of its date; the next first, and last what has no date.",
    ]
    total: Annotated[int, "The number of open expectations."]
    settled: Annotated[ExpectationYear | None, "The outcomes of the latest year, latest first."]
    outcomes: Annotated[
        tuple[OutcomeCount, ...], "How many expectations of all years had which outcome."
    ]
    older: Annotated[str, "The address of the page with older outcomes, if any."]


class OlderExpectationsPage(Struct, frozen=True, kw_only=True):
    """The outcomes of an earlier year."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading."]
    index: Annotated[Link, "The page of everything that is expected."]
    lines: Annotated[tuple[ExpectationLine, ...], "The expectations, the latest outcome first."]
    newer: Annotated[str, "The address of the page with newer outcomes."]
    older: Annotated[str, "The address of the page with older outcomes, if any."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if not site.expectations:
        return
    years = _years((*site.expectations,))
    yield Task("expected", partial(_expected, years))
    for n in range(1, len(years)):
        yield Task(f"expected {years[n]}", partial(_older, years, n))


def _years(records: Sequence[ExpectationRecord]) -> tuple[str, ...]:
    """Return the years with an outcome, the latest first."""
    return tuple(sorted({_year(r) for r in records if r.settled}, reverse=True))


def _year(record: ExpectationRecord) -> str:
    return record.settled[0].when.iso[:4]


def _url_of(year: str) -> str:
    return f"{EXPECTED}{year}/"


def _expected(years: Sequence[str], plan: Planner) -> Iterator[Page]:
    records = plan.view.read(EXPECTATIONS)
    open = [r for r in records if r.state == "open"]
    overdue = [expectation_line(plan, r) for r in reversed(records) if r.state == "overdue"]
    settled = _lines(plan, records, years[0]) if years else ()
    context = ExpectedPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            description=plan.words(
                "What companies and people have announced or forecast, and how it turned out, as"
                " the briefs of {site} report it.",
                site=plan.settings.title,
            ),
            active=INDEX.url,
            feed=feed_of_expectations(plan),
        ),
        overdue=tuple(overdue),
        open=tuple(_by_year(plan, open)),
        total=len(open),
        settled=ExpectationYear(years[0], "settled-year", settled) if years else None,
        outcomes=outcome_counts(records),
        older=_url_of(years[1]) if len(years) > 1 else "",
    )
    parts = (("overdue", overdue), ("open", open), ("settled", years))
    anchors = ("content", *(name for name, part in parts if part))
    found = (year.anchor for year in context.open)
    yield Page(INDEX.url, "expected.html", context, anchors=(*anchors, *found))


def _by_year(plan: Planner, open: Sequence[ExpectationRecord]) -> Iterator[ExpectationYear]:
    for year, found in groupby(open, key=lambda record: record.by.iso[:4]):
        lines = tuple(expectation_line(plan, record) for record in found)
        yield ExpectationYear(year, f"year.{year or 'none'}", lines)


def _lines(
    plan: Planner, records: Sequence[ExpectationRecord], year: str
) -> tuple[ExpectationLine, ...]:
    """Return the outcomes of a year, the latest first."""
    found = latest_outcome_first(records)
    return tuple(expectation_line(plan, record) for record in found if _year(record) == year)


def _older(years: Sequence[str], n: int, plan: Planner) -> Iterator[Page]:
    year, records = years[n], plan.view.read(EXPECTATIONS)
    title = plan.words("How it turned out: {year}", year=year)
    context = OlderExpectationsPage(
        site=plan.info,
        head=plan.head(_url_of(year), title, trail=[plan.named(INDEX)], active=INDEX.url),
        title=title,
        index=plan.named(INDEX),
        lines=_lines(plan, records, year),
        newer=_url_of(years[n - 1]) if n > 1 else INDEX.url,
        older=_url_of(years[n + 1]) if n + 1 < len(years) else "",
    )
    yield Page(_url_of(year), "older-expectations.html", context, anchors=("content",))


def _of_brief(brief: Outline) -> tuple[str, ...]:
    if not (brief.expects or brief.settles):
        return ()
    years = {s.when.iso[:4] for s in brief.settles if s.when} | {brief.happened.iso[:4]}
    return INDEX.url, *map(_url_of, years)


KIND = Kind(
    tasks,
    {"expected.html": ExpectedPage, "older-expectations.html": OlderExpectationsPage},
    roots=(INDEX.url,),
    of_brief=_of_brief,
)
