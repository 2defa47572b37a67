"""What a command does not need, it does not load: each start costs every user, and every test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.sites import brief, edit, write_site

# Runs a command, and prints the modules that are loaded at its end.
PROGRAM = """\
import json, os, sys
from builder.cli.app import main
code = 0
try:
    main(sys.argv[1:], prog_name="slugline")
except SystemExit as end:
    code = end.code
sys.stdout.flush()
os.write(2, b"\\nLOADED" + json.dumps([code, *sys.modules]).encode())
"""
# Modules that few commands need, and that take long to load.
SELDOM = {
    "asyncio", "concurrent.futures", "css_inline", "ctypes.util", "fontTools", "http.client",
    "http.server", "lxml", "multiprocessing", "playwright", "resvg_py", "sqlite3", "ssl",
    "unittest", "urllib.request", "watchdog",
}  # fmt: skip
# What reads, links and renders.
PIPELINE = {
    "babel", "jinja2", "markdown_it", "PIL", "snowballstemmer", "yaml",
    "builder.content.schema", "builder.engine.pipeline", "builder.pages.kinds", "builder.site.link",
}  # fmt: skip


def loaded(site: Path, *arguments: str) -> set[str]:
    """The modules that a command has loaded."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, cwd=site, capture_output=True, timeout=60, check=True)
    code, *modules = json.loads(done.stderr.rpartition(b"LOADED")[2])
    assert not code, done.stderr
    return set(modules)


def test_what_each_command_loads(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", brief("one") + brief("two", "Scale AI trains"))
    start = loaded(site, "--version")
    assert not start & (SELDOM | PIPELINE | {"msgspec", "builder.store", "builder.model.brief"})
    assert not loaded(site, "build", "-q") & SELDOM
    assert not loaded(site, "check") & SELDOM
    for command in (("build", "-q"), ("check",)):  # nothing changed
        assert not loaded(site, *command) & (SELDOM | PIPELINE)
    edit(site / "content/briefs/one.md", "Text.", "Other text.")
    after_edit = loaded(site, "build", "-q")
    assert "builder.engine.pipeline" in after_edit
    assert not after_edit & (SELDOM | {"PIL"})
    assert not loaded(site, "new", "brief", "Another brief") & (
        SELDOM | {"jinja2", "markdown_it", "PIL", "builder.engine.pipeline", "builder.pages.kinds"}
    )


@pytest.mark.parametrize("module", ["builder.cli.app", "builder.engine.build"])
def test_no_module_of_the_start_loads_the_pipeline(module: str) -> None:
    """Neither the command nor the look at what has changed."""
    program = f"import json, sys, {module}; print(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert not {*json.loads(done.stdout)} & (SELDOM | PIPELINE)
