"""The addresses of a rendered page, adapted to its location.

Templates write `href="/x/"`, as for a site at the root of its host.
"""

from __future__ import annotations

from builder.pages.page import Page

# Where templates write addresses of this site: in attributes that end so, and in the refresh of a
# redirect. Text cannot match, because its quotation marks are escaped.
_ATTRIBUTES = ("href", "src", "srcset", "poster", "action")
_SETS = "srcset"  # has several addresses, each after a comma and a space
_REFRESH = 'content="0; url='


def place_addresses(page: Page, text: str, base_url: str, base_path: str) -> str:
    """Return text with the site's addresses relative, absolute, or prefixed."""
    if page.addresses == "none":
        return text
    if page.addresses == "absolute":
        prefix = f"{base_url}/"
    elif page.addresses == "path":
        prefix = base_path
    else:
        prefix = "../" * page.url.count("/", 1) or "./"
    return with_prefix(text, prefix)


def with_prefix(text: str, prefix: str) -> str:
    """Return text in which the site's addresses begin with a prefix."""
    if f"{_REFRESH}/" in text:
        text = text.replace(f"{_REFRESH}/", f"{_REFRESH}{prefix}")
    # In one pass, since a page is long and has many addresses.
    fitting = f'="{prefix}'
    pieces: list[str] = []
    several = False
    for part in text.split('="/'):
        if several:
            value, quote, rest = part.partition('"')
            part = f"{value.replace(', /', f', {prefix}')}{quote}{rest}"
        several = part.endswith(_SETS)
        pieces += (part, fitting if part.endswith(_ATTRIBUTES) else '="/')
    return "".join(pieces[:-1])
