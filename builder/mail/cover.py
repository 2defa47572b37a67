"""The cover of a book: the name of the site, the title, the accent colour."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from builder.appearance.fonts import FAMILIES, SIGNS, pieces

if TYPE_CHECKING:
    from builder.model.settings import Settings

SIZE = (1200, 1600)  # pixels
_EDGE, _BAND = 110, 28
_INK, _PAPER, _SOFT = "#171a18", "#fbfbf9", "#565d58"
_HEADINGS = "Source Serif 4"
_MOST_LINES = 9


def draw_cover(settings: Settings, accent: str, title: str, label: str) -> bytes:
    """Return the cover as PNG.

    A text with a character that the packaged fonts lack is left out: its title page has it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], _BAND), accent)
    given = settings.fonts.headings or settings.fonts.text if settings.fonts else ()
    family = given[0] if given and given[0] in FAMILIES else _HEADINGS
    room = SIZE[0] - 2 * _EDGE
    y = _text(draw, family, 700, settings.title, (_EDGE, 200), 84, room, _INK)
    draw.line((_EDGE, y + 30, SIZE[0] - _EDGE, y + 30), _INK, 3)
    y = _text(draw, "Inter", 400, label, (_EDGE, y + 120), 36, room, _SOFT)
    for size in (104, 84, 66, 50):
        if len(_lines(family, 700, title, size, room)) <= _MOST_LINES or size == 50:
            _text(draw, family, 700, title, (_EDGE, y + 60 + size), size, room, _INK)
            break
    draw.rectangle((_EDGE, SIZE[1] - 200, _EDGE + 140, SIZE[1] - 192), accent)
    made = BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()


def _font(file: str, size: int, weight: int) -> Any:
    from PIL import ImageFont

    font = ImageFont.truetype(file, size)
    font.set_variation_by_axes([weight])
    return font


def _width(family: str, weight: int, text: str, size: int) -> float:
    runs = pieces(family, text)
    return float(
        sum(_font(file, size, weight).getlength(SIGNS.get(run, run)) for file, run in runs)
    )


def _lines(family: str, weight: int, text: str, size: int, room: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(family, weight, longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _text(
    draw: Any, family: str, weight: int, text: str, at: tuple[int, int], size: int, room: int,
    colour: str,
) -> int:  # fmt: skip
    """Draw a text in lines; return the place below the last one."""
    x, y = at
    if not pieces(family, text):
        return y
    for line in _lines(family, weight, text, size, room)[:_MOST_LINES]:
        left = float(x)
        for file, run in pieces(family, line):
            font, plain = _font(file, size, weight), SIGNS.get(run, run)
            draw.text((left, y), plain, colour, font, anchor="ls")
            left += font.getlength(plain)
        y += round(size * 1.16)
    return y
