"""Dossiers: what the record has on a company, a person or a topic, as text, HTML and CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli import app as cli
from support.looks import LOOKS, RULES, OpenPage, overflow, violations
from support.pages import words
from support.sites import brief, write_site
from support.tools import as_lines, check_html, serve

SITE = """\
=== content/companies/scale-ai.md
---
name: Scale AI
aliases: [Scale]
founded: 2016
ids: {wikidata: Q1234567}
summary: It labels data.
---
It *labels* data for [others](/companies/google/).
=== content/people/ann-lee.md
---
name: Ann Lee
role: chief executive
company: Scale AI
---
""" + (
    brief(
        "old", "Scale AI old", date="2025-05-02 09:00", companies="[Scale AI, Google]",
        topics="[Labelling]",
        figures="[{id: val, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05,"
        " source: reuters}, {id: g, of: Google, metric: staff, value: 9 people, as_of: 2025-05}]",
        relations="[{from: Google, type: customer, to: Scale AI, since: 2024, source: reuters}]",
        claims="[{text: Scale AI will double its sales, status: claimed, by: {person: Ann Lee,"
        " of: Scale AI}, interest: its head, source: reuters},"
        " {text: Google will not move, status: reported, source: reuters}]",
        quotes="[{by: Ann Lee, of: Scale AI, text: We will | see., source: reuters}]",
        responses="[{from: Google, stance: declined, to: its plans}]",
        expects="[{id: plant, text: The plant opens., by: 2025-06-10, says: reuters},"
        " {id: hall, text: A hall opens.}, {id: old, text: It moves.}]",
        whats_next="[Whether it works.]",
        sources="[{id: reuters, publisher: Reuters, url: 'https://r.example/a', title: It grows},"
        " {id: b, publisher: CNBC, role: relay, of: reuters}]",
    )
    + brief(
        "new", "Scale AI new", date="2025-06-15 09:00", people="[Ann Lee]",
        figures="[{id: val, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06},"
        " {id: b, of: Scale AI, metric: valuation, value: 31bn USD, as_of: 2025-06}]",
        relations="[{from: Google, type: customer, to: Scale AI, until: 2025-06-01}]",
        settles="[{what: old#plant, outcome: late, when: 2025-06-14, source: reuters}]",
        corrections="[{at: 2025-06-16, kind: factual, was: no, now: 'yes'}]",
    )
    + brief("between", "Scale AI moves", date="2025-05-20", companies="[Google]",
            settles="[{what: old#old, outcome: happened, source: reuters}]")
    + brief("secret", "Scale AI secret", date="2025-06-20 09:00", status="draft",
            claims="[{text: Scale AI hides it, status: reported, source: reuters}]")
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(tmp_path_factory.mktemp("site"), SITE)


def run(site: Path, *arguments: str, code: int = 0) -> str:
    if "--as-known" not in arguments:
        arguments = (*arguments, "--as-known", "2025-07-01")
    result = CliRunner().invoke(cli.main, ["--site", str(site), "dossier", *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def sections(text: str) -> dict[str, list[str]]:
    """The items of a dossier by the heading above them, each in one line."""
    found: dict[str, list[str]] = {}
    for part in text.split("\n## ")[1:]:
        heading, _, rest = part.partition("\n\n")
        rows = rest.strip().removeprefix("- ").split("\n- ")
        found[heading] = [" ".join(row.split()) for row in rows]
    return found


def test_a_dossier_of_a_company(site: Path) -> None:
    text = run(site, "scale")
    assert text.startswith("# Dossier: Scale AI\n\nIt labels data.\n\nAs known on 1 July 2025")
    assert "- Founded: 2016\n" in text and "[Wikidata Q1234567]" in text
    assert "It *labels* data for [others](https://test.example/companies/google/)." in text
    assert "secret" not in text and "hides" not in text
    found = sections(text)
    assert [*found] == [
        "Relations", "Numbers", "Claims", "Quotations", "Expected", "Open questions",
        "Corrections", "What changed", "Timeline", "Independent reports", "Publishers", "Sources",
    ]  # fmt: skip
    (relation,) = found["Relations"]
    assert relation.startswith("**Google was a customer of Scale AI, 2024 to 1 June 2025**")
    assert [row.partition(" When")[0] for row in found["Numbers"]] == [
        "**Valuation** Value: $14 billion;", "**Valuation** Value: $29 billion;",
        "**Valuation** Value: $31 billion;",
    ]  # fmt: skip
    assert "Source: Reuters; Independent reports: 1; Known since: [2 May" in found["Numbers"][0]
    assert "Note: disputed; $31 billion;" in found["Numbers"][1]
    (claim,) = found["Claims"]
    assert claim.startswith("**Scale AI will double its sales** Status: Claimed;")
    assert "Speaker: [Ann Lee, Scale AI](https://test.example/people/ann-lee/)" in claim
    assert "Interest: its head; Source: [Reuters](https://r.example/a)" in claim
    assert found["Quotations"][0].startswith("**We will \\| see.**")
    (expected,) = (row for row in found["Expected"] if "The plant opens" in row)
    assert "When: By 10 June 2025; Outcome: [Happened late, 14 June 2025]" in expected
    assert found["Open questions"][0].startswith("**Whether it works.**")
    assert "“yes”" in found["Corrections"][0]
    assert "$14 billion (May 2025) → $" in "".join(found["What changed"])
    assert [row.partition("]")[0] for row in found["Timeline"]] == [
        "**2 May 2025** The brief: [Scale AI old", "**15 June 2025** The brief: [Scale AI new",
    ]  # fmt: skip
    assert "One report; one outlet passes it on" in found["Independent reports"][0]
    assert "Reports: 2; Original reports: 2" in found["Publishers"][0]
    assert "Role: Relay of Reuters" in "".join(found["Sources"])


def test_a_person_a_topic_and_an_earlier_day(site: Path) -> None:
    person = sections(run(site, "Ann Lee"))
    assert [row.partition("**  ")[0][:12] for row in person["Claims"]] == ["**Scale AI w"]
    assert "Numbers" not in person and "Responses" not in person
    topic = sections(run(site, "Labelling"))
    assert len(topic["Claims"]) == 2
    assert topic["Responses"][0].startswith("**Google declined to comment on its plans**")
    assert [row.partition(" Value")[0] for row in topic["Numbers"]] == [
        "**Staff, Google**", "**Valuation, Scale AI**",
    ]  # fmt: skip
    then = sections(run(site, "Scale AI", "--as-known", "2025-06-10"))
    assert len(then["Numbers"]) == 1 and "Corrections" not in then
    assert "Outcome" not in then["Expected"][0]
    assert "is a customer of" in then["Relations"][0]
    after = sections(run(site, "Scale AI", "--as-known", "2025-06-11"))
    assert "Outcome: Overdue" in after["Expected"][0]
    since = sections(run(site, "Scale AI", "--since", "2025-06-01"))
    assert len(since["Numbers"]) == 2 and len(since["Timeline"]) == 1
    assert "Claims" not in since
    assert [row.partition(".]")[0] for row in since["Expected"]] == [
        "**[The plant opens", "**[A hall opens",
    ], "and not what was settled before"  # fmt: skip
    drafts = run(site, "Scale AI", "--drafts")
    assert "hides" in drafts and "not for publication" in drafts


def rows(file: Path) -> list[dict[str, str]]:
    return [*csv.DictReader(file.read_text("utf-8").splitlines())]


def test_one_html_file_and_tables(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "made/scale.html"
    assert "Wrote" in run(site, "Scale AI", "--format", "html", "--output", str(file))
    html = file.read_text("utf-8")
    assert "Google was a customer of Scale AI" in words(html)
    for outside in ("<script", "<link", 'src="', 'href="/', 'href="..'):
        assert outside not in html, "it needs no other file"
    run(site, "Scale AI", "--csv", str(tmp_path / "csv"), "--since", "2025-06-01")
    tables = {path.stem: rows(path) for path in (tmp_path / "csv").iterdir()}
    assert [row["id"] for row in tables["figures"]] == ["b", "val"]
    assert "claims" not in tables and [row["slug"] for row in tables["briefs"]] == ["new"]
    run(site, "Scale AI", "--csv", str(tmp_path / "all"))
    row = next(r for r in rows(tmp_path / "all/expectations.csv") if r["id"] == "plant")
    assert (row["id"], row["outcome"], row["settled_by"]) == ("plant", "late", "new")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("Lee",), 1, "did you mean `Ann Lee`?"),
        (("Gogle",), 1, "did you mean `Google`?"),
        (("Nobody here",), 1, "write the name of a company"),
        (("Google", "--since", "May"), 2, "write a day such as 2025-06-01"),
        (("Google", "--csv", "a", "--output", "b"), 2, "not both"),
        (("Google", "--as-known", "2025-04-01"), 0, "0 briefs"),
    ],
)
def test_what_is_refused(site: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    assert said in run(site, *arguments, code=code)


def test_nothing_is_written_into_the_site(site: Path) -> None:
    said = run(site, "Google", "--output", str(site / "content/x.md"), code=2)
    assert "choose another" in said and not (site / "content/x.md").exists()


@pytest.mark.parametrize("lang", ["en-GB", "ar"])
def test_a_dossier_is_accessible_and_fits_on_paper(
    tmp_path: Path, lang: str, open_page: OpenPage, accessibility_rules: Path
) -> None:
    """With long names and sixty figures, from right to left, light, dark and printed."""
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau Holdings"
    figures = ", ".join(
        f"{{id: f{n}, of: Scale AI, metric: '{'N' * 60 if n == 9 else long} {n}',"
        f" value: {n} people, as_of: 2025-05}}"
        for n in range(60)
    )
    settings = f"=== site.yaml\ntitle: Test\nbase_url: https://test.example\nlanguage: {lang}\n"
    text = brief("one", companies="[Scale AI]", figures=f"[{figures}]")
    lone = "=== content/companies/lone.md\n---\nname: Lone\nlisted: true\n---\n"
    site, made = write_site(tmp_path / "site", settings + lone + text), tmp_path / "made"
    for name in ("Scale AI", "Lone"):
        run(site, name, "--format", "html", "--output", str(made / f"{name[:4].strip()}.html"))
    seen = check_html([*made.iterdir()])
    with serve(made) as address:
        for dark in (False, True):
            with open_page(width=390, dark=dark) as page:
                for file in made.iterdir():
                    page.goto(f"{address}{file.name}")
                    seen += violations(page, accessibility_rules, LOOKS if dark else RULES)
                    seen += filter(None, [overflow(page)])
                    page.emulate_media(media="print")
                    page.set_viewport_size({"width": 700, "height": 900})
                    seen += filter(None, [overflow(page)])
                    page.emulate_media(media="screen")
                    page.set_viewport_size({"width": 390, "height": 800})
    assert not seen, as_lines(seen)
