"""Published HTML as Markdown (CommonMark with tables, footnotes and strikethrough)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from builder.patterns import pattern


class _Element(NamedTuple):
    """An element with its children: elements and texts."""

    tag: str
    attributes: dict[str, str]
    children: list[_Element | str]

    def has_class(self, name: str) -> bool:
        return name in self.attributes.get("class", "").split()


_VOID = ("img", "br", "hr", "source", "wbr", "input", "col")


class _Reader(HTMLParser):
    """Reads the well-formed HTML of a text into elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Element("", {}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs}, [])
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def as_markdown(html: str, absolute: Callable[[str], str]) -> str:
    """Return the HTML of a text as Markdown.

    `absolute` makes the address of a link or picture absolute."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    blocks = _Writer(absolute).blocks(reader.open[0])
    return "\n\n".join(blocks) + "\n" if blocks else ""


# What has a meaning anywhere in a line, and what has one at its beginning.
_SIGNS = pattern(r"([\\`*\[\]<~|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;))")
_BEGINNING = pattern(r"^(\s*)(#{1,6}(?=\s)|[-+](?=\s)|>|=+\s*$|-+\s*$|\d+(?=[.)]\s))")


def escape_text(text: str) -> str:
    """Return plain text as Markdown that shows it."""
    return _SIGNS.sub(r"\\\1", text)


def escape_block(text: str) -> str:
    """Return a paragraph of Markdown that looks like no other block."""

    def shown(match: re.Match[str]) -> str:
        mark = match[2]
        return f"{match[1]}{mark}\\" if mark.isdigit() else f"{match[1]}\\{mark}"

    return _BEGINNING.sub(shown, text)


_INLINE = {
    "a", "abbr", "b", "bdi", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "mark", "picture", "q", "s", "small", "source", "span", "strong", "sub", "sup", "time",
    "u", "var", "wbr", "iframe",
}  # fmt: skip
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "del": "~~", "s": "~~"}


class _Writer:
    """Writes elements as blocks and inlines of Markdown."""

    def __init__(self, absolute: Callable[[str], str]) -> None:
        self.absolute = absolute

    # --- blocks --------------------------------------------------------------------------------

    def blocks(self, element: _Element) -> list[str]:
        """Return the blocks inside an element; inlines between them are paragraphs."""
        found: list[str] = []
        inline: list[_Element | str] = []

        def end_paragraph() -> None:
            if text := self.inlines(inline).strip():
                found.append(escape_block(text))
            inline.clear()

        for child in element.children:
            if isinstance(child, str) or child.tag in _INLINE:
                inline.append(child)
            else:
                end_paragraph()
                found += self.block(child)
        end_paragraph()
        return found

    def block(self, element: _Element) -> list[str]:
        """Return an element as blocks."""
        tag = element.tag
        if re.fullmatch("h[1-6]", tag):
            return [f"{'#' * int(tag[1])} {self.inlines(element.children).strip()}"]
        if tag in ("ul", "ol") and not element.has_class("notes"):
            return ["\n".join(self.items(element))]
        if tag == "blockquote":
            text = "\n\n".join(self.blocks(element))
            return [re.sub("(?m)^", "> ", text).replace("> \n", ">\n")]
        if tag == "pre":
            return [self.code_block(element)]
        if tag == "hr":
            return ["---"]
        if tag == "table":
            return [self.table(element)]
        if tag == "section" and element.has_class("footnotes"):
            return [*self.notes(element)]
        return self.blocks(element)

    def items(self, element: _Element) -> Iterator[str]:
        """Yield the items of a list, indented below their markers."""
        items = [child for child in element.children if isinstance(child, _Element)]
        loose = any(_holds(item, "p") for item in items)
        first = element.attributes.get("start", "")
        start = int(first) if first.isdigit() else 1
        for number, item in enumerate(items, start):
            marker = f"{number}. " if element.tag == "ol" else "- "
            text = ("\n\n" if loose else "\n").join(self.blocks(item))
            indented = re.sub(r"(?m)^(?=.)", " " * len(marker), text)
            yield (
                marker + indented[len(marker) :] + ("\n" if loose and item is not items[-1] else "")
            )

    def notes(self, element: _Element) -> Iterator[str]:
        """Yield the footnotes of a text."""
        for item in _all(element, "li"):
            number = item.attributes.get("id", "").removeprefix("fn")
            text = "\n\n".join(self.blocks(item))
            yield f"[^{number}]: " + re.sub(r"(?m)^(?=.)", "    ", text)[4:]

    def code_block(self, element: _Element) -> str:
        text = _text(element).removesuffix("\n")
        code = next(_all(element, "code"), element)
        names = code.attributes.get("class", "").split()
        language = next((n.removeprefix("language-") for n in names if "language-" in n), "")
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}{language}\n{text}\n{fence}"

    def table(self, element: _Element) -> str:
        rows = [
            [cell for cell in row.children if isinstance(cell, _Element)]
            for row in _all(element, "tr")
        ]
        if not rows:
            return ""
        lines = [" | ".join(self.cell(cell) for cell in row) for row in rows]
        rule = " | ".join(_alignment(cell) for cell in rows[0])
        return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))

    def cell(self, cell: _Element) -> str:
        text = self.inlines(cell.children).strip().replace("\\\n", " ")
        return re.sub(r"(?<!\\)\|", r"\\|", text)  # also in code

    # --- inlines -------------------------------------------------------------------------------

    def inlines(self, children: list[_Element | str]) -> str:
        text = "".join(
            escape_text(re.sub(r"[ \t\n]+", " ", child))
            if isinstance(child, str)
            else self.inline(child)
            for child in children
        )
        return re.sub(r" *\\\n *", "\\\\\n", text)

    def inline(self, element: _Element) -> str:
        """Return an element as part of a line."""
        tag = element.tag
        if tag == "code":
            return _code(_text(element))
        if tag == "br":
            return "\\\n"
        if tag == "img":
            address = self.absolute(element.attributes.get("src", ""))
            return f"![{escape_text(element.attributes.get('alt', ''))}]({link_target(address)})"
        if tag == "sup" and element.has_class("footnote-ref"):
            return f"[^{_text(element)}]"
        if tag == "iframe":
            address = element.attributes.get("src", "")
            name = escape_text(element.attributes.get("title", "") or address)
            return f"[{name}]({link_target(self.absolute(address))})"
        if tag == "a" and element.has_class("footnote-back"):
            return ""
        text = self.inlines(element.children)
        if tag == "a" and element.attributes.get("href"):
            return f"[{text}]({link_target(self.absolute(element.attributes['href']))})"
        if tag in ("sub", "sup"):
            return f"<{tag}>{text}</{tag}>"
        return _marked(text, _MARKS.get(tag, ""))


def _marked(text: str, mark: str) -> str:
    """Return text inside marks, which no space may touch."""
    inner = text.strip()
    if not mark or not inner:
        return text
    before, _, after = text.partition(inner)
    return f"{before}{mark}{inner}{mark}{after}"


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def link_target(address: str) -> str:
    """Return the target of a link.

    Angle brackets keep what would end it."""
    return f"<{address}>" if re.search(r"[()\s]", address) else address


def _alignment(cell: _Element) -> str:
    style = cell.attributes.get("style", "").replace(" ", "")
    for side, rule in (("left", ":--"), ("center", ":-:"), ("right", "--:")):
        if f"text-align:{side}" in style:
            return rule
    return "---"


def _all(element: _Element, tag: str) -> Iterator[_Element]:
    for child in element.children:
        if isinstance(child, _Element):
            if child.tag == tag:
                yield child
            yield from _all(child, tag)


def _holds(element: _Element, tag: str) -> bool:
    return any(isinstance(child, _Element) and child.tag == tag for child in element.children)


def _text(element: _Element) -> str:
    return "".join(c if isinstance(c, str) else _text(c) for c in element.children)
