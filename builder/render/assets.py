"""The files of templates/assets/, with digests in their addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from builder.content.template_files import TEMPLATES
from builder.diagnostics.conflicts import conflicts_in
from builder.diagnostics.diagnostic import Diagnostic
from builder.media.clean import PICTURES, clean
from builder.media.picture import BadPictureError
from builder.output.manifest import ManifestEntry, bytes_digest

ASSETS = "assets"
ASSET_TYPES = (".css", ".svg", ".png", ".ico", ".woff2", ".js", ".jpg", ".webp", ".txt")
_TEXTS = (".css", ".svg", ".js", ".txt")


class Asset(NamedTuple):
    """A file of templates/assets/, all of whose parts come from one read.

    A picture is published without its metadata: `clean` makes its bytes if it has any."""

    url: str  # contains a digest
    source: Path
    entry: ManifestEntry
    problems: tuple[Diagnostic, ...]  # merge conflicts, if it is a text
    clean: Callable[[], bytes] | None = None


def find_assets(folders: Sequence[Path]) -> dict[str, Asset]:
    """Return assets by name; earlier folders take precedence."""
    found: dict[str, Asset] = {}
    for folder in reversed(folders):
        base = folder / ASSETS
        for source in sorted(base.rglob("*")) if base.is_dir() else ():
            name = source.relative_to(base)
            hidden = any(part.startswith(".") for part in name.parts)
            inside = source.resolve().is_relative_to(base.resolve())
            if hidden or not inside or not source.is_file() or source.suffix not in ASSET_TYPES:
                continue
            with suppress(OSError):  # removed since it was listed
                found[name.as_posix()] = _read(name, source)
    return found


def _read(name: Path, source: Path) -> Asset:
    written = source.read_bytes()
    data = _published(written, source.suffix)
    mark = hashlib.blake2b(data, digest_size=5).hexdigest()
    marked = name.with_name(f"{name.stem}.{mark}{name.suffix}").as_posix()
    path = f"{TEMPLATES}/{ASSETS}/{name.as_posix()}"
    problems = tuple(conflicts_in(path, written)) if source.suffix in _TEXTS else ()
    entry = ManifestEntry(bytes_digest(data), len(data))
    made = partial(_again, source) if data != written else None
    return Asset(f"/{ASSETS}/{marked}", source, entry, problems, made)


def _again(source: Path) -> bytes:
    return _published(source.read_bytes(), source.suffix)


def _published(data: bytes, suffix: str) -> bytes:
    """Return the bytes of an asset as they are published.

    A picture that is damaged stays as it is: browsers may still show it."""
    if suffix in PICTURES:
        with suppress(BadPictureError):
            return clean(data, suffix).data
    return data
