"""Texts that say that they are in another language, as elements with `lang`.

See `language/words.py`. Where no element can be, such as in an attribute, the signs are removed."""

from __future__ import annotations

import re

from builder.language.direction import language_attributes
from builder.language.words import END, MARK, is_marked, without_marks
from builder.patterns import pattern

# Elements that contain text alone. Tags and comments, which are not text.
_TEXT_ALONE = ("title", "script", "style", "textarea", "option", "desc")
_MARKUP = pattern(
    r"<!--.*?-->|<(?P<alone>" + "|".join(_TEXT_ALONE) + r")\b(?P<rest>[^>]*)>.*?</(?P=alone)\s*>"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?:\"[^\"]*\"|'[^']*'|[^\"'>])*>|<!\[CDATA\[|\]\]>",
    re.DOTALL,
)


def with_elements(text: str, language: str) -> str:
    """Return HTML or SVG with elements for parts in another language.

    `language` is that of the text around them."""
    if not is_marked(text):
        return text
    found, end, inside = [], 0, _Inside(language)
    for markup in _MARKUP.finditer(text):
        found.append(inside.text(text[end : markup.start()]))
        found.append(without_marks(markup[0]))
        inside.tag(markup["name"], bool(markup["end"]))
        end = markup.end()
    found.append(inside.text(text[end:]))
    return "".join(found)


class _Inside:
    """Where in a document a text is: in SVG, or in parts in another language."""

    def __init__(self, language: str) -> None:
        self.svg = 0
        self.languages = [language]
        self.opened: list[str] = []

    def tag(self, name: str | None, ends: bool) -> None:
        if name == "svg":
            self.svg += -1 if ends else 1

    def text(self, text: str) -> str:
        return MARK.sub(self._element, text)

    def _element(self, sign: re.Match[str]) -> str:
        if tag := sign[1]:
            attributes = language_attributes(tag, self.languages[-1])
            self.opened.append("tspan" if self.svg else "span")
            self.languages.append(tag)
            return f"<{self.opened[-1]}{attributes}>"
        if sign[0] == END and self.opened:
            self.languages.pop()
            return f"</{self.opened.pop()}>"
        return ""
