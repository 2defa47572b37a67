"""SVG texts and shapes, with the space that they occupy.

Charts and maps share this module. A drawing is scaled as a whole, so sizes are in units of its own
view box; on a phone one unit is a little less than one CSS pixel. Colours come from the page:
`currentColor`, and custom properties of the style sheet with fallbacks. They are presentation
attributes, because a strict policy forbids `style` on a page.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from builder.patterns import pattern

# The narrowest drawing. On a 320-pixel phone a page is 280 CSS pixels wide, where SMALL is 11.4.
WIDTH = 320.0
SMALL = 13.0
LINE = 1.25  # line height as a multiple of the font size

PAPER = "var(--paper, Canvas)"
SOFT = "var(--soft, currentColor)"
RULE = "var(--rule, GrayText)"
SANS = "var(--sans, sans-serif)"


class Box(NamedTuple):
    """A rectangle; `top` is the smaller number, as always in SVG."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def is_inside(self, other: Box) -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def is_crossed(self, line: Line) -> bool:
        """Return whether a straight line crosses the box (Liang and Barsky, 1984)."""
        first, last = 0.0, 1.0
        dx, dy = line.x2 - line.x1, line.y2 - line.y1
        for step, room in (
            (-dx, line.x1 - self.left),
            (dx, self.right - line.x1),
            (-dy, line.y1 - self.top),
            (dy, self.bottom - line.y1),
        ):
            if step == 0:
                if room < 0:
                    return False
            elif step < 0:
                first = max(first, room / step)
            else:
                last = min(last, room / step)
        return first <= last


class Line(NamedTuple):
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float


class Text(NamedTuple):
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float = SMALL
    anchor: str = "start"
    is_bold: bool = False

    @property
    def box(self) -> Box:
        width = text_width(self.text, self.size, self.is_bold)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - 0.95 * self.size, left + width, self.y + 0.3 * self.size)


# --- the width of a text ---------------------------------------------------------------------

# In ems, and generous, because the reader's typeface is unknown. Arial, Segoe UI, Roboto, Noto Sans
# and San Francisco are narrower, mostly by a tenth.
_WIDTHS = (
    (" \u00a0!'(),./:;I[]`fijl|", 0.36),
    ('"-rst*{}', 0.5),
    ("mw%@MW&—", 1.0),
    ("ABCDEFGHJKLNOPQRSTUVXYZ+<=>~#€£$_", 0.74),
    ("0123456789abcdeghknopquvxyz?–^", 0.6),
    ("…", 1.0),
)
_LIGATURES = pattern("[\ufdf0-\ufdfd\u3300-\u33ff]")


@lru_cache(maxsize=2048)
def _char_width(char: str) -> float:
    for chars, width in _WIDTHS:
        if char in chars:
            return width
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1.4 if char >= "\U0001f000" else 1.05
    if _LIGATURES.match(char):
        return 10.0  # one character that is printed as a whole sentence
    if "\u0620" <= char <= "\u064a":
        return 0.6  # Arabic letters are joined
    return 0.85 if char.isupper() or not char.isalpha() else 0.75


def text_width(text: str, size: float, is_bold: bool = False) -> float:
    """Return the maximum width of a text in common sans-serif typefaces."""
    return sum(map(_char_width, text)) * size * (1.07 if is_bold else 1.0)


def shorten(text: str, size: float, width: float, is_bold: bool = False) -> str:
    """Return as much of a text as fits, with any ellipsis."""
    if text_width(text, size, is_bold) <= width:
        return text
    room = width - text_width("…", size, is_bold)
    for count, char in enumerate(text):
        room -= text_width(char, size, is_bold)
        if room < 0:
            return f"{text[:count].rstrip()}…" if count else ""
    return text


def wrap(text: str, size: float, width: float, lines: int, is_bold: bool = False) -> list[str]:
    """Return a text broken into at most so many lines.

    Breaks at spaces, or inside a word that is wider than a line. The last line is shortened if
    needed.
    """
    words, made = clean(text).split(" "), [""]
    while words:
        word = words.pop(0)
        longer = f"{made[-1]} {word}".strip()
        if text_width(longer, size, is_bold) <= width:
            made[-1] = longer
        elif len(made) == lines:
            made[-1] = shorten(" ".join([longer, *words]), size, width, is_bold)
            break
        elif made[-1]:
            made.append("")
            words.insert(0, word)
        else:
            part = shorten(word, size, width, is_bold).removesuffix("…") or word[0]
            made[-1] = part if text_width(part, size, is_bold) <= width else "…"
            made.append("")
            words.insert(0, word[len(part) :])
    return [line for line in made if line] or [""]


# --- SVG -------------------------------------------------------------------------------------

# Characters that XML 1.0 forbids, line breaks, and controls of text direction.
_UNFIT = pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """Return a text on one line, without characters that break it."""
    return " ".join(_UNFIT.sub("", text).split())


def escape(text: str, is_quoted: bool = False) -> str:
    """Return text escaped for SVG content or a double-quoted attribute."""
    text = html.escape(text, quote=False)
    return text.replace('"', "&quot;") if is_quoted else text


def number(value: float) -> str:
    """Return a number with at most two decimals, equal on all machines."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, *inside: str, **attributes: str | float | None) -> str:
    """Return an SVG element.

    `inside` is SVG; attribute values are escaped. `class_` becomes class and `stroke_width`
    stroke-width.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="'
        + (escape(_UNFIT.sub("", value), True) if isinstance(value, str) else number(value))
        + '"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def path(line: str, **attributes: str | float | None) -> str:
    return element("path", d=line, fill="none", stroke="currentColor", **attributes)


def write(text: Text, has_rim: bool = False, **attributes: str | float | None) -> str:
    """Return a text with a rim that masks lines behind it."""
    if has_rim:
        rim = {"paint_order": "stroke", "stroke": PAPER, "stroke_linejoin": "round"}
        attributes |= {**rim, "stroke_width": 3}
    return element(
        "text",
        escape(text.text),
        x=text.x,
        y=text.y,
        font_size=text.size if text.size != SMALL else None,
        font_weight="600" if text.is_bold else None,
        text_anchor=text.anchor if text.anchor != "start" else None,
        **attributes,
    )


def link(address: str | None, *inside: str, name: str | None = None) -> str:
    """Return SVG linked to a page, or unchanged without a link.

    `name` is the link's name for assistive technology, if nothing inside is text."""
    if not address:
        return "".join(inside)
    return element("a", *inside, href=address, aria_label=clean(name) if name else None)


def frame(
    kind: str,
    width: float,
    height: float,
    words: tuple[str, str, Sequence[str]],
    inside: Iterable[str],
    *,
    prefix: str,
    language: str,
    has_links: bool,
    scale: float = 1.0,
    margin: float = 0.0,
) -> str:
    """Return the whole drawing.

    `words` are its title, a description and its values, a sentence each. A picture (`role="img"`)
    hides its content from assistive technology, so a drawing with links is a group. `scale` is the
    number of pixels of a unit, and `margin` is left around the drawing.
    """
    title, description, values = words
    said = [clean(description), "; ".join(clean(value) for value in values if value)]
    return element(
        "svg",
        "\n",
        element("title", escape(clean(title)) or " ", id=f"{prefix}-title"),
        "\n",
        element(
            "desc", escape(". ".join(part for part in said if part)) or " ", id=f"{prefix}-desc"
        ),
        "\n",
        *(f"{part}\n" for part in inside if part),
        xmlns="http://www.w3.org/2000/svg",
        class_=kind,
        viewBox=" ".join(map(number, (-margin, -margin, width + 2 * margin, height + 2 * margin))),
        width=(width + 2 * margin) * scale,
        height=(height + 2 * margin) * scale,
        role="group" if has_links else "img",
        aria_labelledby=f"{prefix}-title",
        aria_describedby=f"{prefix}-desc",
        lang=language,
        direction="ltr",
        fill="currentColor",
        font_family=SANS,
        font_size=SMALL,
    )
