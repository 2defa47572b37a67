"""Counts the work of commands: calls of functions, which are the same on every machine.

    make bench ARGS=--counted          # or: .venv/bin/python benchmarks/counted.py

Each command runs in a process of its own on a small made-up site. A profiler counts the calls of
Python's and of C's functions, so load and speed of the machine do not matter. It does not see how
long one call takes: a regular expression that searches a long text is one call.

`budgets.json` has the most calls of each command, by version of Python, because versions differ in
what is a call. `tests/engine/test_counted.py` compares. A change that needs more work raises the
budget on purpose: `python benchmarks/counted.py --write`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BUDGETS = Path(__file__).with_name("budgets.json")
BRIEFS = 40
AT = "2025-06-01T12:00:00+00:00"
SPARE = 1.03  # a new budget ÷ the calls that were counted
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
_SETTLED = 0.2  # seconds after which a build trusts the time of a changed file
_COMMANDS = (
    ("build cold", ["build", "--quiet", "--jobs=1"]),
    ("build after one edit", ["build", "--quiet", "--jobs=1"]),
    ("build with no change", ["build", "--quiet", "--jobs=1"]),
    ("check", ["check", "--jobs=1"]),
)


class Count(NamedTuple):
    """The calls of a command, and the functions that were called most."""

    command: str
    calls: int
    functions: tuple[tuple[str, int], ...]


def count_all() -> Iterator[Count]:
    """Yield the calls of each command, on one site after the other state of it."""
    with _site() as site:
        for name, command in _COMMANDS:
            if name == "build after one edit":
                _edit(site)
            yield _count(name, command, site)


def budgets() -> dict[str, int]:
    """Return the most calls of each command in this version of Python; none if unknown."""
    found: dict[str, dict[str, int]] = json.loads(BUDGETS.read_text("utf-8"))
    return found.get(VERSION, {})


def write_budgets(counts: list[Count]) -> None:
    """Set the budgets of this version of Python to what was counted, and a little more."""
    known = json.loads(BUDGETS.read_text("utf-8")) if BUDGETS.exists() else {}
    known[VERSION] = {count.command: int(round(count.calls * SPARE, -3)) for count in counts}
    BUDGETS.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", "utf-8")


def table(counts: list[Count]) -> list[list[str]]:
    """Return the table of calls and budgets."""
    most = budgets()
    rows = [["", "calls", "budget", "calls ÷ budget"]]
    for count in counts:
        budget = most.get(count.command, 0)
        share = f"{count.calls / budget:.3f}" if budget else ""
        rows.append([count.command, f"{count.calls:,}", f"{budget:,}", share])
    return rows


@contextmanager
def _site() -> Iterator[Path]:
    """Write the site, as it was an hour ago: fresh files would be read again."""
    with tempfile.TemporaryDirectory(prefix="slugline-counted-", dir="/tmp") as folder:
        script = str(ROOT / "benchmarks" / "generate.py")
        command = [sys.executable, script, folder, f"--briefs={BRIEFS}", "--for", "slugline"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        site = Path(folder) / "slugline"
        settings = site / "site.yaml"
        # With everything but cards, which are drawn: that costs seconds and only a few calls.
        settings.write_text(settings.read_text("utf-8") + "cards: false\n", "utf-8")
        for path in [*site.rglob("*"), site]:
            _date(path, 1_700_000_000)
        time.sleep(_SETTLED)
        yield site


def _edit(site: Path) -> None:
    brief = max((site / "content" / "briefs").rglob("*.md"), key=lambda path: path.name)
    brief.write_text(brief.read_text("utf-8") + "\nThe desk added a line.\n", "utf-8")
    _date(brief, 1_700_000_100)
    time.sleep(_SETTLED)


def _date(path: Path, seconds: int) -> None:
    """Set the time of a file to a fraction of a second, which settles sooner than a whole one."""
    os.utime(path, ns=(seconds * 1_000_000_000 + 1, seconds * 1_000_000_000 + 1))


def _count(name: str, command: list[str], site: Path) -> Count:
    said = subprocess.run(
        [sys.executable, __file__, "--inside", "--site", str(site), *command, f"--at={AT}"],
        env={
            "PATH": os.environ.get("PATH", ""), "HOME": str(site.parent), "LANG": "C.UTF-8",
            "XDG_CACHE_HOME": str(site.parent / "cache"), "TZ": "UTC", "NO_COLOR": "1",
            "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    calls, functions = json.loads(said.stdout.rpartition("\n\0")[2])
    return Count(name, calls, tuple(map(tuple, functions)))


class _Ended(BaseException):
    """The command has ended, which it does without a return."""


def _run_inside(arguments: list[str]) -> None:
    """Run a command in this process under the profiler, and print its calls."""
    import cProfile

    sys.path.insert(0, str(ROOT))
    sys.argv = ["slugline", *arguments]
    # As after the installation: without code of templates that other builds have kept.
    nothing = ModuleType("builder.render.installed")
    nothing.installed = dict  # type: ignore[attr-defined]
    nothing.keep_installed = lambda values: None  # type: ignore[attr-defined]
    sys.modules[nothing.__name__] = nothing
    own, leave = os.getpid(), os._exit

    def end(code: int) -> None:
        if os.getpid() != own:  # a process that the command has forked
            leave(code)
        raise _Ended(code)

    os._exit = end  # type: ignore[assignment]
    profile = cProfile.Profile()
    try:
        profile.enable()
        from builder.__main__ import run

        run()
    except (_Ended, SystemExit):
        pass
    finally:
        profile.disable()
    rows = [(_name(entry.code), entry.callcount) for entry in profile.getstats()]
    rows.sort(key=lambda row: -row[1])
    print("\n\0" + json.dumps([sum(calls for _, calls in rows), rows[:40]]))


def _name(code: object) -> str:
    if isinstance(code, str):
        return code
    file = str(getattr(code, "co_filename", "")).removeprefix(f"{ROOT}/")
    return f"{file}:{getattr(code, 'co_firstlineno', 0)} {getattr(code, 'co_name', '')}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        _run_inside(sys.argv[2:])
    else:
        counted = [*count_all()]
        if "--write" in sys.argv:
            write_budgets(counted)
        for row in table(counted):
            print(*(cell.rjust(22) for cell in row))
