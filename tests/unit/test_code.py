"""Code, comments and conflicts in bodies, found by the renderer's rules."""

from __future__ import annotations

import re
from datetime import UTC

import pytest

from builder.check.own_words import without_code
from builder.content import comment_spans
from builder.content.document import Document, read_document
from builder.content.fields import READERS
from builder.content.markdown import code
from builder.content.markdown.comments import hide_comments
from builder.content.markdown.engine import render_body
from builder.diagnostics.misread import Misread
from builder.editing.edit import Rewriter
from builder.model.values import Line

HEAD = "---\ntitle: Test\n---\n"
CONFLICT = "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<pre>\n\n    <!-- if x > WORD -->\n</pre>", False),
        ("<!-- a --><pre>\n\n    <!-- if x > WORD -->\n</pre>", False),
        ("<div>\n\\<!-- ` > WORD -->\n` </div>", False),
        ("<div>\n<!-- > WORD\n</div>", True),
    ],
)
def test_no_comment_in_html_is_published(text: str, error: bool, hidden: bool) -> None:
    document, found = Document("content/a.md", {}, {}, text, 1, text.split("\n")), []
    if hidden or text.startswith("<!--"):
        document, found = hide_comments(document, "safe")
    body, more = render_body(document, "en", (), "", "safe")
    assert "WORD" not in body.html
    assert ("comment-not-closed" in [d.code for d in (*found, *more)]) is error


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        (f"{HEAD}``` a ``` b\n\n{CONFLICT}\n```\nc\n```\n", True),
        (f"---\ntitle: |\n  a\n```: b\n---\n{CONFLICT}```\n", True),
        (f"{HEAD}<!--\n```\n-->\n{CONFLICT}\n```\n", True),
        (f"{HEAD}```\n{CONFLICT}", True),
        (f"{HEAD}```\n{CONFLICT}```\n", False),
    ],
)
def test_conflict_is_text_only_in_a_fence(text: str, reported: bool) -> None:
    _, found = read_document("content/a.md", text.encode())
    assert ("conflict-markers" in [d.code for d in found]) is reported


def test_edits_leave_code_and_comments_alone() -> None:
    body = "``` a ``` b\n\n• 1\n\n```\n• 2\n```\n\n<!--\n• 3\n-->\n\n    • 4\n"
    rewriter = Rewriter("content/a.md", (HEAD + body).encode())
    rewriter.in_body(re.compile("•"), lambda match: "-")
    assert rewriter.result().decode() == HEAD + body.replace("• 1", "- 1")


def test_text_after_backticks_in_a_line_is_not_code() -> None:
    assert "TODO" in without_code("``` a ``` b\n\nTODO\n")
    assert "TODO" not in without_code("```\nTODO\n```\n")


def test_spans_of_a_block_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Counted(code._Spans):
        def __init__(self, first: int, end: int) -> None:
            made.append(first)
            super().__init__(first, end)

    monkeypatch.setattr(code, "_Spans", Counted)
    hidden, _ = code.hide("`a` <!-- ` --> " * 500, False)
    assert hidden.count(code.END) == 500 and len(made) < 50


def test_comments_of_a_value_are_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, end = [], comment_spans.comment_end

    def counted(text: str, start: int) -> int | None:
        calls.append(start)
        return end(text, start)

    monkeypatch.setattr(comment_spans, "comment_end", counted)
    with pytest.raises(Misread):
        READERS[Line].read("<!--" * 5000, UTC)
    assert len(calls) == 1
    assert READERS[Line].read("<!-->a<!---->b <!-- c -->  d", UTC) == "ab d"
