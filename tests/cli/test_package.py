"""What `pip install` gives: the wheel holds the templates and the starter."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from builder import program
from support.sites import brief, write_site
from support.tools import REPOSITORY


def test_wheel_has_the_starter(tmp_path: Path) -> None:
    """A site made from the wheel alone, away from the checkout, builds."""
    source = tmp_path / "source"
    wanted = ("builder", "templates", "docs", "pyproject.toml", "README.md", "LICENSE")
    for name in wanted:
        place = REPOSITORY / name
        if place.is_dir():
            shutil.copytree(place, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            source.mkdir(exist_ok=True)
            shutil.copy(place, source)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("slugline-*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    # What the preview sends to browsers lies beside its code.
    for kind in ("*.js", "*.css", "*.html"):
        sent = {file.name for file in (REPOSITORY / "builder/serve").glob(kind)}
        assert sent == {file.name for file in (installed / "builder/serve").glob(kind)} != set()
    for command in (["init", "mine"], ["--site", "mine", "check"], ["--site", "mine", "build"]):
        ran = subprocess.run(
            [sys.executable, "-m", "builder", *command],
            cwd=installed,
            check=False,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    front = (installed / "mine/output/index.html").read_text("utf-8")
    assert "Meta takes 49% of Scale AI" in front


def test_the_benchmarks_copy_of_the_program_is_whole(tmp_path: Path) -> None:
    """What is timed is a copy: it builds, and it can report a mistake."""
    spec = spec_from_file_location("bench", REPOSITORY / "benchmarks" / "run.py")
    assert spec is not None and spec.loader is not None
    bench = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(REPOSITORY / "benchmarks")
        patch.setitem(sys.modules, "bench", bench)
        spec.loader.exec_module(bench)
    bench.copy_program(tmp_path / "program")
    write_site(tmp_path / "site", brief("a", companies="[Nobody]"))
    ran = subprocess.run(
        [sys.executable, "-m", "builder", "--site", tmp_path / "site", "check"],
        cwd=tmp_path / "program",
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "error[unknown-company]" in ran.stdout


def test_versions_are_those_of_what_is_installed() -> None:
    """A cache of other libraries is not used: their versions are found as Python finds them."""
    found = dict(program._versions())
    assert found == {name: metadata.version(name) for name in program._LIBRARIES}
