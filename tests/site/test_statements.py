"""Who said what, as a brief's page, its feed and its JSON-LD show it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.pages import part, words
from support.sites import brief, build_site, problems, read, write_site

SOURCES = """\
[{id: reuters, publisher: Reuters, url: "https://reuters.example/"},
  {id: relay, publisher: Relay, role: relay, of: reuters},
  {id: memo, publisher: Meta, role: statement}]"""


def brief_page(folder: Path, **fields: str) -> str:
    """The page of a brief."""
    write_site(folder, brief("a", **{"sources": SOURCES, **fields}))
    assert not problems(folder)
    build_site(folder)
    return read(folder, "briefs/a/index.html")


def parts_of(html: str) -> list[dict[str, Any]]:
    """`hasPart` of the article."""
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert script
    article: dict[str, Any] = json.loads(script[1])[0]
    return list(article.get("hasPart", []))


@pytest.mark.parametrize(
    ("by", "source", "shown"),
    [
        ("{anonymous: 5, described_as: familiar with it}", "reuters",
         "Five people familiar with it, speaking to Reuters"),
        ("{anonymous: 1, described_as: familiar with it}", "reuters",
         "One person familiar with it, speaking to Reuters"),
        ("{anonymous: 10}", "reuters", "Ten unnamed people, speaking to Reuters"),
        ("{anonymous: 11, of: Meta}", "relay",
         "11 unnamed people at Meta, reported by Relay"),
        ("{anonymous: 1, of: Meta}", "reuters",
         "One unnamed person at Meta, speaking to Reuters"),
        ("{anonymous: 2, of: Meta, described_as: in its board}", "reuters",
         "Two people in its board, who work at Meta, speaking to Reuters"),
        ("{described_as: close to Meta}", "reuters", "People close to Meta, speaking to Reuters"),
        ("{described_as: a partner at Example Capital}", "reuters",
         "A partner at Example Capital, speaking to Reuters"),
        ("{described_as: executive, of: Meta}", "reuters",
         "An executive, who works at Meta, speaking to Reuters"),
        ("{anonymous: 3, described_as: former employees, of: Meta}", "reuters",
         "Three former employees, who work at Meta, speaking to Reuters"),
        ("{person: Ann Lee}", "reuters", "Ann Lee, reported by Reuters"),
        ("{person: Ann Lee, of: Google}", "memo", "Ann Lee of Google, in a statement by Meta"),
        ("{person: Ann Lee, of: Google, described_as: chief executive}", "reuters",
         "Ann Lee, chief executive of Google, reported by Reuters"),
        ("{company: Scale}", "reuters", "Scale AI, reported by Reuters"),
        ("{company: Scale, described_as: a spokesperson}", "reuters",
         "A spokesperson for Scale AI, reported by Reuters"),
        ("{company: Scale, described_as: spokesperson}", "reuters",
         "A spokesperson for Scale AI, reported by Reuters"),
    ],
)  # fmt: skip
def test_attribution_in_words(by: str, source: str, shown: str, tmp_path: Path) -> None:
    claim = f"[{{text: It hires, status: disputed, source: {source}, by: {by}}}]"
    page = brief_page(tmp_path, claims=claim)
    assert words(part(page, "claimed")) == f"It hires disputed {shown}"


def test_numbers_are_digits_in_other_languages(tmp_path: Path) -> None:
    claim = "[{text: Ja, status: reported, by: {anonymous: 5}}]"
    page = brief_page(tmp_path, claims=claim, lang="nl")
    assert "5 anonieme bronnen" in words(part(page, "known"))


def test_what_is_known_stands_apart(tmp_path: Path) -> None:
    statuses = ("forecast", "confirmed", "denied", "reported", "opinion", "disputed")
    claims = ", ".join(f"{{text: It is {s}, status: {s}}}" for s in statuses)
    page = brief_page(tmp_path, claims=f"[{claims}]")
    assert re.findall(r"It is (\w+)", part(page, "known")) == ["confirmed", "reported"]
    found = re.findall(r"It is (\w+)", part(page, "claimed"))
    assert found == ["forecast", "denied", "opinion", "disputed"]


def test_names_are_links_and_interest_is_shown(tmp_path: Path) -> None:
    claim = """[{text: It hires, status: claimed, interest: a rival of Scale, source: reuters,
  by: {person: Ann Lee, of: Google}}]"""
    page = part(brief_page(tmp_path, claims=claim), "claimed")
    assert re.search(r'<a href="[^"]*people/ann-lee/">Ann Lee</a>', page)
    assert re.search(r'<a href="[^"]*companies/google/">Google</a>', page)
    assert '<a href="https://reuters.example/" rel="external noopener">Reuters</a>' in page
    assert "Interest: a rival of Scale" in words(page)


def test_answers_in_words(tmp_path: Path) -> None:
    answers = """[{from: Google, stance: declined, to: its plans}, {from: Meta, stance: no reply},
  {from: Scale, stance: statement, text: business is strong.}, {from: Ann Lee, stance: denied},
  {from: Meta, stance: confirmed, to: the price}]"""
    page = brief_page(tmp_path, responses=answers, people="[Ann Lee]")
    shown = words(part(page, "said"))
    assert shown == (
        "Google declined to comment on its plans. Meta did not respond to a request for comment."
        " Scale AI issued a statement: business is strong. Ann Lee denied it."
        " Meta confirmed the price."
    )


def test_nobody_declined(tmp_path: Path) -> None:
    page = brief_page(tmp_path, responses="[{from: Meta, stance: confirmed}]")
    assert words(part(page, "said")) == "Who said what Meta confirmed it."


def test_quotation_in_another_language(tmp_path: Path) -> None:
    quote = "[{by: Ann Lee, of: Google, text: Geen optie, lang: nl, source: relay}]"
    page = part(brief_page(tmp_path, quotes=quote), "said")
    assert '<blockquote lang="nl"><p>Geen optie</p></blockquote>' in page
    assert "Ann Lee of Google, reported by Relay, in Dutch" in words(page)


def test_original_and_translation_side_by_side(tmp_path: Path) -> None:
    quote = """[{by: Ann Lee, text: Geen optie, lang: nl, source: relay, original: No option,
  original_lang: en, original_source: reuters, note: It was reversed.}]"""
    page = brief_page(tmp_path, quotes=quote)
    shown = words(part(page, "said"))
    assert shown == (
        "Who said what Original English Reuters No option Translation Dutch Relay Geen optie"
        " Ann Lee It was reversed."
    )
    (quotation,) = parts_of(page)
    assert (quotation["text"], quotation["inLanguage"]) == ("No option", "en")
    assert quotation["creator"]["name"] == "Ann Lee"


def test_nothing_empty_is_shown(tmp_path: Path) -> None:
    page = brief_page(tmp_path)
    assert not any(part(page, name) for name in ("known", "claimed", "said", "products"))
    assert "ledger" not in page and "hreflang" not in page
    assert not parts_of(page)


def test_claims_for_programs(tmp_path: Path) -> None:
    claims = """[{text: It hires, status: reported, source: reuters, by: {company: Meta}},
  {text: It fires, status: disputed, source: relay, by: {anonymous: 2}}]"""
    first, second = parts_of(brief_page(tmp_path, claims=claims))
    assert first["@type"] == "Claim" and first["author"]["name"] == "Meta"
    assert first["firstAppearance"]["url"] == "https://reuters.example/"
    assert "author" not in second, "who is not named is nobody to a program"
    assert second["appearance"]["publisher"]["name"] == "Relay"


def test_what_is_the_publishers_own_word_is_by_it(tmp_path: Path) -> None:
    """For a program as for a reader: reported by Reuters. What is confirmed is by nobody."""
    claims = """[{text: It hires, status: reported, source: reuters},
  {text: It is bold, status: opinion, source: relay},
  {text: It fires, status: confirmed, source: reuters, also: [memo]},
  {text: It waits, status: reported}]"""
    page = brief_page(tmp_path, claims=claims, companies="[Scale AI, Meta]")
    reported, meant, *others = parts_of(page)
    assert reported["author"]["@type"] == "Organization"
    assert reported["author"]["name"] == "Reuters" and meant["author"]["name"] == "Relay"
    assert reported["author"] == reported["firstAppearance"]["publisher"]
    assert not any("author" in other for other in others)


def test_feeds_carry_it(tmp_path: Path) -> None:
    brief_page(
        tmp_path,
        claims="[{text: It hires, status: reported, source: reuters, by: {anonymous: 2}}]",
        quotes="[{by: Ann Lee, of: Google, text: We hire.}]",
        responses="[{from: Meta, stance: declined}]",
    )
    feed = read(tmp_path, "feed.xml")
    shown = words(feed.replace("<![CDATA[", "").replace("]]>", ""))
    assert "It hires (reported: Two unnamed people, speaking to Reuters)" in shown
    assert "We hire." in shown and "Meta declined to comment." in shown
    assert 'href="https://test.example/people/ann-lee/"' in feed


def test_whom_a_brief_quotes_has_a_page(tmp_path: Path) -> None:
    """And no company has one among people, even where it is written in the place of one."""
    quotes = "[{by: Ann Lee, text: We hire.}, {by: Scale, text: We fire.}]"
    write_site(tmp_path, brief("a", quotes=quotes))
    assert [d.code for d in problems(tmp_path)] == ["quote-by-company"]
    build_site(tmp_path)
    assert "Scale AI hires" in read(tmp_path, "people/ann-lee/index.html")
    assert {p.name for p in (tmp_path / "output/people").iterdir()} == {"ann-lee", "index.html"}
    page = part(read(tmp_path, "briefs/a/index.html"), "said")
    assert re.search(r'<a href="[^"]*companies/scale-ai/">Scale AI</a>', page)


def test_who_answered_may_have_merged(tmp_path: Path) -> None:
    company = "=== content/companies/windsurf.md\n---\nname: Windsurf\nmerged_into: Meta\n---\n"
    write_site(tmp_path, company)
    page = brief_page(tmp_path, responses="[{from: Windsurf, stance: declined}]")
    assert "Meta declined to comment." in words(part(page, "said"))


# --- translations --------------------------------------------------------------------------------


def alternates(folder: Path, slug: str) -> dict[str, str]:
    html = read(folder, f"briefs/{slug}/index.html")
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', html))


def test_translations_lead_to_each_other(tmp_path: Path) -> None:
    """Each names all of them, itself too (as hreflang wants), also a translation of one."""
    write_site(
        tmp_path,
        brief("one", "Scale AI one")
        + brief("een", "Scale AI een", lang="nl", translation_of="one")
        + brief("un", "Scale AI un", lang="fr", translation_of="een")
        + brief("eins", "Scale AI eins", lang="de", translation_of="one", status="draft"),
    )
    assert not problems(tmp_path)
    build_site(tmp_path)
    base = "https://test.example/briefs/"
    expected = {"en-GB": f"{base}one/", "nl": f"{base}een/", "fr": f"{base}un/"}
    for slug in ("one", "een", "un"):
        assert alternates(tmp_path, slug) == expected
    page = read(tmp_path, "briefs/one/index.html")
    assert re.search(r'<a href="[^"]*een/" lang="nl" hreflang="nl"[^>]*>Nederlands</a>', page)
    dutch = read(tmp_path, "briefs/een/index.html")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', dutch)
    assert found
    article = json.loads(found[1])[0]
    assert article["translationOfWork"]["url"] == f"{base}one/"
    assert article["translationOfWork"]["inLanguage"] == "en-GB"


def test_a_translation_of_a_draft_leads_nowhere(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        brief("one", status="draft") + brief("een", lang="nl", translation_of="one"),
    )
    build_site(tmp_path)
    assert not alternates(tmp_path, "een")
    assert "translationOfWork" not in read(tmp_path, "briefs/een/index.html")
