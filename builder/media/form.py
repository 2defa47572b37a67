"""What variants of a picture can be made of: its format, unless it moves or is a drawing."""

from __future__ import annotations

from typing import Literal

# "CMYK" is a JPEG in printing colours, which browsers show differently.
Form = Literal["", "JPEG", "CMYK", "PNG", "WebP", "AVIF"]
_NOT_FRAMES = (0xC4, 0xC8, 0xCC)
_ANIMATED = 0x02  # a flag of VP8X


def form_of(data: bytes) -> Form:
    """Return the format of a picture; empty if it has no variants.

    `data` is a picture without metadata. Drawings, GIFs and animated pictures stay as they are."""
    if data.startswith(b"\xff\xd8\xff"):
        return "CMYK" if _components(data) == 4 else "JPEG"
    if data.startswith(b"\x89PNG"):
        head = data[: data.find(b"IDAT")]
        return "" if b"acTL" in head else "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        moves = data[12:16] == b"VP8X" and data[20] & _ANIMATED
        return "" if moves else "WebP"
    if data[4:8] == b"ftyp":
        return "" if b"avis" in data[8 : int.from_bytes(data[:4], "big")] else "AVIF"
    return ""


def _components(data: bytes) -> int:
    """Return the number of colour components of a JPEG picture."""
    at = 2
    while at + 9 < len(data):
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NOT_FRAMES:
            return data[at + 9]
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0
