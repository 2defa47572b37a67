"""A small file system in place of a folder, which goes away even if the test is killed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Waits for a line, or for the death of the test: a mount that stays breaks later runs.
_UNMOUNT = 'echo ready; read -r _; exec umount --lazy "$1"'


@contextmanager
def small_mount(folder: Path, size: str) -> Iterator[bool]:
    """Mount a file system of that size; False where this user may not."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        yield False
        return
    # In a session of its own, so that what kills the test's process group spares it.
    keeper = subprocess.Popen(
        ["sh", "-c", _UNMOUNT, "sh", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert keeper.stdin and keeper.stdout
    try:
        assert keeper.stdout.readline() == "ready\n"
        yield True
    finally:
        keeper.stdin.write("done\n")
        keeper.stdin.close()
        keeper.stdout.close()
        assert keeper.wait(60) == 0, f"{folder} is still mounted"
