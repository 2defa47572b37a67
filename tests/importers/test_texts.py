"""Texts of other systems as this program's Markdown: HTML, dialects, addresses, values."""

from __future__ import annotations

from datetime import UTC

import pytest

from builder.importers.bad_archive import BadPost
from builder.importers.notes import ImportNotes, Note
from builder.importers.readers.headers import read_headers, read_lines
from builder.importers.readers.values import as_date
from builder.importers.text.html_markdown import KEEP, html_to_markdown
from builder.importers.text.liquid import without_liquid
from builder.importers.text.markdown_text import adapt_markdown
from builder.importers.text.shortcodes import hugo_shortcodes, zola_shortcodes


@pytest.mark.parametrize(
    "html, markdown",
    [
        ("<p>A <b>bold </b>word, <i>one</i>.</p>", "A **bold** word, *one*."),
        ("<p>1. no list</p><p># no heading</p>", "1\\. no list\n\n\\# no heading"),
        ("<p>one<br>two<br><br>three</p>", "one\\\ntwo\n\nthree"),
        ("<p>ends<br></p>", "ends"),
        ("<p>2 < 3 &amp;lt; [x] a_b _c_ `d`</p>", "2 < 3 \\&lt; \\[x\\] a_b \\_c\\_ \\`d\\`"),
        ("<p>{{figure:x}} [[y]]</p>", "\\{{figure:x}} \\[\\[y\\]\\]"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=3><li>x</li><li>y</li></ol>", "3. x\n4. y"),
        (
            "<pre><code class='language-py'>a\n```\nb</code></pre>",
            "````py\na\n```\nb\n````",
        ),
        ("<p><code>a`b</code></p>", "``a`b``"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>3<br>4</td></tr>"
            "<tr><td>x</td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 | 3 4 |\n| x | |",
        ),
        ("<table><tr><td><h2>Mail</h2><p>text</p></td></tr></table>", "## Mail\n\ntext"),
        (
            '<figure><a href="a.png"><img src="a.png" alt="A"></a>'
            '<figcaption>The "sign" | b</figcaption></figure>',
            '![A](a.png "The ”sign” / b")',
        ),
        ("<p>x<sup>2</sup> H<sub>2</sub>O</p>", "x² H₂O"),
        ('<p><a href="https://e.example/a (b)">l</a></p>', "[l](<https://e.example/a%20(b)>)"),
        ("<dl><dt>T</dt><dd>D</dd></dl>", "**T**\n\nD"),
        ("<blockquote><p>q</p><p>r</p></blockquote>", "> q\n>\n> r"),
        (
            '<iframe src="https://www.youtube.com/embed/abc"></iframe>',
            "[Video on YouTube](https://www.youtube.com/watch?v=abc)",
        ),
        ("<script>x</script><style>y</style><p>z</p>", "z"),
        ("<p>see https://x.example/a_b_c, yes</p>", "see https://x.example/a_b_c, yes"),
        ('<p><img src="t.gif" width="1" height="1">seen</p>', "seen"),
        ('<img src="data:," data-src="/real.png" alt="r">', "![r](/real.png)"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert html_to_markdown(html, "p", []).strip() == markdown


@pytest.mark.parametrize(
    "html",
    [
        # kramdown, Goldmark
        '<p>T<sup id="fnref:1"><a href="#fn:1" class="footnote">1</a></sup></p>'
        '<div class="footnotes"><hr><ol><li id="fn:1"><p>Note. '
        '<a href="#fnref:1" class="reversefootnote">↩</a></p></li></ol></div>',
        # Substack
        '<p>T<a id="footnote-anchor-1" href="#footnote-1">1</a></p><div class="footnote">'
        '<a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a>'
        '<div class="footnote-content"><p>Note.</p></div></div>',
        # WordPress
        '<p>T<sup data-fn="u" class="fn"><a href="#u" id="u-link">1</a></sup></p>'
        '<ol class="wp-block-footnotes"><li id="u">Note. <a href="#u-link">↩︎</a></li></ol>',
        # markdown-it
        '<p>T<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup></p><hr>'
        '<section class="footnotes"><ol><li id="fn1"><p>Note. '
        '<a href="#fnref1" class="footnote-backref">↩︎</a></p></li></ol></section>',
    ],
)
def test_footnotes_of_each_program(html: str) -> None:
    found = html_to_markdown(html, "p", [])
    assert found.replace("---\n\n", "") == "T[^1]\n\n[^1]: Note.\n"


def test_deep_html_keeps_its_words() -> None:
    notes: list[Note] = []
    assert html_to_markdown("<div>" * 5000 + "deep" + "</div>" * 5000, "p", notes) == "deep\n"
    assert [note.code for note in notes] == ["markup"]


@pytest.mark.parametrize(
    "written, read",
    [
        ("# Top {#x}\n\n## Next", "## Top\n\n### Next"),
        ("Title\n=====\n\ntext", "## Title\n\ntext"),
        ("[a][1] [b]\n\n[1]: /x.png 'T'\n[b]: <u v>", '[a](/x.png "T") [b](u%20v)'),
        ("![c][1]\n\n[1]: /x.png", "![c](/x.png)"),
        ("text\n{: .lead}\n* TOC\n{:toc}", "text"),
        ("<b>bold</b> <span>x</span> Vec<u8> <br>y", "**bold** x Vec\\<u8> \\\ny"),
        ("| a<br>b |\n|---|\n| c |", "| a b |\n|---|\n| c |"),
        ("<div>\n\n**in**\n\n</div>", "**in**"),
        ("<table><tr><th>a</th><th>b</th></tr>\n\n<tr><td>1</td><td>2</td></tr></table>",
         "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("`<b>[[x]]</b>` [[x]] {{figure:y}}", "`<b>[[x]]</b>` \\[\\[x]] \\{\\{figure:y}}"),
        ("a <!-- hidden --> b <!-- open", "a  b \\<!-- open"),
        ("[![alt](a.png)](b.png)", "[![alt](a.png)](b.png)"),
        ("note[^1]\n\n[^1]: [x](y)", "note[^1]\n\n[^1]: [x](y)"),
        ("    <i>code</i>", "    <i>code</i>"),
    ],
)  # fmt: skip
def test_markdown_of_other_programs(written: str, read: str) -> None:
    assert adapt_markdown(written, "p", [], KEEP).strip("\n") == read


def test_shortcodes() -> None:
    notes = ImportNotes()
    assert hugo_shortcodes('a {{< note "x" >}}in{{< /note >}}', "p", notes, str) == "a in"
    assert (
        hugo_shortcodes("{{</* raw */>}} `{{< x >}}`", "p", notes, str)
        == "`{{< raw >}}` `{{< x >}}`"
    )
    assert hugo_shortcodes('[a]({{< ref "b.md" >}})', "p", notes, lambda n: f"/{n}") == "[a](/b.md)"
    assert 'src="/a.png"' in hugo_shortcodes('{{< figure src="/a.png" >}}', "p", notes, str)
    assert zola_shortcodes('{% quote() %}in{% end %} {{ x(y="1") }}', "p", notes) == "in "
    assert notes.count("shortcode") == 3


def test_liquid() -> None:
    notes = ImportNotes()
    text = (
        "{% raw %}{{ a }}{% endraw %} {{ site.url }} {{ '/x' | relative_url }} {{ b }}"
        "{% comment %}no{% endcomment %}{% include c %}\n"
        "{% highlight ruby %}\n{{ d }}\n{% endhighlight %}"
    )
    found = without_liquid(text, "p", notes, {"site.url": "U"}, lambda *_: None)
    assert found == "{{ a }} U /x \n```ruby\n{{ d }}\n```"
    assert notes.count("shortcode") == 2


@pytest.mark.parametrize(
    "text, fields, body",
    [
        ("---\na: yes\nb: 010\n---\ntext", {"a": "yes", "b": "010"}, "text"),
        ("+++\na = 1\n+++\ntext", {"a": 1}, "text"),
        ('{"a": "b"}\n\ntext', {"a": "b"}, "text"),
        ("{% x %}", {}, "{% x %}"),
        ("\ufeff---\r\na: b\r\n---\r\ntext", {"a": "b"}, "text"),
        ("---\n---\ntext", {}, "text"),
        ("text", {}, "text"),
    ],
)
def test_front_matter(text: str, fields: dict[str, object], body: str) -> None:
    assert read_headers(text) == (fields, body)


def test_lines_of_headers() -> None:
    assert read_lines("Title: A\nTags: b,\n    c\n\ntext") == (
        {"title": "A", "tags": "b,\nc"},
        "\ntext",
    )


@pytest.mark.parametrize(
    "text, why",
    [
        ("---\n- a\n---\n", "not a mapping"),
        ("---\na: [\n---\n", "not YAML on line"),
        ("---\ntitle: x\n", "no end"),
        ("+++\na = \n+++\n", "not TOML"),
        ("---\na: &x [1]\n" + "b: [" + "*x," * 200 + "]\n---\n", "too many aliases"),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", ""),
    ],
)
def test_front_matter_that_cannot_be_read(text: str, why: str) -> None:
    if not why:  # a tag means nothing: the value is a list of text
        assert read_headers(text).fields == {"a": ["x"]}
        return
    with pytest.raises(BadPost, match=why):
        read_headers(text)


@pytest.mark.parametrize(
    "text, written",
    [
        ("2020-01-02", "2020-01-02"),
        ("2020-01-02T03:04:05Z", "2020-01-02 03:04:05 +00:00"),
        ("2020-01-02 03:04 +0200", "2020-01-02 03:04 +02:00"),
        ("2020-01-02 03:04:05.678 -0500", "2020-01-02 03:04:05 -05:00"),
        ("2020/1/2", "2020-01-02"),
        ("Jul 08 2022", "2022-07-08"),
        ("Friday, July 8th, 2022", "2022-07-08"),
        ("Thu, 02 Jan 2020 03:04:05 GMT", "2020-01-02 03:04:05 +00:00"),
    ],
)
def test_dates(text: str, written: str) -> None:
    found = as_date(text, UTC)
    assert found is not None and found.written == written


@pytest.mark.parametrize(
    "text", ["2020-02-30", "soon", "0001-01-01", "9999-01-01", "2020-01-01 25:00"]
)
def test_impossible_dates(text: str) -> None:
    with pytest.raises(BadPost):
        as_date(text, UTC)
