"""Turns a bare address, `https://…`, into a link.

The address ends before white space, before a closing bracket that it does not open, and before
punctuation that ends a sentence in any script. No letter ends it."""

from __future__ import annotations

import re
import unicodedata

from markdown_it.rules_inline import StateInline

from builder.patterns import pattern

# A bare address: not that of `[text](https://…)` or `<https://…>`, nor an attribute of a tag.
BARE = pattern(r"(?<![A-Za-z0-9<=])(?<!=[\"'])(?<!\]\()(?<!\]\(<)https?://", re.IGNORECASE)
# Punctuation of scripts that put no space after it: 、。「」（），！？ and others, but not ・.
_STOPS = (
    "\u3001-\u3003\u3008-\u3011\u3014-\u301b\u301d-\u301f\ufe10-\ufe19\ufe30-\ufe6f"
    "\uff01\uff02\uff07-\uff09\uff0c\uff0e\uff1a-\uff1c\uff1e\uff1f\uff3b\uff3d\uff5b\uff5d\uff5f-\uff64"
)
_URL = pattern(
    r"https?://(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59}|[^\W\d_a-z]{2,63})"
    r"(?![a-z0-9@_-])(?![\w-]*+\.[^\W\d_])(?::[0-9]{1,5})?"
    rf"(?:[/?#][^\s<>\"`\\^{{}}|“”„‘’«»…{_STOPS}]*)?",
    re.IGNORECASE,
)
# Character references that stand for what is not in an address.
_REFERENCE = pattern(r"&(?:quot|apos|lt|gt|nbsp|#x?[0-9a-f]+);", re.IGNORECASE)
_PAIRS = {")": "(", "]": "["}
_ENDS = frozenset(".,;:!?'*_~([")
_PUNCTUATION = frozenset(("Po", "Pe", "Pf", "Pi", "Ps"))


def has_bare(text: str) -> bool:
    """Return whether a bare address may begin in a text."""
    at = text.find("://")
    while at >= 0:
        start = at - (5 if text[at - 1 : at] in "sS" else 4)
        if start >= 0 and BARE.match(text, start):
            return True
        at = text.find("://", at + 3)
    return False


def bare_link(state: StateInline, silent: bool) -> bool:
    """Parse a bare address as a link, except in a link."""
    if state.src[state.pos] not in "hH" or state.linkLevel or not state.env.get("bare"):
        return False
    start = state.pos
    match = _URL.match(state.src, start, state.posMax)
    if not match or not BARE.match(state.src, start):
        return False
    written = _end(match[0])
    if not silent:
        href = state.md.normalizeLink(written.replace("&amp;", "&"))
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": href}
        token.markup, token.info = "bare", "auto"
        token.meta["span"] = (start, start + len(written))
        state.push("text", "", 0).content = written.replace("&amp;", "&")
        token = state.push("link_close", "a", -1)
        token.markup, token.info = "bare", "auto"
    state.pos = start + len(written)
    return True


def _end(url: str) -> str:
    """Return an address without what belongs to the sentence around it."""
    opened = {"(": 0, "[": 0}
    url = _REFERENCE.split(url, maxsplit=1)[0]
    for n, character in enumerate(url):
        if character in opened:
            opened[character] += 1
        elif character in _PAIRS:
            opened[_PAIRS[character]] -= 1
            if opened[_PAIRS[character]] < 0:
                url = url[:n]
                break
    end = len(url)
    while end and _ends_sentence(url[end - 1]):
        end -= 1
    return url[:end]


def _ends_sentence(character: str) -> bool:
    if character.isascii():
        return character in _ENDS
    return unicodedata.category(character) in _PUNCTUATION
