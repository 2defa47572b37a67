"""What a preview keeps does not grow with its builds, however long an editor never pauses."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path

import jinja2
import pytest

from builder.engine.pipeline import Pipeline
from builder.render import renderer, templates
from builder.render.environment import make_environment
from builder.render.outline import outline_template
from builder.serve.messages import BuildFailed, BuildSucceeded
from builder.serve.rebuild import Rebuilder, preview_store
from builder.site.site import Site
from support.sites import brief, edit, options, small_site

TEMPLATE = "templates/topic.html"
BRIEF = "content/briefs/one.md"


@contextmanager
def preview(site: Path) -> Iterator[tuple[Rebuilder, list[BuildSucceeded | BuildFailed]]]:
    """A preview without its server, which collects no garbage but its own, as the command."""
    told: list[BuildSucceeded | BuildFailed] = []
    ours, theirs = Pipe()
    gc.collect()
    gc.disable()
    try:
        with preview_store(site) as store:

            def report(outcome: object) -> None:
                assert isinstance(outcome, (BuildSucceeded, BuildFailed))
                told.append(outcome)
                while theirs.poll(0):
                    theirs.recv()

            loop = Rebuilder(site, options(jobs=1), store, ours, report, None)
            loop.build(None)
            yield loop, told
    finally:
        gc.enable()
        ours.close()
        theirs.close()


def count(kind: type) -> int:
    """How many objects of a kind are alive, even those that only garbage refers to."""
    return sum(isinstance(found, kind) for found in gc.get_objects())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return small_site(tmp_path / "site", brief("one", topics="[data]"))


@pytest.mark.parametrize("wrong", [False, True])
def test_one_version_of_each_template_is_kept(
    site: Path, wrong: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of one that is now and then wrong. Former versions wait for the garbage collector."""
    monkeypatch.setattr(renderer, "make_environment", make_environment)  # that keeps none
    monkeypatch.setattr(templates, "outline_template", outline_template)
    with preview(site) as (loop, told):
        loop.store.flush()
        kept, alive = len(loop.store.load("small").parts), count(jinja2.Environment)
        assert kept and alive
        for number in range(40):
            mistake = "{{ nothing }}" if wrong and number % 2 else ""
            (site / TEMPLATE).write_text(f"version {number}{mistake}", "utf-8")
            loop.build({TEMPLATE})
            assert isinstance(told[-1], BuildFailed if mistake else BuildSucceeded)
            if number % 8 == 7:  # a look at all objects of a long suite takes a second
                gc.collect()
                assert count(jinja2.Environment) <= alive + 2
        loop.store.flush()
        assert len(loop.store.load("small").parts) == kept


def change_text(site: Path, number: int) -> str:
    with (site / BRIEF).open("a", encoding="utf-8") as file:
        file.write(f"\nMore, {number}.\n")
    return BRIEF


def change_title(site: Path, number: int) -> str:
    edit(site / BRIEF, "title: Scale AI hires", "title: Scale AI hires more")
    return BRIEF


def change_settings(site: Path, number: int) -> str:
    edit(site / "site.yaml", "title: Test", "title: Test of")
    return "site.yaml"


def add(site: Path, number: int) -> str:
    path, _, text = brief(f"new-{number}").removeprefix("=== ").partition("\n")
    (site / path).write_text(text, "utf-8")
    return path


def break_and_mend(site: Path, number: int) -> str:
    old, new = ("title:", "titel:") if number % 2 == 0 else ("titel:", "title:")
    edit(site / BRIEF, old, new)
    return BRIEF


@pytest.mark.parametrize("change", [change_text, change_title, change_settings, add,
                                    break_and_mend])  # fmt: skip
def test_a_build_is_freed_by_the_next(site: Path, change: Callable[[Path, int], str]) -> None:
    """No cycle of references keeps it, and the site that it linked, until garbage is collected."""
    with preview(site) as (loop, _):
        for number in range(4):
            loop.build({change(site, number)})
            assert count(Pipeline) == 1
            assert count(Site) <= 2  # that of the last build, and in memory after a failed one
