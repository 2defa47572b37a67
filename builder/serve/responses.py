"""Responses like those of a static host, with media types, lengths and ranges."""

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

_CHUNK = 1 << 18  # bytes to read at a time
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)

# The preview changes often, so browsers must not cache it.
PLAIN_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Range(NamedTuple):
    """A requested range of bytes, without `end`."""

    start: int
    end: int


def range_of(request: Request, size: int, validators: tuple[str, ...]) -> Range | None:
    """Return the requested range, or None for the whole body.

    The range is empty if it is unsatisfiable. Multiple ranges and invalid ones are ignored, as
    RFC 9110, section 14.2, permits."""
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if request.method != "GET" or match is None or match[1] == match[2] == "":
        return None
    if request.headers.get("if-range", validators[0]) not in validators:
        return None
    if not match[1]:  # a suffix: the last n bytes
        length = min(int(match[2]), size)
        return Range(size - length, size)
    start, end = int(match[1]), min(int(match[2] or size), size - 1) + 1
    if match[2] and int(match[2]) < int(match[1]):
        return None
    return Range(start, end) if start < size else Range(0, 0)


def answer_bytes(request: Request, body: bytes, media_type: str, status: int = 200) -> Response:
    """Return a response with a body from memory."""
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


def answer_html(request: Request, page: str, status: int = 200) -> Response:
    """Return a page of the preview itself."""
    return answer_bytes(
        request, page.encode("utf-8", "replace"), "text/html; charset=utf-8", status
    )


def answer_file(request: Request, source: Path) -> Response:
    """Return a response with the contents of a file.

    The file is opened only once, so that length and bytes match even if a build replaces it
    meanwhile. Raises OSError if it does not exist any more."""
    file = source.open("rb")
    stat = os.fstat(file.fileno())
    size = stat.st_size
    tag = f'"{stat.st_mtime_ns:x}-{size:x}-{stat.st_ino:x}"'
    modified = formatdate(stat.st_mtime, usegmt=True)
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
    """Return a response in plain text."""
    headers = {"Content-Type": "text/plain; charset=utf-8", **PLAIN_HEADERS, **(more or {})}
    return Response(f"{text}\n", status, headers)
