"""Files that are published besides pages: as they are, or pictures without their metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from builder.content.media import published_bytes
from builder.content.pictures import variants_of
from builder.engine.session import LoadedTemplates, Session
from builder.media.picture import BadPictureError
from builder.output.manifest import ManifestEntry, bytes_digest
from builder.output.stat_cache import CopyCache, FileStat
from builder.output.target import OutputError, OutputTarget, why
from builder.site.site import Site
from builder.store import StoreDamaged


class Copy(NamedTuple):
    """A file that is published as it is, or a picture without its metadata.

    A picture has its `entry` from the cache; `clean` makes its bytes if they differ from the
    source."""

    path: str  # in the output
    source: Path
    entry: ManifestEntry | None = None
    clean: Callable[[], bytes] | None = None


def present_copies(
    session: Session, site: Site, variants: tuple[Copy, ...]
) -> dict[str, ManifestEntry]:
    """Return the present digests of copied files. Raises SourceLost."""
    copies, templates = CopyCache(None), session.templates
    assert templates is not None
    found = list_copies(site, templates, variants)
    return {copy.path: copy.entry or copies.entry(copy.source) for copy in found}


def list_copies(site: Site, templates: LoadedTemplates, variants: Iterable[Copy]) -> Iterator[Copy]:
    """Yield the files that are published besides pages."""
    pictures = site.config.settings.pictures
    linked, shown = site.published_media
    names = linked | templates.media.keys() & site.media.keys()
    for name in sorted(names | shown):
        file = site.media[name]
        if name not in names and variants_of(file, pictures).whole:
            continue  # pages show only its variants
        clean = partial(published_bytes, file) if file.cleaned else None
        yield Copy(f"media/{name}", file.source, file.entry, clean)
    yield from variants
    for asset in templates.assets.values():
        yield Copy(asset.url.lstrip("/"), asset.source, asset.entry, asset.clean)


def write_cleaned(copies: Iterable[Copy], target: OutputTarget) -> dict[str, FileStat]:
    """Write pictures without metadata, one at a time."""
    stats = {}
    for copy in copies:
        assert copy.clean is not None
        target.prepare()
        try:
            data = copy.clean()
            if ManifestEntry(bytes_digest(data), len(data)) != copy.entry:
                raise StoreDamaged  # or it changed meanwhile; in both cases it is read again
            stats[copy.path] = target.write(copy.path, data)
        except (OSError, BadPictureError, StoreDamaged) as error:
            target.abandon()
            if isinstance(error, StoreDamaged):
                raise
            reason = why(error, target.output) if isinstance(error, OSError) else str(error)
            raise OutputError(reason) from error
    return stats
