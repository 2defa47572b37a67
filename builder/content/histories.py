"""Reads the histories of briefs: content/history/IDENTITY.json.

Deploys write them, from what releases record. A build keeps a summary of each, and reads the words
of the versions only for a page that shows them. A file that cannot be used is a warning, and its
brief has no history: what a program has written keeps no news from going out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec import Struct

from builder.content.record import bytes_of
from builder.content.reply_files import HISTORY, history_path, is_history
from builder.content.walk import FileSource, Walk
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.model.version import History, PastVersion
from builder.safe_files import plain_bytes
from builder.sections import Index
from builder.stat import Stat
from builder.store import Store, digest

MOST_BYTES = 4_000_000  # of a file; a writer leaves out versions from the second one on
_MOST_PARTS = 5_000  # of a version
_NAME = "histories"  # in the store
_decoder = msgspec.json.Decoder(History)
_encode = msgspec.json.Encoder(order="deterministic").encode


class HistoryFile(NamedTuple):
    """A summary of the history of a brief, and where its words are.

    `silent` is when the last change was published that readers were not told of."""

    source: FileSource
    digest: bytes
    versions: int
    silent: datetime | None = None


# By the identity of the brief.
Histories = Mapping[str, HistoryFile]


class _Kept(Struct, array_like=True):
    """What was found in a file, with its stat."""

    stat: Stat
    brief: str
    digest: bytes
    versions: int
    silent: datetime | None


_kept = msgspec.msgpack.Decoder(dict[str, _Kept])


def encode_history(history: History) -> bytes:
    """Return a history as JSON that a person can read and edit."""
    return msgspec.json.format(_encode(history), indent=1) + b"\n"


def decode_history(data: bytes) -> History:
    """Return the history in JSON.

    Raises ValueError, whose text says what is wrong."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"the file has more than {MOST_BYTES // 1_000_000} MB")
    try:
        found = _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if any(len(version.words.parts) > _MOST_PARTS for version in found.versions if version.words):
        raise ValueError(f"a version has more than {_MOST_PARTS} parts")
    return found


def read_history(root: Path, identity: str) -> History | None:
    """Return the usable history of a brief in the content, if any."""
    try:
        found = decode_history(plain_bytes(root / history_path(identity)))
    except (OSError, ValueError):
        return None
    return found if found.brief == identity else None


def size_of(version: PastVersion) -> int:
    """Return about how many bytes a version has in a file."""
    return len(_encode(version))


def load_history(file: HistoryFile) -> History | None:
    """Return the history of a file; None if it was damaged since."""
    try:
        return decode_history(bytes_of(file.source)[0])
    except (OSError, ValueError):
        return None


def read_histories(walk: Walk, store: Store, problems: list[Diagnostic]) -> dict[str, HistoryFile]:
    """Return the histories of briefs by identity.

    Unchanged files come from the store."""
    files = [(path, source, stat) for path, source, stat in walk.below(HISTORY) if is_history(path)]
    if not files:
        return {}
    try:
        known = _kept.decode(store.load(_NAME).get("files") or b"\x80")
    except msgspec.DecodeError:
        known = {}
    found: dict[str, HistoryFile] = {}
    kept: dict[str, _Kept] = {}
    for path, source, stat in files:
        if source == b"":  # stands for no file
            continue
        one = known.get(path)
        if one is None or one.stat != stat:
            one = _read(path, source, problems)
        if one is not None:
            found[one.brief] = HistoryFile(source, one.digest, one.versions, one.silent)
            if one.stat == stat:
                kept[path] = one
    if kept != known:
        store.save(_NAME, Index.of({"files": msgspec.msgpack.encode(kept)}))
    return found


_UNSAVED: Stat = (0, 0, 0, 0)  # of what may change without a new stat


def _read(path: str, source: FileSource, problems: list[Diagnostic]) -> _Kept | None:
    hint = "remove it; `slugline history fetch` writes it again"
    try:
        data, seen = bytes_of(source)
        history = decode_history(data)
        if path != history_path(history.brief):
            where = PurePosixPath(history_path(history.brief)).name
            raise ValueError(f"it is of the brief `{history.brief[:80]}`, whose file is {where}")
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        problems.append(Diagnostic.of(path, Place(), "unreadable-file", message, hint))
        return None
    except ValueError as error:
        message = f"this is not the history of a brief: {error}"
        problems.append(Diagnostic.of(path, Place(), "invalid-history", message, hint))
        return None
    silent = max((v.at for v in history.versions[1:] if v.reason), default=None)
    stat = seen or _UNSAVED
    return _Kept(stat, history.brief, digest(data), len(history.versions), silent)
