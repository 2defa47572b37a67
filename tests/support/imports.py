"""Imports of archives into small sites, and what a build of them would publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from builder.importers.kinds import kind_named
from builder.importers.notes import ImportNotes
from builder.importers.run import FinishedImport, ImportRequest, convert, prepare, write
from support.sites import problems, write_site

SETTINGS = """\
=== site.yaml
title: New
base_url: {base}
time_zone: {zone}
language: en-GB
author: desk
authors: [{{slug: desk, name: The desk, kind: organization}}]
"""


class Imported(NamedTuple):
    """A site after an import."""

    folder: Path
    notes: ImportNotes
    finished: FinishedImport

    def brief(self, slug: str) -> str:
        return (self.folder / f"content/briefs/{slug}.md").read_text("utf-8")

    def errors(self) -> list[str]:
        return [
            f"{d.path}:{d.line}: {d.code}: {d.message}"
            for d in problems(self.folder)
            if d.severity == "error"
        ]


def new_site(folder: Path, base: str = "https://old.example", zone: str = "UTC") -> Path:
    """A site without content, at an address."""
    return write_site(folder, SETTINGS.format(base=base, zone=zone), usual=False)


def import_into(
    folder: Path, kind: str, path: Path, accepted: bool | None = None, **more: object
) -> Imported:
    """Import an archive into a site."""
    notes = ImportNotes()
    request = ImportRequest(kind_named(kind), path, **more)  # type: ignore[arg-type]
    prepared = prepare(folder, request, notes)
    if accepted is not None:
        prepared.table.decide(prepared.table.proposals(), accepted)
    return Imported(folder, notes, write(convert(prepared)))


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files of an archive."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def shown(notes: ImportNotes) -> Iterator[tuple[str, int]]:
    """The code of each note with its count."""
    from builder.importers.notes import NOTES

    for code in NOTES:
        if count := notes.count(code):
            yield code, count
