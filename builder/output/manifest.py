"""The manifest: every file of the output, with a digest of its bytes. It lies in the output, whose
truth it tells, so that losing the cache can never leave a stale page or delete a foreign file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

FILE = ".slugline.json"
FORMAT = 2


class ManifestEntry(Struct, frozen=True, array_like=True):
    """A file of the output: the digest of its bytes, and their number."""

    digest: str
    size: int


class Manifest(Struct, frozen=True):
    """Every file that Slugline wrote, by its path. `digest` is that of the manifest as it lies in
    the output; one that was made just now has none."""

    format: int = FORMAT
    program: str = ""
    base_url: str = ""
    files: dict[str, ManifestEntry] = {}
    digest: str = ""

    def same(self, other: Manifest) -> bool:
        """Whether both list the same, for the same site."""
        return replace(self, digest="") == replace(other, digest="")


class _Head(Struct):
    format: int
    program: str
    base_url: str
    files: dict[str, ManifestEntry]


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Manifest)


def read_manifest(output: Path) -> Manifest:
    """The manifest of an output folder; an empty one when there is none that can be read."""
    try:
        data = (output / FILE).read_bytes()
        manifest = replace(_decoder.decode(data), digest=bytes_digest(data))
    except (OSError, ValueError, RecursionError):  # ValueError: not JSON, not UTF-8, not ours
        return Manifest()
    safe = all(_inside(path) for path in manifest.files)
    return manifest if manifest.format == FORMAT and safe else Manifest()


def _inside(path: str) -> bool:
    """Whether a path of the manifest stays in the output: the file may have been tampered with."""
    if path.startswith(("/", "./", "../")) or "\0" in path or "//" in path or not path:
        return False
    return "/." not in path or not {"", ".", ".."} & set(path.split("/"))


def encode_manifest(manifest: Manifest) -> bytes:
    """As JSON, one file a line, sorted: readable, and the same bytes for the same site."""
    head = msgspec.json.encode(_Head(manifest.format, manifest.program, manifest.base_url, {}))
    # Within a text a quotation mark has a backslash before it: this is found between files only.
    # Sorted here: what msgspec sorts by takes long where almost everything is in order.
    files = {path: manifest.files[path] for path in sorted(manifest.files)}
    rows = _encode(files)[1:-1].replace(b'],"', b'],\n"')
    return head.removesuffix(b"{}}") + b"{\n" + rows + b"\n}}\n"


def bytes_digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
