"""The foot of a brief: reports of errors, replies, discussions, how to cite it, short addresses."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

from support.pages import read_page
from support.sites import brief, build_site, edit, problems, read, write_site

TITLE = "Meta takes 49% of Scale AI & “more” – {half} #1_a \\ ~x^2, được"
FIGURES = (
    "[{id: stake, of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025-06-13},"
    " {id: val, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06-13}]"
)
CORRECTIONS = "[{at: 2025-06-18, kind: factual, was: 700 people, now: 200 people}]"


def story(**fields: str) -> str:
    return brief("a", f"'{TITLE}'", **{"id": "7f3k9q2m", "companies": "[Scale AI, Meta]", **fields})


def settings(text: str) -> str:
    head = "title: Test\nbase_url: https://test.example\nlanguage: en-GB\n"
    return (
        f"=== site.yaml\n{head}author: desk\nauthors: [{{slug: desk, name: The desk, kind:"
        f" organization}}, {{slug: jo, name: Jo Doe}}]\n{text}\n"
    )


def links(folder: Path) -> dict[str, str]:
    """The text of each link at the foot of the brief, and of those to report, with its target."""
    page = read(folder, "briefs/a/index.html")
    found = re.findall(r'<a (?:class="report" )?href="([^"]+)"[^>]*>(.*?)</a>', page)
    return {unescape(re.sub("<[^>]+>", "", text)): unescape(url) for url, text in found}


def test_readers_report_errors_by_mail(tmp_path: Path) -> None:
    """The subject has title, id and anchor, encoded as RFC 6068 says."""
    text = settings("feedback: desk+errors@test.example")
    site = write_site(tmp_path, text + story(figures=FIGURES, corrections=CORRECTIONS))
    build_site(site)
    found = links(site)
    reports = {text: url for text, url in found.items() if text.startswith("Report an error")}
    assert len(reports) == 4  # each has a name of its own
    for url in (*reports.values(), found["Reply to this brief"]):
        assert re.fullmatch(r"[A-Za-z0-9%@?&=:._~-]+", url)
        assert urlsplit(url).path == "desk%2Berrors@test.example"
    stake = next(url for text, url in reports.items() if "stake of Meta" in text)
    asked = parse_qs(urlsplit(stake).query)
    assert asked["subject"] == [
        f"Error: {TITLE}, stake of Meta to Scale AI, 49% [7f3k9q2m#figure-stake]"
    ]
    assert asked["body"] == ["https://test.example/briefs/a/#figure-stake\r\n\r\n"]
    assert "%0D%0A" in stake and "+" not in stake  # a plus sign would stay one
    assert 'id="figure-stake"' in read(site, "briefs/a/index.html")
    corrected = next(url for text, url in reports.items() if "correction 1" in text)
    assert "factual error, 2025-06-18 [7f3k9q2m#correction.1]" in unquote(corrected)


def test_readers_answer_with_a_form(tmp_path: Path) -> None:
    form = "https://forms.test.example/f?about={id}%23{anchor}&t={title}&page={url}"
    text = settings(f'feedback: {{error: "{form}", reply: letters@test.example}}')
    site = write_site(tmp_path, text + story(figures=FIGURES))
    build_site(site)
    found = links(site)
    whole = parse_qs(urlsplit(found["Report an error in this brief"]).query)
    assert whole == {
        "about": ["7f3k9q2m#"],
        "t": [TITLE],
        "page": ["https://test.example/briefs/a/"],
    }
    one = next(url for text, url in found.items() if "valuation" in text)
    assert parse_qs(urlsplit(one).query)["about"] == ["7f3k9q2m#figure-val"]
    assert found["Reply to this brief"].startswith("mailto:letters@test.example?subject=Reply%3A")


def test_nothing_is_shown_without_feedback(tmp_path: Path) -> None:
    site = write_site(tmp_path, settings("") + story(figures=FIGURES))
    build_site(site)
    page = read(site, "briefs/a/index.html")
    assert "Report an error" not in page and 'class="ways"' not in page and "Cite this" in page


def test_discussions_are_named_by_their_place(tmp_path: Path) -> None:
    given = (
        '["https://news.ycombinator.com/item?id=1",'
        ' "https://social.example/@desk/109302436954721982",'
        ' {name: The club, url: "https://club.example/t/1"}, "https://forum.example/2"]'
    )
    site = write_site(tmp_path, settings("") + story(discussion=given))
    build_site(site)
    assert list(links(site)).index("Hacker News") > 0
    assert {"Hacker News", "Mastodon", "The club", "forum.example"} <= links(site).keys()


def test_real_parsers_read_the_citations(tmp_path: Path) -> None:
    text = settings("") + story(author="[desk, jo]")
    text += brief("b", "Google thuê Scale AI", id="vi222222", lang="vi", date="2025-06-20")
    site = write_site(tmp_path, text)
    build_site(site)
    page = read(site, "briefs/a/index.html")
    bibtex, csl = map(unescape, re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL))
    (entry,) = parse_string(bibtex, "bibtex").entries.values()
    assert [str(person) for person in entry.persons["author"]] == ["{The desk}", "Doe, Jo"]
    assert entry.fields["year"] == "2025" and entry.fields["month"] == "June"
    assert entry.fields["url"] == "https://test.example/briefs/a/"
    plain = entry.fields["title"].strip("{}").replace(r"\%", "%").replace(r"\&", "&")
    assert plain.startswith("Meta takes 49% of Scale AI & “more”") and "được" in plain
    items = CiteProcJSON(json.loads(csl))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    references = CitationStylesBibliography(style, items, formatter.plain)
    references.register(Citation([CitationItem(json.loads(csl)[0]["id"])]))
    printed = str(references.bibliography()[0])
    assert "The desk" in printed and "(2025)" in printed and "test.example/briefs/a/" in printed
    reference = re.search(r'class="reference">(.*?)</p>', read(site, "briefs/b/index.html"))
    assert reference and re.sub("</?bdi[^>]*>", "", unescape(reference[1])) == (
        "The desk: “Google thuê Scale AI”. Test, 20/6/2025. https://test.example/briefs/b/"
    )


def test_the_note_of_a_citation_is_in_the_language_of_the_brief(tmp_path: Path) -> None:
    text = settings("") + story(updated="2025-06-21")
    text += brief("b", "Google verlaat Scale AI", id="nl222222", lang="nl", date="2025-06-20",
                  updated="2025-06-22")  # fmt: skip
    site = write_site(tmp_path, text)
    build_site(site)
    notes = []
    for slug in ("a", "b"):
        csl = unescape(
            re.findall(r"<pre>(.*?)</pre>", read(site, f"briefs/{slug}/index.html"), re.DOTALL)[1]
        )
        notes.append(json.loads(csl)[0]["note"])
    assert notes == ["Updated 2025-06-21", "Bijgewerkt op 2025-06-22"]


def test_a_short_address_leads_to_the_brief_and_is_cited(tmp_path: Path) -> None:
    text = settings("short_addresses: true\nhosting: netlify")
    text += story() + brief("b", id="Capital7") + brief("c", id="hide2222", status="draft")
    site = write_site(tmp_path, text)
    build_site(site)
    assert read_page(read(site, "b/7f3k9q2m/index.html")).redirects_to == "../../briefs/a/"
    assert "https://test.example/b/7f3k9q2m/</bdi></p>" in read(site, "briefs/a/index.html")
    assert "/b/7f3k9q2m/ /briefs/a/ 301!" in read(site, "_redirects")
    # An id with capitals is not an address on every disk; a draft has none.
    assert [path.name for path in (site / "output/b").iterdir()] == ["7f3k9q2m"]
    assert "https://test.example/briefs/b/</p>" in read(site, "briefs/b/index.html")
    edit(site / "site.yaml", "short_addresses: true", "short_addresses: false")
    assert "b/7f3k9q2m/index.html" in build_site(site).dropped


def test_a_short_address_may_not_be_taken(tmp_path: Path) -> None:
    text = settings("short_addresses: true") + story()
    text += brief("b", id="vvvv2222", redirects="[/b/7f3k9q2m/]")
    found = problems(write_site(tmp_path, text))
    assert [problem.code for problem in found if problem.severity == "error"] == [
        "duplicate-address"
    ]
