"""What had no readers on the old site is a draft, or left out, after an import."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.imports import import_into, new_site, write_files

DATE = "date: 2020-01-02\n"


def text(fields: str = "") -> str:
    return f"---\ntitle: A title\n{DATE}{fields}\n---\nWords.\n"


SITES: dict[str, dict[str, str]] = {
    "hugo": {
        "hugo.toml": 'baseURL = "https://old.example/"\n'
        '[[cascade]]\ndraft = true\n[cascade.target]\npath = "/posts/by-target*"\n',
        "content/posts/shown.md": text(),
        "content/posts/by-target-1.md": text(),
        "content/posts/by-published.md": text("published: false"),
        "content/posts/expired-before.md": text("expiryDate: 2019-01-01"),
        "content/closed/_index.md": "---\ncascade: {draft: true}\n---\n",
        "content/closed/deep/by-section.md": text(),
        "content/closed/open/shown-again.md": text("draft: false"),
        "content/unbuilt/_index.md": "---\ncascade: [{build: {render: never}}]\n---\n",
        "content/unbuilt/left-out.md": text(),
        "content/kinds/_index.md": "---\ncascade: {draft: true, target: {kind: section}}\n---\n",
        "content/kinds/shown-page.md": text(),
    },
    "zola": {
        "config.toml": 'base_url = "https://old.example"\n',
        "content/blog/shown.md": text(),
        "content/closed/_index.md": "+++\ndraft = true\n+++\n",
        "content/closed/deep/by-section.md": text(),
    },
    "astro": {
        "astro.config.mjs": 'export default {site: "https://old.example"}\n',
        "src/content/blog/shown.md": text("published: true\nstatus: final"),
        "src/content/blog/is-draft.md": text("isDraft: true"),
        "src/content/blog/published.md": text("published: false"),
        "src/content/blog/status.md": text("status: Draft"),
    },
    "eleventy": {
        "eleventy.config.js": 'module.exports = {url: "https://old.example"}\n',
        "posts/shown.md": text(),
        "posts/by-file.md": text(),
        "posts/by-file.11tydata.json": '{"draft": true}',
        "closed/closed.json": '{"draft": true}',
        "closed/by-folder.md": text(),
    },
    "pelican": {
        "pelicanconf.py": 'SITEURL = "https://old.example"\n'
        'DEFAULT_METADATA = {"status": "draft"}\n',
        "content/shown.md": "Title: A\nDate: 2020-01-02\nSlug: shown\nStatus: published\n\nA.\n",
        "content/by-default.md": "Title: B\nDate: 2020-01-02\nSlug: by-default\n\nWords.\n",
    },
}


@pytest.mark.parametrize("kind", SITES)
def test_what_a_site_hid_stays_hidden(kind: str, tmp_path: Path) -> None:
    archive = write_files(tmp_path / "old", SITES[kind])
    site = new_site(tmp_path / "new", "https://old.example")
    import_into(site, kind, archive)
    briefs = {file.stem: file.read_text("utf-8") for file in site.glob("content/briefs/*.md")}
    public = {name for name, brief in briefs.items() if "status: draft" not in brief}
    assert public == {name for name in briefs if name.startswith("shown")} != set()
    written = {Path(n).stem for n, t in SITES[kind].items() if n.endswith(".md")} - {"_index"}
    assert set(briefs) == written - {"left-out"}


ITEM = """<item><title>{0}</title><link>https://old.example/{0}/</link>
<wp:post_id>{1}</wp:post_id><wp:post_date>2020-01-02 00:00:00</wp:post_date>
<wp:post_date_gmt>2020-01-02 00:00:00</wp:post_date_gmt><wp:post_name>{0}</wp:post_name>
<wp:status>{0}</wp:status><wp:post_type>post</wp:post_type></item>"""


def test_a_status_of_a_plugin_is_a_draft(tmp_path: Path) -> None:
    """Newsrooms have statuses such as `pitch` (Edit Flow, PublishPress); none is public."""
    items = "".join(ITEM.format(s, n) for n, s in enumerate(("publish", "pitch", "in-progress"), 1))
    export = (
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        "<title>Old</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>"
        f"<wp:base_site_url>https://old.example</wp:base_site_url>{items}</channel></rss>"
    )
    folder = write_files(tmp_path / "old", {"export.xml": export})
    found = import_into(new_site(tmp_path / "new"), "wordpress", folder / "export.xml")
    assert "status:" not in found.brief("publish")
    assert "status: draft" in found.brief("pitch")
    assert "status: draft" in found.brief("in-progress")
