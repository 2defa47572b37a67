"""The record of numbers: what a reader sees of figures, and which pages one of them is on."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape
from pathlib import Path

from support.pages import drawings, words
from support.sites import brief, build_site, edited, problems, read, urls, write_site

REPORTED = """
  - {id: before, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05, source: reuters}
  - {id: after, of: Scale AI, metric: Valuation, value: 29bn USD, as_of: 2025-06-12}
  - {id: price, of: Meta, to: Scale, metric: stake price, value: 14.8bn USD, as_of: 2025-06,
     source: reuters}
  - {id: revenue, of: Scale AI, metric: revenue, value: 870m USD, period: 2024, source: reuters}
  - {id: spent, of: Google, to: Scale AI, metric: spending, value: 150m USD, period: 2024,
     basis: actual}
  - {id: planned, of: Google, to: Scale AI, metric: spending, value: 200m USD, period: 2025,
     basis: planned}
  - {id: share, of: Google, to: Scale AI, metric: share, period: 2024, basis: derived,
     formula: spent / revenue}"""
OTHER = """
  - {id: other, of: Meta, to: Scale AI, metric: Stake price, value: 14.3bn USD, as_of: 2025-06-12,
     source: cnbc}"""
CNBC = "[{id: cnbc, publisher: CNBC, published: 2025-06-14}]"
SITE = (
    brief("one", "Scale AI one", "Google was {{figure:share}} of it, {{ figure:spent }}.",
          companies="[Scale AI, Google, Meta]", figures=REPORTED)
    + brief("two", "Scale AI two", date="2025-06-20", sources=CNBC, figures=OTHER)
    + brief("three", "Google three", date="2025-06-21", companies="[Google]")
)  # fmt: skip


def shown(page: str, figure: str) -> str:
    """What a brief's page says of a figure, without markup."""
    found = re.search(rf'<li id="figure-{figure}">(.*?)</li>', page, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).replace("\u00a0", " ").split())


# --- a brief -----------------------------------------------------------------------------------


def test_a_figure_stands_where_the_sentence_needs_it(site: Path) -> None:
    text = words(read(site, "briefs/one/index.html"))
    assert "Google was 17.2% of it, $150 million." in text


def test_the_most_telling_series_come_first(tmp_path: Path) -> None:
    """A series of three times has a chart, equal figures are one row with all their sources."""

    def figures(source: str, *given: tuple[str, str, str]) -> str:
        return "".join(
            f"\n  - {{of: Scale AI, metric: {metric}, value: {value}, as_of: {at},"
            f" source: {source}}}"
            for metric, value, at in given
        )

    worth = (
        ("worth", "1bn USD", "2021"),
        ("worth", "2bn USD", "2023"),
        ("worth", "4bn USD", "2025"),
    )
    once = ("cash", "1bn USD", "2020-02")
    users = (("users", "500m people", "2021"), ("users", "600m people", "2022"))
    more = ("users", "900m people", "2023")
    said = figures("reuters", once, *worth, *users, more)
    write_site(
        tmp_path,
        brief("one", figures=said)
        + brief(
            "two",
            sources=CNBC,
            figures=figures("cnbc", worth[-1], ("cash", "1000m USD", "2020-02")),
        ),
    )
    build_site(tmp_path)
    page = read(tmp_path, "companies/scale-ai/index.html").replace("\u00a0", " ")
    names = [page.index(f'id="figures.{name}"') for name in ("worth", "users", "cash")]
    assert names == sorted(names), "the newest of two series with three values, then one value"
    charts = [words(svg) for svg in drawings(page)]
    assert len(charts) == 2
    assert "People" in charts[1] and ">900m</text>" in page and "900m people</text>" not in page
    assert "$4 billion reported Reuters , CNBC" in words(page).replace("Reuters,", "Reuters ,")
    assert "$1 billion February 2020, reported Reuters , CNBC" in words(page).replace(
        "Reuters,", "Reuters ,"
    )


def test_a_link_may_print_a_figure(tmp_path: Path) -> None:
    body = "See [[brief:one|what {{figure:a}} & {{figure:b}} buy]].\n\n## [[one|{{figure:a}}]] more"
    figures = """[{id: a, of: Scale AI, metric: cash, value: 1bn USD, period: 2024},
        {id: b, of: Scale AI, metric: debt, value: about 2bn USD, period: 2024}]"""
    write_site(tmp_path, brief("one", figures=figures, body=body.replace("[[one|", "[[brief:one|")))
    build_site(tmp_path)
    page = read(tmp_path, "briefs/one/index.html").replace("\u00a0", " ")
    assert ">what $1 billion &amp; about $2 billion buy</a>" in page
    assert re.search(r'<h2 id="more"><a[^>]*>\$1 billion</a> more</h2>', page)


def test_the_numbers_of_a_week_are_new(tmp_path: Path) -> None:
    """Neither those of an earlier year, nor those that an earlier brief had."""

    def figures(*given: tuple[str, str, str]) -> str:
        return "".join(
            f"\n  - {{of: Scale AI, metric: {metric}, value: {value}, period: {period}}}"
            for metric, value, period in given
        )

    old = figures(("staff", "90 people", "2024"), ("sales", "1bn USD", "2022"))
    sums = (("revenue", "2bn USD", "2023"), ("revenue", "3bn USD", "2024"))
    new = figures(*sums, ("staff", "90 people", "2024"), ("sales", "2bn USD", "2021"))
    later = figures(("revenue", "5bn USD", "2025"))
    write_site(
        tmp_path,
        brief("old", date="2025-05-01", figures=old)
        + brief("new", date="2025-06-11", figures=new)
        + brief("later", date="2025-06-25", figures=later),
    )
    build_site(tmp_path)
    page = words(read(tmp_path, "digests/2025-w24/index.html"))
    assert "$3 billion" in page
    for value in ("$2 billion", "90 people", "$5 billion"):
        assert value not in page


PERIODS = ("2024-Q1", "2024-Q4", "2024-H1", "2024-H2", "2024", "2023-12", "2023-Q4", "2023")


def test_periods_stand_in_the_order_of_time(tmp_path: Path) -> None:
    """By their ends; a chart has those of one length."""
    figures = [
        f"{{id: f{n}, of: Scale AI, metric: revenue, value: {n + 10}m USD, period: {period}}}"
        for n, period in enumerate(PERIODS)
    ]
    write_site(tmp_path, brief("one", figures=f"[{', '.join(figures)}]"))
    build_site(tmp_path)
    page = read(tmp_path, "companies/scale-ai/index.html")
    table = re.search(r"<tbody>.*?</tbody>", page, re.DOTALL)
    assert table
    times = [words(cell) for cell in re.findall(r"<th scope=.row.*?</th>", table[0], re.DOTALL)]
    assert times == [
        "Q4 2024", "H2 2024", "2024", "H1 2024", "Q1 2024", "December 2023", "Q4 2023", "2023",
    ]  # fmt: skip
    rows = csv.DictReader(io.StringIO(read(tmp_path, "numbers/numbers.csv")))
    assert [row["period"] for row in rows][:3] == ["2023", "2023-Q4", "2023-12"]
    drawn = words(drawings(page)[0])
    assert "Q1 2024" in drawn and "Q4 2023" in drawn
    assert "H2 2024" not in drawn and "$14 million, 2024" not in drawn


def test_a_figure_between_two_that_became_one_has_one_side(site: Path) -> None:
    text = "=== content/companies/meta.md\n---\nname: Meta\nmerged_into: Scale AI\n---\n"
    write_site(site, text)
    build_site(site)
    rows = {
        row["metric"]: row for row in csv.DictReader(io.StringIO(read(site, "numbers/numbers.csv")))
    }
    assert (rows["stake price"]["company"], rows["stake price"]["to"]) == ("Scale AI", "")
    assert "Scale AI →" not in words(read(site, "briefs/one/index.html"))


def test_every_series_has_an_anchor_of_its_own(tmp_path: Path) -> None:
    """Also where names run together (Google, cloud revenue; Google Cloud, revenue), and where they
    have no letter that an address can show."""
    measured = [("Google", "cloud revenue"), ("Google Cloud", "revenue"), ("Google", "cloud"),
                ("Google", "収益"), ("Google", "利益")]  # fmt: skip
    figures = "".join(
        f"\n  - {{id: f{n}-{year}, of: {of}, metric: {metric}, value: {year}m USD, period: {year}}}"
        for n, (of, metric) in enumerate(measured)
        for year in (2023, 2024)
    )
    companies = "".join(
        f"=== content/companies/{slug}.md\n---\nname: {name}\n---\n"
        for slug, name in (("google", "Google"), ("google-cloud", "Google Cloud"))
    )
    write_site(tmp_path, companies + brief("one", figures=figures))
    build_site(tmp_path)
    for page in ("numbers/index.html", "companies/google/index.html"):
        ids = re.findall(r' id="([^"]*)"', read(tmp_path, page))
        assert len(ids) == len({*ids})


def test_a_figure_in_the_language_of_its_page(site: Path) -> None:
    edited(site, "briefs/one", "title: Scale AI one", "title: Scale AI one\nlang: nl")
    text = words(read(site, "briefs/one/index.html"))
    assert "Google was 17,2% of it, 150 miljoen dollar." in text


def test_by_the_numbers(site: Path) -> None:
    page = read(site, "briefs/one/index.html")
    assert shown(page, "before") == "Valuation Scale AI $14 billion May 2025 reported Reuters"
    assert "→ to Scale AI" in shown(page, "spent") and "2024 actual" in shown(page, "spent")
    assert "2025 planned" in shown(page, "planned")
    assert "$150 million ÷ $870 million = 17.2%" in shown(page, "share")
    assert "calculated" in shown(page, "share")


def test_what_cannot_both_be_true_is_a_range(site: Path) -> None:
    """Until one is preferred, with what each source says and where."""
    page = shown(read(site, "briefs/one/index.html"), "price")
    assert "$14.3–14.8 billion" in page
    assert "Reuters says $14.8 billion. CNBC says $14.3 billion ( Scale AI two )." in page
    assert "disputed" in read(site, "companies/meta/index.html")
    found = [d for d in problems(site) if d.code == "figures-differ"]
    assert len(found) == 1 and "content/briefs/two.md:9" in found[0].message


def test_a_preferred_figure_settles_it(site: Path) -> None:
    edited(site, "briefs/two", "14.3bn USD,", "14.3bn USD, preferred: true,")
    page = shown(read(site, "briefs/one/index.html"), "price")
    assert "$14.8 billion" in page and "–" not in page
    assert "CNBC says $14.3 billion, which we use" in page
    assert "disputed" not in read(site, "companies/meta/index.html")
    assert not [d for d in problems(site) if d.code == "figures-differ"]


def test_a_valuation_and_a_price_never_meet(site: Path) -> None:
    """Nor figures of two periods, or of two bases."""
    page = read(site, "briefs/one/index.html")
    for figure in ("before", "after", "spent", "planned", "revenue"):
        assert "says" not in shown(page, figure)


def test_nobody_sees_the_figures_of_a_draft(site: Path) -> None:
    edited(site, "briefs/two", "title: Scale AI two", "title: Scale AI two\nstatus: draft")
    assert "14.3" not in read(site, "briefs/one/index.html")
    assert "14.3" not in read(site, "numbers/numbers.csv")


# --- companies, and all of them ----------------------------------------------------------------


def test_a_company_has_its_series(site: Path) -> None:
    """Own ones and those in which it is on the other side; two values are rows, not a chart."""
    page = unescape(read(site, "companies/scale-ai/index.html")).replace("\u00a0", " ")
    assert 'id="figures.valuation"' in page and not drawings(page)
    rows = words(page[page.index('id="figures.valuation"') - 4 :])
    assert rows.startswith(
        "Valuation $29 billion 12 June 2025, reported The brief Known since: 15 Jun 2025 $14"
    )
    assert "Spending ← Google" in page and "Stake price ← Meta" in page
    assert 'href="../../briefs/one/#figure-before"' in page
    assert "Spending → Scale AI" in read(site, "companies/google/index.html")


def test_a_price_per_something_names_it_above_the_chart(tmp_path: Path) -> None:
    """The axis and the points have the currency alone; the words have all of it."""
    prices = "".join(
        f"\n  - {{of: Scale AI, metric: price, value: {price} USD per million output tokens,"
        f" as_of: {year}}}"
        for year, price in ((2022, 60), (2023, 15), (2024, 4))
    )
    build_site(write_site(tmp_path, brief("one", figures=prices)))
    page = unescape(read(tmp_path, "companies/scale-ai/index.html"))
    chart = drawings(page)[0]
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", chart)
    assert "Per million output tokens" in shown
    assert {"$60", "$15", "$4", "$40", "$0"} <= {*shown}
    assert "$60 per million output tokens, 2022" in words(chart)


def test_all_numbers_as_data(site: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(read(site, "numbers/numbers.csv"))))
    assert len(rows) == 8
    share = next(row for row in rows if row["metric"] == "share")
    assert Decimal(share["low"]).quantize(Decimal("0.001")) == Decimal("17.241")
    price = [row for row in rows if row["metric"].lower() == "stake price"]
    assert {row["low"] for row in price} == {"14300000000", "14800000000"}
    assert {row["disputed"] for row in price} == {"yes"}
    assert json.loads(read(site, "numbers/numbers.json"))["figures"] == rows
    assert "\r\n" in (site / "output/numbers/numbers.csv").read_bytes().decode()
    page = read(site, "numbers/index.html")
    for anchor in ("company.scale-ai", "scale-ai.valuation", "google.spending-scale-ai"):
        assert f'id="{anchor}"' in page


def test_a_spreadsheet_runs_nothing(site: Path) -> None:
    edited(site, "briefs/two", "metric: Stake price", "metric: '=1+1'")
    assert "'=1+1" in read(site, "numbers/numbers.csv")


def test_a_site_without_figures_has_no_such_pages(tmp_path: Path) -> None:
    write_site(tmp_path, brief("one"))
    build_site(tmp_path)
    assert not (tmp_path / "output/numbers").exists()
    assert "By the numbers" not in read(tmp_path, "briefs/one/index.html")


# --- which pages are rendered ------------------------------------------------------------------

OF_ONE = ("scale-ai", "google", "meta", "facebook")  # feeds; Meta was called Facebook
ORDERS = {"/numbers/", "/numbers/by-metric/", "/numbers/by-date/"}
NUMBERS = {*ORDERS, "/numbers/numbers.csv", "/numbers/numbers.json"}
# Of the first brief; the feed of digests has all of each.
WEEK = {"/digests/2025-w24/", "/digests/feed.xml"}


def test_one_figure_changed(site: Path) -> None:
    """Exactly the pages that show it: its brief, its company, its week and all numbers."""
    found = edited(site, "briefs/one", "value: 29bn USD", "value: 28bn USD")
    company = {"/companies/scale-ai/", "/companies/scale-ai/changes/feed.xml"}
    assert urls(found) == {"/briefs/one/", *company, *WEEK, *NUMBERS}


def test_a_figure_with_two_sides_changed(site: Path) -> None:
    """Of a metric, `/numbers/` has the latest figure that is not planned: this one is."""
    found = edited(site, "briefs/one", "value: 200m USD", "value: 210m USD")
    sides = {"/companies/scale-ai/", "/companies/google/"}
    sides |= {f"{url}changes/feed.xml" for url in sides}
    assert urls(found) == {"/briefs/one/", *sides, *WEEK, *NUMBERS} - {"/numbers/"}


def test_a_figure_that_another_disputes_changed(site: Path) -> None:
    """The brief with the other one says so too."""
    found = edited(site, "briefs/two", "value: 14.3bn USD", "value: 14.4bn USD")
    sides = {"/companies/scale-ai/", "/companies/meta/"}
    sides |= {f"{url}changes/feed.xml" for url in sides}
    assert urls(found) == {
        "/briefs/one/", "/briefs/two/", *sides, *WEEK, "/digests/2025-w25/", *NUMBERS,
    }  # fmt: skip


def test_a_figure_in_the_text_changed(site: Path) -> None:
    """Feeds have the text."""
    found = edited(site, "briefs/one", "value: 150m USD", "value: 160m USD")
    feeds = {"/feed.xml", "/sources/reuters/feed.xml"}
    feeds |= {f"/companies/{c}/feed.xml" for c in OF_ONE}
    pages = {"/companies/scale-ai/", "/companies/google/"}
    pages |= {"/briefs/one/", *(f"{url}changes/feed.xml" for url in pages)}
    assert urls(found) == {*pages, *feeds, *WEEK, *NUMBERS}


def test_another_brief_without_figures(site: Path) -> None:
    found = edited(site, "briefs/three", "Text.", "Another text.")
    feeds = {"/feed.xml", "/companies/google/feed.xml", "/sources/reuters/feed.xml"}
    assert urls(found) == {"/briefs/three/", *feeds}


def test_what_a_brief_repeats_without_its_source_is_said_once(tmp_path: Path) -> None:
    """Where another brief says who gives it."""
    figure = "{id: f, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2024"
    first = brief("first", figures=f"[{figure}}}]")
    second = brief("second", figures=f"[{figure}, source: reuters}}]")
    site = write_site(tmp_path, first + second)
    build_site(site)
    page = read(site, "companies/scale-ai/index.html")
    numbers, _, changes = words(page).partition("What changed")
    assert numbers.count("$14 billion") == changes.count("$14 billion") == 1
    assert '/briefs/second/#figure-f">Reuters</a>' in page
