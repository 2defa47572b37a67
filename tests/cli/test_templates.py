"""A site's own templates: `slugline templates`, and what an upgrade of Slugline does to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from builder.cli import app as cli
from builder.content.template_files import package_templates
from builder.editing.three_way import merge_texts
from support.sites import brief, build_site, problems, read, tree, write_site


def templates(site: Path, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.main, ["--site", str(site), "templates", *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    assert "bug in Slugline" not in result.output
    return result


def packaged(name: str) -> str:
    return (package_templates() / name).read_text("utf-8")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def copied_from_older(site: Path, name: str, lacking: str) -> Path:
    """A copy of a template, made when Slugline's had not yet some line."""
    templates(site, "copy", name)
    for path in (site / "templates" / name, site / "templates/.originals" / name):
        edit(path, lacking, "")
    return site / "templates" / name


# --- copies and upgrades -----------------------------------------------------------------------


def test_a_copy_and_a_newer_slugline(tmp_path: Path) -> None:
    """Both the site's change and Slugline's are on the page after an upgrade."""
    site = write_site(tmp_path)
    missing = '<meta name="color-scheme" content="light dark">\n'
    own = copied_from_older(site, "base.html", missing)
    edit(own, 'class="skip"', 'class="skip mine"')
    (found,) = problems(site)
    assert (found.code, found.path) == ("outdated-template", "templates/base.html")
    assert found.hint == "run `slugline templates merge base.html`"
    assert "base.html  outdated copy" in templates(site).output
    shown = templates(site, "diff", "base.html").output
    assert '+<a class="skip mine"' in shown and f"+{missing}" in shown

    assert templates(site, "merge").output == "Merged base.html\n"
    assert not problems(site)
    assert own.read_text("utf-8") == packaged("base.html").replace("skip", "skip mine", 1)
    build_site(site)
    page = read(site, "index.html")
    assert 'class="skip mine"' in page and missing in page
    assert templates(site, "merge").output == "No copy is outdated.\n"
    assert templates(site, "merge", "base.html").output == "base.html is up to date\n"
    assert "base.html  changed copy" in templates(site).output


def test_both_changed_the_same_line(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    own = copied_from_older(site, "404.html", "{% block content %}\n")
    text = own.read_text("utf-8")
    line = text.splitlines()[-1]
    own.write_text(f"<p>Mine</p>\n{text}", "utf-8")
    original = site / "templates/.originals/404.html"
    original.write_text(f"<p>Theirs</p>\n{original.read_text('utf-8')}", "utf-8")
    result = templates(site, "merge", "404.html", code=1)
    assert "Merged 404.html with one conflict" in result.output
    assert own.read_text("utf-8").startswith("<<<<<<< templates/404.html\n<p>Mine</p>\n")
    assert line in own.read_text("utf-8")
    assert {p.code for p in problems(site)} == {"conflict-markers"}


def test_a_copy_of_unknown_origin(tmp_path: Path) -> None:
    """A site that has copied all templates by hand is told what to do, and nothing is lost."""
    site = write_site(tmp_path, "=== templates/404.html\n<p>Mine</p>\n=== templates/own.html\n")
    (site / "templates/page.html").write_text(packaged("page.html"), "utf-8")
    shown = templates(site).output
    assert "404.html  changed copy" in shown
    assert "own.html  the site's own" in shown
    assert "page.html  same as Slugline's own; can be deleted" in shown
    before = tree(site)
    message = templates(site, "merge", "404.html", code=2).output
    assert "slugline templates merge --done 404.html" in message
    assert tree(site) == before and not problems(site)
    templates(site, "merge", "--done", "404.html")
    assert (site / "templates/.originals/404.html").read_text("utf-8") == packaged("404.html")
    assert (site / "templates/404.html").read_text("utf-8") == "<p>Mine</p>\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("copy", "bse.html"), "did you mean base.html?"),
        (("copy", "../site.yaml"), "Slugline has no template"),
        (("copy", "404.html"), "templates/404.html already exists"),
        (("diff", "base.html"), "it uses Slugline's own"),
        (("merge", "base.html"), "it uses Slugline's own"),
        (("merge", "--done"), "--done needs a NAME"),
    ],
)
def test_what_cannot_be_done(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    site = write_site(tmp_path, "=== templates/404.html\nMine\n")
    before = tree(site)
    assert message in templates(site, *arguments, code=2).output.replace("\n", " ")
    assert tree(site) == before


def test_an_asset_can_be_copied_too(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    assert templates(site, "copy", "assets/style.css").output.startswith("Wrote templates/assets/")
    edit(site / "templates/assets/style.css", "--measure: 40rem;", "--measure: 30rem;")
    build_site(site)
    (style,) = (site / "output/assets").glob("style.*.css")
    assert "--measure: 30rem;" in style.read_text("utf-8")
    assert not [path for path in tree(site / "output") if "original" in path]
    assert "assets/style.css" in templates(site, "--all").output


def test_additions_without_a_copy(tmp_path: Path) -> None:
    """A template that extends Slugline's own fills its blocks, on every page."""
    site = write_site(
        tmp_path,
        """\
=== templates/base.html
{% extends "slugline/base.html" %}
{% block head %}<meta name="added" content="{{ head.lang }}">{% endblock %}
{% block foot %}<p><img src="/assets/mark.svg" alt="Mark" width="9" height="9"></p>{% endblock %}
=== templates/brief.html
{% extends "slugline/brief.html" %}
{% block after_text %}<p class="tip">Send us a tip.</p>{% endblock %}
=== templates/assets/mark.svg
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>
"""
        + brief("a", "Google hires", companies="[Google]"),
    )
    build_site(site)
    story, front = read(site, "briefs/a/index.html"), read(site, "index.html")
    for page in (story, front):
        assert '<meta name="added" content="en-GB">' in page
        assert "assets/mark." in page
    assert 'class="tip"' in story and 'class="tip"' not in front
    assert not problems(site)
    assert "base.html  extends Slugline's own" in templates(site).output


# --- the merge ---------------------------------------------------------------------------------

LINES = st.lists(st.sampled_from("abcd"), max_size=8).map(lambda ls: "".join(f"{x}\n" for x in ls))


@given(LINES, LINES)
def test_a_change_of_one_side_is_the_result(base: str, changed: str) -> None:
    assert merge_texts(base, changed, base, ("a", "b")) == (changed, 0)
    assert merge_texts(base, base, changed, ("a", "b")) == (changed, 0)
    assert merge_texts(base, changed, changed, ("a", "b")) == (changed, 0)


@given(LINES, LINES, LINES)
def test_no_line_of_a_side_is_lost(base: str, ours: str, theirs: str) -> None:
    """What a side added is in the result, whether merged or between markers."""
    merged, _ = merge_texts(base, ours, theirs, ("a", "b"))
    for side in (ours, theirs):
        for letter in "abcd":
            added = side.count(letter) - base.count(letter)
            assert merged.count(f"{letter}\n") >= added


def test_distant_changes_are_both_made() -> None:
    base = "1\n2\n3\n4\n5\n"
    merged = merge_texts(base, "one\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive", ("a", "b"))
    assert merged == ("one\n2\n3\n4\nfive", 0)
    merged = merge_texts(base, "1\n2\nmine", "1\n2\ntheirs", ("mine.html", "slugline"))
    assert merged.text == ("1\n2\n<<<<<<< mine.html\nmine\n=======\ntheirs\n>>>>>>> slugline\n")
