"""What programs get: briefs as Markdown, llms.txt, and what robots.txt allows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from builder.pages.parts.markdown_text import as_markdown
from support.pages import words
from support.sites import brief, build_site, edit, read, tree, urls, write_site

SETTINGS = """\
=== site.yaml
title: Test
description: A site.
base_url: https://test.example/news
language: en-GB
copyright: Text under CC0.
author: desk
authors: [{slug: desk, name: The desk, kind: organization}]
markdown: true
"""
SITE = SETTINGS + brief(
    "one", "Scale AI's \"one\"", "First [[Meta]] and {{figure:worth}}.[^1]\n\n[^1]: A note.",
    companies="[Scale AI, Meta]", why="It matters.", yes_but="[A point.]",
    figures="[{id: worth, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05,"
    " source: reuters}]",
    claims="[{text: A claim, status: reported, source: reuters}]",
    corrections="[{at: 2025-06-16, kind: factual, was: no, now: 'yes'}]",
) + brief("draft", status="draft")  # fmt: skip


def test_robots_say_nothing_by_default(tmp_path: Path) -> None:
    site = write_site(tmp_path, brief("one"))
    build_site(site)
    text = read(site, "robots.txt")
    assert text == "User-agent: *\nAllow: /\n\nSitemap: https://test.example/sitemap.xml\n"
    assert "tdm-reservation" not in read(site, "index.html")
    assert not {"llms.txt", "briefs/one/index.md", "record/index.html"} & {*tree(site / "output")}


def test_robots_say_what_ai_may_do(tmp_path: Path) -> None:
    """The signals stand in the group of all robots, with a comment that explains them."""
    site = write_site(tmp_path, brief("one"))
    with (site / "site.yaml").open("a") as file:
        file.write("ai_use: {search: yes, train: no, mining: reserved}\n")
    build_site(site)
    lines = read(site, "robots.txt").splitlines()
    assert lines[0].startswith("# What programs may do")
    assert [line for line in lines if line and not line.startswith("#")] == [
        "User-agent: *", "Content-Signal: search=yes, ai-train=no", "Allow: /",
        "Sitemap: https://test.example/sitemap.xml",
    ]  # fmt: skip
    assert '<meta name="tdm-reservation" content="1">' in read(site, "briefs/one/index.html")
    build_site(site, preview=True)
    assert read(site, "robots.txt") == "User-agent: *\nDisallow: /\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = write_site(tmp_path_factory.mktemp("site"), SITE)
    build_site(site)
    return site


def test_a_brief_as_markdown(built: Path) -> None:
    text = read(built, "briefs/one/index.md")
    front, body = text.removeprefix("---\n").split("---\n", 1)
    found = yaml.safe_load(front)
    assert found["title"] == "Scale AI’s “one”"
    assert found["url"] == "https://test.example/news/briefs/one/"
    assert (found["status"], found["language"]) == ("corrected", "en-GB")
    assert found["companies"][0] == {
        "name": "Scale AI", "url": "https://test.example/news/companies/scale-ai/",
    }  # fmt: skip
    assert [source["publisher"] for source in found["sources"]] == ["Reuters"]
    assert found["figures"] == [{
        "company": "Scale AI", "metric": "valuation", "value": "$14\xa0billion",
        "time": "May\xa02025", "basis": "reported", "source": "Reuters",
    }]  # fmt: skip
    assert found["claims"] == [{"text": "A claim", "status": "reported", "source": "Reuters"}]
    assert (found["corrections"][0]["was"], found["corrections"][0]["now"]) == ("no", "yes")
    assert found["copyright"] == "Text under CC0."
    meta = "[Meta](https://test.example/news/companies/meta/)"
    assert body.startswith(
        f"\n# Scale AI’s “one”\n\nIt hires.\n\n**Why it matters:** It matters.\n\nFirst {meta} and "
    )
    assert body.endswith("\n\n[^1]: A note.\n\n## Yes, but\n\n- A point.\n")
    assert "\0" not in text
    page = read(built, "briefs/one/index.html")
    assert '<link rel="alternate" type="text/markdown" href="../../briefs/one/index.md">' in page
    assert not (built / "output/briefs/draft").exists()


def test_an_edit_of_a_text_changes_its_own_markdown_alone(built: Path) -> None:
    edit(built / "content/briefs/one.md", "First", "Then")
    found = {url for url in urls(build_site(built)) if not url.endswith("feed.xml")}
    assert found == {"/briefs/one/", "/briefs/one/index.md"}
    edit(built / "content/briefs/one.md", "Then", "First")
    build_site(built)


def test_llms_txt(built: Path) -> None:
    """A heading, a quotation, and lists of links (llmstxt.org)."""
    lines = read(built, "llms.txt").splitlines()
    assert lines[0] == "# Test"
    assert lines[2] == "> A site."
    sections = [line for line in lines if line.startswith("## ")]
    assert sections == ["## Indexes", "## Companies", "## Digests", "## Data", "## Optional"]
    links = [line for line in lines if line.startswith("- ")]
    assert links
    for line in links:
        match = re.fullmatch(r"- \[[^\]]+\]\(https://test\.example/news(/[^)]*)\)(: .+)?", line)
        assert match, line
        path = match[1].lstrip("/")
        path += "index.html" if not path or path.endswith("/") else ""
        assert (built / "output" / path).exists(), line


# --- Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One <em>two</em> <strong>three</strong> <code>a`b</code></p>",
         "One *two* **three** ``a`b``"),
        ("<p>1. Not a list, *not* emphasis, a_b, _c_ and [no] link</p>",
         r"1\. Not a list, \*not\* emphasis, a_b, \_c\_ and \[no\] link"),
        ("<p># no heading</p>", r"\# no heading"),
        ("<p>AT&amp;T &amp;copy; &lt;b&gt;</p>", r"AT&T \&copy; \<b>"),
        ('<h2 id="a">Title</h2>\n<p>Text.</p>', "## Title\n\nText."),
        ('<p><a href="/x/">x</a> <a href="#a">a</a></p>',
         "[x](https://s.example/x/) [a](https://s.example/p/#a)"),
        ('<p><picture><source srcset="/a.webp"><img src="/a.png" alt="A [b]"></picture></p>',
         r"![A \[b\]](https://s.example/a.png)"),
        ("<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n</ol>\n</li>\n</ul>", "- a\n- b\n  1. c"),
        ("<ol start=\"3\">\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ol>",
         "3. a\n\n   b\n\n4. c"),
        ("<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>", "> a\n>\n> b"),
        ('<pre><code class="language-py">x = "```"\n</code></pre>', '````py\nx = "```"\n````'),
        ('<div class="table"><table><thead><tr><th style="text-align:right">a|b</th></tr></thead>'
         "<tbody><tr><td><code>1|2</code></td></tr></tbody></table></div>",
         "| a\\|b |\n| --: |\n| `1\\|2` |"),
        ("<p>a<br>\nb</p>\n<hr>\n<p>c</p>", "a\\\nb\n\n---\n\nc"),
        ("<p>H<sub>2</sub>O and <del>no</del></p>", "H<sub>2</sub>O and ~~no~~"),
    ],
)  # fmt: skip
def test_html_as_markdown(html: str, markdown: str) -> None:
    """What Markdown makes of the result is what the page shows."""

    def absolute(address: str) -> str:
        return f"https://s.example{'/p/' if address.startswith('#') else ''}{address}"

    assert as_markdown(html, absolute).rstrip("\n") == markdown
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    assert words(reader.render(markdown)) == words(html)
