"""Emphasis beside the punctuation of Chinese, Japanese and Korean.

CommonMark's rules for delimiters expect a space beside punctuation, so `**「重要」**です` is not
emphasis for them. Here the punctuation of these languages counts as a letter, and one of their
letters as a space where other punctuation is beside it (as the proposal for CommonMark has it that
is known as `markdown-cjk-friendly`)."""

from __future__ import annotations

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize
from markdown_it.rules_inline.state_inline import Delimiter

from builder.patterns import pattern

_CJK = pattern(
    "[\u1100-\u11ff\u2e80-\u303f\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff01-\uffef\U00020000-\U0003ffff]"
)


def emphasis(state: StateInline, silent: bool) -> bool:
    """Add the delimiters of emphasis, with other rules beside CJK."""
    start = state.pos
    if silent or state.src[start] != "*":
        return tokenize(state, silent)
    end = start
    while end < state.posMax and state.src[end] == "*":
        end += 1
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    if not (_CJK.match(before) or _CJK.match(after)):
        return tokenize(state, silent)
    opens, closes = _flanks(before, after), _flanks(after, before)
    for _ in range(end - start):
        token = state.push("text", "", 0)
        token.content = "*"
        at = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord("*"), end - start, at, -1, opens, closes))
    state.pos = end
    return True


def _flanks(outside: str, inside: str) -> bool:
    """Return whether a run of delimiters can begin, or end, emphasis between two characters."""
    if isWhiteSpace(ord(inside)):
        return False
    beside = isWhiteSpace(ord(outside)) or _is_punctuation(outside) or _CJK.match(outside)
    return not _is_punctuation(inside) or bool(beside)


def _is_punctuation(character: str) -> bool:
    if _CJK.match(character):
        return False
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)
