"""site.yaml: the formats and identifiers of feeds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.values import Line

FeedFormat = Literal["rss", "atom", "json"]


class FeedSettings(Struct, frozen=True, kw_only=True):
    """The formats of feeds, and what their identifiers are made of.

    All formats have the same items, so a site whose readers use one needs no other."""

    formats: Annotated[
        tuple[FeedFormat, ...],
        "The formats: `rss` (feed.xml), `atom` (feed.atom) and `json` (feed.json). Pages name the"
        " first one for the feed of the whole site.",
    ] = ("rss", "atom", "json")
    ids: Annotated[
        Line,
        "A domain and a year in which it was yours, of which Atom identifiers are made (RFC 4151)."
        " Set it before the site moves to another domain, and feed readers will not see old stories"
        " as new. Default: the domain of `base_url` and `2025`.",
    ] = Line("")
