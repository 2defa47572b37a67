"""Runs Git on a site's folder, without the programs that a repository could name."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from builder.errors import SluglineError

# A site's folder may hold what a stranger wrote. Git must not take it, or a folder below, for a
# bare repository whose settings name programs (git-config, safe.bareRepository), nor run hooks.
_SAFE = (
    "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
)  # fmt: skip
# Transports that run no program of an address's choice (git, GIT_ALLOW_PROTOCOL).
_PROTOCOLS = "file:git:http:https:ssh"
# Seconds for a command to end: the first answer of a host, the transfer of a release, all else.
TIMES = {"ls-remote": 60.0, "fetch": 1800.0, "push": 1800.0}
_USUAL_TIME = 600.0
_LINK = "120000"  # the mode of a symbolic link (git-fast-import)


class GitError(SluglineError):
    """A Git command that failed. The message says why."""


class TrackedFile(NamedTuple):
    """A file that Git tracks."""

    path: str
    is_link: bool


def run_git(
    *words: str,
    folder: Path | None = None,
    data: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
    inherited: Sequence[int] = (),
) -> bytes:
    """Run Git and return its output.

    Git inherits the file descriptors `inherited`. Raises GitError if its exit status is not one of
    `expected`, or if it has not ended in time."""
    if shutil.which("git") is None:
        raise GitError("Git is not installed; install the program `git`")
    settings = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": os.environ.get("GIT_ALLOW_PROTOCOL", _PROTOCOLS),
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
        **(environment or {}),
    }
    command = next(word for word in words if word != "-c" and "=" not in word)
    seconds = TIMES.get(command, _USUAL_TIME)
    try:
        ran = subprocess.run(
            ["git", *_SAFE, *words],
            cwd=folder,
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            env={**os.environ, **settings},
            check=False,
            pass_fds=inherited,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"git {command}: no answer within {seconds:g} seconds") from None
    if ran.returncode not in expected:
        errors = ran.stderr.decode("utf-8", "replace").strip()
        raise GitError(f"git {command}: {errors or f'exit status {ran.returncode}'}")
    return ran.stdout


def in_repository(folder: Path) -> bool:
    """Return whether a folder or a parent of it has a `.git`."""
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 (a link has parents of its own)
    return any(os.path.lexists(parent / ".git") for parent in (folder, *folder.parents))


def tracked_files(root: Path, *patterns: str) -> tuple[TrackedFile, ...]:
    """Return the files below a folder that Git tracks, by patterns.

    Empty without Git or a repository."""
    if not in_repository(root) or shutil.which("git") is None:
        return ()
    try:
        output = run_git("ls-files", "-z", "--stage", "--", *patterns, folder=root)
    except GitError:
        return ()
    found = {}
    for entry in output.split(b"\0"):
        about, tab, path = entry.partition(b"\t")
        if tab:
            name = path.decode("utf-8", "replace")
            found[name] = TrackedFile(name, about.startswith(_LINK.encode()))
    return tuple(found.values())
