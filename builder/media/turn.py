"""Turns the pixels of a picture upright, which its metadata no longer can."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

from builder.media.credit import to_xmp
from builder.media.picture import MOST_PIXELS, BadPictureError, CleanPicture


def turn(picture: CleanPicture) -> bytes:
    """Return the file of a picture with its pixels upright.

    The compression is as before: the same quality, and none is lost where none was."""
    if picture.width * picture.height > MOST_PIXELS:
        millions = round(picture.width * picture.height / 1_000_000)
        raise BadPictureError(
            f"it lies on its side, and {millions} million pixels are too many to turn",
            "scale it down",
        )
    from PIL import Image

    ways = Image.Transpose
    way = {
        2: ways.FLIP_LEFT_RIGHT, 3: ways.ROTATE_180, 4: ways.FLIP_TOP_BOTTOM, 5: ways.TRANSPOSE,
        6: ways.ROTATE_270, 7: ways.TRANSVERSE, 8: ways.ROTATE_90,
    }[picture.orientation]  # fmt: skip
    made = BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(picture.data)) as image:
                image.load()
                kind, options = str(image.format), _options(image, picture)
                image.transpose(way).save(made, kind, **options)
    except Exception:  # whatever a damaged file does to the decoder
        raise BadPictureError("it is damaged") from None
    return made.getvalue()


def _options(image: Any, picture: CleanPicture) -> dict[str, Any]:
    """Return how to save a picture as it was."""
    options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile")}
    if image.format == "JPEG":
        from PIL.JpegImagePlugin import get_sampling

        options |= {"qtables": image.quantization, "optimize": True}
        options["progressive"] = bool(image.info.get("progressive"))
        if (sampling := get_sampling(image)) >= 0:
            options["subsampling"] = sampling
    elif image.format == "PNG":
        options["optimize"] = True
    elif image.format == "WEBP":
        lossless = b"VP8L" in picture.data[:200]
        options |= {"lossless": lossless, "quality": 90, "exact": True}
        if any(picture.credit):
            options["xmp"] = to_xmp(picture.credit)
    return options
