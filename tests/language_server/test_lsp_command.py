"""The command that an editor starts."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from builder.cli.app import main
from support.tools import REPOSITORY


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = ("builder.language_server", "pygls")  # by tests that ran before in this process
    for name in [name for name in sys.modules if name.startswith(loaded)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", None)
    found = CliRunner().invoke(main, ["lsp"])
    assert found.exit_code == 1
    assert 'pip install "slugline[lsp]"' in found.output


def test_only_the_protocol_reaches_standard_output() -> None:
    """Whatever prints: a library, the build, another process."""
    code = (
        "import os, sys\n"
        "from builder.cli.lsp import take_streams\n"
        "reading, writing = take_streams()\n"
        "print('printed', flush=True)\n"
        "os.system('echo by another process')\n"
        "writing.write(reading.read())\n"
        "writing.flush()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], input=b"asked", capture_output=True, cwd=REPOSITORY
    )
    assert ran.stdout == b"asked"
    assert ran.stderr.split(b"\n")[:2] == [b"printed", b"by another process"]
