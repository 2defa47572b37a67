"""The tables of all figures and all relations, in each of their orders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.pages.numbers import NumbersPage
from builder.pages.relations import RelationsPage
from support.pages import words
from support.sites import brief, build_site, edited, planned, read, urls, write_site

FIGURES = """
  - {id: r3, of: Scale AI, metric: revenue, value: 1bn USD, period: 2023, source: reuters}
  - {id: r4, of: Scale AI, metric: revenue, value: 2bn USD, period: 2024, source: reuters}
  - {id: r9, of: Scale AI, metric: Revenue, value: 9bn USD, period: 2030, basis: forecast}
  - {id: g4, of: Google, metric: revenue, value: 300bn USD, period: 2024, source: reuters}
  - {id: sp, of: Google, to: Scale AI, metric: spending, value: 150m USD, period: 2024}
  - {id: st, of: Scale AI, metric: staff, value: 900 people}"""
RELATIONS = """
  - {from: Meta, type: minority stake, to: Scale AI, since: 2025-06, figure: share}
  - {from: Google, type: customer, to: Scale AI, until: planned}
  - {from: Meta, type: rival, to: Google}"""
SHARE = "\n  - {id: share, of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025}"
SITE = (
    brief("one", "Scale AI one", companies="[Scale AI, Google, Meta]", event_date="2024-06-13",
          figures=FIGURES + SHARE, relations=RELATIONS)
    + brief("two", "Scale AI two", date="2025-06-20", companies="[Scale AI, Google]",
            relations="[{from: Google, type: customer, to: Scale AI, until: planned}]")
    + brief("three", "Google three", companies="[Google]")
    + "=== content/companies/initech.md\n---\nid: init2222\nname: Initech\nparent: Google\n"
    + "listed: true\n---\n"
)  # fmt: skip


def numbers(folder: Path, order: str = "") -> NumbersPage:
    _, pages = planned(folder)
    (found,) = [page.context for page in pages if page.url == f"/numbers/{order}"]
    assert isinstance(found, NumbersPage)
    return found


def relations(folder: Path, order: str = "") -> RelationsPage:
    _, pages = planned(folder)
    (found,) = [page.context for page in pages if page.url == f"/relations/{order}"]
    assert isinstance(found, RelationsPage)
    return found


def printed(page: NumbersPage) -> dict[str, list[str]]:
    """The rows of each group, in words."""
    return {
        group.name: [
            " ".join((row.line.of.name, row.name, row.line.value.replace("\u00a0", " "))).strip()
            for row in (*group.rows, *group.folded)
        ]
        for group in page.groups
    }


def told(page: RelationsPage) -> dict[str, list[str]]:
    return {
        group.name: ["".join(part.text for part in row.parts) for row in group.rows]
        for group in page.groups
    }


# --- numbers -----------------------------------------------------------------------------------


def test_numbers_by_company(built: Path) -> None:
    """The latest known figure of each metric; several come first, with a link."""
    page = numbers(built)
    assert printed(page) == {
        "Google": ["Google revenue $300 billion", "Google spending → Scale AI $150 million"],
        "Meta": ["Meta stake → Scale AI 49%"],
        "Scale AI": ["Scale AI revenue $2 billion", "Scale AI staff 900 people"],
    }
    assert page.total == 7
    revenue, staff = page.groups[2].rows
    assert revenue.more is not None and staff.more is None
    assert revenue.more.name == "and 2 more"
    address, _, anchor = revenue.more.url.partition("#")
    assert f'id="{anchor}"' in read(built, f"{address.strip('/')}/index.html")


def test_numbers_by_metric(built: Path) -> None:
    """Spellings of a metric are one; metrics with a single figure are a group at the end."""
    page = numbers(built, "by-metric/")
    assert printed(page) == {
        "Revenue": ["Google  $300 billion", "Scale AI  $9 billion", "Scale AI  $2 billion",
                    "Scale AI  $1 billion"],
        "Other metrics": ["Google spending $150 million", "Scale AI staff 900 people",
                          "Meta stake 49%"],
    }  # fmt: skip
    assert [group.anchor for group in page.groups] == ["metric.revenue", "other-metrics"]
    assert [group.count for group in page.groups] == [4, 3]


def test_numbers_by_date(built: Path) -> None:
    page = numbers(built, "by-date/")
    assert list(printed(page)) == ["2030", "2025", "2024", "2023", "Undated"]
    assert printed(page)["Undated"] == ["Scale AI staff 900 people"]


def test_long_groups_are_folded(tmp_path: Path) -> None:
    """Not those of one more row than is shown; metrics with several figures are always shown."""
    many = "".join(
        f"\n  - {{of: Scale AI, metric: m{n:02}, value: {n + 1}m USD, as_of: 2024}}"
        for n in range(9)
    )
    again = "\n  - {of: Scale AI, metric: m08, value: 99m USD, as_of: 2023}"
    site = write_site(tmp_path, brief("one", figures=many + again))
    (group,) = numbers(site).groups
    assert [row.name for row in group.rows] == ["m08", *(f"m0{n}" for n in range(7))]
    assert [row.name for row in group.folded] == ["m07"]
    build_site(site)
    html = read(site, "numbers/index.html")
    assert words(html).count("1 more") == 2  # of the metric, and of the group
    assert all(f"M0{n}" in html for n in range(9))


def test_metrics_whose_names_have_one_slug_have_two_anchors(tmp_path: Path) -> None:
    lines = "".join(
        f"\n  - {{of: Scale AI, metric: {name}, value: {n}m USD, as_of: {n}}}"
        for name in ("数", "値")
        for n in (2023, 2024)
    )
    page = numbers(write_site(tmp_path, brief("one", figures=lines)), "by-metric/")
    assert len({group.anchor for group in page.groups}) == 2


# --- relations ---------------------------------------------------------------------------------


def test_relations_by_kind(built: Path) -> None:
    """Each once, seen from the company that stands first."""
    page = relations(built)
    assert told(page) == {
        "Owners and subsidiaries": ["Google owns Initech"],
        "Minority stakes": ["Meta owns 49% of Scale AI"],
        "Customers and suppliers": ["Google is a customer of Scale AI"],
        "Rivals": ["Google competes with Meta"],
    }
    assert page.total == 4 == sum(group.count for group in page.groups)
    (customer,) = page.groups[2].rows
    assert (customer.state, customer.note) == ("ending", "due to end")
    (stake,) = page.groups[1].rows
    assert stake.note == "since June\u00a02025"  # a date never breaks
    assert [cited.title for cited in customer.briefs] == ["Scale AI two", "Scale AI one"]


def test_relations_by_company(built: Path) -> None:
    """Each under both, as seen from there; a company without any is not on the page."""
    assert told(relations(built, "by-company/")) == {
        "Google": ["Google owns Initech", "Google is a customer of Scale AI",
                   "Google competes with Meta"],
        "Initech": ["Initech is owned by Google"],
        "Meta": ["Meta owns 49% of Scale AI", "Meta competes with Google"],
        "Scale AI": ["Scale AI is 49% owned by Meta", "Scale AI sells to Google"],
    }  # fmt: skip
    assert "Scale AI is 49% owned by Meta" in words(read(built, "relations/by-company/index.html"))


def test_relations_by_latest_report(built: Path) -> None:
    """By the date of its event; what no brief states comes last."""
    assert told(relations(built, "by-report/")) == {
        "2025": ["Google is a customer of Scale AI"],
        "2024": ["Google competes with Meta", "Meta owns 49% of Scale AI"],
        "From profiles": ["Google owns Initech"],
    }


# --- all of them -------------------------------------------------------------------------------

PAGES = ("numbers/", "numbers/by-metric/", "numbers/by-date/",
         "relations/", "relations/by-company/", "relations/by-report/")  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_each_group_can_be_shown_alone(built: Path, address: str) -> None:
    """There is a link to each, one to all of them, and one to each order; this one is marked."""
    html = read(built, f"{address}index.html")
    filters = html[html.index('id="show"') :].partition("</nav>")[0]
    wanted = re.findall(r'href="#([^"]+)"', filters)
    sections = re.findall(r'<section class="band" aria-labelledby="([^"]+)"', html)
    assert wanted == [*sections, "show"]
    assert all(html.count(f'id="{anchor}"') == 1 for anchor in wanted)
    orders = html[html.index('class="band sorted"') :].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]+)"(?: aria-current="(page)")?', orders)
    assert len(links) == 3
    (current,) = [link for link, mark in links if mark]
    assert current.endswith(f"../{address}")


def test_briefs_without_figures_or_relations_change_none(site: Path) -> None:
    """Nor does one of their texts; a new title changes the tables of relations that cite it."""
    found = urls(edited(site, "briefs/three", "title: Google three", "title: Google grows"))
    assert not [url for url in found if url.startswith(("/numbers/", "/relations/"))]
    found = urls(edited(site, "briefs/two", "Text.", "Another text."))
    assert not [url for url in found if url.startswith(("/numbers/", "/relations/"))]
    found = urls(edited(site, "briefs/two", "title: Scale AI two", "title: Scale AI sells"))
    assert set(PAGES[3:]) <= {url.lstrip("/") for url in found}
    assert not [url for url in found if url.startswith("/numbers/")]
