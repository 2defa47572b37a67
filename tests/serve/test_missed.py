"""Changes in the moment of a build, or of another change: a preview loses none of them.

A preview compares the stats of files, and a stat may hide a change: clocks of file systems tick
every few milliseconds, and a busy machine may stand still between two steps of a build. Each test
makes one such moment happen."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path

import pytest

import builder.content.config
import builder.content.record
import builder.content.template_files
import builder.content.walk
import builder.engine.memory
import builder.engine.settings
import builder.output.stat_cache
import builder.render.assets
import builder.render.loader
import builder.render.templates
from builder.content.record import bytes_of
from builder.engine.build import build
from builder.output.inventory import take_inventory
from builder.output.manifest import FILE, Manifest, ManifestEntry, bytes_digest
from builder.output.stat_cache import CopyCache, TreeStats
from builder.output.target import OutputError
from builder.serve.messages import BuildFailed, BuildSucceeded
from builder.serve.rebuild import Rebuilder, preview_folder, preview_store
from builder.stat import Stat
from support.sites import brief, options, tree, write_site

# An input, and a text of it that can be replaced by one of the same length.
INPUTS = {
    "content/briefs/one.md": "Text one.",
    "content/companies/google.md": "Firm one.",
    "content/media/d.txt": "Data one.",
    "templates/assets/style.css": "/* one */",
    "templates/topic.html": "<!-- one -->",
    "site.yaml": "title: One",
}
ONE = brief("one", "Scale AI hires one", "Text one. [Data](/media/d.txt)", topics="[data]")
OTHER = "=== content/media/d.txt\nData one.\n=== templates/assets/style.css\n/* one */ p {}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    found = write_site(tmp_path / "site", ONE + OTHER)
    with (found / "content/companies/google.md").open("a") as stream:
        stream.write("Firm one.\n")
    topic = (Path(__file__).parents[2] / "templates/topic.html").read_text("utf-8")
    (found / "templates/topic.html").write_text(topic + "<!-- one -->\n", "utf-8")
    change(found, "site.yaml", "title: Test", "title: One")
    return found


def change(site: Path, path: str, old: str = "", new: str = "") -> None:
    """Replace a text in a file; without one, what INPUTS says, by one of the same length."""
    old = old or INPUTS[path]
    new = new or old.replace("one", "two").replace("One", "Two")
    file = site / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@contextmanager
def preview(site: Path) -> Iterator[tuple[Rebuilder, list[BuildSucceeded | BuildFailed]]]:
    told: list[BuildSucceeded | BuildFailed] = []
    with preview_store(site) as store:
        ours, _theirs = Pipe()
        loop = Rebuilder(site, options(jobs=1), store, ours, told.append, None)
        loop.build(None)
        assert isinstance(told[-1], BuildSucceeded)
        yield loop, told


def differing(site: Path) -> list[str]:
    """The files of the preview that a first build makes otherwise."""
    made = site.with_name("clean")
    build(site, made, options())
    wanted, found = tree(made), tree(preview_folder(site))
    for files in (wanted, found):
        files.pop(FILE, None)
    return sorted(p for p in wanted.keys() | found.keys() if wanted.get(p) != found.get(p))


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """All changes happen in one moment of the file system's clock."""
    now = time.time_ns() + 10**12

    def stat_of(found: os.stat_result) -> Stat:
        return found.st_size, now, now, 0

    for module in (
        builder.content.record, builder.content.template_files, builder.content.walk,
        builder.output.stat_cache,
    ):  # fmt: skip
        monkeypatch.setattr(module, "stat_of", stat_of)


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("told", [True, False])
def test_a_change_in_the_moment_of_the_one_before(site: Path, told: bool) -> None:
    with preview(site) as (loop, _):
        for path in INPUTS:
            change(site, path)
        loop.build(INPUTS) if told else loop._recheck()
        assert differing(site) == []


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("path", ["content/briefs/one.md", "templates/topic.html", "site.yaml"])
def test_a_mended_mistake_in_the_moment_of_the_mistake(site: Path, path: str) -> None:
    mistakes = {
        "content/briefs/one.md": ("title: ", "titel: "),
        "templates/topic.html": ("<!-- one -->", "{{ unknown }}"[:12]),
        "site.yaml": ("title: One", "title: [ne"),
    }
    with preview(site) as (loop, told):
        change(site, path, *mistakes[path])
        loop.build([path])
        assert isinstance(told[-1], BuildFailed)
        change(site, path, *reversed(mistakes[path]))
        loop.settle()
        assert isinstance(told[-1], BuildSucceeded)
        assert differing(site) == []


# --- a change between two steps of a build -----------------------------------------------------

# What reads an input, in the module that calls it.
READERS = {
    "content/briefs/one.md": (builder.engine.memory, "bytes_of"),
    "content/media/d.txt": (CopyCache, "entry"),
    "templates/assets/style.css": (builder.render.assets._Reader, "_read"),
    "templates/topic.html": (builder.render.loader.Loader, "get_source"),
    "site.yaml": (builder.engine.settings, "read_config"),
}


@pytest.mark.parametrize("path", READERS)
def test_a_change_beside_the_read(site: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No message comes; the stats that were taken before the read differ."""
    owner, name = READERS[path]
    read: Callable[..., object] = getattr(owner, name)
    first, second, third = (INPUTS[path].lower().replace("one", n) for n in ("one", "two", "six"))
    before, after = [(first, second)], [(second, third)]

    def reads(*arguments: object) -> object:
        for old, new in (before.pop(),) if before else ():
            change(site, path, old, new)
        found = read(*arguments)
        if name != "bytes_of" or str(arguments[0]).endswith(path):
            for old, new in (after.pop(),) if after else ():
                change(site, path, old, new)
        return found

    change(site, path, INPUTS[path], first)
    with preview(site) as (loop, _):
        (site / path).touch()
        monkeypatch.setattr(owner, name, reads)
        loop.build([path])
        assert not before + after
        loop._recheck()
        assert differing(site) == []


@pytest.mark.parametrize("served", [True, False])
def test_a_style_sheet_between_its_address_and_its_copy(
    site: Path, served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address with a digest never leads to other bytes, which browsers would keep."""
    find = builder.render.templates.find_assets
    output = preview_folder(site) if served else site / "output"

    def finds(*arguments: object) -> object:
        found = find(*arguments)
        change(site, "templates/assets/style.css")
        monkeypatch.undo()
        return found

    monkeypatch.setattr(builder.render.templates, "find_assets", finds)
    if not served:
        with pytest.raises(OutputError, match="changed while being copied; build again"):
            build(site, output, options())
        assert not output.exists()
        build(site, output, options())
    else:
        with preview_store(site) as store:
            ours, _theirs = Pipe()
            loop = Rebuilder(site, options(jobs=1), store, ours, lambda told: None, None)
            loop.build(None)
            assert loop.failed
            loop._recheck()
    styles = [*(output / "assets").glob("style.*.css")]
    digests = {hashlib.blake2b(s.read_bytes(), digest_size=5).hexdigest() for s in styles}
    assert {style.name for style in styles} == {f"style.{digest}.css" for digest in digests}
    assert "/* two */" in styles[0].read_text("utf-8")


# --- a machine that stands still ---------------------------------------------------------------


def test_the_time_of_a_read_is_that_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A minute passes in every read. A change in its first moment may have left the stat alone, so
    the stat must not be trusted, although the file is now a minute old."""
    late = [0]
    now = time.time_ns

    def after_a_minute(function: Callable[..., object]) -> Callable[..., object]:
        def slow(*arguments: object) -> object:
            late[0] += 60 * 10**9
            return function(*arguments)

        return slow

    monkeypatch.setattr(time, "time_ns", lambda: now() + late[0])
    for owner, name in ((os, "fdopen"), (hashlib, "file_digest"), (Path, "read_bytes")):
        monkeypatch.setattr(owner, name, after_a_minute(getattr(owner, name)))
    file = tmp_path / "a.txt"

    def written() -> Path:
        late[0] = 0
        file.write_text("one")
        return file

    assert bytes_of(str(written())) == (b"one", None)
    copies = CopyCache(None)
    copies.entry(written())
    assert not copies.used
    written()
    manifest = Manifest(files={"a.txt": ManifestEntry(bytes_digest(b"one"), 3)})
    found = take_inventory(tmp_path, manifest, TreeStats({}, {}))
    assert not found.absent
    assert not found.stats
