"""The record of relations: what a reader sees of them, when they change, which pages one is on."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builder.diagnostics.diagnostic import Diagnostic
from support.looks import OpenPage, overflow
from support.pages import drawings, words
from support.sites import NOW, brief, build_site, edited, problems, read, tree, urls, write_site
from support.tools import serve

SAID = """
  - {from: Meta, type: minority stake, to: Scale AI, since: 2025-06, figure: stake, source: reuters}
  - {from: Google, type: customer, to: Scale, until: planned}
  - {from: Meta, type: rival, to: Google}"""
SITE = (
    brief("one", "Scale AI one", companies="[Scale AI, Google, Meta]", event_date="2025-06-13",
          figures="[{id: stake, of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025}]",
          relations=SAID)
    + brief("two", "Scale AI two", date="2025-06-20", event_date="2025-06-19",
            relations="[{from: Scale AI, type: supplier, to: Google, until: 2025-07-02},"
            " {from: Google, type: rival, to: Facebook}]")
    + brief("three", "Google three", date="2025-06-21", companies="[Google]",
            relations="[{from: Google, type: acquisition, to: Initech, planned: true,"
            " since: 2025-05}]")
    + brief("four", "Google four", date="2025-06-22", companies="[Google]")
    + "=== content/companies/initech.md\n---\nid: init2222\nname: Initech\n---\n"
    + "=== content/companies/lone.md\n---\nid: lone2222\nname: Lone\nlisted: true\n---\n"
)  # fmt: skip


def all_relations(*lists: str) -> set[str]:
    """The pages of all relations, as data too; and some by kind and by how they stand."""
    data = (f"relations.{ending}" for ending in ("csv", "json", "graphml"))
    pages = ("by-company", "by-report", *lists)
    return {f"/relations/{name}" for name in ("", *data, *(f"{name}/" for name in pages))}


def part(page: str) -> str:
    """The words of the part of a page that has relations, without the maps."""
    found = re.search(r'<section[^>]* id="relations".*?</section>', page, re.DOTALL)
    assert found
    return words(re.sub(r"<svg.*?</svg>", " ", unescape(found[0]), flags=re.DOTALL))


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(folder, "relations/relations.csv"))))


def states(folder: Path) -> dict[str, str]:
    return {f"{r['from']} {r['type']} {r['to']}": r["state"] for r in rows(folder)}


# --- what is shown -----------------------------------------------------------------------------


def test_a_brief_says_what_it_states(built: Path) -> None:
    """In its own direction; what a later brief has otherwise stands below."""
    page = part(read(built, "briefs/one/index.html"))
    assert "Meta owns 49% of Scale AI, since June 2025" in page
    assert "Google is a customer of Scale AI, due to end" in page
    assert "Meta competes with Google" in page
    two = part(read(built, "briefs/two/index.html"))
    assert "Scale AI sells to Google, until 2 July 2025" in two
    assert "Google is to buy Initech, planned since May 2025" in part(
        read(built, "briefs/three/index.html")
    )
    assert 'id="relations"' not in read(built, "briefs/four/index.html")


def test_several_briefs_are_one_relation(built: Path) -> None:
    """A supplier is the other's customer; a rival is one from both sides."""
    assert states(built) == {
        "Google acquisition Initech": "planned",
        "Google customer Scale AI": "ending",
        "Google rival Meta": "current",
        "Meta minority stake Scale AI": "current",
    }
    customer = next(row for row in rows(built) if row["type"] == "customer")
    assert customer["until"] == "2025-07-02", "what happened last decides"
    briefs = [f"https://test.example/briefs/{slug}/" for slug in ("two", "one")]
    assert customer["stated_in"].split() == briefs


def test_what_is_to_begin_stays_so_when_a_brief_says_it_again(tmp_path: Path) -> None:
    """A beginning that the last brief leaves out is the one given before, and still to come."""
    again = "[{from: Google, type: customer, to: Scale AI}]"
    site = brief("one", relations="[{from: Google, type: customer, to: Scale AI, since: 2025-09}]")
    site += brief("two", date="2025-06-20", relations=again)
    write_site(tmp_path, site)
    build_site(tmp_path)
    assert states(tmp_path) == {"Google customer Scale AI": "planned"}
    text = part(read(tmp_path, "companies/scale-ai/index.html"))
    assert "Google, planned from September 2025" in text
    assert "Since then" not in part(read(tmp_path, "briefs/one/index.html"))
    build_site(tmp_path, now=datetime(2025, 9, 1, 12, tzinfo=UTC))
    assert states(tmp_path) == {"Google customer Scale AI": "current"}


def test_of_one_day_the_brief_published_last_decides(tmp_path: Path) -> None:
    """Whatever the briefs are called; a month without a day is the day of publication."""
    ended = "[{from: Google, type: customer, to: Scale AI, until: 2025-06-16}]"
    planned = "[{from: Google, type: customer, to: Scale AI, until: planned}]"
    for event, vague in (("2025-06-13", "2025-06-13"), ("2025-06-13", "2025-06")):
        site = brief("zebra", event_date=event, relations=planned)
        site += brief("ant", date="2025-06-20", event_date=vague, relations=ended)
        write_site(tmp_path, site)
        build_site(tmp_path)
        assert states(tmp_path) == {"Google customer Scale AI": "former"}


def test_who_is_owned_by_its_own_file_has_no_end_in_the_past(tmp_path: Path) -> None:
    """The file of a company has the last word: what a brief says is over has no end there."""
    owned = "=== content/companies/google.md\n---\nid: goog2222\nname: Google\nparent: Meta\n---\n"
    over = "[{from: Meta, type: parent, to: Google, since: 2020, until: 2025-01}]"
    write_site(tmp_path, owned + brief("one", relations=over))
    build_site(tmp_path)
    row = rows(tmp_path)[0]
    assert (row["state"], row["since"], row["until"]) == ("current", "2020", "")


def test_a_company_has_its_relations_by_kind(built: Path) -> None:
    page = read(built, "companies/scale-ai/index.html")
    text = part(page)
    assert "Part-owned by Meta, 49%, since June 2025 Scale AI one" in text
    assert "Customers Google, until 2 July 2025 Scale AI two 13 Jun 2025" in text
    assert 'href="../../briefs/one/#relations"' in page
    assert "Formerly" not in text
    assert "Suppliers Scale AI, until" in part(read(built, "companies/google/index.html"))
    assert 'id="relations"' not in read(built, "companies/lone/index.html")


def test_the_map_of_a_company(built: Path) -> None:
    """Narrow and wide, with ids of their own; every line of it is in the lists too."""
    page = read(built, "companies/google/index.html")
    assert 'id="map-title"' in page and 'id="wide-map-title"' in page
    found = re.search(r'<desc id="map-desc">(.*?)</desc>', page)
    assert found
    said = {line.partition(",")[0] for line in unescape(found[1]).split("; ")}
    assert said == {
        "Google is a customer of Scale AI", "Google competes with Meta", "Google is to buy Initech"
    }  # fmt: skip
    drawn = [words(svg) for svg in drawings(page)]
    assert len(drawn) == 2
    for said_of_one in (
        "Suppliers Scale AI until July 2025",
        "Owns Initech planned",
        "Rivals Meta",
    ):
        assert all(said_of_one in map for map in drawn[:1])
    assert "Among these companies Meta owns 49% of Scale AI" in part(page)
    two = read(built, "companies/scale-ai/index.html")
    assert not drawings(two) and "Among these" not in two, "two companies are no map"
    initech = read(built, "companies/initech/index.html")
    assert "Bought by Google, planned since May 2025" in part(initech)
    assert not drawings(initech)


@pytest.mark.parametrize(
    ("type", "metric", "older", "newer", "shown"),
    [
        ("minority stake", "stake", "10%", "49%",
         "Meta owns 49% of Scale AI, on 3 March 2026; an owner since 2019"),
        ("investor", "investment", "1bn USD", "5bn USD",
         "Meta is an investor in Scale AI, since 2019; investment, 3 March 2026: $5 billion"),
    ],
)  # fmt: skip
def test_a_new_figure_has_no_old_date(
    type: str, metric: str, older: str, newer: str, shown: str, tmp_path: Path
) -> None:
    def said(name: str, date: str, value: str, since: str) -> str:
        return brief(
            name, date=date, companies="[Scale AI, Meta]",
            figures=f"[{{id: f, of: Meta, to: Scale AI, metric: {metric}, value: {value},"
            f" as_of: {date}}}]",
            relations=f"[{{from: Meta, type: {type}, to: Scale AI, figure: f{since}}}]",
        )  # fmt: skip

    first = said("one", "2019-04-02", older, ", since: 2019")
    write_site(tmp_path, first + said("two", "2026-03-03", newer, ""))
    build_site(tmp_path, now=datetime(2026, 4, 1, tzinfo=UTC))
    kind = type.replace(" ", "-")
    page = words(read(tmp_path, f"relations/{kind}/index.html")).replace("\u00a0", " ")
    assert shown in page
    # A brief says what it states: its own figure with its own date.
    assert "since 2019" in words(read(tmp_path, "briefs/one/index.html"))


def test_relations_of_a_kind_stand_by_name(tmp_path: Path) -> None:
    stated = (
        "[{from: Élan, type: customer, to: Google}, {from: Scale AI, type: customer, to: Google}]"
    )
    company = "=== content/companies/elan.md\n---\nname: Élan\n---\n"
    write_site(tmp_path, company + brief("one", relations=stated))
    build_site(tmp_path)
    page = part(read(tmp_path, "companies/google/index.html"))
    assert page.index("Élan") < page.index("Scale AI")


def test_a_name_of_one_long_word_fits(tmp_path: Path, open_page: OpenPage) -> None:
    long = "Rechtsschutzversicherungsgesellschaftenverband"
    write_site(tmp_path, SITE.replace("Initech", long))
    build_site(tmp_path)
    with serve(tmp_path / "output") as address, open_page(width=320) as page:
        for path in ("companies/", "companies/google/"):
            page.goto(address + path)
            assert overflow(page) is None


def test_a_parent_is_a_relation_too(site: Path) -> None:
    """Its place is the file of the company; where a brief has the purchase, that says enough."""
    edited(site, "companies/initech", "name: Initech", "name: Initech\nparent: Google")
    assert states(site)["Google parent Initech"] == "current"
    row = next(row for row in rows(site) if row["type"] == "parent")
    assert row["stated_in"] == "https://test.example/companies/initech/"
    edited(site, "briefs/three", "planned: true, ", "")
    assert states(site)["Google acquisition Initech"] == "current"
    assert "Google parent Initech" not in states(site)


def test_linked_data(site: Path) -> None:
    """An organization with what owns it and what it owns."""
    edited(
        site, "companies/initech", "name: Initech",
        "name: Initech\nparent: Google\naliases: [Ini]\nheadquarters: Ghent\nfounded: 2016\n"
        "website: https://ini.example/\npeople: [Ann Lee]\nticker: 'X: INI'",
    )  # fmt: skip

    def told(company: str) -> dict[str, object]:
        page = read(site, f"companies/{company}/index.html")
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert found
        return json.loads(found[1])[0]

    google = {
        "@type": "Organization", "name": "Google", "url": "https://test.example/companies/google/"
    }  # fmt: skip
    initech = told("initech")
    assert initech["@type"] == "Corporation" and initech["sameAs"] == "https://ini.example/"
    assert initech["parentOrganization"] == google
    assert initech["alternateName"] == ["Ini"] and initech["foundingDate"] == "2016"
    assert initech["location"] == {"@type": "Place", "name": "Ghent"}
    (owned,) = told("google")["subOrganization"]  # type: ignore[misc]
    assert owned["name"] == "Initech"


def test_merged_companies_are_followed(site: Path) -> None:
    """What one did before is the other's; a purchase that made two one is none any more."""
    edited(site, "companies/initech", "name: Initech", "name: Initech\nmerged_into: Google")
    assert not [key for key in states(site) if "Initech" in key]
    edited(site, "companies/initech", "merged_into: Google", "merged_into: Meta")
    assert states(site)["Google acquisition Meta"] == "planned"


def test_nobody_sees_the_relations_of_a_draft(site: Path) -> None:
    edited(site, "briefs/three", "title: Google three", "title: Google three\nstatus: draft")
    assert "Google acquisition Initech" not in states(site)
    assert not (site / "output/companies/initech").exists()


def test_a_site_without_relations_has_no_such_pages(tmp_path: Path) -> None:
    write_site(tmp_path, brief("one"))
    build_site(tmp_path)
    assert not (tmp_path / "output/relations").exists()


# --- by kind, by how they stand ----------------------------------------------------------------


def test_all_relations_of_a_kind(site: Path) -> None:
    """By how they stand; the way there is wherever the kind is named."""
    past = "{from: Meta, type: customer, to: Initech, until: 2025-06}"
    more = f"[{past}, {{from: Initech, type: customer, to: Meta, planned: true}}]"
    listed = "companies: [Google]"
    edited(site, "briefs/four", listed, f"{listed}\nrelations: {more}")
    page = words(read(site, "relations/customer/index.html"))
    assert "3 relations between companies" in page
    now, planned, formerly = (page.index(f" {word} ") for word in ("Current", "Planned", "Former"))
    assert now < page.index("Google is a customer of Scale AI, until 2 July 2025") < planned
    assert planned < page.index("Initech is to become a customer of Meta, planned") < formerly
    assert formerly < page.index("Meta was a customer of Initech, until June 2025")
    every = read(site, "relations/index.html")
    for name in ("customer", "rival", "acquisition", "minority-stake"):
        assert f'<a href="../relations/{name}/">' in every
        assert (site / f"output/relations/{name}/index.html").exists()
    assert not (site / "output/relations/investor").exists()
    company = read(site, "companies/scale-ai/index.html")
    assert '<h3><a href="../../relations/customer/">Customers</a></h3>' in company
    stated = '<a class="kind" href="../../relations/minority-stake/">owns 49% of</a>'
    assert stated in read(site, "briefs/one/index.html")


def test_relations_that_stand_alike(site: Path) -> None:
    """By kind. Their pages stay where nothing is planned or over, for whoever keeps the address."""
    current = words(read(site, "relations/current/index.html"))
    assert current.index("Minority stakes Meta") < current.index("Rivals Google competes")
    assert "Acquisitions" not in current
    planned = words(read(site, "relations/planned/index.html"))
    assert "1 relation between companies" in planned and "Google is to buy Initech" in planned
    assert "No relations between companies at present." in words(
        read(site, "relations/former/index.html")
    )
    assert '<a href="../relations/former/">Former relations</a>' in read(
        site, "relations/index.html"
    )


# --- as data -----------------------------------------------------------------------------------


def test_all_relations_as_data(built: Path) -> None:
    found = rows(built)
    assert json.loads(read(built, "relations/relations.json"))["relations"] == found
    assert b"\r\n" in (built / "output/relations/relations.csv").read_bytes()
    stake = next(row for row in found if row["type"] == "minority stake")
    assert (stake["low"], stake["unit"], stake["since"]) == ("49", "%", "2025-06")
    assert stake["source"] == "Reuters" and stake["metric"] == "stake"
    assert "4 relations" in words(read(built, "relations/index.html"))


def test_a_graph_that_programs_read(site: Path) -> None:
    edited(
        site,
        "companies/initech",
        "name: Initech",
        "name: '<Ini & \"Tech\">'\naliases: [Initech]",
    )
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ElementTree.parse(site / "output/relations/relations.graphml").getroot()
    keys = {key.get("id"): key.get("attr.name") for key in root.iter(f"{space}key")}

    def data(element: ElementTree.Element) -> dict[str, str]:
        return {keys[d.get("key")] or "": d.text or "" for d in element.iter(f"{space}data")}

    (graph,) = root.iter(f"{space}graph")
    nodes = {node.get("id"): data(node) for node in graph.iter(f"{space}node")}
    assert graph.get("edgedefault") == "directed"
    assert {*nodes} == {"google", "initech", "meta", "scale-ai"}
    assert nodes["initech"]["name"] == '<Ini & "Tech">'
    edges = {
        (edge.get("source"), data(edge)["type"], edge.get("target")): data(edge)
        for edge in graph.iter(f"{space}edge")
    }
    assert edges["google", "customer", "scale-ai"]["until"] == "2025-07-02"
    assert edges["google", "rival", "meta"]["mutual"] == "yes"
    assert edges["google", "acquisition", "initech"]["state"] == "planned"


# --- time --------------------------------------------------------------------------------------


def test_the_clock_ends_a_relation(site: Path) -> None:
    """From the first moment of its end on it is over, on exactly the pages that show it; and the
    clock may be turned back."""
    before = tree(site / "output")
    end = datetime(2025, 7, 1, 22, tzinfo=UTC)  # midnight in Amsterdam
    assert urls(build_site(site, now=end - timedelta(seconds=1))) == set()
    sides = {"/companies/scale-ai/", "/companies/google/"}
    found = urls(build_site(site, now=end))
    assert found == {
        "/briefs/one/",
        "/briefs/two/",
        *sides,
        *(f"{url}changes/feed.xml" for url in sides),
        *all_relations("customer", "current", "former"),
    }
    assert states(site)["Google customer Scale AI"] == "former"
    assert "Formerly Scale AI sold to Google, until 2 July 2025" in part(
        read(site, "companies/scale-ai/index.html")
    )
    one = part(read(site, "briefs/one/index.html"))
    assert "Since then: Google was a customer of Scale AI, until 2 July 2025. Scale AI two" in one
    clean = site / "clean"
    write_site(clean, SITE)
    build_site(clean, now=end)
    assert tree(site / "output") == tree(clean / "output")
    build_site(site, now=NOW)
    assert tree(site / "output") == before


def test_an_earlier_brief_tells_of_another_end_and_share(tmp_path: Path) -> None:
    def stake(value: str) -> str:
        return (
            f"[{{id: stake, of: Meta, to: Scale AI, metric: stake, value: {value}, as_of: 2025}}]"
        )

    owns = "{from: Meta, type: minority stake, to: Scale AI, figure: stake}"
    left = "{{from: Google, type: customer, to: Scale AI, until: {0}}}"
    write_site(
        tmp_path,
        brief("one", "Scale AI one", event_date="2025-06-13", figures=stake("49%"),
              relations=f"[{owns}, {left.format('planned')}]")
        + brief("two", "Scale AI two", event_date="2025-06-14", figures=stake("30%"),
                relations=f"[{owns}, {left.format('2025-12')}]"),
    )  # fmt: skip
    build_site(tmp_path)
    page = part(read(tmp_path, "briefs/one/index.html"))
    assert "Since then: Meta owns 30% of Scale AI. Scale AI two" in page
    assert "Since then: Google is a customer of Scale AI, until December 2025" in page
    assert "Since then" not in part(read(tmp_path, "briefs/two/index.html"))


def test_the_clock_begins_a_relation(site: Path) -> None:
    edited(site, "briefs/three", "planned: true, since: 2025-05", "since: 2025-07-03")
    assert states(site)["Google acquisition Initech"] == "planned"
    assert "Google, planned from 3 July 2025" in part(read(site, "companies/initech/index.html"))
    build_site(site, now=NOW + timedelta(days=3))
    assert states(site)["Google acquisition Initech"] == "current"
    assert "Bought by Google, 3 July 2025" in part(read(site, "companies/initech/index.html"))


def test_a_plan_that_was_dropped(site: Path) -> None:
    dropped = "[{from: Google, type: acquisition, to: Initech, planned: true, until: 2025-06-22}]"
    write_site(
        site, brief("five", "Google five", date="2025-06-22", relations=dropped), usual=False
    )
    build_site(site)
    text = part(read(site, "companies/initech/index.html"))
    assert (
        "Formerly Initech was to be bought by Google, planned since May 2025, dropped 22 June"
        in text
    )
    assert "Since then: Google was to buy Initech" in part(read(site, "briefs/three/index.html"))


# --- which pages are rendered ------------------------------------------------------------------


def test_one_relation_changed(site: Path) -> None:
    """Exactly the pages that show it: its brief, its companies and all relations."""
    found = edited(site, "briefs/three", "since: 2025-05", "since: 2025-04")
    assert urls(found) == {
        "/briefs/three/", "/companies/google/", "/companies/initech/",
        "/companies/google/changes/feed.xml", "/companies/initech/changes/feed.xml",
        *all_relations("acquisition", "planned"),
    }  # fmt: skip


def test_a_relation_on_the_map_of_another_changed(site: Path) -> None:
    """Whoever shows it among those around it is rendered too."""
    found = edited(site, "briefs/one", "since: 2025-06", "since: 2025-05")
    sides = {"/companies/scale-ai/", "/companies/google/", "/companies/meta/"}
    changes = {f"{url}changes/feed.xml" for url in sides - {"/companies/google/"}}
    pages = {"/briefs/one/", *sides, *changes}
    assert urls(found) == {*pages, *all_relations("minority-stake", "current")}


def test_a_relation_that_two_briefs_state_changed(site: Path) -> None:
    """The earlier one says what became of it."""
    found = edited(site, "briefs/two", "until: 2025-07-02", "until: 2025-06-19")
    assert {"/briefs/one/", "/briefs/two/"} <= urls(found)
    assert "/briefs/three/" not in urls(found) and "/companies/initech/" not in urls(found)


def test_another_brief_without_relations(site: Path) -> None:
    found = edited(site, "briefs/four", "Text.", "Another text.")
    feeds = {"/feed.xml", "/companies/google/feed.xml", "/sources/reuters/feed.xml"}
    assert urls(found) == {"/briefs/four/", *feeds}


# --- what cannot both be so --------------------------------------------------------------------


def told_of(folder: Path) -> list[Diagnostic]:
    """What is said to be contradictory."""
    return [d for d in problems(folder) if d.code == "relations-contradict"]


def said(slug: str, day: str, relation: str) -> str:
    return brief(slug, f"Scale AI {slug}", date=day, relations=f"[{{{relation}}}]")


CUSTOMER = "from: Google, type: customer, to: Scale AI"
PARENT = "type: parent, to: Scale AI"


@pytest.mark.parametrize(
    ("relations", "message"),
    [
        ((CUSTOMER, f"{CUSTOMER}, until: 2025-06-01"), "has ended by then"),
        ((f"{CUSTOMER}, until: 2025-05", CUSTOMER), "still holds"),
        ((f"{CUSTOMER}, until: 2025-04", f"{CUSTOMER}, until: 2025-05-31"), "still holds"),
        ((CUSTOMER, f"{CUSTOMER}, until: 2025-06-20"), ""),  # it ended since
        ((f"{CUSTOMER}, until: 2025-05", f"{CUSTOMER}, since: 2025-06"), ""),  # it began again
        ((f"{CUSTOMER}, until: 2025-06", CUSTOMER), ""),  # perhaps later in June
        ((CUSTOMER, f"{CUSTOMER}, until: planned"), ""),
        ((f"from: Google, {PARENT}", f"from: Meta, {PARENT}"), "another parent"),
        ((f"from: Google, {PARENT}, until: 2025-06", f"from: Meta, {PARENT}, since: 2025-06"), ""),
        ((f"from: Google, {PARENT}", f"from: Meta, {PARENT}, planned: true"), ""),
        (
            ("from: Meta, type: minority stake, to: Scale AI, since: 2025-06",
             "from: Meta, type: acquisition, to: Scale AI"),
            "the relation is `acquisition` here",
        ),
        (
            ("from: Meta, type: minority stake, to: Scale AI, until: 2025-06-20",
             "from: Meta, type: acquisition, to: Scale AI, since: 2025-06-20"),
            "",
        ),
    ],
)  # fmt: skip
def test_contradictions(relations: tuple[str, str], message: str, tmp_path: Path) -> None:
    """Of two briefs, of the 15th and the 25th of June; the later one is told."""
    first, second = relations
    write_site(tmp_path, said("one", "2025-06-15", first) + said("two", "2025-06-25", second))
    found = told_of(tmp_path)
    assert bool(found) == bool(message), found
    for one in found:
        assert one.path == "content/briefs/two.md" and "content/briefs/one.md:8" in one.message
        assert message in one.message


def test_a_profile_contradicts_a_brief(tmp_path: Path) -> None:
    scale = (
        "=== content/companies/scale-ai.md\n---\nid: scal2222\nname: Scale AI\nparent: Meta\n---\n"
    )
    write_site(tmp_path, said("one", "2025-06-15", f"from: Google, {PARENT}") + scale)
    (found,) = told_of(tmp_path)
    assert "`Scale AI` has another parent in content/companies/scale-ai.md:4" in found.message
    write_site(tmp_path, said("one", "2025-06-15", f"from: Meta, {PARENT}, until: 2025-06") + scale)
    (found,) = told_of(tmp_path)
    assert "content/companies/scale-ai.md:4 says that it holds" in found.message
    stake = "from: Meta, type: minority stake, to: Scale AI"
    write_site(tmp_path, said("one", "2025-06-15", stake) + scale)
    (found,) = told_of(tmp_path)
    wanted = "`minority stake` here, but `parent` in content/companies/scale-ai.md:4"
    assert wanted in found.message
    write_site(tmp_path, said("one", "2025-06-15", f"{stake}, until: 2025-06") + scale)
    assert not told_of(tmp_path)


def test_the_record_is_the_same_in_any_order(tmp_path: Path) -> None:
    """Names of files decide nothing."""
    found = []
    for names in (("one", "two"), ("two", "one")):
        folder = tmp_path / names[0]
        write_site(folder, said(names[0], "2025-06-15", CUSTOMER)
                   + said(names[1], "2025-06-25", f"{CUSTOMER}, until: planned"))  # fmt: skip
        build_site(folder)
        found.append({k: v for k, v in rows(folder)[0].items() if k != "stated_in"})
    assert all(a == b for a, b in pairwise(found)) and found[0]["state"] == "ending"


def test_a_hidden_end_is_no_secret_that_leaks(site: Path) -> None:
    """A scheduled brief changes nothing before its day."""
    later = said("five", "2025-07-05", f"{CUSTOMER}, until: 2025-07-01")
    write_site(site, later, usual=False)
    assert urls(build_site(site)) == set()
    build_site(site, now=NOW + timedelta(days=10))
    assert next(r for r in rows(site) if r["type"] == "customer")["until"] == "2025-07-01"
