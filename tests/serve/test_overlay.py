"""The overlay: the errors of the page one looks at come first."""

from __future__ import annotations

import re
from multiprocessing import Pipe
from pathlib import Path

import pytest

from builder.diagnostics.diagnostic import Decision, Diagnostic
from builder.serve.messages import BuildFailed, BuildSucceeded, PreviewOptions
from builder.serve.overlay import overlay
from builder.serve.rebuild import Rebuilder, preview_folder, preview_store
from builder.serve.state import Preview
from support.sites import brief, edit, options, small_site

SOURCES = {
    "briefs/a/index.html": "content/briefs/a.md",
    "briefs/z/index.html": "content/briefs/z.md",
}


def mistake(path: str, message: str, decided: Decision = "") -> Diagnostic:
    return Diagnostic(
        f"content/briefs/{path}.md", 2, 1, "unknown-company", message, decided=decided
    )


@pytest.fixture
def preview(tmp_path: Path) -> Preview:
    serving = PreviewOptions(tmp_path, tmp_path / "out", "localhost", 0, True, False, "edit:{path}")
    (tmp_path / "out").mkdir()
    return Preview(serving, lambda _: None)


def built(*problems: Diagnostic) -> BuildSucceeded:
    held = tuple(problem for problem in problems if problem.held)
    return BuildSucceeded(1, 0.1, 1, 1, (), {}, {}, len(problems), held, "", SOURCES)


def shown(preview: Preview, path: str) -> str:
    return overlay(preview.serving, preview.problems_at(path.encode()), True)


def order(text: str) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>|</span> (on \w)", text)


def test_the_errors_of_the_page_come_first(preview: Preview) -> None:
    preview.receive(built())
    assert shown(preview, "/briefs/a/") == ""
    preview.receive(BuildFailed(2, 0.1, (mistake("a", "on a"), mistake("z", "on z")), "", SOURCES))
    found = {path: order(shown(preview, path)) for path in ("/briefs/a/", "/briefs/z/", "/")}
    this, other = ("On this page", ""), ("In other files", "")
    assert found["/briefs/a/"] == [this, ("", "on a"), other, ("", "on z")]
    assert found["/briefs/z/"] == [this, ("", "on z"), other, ("", "on a")]
    assert found["/"] == [("", "on a"), ("", "on z")]
    text = shown(preview, "/briefs/a/")
    assert "The build failed, and all pages stay as they were." in text
    assert '<details class="overlay" open>' in text


def test_what_stops_the_build_comes_before_drafts(preview: Preview) -> None:
    preview.receive(built())
    found = (mistake("a", "on a", "held"), mistake("z", "on z"))
    preview.receive(BuildFailed(2, 0.1, found, "", SOURCES))
    assert order(shown(preview, "/")) == [("", "on z"), ("", "on a")]


def test_an_unpublished_page_opens_only_its_own_errors(preview: Preview) -> None:
    preview.receive(built(mistake("a", "on a", "held"), mistake("b", "a warning", "warning")))
    text = shown(preview, "/briefs/a/")
    assert '<details class="overlay" open>' in text
    assert "1 error in 1 file" in text
    assert "they stop no build until they are published" in text
    assert "a warning" not in text
    assert '<details class="overlay quiet">' in shown(preview, "/")


def test_many_errors_of_one_kind_are_counted(preview: Preview) -> None:
    many = [mistake(f"b{n:02}", "many") for n in range(30)]
    preview.receive(built())
    preview.receive(BuildFailed(2, 0.1, (*many, mistake("a", "on a")), "", SOURCES))
    text = shown(preview, "/briefs/a/")
    assert text.count("</span> many ") == 10
    assert text.count("</span> on a ") == 1
    assert "… and 20 more error[unknown-company] in 20 files" in text


def test_a_draft_with_errors_is_shown(tmp_path: Path) -> None:
    """Every build tells the source of each page with errors."""
    site = small_site(tmp_path, brief("out") + brief("plan", companies="[Nobody]", status="draft"))
    with preview_store(site) as store:
        ours, theirs = Pipe()
        loop = Rebuilder(site, options(drafts=True), store, ours, lambda _: None, None)
        loop.build(None)
        edit(site / "content/briefs/out.md", "companies: [Scale AI]", "companies: [Nobody else]")
        loop.build(None)
        found = []
        while theirs.poll(0):
            if isinstance(message := theirs.recv(), (BuildSucceeded, BuildFailed)):
                found.append(message)
    assert (preview_folder(site) / "briefs/plan/index.html").is_file()
    good, bad = found
    assert isinstance(good, BuildSucceeded)
    assert good.sources == {"briefs/plan/index.html": "content/briefs/plan.md"}
    assert isinstance(bad, BuildFailed)
    assert bad.sources["briefs/out/index.html"] == "content/briefs/out.md"
