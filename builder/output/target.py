"""The interface of an output that a build writes, and its errors."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Protocol

from builder.errors import SluglineError
from builder.output.manifest import Manifest
from builder.output.stat_cache import FileStat, TreeStats


class OutputError(SluglineError):
    """The output could not be written, and is unchanged."""


class OutputTarget(Protocol):
    """The destination of a build's pages."""

    @property
    def output(self) -> Path:
        """The folder."""

    @property
    def old(self) -> Manifest:
        """The manifest of the last build."""

    @property
    def there(self) -> Set[str]:
        """The files of that manifest that are unchanged."""

    @property
    def foreign(self) -> tuple[str, ...]:
        """Foreign files, and empty foreign folders with a trailing slash."""

    @property
    def digest(self) -> str:
        """The digest of the present manifest."""

    @property
    def stats(self) -> TreeStats:
        """The present stats of files and folders."""

    stats_changed: bool  # whether they differ from the cached ones

    def prepare(self) -> None:
        """Prepare for `write`; call it before processes fork."""

    def write(self, path: str, data: bytes) -> FileStat:
        """Write a file that is not visible yet, and return its stat."""

    def publish(
        self,
        new: Manifest,
        written: Mapping[str, FileStat],
        data: Mapping[str, bytes],
        copies: Mapping[str, Path],
    ) -> None:
        """Make the folder match the manifest `new`.

        `written` are files that `write` has written for it; `data` and `copies` are other new or
        modified files. Raises OutputError on failure, with everything unchanged."""

    def keep(self) -> str:
        """Persist the manifest if needed, and return its digest."""

    def abandon(self) -> None:
        """Discard what was written and leave the folder unchanged."""


def why(error: OSError, output: Path) -> str:
    """Return a message for an error of the system."""
    if error.errno == errno.ENOSPC:
        return f"the disk is full; {output.name}/ is unchanged"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename or output} is not writable; {output.name}/ is unchanged"
    return f"{output.name}/ could not be written and is unchanged: {error}"
