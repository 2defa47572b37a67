"""The variants of a picture: sizes and formats, known without opening it."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from builder.media.form import Form

# Part of each address: another number is for another way to make the same variant.
_RECIPE = 1
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp", "AVIF": "image/avif"}
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WebP": ".webp", "AVIF": ".avif"}
_FORMATS = {"webp": "WebP", "avif": "AVIF"}
_LIGHT = 300_000  # bytes of a file that is not worth the trouble
_DENSE = 0.6  # bytes of a pixel; JPEG has a third of it at a quality of 80
_DIGITS = 16  # of the digest in an address
FOLDER = "assets/pictures"
CARDS = "assets/cards"  # pictures of pages for link previews
CHARTS = "assets/charts"  # of briefs that have a chart of the record as their picture


class PictureRecipe(NamedTuple):
    """How variants are made: the settings of a site."""

    widths: tuple[int, ...]
    formats: tuple[str, ...]  # besides the picture's own: `webp`, `avif`
    quality: int
    largest: int  # the longest side of any published picture, in pixels


class Original(NamedTuple):
    """A picture as far as its variants depend on it.

    `name` is in their addresses, and `digest` that of the picture without metadata."""

    name: str
    digest: str
    form: Form
    width: int
    height: int
    size: int = 0  # bytes

    @property
    def is_heavy(self) -> bool:
        """Whether it is a JPEG file of needlessly high quality."""
        pixels = self.width * self.height
        return self.form == "JPEG" and self.size > max(_LIGHT, _DENSE * pixels)


class Variant(NamedTuple):
    """A variant: its path in the output, format and size.

    It is made of the picture within `base`, so its bytes do not depend on other variants."""

    path: str
    format: str
    width: int
    height: int
    quality: int
    base: tuple[int, int]

    @property
    def url(self) -> str:
        return f"/{self.path}"

    @property
    def type(self) -> str:
        """Its media type."""
        return _TYPES[self.format]


class Variants(NamedTuple):
    """The variants of a picture, each list from the narrowest on.

    `whole` replaces the picture itself if that is too large or not for browsers; `own` are
    narrower ones in its format, and `others` has those in each other format, the best first."""

    whole: Variant | None = None
    own: tuple[Variant, ...] = ()
    others: tuple[tuple[Variant, ...], ...] = ()

    def all(self) -> tuple[Variant, ...]:
        """Return all variants, the widest first."""
        found = [*self.own, *(variant for found in self.others for variant in found)]
        whole = [self.whole] if self.whole else []
        return (*whole, *sorted(found, key=lambda variant: -variant.width))


def plan_variants(source: Original, recipe: PictureRecipe) -> Variants:
    """Return the variants of a picture: none of a tiny one."""
    form, width, height = source.form, source.width, source.height
    if not form or not width or not height:
        return Variants()
    own = "JPEG" if form == "CMYK" else form
    size = _within(width, height, recipe.largest)
    widths = sorted({w for w in recipe.widths if w < size[0]})
    made = _Maker(source, recipe, size)
    again = form == "CMYK" or source.is_heavy or (size != (width, height) and own != "AVIF")
    whole = made(own, size[0]) if again else None
    if not widths:
        return Variants(whole)
    widest = max(recipe.widths)
    # A browser that knows the format sees only its variants, so it needs a wide one.
    others = [*widths, *([size[0]] if size[0] <= widest else [])]
    formats = [_FORMATS[f] for f in ("avif", "webp") if f in recipe.formats and _FORMATS[f] != own]
    return Variants(
        whole,
        tuple(made(own, w) for w in widths) if own != "AVIF" else (),
        tuple(tuple(made(format_, w) for w in others) for format_ in formats),
    )


def _within(width: int, height: int, largest: int) -> tuple[int, int]:
    """Return a size whose longest side is at most `largest`."""
    longest = max(width, height)
    if longest <= largest:
        return width, height
    return _part(width, largest, longest), _part(height, largest, longest)


def _part(length: int, of: int, whole: int) -> int:
    return max(1, (2 * length * of + whole) // (2 * whole))


class _Maker:
    """Describes variants of one picture."""

    def __init__(self, source: Original, recipe: PictureRecipe, size: tuple[int, int]) -> None:
        self.source, self.recipe, self.size = source, recipe, size

    def __call__(self, format_: str, width: int) -> Variant:
        source, quality = self.source, self.recipe.quality
        height = _part(self.size[1], width, self.size[0])
        made_of = (
            f"{_RECIPE} {source.digest} {source.form} {format_} {width} {height} {quality}"
            f" {self.size[0]} {self.size[1]}"
        )
        digest = hashlib.blake2b(made_of.encode(), digest_size=_DIGITS // 2).hexdigest()
        name = f"{source.name}-{width}.{digest}{_SUFFIXES[format_]}"
        return Variant(f"{FOLDER}/{name}", format_, width, height, quality, self.size)
