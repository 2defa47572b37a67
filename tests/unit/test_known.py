"""What was known on a day is what a build of that day says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builder.content.config import Config, read_config
from builder.content.content import Content
from builder.content.walk import walk_content
from builder.engine.memory import read_content
from builder.ledger.claims import claim_ledger, claim_records
from builder.ledger.known import FactChange, KnownFacts, Records, changes, essential, known_at
from builder.ledger.names import NameResolvers
from builder.ledger.numbers import figure_ledger
from builder.ledger.relations import relation_ledger
from builder.ledger.translations import find_originals
from builder.ledger.turned_back import turned_back
from builder.model.figure import Figure
from builder.model.statement import Correction
from builder.model.time import PublicationTime
from builder.model.values import CompanyName, Line, Slug, Text
from builder.quantity.parse import parse_quantity
from builder.quantity.quantity import as_written
from builder.site.link import link
from builder.site.site import Site
from builder.store import Store
from support.sites import brief, small_site

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 400
LATER = FIRST + timedelta(days=2 * DAYS)
COMPANIES = ("Scale AI", "Google", "Meta")


def some_day(chance: random.Random, first: int = 0) -> str:
    return f"{FIRST + timedelta(days=chance.randrange(first, DAYS)):%Y-%m-%d}"


def figures_of(chance: random.Random) -> tuple[str, list[str]]:
    """Figures of a brief, and corrections that can be read, two of one figure among them."""
    rows, corrections = [], []
    for n in range(chance.randrange(4)):
        of, metric = chance.choice(COMPANIES), chance.choice(("valuation", "revenue"))
        value = chance.randrange(1, 9) + n * 10
        basis = chance.choice(("reported", "reported", "forecast"))
        rows.append(
            f"{{id: f{n}, of: {of}, metric: {metric}, value: {value}bn USD,"
            f" as_of: {some_day(chance)[: chance.choice((4, 7, 10))]}, basis: {basis}}}"
        )
        if chance.random() < 0.3:
            first, second = sorted((some_day(chance), some_day(chance)))
            if first == second:
                continue
            was = f"{value + 200}bn USD"
            corrections += [
                f"{{at: {first}, kind: factual, was: {value + 100}bn USD, now: {was}}}",
                f"{{at: {second}, kind: factual, was: {was}., now: {value}bn USD}}",
            ]
    if len(rows) > 1 and chance.random() < 0.4:
        rows.append("{id: share, of: Google, metric: part, period: 2024, basis: derived,"
                    " formula: f0 / f1}")  # fmt: skip
    return ", ".join(rows), corrections


def random_site(chance: random.Random) -> str:
    """Briefs of all kinds: scheduled, expired, corrected, withdrawn, drafts, translations."""
    found = []
    for n in range(24):
        fields: dict[str, str] = {"companies": f"[{', '.join(COMPANIES)}]"}
        fields["date"] = some_day(chance)
        figures, corrections = figures_of(chance)
        relations = [
            f"{{from: {a}, type: {kind}, to: {b}{since}{until}{planned}{figure}}}"
            for _ in range(chance.randrange(3))
            for a, b in [chance.sample(COMPANIES, 2)]
            for kind in [chance.choice(("customer", "supplier", "rival", "parent"))]
            for since in [chance.choice(("", f", since: {some_day(chance)}"))]
            for until in [chance.choice(("", ", until: planned", f", until: {some_day(chance)}"))]
            for planned in [chance.choice(("", "", ", planned: true"))]
            for figure in [chance.choice(("", ", figure: f0"))]
        ]
        statuses = ("reported", "denied", "confirmed", "disputed")
        claims = [
            f"{{text: Claim {chance.randrange(4)} about {chance.choice(COMPANIES)},"
            f" status: {chance.choice(statuses)}}}"
            for _ in range(chance.randrange(3))
        ]
        if chance.random() < 0.3:
            corrections.append(f"{{at: {some_day(chance)}, kind: factual, was: no, now: maybe}}")
        if chance.random() < 0.3:
            fields["expires"] = some_day(chance)
        if chance.random() < 0.3:
            fields["updated"] = some_day(chance)
        if chance.random() < 0.2:
            fields["status"] = chance.choice(("draft", "withdrawn"))
            fields["withdrawn_because"] = "It was wrong."
        if n and chance.random() < 0.25:
            fields |= {"lang": "nl", "translation_of": f"b{chance.randrange(0, n, 3)}"}
        fields |= {
            "figures": f"[{figures}]",
            "relations": f"[{', '.join(relations)}]",
            "claims": f"[{', '.join(claims)}]",
            "corrections": f"[{', '.join(corrections)}]",
        }
        found.append(brief(f"b{n}", f"Scale AI {n}", **fields))
    return "".join(found)


def read_all(folder: Path) -> tuple[Content, Config]:
    config = read_config(folder)
    return read_content(walk_content(folder), config, 1, Store(None, "")), config


def all_changes(content: Content, config: Config) -> tuple[FactChange, ...]:
    """The changes of all briefs that are ever published."""
    whole, _ = link(content, config, LATER)
    links = resolvers(whole)
    briefs = {
        slug: outline
        for slug, outline in sorted(whole.outlines.items())
        if outline.status == "published"
    }
    originals = find_originals(whole.outlines, briefs)
    records = Records(
        briefs,
        figure_ledger(briefs.values(), links),
        [
            relation
            for relation in relation_ledger(briefs, originals, whole.companies, links, LATER)
            if relation.statements
        ],
        [record for one in briefs.values() for record in claim_records(one, links)],
        originals,
    )
    return changes(records, lambda outline: (), LATER)


def resolvers(site: Site) -> NameResolvers:
    names = site.names
    return NameResolvers(names.known_company, names.publisher_name, names.fiscal_year)


def said_by(site: Site, at: datetime) -> KnownFacts:
    """What a build of a moment says."""
    shown = [site.outlines[entry.slug] for entry in site.order]
    here = {entry.slug for entry in site.order}
    return KnownFacts(
        tuple(site.figures),
        tuple(essential(r, at) for r in site.relations if r.statements),
        claim_ledger(shown, resolvers(site)),
        tuple(c for c in site.corrections if c.brief in here),
    )


def in_any_order(known: KnownFacts) -> Iterator[object]:
    yield from known[:-1]
    yield sorted(known.corrections, key=lambda c: c.guid)


@pytest.mark.parametrize("seed", range(5))
def test_the_fold_of_the_changes_is_what_a_build_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content, config = read_all(small_site(tmp_path, random_site(chance)))
    found = all_changes(content, config)
    assert {change.kind for change in found} == {"figure", "relation", "claim", "correction"}
    turned = 0
    for _ in range(40):
        at = FIRST + timedelta(days=chance.randrange(-5, DAYS + 50), hours=chance.randrange(24))
        known, (site, _) = known_at(found, at), link(content, config, at)
        for one, other in zip(in_any_order(known), in_any_order(said_by(site, at)), strict=True):
            assert one == other, at
        turned += any(v.value.low >= 100_000_000_000 for v in known.figures)
    assert turned, "figures had former values on some days"


def figure(value: str) -> Figure:
    return Figure(
        of=CompanyName("a"), metric=Line("revenue"), id=Slug(slug_of(value)),
        value=parse_quantity(value),
    )  # fmt: skip


def slug_of(value: str) -> str:
    return "f" + "".join(c for c in value if c.isalnum()).lower()


@pytest.mark.parametrize(
    ("figures", "was", "now", "found"),
    [
        (["700 people"], "500 people", "700 people", ["500 people"]),
        (["14bn USD"], "13000m USD.", "14000m USD", ["13000m USD"]),  # the same amount
        (["14bn USD", "14bn USD"], "13bn USD", "14bn USD", ["14bn USD", "14bn USD"]),  # which?
        (["14bn USD"], "13bn USD", "14bn EUR", ["14bn USD"]),
        (["14bn USD"], "a lot", "14bn USD", ["14bn USD"]),  # no quantity
        (["14bn USD"], "Google paid 13bn USD", "Google paid 14bn USD", ["14bn USD"]),
        (["14bn USD"], "", "14bn USD", ["14bn USD"]),  # an omission
    ],
)
def test_what_a_correction_turns_back(
    figures: list[str], was: str, now: str, found: list[str]
) -> None:
    correction = Correction(at=PublicationTime(FIRST), kind="factual", was=Text(was), now=Text(now))
    before = turned_back(tuple(map(figure, figures)), [correction])
    assert [as_written(one.value) for one in before if one.value] == found
