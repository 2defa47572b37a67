"""Pages that are empty, hostile or something else: what is refused, and what never gets through."""

from __future__ import annotations

import io
import re
import time
import zipfile
from email.message import EmailMessage
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.clip.clipping import SavedPage, clip_page
from builder.clip.decode import MAX_PAGE, ClipError
from builder.clip.isolation import read_apart
from builder.clip.known import SiteKnowledge
from builder.content.document import read_document
from support.clipped import NOW, PAGES, clip_html, clip_site
from support.sites import problems

WORDS = "Acme Chips opened a plant on Friday, and it is not the last one of this year. " * 4


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteKnowledge]:
    return clip_site(tmp_path_factory.mktemp("bad"))


def article(body: str = WORDS, head: str = "", title: str = "Acme Chips opens a plant") -> str:
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><article>"
        f"<h1>{title}</h1><p>{body}</p></article></body></html>"
    )


def zipped() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("page.html", "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the page is empty"),
        (b" \n\t", "the page is empty"),
        (b"%PDF-1.7 \x00", "this is a PDF, not HTML"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is a picture, not HTML"),
        (zipped(), "this is a zip file, not HTML"),
        (b"\0\1\2\3" * 50, "this is not HTML"),
        (b"Only a few words of text.", "this is not HTML"),
        (b'{"title": "x", "n": 1}', "this is not HTML"),
        (b"<html>" + b" " * MAX_PAGE, "the page has more than 20 MB"),
        (b"<html><body><p>Log in.</p></body></html>", "no article found: the page has 2 words"),
        (b"<html><body><script>document.write('x')</script></body></html>", "no article found"),
        (b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "this file has no HTML part"),
    ],
)
def test_refused(data: bytes, message: str, site: tuple[Path, SiteKnowledge]) -> None:
    with pytest.raises(ClipError, match=re.escape(message)):
        clip_html(*site, data)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("lang", "klingon!", "`klingon!` is not a language"),
        ("published", "yesterday", "--published: `yesterday` is not a date"),
        ("address", "javascript:alert(1)", "is not a web address"),
    ],
)
def test_wrong_option(
    option: str, value: str, message: str, site: tuple[Path, SiteKnowledge]
) -> None:
    given = {option: value} if option != "address" else {}
    address = value if option == "address" else "https://x.example/a"
    with pytest.raises(ClipError, match=re.escape(message)):
        clip_html(*site, article(), address, **given)


def source(text: str) -> dict[str, str]:
    """The last source of a draft."""
    document, found = read_document("x.md", text.encode())
    assert document is not None and not found
    last = document.fields["sources"][-1]
    assert isinstance(last, dict)
    return last


@pytest.mark.parametrize(
    "data",
    [
        article("Zoë’s café – " + WORDS).encode("cp1252"),  # without a declaration that is true
        article("Zoë’s café – " + WORDS).encode("utf-16"),
        article("Zoë’s café – " + WORDS).encode("utf-8-sig"),
        article("Zoë’s café – " + WORDS).encode() + b"\xff",
        article("Zoë’s café – " + WORDS).replace("utf-8", "hex").encode(),
    ],
    ids=["windows-1252", "utf-16", "bom", "one wrong byte", "no such encoding"],
)
def test_encodings(data: bytes, site: tuple[Path, SiteKnowledge]) -> None:
    assert "Zoë’s café – Acme" in clip_html(*site, data, "https://x.example/a").clip.text


def test_saved_files_know_their_address(site: tuple[Path, SiteKnowledge]) -> None:
    page, address = article(), "https://x.example/story"
    chrome = f"<!-- saved from url=(0027){address} -->\n{page}"
    single = f"{page}<!-- Page saved with SingleFile \n url: {address} \n saved date: x -->"
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = address
    message["MIME-Version"] = "1.0"
    message.set_content(page, subtype="html", cte="quoted-printable")
    for saved in (chrome, single, message.as_bytes()):
        assert source(clip_html(*site, saved).text)["url"] == address


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://X.example/a?utm_source=y&id=7#top", "https://x.example/a?id=7"),
        ("https://x.example/a?token=sk-Abc123Def456Ghi789Jkl012Mno", "https://x.example/a"),
        ("https://x.example/ünï/“a”", "https://x.example/%C3%BCn%C3%AF/%E2%80%9Ca%E2%80%9D"),
    ],
)
def test_addresses_are_cleaned(given: str, kept: str, site: tuple[Path, SiteKnowledge]) -> None:
    assert source(clip_html(*site, article(), given).text)["url"] == kept


@pytest.mark.parametrize("address", ["https://u:p@x.example/", "file:///etc/passwd", "//x.example"])
def test_canonical_that_is_no_web_address_is_ignored(
    address: str, site: tuple[Path, SiteKnowledge]
) -> None:
    head = f'<link rel="canonical" href="{address}">'
    found = clip_html(*site, article(head=head), "https://x.example/a")
    assert source(found.text)["url"] == "https://x.example/a"


def test_future_and_impossible_dates_do_not_count(site: tuple[Path, SiteKnowledge]) -> None:
    head = (
        '<meta property="article:published_time" content="2099-01-01">'
        '<meta name="date" content="0000-00-00"><meta name="pubdate" content="2025-06-31">'
        '<meta name="dc.date" content="2025-06-12">'
    )
    found = clip_html(*site, article(head=head), "https://x.example/a")
    assert source(found.text)["published"] == "2025-06-12"


# --- whatever the page ---------------------------------------------------------------------------

# Each page string has this word; it must stand in quotation marks and comments only.
MARK = "ZQX"
NASTY = (
    "\n---\ntitle: owned\n", '"}', "'", "]", "}", ": ", " #", "\\", "\\u0022", "\t", "\r", "\x85",
    "\u2028", "\x00", "\x1b[31m", "\u202e", "\u200b", "{{figure:x}}", "{% raw %}", "[[Google]]",
    "<!--", "-->", "<b>", "&lt;script&gt;", "`x`", "**x**", "| y", "> y", "!!python/object", "&a",
    "*a", "%YAML", "<<<<<<< HEAD", "AKIAABCDEFGHIJKLMNOP", "null", "~", "yes", "¶", "…", "é\u0301",
    "\ud83d\ude00", "TODO", "TK", "::error::x", "##[error]x",
)  # fmt: skip
texts = st.lists(st.sampled_from((*NASTY, MARK, "word", " ")) | st.text(max_size=8), max_size=12)


def hostile(parts: list[str]) -> str:
    text = f"{MARK} {''.join(parts)}".encode("utf-16", "replace").decode("utf-16", "replace")
    return escape(text.encode("utf-8", "replace").decode())


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(texts, texts, texts, texts)
def test_page_is_only_in_quotation_marks_and_comments(
    site: tuple[Path, SiteKnowledge],
    title: list[str],
    name: list[str],
    author: list[str],
    sentence: list[str],
) -> None:
    root, known = site
    words = hostile(sentence)
    html = article(
        f"{words} $14 billion, said {MARK} Person: “{words} we said so before and say so again.”"
        f" Acme Chips declined to comment. {WORDS}</p><p>Source: {hostile(name)}",
        f'<meta property="og:site_name" content="{hostile(name)}">'
        f'<meta name="author" content="{hostile(author)}">'
        f'<meta name="keywords" content="{words}">',
        hostile(title),
    )
    found = clip_html(root, known, html, "https://x.example/a")
    for line in found.text.splitlines():
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
        assert MARK not in bare.partition("#")[0], line
    draft = root / "content/briefs/hostile.md"
    for text in (found.text, re.sub("^#", "", found.text, flags=re.MULTILINE)):
        draft.write_text(text, "utf-8")
        said = {p.message for p in problems(root) if p.path.endswith("hostile.md")}
        assert said <= {"a brief needs `title`", "a figure needs `metric`"}
    draft.unlink()


def test_long_page_is_read_in_linear_time(site: tuple[Path, SiteKnowledge]) -> None:
    """What the parent does with a reading of the largest size, however odd."""
    for odd in ("“a ", "Acme Chips ", "(Reuters) ", "14 billion ", "Aa Bb said ", "1.2,3 "):
        before = time.process_time()
        clip_html(*site, article(odd * (200_000 // len(odd))), "https://x.example/a")
        assert time.process_time() - before < 8


# --- in a process of its own ---------------------------------------------------------------------


def test_process_is_limited(site: tuple[Path, SiteKnowledge]) -> None:
    """A page that needs too much time or memory is refused, and a common one is read."""
    root, known = site
    page = SavedPage((PAGES / "dantri.html").read_bytes())
    found = clip_page(root, page, NOW, slug="apart", known=known)
    assert found.draft.chain.in_words() == "Reuters (en) → Báo Dân trí (vi)"
    with pytest.raises(ClipError, match="could not be read within 1 seconds; save only"):
        read_apart(article() + "<!" * 300_000, seconds=1)
    with pytest.raises(ClipError, match="MB of memory; save only"):
        read_apart(article("word " * 3_000_000), memory=60 << 20)
