"""Previews of changes: closed to search engines, never in place of the site, never announced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.deploy.notify import notify
from builder.deploy.release import decode_release
from builder.engine.build import build
from support.deploys import run
from support.sites import brief, build_site, options, tree, write_site

NOBODY = "http://127.0.0.1:9/indexnow"  # no program listens there
TARGETS = """\
deploy:
  live: {kind: folder, to: ../www/news, hub: "https://hub.example", index_now: key123456}
  preview:
    kind: folder
    to: "../previews/{name}"
    url: "https://{name}.preview.example"
    preview: true
    hub: "https://hub.example"
    index_now: key123456
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    text = brief("one", "Scale AI one") + brief("soon", "Scale AI soon", status="draft")
    write_site(tmp_path / "site", text)
    with (tmp_path / "site" / "site.yaml").open("a") as file:
        file.write(f"hosting: netlify\n{TARGETS}")
    return tmp_path / "site"


def deployed(site: Path, target: str, *more: object, code: int = 0) -> str:
    return run(site, "deploy", target, "--yes", "--no-check", *more, code=code).output


def test_a_preview_is_the_site_with_a_banner_and_closed_to_search_engines(site: Path) -> None:
    build_site(site)
    public = tree(site / "output")
    build(site, site / "output", options()._replace(preview=True))
    shown = tree(site / "output")
    assert {*shown} == {*public}
    different = {path for path in shown if shown[path] != public[path]} - {".slugline.json"}
    pages = {path for path in public if path.endswith(".html") and b"masthead" in public[path]}
    assert different == {"robots.txt", "_headers", *pages}
    for path in pages:
        page = shown[path].decode()
        assert page.count('<meta name="robots" content="noindex">') == 1, path
        assert '<p class="preview"><strong>Preview</strong>' in page, path
    # Ids and canonical addresses are those of the site.
    canonical = b'<link rel="canonical" href="https://test.example/briefs/one/">'
    assert canonical in shown["briefs/one/index.html"]
    assert shown["feed.xml"] == public["feed.xml"]
    assert shown["robots.txt"] == b"User-agent: *\nDisallow: /\n"
    assert b"X-Robots-Tag: noindex" in shown["_headers"]
    assert b"X-Robots-Tag" not in public["_headers"]
    # And the way back leaves nothing of it.
    build_site(site)
    assert tree(site / "output") == public


def test_each_change_has_a_place_of_its_own(site: Path) -> None:
    run(site, "build", "--preview", "--drafts")
    text = deployed(site, "preview/42")
    assert "preview-42 now has release" in text
    deployed(site, "preview/a-branch")
    places = site.parent / "previews"
    assert (places / "42" / "briefs" / "soon" / "index.html").is_file()
    assert (places / "a-branch" / "robots.txt").read_text().endswith("Disallow: /\n")
    assert not (places / "42" / "key123456.txt").exists(), "no search engine learns of it"
    (record,) = (site / ".slugline" / "releases" / "preview-42").glob("*.json")
    release = decode_release(record.read_bytes())
    assert release is not None
    assert release.preview
    assert "1 briefs" not in run(site, "releases", "preview/42").output


@pytest.mark.parametrize(
    "target, says",
    [
        ("preview", "name the change too, as in `preview/42`"),
        ("preview/", "cannot name a change"),
        ("preview/../x", "cannot name a change"),
        ("preview/A_b", "cannot name a change"),
        ("preview/-a", "cannot name a change"),
        (f"preview/{'a' * 41}", "cannot name a change"),
        ("live/42", "site.yaml has no previews `live/…`"),
        ("none/42", "site.yaml has no previews `none/…`"),
    ],
)
def test_other_names_are_refused(site: Path, target: str, says: str) -> None:
    assert says in run(site, "deploy", target, code=2).output


def test_a_preview_and_the_site_never_take_each_others_place(site: Path) -> None:
    run(site, "build", "--preview")
    refused = deployed(site, "live", code=3)
    assert "preview: output/ was built with --preview" in refused
    assert "run `slugline --site" in refused
    assert not (site.parent / "www").exists()
    deployed(site, "preview/42")
    run(site, "build")
    refused = deployed(site, "preview/42", code=3)
    assert "preview: output/ was built for readers" in refused
    assert "build --preview" in refused
    assert "; the target has a preview, not the site itself" in refused
    deployed(site, "live")
    # Somebody gives the preview the folder of the site, on another machine.
    settings = site / "site.yaml"
    settings.write_text(settings.read_text().replace("../previews/{name}", "../www/{name}"))
    run(site, "build", "--preview")
    refused = deployed(site, "preview/news", code=3)
    assert "preview: the target has the site itself, not a preview" in refused


def test_a_preview_may_come_from_another_machine(site: Path) -> None:
    """A workflow with secrets sends what one without them has built."""
    folder = site.parent / "artifact"
    run(site, "build", "--preview", "--drafts", "--output", folder)
    for record in (site / ".slugline").glob("built-*"):
        record.unlink()
    assert "preview-7 now has" in deployed(site, "preview/7", "--output", folder)
    (folder / "index.html").write_text("modified")
    (folder / "evil.html").write_text("added")
    refused = deployed(site, "preview/7", "--output", folder, code=3)
    assert "not-as-built: files in output/ were modified" in refused
    assert "foreign: no build wrote these files" in refused


def test_nobody_is_told_of_a_preview(site: Path) -> None:
    from builder.content.config import read_config
    from builder.deploy.release import Release

    targets = read_config(site).settings.deploy
    release = Release(id="20250701-120000-abcdef", at="", site="https://test.example", files={})

    def told(name: str) -> Iterator[str]:
        settings = next(one for slug, one in targets.items() if slug == name)
        for recipient, _ in notify(["index.html"], release, settings, "http://127.0.0.1:1", NOBODY):
            yield recipient

    assert [*told("preview")] == []
    assert [*told("live")] == [NOBODY]
