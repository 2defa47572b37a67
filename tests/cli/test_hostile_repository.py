"""A repository with everything that a pull request could carry.

Cloned, checked, built, previewed and deployed, it does nothing outside of its clone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path

import pytest

from builder.serve.messages import BuildFailed
from builder.serve.rebuild import Rebuilder, preview_store
from support import audited
from support.hostile import REFUSED, SECRET, git, hostile_clone
from support.sites import options, tree
from support.tools import REPOSITORY

AT = ("--at", "2025-07-01 12:00")


def run(folder: Path, site: Path, *commands: tuple[str, ...]) -> tuple[str, set[tuple[str, str]]]:
    """What commands print, and what they read, write and run."""
    log = folder / "log"
    log.unlink(missing_ok=True)
    words = [word for command in commands for word in ("--site", str(site), *command, "--")]
    ran = subprocess.run(
        [sys.executable, audited.__file__, str(log), *words],
        cwd=site, capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "XDG_STATE_HOME": str(folder / "state"),
             "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    rows = log.read_text().splitlines()
    return ran.stdout + ran.stderr, {(kind, path) for kind, path in map(json.loads, rows)}


def stray(folder: Path, done: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What is outside of the clone, the targets, and what every program reads."""
    real = Path(os.path.realpath(folder))
    ours = tuple(f"{real / name}" for name in ("clone", "live", ".live.", "branch.git", "state"))
    installed = (sys.prefix, sys.base_prefix, str(REPOSITORY), *filter(None, sys.path))
    system = ("/usr/", "/etc/", "/proc/", "/dev/", "/lib", "/sys/", *installed)
    temporary = os.path.realpath(os.environ.get("TMPDIR", "/tmp"))
    found = set()
    for kind, path in done:
        written = path.startswith(ours) or path == "" or path == os.devnull
        scratch = path.startswith(f"{temporary}/") and not path.startswith(f"{real}/")
        fine = {
            "write": written or scratch or path == "/dev/null",
            # The test's own folder may itself lie below one of these, as in /dev/shm.
            "read": written
            or scratch
            or (path.startswith(system) and not path.startswith(f"{real}/")),
            "run": Path(path).name == "git",
        }
        if not fine.get(kind, False):
            found.add((kind, path))
    return found


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git("init", "-q", "--bare", tmp_path / "branch.git", folder=tmp_path)
    return hostile_clone(tmp_path)


def preview(site: Path) -> object:
    told: list[object] = []
    ours, theirs = Pipe()
    with preview_store(site) as store:
        rebuilder = Rebuilder(site, options(), store, ours, told.append, None)
        rebuilder.begin()
        rebuilder.build(None)
        rebuilder.close()
    ours.close()
    theirs.close()
    return told[-1]


def test_a_hostile_repository_does_nothing_outside_its_clone(clone: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    before = tree(outside)
    commands = [
        ("check", *AT), ("build", *AT), ("status",), ("names",),
        ("deploy", "folder", "--yes"), ("deploy", "branch", "--yes"),
        ("releases", "branch"), ("releases", "folder"), ("rollback", "branch", "--yes"),
    ]  # fmt: skip
    said, done = run(tmp_path, clone, *commands)
    assert {"tracked-output", "symlink", "active-drawing", "template-internal"} <= codes(said)
    assert stray(tmp_path, done) == set()
    assert SECRET not in said
    assert not (clone / "output/index.html").exists()
    assert isinstance(preview(clone), BuildFailed)
    assert tree(outside) == before, "nothing is changed, and the trap has caught nobody"

    # What remains when the errors are gone, with the generated files still there.
    for name in REFUSED:
        (clone / name).unlink()
    for name in ("output", ".slugline", ".output.lock", ".output.spare"):
        git("rm", "-r", "--quiet", "--cached", name, folder=clone)
    (clone / ".slugline/releases").unlink()
    (clone / ".output.lock").unlink()
    shutil.rmtree(clone / "output")
    text = (clone / "content/briefs/one.md").read_text()
    (clone / "content/briefs/one.md").write_text(
        text.replace("javascript:x()", "https://x.example/")
    )
    git(
        "-c",
        "user.name=E",
        "-c",
        "user.email=e@test.example",
        "commit",
        "-qam",
        "Fix",
        folder=clone,
    )
    allowed = ("--allow", "not-as-built", "--allow", "at", "--allow", "uncommitted")
    said, done = run(tmp_path, clone, ("check", *AT), ("build", *AT),
                     ("deploy", "folder", "--yes", *allowed),
                     ("deploy", "branch", "--yes", *allowed))  # fmt: skip
    assert stray(tmp_path, done) == set()
    assert "now has release" in said, said
    assert tree(outside) == before
    published = b"".join(tree(tmp_path / "live").values())
    assert b"<script>x()" not in published
    assert SECRET.encode() not in published
    assert not isinstance(preview(clone), BuildFailed)
    assert tree(outside) == before


def codes(said: str) -> set[str]:
    """The codes of the diagnostics in a report."""
    return {part.partition("]")[0] for part in said.split("error[")[1:]}


def test_the_oracle_sees_what_leads_out(clone: Path, tmp_path: Path) -> None:
    """Reading or writing through a link, and running a program, would be seen."""
    real = os.path.realpath(tmp_path)
    link = str(clone / "content/media/link.txt")
    rows = audited._rows("open", (link, "r", 0)) + audited._rows("os.remove", (link, -1))
    assert rows == [("read", f"{real}/outside/secret.txt"),
                    ("write", f"{real}/clone/content/media/link.txt")]  # fmt: skip
    rows += audited._rows("subprocess.Popen", ("/bin/sh", ["sh"], None, None))
    assert stray(tmp_path, {*rows}) == {rows[0], ("run", "/bin/sh")}
