"""The public URL -> whether readers get the release that was sent.

Requests the stamp, the front page, the newest brief, the feeds, an asset, a redirect and a page
that does not exist."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from builder.deploy.plan import ASSETS
from builder.deploy.release import (
    STAMP,
    Release,
    Stamp,
    describe,
)
from builder.deploy.stages import content_type
from builder.deploy.target import Content
from builder.hosting.headers import FEED_TYPES
from builder.names.keys import as_read
from builder.waiting import within

_TIMEOUT = 15  # seconds without a byte of a response
_DEADLINE = 30  # seconds for a whole response, with redirects
_MAX_RESPONSE = 8 << 20  # bytes of a response that are read
_MAX_REDIRECT = 4000  # bytes; a page that only redirects is smaller


class LiveResponse(NamedTuple):
    """A server's response. `url` is the address after redirects."""

    status: int  # 0 if there was no response; then `data` says why
    url: str
    type: str  # Content-Type
    cache: str  # Cache-Control
    data: bytes


def fetch(url: str) -> LiveResponse:
    """Return what a URL serves now, past any cache."""
    headers = {"Cache-Control": "no-cache", "User-Agent": "Slugline"}
    try:
        request = urllib.request.Request(ascii_url(url), headers=headers)
        return within(_DEADLINE, lambda: _send(request))
    except (OSError, ValueError, HTTPException) as error:
        return LiveResponse(0, url, "", "", str(getattr(error, "reason", error)).encode())


def _send(request: urllib.request.Request) -> LiveResponse:
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as reply:
            return _response(reply.status, reply.url, reply.headers, reply.read(_MAX_RESPONSE))
    except urllib.error.HTTPError as error:
        with error:
            data = error.read(_MAX_RESPONSE)
            return _response(error.code, request.full_url, error.headers, data)


def ascii_url(url: str) -> str:
    """Return a URL in ASCII (RFC 3987, 3.1).

    It is unchanged if its host cannot be encoded."""
    parts = urlsplit(url)
    try:
        host = parts.netloc.encode("idna").decode()
    except UnicodeError:
        return url
    return urlunsplit(parts._replace(netloc=host, path=quote(parts.path, safe="/%:@!$&'()*+,;=~")))


def _response(status: int, url: str, headers: object, data: bytes) -> LiveResponse:
    def header(name: str) -> str:
        return str(getattr(headers, "get")(name, "") or "").lower()  # noqa: B009

    return LiveResponse(status, url, header("Content-Type"), header("Cache-Control"), data)


def wait_for(url: str, release: Release, timeout: float) -> str:
    """Return what is wrong with the stamp after a while, or nothing.

    Requests the stamp until it is that of the release: hosts and caches take a while to serve a
    new one. `timeout` is in seconds."""
    deadline, pause = time.monotonic() + timeout, 0.2
    while True:
        response = fetch(f"{url}/{STAMP}")
        problem = _stamp_problem(response, release)
        if not problem or time.monotonic() + pause > deadline:
            return problem
        time.sleep(pause)
        pause = min(pause * 2, 10)


def _stamp_problem(response: LiveResponse, release: Release) -> str:
    if response.status != 200:
        return f"/{STAMP}: {_status(response)}"
    try:
        stamp = msgspec.json.decode(response.data, type=Stamp)
    except (msgspec.MsgspecError, ValueError):
        return f"/{STAMP}: not the file that was sent"
    return "" if stamp.release == release.id else f"/{STAMP}: still that of release {stamp.release}"


def differences(url: str, release: Release, content: Content) -> Iterator[str]:
    """Yield every difference between what was sent and what readers get.

    Each begins with an address. `content` returns the local file of a path."""
    files = release.files
    for path in _samples(release):
        address = f"/{path.removesuffix('index.html')}"
        response = fetch(url + quote(address))
        if response.status != 200:
            yield f"{address}: {_status(response)}"
        elif describe(response.data).digest != files[path].digest:
            yield f"{address}: the content differs from what was sent"
        elif problem := _header_problem(path, response):
            yield f"{address}: {problem}"
    yield from _check_without_slash(url, release)
    if path := _redirect(release, content):
        response = fetch(f"{url}/{path.removesuffix('index.html')}")
        if response.status != 200:
            yield f"/{path.removesuffix('index.html')} (a redirect): {_status(response)}"
    yield from _check_missing(url, release)


def _samples(release: Release) -> Iterator[str]:
    """Yield the front page, the newest brief, the feed in each format, and an asset."""
    newest = max(release.items.values(), key=lambda item: item.published, default=None)
    found = ["index.html", *FEED_TYPES]
    if newest:
        found.append(f"{as_read(newest.url.removeprefix(release.site)).strip('/')}/index.html")
    found += [path for path in release.files if path.startswith(ASSETS)][:1]
    yield from (path for path in found if path in release.files)


def _header_problem(path: str, response: LiveResponse) -> str:
    """Return what is wrong with the headers of a file, or nothing."""
    expected = "html" if path.endswith(".html") else ""
    if content_type(path):
        expected = "json" if path.endswith(".json") else "xml"
    if expected not in response.type:
        return f"served as `{response.type}`" if response.type else "served without a type"
    if not path.startswith(ASSETS) and "immutable" in response.cache:
        return f"browsers never request it again (`Cache-Control: {response.cache}`)"
    return ""


def _check_without_slash(url: str, release: Release) -> Iterator[str]:
    pages = [path for path in release.pages if path.endswith("/index.html")]
    if pages:
        address = f"/{pages[0].removesuffix('/index.html')}"
        response = fetch(url + quote(address))
        if response.status != 200:
            yield f"{address} (without the trailing slash): {_status(response)}"


def _redirect(release: Release, content: Content) -> str:
    """Return a page that only redirects, or an empty string."""
    for path, file in release.files.items():
        if file.size < _MAX_REDIRECT and path.endswith("/index.html"):
            try:
                data = content(path).read_bytes()
            except OSError:
                continue
            if b'http-equiv="refresh"' in data:
                return path
    return ""


def _check_missing(url: str, release: Release) -> Iterator[str]:
    address = f"/no-such-page-{release.id}/"
    response = fetch(url + address)
    if response.status != 404:
        yield f"{address} (a page that does not exist): {_status(response)} instead of 404"
    elif "404.html" in release.files and (
        describe(response.data).digest != release.files["404.html"].digest
    ):
        yield f"{address} (a page that does not exist): a page other than the site's 404.html"


def _status(response: LiveResponse) -> str:
    if not response.status:
        return f"no response ({response.data.decode('utf-8', 'replace')})"
    return f"status {response.status}"
