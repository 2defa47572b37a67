"""A file, or the bytes of a page -> a response as a static host gives it: type, length, ranges."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO, NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from builder.hosting.headers import type_of

_CHUNK = 1 << 18  # bytes of a file that are read at a time
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)

# A preview changes all the time, and a browser is to ask each time.
PLAIN_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Range(NamedTuple):
    """The part of a body that is wanted: from a byte to another, which is not part of it."""

    start: int
    end: int


def range_of(request: Request, size: int, validators: tuple[str, ...]) -> Range | None:
    """The range that a request wants of `size` bytes; None where it wants all of them. A range
    that holds nothing is returned empty. Several ranges, and what is no range, may be answered
    with everything (RFC 9110, 14.2)."""
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if request.method != "GET" or match is None or match[1] == match[2] == "":
        return None
    if request.headers.get("if-range", validators[0]) not in validators:
        return None
    if not match[1]:  # the last so many bytes
        length = min(int(match[2]), size)
        return Range(size - length, size)
    start, end = int(match[1]), min(int(match[2] or size), size - 1) + 1
    if match[2] and int(match[2]) < int(match[1]):
        return None
    return Range(start, end) if start < size else Range(0, 0)


def answer_bytes(request: Request, body: bytes, media_type: str, status: int = 200) -> Response:
    """A page that was made in memory."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    wanted = range_of(request, len(body), (tag,)) if status == 200 else None
    if wanted is None:
        headers = _headers(media_type, len(body), tag)
        return Response(body, status, headers)
    if wanted.start >= wanted.end:
        return _unsatisfiable(len(body))
    part = body[wanted.start : wanted.end]
    headers = _headers(media_type, len(part), tag) | _content_range(wanted, len(body))
    return Response(part, 206, headers)


def answer_file(request: Request, source: Path) -> Response:
    """A file as it is. It is opened once: a build may put another in its place meanwhile, and
    length and bytes are to be those of one of them. OSError where it is not there any more."""
    file = source.open("rb")
    looks = os.fstat(file.fileno())
    size = looks.st_size
    tag = f'"{looks.st_mtime_ns:x}-{size:x}-{looks.st_ino:x}"'
    modified = formatdate(looks.st_mtime, usegmt=True)
    wanted = range_of(request, size, (tag, modified))
    if wanted is not None and wanted.start >= wanted.end:
        file.close()
        return _unsatisfiable(size)
    part = wanted or Range(0, size)
    length = part.end - part.start
    headers = _headers(type_of(source.name), length, tag) | {"Last-Modified": modified}
    status = 200
    if wanted:
        headers |= _content_range(part, size)
        status = 206
    if request.method == "GET" and length > _CHUNK:
        return StreamingResponse(_chunks(file, part), status, headers)
    with file:
        file.seek(part.start)
        body = file.read(length) if request.method == "GET" else b""
    return Response(body, status, headers)


def _chunks(file: BinaryIO, part: Range) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        left = part.end - part.start
        while left and (chunk := file.read(min(_CHUNK, left))):
            yield chunk
            left -= len(chunk)


def _headers(media_type: str, length: int, tag: str) -> dict[str, str]:
    return {
        "Content-Type": media_type,
        "Content-Length": str(length),
        "Accept-Ranges": "bytes",
        "ETag": tag,
        **PLAIN_HEADERS,
    }


def _content_range(part: Range, size: int) -> dict[str, str]:
    return {"Content-Range": f"bytes {part.start}-{part.end - 1}/{size}"}


def _unsatisfiable(size: int) -> Response:
    return Response(b"", 416, {"Content-Range": f"bytes */{size}", **PLAIN_HEADERS})


def answer_text(text: str, status: int, more: dict[str, str] | None = None) -> Response:
    """A plain sentence, where there is no page."""
    headers = {"Content-Type": "text/plain; charset=utf-8", **PLAIN_HEADERS, **(more or {})}
    return Response(f"{text}\n", status, headers)
