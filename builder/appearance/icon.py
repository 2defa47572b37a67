"""The icon of a site, in all sizes that browsers and phones ask for."""

from __future__ import annotations

import html
import io
import json
import struct
from collections.abc import Mapping
from typing import NamedTuple

from builder.errors import SluglineError

# Sizes in pixels: of a tab, of an iPhone, of Android's home screen and its splash screen.
TAB, APPLE, HOME, SPLASH = 32, 180, 192, 512


class IconError(SluglineError):
    """A picture that is not a usable icon; the message says why."""


class Recipe(NamedTuple):
    """A PNG of the icon: its size, and the room around it as a part of the size."""

    size: int
    margin: float = 0.0
    background: str = ""  # where the system shows none of its own


# `maskable`: a system may cut off all but a circle of 80% of the size (W3C, Web App Manifest).
RECIPES: Mapping[str, Recipe] = {
    "icon-32.png": Recipe(TAB),
    "apple-touch-icon.png": Recipe(APPLE, 0.08, "#fbfbf9"),
    "icon-192.png": Recipe(HOME),
    "icon-512.png": Recipe(SPLASH),
    "icon-maskable-512.png": Recipe(SPLASH, 0.14, "#fbfbf9"),
}


def initial_icon(title: str, colour: str) -> bytes:
    """Return an SVG icon with the first letter of a title."""
    letter = next((letter for letter in title if letter.isalnum()), "•").upper()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<path fill="{colour}" d="M0 0h32v32H0z"/>'
        '<text x="16" y="23.5" fill="#fff" text-anchor="middle" font-weight="700"'
        f' font-size="22" font-family="Georgia,serif">{html.escape(letter)}</text></svg>\n'
    ).encode()


def render_icon(data: bytes, svg: bool, recipe: Recipe) -> bytes:
    """Return the PNG of an icon. Raises IconError."""
    from PIL import Image

    inner = round(recipe.size * (1 - 2 * recipe.margin))
    try:
        picture = Image.open(io.BytesIO(_drawn(data, inner) if svg else data)).convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise IconError(f"it cannot be drawn: {error}") from error
    picture.thumbnail((inner, inner), Image.Resampling.LANCZOS)
    if max(picture.size) < inner:
        scale = inner / max(picture.size)
        size = (round(picture.width * scale), round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (recipe.size, recipe.size), recipe.background or (0, 0, 0, 0))
    place = ((recipe.size - picture.width) // 2, (recipe.size - picture.height) // 2)
    canvas.alpha_composite(picture, place)
    stream = io.BytesIO()
    canvas.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _drawn(data: bytes, size: int) -> bytes:
    """Return an SVG as PNG, without the fonts of this machine."""
    from resvg_py import svg_to_bytes

    return bytes(
        svg_to_bytes(svg_string=data.decode(), width=size, height=size, skip_system_fonts=True)
    )


def favicon(png: bytes) -> bytes:
    """Return an ICO file with one PNG."""
    head = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", TAB, TAB, 0, 0, 1, 32, len(png), len(head) + 16)
    return head + entry + png


def web_manifest(
    title: str, language: str, way: str, urls: Mapping[str, str], colour: str
) -> bytes:
    """Return the web manifest with these icons (W3C, Web App Manifest).

    `way` is the direction of the language: ltr or rtl."""
    icons = [
        {"src": urls[name], "sizes": f"{RECIPES[name].size}x{RECIPES[name].size}",
         "type": "image/png", "purpose": "maskable" if RECIPES[name].margin else "any"}
        for name in ("icon-192.png", "icon-512.png", "icon-maskable-512.png")
    ]  # fmt: skip
    found = {
        "name": title, "lang": language, **({"dir": way} if way == "rtl" else {}),
        "start_url": "../", "display": "browser",
        "background_color": colour, "theme_color": colour, "icons": icons,
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"
