"""PNG: chunks up to the end of the picture (W3C, PNG third edition)."""

from __future__ import annotations

import zlib

from builder.media.credit import Credit, from_xmp, text_of, to_xmp
from builder.media.exif import read_exif
from builder.media.picture import TRUNCATED, BadPictureError, CleanPicture

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Pixels, colours, density and animation. All other chunks are metadata or private.
_KEPT = frozenset(
    (
        b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
        b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
    )
)  # fmt: skip
_XMP = b"XML:com.adobe.xmp"
_MOST_TEXT = 1 << 20  # bytes of a compressed text that are read


def clean_png(data: bytes, given: Credit | None = None) -> CleanPicture:
    """Return a PNG picture without metadata; `given` replaces its credit."""
    chunks: list[bytes] = []
    orientation, written = 1, Credit()
    at = len(SIGNATURE)
    kinds: set[bytes] = set()
    while True:
        if at + 12 > len(data):
            raise BadPictureError(TRUNCATED)
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data):
            raise BadPictureError(TRUNCATED)
        chunk, body = data[at:end], data[at + 8 : end - 4]
        at = end
        if not kind[0] & 0x20 and zlib.crc32(chunk[4:-4]).to_bytes(4, "big") != chunk[-4:]:
            raise BadPictureError("it is damaged")
        if not kinds and (kind != b"IHDR" or size != 13):
            raise BadPictureError("it is damaged")
        kinds.add(kind)
        if kind == b"IEND":
            break
        if kind in _KEPT:
            chunks.append(chunk)
        elif kind == b"eXIf":
            orientation, found = read_exif(body)
            written = written.or_else(found)
        elif kind in (b"iTXt", b"tEXt", b"zTXt"):
            written = _credit(kind, body).or_else(written)
        elif not kind[0] & 0x20:
            raise BadPictureError("it has a part that no browser knows")
    if b"IDAT" not in kinds:
        raise BadPictureError("it has no picture")
    credit = given if given is not None else written
    if any(credit):
        chunks.insert(1, _chunk(b"iTXt", _XMP + b"\0\0\0\0\0" + to_xmp(credit)))
    if b"acTL" in kinds:
        orientation = 1  # turning would stop the animation
    width, height = (int.from_bytes(data[n : n + 4], "big") for n in (16, 20))
    whole = b"".join([SIGNATURE, *chunks, _chunk(b"IEND", b"")])
    return CleanPicture(whole, width, height, orientation, credit)


def _chunk(kind: bytes, body: bytes) -> bytes:
    sealed = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + sealed


def _credit(kind: bytes, body: bytes) -> Credit:
    """Return the credit in a text chunk."""
    keyword, _, rest = body.partition(b"\0")
    if kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:]
        rest = rest.partition(b"\0")[2].partition(b"\0")[2]
    else:
        packed, rest = kind == b"zTXt", rest[1:] if kind == b"zTXt" else rest
    if packed:
        try:
            rest = zlib.decompressobj().decompress(rest, _MOST_TEXT)
        except zlib.error:
            return Credit()
    if keyword == _XMP:
        return from_xmp(rest)
    if keyword == b"Author" and (name := text_of(rest)):
        return Credit(creators=(name,))
    return Credit(rights=text_of(rest)) if keyword == b"Copyright" else Credit()
