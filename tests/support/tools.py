"""What several tests use to look at a built site: its addresses, a server, a checker."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urlsplit

TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent
NPM = TESTS / "setup" / "node_modules"
HTML_CHECKER = NPM / "vnu-jar" / "build" / "dist" / "vnu.jar"
ACCESSIBILITY_RULES = NPM / "axe-core" / "axe.min.js"

PATIENCE = 30.0  # seconds that a busy machine may take for what is usually there at once


def as_lines(faults: Iterable[str]) -> str:
    """Faults as a message of their own, so that pytest shows all of them."""
    return "\n".join(["", *faults])


def without_index(path: Path) -> str:
    """A file's path inside the site as the address that readers use: `a/index.html` is `a/`."""
    text = path.as_posix()
    return text.removesuffix("index.html") if path.name == "index.html" else text


# --- Waiting, and programs that listen --------------------------------------------------


def until(holds: Callable[[], object]) -> None:
    """Waits until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)


# Below those that the system hands out, and others in each process: of two programs that are
# started at once, none takes the other's.
_PORTS = cycle(range(start := 10_000 + os.getpid() % 40 * 500, start + 500))


def free_port() -> int:
    """A port on which nothing listens."""
    for port in _PORTS:
        with socket.socket() as found, suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    """Waits until a program listens."""

    def listens() -> bool:
        said = log.read_text() if log else ""
        assert process.poll() is None, f"the server has ended: {said}"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    until(listens)


# --- Reading a page ---------------------------------------------------------------------


@dataclass
class Page:
    """What a page of HTML says about itself and where it points to."""

    ids: set[str] = field(default_factory=set)
    # Each with its element's name, for the message: ("a", "/about/").
    links: list[tuple[str, str]] = field(default_factory=list)
    # What a browser loads to show the page: style sheets, scripts, pictures.
    resources: list[str] = field(default_factory=list)
    canonical: str | None = None
    redirects_to: str | None = None
    # It asks search engines to leave it out.
    is_hidden: bool = False
    # The texts of <script type="application/ld+json">.
    linked_data: list[str] = field(default_factory=list)


# Attributes that hold one address, whatever element they stand on.
ADDRESSES = {"action", "cite", "data", "formaction", "href", "poster", "src"}
# The relations of a <link> that make a browser load it before it shows the page.
LOADED_LINKS = {"stylesheet", "preload", "modulepreload", "icon"}


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._in_linked_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        if "id" in given:
            page.ids.add(given["id"])
        if tag == "a" and "name" in given:
            page.ids.add(given["name"])

        addresses = [value for name, value in given.items() if name in ADDRESSES]
        for candidate in given.get("srcset", "").split(","):
            addresses += candidate.split()[:1]
        if tag == "meta":
            addresses += self._addresses_of_meta(given)
        page.links += [(tag, address.strip()) for address in addresses]

        relations = set(given.get("rel", "").lower().split())
        if tag == "link" and "canonical" in relations:
            page.canonical = given.get("href")
        if (tag == "link" and relations & LOADED_LINKS) or "src" in given:
            page.resources += addresses
        self._in_linked_data = tag == "script" and given.get("type") == "application/ld+json"
        if self._in_linked_data:
            page.linked_data.append("")

    def _addresses_of_meta(self, given: dict[str, str]) -> list[str]:
        content = given.get("content", "")
        if given.get("http-equiv", "").lower() == "refresh" and "=" in content:
            self.page.redirects_to = content.partition("=")[2].strip(" '\"")
            return [self.page.redirects_to]
        name = given.get("property") or given.get("name") or ""
        if name == "robots" and "noindex" in content:
            self.page.is_hidden = True
        is_address = name in {"og:url", "og:image", "twitter:image"}
        return [content] if is_address else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_linked_data = False

    def handle_data(self, data: str) -> None:
        if self._in_linked_data:
            self.page.linked_data[-1] += data


def read_page(html: str) -> Page:
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return reader.page


def pages_of(site: Path) -> dict[str, Page]:
    """Every HTML page of a built site, by its address below the site's root, sorted."""
    return {
        without_index(path.relative_to(site)): read_page(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


# --- Serving a folder -------------------------------------------------------------------


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder as a web host would: 404.html for what is not there, no listings."""

    def __init__(self, *args: object, prefix: str, **more: object) -> None:
        self.prefix = prefix
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        inside = unquote(urlsplit(path).path)
        if not inside.startswith(self.prefix):
            return str(Path(self.directory) / "outside-the-site")
        return super().translate_path("/" + path[len(self.prefix) :])

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        own_page = Path(self.directory) / "404.html"
        if code != 404 or not own_page.is_file():
            super().send_error(code, message, explain)
            return
        body = own_page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a test's output is for what went wrong."""


@contextmanager
def serve(folder: Path, prefix: str = "/") -> Iterator[str]:
    """Serves a folder on a free port of the loopback address; gives the root's URL.

    `prefix` is the path that the site lives below, with a slash at both ends.
    """
    handler = partial(_Handler, directory=str(folder), prefix=prefix)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            thread.join()


# --- The HTML checker -------------------------------------------------------------------


def check_html(paths: Sequence[Path]) -> list[str]:
    """Everything that the Nu HTML checker finds in files of HTML, CSS and SVG, or in folders.

    One line for each error and each warning; its other remarks are left out.
    """
    command = ["java", "-jar", str(HTML_CHECKER), "--format", "json", "--stdout"]
    # Of a folder only these kinds of file are read.
    command += ["--skip-non-html", "--also-check-css", "--also-check-svg", "--exit-zero-always"]
    command += map(str, paths)
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    if ran.returncode != 0 or not ran.stdout:
        raise RuntimeError(f"the HTML checker did not run: {ran.stderr or ran.stdout}")
    found = []
    for message in json.loads(ran.stdout)["messages"]:
        kind = message.get("subType") if message["type"] == "info" else message["type"]
        if kind:
            where = f"{message.get('url', '')}:{message.get('lastLine', '?')}"
            found.append(f"{where}: {kind}: {message['message']}")
    return found
