"""Texts on which a careless expression takes steps by the square or the cube of their length.

A step of an expression cannot be counted. The shapes are so long that one with the square takes
minutes and one with the cube takes days; what is asserted is that the result is right."""

from __future__ import annotations

import pytest

from builder.check.plain_text import _wrong
from builder.content.document import Document
from builder.content.markdown import bare_links, places, safe_html, unread
from builder.content.markdown.engine import render_body
from builder.content.markdown.unread_patterns import PATTERNS
from builder.diagnostics.conflicts import report_conflicts
from support.work import steps_of

MANY = 20_000

# How a shape begins, what it repeats, how it ends, and how many places the patterns find in it.
SHAPES = [
    ("**", " ", "a", 0),
    ("**", " ", "a**", 2),
    ("", "文", "", 0),
    ("", "文", "** b", 1),
    ("**文", "文", "", 1),
    ("", "{%", "", 0),
    ("{%", "{ ", "%}", 1),
    ("", "(a)[/", "", 0),
    ("", "[caption ", "", 0),
    ("[", "a", "", 0),
    ("__", "a", "__b", 0),
    ("[a](/b", " ", "", 1),
    ("{{", " ", "x", 0),
    ("== ", "a ", "", 0),
    ("$", "a ", "", 0),
]


@pytest.mark.parametrize(("start", "part", "end", "found"), SHAPES)
def test_patterns_of_markup(start: str, part: str, end: str, found: int) -> None:
    text = f"{start}{part * MANY}{end}"
    reported = {m.span() for p in PATTERNS for m in p.expression.finditer(text)}
    assert len(reported) == found


SPACES = " " * MANY


def test_expressions_for_places_and_lines() -> None:
    assert not places._TITLE.search(f"[a{SPACES}b](/x)")
    title = places._TITLE.search(f'[a](/x{SPACES}"T"{SPACES})')
    assert title is not None
    assert title.start() == len("[a](/x")
    assert not places._DEFINITION.search(f"[a]:{SPACES}\n\n")
    assert not unread._RULE.fullmatch(f"---{SPACES}x|-")
    assert unread._RULE.fullmatch(f"| --- |{SPACES}:-: |{SPACES}")
    assert unread._cells("| a <!-- | --> | b <!--" + "<!--" * MANY + " |") == 2
    assert not bare_links._URL.match(f"https://a.xn--{'a' * MANY}@")
    assert bare_links._URL.match("https://a.xn--p1ai/")
    assert bare_links._end("https://a.example/" + "." * MANY) == "https://a.example/"


def test_tags() -> None:
    for text in (f"<a{SPACES}<", f"<a b{SPACES}c<", f"<a b={SPACES}<", "<!" * MANY, "<a b" * MANY):
        assert not safe_html._TAG.search(text)


def test_markers_of_conflicts() -> None:
    found = report_conflicts("a.md", f"<<<<<<< a{SPACES}b{SPACES}\na\n=======\nb\n>>>>>>> c \n")
    assert [(d.line, d.code) for d in found] == [(1, "conflict-markers")]
    assert found[0].message.startswith("lines 1 to 5 are") and len(found[0].message) <= 2000


# --- counted work ------------------------------------------------------------------------------


def rendered(text: str) -> object:
    document = Document("content/briefs/a.md", {}, {}, text, 1, text.split("\n"))
    return render_body(document, "en", (), "", "safe", [])


@pytest.mark.parametrize("part", ["a <b>c</b> ", "<b>", "</b>", "a<br>\n", "<!", "<a b='"])
def test_tags_take_steps_in_proportion(part: str) -> None:
    rendered(part)
    short, long = (steps_of(lambda n=n: rendered(f"a {part * n}")) for n in (200, 400))  # type: ignore[misc]
    assert long < 2.3 * short


@pytest.mark.parametrize("character", ["\u200e", "\u2066", "\u2069"])
def test_a_line_with_many_hidden_characters_is_read_once(character: str) -> None:
    short, long = (
        steps_of(lambda n=n: _wrong(f"a{character}" * n, character))  # type: ignore[misc]
        for n in (200, 400)
    )
    assert long < 2.3 * short
    assert _wrong(f"a{character}\n\nb{character}", character) == [1, 5]
