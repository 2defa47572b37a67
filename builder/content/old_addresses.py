"""Reads the former addresses of a record: slugs, and whole paths of other programs."""

from __future__ import annotations

import re
import unicodedata
from datetime import tzinfo
from urllib.parse import unquote_to_bytes

from builder.content.fields import READERS, check_slug, is_reserved
from builder.content.urls import split_address
from builder.diagnostics.misread import Misread
from builder.model.values import Line
from builder.patterns import pattern

MAX_SEGMENT = 200  # bytes of a name in a path, of the 255 that file systems allow
MAX_PATH = 1000  # bytes of a path, of the 1,024 that object storage allows
# Characters with a meaning in the configuration of servers and hosts.
_SPECIAL = pattern(r"[*{}\"<>|\\^`;$\[\]]")
_QUERY = pattern(r"[A-Za-z0-9._~%-]+=[A-Za-z0-9._~%+/:@-]*")
_ENCODED = pattern(r"%(?![0-9A-Fa-f]{2})")


def read_old_address(text: str, zone: tzinfo) -> str:
    """Return a slug, or a decoded path that begins with `/`.

    A path without an ending is that of a folder: `/2024/old` becomes `/2024/old/`."""
    text = READERS[Line].read(text, zone)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        hint = "write its path, such as `/2024/old/`"
        if parts := split_address(text):
            meant = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            hint = f"write its path: `{meant}`"
        raise _wrong(text, "it is a whole address", hint)
    if not text.startswith("/"):
        if "/" in text or "." in text or "?" in text:
            raise _wrong(text, "a path begins with `/`", f"write `/{text}`")
        return check_slug(text, "unicode")
    path, mark, query = text.partition("?")
    found = _read_path(text, path)
    if mark and not all(map(_QUERY.fullmatch, query.split("&"))):
        hint = "write parameters with values, as in `/index.php?p=123`"
        raise _wrong(text, "its query cannot be matched", hint)
    return f"{found}?{query}" if mark else found


def _read_path(text: str, path: str) -> str:
    if "#" in text:
        raise _wrong(text, "browsers do not send what follows `#`", "remove `#` and what follows")
    if _ENCODED.search(path):
        raise _wrong(text, "a percent sign begins no encoded character", "write `%25` for it")
    if re.search(r"%(2f|5c)", path, re.IGNORECASE):
        raise _wrong(text, "it has an encoded slash", "leave this redirect out")
    try:
        decoded = unicodedata.normalize("NFC", unquote_to_bytes(path).decode("utf-8"))
    except UnicodeDecodeError:
        message = "its encoded characters are not UTF-8"
        raise _wrong(text, message, "leave it out, or write the characters themselves") from None
    if bad := _SPECIAL.search(decoded):
        message = f"servers give `{bad[0]}` a meaning"
        raise _wrong(text, message, "leave this redirect out")
    if not decoded.isprintable():
        raise _wrong(text, "it has an invisible character", "leave this redirect out")
    segments = decoded.removeprefix("/").split("/")
    for n, segment in enumerate(segments):
        if segment or (n < len(segments) - 1 and len(segments) > 1):
            _check_segment(text, segment)
    if len(decoded.encode()) > MAX_PATH:
        raise _wrong(text, f"it is longer than {MAX_PATH} bytes", "leave this redirect out")
    folder = not segments[-1] or "." not in segments[-1]
    return f"{decoded.rstrip('/')}/" if folder else decoded


def _check_segment(text: str, segment: str) -> None:
    """Raise Misread if some system cannot store a part of a path."""
    if not segment:
        raise _wrong(text, "it has two slashes in a row", "write one")
    if segment.startswith("."):
        message = f"`{segment}` begins with a dot, and such files are not published"
        raise _wrong(text, message, "leave this redirect out")
    if segment.endswith((".", " ")):
        message = f"`{segment}` ends with a dot or a space, which Windows removes"
        raise _wrong(text, message, "leave this redirect out")
    if is_reserved(segment.partition(".")[0].casefold()):
        message = f"`{segment}` is a reserved name on Windows"
        raise _wrong(text, message, "leave this redirect out")
    if len(segment.encode()) > MAX_SEGMENT:
        message = f"a part of it is longer than {MAX_SEGMENT} bytes"
        raise _wrong(text, message, "leave this redirect out")


def _wrong(text: str, why: str, hint: str) -> Misread:
    shown = text if len(text) <= 80 else f"{text[:80]}…"
    return Misread("invalid-redirect", f"`{shown}` is not a former address: {why}", hint)
