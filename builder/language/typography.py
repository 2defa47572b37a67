"""Typographic quotation marks and dashes, by language."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt

from builder.language.lexicon import lexicon


def quotation_marks(language: str) -> list[str]:
    """Return the quotation marks of a language: double, then single ones.

    Each pair is an opening and a closing mark. A language without any has those of English."""
    marks = lexicon(language).quotation_marks or lexicon("en").quotation_marks
    assert marks is not None
    return [marks.open, marks.close, marks.inner_open, marks.inner_close]


def dashes(text: str) -> str:
    text = re.sub(r"(?<!-)---(?!-)", "—", text)
    text = re.sub(r"(?<!-)--(?!-)", "–", text).replace("...", "…")
    return re.sub(r"(?<!\w)['‘](?=\d\ds\b)", "’", text)  # the ’90s


def typographic(text: str, language: str) -> str:
    """Return a line with the quotation marks and dashes of its language."""
    if not any(sign in text for sign in "\"'-."):
        return text
    text = dashes(text)
    if "'" in text or '"' in text:
        # Only the rules that change quotation marks see the text: no markup is read.
        tokens = _plain_engine(language.split("-")[0]).parseInline(text)
        text = "".join(t.content for t in tokens[0].children or ())
    return text


@cache
def _plain_engine(language: str) -> MarkdownIt:
    engine = MarkdownIt("zero", {"typographer": True, "quotes": quotation_marks(language)})
    return engine.enable("smartquotes")
