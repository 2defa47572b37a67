"""site.yaml: mistakes in the settings of feeds, and the hub of the site and its targets."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Finding
from builder.model.settings import Settings
from builder.model.values import Url
from builder.patterns import pattern

# A domain and a date, in the form that a tag URI has (RFC 4151, 2.1).
_AUTHORITY = pattern(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def check_feeds(settings: Settings) -> Iterator[Finding]:
    """Yield the mistakes in the settings of feeds."""
    feeds = settings.feeds
    if not feeds.formats:
        message = "`formats` is empty, but readers of a site need a feed"
        hint = "write at least one of `rss`, `atom` and `json`"
        yield Finding("feeds.formats#", "invalid-choice", message, hint)
    if feeds.ids and not _AUTHORITY.fullmatch(feeds.ids):
        message = f"`{feeds.ids}` is not a domain and a year"
        yield Finding("feeds.ids", "invalid-id", message, "write it as in `news.example,2025`")


def with_hub(settings: Settings) -> Settings:
    """Return the settings with one hub for feeds and deploys.

    A target may name it instead of the site, as it did before feeds had it."""
    targets = settings.deploy
    public = (target.hub for target in targets.values() if not target.preview)
    hub = settings.hub or next(filter(None, public), Url(""))
    if not hub:
        return settings
    told = {name: replace(t, hub=t.hub or hub) for name, t in targets.items()}
    return replace(settings, hub=hub, deploy=told)
