"""Any edits, in any order, whatever happens to the folders in between: an incremental build is a
clean build, one process makes what several make, and nothing stale is left.

SLUGLINE_STEPS sets how many builds are tried, at random; without it they are few, and the same
each time."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import lazy, parallel, sections
from builder.check.verdicts import as_checked
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.engine import trace
from builder.engine.build import build, check
from builder.engine.result import Result
from support.sites import tree, write_site
from support.worlds import ROUNDS, World, trusting

STEPS = int(os.environ.get("SLUGLINE_STEPS", "0"))
ROUNDS_EACH = 8
TRIED: list[bool] = []  # of each build, whether its inputs were without a mistake


class Outcome(NamedTuple):
    """What a build told: its result, or what is wrong."""

    result: Result | None
    problems: tuple[Diagnostic, ...]


@pytest.fixture(scope="module", autouse=True)
def small_shares() -> Any:
    """A few items are work for several processes, several buckets, and an index with a base.

    A process soon begins again to number facts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "FEWEST", 1)
        patch.setattr(parallel, "_RANGE", 7)
        patch.setattr(lazy, "_FULL", 3)
        patch.setattr(sections, "_LARGE", 300)
        patch.setattr(trace, "_MOST", 20)
        yield
    if STEPS:
        print(f"{len(TRIED)} builds after edits, {TRIED.count(False)} of them with mistakes")


def outcome_of(root: Path, world: World, **more: Any) -> Outcome:
    try:
        found = build(root, root / "output", world.options(**more))
    except ContentError as error:
        return Outcome(None, tuple(error.diagnostics))
    return Outcome(found, tuple(found.problems))


def checked(root: Path, world: World) -> tuple[Diagnostic, ...]:
    try:
        return tuple(check(root, world.options()).problems)
    except ContentError as error:
        return tuple(error.diagnostics)


def clean(world: World, jobs: int) -> tuple[Outcome, dict[str, bytes]]:
    """What a build of the same inputs makes in a folder in which there was none.

    It knows the templates that come with Slugline, which take longer than the rest of the build."""
    root = world.base / "clean"
    shutil.rmtree(root, ignore_errors=True)
    ignored = shutil.ignore_patterns("output", ".output*", ".slugline")
    shutil.copytree(world.root, root, ignore=ignored)
    write_site(root, usual=False)
    outcome = outcome_of(root, world, jobs=jobs)
    return outcome, tree(root / "output")


def inodes(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_ino for p in folder.rglob("*")}


def step(world: World, jobs: int, explain: bool) -> bool:
    """Build, and see that all is as it should be; whether the inputs are without a mistake."""
    output = world.output
    foreign, before, places = world.foreign(), tree(output), inodes(output)
    outcome = outcome_of(world.root, world, jobs=jobs, explain=explain)
    expected, wanted = clean(world, 3 - jobs)
    assert outcome.problems == expected.problems
    if outcome.result is None:
        assert expected.result is None
        assert tree(output) == before, "a build that fails leaves the output as it was"
        assert inodes(output) == places
        return False
    assert expected.result is not None
    after = tree(output)
    assert {p: d for p, d in after.items() if p not in foreign} == wanted
    assert world.foreign() == foreign, "what is somebody else's is taken along"
    theirs = {path for path in foreign if not path.endswith("/")}
    assert {path: after[path] for path in theirs} == {path: before[path] for path in theirs}
    empty = [f for f in output.rglob("*") if f.is_dir() and not any(f.iterdir())]
    assert {f"{f.relative_to(output).as_posix()}/" for f in empty} == foreign - theirs
    assert set(outcome.result.foreign) == foreign
    for told in ("briefs", "pages", "size"):
        assert getattr(outcome.result, told) == getattr(expected.result, told)
    assert outcome.result.manifest and expected.result.manifest
    assert outcome.result.manifest.files == expected.result.manifest.files
    again = outcome_of(world.root, world)
    assert again.result is not None and again.result.rendered == (), "it renders nothing again"
    assert again.problems == outcome.problems
    assert tree(output) == after

    rendered = {stale.url for stale in outcome.result.rendered}
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed - _files_of(rendered) <= {
        ".slugline.json", *(path for path in after if path.startswith(("assets/", "media/")))
    }  # fmt: skip
    if not world.touched:
        kept = {p for p in before.keys() & after.keys() if before[p] == after[p]}
        kept.discard(".slugline.json")
        now = inodes(output)
        assert {p for p in kept if now[p] != places[p]} == set(), "the same files"
    world.touched = False
    return True


def build_elsewhere(world: World) -> None:
    """Build the same site into another folder, which builds share what they know with."""
    other, wanted = world.base / "other", clean(world, 1)[1]
    before = tree(other)
    try:
        build(world.root, other, world.options())
    except ContentError:
        wanted = before
    assert tree(other) == wanted


def _files_of(urls: set[str]) -> set[str]:
    return {f"{url.lstrip('/')}{'index.html' if url.endswith('/') else ''}" for url in urls}


def live(rounds: list[tuple[list[tuple[Any, ...]], int, bool, bool]]) -> None:
    """Let a world go through rounds of edits, with a build after each. A mistake is mended before
    the next round."""
    with tempfile.TemporaryDirectory() as name:
        world = World(Path(name))
        good = world.inputs()
        assert step(world, 1, False)
        for edits, jobs, patient, explain in rounds:
            with trusting() if patient else nullcontext():
                for edit in edits:
                    if edit[0] == "check":
                        built = clean(world, 1)[0].problems
                        assert checked(world.root, world) == tuple(map(as_checked, built))
                    elif edit[0] == "elsewhere":
                        build_elsewhere(world)
                    else:
                        world.do(edit)
                fine = step(world, jobs, explain)
            TRIED.append(fine)
            if fine:
                good = world.inputs()
            else:
                world.mend(good)


@settings(
    max_examples=max(1, STEPS // ROUNDS_EACH) if STEPS else 6,
    deadline=None,
    derandomize=not STEPS,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(ROUNDS, min_size=1, max_size=ROUNDS_EACH * 2))
def test_incremental_is_clean_and_parallel_is_serial(
    rounds: list[tuple[list[tuple[Any, ...]], int, bool, bool]],
) -> None:
    """After any edits the output has the bytes of a clean build by another number of processes,
    and the build tells the same; what it did not render did not change and is the same file; a
    second build renders nothing; nobody else's file is lost."""
    live(rounds)


# --- what it takes a few steps to see -----------------------------------------------------------

DD = {"title": "Google four", "date": "2025-05-05", "companies": "[Google]", "body": "Text."}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world that has been built once."""
    world = World(tmp_path)
    assert step(world, 1, False)
    return world


def then(world: World, *edits: tuple[Any, ...]) -> bool:
    """Edits, and the next build."""
    for edit in edits:
        world.do(edit)
    return step(world, 1, False)


def test_older_output_is_put_back(world: World) -> None:
    """An output as it was before the last build (another checkout's, or a deploy's cache) is
    brought up to date, though no input has changed since."""
    with trusting():
        assert then(world, ("output", "save"))
        assert then(world, ("briefs", "dd", {**DD, "slug": ""}))
        assert then(world, ("output", "back"))


def test_altered_file_is_put_back(world: World) -> None:
    """A page that was altered in its place, and then put back as another file with the right
    bytes, does not come back from the second tree, which shared the altered file."""
    for title in ("Google four", "Google five"):
        assert then(world, ("briefs", "dd", {**DD, "title": title, "slug": ""}))
    page = world.output / "about/index.html"
    data = page.read_bytes()
    page.write_bytes(b"?" + data[1:])
    page.unlink()
    page.write_bytes(data)
    world.touched = True
    assert then(world, ("briefs", "dd", {**DD, "title": "Google six", "slug": ""}))


def test_comment_moves_the_lines_of_warnings(world: World) -> None:
    """A line that means nothing moves what the next one says: warnings name the line as it is."""
    assert then(world, ("briefs", "dd", {**DD, "slug": ""}))
    assert then(world, ("briefs", "dd", {**DD, "slug": "", "note": "# a comment\n"}))


@pytest.mark.parametrize(
    ("folder", "slot", "name"), [("topics", "data", "Data"), ("people", "ann-lee", "Ann Lee")]
)
def test_alias_that_an_unseen_brief_needs(world: World, folder: str, slot: str, name: str) -> None:
    """A draft names a topic twice, once by an alias without which the name means nothing: taking
    the alias away is a mistake, also where the names of the draft lead to the same as before. It
    stops no build, and the next build finds it again."""
    draft = {**DD, "slug": "", "status": "draft", folder: f"[{name}, 数]"}
    aliases = "[数, 数据]" if folder == "topics" else "[数]"
    assert then(world, (folder, slot, {"name": name, "aliases": aliases}), ("briefs", "dd", draft))
    assert then(world, (folder, slot, {"name": name, "aliases": "[数据]"}))


@pytest.mark.parametrize("patient", [False, True])
def test_manifest_is_damaged(world: World, patient: bool) -> None:
    """An output whose manifest cannot be read is made anew, and the builds after it are right."""
    with trusting() if patient else nullcontext():
        assert then(world, ("briefs", "dd", {**DD, "slug": ""}))
        (world.output / ".slugline.json").write_bytes(b"{")
        assert outcome_of(world.root, world).result
        assert tree(world.output) == clean(world, 1)[1]
        world.touched = True
        assert then(world)
        for title in ("Google five", "Google six"):
            assert then(world, ("briefs", "dd", {**DD, "title": title, "slug": ""}))
        assert then(world, ("gone", "briefs/dd"))


def test_output_is_emptied(world: World) -> None:
    for path in world.output.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    world.touched = True
    assert then(world)
    assert then(world, ("briefs", "dd", {**DD, "slug": ""}))


def test_the_two_trees_are_swapped(world: World) -> None:
    """Who puts the spare tree in the place of the output goes back to what it was one build
    before: the next build brings it up to date."""
    for title in ("Google four", "Google five"):
        assert then(world, ("briefs", "dd", {**DD, "title": title, "slug": ""}))
    spare, aside = world.root / ".output.spare", world.base / "aside"
    spare.rename(aside)
    world.output.rename(spare)
    aside.rename(world.output)
    world.touched = True
    with trusting():
        assert then(world)
        for title in ("Google six", "Google seven"):
            assert then(world, ("briefs", "dd", {**DD, "title": title, "slug": ""}))


def test_removed_file_of_others_stays_away(world: World) -> None:
    """A foreign file that was removed does not come back from the second tree, though an older
    cache does not know that the tree has it."""

    def title(text: str) -> tuple[Any, ...]:
        return ("briefs", "dd", {**DD, "title": text, "slug": ""})

    for text in ("Google four", "Google five", "Google four"):
        assert then(world, title(text))
    assert then(world, ("cache", "save"), ("foreign", "CNAME", "a"), title("Google five"))
    assert then(world, title("Google four"))
    assert then(world, ("foreign", "CNAME", ""), ("cache", "back"), title("Google six"))


def test_file_of_others_becomes_ours(world: World) -> None:
    """Who put a page where a page comes, with the same bytes, has no file of theirs there."""
    assert then(world, ("briefs", "dd", {**DD, "slug": ""}))
    page = world.output / "briefs/dd/index.html"
    data = page.read_bytes()
    assert then(world, ("gone", "briefs/dd"))
    page.parent.mkdir()
    page.write_bytes(data)
    world.touched = True
    assert then(world, ("briefs", "dd", {**DD, "slug": ""}))
    for slot in ("ee", "ff"):
        assert then(world, ("briefs", slot, {**DD, "slug": ""}))
    assert then(world, ("gone", "briefs/dd"))


def test_template_fails_on_some_pages(world: World) -> None:
    """A template that some pages can be rendered by: the mistake is found when one comes that
    cannot, and says the same as in a clean build."""
    first = "{{ latest[0].title }}"
    text = f"{{{{ name }}}}{{% if latest %}}{first}{{% else %}}{first}{{% endif %}}"
    pair = [("briefs", s, {**DD, "slug": "", "companies": "[Scale AI]"}) for s in ("ee", "ff")]
    company = "content/companies/scale-ai.md"
    listed = (world.root / company).read_bytes().replace(b"---\n", b"---\nlisted: true\n", 1)
    world.write(company, listed)  # it has a page without a brief
    assert then(world, *pair)
    assert then(world, ("gone", "briefs/ee"))
    world.write("templates/company.html", text.encode())
    assert then(world)
    assert not then(world, ("gone", "briefs/ff"))
    assert then(world, pair[0])
