"""New files, fixes and sites: whole or not there, on a full disk and after a kill."""

from __future__ import annotations

import resource
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli import app as cli
from builder.editing.new import CannotCreate
from builder.editing.new_site import write_site
from builder.editing.steps import EditConflict
from support.sites import small_site, tree
from support.steps import killed, stepped

FIXABLE = "=== content/briefs/one.md\n---\nid: aaaa2222\ntitle: One\ndate: 2025/06/15\n---\n"


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))


@pytest.mark.parametrize(
    "command",
    [
        ["new", "brief", "Scale AI hires"],
        ["new", "company", "Acme"],
        ["check", "--fix", "--yes"],
        ["names", "distinct", "Google", "Meta"],
        ["init", "fresh"],
        ["init", ".", "--ci", "github"],
    ],
    ids=" ".join,
)
def test_a_full_disk_leaves_no_half_file(command: list[str], tmp_path: Path) -> None:
    """Every write that is longer than the limit ends in the middle, as on a full disk."""
    site = small_site(tmp_path / "site", FIXABLE)
    before = {p: d for p, d in tree(site).items() if not p.startswith(".slugline/")}
    done = subprocess.run(
        [sys.executable, "-m", "builder", *command],
        cwd=site, capture_output=True, text=True, preexec_fn=_small_files,
    )  # fmt: skip
    after = {p: d for p, d in tree(site).items() if not p.startswith(".slugline/")}
    assert after == before
    assert done.returncode != 0
    assert f"the disk of {site}" in done.stderr and "is full" in done.stderr, done.stderr


def test_a_new_file_goes_through_no_link(tmp_path: Path) -> None:
    site, outside = small_site(tmp_path / "site"), tmp_path / "outside"
    outside.mkdir()
    (site / "content/threads").symlink_to(outside)
    (site / ".github").symlink_to(outside)
    for command in (["new", "thread", "Chips"], ["init", str(site), "--ci", "github"]):
        result = CliRunner().invoke(cli.main, ["--site", str(site), *command])
        assert result.exit_code != 0, command
    assert [*outside.iterdir()] == []


@pytest.mark.parametrize("there", [True, False])
def test_a_site_whose_creation_was_killed_is_completed(there: bool, tmp_path: Path) -> None:
    whole = {p for p in tree(_new_site(tmp_path / "whole")) if not p.startswith("templates/")}
    folder = tmp_path / "site"
    for at in count():
        if there:
            folder.mkdir()
        stopped = killed(lambda: write_site(folder), at)
        if folder.exists() and not whole <= tree(folder).keys():
            write_site(folder)
        if folder.exists() and (folder / ".slugline-init").exists():
            (folder / ".slugline-init").rmdir()
        found = tree(folder) if folder.exists() else {}
        assert not stopped or not found or whole <= found.keys()
        assert {path for path in found if path.startswith(".slugline")} == set()
        assert not any(b"id: minted" in data for data in found.values())
        _remove(folder)
        if not stopped:
            break


def test_a_site_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    with stepped(lambda number: None) as steps:
        _new_site(folder)
    for error in (KeyboardInterrupt(), OSError(28, "No space left on device")):
        for at in range(0, steps.count, 3):
            _remove(folder)

            def fail(number: int, at: int = at, error: BaseException = error) -> None:
                if number == at:
                    raise error

            with pytest.raises((KeyboardInterrupt, EditConflict)), stepped(fail):
                write_site(folder)
            assert not folder.exists(), at


def test_a_site_is_never_written_over_files(tmp_path: Path) -> None:
    for name in ("site.yaml", "notes.txt", "content"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text("mine")
        (folder / ".slugline-init").mkdir()
        with pytest.raises(CannotCreate, match="is not empty"):
            write_site(folder)
        assert (folder / name).read_text() == "mine"


def _new_site(folder: Path) -> Path:
    write_site(folder)
    return folder


def _remove(folder: Path) -> None:
    if folder.exists():
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()


@pytest.mark.parametrize(
    ("title", "companies"),
    [
        ("Google and Meta part", "[Google, Meta]"),
        ("Meta’s share: what Google says of Facebook", "[Meta, Google]"),  # both names of one
        ("Scale AI’s scales", "[Scale AI]"),  # and not Scale, which has an unreadable file
        ("Metadata of Googles", "[]"),
        ("彼はScale AIを買収した", "[Scale AI]"),
        ("谷歌 hires", '["谷歌: 中国"]'),
        ("Old Name buys Google", "[Google]"),  # the former is now a part of it
    ],
)
def test_a_new_brief_lists_the_companies_that_its_title_names(
    tmp_path: Path, title: str, companies: str
) -> None:
    more = (
        '=== content/companies/gu-ge.md\n---\nname: "谷歌: 中国"\naliases: 谷歌\n---\n'
        "=== content/companies/old.md\n---\nname: Old Name\nmerged_into: Google\n---\n"
        "=== content/companies/broken.md\n---\nname: Scale\naliases: [\n---\n"
    )
    site = small_site(tmp_path, more)
    result = CliRunner().invoke(cli.main, ["--site", str(site), "new", "brief", title])
    assert result.exit_code == 0, result.output
    (file,) = (site / "content/briefs").glob("*.md")
    assert f"\ncompanies: {companies} " in file.read_text("utf-8")
