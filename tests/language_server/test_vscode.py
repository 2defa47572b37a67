"""The extension for Visual Studio Code, with stand-ins for the editor: it cannot run here."""

from __future__ import annotations

import subprocess

from support.tools import REPOSITORY


def test_the_extension_is_activated() -> None:
    folder = REPOSITORY / "editors" / "vscode"
    ran = subprocess.run(["node", "--test"], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0 and "# pass 4" in ran.stdout, ran.stdout + ran.stderr
