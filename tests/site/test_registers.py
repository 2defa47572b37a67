"""`ids`: companies and people in registers elsewhere, on pages and in every table."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from support.pages import read_page, words
from support.sites import brief, build_site, problems, read, write_site

LEI = "EXAMPLEINITECH000152"
SITE = f"""\
=== content/companies/initech.md
---
name: Initech
website: https://ini.example/
ids: {{wikidata: Q1234567, lei: {LEI}, cik: 12345, ticker: [NASDAQ:INIT, LSE:INI.B]}}
---
=== content/companies/meta.md
---
name: Meta
ticker: "NASDAQ: META"
---
=== content/people/wang.md
---
name: Alexandr Wang
role: chief executive
ids: {{wikidata: Q7654321, orcid: 0000-0002-1825-0097}}
---
""" + brief(
    "one", "Initech one", companies="[Initech, Meta]", people="[Alexandr Wang]",
    figures="[{id: w, of: Initech, to: Meta, metric: stake, value: 49%, as_of: 2025-06}]",
    relations="[{from: Meta, type: customer, to: Initech}]",
)  # fmt: skip
COLUMNS = {
    "wikidata": "Q1234567", "lei": LEI, "cik": "0000012345", "ticker": "NASDAQ:INIT LSE:INI.B",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_site(tmp_path_factory.mktemp("site"), SITE)
    build_site(folder)
    return folder


def test_the_page_of_a_company(site: Path) -> None:
    page = read(site, "companies/initech/index.html")
    facts = page[page.index('id="facts"') :].partition("</dl>")[0]
    assert "Listed as NASDAQ:INIT, LSE:INI.B" in words(facts)
    assert "In registers Wikidata, LEI, SEC" in words(facts)
    assert re.findall('href="([^"]*)"', facts[facts.index("In registers") :]) == [
        "https://www.wikidata.org/wiki/Q1234567",
        f"https://search.gleif.org/#/record/{LEI}",
        "https://www.sec.gov/edgar/browse/?CIK=0000012345",
    ]
    found = json.loads(read_page(page).linked_data[0])[0]
    assert found["@type"] == "Corporation"
    assert found["leiCode"] == LEI
    assert found["tickerSymbol"] == ["NASDAQ:INIT", "LSE:INI.B"]
    assert found["sameAs"][:2] == ["https://ini.example/", "https://www.wikidata.org/wiki/Q1234567"]
    about = json.loads(read_page(read(site, "briefs/one/index.html")).linked_data[0])[0]["about"]
    assert about[0]["sameAs"] == found["sameAs"]


def test_the_page_of_a_person(site: Path) -> None:
    page = read(site, "people/wang/index.html")
    assert "In registers Wikidata, ORCID" in words(page)
    found = json.loads(read_page(page).linked_data[0])[0]
    assert found["sameAs"] == [
        "https://www.wikidata.org/wiki/Q7654321", "https://orcid.org/0000-0002-1825-0097",
    ]  # fmt: skip


def test_a_ticker_alone_stays_as_it_is(site: Path) -> None:
    assert "Listed as NASDAQ: META" in words(read(site, "companies/meta/index.html"))


def rows(site: Path, path: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(read(site, path)))]


def test_every_table_identifies_companies(site: Path) -> None:
    (figure,) = rows(site, "numbers/numbers.csv")
    (relation,) = rows(site, "relations/relations.csv")
    for row, prefix in ((figure, "company_"), (relation, "to_")):
        assert {name: row[prefix + name] for name in COLUMNS} == COLUMNS
    assert figure["to_ticker"] == relation["from_ticker"] == "NASDAQ: META"
    assert figure["to_wikidata"] == ""
    graph = ElementTree.fromstring(read(site, "relations/relations.graphml"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    node = next(n for n in graph.iter(f"{space}node") if n.get("id") == "initech")
    data = {d.get("key", "").removeprefix("node-"): d.text for d in node}
    assert {name: data[name] for name in COLUMNS} == COLUMNS


def test_numbers_that_two_records_share(tmp_path: Path) -> None:
    """A ticker symbol may be shared, and a merged company may keep what it had."""
    write_site(
        tmp_path,
        SITE
        + f"""\
=== content/companies/copy.md
---
name: Copy
listed: true
ticker: NYSE:COPY
ids: {{lei: {LEI}, cik: 0000012345, ticker: NASDAQ:INIT}}
---
=== content/companies/old.md
---
name: Old
merged_into: Initech
ids: {{lei: {LEI}}}
---
""",
    )
    found = {p.path: p.code for p in problems(tmp_path) if "no-page" not in p.code}
    told = [
        p.message for p in problems(tmp_path) if p.code in ("shared-identity", "tickers-differ")
    ]
    owner = "content/companies/copy.md"
    assert told == [
        "`ticker` is `NYSE:COPY`, and `ids` has another ticker symbol",
        f"the LEI `{LEI}` is also that of {owner}",
        f"the CIK `0000012345` is also that of {owner}",
    ] or sorted(told)[0].startswith("`ticker`")
    assert "content/companies/old.md" not in found
