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
from support.pages import words
from support.sites import brief, build_site, edit, options, small_site, write_site

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


def gaps(site: Path, page: str) -> str:
    """Return what a page of a preview says is missing in a draft."""
    html = (site / "output" / page).read_text("utf-8")
    return words(html[html.index('class="box gaps"') :].partition("</section>")[0])


def test_a_draft_whose_slug_is_taken_has_a_page_of_its_own(tmp_path: Path) -> None:
    """Each with the notice what to change; the published page keeps its own."""
    out = brief("out", title="Scale AI is out")
    held = "".join(
        brief(stem, title=f"Scale AI is in {stem}", **more).replace(
            "\ntitle:", "\nslug: out\ntitle:"
        )
        for stem, more in (
            ("one", {"status": "draft"}),
            ("two", {"status": "draft"}),
            ("later", {"date": "2031-01-01"}),
        )
    )
    write_site(tmp_path, out + held)
    result = build_site(tmp_path, drafts=True)
    assert not [d for d in result.problems if d.severity == "error"]
    assert "Scale AI is out" in words(
        (tmp_path / "output/briefs/out/index.html").read_text("utf-8")
    )
    found = []
    for slug in ("out-draft", "out-draft-2", "out-draft-3"):
        page = f"briefs/{slug}/index.html"
        html = (tmp_path / "output" / page).read_text("utf-8")
        found += [
            stem for stem in ("one", "two", "later") if f">Scale AI is in {stem}</h1>" in html
        ]
        assert f"https://test.example/briefs/{slug}/</p>" in html
        assert "slug “out” is taken by content/briefs/out.md" in gaps(tmp_path, page)
        assert "give this brief another “slug”" in gaps(tmp_path, page)
    assert sorted(found) == ["later", "one", "two"]
    build_site(tmp_path)
    assert not (tmp_path / "output/briefs/out-draft").exists()


@pytest.mark.parametrize("folder", ["companies", "people", "threads", "topics"])
def test_other_drafts_have_pages_of_their_own(folder: str, tmp_path: Path) -> None:
    key = "title" if folder == "threads" else "name"
    files = "".join(
        f"=== content/{folder}/{file}.md\n---\n{key}: {name}\nslug: one\n{more}---\nA profile.\n"
        for file, name, more in (("a", "Two", "status: draft\n"), ("b", "One", ""))
    )
    used = {"thread": "one"} if folder == "threads" else {folder: "[One]"}
    write_site(tmp_path, brief("out", **used) + files)
    build_site(tmp_path, drafts=True)
    pages = (tmp_path / "output" / folder / slug / "index.html" for slug in ("one", "one-draft"))
    found = [page.read_text("utf-8") for page in pages if page.exists()]
    assert ">One</h1>" in found[0]
    if folder != "threads":  # a thread has a page only with a brief
        assert ">Two</h1>" in found[1]


def test_a_draft_says_which_parts_could_not_be_read(tmp_path: Path) -> None:
    figures = (
        "[{of: Scale AI, metric: staff, value: 5 x, as_of: 2025},"
        " {of: Scale AI, metric: revenue, value: heaps, as_of: 2025}]"
    )
    text = brief("plan", status="draft", figures=figures, importance="high", colour="red")
    write_site(tmp_path, brief("out") + text)
    build_site(tmp_path, drafts=True)
    found = gaps(tmp_path, "briefs/plan/index.html")
    for part in ("figures the number is missing", "importance “high”", "“colour” is not a field"):
        assert part in found


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
