"""Sites in Arabic and Hebrew in a real browser: mirrored, accessible, and every piece in order."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from builder.mail.epub import make_book
from support.looks import LOOKS, OpenPage, overflow, violations
from support.mails import brief_of, opened
from support.sites import brief, build_site, read, write_site
from support.tools import as_lines, check_html, serve

FOLDER = Path(__file__).parent / "newspapers"
KINDS = {
    "arabic": (
        "", "briefs/stake/", "briefs/english/", "companies/", "companies/alpha-ai/", "numbers/",
        "relations/", "corrections/", "sources/", "threads/alpha-and-beta/", "search/", "about/",
        "archive/2025/", "people/laila/", "deals/", "expected/", "known/", "known/2025-06/",
        "briefs/outcome/", "briefs/stake/history/", "sources/example-wire/",
    ),
    "hebrew": ("", "briefs/stake/", "companies/alpha-ai/", "numbers/", "expected/"),
}  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def newspaper(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, Path]]:
    folder = tmp_path_factory.mktemp(request.param)
    write_site(folder, (FOLDER / f"{request.param}.txt").read_text("utf-8"), usual=False)
    build_site(folder)
    with serve(folder / "output") as address:
        yield request.param, address, folder / "output"


# Each text that is at the wrong end of its line: the visual order of neighbours, from the right.
ORDER = """(selector) => [...document.querySelectorAll(selector)].map(e => {
    const box = e.getBoundingClientRect();
    return [e.textContent.trim(), box.left, box.right, box.top];
})"""


def test_pages_are_accessible_and_fit_a_phone(
    newspaper: tuple[str, str, Path], open_page: OpenPage, accessibility_rules: Path
) -> None:
    name, address, _ = newspaper
    found = []
    with open_page(width=320, fonts="wide") as page:
        for path in KINDS[name]:
            page.goto(address + path)
            seen = violations(page, accessibility_rules)
            if wide := overflow(page):
                seen.append(wide)
            found += [f"{name} /{path}: {line}" for line in seen]
    with open_page(width=1280, dark=True, fonts="wide") as page:
        for path in KINDS[name]:
            page.goto(address + path)
            seen = violations(page, accessibility_rules, LOOKS)
            if wide := overflow(page):
                seen.append(wide)
            found += [f"{name} dark /{path}: {line}" for line in seen]
    assert not found, as_lines(found)


def test_pages_are_valid(newspaper: tuple[str, str, Path], html_checker: None) -> None:
    found = check_html([newspaper[2]])
    assert not found, as_lines(found)


# The left edges of the first and the last character of each element's text.
ENDS = """selector => [...document.querySelectorAll(selector)].map(e => {
    const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), places = [];
    for (let node; (node = walker.nextNode());)
        for (let n = 0; n < node.length; n++) {
            const range = document.createRange();
            range.setStart(node, n);
            range.setEnd(node, n + 1);
            const box = range.getBoundingClientRect();
            if (node.data[n].trim() && box.width) places.push([node.data[n], box.left]);
        }
    return [e.textContent.trim(), places[0][1], places.at(-1)[1]];
})"""


def test_pieces_are_in_order(newspaper: tuple[str, str, Path], open_page: OpenPage) -> None:
    """What readers from right to left see: lists in their order, signs on the right side."""
    name, address, _ = newspaper
    with open_page(fonts="wide") as page:
        page.goto(f"{address}briefs/stake/")
        left = page.evaluate("document.querySelector('.facts').getBoundingClientRect().left")
        assert left > 640, "the rail is on the right"
        listed = page.evaluate(ENDS, "#companies + dd a")
        assert [places[1] for places in listed] == sorted((p[1] for p in listed), reverse=True)
        for text, first, last in [*listed, *page.evaluate(ENDS, ".value bdi, .prose a[dir]")]:
            if text.isascii():
                assert first < last, f"{text} runs from left to right"
        if name == "arabic":
            assert any(text == "Gamma!" for text, *_ in listed)
            amounts = page.evaluate(ENDS, ".value")
            assert any(text == "-5%" and first < last for text, first, last in amounts)
        quotation = page.locator(".prose blockquote[dir=ltr]")
        assert quotation.evaluate("e => getComputedStyle(e).borderLeftWidth") == "3px"
        page.goto(f"{address}expected/")
        assert page.evaluate("""[...document.querySelectorAll('.when')]
            .every(e => e.scrollWidth <= e.clientWidth)"""), "a long date keeps to its column"
        page.goto(f"{address}corrections/")
        for quoted in page.locator("q").all():  # the marks of the page stand around Latin words
            assert quoted.evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"
        page.goto(f"{address}companies/alpha-ai/")
        if name == "arabic":
            labels = page.evaluate(ENDS, ".chart text[direction=rtl]")
            assert labels and all(first > last for _, first, last in labels)


def test_every_format_says_its_direction(newspaper: tuple[str, str, Path]) -> None:
    name, _, output = newspaper
    lang = {"arabic": "ar", "hebrew": "he"}[name]

    def text(path: str) -> str:
        return next(iter(output.glob(path))).read_text("utf-8")

    page = text("briefs/stake/index.html")
    assert f'<html lang="{lang}" dir="rtl">' in page
    assert '<blockquote lang="en" dir="ltr">' in page
    for feed in ("feed.xml", "feed.atom", "feed.json"):
        assert f'<div lang="{lang}" dir="rtl">' in text(feed).replace('\\"', '"'), feed
        assert "\u200fBeta Cloud" in text(feed), "a title that begins with a Latin name"
    if name == "arabic":
        other = text("briefs/english/index.html")
        assert '<html lang="en">' in other
        assert '<header class="masthead" lang="ar" dir="rtl">' in other
        assert '<h3 lang="en" dir="ltr">' in text("index.html")
        assert '"turned":["en"]' in text("search/index.js")


def test_results_of_the_search_have_their_direction(
    newspaper: tuple[str, str, Path], open_page: OpenPage
) -> None:
    name, address, _ = newspaper
    if name == "arabic":
        with open_page() as page:
            page.goto(f"{address}search/?q=Gamma")
            expect(page.locator(".found-briefs h2[lang=en][dir=ltr]")).to_have_count(1)
            assert page.locator(".found-briefs h2:not([dir])").count() > 0


def test_an_edition_has_its_own_search(tmp_path: Path, open_page: OpenPage) -> None:
    """Over HTTP and from disk: its briefs, its pages, and the direction of what is not its own."""
    settings = """\
=== site.yaml
title: صحيفة
base_url: https://proof.example
language: ar
sections: [{name: صفقات, slug: deals}]
editions: {en: {tagline: News, fallback: list}}
"""
    text = settings + brief("one", "Meta hires", lang="en", section="deals")
    build_site(write_site(tmp_path, text))
    with serve(tmp_path / "output") as address, open_page() as page:
        for start, end in ((address, ""), (f"{(tmp_path / 'output').as_uri()}/", "index.html")):
            page.goto(f"{start}en/search/{end}?q=Meta")
            label = page.locator(".found-briefs b[lang=ar][dir=rtl]")
            expect(label).to_have_text("صفقات")
            found = page.locator(".found-briefs h2 a")
            assert found.evaluate_all("all => all.map(a => a.href)") == [
                f"{start}en/briefs/one/{end}"
            ]
            names = page.locator("search a[href*=meta], main a[href*='companies/meta']")
            assert names.first.evaluate("a => a.href") == f"{start}en/companies/meta/{end}"


def test_arabic_in_an_english_site(tmp_path: Path) -> None:
    """A brief, its title wherever it is listed, and a company of an Arabic name."""
    text = (
        brief("arabic", "OpenAI تعلن عن نموذج", "قالت Meta.", lang="ar", companies="[Meta, مثال]")
        + brief("english", "Meta hires", companies="[Meta, مثال]", date="2025-06-16 09:00")
        + "=== content/companies/mithal.md\n---\nid: mith2222\nname: مثال\nlisted: true\n---\n"
    )
    build_site(write_site(tmp_path, text))
    arabic, english = (
        read(tmp_path, f"briefs/{slug}/index.html") for slug in ("arabic", "english")
    )
    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<header class="masthead" lang="en-GB" dir="ltr">' in arabic
    assert '<html lang="en-GB">' in english
    assert "<bdi>مثال</bdi>" in english and "<bdi>مثال</bdi>" not in arabic
    assert "<bdi>Meta</bdi>" in arabic
    title = '<a href="../../briefs/arabic/" lang="ar" dir="rtl">OpenAI تعلن عن نموذج</a>'
    assert title in english, "an earlier brief"
    assert '<span lang="ar" dir="rtl">OpenAI تعلن' in english, "the older brief"
    assert ' lang="ar" dir="rtl"><a class="p-name' in read(tmp_path, "index.html")
    feed = read(tmp_path, "feed.xml")
    assert "\u200fOpenAI" in feed and '<div lang="ar" dir="rtl">' in feed
    assert '<div lang="en-GB"' not in feed


def test_messages_and_books_turn(tmp_path: Path) -> None:
    """Outlook reads the direction of tables alone."""
    write_site(tmp_path, (FOLDER / "arabic.txt").read_text("utf-8"), usual=False)
    build_site(tmp_path)
    message = brief_of(tmp_path, "stake").html
    tables = re.findall("<table[^>]*presentation[^>]*>", message)
    assert tables and all('dir="rtl"' in table for table in tables), tables
    assert "border-right:3px solid" in message.replace(" ", "").replace("3pxsolid", "3px solid")
    book = make_book(opened(tmp_path), "thread", "alpha-and-beta")
    with zipfile.ZipFile(io.BytesIO(book.data)) as files:
        package = files.read("book/package.opf").decode()
        assert 'page-progression-direction="rtl"' in package
        assert "[dir=rtl] .box" in files.read("book/style.css").decode()
