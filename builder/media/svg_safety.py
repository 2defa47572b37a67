"""What a drawing may contain: shapes, but nothing that runs, loads or leads elsewhere.

A drawing is a document: opened by its own address, its scripts run as the site's, and its links to
files are followed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from builder.media.picture import ActivePictureError
from builder.patterns import pattern

SVG = "http://www.w3.org/2000/svg"
# The elements of SVG 1.1, SVG 2 and SVG Tiny 1.2 that draw, describe or animate (without `script`,
# `handler`, `foreignObject`, media, and what loads fonts or colour profiles from elsewhere).
_NAMES = """
    svg g defs symbol use switch view a title desc style image marker mask clipPath pattern
    linearGradient radialGradient stop solidColor hatch hatchpath mesh meshgradient meshpatch
    meshrow path rect circle ellipse line polyline polygon text tspan textPath tref altGlyph
    altGlyphDef altGlyphItem glyphRef font font-face font-face-src font-face-name glyph
    missing-glyph hkern vkern flowRoot flowRegion flowPara flowSpan flowDiv flowLine filter
    feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence animate animateColor animateMotion
    animateTransform mpath set cursor discard
"""
_ELEMENTS = frozenset(_NAMES.split())
_IGNORED = pattern(r"[\x00-\x20\x7f]+")  # browsers leave these out of an address
_SCHEME = pattern(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LINKED = ("http:", "https:", "mailto:")
_PICTURE = pattern(r"data:image/(?:png|jpe?g|gif|webp|avif);base64,", re.IGNORECASE)
# What loads in CSS (CSS Values 4, Images 4). An escape could spell any of it.
_COMMENT = pattern(r"/\*.*?\*/", re.DOTALL)
_LOADS = pattern(
    r"@import|(?:image-set|cross-fade|image|src)\s*\("
    r"|url\(\s*+[\"']?+\s*+(?!#|data:(?:font/|application/(?:x-)?font-))",
    re.IGNORECASE,
)
_PLAIN = "export it as plain SVG, with text as paths and without scripts"
_EMBED = "embed the file in the drawing, or remove the reference"


def require_shape(space: str, name: str, attributes: Mapping[str, str], line: int) -> None:
    """Refuse an element that does not draw, or an attribute that acts.

    `attributes` are those of SVG, with their prefixes. Raises ActivePictureError."""
    if space not in (SVG, "") or name not in _ELEMENTS:
        raise ActivePictureError(line, f"it has `<{name}>`, which is not part of a picture", _PLAIN)
    for key, value in attributes.items():
        local = key.rpartition(":")[2].casefold()
        if local.startswith("on"):
            raise ActivePictureError(line, f"it runs a script (`{key}`)", _PLAIN)
        if local == "href":
            _require_local(name, value, line)
        elif local == "base" or (local == "src" and key != "data-src"):
            raise ActivePictureError(line, f"it loads another file (`{key}`)", _EMBED)
        elif local == "attributename" and _animated(value):
            raise ActivePictureError(line, f"it animates `{value.strip()}`", _PLAIN)
        elif "(" in value or local == "style":
            require_style(value, line)


def _animated(value: str) -> bool:
    """Return whether a value names an attribute that acts."""
    name = value.strip().rpartition(":")[2].casefold()
    return name == "href" or name.startswith("on")


def _require_local(name: str, value: str, line: int) -> None:
    address = _IGNORED.sub("", value)
    if not address or address.startswith("#"):
        return
    scheme = _SCHEME.match(address)
    if name == "a":
        if scheme is None or scheme[0].casefold() in _LINKED:
            return
        raise ActivePictureError(line, f"it links to `{scheme[0]}`", "link to a web page")
    if name in ("image", "feImage") and _PICTURE.match(address):
        return
    raise ActivePictureError(line, f"it loads another file (`<{name}>`)", _EMBED)


def require_style(css: str, line: int) -> None:
    """Refuse a style that loads files. Raises ActivePictureError."""
    rules = _COMMENT.sub("", css)
    if "\\" in rules:
        raise ActivePictureError(line, "it has an escape in a style", _PLAIN)
    if _LOADS.search(rules):
        raise ActivePictureError(line, "it loads another file in a style", _EMBED)
