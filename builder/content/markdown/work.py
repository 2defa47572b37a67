"""The state of one rendering, and helpers for tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.document import Document
from builder.content.markdown.tokens import token_of
from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place
from builder.errors import SluglineError
from builder.model.body import PAGE_ANCHORS, Heading, InternalLink, Reference, ReferenceKind
from builder.model.entity import CompanyNames
from builder.model.settings import Limits
from builder.names.keys import SlugStyle
from builder.patterns import pattern

FIGURE = pattern(r"\{\{\s*figure:\s*([^{}\s]+)\s*\}\}")


class Doubt(SluglineError):
    """A plain text has something whose meaning only markdown-it knows."""


class RenderState:
    """The state of one rendering."""

    def __init__(
        self,
        document: Document,
        language: str,
        companies: tuple[CompanyNames, ...],
        base_url: str,
        html: str,
        embeds: frozenset[str],
        limits: Limits,
        slugs: SlugStyle,
    ) -> None:
        self.document, self.language, self.companies = document, language, companies
        # Settings of the site.
        self.base_url, self.html, self.embeds = base_url, html, embeds
        self.limits, self.slugs = limits, slugs
        self.problems: list[Diagnostic] = []
        self.headings: list[Heading] = []
        self.references: list[Reference] = []
        self.links: list[InternalLink] = []
        self.mentioned: set[str] = set()  # addresses of companies that the editor linked
        self.raw_html = False  # whether the text has HTML that is kept
        self.words = self.tables = 0
        self.lines: list[int] = []  # the original number of each line, if comments were removed
        self.anchors = set(PAGE_ANCHORS)
        self.headings_named: dict[str, int] = {}  # by anchor: the last number used
        self.brackets = False  # whether a `[` is left that begins no link
        self.definitions: dict[str, Place] | None = None  # by label; None until the first search
        self.runs: list[tuple[Token, Token | None, tuple[int, int]]] | None = None

    def placeholder(self, kind: ReferenceKind, target: str, fragment: str, place: Place) -> str:
        """Return a new placeholder for a reference in the HTML."""
        self.references.append(Reference(kind, target, fragment, place))
        return f"\0{len(self.references) - 1}\0"

    def report(self, code: Code, message: str, hint: str, place: Place) -> None:
        self.problems.append(self.document.problem(Finding(place, code, message, hint)))


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
            label = token.meta["label"]
            parts.append(FIGURE.sub("", label) if label else token.meta["target"])
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def text_of(content: str) -> Token:
    return token_of("text", "", 0, content=content)


def html_of(content: str) -> Token:
    return token_of("html_inline", "", 0, content=content)
