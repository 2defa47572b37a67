"""HTML in Markdown with `html: safe`: what is kept, and that nothing else can be."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.content.document import Document
from builder.content.markdown.engine import render_body
from builder.content.markdown.html_elements import ALLOWED, VOID
from builder.hosting.headers import content_policy
from builder.model.entity import CompanyNames
from support.sites import brief, build_site, read, write_site

GOOGLE = CompanyNames("/companies/google/", ("Google",))


def render(text: str) -> tuple[str, list[str]]:
    """The HTML of a body on a site that allows HTML, and the codes of what was wrong."""
    document = Document("content/briefs/a.md", {}, {}, text, 1, text.split("\n"))
    body, found = render_body(document, "en", (GOOGLE,), "", "safe", ["video.example"])
    return body.html, [d.code for d in found]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("H<sub>2</sub>O", "<p>H<sub>2</sub>O</p>"),
        ("<kbd>A</kbd> <abbr title='a &amp; \"b\"'>x</abbr>",
         '<p><kbd>A</kbd> <abbr title="a &amp; &quot;b&quot;">x</abbr></p>'),
        ("a<br/>b", "<p>a<br>b</p>"),
        ("<details>\n<summary>S</summary>\n\n**a**\n\n</details>",
         "<details>\n<summary>S</summary>\n<p><strong>a</strong></p>\n</details>"),
        ("<SPAN LANG=nl>een</SPAN>", '<p><span lang="nl">een</span></p>'),
        # What is text stays text; what Markdown makes stays as it is.
        ("a < b & `<b>` \\<b>", "<p>a &lt; b &amp; <code>&lt;b&gt;</code> &lt;b&gt;</p>"),
        ("## A <sup>b</sup>\n\nc[^1]\n\n[^1]: d", '<h2 id="a-b">A <sup>b</sup></h2>'),
        ("a[^1] <b>b</b>\n\n[^1]: d", '<li id="fn1" class="footnote-item">'),
        # Links are links: no link of a company inside one, and external ones are marked.
        ('<a href="https://e.example/">Google</a>',
         '<p><a href="https://e.example/" rel="external noopener">Google</a></p>'),
        ("<b>Google</b>", '<p><b><a href="/companies/google/">Google</a></b></p>'),
        # Elements are closed where their paragraph ends, and nothing closes another's.
        ("<b>a\n\nb", "<p><b>a</b></p>\n<p>b</p>"),
        ("a</div></section>", "<p>a</p>"),
        ("<i><b>a</i> b</b>", "<p><i><b>a</b></i> b</p>"),
        ("<table><tr><td>a", '<table><tbody><tr><td>a\n</td></tr></tbody></table>'),
        # A block that ends a paragraph leaves no empty one.
        ("a <details>b\n\n</details>\n\nc", "<p>a </p><details>b</details>\n\n<p>c</p>"),
        # A source that no reader sees is not an address to check.
        ('<q cite="javascript:alert(1)">a</q>', "<p><q>a</q></p>"),
        # An element whose content is not shown does not swallow the rest.
        ("a <script>b\n\nc", "<p>a </p>\n<p>c</p>"),
        ("<style>p{}</style>\n\nc", "<p>c</p>"),
    ],
)  # fmt: skip
def test_html_that_is_kept(text: str, made: str) -> None:
    assert made in render(text)[0]


class _Seen(HTMLParser):
    """The elements of a text, their attributes, and whether each is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


PIECES = st.sampled_from(
    [
        *(f"<{name}>" for name in ALLOWED),
        *(f"</{name}>" for name in ALLOWED),
        *(
            "<script>",
            "</script>",
            "<style>",
            "<svg onload=x>",
            "<svg/onload=x>",
            "<b/x=y onclick=z>",
        ),
        *("<iframe src='https://video.example/x'>", "<iframe srcdoc='<script>x</script>'>", "-->"),
        *(
            "<a href='javascript:x'>",
            '<a href="java&#10;script:x">',
            "<img src=x onerror=y>",
            "<b\n",
        ),
        *(
            "<p id=content>",
            "<p style='x' class='table'>",
            "<![CDATA[",
            "<?x",
            "]]>",
            "<h2 id=fn1>",
        ),
        *("a", " ", "\n", "\n\n", "`", "**", "- ", "> ", "| a |\n|---|\n", "    ", "&lt;b&gt;"),
        *("<base href=//x>", '"', "'", "<", ">"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_nothing_else_is_kept(text: str) -> None:
    """Whatever is written: elements are closed in order, and no attribute is one that can act."""
    made = render(text)[0]
    seen = _Seen(made)
    assert not seen.open
    for name, attributes in seen.found:
        assert name in ALLOWED or name in ("h2", "h3", "section", "footer"), name
        assert not {"style", "onclick", "onload", "onerror", "srcdoc"} & attributes.keys()
        address = attributes.get("href") or attributes.get("src") or "/"
        assert re.match(r"https://|/|#|\0|x$", address), address
        assert attributes.get("id") in (
            None,
            *re.findall(r'<(?:h2|h3|li|a)[^>]* id="([^"]*)"', made),
        )
        assert attributes.get("id") != "content"


def test_frames_are_in_the_policy_and_in_a_sandbox() -> None:
    html, _ = render('<iframe src="https://video.example/1" title="A talk"></iframe>')
    assert 'loading="lazy"' in html and 'sandbox="allow-scripts ' in html
    assert "; frame-src https://video.example;" in content_policy((), {}, (), ["video.example"])
    assert "frame-src" not in content_policy((), {})


def test_a_setting_that_changes_renders_texts_anew(tmp_path: Path) -> None:
    """The settings are a part of what the HTML of a file depends on (law 2)."""
    usual = "title: Test\nbase_url: https://test.example\nlanguage: en-GB\nhosting: netlify\n"
    frame = '<iframe src="https://video.example/1" title="A talk"></iframe>'
    write_site(tmp_path, brief("a", body=f"H<sub>2</sub>O\n\n{frame}") + f"=== site.yaml\n{usual}")
    build_site(tmp_path)
    assert "H&lt;sub&gt;2" in read(tmp_path, "briefs/a/index.html")
    (tmp_path / "site.yaml").write_text(f"{usual}html: safe\n")
    build_site(tmp_path)
    assert "H<sub>2</sub>O" in read(tmp_path, "briefs/a/index.html")
    assert "<iframe" not in read(tmp_path, "briefs/a/index.html")
    assert "frame-src" not in read(tmp_path, "_headers")
    (tmp_path / "site.yaml").write_text(f"{usual}html: safe\nembeds: [video.example]\n")
    build_site(tmp_path)
    assert '<iframe src="https://video.example/1"' in read(tmp_path, "briefs/a/index.html")
    assert "frame-src https://video.example" in read(tmp_path, "_headers")
    assert "H<sub>2</sub>O" in unescape(read(tmp_path, "feed.xml"))
