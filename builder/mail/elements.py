"""A tree of HTML elements: read, changed, and written as HTML or XHTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    }
)  # fmt: skip
_RAW = ("style", "script")  # their text is not HTML


class Verbatim(NamedTuple):
    """A comment or a declaration, with its delimiters."""

    text: str


class Element:
    """An element with its attributes and what is in it."""

    def __init__(self, tag: str, given: dict[str, str] | None = None) -> None:
        self.tag, self.given = tag, given or {}
        self.inside: list[Element | Verbatim | str] = []

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [e for e in reversed(element.inside) if isinstance(e, Element)]

    def find(self, tag: str) -> Element | None:
        """Return the first element with a tag, or None."""
        return next((element for element in self.walk() if element.tag == tag), None)

    @property
    def text(self) -> str:
        """Return all text in it."""
        parts: list[str] = []
        waiting: list[Element | Verbatim | str] = [self]
        while waiting:
            found = waiting.pop()
            if isinstance(found, str):
                parts.append(found)
            elif isinstance(found, Element):
                waiting += reversed(found.inside)
        return "".join(parts)


def parse(html: str) -> Element:
    """Return the elements of HTML, inside one without a name."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)

    def handle_endtag(self, tag: str) -> None:
        names = [element.tag for element in self._open]
        if tag in names[1:]:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        self._open[-1].inside.append(Verbatim(f"<!--{data}-->"))

    def handle_decl(self, decl: str) -> None:
        self._open[-1].inside.append(Verbatim(f"<!{decl}>"))

    def unknown_decl(self, data: str) -> None:  # such as <![CDATA[…]]>, which HTML lacks
        return


def as_html(root: Element) -> str:
    """Return a tree as HTML."""
    return "".join(_written(root, xml=False))


def as_xhtml(root: Element) -> str:
    """Return a tree as XHTML, without comments and declarations."""
    return "".join(_written(root, xml=True))


def _written(root: Element, xml: bool) -> Iterator[str]:
    waiting: list[Element | Verbatim | str | tuple[str]] = [root]
    raw = False
    while waiting:
        found = waiting.pop()
        if isinstance(found, tuple) and not isinstance(found, Verbatim):
            raw = False
            yield f"</{found[0]}>"
        elif isinstance(found, Verbatim):
            yield "" if xml else found.text
        elif isinstance(found, str):
            yield found if raw and not xml else escape(found, quote=False)
        elif isinstance(found, Element):
            if found.tag:
                pairs = "".join(f' {name}="{_quoted(v)}"' for name, v in found.given.items())
                if found.tag in VOID:
                    yield f"<{found.tag}{pairs}{'/' if xml else ''}>"
                    continue
                yield f"<{found.tag}{pairs}>"
                waiting.append((found.tag,))
                raw = found.tag in _RAW
            waiting += reversed(found.inside)


def _quoted(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")
