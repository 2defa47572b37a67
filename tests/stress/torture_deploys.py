"""Deploys that are killed at random moments: readers get whole pages of one release or the other.

    make torture-deploys KIND=git KILLS=100 SEED=7

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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from support.deploys import (
    branch,
    git_daemon,
    half_sites,
    neither,
    output,
    public,
    rebuild,
    released,
    served,
    site_of,
)
from support.sites import brief, tree
from support.tools import REPOSITORY


class Host(NamedTuple):
    """Where a site is sent: the settings of the target, what a deploy finds in its environment,
    what readers get, and what they get that neither of two releases is."""

    settings: str
    environment: Mapping[str, str]
    read: Callable[[], dict[str, bytes]]
    wrong: Callable[[dict[str, bytes], dict[str, bytes]], list[str]]


@contextmanager
def host(kind: str, folder: Path) -> Iterator[Host]:
    """A host of a kind, in a folder."""
    folder.mkdir()
    with {"s3": _storage, "git": _repository, "folder": _folder}[kind](folder) as found:
        yield found


@contextmanager
def _storage(folder: Path) -> Iterator[Host]:
    news = folder / "bucket" / "news"
    news.parent.mkdir()
    with served("s3", folder) as port:
        store = {"TYPE": "s3", "PROVIDER": "Rclone", "ENDPOINT": f"http://127.0.0.1:{port}"}
        yield Host(
            "{kind: rclone, to: 'store:bucket/news'}",
            {f"RCLONE_CONFIG_STORE_{key}": value for key, value in store.items()},
            lambda: public(news),
            lambda before, after: half_sites(tree(news), [before, after]),
        )


@contextmanager
def _repository(folder: Path) -> Iterator[Host]:
    remote = folder / "pages.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    with git_daemon(folder) as address:
        read = partial(branch, remote)
        settings = f"{{kind: git, to: '{address}/pages.git'}}"
        yield Host(settings, {}, read, lambda *releases: neither(read(), releases))


@contextmanager
def _folder(folder: Path) -> Iterator[Host]:
    read = partial(public, folder / "news")
    settings = f"{{kind: folder, to: '{folder}/news'}}"
    yield Host(settings, {}, read, lambda *releases: neither(read(), releases))


def start(site: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """A deploy, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "builder", "--site", str(site), "deploy", "live", "--yes"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        start_new_session=True,
    )


def torture(folder: Path, kills: int, seed: int, kind: str = "s3") -> int:
    """Kill so many deploys; how many more had ended by themselves before the kill came."""
    chance, killed, late = random.Random(seed), 0, 0
    more = "".join(brief(f"more-{n}", f"Scale AI {n}") for n in range(20))
    with host(kind, folder / "host") as there:
        site = site_of(folder / "site", f"  live: {there.settings}\n", more)
        deploy = partial(start, site, there.environment)
        began = time.monotonic()
        said, _ = (process := deploy()).communicate(timeout=60)
        assert process.returncode == 0, said
        usual = time.monotonic() - began
        before = output(site)
        while killed < kills:
            n = killed + late
            rebuild(site, "".join(brief(f"more-{m}", f"Scale AI {m}, {n}") for m in range(20)))
            after = released(site, *(f"more-{m}" for m in range(20)))
            process = deploy()
            with suppress(subprocess.TimeoutExpired):
                # The first half of the time it only looks.
                process.communicate(timeout=usual * (0.3 + 0.7 * chance.random()))
            if process.poll() is None:
                # Half of the time the command alone: what it began has to end by itself.
                kill(process, chance.random() < 0.5, kind == "git")
                killed += 1
            else:
                late += 1
            wrong = there.wrong(before, after)
            assert not wrong, f"kill {n}, seed {seed}: {wrong[:5]}"
            said, _ = (process := deploy()).communicate(timeout=60)
            assert process.returncode == 0, f"kill {n}, seed {seed}: {said}"
            assert there.read() == after, f"kill {n}, seed {seed}: not completed"
            before = after
    return late


def kill(process: subprocess.Popen[str], whole: bool, awaited: bool) -> None:
    """Kill a deploy, and where it is `whole` what it began; else that may have to be awaited: a
    push that is under way may yet arrive."""
    with suppress(ProcessLookupError):
        (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)
    process.communicate()
    with suppress(ProcessLookupError):
        while awaited:
            os.killpg(process.pid, 0)
            time.sleep(0.02)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1000))
    parser.add_argument("--kind", choices=("s3", "git", "folder"), default="s3")
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory() as place:
        late = torture(Path(place), asked.kills, asked.seed, asked.kind)
        print(f"{asked.kills} kills ({late} more came too late), 0 faults")
