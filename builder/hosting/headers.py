"""A file's name -> its HTTP headers: type, caching, and what a page may load and run."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from builder.patterns import pattern

# By the suffix of a file's name. The system's own list differs from machine to machine.
TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".sqlite": "application/vnd.sqlite3",
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "application/xml",
    ".xsl": "application/xslt+xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".graphml": "application/graphml+xml",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
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
DEFAULT_TYPE = "application/octet-stream"
# The names of feeds with their types (RSS 2.0; RFC 4287; jsonfeed.org/version/1.1). JSON is always
# UTF-8, so its type has no character set (RFC 8259, 11).
FEED_TYPES: Mapping[str, str] = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
}

# Cache-Control (RFC 9111; `immutable` is RFC 8246).
ASSETS = "public, max-age=31536000, immutable"  # their names contain a digest of their content
FEEDS = "public, max-age=300"  # seconds: feed readers poll often, and news may be five minutes late
PAGES = "public, no-cache"  # stored, and revalidated for each request


def is_feed(path: str) -> bool:
    """Return whether a path is that of a feed, by its name."""
    return path.rpartition("/")[2] in FEED_TYPES


def type_of(name: str) -> str:
    """Return the content type of a file, by its name alone."""
    return TYPES.get(PurePosixPath(name).suffix.lower(), DEFAULT_TYPE)


class Hosted(NamedTuple):
    """What a server needs to know about a site.

    `redirects` are pairs of addresses, old and new. `editions` are where further editions begin,
    such as `/nl`; each has an error page of its own."""

    base_url: str
    policy: str
    redirects: tuple[tuple[str, str], ...]
    preview: bool = False  # whether search engines must stay out
    editions: tuple[str, ...] = ()

    @property
    def base_path(self) -> str:
        """The path of the base URL, with a slash at both ends."""
        return f"{urlsplit(self.base_url).path.rstrip('/')}/"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers of every file.

        A page loads and runs only what the policy allows, other sites see from which site a reader
        comes but not from which page, and browsers do not guess types."""
        return (
            ("Content-Security-Policy", self.policy),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ("X-Content-Type-Options", "nosniff"),
            *((("X-Robots-Tag", "noindex"),) if self.preview else ()),
        )


# --- content security policy -------------------------------------------------------------------

# Of SVG files, which are documents if a reader opens them by their own address: what is in the file
# is shown, in an origin of its own, and nothing runs or loads.
DRAWING_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'none'; sandbox"
)

_INLINE = pattern(r"<(script|style)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_TYPE = pattern(r"\btype\s*=\s*[\"']?([^\"'\s>]*)", re.IGNORECASE)
_SCRIPT_TYPES = ("", "module", "text/javascript", "application/javascript")  # other types are data
_DYNAMIC = ("{{", "{%", "{#")


def inline_digests(sources: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the digests of inline scripts and style sheets of templates.

    Each is a pair of `script` or `style` and the digest. One into which a template inserts values
    differs from page to page, and has none."""
    found = set()
    for source in sources:
        for element, attributes, text in _INLINE.findall(source.replace("\r\n", "\n")):
            kind = element.lower()
            written = _TYPE.search(attributes)
            data = kind == "script" and (written[1].lower() if written else "") not in _SCRIPT_TYPES
            if data or not text.strip() or any(mark in text for mark in _DYNAMIC):
                continue
            digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
            found.add((kind, f"'sha256-{digest}'"))
    return tuple(sorted(found))


def content_policy(
    inline: Iterable[tuple[str, str]],
    assets: Mapping[str, str],
    trusted: Sequence[str] = (),
    embeds: Sequence[str] = (),
    forms: Sequence[str] = (),
) -> str:
    """Return the strictest Content-Security-Policy (W3C, CSP Level 3) with which pages work.

    It allows the site's own images, media, data and style sheets, its fonts if it has any, its
    scripts and those inline in templates by their digests, trusted sites, frames of `embeds`, which
    are hosts, and forms that are sent to the origins `forms`. No site may frame a page. `assets`
    has the digest of each asset that is a script, and an empty text for others."""
    inline = tuple(inline)
    digests = {kind: [d for k, d in inline if k == kind] for kind in ("script", "style")}
    scripts = [f"'{digest}'" for digest in sorted(set(assets.values())) if digest]
    directives = [
        ("default-src", ["'none'"]),
        ("script-src", [*digests["script"], *scripts, *trusted]),
        ("style-src", ["'self'", *digests["style"]]),
        ("img-src", ["'self'", *trusted]),
        ("media-src", ["'self'"]),
        ("font-src", ["'self'"] if any(".woff" in name for name in assets) else []),
        ("manifest-src", ["'self'"] if any(".webmanifest" in name for name in assets) else []),
        # Scripts of the site may load its data, and auditors read robots.txt from within a page.
        ("connect-src", ["'self'", *trusted]),
        ("frame-src", [f"https://{host}" for host in embeds]),
        ("base-uri", ["'none'"]),
        ("form-action", [*forms] or ["'none'"]),
        ("frame-ancestors", ["'none'"]),
    ]
    return "; ".join(f"{name} {' '.join(allowed)}" for name, allowed in directives if allowed)
