"""What an editor's text, an address, a name or a tampered file could do to the site: nothing.

A site is built twice, with plain words and with hostile text in every field. Pages must have the
same elements with the same attributes both times: whatever the text tried to add would differ."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from builder.diagnostics.diagnostic import ContentError
from builder.engine.build import check
from support.sites import brief, build_site, options, problems, small_site, tree, write_site
from support.tools import REPOSITORY

# --- pages, as a browser takes them apart ------------------------------------------------------

_URLS = {"href", "src", "action", "formaction", "poster", "data", "srcset", "background", "cite"}
_SAFE_URL = re.compile(r"(https?://[a-z0-9.-]+(:\d+)?([/?#]|$)|mailto:|tel:|\.{0,2}/(?![/\\])|#)")


# The attributes of the only forms and drawings: the box and the page of the search.
_OWN = {
    "form": ("class", "id", "role", "action"),
    "svg": ("viewbox", "width", "height", "aria-hidden"),
}


class Reading(HTMLParser):
    """The elements of a page with the names of their attributes, its scripts and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.urls: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self._script: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice: {tag} {attrs}"
        self.elements.append((tag, *names))
        values = {name: value or "" for name, value in attrs}
        self.urls += [values[name] for name in names if name in _URLS]
        if values.get("http-equiv", "").lower() == "refresh":
            self.urls.append(values["content"].partition("url=")[2])
        if tag == "script":
            self._script = values.get("type", "")
            self.scripts.append((self._script, ""))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            kind, text = self.scripts[-1]
            self.scripts[-1] = (kind, text + data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def read_html(text: str) -> Reading:
    """A page, or a part of one, that has nothing in it which could run."""
    page = Reading(text)
    for element in page.elements:
        assert not [name for name in element[1:] if name.startswith("on")], element
        assert element[0] not in {"iframe", "object", "embed", "base", "math"}
        if element[0] in _OWN:
            assert element[1 : 1 + len(_OWN[element[0]])] == _OWN[element[0]], element
    for url in page.urls:
        assert _SAFE_URL.match(url), f"an unsafe address: {url!r}"
    assert page.comments == []
    return page


def read_site(output: Path) -> dict[str, Any]:
    """Every page and feed of a built site, taken apart and found safe."""
    found: dict[str, Any] = {}
    for path, data in tree(output).items():
        text = data.decode("utf-8") if path.endswith((".html", ".xml")) else ""
        if path.endswith(".html"):
            page = read_html(text)
            if path != "search/index.html":  # its order, and what leads to what, follow the names
                found[path] = page.elements
            for kind, script in page.scripts:
                if kind == "application/ld+json":
                    objects = json.loads(script)
                    for item in objects if isinstance(objects, list) else [objects]:
                        assert item["@type"]
                    assert "<" not in script, "it could end the script element"
                else:
                    assert kind == ""
                    found.setdefault("scripts", set()).add(script)
        elif path.endswith(".xml"):
            root = ET.fromstring(text)
            found[path] = [element.tag for element in root.iter()]
            for element in root.iter():
                assert not element.attrib.get("href", "").startswith(("//", "javascript:"))
                if element.tag.endswith("}encoded"):
                    assert "script" not in {e[0] for e in read_html(element.text or "").elements}
                    found[path] += read_html(element.text or "").elements
    return found


# --- hostile text in every field ---------------------------------------------------------------


def poisoned(text: str) -> str:
    """A site with `text` in every field that is shown, and in every place of a body."""
    quoted = json.dumps(f"Zz {text}", ensure_ascii=False)
    plain = "Zz " + re.sub(r"([\[\]*`_|])", r"\\\1", text)  # what Markdown itself would read
    return f"""\
=== site.yaml
title: {quoted}
tagline: {quoted}
description: {quoted}
publisher: {quoted}
copyright: {quoted}
base_url: https://test.example/news
author: desk
authors: [{{slug: desk, name: {quoted}, kind: organization}}]
sections: [{{slug: deals, name: {quoted}, summary: {quoted}}}]
menu: [{{name: {quoted}, url: /companies/}}]
footer: [{{name: {quoted}, url: "https://reuters.com/"}}]
=== content/companies/scale-ai.md
---
id: scal2222
name: {quoted}
aliases: [Scale AI]
formerly: [Remotasks]
redirects: [scale]
summary: {quoted}
headquarters: {quoted}
ticker: {quoted}
products: [{quoted}]
people: [Alex]
kind: vendor
founded: 2016
website: https://scale.example/?a=1&b='2'
sources: [{{id: one, publisher: {quoted}, title: {quoted}}}]
---
{plain}
=== content/topics/data.md
---
name: {quoted}
aliases: [data]
summary: {quoted}
---
{plain}
=== content/people/alex.md
---
name: {quoted}
aliases: [Alex]
role: {quoted}
company: Scale AI
summary: {quoted}
---
{plain}
=== content/publishers/reuters.md
---
name: {quoted}
aliases: [Reuters]
country: {quoted}
---
=== content/pages/about.md
---
title: {quoted}
summary: {quoted}
---
{plain}
=== content/media/sign.svg
<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>
=== content/briefs/a.md
---
id: aaaa2222
title: {quoted}
date: 2025-06-15
updated: 2025-06-16
event_date: 2025-06-13
summary: {quoted}
section: deals
companies: [Scale AI, Google]
topics: [data]
people: [Alex]
why: {quoted}
yes_but: [{quoted}]
whats_next: [{quoted}]
image: {{file: sign.svg, alt: {quoted}, caption: {quoted}, credit: {quoted}}}
redirects: [old-a]
sources:
  - {{id: one, publisher: Reuters, title: {quoted}, author: {quoted}, via: {quoted}, url: "https://reuters.com/?a=1&b='2'"}}
  - {{id: two, publisher: {quoted}, role: relay, of: one, lang: vi}}
---
{plain} and Scale AI.

## {plain}

- {plain}

> {plain}
>
> — {plain}

| {plain} | b |
|---|---|
| c | {plain} |

Text[^1] and [{plain}](https://reuters.com/), [[Google|{plain}]], [[brief:b]], [[Scale AI]].

![{plain}](/media/sign.svg)

~~{plain}~~ **{plain}** [x][r]

[^1]: {plain}

[r]: https://reuters.com/

    {plain}

```{text.replace("`", "")}
{plain}
```
=== content/briefs/b.md
---
id: bbbb2222
title: {quoted}
date: 2025-06-16
companies: [Google]
topics: [data]
people: [Alex]
sources: [{{id: one, publisher: Reuters}}]
---
{plain} [[brief:a]].
=== content/briefs/c.md
---
id: cccc2222
title: {quoted}
date: 2025-06-17
status: withdrawn
withdrawn_because: {quoted}
---
"""


HOSTILE = (
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script><img src=x onerror=alert(1)>",
    "'><img src=x onerror=alert(1)>",
    "]]><script>alert(1)</script><![CDATA[",
    "</script></title></style></textarea><svg onload=alert(1)>",
    "--><script>alert(1)</script><!-- -->",
    "\" onmouseover=\"alert(1)\" x=\"",
    "href=\"/evil\" src=\"/evil\" href='/evil'",
    "{{ 7*7 }}{% include 'base.html' %}{# #}${7*7}",
    "&lt;script&gt; &#60;script&#62; &quot; &amp;lt; &",
    "\\\"><\\/script> \\u003cscript\\u003e",
)  # fmt: skip


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    site = write_site(tmp_path_factory.mktemp("harmless"), poisoned("word"))
    build_site(site)
    return read_site(site / "output")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str, harmless: dict[str, Any], tmp_path: Path) -> None:
    site = write_site(tmp_path, poisoned(text))
    build_site(site)
    hostile = read_site(site / "output")
    assert hostile.keys() == harmless.keys()
    for path, elements in harmless.items():
        assert hostile[path] == elements, path


def test_the_comparison_would_see_an_attack(harmless: dict[str, Any], tmp_path: Path) -> None:
    """A template that forgets to escape is found by what these tests compare."""
    careless = "=== templates/withdrawn.html\n<p>{{ reason|safe }}</p>\n"
    for text, word in (("<b>x</b>", "<b>"), ("<i onclick=x>", "onclick")):
        site = write_site(tmp_path / word.strip("<>"), poisoned(text) + careless)
        build_site(site)
        page = Reading((site / "output/briefs/c/index.html").read_text("utf-8"))
        assert page.elements != harmless["briefs/c/index.html"]
    with pytest.raises(AssertionError):
        read_site(site / "output")


def test_hostile_text_is_shown_as_it_was_written(tmp_path: Path) -> None:
    site = write_site(tmp_path, brief("a", '"Scale AI <script>alert(1)</script> & more"'))
    build_site(site)
    page = (site / "output/briefs/a/index.html").read_text("utf-8")
    assert ">Scale AI &lt;script&gt;alert(1)&lt;/script&gt; &amp; more</h1>" in page
    feed = ET.fromstring((site / "output/feed.xml").read_text("utf-8"))
    assert feed.findtext(".//item/title") == "Scale AI <script>alert(1)</script> & more"


def test_the_renderer_s_own_addresses_cannot_be_written(tmp_path: Path) -> None:
    """`href="/…"` in a text is not taken for an address of the site and changed."""
    text = 'href="/evil" src="/evil"'
    site = write_site(tmp_path, brief("a", json.dumps(f"Scale AI {text}"), f"Text {text} `{text}`"))
    build_site(site)
    for path in ("briefs/a/index.html", "feed.xml", "index.html", "404.html"):
        content = (site / "output" / path).read_text("utf-8")
        assert "../evil" not in content
        assert "test.example/evil" not in content
        assert path == "404.html" or "/evil" in content


def test_invisible_characters_do_not_break_feeds(tmp_path: Path) -> None:
    """What XML cannot hold never gets into a feed: it is refused, or left out."""
    given = {}
    for n, sign in enumerate(
        ("\x08", "\x0b", "\x1b", "\x7f", "\x85", "\ufffe", "\uffff", "\u2028")
    ):
        given[f"title-{n}"] = brief(f"title-{n}", json.dumps(f"Scale AI {sign} x"))
        given[f"body-{n}"] = brief(f"body-{n}", body=f"Text {sign} x.\n")
    site = write_site(tmp_path / "all", "".join(given.values()))
    refused = {}
    for d in problems(site):
        assert d.code in ("control-character", "yaml-syntax", "hidden-character"), d
        if d.severity == "error":
            refused[Path(d.path).stem] = d
    rest = "".join(text for slug, text in given.items() if slug not in refused)
    site = write_site(tmp_path / "rest", rest + brief("plain"))
    build_site(site)
    read_site(site / "output")


# --- addresses ---------------------------------------------------------------------------------

UNSAFE = (
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](< javascript:alert(1)>)",
    "[x](java&#115;cript:alert(1))",
    "[x](java&#x73;cript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](&#x20;javascript:alert(1))",
    "[x](&#xA0;javascript:alert(1))",
    "[x](java\\script:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](view-source:javascript:alert(1))",
    "[x](blob:https://evil.example/1)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/)",
    "[x](///evil.example/)",
    "[x](\\\\evil.example/)",
    "[x](\\\\\\\\evil.example/)",
    "[x](/\\evil.example/)",
    "[x](/\\\\evil.example/)",
    "[x](/&#9;/evil.example/)",
    "[x](<//evil.example/>)",
    "[x](https:evil.example)",
    "[x](https:/evil.example)",
    "[x](http:javascript:alert(1))",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[r]\n\n[r]: <JAVASCRIPT:alert(1)> \"title\"",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "<data:text/html,x>",
    "<vbscript:x>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](//evil.example/x.png)",
    "![x](https://evil.example/x.png)",
    "![x][r]\n\n[r]: javascript:alert(1)",
    "[![x](/media/sign.svg)](javascript:alert(1))",
    "[^1]\n\n[^1]: [x](javascript:alert(1))",
    "Text^[[x](javascript:alert(1))]",
    "| [x](javascript:alert(1)) |\n|---|\n| <javascript:alert(1)> |",
    "> - [x](javascript:alert(1))",
    "## [x](javascript:alert(1))",
    "[x](https://ok.example/ \"a\\\" onclick=\\\"alert(1)\")",
    "[x](https://ok.example/ 'a\" onclick=\"alert(1)')",
    "[x](https://ok.example/\"onclick=\"alert(1))",
    "[x](<https://ok.example/\" onclick=\"alert(1)>)",
    "[x](mailto:a@b.example?subject=\"><script>alert(1)</script>)",
    "![\"><script>alert(1)</script>](/media/sign.svg \"\\\" onload=\\\"alert(1)\")",
    "![x](/media/sign.svg#\"onload=\"alert(1))",
    "![x](/media/../../../etc/passwd)",
    "[x](/media/../../../etc/passwd)",
    "[x](../../../etc/passwd.md)",
    "[[brief:b#\"onclick=\"alert(1)]]",
    "[[brief:b#\"><script>alert(1)</script>]]",
    "[[brief:b|\"><script>alert(1)</script>]]",
    "[[javascript:alert(1)]]",
    "[[<script>alert(1)</script>]]",
    "[[brief:javascript:alert(1)]]",
    "[x](b.md#\"onclick=\"alert(1))",
    "[x](/briefs/b/#\"onclick=\"alert(1))",
    "[x](/briefs/b/?\"onclick=\"alert(1))",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<img src=x onerror=alert(1)>",
    "<!-- --><script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "```\"><script>alert(1)</script>\nx\n```",
    "\x00",
    "Text \\0 0\\0 &#0;0&#0; \ufffd0\ufffd",
)  # fmt: skip


def test_no_address_in_a_text_is_unsafe(tmp_path: Path) -> None:
    """Each is refused, or harmless in the page that is built."""
    target = brief("b") + "=== content/media/sign.svg\n<svg/>\n"
    texts = {f"t{n}": text for n, text in enumerate(UNSAFE)}
    everything = "".join(brief(slug, body=text) for slug, text in texts.items())
    site = write_site(tmp_path / "all", target + everything)
    refused = {Path(d.path).stem for d in problems(site) if d.severity == "error"}
    assert refused <= texts.keys()
    assert len(refused) > 40, "the most are refused"
    rest = {slug: text for slug, text in texts.items() if slug not in refused}
    kept = "".join(brief(slug, body=text) for slug, text in rest.items())
    site = write_site(tmp_path / "rest", target + kept)
    build_site(site)
    read_site(site / "output")
    for slug, text in rest.items():
        page = Reading((site / f"output/briefs/{slug}/index.html").read_text("utf-8"))
        assert not [url for url in page.urls if "evil" in url and "evil.example/x" in url], text
        assert len([e for e in page.elements if e[0] == "script"]) == 5, (
            text
        )  # data, disk, and the search


@pytest.mark.parametrize("text", UNSAFE[:22] + UNSAFE[34:40])
def test_scripts_and_their_like_are_refused_by_name(text: str, tmp_path: Path) -> None:
    """Not one of these becomes a link: an error says so, at its line."""
    site = small_site(tmp_path, brief("a", body=text))
    found = [d for d in problems(site) if d.severity == "error"]
    if "javascript\\:" in text or "java\\" in text or "%" in text or "&#" in text or "\t" in text:
        assert all(d.code in ("unsafe-link", "invalid-link", "broken-link") for d in found)
        return  # some of these are no link at all
    assert found, text
    assert {d.code for d in found} <= {"unsafe-link", "invalid-link"}
    assert all(d.line >= 9 for d in found)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:x",
        "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example/",
        "\\\\evil.example", "/\\evil.example", "https:evil.example", "https:///evil.example",
        "https://evil.example\\@ok.example/", "https://ok.example/\"onclick=\"alert(1)",
        "https://ok.example/<script>", "https://ok.example/ x", "https://[::1", "https://",
        "https://ok.example:99999/", "ftp://ok.example/", "file:///etc/passwd", "\u0001https://x.y",
        "http://javascript:alert(1)/",
    ],
)  # fmt: skip
def test_no_address_in_a_field_is_unsafe(url: str, tmp_path: Path) -> None:
    quoted = json.dumps(url)
    given = {
        "content/companies/x.md": f"---\nname: X\nwebsite: {quoted}\n---\n",
        "content/people/x.md": f"---\nname: Y\nwebsite: {quoted}\n---\n",
        "content/publishers/x.md": f"---\nname: Z\nwebsite: {quoted}\n---\n",
    }
    text = "".join(f"=== {path}\n{content}" for path, content in given.items())
    sources = f"[{{id: one, publisher: One, url: {quoted}}}]"
    site = small_site(tmp_path, text + brief("a", sources=sources))
    refused = {d.path for d in problems(site) if d.code in ("invalid-url", "control-character")}
    refused |= {d.path for d in problems(site) if d.code == "not-one-line"}
    assert refused == {*given, "content/briefs/a.md"}


MENU = (
     "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//evil.example/",
     "/\\evil.example/", "\\\\evil.example/", "vbscript:x", "java\tscript:alert(1)",
     "/ok/\" onclick=\"alert(1)", "https://x.example/\"><script>alert(1)</script>",
)  # fmt: skip


@pytest.mark.parametrize("field", ["menu", "footer"])
def test_no_address_in_the_menu_is_unsafe(field: str, tmp_path: Path) -> None:
    def settings(urls: list[str]) -> str:
        rows = "".join(f"  - {{name: Here, url: {json.dumps(url)}}}\n" for url in urls)
        head = "=== site.yaml\ntitle: T\nbase_url: https://test.example\n"
        return f"{head}{field}:\n{rows}  - {{name: Feeds, url: /feeds/}}\n"

    site = write_site(tmp_path / "all", settings(list(MENU)))
    refused = {d.line - 4 for d in problems(site) if d.path == "site.yaml"}
    rest = [url for n, url in enumerate(MENU) if n not in refused]
    site = write_site(tmp_path / "rest", settings(rest))
    build_site(site)
    read_site(site / "output")
    assert "evil" not in (site / "output/index.html").read_text("utf-8")
    assert len(refused) >= 8, "said, and not left out in silence"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//evil.example", "https://x.example/\"><script>", "https://x/'\"<",
     "https://x.example/?a", "https://x.example/#a", "https://x.example/\n"],
)  # fmt: skip
def test_no_base_url_is_unsafe(url: str, tmp_path: Path) -> None:
    make = write_site if url.endswith("\n") else small_site
    site = make(tmp_path, f"=== site.yaml\ntitle: T\nbase_url: {json.dumps(url)}\n")
    if url.endswith("\n"):  # the line end is taken off
        build_site(site)
        read_site(site / "output")
    else:
        assert {d.code for d in problems(site)} == {"invalid-url"}


# --- names of files and folders ----------------------------------------------------------------

SLUGS = (
    "../../etc/passwd", "..", ".", "/etc/passwd", "..%2f..%2fetc", "%2e%2e", "a/b", "a\\b", "CON",
    "a.html", "-a", "a-", "a--b", "a b", "a\u0000b", "é", "ａ", "a?b", "a#b", "\"><script>",
    "~root", "$HOME", "`id`", "a:b", "//evil.example", "javascript:alert(1)", "https://evil.example/",
)  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
def test_no_slug_leads_out(slug: str, tmp_path: Path) -> None:
    quoted = json.dumps(slug)
    extra = (
        f"=== content/companies/x.md\n---\nname: X\nslug: {quoted}\nredirects: [{quoted}]\n---\n"
        f"=== content/topics/x.md\n---\nname: X topic\nslug: {quoted}\nredirects: [{quoted}]\n---\n"
        f"=== content/pages/x.md\n---\ntitle: X\nslug: {quoted}\n---\n"
    )
    text = brief("a").replace("summary:", f"slug: {quoted}\nredirects: [{quoted}]\nsummary:")
    site = small_site(tmp_path / "site", extra + text)
    found = [d for d in problems(site) if d.severity == "error"]
    codes = {"invalid-slug", "control-character", "yaml-syntax"}
    assert {d.code for d in found} <= codes | {"invalid-redirect", "duplicate-address"}
    assert len(found) >= 4, "each file is refused"
    with pytest.raises(ContentError):
        build_site(site)
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    settings = f"=== site.yaml\ntitle: T\nbase_url: https://t.example\nsections: [{{slug: {quoted}"
    site = small_site(tmp_path / "section", f"{settings}, name: X}}]\n")
    assert {d.code for d in problems(site)} <= {"invalid-slug", "control-character", "yaml-syntax"}
    assert problems(site)


@pytest.mark.parametrize("name", ["nul", "con", "aux", "com1", "lpt9"])
def test_names_that_windows_keeps_for_itself_stay_inside(name: str, tmp_path: Path) -> None:
    """They are ordinary names here; whether refused or built, nothing else changes."""
    site = small_site(tmp_path, brief(name))
    if not [d for d in problems(site) if d.severity == "error"]:
        build_site(site)
        assert (site / f"output/briefs/{name}/index.html").is_file()


@pytest.mark.parametrize("file", ["../../x.jpg", "/etc/passwd", "C:\\x.jpg", "a/../../x.jpg"])
def test_no_picture_is_taken_from_outside(file: str, tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_text("secret")
    image = f"{{file: {json.dumps(file)}, alt: x}}"
    site = small_site(tmp_path / "site", brief("a", image=image))
    assert "invalid-media" in {d.code for d in problems(site)}


# --- a manifest that was tampered with ---------------------------------------------------------

Tamper = Callable[[dict[str, Any]], Any]
ENTRY = {"digest": "0", "size": 6}


def with_file(path: str) -> Tamper:
    return lambda manifest: {**manifest, "files": {**manifest["files"], path: ENTRY}}


MANIFESTS: dict[str, Tamper] = {
    "up": with_file("../victim.txt"),
    "up twice": with_file("../../victim.txt"),
    "within": with_file("briefs/../../victim.txt"),
    "absolute": with_file("/etc/hostname"),
    "empty": with_file(""),
    "point": with_file("."),
    "points": with_file(".."),
    "backslash": with_file("..\\victim.txt"),
    "nul": with_file("a\0b"),
    "long": with_file("x" * 5000),
    "through a file": with_file("index.html/x"),
    "a folder": with_file("briefs"),
    "itself": with_file(".slugline.json"),
    "a list": lambda manifest: [],
    "a number": lambda manifest: {**manifest, "files": 3},
    "other format": lambda manifest: {**manifest, "format": 99},
    "no entries": lambda manifest: {**manifest, "files": {}},
    "odd sizes": lambda manifest: {
        **manifest, "files": {path: [e[0], -1] for path, e in manifest["files"].items()},
    },
    "odd digests": lambda manifest: {
        **manifest, "files": {path: ["x", e[1]] for path, e in manifest["files"].items()},
    },
    "odd fields": lambda manifest: {
        **manifest, "files": {path: [*e, {}] for path, e in manifest["files"].items()},
    },
    "swapped": lambda manifest: {
        **manifest,
        "files": dict(zip(manifest["files"], reversed(manifest["files"].values()), strict=True)),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    site = small_site(tmp_path_factory.mktemp("fresh"), brief("a"))
    build_site(site)
    return tree(site / "output")


def check_rebuilt(site: Path, fresh: dict[str, bytes]) -> None:
    victim = site / "victim.txt"
    victim.write_text("victim")
    (site.parent / "victim.txt").write_text("victim")
    build_site(site)
    assert victim.read_text() == (site.parent / "victim.txt").read_text() == "victim"
    made = tree(site / "output")
    del made[".slugline.json"]  # it may go on saying something odd of a file that is right
    assert made == {path: data for path, data in fresh.items() if path in made}
    assert len(made) == len(fresh) - 1


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_that_lies(kind: str, fresh: dict[str, bytes], tmp_path: Path) -> None:
    """Nothing outside output/ is touched, and the site comes out whole."""
    site = small_site(tmp_path / "site", brief("a"))
    build_site(site)
    file = site / "output/.slugline.json"
    file.write_text(json.dumps(MANIFESTS[kind](json.loads(file.read_text("utf-8")))), "utf-8")
    check_rebuilt(site, fresh)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b'{"files": ' + b"[" * 100_000, b'{"x": ' + b"[" * 100_000, b"null",
     b'{"format": 1, "files": {"\xff": {"digest": "0", "size": 1}}}',
     b'{"format": 1, "files": {"\\ud800": {"digest": "0", "size": 1}}}',
     b'{"format": 1, "files": {"a": {"digest": "0", "size": 99999999999999999999999}}}'],
    ids=range(9),
)  # fmt: skip
def test_a_manifest_that_is_none(data: bytes, fresh: dict[str, bytes], tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", brief("a"))
    build_site(site)
    (site / "output/.slugline.json").write_bytes(data)
    check_rebuilt(site, fresh)


@pytest.mark.parametrize("text", ["", "changed", "<script>alert(1)</script>" * 1000])
def test_a_page_that_was_changed_is_made_again(
    text: str, fresh: dict[str, bytes], tmp_path: Path
) -> None:
    site = small_site(tmp_path / "site", brief("a"))
    build_site(site)
    for path in ("index.html", "feed.xml", "briefs/a/index.html"):
        (site / "output" / path).write_text(text)
    build_site(site)
    assert tree(site / "output") == fresh


def test_links_in_the_output_are_not_followed(fresh: dict[str, bytes], tmp_path: Path) -> None:
    site, outside = small_site(tmp_path / "site", brief("a")), tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_text("theirs")
    build_site(site)
    output = site / "output"
    (output / "index.html").unlink()
    (output / "index.html").symlink_to(outside / "index.html")
    (output / "theirs").symlink_to(outside)
    build_site(site)
    assert (outside / "index.html").read_text() == "theirs"
    assert list(outside.iterdir()) == [outside / "index.html"]
    assert not (output / "index.html").is_symlink()
    assert (output / "index.html").read_bytes() == fresh["index.html"]


# --- the terminal ------------------------------------------------------------------------------

ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x08\x08 \u202eflip\u202c \u2066x\u2069"


def run(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "builder", "--site", str(folder), *arguments],
        capture_output=True, timeout=60, check=False, cwd=REPOSITORY,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    text = (done.stdout + done.stderr).decode("utf-8")
    assert "bug in Slugline" not in text
    return text


def controls(text: str) -> set[str]:
    """The characters of a text that could drive a terminal, or turn its direction."""
    signs = {c for c in text if unicodedata.category(c) == "Cc" and c != "\n"}
    return signs | {
        c for c in text if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    }


def escaping_site(folder: Path) -> Path:
    quoted = json.dumps(ESCAPES, ensure_ascii=True)
    site = small_site(
        folder,
        brief("a", quoted, status=quoted, section=quoted, companies=f"[{quoted}]")
        + brief("b", body=f"See [x](<{ESCAPES[:9]}>) and [[{ESCAPES[-12:]}]] <b {ESCAPES[-12:]}>.")
        + f"=== templates/404.html\n{{{{ {json.dumps('x')}.y }}}}\n{{# {ESCAPES} #}}\n",
    )
    content = site / "content"
    (content / "briefs/\x1b[31mred\x1b[0m.md").write_text("no front matter \x1b[5m")
    (content / "briefs/\x9bbell\x07.md").write_text("---\n\x1b[5m: x\n---\n")
    (content / "\u202etxt.dm").write_text("x")
    return site


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_check_prints_no_escape_sequence(form: str, tmp_path: Path) -> None:
    site = escaping_site(tmp_path)
    text = run("check", "--format", form, folder=site)
    found = controls(text)
    if form == "json":
        rows = json.loads(text)["diagnostics"]
        assert len(rows) > 5
        found -= set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert not found, {hex(ord(c)) for c in found}
    assert "red" in text


def test_build_prints_no_escape_sequence(tmp_path: Path) -> None:
    text = run("build", folder=escaping_site(tmp_path / "wrong"))
    assert not controls(text)
    assert "red" in text
    site = small_site(tmp_path / "right", brief("a"))
    (site / "output").mkdir()
    (site / "output/\x1b[31mtheirs\x07").write_text("x")
    text = run("build", "--explain", folder=site)
    assert "theirs" in text
    assert not controls(text)


def test_github_s_own_commands_cannot_be_written(tmp_path: Path) -> None:
    """A value with a line break and `::error` in it does not become a command."""
    title = json.dumps("x\n::set-output name=a::b\r\n::error::c")
    site = small_site(tmp_path, brief("a", title, status='"x%0A::error::y"'))
    with pytest.raises(ContentError):
        check(site, options()) and build_site(site)
    rows = run("check", "--format", "github", folder=site).splitlines()
    assert rows
    assert all(re.match(r"::(error|warning) file=content/briefs/a\.md,line=\d+,", r) for r in rows)
