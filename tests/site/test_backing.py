"""What stands behind briefs, claims and figures, as pages and data say it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from builder.engine.options import Options
from builder.engine.status import read_status
from support.mails import brief_of
from support.pages import words
from support.publishers import PUBLISHERS
from support.sites import NOW, brief, build_site, edit, problems, read, urls, write_site

REUTERS = "{id: reuters, publisher: Reuters, published: 2025-06-13}"
RELAYS = [f"{{publisher: Relay {n}, role: relay, of: reuters}}" for n in range(11)]
FIGURE = (
    "{id: staff, of: Scale AI, metric: staff, value: 900 people, as_of: 2025-06-01, source: %s}"
)
PLAN = "{id: plan, text: It hires., status: reported, source: reuters}"


def backed(html: str) -> list[str]:
    """The sentences of a page on what stands behind it."""
    return [words(text) for text in re.findall(r'<span class="backed">(.*?)</span>', html)]


def since(html: str) -> list[str]:
    """What later briefs add, in words."""
    found = re.findall(r'<ul class="since">(.*?)</ul>', html, re.DOTALL)
    return [words(item) for part in found for item in re.findall(r"<li>(.*?)</li>", part)]


def article(html: str) -> dict[str, Any]:
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert script
    found: dict[str, Any] = json.loads(script[1])[0]
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sources": f"[{REUTERS}]"}, []),
        ({"sources": f"[{REUTERS}, {RELAYS[0]}]"}, ["One report; one outlet passes it on"]),
        (
            {"sources": f"[{REUTERS}, {', '.join(RELAYS)}]"},
            ["One report; eleven outlets pass it on"],
        ),
        ({"sources": f"[{REUTERS}, {{publisher: The Daily}}]"}, ["Two independent reports"]),
        (
            {"sources": f"[{REUTERS}, {{publisher: The Daily}}, {RELAYS[0]}, {RELAYS[1]}]"},
            ["Two independent reports; two outlets pass them on"],
        ),
        (
            {"sources": "[{publisher: The Daily}, {publisher: The Weekly}]"},
            ["One report", "Reports of one owner count once"],
        ),
        (
            {"sources": f"[{REUTERS}, {{publisher: Scale AI, role: statement}}]"},
            ["One report", "Also a statement by Scale AI"],
        ),
        (
            {
                "sources": "[{id: memo, publisher: Scale AI, role: statement},"
                " {publisher: Relay, role: relay, of: memo}]"
            },
            ["Stated by Scale AI; no independent report"],
        ),
        (
            {
                "sources": f"[{REUTERS}]",
                "responses": "[{from: Scale AI, stance: confirmed, source: reuters}]",
            },
            ["Confirmed by Scale AI"],
        ),
        (
            {
                "lang": "nl",
                "sources": f"[{REUTERS}, {RELAYS[0]}, {RELAYS[1]}]",
            },
            ["Eén publicatie; 2 media nemen die over"],
        ),
    ],
)
def test_briefs(fields: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    write_site(tmp_path, PUBLISHERS + brief("a", **fields))
    build_site(tmp_path)
    html = read(tmp_path, "briefs/a/index.html")
    assert backed(html) == expected
    said = ". ".join(expected) + "." if expected else None
    assert article(html).get("backstory") == said


def test_other_forms_of_a_brief_say_it_below_its_sources(tmp_path: Path) -> None:
    """In feeds, Markdown and e-mails."""
    memo = "{publisher: Scale AI, role: statement}"
    write_site(tmp_path, PUBLISHERS + brief("a", sources=f"[{REUTERS}, {RELAYS[0]}, {memo}]"))
    edit(tmp_path / "site.yaml", "cards: false", "cards: false\nmarkdown: true")
    build_site(tmp_path)
    said = ["One report; one outlet passes it on", "Also a statement by Scale AI"]
    assert f"<br>\n{said[0]}<br>\n{said[1]}</p>" in read(tmp_path, "feed.xml")
    assert f"backing: {json.dumps(said)}\n" in read(tmp_path, "briefs/a/index.md")
    assert f"{said[0]}\n{said[1]}" in brief_of(tmp_path, "a").text


def test_claims_and_figures(tmp_path: Path) -> None:
    """A claim says how many reports it has where its attribution does not."""
    claims = (
        "[{text: One., status: reported, source: reuters},"
        " {text: Two., status: reported, source: reuters, also: [daily]},"
        " {text: Three., status: confirmed, source: reuters, also: [memo]},"
        " {text: Four., status: opinion, source: reuters, also: [daily]}]"
    )
    sources = (
        f"[{REUTERS}, {{id: daily, publisher: The Daily}},"
        " {id: memo, publisher: Scale AI, role: statement}]"
    )
    figures = f"[{FIGURE % 'reuters, also: [daily]'}]"
    write_site(tmp_path, PUBLISHERS + brief("a", sources=sources, claims=claims, figures=figures))
    assert not problems(tmp_path)
    build_site(tmp_path)
    html = read(tmp_path, "briefs/a/index.html")
    assert backed(html) == [
        "Two independent reports",  # of the figure
        "Two independent reports", "Also a statement by Scale AI",  # of the brief
        "Two independent reports", "Confirmed by Scale AI",  # of claims two and three
    ]  # fmt: skip
    two = article(html)["hasPart"][1]
    assert [two["firstAppearance"]["publisher"]["name"]] == ["Reuters"]
    assert [one["publisher"]["name"] for one in two["appearance"]] == ["The Daily"]


LATER = brief(
    "later",
    "Scale AI really hires",
    date="2025-06-20",
    sources="[{id: daily, publisher: The Daily}, {id: memo, publisher: Scale AI, role: statement}]",
    claims="[{text: It hires., status: reported, source: daily, confirms: a#plan},"
    " {text: It hires., status: confirmed, source: memo, confirms: a#plan},"
    " {text: It does not., status: denied, source: memo, denies: a#move}]",
    figures=f"[{FIGURE % 'daily'}]",
)


def test_later_briefs(tmp_path: Path) -> None:
    """An older brief says what a later one adds, and only such a brief is rendered again."""
    claims = f"[{PLAN}, {{id: move, text: It moves., status: reported, source: reuters}}]"
    older = brief("a", date="2025-06-14", claims=claims, figures=f"[{FIGURE % 'reuters'}]")
    other = brief("b", "Google waits", companies="[Google]", date="2025-06-13", claims=f"[{PLAN}]")
    write_site(tmp_path, PUBLISHERS + older + other + brief("later", date="2025-06-20"))
    build_site(tmp_path)
    write_site(tmp_path, PUBLISHERS + older + other + LATER)
    rendered = {url for url in urls(build_site(tmp_path)) if url.startswith("/briefs/")}
    assert {"/briefs/a/", "/briefs/later/"} <= rendered
    assert "/briefs/b/" not in rendered
    html = read(tmp_path, "briefs/a/index.html")
    second = "A second independent report came on 20 June 2025: Scale AI really hires"
    assert since(html) == [
        second,  # of the figure
        second,
        "Scale AI confirmed it on 20 June 2025: Scale AI really hires",
        "Scale AI denied it on 20 June 2025: Scale AI really hires",
    ]
    assert backed(read(tmp_path, "briefs/later/index.html")).count("Two independent reports") == 3
    edit(tmp_path / "content/briefs/later.md", "Text.", "Other text.")
    assert "/briefs/a/" not in urls(build_site(tmp_path))


def test_translations_stand_as_their_original(tmp_path: Path) -> None:
    """A translation is no second report, and says what its original says."""
    claims = f"[{PLAN}]"
    translated = brief(
        "a-nl", "Scale AI werft", lang="nl", date="2025-06-16", translation_of="a", claims=claims,
        figures=f"[{FIGURE % 'reuters'}]",
    )  # fmt: skip
    older = brief("a", date="2025-06-14", claims=claims, figures=f"[{FIGURE % 'reuters'}]")
    write_site(tmp_path, PUBLISHERS + older + translated + LATER.replace("a#move", "a#plan"))
    build_site(tmp_path)
    assert "A second independent report" in read(tmp_path, "briefs/a/index.html")
    html = read(tmp_path, "briefs/a-nl/index.html")
    assert "Een tweede onafhankelijke publicatie verscheen op 20 juni 2025" in words(html)
    assert not backed(html)  # one report, of two versions


def test_data(tmp_path: Path) -> None:
    """What stands behind a figure is in the data of all figures."""
    older = brief("a", date="2025-06-14", figures=f"[{FIGURE % 'reuters'}]")
    memo = "[{id: memo, publisher: Scale AI, role: filing}]"
    filed = brief("c", sources=memo, figures=f"[{FIGURE.replace('staff', 'desks') % 'memo'}]")
    write_site(tmp_path, PUBLISHERS + older + filed + LATER.replace("claims", "x-claims"))
    edit(tmp_path / "content/briefs/later.md", "x-claims", "yes_but: [It may not.] #")
    build_site(tmp_path)
    rows = csv.DictReader(io.StringIO(read(tmp_path, "numbers/numbers.csv")))
    found = {
        (row["brief_url"].rstrip("/").rpartition("/")[2], row["metric"]): (
            row["independent_reports"],
            row["confirmed_by"],
        )
        for row in rows
    }
    assert found == {
        ("a", "staff"): ("2", ""),
        ("later", "staff"): ("2", ""),
        ("c", "desks"): ("0", "Scale AI"),
    }


def test_status(tmp_path: Path) -> None:
    """The desk and `status` list leading briefs whose claims rest on one report."""
    claims = (
        f"[{PLAN}, {{text: B., status: forecast, source: reuters}},"
        " {text: C., status: reported, by: {company: Scale AI}}]"
    )
    second = "[{text: D., status: reported, source: reuters, also: [daily]}]"
    two = f"[{REUTERS}, {{id: daily, publisher: The Daily}}]"
    write_site(
        tmp_path,
        brief("a", importance="1", claims=claims)
        + brief("b", "Scale AI waits", importance="2", claims=claims)
        + brief("c", "Scale AI moves", importance="1", claims=second, sources=two),
    )
    desk = read_status(tmp_path, tmp_path / "output", Options(NOW, jobs=1)).desk
    assert [(b.path, b.note) for b in desk.one_report] == [
        ("content/briefs/a.md", "1 claim rests on one report")
    ]
