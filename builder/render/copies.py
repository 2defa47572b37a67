"""A site's own versions of Slugline's templates and assets, and what they were copied from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from builder.content.template_files import TEMPLATES, leads_out, own_templates, package_templates
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.patterns import pattern

# Has each template as it was when it was copied. Its name hides it from the search for templates.
ORIGINALS = ".originals"
State = Literal["extended", "changed", "unchanged", "outdated", "own"]


_EXTENDS = pattern(rb"\{%-?\s*extends\s+[\"']slugline/")


class TemplateCopy(NamedTuple):
    """A file of templates/ that takes the place of one of Slugline's, or is the site's own.

    `original` is what it was copied from, if that is known, and `package` Slugline's present
    version, if there is one."""

    name: str
    data: bytes
    original: bytes | None
    package: bytes | None

    @property
    def state(self) -> State:
        if self.package is None or self.data == self.package:
            return "own" if self.package is None else "unchanged"
        if self.original is not None:
            return "changed" if self.original == self.package else "outdated"
        return "extended" if _EXTENDS.search(self.data) else "changed"


def find_copies(root: Path) -> Iterator[TemplateCopy]:
    """Yield the files of a site's templates/, without hidden ones."""
    folder, package = own_templates(root), package_templates()
    if folder is None:
        return
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if hidden or leads_out(folder, name) or not path.is_file():
            continue
        with suppress(OSError):
            data = path.read_bytes()
            original = None
            if not leads_out(folder, f"{ORIGINALS}/{name}"):
                original = optional_bytes(folder / ORIGINALS / name)
            yield TemplateCopy(name, data, original, optional_bytes(package / name))


def check_copies(root: Path) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each outdated copy of a template."""
    folder = own_templates(root)
    if folder is None or not (folder / ORIGINALS).is_dir():
        return
    for copy in find_copies(root):
        if copy.state == "outdated":
            yield Diagnostic.of(
                f"{TEMPLATES}/{copy.name}",
                Place(),
                "outdated-template",
                f"Slugline's own {copy.name} has changed since it was copied here",
                f"run `slugline templates merge {copy.name}`",
            )


def optional_bytes(path: Path) -> bytes | None:
    """Return the bytes of a file, if it can be read."""
    with suppress(OSError):
        return path.read_bytes()
    return None
