"""The running program as a wheel (PyPA, Binary distribution format), the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from builder.content.template_files import STARTER, TEMPLATES
from builder.errors import SluglineError
from builder.program import PACKAGE

_DATE = (2020, 1, 1, 0, 0, 0)  # of every file
_REQUIREMENTS = "requirements/site.txt"  # the tested versions, with hashes
_DOCS = "builder/docs"
# Where a wheel has what a checkout has beside the package, as in pyproject.toml.
_BESIDE = {
    "templates": "builder/starter/templates",
    "docs/diagnostics": f"{_DOCS}/diagnostics",
    _REQUIREMENTS: f"builder/{_REQUIREMENTS}",
}


class CannotPack(SluglineError):
    """A program that is not installed, so that it cannot be packed again."""


def make_wheel() -> tuple[str, bytes]:
    """Return the name and bytes of a wheel of the running program.

    Raises CannotPack if it runs without being installed."""
    try:
        installed = distribution("slugline")
    except PackageNotFoundError:
        raise CannotPack("this copy of Slugline is not installed; install it with pip") from None
    info = f"slugline-{installed.version}.dist-info"
    files = {name: path.read_bytes() for name, path in _package_files()}
    files |= {f"{info}/{name}": data for name, data in _metadata(installed)}
    rows = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(files.items())]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return f"slugline-{installed.version}-py3-none-any.whl", packed.getvalue()


def pinned_requirements() -> str:
    """Return the pinned requirements of the program, with hashes."""
    packaged = PACKAGE / _REQUIREMENTS
    source = packaged if packaged.is_file() else PACKAGE.parent / _REQUIREMENTS
    return source.read_text("utf-8")


def _package_files() -> Iterator[tuple[str, Path]]:
    """Yield the name in a wheel and the path of each file of the program."""
    yield from _below(PACKAGE, "builder")
    if (STARTER / TEMPLATES).is_dir():
        return  # installed from a wheel, which has everything in the package
    root = PACKAGE.parent
    for source, name in _BESIDE.items():
        yield from _below(root / source, name)
    for page in sorted((root / "docs").glob("*.md")):
        yield f"{_DOCS}/{page.name}", page


def _below(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield name, path
        return
    for file in sorted(path.rglob("*")):
        parts = file.relative_to(path).parts
        if file.is_file() and "__pycache__" not in parts:
            yield "/".join((name, *parts)), file


def _metadata(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a wheel that describe it."""
    for name in ("METADATA", "WHEEL", "entry_points.txt"):
        text = installed.read_text(name)
        if text is None:
            raise CannotPack(f"the installation of Slugline has no {name}; install it again")
        yield name, text.encode("utf-8")
    licence = installed.read_text("licenses/LICENSE")
    if licence is not None:
        yield "licenses/LICENSE", licence.encode("utf-8")


def _digest(data: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
