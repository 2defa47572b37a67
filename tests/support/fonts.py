"""The fonts of browser tests: three sets of clearly different widths, the same on every machine.

A reader sees the site in the fonts of their own device. Under a set, the browser has only its
fonts, whatever is installed on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from support.tools import NPM


@dataclass(frozen=True)
class FontSet:
    """Font families, and the npm packages that they are in."""

    sans: str
    serif: str
    mono: str
    packages: tuple[str, ...]

    def folders(self) -> list[Path]:
        return [NPM / package for package in self.packages]


GOOGLE = "@expo-google-fonts"
ARCHIVO = "Archivo Narrow"

FONTS = {
    "wide": FontSet("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", ("dejavu-fonts-ttf",)),
    # The metrics of Arial and Times New Roman.
    "medium": FontSet("Arimo", "Tinos", "Arimo", (f"{GOOGLE}/arimo", f"{GOOGLE}/tinos")),
    "narrow": FontSet(ARCHIVO, ARCHIVO, ARCHIVO, (f"{GOOGLE}/archivo-narrow",)),
}


def write_fontconfig(fonts: FontSet, folder: Path) -> Path:
    """Writes a `fonts.conf` with only these fonts; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    generic = {
        "sans-serif": fonts.sans,
        "sans": fonts.sans,
        "system-ui": fonts.sans,
        "serif": fonts.serif,
        "monospace": fonts.mono,
    }
    lines = [f"<dir>{escape(str(path))}</dir>" for path in fonts.folders()]
    lines.append(f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>")
    lines += [
        f'<alias binding="same"><family>{name}</family>'
        f"<prefer><family>{family}</family></prefer></alias>"
        for name, family in generic.items()
    ]
    # Any other name is the sans too: without this rule, fontconfig takes any of the fonts.
    lines.append(
        '<match><edit name="family" mode="append_last" binding="strong">'
        f"<string>{fonts.sans}</string></edit></match>"
    )
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        "<fontconfig>\n" + "".join(f"  {line}\n" for line in lines) + "</fontconfig>\n",
        "utf-8",
    )
    return file
