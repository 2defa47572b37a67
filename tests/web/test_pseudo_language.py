"""A newspaper in which every word of the interface is lengthened and in Greek letters: whatever is
still in Latin ones was forgotten."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builder.engine.opened import open_site
from builder.language.catalog import FOLDER, PIECE, CatalogEntry, read_catalog
from builder.language.po_file import ListedMessage, po_text
from builder.mail.epub import make_book
from builder.mail.message import NO_CHOICE, make_brief, make_digest, make_news
from support.looks import OpenPage, overflow
from support.sites import build_site, options, problems, write_site
from support.tools import as_lines, check_html, serve

NOW = datetime(2025, 7, 10, 12, tzinfo=UTC)
NEWSPAPER = Path(__file__).parent / "newspapers" / "greek.txt"
_GREEK = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "αβψδεφγηιξκλμνοπϙρστθωςχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠϘΡΣΤΘΩΣΧΥΖ",
)


def in_greek(text: str) -> str:
    """A message in Greek letters outside its placeholders and elements, and longer."""
    found, end = [], 0
    for piece in PIECE.finditer(text):
        found += [text[end : piece.start()].translate(_GREEK), piece[0]]
        end = piece.end()
    return "".join([*found, text[end:].translate(_GREEK), " ÷÷"])


def catalog() -> str:
    text = (FOLDER / "messages.pot").read_text("utf-8")
    entries = {}
    for found in read_catalog(text, "en", keep=True).entries.values():
        forms = (found.text, found.plural) if found.plural else (found.text,)
        greek = tuple(map(in_greek, forms))
        entries[found.key] = CatalogEntry(found.key, found.plural, greek, False, 1)
    listed = [ListedMessage(e.key, e.plural, (), ()) for e in entries.values()]
    return po_text(listed, "el", entries)


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("greek")
    text = f"{NEWSPAPER.read_text('utf-8')}=== content/messages/el.po\n{catalog()}"
    write_site(folder, text, usual=False)
    build_site(folder, now=NOW)
    return folder


# Names, languages, formats and addresses: the same in every language.
NAMES = {
    "ALPH", "ATOM", "Atom", "AZ", "BibTeX", "Bluesky", "CSL", "CSV", "FY", "GraphML", "JSON",
    "LEI", "Lines", "NASDAQ", "ORCID", "RSS", "SQLite", "Tin", "UTF", "Wikidata", "el", "ng", "vi",
    "Kh",
}  # fmt: skip
_ADDRESSES = re.compile(
    r"https?://\S+|[\w.-]+@[\w.-]+|\b\w+\.example\b|@misc.*|\[\{.*|&#34;(?:one|other)&#34;",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z]{2,}")


def latin(text: str) -> set[str]:
    return {*_WORD.findall(_ADDRESSES.sub("", text))} - NAMES


def said_by_page(page: str) -> Iterator[str]:
    """What readers see or hear of a page, but for what says that it is English, and identifiers."""
    page = re.sub(r"<(script|style|template|code|pre)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<(\w+) lang="en"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    yield from re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    yield html.unescape(re.sub(r"<[^>]*>", "\n", page))


_FOR_PROGRAMS = (
    "guid", "id", "language", "generator", "Image", "InputEncoding", "Url", "pubDate",
    "lastBuildDate",
)  # fmt: skip


def said_by_xml(file: Path) -> Iterator[str]:
    for element in ElementTree.parse(file).iter():
        name = element.tag.rpartition("}")[2]
        if name not in _FOR_PROGRAMS:
            yield from said_by_page(element.text or "")
        yield from (element.attrib[a] for a in ("title", "text") if a in element.attrib)


def said_by_json(found: object, key: str = "") -> Iterator[str]:
    if isinstance(found, dict):
        for name, inner in found.items():
            yield from said_by_json(inner, name)
    elif isinstance(found, list):
        for inner in found:
            yield from said_by_json(inner, key)
    elif key in ("title", "description", "summary", "content_html", "text"):
        yield from said_by_page(str(found))


def said_by(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8") if file.suffix != ".png" else ""
    if file.suffix == ".html":
        # Tables of the record are called as in the files that programs read.
        yield from said_by_page(re.sub(r'<h2 id="table-.*?</h2>', "", text))
    elif file.suffix in (".xml", ".atom", ".opml", ".svg"):
        yield from said_by_xml(file)
    elif file.suffix in (".json", ".jsonl"):
        for line in text.splitlines() if file.suffix == ".jsonl" else [text]:
            yield from said_by_json(json.loads(line))
    elif file.suffix == ".ics":
        for line in text.replace("\r\n ", "").splitlines():
            if re.match("SUMMARY|DESCRIPTION|NAME|X-WR-CALNAME|LOCATION", line):
                yield line.partition(":")[2]
    elif file.suffix == ".md":
        yield text.split("\n---\n", 1)[1]  # front matter is for programs


def test_no_english_word_is_left_outside_content(newspaper: Path) -> None:
    """In pages, feeds, calendars, outlines, drawings and Markdown."""
    assert not [p for p in problems(newspaper, now=NOW) if "messages" in p.code]
    left: dict[str, str] = {}
    output, formats = newspaper / "output", set()
    for file in sorted(output.rglob("*")):
        path = file.relative_to(output).as_posix()
        # Files for programs alone: with words of the content, and identifiers.
        if file.is_dir() or re.match(r"search/.*js|sitemap|news-sitemap|record/.*\.json", path):
            continue
        texts = [*said_by(file)]
        formats |= {file.suffix} if any(texts) else set()
        for text in texts:
            for word in latin(text):
                left.setdefault(word, f"{path}: {text.strip()[:200]}")
    assert not left, json.dumps(left, indent=1, ensure_ascii=False)
    assert formats >= {".html", ".xml", ".atom", ".json", ".jsonl", ".opml", ".ics", ".md", ".svg"}


def test_no_english_word_is_left_in_mail_and_books(newspaper: Path) -> None:
    site = open_site(newspaper, options(NOW))
    messages = [
        make_digest(site, "2025-w24", NO_CHOICE),
        make_brief(site, "meridio", NO_CHOICE),
        make_news(site, datetime(2025, 6, 1).date(), NO_CHOICE),
    ]
    found = {}
    for n, message in enumerate(messages):
        found[f"{n} subject"] = message.subject
        found[f"{n} html"] = "\n".join(said_by_page(message.html))
        found[f"{n} text"] = message.text
    with zipfile.ZipFile(BytesIO(make_book(site, "digest", "2025-w24").data)) as book:
        for name in book.namelist():
            if name.endswith((".xhtml", ".ncx")):
                found[name] = "\n".join(said_by_page(book.read(name).decode("utf-8")))
    assert len(found) > 12
    left = {name: sorted(latin(text)) for name, text in found.items() if latin(text)}
    assert not left, json.dumps(left, indent=1, ensure_ascii=False)


def test_longer_words_fit_a_phone(newspaper: Path, open_page: OpenPage, html_checker: None) -> None:
    found = check_html([newspaper / "output"])
    pages = sorted((newspaper / "output").rglob("index.html"))
    with serve(newspaper / "output") as address, open_page(width=320, fonts="wide") as page:
        for file in pages:
            path = file.parent.relative_to(newspaper / "output").as_posix()
            if 'http-equiv="refresh"' not in file.read_text("utf-8"):
                page.goto(f"{address}{path}/".replace("/./", "/"))
                if wide := overflow(page):
                    found.append(f"/{path}/: {wide}")
    assert not found, as_lines(found)
