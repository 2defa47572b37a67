"""Generated files that Git tracks come with every clone: they are errors everywhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from builder.diagnostics.diagnostic import ContentError
from builder.engine.tracked import check_tracked
from support.sites import brief, build_site, problems, write_site


def track(site: Path, *paths: str) -> None:
    """Let Git track files, which exist if they do not yet."""
    subprocess.run(["git", "init", "-q", "."], cwd=site, check=True)
    for path in paths:
        if not (site / path).is_symlink():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).touch()
    subprocess.run(["git", "add", "--force", "--", *paths], cwd=site, check=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site", brief("one", "Scale AI one"))


@pytest.mark.parametrize(
    "path", [".slugline/small", "output/a b.html", ".output.spare/x/a.html", ".output.lock"]
)
def test_generated_files_that_git_tracks(site: Path, path: str) -> None:
    """`check` reports them with the other problems; a build writes nothing."""
    write_site(site, brief("two", "Scale AI two").replace("date:", "dat:"))
    track(site, path)
    found = problems(site)
    assert [(d.path, d.severity) for d in found if d.code == "tracked-output"] == [(path, "error")]
    assert {d.path for d in found} == {path, "content/briefs/two.md"}
    with pytest.raises(ContentError) as raised:
        build_site(site)
    assert {d.code for d in raised.value.diagnostics} == {"tracked-output"}
    assert not (site / "output/index.html").exists()


def test_an_output_of_another_name(site: Path) -> None:
    track(site, "public/site/index.html", "public/other/index.html")
    (found,) = check_tracked(site, site / "public/site")
    assert found.path == "public/site/index.html"
    assert "git rm -r --cached public/site" in found.hint
    assert not check_tracked(site, site.parent / "elsewhere")
    assert not check_tracked(site, site / "output")


def test_a_site_below_the_root_of_its_repository(site: Path, tmp_path: Path) -> None:
    track(tmp_path, "site/output/index.html", "output/index.html")
    (found,) = check_tracked(site, site / "output")
    assert found.path == "output/index.html"


def test_what_is_not_tracked_is_nobody_s_business(site: Path) -> None:
    """A link that an editor made is theirs; one that Git tracks came with the site."""
    elsewhere = site.parent / "elsewhere"
    (site / "content").rename(elsewhere)
    (site / "content").symlink_to("../elsewhere")
    track(site, "site.yaml")
    build_site(site)
    track(site, "content")
    (found,) = problems(site)
    assert (found.path, found.code) == ("content", "symlink")
    with pytest.raises(ContentError):
        build_site(site)
    elsewhere.rename(site / "texts")
    (site / "content").unlink()
    (site / "content").symlink_to("texts")
    assert not problems(site)
