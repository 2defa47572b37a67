"""Colours: their contrast (WCAG 2.2, 1.4.3), and the nearest one that has enough."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from builder.patterns import pattern

ENOUGH = 4.5  # the contrast of text (WCAG 2.2, level AA)
COMFORTABLE = 7.0  # at level AAA
_HEX = pattern(r"#([0-9a-f]{3}|[0-9a-f]{6})")

_RGB = tuple[float, float, float]  # each from 0 to 1


def read_colour(text: str) -> str | None:
    """Return a hexadecimal colour as `#rrggbb`, or None for anything else."""
    found = _HEX.fullmatch(text.strip().lower())
    if found is None:
        return None
    digits = found[1]
    return f"#{digits}" if len(digits) == 6 else f"#{''.join(d * 2 for d in digits)}"


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(_rgb(a)), _luminance(_rgb(b))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lowest_contrast(colour: str, backgrounds: Iterable[str]) -> float:
    """Return the contrast with the background that is most similar."""
    return min(contrast(colour, background) for background in backgrounds)


@lru_cache(maxsize=16)
def nearest_legible(colour: str, backgrounds: tuple[str, ...], least: float = ENOUGH) -> str:
    """Return the nearest colour with enough contrast on all backgrounds.

    Only its lightness differs (Oklab), and its chroma where sRGB has no such colour."""
    lightness, a, b = _oklab(_rgb(colour))
    for step in range(1001):
        for there in (lightness - step / 1000, lightness + step / 1000):
            if 0 <= there <= 1:
                found = _hex(_in_gamut(there, a, b))
                if lowest_contrast(found, backgrounds) >= least:
                    return found
    raise ValueError(f"no colour has enough contrast on {backgrounds}")


def _rgb(colour: str) -> _RGB:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue


def _hex(rgb: _RGB) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(rgb: _RGB) -> float:
    red, green, blue = map(_linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(rgb: _RGB) -> tuple[float, float, float]:
    """Return a colour in Oklab (Ottosson 2020)."""
    red, green, blue = map(_linear, rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> _RGB:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return _gamma(red), _gamma(green), _gamma(blue)


def _in_gamut(lightness: float, a: float, b: float) -> _RGB:
    """Return the colour with the most of this chroma that sRGB has."""
    for part in range(20, -1, -1):
        rgb = _from_oklab(lightness, a * part / 20, b * part / 20)
        if all(-0.0005 <= channel <= 1.0005 for channel in rgb):
            break
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in rgb)
    return red, green, blue
