"""Fonts of a site: the packaged ones, and the metrics by which a fallback takes the same room."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from builder.errors import SluglineError

FOLDER = Path(__file__).parent / "fonts"
# The families that come with Slugline, by the name in site.yaml, and the beginning of their files.
FAMILIES: Mapping[str, str] = {
    "Inter": "inter", "Newsreader": "newsreader", "Source Serif 4": "source-serif-4",
}  # fmt: skip
# The characters of each file (Google Fonts' division, which makes a page load only what it shows).
_RANGES: Mapping[str, str] = {
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
    "vietnamese": (
        "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,"
        "U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB"
    ),
    "latin-ext": (
        "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,"
        "U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C4,U+2113,U+2C60-2C7F,"
        "U+A720-A7FF"
    ),
    "latin": (
        "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
        "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
    ),
}


class FontFile(NamedTuple):
    """A file of a font: its style and weights as CSS writes them, and its metrics.

    Metrics are parts of the font size; `width` is the average of the letters of a sentence."""

    family: str
    style: str
    weight: str
    ascent: float
    descent: float
    width: float
    characters: str = ""  # the unicode-range of a packaged file


class FontError(SluglineError):
    """A file that is not a usable font; the message says why."""


def packaged_files(family: str) -> list[tuple[Path, str]]:
    """Return the files of a packaged family, each with its characters."""
    stem = FAMILIES[family]
    return [
        (FOLDER / f"{stem}-{part}{style}.woff2", characters)
        for part, characters in _RANGES.items()
        for style in ("", "-italic")
        if (FOLDER / f"{stem}-{part}{style}.woff2").is_file()
    ]


# Signs of quantities that the packaged fonts lack, and what a drawing makes each from.
SIGNS: Mapping[str, str] = {"≈": "~", "≤": "<", "≥": ">"}


def pieces(family: str, text: str) -> list[tuple[str, str]]:
    """Return the parts of a text, each with its font file.

    A sign of `SIGNS` is a part of its own. Empty if the packaged family lacks a character."""
    files = [
        (str(path), span) for path, span in packaged_files(family) if "italic" not in path.stem
    ]
    found: list[tuple[str, str]] = []
    for char in text:
        file = next(
            (name for name, span in files[::-1] if _has(span, ord(SIGNS.get(char, char)))), ""
        )
        if not file:
            return []
        if found and found[-1][0] == file and not {char, found[-1][1]} & SIGNS.keys():
            found[-1] = (file, found[-1][1] + char)
        else:
            found.append((file, char))
    return found


@cache
def _has(characters: str, code: int) -> bool:
    """Return whether a `unicode-range` has a character."""
    for span in characters.replace("U+", "").split(","):
        first, _, last = span.partition("-")
        if int(first, 16) <= code <= int(last or first, 16):
            return True
    return False


# In English, for letters about as frequent as in other languages written in the Latin alphabet.
_SAMPLE = (
    "The company said on Tuesday that it would spend 14.3 billion dollars on a stake of 49% in the"
    " start-up, three people familiar with the matter told the paper; none of the customers has"
    " confirmed it so far."
)
_WEIGHTS = {
    "thin": 100, "extralight": 200, "ultralight": 200, "light": 300, "medium": 500,
    "semibold": 600, "demibold": 600, "extrabold": 800, "ultrabold": 800, "bold": 700,
    "black": 900, "heavy": 900,
}  # fmt: skip


def read_font(data: bytes, characters: str = "") -> FontFile:
    """Return what a style sheet says of a WOFF2 file.

    Raises FontError for anything else."""
    from PIL import ImageFont

    if data[:4] != b"wOF2":
        raise FontError("it is not a WOFF2 file")
    try:
        font = ImageFont.truetype(io.BytesIO(data), 1000)
        family, style = font.getname()
        ascent, descent = font.getmetrics()
        width = font.getlength(_SAMPLE) / len(_SAMPLE)
    except (OSError, ValueError) as error:
        raise FontError("it is damaged") from error
    words = re.sub(r"[^a-z]", "", (style or "").lower())
    italic = "italic" in words or "oblique" in words
    weight = str(next((n for name, n in _WEIGHTS.items() if name in words), 400))
    try:
        axes = {axis["name"]: axis for axis in font.get_variation_axes()}
        if found := axes.get(b"Weight"):
            weight = f"{found['minimum']} {found['maximum']}"
    except OSError:  # it does not vary
        pass
    return FontFile(
        family or "", "italic" if italic else "normal", weight,
        ascent / 1000, descent / 1000, width / 1000, characters,
    )  # fmt: skip


# Fonts that almost every device has, or another with the same metrics, and their average width of
# the sample.
_SERIF = (("Times New Roman", "Liberation Serif", "Tinos"), 0.39588)
_SANS = (("Arial", "Liberation Sans", "Arimo"), 0.43543)


def font_faces(name: str, faces: list[tuple[FontFile, str]], sans: bool) -> str:
    """Return the style rules of a font and its fallback.

    The fallback takes the same room. `name` is the name in the style sheet; each face has its
    address. The last one is for most letters."""
    rules = []
    for face, url in faces:
        lines = [
            f'font-family: "{name}"', f'src: url("{url}") format("woff2")',
            f"font-style: {face.style}", f"font-weight: {face.weight}", "font-display: swap",
        ]  # fmt: skip
        if face.characters:
            lines.append(f"unicode-range: {face.characters}")
        rules.append(_rule(lines))
    local, width = _SANS if sans else _SERIF
    plain = [face for face, _ in faces if face.style == "normal"] or [faces[-1][0]]
    face = plain[-1]
    scale = face.width / width
    rules.append(
        _rule(
            [
                f'font-family: "{name} fallback"',
                "src: " + ", ".join(f'local("{font}")' for font in local),
                f"size-adjust: {scale:.2%}",
                f"ascent-override: {face.ascent / scale:.2%}",
                f"descent-override: {face.descent / scale:.2%}",
                "line-gap-override: 0%",
            ]
        )
    )
    return "".join(rules)


def _rule(lines: list[str]) -> str:
    return f"@font-face {{ {'; '.join(lines)}; }}\n"
