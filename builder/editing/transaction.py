"""Changes of the files that editors write: all or nothing, and never over somebody's save.

Each new version is written beside its file under a hidden name, and the two names are exchanged.
Only then is it certain what has been replaced; if that is not what was read, it is put back. A
journal says what is under way, so the next command undoes what a killed one has begun."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.edit_lock import edit_lock
from builder.editing.journal import (
    FileStep,
    Stage,
    can_keep_journal,
    has_journal,
    read_journal,
    remove_journal,
    write_journal,
)
from builder.editing.steps import EditConflict, StagedFile, digest
from builder.machine_key import VARIABLE, state_folder
from builder.safe_files import is_disk_full

# By path: a file's old and new bytes, None if the file does not exist.
Changes = Mapping[str, tuple[bytes | None, bytes | None]]


def replace_files(root: Path, changes: Changes) -> None:
    """Replace the old bytes of all files, or change nothing.

    Raises EditConflict if a file no longer has its old bytes or cannot be written."""
    with changed_files(root, changes):
        pass


@contextmanager
def changed_files(root: Path, changes: Changes) -> Iterator[None]:
    """Replace the old bytes of all files while the body runs.

    Undoes that if the body raises. Raises EditConflict as `replace_files` does, also if somebody
    saves one of the files while the body runs. What somebody saves is never lost."""
    changes = {path: pair for path, pair in changes.items() if pair[0] != pair[1]}
    try:
        with edit_lock(root):
            _recover(root)
            yield from _change(root, changes)
    except OSError as error:
        raise EditConflict(f"nothing was changed: {reason(error, root)}") from error


def reason(error: OSError, folder: Path) -> str:
    """Return why a file in a folder could not be written."""
    if is_disk_full(error):
        return f"the disk of {os.path.realpath(folder)} is full"
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{error.strerror or error}"


def _change(root: Path, changes: Changes) -> Iterator[None]:
    steps = tuple(
        FileStep(path, digest(was), digest(now), os.urandom(8).hex())
        for path, (was, now) in changes.items()
    )
    files = _files(root, steps)
    log = _Log(root, steps)
    try:
        log.write("staging")
        for file in files:
            file.stage(changes[file.step.path][1])
        _flush(files)
        log.write("changing")
        for file in files:
            file.apply()
        yield
        for file in files:
            file.confirm()
        log.write("done")
    except BaseException:
        if log.stage() != "done":
            _undo(root, files, log)
            raise
        _tidy(files, log)
        raise
    _tidy(files, log)


def _undo(root: Path, files: list[StagedFile], log: _Log) -> None:
    try:
        _end(files, log.stage())
        log.remove()
    except OSError as error:
        raise EditConflict(
            f"the change was interrupted and is half done: {reason(error, root)}; mend that, and"
            " the next command undoes it"
        ) from error


def _tidy(files: list[StagedFile], log: _Log) -> None:
    """Remove the old versions after a change, or leave that to the next command."""
    with suppress(OSError):
        _end(files, "done")
        log.remove()


def _flush(files: list[StagedFile]) -> None:
    """Write what is staged to the disk, file by file or all at once."""
    if len(files) > _MANY and hasattr(os, "sync"):
        os.sync()
        return
    for file in files:
        file.flush()


_MANY = 8  # files; each can take longer than everything else together


def _files(root: Path, steps: tuple[FileStep, ...]) -> list[StagedFile]:
    """Return the files of steps. Two links to one file are one."""
    found: dict[Path, StagedFile] = {}
    for step in steps:
        file = StagedFile(root, step)
        other = found.setdefault(file.place, file).step
        if (other.was, other.now) != (step.was, step.now):
            raise EditConflict(f"{step.path} and {other.path} are one file; edit it by hand")
    return [*found.values()]


def _end(files: list[StagedFile], stage: Stage) -> None:
    """Undo a change, or finish it if it is done."""
    for file in reversed(files):
        if stage == "done":
            file.finish()
        elif stage == "staging":
            file.discard()
        else:
            file.undo()


class _Log:
    """The journal of one change.

    Without a key there is none, and only one file at a time can be changed."""

    def __init__(self, root: Path, steps: tuple[FileStep, ...]) -> None:
        self.root, self.steps = root, steps
        self.kept = can_keep_journal()
        self._stage: Stage = "staging"
        if not self.kept and len(steps) > 1:
            raise EditConflict(
                "nothing was changed: to change several files, Slugline needs a key, and none can"
                f" be stored in {state_folder()}; make that folder writable, or set {VARIABLE}"
            )

    def write(self, stage: Stage) -> None:
        if self.kept:
            write_journal(self.root, stage, self.steps)
        self._stage = stage

    def stage(self) -> Stage:
        """Return the stage. An interrupt may come before `write` returns."""
        found = read_journal(self.root) if self.kept else None
        return found.stage if found else self._stage

    def remove(self) -> None:
        if self.kept:
            remove_journal(self.root)


# --- after an interruption ---------------------------------------------------------------------


def recover(root: Path) -> int:
    """Undo what a killed command has begun.

    Returns the number of its files. Waits until no other command is changing files. What the
    command had completed stays. Raises EditConflict if a file cannot be written."""
    if not has_journal(root) or not can_keep_journal():
        return 0
    try:
        with edit_lock(root):
            return _recover(root)
    except OSError as error:
        raise EditConflict(
            "an interrupted change of files cannot be undone:"
            f" {reason(error, root)}; mend that, and run the command again"
        ) from error


def _recover(root: Path) -> int:
    """Undo or finish the change in the journal, if there is one."""
    if not has_journal(root):
        return 0
    journal = read_journal(root)
    if journal is not None:
        _end(_files(root, journal.steps), journal.stage)
    remove_journal(root)
    return len(journal.steps) if journal and journal.stage != "done" else 0
