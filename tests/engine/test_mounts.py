"""The small file systems of tests do not outlive the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.mounts import small_mount
from support.tools import TESTS, until

MOUNTS = """\
import sys, time
from pathlib import Path
from support.mounts import small_mount
with small_mount(Path(sys.argv[1]), "1m") as mounted:
    print(mounted, flush=True)
    time.sleep(60)
"""


def test_a_mount_ends_with_its_test(tmp_path: Path) -> None:
    with small_mount(tmp_path, "1m") as mounted:
        if not mounted:
            pytest.skip("this user may not mount a file system")
        assert tmp_path.is_mount()
    assert not tmp_path.is_mount()


def test_a_killed_test_leaves_no_mount(tmp_path: Path) -> None:
    """Also where its whole process group is killed, as a runner does at a time limit."""
    process = subprocess.Popen(
        [sys.executable, "-c", MOUNTS, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with process:
        assert process.stdout
        said = process.stdout.readline()
        if said == "True\n":
            assert tmp_path.is_mount()
        os.killpg(process.pid, signal.SIGKILL)
    if said != "True\n":
        assert said == "False\n"
        pytest.skip("this user may not mount a file system")
    until(lambda: not tmp_path.is_mount())
