"""Builds that are killed at random moments: output/ is always the old site or the new one.

    make torture KILLS=300 SEED=7

Every build is a process of its own, killed with all its workers. What it left is read as a web
server would read it and compared, byte for byte, with clean builds of copies of the site. Then
the build is run again, and has to make what a clean build makes."""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from support.commands import Command
from support.pages import read_page, without_index
from support.sites import brief, tree, write_site
from support.tools import REPOSITORY

AT = ("--at", "2026-01-01 12:00")
# Above 200 of anything, a build that may use two processes does.
BRIEFS = 230

Tree = dict[str, bytes]
Process = subprocess.Popen[str] | Command


# --- running the command -----------------------------------------------------------------------


class Ended(NamedTuple):
    """How a command ended, and what it said on either channel."""

    code: int  # negative: the signal that ended it
    text: str
    seconds: float


def start(
    site: Path,
    *arguments: object,
    command: str = "build",
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    umask: int = -1,
) -> Process:
    """The command, in a process group of its own. `prefix` is a command to run it by."""
    if not prefix and not environment:
        words = ("--site", site, command, *AT, *arguments)
        return Command(*words, cwd=cwd or site.parent, umask=umask)
    words = (*prefix, sys.executable, "-m", "builder", "--site", str(site), command, *AT)
    return subprocess.Popen(
        [*words, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=cwd or site.parent,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **(environment or {})},
        umask=umask,
        start_new_session=True,
    )


def finish(process: Process, started: float = 0, within: float = 60) -> Ended:
    """Wait for a command and all its workers: while one of them lives, the channel is open."""
    try:
        text, _ = process.communicate(timeout=within)
    except subprocess.TimeoutExpired:
        kill(process)
        text, _ = process.communicate(timeout=10)
        raise AssertionError(f"the command did not end in {within} s; it said:\n{text}") from None
    return Ended(process.returncode, text, time.perf_counter() - started)


def run(site: Path, *arguments: object, **more: object) -> Ended:
    """The command, from its start to its end."""
    return finish(start(site, *arguments, **more), time.perf_counter())  # type: ignore[arg-type]


def kill(process: Process) -> None:
    """Kill a command and all its workers at once, so that none can tidy up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


# --- what is there -----------------------------------------------------------------------------


def served(output: Path) -> Tree | None:
    """What a web server would give of an output folder, or None where there is none. The record
    that a build keeps of its own in there is no part of the site."""
    if not output.is_dir():
        return None
    return {path: data for path, data in tree(output).items() if not path.startswith(".slugline")}


def sources(site: Path) -> Tree:
    """What the editors wrote."""
    found = {f"content/{path}": data for path, data in tree(site / "content").items()}
    found |= {f"templates/{path}": data for path, data in tree(site / "templates").items()}
    return found | {"site.yaml": (site / "site.yaml").read_bytes()}


def copied(site: Path, to: Path) -> Path:
    """A copy of what the editors wrote, without output and cache."""
    for path, data in sources(site).items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(data)
    return to


def clean(site: Path, *arguments: object) -> Tree:
    """What a clean build of a copy of the site in another folder makes.

    It knows the templates that come with Slugline, which take longer than the rest of the build."""
    with tempfile.TemporaryDirectory(dir=site.parent, prefix="clean-") as folder:
        copy = write_site(copied(site, Path(folder)), usual=False)
        ended = run(copy, *arguments)
        assert ended.code == 0, ended.text[-2000:]
        found = served(copy / "output")
    assert found, "a clean build made nothing"
    return found


def strays(site: Path) -> list[str]:
    """What lies in a site's folder and should not: the output's lock and its like may."""
    known = {"site.yaml", "content", "templates", "output", ".slugline"}
    names = {entry.name for entry in os.scandir(site)} - known
    return sorted(name for name in names if not name.startswith(".output."))


def differences(found: Tree | None, wanted: Tree | None, limit: int = 5) -> str:
    """In words, how two trees differ."""
    if found is None or wanted is None:
        return f"{'no output' if found is None else 'an output'}, where another was expected"
    missing = sorted(wanted.keys() - found.keys())
    more = sorted(found.keys() - wanted.keys())
    other = sorted(path for path in found.keys() & wanted.keys() if found[path] != wanted[path])
    rows = [("missing", missing), ("not expected", more), ("other bytes", other)]
    return "; ".join(f"{len(paths)} {what}: {paths[:limit]}" for what, paths in rows if paths)


def dead_links(site: Tree) -> list[str]:
    """Links of pages that lead to no file of the site."""
    found = []
    for path, data in site.items():
        if not path.endswith(".html"):
            continue
        page = read_page(data.decode("utf-8"))
        here = "/" + without_index(Path(path))
        for _, address in page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            target = unquote(urljoin(here, parts.path)).lstrip("/")
            if target.endswith("/") or not target:
                target += "index.html"
            if target not in site:
                found.append(f"{path} -> {address}")
    return found


def signature(site: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when something beside output/, or output/ itself, appears or changes."""
    found = []
    for folder in (site, site / ".slugline", site / "output"):
        with suppress(OSError):
            for entry in os.scandir(folder):
                if entry.name.startswith(".") or entry.name == "output" or folder != site:
                    with suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        found.append((entry.path, status.st_ino, status.st_mtime_ns))
    return tuple(sorted(found))


# --- a site, and what editors do to it ---------------------------------------------------------

EDITION = "<!-- edition 0 -->"

# Templates that print what matters and are quickly read.
PLAIN = {
    "base.html": f"<!doctype html><title>{{{{ head.title }}}}</title>{EDITION}"
    '<link rel="stylesheet" href="/assets/style.css"><a href="/">{{ site.title }}</a>'
    "{% block content %}{% endblock %}\n",
    "cards.html": '{% macro list(cards) %}{% for card in cards %}<a href="{{ card.url }}">'
    "{{ card.title }}</a>{% for company in card.companies %}{{ company.name }} {% endfor %}"
    "{% endfor %}{% endmacro %}",
    "front.html": '{% extends "base.html" %}{% block content %}{% import "cards.html" as show %}'
    '<a href="{{ more }}">{% if lead %}{{ lead.card.title }}{% endif %}</a>'
    "{{ show.list(top) }}{{ show.list(latest) }}{% endblock %}",
    "brief.html": f'{{% extends "base.html" %}}{{% block content %}}{EDITION}{{{{ title }}}}'
    '{{ published }}{{ body|safe }}{% if older %}<a href="{{ older.url }}">older</a>{% endif %}'
    '{% for company in companies %}<a href="{{ company.url }}">{{ company.name }}</a>{% endfor %}'
    "{% endblock %}",
    "feed.xml": "<rss>{{ title }}{% for item in items %}{{ item.title }}{{ item.body }}{% endfor %}"
    "</rss>",
    "404.html": "Not found.",
    "sitemap.xml": "{% for entry in entries %}{{ entry.url }} {{ entry.modified }}\n{% endfor %}",
    "sitemap-index.xml": "{% for sitemap in sitemaps %}{{ sitemap.url }}\n{% endfor %}",
    "robots.txt": "Sitemap: {{ sitemap }}",
    "redirect.html": '<a href="{{ target }}">{{ target }}</a>',
    "assets/style.css": "p { margin: 0 }\n",
    "assets/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
    **dict.fromkeys(
        ("list.html", "topic.html"),
        '{% extends "base.html" %}{% block content %}{% import "cards.html" as show %}'
        "{{ show.list(cards) }}{% endblock %}",
    ),
    "company.html": '{% extends "base.html" %}{% block content %}'
    '{% import "cards.html" as show %}{{ show.list(latest) }}{% for year in years %}'
    "{{ show.list(year.cards) }}{% endfor %}{% endblock %}",
    **{
        f"{name}.html": '{% extends "base.html" %}'
        for name in ("archive", "companies", "corrections", "digest", "digests", "feeds", "numbers",
                     "page", "people", "person", "publisher", "relations", "reports", "section",
                     "sources", "thread", "threads", "topics", "withdrawn", "year")
    },
}  # fmt: skip

COMPANIES, TOPICS = 9, 4


def plain_templates(site: Path) -> None:
    """Give a site templates of its own that are quickly read."""
    for name, text in PLAIN.items():
        file = site / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def own_templates(site: Path) -> None:
    """Give a site the templates that come with Slugline, with marks that an editor can change."""
    shutil.copytree(REPOSITORY / "templates", site / "templates", dirs_exist_ok=True)
    for name, before in (("base.html", "</body>"), ("brief.html", "<article")):
        file = site / "templates" / name
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, EDITION + before, 1), "utf-8")


def write_news(site: Path, briefs: int, plain: bool = True) -> Path:
    """A site with so many briefs, which name companies and topics and link to each other."""
    parts = [
        f"=== content/companies/works-{n}.md\n---\nid: work-{n}\nname: Works {n}\n"
        f"aliases: [Plant {n}]\n---\nIt works.\n"
        for n in range(COMPANIES)
    ]
    for n in range(briefs):
        link = f"It follows [[brief:b{n - 1}]]." if n % 3 == 0 and n else "It follows nothing."
        parts.append(
            brief(
                f"b{n}",
                f"Plant {n % COMPANIES} opens hall {n}",
                f"Plant {n % COMPANIES} opened **hall {n}**, and {'soon ' * (n % 40)}more.\n\n"
                f"{link}\n\n- one\n- two\n\n![The hall](/media/hall.svg)",
                date=f"2025-{n % 12 + 1:02}-{n % 28 + 1:02} 09:{n % 60:02}",
                companies=f"[Plant {n % COMPANIES}, Plant {(n + 4) % COMPANIES}]",
                topics=f"[Halls {n % TOPICS if briefs > 2 * TOPICS else 0}]",
                section=("deals", "labs")[n % 2],
                sources="[{id: reuters, publisher: Reuters, published: 2024-12-31}]",
            )
        )
    picture = "=== content/media/hall.svg\n<svg xmlns='http://www.w3.org/2000/svg'/>\n"
    write_site(site, "".join(parts) + picture)
    (plain_templates if plain else own_templates)(site)
    return site


class Editor:
    """Changes a site as editors do. No two changes are the same."""

    def __init__(self, site: Path, chance: random.Random) -> None:
        self.site, self.chance, self.number = site, chance, count(1)
        self.edits: dict[str, Callable[[int], None]] = {
            "body": self.body,
            "title": self.title,
            "company name": self.company_name,
            "new brief": self.new_brief,
            "deleted brief": self.deleted_brief,
            "template": self.template,
            "style sheet": self.style_sheet,
            "picture": self.picture,
            "site.yaml": self.settings,
        }

    def edit(self) -> str:
        """Make between one and three changes; their names."""
        kinds = self.chance.sample(sorted(self.edits), self.chance.choice((1, 1, 1, 2, 3)))
        for kind in kinds:
            self.edits[kind](next(self.number))
        return ", ".join(kinds)

    def _brief(self) -> Path:
        return self.chance.choice(sorted((self.site / "content/briefs").iterdir()))

    @staticmethod
    def _changed(file: Path, pattern: str, to: str) -> None:
        text, changes = re.subn(pattern, to, file.read_text("utf-8"), flags=re.MULTILINE)
        assert changes, f"{file} has no {pattern}"
        file.write_text(text, "utf-8")

    def body(self, number: int) -> None:
        with self._brief().open("a", encoding="utf-8") as file:
            file.write(f"\nCorrection {number}.\n")

    def title(self, number: int) -> None:
        self._changed(self._brief(), r"^title: .*$", f"title: Plant 1 says {number}")

    def company_name(self, number: int) -> None:
        file = self.site / f"content/companies/works-{self.chance.randrange(COMPANIES)}.md"
        self._changed(file, r"^name: (Works \d+).*$", rf"name: \1 and {number}")

    def new_brief(self, number: int) -> None:
        text = brief(f"n{number}", f"Plant 2 adds {number}", companies="[Plant 2]",
                     date=f"2025-{number % 6 + 7:02}-20 10:00")  # fmt: skip
        write_site(self.site, text, usual=False)

    def deleted_brief(self, number: int) -> None:
        # b2, b5, ... are linked to.
        files = sorted((self.site / "content/briefs").iterdir())
        free = [file for file in files if file.stem[0] == "n" or int(file.stem[1:]) % 3 != 2]
        self.chance.choice(free).unlink()

    def template(self, number: int) -> None:
        name = self.chance.choice(("base.html", "brief.html"))
        self._changed(self.site / "templates" / name, r"edition \d+", f"edition {number}")

    def style_sheet(self, number: int) -> None:
        with (self.site / "templates/assets/style.css").open("a", encoding="utf-8") as file:
            file.write(f"/* {number} */\n")

    def picture(self, number: int) -> None:
        (self.site / "content/media/hall.svg").write_text(f"<svg><desc>{number}</desc></svg>\n")

    def settings(self, number: int) -> None:
        self._changed(self.site / "site.yaml", r"^title: .*$", f"title: Test {number}")


# --- killing -----------------------------------------------------------------------------------


class Shape(NamedTuple):
    """How long a build of some kind takes, and how often something beside output/ changes."""

    seconds: float
    changes: int


class Plan(NamedTuple):
    """When to kill: so many seconds after the start, or after the n-th change."""

    after: float = float("inf")
    change: int = 0
    delay: float = 0.0

    def __str__(self) -> str:
        if self.change:
            return f"{self.delay * 1000:.0f} ms after change {self.change}"
        return f"{self.after:.3f} s after the start"


@dataclass
class Tally:
    """What a run of kills saw."""

    kills: int = 0
    ended_before: int = 0  # builds that were done before the kill came
    seen: Counter[str] = field(default_factory=Counter)  # what was there after kills
    tenths: Counter[int] = field(default_factory=Counter)  # of a build's duration, by kills
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    cache: str = ""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.kills + other.kills, self.ended_before + other.ended_before,
            self.seen + other.seen, self.tenths + other.tenths, self.kinds + other.kinds,
            self.faults + other.faults, self.cache or other.cache,
        )  # fmt: skip

    def __str__(self) -> str:
        spread = " ".join(str(self.tenths[n]) for n in range(11))
        rows = [
            f"{self.kills} kills ({self.ended_before} more came too late)",
            f"by kind: {dict(self.kinds)}",
            f"by tenths of the duration (the last: later): {spread}",
            f"what was there afterwards: {dict(self.seen)}",
            self.cache,
            *self.faults,
            f"{len(self.faults)} faults",
        ]
        return "\n".join(filter(None, rows))


# What a build begins with, and how often each is tried.
KINDS = {"edits": 6, "edits, no cache": 2, "edits, no output": 1, "nothing yet": 2}


class Torturer:
    """Kills builds of one site, as many in a row as one of `row` says, before one that is not."""

    def __init__(
        self, folder: Path, seed: object, briefs: int = BRIEFS, plain: bool = True,
        kinds: Mapping[str, int] = KINDS, row: Sequence[int] = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3),
    ) -> None:  # fmt: skip
        self.folder, self.kinds, self.row = folder, kinds, row
        self.chance = random.Random(f"{seed}")
        self.site = write_news(folder / "site", briefs, plain)
        self.editor = Editor(self.site, self.chance)
        self.shapes: dict[str, Shape] = {}
        self.tally = Tally()
        self.before: Tree | None = None
        self.after: Tree | None = None  # made when it is needed

    @property
    def output(self) -> Path:
        return self.site / "output"

    def check_links(self, found: Tree) -> None:
        if dead := dead_links(found):
            self.tally.faults.append(f"links of a clean build lead nowhere: {dead[:5]}")

    def torture(self, kills: int, say: Callable[[Tally], None] = lambda _: None) -> Tally:
        """Kill so many builds; at most ten faults are looked at."""
        # The first build of all is like none that follow.
        self.rebuild("nothing yet", self.prepare("nothing yet"))
        while self.tally.kills < kills and len(self.tally.faults) < 10:
            kind = self.chance.choices([*self.kinds], [*self.kinds.values()])[0]
            what = self.prepare(kind)
            if kind in self.shapes:
                for _ in range(self.chance.choice(self.row)):
                    if self.tally.kills < kills:
                        self.strike(kind, what)
            self.rebuild(kind, what)
            say(self.tally)
        return self.tally

    def prepare(self, kind: str) -> str:
        """Bring the site into the state that a build is to begin with; in words."""
        what = kind
        if kind.startswith("edits") or self.after is None:
            made = self.editor.edit()
            what = f"{kind} ({made})"
            self.after = clean(self.site)
            self.check_links(self.after)
        if kind != "edits" and kind != "edits, no output":
            shutil.rmtree(self.site / ".slugline", ignore_errors=True)
        if kind in ("edits, no output", "nothing yet"):
            for entry in os.scandir(self.site):
                if entry.name == "output" or entry.name.startswith(".output."):
                    path = Path(entry.path)
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            self.before = None
        return what

    def plan(self, kind: str) -> Plan:
        """Half of the kills at any moment, half when files change, where writing happens."""
        shape, chance = self.shapes[kind], self.chance
        if shape.changes == 0 or chance.random() < 0.5:
            return Plan(after=chance.uniform(0, shape.seconds))
        delay = 0.0 if chance.random() < 0.5 else chance.uniform(0, 0.05)
        return Plan(change=chance.randint(1, shape.changes), delay=delay)

    def watch(self, plan: Plan) -> tuple[Ended, bool, Shape, bool]:
        """Build, and kill as planned: how it ended, whether it was killed, what it was like, and
        whether the front page was there all the time."""
        last, changes, due, gone = signature(self.site), 0, float("inf"), False
        front = self.output / "index.html"
        began = time.perf_counter()
        process = start(self.site)
        while process.poll() is None:
            now = time.perf_counter()
            if now - began >= min(plan.after, due):
                break
            if self.before is not None and not front.exists():
                gone = True
            found = signature(self.site)
            if found != last:
                last, changes = found, changes + 1
                if plan.change and changes == plan.change:
                    due = now - began + plan.delay
                    if plan.delay == 0:
                        break
            time.sleep(0.0007)
        seconds = time.perf_counter() - began
        kill(process)
        ended = finish(process, began)
        return ended, ended.code == -signal.SIGKILL, Shape(seconds, changes), gone

    def strike(self, kind: str, what: str) -> None:
        """Kill one build, and look at what it leaves."""
        plan = self.plan(kind)
        ended, killed, shape, gone = self.watch(plan)
        where = f"{what}, killed {plan}"
        found = served(self.output)
        if killed:
            self.tally.kills += 1
            self.tally.kinds[kind] += 1
            self.tally.tenths[min(10, int(10 * shape.seconds / self.shapes[kind].seconds))] += 1
        else:
            self.tally.ended_before += 1
            if ended.code != 0:
                self.fault(
                    f"{where}: the build failed by itself ({ended.code}): {ended.text[-800:]}"
                )
        if gone:
            self.fault(f"{where}: the front page was not there for a moment")
        if found == self.after:
            self.tally.seen["the new site"] += killed
            self.before = self.after
        elif found == self.before:
            self.tally.seen["no output" if found is None else "the old site"] += killed
        else:
            old, new = differences(found, self.before), differences(found, self.after)
            self.fault(f"{where}: a mix. From the old site: {old}. From the new: {new}")

    def rebuild(self, kind: str, what: str) -> None:
        """The build that follows: it succeeds, makes what a clean build makes, and tidies up."""
        written = sources(self.site)
        ended, _, shape, gone = self.watch(Plan())
        if kind not in self.shapes:  # nobody has been killed: this is what such a build is like
            self.shapes[kind] = shape
        found = served(self.output)
        if ended.code != 0:
            self.fault(f"{what}: the next build failed ({ended.code}): {ended.text[-800:]}")
        elif found != self.after:
            self.fault(f"{what}: the next build is not a clean one: "
                       f"{differences(found, self.after)}")  # fmt: skip
        elif gone:
            self.fault(f"{what}: the front page was not there for a moment")
        elif left := strays(self.site):
            self.fault(f"{what}: left in the site's folder: {left}")
        elif sources(self.site) != written:
            self.fault(f"{what}: the build changed what editors wrote")
        else:
            self.before = found
        self.tally.cache = f"the cache at the end: {_weight(self.site / '.slugline')}"

    def fault(self, text: str) -> None:
        """Note a fault, keep the site for those who look into it, and begin anew."""
        kept = self.folder / f"fault-{len(self.tally.faults) + 1}"
        shutil.copytree(self.site, kept, symlinks=True, dirs_exist_ok=True)
        self.tally.faults.append(f"fault: {text}\n  kept in {kept}")
        for entry in os.scandir(self.site):
            if entry.name in ("output", ".slugline") or entry.name.startswith(".output."):
                path = Path(entry.path)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.before = None


def _weight(folder: Path) -> str:
    found = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return f"{len(found)} files of {sum(found)} bytes"


# --- the command -------------------------------------------------------------------------------


def _lane(folder: Path, number: int, kills: int, seed: int, briefs: int, plain: bool) -> Tally:
    shown = [0]

    def say(tally: Tally) -> None:
        if tally.kills >= shown[0] + 25:
            shown[0] = tally.kills
            print(f"lane {number}: {tally.kills} of {kills} kills, {len(tally.faults)} faults",
                  flush=True)  # fmt: skip

    lane = folder / f"lane-{number}"
    lane.mkdir()
    return Torturer(lane, f"{seed}/{number}", briefs, plain).torture(kills, say)


def _shares(kills: int, lanes: int) -> Iterator[int]:
    for number in range(lanes):
        yield kills // lanes + (number < kills % lanes)


def main() -> int:
    """Kill builds of several sites at once, and say what was found."""
    parser = argparse.ArgumentParser(description="Kill builds at random moments.")
    parser.add_argument("--kills", type=int, default=300, help="how many (default: 300)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of all chances")
    parser.add_argument("--briefs", type=int, default=BRIEFS, help=f"a site's ({BRIEFS})")
    parser.add_argument("--lanes", type=int, default=2, help="sites at once (default: 2)")
    parser.add_argument("--plain", action="store_true", help="with templates that say little")
    chosen = parser.parse_args()
    print(f"{chosen.kills} kills, --seed {chosen.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    began = time.perf_counter()
    with ProcessPoolExecutor(chosen.lanes) as pool:
        lanes = [
            pool.submit(_lane, folder, number, kills, chosen.seed, chosen.briefs, chosen.plain)
            for number, kills in enumerate(_shares(chosen.kills, chosen.lanes), 1)
        ]
        tally = sum((lane.result() for lane in lanes), Tally())
    print(tally)
    print(f"{time.perf_counter() - began:.0f} s, --seed {chosen.seed}")
    if not tally.faults:
        shutil.rmtree(folder)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
