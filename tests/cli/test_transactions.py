"""Changes of what editors write: killed, interrupted, on a full disk, and beside their saves.

Every call that changes a file is tried, with and without a system that can exchange two names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import msgspec
import pytest

from builder.editing import steps as steps_module
from builder.editing.journal import FileStep, Journal, has_journal, write_journal
from builder.editing.merge import distinct_changes
from builder.editing.steps import EditConflict
from builder.editing.transaction import changed_files, recover, replace_files
from builder.machine_key import sealed
from support.sites import tree, write_site
from support.steps import killed, stepped

OLD = {"briefs/a.md": b"a, old", "briefs/b.md": b"b, old", "topics/gone.md": b"gone, old"}
NEW = {"briefs/a.md": b"a, new", "briefs/b.md": b"b, new", "people/made.md": b"made, new"}
CHANGES = {
    f"content/{path}": (OLD.get(path), NEW.get(path)) for path in sorted({*OLD, *NEW})
}  # fmt: skip
EXCHANGES = pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "renames"])


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_module, "_WRITER_WAIT", 0.01)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = restored(tmp_path / "site")
    replace_files(site, {"content/briefs/a.md": (b"a, old", b"a, new")})  # makes the key
    return restored(site)


def restored(site: Path) -> Path:
    """The site as it was, without anything that a change left."""
    for path in (site / "content").rglob("*"):
        if path.is_file() or path.is_symlink():
            path.unlink()
    for path, data in OLD.items():
        (site / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (site / "content" / path).write_bytes(data)
    return site


def whole(site: Path) -> bool:
    """Whether all files are new or all are old, and nothing else is there."""
    found = tree(site / "content")
    assert not has_journal(site)
    assert found in (OLD, NEW), found
    return found == NEW


def calls(site: Path, exchange: bool) -> int:
    with stepped(lambda number: None, exchange) as steps:
        replace_files(site, CHANGES)
    assert whole(site)
    restored(site)
    return steps.count


@EXCHANGES
def test_killed_anywhere_the_next_command_undoes_or_finishes(site: Path, exchange: bool) -> None:
    outcomes = []
    for at in count():
        if not killed(lambda: replace_files(site, CHANGES), at, exchange):
            break
        # The command that repairs is killed, too: after each second step, the other half after
        # those of the other way to exchange files.
        for repaired in count() if at % 2 == exchange else ():
            if not killed(lambda: recover(site), repaired, exchange):
                break
        recover(site)
        outcomes.append(whole(site))
        restored(site)
    assert len(outcomes) > 20
    # The moment from which the change counts: never before all files are in place.
    assert outcomes == sorted(outcomes) and {*outcomes} == {False, True}


@EXCHANGES
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_interrupted_or_without_space_nothing_is_half_done(
    site: Path, exchange: bool, error: BaseException
) -> None:
    for at in range(calls(site, exchange)):

        def fail(number: int, at: int = at) -> None:
            if number == at:
                raise error

        message = ""
        try:
            with stepped(fail, exchange):
                replace_files(site, CHANGES)
        except KeyboardInterrupt:
            message = "interrupted"
        except EditConflict as conflict:
            message = str(conflict)
            assert message == f"nothing was changed: the disk of {site} is full"
        recover(site)  # of the journal, at most
        assert whole(site) or message, at
        restored(site)


Saved = Callable[[int], None]


def by_renaming(file: Path, at: int) -> Iterator[Saved]:
    """An editor that writes another file, and renames it."""

    def save(number: int) -> None:
        if number == at:
            file.with_suffix(".tmp").write_bytes(b"saved")
            file.with_suffix(".tmp").replace(file)

    yield save


def in_place(file: Path, at: int) -> Iterator[Saved]:
    """An editor that opens the file, and writes into it a little later."""
    opened = []

    def save(number: int) -> None:
        if number == at and file.exists():
            opened.append(file.open("r+b"))
        if number == at + 2:
            write()

    def write() -> None:
        for stream in opened:
            stream.write(b"saved")
            stream.truncate()
            stream.close()
        opened.clear()

    yield save
    write()


@EXCHANGES
@pytest.mark.parametrize("editor", [by_renaming, in_place])
@pytest.mark.parametrize("path", ["briefs/a.md", "topics/gone.md", "people/made.md"])
def test_what_somebody_saves_meanwhile_stays(
    site: Path, exchange: bool, editor: Callable[[Path, int], Iterator[Saved]], path: str
) -> None:
    refused = 0
    for at in range(calls(site, exchange)):
        file = site / "content" / path
        saves = editor(file, at)
        try:
            with stepped(next(saves), exchange):
                replace_files(site, CHANGES)
        except EditConflict:
            refused += 1
        assert not [*saves]
        found = tree(site / "content")
        if editor is by_renaming or b"saved" in found.values():
            assert found.pop(path) == b"saved", at
            others = [{p: d for p, d in state.items() if p != path} for state in (OLD, NEW)]
            assert found in others, at
        else:  # the file was not there to be opened
            assert path != "briefs/a.md" or not exchange
            assert found in (OLD, NEW), at
        recover(site)
        restored(site)
    # A new file that somebody opens and then writes into stays where it is.
    assert refused or (editor is in_place and path == "people/made.md")


def test_a_save_while_the_merged_site_is_checked_is_not_lost(site: Path) -> None:
    file = site / "content/briefs/a.md"
    with (
        pytest.raises(EditConflict, match=r"briefs/a\.md was modified"),
        changed_files(site, CHANGES),
    ):
        assert tree(site / "content").keys() >= NEW.keys()
        file.write_bytes(b"saved")
    assert tree(site / "content") == {**OLD, "briefs/a.md": b"saved"}


def test_a_file_that_is_being_written_is_left(site: Path) -> None:
    with (site / "content/briefs/a.md").open("ab"):
        if os.uname().sysname == "Linux":
            with pytest.raises(EditConflict, match="being written by another program"):
                replace_files(site, CHANGES)
            assert not whole(site)


def test_two_commands_do_not_mix(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder import edit_lock

    monkeypatch.setattr(edit_lock, "LOCK_WAIT", 0.05)
    with changed_files(site, CHANGES), pytest.raises(edit_lock.EditLocked) as raised:
        replace_files(site, {"content/new.md": (None, b"new")})
    assert f"(process {os.getpid()}); run the command again when it has ended" in str(raised.value)
    assert whole(site)


# --- journals of somebody else -----------------------------------------------------------------


def test_a_journal_reaches_only_what_editors_write(site: Path, tmp_path: Path) -> None:
    """A journal names files and what is in them; it is believed only with the user's seal."""
    replace_files(site, CHANGES)
    outside = tmp_path / "outside.md"
    outside.write_bytes(b"old")
    token = "0123456789abcdef"
    (site / f"content/briefs/.slugline-{token}.new").write_bytes(b"planted")
    link = site / "content/briefs/link.md"
    link.symlink_to(outside)
    place = site / ".slugline/edits"

    def step(path: str) -> FileStep:
        return FileStep(path, steps_module.digest(b"planted"), steps_module.digest(b"old"), token)

    for path in ("../outside.md", "/etc/x", "content/../site.yaml", "output/index.html", "x\0"):
        write_journal(site, "changing", (step(path),))
        assert recover(site) == 0 and not has_journal(site), path
    write_journal(site, "changing", (step("content/briefs/link.md"),))
    with pytest.raises(EditConflict, match="leads out of the folder"):
        recover(site)
    assert outside.read_bytes() == b"old"
    inner = msgspec.json.encode(Journal(os.path.realpath(site), "changing", ()))
    for data in (b"", inner, bytes(16) + inner, sealed("other purpose", inner)):
        place.write_bytes(data)
        assert recover(site) == 0 and not has_journal(site)
    elsewhere = Journal("/elsewhere", "changing", (step("content/briefs/a.md"),))
    place.write_bytes(sealed("edits", msgspec.json.encode(elsewhere)))
    assert recover(site) == 0
    os.mkfifo(place)
    assert recover(site) == 0 and not has_journal(site)
    place.symlink_to(outside)
    assert recover(site) == 0 and outside.read_bytes() == b"old"


def test_without_a_key_only_one_file_at_a_time(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null/state")
    monkeypatch.delenv("SLUGLINE_KEY", raising=False)
    with pytest.raises(EditConflict, match="set SLUGLINE_KEY"):
        replace_files(site, CHANGES)
    assert not whole(site)
    replace_files(site, {"content/briefs/a.md": (b"a, old", b"a, new")})
    assert tree(site / "content") == {**OLD, "briefs/a.md": b"a, new"}


def test_links_inside_of_content_are_written_once(site: Path) -> None:
    link = site / "content/briefs/z.md"
    link.symlink_to("a.md")
    pair = CHANGES["content/briefs/a.md"]
    replace_files(site, {**CHANGES, "content/briefs/z.md": pair})
    assert link.is_symlink() and link.read_bytes() == b"a, new"
    with pytest.raises(EditConflict, match="are one file"):
        replace_files(
            site,
            {"content/briefs/a.md": (b"a, new", b"1"), "content/briefs/z.md": (b"a, new", b"2")},
        )


def test_all_names_of_one_run_become_distinct_at_once(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    groups = [("Google", "Goggle"), ("Meta", "Metta")]
    ((path, (was, now)),) = distinct_changes(site, groups).items()
    assert path == "site.yaml" and was == (site / path).read_bytes()
    assert now == was + b"distinct:\n  - [Meta, Metta]\n  - [Google, Goggle]\n"
    assert distinct_changes(site, []) == {}
