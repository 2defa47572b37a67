"""Texts, positions in them, and the edits between two of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from builder.language_server.document import OpenDocument
from builder.language_server.edits import changed_spans
from builder.language_server.symbols import outline_of
from builder.language_server.text import DocumentText, TextSpan

TEXTS = st.text(st.sampled_from("ab🦀é\n\r\u2028\x0c "), max_size=30)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def lines_of(text: str) -> list[str]:
    """The lines of a text as the protocol ends them, written in another way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@settings(max_examples=300, deadline=None)
@given(TEXTS, ENCODINGS, st.data())
def test_positions(text: str, encoding: str, data: st.DataObject) -> None:
    whole, lines = DocumentText(text, encoding), lines_of(text)
    assert [whole.line(n) for n in range(len(whole.starts))] == lines
    codec, size = _UNITS[encoding]
    number = data.draw(st.integers(0, len(lines) - 1))
    count = data.draw(st.integers(0, len(lines[number])))
    units = len(lines[number][:count].encode(codec)) // size
    offset = whole.offset(types.Position(number, units))
    assert text[whole.starts[number] : offset] == lines[number][:count]
    assert whole.position(offset) == types.Position(number, units)
    assert whole.offset(types.Position(number, 10_000)) == whole.starts[number] + len(lines[number])
    assert whole.offset(types.Position(len(lines), 0)) == len(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_edits_make_the_other_text(before: str, after: str) -> None:
    """Also through the positions of the protocol, which have none between CR and LF."""
    whole, now = DocumentText(before), before
    for span, new in sorted(changed_spans(whole, after), reverse=True):
        assert whole.span(whole.range(span)) == span
        now = now[: span.start] + new + now[span.end :]
    assert now == after


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXTS), max_size=4))
def test_changes(text: str, wanted: list[tuple[int, int, str]]) -> None:
    whole, now = DocumentText(text), text
    for a, b, new in wanted:
        positions = [whole.position(a), whole.position(b)]
        start, end = sorted(map(whole.offset, positions))
        positions.sort(key=whole.offset)
        change = types.TextDocumentContentChangePartial(types.Range(*positions), new)
        whole, now = whole.changed([change]), now[:start] + new + now[end:]
        assert whole.text == now


@pytest.mark.parametrize(
    ("text", "place", "shown"),
    [
        ("ab\ncd", (2, 2, 1), ((1, 1), (1, 2))),
        ("🦀x y", (1, 2, 1), ((0, 2), (0, 3))),
        ("\ufeff---\n", (1, 1, 3), ((0, 1), (0, 4))),  # a mark is no column of a place
        ("ab", (1, 2, 50), ((0, 1), (0, 2))),
        ("ab", (9, 1, 1), ((0, 2), (0, 2))),
        ("a\r\nbc\r\n", (2, 1, 9), ((1, 0), (1, 2))),
    ],
)
def test_places(text: str, place: tuple[int, int, int], shown: tuple[tuple[int, int], ...]) -> None:
    found = DocumentText(text).place(*place)
    assert ((found.start.line, found.start.character), (found.end.line, found.end.character)) == (
        shown
    )


def test_a_lone_surrogate_has_bytes() -> None:
    assert DocumentText("a\ud83d").data == b"a?"


def test_outline() -> None:
    text = """\
---
title: A story
sources:
  - {id: a, publisher: P}
  - publisher: Q
    role: relay
figures: []
---
Text.

## One

```
## Not one
```

### Below

## Two
"""
    document = OpenDocument("file:///x", "content/briefs/x.md", DocumentText(text), 1)
    found = outline_of(document)
    assert [(o.name, o.detail, o.first, o.last) for o in found] == [
        ("title", "A story", 1, 1),
        ("sources", "", 2, 5),
        ("figures", "[]", 6, 6),
        ("One", "", 10, 17),
        ("Below", "", 16, 17),
        ("Two", "", 18, 19),
    ]
    assert [(o.name, o.first, o.last) for o in found[1].items] == [("a", 3, 3), ("Q", 4, 5)]
    assert document.front_matter == TextSpan(4, text.index("---\nText"))
    for cut in range(len(text)):
        document.update(DocumentText(text[:cut]), 1)
        assert all(item.first <= item.last for item in outline_of(document))
