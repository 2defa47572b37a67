"""Turns the HTML in a Markdown text into Markdown."""

from __future__ import annotations

import html as entities
import re
from functools import cache

from markdown_it import MarkdownIt

from builder.importers.notes import Note
from builder.importers.text.html_markdown import Frames, code_span, html_to_markdown

_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)"
_TAG = re.compile(
    r"(?<!\\)(?<!\]: )(?<!\]\()<(/?)([a-zA-Z][a-zA-Z0-9-]*)"
    rf"((?:\s+[\w:@.-]+(?:\s*=\s*{_VALUE})?)*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(r"([\w:@.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))")
_MARKS = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "del": "~~", "s": "~~",
    "strike": "~~",
}  # fmt: skip
_KNOWN = frozenset((
    "a", "abbr", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo",
    "big", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite",
    "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "dialog", "div", "dl",
    "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe", "img",
    "input", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "meta",
    "nav", "noscript", "object", "ol", "optgroup", "option", "p", "param", "picture", "pre",
    "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "section", "select", "small",
    "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table",
    "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr",
    "track", "tt", "u", "ul", "var", "video", "wbr",
))  # fmt: skip
# A block of one of these reaches to its end, over blank lines.
_WHOLE = ("table", "ul", "ol", "dl", "figure", "pre", "script", "style", "iframe", "video", "audio",
          "blockquote", "form", "svg", "noscript")  # fmt: skip


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def without_html(text: str, place: str, notes: list[Note], frames: Frames) -> str:
    """Return a text without tags. Its code has been set aside."""
    if "<" not in text:
        return text
    count = len(_TAG.findall(text))
    if not count:
        return text
    text = _inline(_blocks(text, place, notes, frames), place, notes, frames)
    notes.append(Note("html", place, "", 1))
    return text


def _blocks(text: str, place: str, notes: list[Note], frames: Frames) -> str:
    lines = text.split("\n")
    spans = [
        (token.map[0], token.map[1], token.level)
        for token in _parser().parse(text)
        if token.type == "html_block" and token.map
    ]
    made: list[str] = []
    at = 0
    for start, end, level in spans:
        if start < at or level:
            continue  # inside the one before, or in a list: its tags are read one by one
        end = _whole(lines, start, end)
        made += lines[at:start]
        found = html_to_markdown("\n".join(lines[start:end]), place, notes, frames).strip("\n")
        made += ["", found, ""] if found else [""]
        at = end
    return "\n".join([*made, *lines[at:]])


def _whole(lines: list[str], start: int, end: int) -> int:
    """Return the end of a block that ends no element before its own end."""
    for name in _WHOLE:
        opening = re.compile(rf"<{name}[\s>/]", re.I)
        while end < len(lines):
            block = "\n".join(lines[start:end])
            if len(opening.findall(block)) <= len(re.findall(rf"</{name}\s*>", block, re.I)):
                break
            ahead = next(
                (n for n in range(end, len(lines)) if re.search(rf"</{name}\s*>", lines[n], re.I)),
                -1,
            )
            if ahead < 0:
                break
            end = ahead + 1
    return end


def _inline(text: str, place: str, notes: list[Note], frames: Frames) -> str:
    for name in (
        "iframe",
        "video",
        "audio",
        "figure",
        "table",
        "ul",
        "ol",
        "pre",
        "script",
        "style",
    ):
        whole = re.compile(rf"<{name}\b[^<>]*>[\s\S]*?</{name}\s*>", re.I)
        text = whole.sub(lambda m: html_to_markdown(m[0], place, notes, frames).strip("\n"), text)
    for name, mark in _MARKS.items():
        pair = re.compile(rf"<{name}(?:\s[^<>]*)?>([^\S\n]*)([^<]+?)([^\S\n]*)</{name}\s*>", re.I)
        text = pair.sub(lambda m, k=mark: f"{m[1]}{k}{m[2]}{k}{m[3]}", text)  # type: ignore[misc]
    code = re.compile(r"<(code|kbd|tt|samp)(?:\s[^<>]*)?>([^<\n]+)</\1\s*>", re.I)
    text = code.sub(lambda m: code_span(entities.unescape(m[2])), text)
    text = re.sub(r"<a\s+([^<>]*)>([\s\S]*?)</a\s*>", _anchor, text, flags=re.I)
    return "\n".join(_line(line, place, notes) for line in text.split("\n"))


def _anchor(match: re.Match[str]) -> str:
    address = attributes(match[1]).get("href", "").strip()
    words = " ".join(match[2].split())
    if not address or not words:
        return match[2]
    return f"[{words}](<{address.replace('<', '%3C').replace('>', '%3E')}>)"


def attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag, by names in lower case."""
    return {
        match[1].lower(): entities.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(text)
    }


def _line(line: str, place: str, notes: list[Note]) -> str:
    in_table = line.lstrip().startswith("|")

    def replaced(match: re.Match[str]) -> str:
        name = match[2].lower()
        if (match[2][0].isupper() and name not in _KNOWN) or name not in _KNOWN:
            return f"\\{match[0]}"
        if name == "br":
            rest = line[match.end() :].strip()
            return (" " if in_table or not rest else "\\\n") if not match[1] else ""
        if name == "img" and not match[1]:
            return _picture(attributes(match[3]))
        return ""

    return _TAG.sub(replaced, line) if "<" in line else line


def _picture(found: dict[str, str]) -> str:
    source = (found.get("src") or found.get("data-src") or "").strip()
    if not source or source.startswith("data:") or "1" in (found.get("width"), found.get("height")):
        return ""
    alt = re.sub(r"([\\\[\]])", r"\\\1", " ".join(found.get("alt", "").split()))
    return f"![{alt}](<{source.replace('<', '%3C').replace('>', '%3E')}>)"
