"""Check redirects: addresses that no page can serve, and collisions of files and folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from builder.check.context import PageContext
from builder.content.config import FILE
from builder.diagnostics.diagnostic import Finding, Place
from builder.names.keys import as_read
from builder.site.site import Redirect, Site


def check_served(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield redirects that only a server can make, if none does."""
    hosting = site.config.settings.hosting
    for redirect in site.redirects:
        query = "?" in redirect.address
        if (
            redirect.by_page
            or redirect.copies_feed
            or (hosting and not (query and hosting == "cloudflare"))
        ):
            continue
        what = "has a query" if query else "is not that of a page"
        message = f"no page can redirect `{as_read(redirect.address)}`, which {what}"
        hint = "set `hosting` in site.yaml, so that the server redirects it, or leave it out"
        if hosting:
            message = (
                f"Cloudflare Pages cannot redirect `{as_read(redirect.address)}`, which {what}"
            )
            hint = "leave it out"
        at = _place(site, redirect)
        yield redirect.path, Finding(at, "unserved-redirect", message, hint)


def _place(site: Site, redirect: Redirect) -> Place | str:
    """Return where a redirect is declared: in site.yaml or a record."""
    is_config = redirect.path == FILE
    return site.config.places.get(redirect.at, Place()) if is_config else redirect.at


def check_redirects(context: PageContext) -> Iterator[tuple[str, Finding]]:
    """Yield redirects that collide with files, folders or each other.

    `check_addresses` reports pages that have the same address."""
    redirects = context.site.redirects
    files = {page.path.casefold() for page in context.planned}
    files |= {name.removeprefix("/").casefold() for name in context.files}
    served: dict[str, Redirect] = {}
    for redirect in redirects:
        if redirect.by_page or redirect.copies_feed:
            continue
        first = served.setdefault(redirect.address.casefold(), redirect)
        owner = ""
        if first is not redirect:
            owner = first.path
        elif as_read(redirect.address).removeprefix("/").casefold() in files:
            owner = "a file of the site"
        if owner:
            message = f"the address {as_read(redirect.address)} is taken by {owner}"
            hint = "remove it" if owner == redirect.path else "remove it from one of them"
            at = _place(context.site, redirect)
            yield redirect.path, Finding(at, "duplicate-address", message, hint)
    yield from _inside_files(context.site, files)


def _inside_files(site: Site, files: set[str]) -> Iterator[tuple[str, Finding]]:
    """Yield redirects below an address at which there is a file."""
    for redirect in site.redirects:
        if not redirect.by_page or redirect.in_folder:
            continue
        page = as_read(redirect.address).removeprefix("/")
        page += "index.html" * page.endswith("/")
        for folder in PurePosixPath(page).parents:
            if folder.as_posix().casefold() in files:
                message = f"`{as_read(redirect.address)}` is below /{folder}, which is a file"
                hint = "remove one of the two addresses: no host can serve both"
                at = _place(site, redirect)
                yield redirect.path, Finding(at, "duplicate-address", message, hint)
                break
