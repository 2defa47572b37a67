"""The files of templates/assets/, with digests in their addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from builder.content.template_files import TEMPLATES
from builder.diagnostics.conflicts import conflicts_in
from builder.diagnostics.diagnostic import Diagnostic
from builder.output.manifest import ManifestEntry, bytes_digest

ASSETS = "assets"
ASSET_TYPES = (".css", ".svg", ".png", ".ico", ".woff2", ".js", ".jpg", ".webp", ".txt")
_TEXTS = (".css", ".svg", ".js", ".txt")


class Asset(NamedTuple):
    """A file of templates/assets/, all of whose parts come from one read."""

    url: str  # contains a digest
    source: Path
    entry: ManifestEntry
    problems: tuple[Diagnostic, ...]  # merge conflicts, if it is a text


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
    data = source.read_bytes()
    mark = hashlib.blake2b(data, digest_size=5).hexdigest()
    marked = name.with_name(f"{name.stem}.{mark}{name.suffix}").as_posix()
    path = f"{TEMPLATES}/{ASSETS}/{name.as_posix()}"
    problems = tuple(conflicts_in(path, data)) if source.suffix in _TEXTS else ()
    entry = ManifestEntry(bytes_digest(data), len(data))
    return Asset(f"/{ASSETS}/{marked}", source, entry, problems)
