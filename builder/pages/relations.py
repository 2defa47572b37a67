"""All relations -> their page by company, pages by kind and by how they stand, and the same as CSV,
JSON and GraphML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.ledger.relations import MUTUAL, RelationRecord, State
from builder.model.relation import RelationType
from builder.names.keys import slugify
from builder.pages.page import Counted, Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.data_files import as_csv, as_json
from builder.pages.parts.relation_wording import WORDINGS
from builder.pages.parts.relations import (
    INDEX,
    RelationGroup,
    RelationLine,
    RelationSentence,
    group_relations,
    kind_url,
    told,
)
from builder.pages.planner import Planner
from builder.quantity.quantity import as_plain
from builder.site.lists import Lists
from builder.site.site import Site


class CompanyRelations(Struct, frozen=True, kw_only=True):
    """The relations of one company."""

    company: Annotated[Link, "The company."]
    anchor: Annotated[str, "Its anchor on the page."]
    groups: Annotated[tuple[RelationGroup, ...], "What holds, or is planned, by kind."]
    formerly: Annotated[tuple[RelationLine, ...], "What is over."]


class RelationsPage(Struct, frozen=True, kw_only=True):
    """All relations of the site."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    companies: Annotated[tuple[CompanyRelations, ...], "By company: each relation at both."]
    kinds: Annotated[tuple[Counted, ...], "The pages of the kinds that there are."]
    states: Annotated[tuple[Counted, ...], "The pages of what holds, is planned, is over."]
    total: Annotated[int, "How many relations there are."]


class RelationSection(Struct, frozen=True):
    """A part of the relations on a page."""

    name: Annotated[str, "The kind, or how they stand."]
    url: Annotated[str, "The page that has all of these."]
    anchor: Annotated[str, "Its anchor on this page."]
    lines: Annotated[tuple[RelationSentence, ...], "By the company that they begin with."]


class RelationsOfKindPage(Struct, frozen=True, kw_only=True):
    """The relations of one kind by how they stand, or those that stand alike by kind."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    subject: Annotated[Link, "The heading, and the address of this page."]
    sections: Annotated[tuple[RelationSection, ...], "Those that there are."]
    total: Annotated[int, "How many relations the page has."]


class _Standing(NamedTuple):
    """Relations that stand alike: a heading for them, their page, and in which states they are."""

    name: str
    page: Link
    states: tuple[State, ...]


# What is to end still holds.
_STANDINGS = (
    _Standing("Now", Link("Relations that hold", f"{INDEX.url}current/"), ("current", "ending")),
    _Standing("Planned", Link("Planned relations", f"{INDEX.url}planned/"), ("planned",)),
    _Standing("Formerly", Link("Former relations", f"{INDEX.url}former/"), ("former",)),
)


def addresses_of(type: RelationType) -> tuple[str, ...]:
    """The addresses of pages that may have a relation of a kind."""
    return (INDEX.url, kind_url(type), *(standing.page.url for standing in _STANDINGS))


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.relations:
        yield Task("relations", _relations_page)


def _relations_page(plan: Planner) -> Iterator[Page]:
    ties = plan.view.relations()
    of: dict[str, list[RelationRecord]] = {}
    for tie in ties:
        for slug in (tie.of, tie.to):
            of.setdefault(slug, []).append(tie)
    named = [slug for slug in plan.view.companies() if slug in of]
    kinds, states = [*_by_kind(plan, ties)], [*_by_state(plan, ties)]
    context = RelationsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            INDEX.name,
            description=f"What companies in {plan.settings.title} are to each other, since when,"
            " and who says so.",
        ),
        companies=tuple(_of_company(plan, slug, of[slug]) for slug in named),
        kinds=tuple(Counted(p.subject.name, p.subject.url, p.total) for p in kinds),
        states=tuple(Counted(p.subject.name, p.subject.url, p.total) for p in states),
        total=len(ties),
    )
    anchors = ("content", *(company.anchor for company in context.companies))
    yield Page(INDEX.url, "relations.html", context, anchors=anchors)
    for page in (*kinds, *states):
        anchors = ("content", *(section.anchor for section in page.sections))
        yield Page(page.subject.url, "relations-of-kind.html", page, anchors=anchors)
    rows = [_row(plan, tie) for tie in ties]
    files = {
        "csv": as_csv(rows),
        "json": as_json("relations", rows),
        "graphml": _graph(plan, named, ties),
    }
    for ending, text in files.items():
        yield Page(f"{INDEX.url}relations.{ending}", "data.txt", Data(text), listed=False)


def _of_company(plan: Planner, slug: str, ties: Sequence[RelationRecord]) -> CompanyRelations:
    groups, formerly = group_relations(plan, slug, ties)
    return CompanyRelations(
        company=plan.company(slug), anchor=slug, groups=groups, formerly=formerly
    )


# --- by kind, by state -------------------------------------------------------------------------


def _by_kind(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationsOfKindPage]:
    for type, wording in WORDINGS.items():
        alike = [tie for tie in ties if tie.type == type]
        parts = [
            (
                Link(standing.name, standing.page.url),
                [t for t in alike if t.state in standing.states],
            )
            for standing in _STANDINGS
        ]
        if alike:
            yield _page(plan, Link(wording.name, kind_url(type)), parts)


def _by_state(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationsOfKindPage]:
    for standing in _STANDINGS:
        alike = [tie for tie in ties if tie.state in standing.states]
        parts = [
            (Link(wording.name, kind_url(type)), [tie for tie in alike if tie.type == type])
            for type, wording in WORDINGS.items()
        ]
        yield _page(plan, standing.page, parts)  # also empty: what is planned comes and goes


def _page(
    plan: Planner, page: Link, parts: Sequence[tuple[Link, Sequence[RelationRecord]]]
) -> RelationsOfKindPage:
    """Of the parts, those that have relations."""
    description = f"{page.name} among the companies in {plan.settings.title}, and who says so."
    return RelationsOfKindPage(
        site=plan.info,
        head=plan.head(page.url, page.name, trail=[INDEX], description=description),
        subject=page,
        sections=tuple(_section(plan, link, ties) for link, ties in parts if ties),
        total=sum(len(ties) for _, ties in parts),
    )


def _section(plan: Planner, link: Link, ties: Sequence[RelationRecord]) -> RelationSection:
    lines = [told(plan, tie, among_its_kind=True) for tie in ties]
    lines.sort(key=lambda line: (slugify(line.first.name), slugify(line.second.name)))
    return RelationSection(link.name, link.url, link.url.strip("/").split("/")[-1], tuple(lines))


# --- for machines ------------------------------------------------------------------------------


def _row(plan: Planner, tie: RelationRecord) -> dict[str, str]:
    """A relation for machines: dates in ISO 8601, numbers exact, the latest brief first."""
    base, measured = plan.settings.base_url, tie.measured
    exact = as_plain(measured.value) if measured and measured.value else None
    briefs = [f"{base}/briefs/{slug}/" for slug in tie.briefs]
    profile = f"{base}{plan.company(tie.to).url}"
    return {
        "from": plan.company(tie.of).name,
        "from_url": base + plan.company(tie.of).url,
        "type": tie.type,
        "to": plan.company(tie.to).name,
        "to_url": base + plan.company(tie.to).url,
        "mutual": "yes" if tie.type in MUTUAL else "",
        "state": tie.state,
        "since": tie.since.iso if tie.since else "",
        "until": tie.until.iso if tie.until else "",
        "metric": measured.metric if measured else "",
        "period": measured.period if measured else "",
        "low": exact.low if exact else "",
        "high": exact.high if exact else "",
        "unit": exact.unit if exact else "",
        "source": tie.statements[0].publisher if tie.statements else "",
        "stated_in": " ".join(briefs) or profile,
    }


_NODE = ("name", "kind", "url")
_EDGE = (
    "type", "mutual", "state", "since", "until", "metric", "period", "low", "high", "unit",
    "source", "stated_in",
)  # fmt: skip


def _graph(plan: Planner, companies: Sequence[str], ties: Sequence[RelationRecord]) -> str:
    """GraphML (graphml.graphdrawing.org). All edges are directed, since readers want them alike; of
    what is mutual there is one, which says so."""
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
        told = {
            "name": company.name,
            "kind": company.kind or "",
            "url": f"{plan.settings.base_url}{company.url}",
        }
        lines += [f'<node id="{escape(slug)}">', *_data("node", told), "</node>"]
    for n, tie in enumerate(ties):
        row = _row(plan, tie)
        ends = f'source="{escape(tie.of)}" target="{escape(tie.to)}"'
        told = {name: row[name] for name in _EDGE}
        lines += [f'<edge id="e{n}" {ends}>', *_data("edge", told), "</edge>"]
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _data(of: str, told: dict[str, str]) -> Iterator[str]:
    for name, value in told.items():
        if value:
            yield f'<data key="{of}-{name}">{escape(value, quote=False)}</data>'


KIND = Kind(
    tasks,
    {"relations.html": RelationsPage, "relations-of-kind.html": RelationsOfKindPage},
    roots=(INDEX.url,),
    of_brief=lambda brief: {url for r in brief.relations for url in addresses_of(r.type)},
)
