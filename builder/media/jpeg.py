"""JPEG: segments up to the end of the picture (ITU-T T.81, annex B)."""

from __future__ import annotations

from builder.media.credit import Credit, from_photoshop, from_xmp, to_xmp
from builder.media.exif import read_exif
from builder.media.picture import TRUNCATED, BadPictureError, CleanPicture
from builder.patterns import pattern

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP13, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})  # Huffman, quantisation, restarts
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a segment
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
# The end of compressed data: a marker that is neither a stuffed byte nor a restart.
_MARKER = pattern(rb"\xff+[^\x00\xff\xd0-\xd7]")


def clean_jpeg(data: bytes, given: Credit | None = None) -> CleanPicture:
    """Return a JPEG picture without metadata; `given` replaces its credit.

    Whatever follows its end, such as a second picture or a film, is left out."""
    head: list[bytes] = []
    rest: list[bytes] = []
    orientation, exif, xmp, iptc = 1, Credit(), Credit(), Credit()
    width = height = -1
    at, scans = 2, 0
    while True:
        marker, at = _next_marker(data, at)
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        size = int.from_bytes(data[at : at + 2], "big")
        end = at + size
        if size < 2 or end > len(data):
            raise BadPictureError(TRUNCATED if size >= 2 else "it is damaged")
        body = data[at + 2 : end]
        segment = b"\xff" + bytes((marker,)) + data[at:end]
        at = end
        if marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= 14 and not head:
            head.append(_segment(_APP0, body[:12] + b"\0\0"))  # without its thumbnail
        elif marker == _APP1 and body.startswith(b"Exif\0"):
            orientation, exif = read_exif(body[6:])
        elif marker == _APP1 and body.startswith(_XMP):
            xmp = xmp.or_else(from_xmp(body[len(_XMP) :]))
        elif marker == _APP13 and body.startswith(b"Photoshop 3.0\0"):
            iptc = iptc.or_else(from_photoshop(body[14:]))
        elif marker == _APP2 and body.startswith(b"ICC_PROFILE\0"):
            rest.append(segment)
        elif marker == _APP14 and body.startswith(b"Adobe") and len(body) >= 12:
            rest.append(_segment(_APP14, body[:12]))  # how colours are encoded
        elif marker in _FRAMES:
            if len(body) < 6:
                raise BadPictureError("it is damaged")
            height, width = (int.from_bytes(body[n : n + 2], "big") for n in (1, 3))
            rest.append(segment)
        elif marker == _SOS:
            found = _MARKER.search(data, at)
            if found is None:
                raise BadPictureError(TRUNCATED)
            rest += (segment, data[at : found.start()])
            at, scans = found.start(), scans + 1
        elif marker in _TABLES:
            rest.append(segment)
        elif not (_APP0 <= marker <= _APP15 or marker == _COM or 0xF0 <= marker <= 0xFD):
            raise BadPictureError("it is damaged")
    if not scans or width < 0:
        raise BadPictureError("it has no picture")
    credit = given if given is not None else xmp.or_else(iptc).or_else(exif)
    if any(credit):
        head.append(_segment(_APP1, _XMP + to_xmp(credit)))
    return CleanPicture(
        b"".join([b"\xff\xd8", *head, *rest, b"\xff\xd9"]), width, height, orientation, credit
    )


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    """Return the next marker and the offset after it."""
    if at + 1 >= len(data):
        raise BadPictureError(TRUNCATED)
    if data[at] != 0xFF:
        raise BadPictureError("it is damaged")
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at == len(data):
        raise BadPictureError(TRUNCATED)
    return data[at], at + 1


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes((marker,)) + (len(body) + 2).to_bytes(2, "big") + body
