"""A deploy that has ended -> those who want to know: a WebSub hub hears of feeds, search engines
hear of pages (IndexNow)."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from http.client import HTTPException
from urllib.parse import urlencode, urlsplit

from builder.deploy.feeds import is_feed
from builder.deploy.plan import DeployPlan
from builder.deploy.release import Release
from builder.deploy.verify import as_sent
from builder.model.settings import TargetSettings as Settings

INDEX_NOW = "https://api.indexnow.org/indexnow"
_TIMEOUT = 15  # seconds
_MOST = 10_000  # addresses in one message (indexnow.org)


def news_of(plan: DeployPlan) -> tuple[str, ...]:
    """The paths of pages and feeds that a plan changes, and of pages that go with it."""
    pages = (path for path in plan.removed if path.endswith(".html"))
    changed = (p for p in (*plan.added, *plan.changed) if is_feed(p) or p.endswith(".html"))
    return tuple(sorted((*changed, *pages)))


def notify(
    news: Collection[str],
    release: Release,
    settings: Settings,
    site: str,
    engines: str = INDEX_NOW,
) -> Iterator[tuple[str, str]]:
    """Who was told of pages and feeds that changed until a release, and what went wrong, or
    nothing."""
    site = as_sent(site)
    feeds = [f"{site}/{path}" for path in news if is_feed(path) and path in release.files]
    if settings.hub and feeds:
        body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)])
        form = "application/x-www-form-urlencoded"
        yield str(settings.hub), _post(settings.hub, body.encode(), form)
    pages = [path for path in news if path.endswith(".html")]
    if settings.index_now and pages:
        message = {
            "host": urlsplit(site).netloc,
            "key": settings.index_now,
            "keyLocation": f"{site}/{settings.index_now}.txt",
            "urlList": [f"{site}/{path.removesuffix('index.html')}" for path in pages[:_MOST]],
        }
        yield engines, _post(engines, json.dumps(message).encode(), "application/json")


def _post(url: str, body: bytes, form: str) -> str:
    headers = {"Content-Type": form, "User-Agent": "Slugline"}
    request = urllib.request.Request(as_sent(url), body, headers)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return f"status {error.code}"
    except (OSError, ValueError, HTTPException) as error:
        return str(getattr(error, "reason", error))
