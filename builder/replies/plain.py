"""Plain text from what strangers wrote: no markup, no direction overrides, no excess."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

MOST_TEXT, MOST_NAME = 600, 80  # characters
_MOST_HTML = 40_000  # characters that are read of one text
_BREAKS = {"p", "br", "div", "li", "blockquote", "tr"}
_SILENT = {"script", "style", "template", "iframe", "object", "svg", "math"}
# Direction overrides and isolates, and other invisible characters, which can hide what a text says.
_HIDDEN = re.compile(
    r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e007f]"
)


class _Text(HTMLParser):
    """Keeps the text of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in _SILENT
        if tag in _BREAKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _SILENT))
        if tag in _BREAKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def from_html(markup: str, most: int = MOST_TEXT) -> str:
    """Return the text of HTML on one line of limited length."""
    reader = _Text()
    reader.feed(markup[:_MOST_HTML])
    reader.close()
    return one_line("".join(reader.parts), most)


def one_line(text: str, most: int = MOST_TEXT) -> str:
    """Return a text on one line, without what is invisible."""
    text = _HIDDEN.sub("", text[:_MOST_HTML])
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    line = " ".join(shown.replace("<!--", "<! --").split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
