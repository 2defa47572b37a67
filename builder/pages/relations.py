"""All relations -> their page by company, and the same as CSV, JSON and GraphML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Annotated

from msgspec import Struct

from builder.measures import as_plain
from builder.model import Link
from builder.pages.data import as_csv, as_json
from builder.pages.page import Data, Head, Page, SiteInfo, Task
from builder.pages.plan import Plan
from builder.pages.ties import RelationGroup, RelationLine, group_relations
from builder.relations import MUTUAL, Tie
from builder.site import Site
from builder.view import Lists

RELATIONS = Link("Relations", "/relations/")


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
    total: Annotated[int, "How many relations there are."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.relations:
        yield Task("relations", _relations_page)


def _relations_page(plan: Plan) -> Iterator[Page]:
    ties = plan.view.relations()
    of: dict[str, list[Tie]] = {}
    for tie in ties:
        for slug in (tie.of, tie.to):
            of.setdefault(slug, []).append(tie)
    named = [slug for slug in plan.view.companies() if slug in of]
    context = RelationsPage(
        site=plan.info,
        head=plan.head(
            RELATIONS.url,
            RELATIONS.name,
            description=f"What companies in {plan.settings.title} are to each other, since when,"
            " and who says so.",
        ),
        companies=tuple(_of_company(plan, slug, of[slug]) for slug in named),
        total=len(ties),
    )
    anchors = ("content", *(company.anchor for company in context.companies))
    yield Page(RELATIONS.url, "relations.html", context, anchors=anchors)
    rows = [_row(plan, tie) for tie in ties]
    files = {
        "csv": as_csv(rows),
        "json": as_json("relations", rows),
        "graphml": _graph(plan, named, ties),
    }
    for ending, text in files.items():
        yield Page(f"{RELATIONS.url}relations.{ending}", "data.txt", Data(text), listed=False)


def _of_company(plan: Plan, slug: str, ties: Sequence[Tie]) -> CompanyRelations:
    groups, formerly = group_relations(plan, slug, ties)
    return CompanyRelations(
        company=plan.company(slug), anchor=slug, groups=groups, formerly=formerly
    )


# --- for machines ------------------------------------------------------------------------------


def _row(plan: Plan, tie: Tie) -> dict[str, str]:
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


def _graph(plan: Plan, companies: Sequence[str], ties: Sequence[Tie]) -> str:
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
