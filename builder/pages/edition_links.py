"""Links from a page to the other editions of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from builder.language.language_names import own_name
from builder.model.settings import Settings
from builder.pages.page import EditionLink, Link
from builder.site.edition_names import MAIN, base_of, from_root
from builder.site.view import View

# The hreflang of the page for readers of all other languages (HTML, 4.2.4; RFC 8288).
DEFAULT = "x-default"


def all_editions(
    view: View, url: str, versions: Mapping[str, str] | None = None
) -> tuple[EditionLink, ...]:
    """Return a page in each edition, the main one first.

    Its own edition has no address.

    A brief has `versions`, its addresses by the tags of editions, and `url` is that of a list for
    editions in which it has none."""
    settings = view.settings
    if not settings.editions:
        return ()
    return tuple(_everywhere(view, settings, url, versions))


def _everywhere(
    view: View, settings: Settings, url: str, versions: Mapping[str, str] | None
) -> Iterator[EditionLink]:
    tags = ((MAIN, _main(settings)), *((str(tag), str(tag)) for tag in settings.editions))
    for tag, language in tags:
        name = own_name(language)
        if base_of(settings, tag) == settings.edition:
            yield EditionLink(language, name, "", True)
        elif versions and tag in versions:
            yield EditionLink(language, name, versions[tag], True)
        else:
            nearest, same = view.nearest(tag, url)
            yield EditionLink(language, name, nearest, same and versions is None)


def page_languages(
    settings: Settings, url: str, editions: Sequence[EditionLink]
) -> tuple[Link, ...]:
    """Return a page in all its languages, with absolute addresses (`rel="alternate"`).

    Nothing if no other edition has it."""
    same = [edition for edition in editions if edition.same and edition.url]
    if not same:
        return ()
    found: dict[str, str] = {settings.language: absolute(settings, url)}
    found |= {str(edition.lang): absolute(settings, edition.url) for edition in same}
    ordered = {tag: found[tag] for tag in (_main(settings), *settings.editions) if tag in found}
    default = next(iter(ordered.values()))
    return (*(Link(tag, address) for tag, address in ordered.items()), Link(DEFAULT, default))


def _main(settings: Settings) -> str:
    return settings.main_language or settings.language


def absolute(settings: Settings, url: str) -> str:
    """Return an address on the site as an absolute one."""
    return f"{settings.root_url}{from_root(settings.edition, url)}"
