"""Copies of Slugline's templates for a site to change, and their upgrades."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from builder.content.template_files import TEMPLATES, package_templates
from builder.editing.three_way import Merged, merge_texts
from builder.editing.transaction import replace_files
from builder.errors import SluglineError
from builder.render.copies import ORIGINALS, TemplateCopy, find_copies, optional_bytes
from builder.safe_files import make_folders


class TemplateError(SluglineError):
    """A template that cannot be copied, compared or merged; the message says why."""


class Listed(NamedTuple):
    """A template or an asset, and whether a site has a version of its own."""

    name: str
    state: str


def list_templates(root: Path) -> list[Listed]:
    """Return all templates and assets, Slugline's own and the site's."""
    package = package_templates()
    found = {
        path.relative_to(package).as_posix(): "ours"
        for path in package.rglob("*")
        if path.is_file()
    }
    found |= {copy.name: copy.state for copy in find_copies(root)}
    return [Listed(name, state) for name, state in sorted(found.items())]


def copy_template(root: Path, name: str) -> str:
    """Copy one of Slugline's templates into a site, and return its path.

    Raises TemplateError if the site has it already, or Slugline does not have it."""
    path = f"{TEMPLATES}/{name}"
    if name in {copy.name for copy in find_copies(root)}:
        raise TemplateError(f"{path} already exists")
    data = _package_bytes(name)
    original = f"{TEMPLATES}/{ORIGINALS}/{name}"
    before = optional_bytes(root / original)
    for folder in (Path(path).parent, Path(original).parent):
        make_folders(root, folder.as_posix())
    replace_files(root, {path: (None, data), original: (before, data)})
    return path


def diff_template(root: Path, name: str) -> Iterator[str]:
    """Yield the lines of the differences between a site's template and Slugline's.

    If Slugline's has changed since it was copied, these changes follow."""
    copy = _copy(root, name)
    package = _package_bytes(name)
    path, ours = f"{TEMPLATES}/{name}", f"slugline/{name}"
    was = package if copy.original is None else copy.original
    yield from _diff(was, copy.data, f"{ours} (copied)" if was != package else ours, path)
    yield from _diff(was, package, f"{ours} (copied)", f"{ours} (now)")


def merge_template(root: Path, name: str) -> Merged | None:
    """Add Slugline's changes since the copy to a site's template.

    Returns None if there is nothing to add. Raises TemplateError if the copy's original is
    unknown, or a file is not a text."""
    copy = _copy(root, name)
    package = _package_bytes(name)
    if copy.original is None:
        raise TemplateError(
            f"it is not known from which version {TEMPLATES}/{name} was copied; compare it with"
            f" `slugline templates diff {name}`, change it by hand, and then run"
            f" `slugline templates merge --done {name}`"
        )
    if copy.original == package:
        return None
    try:
        texts = [data.decode() for data in (copy.original, copy.data, package)]
    except UnicodeDecodeError:
        raise TemplateError(
            f"{TEMPLATES}/{name} is not a text; replace it with Slugline's or keep it, and then run"
            f" `slugline templates merge --done {name}`"
        ) from None
    merged = merge_texts(texts[0], texts[1], texts[2], (f"{TEMPLATES}/{name}", f"slugline/{name}"))
    _keep(root, copy, merged.text.encode(), package)
    return merged


def accept_template(root: Path, name: str) -> None:
    """Note that a site's template has been brought up to date."""
    copy = _copy(root, name)
    _keep(root, copy, copy.data, _package_bytes(name))


def _keep(root: Path, copy: TemplateCopy, data: bytes, package: bytes) -> None:
    path, original = f"{TEMPLATES}/{copy.name}", f"{TEMPLATES}/{ORIGINALS}/{copy.name}"
    make_folders(root, Path(original).parent.as_posix())
    replace_files(root, {path: (copy.data, data), original: (copy.original, package)})


def _copy(root: Path, name: str) -> TemplateCopy:
    found = next((copy for copy in find_copies(root) if copy.name == name), None)
    if found is None:
        raise TemplateError(f"the site has no {TEMPLATES}/{name}; it uses Slugline's own")
    return found


def _package_bytes(name: str) -> bytes:
    folder = package_templates()
    known = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]}?" if near else "; `slugline templates` lists them"
        raise TemplateError(f"Slugline has no template {name}{hint}")
    return (folder / name).read_bytes()


def _diff(was: bytes, now: bytes, before: str, after: str) -> Iterator[str]:
    lines = [data.decode("utf-8", "replace").splitlines() for data in (was, now)]
    yield from difflib.unified_diff(lines[0], lines[1], before, after, lineterm="")
