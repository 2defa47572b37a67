"""Kills commands that change what editors write at random moments, and saves files beside them.

After a kill and the next command, all files are as before or as after the command. A file that is
saved meanwhile has what was saved."""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from builder.cli import app as cli
from support.sites import brief, tree, write_site

COMMANDS = {
    "names merge": ["names", "merge", "topics", "Data labeling", "Data labelling"],
    "names --apply": ["names", "--apply", "--yes"],
    "names distinct": ["names", "distinct", "Google", "Meta"],
    "check --fix": ["check", "--fix", "--yes"],
    "new brief": ["new", "brief", "Google hires"],
    "init": [],
}
NEXT = ["names", "--format", "json"]  # any command that reads the site
SAVED = b"---\nid: saved222\ntitle: Saved\ndate: 2025-06-15\n---\nSaved.\n"
BRIEFS = 30


def text() -> str:
    """Briefs with two spellings of a topic and of a person, and dates that can be fixed."""
    found = ""
    for n in range(BRIEFS):
        topic = ("Data labelling", "Data labeling")[n % 3 == 0]
        person = ("Fei-Fei Li", "Li Fei-Fei")[n % 4 == 0]
        found += brief(f"b{n}", topics=f"[{topic}]", people=f"[{person}]", date="2025/06/15")
    return found


def run(site: Path, words: list[str], quiet: bool = True) -> int:
    """Run a command in a new process; return the process id."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        if quiet:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nowhere, descriptor)
        arguments = ["--site", str(site), *words] if words else ["init", str(site)]
        cli.main(arguments, prog_name="slugline")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code)


def state(site: Path) -> dict[str, bytes]:
    """The files that editors write, with all new ids alike."""
    if not site.exists():
        return {}
    found = {p: d for p, d in tree(site).items() if p.split("/")[0] not in (".slugline", "output")}
    mask = re.compile(rb"^id: [a-z2-9]{8}|^date: 20\d\d-\d\d-\d\d \d\d:\d\d", re.MULTILINE)
    return {path: mask.sub(b"", data) for path, data in found.items()}


class Torturer:
    """Tries one command again and again."""

    def __init__(self, folder: Path, command: str, seed: object) -> None:
        self.site, self.first, self.command = folder / "site", folder / "first", command
        self.words, self.chance = COMMANDS[command], random.Random(f"{seed}/{command}")
        if self.words:
            write_site(self.first, text())
        self.seen: Counter[str] = Counter()
        self.faults: list[str] = []
        self.reset()
        self.before = state(self.site)
        for _ in range(2):  # the first one also fills caches
            self.reset()
            began = time.perf_counter()
            os.waitpid(run(self.site, self.words), 0)
            self.seconds = time.perf_counter() - began
        self.after = state(self.site)
        assert self.after != self.before, command

    def reset(self) -> None:
        shutil.rmtree(self.site, ignore_errors=True)
        if self.words:
            shutil.copytree(self.first, self.site)

    def wait(self, child: int) -> bool:
        """Wait for a random moment; return whether the command still runs then.

        Half of the moments are soon after the command has begun to write."""
        began, limit = time.perf_counter(), self.chance.uniform(0, self.seconds)
        writing = self.chance.random() < 0.5
        mark = self.site / ".slugline/edits" if self.words else self.site / ".slugline-init"
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if writing and os.path.lexists(mark):
                time.sleep(self.chance.choice((0, 0.001, 0.003, 0.01, 0.03)))
                return os.waitpid(child, os.WNOHANG) == (0, 0)
            if not writing and time.perf_counter() - began > limit:
                return True
            time.sleep(0.0003)
        return False

    def kill(self) -> bool:
        """Kill one command and look at what the next one leaves; whether it still ran."""
        self.reset()
        child = run(self.site, self.words)
        if not self.wait(child):
            return False
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        # Without a site, the next command is the same one.
        os.waitpid(run(self.site, NEXT if self.words else self.words), 0)
        found = state(self.site)
        if found == self.before:
            self.seen["as before"] += 1
        elif found == self.after:
            self.seen["as after"] += 1
        elif self.command == "check --fix" and self._is_mixed_by_files(found):
            self.seen["some files fixed"] += 1  # each of them is fixed on its own
        else:
            differing = [p for p in {*found, *self.after} if found.get(p) != self.after.get(p)]
            self.faults.append(f"{self.command}: a mix; {sorted(differing)[:5]}")
        return True

    def _is_mixed_by_files(self, found: dict[str, bytes]) -> bool:
        return found.keys() == self.before.keys() and all(
            data in (self.before[path], self.after[path]) for path, data in found.items()
        )

    def save(self) -> None:
        """Save a file while the command runs."""
        self.reset()
        file = self.site / f"content/briefs/b{self.chance.randrange(BRIEFS)}.md"
        child = run(self.site, self.words)
        running = self.wait(child)
        if self.chance.random() < 0.5:
            file.with_suffix(".tmp").write_bytes(SAVED)
            file.with_suffix(".tmp").replace(file)
        else:
            file.write_bytes(SAVED)
        if running:
            os.waitpid(child, 0)
        self.seen["saved beside it"] += 1
        if file.read_bytes() != SAVED and running:
            self.faults.append(f"{self.command}: what was saved is lost: {file.name}")


def torture(folder: Path, kills: int, seed: object, commands: list[str]) -> list[str]:
    """Kill each command so many times; return what went wrong."""
    faults = []
    for command in commands:
        lane = folder / command.replace(" ", "-")
        lane.mkdir()
        torturer = Torturer(lane, command, seed)
        done, tries = 0, 0
        while done < kills and tries < 20 * kills:
            done, tries = done + torturer.kill(), tries + 1
        if torturer.words:
            for _ in range(kills):
                torturer.save()
        print(f"{command}: {done} kills, {dict(torturer.seen)}", flush=True)
        faults += torturer.faults
        shutil.rmtree(lane)
    return faults


def main() -> int:
    """Torture all commands, and print what went wrong."""
    parser = argparse.ArgumentParser(description="Kill commands that write at random moments.")
    parser.add_argument("--kills", type=int, default=24, help="of each command (default: 24)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of all chances")
    parser.add_argument("--command", choices=[*COMMANDS], action="append", help="only this one")
    chosen = parser.parse_args()
    print(f"{chosen.kills} kills of each command, --seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        commands = chosen.command or [*COMMANDS]
        faults = torture(Path(folder), chosen.kills, chosen.seed, commands)
    print("\n".join([*faults, f"{len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
