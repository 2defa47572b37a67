"""Draws a chart as a PNG picture, for feeds and link previews, which show no SVG.

It reads the few shapes that `pages/svg` writes, so both pictures have one layout. Each is drawn
larger and scaled down, which smooths its edges."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from xml.etree import ElementTree

from builder.appearance.fonts import SIGNS, pieces

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

_FAMILY = "Inter"
_FINER = 3  # times as large as the picture
# The colours of assets/style.css in light mode.
_COLOURS: Mapping[str, str] = {
    "paper": "#fbfbf9", "soft": "#565d58", "rule": "#d5d9d2", "currentColor": "#171a18",
}  # fmt: skip
_NAMED = re.compile(r"var\(--(\w+)")
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+")
_SEGMENTS = 24  # of a half circle

Point = tuple[float, float]


def draw_png(svg: str) -> bytes:
    """Return a drawing as PNG, in its size in pixels."""
    from PIL import Image, ImageDraw

    root = ElementTree.fromstring(svg)
    left, top, width, _ = map(float, root.attrib["viewBox"].split())
    size = round(float(root.attrib["width"])), round(float(root.attrib["height"]))
    image = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER), _COLOURS["paper"])
    canvas = _Canvas(ImageDraw.Draw(image), left, top, _FINER * size[0] / width)
    for element in root.iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "path":
            canvas.path(element.attrib)
        elif kind == "text":
            canvas.text(element.attrib, element.text or "")
    made = BytesIO()
    image.resize(size, Image.Resampling.BOX).save(made, "PNG", optimize=True)
    return made.getvalue()


class _Canvas(NamedTuple):
    draw: ImageDraw.ImageDraw
    left: float
    top: float
    scale: float  # pixels of a unit

    def path(self, given: Mapping[str, str]) -> None:
        fill, stroke = given.get("fill", "currentColor"), given.get("stroke", "none")
        for line in _lines(given["d"]):
            points = [self._at(point) for point in line]
            if fill != "none" and len(points) > 2:
                self.draw.polygon(points, _colour(fill))
            if stroke != "none":
                colour = _colour(stroke, float(given.get("stroke-opacity", 1)))
                width = max(1, round(float(given.get("stroke-width", 1)) * self.scale))
                dashes = [float(n) * self.scale for n in given.get("stroke-dasharray", "").split()]
                for part in _dashed(points, dashes) if dashes else (points,):
                    self.draw.line(part, colour, width, joint="curve")

    def text(self, given: Mapping[str, str], text: str) -> None:
        size = round(float(given.get("font-size", 13)) * self.scale)
        weight = int(given.get("font-weight", 400))
        runs = [(_font(file, size, weight), run) for file, run in pieces(_FAMILY, text)]
        width = sum(font.getlength(SIGNS.get(run, run)) for font, run in runs)
        x, y = self._at((float(given.get("x", 0)), float(given.get("y", 0))))
        x -= {"start": 0.0, "middle": width / 2, "end": width}[given.get("text-anchor", "start")]
        rim = 0.0
        if given.get("paint-order") == "stroke":
            rim = float(given.get("stroke-width", 0)) / 2 * self.scale
        colour = _colour(given.get("fill", "currentColor"))
        more: dict[str, Any] = {"stroke_width": rim, "stroke_fill": _colour("var(--paper)")}
        for font, run in runs:
            plain, wide = SIGNS.get(run, run), font.getlength(SIGNS.get(run, run))
            for raised in (0.14, -0.1) if run == "≈" else (0.08 if run in SIGNS else 0.0,):
                at = (x, y - raised * size)
                self.draw.text(at, plain, colour, font, anchor="ls", **(more if rim else {}))
            if run in ("≤", "≥"):
                line = [(x + 0.1 * wide, y), (x + 0.9 * wide, y)]
                self.draw.line(line, colour, max(1, size // 12))
            x += wide

    def _at(self, point: Point) -> Point:
        return (point[0] - self.left) * self.scale, (point[1] - self.top) * self.scale


@lru_cache(maxsize=32)
def _font(file: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(file, size)
        font.set_variation_by_axes([weight])
    except (OSError, NotImplementedError):  # a Pillow that reads no WOFF2
        font = cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))
    return font


def _colour(written: str, opacity: float = 1.0) -> tuple[int, ...]:
    named = _NAMED.match(written)
    found = _hex(_COLOURS[named[1] if named else written])
    paper = _hex(_COLOURS["paper"])
    return tuple(round(p + (c - p) * opacity) for c, p in zip(found, paper, strict=True))


def _hex(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _lines(way: str) -> Iterator[list[Point]]:
    """Yield the lines of a path, with curves as short lines."""
    line: list[Point] = []
    x = y = 0.0
    for command, written in _STEP.findall(way):
        numbers = [*map(float, _NUMBER.findall(written))]
        ahead = command.islower()
        match command.upper():
            case "Z":
                line.append(line[0])
                x, y = line[0]
                continue
            case "H":
                x = numbers[0] + (x if ahead else 0)
            case "V":
                y = numbers[0] + (y if ahead else 0)
            case "A":  # always half a circle
                for n in range(0, len(numbers), 7):
                    dx, dy = numbers[n + 5], numbers[n + 6]
                    line += _half_circle(x, y, dx, dy)[:-1]
                    x, y = x + dx, y + dy
                    line.append((x, y))
                continue
            case "M" | "L":
                for n in range(0, len(numbers), 2):
                    dx, dy = (x, y) if ahead else (0.0, 0.0)
                    if command.upper() == "M" and n == 0:
                        # A relative start after an absolute one moves it.
                        if len(line) > 1:
                            yield line
                        line = []
                    x, y = numbers[n] + dx, numbers[n + 1] + dy
                    line.append((x, y))
                continue
        line.append((x, y))
    if len(line) > 1:
        yield line


def _half_circle(x: float, y: float, dx: float, dy: float) -> list[Point]:
    middle, radius = (x + dx / 2, y + dy / 2), math.hypot(dx, dy) / 2
    start = math.atan2(-dy, -dx)
    angles = (start - math.pi * n / _SEGMENTS for n in range(1, _SEGMENTS + 1))
    return [(middle[0] + radius * math.cos(a), middle[1] + radius * math.sin(a)) for a in angles]


def _dashed(line: list[Point], dashes: list[float]) -> Iterator[list[Point]]:
    """Yield the dashes of a line."""
    n, left = 0, dashes[0]
    part = [line[0]]
    for (x1, y1), (x2, y2) in pairwise(line):
        length, done = math.hypot(x2 - x1, y2 - y1), 0.0
        while length - done > left:
            done += left
            at = (x1 + (x2 - x1) * done / length, y1 + (y2 - y1) * done / length)
            if n % 2 == 0:
                yield [*part, at]
            n += 1
            left, part = dashes[n % len(dashes)], [at]
        left -= length - done
        part.append((x2, y2))
    if n % 2 == 0 and len(part) > 1:
        yield part
