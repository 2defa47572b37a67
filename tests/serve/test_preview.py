"""Any edits while a preview runs: what it serves is what a clean build makes, byte for byte, though
only what changed is read, linked, planned and rendered again.

SLUGLINE_STEPS sets how many builds are tried, at random; without it they are few, and the same
each time."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from multiprocessing import Pipe
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import builder.serve.preview_output
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.engine.build import build
from builder.output.manifest import FILE
from builder.serve.messages import BuildFailed, BuildSucceeded
from builder.serve.rebuild import (
    Rebuilder,
    ServerEnded,
    preview_folder,
    preview_store,
)
from support.sites import brief, options, tree, write_site
from support.tools import until
from support.worlds import BRIEFS, EDITS, World, trusting

STEPS = int(os.environ.get("SLUGLINE_STEPS", "0"))
ROUNDS_EACH = 10
# What is done to the output or to the cache of builds does not concern a preview.
ELSEWHERE = ("copies", "output", "cache", "damage", "alter", "foreign", "spare", "check",
             "elsewhere")  # fmt: skip
ANY = EDITS.filter(lambda edit: edit[0] not in ELSEWHERE)
# What an editor does all day: for this the site is not linked again.
INSIDE = st.tuples(
    st.just("field"), st.sampled_from(("aa", "bb", "cc")), BRIEFS,
    st.sampled_from(("body", "body", "title", "title", "summary", "note", "sources", "why")),
)  # fmt: skip
# Edits; whether the preview is told of them one by one, or only that there were some; whether time
# has passed; what comes after: nothing, calm, or another preview.
ROUNDS = st.tuples(
    st.one_of(
        st.lists(INSIDE, min_size=1, max_size=2),
        st.lists(INSIDE, min_size=1, max_size=2),
        st.lists(ANY, min_size=0, max_size=3),
    ),
    st.sampled_from((True, True, True, False)), st.booleans(),
    st.sampled_from(("", "", "", "calm", "again")),
)  # fmt: skip


class Watched:
    """A world, and a preview of it."""

    def __init__(self, world: World, stack: ExitStack) -> None:
        self.world, self.stack = world, stack
        self.folder = preview_folder(world.root)
        self.told: list[BuildSucceeded | BuildFailed] = []
        self.seen = self._looks()
        self.begin()

    def begin(self) -> None:
        """Begin a preview, as the command does."""
        self.own = self.stack.enter_context(ExitStack())
        store = self.own.enter_context(preview_store(self.world.root))
        ours, theirs = Pipe()
        self.own.callback(ours.close)
        self.own.callback(theirs.close)
        self.theirs = theirs
        options = self.world.options(jobs=1)
        self.loop = Rebuilder(self.world.root, options, store, ours, self.told.append, None)
        self.loop.begin()
        self.loop.build(None)
        self._drain()

    def again(self) -> None:
        """End the preview, and begin another."""
        self.loop.close()
        self.own.close()
        self.begin()

    def changes(self) -> set[str]:
        """The paths that differ from those seen before; of a new folder, only the folder."""
        now = self._looks()
        changed = {p for p in self.seen.keys() | now.keys() if self.seen.get(p) != now.get(p)}
        self.seen = now
        return changed

    def _looks(self) -> dict[str, tuple[int, ...]]:
        root = self.world.root
        found = [p for n in ("content", "templates") for p in (root / n).rglob("*")]
        return {
            p.relative_to(root).as_posix(): (s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino)
            for p in (*found, root / "site.yaml")
            if (s := p.lstat())
        }

    def _drain(self) -> None:
        while self.theirs.poll(0):
            self.theirs.recv()

    def step(self, exactly: bool) -> bool:
        """Build, and see that what is served is right; whether the inputs are without mistake."""
        before = tree(self.folder)
        changes = self.changes()
        self.loop.options = self.world.options(jobs=1)
        self.loop.build(changes if exactly else None)
        self._drain()
        wanted, problems = clean(self.world)
        told, after = self.told[-1], tree(self.folder)
        for found in (before, after):
            found.pop(FILE, None)
        assert tuple(self.loop.problems) == problems
        if wanted is None:
            assert isinstance(told, BuildFailed) and not told.message
            assert told.problems == problems
            assert after == before, "the last good pages stay"
            return False
        assert isinstance(told, BuildSucceeded)
        assert told.warnings == len(problems)
        assert told.held == tuple(problem for problem in problems if problem.held)
        assert after == wanted
        changed = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
        assert changed <= {*told.changed, *told.gone}, "who looks at a page is told of it"
        assert {*told.changed} <= after.keys()
        assert {*told.gone} == before.keys() - after.keys()
        assert all(_file(url) in after or url == "/" for url in told.gone.values())
        return True


def _file(url: str) -> str:
    return f"{url.lstrip('/')}index.html"


def clean(world: World) -> tuple[dict[str, bytes] | None, tuple[Diagnostic, ...]]:
    """What a build of the same inputs makes where there was none, and what it finds."""
    root = world.base / "clean"
    shutil.rmtree(root, ignore_errors=True)
    ignored = shutil.ignore_patterns("output", ".output*", ".slugline")
    shutil.copytree(world.root, root, ignore=ignored)
    try:
        found = build(root, root / "output", world.options(jobs=1))
    except ContentError as error:
        return None, tuple(error.diagnostics)
    pages = tree(root / "output")
    pages.pop(FILE)
    return pages, tuple(found.problems)


@contextmanager
def watched() -> Iterator[Watched]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        yield Watched(World(Path(name)), stack)


@settings(
    max_examples=max(1, STEPS // ROUNDS_EACH) if STEPS else 4,
    deadline=None,
    derandomize=not STEPS,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(ROUNDS, min_size=1, max_size=ROUNDS_EACH * 2))
def test_preview_is_a_clean_build(
    rounds: list[tuple[list[tuple[Any, ...]], bool, bool, str]],
) -> None:
    with watched() as site:
        assert site.step(True)
        good = site.world.inputs()
        for edits, exactly, patient, after in rounds:
            with ExitStack() as stack:
                if patient:
                    stack.enter_context(trusting())
                    patch = stack.enter_context(pytest.MonkeyPatch.context())
                    patch.setattr(
                        builder.serve.preview_output, "settles", lambda *times: max(times) - 1
                    )
                for edit in edits:
                    site.world.do(edit)
                if site.step(exactly):
                    good = site.world.inputs()
                else:
                    # Mistakes come one after the other before they are mended.
                    site.world.mend(good)
                if after == "calm":
                    site.loop.settle()
                elif after == "again":
                    site.again()


def test_what_nobody_told_of_is_told_when_it_is_calm(tmp_path: Path) -> None:
    """An event that was lost is made good, for the browsers too."""
    with ExitStack() as stack:
        site = Watched(World(tmp_path), stack)
        assert site.step(True)
        site.world.write("templates/page.html", b"<!doctype html>{{ title }}, anew")
        site.loop.settle()
        assert isinstance(told := site.told[-1], BuildSucceeded)
        assert "about/index.html" in told.changed
        assert (site.folder / "about/index.html").read_bytes().endswith(b"About, anew")
        assert site.step(False)


def test_a_preview_may_lose_its_last_brief(tmp_path: Path) -> None:
    """Whoever begins a site deletes the sample; a preview publishes nothing."""
    with ExitStack() as stack:
        site = Watched(World(tmp_path), stack)
        for file in (site.world.root / "content/briefs").iterdir():
            file.unlink()
        site.loop.build(None)
        assert site.loop.problems
        assert "empty-site" not in {problem.code for problem in site.loop.problems}


def test_a_line_that_another_file_names_has_moved(tmp_path: Path) -> None:
    """Two figures that differ: the warning in one file says on which line of the other."""
    figure = "[{{id: f, of: Google, metric: revenue, value: {}bn USD, period: 2024}}]"
    with ExitStack() as stack:
        site = Watched(World(tmp_path), stack)
        for slot, value in (("aa", 1), ("bb", 2)):
            fields = {**site.world.written[slot], "figures": figure.format(value)}
            site.world.do(("briefs", slot, fields))
        assert site.step(True)
        (differ,) = (p for p in site.loop.problems if p.code == "figures-differ")
        other = "bb" if differ.path.endswith("aa.md") else "aa"
        site.world.do(("field", other, {"note": "# a comment\n"}, "note"))
        assert site.step(True)
        (moved,) = (p for p in site.loop.problems if p.code == "figures-differ")
        assert moved.message != differ.message


def test_a_disk_that_fails_between_two_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some pages are new and some old: the next build puts all right, also when the edit was taken
    back meanwhile."""
    with ExitStack() as stack:
        site = Watched(World(tmp_path), stack)
        assert site.step(True)
        before, placed = site.world.inputs(), []

        def place(source: str, target: str, real: Callable[..., None] = os.replace) -> None:
            if "site.staged" in source:
                placed.append(target)
                if len(placed) == 3:
                    raise OSError(28, "No space left on device", target)
            real(source, target)

        site.world.do(("field", "aa", {"title": "Google two"}, "title"))
        with monkeypatch.context() as patch:
            patch.setattr(builder.serve.preview_output.os, "replace", place)
            site.loop.build(site.changes())
        assert isinstance(told := site.told[-1], BuildFailed) and "disk is full" in told.message
        assert len(placed) == 3
        site.world.mend(before)
        assert site.step(True)


def test_a_moment_that_comes_needs_no_save(tmp_path: Path) -> None:
    """A brief goes live, and expires, while nobody touches anything."""
    text = brief("later", "Scale AI waits", date="2025-07-01 12:00", expires="2025-07-01 12:01")
    site = write_site(tmp_path / "site", brief("one") + text)
    told: list[BuildSucceeded] = []
    noon = datetime(2025, 7, 1, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
    began: dict[int, float] = {}

    def clock() -> datetime:
        """However long builds take: the first one sees the second before noon, the next one noon,
        the one after it a minute later."""
        told_now = len(told)
        minute = noon + timedelta(minutes=max(told_now - 1, 0))
        passed = time.monotonic() - began.setdefault(told_now, time.monotonic())
        return minute + timedelta(seconds=min(passed, 30) - 1 if told_now else -1)

    with preview_store(site) as store:
        ours, theirs = Pipe()
        loop = Rebuilder(site, options(), store, ours, told.append, clock)
        thread = threading.Thread(target=lambda: suppressed(loop.run))
        thread.start()
        page = "briefs/later/index.html"
        until(lambda: any(page in built.changed for built in told))
        until(lambda: any(page in built.gone for built in told))
        theirs.close()
        thread.join()
    assert page not in told[0].changed, "it was not out yet"
    assert (preview_folder(site) / "briefs/one/index.html").exists()
    assert not (preview_folder(site) / page).exists()


@pytest.mark.parametrize("served", [False, True])
def test_a_mended_mistake_needs_no_message(tmp_path: Path, served: bool) -> None:
    """The system lost the event of a save, after a build that failed: the first, or a later one."""
    site = write_site(tmp_path / "site", brief("one"))
    file = site / "content/briefs/one.md"
    good = file.read_bytes()
    told: list[BuildSucceeded | BuildFailed] = []
    with preview_store(site) as store:
        ours, theirs = Pipe()
        loop = Rebuilder(site, options(jobs=1), store, ours, told.append, None)
        if served:
            loop.build(None)
            loop.settle()
        file.write_bytes(b"---\ntitle: [\n---\n")
        thread = threading.Thread(target=lambda: suppressed(loop.run))
        thread.start()
        until(lambda: bool(told) and isinstance(told[-1], BuildFailed))
        file.write_bytes(good + b"Mended.\n")
        until(lambda: isinstance(told[-1], BuildSucceeded))
        theirs.close()
        thread.join()
    assert b"Mended." in (preview_folder(site) / "briefs/one/index.html").read_bytes()


def suppressed(run: Callable[[], None]) -> None:
    with suppress(ServerEnded):
        run()
