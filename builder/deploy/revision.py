"""A site's folder -> the revision that git has of it, and what is not committed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from builder.content.walk import is_left_behind
from builder.deploy.target import DeployError

# What a site is made of.
SOURCES = ("content", "templates", "site.yaml")
# Whatever git is told elsewhere to leave out: a build does not leave it out.
_STATUS = ("--porcelain", "-z", "--untracked-files=all", "--ignored=traditional")
_IGNORED = b"!!"


def git(
    *words: str,
    folder: Path | None = None,
    data: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    wanted: Sequence[int] = (0,),
    held: Sequence[int] = (),
) -> bytes:
    """What the `git` program says, which keeps the files `held` open as long as it runs. Raises
    DeployError when it ends otherwise than `wanted`."""
    if shutil.which("git") is None:
        raise DeployError("the program `git` is not there; install it")
    settings = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(environment or {})}
    ran = subprocess.run(
        ["git", *words],
        cwd=folder,
        input=data,
        stdin=subprocess.DEVNULL if data is None else None,
        capture_output=True,
        env={**os.environ, **settings},
        check=False,
        pass_fds=held,
    )
    if ran.returncode not in wanted:
        said = ran.stderr.decode("utf-8", "replace").strip() or f"it ended with {ran.returncode}"
        raise DeployError(f"git {words[0]}: {said}")
    return ran.stdout


def revision(root: Path) -> tuple[str, tuple[str, ...]]:
    """The commit that a site is of, and those of its files that are not committed. Where there are
    some, or no version control, it is of no commit."""
    if shutil.which("git") is None:
        return "", ()
    try:
        found = git("status", *_STATUS, "--", *SOURCES, folder=root)
        above = git("rev-parse", "--show-prefix", folder=root).rstrip(b"\n")
        head = git("rev-parse", "--verify", "--quiet", "HEAD", folder=root, wanted=(0, 1))
    except DeployError:
        return "", ()
    left = (e for e in _entries(found) if e[:2] != _IGNORED or _is_read(e[3:], above))
    files = tuple(entry[3:].decode("utf-8", "replace") for entry in left)
    return "" if files else head.decode().strip(), files


def _is_read(path: bytes, above: bytes) -> bool:
    """Whether a build reads a file of a site's folder, which lies below `above` in the
    repository."""
    return not any(map(is_left_behind, os.fsdecode(path.removeprefix(above)).split("/")))


def _entries(found: bytes) -> list[bytes]:
    """The entries of `git status -z`, without the former names of what was renamed."""
    return [part for part in found.split(b"\0") if len(part) > 3 and part[2:3] == b" "]
