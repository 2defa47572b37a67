"""The text of a message, from the tree of its HTML: numbered links, wrapped lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from builder.mail.elements import Element, Verbatim, parse

_WIDTH = 72  # columns
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl",
        "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot",
        "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_SKIPPED = frozenset({"head", "style", "script", "title", "template"})
_UNDERLINE = {"h1": "=", "h2": "-"}
_SPACE = re.compile(r"[ \t\r\n\f]+")


def message_text(html: str) -> str:
    """Return the text of a message, with numbered links at the end."""
    writer = _Writer()
    writer.blocks(parse(html))
    lines = [*writer.lines()]
    if writer.links:
        lines += ["", *(f"[{n}] {url}" for url, n in writer.links.items())]
    return "\n".join(lines).strip("\n") + "\n"


class _Writer:
    """Collects the paragraphs of a message, each with the beginnings of its lines."""

    def __init__(self) -> None:
        self.links: dict[str, int] = {}  # each with its number
        self._found: list[tuple[str, str, str, str]] = []  # first, rest, text, underline
        self._inline: list[str] = []

    def blocks(self, root: Element) -> None:
        self._walk(root, "", "", "")
        self._end("", "", "")

    def lines(self) -> Iterator[str]:
        """Yield the wrapped lines, with a blank one between paragraphs."""
        tight = False
        for n, (first, rest, text, underline) in enumerate(self._found):
            is_item = bool(first.strip("> "))
            if n and not (is_item and tight):
                yield (rest or first).rstrip() if rest.startswith(">") else ""
            wrapped = text.split("\n") if underline == "pre" else _wrap(text, _WIDTH - len(rest))
            for k, line in enumerate(wrapped):
                yield f"{first if k == 0 else rest}{line}".rstrip()
            if len(underline) == 1:
                yield underline * min(_WIDTH, max(map(columns, wrapped), default=0))
            tight = is_item

    def _end(self, first: str, rest: str, underline: str) -> bool:
        """End a paragraph, if it has any text; return whether it has."""
        text = "".join(self._inline)
        self._inline = []
        if underline != "pre":
            text = "\n".join(_SPACE.sub(" ", part).strip(" ") for part in text.split("\x0b"))
        if not text.strip():
            return False
        self._found.append((first, rest, text, underline))
        return True

    def _walk(self, element: Element, first: str, rest: str, underline: str) -> str:
        """Write what is in an element; return the beginning of the next line."""
        number = int(element.given["start"]) if element.given.get("start", "").isdigit() else 1
        for child in element.inside:
            if isinstance(child, str):
                self._inline.append(child)
            elif isinstance(child, Verbatim) or child.tag in _SKIPPED or _is_hidden(child):
                continue
            elif child.tag in _BLOCKS:
                first = rest if self._end(first, rest, underline) else first
                begin, inner = first, rest
                if child.tag == "li" and element.tag == "ol":
                    begin, inner = f"{rest}{number}. ", f"{rest}{' ' * len(f'{number}. ')}"
                    number += 1
                elif child.tag == "li":
                    begin, inner = f"{rest}- ", f"{rest}  "
                elif child.tag == "blockquote":
                    begin = inner = f"{rest}> "
                elif child.tag == "hr":
                    self._found.append((rest, rest, "* * *", ""))
                    continue
                if child.tag == "tr" and (cells := _cells(child)):
                    is_layout = element.given.get("role") == "presentation"
                    self._row(cells, (": ", "; ") if is_layout else (" | ", " "))
                    begin, inner = (f"{rest}- ", f"{rest}  ") if is_layout else (rest, rest)
                    self._end(begin, inner, "")
                    continue
                if child.tag in ("tbody", "thead", "tfoot") and "role" in element.given:
                    child.given["role"] = element.given["role"]
                kind = "pre" if child.tag == "pre" else _UNDERLINE.get(child.tag, "")
                left = self._walk(child, begin, inner, kind)
                ended = self._end(left, inner, kind)
                nested = child.tag in ("li", "blockquote")
                first = rest if ended or nested or left != begin else first
            else:
                self._phrase(child)
        return first

    def _row(self, cells: list[Element], marks: tuple[str, str]) -> None:
        """Write the cells of a row on one line, with marks between cells and their parts."""
        for n, cell in enumerate(cells):
            self._inline += [marks[0]] if n else []
            parts = [e for e in cell.inside if isinstance(e, Element) and e.tag in _BLOCKS]
            for k, part in enumerate(parts or [cell]):
                self._inline += [marks[1]] if k else []
                self._phrases(part)

    def _phrases(self, element: Element) -> None:
        for child in element.inside:
            if isinstance(child, str):
                self._inline.append(child)
            elif isinstance(child, Element) and not _is_hidden(child):
                self._phrase(child)

    def _phrase(self, element: Element) -> None:
        """Write an element within a paragraph."""
        tag = element.tag
        if tag == "br":
            self._inline.append("\x0b")
        elif tag == "img":
            alt = element.given.get("alt", "").strip()
            self._inline.append(f"[{alt}]" if alt else "")
        elif tag == "a" and (url := element.given.get("href", "")):
            self._phrases(element)
            if element.text.strip() and element.text.strip() != url.removeprefix("mailto:"):
                number = self.links.setdefault(url, len(self.links) + 1)
                self._inline.append(f"\u00a0[{number}]")
        elif tag == "q":
            self._inline.append("“")
            self._phrases(element)
            self._inline.append("”")
        elif tag == "del":
            self._inline.append("[-")
            self._phrases(element)
            self._inline.append("-]")
        else:
            self._phrases(element)


def _is_hidden(element: Element) -> bool:
    style = element.given.get("style", "").replace(" ", "")
    return "display:none" in style or element.given.get("class") in ("preview", "hidden")


def _cells(row: Element) -> list[Element]:
    """Return the cells of a row, if it has several."""
    cells = [cell for cell in row.inside if isinstance(cell, Element)]
    return cells if len(cells) > 1 else []


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _wrap(text: str, width: int) -> list[str]:
    """Return the lines of a paragraph; a script without spaces breaks between letters."""
    lines: list[str] = []
    for part in text.split("\n"):
        line, used = "", 0
        for word in part.split(" "):
            for piece in _pieces(word, width):
                space = 1 if line and piece is not None and not piece.startswith("\0") else 0
                piece = piece.removeprefix("\0")
                size = columns(piece)
                if line and used + space + size > width:
                    lines.append(line)
                    line, used, space = "", 0, 0
                line += " " * space + piece
                used += space + size
        lines.append(line)
    return [line.replace("\u00a0", " ") for line in lines]


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield the parts between which a word may break; all but the first begin with NUL."""
    if columns(word) <= width or not any(unicodedata.east_asian_width(c) in "WF" for c in word):
        yield word
        return
    for n, letter in enumerate(word):
        yield letter if n == 0 else f"\0{letter}"
