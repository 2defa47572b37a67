"""Commands that the fork server runs are as those that are started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import Command
from support.sites import brief, small_site, tree
from support.tools import REPOSITORY

AT = "--at=2025-07-01 12:00"


def test_a_forked_command_is_as_a_started_one(tmp_path: Path) -> None:
    """Streams, exit code, environment and files; with success, a mistake, and a wrong option."""
    mistake = brief("two", companies="[Nobody]")
    for name, text, words, code in (
        ("built", brief("one"), ("build", "--quiet", AT), 0),
        ("wrong", mistake, ("check", AT), 1),
        ("unknown", "", ("build", "--no-such-option"), 2),
    ):
        sites = [small_site(tmp_path / way / name, text) for way in ("forked", "started")]
        environment = {"NO_COLOR": "1", "SLUGLINE_KEY": name}
        forked = Command(*words, cwd=sites[0], environment=environment, errors_apart=True)
        started = subprocess.run(
            [sys.executable, "-m", "builder", *words], cwd=sites[1], capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}, check=False,
        )  # fmt: skip
        assert forked.communicate(60) == (started.stdout, started.stderr)
        assert forked.returncode == started.returncode == code
        assert tree(sites[0] / "output") == tree(sites[1] / "output")


def test_a_forked_command_is_waited_for_and_killed(tmp_path: Path) -> None:
    """It has a session of its own, so that its children can be killed with it."""
    command = Command("serve", "--port=0", AT, cwd=small_site(tmp_path, brief("one")))
    assert os.getpgid(command.pid) == os.getsid(command.pid) == command.pid
    assert command.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        command.wait(0)
    os.killpg(command.pid, signal.SIGKILL)
    command.communicate(60)
    assert command.poll() == command.returncode == -signal.SIGKILL
