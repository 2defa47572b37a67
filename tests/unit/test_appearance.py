"""Colours with enough contrast, fonts that take the same room, icons of all sizes."""

from __future__ import annotations

import io
import re
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builder.appearance.colours import (
    COMFORTABLE,
    ENOUGH,
    contrast,
    lowest_contrast,
    nearest_legible,
    read_colour,
)
from builder.appearance.fonts import (
    FAMILIES,
    FontError,
    font_faces,
    packaged_files,
    read_font,
)
from builder.appearance.icon import RECIPES, IconError, favicon, initial_icon, render_icon
from builder.appearance.look import DARK, LIGHT
from builder.appearance.style import MARKS, colour_rules, mark_rules
from support.tools import REPOSITORY

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")
STYLE = (REPOSITORY / "templates/assets/style.css").read_text("utf-8")


def test_backgrounds_are_those_of_the_style_sheet() -> None:
    found = [re.findall(rf"--{name}: (#\w+);", STYLE)[:2] for name in ("paper", "wash")]
    assert [*zip(*found, strict=True)] == [LIGHT, DARK]


def test_contrast_is_that_of_wcag() -> None:
    """Values of the contrast checker of WebAIM."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0000ff", "#ffff00") == pytest.approx(8.0, abs=0.05)
    assert contrast("#123456", "#123456") == 1


@given(COLOURS, st.sampled_from([LIGHT, DARK]), st.sampled_from([ENOUGH, COMFORTABLE]))
def test_the_nearest_colour_has_enough(
    colour: str, backgrounds: tuple[str, ...], least: float
) -> None:
    found = nearest_legible(colour, backgrounds, least)
    assert read_colour(found) == found
    assert lowest_contrast(found, backgrounds) >= least
    if lowest_contrast(colour, backgrounds) >= least:
        assert (
            max(abs(a - b) for a, b in zip(_channels(colour), _channels(found), strict=True)) <= 1
        )


def _channels(colour: str) -> list[int]:
    return [int(colour[n : n + 2], 16) for n in (1, 3, 5)]


@pytest.mark.parametrize(
    ("written", "read"),
    [("#0b5c48", "#0b5c48"), ("#ABC", "#aabbcc"), (" #fff ", "#ffffff")]
    + [(text, None) for text in ("", "red", "#12", "#1234", "#12345g", "0b5c48", "#0b5c48;}")],
)
def test_colours_as_written(written: str, read: str | None) -> None:
    assert read_colour(written) == read


def test_rules_of_colours_and_marks() -> None:
    assert colour_rules("", "") == mark_rules("none") == ""
    rules = colour_rules("#b3261e", "")
    dark = re.search(r"dark\) \{ :root \{ --accent: (#\w+)", rules)
    assert dark and lowest_contrast(dark[1], DARK) >= COMFORTABLE
    assert all(mark_rules(mark).count("{") == mark_rules(mark).count("}") == 2 for mark in MARKS)


# --- fonts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
def test_packaged_fonts(family: str) -> None:
    faces = [(read_font(p.read_bytes(), chars), p.name) for p, chars in packaged_files(family)]
    assert {face.style for face, _ in faces} >= {"normal"}
    assert all(re.fullmatch(r"\d00 \d00", face.weight) for face, _ in faces)
    assert "U+0000-00FF" in faces[-1][0].characters, "the last one is for most letters"
    rules = font_faces("Own", faces, family == "Inter")
    scale = re.search(r"size-adjust: ([\d.]+)%", rules)
    assert scale and 90 < float(scale[1]) < 125, "fallbacks are about as wide"
    assert rules.count("@font-face") == len(faces) + 1


@pytest.mark.parametrize("data", [b"", b"wOFF", b"wOF2", b"wOF2" + bytes(64), b"\0\1\0\0" * 9])
def test_what_is_not_a_font(data: bytes) -> None:
    with pytest.raises(FontError):
        read_font(data)


# --- icons -------------------------------------------------------------------------------------

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4">'
    b'<path fill="#f00" d="M0 0h4v4H0z"/></svg>'
)


def png(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#00f").save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize(("data", "svg"), [(SVG, True), (png(512, 512), False)])
def test_every_size(name: str, data: bytes, svg: bool) -> None:
    recipe = RECIPES[name]
    made = render_icon(data, svg, recipe)
    assert made == render_icon(data, svg, recipe)
    picture = Image.open(io.BytesIO(made)).convert("RGBA")
    assert picture.size == (recipe.size, recipe.size)
    corner, middle = picture.getpixel((0, 0)), picture.getpixel((recipe.size // 2,) * 2)
    assert middle == ((255, 0, 0, 255) if svg else (0, 0, 255, 255))
    assert (corner == middle) == (recipe.margin == 0)


@pytest.mark.parametrize(("data", "svg"), [(b"<svg", True), (b"", True), (b"GIF89a", False)])
def test_what_is_not_an_icon(data: bytes, svg: bool) -> None:
    with pytest.raises(IconError):
        render_icon(data, svg, RECIPES["icon-32.png"])


def test_the_icon_of_a_site_without_one() -> None:
    assert b">M</text>" in initial_icon("My briefing", "#0b5c48")
    assert b">&lt;" not in initial_icon("<b>", "#0b5c48") and b">B<" in initial_icon("<b>", "#000")
    assert "新".encode() in initial_icon("「新聞」", "#000")


def test_the_icon_file_has_its_picture() -> None:
    made = render_icon(SVG, True, RECIPES["icon-32.png"])
    ico = favicon(made)
    assert struct.unpack("<HHH", ico[:6]) == (0, 1, 1)
    assert Image.open(io.BytesIO(ico)).size == (32, 32)
    assert ico.endswith(made)
