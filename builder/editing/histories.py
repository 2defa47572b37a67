"""Writes the histories of briefs into content/history/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from builder.content.histories import encode_history
from builder.content.reply_files import history_path
from builder.editing.steps import EditConflict
from builder.editing.transaction import Changes, replace_files
from builder.machine_key import machine_key
from builder.model.version import History
from builder.safe_files import plain_bytes


def write_histories(
    root: Path,
    histories: Mapping[str, History],
    before: Callable[[Changes], None] = lambda _: None,
) -> Changes:
    """Write histories, and return the changes of files.

    `histories` has them by the identity of the brief, and `before` gets the changes first.
    Raises EditConflict if a file cannot be read or written, or somebody else writes it."""
    changes: dict[str, tuple[bytes | None, bytes | None]] = {}
    for identity, history in histories.items():
        path = history_path(identity)
        changes[path] = (_bytes(root, path), encode_history(history))
    changed = {path: pair for path, pair in changes.items() if pair[0] != pair[1]}
    if changed:
        before(changed)
    for part in _together(changed):
        replace_files(root, part)
    return dict(sorted(changed.items()))


def _together(changes: Changes) -> list[Changes]:
    """Return the changes that are made in one step each.

    Without a key there is no journal, so several files cannot be changed at once. Each history
    stands for itself."""
    if not changes or machine_key() is not None:
        return [changes] if changes else []
    return [{path: pair} for path, pair in changes.items()]


def _bytes(root: Path, path: str) -> bytes | None:
    try:
        return plain_bytes(root / path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EditConflict(f"{path} cannot be read: {error.strerror}") from error
