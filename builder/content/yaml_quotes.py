"""Finds a quotation mark without an end in YAML that the parser refuses.

The parser reads on to the next quotation mark, so it complains far below the one that is meant."""

from __future__ import annotations

import re

from builder.diagnostics.diagnostic import Finding, Place
from builder.patterns import pattern

_VALUE = pattern(r"(?P<indent>\s*(?:- +)*)(?:[\w-]+:[ \t]+)?(?P<sign>[\"'\[{])")
_NEXT = pattern(r"\s*(?:- |[\w-]+:(?:\s|$))")
# A quotation mark that begins a value between brackets.
_OPENING = pattern(r"(?<=[\[{,:])[ \t]*([\"'])")
_AFTER = pattern(r"[ \t]*(?:[,\]}:]|#|$)")


def unclosed_quote(lines: list[str], last: int) -> Finding | None:
    """Return the finding for a quotation mark that opens by line `last`."""
    number = 0
    while number <= last and number < len(lines):
        match = _VALUE.match(lines[number])
        if match and match["sign"] in "[{":
            if (at := _in_brackets(lines[number])) is not None:
                return _finding(number, at)
        elif match:
            start = match.end()
            end = _end(lines, number, start, len(match["indent"]))
            if end is None:
                return _finding(number, start - 1)
            number = end
        number += 1
    return None


def _finding(number: int, at: int) -> Finding:
    message = "this is not valid YAML: a quotation mark has no end"
    hint = "close the quotation mark at the end of its value"
    return Finding(Place(number + 1, at + 1, 1), "yaml-syntax", message, hint)


def _end(lines: list[str], number: int, start: int, indent: int) -> int | None:
    """Return the line on which a quoted value ends, or None if the next field begins before."""
    sign = lines[number][start - 1]
    while number < len(lines):
        if _close(lines[number], start, sign) >= 0:
            return number
        number, start = number + 1, 0
        following = lines[number] if number < len(lines) else ""
        if _NEXT.match(following) and len(following) - len(following.lstrip()) <= indent:
            return None
    return None


def _close(line: str, start: int, sign: str) -> int:
    """Return the offset of a closing quotation mark, or -1."""
    inside = r'(?:[^"\\]|\\.)*' if sign == '"' else r"(?:[^']|'')*"
    match = re.compile(f"{inside}({sign})(?!{sign})").match(line, start)
    return match.start(1) if match else -1


def _in_brackets(line: str) -> int | None:
    """Return the offset of a quotation mark in a list that does not end its value."""
    at = 0
    while match := _OPENING.search(line, at):
        end = _close(line, match.end(), match[1])
        if end < 0 or not _AFTER.match(line, end + 1):
            return match.start(1)
        at = end + 1
    return None
