"""The files of templates/assets/, with digests in their addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from builder.content.media import acting
from builder.content.template_files import TEMPLATES, leads_out
from builder.diagnostics.conflicts import conflicts_in
from builder.diagnostics.diagnostic import Diagnostic
from builder.media.clean import PICTURES, clean
from builder.media.picture import ActivePictureError, BadPictureError
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
    problems: tuple[Diagnostic, ...]  # merge conflicts in a text, a drawing that acts
    clean: Callable[[], bytes] | None = None


def find_assets(folders: Sequence[Path]) -> dict[str, Asset]:
    """Return assets by name; earlier folders take precedence."""
    found: dict[str, Asset] = {}
    for folder in reversed(folders):
        base = folder / ASSETS
        for source in sorted(base.rglob("*")) if base.is_dir() else ():
            name = source.relative_to(base)
            hidden = any(part.startswith(".") for part in name.parts)
            elsewhere = leads_out(folder, f"{ASSETS}/{name.as_posix()}")
            if hidden or elsewhere or not source.is_file() or source.suffix not in ASSET_TYPES:
                continue
            with suppress(OSError):  # removed since it was listed
                found[name.as_posix()] = _read(name, source)
    return found


def _read(name: Path, source: Path) -> Asset:
    written = source.read_bytes()
    path = f"{TEMPLATES}/{ASSETS}/{name.as_posix()}"
    problems = tuple(conflicts_in(path, written)) if source.suffix in _TEXTS else ()
    try:
        data = _published(written, source.suffix)
    except ActivePictureError as bad:
        data, problems = written, (*problems, *acting(path, bad))
    mark = hashlib.blake2b(data, digest_size=5).hexdigest()
    marked = name.with_name(f"{name.stem}.{mark}{name.suffix}").as_posix()
    entry = ManifestEntry(bytes_digest(data), len(data))
    made = partial(_again, source) if data != written else None
    return Asset(f"/{ASSETS}/{marked}", source, entry, problems, made)


def _again(source: Path) -> bytes:
    return _published(source.read_bytes(), source.suffix)


def _published(data: bytes, suffix: str) -> bytes:
    """Return the bytes of an asset as they are published.

    A picture that is damaged stays as it is: browsers may still show it. Raises
    ActivePictureError for a drawing that acts, which is an error."""
    if suffix in PICTURES:
        try:
            return clean(data, suffix).data
        except ActivePictureError:
            raise
        except BadPictureError:
            return data
    return data
