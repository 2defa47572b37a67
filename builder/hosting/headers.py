"""A file's address -> what a server says of it: its type, how long it may be kept, what a page may
load and run."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

# By the end of a file's name. The system's own list differs from machine to machine.
TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "application/xml",
    ".xsl": "application/xslt+xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".graphml": "application/graphml+xml",
    ".json": "application/json",
    ".map": "application/json",
    ".jsonld": "application/ld+json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
UNKNOWN = "application/octet-stream"
FEED = "application/rss+xml; charset=utf-8"  # of every feed.xml (RSS 2.0)

# How long a copy may be kept (RFC 9111; `immutable` is RFC 8246).
ASSETS = "public, max-age=31536000, immutable"  # their names change with their content
FEEDS = "public, max-age=300"  # seconds: readers ask often, and news may be five minutes late
PAGES = "public, no-cache"  # kept, and asked about each time


def type_of(name: str) -> str:
    """The content type of a file, by its name alone."""
    return TYPES.get(PurePosixPath(name).suffix.lower(), UNKNOWN)


class Hosted(NamedTuple):
    """What a server has to know of a site. `redirects` are pairs of addresses."""

    base_url: str
    policy: str
    redirects: tuple[tuple[str, str], ...]

    @property
    def base_path(self) -> str:
        """The path that the site lives below, with a slash at both ends."""
        return f"{urlsplit(self.base_url).path.rstrip('/')}/"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What is said of every file: browsers take the type for what it is, other sites learn from
        which site a reader comes and not from which page, and a page does what it is made for."""
        return (
            ("Content-Security-Policy", self.policy),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ("X-Content-Type-Options", "nosniff"),
        )


# --- what a page may do ------------------------------------------------------------------------

_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"\btype\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
_RUN = ("", "module", "text/javascript", "application/javascript")  # other types are only data
_DYNAMIC = ("{{", "{%", "{#")


def inline_digests(sources: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The scripts and style sheets that stand in templates, as a policy names them: `script` or
    `style`, and the digest. What a template fills in differs from page to page and has none."""
    found = set()
    for source in sources:
        for element, attributes, text in _INLINE.findall(source.replace("\r\n", "\n")):
            kind = element.lower()
            written = _TYPE.search(attributes)
            data = kind == "script" and (written[1].lower() if written else "") not in _RUN
            if data or not text.strip() or any(mark in text for mark in _DYNAMIC):
                continue
            digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
            found.add((kind, f"'sha256-{digest}'"))
    return tuple(sorted(found))


def content_policy(
    inline: Iterable[tuple[str, str]], assets: Iterable[str], trusted: Sequence[str] = ()
) -> str:
    """The Content-Security-Policy (W3C, CSP Level 3) with the least that pages need: pictures,
    sound and style sheets of the site itself, scripts and fonts where there are any, what stands in
    templates, and what comes from sites that are trusted. Nothing may frame a page."""
    inline, names = tuple(inline), tuple(assets)
    digests = {kind: [d for k, d in inline if k == kind] for kind in ("script", "style")}
    scripted = any(name.endswith((".js", ".mjs")) for name in names)
    own = ["'self'"] if scripted else []
    directives = [
        ("default-src", ["'none'"]),
        ("script-src", [*own, *digests["script"], *trusted]),
        ("style-src", ["'self'", *digests["style"]]),
        ("img-src", ["'self'", *trusted]),
        ("media-src", ["'self'"]),
        ("font-src", ["'self'"] if any(".woff" in name for name in names) else []),
        # Scripts of the site may read its data: a search does.
        ("connect-src", [*own, *trusted]),
        ("base-uri", ["'none'"]),
        ("form-action", ["'none'"]),
        ("frame-ancestors", ["'none'"]),
    ]
    return "; ".join(f"{name} {' '.join(allowed)}" for name, allowed in directives if allowed)
