"""Redirects from the form of an address that the other setting of `slugs` gives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from builder.model.author import Author
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.settings import Section, Settings
from builder.model.watchlist import Watchlist
from builder.names.keys import in_address, shorten_slug, slug_of_name, slugify
from builder.site.site import Redirect

Addressed = (
    Outline | Company | Topic | Thread | Person | Publisher | PlainPage
    | Section | Author | Watchlist
)  # fmt: skip


def other_redirects(
    settings: Settings, records: Sequence[Addressed], taken: Iterable[str]
) -> Iterator[Redirect]:
    """Yield redirects from the other form of each address, as `slugs` asks.

    An address that is `taken`, that of a record, or one of two records redirects to none."""
    if settings.slugs is None:
        return
    other: Callable[[Addressed], str]
    other = _transliterated if settings.slugs == "unicode" else _in_unicode
    found: list[tuple[str, str, str]] = []
    for record in records:
        slug, url = other(record), _url(record)
        if slug and url:
            folder = url[: url.rindex("/", 0, -1) + 1]
            found.append((f"{folder}{in_address(slug)}/", url, getattr(record, "path", "")))
    times = Counter(address for address, _, _ in found)
    owned = {*taken, *map(_url, records)}
    for address, url, path in found:
        if times[address] == 1 and address not in owned:
            yield Redirect(address, url, path, "slug")


def _transliterated(record: Addressed) -> str:
    slug = str(record.slug)
    return "" if slug.isascii() else slugify(slug)


def _in_unicode(record: Addressed) -> str:
    """Return the slug in Unicode of what a record is called, if its own slug comes from that."""
    called = getattr(record, "name", "") or getattr(record, "title", "")
    if called.isascii() or not record.slug.isascii():
        return ""
    for slug in (slug_of_name(called, "unicode"), slugify(called, "unicode")):
        whole, short = slugify(slug), slugify(shorten_slug(slug))
        if not slug.isascii() and record.slug in (whole, short, shorten_slug(whole)):
            return slug if record.slug == whole else shorten_slug(slug)
    return ""


def _url(record: Addressed) -> str:
    return record.page if isinstance(record, Author) else record.url
