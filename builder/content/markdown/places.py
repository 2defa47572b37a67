"""Finds where inline markup is in its file.

A parser of inline markup knows offsets in the text of its block. `spanned` records them in the
`meta` of tokens; the functions below convert them to places in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from builder.content.markdown.work import RenderState
from builder.diagnostics.diagnostic import Place
from builder.patterns import pattern

Rule = Callable[[StateInline, bool], bool]
Lines = tuple[int, int]


def spanned(rule: Rule, kind: str) -> Rule:
    """Return a rule that records the span of its first token."""

    def with_span(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            if state.src.startswith(("[", "!["), start):
                state.env["work"].brackets = True
            return False
        if not silent:
            for n in range(count, len(state.tokens)):
                if state.tokens[n].type == kind:
                    state.tokens[n].meta["span"] = (start, state.pos)
                    break
        return True

    return with_span


class HasContent(Protocol):
    """The text of a block: a token, or a block of plain Markdown."""

    @property
    def content(self) -> str: ...


def span_place(work: RenderState, inline: HasContent, lines: Lines, start: int, end: int) -> Place:
    """Return the place of a part of a block's text.

    `lines` are 0-based lines of the body. A part across lines has the place of its first line."""
    content, document = inline.content, work.document
    before = content.rfind("\n", 0, start) + 1
    after = content.find("\n", start)
    after = len(content) if after < 0 else after
    text, part = content[before:after], content[start : min(end, after)]
    number = lines[0] + content.count("\n", 0, before)
    line = document.line(document.body_line + number)
    at = line.find(text)
    if at >= 0 and number < lines[1]:
        if line.find(text, at + 1) >= 0:
            at = _cell_offset(work, inline, lines, line, at)
        return Place(document.body_line + number, at + start - before + 1, max(1, len(part)))
    # A comment or an escape differs between the text and its file.
    for number in range(*lines):
        line = document.line(document.body_line + number)
        if (at := line.find(part)) >= 0:
            return Place(document.body_line + number, at + 1, max(1, len(part)))
    first = document.body_line + lines[0]
    return Place(first, 1, max(1, len(document.line(first))))


def _cell_offset(work: RenderState, inline: HasContent, lines: Lines, line: str, at: int) -> int:
    """Return the offset of a table cell's text, which other cells may contain as well."""
    end = 0
    for other, block, others in work.runs or ():
        if others != lines or not block or block.type not in ("td_open", "th_open"):
            continue
        written = other.content.replace("|", r"\|")
        found = line.find(written, end)
        if other is inline:
            return found if found >= 0 else at
        end = found + len(written) if found >= 0 else end
    return at


_TITLE = pattern(r"""(?<![ \t\n])[ \t\n]++(?:"[^"]*"|'[^']*'|\([^()]*\))[ \t\n]*\)$""")
_ADDRESS = pattern(r"[ \t\n]*(?:<(?P<pointed>[^<>\n]*)>|(?P<plain>[^\s<][^\s]*))")
_DEFINITION = pattern(
    r"^[ \t>]*\[(?P<label>(?:[^\[\]\\]|\\.)+)\]:[ \t]*+\n?[ \t>]*+<?(?P<address>[^\s>]+)",
    re.MULTILINE,
)


def address_place(work: RenderState, inline: Token, lines: Lines, token: Token) -> Place:
    """Return the place of the address of a link or picture.

    It is the address as typed. That of `[text][name]` is in its definition. An empty address has
    the place of the whole link."""
    if place := token.meta.get("place"):  # of a tag
        return cast(Place, place)
    start, end = token.meta.get("span", (0, len(inline.content)))
    written = inline.content[start:end]
    if token.markup == "bare":
        return span_place(work, inline, lines, start, end)
    if token.info == "auto":
        return span_place(work, inline, lines, start + 1, end - 1)
    if written.endswith(")"):
        title = _TITLE.search(written)
        limit = title.start() if title else len(written) - 1
        at = written.rfind("](", 0, limit + 1) + 2
        match = _ADDRESS.match(written, at, limit)
        if match and (address := match.span(match.lastgroup or 0))[0] < address[1]:
            return span_place(work, inline, lines, start + address[0], start + address[1])
    elif defined := _definition(work, written):
        return defined
    return span_place(work, inline, lines, start, end)


def _definition(work: RenderState, written: str) -> Place | None:
    """Return the place of the address of `[text][name]` or `[name]`."""
    label = written[:-1].rpartition("[")[2] if not written.endswith("[]") else ""
    label = normalizeReference(label or written.lstrip("!")[1:].partition("]")[0])
    if work.definitions is None:
        work.definitions = _definitions(work)
    return work.definitions.get(label)


def _definitions(work: RenderState) -> dict[str, Place]:
    """Map each label of `[label]: address` to the place of its address; the first one counts."""
    body, line, before = work.document.body, work.document.body_line, 0
    found: dict[str, Place] = {}
    for match in _DEFINITION.finditer(body):
        start, end = match.span("address")
        line += body.count("\n", before, start)
        before = start
        column = start - (body.rfind("\n", 0, start) + 1) + 1
        found.setdefault(normalizeReference(match["label"]), Place(line, column, end - start))
    return found


def text_offsets(inline: Token, kind: str) -> Iterator[int]:
    """Yield the offset in its block of each token.

    It is 0 for types other than `kind`. The tokens must be as the inline parser made them."""
    content, at = inline.content, 0
    for token in inline.children or ():
        found = content.find(token.content, at) if token.type == kind else 0
        yield at if found < 0 else found
        at = _after(content, at, token)


def text_offset(inline: Token, index: int, within: int) -> int:
    """Return the offset in its block of a character of a token.

    The tokens must be as the inline parser made them."""
    content, at = inline.content, 0
    children = inline.children or []
    for token in children[:index]:
        at = _after(content, at, token)
    found = content.find(children[index].content, at)
    return (at if found < 0 else found) + within


def _after(content: str, at: int, token: Token) -> int:
    """Return the offset after a token that begins at or after an offset."""
    if "span" in token.meta and token.type != "link_open":
        return max(at, int(token.meta["span"][1]))
    if token.type == "link_open" and "span" in token.meta:
        return max(at, int(token.meta["span"][0]) + (token.markup != "bare"))
    if token.type == "code_inline":
        start = content.find(token.markup, at)
        inner = start + len(token.markup) + len(token.content)
        end = content.find(token.markup, inner)
        return at if start < 0 or end < 0 else end + len(token.markup)
    if token.type in ("text", "html_inline"):
        sign = token.content
    elif token.type == "footnote_ref":
        sign = f"[^{token.meta.get('label', '')}"
    elif token.type in ("softbreak", "hardbreak"):
        sign = "\n"
    else:
        sign = token.markup
    found = content.find(sign, at) if sign else at
    return at if found < 0 else found + len(sign)
