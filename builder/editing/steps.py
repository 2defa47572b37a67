"""One step of a change: stages a file, puts it in its place, checks what it replaced, undoes it."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from builder.content.template_files import TEMPLATES
from builder.content.walk import CONTENT
from builder.editing.journal import FileStep
from builder.errors import SluglineError
from builder.safe_files import (
    PLAIN,
    UNFINISHED,
    exchange_names,
    make_folders,
    plain_bytes,
    rename_new,
)

_WRITER_WAIT = 1.0  # seconds for another program to finish writing a file


class EditConflict(SluglineError):
    """A file that was modified in the meantime or cannot be written; the message names it."""


def digest(data: bytes | None) -> str | None:
    """Return the digest of the bytes of a file."""
    return None if data is None else hashlib.blake2b(data, digest_size=16).hexdigest()


class StagedFile:
    """A file of the site and its other version, which has a hidden name beside it."""

    def __init__(self, root: Path, step: FileStep) -> None:
        self.step = step
        self.place = _place(root, step)
        self.staged = self.place.with_name(f".slugline-{step.token}{UNFINISHED}")
        # Where the old version is while names are exchanged in more than one step.
        self.aside = self.staged.with_suffix(".old")
        self.made = 0  # folders that staging has made

    # --- forward -------------------------------------------------------------------------------

    def stage(self, data: bytes | None) -> None:
        """Write the new version under the hidden name."""
        if data is None:
            return
        mode = None
        if self.step.was is None:
            above, folders = self.place.parent, list[str]()
            while not os.path.lexists(above):
                folders.insert(0, above.name)
                above = above.parent
            self.made = len(folders)
            if folders:
                make_folders(above, "/".join(folders))
            else:
                make_folders(above.parent, above.name)
        else:
            mode = stat.S_IMODE(self.place.lstat().st_mode)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN
        with os.fdopen(os.open(self.staged, flags, 0o666), "wb") as stream:
            stream.write(data)
            stream.flush()
            if mode is not None:
                os.fchmod(stream.fileno(), mode)

    def flush(self) -> None:
        """Make sure that a power failure leaves the new version whole."""
        if self.step.now is not None:
            with self.staged.open("rb") as stream:
                os.fsync(stream.fileno())

    def apply(self) -> None:
        """Put the new version in its place.

        Raises EditConflict if it replaced anything but the version that was read."""
        try:
            if self.step.was is None:
                rename_new(self.staged, self.place)
            elif self.step.now is None:
                os.rename(self.place, self.staged)  # noqa: PTH104
            else:
                self._exchange()
        except (FileExistsError, FileNotFoundError):
            raise self._modified() from None
        if self._digest(self.staged) != self.step.was:
            raise self._modified()

    def confirm(self) -> None:
        """Check that nobody has written either version in the meantime.

        Raises EditConflict otherwise. An editor may have opened the old version before it was
        replaced, and write into it afterwards."""
        if self.step.was is not None and not self._is_closed():
            raise EditConflict(
                f"{self.step.path} is being written by another program; run the command again"
            )
        versions = (self._digest(self.staged), self._digest(self.place))
        if versions != (self.step.was, self.step.now):
            raise self._modified()

    def finish(self) -> None:
        """Remove the old version."""
        if self._digest(self.staged) == self.step.was:
            self.staged.unlink(missing_ok=True)

    # --- backward ------------------------------------------------------------------------------

    def discard(self) -> None:
        """Remove the new version, which is not in its place yet."""
        self.staged.unlink(missing_ok=True)
        self._remove_empty_folder()

    def undo(self) -> None:
        """Put the old version back, unless somebody has saved another one."""
        self._mend_exchange()
        if self.step.was is None:
            self._undo_new()
        elif self.step.now is None:
            with suppress(FileNotFoundError, FileExistsError):
                rename_new(self.staged, self.place)
        elif self._digest(self.staged) not in (None, self.step.now):
            self._undo_replaced()
        if self._digest(self.staged) in (self.step.was, self.step.now):
            self.staged.unlink(missing_ok=True)

    def _undo_new(self) -> None:
        if _is_one(self.staged, self.place):  # linked, and not unlinked yet
            self.staged.unlink()
        if not os.path.lexists(self.staged) and self._digest(self.place) == self.step.now:
            os.rename(self.place, self.staged)  # noqa: PTH104
            self._is_closed()
            if self._digest(self.staged) != self.step.now:  # saved at this moment
                rename_new(self.staged, self.place)
        self._remove_empty_folder()

    def _undo_replaced(self) -> None:
        now = self._digest(self.place)
        if now == self.step.now:
            self._exchange()
            self._is_closed()
            if self._digest(self.staged) != self.step.now:  # saved at this moment
                self._exchange()
        elif now is None:
            rename_new(self.staged, self.place)

    def _remove_empty_folder(self) -> None:
        if self.step.was is None:
            with suppress(OSError):
                for folder in (self.place.parent, *self.place.parent.parents)[: max(1, self.made)]:
                    folder.rmdir()

    # --- names ---------------------------------------------------------------------------------

    def _exchange(self) -> None:
        if exchange_names(self.staged, self.place):
            return
        os.rename(self.place, self.aside)  # noqa: PTH104
        rename_new(self.staged, self.place)
        os.rename(self.aside, self.staged)  # noqa: PTH104

    def _mend_exchange(self) -> None:
        """Bring an exchange to an end that was interrupted between its steps."""
        if not os.path.lexists(self.aside):
            return
        if _is_one(self.staged, self.place):  # linked, and not unlinked yet
            self.staged.unlink()
        if not os.path.lexists(self.place):
            rename_new(self.aside, self.place)
        elif not os.path.lexists(self.staged):
            os.rename(self.aside, self.staged)  # noqa: PTH104
        elif self._digest(self.aside) in (self.step.was, self.step.now):
            self.aside.unlink()

    # --- contents ------------------------------------------------------------------------------

    def _digest(self, file: Path) -> str | None:
        """Return the digest of a file; None if there is none, "" if it is not a regular one."""
        try:
            linked = self.step.now is None and file.is_symlink()
            return digest(plain_bytes(Path(os.path.realpath(file)) if linked else file))
        except FileNotFoundError:
            return None
        except OSError:
            return ""

    def _is_closed(self) -> bool:
        """Return whether no program has the old version open for writing, after a while."""
        deadline = time.monotonic() + _WRITER_WAIT
        while _is_written(self.staged):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _modified(self) -> EditConflict:
        return EditConflict(
            f"{self.step.path} was modified in the meantime, and nothing was changed; run the"
            " command again"
        )


def _is_one(a: Path, b: Path) -> bool:
    """Return whether two names are those of one file."""
    try:
        return os.path.samestat(a.lstat(), b.lstat())
    except FileNotFoundError:
        return False


def _is_written(file: Path) -> bool:
    """Return whether a program has a file open for writing (fcntl(2), leases).

    Only Linux says so, and only to the owner of the file."""
    try:
        import fcntl
        import signal

        descriptor = os.open(file, os.O_RDONLY | PLAIN)
        try:
            # A program that opens the file meanwhile must not end this one.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        finally:
            os.close(descriptor)
    except BlockingIOError:
        return True
    except (ImportError, AttributeError, OSError):
        return False
    return False


def _place(root: Path, step: FileStep) -> Path:
    """Return the file of a step, without links on the way.

    Raises EditConflict if that is outside of the folder that it seems to be in."""
    file = root / step.path
    top = step.path.partition("/")[0]
    folder = root / top if top in (CONTENT, TEMPLATES) else root
    target = Path(os.path.realpath(file.parent)) / file.name
    if step.was is not None and step.now is not None:
        target = Path(os.path.realpath(target))
    if not target.parent.is_relative_to(os.path.realpath(folder)):
        raise EditConflict(
            f"{step.path} was not changed: a link leads out of the folder {folder.name}; edit the"
            " file itself"
        )
    return target
