"""The addresses of a rendered page, adapted to its location.

Templates write `href="/x/"`, as for a site at the root of its host.
"""

from __future__ import annotations

import re
from operator import methodcaller
from urllib.parse import unquote_to_bytes

from builder.names.keys import in_nfc, slugify
from builder.pages.page import Page
from builder.patterns import pattern
from builder.site.edition_names import SHARED

# Where templates write addresses of this site: in attributes that end so, and in the refresh of a
# redirect. Text cannot match, because its quotation marks are escaped.
_ATTRIBUTES = ("href", "src", "srcset", "poster", "action")
_SINGLE = ("href", "src", "poster", "action")  # those of one address
_ends_with_single = methodcaller("endswith", _SINGLE)
_SETS = "srcset"  # has several addresses, each after a comma and a space
_REFRESH = 'content="0; url='
_SHARED = tuple(start[1:] for start in SHARED)


def place_addresses(page: Page, text: str, root_url: str, root_path: str) -> str:
    """Return text with the site's addresses relative, absolute, or prefixed.

    `root_url` and `root_path` are those of the whole site. Addresses of a page of an edition are
    below the edition, except for what all editions share."""
    if page.addresses == "none":
        return text
    if page.addresses == "absolute":
        root = f"{root_url}/"
    elif page.addresses == "path":
        root = root_path
    else:
        up = page.url.count("/", 1)
        if page.base:
            own = "../" * (up - 1)
            return with_prefix(text, own or "./", f"{own}../")
        return with_prefix(text, "../" * up or "./")
    return (
        with_prefix(text, f"{root}{page.base[1:]}/", root) if page.base else with_prefix(text, root)
    )


_LINK = pattern(r'(?<=href=")(?![A-Za-z][A-Za-z0-9+.-]*:|//)[^"]*%[89A-Fa-f][^"]*')
_ENCODED = pattern(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def readable(text: str) -> str:
    """Return HTML whose links within the site are IRIs (RFC 3987)."""
    return _LINK.sub(lambda link: _ENCODED.sub(_decoded, link[0]), text) if "%" in text else text


def _decoded(encoded: re.Match[str]) -> str:
    """Return the letters that percent-encoded bytes stand for; anything else stays as it is."""
    try:
        text = unquote_to_bytes(encoded[0]).decode("utf-8")
    except UnicodeDecodeError:
        return encoded[0]
    return text if in_nfc(text) == text and slugify(text, "unicode") == text else encoded[0]


def with_prefix(text: str, prefix: str, shared: str = "") -> str:
    """Return text in which the site's addresses begin with a prefix.

    Those of what all editions share begin with `shared`, if it is given."""
    if f"{_REFRESH}/" in text:
        text = text.replace(f"{_REFRESH}/", f"{_REFRESH}{prefix}")
    # In one pass, since a page is long and has many addresses.
    fitting = f'="{prefix}'
    apart = f'="{shared}' if shared and shared != prefix else ""
    parts = text.split('="/')
    if not apart and all(map(_ends_with_single, parts[:-1])):
        return fitting.join(parts)
    pieces: list[str] = []
    several = False
    for part in parts:
        if several:
            value, quote, rest = part.partition('"')
            first = shared if apart else prefix  # pictures
            part = f"{value.replace(', /', f', {first}')}{quote}{rest}"
        if pieces and apart and pieces[-1] is fitting and part.startswith(_SHARED):
            pieces[-1] = apart
        several = part.endswith(_SETS)
        pieces += (part, fitting if part.endswith(_ATTRIBUTES) else '="/')
    placed = "".join(pieces[:-1])
    return placed.replace(f"{fitting}../", apart) if apart else placed
