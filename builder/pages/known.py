"""As-known pages: what changed in the record in a month, as it was known at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.language.collation import sort_key
from builder.language.dates import month_name
from builder.language.words import message
from builder.ledger.fact_change import FactChange
from builder.pages.page import Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.changes import AS_KNOWN, ChangeLine, change_line, changes_about
from builder.pages.planner import Planner
from builder.site.known import MONTHS
from builder.site.known_facts import CHANGED
from builder.site.lists import Lists
from builder.site.site import Site

INDEX = Link(message("As known"), AS_KNOWN)


class KnownCompany(Struct, frozen=True):
    """A company with facts that changed in a month."""

    company: Annotated[Link, "The company."]
    anchor: Annotated[str, "Its anchor on the page."]
    lines: Annotated[tuple[ChangeLine, ...], "What changed, oldest first."]


class KnownMonthPage(Struct, frozen=True, kw_only=True):
    """What changed in the record in a month, as known at its end; later briefs change nothing."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    month: Annotated[str, "The month and year."]
    companies: Annotated[tuple[KnownCompany, ...], "The companies, in alphabetical order."]
    total: Annotated[int, "The number of changes."]
    older: Annotated[str, "The address of the month before with changes, if any."]


class KnownPage(Struct, frozen=True, kw_only=True):
    """The list of as-known pages."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    months: Annotated[tuple[Counted, ...], "The months with the number of changes, latest first."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if not lists.settings.as_known:
        return
    months = [*lists.known.subjects(MONTHS)]
    if months:
        yield Task("known", _index)
    for month in months:
        yield Task(f"known {month}", partial(_month, month))


def _named(rest: str) -> Callable[[Planner], Iterator[Page]]:
    return partial(_month, rest) if rest else _index


def _url(month: str) -> str:
    return f"{INDEX.url}{month}/"


def _name(plan: Planner, month: str) -> str:
    return month_name(date(int(month[:4]), int(month[5:]), 1), plan.language)


def _index(plan: Planner) -> Iterator[Page]:
    closed: tuple[str, ...] = plan.view.read(CHANGED, MONTHS)
    months = sorted(closed, reverse=True)
    rows = (
        Counted(_name(plan, month), _url(month), len(changes_about(plan, MONTHS, month)))
        for month in months
    )
    description = plan.words(
        "What changed in the record of {site}, as it was known at the end of each month.",
        site=plan.settings.title,
    )
    head = plan.head(INDEX.url, plan.named(INDEX).name, description=description)
    yield Page(INDEX.url, "known.html", KnownPage(site=plan.info, head=head, months=tuple(rows)))


def _month(month: str, plan: Planner) -> Iterator[Page]:
    found = changes_about(plan, MONTHS, month)
    name = _name(plan, month)
    companies = tuple(_companies(plan, found))
    earlier = [other for other in plan.view.read(CHANGED, MONTHS) if other < month]
    # Translators: the title of a page; {month} is a month and year.
    title = plan.words("As known at the end of {month}", month=name)
    context = KnownMonthPage(
        site=plan.info,
        head=plan.head(_url(month), title, trail=[plan.named(INDEX)]),
        month=name,
        companies=companies,
        total=len(found),
        older=_url(max(earlier)) if earlier else "",
    )
    anchors = ("content", *(company.anchor for company in companies))
    yield Page(_url(month), "known-month.html", context, modified=found[-1].at, anchors=anchors)


def _companies(plan: Planner, found: tuple[FactChange, ...]) -> Iterator[KnownCompany]:
    """Yield companies with what changed, in alphabetical order."""
    by_company: dict[str, list[ChangeLine]] = {}
    for change in found:
        for slug in change.companies:
            if plan.view.has_company(slug):
                by_company.setdefault(slug, []).append(change_line(plan, change))
    links = {slug: plan.company(slug) for slug in by_company}
    for slug in sorted(links, key=lambda slug: (sort_key(links[slug].name, plan.language), slug)):
        yield KnownCompany(links[slug], f"company.{slug}", tuple(by_company[slug]))


KIND = Kind(
    tasks,
    {"known.html": KnownPage, "known-month.html": KnownMonthPage},
    roots=(INDEX.url,),
    named={"known": _named},
)
