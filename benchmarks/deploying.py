"""Time and memory of planning a deploy.

The site has many files, one of which is edited; the target is a folder.

    python benchmarks/deploying.py --files 20000
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builder.deploy.archive import ReleaseArchive
from builder.deploy.collect import collect_release
from builder.deploy.deploy import Deploy, execute
from builder.deploy.plan import make_plan
from builder.deploy.targets.folder import Folder
from builder.model.settings import TargetSettings
from builder.model.values import Line
from builder.output.manifest import FILE, Manifest, ManifestEntry, bytes_digest, encode_manifest

SETTINGS = TargetSettings(kind="folder", to=Line("www/news"))


def write_output(root: Path, count: int, word: str) -> None:
    """Write pages of 8 KB, one of which contains a word."""
    files = {}
    for n in range(count):
        path = f"briefs/story-{n:06}/index.html"
        text = f"<p>{n} {word if n == 7 else ''}</p>"
        data = (text + "x" * (8000 - len(text))).encode()
        files[path] = ManifestEntry(bytes_digest(data), len(data))
        place = root / "output" / path
        if not place.exists() or n == 7:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    manifest = Manifest(program="", base_url="https://bench.example", files=files)
    (root / "output" / FILE).write_bytes(encode_manifest(manifest))


def planned(root: Path) -> tuple[Deploy, float]:
    """Return a plan, and the seconds that it took."""
    from datetime import UTC, datetime

    began = time.perf_counter()
    target = Folder(root, "live", SETTINGS)
    state = target.read_state(False)
    now = datetime.now(UTC)
    collected = collect_release(root, root / "output", SETTINGS, state, now, "", "")
    plan = make_plan(collected.release, state)
    took = time.perf_counter() - began
    archive = ReleaseArchive(root, "live")
    deploy = Deploy(archive, SETTINGS, target, plan, (), collected.sources, collected.data)
    return deploy, took


def measure(root: Path, step: str) -> None:
    """Measure one step in a process of its own, for its memory."""
    found, took = planned(root)
    if step == "plan":
        print(f"{step}: {took:.2f} s, {len(found.plan.send)} to send", end="")
    else:
        began = time.perf_counter()
        execute(found, False, lambda *_: None)
        print(f"{step}: {took:.2f} s to plan, {time.perf_counter() - began:.2f} s to send", end="")
    print(f"; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--in", dest="place", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        measure(asked.place, asked.step)
        return
    with tempfile.TemporaryDirectory() as place:
        for word, steps in (("first", ("first deploy",)), ("second", ("plan", "second deploy"))):
            write_output(Path(place), asked.files, word)
            for step in steps:
                command = [sys.executable, __file__, "--in", place, "--step", step]
                subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": "."})


if __name__ == "__main__":
    main()
