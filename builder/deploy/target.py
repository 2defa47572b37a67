"""What every kind of target can do; who holds one; how a kind is declared."""

from __future__ import annotations

import getpass
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple, Protocol

import msgspec
from msgspec import Meta, Struct

from builder.deploy.plan import DeployPlan
from builder.deploy.release import Release
from builder.deploy.target_state import TargetState
from builder.errors import SluglineError
from builder.model.targets import TargetKind, TargetRules, target_rules
from builder.model.targets import TargetSettings as Settings

# Called with a stage, the number of steps done and the number of all steps.
Progress = Callable[[str, int, int], None]
# Returns the local file that has the content of a path.
Content = Callable[[str], Path]


class DeployError(SluglineError):
    """A deploy that cannot continue. The message says why."""


# A process id that a system can have.
Pid = Annotated[int, Meta(gt=0, lt=2**31)]


class LockHolder(Struct, frozen=True):
    """The holder of a lock. `pids` are all processes of the deploy."""

    token: str
    user: str
    host: str
    pids: tuple[Pid, ...]
    at: str

    @property
    def description(self) -> str:
        return f"{self.user} on {self.host} (process {self.pids[0]}), since {self.at}"

    @property
    def dead(self) -> bool:
        """Whether all its processes ran on this machine and have ended."""
        return self.host == socket.gethostname() and not any(map(_is_running, self.pids))


def this_process(*children: int) -> LockHolder:
    """Return this process and its children as the holder of a lock."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown user"
    at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return LockHolder(
        secrets.token_hex(8), user, socket.gethostname(), (os.getpid(), *children), at
    )


def decode_holder(data: bytes) -> LockHolder | None:
    """Return the holder of a lock file; None if it is invalid."""
    try:
        found = msgspec.json.decode(data, type=LockHolder)
    except (msgspec.MsgspecError, ValueError):
        return None
    return found if found.pids else None


def locked_error(target: object, holder: str) -> DeployError:
    """Return the error of a deploy that finds its target locked."""
    return DeployError(
        f"{target} is locked by {holder}; wait for that deploy, or add --break-lock if it has died"
    )


UNKNOWN_HOLDER = "an unknown process"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    try:  # a zombie has ended, but its parent has not waited for it
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except (OSError, IndexError):
        return True


class Target(Protocol):
    """A place from which readers are served. Every method may raise DeployError."""

    def read_state(self, thorough: bool) -> TargetState:
        """Return the state of the target.

        `thorough` reads every file if there is no cheaper way to know its content."""

    def locked(self, break_lock: bool) -> AbstractContextManager[None]:
        """Hold the target's lock. `break_lock` takes it from another deploy."""

    def tip(self) -> str:
        """Return an identifier that changes with every deploy."""

    def publish(self, plan: DeployPlan, content: Content, progress: Progress) -> None:
        """Carry out a plan, without readers ever getting half a site."""

    def read_record(self, release_id: str) -> Release | None:
        """Return the record of a release, or None if there is none."""

    def read_words(self, digest: str) -> bytes | None:
        """Return the stored words of a version, unchecked, or None."""

    def local_copy(self, release: Release, path: str) -> Path | None:
        """Return a local copy of a file of a release, if possible."""

    def close(self) -> None:
        """Release the connections and temporary files of the target."""


def _no_files(settings: Settings) -> Mapping[str, bytes]:
    return {}


class TargetDeclaration(NamedTuple):
    """A kind of target: everything that only this kind has.

    `open` takes the site's folder, the target's name and its settings. `extra_files` returns files,
    by path, that the host needs beside those of the site."""

    kind: TargetKind
    open: Callable[[Path, str, Settings], Target]
    propagation: float = 10  # seconds that the host may take to serve a new release
    extra_files: Callable[[Settings], Mapping[str, bytes]] = _no_files

    @property
    def rules(self) -> TargetRules:
        """What site.yaml may say of targets of this kind."""
        return target_rules(self.kind)
