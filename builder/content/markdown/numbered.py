"""Reports paragraphs that a number at their head makes a list: `15. Juni`, `1986. A good year`."""

from __future__ import annotations

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.markdown.work import block_place, work_of
from builder.language.dates import month_names
from builder.patterns import pattern

_WORD = pattern(r"[^\W\d_]+")
_MOST_STEPS = 99  # an item with a higher number alone is a year, or another number of a sentence


def report_numbers(state: StateCore) -> None:
    """Report lists of dates, and single items with high numbers."""
    if "." not in state.src:
        return
    for n, token in enumerate(state.tokens):
        if token.type == "ordered_list_open" and token.markup == ".":
            tokens = state.tokens[n : n + 4]
            inline = next((found for found in tokens if found.type == "inline"), None)
            word = _WORD.match(inline.content) if inline else None
            first = word[0] if word else ""
            start = int(token.attrs.get("start", 1))
            is_date = first.casefold() in month_names(work_of(state).language)
            if is_date or (start > _MOST_STEPS and _is_single(state.tokens, n)):
                _report(state, tokens[1], start, first)


def _is_single(tokens: list[Token], at: int) -> bool:
    """Return whether a list has one item."""
    level, items = tokens[at].level, 0
    for n in range(at + 1, len(tokens)):
        if tokens[n].level == level:
            break
        items += tokens[n].type == "list_item_open" and tokens[n].level == level + 1
    return items == 1


def _report(state: StateCore, item: Token, number: int, word: str) -> None:
    message = f"`{number}.` at the head of a paragraph makes it a list"
    written = rf"{number}\. {word}".strip()
    work = work_of(state)
    work.report("number-is-list", message, f"write `{written}`", block_place(work, item))
