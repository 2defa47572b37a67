"""What editors and tools do to files, and what the preview tells of it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from builder.serve.messages import Changed, Polling
from builder.serve.watch.gather import Gatherer
from builder.serve.watch.snapshot import differences, take_snapshot
from support.previews import Preview, previewed
from support.tools import PATIENCE

BRIEF = "content/briefs/a.md"
END = "templates/end.html"


def make_site(root: Path) -> None:
    for folder in ("content/briefs/old", "content/media", "templates", "output", ".slugline"):
        (root / folder).mkdir(parents=True)
    (root / "site.yaml").write_text("title: A\n")
    for file in (BRIEF, "content/briefs/b.md", "content/briefs/old/c.md", "templates/base.html"):
        (root / file).write_text("text\n")


@pytest.fixture(params=[False, True], ids=["events", "polling"])
def watched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Preview]:
    make_site(tmp_path)
    with previewed(tmp_path, poll=request.param) as preview:
        assert preview.told.get(timeout=PATIENCE) == Changed(None)  # from now on all is seen
        yield preview


@pytest.fixture
def told_by_events(tmp_path: Path) -> Iterator[Preview]:
    make_site(tmp_path)
    with previewed(tmp_path, poll=False) as preview:
        assert preview.told.get(timeout=PATIENCE) == Changed(None)
        yield preview


def paths(batches: Iterable[Changed]) -> set[str]:
    return {path for batch in batches for path in (batch.paths or ("everything",))}


def next_paths(preview: Preview) -> set[str]:
    message = preview.told.get(timeout=PATIENCE)
    assert isinstance(message, Changed)
    return set(message.paths or ("everything",))


def tells_of(preview: Preview, *wanted: str) -> bool:
    """Waits until all of these were told, whatever else is."""
    seen: set[str] = set()
    while not seen.issuperset(wanted):
        seen |= next_paths(preview)
    return True


def told_of(preview: Preview) -> list[Changed]:
    """What it tells of all that happened until now: a file that nothing else touches is written,
    and what comes before it is told before it, or together with it."""
    (preview.root / END).write_text("the end\n")
    batches = [*preview.batches(END)]
    (preview.root / END).unlink()
    tells_of(preview, END)
    named = [
        batch.paths and tuple(path for path in batch.paths if path != END) for batch in batches
    ]
    return [Changed(paths) for paths in named if paths != ()]


# --- both ways ---------------------------------------------------------------------------------


def test_a_save_a_deletion_and_a_move(watched: Preview) -> None:
    root = watched.root
    (root / BRIEF).write_text("another text\n")
    (root / "site.yaml").write_text("title: B\n")
    (root / "templates/base.html").unlink()
    (root / "content/briefs/b.md").rename(root / "content/briefs/d.md")
    moved = "content/briefs/b.md", "content/briefs/d.md"
    assert tells_of(watched, BRIEF, "site.yaml", "templates/base.html", *moved)


def test_what_editors_leave_is_not_told(watched: Preview) -> None:
    root = watched.root
    for name in ("4913", ".a.md.swp", "a.md~", ".#a.md", "#a.md#", "a.md.tmp", ".git/index"):
        file = root / "content/briefs" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("left behind")
        file.unlink()
    for name in ("output/index.html", ".slugline/state", "site.yaml~", "notes.md", "README.md"):
        (root / name).write_text("none of the site's")
    (root / BRIEF).read_text()
    assert told_of(watched) == []


# --- by events ---------------------------------------------------------------------------------


def test_each_save_is_told(told_by_events: Preview) -> None:
    for n in range(5):
        (told_by_events.root / BRIEF).write_text(f"text {n}\n")
        assert paths(told_of(told_by_events)) == {BRIEF}


def test_as_vim_saves(told_by_events: Preview) -> None:
    root = told_by_events.root
    (root / "content/briefs/4913").write_text("")
    (root / "content/briefs/4913").unlink()
    (root / BRIEF).rename(root / f"{BRIEF}~")
    (root / BRIEF).write_text("a new text\n")
    (root / f"{BRIEF}~").unlink()
    assert paths(told_of(told_by_events)) == {BRIEF}


def test_an_atomic_rename(told_by_events: Preview) -> None:
    root = told_by_events.root
    for fresh in (root / "content/briefs/.a.md.Xy12", root / "a.md.tmp"):
        fresh.write_text("a new text\n")
        fresh.replace(root / BRIEF)
        assert paths(told_of(told_by_events)) == {BRIEF}


def test_ten_saves(told_by_events: Preview) -> None:
    """However they come, the last one is never lost."""
    file = told_by_events.root / BRIEF
    for n in range(10):
        file.write_text(f"text {n}\n")
        time.sleep(0.01 * n)
    assert paths(told_of(told_by_events)) == {BRIEF}


def test_a_half_written_file(told_by_events: Preview) -> None:
    """Whoever reads it too early is told again when it is whole."""
    path = told_by_events.root / BRIEF
    with path.open("w") as file:
        for _ in range(4):
            file.write("half a text\n")
            file.flush()
            assert paths(told_of(told_by_events)) == {BRIEF}
        file.write("the other half\n")
    assert paths(told_of(told_by_events)) == {BRIEF}


class Clock:
    """The time of a gatherer, which moves when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("builder.serve.watch.gather.time", self)

    def monotonic(self) -> float:
        return self.now


def test_a_batch_ends_when_its_events_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor saves in several steps, some milliseconds apart."""
    clock, gatherer = Clock(monkeypatch), Gatherer()
    for _ in range(5):
        gatherer.put([BRIEF])
        clock.now += 0.02
        assert gatherer.take(0) is None
    clock.now += 0.02
    assert gatherer.take(0) == Changed((BRIEF,))
    assert gatherer.take(0) is None


def test_a_stream_of_events_is_told_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, gatherer = Clock(monkeypatch), Gatherer()
    began = clock.now
    batch = None
    while batch is None:
        gatherer.put([BRIEF])
        clock.now += 0.01
        batch = gatherer.take(0)
        assert clock.now < began + 1
    assert batch == Changed((BRIEF,))
    assert clock.now > began + 0.1


def test_a_folder_renamed_deleted_and_put_back(told_by_events: Preview) -> None:
    root = told_by_events.root
    old, new = root / "content/briefs/old", root / "content/briefs/new"
    old.rename(new)
    assert tells_of(told_by_events, "content/briefs/old", "content/briefs/new")
    (new / "c.md").write_text("text after\n")
    assert tells_of(told_by_events, "content/briefs/new/c.md")
    shutil.rmtree(new)
    assert tells_of(told_by_events, "content/briefs/new")
    new.mkdir()
    (new / "deeper").mkdir()
    (new / "deeper/e.md").write_text("text\n")
    assert tells_of(told_by_events, "content/briefs/new")
    (new / "deeper/e.md").write_text("text once more\n")
    assert tells_of(told_by_events, "content/briefs/new/deeper/e.md")


def test_a_folder_moved_out_and_back(told_by_events: Preview) -> None:
    folder = told_by_events.root / "content/briefs"
    away = told_by_events.root / "away"
    folder.rename(away)
    assert tells_of(told_by_events, "content/briefs")
    away.rename(folder)
    assert tells_of(told_by_events, "content/briefs")
    (folder / "a.md").write_text("text after\n")
    assert tells_of(told_by_events, "content/briefs/a.md")


@pytest.mark.parametrize("name", ["content", "templates"])
def test_a_whole_folder_replaced(told_by_events: Preview, name: str) -> None:
    root = told_by_events.root
    folder = root / name
    for _ in range(2):
        shutil.copytree(folder, root / "fresh")
        folder.rename(root / "before")
        (root / "fresh").rename(folder)
        shutil.rmtree(root / "before")
        assert tells_of(told_by_events, name)
        (folder / "briefs").mkdir(exist_ok=True)
        (folder / "briefs/new.md").write_text(f"{time.monotonic()}\n")
        assert tells_of(told_by_events, f"{name}/briefs/new.md")
    shutil.rmtree(folder)
    assert tells_of(told_by_events, name)
    (folder / "deep").mkdir(parents=True)
    assert tells_of(told_by_events, name)
    (folder / "deep/a.md").write_text("text\n")
    assert tells_of(told_by_events, f"{name}/deep/a.md")


def test_a_thousand_files_at_once(told_by_events: Preview) -> None:
    folder = told_by_events.root / "content/briefs/many"
    folder.mkdir()
    for n in range(1000):
        (folder / f"{n}.md").write_text("text\n")
    batches = told_of(told_by_events)
    told = paths(batches)
    everything = "everything" in told or "content/briefs/many" in told
    assert everything or len(told) >= 1000
    assert len(batches) < 500  # not one for each
    (folder / "7.md").write_text("text after\n")
    assert tells_of(told_by_events, "content/briefs/many/7.md")


def test_many_paths_are_everything() -> None:
    gatherer = Gatherer()
    gatherer.put(f"content/briefs/{n}.md" for n in range(501))
    assert gatherer.take(1) == Changed(None)
    gatherer.put([BRIEF])
    gatherer.put_all()
    assert gatherer.take(1) == Changed(None)
    assert gatherer.take(0.05) is None


def test_a_flood_is_followed_by_one_more_look() -> None:
    """The system may have dropped events of it."""
    gatherer = Gatherer()
    for _ in range(6000):
        gatherer.put([BRIEF])
    assert gatherer.take(1) == Changed(None)
    assert gatherer.take(1) == Changed(("content", "templates"))
    assert gatherer.take(0.05) is None


def test_without_events_it_polls_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.api import BaseObserver

    def none_left(*args: object, **more: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    make_site(tmp_path)
    monkeypatch.setattr(BaseObserver, "schedule", none_left)  # the other process inherits it
    with previewed(tmp_path, poll=False) as preview:
        said = preview.told.get(timeout=PATIENCE)
        assert isinstance(said, Polling)
        assert "inotify watch limit reached" in said.why
        assert preview.told.get(timeout=PATIENCE) == Changed(None)
        (tmp_path / BRIEF).write_text("a new text\n")
        assert next_paths(preview) == {BRIEF}


# --- by looking --------------------------------------------------------------------------------


def test_two_looks(tmp_path: Path) -> None:
    make_site(tmp_path)
    before = take_snapshot(tmp_path)
    assert differences(before, take_snapshot(tmp_path)) == ()
    (tmp_path / "content/briefs/loop").symlink_to(tmp_path / "content")
    (tmp_path / "content/briefs/.hidden").write_text("text\n")
    assert differences(before, take_snapshot(tmp_path)) == ()
    same = (tmp_path / BRIEF).stat()
    (tmp_path / BRIEF).write_text("TEXT\n")
    os.utime(tmp_path / BRIEF, ns=(same.st_atime_ns, same.st_mtime_ns))
    shutil.rmtree(tmp_path / "content/briefs/old")
    assert differences(before, take_snapshot(tmp_path)) == (BRIEF, "content/briefs/old/c.md")
