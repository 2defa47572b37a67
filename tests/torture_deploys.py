"""Deploys that are killed at random moments: readers get whole pages of one release or the other.

    python tests/torture_deploys.py --kills 100 --seed 7

Every deploy is a process of its own, killed with all that it began. What the host serves then is
read as browsers would read it; the next deploy has to complete what was broken off."""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from deploys import half_sites, output, public, rebuild, served, site_of
from sites import brief, tree
from tools import REPOSITORY


def start(site: Path, port: int) -> subprocess.Popen[str]:
    """A deploy, in a process group of its own."""
    store = {"TYPE": "s3", "PROVIDER": "Rclone", "ENDPOINT": f"http://127.0.0.1:{port}"}
    return subprocess.Popen(
        [sys.executable, "-m", "builder", "--site", str(site), "deploy", "live", "--yes"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            **{f"RCLONE_CONFIG_STORE_{key}": value for key, value in store.items()},
        },
        start_new_session=True,
    )


def torture(folder: Path, kills: int, seed: int) -> int:
    """Kill so many deploys; how many more had ended by themselves before the kill came."""
    chance, killed, late = random.Random(seed), 0, 0
    more = "".join(brief(f"more-{n}", f"Scale AI {n}") for n in range(20))
    to = "  live: {kind: rclone, to: 'store:bucket/news'}\n"
    site = site_of(folder / "site", to, more)
    news = folder / "host" / "bucket" / "news"
    news.parent.mkdir(parents=True)
    with served("s3", folder / "host") as port:
        began = time.monotonic()
        said, _ = (process := start(site, port)).communicate(timeout=60)
        assert process.returncode == 0, said
        usual = time.monotonic() - began
        before = output(site)
        while killed < kills:
            n = killed + late
            rebuild(site, "".join(brief(f"more-{m}", f"Scale AI {m}, {n}") for m in range(20)))
            after = output(site)
            process = start(site, port)
            with suppress(subprocess.TimeoutExpired):
                # The first half of the time it only looks.
                process.communicate(timeout=usual * (0.3 + 0.7 * chance.random()))
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    # Half of the time the command alone: what it began has to end by itself.
                    whole = chance.random() < 0.5
                    (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)
                killed += 1
                process.communicate()
            else:
                late += 1
            wrong = half_sites(tree(news), [before, after])
            assert not wrong, f"kill {n}, seed {seed}: {wrong[:5]}"
            said, _ = (process := start(site, port)).communicate(timeout=60)
            assert process.returncode == 0, f"kill {n}, seed {seed}: {said}"
            assert public(news) == after, f"kill {n}, seed {seed}: not completed"
            before = after
    return late


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1000))
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory() as place:
        late = torture(Path(place), asked.kills, asked.seed)
        print(f"{asked.kills} kills ({late} more came too late), 0 faults")
