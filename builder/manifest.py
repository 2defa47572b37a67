"""The manifest: every file of the output, with a digest of its bytes. It lies in the output, whose
truth it tells, so that losing the cache can never leave a stale page or delete a foreign file."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

import builder

FILE = ".slugline.json"
FORMAT = 2


class Entry(Struct, frozen=True, array_like=True):
    """A file of the output: the digest of its bytes, and their number."""

    digest: str
    size: int


class Manifest(Struct, frozen=True):
    """Every file that Slugline wrote, by its path. `digest` is that of the manifest as it lies in
    the output; one that was made just now has none."""

    format: int = FORMAT
    program: str = ""
    base_url: str = ""
    files: dict[str, Entry] = {}
    digest: str = ""

    def same(self, other: Manifest) -> bool:
        """Whether both list the same, for the same site."""
        return replace(self, digest="") == replace(other, digest="")


class _Head(Struct):
    format: int
    program: str
    base_url: str
    files: dict[str, Entry]


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


# What shapes a page's bytes, or the digests by which it is compared.
_LIBRARIES = (
    "babel", "imagesize", "jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins", "msgspec",
    "pyyaml", "tzdata",
)  # fmt: skip


def _versions() -> Iterator[tuple[str, str]]:
    """The version of each library, by the name of its folder `*.dist-info` (PyPA's record of
    installed projects); how Python itself finds it takes ten times as long."""
    found: dict[str, str] = {}
    for place in sys.path:
        with suppress(OSError):
            for name in os.listdir(place or "."):  # noqa: PTH208
                if name.endswith(".dist-info"):
                    library, _, version = name.removesuffix(".dist-info").partition("-")
                    found.setdefault(library.lower().replace("_", "-"), version)
    for library in _LIBRARIES:
        yield library, found.get(library) or _version(library)


def _version(library: str) -> str:
    """The version of a library that lies elsewhere, such as in an archive."""
    from importlib import metadata

    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "?"


@lru_cache(maxsize=1)
def program() -> str:
    """A digest of the program: its own source, Python's version, and its libraries' versions."""
    state = hashlib.blake2b(digest_size=8)
    folder = Path(builder.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        state.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    for library, version in _versions():
        state.update(f"{library} {version}\0".encode())
    state.update(f"{sys.version_info[:2]}".encode())
    return state.hexdigest()
