"""What a brief expects, as schema.org describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.ledger.expectations import ExpectationRecord, last_day
from builder.model.brief import Brief
from builder.model.expectation import DueDate
from builder.model.outline import expected_of
from builder.model.source import ROOT_ROLES, Source
from builder.pages.parts.sources import citation
from builder.pages.planner import Planner
from builder.site.ledger_facts import BRIEF_EXPECTATIONS


def with_expectations(
    plan: Planner, brief: Brief, claims: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return claims and what a linked brief expects, as schema.org's Claim.

    `temporalCoverage` runs from the brief to the date; `subjectOf` are the briefs that report the
    outcome. Schema.org has no term for the outcome itself."""
    stated = expected_of(brief)
    if not stated:
        return claims  # so that a brief without any depends on no such fact
    records = {record.id: record for record in plan.view.read(BRIEF_EXPECTATIONS, brief.slug)[0]}
    sources: dict[str, Source] = {source.id: source for source in brief.sources}
    found, more = [*claims], list[dict[str, Any]]()
    for expected in stated:
        record, (field, _, n) = records.get(expected.id), expected.at.partition(".")
        told = _time(brief, expected.by) | _outcome(plan, record)
        if field == "claims":
            found[int(n)] = found[int(n)] | told
            continue
        part: dict[str, Any] = {"@type": "Claim", "text": expected.text}
        if record and record.of and plan.view.has_company(record.of):
            company = plan.company(record.of)
            url = f"{plan.settings.base_url}{company.url}"
            part["about"] = {"@type": "Organization", "name": company.name, "url": url}
        more.append(part | _appearance(plan, sources, expected.source) | told)
    return [*found, *more]


def _time(brief: Brief, by: DueDate) -> dict[str, Any]:
    """Return the period of an expectation: 2025-05-20/2025-06-30."""
    last = last_day(by).isoformat() if by.iso else ".."
    return {"temporalCoverage": f"{brief.date.iso[:10]}/{last}"}


def _outcome(plan: Planner, record: ExpectationRecord | None) -> dict[str, Any]:
    briefs = [plan.headline(settled.brief) for settled in record.settled] if record else []
    articles = [
        {"@type": "NewsArticle", "headline": brief.name, "url": plan.absolute(brief.url)}
        for brief in briefs
    ]
    return {"subjectOf": articles} if articles else {}


def _appearance(plan: Planner, sources: Mapping[str, Source], id: str) -> dict[str, Any]:
    source = sources.get(id)
    if source is None:
        return {}
    name = "firstAppearance" if source.role in ROOT_ROLES else "appearance"
    return {name: citation(plan, source)}
