"""What earlier imports wrote: content/.imported.json, which is committed with the site.

It has the file of each post by its identity in the archive, with the digest of what was written. So
a second import knows which files an editor has changed since, and which are new. The decisions on
names are in it too. It is a file of its own, not a field of front matter: editors need not see it,
and copying a brief does not copy it. It is hidden, so a build does not read it, and it is written
in the same transaction as the files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from builder.content.walk import CONTENT
from builder.editing.steps import digest
from builder.importers.bad_archive import BadArchive
from builder.safe_files import plain_bytes

PATH = f"{CONTENT}/.imported.json"
NameDecision = Literal["companies", "people", "topics"]


class WrittenFile(Struct, frozen=True):
    """A file that an import wrote, and the digest of its bytes then."""

    path: str
    digest: str


class ImportRecord(Struct, frozen=True):
    """The files of earlier imports, by archive and identity; decisions on names, by key."""

    posts: dict[str, dict[str, WrittenFile]] = {}
    names: dict[str, NameDecision] = {}

    def with_files(
        self, archive: str, files: Mapping[str, WrittenFile], names: Mapping[str, NameDecision]
    ) -> ImportRecord:
        """Return the record with more files and decisions."""
        known = {**self.posts.get(archive, {}), **files}
        return ImportRecord({**self.posts, archive: known}, {**self.names, **names})

    def encoded(self) -> bytes:
        """Return the bytes of the file: one post a line, sorted."""
        lines = ["{", ' "names": {']
        names = [
            f"  {json.dumps(k, ensure_ascii=False)}: {json.dumps(v)}"
            for k, v in sorted(self.names.items())
        ]
        lines += [",\n".join(names), " },", ' "posts": {']
        archives = []
        for archive, files in sorted(self.posts.items()):
            rows = [
                f"   {json.dumps(source, ensure_ascii=False)}:"
                f' {{"path": {json.dumps(file.path)}, "digest": {json.dumps(file.digest)}}}'
                for source, file in sorted(files.items())
            ]
            archives.append(
                f"  {json.dumps(archive, ensure_ascii=False)}: {{\n" + ",\n".join(rows) + "\n  }"
            )
        lines += [",\n".join(archives), " }", "}", ""]
        return "\n".join(line for line in lines if line or line is lines[-1]).encode("utf-8")


class StoredImports(NamedTuple):
    """The record of earlier imports, and the bytes of its file, None if there is none."""

    record: ImportRecord
    data: bytes | None


def read_imports(root: Path) -> StoredImports:
    """Read the record of earlier imports; raises BadArchive if it is damaged."""
    try:
        data = plain_bytes(root / PATH)
    except FileNotFoundError:
        return StoredImports(ImportRecord(), None)
    try:
        return StoredImports(msgspec.json.decode(data, type=ImportRecord), data)
    except msgspec.DecodeError as error:
        raise BadArchive(f"{PATH} is damaged: {error}; restore it from version control") from None


def file_digest(data: bytes) -> str:
    """Return the digest of a file's bytes."""
    return digest(data) or ""
