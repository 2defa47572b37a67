"""The text of an HTML page, in linear time, whatever the page contains.

Only whether it says some words matters here, so no tree is built. Text that a page's scripts would
show is data of its own: many sites send an article as JSON."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

# Elements whose content is not shown. That of scripts may be data.
_HIDDEN = ("title", "script", "style", "template", "noscript", "svg")
_MARKUP = re.compile(r"<!--|<[!?]|</?([a-z][a-z0-9:-]*)", re.IGNORECASE)
# Elements inside a line: words go on across them.
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPES = {r"\"": '"', r"\/": "/", r"\n": " ", r"\t": " ", r"\r": " ", r"\u003c": "<"}


class PageText(NamedTuple):
    """What a page says."""

    title: str
    shown: str
    data: str  # of its scripts
    free: bool  # it does not declare that it is behind a paywall


def page_text(html: str) -> PageText:
    """Return the title, the shown text and the data of a page."""
    lower = html.lower() if len(html.lower()) == len(html) else html
    shown: list[str] = []
    data: list[str] = []
    title, at = "", 0
    while start := _MARKUP.search(html, at):
        shown.append(html[at : start.start()])
        name = (start[1] or "").lower()
        if start[0] == "<!--":
            at = _after(html, "-->", start.end())
        elif not name:  # a declaration
            at = _after(html, ">", start.end())
        else:
            at = _end_of_tag(html, start.end())
            if html[start.start() + 1] != "/" and name in _HIDDEN:
                close = lower.find(f"</{name}", at)
                content = html[at : close if close >= 0 else len(html)]
                at = _after(html, ">", close) if close >= 0 else len(html)
                if name == "script":
                    data.append(content)
                elif name == "title" and not title:
                    title = " ".join(unescape(content).split())
            shown.append("" if name in _INLINE else "\n")
    shown.append(html[at:])
    scripts = "\n".join(data)
    free = _NOT_FREE.search(scripts) is None
    return PageText(title, unescape("".join(shown)), _unescaped(scripts), free)


def _end_of_tag(html: str, start: int) -> int:
    """Return where a tag ends; a value in quotation marks may contain `>`."""
    first = end = _after(html, ">", start)
    for _ in range(3):
        if html.count('"', start, end) % 2 == 0:
            return end
        end = _after(html, ">", end)
    return first


def _after(html: str, mark: str, start: int) -> int:
    """Return where the text after a mark begins; the end if there is no mark."""
    found = html.find(mark, start)
    return found + len(mark) if found >= 0 else len(html)


def _unescaped(script: str) -> str:
    """Return a script with the strings of JSON as they are meant, and markup as spaces."""
    for escape, meant in _ESCAPES.items():
        script = script.replace(escape, meant)
    script = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), script)
    return unescape(re.sub(r"<[^<>]*>", "", script))
