"""What the engine asks of an output, and what can go wrong with it."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Protocol

from builder.errors import SluglineError
from builder.output.manifest import Manifest
from builder.output.stat_cache import FileStat, Looks


class OutputError(SluglineError):
    """The output could not be written; what was there is untouched. The message says why."""


class OutputTarget(Protocol):
    """Where a build puts its pages."""

    @property
    def output(self) -> Path:
        """The folder."""

    @property
    def old(self) -> Manifest:
        """What the last build put there."""

    @property
    def there(self) -> Set[str]:
        """The files of that which are as they were written."""

    @property
    def foreign(self) -> tuple[str, ...]:
        """Files that somebody else put there, and empty folders, with a slash at the end."""

    @property
    def digest(self) -> str:
        """Of the manifest that is there now."""

    @property
    def looks(self) -> Looks:
        """How everything looks that is there now."""

    looks_changed: bool  # whether that is not what the last build kept

    def prepare(self) -> None:
        """Make ready for `write`; call it before processes fork."""

    def write(self, path: str, data: bytes) -> FileStat:
        """Write a file where nobody sees it yet, and tell how it looks."""

    def publish(
        self,
        new: Manifest,
        written: Mapping[str, FileStat],
        data: Mapping[str, bytes],
        copies: Mapping[str, Path],
    ) -> None:
        """Make the folder what `new` lists: `written` are files that were written for it already,
        `data` and `copies` others that are not as they were. Raises OutputError when that fails,
        with everything as it was."""

    def keep(self) -> str:
        """Write what the next process has to find, where it is not written; a digest of it."""

    def abandon(self) -> None:
        """Leave everything as it was."""


def why(error: OSError, output: Path) -> str:
    """An error of the system in words that say what to do."""
    if error.errno == errno.ENOSPC:
        return f"the disk is full; {output.name}/ is as it was"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename or output} may not be written; {output.name}/ is as it was"
    return f"{output.name}/ could not be written, and is as it was: {error}"
