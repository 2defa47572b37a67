"""The files that templates and style sheets name, at their published addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.render.asset_links import AssetAddress, link_assets, named_files
from builder.render.assets import find_assets
from builder.render.css import css_links, replace_links

ASSETS = {
    "logo.svg": AssetAddress("/assets/logo.1.svg"),
    "art/mark.svg": AssetAddress("/assets/art/mark.2.svg"),
    "app.js": AssetAddress("/assets/app.3.js", "sha384-x"),
}


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ('<img src="/assets/logo.svg">', '<img src="/assets/logo.1.svg">'),
        ("<a href = '/assets/logo.svg#a'>", "<a href = '/assets/logo.1.svg#a'>"),
        (
            '<img srcset="/assets/logo.svg 1x, /assets/art/mark.svg 2x">',
            '<img srcset="/assets/logo.1.svg 1x, /assets/art/mark.2.svg 2x">',
        ),
        ('<video poster="/assets/logo.svg">', '<video poster="/assets/logo.1.svg">'),
        (
            '<img src="{% if a == "b" %}/assets/logo.svg{% else %}/assets/app.js{% endif %}">',
            '<img src="{% if a == "b" %}/assets/logo.1.svg{% else %}/assets/app.3.js{% endif %}">',
        ),
        ("{{ asset('logo.svg') }}", "{{ '/assets/logo.1.svg' }}"),
        (
            '<img src="{{ asset("logo.svg") }}">',
            '<img src="{{ "/assets/logo.1.svg" }}">',
        ),
        ('{% set m = asset("art/mark.svg") %}', '{% set m = "/assets/art/mark.2.svg" %}'),
        (
            "<style>p { background: url(/assets/logo.svg) }</style>",
            "<style>p { background: url(/assets/logo.1.svg) }</style>",
        ),
        (
            '<script src="/assets/app.js" defer></script>',
            '<script integrity="sha384-x" src="/assets/app.3.js" defer></script>',
        ),
        # These are not addresses of a file that the page loads.
        ("see /assets/logo.svg", None),
        ('<img alt="/assets/logo.svg">', None),
        ('<img data-src="/assets/logo.svg">', None),
        ('{# <img src="/assets/logo.svg"> #}', None),
        ('{% raw %}<img src="/assets/logo.svg">{% endraw %}', None),
        ('<a href="https://x.example/assets/logo.svg">', None),
        ('asset("logo.svg")', None),
        ("{{ asset(name) }}", None),
        ('<img src="/assets/none.svg">', None),
    ],
)
def test_addresses_in_templates(written: str, published: str | None) -> None:
    assert link_assets(written, ASSETS) == (written if published is None else published)


def test_files_that_a_template_names() -> None:
    text = '<img src="/media/a%20b.png" srcset="/assets/none.svg 2x">\n{{ asset("x.css") }}'
    found = [(file.folder, file.name) for file in named_files(text)]
    assert found == [("media", "a b.png"), ("assets", "none.svg"), ("assets", "x.css")]
    assert [text[file.start :][: file.width] for file in named_files(text)] == [
        "/media/a%20b.png", "/assets/none.svg", 'asset("x.css")',
    ]  # fmt: skip


@given(st.text("<imgsrc=\"' {%}#/assets/logo.svg)(url,\n"))
def test_no_text_gains_or_loses_lines(text: str) -> None:
    assert link_assets(text, ASSETS).count("\n") == text.count("\n")
    assert link_assets(text, {}) == text


# --- style sheets ------------------------------------------------------------------------------

SHEET = r"""@import "a.css"; @import url(b.css) layer(x); @import url("c.css") screen;
/* url(comment.png) @import "comment.css" */
@font-face { src: url( 'font.woff2' ) format("woff2"), URL(old.woff2) }
p::after { content: "url(text.png)"; background: url(data:image/png;base64,AA==), url(#local) }
.curl(x) { mask: url("with \" quote.svg") }
"""


def test_addresses_in_a_style_sheet() -> None:
    found = [(link.address, link.imported) for link in css_links(SHEET)]
    assert found == [
        ("a.css", True), ("b.css", True), ("c.css", True), ("font.woff2", False),
        ("old.woff2", False), ("data:image/png;base64,AA==", False), ("#local", False),
        (r"with \" quote.svg", False),
    ]  # fmt: skip
    assert replace_links(SHEET, lambda link: link.address) == SHEET


@given(st.text("urlURL(@import \"'\\/*)\n;x"))
def test_any_style_sheet_can_be_read(text: str) -> None:
    assert replace_links(text, lambda link: link.address) == text


def write(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        path = folder / "assets" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def sheet(folder: Path, name: str) -> str:
    """The published text of a style sheet."""
    asset = find_assets((folder,))[name]
    assert asset.problems == ()
    return (asset.clean() if asset.clean else asset.source.read_bytes()).decode()


def test_a_style_sheet_names_published_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        style_css=b'@import "parts/type.css";\np { background: url(/media/a%20b.png) }',
        parts__type_css=b"@font-face { src: url(../fonts/text.woff2?x#y) }",
        fonts__text_woff2=b"font",
    )
    style, type_ = sheet(tmp_path, "style.css"), sheet(tmp_path, "parts/type.css")
    assert re.fullmatch(
        r'@import "parts/type\.\w{10}\.css";\n'
        r"p \{ background: url\(\.\./media/a%20b\.png\) \}",
        style,
    )
    assert re.fullmatch(r"@font-face \{ src: url\(\.\./fonts/text\.\w{10}\.woff2\?x#y\) \}", type_)
    ((media, _),) = find_assets((tmp_path,))["style.css"].media
    assert media == "a b.png"


def test_a_file_changes_the_address_of_what_names_it(tmp_path: Path) -> None:
    write(tmp_path, a_css=b'@import "b.css";', b_css=b"p { src: url(c.svg) }", c_svg=b"<svg/>")
    before = find_assets((tmp_path,))
    write(tmp_path, c_svg=b"<svg />")
    after = find_assets((tmp_path,))
    assert all(before[name].url != after[name].url for name in ("a.css", "b.css", "c.svg"))


def test_what_a_style_sheet_cannot_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_css=b'p {}\n  @import "b.css"; q { src: url(/assets/colour.svg) }',
        b_css=b'@import "a.css";',
        colours_svg=b"<svg/>",
        outside_css=b"p { src: url(../../site.yaml) }",
    )
    found = find_assets((tmp_path,))
    assert [
        (p.path, p.line, p.column, p.code, p.hint)
        for asset in found.values()
        for p in asset.problems
    ] == [
        ("templates/assets/a.css", 2, 33, "missing-asset", "did you mean `colours.svg`?"),
        ("templates/assets/b.css", 1, 10, "circular-import", "remove one of these imports"),
        ("templates/assets/outside.css", 1, 14, "missing-asset",
         "name a file in templates/assets/"),
    ]  # fmt: skip


def test_every_file_has_an_address(tmp_path: Path) -> None:
    write(tmp_path, LICENSE=b"x", a_JPG=b"not a picture", app_mjs=b"import 'x'")
    (tmp_path / "assets/.hidden").write_bytes(b"x")
    found = find_assets((tmp_path,))
    assert set(found) == {"LICENSE", "a.JPG", "app.mjs"}
    assert found["app.mjs"].integrity.startswith("sha384-")
    assert re.fullmatch(r"/assets/LICENSE\.\w{10}", found["LICENSE"].url)
