"""Rewrites the links and pictures of a Markdown text, whose code has been set aside."""

from __future__ import annotations

import html as entities
import re
from typing import NamedTuple

from builder.importers.text.html_markdown import BARE, Frames, destination

_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)((?:[^\[\]\\\n]|\\.)+)\]:[ \t]*\n?[ \t]*(<[^<>\n]*>|[^\s<]\S*)"
    r"(?:[ \t]+(\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$\n?",
    re.MULTILINE,
)
_TARGET = re.compile(
    r"\(\s*(?:<([^<>\n]*)>|((?:[^\s()<\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*\))*\))*))"
    r"(?:\s+(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"
)
_LABEL = re.compile(r"\[((?:[^\[\]\\\n]|\\.)*)\]")
_AUTO = re.compile(r"<(https?:[^<>\s]+|mailto:[^<>\s]+)>", re.I)
_DEEPEST = 4  # a picture in a link, and what it may contain
_LONGEST = 5000  # characters of the words of a link


class _Definition(NamedTuple):
    address: str
    title: str


def rewrite_links(text: str, frames: Frames) -> str:
    """Return a text with the new address of each link and picture.

    Reference links become inline links. A link without a new address becomes its words."""
    definitions: dict[str, _Definition] = {}

    def defined(match: re.Match[str]) -> str:
        title = (match[3] or "")[1:-1]
        definitions.setdefault(_key(match[1]), _Definition(match[2].strip("<>"), title))
        return ""

    text = _DEFINITION.sub(defined, text)
    return _Rewriting(frames, definitions).rewritten(text, 0)


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()


class _Rewriting:
    def __init__(self, frames: Frames, definitions: dict[str, _Definition]) -> None:
        self.frames, self.definitions = frames, definitions

    def rewritten(self, text: str, depth: int) -> str:
        made: list[str] = []
        at = 0
        while (start := text.find("[", at)) >= 0:
            made.append(self._plain(text[at : self._before(text, start)], depth))
            begin = self._before(text, start)
            found = None if _escaped(text, start) else self._link(text, start, depth)
            if found is None:
                made.append(text[begin : start + 1])
                at = start + 1
            else:
                new, at = found
                made.append(new)
        made.append(self._plain(text[at:], depth))
        return "".join(made)

    @staticmethod
    def _before(text: str, start: int) -> int:
        """Return where a picture or link begins: at its exclamation mark, if it has one."""
        is_picture = start and text[start - 1] == "!" and not _escaped(text, start - 1)
        return start - 1 if is_picture else start

    def _link(self, text: str, start: int, depth: int) -> tuple[str, int] | None:
        end = _closing(text, start)
        if end < 0 or depth >= _DEEPEST:
            return None
        words, is_picture = text[start + 1 : end], self._before(text, start) < start
        if words.startswith("^"):
            return None  # a footnote
        if match := _TARGET.match(text, end + 1):
            address = match[1] if match[1] is not None else _unescaped(match[2])
            title, stop = (match[3] or "")[1:-1], match.end()
        else:
            label = _LABEL.match(text, end + 1)
            key = _key((label[1] if label else "") or words)
            if key not in self.definitions:
                return None
            address, title = self.definitions[key]
            stop = label.end() if label else end + 1
        address = entities.unescape(address.strip())
        if is_picture:
            return self._picture(words, address, title), stop
        inner = self.rewritten(words, depth + 1)
        new = self.frames.link(address)
        if new is None or not inner.strip():
            return inner, stop
        return f"[{inner}]({destination(new)}{_title(title)})", stop

    def _picture(self, alt: str, address: str, title: str) -> str:
        found = self.frames.picture(address)
        alt = " ".join(alt.split())
        if found is None:
            return alt or title
        new, shown = found
        if not shown:
            return f"[{alt or title or 'Picture'}]({destination(new)})"
        return f"![{alt}]({destination(new)}{_title(title.replace('|', '/'))})"

    def _plain(self, text: str, depth: int) -> str:
        """Return the text between links, with new addresses where it has any itself."""
        if "://" not in text and "mailto:" not in text:
            return text
        text = _AUTO.sub(lambda match: self._auto(match[1], match[0]), text)
        return text if depth else BARE.sub(lambda match: self._auto(match[0], match[0]), text)

    def _auto(self, address: str, written: str) -> str:
        new = self.frames.link(address)
        if new == address:
            return written
        if new is None:
            return f"`{address}`"
        return f"[{address.replace('_', chr(92) + '_')}]({destination(new)})"


def _title(title: str) -> str:
    title = " ".join(title.replace('\\"', "”").replace('"', "”").replace("\\", "").split())
    return f' "{title}"' if title else ""


def _unescaped(address: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", address)


def _escaped(text: str, at: int) -> bool:
    first = at
    while first and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def _closing(text: str, start: int) -> int:
    """Return the bracket that closes one, or -1; both are in one paragraph."""
    depth = 0
    for n in range(start, min(len(text), start + _LONGEST)):
        character = text[n]
        if (
            character == "\n"
            and text[n + 1 : n + 2].strip(" \t") == ""
            and "\n" in text[n + 1 : n + 3]
        ):
            return -1
        if character == "[" and not _escaped(text, n):
            depth += 1
        elif character == "]" and not _escaped(text, n):
            depth -= 1
            if not depth:
                return n
    return -1
