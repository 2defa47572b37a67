"""A pipe in the place of any file that a command reads: an error or a rebuild, never a wait."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner

from builder.cli import app as cli
from builder.machine_key import state_folder
from support.deploys import site_of
from support.sites import brief

MOST = 20  # seconds
COMMANDS = (["check", "--fix"], ["build"], ["names"], ["deploy", "--plan"])


@contextmanager
def ends() -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError("the command waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(MOST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def made(folder: Path) -> Path:
    """A site that is built and deployed, with files of each kind."""
    text = brief("one") + (
        "=== content/media/a.png\na picture\n=== content/media/note.txt\nA note.\n"
        "=== templates/assets/style.css\nbody {}\n"
    )
    site = site_of(folder / "site", "  live: {kind: folder, to: ../www}\n", text)
    assert invoke(site, ["deploy", "--yes", "--no-check"]) == 0
    return site


def invoke(site: Path, command: list[str]) -> int:
    with ends():
        result = CliRunner().invoke(cli.main, ["--site", str(site), *command])
    assert not isinstance(result.exception, AssertionError), (command, result.exception)
    assert "bug in Slugline" not in result.output, (command, result.output)
    return result.exit_code


def test_a_pipe_in_the_place_of_any_file(tmp_path: Path) -> None:
    site = made(tmp_path)
    tops = (site, tmp_path / "www.releases", state_folder() / "slugline")
    found = [path for top in tops for path in sorted(top.rglob("*")) if path.is_file()]
    again = ("output/", ".output.spare/", "www.releases/20")  # copies, and the pages themselves
    for path in found:
        name = path.relative_to(tmp_path).as_posix() if path.is_relative_to(tmp_path) else ""
        if name.removeprefix("site/").startswith(again) and path.suffix != ".json":
            continue
        if not path.exists() or ".objects" in path.parts:
            continue
        data = path.read_bytes()
        path.unlink()
        try:
            os.mkfifo(path)
        except FileExistsError:  # another process of these tests has put it back
            continue
        for command in COMMANDS:
            invoke(site, command)
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
