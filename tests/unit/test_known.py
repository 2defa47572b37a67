"""What was known on a day is what a build of that day says."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from builder.content.config import Config, read_config
from builder.content.content import Content
from builder.content.walk import walk_content
from builder.engine.memory import read_content
from builder.language.quantities import print_quantity
from builder.ledger.claims import (
    StatedClaim,
    _in_order,
    _related,
    _with_expiry,
    claim_ledger,
    claim_records,
)
from builder.ledger.fact_change import ChangeKind, FactChange
from builder.ledger.known import KnownFacts, Records, changes, known_at
from builder.ledger.names import NameResolvers
from builder.ledger.numbers import FigureRecord, figure_ledger
from builder.ledger.relation_changes import essential
from builder.ledger.relations import relation_ledger
from builder.ledger.translations import find_originals
from builder.ledger.turned_back import turned_back
from builder.model.figure import Figure
from builder.model.outline import Outline
from builder.model.statement import Correction
from builder.model.time import PublicationTime
from builder.model.values import CompanyName, Line, Slug, Text
from builder.names.keys import name_key
from builder.pages import changes as pages_of_changes
from builder.pages import company, known, numbers
from builder.pages.page import Data
from builder.pages.parts.figure_charts import BASES
from builder.pages.parts.known_since import known_since
from builder.pages.parts.relation_wording import STATES
from builder.pages.planner import Planner
from builder.quantity.parse import parse_quantity
from builder.quantity.quantity import as_written, unit_key
from builder.site.link import link
from builder.site.lists import arrange_lists
from builder.site.site import Site
from builder.site.stated_once import stated_first
from builder.site.view import View
from builder.store import Store
from support.sites import SETTINGS, brief, small_site

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 400
LATER = FIRST + timedelta(days=2 * DAYS)
COMPANIES = ("Scale AI", "Google", "Meta")


def some_day(chance: random.Random, first: int = 0) -> str:
    return f"{FIRST + timedelta(days=chance.randrange(first, DAYS)):%Y-%m-%d}"


NAMES = (*COMPANIES, "Scale", "Facebook", "Windsurf")  # an alias, a former name, a merged company
WATCHED = SETTINGS + "watchlists: [{name: Deals, companies: [Google]}]\n"
MERGED = "=== content/companies/windsurf.md\n---\nname: Windsurf\nmerged_into: Google\n---\n"


def figures_of(chance: random.Random) -> tuple[str, list[str]]:
    """Figures of a brief, and corrections that can be read, two of one figure among them."""
    rows, corrections = [], []
    for n in range(chance.randrange(4)):
        of, metric = chance.choice(NAMES), chance.choice(("valuation", "revenue"))
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


def expects_of(chance: random.Random) -> list[str]:
    return [
        f"{{id: {id}, text: It {id}., of: {chance.choice(COMPANIES)}{by}}}"
        for id in ("opens", "closes")
        if chance.random() < 0.6
        for by in [chance.choice(("", f", by: {some_day(chance)}", ", by: 2025-Q3"))]
    ]


def settles_of(chance: random.Random, n: int) -> list[str]:
    """Outcomes of what earlier, later and translated briefs expect; what is wrong counts not."""
    return [
        f"{{what: b{chance.randrange(min(n, 8))}#{id}, outcome: {outcome}, source: reuters}}"
        for id in ("opens", "closes")
        if n and chance.random() < 0.8
        for outcome in [chance.choice(("happened", "late", "not"))]
    ]


def random_site(
    chance: random.Random, expired: str = "published", translated: float = 0.25, faithful: float = 1
) -> str:
    """Briefs of all kinds: scheduled, corrected, withdrawn, drafts, translations, some that expire.

    They name companies also as they were called before, and deny and confirm each other's claims.
    Translations appear before and after their originals; those that are not `faithful` lack their
    corrections, or have other figures."""
    found, stated = [MERGED], list[tuple[str, list[str]]]()
    for n in range(24):
        fields: dict[str, str] = {"companies": f"[{', '.join(COMPANIES)}]"}
        fields["date"] = some_day(chance)
        figures, corrections = figures_of(chance)
        relations = [
            f"{{from: {a}, type: {kind}, to: {b}{since}{until}{planned}{figure}}}"
            for _ in range(chance.randrange(3))
            for a, b in [chance.sample(NAMES, 2)]
            for kind in [chance.choice(("customer", "supplier", "rival", "parent"))]
            for since in [chance.choice(("", f", since: {some_day(chance)}"))]
            for until in [chance.choice(("", ", until: planned", f", until: {some_day(chance)}"))]
            for planned in [chance.choice(("", "", ", planned: true"))]
            for figure in [chance.choice(("", ", figure: f0"))]
        ]
        statuses = ("reported", "denied", "confirmed", "disputed")
        claims = [
            f"{{id: c{number}, text: Claim {chance.randrange(4)} about {chance.choice(NAMES)},"
            f" status: {chance.choice(statuses)}{refers}}}"
            for number in range(chance.randrange(3))
            for kind in [chance.choice(("", "denies", "confirms"))]
            for refers in [f", {kind}: b{chance.randrange(24)}#c0" if kind else ""]
        ]
        if chance.random() < 0.3:
            corrections.append(f"{{at: {some_day(chance)}, kind: factual, was: no, now: maybe}}")
        if chance.random() < 0.3:
            fields |= {"expires": some_day(chance), "status": expired}
        for field in ("updated", "event_date"):
            if chance.random() < 0.3:
                fields[field] = some_day(chance)
        if chance.random() < 0.2:
            fields["status"] = chance.choice(("draft", "withdrawn"))
            fields["withdrawn_because"] = "It was wrong."
        if n and chance.random() < translated:
            original = chance.randrange(0, n, 3)
            fields |= {"lang": "nl", "translation_of": f"b{original}"}
            own, (figures, corrections) = figures, stated[original]
            if faithful < 1 and chance.random() > faithful:
                figures, corrections = chance.choice((own, figures)), []
        stated.append((figures, corrections))
        fields |= {
            "figures": f"[{figures}]",
            "topics": chance.choice(("[]", "[Deals]", "[Deals, Labs]")),
            "relations": f"[{', '.join(relations)}]",
            "claims": f"[{', '.join(claims)}]",
            "corrections": f"[{', '.join(corrections)}]",
            "expects": f"[{', '.join(expects_of(chance))}]",
            "settles": f"[{', '.join(settles_of(chance, n))}]",
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
        links,
        originals,
    )
    return changes(records, lambda outline: (), LATER)


def resolvers(site: Site) -> NameResolvers:
    names = site.names
    return NameResolvers(names.known_company, names.publisher_name, names.fiscal_year)


def claims_in(shown: list[Outline], names: NameResolvers) -> tuple[StatedClaim, ...]:
    found = claim_ledger(record for one in shown for record in claim_records(one, names))
    return tuple(found[key] for key in sorted(found))


def said_by(site: Site, at: datetime) -> KnownFacts:
    """What a build of a moment says."""
    shown = [site.outlines[entry.slug] for entry in site.order]
    here = {entry.slug for entry in site.order}
    return KnownFacts(
        tuple(site.figures),
        tuple(essential(r, at) for r in site.relations if r.statements),
        claims_in(shown, resolvers(site)),
        tuple(site.expectations),
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
    assert {change.kind for change in found} == {*get_args(ChangeKind)}
    expected = [pair[1] for change in found if (pair := change.expectations)]
    states = {record.state for record in expected if record}
    assert states == {"open", "overdue", "settled"}
    turned = 0
    for _ in range(40):
        at = FIRST + timedelta(days=chance.randrange(-5, DAYS + 50), hours=chance.randrange(24))
        known, (site, _) = known_at(found, at), link(content, config, at)
        for one, other in zip(in_any_order(known), in_any_order(said_by(site, at)), strict=True):
            assert one == other, at
        turned += any(v.value.low >= 100_000_000_000 for v in known.figures)
    assert turned, "figures had former values on some days"


def test_claims_that_still_stand_are_folded_in_one_pass(tmp_path: Path) -> None:
    """With the same changes, in the same order, as moment by moment."""
    for seed in range(4):
        site = small_site(tmp_path / str(seed), random_site(random.Random(seed)))
        whole, _ = link(*read_all(site), LATER)
        links, briefs = resolvers(whole), whole.outlines.values()
        stated = [
            msgspec.structs.replace(record, expires=None)
            for one in briefs
            for record in claim_records(one, links)
        ]
        for until in (LATER, FIRST + timedelta(days=DAYS // 2)):
            for claims in _related(stated):
                assert [*_in_order(claims, until)] == [*_with_expiry(claims, until)]


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


# --- pages ---------------------------------------------------------------------------------------


class Day:
    """The pages of a site opened at a moment, planned and not rendered."""

    def __init__(self, content: Content, config: Config, at: datetime) -> None:
        self.site, _ = link(content, config, at)
        lists = arrange_lists(self.site, {})
        self.plan = Planner(View(self.site, lists))
        kinds = (pages_of_changes.KIND, known.KIND, company.KIND)
        self.pages = {
            page.url: page.context
            for kind in kinds
            for task in kind.tasks(self.site, lists)
            for page in task.make(self.plan)
        }

    def lines(self) -> dict[str, list[dict[str, Any]]]:
        """The changes of each company, topic and watchlist, oldest first."""
        return {
            url: [json.loads(line) for line in context.text.splitlines()][::-1]
            for url, context in self.pages.items()
            if isinstance(context, Data) and url.endswith(".jsonl")
        }

    def months(self) -> dict[str, tuple[object, ...]]:
        """What the as-known page of each month says."""
        return {
            url: (page.month, page.companies, page.total, page.older)
            for url, page in self.pages.items()
            if isinstance(page, known.KnownMonthPage)
        }

    def ledgers(self) -> Iterator[tuple[str, company.CompanyPage]]:
        for url, page in self.pages.items():
            if isinstance(page, company.CompanyPage):
                yield url, page


def told(lines: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """What a reader of a feed of changes takes to be so: the last word on each fact."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        key = line["id"].partition("-corrected-")[0]
        if line["kind"] == "relation":
            key = " ".join(line["now"][name] for name in ("company", "type", "counterparty"))
        elif line["kind"] == "claim":
            key = name_key(line["now"]["claim"])
        found[line["kind"], key] = line
    return found


def moment(text: str, config: Config) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=config.zone)


def compare_with_ledger(slug: str, page: company.CompanyPage, lines: list[dict[str, Any]]) -> None:
    """A company's page has the figures and relations of which its feed has told last.

    A value that one brief corrected, but another one still says, is on the page, too."""

    def figures(lines: Iterable[dict[str, Any]]) -> set[tuple[str, str, str]]:
        found = (line["now"] for line in lines if line["kind"] == "figure")
        return {
            (
                v["metric"],
                print_quantity(parse_quantity(v["value"]), "en-GB"),
                dict(BASES)[v["basis"]],
            )
            for v in found
        }

    shown = {
        (line.metric, line.own or line.value, line.basis)
        for series in (*page.numbers, *page.other_numbers)
        for line in series.lines
    }
    last = told(lines)
    assert figures(last.values()) <= shown <= figures(lines)
    ties = [*page.relations.formerly] if page.relations else []
    for group in page.relations.groups if page.relations else ():
        ties += group.lines
    assert sorted((tie.company.url, tie.state) for tie in ties) == sorted(
        (f"/companies/{(sides - {slug}).pop()}/", STATES[now["state"]])
        for line in last.values()
        if line["kind"] == "relation"
        for now in [line["now"]]
        for sides in [{now["company"], now["counterparty"]}]
    )


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_a_later_day_say_what_those_of_the_day_said(tmp_path: Path, seed: int) -> None:
    """As-known pages never change, feeds only grow, and their last word is the ledger of the day.

    A brief that has expired by now is in no earlier day."""
    chance = random.Random(seed)
    content, config = read_all(small_site(tmp_path, WATCHED + random_site(chance, expired="draft")))
    latest = Day(content, config, LATER)
    months, lines = latest.months(), latest.lines()
    assert len(months) > 6 and len(lines) > len(COMPANIES)
    seen = set[str]()
    for _ in range(50):
        at = FIRST + timedelta(days=chance.randrange(-5, DAYS + 50), hours=chance.randrange(24))
        day = Day(content, config, at)
        closed = day.months()
        assert closed == {url: months[url] for url in closed}, at
        seen |= closed.keys()
        until = {
            url: found
            for url, all in lines.items()
            if (found := [one for one in all if moment(one["known"], config) <= at])
        }
        for url, found in day.lines().items():
            assert found == until[url], (at, url)
        assert day.lines().keys() == until.keys()
        for url, page in day.ledgers():
            compare_with_ledger(
                url.split("/")[2], page, until.get(f"{url}changes/changes.jsonl", [])
            )
    assert len(seen) > 6


def test_figures_are_known_since_the_same_day_everywhere(tmp_path: Path) -> None:
    """On pages, in data files, in feeds of changes and on the day itself.

    A translation may appear before its original, and say something else."""
    moved = 0
    for seed in range(8):
        chance = random.Random(seed)
        text = random_site(chance, expired="draft", translated=0.6, faithful=0.6)
        content, config = read_all(small_site(tmp_path / str(seed), WATCHED + text))
        for _ in range(12):
            at = FIRST + timedelta(days=chance.randrange(DAYS // 3, DAYS + 50))
            moved += compare_known(content, config, at)
    assert moved, "translations were published before their originals"


def compare_known(content: Content, config: Config, at: datetime) -> int:
    """Compare since when figures are known; how many a translation said first."""
    site, _ = link(content, config, at)
    lists = arrange_lists(site, {})
    plan, moved = Planner(View(site, lists)), 0
    names = {value.name for value in stated_first(site)}
    told = [c for c in lists.known.all if c.kind == "figure" and c.key in names]
    shown = plan.view.figures()
    for value in shown:
        known, name = known_since(plan, value), value.first or value.name
        last = [change for change in told if change.key == name][-1]
        assert isinstance(last.now, FigureRecord)
        assert (last.at, amount(last.now)) == (known, amount(value)), (at, value.name)
        before = known_at(lists.known.all, known.at - timedelta(seconds=1))
        then = known_at(lists.known.all, known.at)
        assert amount(value) not in [amount(v) for v in before.figures if v.name == name]
        assert amount(value) in [amount(v) for v in then.figures if v.name == name]
        moved += known.at < site.entries[value.brief].date.at
    rows = [
        row["known_since"]
        for task in numbers.KIND.tasks(site, lists)
        for page in task.make(plan)
        if page.url == "/numbers/numbers.json"
        for row in json.loads(page.context.text)["figures"]
    ]
    assert sorted(rows) == sorted(known_since(plan, value).iso for value in shown)
    return moved


def amount(value: FigureRecord) -> tuple[object, ...]:
    return value.value.low, value.value.high, unit_key(value.value.unit)
