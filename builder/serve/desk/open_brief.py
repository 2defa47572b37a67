"""The brief that a form of the desk changes, as it was when the form was shown."""

from __future__ import annotations

import difflib
import re
from collections import OrderedDict
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple

from builder.content.config import read_config
from builder.content.document import Document, read_document
from builder.content.files import record_files
from builder.content.schema import read_record
from builder.content.walk import walk_content
from builder.editing.find import NoSuchBrief
from builder.editing.steps import digest
from builder.model.brief import Brief
from builder.safe_files import plain_bytes

_KEPT = 200  # versions of files that forms were shown with


class OpenBrief(NamedTuple):
    """A brief's file: its bytes, its fields and its record."""

    path: str
    data: bytes
    document: Document
    record: Brief
    zone: tzinfo

    @property
    def digest(self) -> str:
        """Return the digest of the file's bytes."""
        return digest(self.data) or ""

    @property
    def title(self) -> str:
        """Return the title, or the name of the file."""
        title = self.document.fields.get("title")
        return title if isinstance(title, str) else self.path.rpartition("/")[2]

    @property
    def status(self) -> str:
        """Return the status, as it is written."""
        status = self.document.fields.get("status")
        return status if isinstance(status, str) else "published"


def open_brief(root: Path, path: str) -> OpenBrief:
    """Return a brief of the site, by the path of its file.

    Only the path of a file of content/briefs/ is one. Raises NoSuchBrief."""
    files = record_files(walk_content(root), [])
    if not any(file.path == path for file in files if file.kind is Brief):
        raise NoSuchBrief(f"there is no brief {path}" if path else "no brief was named")
    try:
        data = plain_bytes(root / path)
    except OSError as error:
        raise NoSuchBrief(f"{path} cannot be read: {error.strerror}") from None
    document, _ = read_document(path, data)
    if document is None:
        document = Document(path, {}, {}, "", 1, [], {})
    config = read_config(root)
    return OpenBrief(
        path,
        data,
        document,
        read_record(Brief, document, config.zone, slugs=config.slugs)[0],
        config.zone,
    )


class ShownFiles:
    """The bytes of files that forms were shown with, by their digests; the latest only."""

    def __init__(self) -> None:
        self._bytes: OrderedDict[str, bytes] = OrderedDict()

    def keep(self, data: bytes) -> str:
        """Keep the bytes of a file, and return their digest."""
        key = digest(data) or ""
        self._bytes[key] = data
        self._bytes.move_to_end(key)
        while len(self._bytes) > _KEPT:
            self._bytes.popitem(last=False)
        return key

    def changes(self, key: str, now: bytes) -> list[str]:
        """Return the lines of a diff from a kept version."""
        before = self._bytes.get(key)
        return [*diff_lines(before, now)] if before is not None else []


def diff_lines(before: bytes | None, after: bytes | None) -> Iterator[str]:
    """Yield the lines of a diff, without the names of files."""
    old, new = (_lines(data) for data in (before, after))
    yield from [*difflib.unified_diff(old, new, lineterm="", n=2)][2:]


def _lines(data: bytes | None) -> list[str]:
    return re.split(r"\r\n|\r|\n", data.decode("utf-8", "replace")) if data is not None else []
