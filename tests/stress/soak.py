"""A day of an editor in a few minutes: random changes while `slugline serve` runs, and what it
serves compared with clean builds on the way and in the end.

    make soak CHANGES=2000 SEED=7

Files are edited, added, deleted, renamed, broken and mended, saved as editors save them and
several at once; templates, the style sheet and site.yaml too. Memory may not grow by more than a
fifth after the first hundred changes."""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from builder.diagnostics.diagnostic import ContentError
from builder.engine.build import build
from builder.output.manifest import FILE
from support.sites import brief, options, tree, write_site
from support.tools import REPOSITORY

BRIEFS = 60
COMPANIES = ("[Scale AI]", "[Google]", "[Google, Meta]", "[Scale AI, Facebook]")
TOPICS = ("[]", "[data]", "[data, labelling]", "[chips]")
MISTAKES = (
    ("companies: [", "companies: [Nobody, "), ("title:", "titel:"), ("date: 20", "date: 20x"),
    ("---\n", "--\n"),
)  # fmt: skip
# What a preview adds to pages.
_ADDED = re.compile(
    rb"<slugline-preview>.*</slugline-preview>\n(<script [^>]*client\.js[^>]*></script>\n)?",
    re.DOTALL,
)


class Fault(Exception):
    """What is served is not what a clean build makes, or memory has grown."""


class Editor:
    """Somebody who changes a site at random. What is broken is mended before it is looked at."""

    def __init__(self, site: Path, chance: random.Random) -> None:
        self.site, self.chance = site, chance
        self.briefs = site / "content/briefs"
        self.number = 0
        self.broken: dict[Path, bytes | None] = {}  # what is wrong, and what was there
        self.aside: list[tuple[Path, Path]] = []

    def change(self) -> None:
        """Change something."""
        kinds = (self.edit, self.edit, self.edit, self.title, self.title, self.add, self.delete,
                 self.rename, self.fail, self.template, self.style, self.configure, self.many,
                 self.folder)  # fmt: skip
        if len(self.broken) > 1 or (self.broken and self.chance.random() < 0.3):
            self.mend()
        else:
            self.chance.choice(kinds)()

    def _any(self) -> Path:
        return self.chance.choice(sorted(self.briefs.glob("*.md")))

    def _save(self, file: Path, text: str) -> None:
        """Save as one of the editors that there are."""
        how = self.chance.randrange(5)
        if how == 0:  # a new file in the place of the old
            aside = file.with_name(f".{file.name}.tmp")
            aside.write_text(text, "utf-8")
            aside.replace(file)
        elif how == 1:  # the old one is kept
            with suppress(OSError):
                shutil.copy(file, f"{file}~")
            file.write_text(text, "utf-8")
        elif how == 2:  # in two steps
            with file.open("w", encoding="utf-8") as stream:
                stream.write(text[: len(text) // 2])
                stream.flush()
                time.sleep(self.chance.uniform(0, 0.05))
                stream.write(text[len(text) // 2 :])
        elif how == 3:  # a file of its own tells whether the folder can be written
            (file.parent / "4913").write_text("")
            (file.parent / "4913").unlink()
            file.unlink(missing_ok=True)
            file.write_text(text, "utf-8")
        else:
            file.write_text(text, "utf-8")

    def edit(self) -> None:
        self.number += 1
        file = self._any()
        self._save(file, f"{file.read_text('utf-8')[:4000]}\nMore, {self.number}. [[Meta]]\n")

    def title(self) -> None:
        self.number += 1
        file = self._any()
        text = re.sub(r"(?m)^title: .*$", f"title: Scale AI hires {self.number}",
                      file.read_text("utf-8"))  # fmt: skip
        self._save(file, text)

    def add(self) -> None:
        self.number += 1
        if len([*self.briefs.glob("*.md")]) > 2 * BRIEFS:
            return self.delete()
        date = f"2025-0{self.chance.randint(1, 6)}-{self.chance.randint(10, 28)}"
        status = self.chance.choice(("published", "published", "draft"))
        text = brief(
            f"new-{self.number}", f"Scale AI hires {self.number}", date=date, status=status,
            companies=self.chance.choice(COMPANIES), topics=self.chance.choice(TOPICS),
        )  # fmt: skip
        self._save(self.briefs / f"new-{self.number}.md", text.partition("\n")[2])
        return None

    def delete(self) -> None:
        if len([*self.briefs.glob("*.md")]) > BRIEFS // 2:
            self._any().unlink()

    def rename(self) -> None:
        self.number += 1
        file = self._any()
        renamed = file.rename(file.with_name(f"renamed-{self.number}.md"))
        if file in self.broken:
            self.broken[renamed] = self.broken.pop(file)

    def fail(self) -> None:
        """Make a mistake."""
        file = self._any()
        before = file.read_bytes()
        self.broken.setdefault(file, before)
        old, new = self.chance.choice(MISTAKES)
        self._save(file, before.decode().replace(old, new, 1))

    def mend(self) -> None:
        for file, before in self.broken.items():
            file.unlink(missing_ok=True) if before is None else file.write_bytes(before)
        self.broken.clear()

    def template(self) -> None:
        """The site's own template comes, changes, goes; now and then with a mistake."""
        file = self.site / "templates/topic.html"
        kind = self.chance.randrange(4)
        if kind == 0 and file not in self.broken:
            file.unlink(missing_ok=True)
            return
        text = (REPOSITORY / "templates/topic.html").read_text("utf-8")
        file.parent.mkdir(exist_ok=True)
        if kind == 1:
            before = file.read_bytes() if file.exists() else None
            self.broken.setdefault(file, before)
            text += "{{ nothing_of_that_name }}"
        self.number += 1
        file.write_text(f"{text}<!-- {self.number} -->", "utf-8")

    def style(self) -> None:
        self.number += 1
        file = self.site / "templates/assets/style.css"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"p {{ margin: {self.number}px }}\n", "utf-8")

    def configure(self) -> None:
        self.number += 1
        file = self.site / "site.yaml"
        before = file.read_bytes()
        if self.chance.random() < 0.3:
            self.broken.setdefault(file, before)
            file.write_text("title: [", "utf-8")
        elif file not in self.broken:
            text = re.sub(rb"(?m)^title: .*$", f"title: Test {self.number}".encode(), before)
            file.write_bytes(text)

    def many(self) -> None:
        """A checkout."""
        for file in self.chance.sample(sorted(self.briefs.glob("*.md")), 20):
            file.write_text(f"{file.read_text('utf-8')[:4000]}\nChecked out.\n", "utf-8")

    def folder(self) -> None:
        """A folder goes, and comes back."""
        aside = self.site / "content/.aside"
        self.briefs.rename(aside)
        time.sleep(self.chance.uniform(0, 0.3))
        aside.rename(self.briefs)


class Soak:
    """A preview, and an editor."""

    def __init__(self, base: Path, seed: int) -> None:
        self.base, self.site = base, base / "site"
        text = "".join(
            brief(f"b{n}", f"Scale AI hires {n}", companies=COMPANIES[n % 4], topics=TOPICS[n % 4])
            for n in range(BRIEFS)
        )
        write_site(self.site, text)
        self.editor = Editor(self.site, random.Random(seed))
        self.chance = random.Random(seed + 1)
        # Nobody reads what it prints after its address, which soon fills the pipe: a preview must
        # not wait for that.
        command = [sys.executable, "-m", "builder", "--site", str(self.site), "serve",
                   "--port=0", "--at=2025-07-01 12:00"]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout
        found = re.search(r"http://localhost:(\d+)/", self.process.stdout.readline())
        assert found
        self.port = int(found[1])
        self.compared = 0

    def run(self, changes: int, moments: int) -> str:
        """Let the editor work. Raises Fault; else tells how it went."""
        looks = {changes * (n + 1) // moments for n in range(moments)}
        began, early = time.monotonic(), 0
        for number in range(1, changes + 1):
            self.editor.change()
            time.sleep(self.chance.choice((0, 0.01, 0.05, 0.1, 0.2)))
            if number in looks:
                self.compare(number)
            if number == min(100, changes):
                early = self.memory()
        late = self.memory()
        if late > 1.2 * early:
            raise Fault(f"memory grew from {early / 1e6:.1f} to {late / 1e6:.1f} MB")
        seconds = time.monotonic() - began
        return (
            f"{changes} changes in {seconds:.0f} s, compared {self.compared} times; memory"
            f" {early / 1e6:.1f} MB after the first hundred, {late / 1e6:.1f} MB in the end"
        )

    def compare(self, number: int) -> None:
        """What is served, beside a clean build of the same files."""
        self.editor.mend()
        wanted = self._wanted()
        end = time.monotonic() + 30
        while (differing := self._differing(wanted)) and time.monotonic() < end:
            time.sleep(0.1)
        if differing:
            raise Fault(f"after {number} changes: {', '.join(differing[:5])}")
        self.compared += 1

    def _wanted(self) -> dict[str, bytes]:
        copy = self.base / "clean"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.site, copy, ignore=shutil.ignore_patterns("output", ".*"))
        try:
            build(copy, copy / "output", options(drafts=True))
        except ContentError as error:
            wrong = [d for d in error.diagnostics if d.severity == "error"]
            raise Fault(f"the editor's own mistake: {wrong}") from None
        found = tree(copy / "output")
        found.pop(FILE)
        return found

    def _differing(self, wanted: dict[str, bytes]) -> list[str]:
        """The files that are not served as they should be."""
        folder = self.site / ".slugline/preview/site"
        with suppress(OSError):
            if others := {*tree(folder)} - {FILE} ^ wanted.keys():
                ended = self.process.poll() is not None
                return [f"files that differ: {sorted(others)}{', and it has ended' * ended}"]
            connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
            found = []
            for path, data in wanted.items():
                connection.request("GET", "/" + quote(path.removesuffix("index.html")))
                served = connection.getresponse().read()
                if path.endswith(".html"):
                    served = _ADDED.sub(b"", served)
                if served != data:
                    found.append(path)
            connection.close()
            return found
        return ["it could not be asked"]

    def memory(self) -> int:
        """Bytes that both processes have for themselves."""
        total = 0
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                if entry.name.isdigit() and os.getpgid(int(entry.name)) == self.process.pid:
                    text = (entry / "smaps_rollup").read_text("ascii")
                    total += sum(int(n) for n in re.findall(r"Pss:\s+(\d+)", text)) * 1024
        return total

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def soak(base: Path, changes: int, moments: int, seed: int) -> str:
    found = Soak(base, seed)
    try:
        return found.run(changes, moments)
    finally:
        found.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Random changes while `slugline serve` runs.")
    parser.add_argument("--changes", type=int, default=2000)
    parser.add_argument("--moments", type=int, default=20, help="how often to compare")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}")
    with tempfile.TemporaryDirectory(prefix="slugline-soak-") as folder:
        try:
            print(soak(Path(folder), chosen.changes, chosen.moments, chosen.seed))
        except Fault as fault:
            sys.exit(f"fault: {fault}")


if __name__ == "__main__":
    main()
