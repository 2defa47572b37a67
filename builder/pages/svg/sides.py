"""Drawings for readers from right to left: what is mirrored, and the direction of each text.

Drawings are laid out from left to right. A map, a legend, titles and notes are mirrored as wholes.
The plot of a chart is not: newspapers in Arabic and Hebrew draw time from left to right, as numbers
run. A comparison, whose rows begin with names, is mirrored.

`text-anchor` depends on the direction of a text, so a text keeps its place when it gets one.
"""

from __future__ import annotations

import html
import re

from builder.language.direction import (
    direction,
    has_right_to_left,
    signs_kept,
    text_direction,
)
from builder.pages.svg.shapes import number

_TEXT = re.compile(r'<text x="([^"]*)"([^<>]*)>([^<]*)</text>')
_ANCHOR = re.compile(r' text-anchor="(\w+)"')
_PATH = re.compile(r' d="([^"]*)"')
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_OTHER = {"start": "end", "end": "start", "middle": "middle"}


def sided(svg: str, language: str, width: float) -> str:
    """Return part of a drawing, mirrored if its language requires that."""
    if direction(language) == "ltr":
        return svg
    flipped = _PATH.sub(lambda found: f' d="{_mirrored_path(found[1], width)}"', svg)
    return _TEXT.sub(lambda found: _placed(found, width), flipped)


def directed(svg: str, language: str) -> str:
    """Return a drawing whose texts have their directions, at the same places.

    In a language from right to left, that is the direction of each text with a letter of such a
    script: `Scale AI: 49%، منذ 2023` is Arabic."""
    if not has_right_to_left(svg):
        return svg
    return _TEXT.sub(lambda found: _turned(found, language), svg)


def _turned(found: re.Match[str], language: str) -> str:
    text = html.unescape(found[3])
    against = direction(language) == "ltr" and text_direction(text) != "rtl"
    if against or not has_right_to_left(text):
        return found[0]
    inside = signs_kept(found[3])
    return f'<text x="{found[1]}" direction="rtl"{_other_anchor(found[2])}>{inside}</text>'


def _placed(found: re.Match[str], width: float) -> str:
    x = number(width - float(found[1]))
    return f'<text x="{x}"{_other_anchor(found[2])}>{found[3]}</text>'


def _other_anchor(attributes: str) -> str:
    """Return attributes in which the other end of a text is its anchor."""
    known = _ANCHOR.search(attributes)
    anchor = _OTHER[known[1] if known else "start"]
    return f"{_ANCHOR.sub('', attributes)}" + (
        f' text-anchor="{anchor}"' if anchor != "start" else ""
    )


# For each command of a path, what its numbers are: x, y, dx, dy, or a sweep, otherwise kept.
_KINDS = {
    "M": "xy", "L": "xy", "H": "x", "V": "y", "C": "xyxyxy",
    "m": "dy", "l": "dy", "h": "d", "v": "y", "c": "dydydy", "a": "yyyysdy", "z": "",
}  # fmt: skip


def _mirrored_path(way: str, width: float) -> str:
    """Return a path mirrored in a width."""
    made = []
    for command, given in _STEP.findall(way):
        numbers = [float(part) for part in given.split()]
        kinds = _KINDS[command] * (len(numbers) // max(1, len(_KINDS[command])))
        turn = {
            "x": lambda value: width - value,
            "y": lambda value: value,
            "d": lambda value: -value,
            "s": lambda value: 1 - value,
        }
        values = [number(turn[kind](value)) for kind, value in zip(kinds, numbers, strict=True)]
        made.append(command + " ".join(values))
    return "".join(made)
