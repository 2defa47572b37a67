"""The words of the interface: in the language of a page, of a site, and where they are missing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder.language.catalog import FOLDER, CatalogEntry, read_catalog
from builder.language.catalogs import is_complete
from support.sites import brief, build_site, edit, problems, read, write_site

DUTCH = """\
=== site.yaml
title: Proef
base_url: https://proef.example
language: nl
"""


def texts(page: str) -> list[tuple[str, str]]:
    """Each text of a page, with the language of its element."""
    found: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.languages: list[tuple[str, str]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            around = self.languages[-1][1] if self.languages else ""
            if tag not in ("meta", "link", "img", "input", "br", "source", "hr"):
                self.languages.append((tag, dict(attrs).get("lang") or around))

        def handle_endtag(self, tag: str) -> None:
            while self.languages and self.languages.pop()[0] != tag:
                pass

        def handle_data(self, data: str) -> None:
            shown = self.languages and self.languages[-1][0] not in ("script", "style")
            if shown and (text := " ".join(data.split())):
                found.append((text, self.languages[-1][1]))

    reader = Reader()
    reader.feed(page)
    return found


def test_a_site_speaks_its_language(tmp_path: Path) -> None:
    relations = "[{from: Meta, type: minority stake, to: Scale AI, since: 2025-06, figure: s}]"
    figures = "[{id: s, of: Meta, to: Scale AI, metric: belang, value: 49%, as_of: 2025-06-13}]"
    write_site(tmp_path, DUTCH + brief("een", why="Daarom.", relations=relations, figures=figures))
    build_site(tmp_path)
    page = read(tmp_path, "briefs/een/index.html")
    found = [text for text, _ in texts(page)]
    assert {"Waarom dit ertoe doet", "Naar de inhoud", "Leestijd", "bezit 49% van"} <= {*found}
    assert 'aria-label="Kruimelpad"' in page
    assert not [text for text, lang in texts(page) if lang == "en"]
    assert "Bedrijven" in read(tmp_path, "companies/index.html")
    assert "Op dit adres staat geen pagina" in read(tmp_path, "404.html")


def test_a_brief_has_the_labels_of_its_language(tmp_path: Path) -> None:
    """The masthead and the footer stay in the language of the site, and lists in theirs."""
    write_site(tmp_path, brief("een", lang="nl", why="Daarom.") + brief("two", why="So."))
    build_site(tmp_path)
    page = read(tmp_path, "briefs/een/index.html")
    found = dict(texts(page))
    assert found["Waarom dit ertoe doet"] == "nl"
    assert found["Feeds"] == "en-GB"
    assert "15 juni 2025" in page
    assert "Why it matters" in read(tmp_path, "briefs/two/index.html")
    feed = read(tmp_path, "feed.xml")
    assert "Waarom dit ertoe doet:" in feed and "Why it matters:" in feed


def test_a_language_without_a_catalog_has_english_words_marked_so(tmp_path: Path) -> None:
    site = DUTCH.replace("language: nl", "language: sv")
    write_site(tmp_path, site + brief("ett", why="Därför.", event_date="2025-06-13"))
    build_site(tmp_path)
    for path in ("briefs/ett/index.html", "index.html", "companies/index.html", "404.html"):
        page = read(tmp_path, path)
        assert not re.search("[\ufdd0-\ufdd2]", page)
        found = texts(page)
        english = {"Why it matters", "Skip to content", "Companies", "Feeds", "Reading time"}
        assert {lang for text, lang in found if text in english} == {"en"}, path
    page = read(tmp_path, "briefs/ett/index.html")
    assert ("13 juni 2025", "sv") in texts(page)
    assert 'aria-label="Breadcrumb"' in page
    assert "<title>Scale AI hires · Proef</title>" in page


def test_a_site_changes_and_adds_messages(tmp_path: Path) -> None:
    own = '=== content/messages/nl.po\nmsgid "Why it matters"\nmsgstr "Waarom telt dit"\n'
    own += 'msgid "Our tip"\nmsgstr "Onze tip"\n'
    english = '=== content/messages/en.po\nmsgid "Reading time"\nmsgstr "A read of"\n'
    tip = '{% extends "slugline/base.html" %}\n{% block foot %}{% trans %}Our tip{% endtrans %}'
    template = f"=== templates/base.html\n{tip}{{% endblock %}}\n"
    write_site(tmp_path, DUTCH + own + english + template + brief("een", why="Daarom."))
    build_site(tmp_path)
    page = read(tmp_path, "briefs/een/index.html")
    assert "Waarom telt dit" in page and "Onze tip" in page and "Waarom dit ertoe" not in page


def test_site_yaml_changes_and_adds_messages(tmp_path: Path) -> None:
    """A change renders only pages that may say the message."""
    own = """\
messages:
  nl:
    "{n} brief": {one: "{n} stuk", other: "{n} stukken"}
  pt-BR: {Why it matters: Por quê}
"""
    briefs = brief("een", why="Daarom.") + brief("tres", lang="pt-BR", why="Sim.")
    write_site(tmp_path, DUTCH + own + briefs)
    assert not [p for p in problems(tmp_path) if p.path == "site.yaml"]
    build_site(tmp_path)
    assert "stukken" in read(tmp_path, "companies/index.html")
    assert "Por quê" in read(tmp_path, "briefs/tres/index.html")
    edit(tmp_path / "site.yaml", "Por quê", "Razão")
    rendered = {page.url: page.reasons for page in build_site(tmp_path).rendered}
    assert rendered["/briefs/tres/"] == ("the words of its template changed",)
    assert not {"/briefs/een/", "/companies/", "/404.html"} & {*rendered}
    assert "Razão" in read(tmp_path, "briefs/tres/index.html")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('msgid "Week {week}"\nmsgstr "Week {n}"', "invalid-message", "it lacks `{week}`"),
        ('msgid "Why"\nmsgstr "<b>Waarom</b>"', "invalid-message", "does not have `</b>`, `<b>`"),
        ('msgid "Why"\nmsgstr "Waarom <img src=x>"', "invalid-message", "begins or ends nothing"),
        (
            'msgid "{n} brief"\nmsgid_plural "{n} briefs"\nmsgstr[0] "{n} bericht"',
            "invalid-message",
            "has 1 of 2 plural forms",
        ),
        ('msgid "Why"\nmsgstr "x"\n\nmsgid "Why"\nmsgstr "y"', "invalid-message", "in line 1 too"),
        ("<html>", "invalid-catalog", "this is not a line of a .po file"),
        (
            'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=3; plural=n;\\n"',
            "invalid-catalog",
            "are not the plural forms of `nl`",
        ),
    ],
)
def test_mistakes_in_a_catalog(tmp_path: Path, text: str, code: str, said: str) -> None:
    write_site(tmp_path, f"{DUTCH}=== content/messages/nl.po\n{text}\n{brief('een')}")
    found = [p for p in problems(tmp_path) if p.path == "content/messages/nl.po"]
    assert [p.code for p in found] == [code]
    assert said in found[0].message


def test_files_that_are_no_catalogs(tmp_path: Path) -> None:
    write_site(tmp_path, DUTCH + brief("een") + "=== content/messages/nl.po\n")
    assert not problems(tmp_path)
    for data, code in (
        (b"\0", "binary-file"),
        (b"\xff", "not-utf8"),
        (b"#" * 3_000_000, "file-too-large"),
    ):
        (tmp_path / "content/messages/nl.po").write_bytes(data)
        assert [p.code for p in problems(tmp_path)] == [code]


def test_a_changed_message_renders_only_pages_that_may_say_it(tmp_path: Path) -> None:
    """And only those of its language; an incremental build equals a clean one."""
    own = tmp_path / "content/messages/nl.po"
    write_site(
        tmp_path,
        '=== content/messages/nl.po\nmsgid "Reading time"\nmsgstr "Leestijd"\n'
        + brief("een", lang="nl") + brief("two"),
    )  # fmt: skip
    build_site(tmp_path)
    edit(own, "Leestijd", "Duur")
    result = build_site(tmp_path)
    pages = {page.url: page.reasons for page in result.rendered}
    assert "/briefs/een/" in pages and "/briefs/two/" not in pages
    assert "/companies/" not in pages and "/404.html" not in pages
    assert pages["/briefs/een/"] == ("the words of its template changed",)
    assert "Duur" in read(tmp_path, "briefs/een/index.html")
    assert not build_site(tmp_path).rendered


def known_messages() -> list[CatalogEntry]:
    text = (FOLDER / "messages.pot").read_text("utf-8")
    return [*read_catalog(text, "en", keep=True).entries.values()]


# --- the catalogs of the program ---------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.po")), ids=lambda file: file.stem)
def test_package_catalog_has_no_mistakes(file: Path) -> None:
    catalog = read_catalog(file.read_text("utf-8"), file.stem)
    assert not catalog.mistakes
    keys = {found.key for found in known_messages()}
    assert catalog.entries.keys() == keys, "run `make messages`"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.po")), ids=lambda file: file.stem)
def test_complete_catalogs_are_known_without_parsing(file: Path) -> None:
    catalog = read_catalog(file.read_text("utf-8"), file.stem)
    untranslated = [e.text for e in catalog.entries.values() if not e.is_translated]
    assert is_complete(file.stem) == (not untranslated)
    assert not untranslated or file.stem != "nl"


@pytest.mark.parametrize("change", ['msgstr "Leestijd"', '"Leestijd"\n#, fuzzy'])
def test_a_catalog_that_lacks_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    text = (FOLDER / "nl.po").read_text("utf-8")
    lacking = (
        text.replace(change, 'msgstr ""')
        if change.startswith("msgstr")
        else text.replace('msgid "Reading time"', '#, fuzzy\nmsgid "Reading time"')
    )
    assert lacking != text
    monkeypatch.setattr("builder.language.catalogs.FOLDER", tmp_path)
    (tmp_path / "nl.po").write_text(lacking, "utf-8")
    assert not is_complete("nl")
    (tmp_path / "de.po").write_text(text, "utf-8")
    assert is_complete("de") and not is_complete("sv")


# --- what a language lacks ---------------------------------------------------------------------


def missing(site: Path) -> list[tuple[int, str]]:
    return [(p.line, p.message) for p in problems(site) if p.code == "missing-messages"]


def test_check_counts_what_a_language_lacks(tmp_path: Path) -> None:
    own = '=== content/messages/sv.po\nmsgid "Why it matters"\nmsgstr "Varför det spelar roll"\n'
    site = DUTCH.replace("language: nl", "language: sv")
    write_site(tmp_path, site + own + brief("ett", lang="fi"))
    ((line, said),) = missing(tmp_path)
    assert (line, said.split(",")[1]) == (
        3, f" {len(known_messages()) - 1} messages have no translation"
    )  # fmt: skip
    edit(tmp_path / "site.yaml", "sv", "nl")
    assert not missing(tmp_path)


def test_what_a_language_lacks_is_counted_again_after_each_change(tmp_path: Path) -> None:
    template = '{% extends "slugline/base.html" %}{% block foot %}{% trans %}Our tip{% endtrans %}'
    write_site(tmp_path, DUTCH + brief("een"))
    assert not missing(tmp_path)
    (tmp_path / "templates").mkdir(exist_ok=True)
    (tmp_path / "templates/base.html").write_text(template + "{% endblock %}", "utf-8")
    assert len(missing(tmp_path)) == 1
    (tmp_path / "content/messages").mkdir()
    (tmp_path / "content/messages/nl.po").write_text('msgid "Our tip"\nmsgstr "Tip"\n', "utf-8")
    assert not missing(tmp_path)
    edit(tmp_path / "content/messages/nl.po", '"Tip"', '""')
    assert len(missing(tmp_path)) == 1
