"""GIF: blocks up to the trailer (CompuServe, GIF89a)."""

from __future__ import annotations

from builder.media.credit import Credit, from_xmp, to_xmp
from builder.media.picture import TRUNCATED, BadPictureError, CleanPicture

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS_AND_COLOURS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_XMP = b"XMP DataXMP"
# Leads a reader that knows only sub-blocks through the packet (XMP specification, part 3).
_MAGIC = bytes((1, *range(255, -1, -1), 0))


def clean_gif(data: bytes, given: Credit | None = None) -> CleanPicture:
    """Return a GIF picture without comments, texts and metadata."""
    if len(data) < 13:
        raise BadPictureError(TRUNCATED)
    width, height = (int.from_bytes(data[n : n + 2], "little") for n in (6, 8))
    at = 13 + _colours(data[10])
    head, blocks = data[6:at], []
    credit, images = Credit(), 0
    while True:
        if at >= len(data):
            raise BadPictureError(TRUNCATED)
        start, kind = at, data[at]
        if kind == _TRAILER:
            break
        if kind == _IMAGE and at + 11 <= len(data):
            at = _after_blocks(data, at + 11 + _colours(data[at + 9]))
            blocks.append(data[start:at])
            images += 1
        elif kind == _EXTENSION and at + 2 < len(data):
            label, name = data[at + 1], data[at + 3 : at + 14]
            at = _after_blocks(data, at + 2)
            if label == _APPLICATION and name == _XMP:
                packet = data[start + 14 : max(start + 14, at - len(_MAGIC))]
                credit = credit.or_else(from_xmp(packet))
            elif label == _CONTROL or (label == _APPLICATION and name in _LOOPS_AND_COLOURS):
                blocks.append(data[start:at])
        else:
            raise BadPictureError(TRUNCATED if at + 11 > len(data) else "it is damaged")
    if not images:
        raise BadPictureError("it has no picture")
    credit = given if given is not None else credit
    if any(credit):
        blocks.append(bytes((_EXTENSION, _APPLICATION, 11)) + _XMP + to_xmp(credit) + _MAGIC)
    version = b"GIF89a" if any(credit) else data[:6]
    whole = b"".join([version, head, *blocks, bytes((_TRAILER,))])
    return CleanPicture(whole, width, height, credit=credit)


def _colours(flags: int) -> int:
    """Return the bytes of a colour table."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    """Return the offset after a series of sub-blocks."""
    while at < len(data) and data[at]:
        at += data[at] + 1
    if at >= len(data):
        raise BadPictureError(TRUNCATED)
    return at + 1
