"""The state of one rendering, and helpers for tokens."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.document import Document
from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place
from builder.model.body import Heading, InternalLink, Reference, ReferenceKind
from builder.model.entity import CompanyNames


class RenderState:
    """The state of one rendering."""

    def __init__(
        self, document: Document, companies: tuple[CompanyNames, ...], base_url: str
    ) -> None:
        self.document, self.companies, self.base_url = document, companies, base_url
        self.problems: list[Diagnostic] = []
        self.headings: list[Heading] = []
        self.references: list[Reference] = []
        self.links: list[InternalLink] = []
        self.mentioned: set[str] = set()  # addresses of companies that the editor linked
        self.words = self.tables = 0
        self.lines: list[int] = []  # the original number of each line, if comments were removed
        self.headings_named: dict[str, int] = {}  # by anchor: the last number used
        self.searched: dict[str, int] = {}
        self.starts: list[int] = []  # offsets of the body's lines; empty until the first search
        self.index: dict[tuple[str, int], dict[str, list[int]]] = {}
        self.runs: list[tuple[Token, Token | None, tuple[int, int]]] | None = None

    def placeholder(self, kind: ReferenceKind, target: str, fragment: str, place: Place) -> str:
        """Return a new placeholder for a reference in the HTML."""
        self.references.append(Reference(kind, target, fragment, place))
        return f"\0{len(self.references) - 1}\0"

    def report(self, code: Code, message: str, hint: str, place: Place) -> None:
        self.problems.append(self.document.problem(Finding(place, code, message, hint)))

    def find(self, needle: str, lines: tuple[int, int]) -> Place:
        """Return the place of `needle` in a block.

        `lines` are 0-based lines of the body. If markup hides the text, this is the block's first
        line. Each further search for the same text finds its next occurrence."""
        found = self._search(needle, *lines)
        if found:
            return found
        first = self.document.body_line + lines[0]
        return Place(first, 1, max(1, len(self.document.line(first))))

    def find_address(self, href: str, lines: tuple[int, int]) -> Place:
        """Return the place of a link's address as the editor typed it.

        Markdown-it has normalised `href`. The address of `[text][name]` is below the text."""
        if not href:
            for number in range(*lines):
                line = self.document.line(self.document.body_line + number)
                if match := _EMPTY_LINK.search(line):
                    at = self.document.body_line + number
                    return Place(at, match.start() + 1, len(match[0]))
        for text in dict.fromkeys((href, unquote(href))):
            for lead in ("](", "](<", "<", "]: ", "]: <"):
                first, end = (0, None) if lead[:2] == "]:" else lines
                if found := self._search(lead + text, first, end):
                    return Place(found.line, found.column + len(lead), len(text))
        return self.find(unquote(href), lines)

    def _search(self, needle: str, first: int, end: int | None) -> Place | None:
        """Return the next place of `needle` from line `first` to before `end`.

        The search continues after the place that was last returned for it."""
        body = self.document.body
        if not self.starts:
            self.starts = [0, *(match.end() for match in re.finditer("\n", body))]
        if "\n" in needle or first >= len(self.starts):
            return None
        start = max(self.starts[first], self.searched.get(needle, -1) + 1)
        stop = len(body) if end is None or end >= len(self.starts) else self.starts[end] - 1
        lead = next((lead for lead in _LEADS if needle.startswith(lead)), "")
        if lead:
            known = self._occurrences(lead, len(needle)).get(needle, [])
            n = bisect_left(known, start)
            at = known[n] if n < len(known) and known[n] + len(needle) <= stop else -1
        else:
            at = body.find(needle, start, stop)
        if at < 0:
            return None
        self.searched[needle] = at
        line = bisect_right(self.starts, at) - 1
        return Place(self.document.body_line + line, at - self.starts[line] + 1, len(needle))

    def _occurrences(self, lead: str, length: int) -> dict[str, list[int]]:
        """Map each string of a length that begins with `lead` to offsets.

        A text with thousands of links is thus scanned a few times, not once for each link."""
        found = self.index.get((lead, length))
        if found is None:
            if len(self.index) >= _MAX_INDEX:
                self.index.clear()
            found = self.index[lead, length] = {}
            body = self.document.body
            at = body.find(lead)
            while at >= 0:
                found.setdefault(body[at : at + length], []).append(at)
                at = body.find(lead, at + 1)
        return found


# Common prefixes of what is searched for.
_LEADS = ("](", "]: ", "[[", "<")


_MAX_INDEX = 32  # lengths of indexed strings that are kept in memory


_EMPTY_LINK = re.compile(r"\[[^\]]*\]\(\s*(?:<>)?\s*\)")


def work_of(state: StateCore) -> RenderState:
    work: RenderState = state.env["work"]
    return work


_Run = tuple[Token, Token | None, tuple[int, int]]


def inlines(state: StateCore, *signs: str) -> Iterable[_Run]:
    """Return each inline token, its block's opening token and the block's lines.

    With `signs`: nothing if the text contains none of them."""
    if signs and not any(sign in state.src for sign in signs):
        return ()
    work = work_of(state)
    if work.runs is None:
        return _walk(state.tokens)
    return work.runs


def collect(state: StateCore) -> None:
    """Store the inline tokens; no later rule adds or removes a block."""
    work_of(state).runs = list(_walk(state.tokens))


def _walk(tokens: list[Token]) -> Iterator[_Run]:
    opened: list[Token] = []
    lines = (0, 1)
    for token in tokens:
        if token.map:
            lines = (token.map[0], token.map[1])
        if token.nesting == 1:
            opened.append(token)
        elif token.nesting == -1 and opened:
            opened.pop()
        elif token.type == "inline":
            yield token, opened[-1] if opened else None, lines


def block_place(work: RenderState, token: Token) -> Place:
    number = work.document.body_line + (token.map[0] if token.map else 0)
    return Place(number, 1, max(1, len(work.document.line(number))))


def plain_text(inline: Token) -> str:
    parts = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "reference":
            parts.append(token.meta["label"] or token.meta["target"])
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def text_of(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token
