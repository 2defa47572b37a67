"""Reports markup in a text that the parser did not read, so that readers would see it.

The pass looks at the text that is left after parsing, without code and escaped characters. What is
ordinary in news is not reported: prices, times, `[sic]`, `2*3`, an asterisk for a note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.comment_spans import without_comments
from builder.content.markdown.places import span_place, text_offset
from builder.content.markdown.unread_patterns import (
    BRACKETS,
    CHARACTERS,
    PATTERNS,
    PROBES,
    Pattern,
)
from builder.content.markdown.work import RenderState, block_place, inlines, work_of
from builder.diagnostics.diagnostic import Place
from builder.patterns import pattern

MOST = 20  # reports of one file with a place of their own; one more counts the others
_WIDEST = 50  # characters of a message's excerpt
_BREAK = "\x03"  # stands for code, an escaped character, a picture or a footnote


# A place, a message and a hint. A place in a long block costs time, so it is found when needed.
_Found = tuple[Place | Callable[[], Place], str, str]


def report_unread(state: StateCore) -> None:
    """Report markup that became text; in its place, see `PATTERNS`."""
    work = work_of(state)
    found = _unread(work, state, state.src)
    for place, message, hint in islice(found, MOST):
        work.report("unread-markdown", message, hint, _exact(place))
    if rest := next(found, None):
        more = 1 + sum(1 for _ in found)
        places = f"{more} more places" if more > 1 else "1 more place"
        message = f"{places} with markup that is shown as it is written; here is the first"
        hint = "correct those that are reported, and check again"
        work.report("unread-markdown", message, hint, _exact(rest[0]))


def _exact(place: Place | Callable[[], Place]) -> Place:
    return place if isinstance(place, Place) else place()


def _unread(work: RenderState, state: StateCore, source: str) -> Iterator[_Found]:
    if "`" in source or "~" in source:
        yield from _fences(work, state.tokens)
    patterns = patterns_near(source, work.brackets)
    if patterns or "|" in source:
        signs = {sign for p in patterns for sign in p.signs if sign in source}
        found = _left(state.tokens, signs)
        for inline, block, lines in inlines(state) if found or "|" in source else ():
            if id(inline) in found:
                yield from _in_block(work, inline, lines, patterns)
            if "|" in inline.content and block and block.type == "paragraph_open":
                yield from _table(work, inline, lines)
        if "|" in source:
            yield from _rows(work, state.tokens)
    if work.brackets:
        if "![[" in source:
            yield from _embeds(work, state)
        if "[ ]" in source or "[x]" in source or "[X]" in source:
            yield from _tasks(work, state.tokens)
    if "[^" in source:
        yield from _notes(work, state)


def patterns_near(source: str, brackets: bool = True) -> list[Pattern]:
    """Return the patterns that may match in a text.

    `brackets` says whether it may have a bracket."""
    numbers = list(BRACKETS) if brackets and ("[" in source or "]" in source) else []
    for character, those in CHARACTERS:
        if character in source:
            numbers += those
    for probe, those in PROBES:
        if probe.search(source):
            numbers += those
    if not numbers:
        return []
    known: dict[str, bool] = {}  # whether the text has a sign
    patterns = []
    for n in sorted(set(numbers)):
        for sign in PATTERNS[n].signs:
            if sign not in known:
                known[sign] = sign in source
            if known[sign]:
                patterns.append(PATTERNS[n])
                break
    return patterns


def _left(tokens: list[Token], signs: set[str]) -> set[int]:
    """Return the identities of the blocks in whose text a sign is left."""
    found = set()
    for token in tokens if signs else ():
        if token.type != "inline":
            continue
        for sign in signs:
            if sign in token.content and _is_left(token.children or [], sign):
                found.add(id(token))
                break
    return found


def _is_left(children: list[Token], sign: str) -> bool:
    if "\n" in sign:  # these are rare
        return True
    return any(sign in t.content and t.type != "code_inline" for t in children)


def _as_written(text: str) -> str:
    shown = text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1].rstrip()}…"
    return f"`{shown}` is shown as it is written"


def _in_block(
    work: RenderState, inline: Token, lines: tuple[int, int], patterns: list[Pattern]
) -> Iterator[_Found]:
    near = [p for p in patterns if any(sign in inline.content for sign in p.signs)]
    if not near:
        return
    text = _shown_text(inline.children or [])
    for start, end, hint in unread_in(text, near):

        def place(start: int = start, end: int = end) -> Place:
            return _shown_place(work, inline, lines, start, end)

        yield place, _as_written(text[start:end].partition("\n")[0].replace(_BREAK, "…")), hint


def _shown_place(
    work: RenderState, inline: Token, lines: tuple[int, int], start: int, end: int
) -> Place:
    """Return the place of a part of a block's shown text."""
    children = inline.children or []
    first = _offset(inline, children, start)
    last = _offset(inline, children, end - 1) + 1
    return span_place(work, inline, lines, first, max(last, first + 1))


def unread_in(text: str, patterns: Iterable[Pattern]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and hint of unread markup in a text."""
    taken = bytearray(len(text))
    sign = _SIGN.search(text) if "**" in text else None
    for form in patterns:
        if not any(known in text for known in form.signs):
            continue
        for match in form.expression.finditer(text):
            start, end = match.span()
            if start == end or taken.find(1, start, end) >= 0:
                continue
            if sign and "**" in form.signs and _is_footnote_sign(text, match, sign.end()):
                continue
            taken[start:end] = b"\1" * (end - start)
            yield start, end, form.hint if isinstance(form.hint, str) else form.hint(match)


_SIGN = pattern(r"[^\W_]\*(?=[\s.,;:)]|$)", re.MULTILINE)
_AFTER_SIGN = ("", *" \n.,;:)")


def _is_footnote_sign(text: str, match: re.Match[str], first: int) -> bool:
    """Return whether `**` is a second sign after a first one: `one*, two**`."""
    at = text.find("**", match.start())
    return first <= at and text[at - 1].isalnum() and text[at + 2 : at + 3] in _AFTER_SIGN


def _embeds(work: RenderState, state: StateCore) -> Iterator[_Found]:
    """Yield pictures in another program's notation, `![[name]]`."""
    hint = "write `![what it shows](/media/name.jpg)` for a picture"
    for inline, _, lines in inlines(state):
        for token in inline.children or ():
            start, end = token.meta["span"] if token.type == "reference" else (0, 0)
            if start and inline.content[start - 1] == "!":
                place = span_place(work, inline, lines, start - 1, end)
                yield place, _as_written(inline.content[start - 1 : end]), hint


def _shown_text(children: list[Token]) -> str:
    """Return the text of a block with `_BREAK` for all that is not plain text."""
    return "".join(_shown(token) for token in children)


def _shown(token: Token) -> str:
    if token.type == "text":
        return token.content
    if token.type == "text_special" and token.content.startswith("\\") and len(token.content) > 1:
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type in ("link_open", "link_close"):
        return "" if token.markup == "bare" else _BREAK
    return "" if token.nesting else _BREAK


def _offset(inline: Token, children: list[Token], at: int) -> int:
    """Return the offset in a block's source for one in its shown text."""
    for n, token in enumerate(children):
        width = len(_shown(token))
        if at < width:
            return text_offset(inline, n, at)
        at -= width
    return len(inline.content)


# --- blocks ------------------------------------------------------------------------------------

_CELLS = pattern(r"(?<!\\)\|")
_RULE = pattern(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+")


def _cells(row: str) -> int:
    row = without_comments(row).lstrip("> \t").rstrip().removeprefix("|")
    return len(_CELLS.findall(row.removesuffix("|"))) + 1


def _rows(work: RenderState, tokens: list[Token]) -> Iterator[_Found]:
    """Yield rows with more cells than their table has columns."""
    columns = 0
    for token in tokens:
        if token.type == "thead_open":
            columns = 0
        columns += token.type == "th_open"
        if token.type != "tr_open" or not token.map or not columns:
            continue
        line = work.document.line(work.document.body_line + token.map[0])
        if line.count("|") > columns + 1 and (cells := _cells(line)) > columns:
            message = f"this row has {cells} cells, but its table has {columns} columns"
            hint = r"add a column, or write `\|` for a stroke in the text: the rest is not shown"
            yield block_place(work, token), message, hint


def _table(work: RenderState, inline: Token, lines: tuple[int, int]) -> Iterator[_Found]:
    """Yield a table that is not read because its second line does not fit."""
    rows = inline.content.split("\n")
    at = len(rows[0])
    for above, row in pairwise(rows):
        start, end = at + 1, at + 1 + len(row)
        at = end
        if "|" not in above:
            continue
        columns = _cells(above)
        rule = "|" + "---|" * columns
        if "-" in row and "|" in row and _RULE.fullmatch(row):
            hint = f"the line above has {columns} columns: write `{rule}`"
            yield span_place(work, inline, lines, start, end), _as_written(row.strip()), hint
            return
        if all(
            line.strip().startswith("|") and line.strip().endswith("|") for line in (above, row)
        ):
            first = start - 1 - len(above)
            hint = f"a table needs a second line: `{rule}`"
            yield (
                span_place(work, inline, lines, first, start - 1),
                _as_written(above.strip()),
                hint,
            )
            return


_CONTAINERS = {
    "blockquote_open": "the quotation",
    "list_item_open": "the list item",
    "footnote_open": "the note",
    "footnote_reference_open": "the note",
}
_COUNTS = {3: "three", 4: "four", 5: "five", 6: "six"}


def _fences(work: RenderState, tokens: list[Token]) -> Iterator[_Found]:
    """Yield a block of code without an end."""
    around: list[str] = []  # the blocks that contain a token, from the outside
    for token in tokens:
        if token.nesting > 0:
            around.append(_CONTAINERS.get(token.type, ""))
        elif token.nesting < 0 and around:
            around.pop()
        if token.type != "fence" or not token.map:
            continue
        last = work.document.line(work.document.body_line + token.map[1] - 1).strip(" \t>")
        closed = set(last) == {token.markup[0]} and len(last) >= len(token.markup)
        if not closed or token.map[1] - token.map[0] < 2:
            inside = next(filter(None, reversed(around)), "")
            yield block_place(work, token), *_endless(token.markup, inside)


def _endless(fence: str, inside: str) -> tuple[str, str]:
    """Return the message and the hint for code without an end."""
    count = _COUNTS.get(len(fence), str(len(fence)))
    hint = f"end it with a line with {count} {'backticks' if fence[0] == '`' else 'tildes'}"
    if inside:
        message = f"the code that begins here has no end, so the rest of {inside} is code"
        return message, f"{hint}, in {inside}"
    return "the code that begins here has no end, so all text below it is code", hint


_TASK = pattern(r"^[ \t>]*(?:[-+*]|\d+[.)])[ \t]+(\[[ xX]\])[ \t]")


def _tasks(work: RenderState, tokens: list[Token]) -> Iterator[_Found]:
    """Yield the boxes of lists of tasks."""
    for token in tokens:
        if token.type == "list_item_open" and token.map:
            number = work.document.body_line + token.map[0]
            if match := _TASK.match(work.document.line(number)):
                hint = "write the sign itself, ☐ or ☑: boxes are not drawn"
                yield Place(number, match.start(1) + 1, 3), _as_written(match[1]), hint


def _notes(work: RenderState, state: StateCore) -> Iterator[_Found]:
    """Yield notes to which the text does not refer: they are not shown at all."""
    refs = state.env.get("footnotes", {}).get("refs", {})
    for label in (label[1:] for label, number in refs.items() if number < 0):
        written = f"[^{label}]:"
        for n, line in enumerate(work.document.body.split("\n"), work.document.body_line):
            if (at := line.find(written)) >= 0:
                message = "no text refers to this note, so it is not shown"
                hint = f"write `[^{label}]` where it belongs, or remove it"
                yield Place(n, at + 1, len(written)), message, hint
                break
