"""Decides which pages of a Hugo site have no reader: drafts, pages not rendered, expired ones.

A section can set this for pages below it: gohugo.io/content-management/front-matter, Cascade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from builder.importers.readers.markdown_folder import MarkdownFile, first_of
from builder.importers.readers.values import as_text, is_true

_HIDES = ("draft", "build", "_build", "expirydate", "unpublishdate")


class Cascade:
    """What the configuration and sections set for the pages below them."""

    def __init__(self, configured: Any, texts: list[MarkdownFile]) -> None:
        self._configured = configured
        self._sections: dict[str, Any] = {}
        for text in texts:
            path = PurePosixPath(text.name)
            if path.name.startswith("_index.") and (cascade := first_of(text.fields, "cascade")):
                self._sections[str(path.parent)] = cascade

    def over(self, text: MarkdownFile) -> dict[str, Any]:
        """Return the fields of a page and what sections above set."""
        found: dict[str, Any] = {}
        folders = [str(folder) for folder in PurePosixPath(text.name).parents]
        for cascade in (self._configured, *map(self._sections.get, reversed(folders))):
            for values in _entries(cascade, text.name):
                found |= {k.casefold(): v for k, v in values.items() if k.casefold() in _HIDES}
        own = {key.casefold() for key in text.fields}
        return {**{k: v for k, v in found.items() if k not in own}, **text.fields}


def is_draft(fields: dict[str, Any]) -> bool:
    """Return whether a page is a draft: `draft`, or else `published: false`."""
    draft = first_of(fields, "draft")
    return is_true(draft) if draft is not None else is_flag(fields, "false")


def is_flag(fields: dict[str, Any], *words: str) -> bool:
    """Return whether `published` is one of these words.

    It may also be a date."""
    return as_text(first_of(fields, "published")).casefold() in words


def is_rendered(fields: dict[str, Any]) -> bool:
    """Return whether a page has an address of its own."""
    build = first_of(fields, "build", "_build") or {}
    never = isinstance(build, dict) and as_text(build.get("render")) in ("never", "false")
    return not never and not is_true(fields.get("headless"))


def _entries(cascade: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the values of a cascade that apply to a page."""
    for entry in cascade if isinstance(cascade, list) else [cascade]:
        if not isinstance(entry, dict):
            continue
        target = first_of(entry, "target", "_target")
        if not isinstance(target, dict) or _is_meant(target, name):
            params = first_of(entry, "params")
            yield {**(params if isinstance(params, dict) else {}), **entry}


def _is_meant(target: dict[str, Any], name: str) -> bool:
    """Return whether a target means a page: `kind`, and `path` as a glob.

    Alternatives in braces are not read and mean every page, so that nothing hidden is shown."""
    kind, path = as_text(target.get("kind")), as_text(target.get("path"))
    stem = "/" + name.rpartition(".")[0].removesuffix("/index")
    return kind in ("", "page") and (not path or "{" in path or fnmatchcase(stem, path))
