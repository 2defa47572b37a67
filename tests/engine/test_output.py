"""Writing output/: the old site or the new one, whole, whatever happens; nobody else's files."""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import random
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from builder.output import files, swap
from builder.output import tree as module
from builder.output.lock import locked
from builder.output.manifest import FILE
from builder.output.stat_cache import FileStat
from builder.output.target import OutputError
from support.mounts import small_mount
from support.sites import brief, build_site, read, tree, write_site

OLD = brief("one", "Scale AI one") + brief("two", "Scale AI two", topics="[Data]")
NEW = brief("two", "Scale AI second", "New.", topics="[Else]") + brief("three", "Scale AI three")

Site = dict[str, bytes]


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Site, Site]:
    """A folder whose output is the old site and whose content is the new one's; both sites."""
    folder = tmp_path_factory.mktemp("states")
    write_site(folder, OLD)
    build_site(folder)
    old = tree(folder / "output")
    (folder / "content/briefs/one.md").unlink()
    write_site(folder, NEW)
    clean = tmp_path_factory.mktemp("clean")
    shutil.copytree(folder, clean, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*output*"))
    build_site(clean)
    new = tree(clean / "output")
    assert old != new
    return folder, old, new


@pytest.fixture
def site(states: tuple[Path, Site, Site], tmp_path: Path) -> Path:
    """A copy of that folder: the next build goes from the old site to the new one."""
    shutil.copytree(states[0], tmp_path / "site", symlinks=True)
    return tmp_path / "site"


def beside(folder: Path) -> set[str]:
    """What a build left beside output/, but for its lock."""
    names = {path.name for path in folder.iterdir() if path.name.startswith(".output")}
    return names - {".output.lock", ".output.spare", ".output.exchanging"}


def fork() -> int:
    """A copy of this process, which ends with `os._exit`."""
    with warnings.catch_warnings():
        # From Python 3.12 on: there are threads (of the test runner), which the copy has not.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def killed_build(
    folder: Path,
    prepare: Callable[[], None],
    after: float | None = None,
    finish: Callable[[], None] | None = None,
) -> int:
    """Build in a process of its own, which `prepare` or a clock kills; the signal, or 0."""
    child = fork()
    if child == 0:  # pragma: no cover
        gc.disable()  # it would copy the pages of this process that it looks at
        try:
            prepare()
            build_site(folder)
            if finish:
                finish()
        finally:
            os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


assert ctypes  # loaded before the steps of builds are counted: each import opens a file

STEPS = {
    "open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink",
    "shutil.rmtree", "ctypes.dlopen", "ctypes.dlsym", "shutil.copyfile",
}  # fmt: skip


def watched(each: Callable[[str], None]) -> Callable[[], None]:
    """Tells `each` the name of every thing that a build is about to do to files while it
    publishes."""

    def prepare() -> None:
        publishing: list[bool] = []
        begin = module.Output.prepare

        def noted(output: module.Output) -> None:
            publishing.append(True)
            begin(output)

        def hook(event: str, args: object) -> None:
            if publishing and event in STEPS:
                each(event)

        module.Output.prepare = noted  # type: ignore[method-assign]
        sys.addaudithook(hook)

    return prepare


def at_step(wanted: int) -> Callable[[], None]:
    """Kills its own process before the n-th step."""
    count = iter(range(1, wanted + 1))

    def each(event: str) -> None:
        if next(count, wanted) == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    return watched(each)


def copied(folder: Path, copy: Path) -> None:
    """Copy a site, and wait until its files are settled: a build reads fresh ones once more at its
    end, so the number of its steps would depend on how busy the machine is."""
    shutil.copytree(folder, copy, symlinks=True)
    time.sleep(0.12)


def steps_of(folder: Path) -> list[str]:
    """The steps of the next build of this site, in order."""
    copy, noted = folder.parent / "counted", folder.parent / "steps"
    copied(folder, copy)
    steps: list[str] = []

    def finish() -> None:
        found = list(steps)
        noted.write_text("\n".join(found))

    assert killed_build(copy, watched(steps.append), finish=finish) == 0
    shutil.rmtree(copy)
    return noted.read_text().split("\n")


def check_healed(folder: Path, new: Site) -> None:
    build_site(folder)
    assert tree(folder / "output") == new
    assert beside(folder) == set(), "something is left beside output/"


def test_killed_at_any_step(states: tuple[Path, Site, Site], tmp_path: Path) -> None:
    """SIGKILL before each of some twenty steps of publishing, those at the end among them: the
    output is the old or the new site, whole; the next build makes the new one."""
    _, old, new = states
    origin = tmp_path / "origin"
    shutil.copytree(states[0], origin, symlinks=True)
    steps = steps_of(origin)
    last = len(steps)
    exchange = steps.index("ctypes.dlsym")
    assert last > 40
    seen = set()
    chosen = {*range(1, last, max(1, last // 7)), *range(exchange - 2, exchange + 5), last}
    for step in sorted(chosen):
        folder = tmp_path / str(step)
        copied(origin, folder)
        ended = killed_build(folder, at_step(step))
        # What is looked at again at the very end depends on the clock.
        assert ended == signal.SIGKILL or step > last - 10
        found = tree(folder / "output")
        assert found in (old, new), f"step {step} of {last}"
        seen.add(found == new)
        build_site(folder)
        assert tree(folder / "output") == new, f"step {step} of {last}"
    assert seen == {False, True}, "no kill came before, or none after the exchange"


def test_nothing_is_left_beside_after_a_kill(
    states: tuple[Path, Site, Site], site: Path, tmp_path: Path
) -> None:
    """A kill after the exchange leaves the old tree beside the new: the next build, which has
    nothing to do, sweeps it away."""
    last = len(steps_of(site))
    assert killed_build(site, at_step(last)) == signal.SIGKILL
    assert tree(site / "output") == states[2]
    check_healed(site, states[2])


def test_killed_at_any_moment(states: tuple[Path, Site, Site], tmp_path: Path) -> None:
    """The same by the clock, wherever the build is."""
    _, old, new = states
    chance = random.Random(7)
    started = time.perf_counter()
    shutil.copytree(states[0], tmp_path / "timed", symlinks=True)
    assert killed_build(tmp_path / "timed", lambda: None) == 0
    whole = time.perf_counter() - started
    for number in range(8):
        folder = tmp_path / str(number)
        shutil.copytree(states[0], folder, symlinks=True)
        killed_build(folder, lambda: None, after=chance.random() * whole)
        assert tree(folder / "output") in (old, new)
        build_site(folder)
        assert tree(folder / "output") == new


def test_killed_without_an_exchange_in_one_step(
    states: tuple[Path, Site, Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system cannot exchange two names, a kill between two renames may leave no output;
    then the old site lies beside it, and the next build brings the site back with everything."""
    _, old, new = states
    monkeypatch.setattr(swap, "exchange_names", lambda a, b: False)
    origin = tmp_path / "origin"
    shutil.copytree(states[0], origin, symlinks=True)
    (origin / "output/CNAME").write_text("test.example")
    steps = steps_of(origin)
    last = len(steps)
    missing = 0
    first = steps.index("os.rename")
    for step in sorted({1, *range(first - 1, first + 7), last}):
        folder = tmp_path / str(step)
        copied(origin, folder)
        assert killed_build(folder, at_step(step)) == signal.SIGKILL
        if (folder / "output").exists():
            found = tree(folder / "output")
            assert found.pop("CNAME") == b"test.example"
            assert found in (old, new), f"step {step} of {last}"
        else:
            missing += 1
            aside = tree(folder / ".output.old")
            assert aside.pop("CNAME") == b"test.example"
            assert aside == old
        build_site(folder)
        found = tree(folder / "output")
        assert found.pop("CNAME") == b"test.example", "somebody's file is lost"
        assert found == new
    assert missing, "no kill came between the two renames"


# --- a disk that is full -----------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 5, 12])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_write_that_fails(
    count: int,
    number: int,
    states: tuple[Path, Site, Site],
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The old site stays, nothing is left beside it, and the message says why."""
    left, put_file = [count], files.put_file

    def failing(path: str, data: bytes) -> FileStat:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, os.strerror(number), path)
        return put_file(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(module, "put_file", failing)
        with pytest.raises(OutputError, match="is unchanged") as caught:
            build_site(site)
    if number == errno.ENOSPC:
        assert "full" in str(caught.value)
    assert tree(site / "output") == states[1]
    assert beside(site) == set()
    check_healed(site, states[2])


def test_disk_that_is_full(states: tuple[Path, Site, Site], tmp_path: Path) -> None:
    """The same on a small file system of its own."""
    room = tmp_path / "room"
    room.mkdir()
    with small_mount(room, "4m") as mounted:
        if not mounted:
            pytest.skip("this user may not mount a file system")
        folder = room / "site"
        shutil.copytree(states[0], folder, symlinks=True)
        # The second tree, which is not trusted after it was copied, would make room.
        shutil.rmtree(folder / ".output.spare")
        with (room / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(b"x" * 4096):
                pass
        with pytest.raises(OutputError, match="full"):
            build_site(folder)
        assert tree(folder / "output") == states[1]
        (room / "filler").unlink()
        check_healed(folder, states[2])


# --- nobody else's files -----------------------------------------------------------------------


def test_foreign_files_are_left_and_reported(site: Path, states: tuple[Path, Site, Site]) -> None:
    """A CNAME, a folder of somebody's, a link: taken along, and named in the result."""
    output = site / "output"
    (output / "CNAME").write_text("test.example")
    (output / "briefs/one/notes").mkdir()
    (output / "briefs/one/notes/a.txt").write_text("mine")
    (output / "link").symlink_to("CNAME")
    (output / "broken").symlink_to("/nothing/there")
    result = build_site(site)
    assert result.foreign == ("CNAME", "briefs/one/notes/a.txt", "broken", "link")
    assert (output / "CNAME").read_text() == "test.example"
    assert (output / "briefs/one/notes/a.txt").read_text() == "mine"
    assert (output / "link").is_symlink() and (output / "broken").is_symlink()
    assert not (output / "briefs/one/index.html").exists()
    for name in ("CNAME", "link", "broken"):
        (output / name).unlink()
    shutil.rmtree(output / "briefs/one")
    assert tree(output) == states[2]


def test_foreign_folder_that_is_linked_is_not_entered(site: Path, tmp_path: Path) -> None:
    """What a link leads to is neither listed nor touched."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.txt").write_text("mine")
    (site / "output/shared").symlink_to(tmp_path / "elsewhere")
    assert build_site(site).foreign == ("shared",)
    assert (tmp_path / "elsewhere/a.txt").read_text() == "mine"
    assert (site / "output/shared").is_symlink()


def test_foreign_files_are_reported_every_time(site: Path) -> None:
    """Also when there was nothing to write."""
    build_site(site)
    (site / "output/CNAME").write_text("test.example")
    assert build_site(site).foreign == ("CNAME",)


def test_foreign_file_where_a_page_comes(site: Path) -> None:
    """A file that somebody put where a new page goes is not lost without a word."""
    (site / "output/briefs/three").mkdir()
    (site / "output/briefs/three/index.html").write_text("mine")
    try:
        assert "briefs/three/index.html" in build_site(site).foreign
    except OutputError as error:
        assert "briefs/three/index.html" in str(error)


@pytest.mark.parametrize("name", ["site.yaml", ".git", "content"])
def test_folder_of_something_else_is_refused(name: str, tmp_path: Path) -> None:
    """`--output .` by mistake does not replace a repository."""
    write_site(tmp_path)
    (tmp_path / "output" / name).mkdir(parents=True)
    (tmp_path / "output/precious.txt").write_text("mine")
    with pytest.raises(OutputError, match="did not write"):
        build_site(tmp_path)
    assert (tmp_path / "output/precious.txt").read_text() == "mine"
    assert beside(tmp_path) == set()


def test_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    write_site(tmp_path)
    (tmp_path / "output").write_text("mine")
    with pytest.raises(OutputError, match="not a folder"):
        build_site(tmp_path)
    assert (tmp_path / "output").read_text() == "mine"


def test_output_that_is_a_link_is_refused(tmp_path: Path) -> None:
    write_site(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="symbolic link"):
        build_site(tmp_path)


def test_manifest_that_was_tampered_with_deletes_nothing(site: Path) -> None:
    """Paths that lead out of the output are not believed, nor is anything else of such a file."""
    (site / "precious.txt").write_text("mine")
    manifest = json.loads((site / "output" / FILE).read_text())
    entry = {"digest": "0" * 32, "size": 4}
    manifest["files"] |= {"../precious.txt": entry, "/etc/hostname": entry}
    (site / "output" / FILE).write_text(json.dumps(manifest))
    build_site(site)
    assert (site / "precious.txt").read_text() == "mine"
    assert Path("/etc/hostname").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', "\0\0", '{"files": {"": {}}}'])
def test_manifest_that_cannot_be_read(
    text: str, site: Path, states: tuple[Path, Site, Site]
) -> None:
    """Everything is rendered anew; what the new site does not list is left, and reported."""
    (site / "output" / FILE).write_text(text)
    result = build_site(site)
    assert len(result.rendered) == result.pages
    assert "briefs/one/index.html" in result.foreign
    found = tree(site / "output")
    assert {path: found[path] for path in states[2]} == states[2]


# --- an output that somebody changed -----------------------------------------------------------


def same_size(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data.replace(b"Scale", b"SCALE"))
    assert file.read_bytes() != data


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def longer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x")


def a_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE = (Path.unlink, emptied, longer, same_size, a_link, a_folder)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("path", ["briefs/two/index.html", "feed.xml"])
def test_damaged_file_is_restored(
    damage: Callable[[Path], None], path: str, tmp_path: Path
) -> None:
    """The next build, whatever it has to do besides, makes every file what it should be."""
    write_site(tmp_path, OLD)
    build_site(tmp_path)
    before = tree(tmp_path / "output")
    damage(tmp_path / "output" / path)
    result = build_site(tmp_path)
    assert tree(tmp_path / "output") == before
    assert [stale.reasons for stale in result.rendered] == [("its file was missing or modified",)]


@pytest.fixture
def with_media(tmp_path: Path) -> Path:
    """A site that publishes a file of content/media/, built."""
    (tmp_path / "content/media").mkdir(parents=True)
    (tmp_path / "content/media/a.txt").write_text("ours")
    write_site(tmp_path, brief("one", body="See [the list](/media/a.txt)."))
    build_site(tmp_path)
    assert read(tmp_path, "media/a.txt") == "ours"
    return tmp_path


@pytest.mark.parametrize("data", ["", "else", "longer than it was"])
def test_damaged_media_is_restored(data: str, with_media: Path) -> None:
    (with_media / "output/media/a.txt").write_text(data)
    build_site(with_media)
    assert read(with_media, "media/a.txt") == "ours"
    assert (with_media / "content/media/a.txt").read_text() == "ours"


def test_changed_media_is_published(with_media: Path) -> None:
    """Also when its size is the same."""
    (with_media / "content/media/a.txt").write_text("mine")
    build_site(with_media)
    assert read(with_media, "media/a.txt") == "mine"


def test_published_files_are_not_the_sources(with_media: Path) -> None:
    """No hard link to content: who edits the output in place edits no source."""
    source = with_media / "content/media/a.txt"
    assert not source.samefile(with_media / "output/media/a.txt")


# --- two at once -------------------------------------------------------------------------------


def test_second_build_is_told_who_is_first(site: Path, states: tuple[Path, Site, Site]) -> None:
    """It waits for nothing, says the process, and leaves everything as it is."""
    ready, told = os.pipe()
    child = fork()
    if child == 0:  # pragma: no cover
        with locked(site / "output"):
            os.write(told, b"x")
            time.sleep(60)
        os._exit(0)
    try:
        assert os.read(ready, 1) == b"x"
        with pytest.raises(OutputError, match=rf"process {child}\b"):
            build_site(site)
        assert tree(site / "output") == states[1]
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(told)
    # The lock of a process that was killed holds nobody up.
    check_healed(site, states[2])


def test_lock_of_one_folder_is_not_anothers(tmp_path: Path) -> None:
    write_site(tmp_path)
    with locked(tmp_path / "another"):
        build_site(tmp_path)


# --- other file systems ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS]
)
def test_file_system_without_hard_links(
    number: int,
    site: Path,
    states: tuple[Path, Site, Site],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """exFAT, some network and FUSE file systems: files are copied instead."""

    def refusing(*args: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refusing)
    (site / "output/CNAME").write_text("test.example")
    assert build_site(site).foreign == ("CNAME",)
    found = tree(site / "output")
    assert found.pop("CNAME") == b"test.example"
    assert found == states[2]


def test_output_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    from builder.engine.build import build
    from support.sites import options

    write_site(tmp_path)
    build(tmp_path, tmp_path / "a/b/c", options())
    assert (tmp_path / "a/b/c/index.html").is_file()


def test_reader_of_the_old_site_reads_it_to_its_end(site: Path) -> None:
    """A server that has a file open goes on with the old bytes: none is written in place."""
    with (site / "output/briefs/two/index.html").open("rb") as file:
        start = file.read(10)
        build_site(site)
        rest = file.read()
    assert b"Scale AI two" in start + rest
    assert "Scale AI second" in read(site, "briefs/two/index.html")


def test_folder_of_somebodys_in_the_place_of_a_page(
    site: Path, states: tuple[Path, Site, Site]
) -> None:
    """What somebody keeps where a page was is not deleted: they are asked to move it."""
    feed = site / "output/feed.xml"
    feed.unlink()
    feed.mkdir()
    (feed / "note.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"feed\.xml is a folder"):
        build_site(site)
    assert (feed / "note.txt").read_text() == "mine"
    shutil.rmtree(feed)
    check_healed(site, states[2])


def test_file_that_comes_while_a_site_is_built(
    site: Path, states: tuple[Path, Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the old output when that is exchanged, and the next build brings it back."""
    exchange = module.exchange

    def late(staged: Path, output: Path) -> bool:
        (output / "CNAME").write_text("test.example")
        return exchange(staged, output)

    with monkeypatch.context() as patch:
        patch.setattr(module, "exchange", late)
        build_site(site)
    for _ in range(2):
        assert build_site(site).foreign == ("CNAME",)
        assert (site / "output/CNAME").read_text() == "test.example"
    (site / "output/CNAME").unlink()
    for number in range(2):
        write_site(site, brief("two", f"Scale AI {number}"), usual=False)
        assert build_site(site).foreign == ()


def test_files_of_others_with_odd_names(site: Path) -> None:
    """Names in any encoding in the output."""
    odd = os.fsdecode(b"\xff.txt")
    (site / "output" / odd).write_text("mine")
    assert build_site(site).foreign == (odd,)
    assert build_site(site).foreign == (odd,)
    assert (site / "output" / odd).read_text() == "mine"


def test_folder_becomes_file_and_back(tmp_path: Path) -> None:
    """`/media/a.txt` is a folder of ours, then a file, then a folder in a folder."""
    for number, path in enumerate(("a.txt/b.txt", "a.txt", "a.txt/c/d.txt", "a.txt")):
        shutil.rmtree(tmp_path / "content/media", ignore_errors=True)
        text = f"[a](/media/{path})"
        write_site(tmp_path, brief("a", body=text) + f"=== content/media/{path}\n{number}\n")
        build_site(tmp_path)
        assert read(tmp_path, f"media/{path}") == f"{number}\n"
        media = {p for p in tree(tmp_path / "output") if p.startswith("media/")}
        assert media == {f"media/{path}"}
