"""After an edit of a text or a title, a new process goes on from the linked site that the last
build has kept; after any other change, it links everything. Both make what a clean build makes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from builder import lazy, sections
from builder.content.record import encode
from builder.engine import pipeline
from builder.engine.build import build, check
from builder.engine.resumed import keep_linked
from builder.pages.kinds import find_tasks, list_tasks
from builder.site.kept import KeptSite, keep_lists, keep_site
from builder.site.known import KnownIndex
from builder.site.lists import Lists
from builder.site.site import Site
from support.sites import NOW, brief, build_site, edit, options, picture, tree, write_site

CONTENT = (
    brief("one", "Scale AI one", "First text.", date="2025-04-10", topics="[Data]", section="labs")
    + brief("two", "Google two", "See [[brief:one]] and [it](one.md).", date="2025-05-10",
            companies="[Google]", people="[Ann Else]")
    + brief("three", "Scale AI three", "Third text.", date="2025-06-10", section="labs")
    + brief("draft", "A draft", "Not yet.", date="2025-06-11", status="draft")
    + brief("later", "Not before August", "Soon.", date="2025-08-01")
)  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = write_site(tmp_path / "site", CONTENT)
    build_site(folder)
    return folder


@pytest.fixture(params=[False, True], ids=["small", "large"])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables have many buckets, and an index has a base, as of a large site."""
    if request.param:
        monkeypatch.setattr(lazy, "_FULL", 2)
        monkeypatch.setattr(sections, "_LARGE", 100)


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows with each site that is linked."""
    found: list[object] = []
    whole = pipeline.link_all

    def link_all(*arguments: Any) -> Any:
        found.append(arguments)
        return whole(*arguments)

    monkeypatch.setattr(pipeline, "link_all", link_all)
    return found


def clean(site: Path, **more: Any) -> dict[str, bytes]:
    """What a build makes of the same content without anything kept."""
    copy = site.with_name("clean")
    shutil.rmtree(copy, ignore_errors=True)
    names = shutil.ignore_patterns("output", ".output*", ".slugline")
    shutil.copytree(site, copy, symlinks=True, ignore=names)
    build_site(copy, **more)
    return tree(copy / "output")


ONE, TWO = "content/briefs/one.md", "content/briefs/two.md"
KEPT: dict[str, tuple[str, str, str]] = {
    "a text": (ONE, "First text", "Other text"),
    "a link more": (ONE, "First text", "First [[brief:three]] text"),
    "a title, to which others refer": (ONE, "Scale AI one", "Scale AI first"),
    "a summary": (TWO, "summary: It hires.", "summary: It fires."),
    "what only the page shows": (TWO, "summary: It hires.", "summary: It hires.\nwhy: So."),
    "a comment that moves lines": (TWO, "summary:", "# note\nsummary:"),
    "the text of a draft": ("content/briefs/draft.md", "Not yet", "Not now"),
}
LINKED: dict[str, tuple[str, str, str]] = {
    "a date": (ONE, "2025-04-10", "2025-04-11"),
    "a topic": (ONE, "[Data]", "[Data, Else]"),
    "a name in a list": (TWO, "[Google]", "[Google, Meta]"),
    "a draft is published": ("content/briefs/draft.md", "status: draft\n", ""),
    "the name of a company": (
        "content/companies/google.md",
        "name: Google",
        "name: Gogol\naliases: [Google]",
    ),
    "the settings": ("site.yaml", "title: Test", "title: Tested"),
    "a comment in the settings": ("site.yaml", "title: Test", "# note\ntitle: Test"),
}


@pytest.mark.parametrize("what", KEPT)
def test_edit_of_a_text_links_nothing(site: Path, linked: list[object], what: str) -> None:
    path, before, after = KEPT[what]
    for old, new in ((before, after), (after, before)):
        edit(site / path, old, new)
        build_site(site)
        assert not linked
        assert tree(site / "output") == clean(site)
        linked.clear()  # the clean build links


@pytest.mark.parametrize("what", LINKED)
def test_other_edits_link_again(site: Path, linked: list[object], what: str) -> None:
    path, before, after = LINKED[what]
    edit(site / path, before, after)
    build_site(site)
    assert linked
    assert tree(site / "output") == clean(site)


def _remove(site: Path) -> None:
    (site / "content/briefs/three.md").unlink()


def _add(site: Path) -> None:
    write_site(site, brief("four", "Scale AI four"), usual=False)


def _add_picture(site: Path) -> None:
    (site / "content/media").mkdir()
    (site / "content/media/hall.png").write_bytes(picture(2, 3))


@pytest.mark.parametrize("change", [_remove, _add, _add_picture])
def test_other_files_link_again(
    site: Path, linked: list[object], change: Callable[[Path], None]
) -> None:
    change(site)
    build_site(site)
    assert linked
    assert tree(site / "output") == clean(site)


def test_a_moment_that_passes_links_again(site: Path, linked: list[object]) -> None:
    """With an edit in the same build, and then back."""
    for days, known in ((1, True), (60, False), (61, True), (1, False)):
        edit(site / ONE, "text", "longer text")
        linked.clear()
        build_site(site, now=NOW + timedelta(days=days))
        assert (not linked) is known
        assert tree(site / "output") == clean(site, now=NOW + timedelta(days=days))


def test_a_check_between_two_builds(site: Path, linked: list[object]) -> None:
    """It reads the edited files, and a build still knows that they have changed."""
    check(site, options())
    linked.clear()
    for path in (ONE, TWO):
        edit(site / path, "title: ", "title: Again ")
        check(site, options())
    edit(site / ONE, "text", "words")
    build_site(site)
    assert not linked
    assert tree(site / "output") == clean(site)
    edit(site / ONE, "2025-04-10", "2025-04-12")
    check(site, options())
    linked.clear()
    build_site(site)
    assert linked, "the date changed, although only the check has read it"
    assert tree(site / "output") == clean(site)


def test_many_changes_are_forgotten(
    site: Path, linked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of changes is bounded; whoever needs a forgotten one links again."""
    monkeypatch.setattr("builder.engine.memory._MOST", 3)
    check(site, options())
    for number in range(3):
        edit(site / ONE, "text", f"text {number}")
        check(site, options())
    linked.clear()
    build_site(site)
    assert linked
    assert tree(site / "output") == clean(site)


def test_a_style_sheet_links_nothing(site: Path, linked: list[object]) -> None:
    """What templates name is no part of the linked site."""
    style = site / "templates/assets/style.css"
    style.parent.mkdir(parents=True, exist_ok=True)
    for text in ("body {}\n", "p {}\n"):
        style.write_text(text)
        edit(site / ONE, "text", "longer text")
        linked.clear()
        build_site(site)
        assert not linked
        assert tree(site / "output") == clean(site)


def test_the_record_for_programs_has_what_only_front_matter_says(
    site: Path, linked: list[object]
) -> None:
    edit(site / "site.yaml", "title: Test", "title: Test\nrecord: [json]")
    quote = "quotes: [{by: Ann Lee, text: It grows., source: reuters}]"
    edit(site / TWO, "summary:", f"{quote}\nsummary:")
    build_site(site)
    linked.clear()
    for old, new in (("It grows", "It shrinks"), ("It shrinks", "It grows")):
        edit(site / TWO, old, new)
        build_site(site)
        assert not linked
        assert tree(site / "output") == clean(site)
        linked.clear()


# --- editions ----------------------------------------------------------------------------------

EDITIONS = """
editions:
  nl: {tagline: Daar, sections: {labs: {name: Laboratoria}}}
  vi: {base: /tieng-viet/, fallback: hide}
"""
FIGURE = "[{metric: valuation, of: Scale AI, value: $14bn, as_of: 2025-05, basis: reported}]"
VERSIONS = (
    brief("een", "Scale AI een", "Eerste. [[brief:two]]", date="2025-04-12", lang="nl",
          translation_of="one", topics="[Data]", section="labs")
    + brief("drie", "Alleen hier", "Zie [[brief:een]].", date="2025-04-13", lang="nl",
            topics="[Data]", section="labs", follows="[one]", figures=FIGURE)
    + brief("mot", "Scale AI mot", "Mot.", date="2025-04-14", lang="vi", translation_of="one")
    + brief("plan", "Een plan", "Straks.", date="2025-04-15", lang="nl", status="draft")
)  # fmt: skip
NL, VI, PLAN = (f"content/briefs/{slug}.md" for slug in ("een", "mot", "plan"))
# Steps one after the other: the file, what changes in it, and whether the site is linked again.
STEPS = [
    (ONE, "First text", "Other text", False),
    (NL, "Eerste", "Ander", False),
    (NL, "Scale AI een", "Scale AI eerste", False),
    (VI, "Mot", "Hai [[brief:drie]]", False),
    (PLAN, "Straks", "Nooit", False),
    (TWO, "Google two", "Google second", False),
    (NL, "2025-04-12", "2025-05-12", True),
    (NL, "Ander", "Nog een ander [it](two.md)", False),
    (VI, "translation_of: one\n", "", True),
    (VI, "summary: It hires", "summary: It fires", False),
    (PLAN, "status: draft\n", "", True),
    (PLAN, "Nooit", "Toch", False),
    ("site.yaml", "tagline: Daar", "tagline: Hier", True),
    (ONE, "Other text", "Last text", False),
]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("order", [STEPS, STEPS[::2] + STEPS[1::2]])
def test_editions_go_on_from_the_last_build(
    tmp_path: Path, linked: list[object], order: Sequence[tuple[str, str, str, bool]]
) -> None:
    """Each step makes what a clean build makes; every edit of a text alone links nothing."""
    site = write_site(tmp_path / "site", CONTENT + VERSIONS)
    with (site / "site.yaml").open("a", encoding="utf-8") as stream:
        stream.write(EDITIONS)
    build_site(site)
    for path, before, after, links in order:
        text = (site / path).read_text("utf-8")
        if before not in text:  # in this order, another step has changed it
            continue
        edit(site / path, before, after)
        linked.clear()
        result = build_site(site)
        assert bool(linked) is links, (path, after)
        assert tree(site / "output") == clean(site), (path, after)
        if not links:
            assert result.resumed
            assert len(result.rendered) < len(result.manifest.files) / 2
    assert {*(site / ".slugline").glob("linked-*")}


def test_drafts_are_another_site(site: Path, linked: list[object]) -> None:
    for drafts in (False, True, False, True):
        edit(site / ONE, "text", "longer text")
        build(site, site / "output", options(drafts=drafts))
        assert tree(site / "output") == clean(site, drafts=drafts)


@pytest.mark.parametrize("section", ["small", "order", "entries", "slugs", "cover month", "marks"])
def test_a_damaged_part_is_made_again(site: Path, section: str) -> None:
    (file,) = (site / ".slugline").glob("linked-*")
    data = file.read_bytes()
    for damage in (b"", data[:200], data[: len(data) // 2], _without(data, section)):
        file.write_bytes(damage)
        edit(site / ONE, "text", "longer text")
        build_site(site)
        assert tree(site / "output") == clean(site)


def _without(data: bytes, section: str) -> bytes:
    """The file with a section that has another name."""
    name = section.encode()
    assert name in data
    return data.replace(name, name[::-1], 1)


def test_a_file_of_another_build(site: Path, tmp_path: Path, linked: list[object]) -> None:
    """The kept site and the state of tasks are of one build, or nothing is taken from it."""
    (file,) = (site / ".slugline").glob("linked-*")
    old = file.read_bytes()
    edit(site / ONE, "2025-04-10", "2025-04-12")
    build_site(site)
    file.write_bytes(old)
    edit(site / ONE, "text", "words")
    linked.clear()
    build_site(site)
    assert linked
    assert tree(site / "output") == clean(site)


# --- what is kept ------------------------------------------------------------------------------


def _kept(site: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Site, Lists]:
    """The linked site and the lists that a build keeps."""
    found: list[Any] = []

    def note(*arguments: Any) -> None:
        found[:] = arguments
        keep_linked(*arguments)

    monkeypatch.setattr(pipeline, "keep_linked", note)
    build_site(site, clean=True)
    linked, arranged = found[4], found[5]
    return linked.site, arranged.lists


def _plain(value: Any) -> Any:
    if isinstance(value, KnownIndex):
        return _plain(value.groups)
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_plain(part) for part in value]
    return value


def test_every_part_of_an_edition_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = write_site(tmp_path / "site", CONTENT + VERSIONS)
    with (site / "site.yaml").open("a", encoding="utf-8") as stream:
        stream.write(EDITIONS)
    found: list[Any] = []
    monkeypatch.setattr(pipeline, "keep_linked", lambda *arguments: found.extend(arguments))
    build_site(site)
    whole, arranged = found[4].site, found[5]
    by_path = {outline.path: outline for outline in whole.outlines.values()}
    parts = keep_site(whole)
    again = KeptSite(parts.__getitem__).site(whole.config, whole.content, by_path)
    for edition in arranged.editions:
        old, lists = edition.site, edition.lists
        parts = {**keep_site(old), **keep_lists(old, lists)}
        kept = KeptSite(parts.__getitem__)
        new = kept.edition(again, old.config.settings)
        for name in Site._fields:
            if name == "figures":  # a date has another type, with the same fields
                assert [*map(encode, new.figures)] == [*map(encode, old.figures)]
            elif name not in ("names", "whole"):
                assert _plain(getattr(new, name)) == _plain(getattr(old, name)), name
        for other in arranged.editions:
            if peer := other.lists.peers.get(edition.tag):
                assert kept.pages == peer.pages
        given = kept.lists(new, lists.assets, lists.policy, lists.look, lists.around)
        for name in Lists._fields:
            if name == "known":
                assert encode(_plain(given.known)) == encode(_plain(lists.known))
            elif name not in ("search", "peers"):
                assert _plain(getattr(given, name)) == _plain(getattr(lists, name)), name


def test_every_part_is_read_as_it_was(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, lists = _kept(site, monkeypatch)
    parts = {**keep_site(old), **keep_lists(old, lists)}
    kept = KeptSite(parts.__getitem__)
    by_path = {outline.path: outline for outline in old.outlines.values()}
    new = kept.site(old.config, old.content, by_path)
    for name in Site._fields:
        if name != "names":
            assert _plain(getattr(new, name)) == _plain(getattr(old, name)), name
            if isinstance(getattr(old, name), (dict, tuple)):
                assert [*_plain(getattr(new, name))] == [*_plain(getattr(old, name))], "the order"
    for name in old.names._fields:
        was, now = getattr(old.names, name), getattr(new.names, name)
        if name in ("companies", "topics", "people", "publishers"):
            assert (dict(now.owners), now.uses) == (dict(was.owners), was.uses)
        else:
            assert _plain(now) == _plain(was), name
    found = kept.lists(new, lists.assets, lists.policy, lists.look, lists.around)
    for name in Lists._fields:
        if name != "search":
            assert _plain(getattr(found, name)) == _plain(getattr(lists, name)), name


def test_tasks_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each like in the list of all tasks, in a newspaper that has every kind of record."""
    newspaper = Path(__file__).parent.parent / "web/newspapers/greek.txt"
    site = write_site(tmp_path, newspaper.read_text("utf-8"), usual=False)
    linked, lists = _kept(site, monkeypatch)
    tasks = list_tasks(linked, lists)
    assert {"expectations-feed", "corrections-feed", "calendar"} <= {t.name for t in tasks}
    for task in tasks:
        (found,) = find_tasks(linked, lists, [task.name])
        assert found.name == task.name
        one, other = found.make, task.make
        if isinstance(other, partial) and "<locals>" not in other.func.__qualname__:
            assert isinstance(one, partial)
            assert (one.func, _plain(one.args)) == (other.func, _plain(other.args))
        else:
            assert getattr(one, "__qualname__", "") == getattr(other, "__qualname__", "")
    assert [t.name for t in find_tasks(linked, lists, [t.name for t in tasks])] == [
        t.name for t in tasks
    ]
    assert find_tasks(linked, lists, ["nothing"]) == []
