"""The pages of relations by company, kind and state, and as data."""

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
    relation_sentence,
)
from builder.pages.planner import Planner
from builder.quantity.quantity import as_plain
from builder.site.lists import Lists
from builder.site.site import Site


class CompanyRelations(Struct, frozen=True, kw_only=True):
    """The relations of one company."""

    company: Annotated[Link, "The company."]
    anchor: Annotated[str, "Its anchor on the page."]
    groups: Annotated[tuple[RelationGroup, ...], "Current and planned relations, by kind."]
    formerly: Annotated[tuple[RelationLine, ...], "Relations that have ended."]


class RelationsPage(Struct, frozen=True, kw_only=True):
    """The page of all relations."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    companies: Annotated[
        tuple[CompanyRelations, ...], "The relations by company; each appears under both companies."
    ]
    kinds: Annotated[tuple[Counted, ...], "The pages of relations by kind."]
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
    states: tuple[State, ...]


# A relation that is due to end is still current.
_STATE_GROUPS = (
    _StateGroup(
        "Current", Link("Current relations", f"{INDEX.url}current/"), ("current", "ending")
    ),
    _StateGroup("Planned", Link("Planned relations", f"{INDEX.url}planned/"), ("planned",)),
    _StateGroup("Former", Link("Former relations", f"{INDEX.url}former/"), ("former",)),
)


def addresses_of(type: RelationType) -> tuple[str, ...]:
    """Return the addresses of pages that may list a kind of relation."""
    return (INDEX.url, kind_url(type), *(group.page.url for group in _STATE_GROUPS))


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
            description=f"Relations between companies in {plan.settings.title}: since when, and"
            " according to which brief.",
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
                Link(group.name, group.page.url),
                [t for t in alike if t.state in group.states],
            )
            for group in _STATE_GROUPS
        ]
        if alike:
            yield _page(plan, Link(wording.name, kind_url(type)), parts)


def _by_state(plan: Planner, ties: Sequence[RelationRecord]) -> Iterator[RelationsOfKindPage]:
    for group in _STATE_GROUPS:
        alike = [tie for tie in ties if tie.state in group.states]
        parts = [
            (Link(wording.name, kind_url(type)), [tie for tie in alike if tie.type == type])
            for type, wording in WORDINGS.items()
        ]
        yield _page(plan, group.page, parts)  # even if empty: planned relations come and go


def _page(
    plan: Planner, page: Link, parts: Sequence[tuple[Link, Sequence[RelationRecord]]]
) -> RelationsOfKindPage:
    """Return a page with the sections that have relations."""
    description = (
        f"{page.name} between companies in {plan.settings.title}, with the briefs behind them."
    )
    return RelationsOfKindPage(
        site=plan.info,
        head=plan.head(page.url, page.name, trail=[INDEX], description=description),
        subject=page,
        sections=tuple(_section(plan, link, ties) for link, ties in parts if ties),
        total=sum(len(ties) for _, ties in parts),
    )


def _section(plan: Planner, link: Link, ties: Sequence[RelationRecord]) -> RelationSection:
    lines = [relation_sentence(plan, tie, among_its_kind=True) for tie in ties]
    lines.sort(key=lambda line: (slugify(line.first.name), slugify(line.second.name)))
    return RelationSection(link.name, link.url, link.url.strip("/").split("/")[-1], tuple(lines))


# --- for machines ------------------------------------------------------------------------------


def _row(plan: Planner, tie: RelationRecord) -> dict[str, str]:
    """Return a relation as a data row.

    Dates are in ISO 8601, numbers exact, and the latest brief comes first.
    """
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
