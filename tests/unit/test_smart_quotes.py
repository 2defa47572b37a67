"""Straight quotation marks become typographic ones as markdown-it does it, in linear time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.language.smart_quotes import replace_quotes
from builder.language.typography import typographic
from support.work import steps_of

FRENCH = ["«\u00a0", "\u00a0»", "‹\u00a0", "\u00a0›"]


def _engines() -> tuple[MarkdownIt, MarkdownIt]:
    theirs = MarkdownIt("commonmark", {"typographer": True, "quotes": FRENCH})
    ours = MarkdownIt("commonmark", {"typographer": True, "quotes": FRENCH})

    def rule(state: StateCore) -> None:
        for token in state.tokens:
            replace_quotes(token.children or [], state.md.options.quotes)

    theirs.enable("smartquotes")
    ours.enable("smartquotes").core.ruler.at("smartquotes", rule)
    return theirs, ours


THEIRS, OURS = _engines()
PIECES = st.sampled_from(["'", '"', "'", '"', ' "a b" ', *" a1*_`\n-é", "[b](/)", "\\\n"])


@given(st.lists(PIECES, max_size=24).map("".join))
@settings(max_examples=400)
def test_marks_are_those_of_markdown_it(text: str) -> None:
    assert OURS.render(text) == THEIRS.render(text)


@pytest.mark.parametrize("unit", ['"', "'", '"a" ', "'a' ", " \"a 'b", "*\"*'"])
def test_work_grows_as_the_text_does(unit: str) -> None:
    one, four = (
        steps_of(lambda n=n: typographic(unit * n, "en"))
        for n in (500, 2000)  # type: ignore[misc]
    )
    assert four < 4.5 * one


class _Counted(str):
    """A text that is read character by character in steps that can be counted."""

    def __iter__(self) -> Iterator[str]:
        yield from str(self)[:]


def test_a_text_is_divided_once() -> None:
    def work(n: int) -> int:
        tokens = [Token("text", "", 0, content=_Counted('"a" ' * n))]
        return steps_of(lambda: replace_quotes(tokens, FRENCH))

    assert work(400) < 4.5 * work(100)
