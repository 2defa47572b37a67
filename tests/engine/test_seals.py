"""A repository may carry the folders and files that only Slugline should write."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path

import pytest

from builder.engine.build_info import read_build_info
from builder.machine_key import machine_key, sealed, state_folder, unsealed
from builder.output.inventory import _perhaps_links, compare_spare, folders_of, seal
from builder.output.manifest import FILE, read_manifest
from builder.output.stat_cache import TreeStats
from builder.output.target import OutputError
from builder.render.compile import SealedStore
from builder.safe_files import create_file, make_folders, open_lock, replace_file
from builder.serve.rebuild import Rebuilder, preview_folder, preview_store
from support.sites import brief, build_site, options, tree, write_site

KEY = "SLUGLINE_KEY"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write_site(tmp_path / "site", brief("one", "Scale AI one"))
    return tmp_path / "site"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that is not the site's."""
    file = tmp_path / "outside"
    file.write_text("mine")
    return file


# --- the key -----------------------------------------------------------------------------------


def test_a_key_is_made_once_and_only_for_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    key = machine_key()
    assert key is not None
    assert machine_key() == key
    place = state_folder() / "slugline/key"
    assert place.stat().st_mode & 0o777 == 0o600
    assert [*place.parent.iterdir()] == [place]
    assert unsealed("a", sealed("a", b"data")) == b"data"
    assert unsealed("b", sealed("a", b"data")) is None
    place.unlink()
    place.symlink_to(tmp_path / "elsewhere")
    assert machine_key() is None, "a link is not followed"
    assert unsealed("a", sealed("a", b"data")) is None


def test_runners_share_a_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "one")
    found = sealed("a", b"data")
    monkeypatch.setenv("XDG_STATE_HOME", "/nowhere")
    assert unsealed("a", found) == b"data"
    monkeypatch.setenv(KEY, "two")
    assert unsealed("a", found) is None


def test_without_a_key_a_build_has_no_cache(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    notes: list[str] = []
    first = build_site(site, note=notes.append)
    assert build_site(site, note=notes.append).parsed == first.parsed > 0
    assert "building without a cache is slow" in notes[0]


# --- what a repository can carry ---------------------------------------------------------------


def test_a_stranger_s_store_is_not_believed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "stranger")
    first = build_site(site)
    assert not build_site(site).parsed
    assert read_build_info(site, site / "output")
    monkeypatch.setenv(KEY, "editor")
    assert read_build_info(site, site / "output") is None
    assert build_site(site).parsed == first.parsed


def test_a_stranger_s_code_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    values: dict[str, bytes] = {}

    class Stored:
        get, put = values.get, values.__setitem__

    monkeypatch.setenv(KEY, "stranger")
    store = SealedStore(Stored())  # type: ignore[arg-type]
    store.put("template", b"code")
    assert store.get("template") == b"code"
    monkeypatch.setenv(KEY, "editor")
    assert SealedStore(Stored()).get("template") is None  # type: ignore[arg-type]


LINKS = [
    ".slugline/.gitignore", ".slugline/CACHEDIR.TAG", ".slugline/lock", ".slugline/small",
    ".slugline/pack-0", ".slugline", ".output.lock", ".output.exchanging", ".output.spare",
    "output/.slugline.json", "output/index.html",
]  # fmt: skip


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("dangling", [False, True])
@pytest.mark.parametrize("name", LINKS)
def test_no_link_is_written_through(
    site: Path, outside: Path, name: str, dangling: bool, built: bool
) -> None:
    if built:
        build_site(site)
    target = outside.with_name("nothing") if dangling else outside
    place = site / name
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(target)
    try:
        build_site(site)
    except OutputError as error:
        assert name in (".output.lock", "output/index.html", "output/.slugline.json"), error
    else:
        assert (site / "output/index.html").is_file()
        assert not (site / "output/index.html").is_symlink()
    assert outside.read_text() == "mine"
    assert {file.name for file in outside.parent.iterdir()} == {"outside", "site"}


FOLDERS = ["output/briefs", "output/briefs/one", ".output.spare/briefs", ".output.spare"]


@pytest.mark.parametrize("name", FOLDERS)
def test_no_linked_folder_is_written_through(site: Path, outside: Path, name: str) -> None:
    """Nor is anything in it removed, now or when the two trees have changed places."""
    build_site(site)
    write_site(site, brief("two", "Scale AI two"))
    build_site(site)
    folder = outside.with_name("folder")
    shutil.copytree(site / name, folder)
    before = tree(folder)
    shutil.rmtree(site / name)
    (site / name).symlink_to(folder)
    for word in ("three", "four", "five"):
        write_site(site, brief("one", f"Scale AI {word}"))
        build_site(site)
        assert word in (site / "output/briefs/one/index.html").read_text()
    assert tree(folder) == before


def test_a_link_with_the_inode_of_the_spare_tree_is_not_it(site: Path, outside: Path) -> None:
    """File systems give the number of a removed folder to the next file."""
    build_site(site)
    write_site(site, brief("two", "Scale AI two"))
    build_site(site)
    spare, folder = site / ".output.spare", outside.with_name("folder")
    old, manifest = read_manifest(site / "output"), seal(spare / FILE)

    def compared() -> object:
        stats = TreeStats({}, {}, (), spare.lstat().st_ino, manifest)
        return compare_spare(site / "output", spare, old, stats)

    assert compared() is not None
    spare.rename(folder)
    spare.symlink_to(folder)
    assert compared() is None


def test_a_link_in_the_place_of_a_folder_is_suspected(site: Path, outside: Path) -> None:
    build_site(site)
    write_site(site, brief("two", "Scale AI two"))
    build_site(site)
    spare, folder = site / ".output.spare", outside.with_name("folder")
    manifest = read_manifest(spare)
    for name in folders_of(manifest):
        os.utime(spare / name, ns=(1, 1))
    known = dict.fromkeys(folders_of(manifest), 1)
    assert not [*_perhaps_links(spare, manifest, known)]
    assert {*_perhaps_links(spare, manifest, {})} == {*known}
    (spare / "briefs/one").rename(folder)
    (spare / "briefs/one").symlink_to(folder)
    assert [*_perhaps_links(spare, manifest, known)] == ["briefs/one"]


PREVIEW = ".slugline/preview"
PREVIEWED = [
    PREVIEW, f"{PREVIEW}/site", f"{PREVIEW}/site/briefs", f"{PREVIEW}/site/briefs/one",
    f"{PREVIEW}/site.staged", f"{PREVIEW}/site.manifest", f"{PREVIEW}/site/.slugline.json",
]  # fmt: skip


@pytest.mark.parametrize("name", PREVIEWED)
def test_no_preview_writes_or_removes_through_a_link(site: Path, outside: Path, name: str) -> None:
    previewed(site)
    folder = outside.with_name("folder")
    if (site / name).is_dir():
        shutil.copytree(site / name, folder)
        shutil.rmtree(site / name)
        target = folder
    else:
        folder.mkdir()
        (site / name).unlink(missing_ok=True)
        target = outside
    (folder / "mine").write_text("mine")
    before = tree(folder)
    (site / name).symlink_to(target)
    write_site(site, brief("one", "Scale AI two"))
    with suppress(OutputError):
        previewed(site)
        assert "Scale AI two" in (preview_folder(site) / "briefs/one/index.html").read_text()
    assert tree(folder) == before
    assert outside.read_text() == "mine"


def previewed(site: Path) -> None:
    """Build a preview, and end it."""
    ours, theirs = Pipe()
    with preview_store(site) as store:
        rebuilder = Rebuilder(site, options(), store, ours, lambda _: None, None)
        rebuilder.begin()
        rebuilder.build(None)
        rebuilder.close()
    ours.close()
    theirs.close()


@pytest.mark.parametrize("name", ["output/.slugline.json", ".slugline/small", ".slugline/lock"])
def test_no_pipe_is_waited_for(site: Path, name: str) -> None:
    build_site(site)
    whole = tree(site / "output")
    (site / name).unlink(missing_ok=True)  # nothing small is stored if all code is installed
    os.mkfifo(site / name)
    build_site(site)
    assert tree(site / "output") == whole


def test_what_a_killed_build_left_is_removed(site: Path) -> None:
    build_site(site)
    left = site / ".slugline/.small.0123456789abcdef.new"
    left.write_bytes(b"half")
    build_site(site)
    assert not left.exists()


# --- safe files --------------------------------------------------------------------------------


def test_files_are_written_whole_and_never_through_a_link(tmp_path: Path, outside: Path) -> None:
    place = tmp_path / "place"
    place.symlink_to(outside)
    with pytest.raises(FileExistsError):
        create_file(place, b"new")
    with pytest.raises(OSError, match="symbolic links"):
        open_lock(place)
    replace_file(place, [b"n", b"ew"])
    assert (place.read_bytes(), place.is_symlink(), outside.read_text()) == (b"new", False, "mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    for write in (create_file, lambda place, data: replace_file(place, [data]), open_lock):
        with pytest.raises(OSError):
            write(tmp_path / "link/file", *([b"x"] if write is not open_lock else []))
    with pytest.raises(NotADirectoryError):
        make_folders(tmp_path, "link/below")
    assert not [*(tmp_path / "folder").iterdir()]
    assert make_folders(tmp_path, "folder/a/b").is_dir()


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    def parts():  # type: ignore[no-untyped-def]
        yield b"half"
        raise OSError

    (tmp_path / "file").write_text("old")
    with pytest.raises(OSError):
        replace_file(tmp_path / "file", parts())
    assert [(f.name, f.read_text()) for f in tmp_path.iterdir()] == [("file", "old")]
