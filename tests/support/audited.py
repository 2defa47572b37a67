"""Runs commands of Slugline, and records every file that they open or change and what they start.

python audited.py LOG SITE [COMMAND …] -- [COMMAND …]"""

from __future__ import annotations

import json
import os
import sys
from itertools import groupby
from typing import Any

_CHANGES = {
    "os.rename": 2, "os.remove": 1, "os.mkdir": 1, "os.rmdir": 1, "os.link": 2, "os.symlink": 0,
    "os.truncate": 1, "os.chmod": 1, "shutil.rmtree": 1,
}  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def main(log: str, *words: str) -> None:
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    busy = False

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal busy
        if busy:
            return
        busy = True
        try:
            for row in _rows(event, args):
                os.write(written, (json.dumps(row) + "\n").encode())
        finally:
            busy = False

    from builder.cli.app import main as slugline

    sys.addaudithook(hook)
    for last, group in groupby(words, lambda word: word == "--"):
        if not last:
            try:
                slugline([*group], standalone_mode=False)
            except BaseException as error:
                print(f"{type(error).__name__}: {error}")
    os.close(written)


def _rows(event: str, args: tuple[Any, ...]) -> list[tuple[str, str]]:
    if event == "open" and isinstance(args[0], (str, bytes)):
        flags = args[2] if isinstance(args[2], int) else 0
        return [("write" if flags & _WRITES else "read", _real(args[0], flags))]
    if event in _CHANGES:
        return [("write", _real(path, os.O_NOFOLLOW)) for path in args[: _CHANGES[event]]]
    if event == "subprocess.Popen":
        return [("run", os.fsdecode(args[0]))]
    if event in ("os.system", "os.exec", "os.posix_spawn", "socket.connect"):
        return [(event, repr(args[:2]))]
    return []


def _real(path: str | bytes | int, flags: int) -> str:
    """The file that a path means; a name without a folder is in one that is held open."""
    if isinstance(path, int):  # a file that is open already
        return ""
    name = os.fsdecode(path)
    if "/" not in name:
        return ""
    if not flags & os.O_NOFOLLOW:
        return os.path.realpath(name)
    folder, _, last = name.rpartition("/")
    return f"{os.path.realpath(folder)}/{last}"


if __name__ == "__main__":
    main(*sys.argv[1:])
