"""What the tests of charts and maps look at in an SVG: its texts, where they stand, its links."""

from __future__ import annotations

import difflib
import os
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builder.pages.svg.shapes import (
    SMALL,
    Box,
    Line,
    Text,
)
from support.tools import TESTS, check_html

KEPT = TESTS / "unit" / "drawings"
_SVG = "{http://www.w3.org/2000/svg}"

# Names that have broken programs: markup, quotation marks, other scripts, no spaces, controls.
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>&amp;&lt;",
    "x" * 300,
    "word " * 60,
    "شركة الذكاء الاصطناعي",
    "‮evil‬ \x00\x0b\ud800\ufffe",
    "人工智能公司有限責任公司北京分公司",
    "﷽ Ltd",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦 Family",
    "]]> --> {{ 7*7 }} ${x}",
    "   ",
)


class Drawing:
    """An SVG, read as XML: what is not well-formed raises."""

    def __init__(self, svg: str) -> None:
        self.root = ElementTree.fromstring(svg)
        self.title = self.root.findtext(f"{_SVG}title") or ""
        self.desc = self.root.findtext(f"{_SVG}desc") or ""
        self.links = [a.get("href") for a in self.root.iter(f"{_SVG}a")]
        self.texts = [_read(text) for text in self.root.iter(f"{_SVG}text")]
        left, top, width, height = map(float, (self.root.get("viewBox") or "").split())
        self.box = Box(left, top, left + width, top + height)

    def faults(self) -> list[str]:
        """Texts that meet each other or leave the drawing, and what a strict policy forbids."""
        found = [f"{text} is outside" for text in self.texts if not self._holds(text.box)]
        pairs = combinations(self.texts, 2)
        found += [f"{a} meets {b}" for a, b in pairs if _inner(a).meets(_inner(b))]
        for part in self.root.iter():
            unwanted = [key for key in part.attrib if key == "style" or key.startswith("on")]
            found += [f"{part.tag} has {key}" for key in unwanted]
            found += [part.tag] * (part.tag in (f"{_SVG}script", f"{_SVG}style"))
        return found

    def outside(self) -> list[str]:
        """Lines that leave the drawing."""
        left, top, right, bottom = self.box
        room = Box(left - 0.1, top - 0.1, right + 0.1, bottom + 0.1)
        ends = [Box(x, y, x, y) for line in self.lines() for x, y in (line[:2], line[2:])]
        return [f"{end} is outside" for end in ends if not end.is_inside(room)]

    def lines(self) -> list[Line]:
        """The lines of a map; those of frames and dots end in z."""
        paths = [part.get("d", "") for part in self.root.iter() if "map-" in part.get("class", "")]
        return [line for way in paths if "z" not in way for line in _lines(way)]

    def crossed(self) -> list[str]:
        """Texts that a line of a map passes through."""
        return [
            f"{line} crosses {text}"
            for text in self.texts
            for line in self.lines()
            if _inner(text).is_crossed(line)
        ]

    def _holds(self, box: Box) -> bool:
        left, top, right, bottom = self.box
        room = Box(left - 0.1, top - 0.1, right + 0.1, bottom + 0.1)
        return box.is_inside(room)


def _read(text: ElementTree.Element) -> Text:
    size = float(text.get("font-size", SMALL))
    place = float(text.get("x", "0")), float(text.get("y", "0"))
    anchor = text.get("text-anchor", "start")
    if text.get("direction") == "rtl":
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    return Text(*place, text.text or "", size, anchor, text.get("font-weight") == "600")


def _inner(text: Text) -> Box:
    """From the top of its capitals to its descenders; places are rounded to a hundredth."""
    left, top, right, bottom = text.box
    return Box(left + 0.02, top + 0.2 * text.size, right - 0.02, bottom - 0.05 * text.size)


def _lines(way: str) -> list[Line]:
    """The lines of a path that has only M, H, V, h and C; a curve is sixteen lines."""
    made: list[Line] = []
    x = y = 0.0
    for command, numbers in re.findall(r"([MHVhC])([-\d. ]+)", way):
        to = [float(number) for number in numbers.split()]
        ends = [(to[0] if command in "MH" else x, to[-1] if command in "MV" else y)]
        if command == "h":
            ends = [(x + to[0], y)]
        if command == "C":
            ends = [_on_curve([x, *to[::2]], [y, *to[1::2]], n / 16) for n in range(1, 17)]
        for end in ends:
            made += [Line(x, y, *end)] if command != "M" else []
            x, y = end
    return made


def _on_curve(xs: list[float], ys: list[float], at: float) -> tuple[float, float]:
    """A point of a cubic Bézier curve."""
    parts = ((1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3)
    return (
        sum(part * x for part, x in zip(parts, xs, strict=True)),
        sum(part * y for part, y in zip(parts, ys, strict=True)),
    )


def compare(svg: str, name: str) -> None:
    """With the file of this name in tests/unit/drawings/; GOLDEN=write writes the file."""
    file = KEPT / name
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(svg + "\n", "utf-8")
    kept = file.read_text("utf-8") if file.exists() else ""
    if svg + "\n" != kept:
        lines = difflib.unified_diff(kept.splitlines(), svg.splitlines(), lineterm="", n=0)
        how = "When this is meant: GOLDEN=write python -m pytest, and look at it."
        pytest.fail("\n".join([f"{name} has changed. {how}", *lines]), pytrace=False)


def check_drawings(folder: Path, *drawings: str) -> list[str]:
    """What the HTML checker finds in drawings on a page, and in the first one alone."""
    on_page, alone = folder / "drawings.html", folder / "drawing.svg"
    on_page.write_text(_page(*drawings), "utf-8")
    alone.write_text(drawings[0], "utf-8")
    # Its guess of the page's language is thrown by texts that are made to be odd.
    return [line for line in check_html([on_page, alone]) if "appears to be written" not in line]


def _page(*drawings: str) -> str:
    """A page of HTML around drawings, as a site has them."""
    head = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Drawings</title></head>'
    )
    return f"{head}<body><h1>Drawings</h1>{''.join(drawings)}</body></html>"
