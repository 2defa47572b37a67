"""WebP: chunks of a RIFF file (RFC 9649)."""

from __future__ import annotations

from collections.abc import Iterator

from builder.media.credit import Credit, from_xmp, to_xmp
from builder.media.exif import read_exif
from builder.media.picture import TRUNCATED, BadPictureError, CleanPicture

_KEPT = (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ICCP")
_PIXELS = (b"VP8 ", b"VP8L", b"ANMF")
_ANIMATED, _XMP, _EXIF = 0x02, 0x04, 0x08  # flags of VP8X


def clean_webp(data: bytes, given: Credit | None = None) -> CleanPicture:
    """Return a WebP picture without metadata; `given` replaces its credit.

    Without a VP8X chunk, a picture has no metadata and none is added."""
    size = int.from_bytes(data[4:8], "little")
    if size + 8 > len(data):
        raise BadPictureError(TRUNCATED)
    chunks: list[bytes] = []
    orientation, xmp, exif = 1, Credit(), Credit()
    extended = bytearray()
    width = height = 0
    for kind, body in _chunks(data[12 : size + 8]):
        if kind == b"VP8X" and not extended:
            if len(body) < 10:
                raise BadPictureError("it is damaged")
            extended += body[:10]
            width, height = (int.from_bytes(body[n : n + 3], "little") + 1 for n in (4, 7))
        elif kind == b"EXIF":
            orientation, exif = read_exif(body)
        elif kind == b"XMP ":
            xmp = xmp.or_else(from_xmp(body))
        elif kind == b"ANMF":
            inner = b"".join(_chunk(k, b) for k, b in _chunks(body[16:]) if k in _KEPT)
            chunks.append(_chunk(kind, body[:16] + inner))
        elif kind in _KEPT:
            chunks.append(_chunk(kind, body))
            if not width and kind in _PIXELS:
                width, height = _size(kind, body)
    if not any(chunk[:4] in _PIXELS for chunk in chunks):
        raise BadPictureError("it has no picture")
    credit = given if given is not None else xmp.or_else(exif)
    if extended:
        if extended[0] & _ANIMATED:
            orientation = 1  # turning would stop the animation
        extended[0] &= ~(_XMP | _EXIF)
        if any(credit):
            extended[0] |= _XMP
            chunks.append(_chunk(b"XMP ", to_xmp(credit)))
        chunks.insert(0, _chunk(b"VP8X", bytes(extended)))
    whole = b"WEBP" + b"".join(chunks)
    riff = b"RIFF" + len(whole).to_bytes(4, "little") + whole
    return CleanPicture(riff, width, height, orientation, credit)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            raise BadPictureError(TRUNCATED)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Return the size in the header of compressed data."""
    if kind == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        width, height = (int.from_bytes(body[n : n + 2], "little") & 0x3FFF for n in (6, 8))
        return width, height
    raise BadPictureError("it is damaged")
