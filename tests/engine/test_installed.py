"""The compiled code of the program's own templates, which all sites share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import pytest

from builder.engine import templates
from builder.parallel import in_background
from builder.render import compile, installed, renderer
from builder.render.environment import Environment, make_environment
from builder.render.versions import versions
from support.sites import build_site, tree, write_site


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with the code, in a folder of the test's own; the second process is this one."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(
        templates, "in_background", lambda function, fork: in_background(function, fork=False)
    )
    found = installed._place()
    found.parent.mkdir(parents=True)
    installed.installed.cache_clear()
    return found


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates that are parsed, without what the tests remember of them."""
    monkeypatch.setattr(renderer, "make_environment", make_environment)
    names: list[str] = []
    parse = Environment._parse

    def noting(self: Environment, source: str, name: str | None, filename: str | None) -> object:
        names.append(name or "")
        return parse(self, source, name, filename)

    monkeypatch.setattr(Environment, "_parse", noting)
    return names


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    installed.installed.cache_clear()


def test_a_second_site_parses_no_template(
    tmp_path: Path, place: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second", "third"):
        write_site(tmp_path / name, fresh=True)
    build_site(tmp_path / "first", jobs=2)
    assert "brief.html" in parsed and place.is_file()
    parsed.clear()
    build_site(tmp_path / "second", jobs=2)
    assert not parsed
    monkeypatch.setattr(compile, "installed", dict)
    place.unlink()
    build_site(tmp_path / "third", jobs=1)
    assert "brief.html" in parsed and not place.exists()  # one process compiles as it goes
    whole = tree(tmp_path / "first" / "output")
    assert whole == tree(tmp_path / "second" / "output") == tree(tmp_path / "third" / "output")


def test_a_template_of_a_site_is_its_own(tmp_path: Path, place: Path, parsed: list[str]) -> None:
    """Its code is not kept for others, and it is used although that of the program is kept."""
    write_site(tmp_path / "own", "=== templates/robots.txt\nOwn.\n", fresh=True)
    build_site(tmp_path / "own", jobs=2)
    assert not place.exists()
    write_site(tmp_path / "plain", fresh=True)
    build_site(tmp_path / "plain", jobs=2)
    write_site(tmp_path / "other", "=== templates/robots.txt\nOther.\n", fresh=True)
    parsed.clear()
    build_site(tmp_path / "other", jobs=2)
    assert (tmp_path / "other/output/robots.txt").read_text("utf-8") == "Other.\n"
    assert {*parsed} == {"robots.txt"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: b"\x92\xa1x\x80",  # of another version
        lambda data: data.replace(versions().encode(), b"0" * len(versions())),
    ],
)
def test_a_damaged_file_is_written_again(
    damage: Callable[[bytes], bytes], tmp_path: Path, place: Path, parsed: list[str]
) -> None:
    write_site(tmp_path / "first", fresh=True)
    build_site(tmp_path / "first", jobs=2)
    good = place.read_bytes()
    place.write_bytes(damage(good))
    installed.installed.cache_clear()
    parsed.clear()
    write_site(tmp_path / "second", fresh=True)
    build_site(tmp_path / "second", jobs=2)
    assert "brief.html" in parsed
    assert installed.installed().keys() == installed._decoder.decode(good).values.keys()
    assert tree(tmp_path / "first" / "output") == tree(tmp_path / "second" / "output")


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    write_site(tmp_path / "site", fresh=True)
    build_site(tmp_path / "site", jobs=2)
    assert not place.exists()


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path: Path, place: Path) -> None:
    place.parent.rmdir()
    place.parent.write_bytes(b"")  # in its way, even for root
    write_site(tmp_path / "site", fresh=True)
    assert build_site(tmp_path / "site", jobs=2).rendered


def test_another_jinja_uses_none_of_it(
    tmp_path: Path, place: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path / "first", fresh=True)
    build_site(tmp_path / "first", jobs=2)
    versions.cache_clear()
    installed.installed.cache_clear()
    monkeypatch.setattr(jinja2, "__version__", "another")
    parsed.clear()
    write_site(tmp_path / "second", fresh=True)
    try:
        build_site(tmp_path / "second", jobs=2)
    finally:
        versions.cache_clear()
    assert "brief.html" in parsed
