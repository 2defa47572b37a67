"""AVIF: boxes and items of a HEIF file (ISO/IEC 14496-12, 23008-12).

Offsets in the file point at absolute positions, so no byte moves: what goes is overwritten, with
zeros or with a `free` box."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from builder.media.credit import Credit, from_xmp, to_xmp
from builder.media.picture import TRUNCATED, BadPictureError, CleanPicture

DAMAGED = "it is damaged"
_TOP = (b"ftyp", b"meta", b"mdat", b"moov")
_IN_FILM = (b"moov", b"trak", b"mdia", b"minf")
_TIMES = (b"mvhd", b"tkhd", b"mdhd")  # when it was made
_LEFT_IN_FILM = (b"udta", b"meta", b"uuid", b"free", b"skip")
_PROPERTIES = frozenset(
    (
        b"ispe", b"pixi", b"colr", b"pasp", b"clap", b"irot", b"imir", b"av1C", b"a1op", b"a1lx",
        b"lsel", b"auxC", b"clli", b"mdcv", b"cclv", b"amve", b"reve", b"ndwt",
    )
)  # fmt: skip
_MOST_DEPTH = 8


class _Box(NamedTuple):
    kind: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes | bytearray, at: int, end: int) -> Iterator[_Box]:
    """Yield the boxes between two offsets."""
    while at < end:
        if at + 8 > end:
            raise BadPictureError(TRUNCATED)
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif not size:
            size = end - at
        if size < head or at + size > end:
            raise BadPictureError(TRUNCATED if size >= head else DAMAGED)
        yield _Box(kind, at, at + head, at + size)
        at += size


class _Item(NamedTuple):
    """An item: its type, and where its bytes are (offset and length)."""

    number: int
    kind: bytes
    media: bytes
    inside: bool  # in the box `idat`
    extents: tuple[tuple[int, int], ...]


def clean_avif(data: bytes, given: Credit | None = None) -> CleanPicture:
    """Return an AVIF picture without metadata.

    Its credit is that of its XMP, if there is room for it."""
    out = bytearray(data)
    meta = film = None
    end = 0
    tops = []
    try:
        for box in boxes(data, 0, len(data)):
            tops.append(box)
            end = box.end
            meta = meta or (box if box.kind == b"meta" else None)
            film = film or (box if box.kind == b"moov" else None)
    except BadPictureError:
        if meta is None or not any(box.kind == b"mdat" for box in tops):
            raise  # otherwise something follows the picture
    if meta is None:
        raise BadPictureError("it has no picture")
    for box in tops:
        if box.kind not in _TOP:
            _erase(out, box)
    if film:
        _clean_film(out, film, 0)
    width, height, credit = _clean_meta(data, out, meta, tops, film is not None)
    return CleanPicture(bytes(out[:end]), width, height, credit=credit)


def _erase(out: bytearray, box: _Box) -> None:
    out[box.start + 4 : box.start + 8] = b"free"
    out[box.body : box.end] = bytes(box.end - box.body)


def _clean_film(out: bytearray, parent: _Box, depth: int) -> None:
    for box in [*boxes(out, parent.body, parent.end)]:
        if box.kind in _LEFT_IN_FILM:
            _erase(out, box)
        elif box.kind in _IN_FILM and depth < _MOST_DEPTH:
            _clean_film(out, box, depth + 1)
        elif box.kind in _TIMES and box.end >= box.body + 20:
            size = 16 if out[box.body] == 1 else 8
            out[box.body + 4 : box.body + 4 + size] = bytes(size)
        elif box.kind == b"hdlr":
            _erase_name(out, box)


def _erase_name(out: bytearray, box: _Box) -> None:
    """Empty the name of a handler, which says which program wrote it."""
    start = min(box.body + 24, box.end)
    out[start : box.end] = bytes(box.end - start)


def _clean_meta(
    data: bytes, out: bytearray, meta: _Box, tops: list[_Box], film: bool
) -> tuple[int, int, Credit]:
    """Remove the items with metadata. Returns the picture's size and credit."""
    inner = {box.kind: box for box in boxes(data, meta.body + 4, meta.end)}
    if not {b"iinf", b"iloc", b"iprp", b"pitm"} <= inner.keys():
        raise BadPictureError("it has no picture")
    items = _items(data, inner[b"iinf"], inner[b"iloc"])
    stored = inner.get(b"idat")
    removed, credit = set(), Credit()
    for item in items:
        if item.kind in (b"Exif", b"uri ") or item.kind == b"mime":
            if item.media == b"application/rdf+xml":
                credit = credit.or_else(from_xmp(_bytes_of(data, item, stored)))
            removed.add(item.number)
    packet = to_xmp(credit) if any(credit) else b""
    kept_xmp = next((i for i in items if packet and _fits(i, packet)), None)
    if kept_xmp:
        removed.discard(kept_xmp.number)
    else:
        credit = Credit()
    _rewrite(data, out, meta, inner, removed)
    spaces = [box for box in tops if box.kind == b"mdat"] if not film else []
    for box in (*spaces, *([stored] if stored else [])):
        out[box.body : box.end] = bytes(box.end - box.body)
    for item in items:
        base = stored.body if item.inside and stored else 0
        for start, length in item.extents:
            at = base + start
            if item.number in removed:
                if film:
                    out[at : at + length] = bytes(length)
            elif item is kept_xmp:
                out[at : at + length] = packet.ljust(length)
            elif not _overlaps(meta, at, length) or (stored and item.inside):
                out[at : at + length] = data[at : at + length]
    width, height = _size(data, inner)
    return width, height, credit


def _fits(item: _Item, packet: bytes) -> bool:
    return (
        item.media == b"application/rdf+xml"
        and len(item.extents) == 1
        and item.extents[0][1] >= len(packet)
    )


def _overlaps(box: _Box, at: int, length: int) -> bool:
    return at < box.end and at + length > box.start


def _bytes_of(data: bytes, item: _Item, stored: _Box | None) -> bytes:
    base = stored.body if item.inside and stored else 0
    return b"".join(data[base + at : base + at + length] for at, length in item.extents)


def _items(data: bytes, names: _Box, places: _Box) -> list[_Item]:
    """Return the items that have bytes."""
    kinds = {number: (kind, media) for number, kind, media, _ in _infos(data, names)}
    found = []
    for number, inside, extents, _ in _locations(data, places):
        for start, length in extents:
            if start + length > len(data):
                raise BadPictureError(TRUNCATED)
        found.append(_Item(number, *kinds.get(number, (b"", b"")), inside, extents))
    return found


def _infos(data: bytes, box: _Box) -> Iterator[tuple[int, bytes, bytes, _Box]]:
    """Yield the number, type, media type and box of each item."""
    start = box.body + (6 if data[box.body] == 0 else 8)
    for entry in boxes(data, start, box.end):
        version = data[entry.body]
        if entry.kind != b"infe" or version < 2:
            raise BadPictureError(DAMAGED)
        wide = 4 if version > 2 else 2
        number = int.from_bytes(data[entry.body + 4 : entry.body + 4 + wide], "big")
        at = entry.body + 6 + wide
        _, _, rest = data[at + 4 : entry.end].partition(b"\0")
        yield number, data[at : at + 4], rest.partition(b"\0")[0], entry


def _locations(
    data: bytes, box: _Box
) -> Iterator[tuple[int, bool, tuple[tuple[int, int], ...], bytes]]:
    """Yield the number, place, extents and entry of each item."""
    version, sizes = data[box.body], data[box.body + 4 : box.body + 6]
    if version > 2 or len(sizes) < 2:
        raise BadPictureError(DAMAGED)
    offset, length, base, index = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4, sizes[1] & 15
    index = index if version else 0
    wide = 4 if version == 2 else 2
    at = box.body + 6

    def number_of(size: int) -> int:
        nonlocal at
        at += size
        if at > box.end:
            raise BadPictureError(TRUNCATED)
        return int.from_bytes(data[at - size : at], "big")

    for _ in range(number_of(wide)):
        start = at
        item = number_of(wide)
        inside = bool(number_of(2) & 15) if version else False
        number_of(2)
        origin = number_of(base)
        extents = []
        for _ in range(number_of(2)):
            number_of(index)
            extents.append((origin + number_of(offset), number_of(length)))
        yield item, inside, tuple(extents), data[start:at]


def _rewrite(
    data: bytes, out: bytearray, meta: _Box, inner: dict[bytes, _Box], removed: set[int]
) -> None:
    """Write the box `meta` again without some items, and fill it up."""
    parts = [data[meta.body : meta.body + 4]]
    for box in inner.values():
        parts.append(_rewritten(data, box, removed))
    made = b"".join(parts)
    room = meta.end - meta.body - len(made)
    if room and room < 8:
        raise BadPictureError(DAMAGED)
    filling = room.to_bytes(4, "big") + b"free" + bytes(room - 8) if room else b""
    moved = inner.get(b"idat")
    if moved and made.find(b"idat") + 4 != moved.body - meta.body:
        # Its bytes are addressed from its own start, so the box may move; here it stays in place.
        raise BadPictureError("its pixels and its metadata are stored together")
    out[meta.body : meta.end] = made + filling


def _rewritten(data: bytes, box: _Box, removed: set[int]) -> bytes:
    if box.kind == b"iinf":
        wide = 2 if data[box.body] == 0 else 4
        infos = [_info(data, entry) for n, _, _, entry in _infos(data, box) if n not in removed]
        head = data[box.body : box.body + 4] + len(infos).to_bytes(wide, "big")
        return _box(b"iinf", head + b"".join(infos))
    if box.kind == b"iloc":
        wide = 4 if data[box.body] == 2 else 2
        rows = [entry for n, _, _, entry in _locations(data, box) if n not in removed]
        head = data[box.body : box.body + 6] + len(rows).to_bytes(wide, "big")
        return _box(b"iloc", head + b"".join(rows))
    if box.kind == b"iref":
        wide = 2 if data[box.body] == 0 else 4
        kept = [data[box.body : box.body + 4]]
        for entry in boxes(data, box.body + 4, box.end):
            step = (entry.body, entry.body + wide)
            numbers = {int.from_bytes(data[slice(*step)], "big")}
            rest = data[entry.body + wide + 2 : entry.end]
            numbers |= {
                int.from_bytes(rest[n : n + wide], "big") for n in range(0, len(rest), wide)
            }
            if not numbers & removed:
                kept.append(data[entry.start : entry.end])
        return _box(b"iref", b"".join(kept))
    whole = bytearray(data[box.start : box.end])
    shift = _Box(box.kind, 0, box.body - box.start, len(whole))
    if box.kind == b"iprp":
        for part in boxes(bytes(whole), shift.body, shift.end):
            if part.kind == b"ipco":
                for found in boxes(bytes(whole), part.body, part.end):
                    if found.kind not in _PROPERTIES:
                        _erase(whole, found)
    elif box.kind == b"hdlr":
        _erase_name(whole, shift)
    elif box.kind not in (b"pitm", b"idat", b"grpl", b"dinf"):
        _erase(whole, shift)
    return bytes(whole)


def _info(data: bytes, entry: _Box) -> bytes:
    """Return the entry of an item with an empty name, as long as before."""
    wide = 4 if data[entry.body] > 2 else 2
    at = entry.body + 10 + wide
    media = data[at : entry.end].partition(b"\0")[2].partition(b"\0")[0]
    rest = b"\0" + media if data[at - 4 : at] == b"mime" else b""
    return data[entry.start : at] + rest.ljust(entry.end - at, b"\0")


def _box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def _size(data: bytes, inner: dict[bytes, _Box]) -> tuple[int, int]:
    """Return the size of the primary item, as turned."""
    primary_box, properties = inner[b"pitm"], inner[b"iprp"]
    wide = 2 if data[primary_box.body] == 0 else 4
    primary = int.from_bytes(data[primary_box.body + 4 : primary_box.body + 4 + wide], "big")
    known: list[_Box] = []
    indexes: list[int] = []
    for box in boxes(data, properties.body, properties.end):
        if box.kind == b"ipco":
            known = [*boxes(data, box.body, box.end)]
        elif box.kind == b"ipma":
            indexes += _properties_of(data, box, primary)
    width = height = 0
    turned = False
    for index in indexes:
        if 0 < index <= len(known):
            found = known[index - 1]
            if found.kind == b"ispe":
                width, height = (
                    int.from_bytes(data[found.body + n : found.body + n + 4], "big") for n in (4, 8)
                )
            elif found.kind == b"irot":
                turned = bool(data[found.body] & 1)
    if not width or not height:
        raise BadPictureError(DAMAGED)
    return (height, width) if turned else (width, height)


def _properties_of(data: bytes, box: _Box, item: int) -> list[int]:
    wide = 2 if data[box.body] < 1 else 4
    large = data[box.body + 3] & 1
    at = box.body + 8
    found: list[int] = []
    while at + wide < box.end:
        number, count = int.from_bytes(data[at : at + wide], "big"), data[at + wide]
        at += wide + 1
        for _ in range(count):
            if number == item and at < box.end:
                found.append(
                    int.from_bytes(data[at : at + 2], "big") & 0x7FFF if large else data[at] & 0x7F
                )
            at += 2 if large else 1
    return found
