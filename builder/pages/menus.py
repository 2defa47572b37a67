"""The menu and the footer of a site that has none of its own: every kind of page that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from builder.language.words import message
from builder.model.editions import MenuItem
from builder.pages.page import Link
from builder.site.view import View

# The kinds of page in the order of the menu, and those in the footer.
MENU: Mapping[str, str] = {
    "/companies/": message("Companies"),
    "/topics/": message("Topics"),
    "/threads/": message("Threads"),
    "/digests/": message("Digests"),
    "/watchlists/": message("Watchlists"),
    "/archive/": message("Archive"),
}
FOOTER: Mapping[str, str] = {
    "/sources/": message("Sources"),
    "/corrections/": message("Corrections"),
    "/people/": message("People"),
    "/authors/": message("Authors"),
    "/numbers/": message("Numbers"),
    "/relations/": message("Relations"),
    "/calendar/": message("Calendar"),
    "/expected/": message("Expected"),
    "/record/": message("Data"),
    "/feeds/": message("Feeds"),
}


def menu_links(view: View) -> tuple[Link, ...]:
    """Return the links of the menu after the sections."""
    return _links(view.settings.menu, lambda: _existing(view, MENU))


def footer_links(view: View) -> tuple[Link, ...]:
    """Return the links of the footer."""

    def usual() -> tuple[Link, ...]:
        own = (Link(title, url) for title, url in view.plain_pages() if url not in FOOTER)
        return (*own, *_existing(view, FOOTER))

    return _links(view.settings.footer, usual)


def _links(
    written: tuple[MenuItem, ...], usual: Callable[[], tuple[Link, ...]]
) -> tuple[Link, ...]:
    return tuple(Link(item.name, item.url) for item in written) or usual()


def _existing(view: View, names: Mapping[str, str]) -> tuple[Link, ...]:
    present = view.index_pages()
    words = view.words(view.settings.language)
    return tuple(Link(words.key(name), url) for url, name in names.items() if url in present)
