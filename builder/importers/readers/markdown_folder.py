"""What the readers of folders of Markdown share: their files, front matter and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.post import ArchiveFiles, OldPicture
from builder.importers.readers.files import LARGEST_TEXT, decoded
from builder.importers.readers.headers import OldHeaders, read_headers
from builder.importers.readers.values import as_text

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mdx")
_OTHER_FORMS = (".rst", ".adoc", ".asciidoc", ".org", ".textile", ".pandoc", ".ipynb")


class MarkdownFile(NamedTuple):
    """A text file of an archive: its name, its fields and its body."""

    name: str
    fields: dict[str, Any]
    body: str


def markdown_files(
    files: ArchiveFiles,
    inside: Callable[[str], bool],
    notes: ImportNotes,
    read: Callable[[str], OldHeaders] = read_headers,
    endings: tuple[str, ...] = MARKDOWN,
) -> Iterator[MarkdownFile]:
    """Yield the texts of an archive; note those that cannot be read."""
    for name in files.names():
        ending = PurePosixPath(name).suffix.lower()
        if not inside(name):
            continue
        if ending in _OTHER_FORMS:
            notes.add("other-form", name)
        if ending not in endings:
            continue
        try:
            if files.size(name) > LARGEST_TEXT:
                raise BadPost(f"it is larger than {LARGEST_TEXT // 1024**2} MB")
            found = read(decoded(files.read(name), name, notes))
        except (BadPost, BadArchive) as error:
            notes.add("unreadable", name, str(error))
            continue
        yield MarkdownFile(name, found.fields, found.body)


def first_of(fields: dict[str, Any], *names: str) -> Any:
    """Return the first field that has a value; case does not matter."""
    lower = {key.casefold(): value for key, value in fields.items()}
    for name in names:
        value = lower.get(name.casefold())
        if value not in (None, "", [], {}):
            return value
    return None


def picture_of(value: Any) -> OldPicture | None:
    """Return the picture in a field: text, a list or a mapping."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        lower = {str(key).casefold(): found for key, found in value.items()}
        address = next(
            (
                as_text(lower[k])
                for k in ("src", "url", "path", "file", "image", "feature")
                if lower.get(k)
            ),
            "",
        )
        alt = as_text(lower.get("alt") or lower.get("relative_alt"))
        return OldPicture(address, alt, as_text(lower.get("caption"))) if address else None
    address = as_text(value)
    return OldPicture(address) if address and address not in ("true", "false") else None


def title_of_name(name: str) -> str:
    """Return a title made of the name of a file."""
    stem = re.sub(r"^\d{4}-\d{1,2}-\d{1,2}[-_]", "", PurePosixPath(name).stem)
    words = re.sub(r"[-_]+", " ", stem).strip()
    return words[:1].upper() + words[1:]
