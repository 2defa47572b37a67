"""Widths and kerning of the fonts of share cards, read from their files.

They are read here, and not asked of a library, so that lines break alike on every machine."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from builder.appearance.fonts import FOLDER

# The files of the fonts, by the names that card.svg gives them.
CARD_FONTS: Mapping[str, Path] = {
    "serif": FOLDER / "card-serif.ttf",
    "sans": FOLDER / "card-sans.ttf",
    "sans bold": FOLDER / "card-sans-bold.ttf",
}


class Metrics(NamedTuple):
    """The characters of a font, each with its glyph and its width, and kerning by glyphs.

    Measures are in units, `unit` of which make the font size."""

    unit: int
    glyphs: Mapping[str, int]
    widths: tuple[int, ...]
    kerning: Mapping[tuple[int, int], int]

    def places(self, text: str, size: float) -> list[float]:
        """Return where each character of a line begins, and where it ends."""
        found, x, before = [0.0], 0, -1
        for n, char in enumerate(text):
            glyph = self.glyphs[char]
            if n and (closer := self.kerning.get((before, glyph), 0)):
                x += closer
                found[-1] = x * size / self.unit
            x += self.widths[min(glyph, len(self.widths) - 1)]
            found.append(x * size / self.unit)
            before = glyph
        return found

    def width(self, text: str, size: float) -> float:
        return self.places(text, size)[-1]


@cache
def card_metrics(name: str) -> Metrics:
    """Return the metrics of a font of cards."""
    data = CARD_FONTS[name].read_bytes()
    count = int.from_bytes(data[4:6])
    tables = {}
    for n in range(count):
        tag, _, at, length = struct.unpack_from(">4sLLL", data, 12 + 16 * n)
        tables[tag] = data[at : at + length]
    advances = int.from_bytes(tables[b"hhea"][34:36])
    widths = tuple(w for w, _ in struct.iter_unpack(">Hh", tables[b"hmtx"][: 4 * advances]))
    kern = tables[b"kern"]
    pairs = struct.iter_unpack(">HHh", kern[18 : 18 + 6 * int.from_bytes(kern[10:12])])
    return Metrics(
        int.from_bytes(tables[b"head"][18:20]),
        {chr(code): glyph for code, glyph in _characters(tables[b"cmap"])},
        widths,
        {(left, right): value for left, right, value in pairs},
    )


def _characters(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Yield the characters of a `cmap` with their glyphs (OpenType, format 4)."""
    offsets = (
        struct.unpack_from(">L", cmap, 8 + 8 * n)[0] for n in range(int.from_bytes(cmap[2:4]))
    )
    at = next(at for at in offsets if cmap[at : at + 2] == b"\0\4")
    size = int.from_bytes(cmap[at + 6 : at + 8])

    def row(start: int) -> tuple[int, ...]:
        return struct.unpack_from(f">{size // 2}H", cmap, start)

    ends, starts = row(at + 14), row(at + 16 + size)
    deltas, ranges = row(at + 16 + 2 * size), row(at + 16 + 3 * size)
    for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[n]:
                place = at + 16 + 3 * size + 2 * n + ranges[n] + 2 * (code - start)
                glyph = int.from_bytes(cmap[place : place + 2])
            if glyph := (glyph + deltas[n]) & 0xFFFF if glyph else 0:
                yield code, glyph


def composed(text: str) -> str:
    """Return a text with letters and their accents as single characters."""
    return " ".join(unicodedata.normalize("NFC", text).split(" "))


def covered(name: str, text: str) -> bool:
    """Return whether a font of cards has every character of a text."""
    glyphs = card_metrics(name).glyphs
    return all(char in glyphs for char in text)
