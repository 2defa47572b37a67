"""Sets the code of a Markdown text aside while the rest is rewritten."""

from __future__ import annotations

import re

from builder.content.markdown.code import code_lines

_OPEN, _CLOSE = "\ue010", "\ue011"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n)[\s\S])+?)(?<!`)\1(?!`)")
_PRIVATE = re.compile("[\ue000-\ue0ff]")


class CodePieces:
    """The pieces of code of one text, by number."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def keep(self, code: str) -> str:
        """Return what stands for a piece of code."""
        self.kept.append(code)
        return f"{_OPEN}{len(self.kept) - 1}{_CLOSE}"

    def take(self, body: str) -> str:
        """Return a text with marks in place of its code."""
        body = _PRIVATE.sub("", body)
        lines, code = body.split("\n"), code_lines(body, html=True)
        text = "\n".join(self.keep(s) if n in code and s else s for n, s in enumerate(lines))
        return _SPAN.sub(lambda match: self.keep(match[0]), text)

    def give(self, text: str) -> str:
        """Return a text with its code in place of the marks."""
        while _MARK.search(text):
            text = _MARK.sub(lambda match: self.kept[int(match[1])], text)
        return text
