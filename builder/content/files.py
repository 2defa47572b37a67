"""Finds the files of content/ that are read as records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from builder.content.reply_files import is_catalog, is_history, is_replies
from builder.content.walk import CONTENT, MEDIA, FileSource, Walk, note_problem
from builder.diagnostics.diagnostic import Diagnostic
from builder.model.entity import FOLDERS, PROFILE_FIELDS, Profile
from builder.model.record import Record
from builder.names.suggest import did_you_mean
from builder.stat import Stat


class ContentFile(NamedTuple):
    """A file that is read as a record."""

    path: str  # relative to the site's folder, with `/`
    source: FileSource
    kind: type[Record]
    stat: Stat


def is_record(path: str) -> bool:
    """Return whether the name of a file is that of a record."""
    return path.lower().endswith((".md", ".markdown"))


def kind_of(path: str) -> type[Record] | None:
    """Return the kind of record of a file in content/, if any."""
    top, _, rest = path.partition("/")
    folder, _, name = rest.partition("/")
    if top != CONTENT or not name:
        return None
    if folder in PROFILE_FIELDS and split_language(PurePosixPath(name).stem)[1]:
        return Profile
    return dict(FOLDERS).get(folder)


def split_language(stem: str) -> tuple[str, str]:
    """Return a file name without its language tag, and the tag."""
    name, _, tag = stem.rpartition(".")
    if not name:
        return stem, ""
    from builder.content.fields import is_known_language  # few names have a dot

    return (name, tag) if is_known_language(tag) else (stem, "")


def _is_beside(path: str) -> bool:
    """Return whether a file belongs to records without being one."""
    return is_replies(path) or is_catalog(path) or is_history(path)


def record_files(walk: Walk, problems: list[Diagnostic]) -> Iterator[ContentFile]:
    """Yield each file of a record, sorted by path; report other files."""
    kinds = dict(FOLDERS)
    for folder, files in walk.folders():
        kind = kinds.get(folder)
        if kind and folder not in PROFILE_FIELDS and all(f[0].endswith(".md") for f in files):
            for path, source, file_stat in files:
                yield ContentFile(path, source, kind, file_stat)
        elif folder != MEDIA:
            yield from _checked(files, problems)


def _checked(
    files: list[tuple[str, FileSource, Stat]], problems: list[Diagnostic]
) -> Iterator[ContentFile]:
    """Yield the files of records among those of one folder."""
    kinds, begin = dict(FOLDERS), len(CONTENT) + 1
    read: dict[str, str] = {}  # the files of records, by path without the ending
    for path, source, file_stat in files:
        folder, _, rest = path[begin:].partition("/")
        if folder not in kinds and _is_beside(path):
            continue
        if not path.endswith(".md") and not is_record(path):
            hint = "move it to content/media/ to publish it, or end the name of a text in .md"
            note_problem(problems, path, "stray-file", "this file is ignored", hint)
        elif not rest or folder not in kinds:
            hint = did_you_mean(folder, kinds) or f"move it to one of: {', '.join(kinds)}, {MEDIA}"
            message = "this file is not in a folder of records"
            note_problem(problems, path, "unknown-folder", message, hint)
        elif (other := read.setdefault(path[: path.rindex(".")], path)) != path:
            message = f"{PurePosixPath(other).name} is another file of this record"
            note_problem(problems, path, "duplicate-slug", message, "remove or rename one of them")
        else:
            yield ContentFile(path, source, kind_of(path) or kinds[folder], file_stat)
