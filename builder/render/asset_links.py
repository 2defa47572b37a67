"""The files that templates name: `/assets/NAME`, `asset("NAME")` and `/media/NAME`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from builder.render.css import CssLink, replace_links

_COMMENT = r"\{#.*?#\}|\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}"
_INSIDE = r"\{\{.*?\}\}|\{%.*?%\}"  # an expression in an attribute may have quotation marks
# The attributes of HTML whose value is an address, or several.
_ATTRIBUTES = "href|src|srcset|imagesrcset|poster"
_PLACES = re.compile(
    rf"{_COMMENT}"
    rf"|(?<![\w-])(?:{_ATTRIBUTES})\s*=\s*(?:\"(?:{_INSIDE}|[^\"])*\"|'(?:{_INSIDE}|[^'])*')"
    rf"|<style\b[^>]*>(?P<style>.*?)</style\s*>"
    rf"|(?P<inside>{_INSIDE})",
    re.DOTALL | re.IGNORECASE,
)
_NAMED = ("/assets/", "/media/", "asset(")  # most templates have none of these
_ADDRESS = re.compile(r"(?<![^\s\"',=}])/(?P<folder>assets|media)/(?P<name>[^\s\"'<>{}?#,]+)")
_CALL = re.compile(r"\basset\(\s*(?P<quote>[\"'])(?P<name>[^\"'{}\n]*)(?P=quote)\s*\)")
_SCRIPT = re.compile(
    r"<script\b(?P<before>[^>]*?)\bsrc\s*=\s*(?P<quote>[\"'])/assets/(?P<name>[^\"'{}?#]+)(?P=quote)",
    re.IGNORECASE,
)


class NamedFile(NamedTuple):
    """A file that a template names, with its place in the text."""

    folder: str  # assets or media
    name: str
    start: int
    width: int


class AssetAddress(NamedTuple):
    """The address of a published asset, and the digest of a script (W3C, SRI)."""

    url: str
    integrity: str = ""


def named_files(text: str) -> list[NamedFile]:
    """Return the files that a template makes pages load."""
    found: list[NamedFile] = []

    def note(file: NamedFile) -> None:
        found.append(file)

    _visit(text, note)
    return found


def link_assets(text: str, assets: Mapping[str, AssetAddress]) -> str:
    """Return a template with the published addresses of its assets.

    A script of the site also gets its digest, by which the content security policy admits it. Names
    of missing files stay, and so do all line breaks."""

    def published(file: NamedFile) -> str | None:
        found = assets.get(file.name) if file.folder == "assets" else None
        return found.url if found else None

    text = _SCRIPT.sub(lambda m: _with_integrity(m, assets), text)
    return _visit(text, published)


def _with_integrity(script: re.Match[str], assets: Mapping[str, AssetAddress]) -> str:
    found = assets.get(unquote(script["name"]))
    if found is None or not found.integrity:
        return script[0]
    return script[0].replace("<script", f'<script integrity="{found.integrity}"', 1)


_Change = Callable[[NamedFile], str | None]


def _visit(text: str, change: _Change) -> str:
    """Return a text in which `change` has replaced the names of files.

    It returns the new address of each, or None."""

    def addresses(part: str, start: int) -> str:
        def one(found: re.Match[str]) -> str:
            width = len(found[0])
            name = unquote(found["name"])
            file = NamedFile(found["folder"].lower(), name, start + found.start(), width)
            return change(file) or found[0]

        return _ADDRESS.sub(one, part)

    def calls(part: str, start: int) -> str:
        def one(found: re.Match[str]) -> str:
            file = NamedFile("assets", found["name"], start + found.start(), len(found[0]))
            url = change(file)
            return f"{found['quote']}{url}{found['quote']}" if url else found[0]

        return _CALL.sub(one, part)

    def place(found: re.Match[str]) -> str:
        whole, start = found[0], found.start()
        if whole.startswith("{#") or re.match(r"\{%-?\s*raw\b", whole):
            return whole
        if found["inside"]:
            return calls(whole, start)
        if (style := found["style"]) is not None:
            at = found.start("style")

            def link(css: CssLink) -> str:
                return addresses(css.address, at + css.start)

            changed = replace_links(style, link)
            return whole[: at - start] + changed + whole[at - start + len(style) :]
        return calls(addresses(whole, start), start)

    return _PLACES.sub(place, text) if any(name in text for name in _NAMED) else text
