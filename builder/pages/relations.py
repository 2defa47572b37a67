"""The pages of all relations, in several orders, by kind and state, and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.collation import SortKey, sort_key
from builder.language.words import Words, message
from builder.ledger.relations import MUTUAL, RelationRecord, State
from builder.model.relation import RelationType
from builder.names.keys import slugify
from builder.pages.page import Counted, Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.changes import relation_known
from builder.pages.parts.data_files import as_csv, as_json
from builder.pages.parts.registers import id_columns
from builder.pages.parts.relation_wording import STATES, WORDINGS
from builder.pages.parts.relations import (
    INDEX,
    CitedBrief,
    RelationPart,
    RelationSentence,
    between,
    cited_briefs,
    kind_url,
    measure,
    note,
    relation_sentence,
)
from builder.pages.planner import Planner
from builder.quantity.quantity import as_plain
from builder.site.lists import Lists
from builder.site.site import Site

ORDERS = (
    Link(message("By kind"), INDEX.url),
    Link(message("By company"), f"{INDEX.url}by-company/"),
    Link(message("By latest report"), f"{INDEX.url}by-report/"),
)


class RelationRow(Struct, frozen=True, kw_only=True):
    """A relation as a row of a table."""

    first: Annotated[Link, "The company from which the relation is seen."]
    second: Annotated[Link, "The other company."]
    parts: Annotated[tuple[RelationPart, ...], "The relation as a sentence, in parts."]
    lang: Annotated[str, "The language of the words between the companies."]
    state: Annotated[str, "planned, ending or over; empty for a current relation."]
    note: Annotated[str, "When it began and when it ended or is to end, if known."]
    figure: Annotated[str, "The figure that measures it, if any and not among the words."]
    briefs: Annotated[
        tuple[CitedBrief, ...],
        "The briefs that state it, latest first; none if only a profile does.",
    ]


class RelationTable(Struct, frozen=True, kw_only=True):
    """The relations of one kind, company or year."""

    name: Annotated[str, "The kind, the company or the year."]
    url: Annotated[str, "The address of the kind or company, if it is one."]
    anchor: Annotated[str, "The table's anchor on the page."]
    rows: Annotated[tuple[RelationRow, ...], "The relations."]
    count: Annotated[int, "The number of relations."]


class RelationsPage(Struct, frozen=True, kw_only=True):
    """The page of all relations, in one of its orders."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    order: Annotated[Link, "The order of the relations: By kind, By company or By latest report."]
    orders: Annotated[tuple[Link, ...], "All orders, each with its page."]
    groups: Annotated[
        tuple[RelationTable, ...],
        "The relations by kind, by year, or by company; each is under both companies.",
    ]
    states: Annotated[tuple[Counted, ...], "The pages of current, planned and former relations."]
    total: Annotated[int, "The number of relations."]


class RelationSection(Struct, frozen=True):
    """A section of relations on a page."""

    name: Annotated[str, "The kind or state of the relations."]
    url: Annotated[str, "The address of the page with all of these."]
    anchor: Annotated[str, "The section's anchor on this page."]
    lines: Annotated[
        tuple[RelationSentence, ...], "The relations, by the company that begins the sentence."
    ]


class RelationsOfKindPage(Struct, frozen=True, kw_only=True):
    """The relations of one kind by state, or vice versa."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    subject: Annotated[Link, "The heading and the address of this page."]
    sections: Annotated[tuple[RelationSection, ...], "The sections that have relations."]
    total: Annotated[int, "The number of relations on the page."]


class _StateGroup(NamedTuple):
    """A group of states, with its heading and its page."""

    name: str
    page: Link
    description: str
    states: tuple[State, ...]


# A relation that is due to end is still current.
_STATE_GROUPS = (
    _StateGroup(
        message("Current", "relations"),
        Link(message("Current relations"), f"{INDEX.url}current/"),
        message("Current relations between companies in {site}, with the briefs behind them."),
        ("current", "ending"),
    ),
    _StateGroup(
        message("Planned", "relations"),
        Link(message("Planned relations"), f"{INDEX.url}planned/"),
        message("Planned relations between companies in {site}, with the briefs behind them."),
        ("planned",),
    ),
    _StateGroup(
        message("Former", "relations"),
        Link(message("Former relations"), f"{INDEX.url}former/"),
        message("Former relations between companies in {site}, with the briefs behind them."),
        ("former",),
    ),
)


_TITLES: dict[str, Callable[[Words], str]] = {
    ORDERS[0].url: lambda words: words("Relations"),
    ORDERS[1].url: lambda words: words("Relations by company"),
    ORDERS[2].url: lambda words: words("Relations by latest report"),
}


def addresses_of(type: RelationType) -> tuple[str, ...]:
    """Return the addresses of pages that may list a kind of relation."""
    lists = (order.url for order in ORDERS)
    return (*lists, kind_url(type), *(group.page.url for group in _STATE_GROUPS))


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.relations:
        yield Task("relations", _relations_page)


def _relations_page(plan: Planner) -> Iterator[Page]:
    ties = plan.view.relations()
    kinds, states = [*_by_kind(plan, ties)], [*_by_state(plan, ties)]
    counted = tuple(Counted(p.subject.name, p.subject.url, p.total) for p in states)
    tables = (_tables_by_kind, _tables_by_company, _tables_by_report)
    for order, make in zip(ORDERS, tables, strict=True):
        yield _all_relations(plan, order, tuple(make(plan, ties)), counted, len(ties))
    for page in (*kinds, *states):
        anchors = ("content", *(section.anchor for section in page.sections))
        yield Page(page.subject.url, "relations-of-kind.html", page, anchors=anchors)
    named = {slug for tie in ties for slug in (tie.of, tie.to)}
    rows = [_row(plan, tie) for tie in ties]
    files = {
        "csv": as_csv(rows),
        "json": as_json("relations", rows),
        "graphml": _graph(plan, [slug for slug in plan.view.companies() if slug in named], ties),
    }
    for ending, text in files.items():
        yield Page(f"{INDEX.url}relations.{ending}", "data.txt", Data(text), listed=False)


# --- all relations -----------------------------------------------------------------------------


def _all_relations(
    plan: Planner,
    order: Link,
    groups: tuple[RelationTable, ...],
    states: tuple[Counted, ...],
    total: int,
) -> Page:
    first = order.url == INDEX.url
    context = RelationsPage(
        site=plan.info,
        head=plan.head(
            order.url,
            _TITLES[order.url](plan.words),
            trail=[] if first else [plan.named(INDEX)],
            description=plan.words(
                "Relations between companies in {site}: since when, and according to which brief.",
                site=plan.settings.title,
            ),
        ),
        order=plan.named(order),
        orders=tuple(map(plan.named, ORDERS)),
        groups=groups,
        states=states,
        total=total,
    )
    anchors = ("content", *(group.anchor for group in groups))
    return Page(order.url, "relations.html", context, anchors=anchors)


def _names(first: str, second: str, language: str) -> tuple[SortKey, SortKey]:
    return sort_key(first, language), sort_key(second, language)


def _table(name: str, anchor: str, rows: Iterable[RelationRow], url: str = "") -> RelationTable:
    rows = tuple(rows)
    return RelationTable(name=name, url=url, anchor=anchor, rows=rows, count=len(rows))


def _tables_by_kind(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationTable]:
    for type, wording in WORDINGS.items():
        if rows := [_as_row(plan, tie) for tie in ties if tie.type == type]:
            rows.sort(key=lambda row: _names(row.first.name, row.second.name, plan.language))
            yield _table(plan.words.key(wording.name), slugify(type), rows, kind_url(type))


def _tables_by_company(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationTable]:
    """Yield each relation under both companies, as seen from this one, in the order of kinds."""
    order = [*WORDINGS]
    of: dict[str, list[RelationRecord]] = {}
    for tie in sorted(ties, key=lambda tie: order.index(tie.type)):
        for slug in (tie.of, tie.to):
            of.setdefault(slug, []).append(tie)
    for slug in plan.view.companies():
        if slug in of:
            company = plan.company(slug)
            rows = (_as_row(plan, tie, turned=tie.to == slug) for tie in of[slug])
            yield _table(company.name, f"company.{slug}", rows, company.url)


def _tables_by_report(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationTable]:
    """Yield the years of the latest reports, the newest first, then what only profiles state."""
    reported = [tie for tie in ties if tie.statements]
    reported.sort(key=lambda tie: tie.statements[0].in_time[:2], reverse=True)
    for year, found in groupby(reported, key=lambda tie: tie.statements[0].said.iso[:4]):
        yield _table(year, f"year-{year}", [_as_row(plan, tie) for tie in found])
    if rest := [_as_row(plan, tie) for tie in ties if not tie.statements]:
        yield _table(plan.words("From profiles"), "profiles", rest)


def _as_row(plan: Planner, tie: RelationRecord, turned: bool = False) -> RelationRow:
    language = plan.language
    said = between(plan, tie, tie, turned, language, linked=False)
    return RelationRow(
        first=said.first,
        second=said.second,
        parts=said.parts,
        lang=said.lang,
        state=STATES[tie.state],
        note=note(plan, tie, tie, language),
        figure=measure(plan, tie, tie.measured, language),
        briefs=cited_briefs(plan, tie),
    )


# --- by kind, by state -------------------------------------------------------------------------


def _by_kind(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationsOfKindPage]:
    for type, wording in WORDINGS.items():
        alike = [tie for tie in ties if tie.type == type]
        parts = [
            (
                Link(plan.words.key(group.name), group.page.url),
                [t for t in alike if t.state in group.states],
            )
            for group in _STATE_GROUPS
        ]
        if alike:
            link = Link(plan.words.key(wording.name), kind_url(type))
            # Translators: {kind} is such as: Customers and suppliers. {site} is the site.
            description = plan.words(
                "{kind} between companies in {site}, with the briefs behind them.",
                kind=link.name,
                site=plan.settings.title,
            )
            yield _page(plan, link, parts, description)


def _by_state(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationsOfKindPage]:
    for group in _STATE_GROUPS:
        alike = [tie for tie in ties if tie.state in group.states]
        parts = [
            (
                Link(plan.words.key(wording.name), kind_url(type)),
                [tie for tie in alike if tie.type == type],
            )
            for type, wording in WORDINGS.items()
        ]
        description = plan.words.key(group.description, {"site": plan.settings.title})
        # Even if it is empty: planned relations come and go.
        yield _page(plan, plan.named(group.page), parts, description)


def _page(
    plan: Planner,
    page: Link,
    parts: Sequence[tuple[Link, Sequence[RelationRecord]]],
    description: str,
) -> RelationsOfKindPage:
    """Return a page with the sections that have relations."""
    return RelationsOfKindPage(
        site=plan.info,
        head=plan.head(page.url, page.name, trail=[plan.named(INDEX)], description=description),
        subject=page,
        sections=tuple(_section(plan, link, ties) for link, ties in parts if ties),
        total=sum(len(ties) for _, ties in parts),
    )


def _section(plan: Planner, link: Link, ties: Sequence[RelationRecord]) -> RelationSection:
    lines = [relation_sentence(plan, tie, among_its_kind=True) for tie in ties]
    lines.sort(key=lambda line: _names(line.first.name, line.second.name, plan.language))
    return RelationSection(link.name, link.url, link.url.strip("/").split("/")[-1], tuple(lines))


# --- for machines ------------------------------------------------------------------------------


def _row(plan: Planner, tie: RelationRecord) -> dict[str, str]:
    """Return a relation as a data row.

    Dates are in ISO 8601, numbers exact, and the latest brief comes first.
    """
    base, measured = plan.settings.base_url, tie.measured
    exact = as_plain(measured.value) if measured and measured.value else None
    briefs = [plan.absolute(plan.address(slug)) for slug in tie.briefs]
    profile = f"{base}{plan.company(tie.to).url}"
    return {
        "from": plan.company(tie.of).name,
        "from_url": base + plan.company(tie.of).url,
        **id_columns(plan.view.company(tie.of), "from_"),
        "type": tie.type,
        "to": plan.company(tie.to).name,
        "to_url": base + plan.company(tie.to).url,
        **id_columns(plan.view.company(tie.to), "to_"),
        "mutual": "yes" if tie.type in MUTUAL else "",
        "state": tie.state,
        "since": tie.since.iso if tie.since else "",
        "until": tie.until.iso if tie.until else "",
        "known_since": known.iso if (known := relation_known(plan, tie)) else "",
        "metric": measured.metric if measured else "",
        "period": measured.period if measured else "",
        "low": exact.low if exact else "",
        "high": exact.high if exact else "",
        "unit": exact.unit if exact else "",
        "source": tie.statements[0].publisher if tie.statements else "",
        "stated_in": " ".join(briefs) or profile,
    }


_NODE = ("name", "kind", "url", "wikidata", "lei", "cik", "ticker")
_EDGE = (
    "type", "mutual", "state", "since", "until", "known_since", "metric", "period", "low", "high",
    "unit", "source", "stated_in",
)  # fmt: skip


def _graph(plan: Planner, companies: Sequence[str], ties: Sequence[RelationRecord]) -> str:
    """Return relations as GraphML (graphml.graphdrawing.org).

    All edges are directed, because readers of the format expect one kind; a mutual relation is a
    single edge marked as mutual.
    """
    keys = (("node", name) for name in _NODE), (("edge", name) for name in _EDGE)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="string"/>'
            for kind in keys
            for of, name in kind
        ),
        '<graph id="relations" edgedefault="directed">',
    ]
    for slug in companies:
        company = plan.view.company(slug)
        fields = {
            "name": company.name,
            "kind": company.kind or "",
            "url": f"{plan.settings.base_url}{company.url}",
            **id_columns(company),
        }
        lines += [f'<node id="{escape(slug)}">', *_data("node", fields), "</node>"]
    for n, tie in enumerate(ties):
        row = _row(plan, tie)
        ends = f'source="{escape(tie.of)}" target="{escape(tie.to)}"'
        fields = {name: row[name] for name in _EDGE}
        lines += [f'<edge id="e{n}" {ends}>', *_data("edge", fields), "</edge>"]
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _data(of: str, fields: dict[str, str]) -> Iterator[str]:
    for name, value in fields.items():
        if value:
            yield f'<data key="{of}-{name}">{escape(value, quote=False)}</data>'


KIND = Kind(
    tasks,
    {"relations.html": RelationsPage, "relations-of-kind.html": RelationsOfKindPage},
    roots=(INDEX.url,),
    of_brief=lambda brief: {url for r in brief.relations for url in addresses_of(r.type)},
)
