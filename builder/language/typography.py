"""Typographic quotation marks and dashes, by language."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt

# Opening and closing quotation marks, double then single (CLDR, delimiters). The default is
# English.
QUOTES = {
    "de": "„“‚‘", "nl": "“”‘’", "fr": ["«\u00a0", "\u00a0»", "‹\u00a0", "\u00a0›"], "es": "«»“”",
    "it": "«»“”", "pt": "“”‘’", "pl": "„”‚’", "ru": "«»„“", "sv": "””’’", "da": "“”‘’",
    "cs": "„“‚‘", "vi": "“”‘’", "ja": "「」『』",
}  # fmt: skip


def dashes(text: str) -> str:
    text = re.sub(r"(?<!-)---(?!-)", "—", text)
    text = re.sub(r"(?<!-)--(?!-)", "–", text).replace("...", "…")
    return re.sub(r"(?<!\w)['‘](?=\d\ds\b)", "’", text)  # the ’90s


def typographic(text: str, language: str) -> str:
    """Return front matter text with its language's quotation marks and dashes."""
    if not any(sign in text for sign in "\"'-."):
        return text
    text = dashes(text)
    if "'" in text or '"' in text:
        # Only the rules for quotation marks run: the text is not parsed as Markdown.
        tokens = _plain_engine(language.split("-")[0]).parseInline(text)
        text = "".join(t.content for t in tokens[0].children or ())
    return text


@cache
def _plain_engine(language: str) -> MarkdownIt:
    quotes = QUOTES.get(language, "“”‘’")
    engine = MarkdownIt("zero", {"typographer": True, "quotes": quotes})
    return engine.enable("smartquotes")
