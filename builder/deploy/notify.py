"""The files that a deploy changed -> notifications: WebSub for feeds, IndexNow for pages."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from http.client import HTTPException
from urllib.parse import urlencode, urlsplit

from builder.deploy.plan import DeployPlan
from builder.deploy.release import Release
from builder.deploy.verify import ascii_url
from builder.hosting.headers import is_feed
from builder.model.targets import TargetSettings as Settings
from builder.site.history_facts import is_history_page
from builder.waiting import within

INDEX_NOW = "https://api.indexnow.org/indexnow"
_TIMEOUT = 15  # seconds without a byte of a response
_DEADLINE = 30  # seconds for a whole response
_MAX_URLS = 10_000  # in one request (indexnow.org)


def changed_paths(plan: DeployPlan) -> tuple[str, ...]:
    """Return the pages and feeds that a plan changes.

    Removed pages are among them, removed feeds are not."""
    pages = (path for path in plan.removed if _is_listed(path))
    changed = (p for p in (*plan.added, *plan.changed) if is_feed(p) or _is_listed(p))
    return tuple(sorted((*changed, *pages)))


def _is_listed(path: str) -> bool:
    """Return whether search engines may list a page: not the history of a brief."""
    return path.endswith(".html") and not is_history_page(path)


def notify(
    paths: Collection[str],
    release: Release,
    settings: Settings,
    site: str,
    index_now: str = INDEX_NOW,
) -> Iterator[tuple[str, str]]:
    """Send the notifications of a release; a preview has none.

    Yields the URL of each recipient and what went wrong (an empty string if nothing did)."""
    if settings.preview:
        return
    site = ascii_url(site)
    feeds = [f"{site}/{path}" for path in paths if is_feed(path) and path in release.files]
    if settings.hub and feeds:
        body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)])
        form = "application/x-www-form-urlencoded"
        yield str(settings.hub), _post(settings.hub, body.encode(), form)
    pages = [path for path in paths if path.endswith(".html")]
    if settings.index_now and pages:
        message = {
            "host": urlsplit(site).netloc,
            "key": settings.index_now,
            "keyLocation": f"{site}/{settings.index_now}.txt",
            "urlList": [f"{site}/{path.removesuffix('index.html')}" for path in pages[:_MAX_URLS]],
        }
        yield index_now, _post(index_now, json.dumps(message).encode(), "application/json")


def _post(url: str, body: bytes, content_type: str) -> str:
    headers = {"Content-Type": content_type, "User-Agent": "Slugline"}
    request = urllib.request.Request(ascii_url(url), body, headers)

    def send() -> str:
        with urllib.request.urlopen(request, timeout=_TIMEOUT):
            return ""

    try:
        return within(_DEADLINE, send)
    except urllib.error.HTTPError as error:
        with error:
            return f"status {error.code}"
    except (OSError, ValueError, HTTPException) as error:
        return str(getattr(error, "reason", error))
