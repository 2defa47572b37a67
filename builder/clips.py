"""The texts of clipped pages, in .slugline/clips/.

One file per page and version, named `ADDRESS-TEXT.txt`: the digest of the normalised address
(`content.urls.same_address`; `0` for a page without one) and the first 16 digits of the text's
SHA-256. It is UTF-8 with line feeds: a first line, fields, a blank line, and the text.

    slugline clip 1
    url: https://www.example.com/story
    at: 2025-06-15T09:30:00+00:00
    sha256: 0d1c…            (of the text below, all of it, 64 digits)
    page: 5b7e…              (SHA-256 of the page as it was saved or fetched)
    lang: nl
    title: A headline

    The first paragraph.

    The second paragraph.

The text is the article alone, one line per paragraph, with a blank line between paragraphs. Such a
file is a copy for checks (`slugline evidence`) and never a part of the site. It may be lost,
damaged or foreign at any time: `find_clips` returns only those whose text has its digest."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from builder.safe_files import make_folders, plain_bytes, replace_file
from builder.store import CLIPS
from builder.store import FOLDER as STORE

FOLDER = f"{STORE}/{CLIPS}"
_FIRST = "slugline clip 1"
_MOST = 8 << 20  # bytes of a file that is read
_FIELD = re.compile(r"([a-z0-9]+): (.*)")


class Clip(NamedTuple):
    """The text of a page as it was when it was clipped."""

    url: str
    at: str  # ISO 8601, UTC
    text: str
    page: str  # SHA-256 of the page
    lang: str = ""
    title: str = ""

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def clip_name(address: str, clip: Clip) -> str:
    """Return the name of a clip's file.

    `address` is the digest of its address."""
    return f"{address or '0'}-{clip.sha256[:16]}.txt"


def write_clip(root: Path, address: str, clip: Clip) -> str:
    """Write the text of a page; return the path of its file."""
    fields = {
        "url": clip.url, "at": clip.at, "sha256": clip.sha256, "page": clip.page,
        "lang": clip.lang, "title": clip.title,
    }  # fmt: skip
    lines = [
        _FIRST,
        *(f"{key}: {' '.join(value.split())}" for key, value in fields.items() if value),
    ]
    name = clip_name(address, clip)
    data = "\n".join((*lines, "", clip.text)).encode()
    replace_file(make_folders(root, FOLDER) / name, [data])
    return f"{FOLDER}/{name}"


def find_clips(root: Path, address: str) -> list[Clip]:
    """Return the clips of an address, the oldest first.

    It is given by its digest."""
    found = []
    for path in sorted((root / FOLDER).glob(f"{address}-*.txt")):
        with suppress(OSError, ValueError):
            if clip := read_clip(plain_bytes(path)):
                found.append(clip)
    return sorted(found, key=lambda clip: clip.at)


def read_clip(data: bytes) -> Clip | None:
    """Return a clip, or None.

    None for anything else, and for a text that does not have its digest."""
    if len(data) > _MOST:
        return None
    head, _, text = data.decode("utf-8", "replace").partition("\n\n")
    first, *lines = head.split("\n")
    fields = {match[1]: match[2] for line in lines if (match := _FIELD.fullmatch(line))}
    if first != _FIRST or fields.get("sha256") != hashlib.sha256(text.encode()).hexdigest():
        return None
    return Clip(
        fields.get("url", ""), fields.get("at", ""), text, fields.get("page", ""),
        fields.get("lang", ""), fields.get("title", ""),
    )  # fmt: skip
