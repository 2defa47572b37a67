"""Two builds of the same content are the same bytes, on any machine, in any order."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.sites import NOW, WORLD, build_site, tree, write_site
from support.tools import REPOSITORY

AT = "2025-07-01 14:00"


def built_in_process(
    folder: Path, cwd: Path, environment: dict[str, str] | None = None, *more: str, umask: int = -1
) -> dict[str, bytes]:
    """Build a site by the command, in a process of its own; its output."""
    names = ("PATH", "HOME", "XDG_STATE_HOME")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    command = [sys.executable, "-m", "builder", "--site", str(folder), "build", "--at", AT]
    ran = subprocess.run(
        [*command, "--output", str(folder / "output"), *more],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(REPOSITORY), **(environment or {})},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return tree(folder / "output")


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A site and its output."""
    folder = write_site(tmp_path_factory.mktemp("usual"), WORLD)
    build_site(folder)
    return folder, tree(folder / "output")


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
        {"TZ": ":/nonsense", "LANG": "de_DE", "PYTHONHASHSEED": "random", "PYTHONOPTIMIZE": "2"},
        {"SOURCE_DATE_EPOCH": "0", "COLUMNS": "20", "NO_COLOR": "1", "PYTHONTZPATH": ""},
    ],
    ids=lambda environment: environment.get("TZ", "else"),
)
def test_environment_changes_nothing(
    environment: dict[str, str], usual: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    """Time zone, locale, encoding, hash seed, optimisation."""
    folder = write_site(tmp_path, WORLD)
    assert built_in_process(folder, tmp_path, environment) == usual[1]


def test_folder_and_order_of_files_change_nothing(
    usual: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    """Another folder with another name, files made in another order and at other times, another
    mask for new files, another folder to call it from."""
    other = tmp_path / "Ein Ordner – ü" / "x"
    files = [p for p in usual[0].rglob("*") if p.is_file() and "output" not in str(p)]
    for number, file in enumerate(sorted(files, reverse=True)):
        target = other / file.relative_to(usual[0])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        os.utime(target, (number * 1e6, number * 1e6))
    assert built_in_process(other, Path("/"), None, umask=0o077) == usual[1]


def test_two_builds_of_the_real_site(real_site: Path, tmp_path: Path) -> None:
    """The repository's own site, once more, in another time zone and place, by two processes."""
    again = tmp_path / "again"
    at = real_site.with_name("real-site-at").read_text("utf-8")  # what is due may change meanwhile
    command = [sys.executable, "-m", "builder", "build", "--at", at, "--output", str(again)]
    command += ["--jobs", "2"]
    environment = {**os.environ, "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    subprocess.run(
        command, cwd=REPOSITORY, env=environment, check=True, capture_output=True, timeout=120
    )
    first, second = tree(real_site), tree(again)
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def test_moment_of_the_build_is_nowhere(tmp_path: Path) -> None:
    """A month later the same content is the same site."""
    one, two = write_site(tmp_path / "1", WORLD), write_site(tmp_path / "2", WORLD)
    build_site(one)
    build_site(two, now=NOW.replace(year=2026))
    assert tree(one / "output") == tree(two / "output")


def test_folder_of_the_build_is_nowhere(usual: tuple[Path, dict[str, bytes]]) -> None:
    """No path of this machine is in the output."""
    folder, found = usual
    for path, data in found.items():
        assert str(folder).encode() not in data, path
        assert str(REPOSITORY).encode() not in data, path
