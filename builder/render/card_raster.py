"""Draws a share card: the SVG that card.svg prints, as a PNG with a palette.

It knows what that template needs: rectangles, lines of text in the packaged fonts, and the site's
logo. Glyphs are kept between cards, so a card takes some milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from builder.appearance.card_fonts import CARD_FONTS, card_metrics, composed, covered
from builder.appearance.colours import read_colour

if TYPE_CHECKING:
    from PIL import Image, ImageFont

_FINER = 3  # times as large as the picture, to smooth edges and to place glyphs
_SHADES = 16  # of a colour on its background
_LOGO = 48  # colours of a logo
_RLE = 3  # the strategy of zlib that is fast for flat colours

RGB = tuple[int, int, int]
# The bytes of a picture by its address, and whether it is an SVG.
Pictures = Callable[[str], tuple[bytes, bool] | None]


class _Glyph(NamedTuple):
    """A glyph in shades of a colour, with where it has any, and its place by the baseline."""

    shades: Image.Image
    mask: Image.Image
    left: int
    top: int


def draw_card(svg: str, pictures: Pictures) -> bytes:
    """Return a card as PNG, in its size in pixels."""
    from PIL import Image

    root = ElementTree.fromstring(svg)
    size = int(root.attrib["width"]), int(root.attrib["height"])
    canvas = _Canvas(Image.new("P", size, 0))
    for element in root.iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "rect":
            canvas.rectangle(element.attrib)
        elif kind == "polyline":
            canvas.line(element.attrib)
        elif kind == "text":
            canvas.text(element.attrib, element.text or "")
        elif kind == "image":
            canvas.picture(element.attrib, pictures)
    return canvas.png()


class _Canvas:
    """A picture with a palette that grows by the colours that it needs.

    Text stands on the colour of the last rectangle below its beginning."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.palette: list[int] = []
        self.ramps: dict[tuple[RGB, RGB], int] = {}
        self.grounds: list[tuple[float, float, float, float, RGB]] = []

    def ramp(self, colour: RGB, ground: RGB) -> int:
        """Return the first index of the shades from a background to a colour."""
        found = self.ramps.get((colour, ground))
        if found is None:
            found = self.ramps[colour, ground] = len(self.palette) // 3
            for n in range(_SHADES):
                pairs = zip(colour, ground, strict=True)
                self.palette += [round(g + (c - g) * n / (_SHADES - 1)) for c, g in pairs]
        return found

    def ground(self, x: float, y: float) -> RGB:
        for left, top, width, height, colour in self.grounds[::-1]:
            if left <= x <= left + width and top <= y <= top + height:
                return colour
        return 255, 255, 255

    def rectangle(self, given: Mapping[str, str]) -> None:
        x, y, width, height = (float(given.get(n, 0)) for n in ("x", "y", "width", "height"))
        colour = _rgb(given.get("fill", "#000000"))
        index = self.ramp(colour, self.ground(x, y)) + _SHADES - 1
        self.grounds.append((x, y, width, height, colour))
        self.image.paste(index, (round(x), round(y), round(x + width), round(y + height)))

    def text(self, given: Mapping[str, str], text: str) -> None:
        name = given.get("font-family", "sans")
        if given.get("font-weight") == "bold":
            name += " bold"
        text, size = composed(text), int(given.get("font-size", 28))
        if not covered(name, text):  # rather nothing than boxes
            return
        places = card_metrics(name).places(text, size)
        x, y = float(given.get("x", 0)), round(float(given.get("y", 0)))
        x -= {"start": 0.0, "middle": places[-1] / 2, "end": places[-1]}[
            given.get("text-anchor", "start")
        ]
        first = self.ramp(_rgb(given.get("fill", "#000000")), self.ground(x, y))
        for char, place in zip(text, places, strict=False):
            if char.isspace():
                continue
            at, phase = divmod(round((x + place) * _FINER), _FINER)
            glyph = _glyph(name, size, char, phase, first)
            self.image.paste(glyph.shades, (at + glyph.left, y + glyph.top), glyph.mask)

    def line(self, given: Mapping[str, str]) -> None:
        """Draw a line through points, whose edges are smoothed."""
        from PIL import Image, ImageDraw

        pairs = (pair.split(",") for pair in given["points"].split())
        points = [(float(x) * _FINER, float(y) * _FINER) for x, y in pairs]
        width = round(float(given.get("stroke-width", 1)) * _FINER)
        left, top = (int(min(found) - width) // _FINER for found in zip(*points, strict=True))
        right, bottom = (int(max(found) + width) // _FINER for found in zip(*points, strict=True))
        drawn = Image.new("L", ((right - left + 1) * _FINER, (bottom - top + 1) * _FINER), 0)
        moved = [(x - left * _FINER, y - top * _FINER) for x, y in points]
        ImageDraw.Draw(drawn).line(moved, 255, width, joint="curve")
        small, step = drawn.reduce(_FINER), 255 / (_SHADES - 1)
        first = self.ramp(_rgb(given.get("stroke", "#000000")), self.ground(left, top))
        shades = small.point([first + round(n / step) for n in range(256)])
        mask = small.point([255 * (n > step / 2) for n in range(256)])
        self.image.paste(shades, (left, top), mask)

    def picture(self, given: Mapping[str, str], pictures: Pictures) -> None:
        """Show a picture at its top left corner, in a height; it keeps its proportions."""
        found = pictures(given["href"])
        if found is None:
            return
        x, y, height = (round(float(given.get(n, 0))) for n in ("x", "y", "height"))
        shown = _scaled(found[0], found[1], height, round(float(given["width"])), self.ground(x, y))
        colours = shown.getpalette() or []
        first = len(self.palette) // 3
        self.palette += colours[: 3 * _LOGO]
        self.image.paste(
            shown.point([n + first for n in range(256 - first)] + [255] * first), (x, y)
        )

    def png(self) -> bytes:
        self.image.putpalette(self.palette)
        made = BytesIO()
        self.image.save(made, "PNG", compress_level=6, compress_type=_RLE)
        return made.getvalue()


@lru_cache(maxsize=8192)
def _glyph(name: str, size: int, char: str, phase: int, first: int) -> _Glyph:
    """Return a glyph in shades, `phase` parts of a pixel to the right."""
    from PIL import Image, ImageDraw

    font = _font(name, size * _FINER)
    left, top, right, bottom = (int(n) for n in font.getbbox(char, anchor="ls"))
    x, y = (left + phase) // _FINER - 1, top // _FINER - 1
    width, height = (right + phase) // _FINER + 2 - x, bottom // _FINER + 2 - y
    drawn = Image.new("L", (width * _FINER, height * _FINER), 0)
    place = (phase - x * _FINER, -y * _FINER)
    ImageDraw.Draw(drawn).text(place, char, 255, font, anchor="ls")
    small = drawn.reduce(_FINER)
    step = 255 / (_SHADES - 1)
    shades = small.point([first + round(n / step) for n in range(256)])
    return _Glyph(shades, small.point([255 * (n > step / 2) for n in range(256)]), x, y)


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    # The basic layout places one glyph alike on every machine; the other needs a library.
    return ImageFont.truetype(CARD_FONTS[name], size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8)
def _scaled(data: bytes, svg: bool, height: int, width: int, ground: RGB) -> Image.Image:
    """Return a picture that fits a size, on a background, in few colours."""
    from PIL import Image

    if svg:
        from resvg_py import svg_to_bytes

        data = bytes(
            svg_to_bytes(svg_string=data.decode(), height=2 * height, skip_system_fonts=True)
        )
    with Image.open(BytesIO(data)) as opened:
        picture = opened.convert("RGBA")
    scale = min(height / picture.height, width / picture.width)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    whole = Image.new("RGBA", size, ground)
    whole.alpha_composite(picture)
    return whole.convert("RGB").quantize(_LOGO, dither=Image.Dither.NONE)


def _rgb(written: str) -> RGB:
    red, green, blue = bytes.fromhex((read_colour(written) or "#000000")[1:])
    return red, green, blue
