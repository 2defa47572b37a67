"""The files of templates/assets/, with digests in their addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from builder.content.template_files import TEMPLATES
from builder.diagnostics.conflicts import conflicts_in
from builder.diagnostics.diagnostic import Diagnostic

ASSETS = "assets"
ASSET_TYPES = (".css", ".svg", ".png", ".ico", ".woff2", ".js", ".jpg", ".webp", ".txt")
_TEXTS = (".css", ".svg", ".js", ".txt")


class Asset(NamedTuple):
    """A file of templates/assets/."""

    url: str  # contains the digest
    source: Path
    digest: str


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
            digest = hashlib.blake2b(source.read_bytes(), digest_size=5).hexdigest()
            marked = name.with_name(f"{name.stem}.{digest}{name.suffix}").as_posix()
            found[name.as_posix()] = Asset(f"/{ASSETS}/{marked}", source, digest)
    return found


def check_assets(assets: Mapping[str, Asset]) -> list[Diagnostic]:
    """Return the merge conflicts in style sheets, scripts and other texts."""
    found: list[Diagnostic] = []
    for name, asset in assets.items():
        if asset.source.suffix in _TEXTS:
            found += conflicts_in(f"{TEMPLATES}/{ASSETS}/{name}", asset.source.read_bytes())
    return found
