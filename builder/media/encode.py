"""Makes the variants of a picture: decoded once, turned to sRGB, scaled and encoded."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from builder.media.clean import with_credit
from builder.media.picture import MOST_PIXELS, BadPictureError, CleanPicture
from builder.media.variants import Variant

if TYPE_CHECKING:
    from PIL import Image


_AVIF_LESS = 20  # AVIF looks as good as JPEG at a lower number for quality


def encoder_of(format_: str) -> str:
    """Return the version of what encodes a format."""
    import PIL
    from PIL import features

    part = {"JPEG": "jpg", "PNG": "zlib", "WebP": "webp", "AVIF": "avif"}[format_]
    return f"{PIL.__version__} {features.version(part)}"


def encode_variants(picture: CleanPicture, wanted: Sequence[Variant]) -> Iterator[bytes]:
    """Yield variants of a picture, which all have the same base.

    Raises BadPictureError if it cannot be decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = _opened(picture, wanted[0].base)
            for variant in wanted:
                scaled = _scaled(image, (variant.width, variant.height))
                yield with_credit(_encoded(scaled, variant), picture.credit)
    except BadPictureError:
        raise
    except Exception:  # whatever a damaged file does to the decoder
        raise BadPictureError("its pixels cannot be read: it is damaged") from None


def _opened(picture: CleanPicture, size: tuple[int, int]) -> Image.Image:
    """Return the pixels in sRGB, scaled to a size."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # of which Pillow opens twice as many
    opened = Image.open(BytesIO(picture.data))
    # A JPEG picture can be decoded at a half, a quarter or an eighth of its size.
    opened.draft(opened.mode, size)
    opened.load()
    image = _scaled(_plain(opened), size)
    image = _in_srgb(image, opened.info.get("icc_profile"))
    image.info = {"palette": opened.mode in ("P", "1"), "drawn": opened.format == "PNG"}
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Return an image without palette, in eight bits for each channel."""
    if image.mode.startswith(("I", "F")):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("L", "RGB", "RGBA", "CMYK") and "transparency" not in image.info:
        return image
    clear = image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if clear else "L" if image.mode == "1" else "RGB")


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """Return an image with the colours of the web."""
    from PIL import ImageCms

    mode = "RGBA" if image.mode == "RGBA" else "L" if image.mode == "L" else "RGB"
    if profile and mode != "L":
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                image = _transformed(image, source)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # the profile is damaged or of other colours
    return image if image.mode == mode else image.convert(mode)


def _transformed(image: Image.Image, source: Any) -> Image.Image:
    from PIL import ImageCms

    target = ImageCms.createProfile("sRGB")
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    base = image.convert("RGB") if alpha else image
    found = ImageCms.profileToProfile(base, source, target, outputMode="RGB")
    assert found is not None
    if alpha:
        found.putalpha(alpha)
    return found


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    from PIL import Image

    if image.size == size:
        return image
    scaled = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    scaled.info = image.info
    return scaled


def _encoded(image: Image.Image, variant: Variant) -> bytes:
    if variant.format == "PNG":
        if image.info.get("palette"):
            image = image.quantize(256, method=2 if image.mode == "RGBA" else 0)
        return _saved(image, "PNG", optimize=True)
    if variant.format == "WebP":
        made = _saved(image, "WEBP", quality=variant.quality, method=4)
        if image.info.get("drawn"):
            exact = _saved(image, "WEBP", lossless=True, quality=60, method=4)
            return min(exact, made, key=len)
        return made
    if variant.format == "AVIF":
        quality = max(1, variant.quality - _AVIF_LESS)
        return _saved(image, "AVIF", quality=quality, speed=6, max_threads=1)
    return _saved(image, "JPEG", quality=variant.quality, optimize=True, progressive=True)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    made = BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()
