"""The variants of the pictures of content/media/, by the settings of the site."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from builder.content.media import MediaFile
from builder.media.variants import Original, PictureRecipe, Variant, Variants, plan_variants
from builder.model.settings import Pictures
from builder.names.keys import slugify


class ShownPicture(NamedTuple):
    """A picture as pages show it: an address with its size, and its variants."""

    url: str
    width: int
    height: int
    variants: Variants = Variants()

    @property
    def srcset(self) -> str:
        """HTML's `srcset` in the picture's own format.

        Empty if there is one size."""
        own = self.variants.own
        if not own:
            return ""
        return f"{srcset(own)}, {self.url} {self.width}w"

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """The media type and `srcset` of each other format, the best first."""
        return tuple((found[0].type, srcset(found)) for found in self.variants.others)

    @property
    def fallback(self) -> str:
        """The address for programs that know no `srcset`.

        It is not that of a huge picture."""
        variants = self.variants
        return variants.own[-1].url if variants.own and variants.whole else self.url


def srcset(variants: tuple[Variant, ...]) -> str:
    """Return variants of a picture as HTML's `srcset`."""
    return ", ".join(f"{variant.url} {variant.width}w" for variant in variants)


def show_picture(file: MediaFile, pictures: Pictures) -> ShownPicture:
    """Return a file of content/media/ as pages show it."""
    variants = variants_of(file, pictures)
    if whole := variants.whole:
        return ShownPicture(whole.url, whole.width, whole.height, variants)
    return ShownPicture(file.url, file.width, file.height, variants)


def variants_of(file: MediaFile, pictures: Pictures) -> Variants:
    """Return the variants of a file of content/media/."""
    if not file.form or file.entry is None:
        return Variants()
    name = slugify(PurePosixPath(file.path).stem)[:60].strip("-") or "picture"
    source = Original(name, file.entry.digest, file.form, file.width, file.height, file.entry.size)
    recipe = PictureRecipe(pictures.widths, pictures.formats, pictures.quality, pictures.largest)
    return plan_variants(source, recipe)
