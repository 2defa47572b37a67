"""Finds a brief by what an editor calls it: a file, a slug, or a part of its title."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from builder.content.document import read_front_matter
from builder.content.files import ContentFile, record_files
from builder.content.walk import walk_content
from builder.errors import SluglineError
from builder.model.brief import Brief
from builder.names.suggest import did_you_mean
from builder.safe_files import plain_bytes

_SHOWN = 5  # briefs in a message


class NoSuchBrief(SluglineError):
    """A name that no brief has, or several; the message says which are near."""


class FoundBrief(NamedTuple):
    """A brief's file: its path below the site's folder, its slug and its title."""

    path: str
    slug: str
    title: str


def list_briefs(root: Path) -> Iterator[FoundBrief]:
    """Yield the briefs of a site; an unreadable one has no title."""
    for file in record_files(walk_content(root), []):
        if file.kind is Brief:
            yield _found(root, file)


def _found(root: Path, file: ContentFile) -> FoundBrief:
    stem = PurePosixPath(file.path).stem
    try:
        document = read_front_matter(file.path, plain_bytes(root / file.path))
    except OSError:
        document = None
    fields = document.fields if document else {}
    slug, title = fields.get("slug"), fields.get("title")
    return FoundBrief(
        file.path,
        slug if isinstance(slug, str) else stem,
        title if isinstance(title, str) else "",
    )


def find_brief(root: Path, text: str, folder: Path | None = None) -> FoundBrief:
    """Return the brief that a text means.

    A path may be relative to `folder`. Raises NoSuchBrief if there is none, or if there are
    several."""
    briefs = [*list_briefs(root)]
    found = _by_path(root, briefs, text, folder)
    if found is None:
        name = text.strip().strip("/").rpartition("/")[2].removesuffix(".md")
        same = [b for b in briefs if name in (b.slug, PurePosixPath(b.path).stem)]
        part = " ".join(text.split()).casefold()
        same = same or [b for b in briefs if part and b.title.casefold() == part]
        same = same or [
            b for b in briefs if part and (part in b.title.casefold() or part in b.slug)
        ]
        if len(same) > 1:
            raise NoSuchBrief(f"`{text}` is a part of several names:{_listed(same)}")
        if not same:
            raise NoSuchBrief(f"no brief is called `{text}`; {_near(text, briefs)}")
        found = same[0]
    return found


def _by_path(
    root: Path, briefs: list[FoundBrief], text: str, folder: Path | None
) -> FoundBrief | None:
    real = os.path.realpath(root)
    given = {text.replace(os.sep, "/"), f"content/briefs/{text}"}
    if "/" in text or text.endswith((".md", ".markdown")):
        place = Path(os.path.realpath((folder or Path.cwd()) / text))
        if place.is_relative_to(real):
            given.add(place.relative_to(real).as_posix())
    return next((brief for brief in briefs if brief.path in given), None)


def _listed(briefs: list[FoundBrief]) -> str:
    lines = [f"\n  {brief.slug}: {brief.title}" for brief in briefs[:_SHOWN]]
    more = len(briefs) - _SHOWN
    return "".join(lines) + (f"\n  and {more} more" if more > 0 else "")


def _near(text: str, briefs: list[FoundBrief]) -> str:
    known = [name for brief in briefs for name in (brief.slug, brief.title) if name]
    return did_you_mean(text, known) or "give its slug, its file, or a part of its title"
