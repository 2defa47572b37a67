"""Typographic quotation marks and dashes, by language."""

from __future__ import annotations

import re

from markdown_it.token import Token

from builder.language.lexicon import lexicon
from builder.language.smart_quotes import replace_quotes


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
        token = Token("text", "", 0, content=text)
        replace_quotes([token], quotation_marks(language.split("-")[0]))
        text = token.content
    return text
