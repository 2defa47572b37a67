"""A site's folder -> its Git revision and the files that are not committed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from builder.content.walk import is_left_behind
from builder.deploy.target import DeployError

SOURCES = ("content", "templates", "site.yaml")  # everything that a site is built from
# A site's folder may hold what a stranger wrote. Git must not take it, or a folder below, for a
# bare repository whose settings name programs (git-config, safe.bareRepository), nor run hooks.
_SAFE = (
    "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
)  # fmt: skip
# Transports that run no program of an address's choice (git, GIT_ALLOW_PROTOCOL).
_PROTOCOLS = "file:git:http:https:ssh"
# These override the user's Git settings: a build also reads files that Git ignores.
_STATUS = (
    "--porcelain", "-z", "--ignore-submodules=dirty", "--untracked-files=all",
    "--ignored=traditional",
)  # fmt: skip
_IGNORED = b"!!"


def git(
    *words: str,
    folder: Path | None = None,
    data: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
    inherited: Sequence[int] = (),
) -> bytes:
    """Run Git and return its output.

    Git inherits the file descriptors `inherited`. Raises DeployError if its exit status is not one
    of `expected`."""
    if shutil.which("git") is None:
        raise DeployError("Git is not installed; install the program `git`")
    settings = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": os.environ.get("GIT_ALLOW_PROTOCOL", _PROTOCOLS),
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
        **(environment or {}),
    }
    ran = subprocess.run(
        ["git", *_SAFE, *words],
        cwd=folder,
        input=data,
        stdin=subprocess.DEVNULL if data is None else None,
        capture_output=True,
        env={**os.environ, **settings},
        check=False,
        pass_fds=inherited,
    )
    if ran.returncode not in expected:
        errors = ran.stderr.decode("utf-8", "replace").strip()
        command = next(word for word in words if word != "-c" and "=" not in word)
        raise DeployError(f"git {command}: {errors or f'exit status {ran.returncode}'}")
    return ran.stdout


def read_revision(root: Path) -> tuple[str, tuple[str, ...]]:
    """Return the commit of a site and its uncommitted files.

    The commit is empty if there are uncommitted files or there is no repository."""
    if shutil.which("git") is None:
        return "", ()
    try:
        output = git("status", *_STATUS, "--", *SOURCES, folder=root)
        prefix = git("rev-parse", "--show-prefix", folder=root).rstrip(b"\n")
        head = git("rev-parse", "--verify", "--quiet", "HEAD", folder=root, expected=(0, 1))
    except DeployError:
        return "", ()
    entries = (e for e in _entries(output) if e[:2] != _IGNORED or _is_read(e[3:], prefix))
    files = tuple(entry[3:].decode("utf-8", "replace") for entry in entries)
    return "" if files else head.decode().strip(), files


def _is_read(path: bytes, prefix: bytes) -> bool:
    """Return whether a build reads a file of the site.

    `path` begins at the root of the repository, `prefix` is the path of the site in it."""
    return not any(map(is_left_behind, os.fsdecode(path.removeprefix(prefix)).split("/")))


def _entries(output: bytes) -> list[bytes]:
    """Return the entries of `git status -z`, without former names."""
    return [part for part in output.split(b"\0") if len(part) > 3 and part[2:3] == b" "]


def tracked_files(root: Path, folders: Sequence[str]) -> tuple[str, ...]:
    """Return the files in generated folders of a site that Git tracks.

    Empty without Git or a repository."""
    if shutil.which("git") is None:
        return ()
    try:
        output = git("ls-files", "-z", "--", *folders, folder=root)
    except DeployError:
        return ()
    return tuple(path.decode("utf-8", "replace") for path in output.split(b"\0") if path)
