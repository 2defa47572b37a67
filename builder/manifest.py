"""Pages and the last manifest -> which pages are stale, and why (law 3).

The manifest lists every file of the output with what it was made from: a digest of each field of
its context, of its template's closure, and of the program. It lies in the output, whose truth it
tells, so that deleting a cache can never leave a stale page."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

import builder
from builder.pages.page import Page

FILE = ".slugline.json"
FORMAT = 1

_encoder = msgspec.msgpack.Encoder(order="deterministic")


class Entry(Struct, frozen=True, omit_defaults=True):
    """A file of the output: the digest of its bytes, their number, and what it was made from."""

    digest: str
    size: int
    template: str = ""
    closure: str = ""
    fields: dict[str, str] = {}


class Manifest(Struct, frozen=True):
    """Every file that Slugline wrote, by its path."""

    format: int = FORMAT
    program: str = ""
    base_url: str = ""
    files: dict[str, Entry] = {}


def read_manifest(output: Path) -> Manifest:
    """The manifest of an output folder; an empty one when there is none that can be read."""
    try:
        manifest = msgspec.json.decode((output / FILE).read_bytes(), type=Manifest)
    except (OSError, ValueError, RecursionError):  # ValueError: not JSON, not UTF-8, not ours
        return Manifest()
    safe = all(_inside(path) for path in manifest.files)
    return manifest if manifest.format == FORMAT and safe else Manifest()


def _inside(path: str) -> bool:
    """Whether a path of the manifest stays in the output: the file may have been tampered with."""
    parts = path.split("/")
    return bool(path) and "\0" not in path and not {"", ".", ".."} & set(parts)


def encode_manifest(manifest: Manifest) -> bytes:
    """As JSON, one file a line, sorted: readable, and the same bytes for the same site."""
    encode = msgspec.json.Encoder(order="deterministic").encode
    rows = [
        f"{encode(path).decode()}:{encode(entry).decode()}"
        for path, entry in sorted(manifest.files.items())
    ]
    head = msgspec.json.encode(msgspec.structs.replace(manifest, files={})).decode()
    return (head.removesuffix("{}}") + "{\n" + ",\n".join(rows) + "\n}}\n").encode()


def digest(value: Any) -> str:
    """A digest of a value of a context: of its content, the same in every process."""
    return hashlib.blake2b(_encoder.encode(value), digest_size=8).hexdigest()


def bytes_digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class Fingerprints:
    """Digests of fields of contexts. The site, which all pages share, is digested once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str]] = {}

    def of(self, page: Page) -> dict[str, str]:
        context = page.context
        found = {}
        for name in context.__struct_fields__:
            value = getattr(context, name)
            if name == "site":  # one object for all pages
                known = self._known.get(id(value))
                if known is None:
                    known = self._known[id(value)] = (value, digest(value))
                found[name] = known[1]
            else:
                found[name] = digest(value)
        # The same page at another address has other links.
        found["address"] = digest([page.url, page.addresses])
        return found


def reasons(entry: Entry | None, page: Page, closure: str, fields: Mapping[str, str]) -> list[str]:
    """Why a page must be rendered: the names of what changed. Empty when nothing did."""
    if entry is None:
        return ["it is new"]
    found = []
    if entry.template != page.template:
        found.append(f"its template was {entry.template}")
    elif entry.closure != closure:
        found.append(f"the template {page.template}, or one that it uses, changed")
    changed = sorted(name for name in fields if entry.fields.get(name) != fields[name])
    found += [f"`{name}` changed" for name in changed]
    return found


# What shapes a page's bytes, or the digests by which it is compared.
_LIBRARIES = (
    "babel", "imagesize", "jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins", "msgspec",
    "pyyaml", "tzdata",
)  # fmt: skip


@lru_cache(maxsize=1)
def program() -> str:
    """A digest of the program: its own source, Python's version, and its libraries' versions."""
    state = hashlib.blake2b(digest_size=8)
    folder = Path(builder.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        state.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    for library in _LIBRARIES:
        try:
            state.update(f"{library} {metadata.version(library)}\0".encode())
        except metadata.PackageNotFoundError:
            state.update(f"{library} ?\0".encode())
    state.update(f"{sys.version_info[:2]}".encode())
    return state.hexdigest()
