"""Fiscal periods on pages and in data, and figures at the start of a sentence."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from support.pages import words
from support.sites import brief, build_output, build_site, edit, read

COMPANY = """\
=== content/companies/scale-ai.md
---
id: scal2222
name: Scale AI
fiscal_year_end: {end}
---
"""
FIGURES = """
  - {of: Scale AI, metric: revenue, value: $60.9B, period: FY2024, source: reuters}
  - {of: Scale AI, metric: revenue, value: about $27bn, period: fiscal 2023, source: reuters}
  - {id: year, of: Scale AI, metric: revenue, value: $30bn, period: 2023, source: reuters}
  - {of: Scale AI, metric: sales, value: $22.1B, period: Q4 FY24, source: reuters}"""
BODY = """\
{{figure:revenue-2}} was sold, and {{figure:revenue-2}} spent. {{figure:revenue-2}} was lost.

## {{figure:revenue-2}} more

- **{{figure:revenue-2}}** a year

It says: {{figure:revenue-2}}.
"""
SITE = brief("one", sources="Reuters", figures=FIGURES, body=BODY)
ABOUT = "bout $27 billion"


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(folder, "numbers/numbers.csv"))))


def test_fiscal_periods_are_in_words_and_in_order(tmp_path: Path) -> None:
    build_output(tmp_path, COMPANY.format(end="01-28") + SITE)
    page = words(read(tmp_path, "companies/scale-ai/index.html"))
    assert "fiscal 2024 (to January 2024)" in page
    assert "Q4 of fiscal 2024 (to January 2024)" in page
    periods = [row["period"] for row in rows(tmp_path)]
    assert periods == ["FY2023", "2023", "FY2024", "FY2024-Q4"]
    first = rows(tmp_path)[0]
    assert (first["period_begin"], first["period_end"]) == ("2022-02", "2023-01")
    data = json.loads(read(tmp_path, "numbers/numbers.json"))["figures"]
    assert [row["period_end"] for row in data] == ["2023-01", "2023-12", "2024-01", "2024-01"]
    assert not any(row["disputed"] for row in data)


def test_the_end_of_the_fiscal_year_decides_what_is_the_same_period(tmp_path: Path) -> None:
    """With that of the calendar, fiscal 2023 contradicts 2023; the pages that say so are built."""
    build_output(tmp_path, COMPANY.format(end="01-28") + SITE)
    edit(
        tmp_path / "content/companies/scale-ai.md", "fiscal_year_end: 01-28", "fiscal_year_end: 12"
    )
    build_site(tmp_path)
    disputed = [row["period"] for row in rows(tmp_path) if row["disputed"]]
    assert disputed == ["2023", "FY2023"] or disputed == ["FY2023", "2023"]
    for page in ("briefs/one/index.html", "companies/scale-ai/index.html"):
        assert "(to December 2023)" in words(read(tmp_path, page))
    clean = tmp_path / "clean"
    build_output(clean, COMPANY.format(end="12") + SITE)
    for page in ("briefs/one/index.html", "companies/scale-ai/index.html", "numbers/index.html"):
        assert read(clean, page) == read(tmp_path, page)


def test_a_figure_that_begins_a_sentence_begins_with_a_capital(tmp_path: Path) -> None:
    build_output(tmp_path, COMPANY.format(end="01") + SITE)
    page = read(tmp_path, "briefs/one/index.html").replace("\u00a0", " ")
    assert f"<p>A{ABOUT} was sold, and a{ABOUT} spent. A{ABOUT} was lost." in page
    assert f">A{ABOUT} more" in page
    assert f"<strong>A{ABOUT}</strong> a year" in page
    assert f"It says: a{ABOUT}." in page
