"""Finds what documents and films say of their author and place, which stays in them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from builder.patterns import pattern

_LARGEST = 64 << 20  # bytes of a document that are searched
_MOST_UNPACKED = 4 << 20
_MOST_STREAMS = 500
_MOST_BOXES = 10_000

_PDF = (
    (pattern(rb"/Author\s*(?:\((?!\))|<(?!>|<))"), "its author"),
    (pattern(rb"<dc:creator>|pdf:Author"), "its author"),
    (pattern(rb"file:///|\((?:[A-Z]:\\\\?|/Users/|/home/)"), "a path on a computer"),
    (pattern(rb"GPSLatitude|/LGIDict"), "a place"),
)
_STREAM = pattern(rb"/(?:ObjStm|Metadata)\b[^>]*?>>\s*stream\r?\n", re.DOTALL)
_FILM = {
    b"\xa9xyz": "a place", b"loci": "a place", b"\xa9ART": "its author", b"\xa9aut": "its author",
    b"\xa9too": "the program that made it", b"\xa9swr": "the program that made it",
    b"\xa9mak": "the camera", b"\xa9mod": "the camera",
}  # fmt: skip
_KEYS = (
    (b"location.ISO6709", "a place"), (b"com.apple.quicktime.author", "its author"),
    (b"com.apple.quicktime.make", "the camera"), (b"com.apple.quicktime.model", "the camera"),
)  # fmt: skip
_CONTAINERS = (b"moov", b"udta", b"trak", b"ilst", b"mdia")


def metadata_of(source: Path, suffix: str) -> tuple[str, ...]:
    """Return what a document or film says besides its content. Raises OSError."""
    if suffix not in (".pdf", ".mp4"):
        return ()
    with source.open("rb") as stream:
        found = _of_pdf(stream.read(_LARGEST)) if suffix == ".pdf" else _of_film(stream)
        return tuple(dict.fromkeys(found))


def _of_pdf(data: bytes) -> Iterator[str]:
    parts = [data]
    for number, match in enumerate(_STREAM.finditer(data)):
        if number >= _MOST_STREAMS:
            break
        try:
            parts.append(zlib.decompressobj().decompress(data[match.end() :], _MOST_UNPACKED))
        except zlib.error:
            continue  # it is not compressed, so it has been searched
    for expression, word in _PDF:
        if any(expression.search(part) for part in parts):
            yield word


def _of_film(stream: BinaryIO) -> Iterator[str]:
    """Yield what the boxes of a film say (ISO/IEC 14496-12, QuickTime)."""
    end = stream.seek(0, 2)
    waiting = [(0, end)]
    for _ in range(_MOST_BOXES):
        if not waiting:
            return
        at, end = waiting.pop()
        if at + 8 > end:
            continue
        stream.seek(at)
        head = stream.read(16)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        size = size or end - at
        if size < 8 or at + size > end:
            continue
        waiting.append((at + size, end))
        if kind in _FILM and size > 12:
            yield _FILM[kind]
        elif kind in (b"meta", b"uuid", b"XMP_"):
            stream.seek(at)
            body = stream.read(min(size, _MOST_UNPACKED))
            for mark, word in _KEYS:
                if mark in body:
                    yield word
            if b"GPSLatitude" in body:
                yield "a place"
            for mark in (b"\xa9ART", b"\xa9too", b"\xa9xyz"):
                if mark in body:
                    yield _FILM[mark]
        elif kind in _CONTAINERS:
            waiting.append((at + 8, at + size))
