"""The files of templates/assets/, with digests in their addresses."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import NamedTuple
from urllib.parse import quote, unquote

from builder.content.media import acting
from builder.content.template_files import TEMPLATES, leads_out
from builder.content.urls import split_address
from builder.diagnostics.conflicts import conflicts_in
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.media.clean import PICTURES, clean
from builder.media.picture import ActivePictureError, BadPictureError
from builder.output.manifest import ManifestEntry, bytes_digest
from builder.render.asset_links import AssetAddress
from builder.render.css import CssLink, replace_links

ASSETS = "assets"
_TEXTS = (".css", ".svg", ".js", ".mjs", ".txt")
_SCRIPTS = (".js", ".mjs")


class Asset(NamedTuple):
    """A file of templates/assets/, all of whose parts come from one read.

    A picture is published without its metadata, and a style sheet with the addresses of other
    assets: `clean` makes these bytes if they differ from the file."""

    url: str  # contains a digest
    source: Path
    entry: ManifestEntry
    problems: tuple[Diagnostic, ...]  # conflicts, addresses that lead nowhere, a drawing that acts
    clean: Callable[[], bytes] | None = None
    integrity: str = ""  # the digest of a script (W3C, Subresource Integrity)
    # Files of content/media/ that a style sheet names; the diagnostic is for one that is missing.
    media: tuple[tuple[str, Diagnostic], ...] = ()

    @property
    def address(self) -> AssetAddress:
        return AssetAddress(self.url, self.integrity)


def find_assets(folders: Sequence[Path]) -> dict[str, Asset]:
    """Return assets by name; earlier folders take precedence."""
    sources: dict[str, Path] = {}
    for folder in reversed(folders):
        base = folder / ASSETS
        for source in sorted(base.rglob("*")) if base.is_dir() else ():
            name = source.relative_to(base)
            hidden = any(part.startswith(".") for part in name.parts)
            elsewhere = leads_out(folder, f"{ASSETS}/{name.as_posix()}")
            if not hidden and not elsewhere and source.is_file():
                sources[name.as_posix()] = source
    reader = _Reader(sources)
    found = ((name, reader.read(name)) for name in sources)
    return {name: asset for name, asset in found if asset}


class _Reader:
    """Reads assets, those first that a style sheet names."""

    def __init__(self, sources: Mapping[str, Path]) -> None:
        self.sources = sources
        self.known: dict[str, Asset | None] = {}
        self.within: list[str] = []  # the style sheets that are being read

    def read(self, name: str) -> Asset | None:
        """Return an asset, or None if it was removed since it was listed."""
        if name not in self.known:
            self.known[name] = None
            with suppress(OSError):
                self.known[name] = self._read(PurePosixPath(name), self.sources[name])
        return self.known[name]

    def _read(self, name: PurePosixPath, source: Path) -> Asset:
        written = source.read_bytes()
        path = f"{TEMPLATES}/{ASSETS}/{name}"
        suffix = name.suffix.lower()
        problems = [*conflicts_in(path, written)] if suffix in _TEXTS else []
        made: Callable[[], bytes] | None = None
        media: list[tuple[str, Diagnostic]] = []
        data = written
        if suffix == ".css" and not problems:
            data = self._sheet(name, written, problems, media)
            made = partial(bytes, data) if data != written else None
        elif suffix in PICTURES:
            try:
                data = _published(written, suffix)
            except ActivePictureError as bad:
                problems += acting(path, bad)
            made = partial(_again, source) if data != written else None
        mark = hashlib.blake2b(data, digest_size=5).hexdigest()
        marked = name.with_name(f"{name.stem}.{mark}{name.suffix}").as_posix()
        integrity = ""
        if suffix in _SCRIPTS:
            integrity = f"sha384-{b64encode(hashlib.sha384(data).digest()).decode()}"
        entry = ManifestEntry(bytes_digest(data), len(data))
        url = f"/{ASSETS}/{quote(marked)}"
        return Asset(url, source, entry, tuple(problems), made, integrity, tuple(media))

    def _sheet(
        self,
        name: PurePosixPath,
        written: bytes,
        problems: list[Diagnostic],
        media: list[tuple[str, Diagnostic]],
    ) -> bytes:
        """Return a style sheet with the addresses under which assets are published.

        They are relative to the style sheet, since the site may lie below the root of its host."""
        try:
            text = written.decode()
        except UnicodeDecodeError:
            return written
        folder = f"/{ASSETS}/{name.parent.as_posix()}".removesuffix("/.")

        def published(link: CssLink) -> str:
            parts = split_address(link.address)
            if parts is None or parts.scheme or parts.netloc or not parts.path:
                return link.address
            target = normpath(f"{folder}/{unquote(parts.path)}")
            if parts.path.startswith("/"):
                target = normpath(unquote(parts.path))
            rest = parts._replace(path="").geturl()
            if target.startswith("/media/"):
                place = place_at(text, link.start, len(link.address))
                file = target.removeprefix("/media/")
                path = f"{TEMPLATES}/{ASSETS}/{name}"
                media.append((file, missing_media(path, text, place, file)))
                return quote(relpath(target, folder)) + rest
            wanted = target.removeprefix(f"/{ASSETS}/")
            found = self._named(wanted, target, name.as_posix(), link, text, problems)
            return relpath(found.url, folder) + rest if found else link.address

        self.within.append(name.as_posix())
        changed = replace_links(text, published)
        self.within.pop()
        return changed.encode()

    def _named(
        self,
        wanted: str,
        target: str,
        name: str,
        link: CssLink,
        text: str,
        problems: list[Diagnostic],
    ) -> Asset | None:
        """Return the asset that a style sheet names, or report why there is none."""
        path = f"{TEMPLATES}/{ASSETS}/{name}"
        if wanted in self.within:
            chain = " imports ".join([*self.within[self.within.index(wanted) :], wanted])
            message = f"style sheets import each other in a circle: {chain}"
            hint = "remove one of these imports"
            width = len(link.address)
            place = place_at(text, link.start, width)
            problems.append(
                Diagnostic.of(path, place, "circular-import", message, hint, line_at(text, place))
            )
            return None
        if target.startswith(f"/{ASSETS}/") and wanted in self.sources:
            return self.read(wanted)
        place = place_at(text, link.start, len(link.address))
        problems.append(missing_asset(path, text, place, wanted, self.sources))
        return None


def missing_asset(
    path: str, text: str, place: Place, name: str, known: Iterable[str]
) -> Diagnostic:
    """Return the diagnostic for a missing asset, named at a place."""
    hint = missing_hint(name, known)
    message = f"there is no file `{name}` in {TEMPLATES}/{ASSETS}/"
    return Diagnostic.of(path, place, "missing-asset", message, hint, line_at(text, place))


def missing_hint(name: str, known: Iterable[str]) -> str:
    """Return what to do about a missing asset."""
    import difflib

    if near := difflib.get_close_matches(name, known, 1):
        return f"did you mean `{near[0]}`?"
    if name.startswith("/"):
        return f"name a file in {TEMPLATES}/{ASSETS}/"
    return f"add the file {TEMPLATES}/{ASSETS}/{name}"


def missing_media(path: str, text: str, place: Place, name: str) -> Diagnostic:
    """Return the diagnostic for a file of content/media/ that does not exist."""
    message, hint = f"there is no file content/media/{name}", "add the file"
    return Diagnostic.of(path, place, "missing-media", message, hint, line_at(text, place))


def place_at(text: str, position: int, width: int) -> Place:
    """Return the place of a position in a text."""
    line = text.count("\n", 0, position) + 1
    return Place(line, position - text.rfind("\n", 0, position), width)


def line_at(text: str, place: Place) -> str:
    """Return the line of a place."""
    return text.split("\n")[place.line - 1]


def _again(source: Path) -> bytes:
    return _published(source.read_bytes(), source.suffix.lower())


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
