"""Reads the fields by which a source is evidence: its words, digests, copies in archives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from builder.diagnostics.misread import Misread
from builder.patterns import pattern

MAX_WORDS = 300  # characters of a source that a story may quote as evidence
WORDS_SCHEMA: dict[str, Any] = {"type": "string", "maxLength": MAX_WORDS}
DIGEST_SCHEMA: dict[str, Any] = {"type": "string", "pattern": "^(sha256:)?[0-9A-Fa-f]{64}$"}
_DIGEST = pattern(r"(?:sha256:)?([0-9a-f]{64})")
# The addresses of copies in the Wayback Machine, and in archives with the same software.
_STAMP = pattern(r"https?://[^/?#]+/(?:[\w-]+/)?(\d{14})(?:[a-z]{2}_)?/")


def limit_words(text: str) -> str:
    """Return the words of a source unchanged; raise Misread for too many."""
    if len(text) > MAX_WORDS:
        message = f"`words` has {len(text):,} characters; the limit is {MAX_WORDS}"
        raise Misread("too-long", message, "keep the one sentence, or the part of it, that says it")
    return text


def read_digest(text: str) -> str:
    """Return a SHA-256 digest in lower case; raise Misread for anything else."""
    found = _DIGEST.fullmatch(text.casefold())
    if not found:
        message = f"`{text[:70]}` is not a SHA-256 digest"
        raise Misread("invalid-digest", message, "copy all of its 64 digits, or remove the field")
    return found[1]


def stamp_of(address: str) -> datetime | None:
    """Return the moment in the address of an archived copy, in UTC."""
    found = _STAMP.match(address)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
