"""When something goes wrong: kills, full disks, folders that may not be written, files that change
while they are read, builds at the same time, damaged caches, wrong clocks.

Every build is a process of its own, and is judged by what a web server would read from output/:
the old site or the new one, and in the end the bytes of a clean build in another folder."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from builder import store
from stress.torture import (
    Ended,
    Torturer,
    Tree,
    clean,
    copied,
    dead_links,
    differences,
    finish,
    kill,
    own_templates,
    run,
    served,
    signature,
    sources,
    start,
    strays,
    write_news,
)
from support.mounts import small_mount
from support.sites import brief, write_site

WORD = "soon"  # of a brief's text: see `say`
SMALLEST = 205  # briefs of a site that is built by several processes
YEAR_2040 = 2_208_988_800

_clean: dict[str, Tree] = {}


def clean_site(site: Path, *arguments: str) -> Tree:
    """What a clean build makes of a site; of the same site it is made once."""
    state = hashlib.sha256(repr((sorted(sources(site).items()), arguments)).encode()).hexdigest()
    if state not in _clean:
        _clean[state] = clean(site, *arguments)
    return _clean[state]


def no_fault(ended: Ended) -> Ended:
    """Whatever a command met, it said so in words and ended by itself."""
    assert ended.code >= 0, f"ended by signal {-ended.code}: {ended.text}"
    assert "Traceback" not in ended.text, ended.text
    assert "bug in Slugline" not in ended.text, ended.text
    return ended


def build_soundly(site: Path, *arguments: object, **more: object) -> Ended:
    """A build that succeeds, with the result of a clean one."""
    ended = no_fault(run(site, *arguments, **more))
    assert ended.code == 0, ended.text
    same(served(site / "output"), clean_site(site))
    assert strays(site) == []
    return ended


def same(found: Tree | None, wanted: Tree | None) -> None:
    assert found == wanted, differences(found, wanted)


def refused(ended: Ended, output: Path, before: Tree | None) -> None:
    """A build that failed: with a message, and the output as it was."""
    no_fault(ended)
    assert ended.code != 0, f"it succeeded: {ended.text}"
    assert ended.text.strip(), "it said nothing"
    same(served(output), before)


def say(site: Path, word: str) -> None:
    """Change a brief, a company's name, a template and the style sheet. Words of one length make
    files of one length."""
    write_site(
        site,
        brief("b1", f"Plant 1 opens {word}", f"Plant 1 opens it {word}.",
              companies="[Plant 1]", topics="[Halls 0]")
        + f"=== content/companies/works-1.md\n---\nid: work-1\nname: Works {word}\n"
        f"aliases: [Plant 1]\n---\nIt works {word}.\n"
        f"=== content/media/hall.svg\n<svg><desc>{word}</desc></svg>\n",
        usual=False,
    )  # fmt: skip
    (site / "templates/assets/style.css").write_text(f"/* {word} */\n")
    (site / "templates/404.html").write_text(f"Not found {word}.\n")
    text = (site / "site.yaml").read_text("utf-8").splitlines()
    (site / "site.yaml").write_text("\n".join([f"title: Test {word}", *text[1:], ""]), "utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site, not yet built."""
    folder = write_news(tmp_path / "site", 4)
    say(folder, WORD)
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tree]:
    """A site of which a build that may use two processes does so, and what it makes."""
    folder = write_news(tmp_path_factory.mktemp("large") / "site", SMALLEST)
    assert run(folder, "--jobs", "1").code == 0
    found = served(folder / "output")
    assert found
    return folder, found


# --- kills -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "briefs", "kills", "seed"),
    [({"edits": 1}, 60, 3, 1), ({"nothing yet": 1}, SMALLEST, 2, 2)],
    ids=["edits", "first builds"],
)
def test_killed_at_random_moments(
    kinds: Mapping[str, int], briefs: int, kills: int, seed: int, tmp_path: Path
) -> None:
    """kill -9 of a build and its workers, anywhere: what is served is the old or the new site;
    the next build makes the new one. `make torture` does this some hundred times."""
    tally = Torturer(tmp_path, seed, briefs, kinds=kinds, row=(2, 3)).torture(kills)
    assert tally.faults == [], str(tally)
    assert tally.kills == kills


def test_stopped_again_and_again(site: Path) -> None:
    """A build that is stopped again and again from the first change beside the output on, most
    often after changes: what a kill would leave is, each time, the old site or the new one."""
    if not hasattr(signal, "SIGSTOP"):
        pytest.skip("this system cannot stop a process")
    build_soundly(site)
    stops = 0
    for word in ("late", WORD):
        old = served(site / "output")
        say(site, word)
        new = clean_site(site)
        quiet = signature(site)
        process = start(site)
        while process.poll() is None and signature(site) == quiet:
            time.sleep(0.0002)
        last, short = quiet, 0
        while process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGSTOP)
            time.sleep(0.001)
            now = signature(site)
            last, short = now, 15 if now != last else short - 1
            found = served(site / "output")
            if found not in (old, new):
                kill(process)
                finish(process)
                pytest.fail(f"from the old site: {differences(found, old)};"
                            f" from the new one: {differences(found, new)}")  # fmt: skip
            stops += 1
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
            time.sleep(0.0005 if short > 0 else 0.01)
        assert no_fault(finish(process)).code == 0
        same(served(site / "output"), new)
    assert stops > 10


def children(process: int) -> list[int]:
    with suppress(OSError):
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
        return [int(word) for word in text.split()]
    return []


def test_killed_worker(large: tuple[Path, Tree], tmp_path: Path) -> None:
    """Without one of its workers a build does not wait for ever: it fails, says so, and leaves
    the output as it was. A worker whose work was done may be missed by nobody; what one should
    only have looked at is looked at by the build itself."""
    if not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists():
        pytest.skip("this system does not tell a process's children")
    site = tmp_path / "site"
    shutil.copytree(large[0], site)
    before = large[1]
    text = (site / "templates/base.html").read_text("utf-8")
    chance = random.Random(3)
    failed = []
    # Those that look at the two trees, those that read, those that render; and later on their way.
    for number, delay in ((1, 0.0), (2, 0.0), (3, 0.0), (4, 0.0), (5, 0.1)):
        (site / "templates/base.html").write_text(text.replace("edition", f"edition {number}"))
        seen: list[int] = []
        process = start(site, "--jobs", "2")
        while process.poll() is None and len(seen) < number:
            seen += [child for child in children(process.pid) if child not in seen]
            time.sleep(0.001)
        time.sleep(chance.uniform(0, delay))
        if len(seen) >= number:
            with suppress(ProcessLookupError):
                os.kill(seen[number - 1], signal.SIGKILL)
        ended = finish(process, within=60)
        if ended.code == 0:
            before = clean_site(site)
            same(served(site / "output"), before)
        else:
            refused(ended, site / "output", before)
            assert "worker" in ended.text
            failed.append(number)
        assert seen, "no worker was ever seen: the site is too small for this test"
    assert {3, 4, 5} & {*failed}, "a build did without its workers"
    build_soundly(site, "--jobs", "2")


# --- disks that are full -----------------------------------------------------------------------


class Disk(NamedTuple):
    """A small file system: where builds see it, by which command they have to be run, and where
    this process sees it."""

    folder: Path
    prefix: tuple[str, ...]
    seen: Path

    def fill(self, leave: int) -> None:
        """Leave no more than so many bytes."""
        filler = self.seen / "filler"
        with filler.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        os.truncate(filler, max(0, filler.stat().st_size - leave))

    def free(self) -> None:
        (self.seen / "filler").unlink()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Disk]:
    """A file system of that size in place of a folder: mounted, or where this user may not do
    that, mounted in a world of its own that builds are sent into."""
    folder.mkdir(exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    with small_mount(folder, size) as mounted:
        if mounted:
            yield Disk(folder, (), folder)
            return
    if not shutil.which("unshare") or not shutil.which("nsenter"):
        pytest.skip("this user may not mount a file system, and there is no unshare and nsenter")
    holder = subprocess.Popen(
        ["unshare", "-Urm", "sh", "-c", 'mount "$@" && echo mounted && exec cat', "sh", *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with holder:
        assert holder.stdout and holder.stdin
        try:
            if holder.stdout.readline() != "mounted\n":
                pytest.skip("this user may mount a file system nowhere")
            enter = ("nsenter", "-t", str(holder.pid), "-U", "-m", "--preserve-credentials", "--")
            yield Disk(folder, enter, Path(f"/proc/{holder.pid}/root{folder}"))
        finally:
            holder.stdin.close()


def test_full_disk_under_the_output(site: Path, tmp_path: Path) -> None:
    """On a real disk without room, at three degrees: the build says that it is full and leaves the
    old site, or none where there was none; with room again the next build is right."""
    with small_disk(tmp_path / "room", "900k") as disk:
        output, seen = disk.folder / "output", disk.seen / "output"

        def build() -> Ended:
            return run(site, "--output", output, prefix=disk.prefix)

        for leave in (0, 24_576):
            disk.fill(leave)
            ended = build()
            refused(ended, seen, None)
            assert "full" in ended.text
        disk.free()
        assert build().code == 0
        old = served(seen)
        same(old, clean_site(site))

        say(site, "late")
        # Every page changes: its frame does.
        base = site / "templates/base.html"
        base.write_text(base.read_text("utf-8").replace("edition 0", "edition 1"), "utf-8")
        for leave in (0, 8_192, 65_536):
            disk.fill(leave)
            ended = build()
            refused(ended, seen, old)
            assert "full" in ended.text
        disk.free()
        ended = build()
        assert ended.code == 0, ended.text
        same(served(seen), clean_site(site))
        names = {path.name for path in disk.seen.iterdir()}
        assert {name for name in names if not name.startswith(".output.")} == {"output"}
    assert strays(site) == []


@pytest.mark.parametrize("leave", [0, 8_192])
def test_full_disk_under_the_cache(leave: int, site: Path) -> None:
    """A cache that cannot be written is no reason not to build, nor what was left of it to build
    something else."""
    with small_disk(site / ".slugline", "64k") as disk:
        disk.fill(leave)
        build_soundly(site, prefix=disk.prefix)
        say(site, "late")
        build_soundly(site, prefix=disk.prefix)
        disk.free()
        build_soundly(site, prefix=disk.prefix)
        say(site, WORD)
        disk.fill(leave)
        build_soundly(site, prefix=disk.prefix)


def test_files_that_may_not_grow(site: Path) -> None:
    """The system refuses every write beyond some size of a file: the old site stays."""
    build_soundly(site)
    old = served(site / "output")
    (site / "content/briefs/b2.md").write_text(
        brief("b2", "Plant 2 opens", "It is long. " * 3000, companies="[Plant 2]").split("\n", 1)[1]
    )
    limit = ("sh", "-c", 'ulimit -f 16 && exec "$@"', "sh")
    ended = run(site, prefix=limit, environment={"PYTHONDONTWRITEBYTECODE": "1"})
    refused(ended, site / "output", old)
    assert "output" in ended.text
    build_soundly(site)


def test_full_disk_under_the_messages(site: Path) -> None:
    """Where the last line cannot be written, the site is there all the same."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    redirected = ("sh", "-c", 'exec "$@" >/dev/full', "sh")
    no_fault(run(site, prefix=redirected))
    same(served(site / "output"), clean_site(site))
    build_soundly(site)


# --- folders that may not be written -----------------------------------------------------------


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """What to run a command by so that permissions count: for root they do not."""
    drop = "-dac_override,-dac_read_search,-fowner,-chown"
    prefix: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("for root permissions do not count, and there is no setpriv")
        prefix = ("setpriv", "--bounding-set", drop, "--inh-caps", drop, "--")
    folder = tmp_path_factory.mktemp("closed")
    folder.chmod(0o555)
    tried = subprocess.run([*prefix, "touch", str(folder / "x")], check=False, capture_output=True)
    if tried.returncode == 0 or b"ermission" not in tried.stderr:
        pytest.skip("permissions do not count here, whoever runs a command")
    return prefix


@contextmanager
def closed(*folders: Path, mode: int = 0o555) -> Iterator[None]:
    """Folders with all that is in them, as nobody may write them (or, with another mode, use)."""
    paths = [p for folder in folders for p in (folder, *folder.rglob("*")) if not p.is_symlink()]
    modes = [path.stat().st_mode for path in paths]
    try:
        for path in reversed(paths):
            path.chmod(mode if path.is_dir() else mode & 0o666)
        yield
    finally:
        for path, old in zip(paths, modes, strict=True):
            with suppress(FileNotFoundError):
                path.chmod(old)


@pytest.mark.parametrize("what", ["output", "its folders", "parent", "both", "another's"])
def test_output_that_may_not_be_written(
    what: str, site: Path, tmp_path: Path, bound: tuple[str, ...]
) -> None:
    """The old site with a message that names what may not be written, or the new site where that
    can be had; when it may be written, the next build is right."""
    parent = tmp_path / "parent"
    output = parent / "output"
    assert run(site, "--output", output).code == 0
    old = served(output)
    say(site, "late")
    new = clean_site(site)
    if what == "another's":
        if os.geteuid() != 0:
            pytest.skip("only root can give files away")
        for path in (output, *output.rglob("*")):
            os.chown(path, 65534, 65534)
    folders = {
        "output": [output], "its folders": [p for p in output.iterdir() if p.is_dir()],
        "parent": [], "both": [output], "another's": [],
    }  # fmt: skip
    with closed(*folders[what]):
        if what in ("parent", "both"):
            parent.chmod(0o555)
        ended = no_fault(run(site, "--output", output, prefix=bound))
        parent.chmod(0o755)
    if ended.code == 0:
        assert what not in ("parent", "both"), "it was written, and may not be"
        same(served(output), new)
    else:
        refused(ended, output, old)
        assert str(parent) in ended.text or "output" in ended.text
    for path in parent.rglob("*"):  # also what the build could not remove
        if path.is_dir():
            path.chmod(0o755)
    ended = no_fault(run(site, "--output", output))
    assert ended.code == 0, ended.text
    same(served(output), new)


def test_site_that_may_only_be_read(site: Path, tmp_path: Path, bound: tuple[str, ...]) -> None:
    """With the output elsewhere a site can be built that nobody may write: without a cache, and
    with one that is out of date."""
    output = tmp_path / "elsewhere/output"
    for word, kept in ((WORD, False), ("late", False), (WORD, True), ("late", True)):
        say(site, word)
        if kept:  # a cache, made when that was possible
            build_soundly(site)
            say(site, word[::-1])
        before = {path.name for path in site.iterdir()}
        with closed(site):
            ended = no_fault(run(site, "--output", output, prefix=bound))
        assert ended.code == 0, ended.text
        same(served(output), clean_site(site))
        assert {path.name for path in site.iterdir()} == before


def test_file_that_may_not_be_read(site: Path, bound: tuple[str, ...]) -> None:
    """It is named, the output stays; when it may be read again, nobody remembers."""
    build_soundly(site, prefix=bound)
    old = served(site / "output")
    file = site / "content/briefs/b1.md"
    with closed(file, mode=0):
        ended = run(site, prefix=bound)
        refused(ended, site / "output", old)
        assert "content/briefs/b1.md" in ended.text
    build_soundly(site, prefix=bound)


# --- files that change while they are read -----------------------------------------------------


class Meanwhile(threading.Thread):
    """Does something without a pause until it is stopped."""

    def __init__(self, do: Callable[[random.Random], None], seed: int) -> None:
        super().__init__(daemon=True)
        self.do, self.chance = do, random.Random(seed)
        self.stopped = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                self.do(self.chance)
        except BaseException as error:
            self.error = error

    def __enter__(self) -> Meanwhile:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.join()
        if self.error:
            raise self.error


def removed(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def test_files_that_change_while_they_are_read(site: Path, tmp_path: Path) -> None:
    """Files grow, vanish, come back, become links and folders while a site is built and checked:
    every command ends with 0 or with a message, and what is served is whole. Afterwards the next
    build is a clean one."""
    names = ["content/briefs/b1.md", "content/briefs/b2.md", "content/companies/works-1.md",
             "content/media/hall.svg", "templates/assets/style.css", "templates/front.html",
             "site.yaml"]  # fmt: skip
    texts = {name: (site / name).read_bytes() for name in names}
    outside = tmp_path / "outside"
    outside.write_text("Nobody's business.")

    def disturb(chance: random.Random) -> None:
        name = chance.choice(names)
        file, text = site / name, texts[name]
        how = chance.randrange(8)
        if how == 0:
            file.unlink(missing_ok=True)
        elif how == 1:
            removed(file)
            file.symlink_to(chance.choice([outside, site / names[0], tmp_path / "nothing"]))
        elif how == 2:
            removed(file)
            file.mkdir()
        elif how == 3:
            with file.open("wb") as slow:
                for at in range(0, len(text), 60):
                    slow.write(text[at : at + 60])
                    slow.flush()
        elif how == 4:
            with file.open("ab") as more:
                more.write(b"<!-- more -->\n" * 20)
        elif how == 5:
            os.truncate(file, chance.randrange(len(text)))
        else:
            with file.open("r+b") as same_length:
                same_length.write(text.replace(b"o", b"u") if how == 6 else text)
        time.sleep(chance.uniform(0, 0.003))
        removed(file)
        file.with_name(".new").write_bytes(text)
        file.with_name(".new").rename(file)
        time.sleep(chance.uniform(0, 0.05))

    before = None
    with Meanwhile(disturb, 4):
        for number in range(6):
            command = "check" if number == 3 else "build"
            ended = no_fault(run(site, command=command))
            assert ended.code in (0, 1, 2), ended.text
            found = served(site / "output")
            if ended.code or command == "check":
                assert ended.text.strip()
                same(found, before)
            else:
                assert found is not None
                assert dead_links(found) == []
                before = found
            assert not any(b"Nobody's business" in data for data in (found or {}).values())
    build_soundly(site)


def test_changes_of_no_length_while_a_build_runs(site: Path) -> None:
    """A brief that is rewritten all the time, always valid and of one length: whatever a build
    remembers of it is what it read, so that the next build has the last word."""
    file = site / "content/briefs/b1.md"
    text = file.read_text("utf-8")
    assert WORD in text
    number = 0

    def rewrite(chance: random.Random) -> None:
        nonlocal number
        number += 1
        file.write_text(text.replace(WORD, f"{number % 10000:04}"), "utf-8")
        time.sleep(0.0005)

    for seed in range(2):
        with Meanwhile(rewrite, seed):
            ended = no_fault(run(site))
            # What is read while it is being written may be half of it.
            assert ended.code in (0, 1), ended.text
        build_soundly(site)


# --- at the same time --------------------------------------------------------------------------


def test_two_builds_of_one_output(site: Path) -> None:
    """The second waits, or says that there is another: which, if it is held for long. Neither is
    in the way of the other's result."""
    build_soundly(site)
    for number in range(3):
        say(site, ("late", "then", WORD)[number])
        both = [start(site), start(site)]
        codes = []
        for process in both:
            ended = no_fault(finish(process))
            codes.append(ended.code)
            assert ended.code == 0 or "another build" in ended.text, ended.text
        assert 0 in codes
        same(served(site / "output"), clean_site(site))
        assert strays(site) == []


def test_second_build_while_the_first_holds_the_output(site: Path) -> None:
    """The first is stopped in its midst: the second waits for it, or ends soon and says who is in
    the way. When the first goes on, both results are whole."""
    build_soundly(site)
    old = served(site / "output")
    say(site, "late")

    def beside() -> list[tuple[str, int]]:
        entries = [entry for entry in os.scandir(site) if entry.name.startswith(".output.")]
        return sorted((entry.name, entry.stat().st_mtime_ns) for entry in entries)

    quiet = beside()
    first = start(site)
    while first.poll() is None and beside() == quiet:
        time.sleep(0.0002)
    os.killpg(first.pid, signal.SIGSTOP)
    assert first.poll() is None, "the first build was done before it could be stopped"
    second = start(site)
    with suppress(subprocess.TimeoutExpired):
        second.wait(4)
    waits = second.poll() is None
    if second.poll() == 0:
        same(served(site / "output"), clean_site(site))
    else:
        assert served(site / "output") in (old, clean_site(site))
    os.killpg(first.pid, signal.SIGCONT)
    one, two = no_fault(finish(first)), no_fault(finish(second))
    assert one.code == 0, one.text
    if waits:
        assert two.code == 0, two.text
    else:
        assert two.code != 0, "there was no lock: both wrote at once"
        assert str(first.pid) in two.text, two.text
    same(served(site / "output"), clean_site(site))
    build_soundly(site)


def test_two_outputs_of_one_site(site: Path, tmp_path: Path) -> None:
    """Builds of one site into two folders share a cache and do not disturb each other; `check`
    at the same time neither."""
    for word in (WORD, "late"):
        say(site, word)
        outputs = [tmp_path / name / "output" for name in ("one", "two")]
        commands = [start(site, "--output", output) for output in outputs]
        commands.append(start(site, command="check"))
        for process in commands:
            ended = no_fault(finish(process))
            assert ended.code == 0, ended.text
        for output in outputs:
            same(served(output), clean_site(site))
        assert strays(site) == []
        assert not (site / "output").exists()


def test_readers_while_a_site_is_published(site: Path) -> None:
    """Who reads a page again and again while builds replace it gets the old one or the new one,
    never half of it, and never none: the exchange is one step, for a reader too."""
    if sys.platform not in ("linux", "darwin"):
        pytest.skip("this system cannot exchange two folders in one step")
    build_soundly(site)
    pages = [site / "output" / path for path in ("index.html", "briefs/b1/index.html")]
    allowed = [{page.read_bytes()} for page in pages]
    for word in ("late", "then", WORD):
        say(site, word)
        wanted = clean_site(site)
        for seen, page in zip(allowed, pages, strict=True):
            seen.add(wanted[page.relative_to(site / "output").as_posix()])
    reads = 0

    def read(chance: random.Random) -> None:
        nonlocal reads
        for seen, page in zip(allowed, pages, strict=True):
            reads += 1
            try:
                for _ in range(50):  # a moment between two renames is short
                    page.stat()
                data = page.read_bytes()
            except FileNotFoundError:
                raise AssertionError(f"{page} was not there") from None
            except NotADirectoryError:
                raise AssertionError(f"{page.parent} was not there") from None
            assert data in seen, f"{page} was something else: {data[:80]!r}"

    with Meanwhile(read, 9):
        for word in ("late", "then", WORD, "late", "then"):
            say(site, word)
            ended = no_fault(run(site))
            assert ended.code == 0, ended.text
    assert reads > 1000


# --- caches ------------------------------------------------------------------------------------


def cached(site: Path) -> list[Path]:
    """The files of a site's cache. A site without one gets a few that one might have."""
    folder = site / ".slugline"
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if not found:
        removed(folder)
        folder.mkdir()
        found = [folder / "cache", folder / "cache.json", folder / "content.db"]
        for file in found:
            file.write_bytes(b'{"format": 1, "files": {}}')
    return found


def flip(file: Path, chance: random.Random, count: int = 1) -> None:
    data = bytearray(file.read_bytes())
    for _ in range(count if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


def other_word(file: Path, chance: random.Random) -> None:
    """What the cache remembers of a text is changed, and nothing else: a trap for a cache that
    believes whatever it can decode."""
    data = file.read_bytes()
    for word in (b"opens", b"works", b"Works", b"hires", b"Reuters"):
        data = data.replace(word, word[::-1])
    file.write_bytes(data)


def instead(make: Callable[[Path], object]) -> Callable[[Path, random.Random], None]:
    """Something else in the place of a file."""

    def damage(file: Path, chance: random.Random) -> None:
        file.unlink()
        make(file)

    return damage


def future(file: Path, chance: random.Random) -> None:
    os.utime(file, (YEAR_2040, YEAR_2040))


def folder_with_a_file(file: Path) -> None:
    file.mkdir()
    (file / "x").write_text("x")


Damage = Callable[[Path, random.Random], object]
BYTES: dict[str, Damage] = {
    "one bit": flip,
    "another bit": flip,
    "a third bit": flip,
    "fifty bits": lambda file, chance: flip(file, chance, 50),
    "another word": other_word,
    "cut": lambda file, chance: os.truncate(file, chance.randrange(1 + file.stat().st_size)),
    "cut by a byte": lambda file, _: os.truncate(file, max(0, file.stat().st_size - 1)),
    "longer": lambda file, _: file.write_bytes(file.read_bytes() + b"\0more"),
    "twice": lambda file, _: file.write_bytes(2 * file.read_bytes()),
    "empty": lambda file, _: file.write_bytes(b""),
    "noise": lambda file, chance: file.write_bytes(chance.randbytes(5000)),
    "zeros": lambda file, _: file.write_bytes(bytes(file.stat().st_size)),
    "another format": lambda file, _: file.write_bytes(json.dumps({"format": 999}).encode()),
    "of 2040": future,
}
PLACES: dict[str, Damage] = {
    "gone": lambda file, _: file.unlink(),
    "a folder": instead(Path.mkdir),
    "a folder with a file": instead(folder_with_a_file),
    "a link to nothing": instead(lambda file: file.symlink_to("nothing/there")),
    "a link to itself": instead(lambda file: file.symlink_to(file.name)),
    "a link to a folder": instead(lambda file: file.symlink_to("/")),
    "a pipe": instead(os.mkfifo),
}


@pytest.mark.parametrize(("damages", "seed"), [(BYTES, 5), (PLACES, 7)], ids=["bytes", "places"])
def test_damaged_cache(damages: Mapping[str, Damage], seed: int, site: Path) -> None:
    """Whatever became of every file of the cache, with an edit and with none, with an output and
    with none: the result is a clean build, and nothing stumbles."""
    chance = random.Random(seed)
    build_soundly(site)
    for number, (name, damage) in enumerate(damages.items()):
        for file in cached(site):
            damage(file, chance)
        if number % 3 != 2:
            say(site, ("late", WORD)[number % 2])
        if chance.random() < 0.5:
            shutil.rmtree(site / "output")
        try:
            build_soundly(site)
        except AssertionError as error:
            raise AssertionError(f"a cache damaged thus: {name}: {error}") from error
        if damages is PLACES:
            removed(site / ".slugline")
            if number % 2:  # else the next damage is of files that nobody wrote
                build_soundly(site)


@pytest.mark.parametrize("what", ["file", "link", "link elsewhere", "pipe"])
def test_cache_folder_that_is_none(what: str, site: Path, tmp_path: Path) -> None:
    """Something else has the name of the cache's folder."""
    place = site / ".slugline"
    made: dict[str, Callable[[], object]] = {
        "file": lambda: place.write_text("Somebody's."),
        "link": lambda: place.symlink_to(tmp_path / "nothing/there"),
        "link elsewhere": lambda: place.symlink_to(tmp_path / "elsewhere"),
        "pipe": lambda: os.mkfifo(place),
    }
    (tmp_path / "elsewhere").mkdir()
    removed(place)
    made[what]()
    build_soundly(site)
    say(site, "late")
    build_soundly(site)
    if what == "file" and place.is_file():
        assert place.read_text() == "Somebody's."


@pytest.mark.parametrize("mode", [0o000, 0o555])
@pytest.mark.parametrize("owner", ["own", "another's"])
def test_cache_that_may_not_be_used(
    mode: int, owner: str, site: Path, bound: tuple[str, ...]
) -> None:
    """A cache that may not be read, or not be written, as after a build by root."""
    build_soundly(site)
    folder = cached(site)[0].parent
    say(site, "late")
    if owner == "another's":
        if os.geteuid() != 0:
            pytest.skip("only root can give files away")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, 65534)
    with closed(folder, mode=mode):
        build_soundly(site, prefix=bound)
        say(site, WORD)
        shutil.rmtree(site / "output")
        build_soundly(site, prefix=bound)
    build_soundly(site)


def test_cache_of_another_site(site: Path, tmp_path: Path) -> None:
    """The cache of a site whose files have the same names, lengths and times tells this one
    nothing, nor does its own cache after a move, nor the cache of an earlier state."""
    other = copied(site, tmp_path / "other")
    say(other, "late")
    for folder in (site, other):
        for file in folder.rglob("*"):
            os.utime(file, (1.7e9, 1.7e9))
        build_soundly(folder)
        cached(folder)
    removed(site / ".slugline")
    shutil.copytree(other / ".slugline", site / ".slugline")
    build_soundly(site)
    removed(site / ".slugline")
    shutil.copytree(other / ".slugline", site / ".slugline")
    shutil.rmtree(site / "output")
    build_soundly(site)

    # A copy of everything, its cache and times too, then an edit of no length.
    moved = tmp_path / "moved"
    shutil.copytree(site, moved, symlinks=True)
    shutil.rmtree(site)
    say(moved, "late")
    for path in sources(moved):
        os.utime(moved / path, (1.7e9, 1.7e9))
    build_soundly(moved)


def test_a_lock_is_waited_for_only_so_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the build goes on without a cache, and leaves the one of the other process alone."""
    monkeypatch.setattr(store, "_LOCK_WAIT", 0.1)
    notes: list[str] = []
    there, ours, others = tmp_path / ".slugline", {"a": b"1"}, {"a": b"2"}
    with store.opened(there, "program") as first:
        first.save("index", store.Index.of(ours))
        with store.opened(there, "program", notes.append) as second:
            second.save("index", store.Index.of(others))
    waiting, without = notes
    assert f"(process {os.getpid()})" in waiting
    assert f"process {os.getpid()} has used it for too long" in without
    assert "building without a cache is slow" in without
    with store.opened(there, "program") as third:
        assert third.load("index").get("a") == b"1"


# --- clocks ------------------------------------------------------------------------------------


def test_moments_that_go_back(site: Path) -> None:
    """Builds as of a later day and then of an earlier one, twice: each is as if it were the first.
    Two briefs come out in between."""
    for day in (1, 20):
        text = brief(f"later-{day}", "Plant 2 opens", date=f"2026-03-{day:02}",
                     companies="[Plant 2]")  # fmt: skip
        write_site(site, text, usual=False)
    sizes = []
    for day in ("2026-04-01", "2026-02-01", "2026-03-10", "2026-04-01"):
        ended = no_fault(run(site, "--at", day))
        assert ended.code == 0, ended.text
        found = served(site / "output")
        same(found, clean_site(site, "--at", day))
        sizes.append(len(found or {}))
    assert sizes[0] > sizes[2] > sizes[1]


@pytest.mark.parametrize("how", ["in place", "replaced"])
def test_times_that_hide_a_change(how: str, site: Path) -> None:
    """Files that changed, are as long as before and have the time that they had, or a time of
    long ago, or one that is yet to come: every change is seen."""
    build_soundly(site)
    for moment, word in ((None, "late"), (1, WORD), (YEAR_2040, "then"), (None, WORD)):
        before = {path: (site / path).stat() for path in sources(site)}
        if how == "replaced":
            for path in before:
                data = (site / path).read_bytes()
                (site / path).unlink()
                (site / path).write_bytes(data)
        say(site, word)
        for path, status in before.items():
            assert (site / path).stat().st_size == status.st_size
            time_ns = status.st_mtime_ns if moment is None else moment * 10**9
            os.utime(site / path, ns=(time_ns, time_ns))
        build_soundly(site)


def test_edit_within_the_same_second(site: Path) -> None:
    """An edit of no length right after a build, and one right before it."""
    build_soundly(site)
    clean_site(site)
    for number in range(6):
        say(site, ("late", WORD)[number % 2])
        assert run(site).code == 0
        same(served(site / "output"), clean_site(site))


# --- the same bytes everywhere -----------------------------------------------------------------

TURKISH = {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}
WORLDS: tuple[tuple[str, dict[str, str], str, int, bool], ...] = (
    # folder, environment, processes, mask for new files, whether files are made last to first
    ("two", {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, "2", 0o022, True),
    ("a folder – ü", {**TURKISH, "PYTHONHASHSEED": "2"}, "3", 0o077, False),
    ("x" * 100, {"LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "America/St_Johns"}, "5", 0o002, True),
)


def test_same_bytes_everywhere(tmp_path: Path) -> None:
    """Time zone, locale, hashes, mask, folder, order of folders' entries, number of processes; for
    a first build and for one that goes on where another world left off."""
    origin = write_news(tmp_path / "origin/site", SMALLEST)
    own_templates(origin)
    assert run(origin, "--jobs", "1").code == 0
    wanted = served(origin / "output")
    site = origin
    for folder, environment, jobs, mask, backwards in WORLDS:
        site = tmp_path / folder / "site"
        files = sorted(sources(origin).items(), reverse=backwards)
        for path, data in files:
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(data)
        more = {"environment": environment, "umask": mask, "cwd": Path("/")}
        ended = run(site, "--jobs", jobs, **more)
        assert ended.code == 0, ended.text
        same(served(site / "output"), wanted)
    # The last world's site and cache, in the first one's world, and back.
    edited = brief("b5", "Plant 5 istanbul İI", "Plant 5 opens.", companies="[Plant 5]")
    write_site(site, edited, usual=False)
    assert run(site, "--jobs", "1").code == 0
    found = served(site / "output")
    assert found != wanted
    ended = run(site, "--jobs", "3", environment={**WORLDS[0][1], **TURKISH})
    same(served(site / "output"), found)
    write_site(origin, edited, usual=False)
    assert run(origin, "--jobs", "2", environment={**WORLDS[2][1]}).code == 0
    same(served(origin / "output"), found)


# --- others' files, and ours in others' hands --------------------------------------------------


def test_files_of_others(site: Path) -> None:
    """What somebody put into the output is reported at each build and left, with its content and
    times, also a folder of theirs; what they remove stays removed."""
    assert run(site).code == 0
    output = site / "output"
    theirs = {"CNAME": "x", "briefs/notes.txt": "y", "briefs/b1/data.bin": "z", "own/a/b.html": "w"}
    for path, text in theirs.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text)
    times = {path: 1_600_000_000_123_456_789 + n for n, path in enumerate([*theirs, "own/a"])}
    for path, moment in times.items():
        os.utime(output / path, ns=(moment, moment))

    def check(ended: Ended, paths: list[str]) -> None:
        no_fault(ended)
        assert ended.code == 0, ended.text
        found = served(output) or {}
        same({p: data for p, data in found.items() if p not in theirs}, clean_site(site))
        assert {p: found[p].decode() for p in theirs if p in found} == {p: theirs[p] for p in paths}
        for path in theirs:
            assert (f"output/{path}" in ended.text) == (path in paths), ended.text
        for path in paths:
            assert (output / path).stat().st_mtime_ns == times[path], path

    left = [*theirs]
    for word in ("late", None, WORD):
        if word:
            say(site, word)
        check(run(site), left)
        assert (output / "own/a").stat().st_mtime_ns == times["own/a"]
    removed(site / ".slugline")
    check(run(site), left)
    # The brief beside whose page one of them lies is taken away.
    (site / "content/briefs/b1.md").rename(site / "content/briefs/b9.md")
    check(run(site), left)
    (output / "CNAME").unlink()
    (output / "briefs/notes.txt").unlink()
    left = ["briefs/b1/data.bin", "own/a/b.html"]
    check(run(site), left)
    shutil.rmtree(output / "own")
    shutil.rmtree(output / "briefs/b1")
    check(run(site), [])
    assert not (output / "own").exists()
    assert not (output / "briefs/b1").exists()
    say(site, "late")
    (site / "content/briefs/b9.md").unlink()
    build_soundly(site)


def test_pages_that_somebody_touched(site: Path) -> None:
    """A page of ours that was deleted or altered comes back: also one altered in no length and at
    the time of before, one in whose place there is a link or a folder, and a whole folder."""
    build_soundly(site)
    output = site / "output"

    def altered(path: Path) -> None:
        status = path.stat()
        path.write_bytes(path.read_bytes().replace(b"e", b"a"))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def linked(path: Path) -> None:
        path.rename(site.parent / "page")
        path.symlink_to(site.parent / "page")

    def emptied_folder(path: Path) -> None:
        path.unlink()
        path.mkdir()

    page = "briefs/b2/index.html"
    touched: list[Callable[[], object]] = [
        lambda: (output / "index.html").unlink(),
        lambda: (output / page).write_text("Not what was published."),
        lambda: altered(output / page),
        lambda: altered(next((output / "assets").glob("*.css"))),
        lambda: linked(output / page),
        lambda: emptied_folder(output / page),
        lambda: shutil.rmtree(output / "briefs"),
        lambda: shutil.rmtree(output),
    ]
    for number, touch in enumerate(touched):
        touch()
        try:
            build_soundly(site)
        except AssertionError as error:
            raise AssertionError(f"touched thus: {number}: {error}") from error
    # And together with an edit.
    altered(output / page)
    (output / "briefs/b3/index.html").unlink()
    say(site, "late")
    build_soundly(site)


def test_a_build_that_is_killed_is_forgotten(site: Path) -> None:
    """Kills of one build after another leave no more beside the output than one build does."""
    build_soundly(site)
    old = served(site / "output")
    say(site, "late")
    chance = random.Random(8)
    for _ in range(6):
        process = start(site)
        time.sleep(chance.uniform(0.0, 0.2))
        kill(process)
        finish(process)
        assert served(site / "output") in (old, clean_site(site))
    build_soundly(site)
    names = [path.name for path in site.iterdir() if path.name.startswith(".output.")]
    assert len(names) <= 3, names
