"""Measures the physical floor of a build: what any program in Python has to do on this machine.

It starts and loads its modules, reads and hashes its inputs, and writes its outputs. Each part runs
in a process of its own, as the builds do, and in the same run.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from measure import Sample, run

_START = """\
import builder.cli.build, builder.engine.build, builder.engine.pipeline, builder.check.checks
import builder.content.markdown.engine, babel.dates
"""
_READ = """\
import hashlib, os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as stream:
            hashlib.blake2b(stream.read(), digest_size=16).digest()
"""
# Zeros of the same sizes: what a page says does not change what it costs to write it.
_WRITE = """\
import os, sys
source, target = sys.argv[1:]
for folder, _, names in os.walk(source):
    into = target + folder[len(source):]
    os.makedirs(into, exist_ok=True)
    for name in names:
        data = bytes(os.lstat(os.path.join(folder, name)).st_size)
        number = os.open(os.path.join(into, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        os.write(number, data)
        os.close(number)
"""
PARTS = ("interpreter and modules", "reading and hashing the inputs", "writing the outputs")


def measure_floor(
    program: Path, inputs: Path, output: Path, work: Path, rounds: int
) -> list[list[Sample]]:
    """Return the samples of each part: `output` is what a build wrote."""
    copy = work / "floor"
    commands: tuple[tuple[str, ...], ...] = (
        (_START,),
        (_READ, str(inputs)),
        (_WRITE, str(output), str(copy)),
    )
    found: list[list[Sample]] = [[] for _ in commands]
    for _ in range(rounds):
        for samples, (script, *arguments) in zip(found, commands, strict=True):
            shutil.rmtree(copy, ignore_errors=True)
            samples.append(run([sys.executable, "-c", script, *arguments], program, {}))
    shutil.rmtree(copy, ignore_errors=True)
    return found


def floor_rows(floor: Sequence[Sequence[Sample]], cold: Sequence[Sample]) -> list[list[str]]:
    """Return the table of the floor, and how far from it a cold build is."""
    rows = [["physical floor, one process", "wall s", "CPU s"]]
    sums = [0.0, 0.0]
    for name, samples in zip(PARTS, floor, strict=True):
        each = [median(sample.wall for sample in samples), median(s.cpu for s in samples)]
        sums = [known + more for known, more in zip(sums, each, strict=True)]
        rows.append([name, *(f"{value:.2f}" for value in each)])
    rows.append(["sum", *(f"{value:.2f}" for value in sums)])
    built = [median(sample.wall for sample in cold), median(sample.cpu for sample in cold)]
    ratios = (f"{value / floor:.1f}" for value, floor in zip(built, sums, strict=True))
    rows.append(["Slugline, cold ÷ sum", *ratios])
    return rows
