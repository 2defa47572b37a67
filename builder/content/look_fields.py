"""Values of the fields that describe a site's look: names of files, colours."""

from __future__ import annotations

from builder.appearance.colours import read_colour
from builder.diagnostics.misread import Misread

_FOLDERS = ("content/media/", "templates/assets/", "/assets/")


def read_asset_name(text: str) -> str:
    """Return the name of an asset or a media file.

    The latter begins with `/media/`. Raises Misread for anything else."""
    for folder in _FOLDERS:
        if text.startswith(folder) and (name := text.removeprefix(folder)):
            text = f"/media/{name}" if "media" in folder else name
    if (text.startswith("/") and not text.startswith("/media/")) or ".." in text.split("/"):
        hint = "write the name of a file in templates/assets/, or `/media/` and a name there"
        raise Misread("missing-asset", f"`{text}` is not the name of a file of the site", hint)
    return text


def read_hex_colour(text: str) -> str:
    """Return a colour as `#rrggbb`.

    Raises Misread for anything but a hexadecimal one."""
    found = read_colour(text)
    if found is None:
        hint = "write it as in `#0b5c48`, in quotation marks"
        raise Misread("invalid-colour", f"`{text}` is not a hexadecimal colour", hint)
    return found
