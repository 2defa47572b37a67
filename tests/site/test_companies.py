"""The page of a company: what changed last and the figures that matter, then its record by year."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.pages.company import CompanyPage
from support.pages import words
from support.sites import brief, build_site, edited, planned, read, urls, write_site


def dated(*days: str, **fields: str) -> str:
    """A brief of each day, published in 2026."""
    return "".join(
        brief(
            f"n{n}",
            f"Scale AI grows {n}",
            date=f"2026-03-{n + 1:02} 09:00",
            event_date=day,
            **fields,
        )
        for n, day in enumerate(days)
    )


def company(folder: Path, slug: str = "scale-ai") -> CompanyPage:
    _, pages = planned(folder)
    (found,) = [page.context for page in pages if page.url == f"/companies/{slug}/"]
    assert isinstance(found, CompanyPage)
    return found


SITE = dated("2025-01-05", "2025-03-01", "2024-12-31", "2024-02-02", "2023-06")


def test_the_latest_lead_and_the_rest_folds_by_year(tmp_path: Path) -> None:
    """Both by date of event."""
    page = company(write_site(tmp_path, SITE.replace("date: 2026", "date: 2025")))
    assert [card.title[-1] for card in page.latest] == ["1", "0", "2"]
    found = {year.name: [card.title[-1] for card in year.cards] for year in page.years}
    assert found == {"2025": ["1", "0"], "2024": ["2", "3"], "2023": ["4"]}


@pytest.mark.parametrize(("count", "per_page"), [(3, 20), (1, 1)])
def test_few_briefs_are_all_at_the_top(tmp_path: Path, count: int, per_page: int) -> None:
    """Each once, with the feed and the anchor of coverage."""
    site = dated(*(f"2025-0{n + 1}-01" for n in range(count))).replace("date: 2026", "date: 2025")
    build_site(write_site(tmp_path, site))
    html = read(tmp_path, "companies/scale-ai/index.html")
    top = html[html.index('id="coverage"') :]
    assert len(re.findall("Scale AI grows", top)) == count
    assert 'class="year"' not in html
    assert "RSS feed of Scale AI" in words(top)


def test_the_first_part_of_a_paginated_list_leads_to_the_rest(tmp_path: Path) -> None:
    """However few briefs are on the page."""
    site = write_site(tmp_path, dated("2025-01-01", "2025-02-01", "2025-03-01").replace(
        "date: 2026", "date: 2025"
    ))  # fmt: skip
    settings = site / "site.yaml"
    settings.write_text(f"{settings.read_text()}per_page: 1\n")
    build_site(site)
    html = read(site, "companies/scale-ai/index.html")
    assert 'class="year" open' in html
    assert '<a href="../../companies/scale-ai/page/2/">Older coverage</a>' in html


def figures(*lines: str) -> str:
    return "\n" + "\n".join(f"  - {{of: Scale AI, source: reuters, {line}}}" for line in lines)


METRICS = [f"metric: metric {n}, value: {n}m USD, as_of: 201{n}" for n in range(1, 8)]


def test_key_figures_are_the_latest_that_are_known(tmp_path: Path) -> None:
    """A forecast only leads if nothing else is known; what another is preferred to never does."""
    lines = figures(
        "metric: revenue, value: 1bn USD, period: 2023, basis: reported",
        "metric: revenue, value: 2bn USD, period: 2024, basis: reported",
        "metric: revenue, value: 9bn USD, period: 2030, basis: forecast",
        "metric: staff, value: 70 people, as_of: 2024-05",
        "metric: staff, value: 80 people, as_of: 2024-05, preferred: true",
        "metric: worth, value: 5bn USD, as_of: 2031, basis: planned",
    )
    page = company(write_site(tmp_path, brief("one", figures=lines)))
    found = {key.name: key.line.value.replace("\u00a0", " ") for key in page.key_figures}
    assert found == {"revenue": "$2 billion", "staff": "80 people", "worth": "$5 billion"}
    anchors = {series.anchor for series in page.numbers}
    assert {key.anchor for key in page.key_figures} <= anchors


def test_one_or_two_metrics_have_no_key_figures(tmp_path: Path) -> None:
    page = company(write_site(tmp_path, brief("one", figures=figures(*METRICS[:2]))))
    assert not page.key_figures
    assert len(page.numbers) == 2 and not page.other_numbers


def test_many_metrics_fold_all_but_the_most_important(tmp_path: Path) -> None:
    """Own ones come before those that involve another company, and all are on the page."""
    involved = "\n  - {of: Meta, to: Scale AI, metric: spending, value: 9bn USD, as_of: 2025-05}"
    site = write_site(tmp_path, brief("one", figures=figures(*METRICS) + involved))
    page = company(site)
    assert [series.name for series in page.numbers] == [f"metric {n}" for n in (7, 6, 5, 4)]
    assert {series.name for series in page.other_numbers} == {
        "metric 1", "metric 2", "metric 3", "spending ← Meta",
    }  # fmt: skip
    build_site(site)
    html = read(site, "companies/scale-ai/index.html")
    fold = html[html.index("4 more metrics") :].partition("</details>")[0]
    assert "Metric 3" in fold and "Metric 4" not in fold


def test_a_new_brief_changes_no_older_page(tmp_path: Path) -> None:
    """Of the company's pages only the first, and the one whose newer neighbour is new."""
    days = [f"2025-01-{n + 1:02}" for n in range(8)]
    site = write_site(tmp_path, dated(*days).replace("date: 2026", "date: 2025"))
    settings = site / "site.yaml"
    settings.write_text(f"{settings.read_text()}per_page: 2\n")
    build_site(site)
    text = brief("new", "Scale AI shrinks", date="2025-06-10", event_date="2025-06-09")
    (site / "content/briefs/new.md").write_text(text.partition("\n")[2])
    found = {url for url in urls(build_site(site)) if url.startswith("/companies/scale-ai/")}
    assert found == {"/companies/scale-ai/", "/companies/scale-ai/feed.xml"}


def test_a_title_changes_the_pages_that_show_it(tmp_path: Path) -> None:
    site = write_site(tmp_path, SITE.replace("date: 2026", "date: 2025"))
    build_site(site)
    found = urls(edited(site, "briefs/n4", "title: Scale AI grows 4", "title: Scale AI grows more"))
    assert "/companies/scale-ai/" in found
    assert "/companies/meta/" not in found
