"""Cleans a picture: pixels, colour profile and credit stay, all other metadata goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from builder.media.avif import clean_avif
from builder.media.credit import Credit
from builder.media.gif import clean_gif
from builder.media.jpeg import clean_jpeg
from builder.media.picture import BadPictureError, CleanPicture
from builder.media.png import SIGNATURE, clean_png
from builder.media.svg import clean_svg
from builder.media.turn import turn
from builder.media.webp import clean_webp

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")

_CLEANERS: Mapping[str, Callable[[bytes, Credit | None], CleanPicture]] = {
    "JPEG": clean_jpeg, "PNG": clean_png, "GIF": clean_gif, "WebP": clean_webp, "AVIF": clean_avif,
}  # fmt: skip
EXPORT = "export it as JPEG"
# Formats that browsers do not show, by the suffix of a file.
NOT_SHOWN: Mapping[str, str] = {
    ".heic": "HEIC", ".heif": "HEIC", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP", ".psd": "PSD",
    ".jxl": "JPEG XL", ".dng": "raw", ".cr2": "raw", ".nef": "raw", ".arw": "raw",
}  # fmt: skip
_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"), (SIGNATURE, "PNG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"BM", "BMP"), (b"8BPS", "PSD"),
)  # fmt: skip


def clean(data: bytes, suffix: str) -> CleanPicture:
    """Return a picture as it is published.

    Raises BadPictureError if the file is not a whole picture that browsers show."""
    try:
        return _cleaned(data, suffix)
    except (IndexError, ValueError):  # a number in it is impossible
        raise BadPictureError("it is damaged") from None
    except RecursionError:
        raise BadPictureError("it is nested too deeply") from None


def _cleaned(data: bytes, suffix: str) -> CleanPicture:
    if suffix == ".svg":
        return clean_svg(data, lambda inner: clean(inner, "").data)
    kind = format_of(data)
    cleaner = _CLEANERS.get(kind)
    if cleaner is None:
        if kind:
            raise BadPictureError(f"it is {kind}, which browsers do not show", EXPORT)
        raise BadPictureError("it is empty" if not data else "it is not a picture")
    picture = cleaner(data, None)
    return cleaner(turn(picture), picture.credit) if picture.orientation != 1 else picture


def with_credit(data: bytes, credit: Credit) -> bytes:
    """Return a picture without metadata but with a credit."""
    return _CLEANERS[format_of(data)](data, credit).data


def format_of(data: bytes) -> str:
    """Return the format of a picture by its first bytes, or nothing."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        size = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12], *(data[n : n + 4] for n in range(16, size, 4))}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        return "HEIC" if brands & {b"heic", b"heix", b"hevc", b"heim", b"mif1"} else ""
    return next((kind for begin, kind in _BEGINNINGS if data.startswith(begin)), "")
