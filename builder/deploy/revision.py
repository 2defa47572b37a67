"""A site's folder -> its Git revision and the files that are not committed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

from builder.content.reply_files import is_history
from builder.content.walk import is_left_behind
from builder.deploy.target import DeployError
from builder.git import GitError, run_git

SOURCES = ("content", "templates", "site.yaml")  # everything that a site is built from
# These override the user's Git settings: a build also reads files that Git ignores.
_STATUS = (
    "--porcelain", "-z", "--ignore-submodules=dirty", "--untracked-files=all",
    "--ignored=traditional",
)  # fmt: skip
_IGNORED = b"!!"
_Given = ParamSpec("_Given")


def _for_deploys(run: Callable[_Given, bytes]) -> Callable[_Given, bytes]:
    """Return a function that raises DeployError instead of GitError."""

    def run_or_fail(*words: _Given.args, **options: _Given.kwargs) -> bytes:
        try:
            return run(*words, **options)
        except GitError as error:
            raise DeployError(str(error)) from error

    return run_or_fail


git = _for_deploys(run_git)


def read_revision(root: Path) -> tuple[str, tuple[str, ...]]:
    """Return the commit of a site and its uncommitted files, without histories.

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
    files = tuple(
        entry[3:].decode("utf-8", "replace") for entry in entries if not _is_ours(entry[3:], prefix)
    )
    return "" if files else head.decode().strip(), files


def _is_read(path: bytes, prefix: bytes) -> bool:
    """Return whether a build reads a file of the site.

    `path` begins at the root of the repository, `prefix` is the path of the site in it."""
    return not any(map(is_left_behind, os.fsdecode(path.removeprefix(prefix)).split("/")))


def _is_ours(path: bytes, prefix: bytes) -> bool:
    """Return whether a deploy writes a file, so that nobody has to commit it."""
    return is_history(os.fsdecode(path.removeprefix(prefix)))


def _entries(output: bytes) -> list[bytes]:
    """Return the entries of `git status -z`, without former names."""
    return [part for part in output.split(b"\0") if len(part) > 3 and part[2:3] == b" "]
