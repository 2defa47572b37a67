"""The orientation and the credit in Exif data."""

from __future__ import annotations

import struct
from typing import NamedTuple

from builder.media.credit import Credit, text_of

_ORIENTATION, _ARTIST, _COPYRIGHT = 0x0112, 0x013B, 0x8298
_MOST = 512  # entries of a directory that are read
_LONGEST = 4096  # bytes of a text


class Exif(NamedTuple):
    """What is used of Exif data."""

    orientation: int = 1  # from 1 to 8 (TIFF 6.0)
    credit: Credit = Credit()


def read_exif(data: bytes) -> Exif:
    """Return the first directory of Exif data, as far as readable."""
    data = data.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return Exif()
    found: dict[int, bytes] = {}
    orientation = 1
    try:
        (start,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, start)
        for n in range(min(count, _MOST)):
            at = start + 2 + 12 * n
            tag, kind, length, where = struct.unpack_from(f"{order}HHII", data, at)
            if tag == _ORIENTATION and kind == 3:
                (orientation,) = struct.unpack_from(f"{order}H", data, at + 8)
            elif tag in (_ARTIST, _COPYRIGHT) and kind == 2:
                begin = at + 8 if length <= 4 else where
                found[tag] = data[begin : begin + min(length, _LONGEST)]
    except struct.error:  # it ends early
        pass
    artist = text_of(found.get(_ARTIST, b"").rstrip(b"\0"))
    # A second notice, after a zero byte, is the editor's.
    rights = text_of(found.get(_COPYRIGHT, b"").partition(b"\0")[0])
    credit = Credit((artist,) if artist else (), rights)
    return Exif(orientation if 1 <= orientation <= 8 else 1, credit)
