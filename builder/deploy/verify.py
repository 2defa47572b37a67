"""The address that readers use -> whether they get the release that was sent: its stamp, the front
page, the newest brief, the feed, an asset, a redirect, and what there is not."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from builder.deploy.feeds import NAME as FEED
from builder.deploy.plan import ASSETS
from builder.deploy.release import (
    STAMP,
    Release,
    Stamp,
    describe,
)
from builder.deploy.stages import type_of
from builder.deploy.target import Content

_TIMEOUT = 15  # seconds for an answer
_MOST = 8 << 20  # bytes that are read of an answer
_SMALL = 4000  # bytes; a page that only leads elsewhere has fewer


class LiveResponse(NamedTuple):
    """What a server said: its status, the address after redirects, the type, how long the answer
    may be kept, and the bytes."""

    status: int
    url: str
    type: str
    cache: str
    data: bytes


def ask(url: str) -> LiveResponse:
    """What is served at an address now. An answer that never came has the status 0."""
    fresh = {"Cache-Control": "no-cache", "User-Agent": "Slugline"}
    try:
        return _ask(urllib.request.Request(as_sent(url), headers=fresh))
    except (OSError, ValueError, HTTPException) as error:
        return LiveResponse(0, url, "", "", str(getattr(error, "reason", error)).encode())


def _ask(request: urllib.request.Request) -> LiveResponse:
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return _answer(answer.status, answer.url, answer.headers, answer.read(_MOST))
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, request.full_url, error.headers, error.read(_MOST))


def as_sent(url: str) -> str:
    """An address as it is written in a request: in ASCII (RFC 3987, 3.1). One whose host cannot be
    written so stays as it is."""
    parts = urlsplit(url)
    try:
        host = parts.netloc.encode("idna").decode()
    except UnicodeError:
        return url
    return urlunsplit(parts._replace(netloc=host, path=quote(parts.path, safe="/%:@!$&'()*+,;=~")))


def _answer(status: int, url: str, headers: object, data: bytes) -> LiveResponse:
    def of(name: str) -> str:
        return str(getattr(headers, "get")(name, "") or "")  # noqa: B009

    return LiveResponse(status, url, of("Content-Type").lower(), of("Cache-Control").lower(), data)


def wait_for(url: str, release: Release, patience: float) -> str:
    """Ask for the stamp until it is that of the release; what is wrong in the end, or nothing.
    Hosts and their caches may take a while."""
    until, pause = time.monotonic() + patience, 0.2
    while True:
        answer = ask(f"{url}/{STAMP}")
        said = _said(answer, release)
        if not said or time.monotonic() + pause > until:
            return said
        time.sleep(pause)
        pause = min(pause * 2, 10)


def _said(answer: LiveResponse, release: Release) -> str:
    if answer.status != 200:
        return f"/{STAMP}: {_status(answer)}"
    try:
        stamp = msgspec.json.decode(answer.data, type=Stamp)
    except (msgspec.MsgspecError, ValueError):
        return f"/{STAMP}: it is not the one that was sent"
    return "" if stamp.release == release.id else f"/{STAMP}: it is of release {stamp.release} yet"


def differences(url: str, release: Release, content: Content) -> Iterator[str]:
    """What readers get otherwise than it was sent; each line begins with an address."""
    files = release.files
    for path in _samples(release):
        address = f"/{path.removesuffix('index.html')}"
        answer = ask(url + quote(address))
        if answer.status != 200:
            yield f"{address}: {_status(answer)}"
        elif describe(answer.data).digest != files[path].digest:
            yield f"{address}: other bytes than were sent"
        elif wrong := _wrong_type(path, answer):
            yield f"{address}: {wrong}"
    yield from _without_slash(url, release)
    if path := _redirect(release, content):
        answer = ask(f"{url}/{path.removesuffix('index.html')}")
        if answer.status != 200:
            yield f"/{path.removesuffix('index.html')}, which leads elsewhere: {_status(answer)}"
    yield from _missing(url, release)


def _samples(release: Release) -> Iterator[str]:
    """The front page, the newest brief, the feed and an asset."""
    newest = max(release.items.values(), key=lambda item: item.published, default=None)
    found = ["index.html", FEED]
    if newest:
        found.append(f"{newest.url.removeprefix(release.site).strip('/')}/index.html")
    found += [path for path in release.files if path.startswith(ASSETS)][:1]
    yield from (path for path in found if path in release.files)


def _wrong_type(path: str, answer: LiveResponse) -> str:
    """What a header says that it should not."""
    wanted = "xml" if type_of(path) else "html" if path.endswith(".html") else ""
    if wanted not in answer.type:
        return f"served as `{answer.type or 'nothing'}`"
    if not path.startswith(ASSETS) and "immutable" in answer.cache:
        return f"kept for ever by whoever reads it (`Cache-Control: {answer.cache}`)"
    return ""


def _without_slash(url: str, release: Release) -> Iterator[str]:
    pages = [path for path in release.pages if path.endswith("/index.html")]
    if pages:
        address = f"/{pages[0].removesuffix('/index.html')}"
        answer = ask(url + quote(address))
        if answer.status != 200:
            yield f"{address}, without its last slash: {_status(answer)}"


def _redirect(release: Release, content: Content) -> str:
    """A page that only leads elsewhere, if there is one."""
    for path, file in release.files.items():
        if file.size < _SMALL and path.endswith("/index.html"):
            try:
                data = content(path).read_bytes()
            except OSError:
                continue
            if b'http-equiv="refresh"' in data:
                return path
    return ""


def _missing(url: str, release: Release) -> Iterator[str]:
    address = f"/no-such-page-{release.id}/"
    answer = ask(url + address)
    if answer.status != 404:
        yield f"{address}, which there is not: {_status(answer)} where 404 should be"
    elif "404.html" in release.files and (
        describe(answer.data).digest != release.files["404.html"].digest
    ):
        yield f"{address}, which there is not: another page than the site's own 404.html"


def _status(answer: LiveResponse) -> str:
    if not answer.status:
        return f"no answer ({answer.data.decode('utf-8', 'replace')})"
    return f"status {answer.status}"
