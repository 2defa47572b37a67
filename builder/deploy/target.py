"""What every kind of target can do, and what is found there."""

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
from builder.model.settings import TargetKind, TargetRules, target_rules
from builder.model.settings import TargetSettings as Settings

# Told which stage runs, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]
# The local file that holds the bytes of a path.
Content = Callable[[str], Path]


class DeployError(Exception):
    """The target could not be reached or changed, or is held by another. The message says why, and
    what to do."""


# A process id that a system can have.
Pid = Annotated[int, Meta(gt=0, lt=2**31)]


class LockHolder(Struct, frozen=True):
    """Who holds a target, and since when. `pids` are the processes that may be at work on it."""

    token: str
    user: str
    host: str
    pids: tuple[Pid, ...]
    at: str

    @property
    def words(self) -> str:
        return f"{self.user} on {self.host} (process {self.pids[0]}), since {self.at}"

    @property
    def gone(self) -> bool:
        """Whether all its processes were of this machine and have ended."""
        return self.host == socket.gethostname() and not any(map(_runs, self.pids))


def lock_holder(*children: int) -> LockHolder:
    """This process, as the holder of a target."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return LockHolder(
        secrets.token_hex(8), user, socket.gethostname(), (os.getpid(), *children), at
    )


def decode_holder(data: bytes) -> LockHolder | None:
    try:
        found = msgspec.json.decode(data, type=LockHolder)
    except (msgspec.MsgspecError, ValueError):
        return None
    return found if found.pids else None


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    try:  # ended, and not waited for
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except (OSError, IndexError):
        return True


class Target(Protocol):
    """A place from which readers are served."""

    def look(self, thorough: bool) -> TargetState:
        """What is there. `thorough` reads every file where that is the only way to be sure."""

    def locked(self, breaking: bool) -> AbstractContextManager[None]:
        """Hold it alone. Raises DeployError when another does, unless its lock is broken."""

    def tip(self) -> str:
        """By which it is known whether another has deployed meanwhile."""

    def publish(self, plan: DeployPlan, content: Content, told: Progress) -> None:
        """Make it what the plan says, in an order in which no reader gets half a site."""

    def read(self, name: str) -> Release | None:
        """The record of a release."""

    def bytes_of(self, release: Release, path: str) -> Path | None:
        """A local file with what the target itself still has of an earlier release."""

    def close(self) -> None:
        """Let go of whatever was begun to reach it."""


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
