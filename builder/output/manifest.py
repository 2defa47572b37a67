"""The manifest: every file of the output, with a digest of its bytes.

It is stored in the output that it describes, so that losing the cache can never leave a stale page
or delete a foreign file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.safe_files import plain_bytes

FILE = ".slugline.json"
FORMAT = 2


class ManifestEntry(Struct, frozen=True, array_like=True):
    """A file of the output: the digest and number of its bytes."""

    digest: str
    size: int


class Manifest(Struct, frozen=True):
    """Every file that Slugline wrote, by path.

    `digest` is that of the manifest's own file; a manifest that is not yet written has none."""

    format: int = FORMAT
    program: str = ""
    base_url: str = ""
    preview: bool = False  # whether pages say that they are a preview
    files: dict[str, ManifestEntry] = {}
    digest: str = ""

    def same(self, other: Manifest) -> bool:
        """Return whether both list the same files for the same site."""
        return replace(self, digest="") == replace(other, digest="")


class _Head(Struct, omit_defaults=True):
    format: int
    program: str
    base_url: str
    preview: bool = False
    files: dict[str, ManifestEntry] = msgspec.field(default_factory=lambda: {})


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Manifest)


def read_manifest(output: Path) -> Manifest:
    """Return the manifest of an output folder; empty if unreadable."""
    try:
        data = plain_bytes(output / FILE)
        manifest = replace(_decoder.decode(data), digest=bytes_digest(data))
    except (OSError, ValueError, RecursionError):  # ValueError: not JSON, not UTF-8, not ours
        return Manifest()
    safe = _all_inside(manifest.files)
    return manifest if manifest.format == FORMAT and safe else Manifest()


# None of these is in the paths of thousands of files, each on a line, unless one may be wrong.
_SIGNS = ("\n/", "\n./", "\n../", "\0", "//", "\n\n", "/.")


def _all_inside(paths: Collection[str]) -> bool:
    lines = "\n".join(("", *paths, ""))
    return not any(sign in lines for sign in _SIGNS) or all(map(_inside, paths))


def _inside(path: str) -> bool:
    """Return whether a path stays in the output.

    The manifest may have been tampered with."""
    if path.startswith(("/", "./", "../")) or "\0" in path or "//" in path or not path:
        return False
    return "/." not in path or not {"", ".", ".."} & set(path.split("/"))


def encode_manifest(manifest: Manifest) -> bytes:
    """Encode a manifest as JSON with one file per line, sorted.

    This is readable and reproducible."""
    head = msgspec.json.encode(
        _Head(manifest.format, manifest.program, manifest.base_url, manifest.preview)
    )
    # In a string, quotation marks are escaped, so this matches only between files. Sorting here is
    # faster than msgspec's on input that is almost sorted.
    files = {path: manifest.files[path] for path in sorted(manifest.files)}
    rows = _encode(files)[1:-1].replace(b'],"', b'],\n"')
    return head.removesuffix(b"{}}") + b"{\n" + rows + b"\n}}\n"


def bytes_digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
