"""What a server has to know of a site -> the files in which servers read it: `_headers` and
`_redirects` for Netlify and Cloudflare Pages, a Caddyfile, a part of nginx's configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from builder.hosting.headers import (
    ASSETS,
    FEED,
    FEEDS,
    PAGES,
    TYPES,
    UNKNOWN,
    Hosted,
)

_MADE = "# Made by Slugline from site.yaml, the templates and the redirects of the content."

# --- Netlify, Cloudflare Pages -----------------------------------------------------------------

# Cloudflare Pages: so many redirects, and characters of a line. What goes beyond is led on by its
# page.
_MOST_REDIRECTS, _LONGEST = 2000, 1000
# Feeds lie at most so deep. A placeholder stands for one part of a path with both hosts, and with
# one for each depth no header is given twice: two values would be joined by a comma.
_FEEDS = ("/feed.xml", "/:a/feed.xml", "/:a/:b/feed.xml")


def headers_file(hosted: Hosted) -> str:
    """`_headers`. Of what it does not mention both hosts say that it is to be revalidated."""
    rules: list[tuple[str, tuple[tuple[str, str], ...]]] = [
        ("/*", hosted.headers),
        ("/assets/*", (("Cache-Control", ASSETS),)),
        *((path, (("Cache-Control", FEEDS), ("Content-Type", FEED))) for path in _FEEDS),
        ("/*.graphml", (("Content-Type", TYPES[".graphml"]),)),
    ]
    blocks = (
        "\n".join([path, *(f"  {name}: {value}" for name, value in said)]) for path, said in rules
    )
    return f"{_MADE}\n" + "\n".join(blocks) + "\n"


def netlify_redirects(hosted: Hosted) -> str:
    """`_redirects` for Netlify, which prefers a page at the old address unless it is told to."""
    lines = [f"{old} {new} 301!" for old, new in _led(hosted)]
    return "\n".join([_MADE, "/.slugline.json /404.html 404!", *lines, ""])


def cloudflare_redirects(hosted: Hosted) -> str:
    """`_redirects` for Cloudflare Pages, which always prefers the redirect."""
    lines = [f"{old} {new} 301" for old, new in _led(hosted)]
    kept = [line for line in lines if len(line) <= _LONGEST][:_MOST_REDIRECTS]
    more = len(lines) - len(kept)
    note = [f"# {more} more are led on by their pages: the host takes no more."] if more else []
    return "\n".join([_MADE, *kept, *note, ""])


def _led(hosted: Hosted) -> Iterator[tuple[str, str]]:
    """Redirects as the host sees them. A site below a path is served there by another host, which
    asks this one without the path."""
    lead = "" if hosted.base_path == "/" else hosted.base_url
    yield from ((old, f"{lead}{new}") for old, new in hosted.redirects)


# --- Caddy -------------------------------------------------------------------------------------

# What Caddy does not know by itself, or only from the system's list.
_TOLD = (".csv", ".graphml", ".ics", ".txt", ".webmanifest", ".woff2", ".xml")


def caddyfile(hosted: Hosted, root: str) -> str:
    """A Caddyfile (Caddy 2). Caddy gets certificates by itself, answers `/briefs/x` with a redirect
    to `/briefs/x/`, and knows what is worth compressing."""
    base, parts = hosted.base_path, urlsplit(hosted.base_url)
    inside = [
        f"root * {root}",
        "@hidden {",
        "\tpath */.* /_headers /_redirects",
        "\tnot path /.well-known/*",
        "}",
        "error @hidden 404",
        "map {path} {cache_control} {",
        f'\t~^/assets/ "{ASSETS}"',
        f'\t~/feed\\.xml$ "{FEEDS}"',
        f'\tdefault "{PAGES}"',
        "}",
        "header Cache-Control {cache_control}",
        "@feeds path */feed.xml",
        f'header @feeds Content-Type "{FEED}"',
    ]
    for ending in _TOLD:
        name = ending.removeprefix(".")
        rest = f"{{\n\tpath *{ending}\n\tnot path */feed.xml\n}}" if name == "xml" else None
        inside += f"@{name} {rest or f'path *{ending}'}".split("\n")
        inside.append(f'header @{name} Content-Type "{TYPES[ending]}"')
    below = base.rstrip("/")
    inside += [f"redir {old} {below}{new} permanent" for old, new in hosted.redirects]
    inside.append("file_server")
    lines = ["encode zstd gzip"]
    lines += [f'header {name} "{value}"' for name, value in hosted.headers]
    if below:
        lines += [f"redir {below} {base} permanent", f"handle_path {base}* {{"]
        lines += [*_indented(inside), "}", "respond 404"]
    else:
        lines += inside
    lines += [
        "handle_errors {",
        f"\troot * {root}",
        f'\theader Cache-Control "{PAGES}"',
        f'\theader Content-Type "{TYPES[".html"]}"',
        "\trewrite * /404.html",
        "\tfile_server",
        "}",
    ]
    body = "\n".join(_indented(lines))
    return f"{_MADE}\n{parts.scheme}://{parts.netloc} {{\n{body}\n}}\n"


def _indented(lines: list[str]) -> list[str]:
    return [f"\t{line}" for line in lines]


# --- nginx -------------------------------------------------------------------------------------

# What is worth compressing; pages always are.
_COMPRESSED = (".css", ".js", ".txt", ".md", ".csv", ".ics", ".xml", ".json", ".svg", ".graphml")


def nginx_site(hosted: Hosted, root: str) -> str:
    """A file for nginx's `conf.d/` or `sites-enabled/`. It answers `/briefs/x` with a redirect to
    `/briefs/x/` by itself. What a place says in `add_header` hides what those around it say, so all
    of it is said in one place."""
    base, parts = hosted.base_path, urlsplit(hosted.base_url)
    below = base.rstrip("/")
    variable = "$cache_" + re.sub(r"\W+", "_", f"{parts.netloc}{parts.path}").strip("_")
    listen = [f"listen {parts.port};"] if parts.port else ["listen 80;", "listen [::]:80;"]
    kind = FEED.partition(";")[0]
    place = f"root {root};" if not below else f"alias {root}/;"
    inside = [
        place,
        "location ~ /\\.(?!well-known/) { return 404; }",
        f"location ~ ^{re.escape(base)}(_headers|_redirects)$ {{ return 404; }}",
        f"location ~ /feed\\.xml$ {{ types {{ {kind} xml; }} }}",
        *(
            f"location = {below}{old} {{ return 301 {below}{new}; }}"
            for old, new in hosted.redirects
        ),
    ]
    lines = [
        *(["# `certbot --nginx` adds what HTTPS needs."] if parts.scheme == "https" else []),
        *listen,
        f"server_name {parts.hostname};",
        "absolute_redirect off;",
        f"error_page 404 {base}404.html;",
        f"error_page 403 =404 {base}404.html;",  # a folder that has no page
        f"add_header Cache-Control {variable} always;",
        *(f'add_header {name} "{value}" always;' for name, value in hosted.headers),
        "gzip on;",
        "gzip_vary on;",
        f"gzip_types {' '.join(_plain(TYPES[ending]) for ending in _COMPRESSED)} {kind};",
        "charset utf-8;",
        f"charset_types {' '.join(_in_utf8())} {kind};",
        f"default_type {UNKNOWN};",
        "types {",
        *(f"\t{_plain(name)} {ending[1:]};" for ending, name in TYPES.items()),
        "}",
        *([f"location = {below} {{ return 301 {base}; }}"] if below else []),
        f"location {base} {{",
        *_indented(inside),
        "}",
    ]
    keep = [
        f"map $uri {variable} {{",
        f'\t~^{re.escape(base)}assets/ "{ASSETS}";',
        f'\t~/feed\\.xml$ "{FEEDS}";',
        f'\tdefault "{PAGES}";',
        "}",
    ]
    body = "\n".join([*keep, "server {", *_indented(lines), "}"])
    return f"{_MADE}\n{body}\n".replace("\t", "    ")


def _plain(kind: str) -> str:
    """A type without its character set."""
    return kind.partition(";")[0]


def _in_utf8() -> list[str]:
    """The types of text but for pages, which always say their character set."""
    found = dict.fromkeys(_plain(kind) for kind in TYPES.values() if "charset" in kind)
    return [kind for kind in found if kind != "text/html"]


# What `slugline hosting` prints, by the name of the server.
PRINTED: Mapping[str, Callable[[Hosted, str], str]] = {"caddy": caddyfile, "nginx": nginx_site}
# What a build writes, by the name of the host: each file and what makes it.
WRITTEN: Mapping[str, Mapping[str, Callable[[Hosted], str]]] = {
    "netlify": {"_headers": headers_file, "_redirects": netlify_redirects},
    "cloudflare": {"_headers": headers_file, "_redirects": cloudflare_redirects},
}
