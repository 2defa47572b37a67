"""A look of one's own by settings: the head, the masthead, the menus, and published files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from builder.engine.build import build
from support.sites import build_site, edit, options, problems, read, tree, write_site

SITE = """\
=== site.yaml
title: The <Own> Paper
base_url: https://own.example/news
language: en-GB
SETTINGS
=== content/pages/about.md
---
title: About
---
Text.
=== templates/assets/logo.svg
<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><path d="M0 0h9v9H0z"/></svg>
=== templates/assets/night.svg
<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><path d="M1 1h9v9H0z"/></svg>
=== content/media/mark.svg
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">
<path fill="#b3261e" d="M0 0h8v8H0z"/></svg>
=== templates/assets/custom.css
@import "more.css";
.tagline { background: url(logo.svg) }
=== templates/assets/more.css
p { margin: 0 }
"""


def own(folder: Path, settings: str = "") -> Path:
    return write_site(folder, SITE.replace("SETTINGS", settings))


def head(site: Path) -> str:
    """The links of the front page to its look, without digests."""
    page = read(site, "index.html")
    found = re.findall(r"<link rel=\"(?:preload|stylesheet|icon|apple|manifest)[^>]*>", page)
    return re.sub(r"\.[0-9a-f]{10}\.", ".DIGEST.", "\n".join(found))


def masthead(site: Path, page: str = "index.html") -> str:
    found = re.search(r'<(?:h1|p) class="name">.*?</(?:h1|p)>', read(site, page), re.S)
    assert found
    return re.sub(r"\.[0-9a-f]{10}\.", ".DIGEST.", found[0])


def style(site: Path) -> str:
    """What settings add to the style sheet."""
    (file,) = (site / "output/assets").glob("style.*.css")
    return file.read_text("utf-8").partition("/* From site.yaml */\n")[2]


def test_without_settings(tmp_path: Path) -> None:
    """The icon is the first letter; nothing of another site's look is on the page."""
    site = own(tmp_path)
    build_site(site)
    assert head(site) == (
        '<link rel="stylesheet" href="./assets/style.DIGEST.css">\n'
        '<link rel="icon" href="./assets/icon.DIGEST.svg" type="image/svg+xml" sizes="any">'
    )
    assert masthead(site) == (
        '<h1 class="name"><a href="./" aria-current="page">The &lt;Own&gt; Paper</a></h1>'
    )
    assert style(site) == ""
    (icon,) = (site / "output/assets").glob("icon.*.svg")
    assert ">T</text>" in icon.read_text("utf-8")


def test_with_every_setting(tmp_path: Path) -> None:
    site = own(
        tmp_path,
        """\
logo: {file: logo.svg, dark: night.svg}
icon: content/media/mark.svg
accent: "#b3261e"
fonts: {text: Newsreader, headings: Newsreader, labels: [Inter]}
style: custom.css
mark: square
""",
    )
    build_site(site)
    assert head(site) == (
        '<link rel="preload" href="./assets/fonts/newsreader-latin.DIGEST.woff2" as="font"'
        ' type="font/woff2" crossorigin>\n'
        '<link rel="preload" href="./assets/fonts/inter-latin.DIGEST.woff2" as="font"'
        ' type="font/woff2" crossorigin>\n'
        '<link rel="stylesheet" href="./assets/style.DIGEST.css">\n'
        '<link rel="stylesheet" href="./assets/custom.DIGEST.css">\n'
        '<link rel="icon" href="./favicon.ico" type="image/x-icon" sizes="32x32">\n'
        '<link rel="icon" href="./assets/icon.DIGEST.svg" type="image/svg+xml" sizes="any">\n'
        '<link rel="apple-touch-icon" href="./assets/apple-touch-icon.DIGEST.png"'
        ' sizes="180x180">\n'
        '<link rel="manifest" href="./assets/site.DIGEST.webmanifest">'
    )
    assert masthead(site, "about/index.html") == (
        '<p class="name"><a href="../"><picture><source srcset="../assets/night.DIGEST.svg"'
        ' media="(prefers-color-scheme: dark)"><img class="logo" src="../assets/logo.DIGEST.svg"'
        ' alt="The &lt;Own&gt; Paper" width="200" height="40"></picture></a></p>'
    )
    rules = style(site)
    assert ":root { --accent: #b3261e; }" in rules and "--mark: inset(0)" in rules
    assert '--serif: "Site text", "Site text fallback", var(--other-serif)' in rules
    assert '--headings: "Site text"' in rules and '--sans: "Site labels"' in rules
    published = tree(site / "output")
    for address in re.findall(r'url\("([^"]+)"\)', rules):
        assert f"assets/{address}" in published
    (manifest,) = (site / "output/assets").glob("site.*.webmanifest")
    for icon in json.loads(manifest.read_bytes())["icons"]:
        assert f"assets/{icon['src']}" in published
    (sheet,) = (site / "output/assets").glob("custom.*.css")
    assert re.match(r'@import "more\.\w{10}\.css";\n', sheet.read_text("utf-8"))
    assert published["favicon.ico"][:4] == b"\0\0\1\0"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("templates/assets/more.css", "margin: 0", "margin: 1px"), "assets/custom."),
        (("templates/assets/logo.svg", "h9v9", "h8v8"), "assets/logo."),
        (("content/media/mark.svg", "#b3261e", "#0b5c48"), "assets/apple-touch-icon."),
        (("site.yaml", "#b3261e", "#0b5c48"), "assets/style."),
    ],
)
def test_a_changed_file_has_another_address(
    change: tuple[str, str, str], path: str, tmp_path: Path
) -> None:
    """An edit of the look is on all pages, as after a clean build."""
    settings = 'logo: logo.svg\nicon: /media/mark.svg\naccent: "#b3261e"\nstyle: custom.css\n'
    site = own(tmp_path / "site", settings)
    build_site(site)
    before = {name for name in tree(site / "output") if name.startswith(path)}
    edit(site / change[0], change[1], change[2])
    build_site(site)
    after = {name for name in tree(site / "output") if name.startswith(path)}
    assert len(before) == len(after) == 1 and before != after
    build(site, tmp_path / "clean", options())
    assert tree(tmp_path / "clean") == tree(site / "output")


# --- menu and footer ---------------------------------------------------------------------------


def links(site: Path, label: str) -> list[str]:
    found = re.search(
        rf'<nav[^>]* aria-label="{label}">(.*?)</nav>', read(site, "index.html"), re.S
    )
    return re.findall(r'<a href="\./([^"]*)"', found[1]) if found else []


BRIEF = """\
=== content/briefs/a.md
---
id: aaaa2222
title: Google hires
date: 2025-06-15
summary: It hires.
companies: [Google]
EXTRA
---
Text.
"""


def test_menus_lead_to_what_there_is(tmp_path: Path) -> None:
    """Each kind of page appears in the menu or the footer with its first entry."""
    site = own(tmp_path)
    build_site(site)
    assert links(site, "Main") == ["companies/"]
    assert links(site, "Footer") == ["about/", "feeds/"]
    extra = (
        "topics: [Data]\nthread: saga\npeople: [Ann]\n"
        "sources: [{publisher: R, url: https://r.example/1}]"
    )
    thread = "=== content/threads/saga.md\n---\nid: saga2222\ntitle: A saga\n---\n"
    write_site(site, thread + BRIEF.replace("EXTRA", extra), usual=False)
    build_site(site)
    assert links(site, "Main") == ["companies/", "topics/", "threads/", "digests/", "archive/"]
    assert links(site, "Footer") == ["about/", "sources/", "people/", "feeds/"]
    more = (
        "figures: [{metric: staff, value: 5 people, of: Google, as_of: 2025-06-01}]\n"
        "relations: [{from: Google, type: customer, to: Meta}]\n"
        "corrections: [{at: 2025-06-16, kind: factual, was: Old, now: New}]"
    )
    write_site(site, BRIEF.replace("EXTRA", f"{extra}\n{more}"), usual=False)
    build_site(site)
    assert links(site, "Footer") == [
        "about/", "sources/", "corrections/", "people/", "numbers/", "relations/", "feeds/",
    ]  # fmt: skip
    with (site / "site.yaml").open("a", encoding="utf-8") as file:
        file.write("menu: [{name: Us, url: /about/}]\nfooter: [{name: Them, url: /companies/}]\n")
    build_site(site)
    assert (links(site, "Main"), links(site, "Footer")) == (["about/"], ["companies/", "feeds/"])
    assert not [p for p in problems(site) if p.severity == "error"]
