"""Measures what each command loads before it works: modules, and the time to import them.

Runs each command in a process of its own with `-X importtime`, on a small new site, and prints the
median of some rounds.

    python benchmarks/startup.py --rounds 5
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "--version": ["--version"],
    "build, nothing kept": ["build", "-q", "--clean"],
    "build, one body edited": ["build", "-q"],
    "build, nothing changed": ["build", "-q"],
    "check, one body edited": ["check"],
    "check, nothing changed": ["check"],
    "new brief": ["new", "brief", "Another brief"],
}
_LIBRARIES = ("babel", "jinja2", "markdown_it", "yaml", "PIL", "multiprocessing", "asyncio")


def imported(output: str) -> dict[str, float]:
    """Return the milliseconds that each module took by itself."""
    found = {}
    for line in output.splitlines():
        if line.startswith("import time:") and line.count("|") == 2:
            own, _, name = line.removeprefix("import time:").split("|")
            if own.strip().isdecimal():
                found[name.strip()] = int(own) / 1000
    return found


def run(site: Path, arguments: list[str]) -> dict[str, float]:
    """Return what a command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "builder", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=site, env=environment, capture_output=True, text=True, check=False
    )
    return imported(done.stderr)


def edit(site: Path, number: int) -> None:
    """Add a paragraph to a brief."""
    brief = min((site / "content/briefs").glob("*.md"))
    with brief.open("a", encoding="utf-8") as stream:
        stream.write(f"\nParagraph {number}.\n")


def main() -> None:
    """Run each command, and print a table."""
    parser = argparse.ArgumentParser(description="Measure what each command imports.")
    parser.add_argument("-n", "--rounds", type=int, default=3, help="rounds (default: 3)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        run(Path(folder), ["init", "site"])
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        loaded: dict[str, dict[str, float]] = {}
        for number in range(rounds):
            for name, arguments in COMMANDS.items():
                if name.endswith("edited"):
                    edit(site, number)
                if arguments[0] == "new":
                    arguments = [*arguments[:-1], f"{arguments[-1]} {number}"]
                loaded[name] = run(site, arguments)
                times[name].append(sum(loaded[name].values()))
    print("| command | modules | ms to import | of these, libraries |\n|---|--:|--:|---|")
    for name, found in times.items():
        libraries = ", ".join(one for one in _LIBRARIES if one in loaded[name])
        print(f"| {name} | {len(loaded[name])} | {median(found):.0f} | {libraries} |")


if __name__ == "__main__":
    main()
