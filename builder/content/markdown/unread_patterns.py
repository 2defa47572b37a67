"""Patterns of markup that Markdown does not read, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from builder.patterns import pattern

Hint = str | Callable[[re.Match[str]], str]


class Pattern(NamedTuple):
    """Unread markup: text that it contains, an expression, and a hint."""

    signs: tuple[str, ...]  # of which it contains at least one; `\n` is a line break
    expression: re.Pattern[str]
    hint: Hint


def _pattern(signs: str, expression: str, hint: Hint) -> Pattern:
    found = (sign.replace("_", " ") if sign != "__" else sign for sign in signs.split(" "))
    return Pattern(tuple(found), pattern(expression, re.MULTILINE), hint)


def _spaced(match: re.Match[str]) -> str:
    mark, text, address = match["mark"], match["text"], match["address"].strip()
    if mark or not address.startswith("http"):
        return f"put the address in angle brackets: `{mark}[{text}](<{address}>)`"
    return f"write a space in an address as `%20`: `[{text}]({address.replace(' ', '%20')})`"


def _unclosed(match: re.Match[str]) -> str:
    if "(" in match["address"]:
        return "add the `)` that is missing at its end; brackets in an address must be in pairs"
    return "add the `)` that is missing at its end"


def _paired(sign: str) -> str:
    shown = "".join(f"\\{character}" for character in sign)
    return f"close it with `{sign}`, without a space inside; to show the signs, write `{shown}`"


def _spaces(match: re.Match[str]) -> str:
    return f"remove the spaces inside: `{match['sign']}{match['inner'].strip()}{match['sign']}`"


def _template(match: re.Match[str]) -> str:
    if "fig" in match[0][:8]:
        return "write `{{figure:id}}`, with the id of a figure of this file"
    return "remove it: template tags and shortcodes do nothing here"


_LABEL = r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"
_URL = r"(?:https?://|www\.|/(?=\w)|\.\./|mailto:)"
_NAME = r"(?=[^\[\]\n]*?[^\W\d_])[^\[\]\n]*+"

# No expression may take more than steps in proportion to a text, whatever an editor writes: what
# can begin at every sign ends before the next one, and what cannot match otherwise is possessive.

# In this order; what one pattern reports, later ones skip.
PATTERNS: tuple[Pattern, ...] = (
    # Links and pictures.
    _pattern(
        "](",
        rf"(?P<mark>!?)\[(?P<text>[^\[\]\n]*)\]\((?P<address>{_URL}[^()\s<>\"]*"
        r"(?:[^\S\n]+[^()\s<>\"]+)+)\)",
        _spaced,
    ),
    _pattern("](", rf"!?{_LABEL}\((?P<address>{_URL}[^\s]*)(?!\S)", _unclosed),
    _pattern(
        "]_(",
        rf"(?P<text>!?{_LABEL})[^\S\n]+\(<?(?:https?://|www\.|/\w)[^\s()]*>?\)",
        lambda match: f"remove the space before the bracket: `{match['text']}(…)`",
    ),
    _pattern(
        ")[",
        r"\([^()\n]+\)\[(?:https?://|/)[^\[\]\s]*\]",
        "swap the brackets: `[text](address)`",
    ),
    _pattern(
        "<http",
        r"<https?://[^\s<>]*",
        "close it with `>`, or remove the `<`: an address becomes a link without it",
    ),
    _pattern(
        "[^",
        r"\[\^[^\]\s^]{1,40}\](?!\()",
        lambda match: f"add the note below the text, as `{match[0]}: …`",
    ),
    _pattern(
        "][",
        rf"(?<![\w\]])\[{_NAME}\]\[{_NAME}\](?![\[\w])",
        "write `[text](https://…)`, or define the second name below the text: `[name]: https://…`",
    ),
    _pattern("]:", rf"^\[[^\]\n]+\]:[^\S\n]+<?{_URL}\S*", "put a blank line above it"),
    _pattern(
        "[[",
        r"\[\[(?=[^\W\d])[^\[\]\n]*(?:\](?!\])|$)",
        "close it with `]]`, as in `[[Name]]`",
    ),
    # Notations of other programs.
    _pattern(
        "[!", r"^\[!\w+\]", "remove it; begin the quotation with bold words, such as `**Note**`"
    ),
    _pattern(
        "[/ [toc] [TOC] [caption [embed [gallery [youtube [vimeo [tweet",
        r"\[(?i:caption|embed|gallery|youtube|vimeo|tweet)[= ][^\[\]\n]*\]"
        r"|\[/(?i:caption|embed|gallery|b|i|u|url|img|quote|code|size|color)\]|^\[(?i:toc)\]$",
        "remove it: shortcodes do nothing here",
    ),
    _pattern(
        "{{ {%",
        r"\{\{[^{}\n]*\}\}|\{%(?:[^{%\n]|\{(?!%)|%(?!\}))*+%\}|\{\{\s*fig(?:ure)?:[^\s{}]*\}?",
        _template,
    ),
    _pattern(
        "{# {: {.",
        r"\{:?[^\S\n]*[.#][A-Za-z][^{}\n]*\}|\{:[^{}\n]+\}",
        "remove it: a heading has an anchor made from its words, and classes have no effect",
    ),
    _pattern(
        ":::", r"^:::+[^\S\n]*\w*", "remove it; write a quotation with `> ` or a heading with `## `"
    ),
    _pattern(
        "$$ \\",
        r"\$\$[^$\n]+\$\$|\$(?=[^$\n]*\\[a-zA-Z])[^\s$][^$\n]*\$",
        "write the formula in words or in backticks: formulas are not typeset",
    ),
    _pattern(
        ":",
        r"(?<![\w:/.])(?::[a-z][a-z0-9_+-]{1,30}:)+(?![\w:/`])",
        "write the sign itself, such as 🚀: names of emoji are not replaced",
    ),
    _pattern(
        "==",
        r"(?<![=!<>\w])==(?P<text>[^\s=](?:[^=\n]*[^\s=])?)==(?![=\w])",
        lambda match: f"write `**{match['text']}**`: text cannot be highlighted",
    ),
    _pattern(
        "^ ~",
        r"(?<=[A-Za-z\d])\^[\w+-]{1,4}\^|(?<=[A-Za-z])~\d{1,2}~",
        "write the character itself, such as ² or ₂",
    ),
    # Emphasis that is not closed, or that white space or a neighbour keeps from being read.
    _pattern(
        "**",
        r"(?<![*\w])(?P<sign>\*\*)(?=[^*\n\x03]*?[^\W\d_])"
        r"(?P<inner>(?=[^\S\n])[^*\n\x03]*+|[^*\n\x03]*+(?<=[^\S\n]))\*\*(?![*\w])",
        _spaces,
    ),
    _pattern(
        "**",
        r"\*\*(?P<inner>[^\s*](?:[^*\n\x03]*[^\s*])?)\*\*(?!\*)",
        "put quotation marks and brackets outside the bold text, or a space beside it",
    ),
    _pattern(
        "**",
        r"(?<![*A-Za-z0-9_])\*\*(?=[^\s*])(?!kw(?:args)?\b)[^*\s\x03]*"
        r"|(?:(?<![^\s*])[^\s*]++|(?<=[^\s*]))\*\*(?![*A-Za-z0-9_])",
        _paired("**"),
    ),
    _pattern("__", r"(?<![\w])__(?=[^\W_])(?!\w*__)[^_\s\x03]*+", _paired("__")),
    _pattern("~~", r"(?<![~\w])~~(?=[^\s~])[^~\s\x03]*|(?<=[^\s~])~~(?![~\w])", _paired("~~")),
    # Lists and tables.
    _pattern(
        "• ◦ ▪ ‣ ●",
        r"^[•◦▪‣●][^\S\n]+(?=\S)[^\n]*",
        "begin each line with `- ` to make it a list",
    ),
    _pattern(
        "\n2. \n2) \n3. \n3)",
        r"^(?:[2-9]|1\d)[.)] (?=\S)[^\n]*\n(?:[2-9]|1\d|2\d)[.)] \S",
        "put a blank line above the list",
    ),
    _pattern(
        "\n2. \n2)", r"^1[.)](?=[^\W\d])[^\n]*\n2[.)](?=[^\W\d])", "put a space after each number"
    ),
    _pattern("\n-", r"^-(?=[^\W\d])[^\n]*\n-(?=[^\W\d])", "put a space after each hyphen"),
    _pattern("\n*", r"^\*(?=[^\W\d])[^*\n]*\n\*(?=[^\W\d])", "put a space after each asterisk"),
    _pattern("&", r"&[a-z]{3,8}\d{0,2};", "write the character itself, or `&amp;` for `&`"),
)
# --- which patterns a text needs ----------------------------------------------------------------
# A sign of two characters takes long to search for, so rare characters come first.

_RARE = "~^=${&<•◦▪‣●\\_*"
_ALL = [(sign, n) for n, pattern in enumerate(PATTERNS) for sign in pattern.signs]
CHARACTERS = tuple(
    (character, tuple(n for sign, n in _ALL if character in sign)) for character in _RARE
)
# Patterns with brackets, which the parser has tried to read as a link.
BRACKETS = tuple(dict.fromkeys(n for sign, n in _ALL if "[" in sign or "]" in sign))
PROBES = (
    (pattern(r":(?:::|[a-z][a-z0-9_+-]{1,30}:)"), tuple(n for sign, n in _ALL if ":" in sign)),
    (
        pattern(r"\n(?:[-*][^\W\d]|[23][.)])"),
        tuple(n for sign, n in _ALL if sign.startswith("\n")),
    ),
)

# Markdown in a value that is plain text, such as a field or the caption of a picture.
MARKUP = pattern(
    r"\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*"
    r"|!?\[[^\[\]\n]+\]\((?:https?://|/)[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"
    r"|`[^`\n]+`|\[\[[^\[\]\n]+\]\]|\{\{\s*figure:[^{}\n]*\}\}"
)
