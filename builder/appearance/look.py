"""The look of a site, as templates show it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

# `--paper` and `--wash` in templates/assets/style.css, which text and links stand on.
LIGHT = ("#fbfbf9", "#f1f3ee")
DARK = ("#121513", "#1c211e")


class LogoFile(Struct, frozen=True):
    """A picture of the site's name."""

    url: Annotated[str, "Its address."]
    width: Annotated[int, "The width in pixels, or 0 if unknown."] = 0
    height: Annotated[int, "The height in pixels, or 0 if unknown."] = 0


class IconLink(Struct, frozen=True):
    """A version of the icon that browsers ask for in `<head>`."""

    url: Annotated[str, "Its address."]
    rel: Annotated[str, "icon or apple-touch-icon."]
    type: Annotated[str, "Its media type."] = ""
    sizes: Annotated[str, "Its sizes: 32x32, or any."] = ""


class Look(Struct, frozen=True):
    """The site's logo, icons, style sheets and fonts."""

    logo: Annotated[LogoFile | None, "The logo, if any."] = None
    logo_dark: Annotated[LogoFile | None, "The logo on a dark background, if it differs."] = None
    icons: Annotated[tuple[IconLink, ...], "The versions of the icon."] = ()
    manifest: Annotated[str, "The address of the web manifest, if any."] = ""
    styles: Annotated[tuple[str, ...], "The addresses of the style sheets, in order."] = ()
    fonts: Annotated[tuple[str, ...], "The addresses of fonts that every page needs."] = ()
    colours: Annotated[tuple[str, ...], "The background in light and in dark mode."] = (
        LIGHT[0], DARK[0],
    )  # fmt: skip
