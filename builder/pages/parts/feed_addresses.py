"""The addresses of feeds: one file for each format, in the folder of what the feed follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from builder.content.urls import host_of, split_address
from builder.hosting.headers import FEED_TYPES
from builder.model.feeds import FeedFormat
from builder.model.settings import Settings
from builder.pages.page import FeedLink, Link

FILES: Mapping[FeedFormat, str] = MappingProxyType(
    {"rss": "feed.xml", "atom": "feed.atom", "json": "feed.json"}
)
NAMES: Mapping[FeedFormat, str] = MappingProxyType(
    {"rss": "RSS", "atom": "Atom", "json": "JSON"}  # as readers know them
)
_YEAR = 2025  # of the identifiers of a site that names none


def formats_of(settings: Settings) -> tuple[FeedFormat, ...]:
    """Return the formats of the site's feeds, each once."""
    return tuple(dict.fromkeys(settings.feeds.formats))


def feed_url(settings: Settings, folder: str) -> str:
    """Return the address of a feed in the site's first format."""
    return f"{folder}{FILES[formats_of(settings)[0]]}"


def feed_links(settings: Settings, feed: Link) -> tuple[FeedLink, ...]:
    """Return a feed in every format of the site.

    `feed` has its name and the address of its folder."""
    return tuple(
        FeedLink(NAMES[form], media_type(form), feed.name, f"{feed.url}{FILES[form]}")
        for form in formats_of(settings)
    )


def media_type(form: FeedFormat) -> str:
    """Return the media type of a format, without parameters."""
    return FEED_TYPES[FILES[form]].partition(";")[0]


def tag(settings: Settings, name: str) -> str:
    """Return a permanent identifier of this site, a tag URI (RFC 4151).

    Its part before the name is `feeds.ids` of site.yaml, so that it can survive a new domain. By
    default it is that of the domain; the path of `base_url` then tells apart the feeds, named by
    their addresses, of two sites of one domain."""
    if settings.feeds.ids:
        return f"tag:{settings.feeds.ids}:{name}"
    parts = split_address(settings.base_url)
    path = parts.path.rstrip("/") if parts and name.startswith("/") else ""
    return f"tag:{host_of(settings.base_url)},{_YEAR}:{path}{name}"
