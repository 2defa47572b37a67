"""What several tests use to look at a built site: its addresses, a server, a checker."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urlsplit

TESTS = Path(__file__).parent.parent
REPOSITORY = TESTS.parent
NPM = TESTS / "setup" / "node_modules"
HTML_CHECKER = NPM / "vnu-jar" / "build" / "dist" / "vnu.jar"
ACCESSIBILITY_RULES = NPM / "axe-core" / "axe.min.js"

PATIENCE = 30.0  # seconds that a busy machine may take for what is usually there at once


def as_lines(faults: Iterable[str]) -> str:
    """Faults as a message of their own, so that pytest shows all of them."""
    return "\n".join(["", *faults])


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


# --- Serving a folder -------------------------------------------------------------------


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder as a web host would: 404.html for what is not there, no listings."""

    def __init__(
        self, *args: object, prefix: str, headers: Mapping[str, str], **more: object
    ) -> None:
        self.prefix, self.own = prefix, headers
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        inside = unquote(urlsplit(path).path)
        if not inside.startswith(self.prefix):
            return str(Path(self.directory) / "outside-the-site")
        return super().translate_path("/" + path[len(self.prefix) :])

    def end_headers(self) -> None:
        for name, value in self.own.items():
            self.send_header(name, value)
        super().end_headers()

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
def serve(
    folder: Path, prefix: str = "/", headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Serves a folder on a free port of the loopback address; gives the root's URL.

    `prefix` is the path that the site lives below, with a slash at both ends; all files have the
    `headers`.
    """
    handler = partial(_Handler, directory=str(folder), prefix=prefix, headers=headers or {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            thread.join()


# --- The HTML checker -------------------------------------------------------------------

# It runs for seconds: what the JVM spends on optimizing the code does not come back. Code that is
# compiled quickly needs more stack for the checker's schemas.
_QUICK_JAVA = ("-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def check_html(paths: Sequence[Path]) -> list[str]:
    """Everything that the Nu HTML checker finds in files of HTML, CSS and SVG, or in folders.

    One line for each error and each warning; its other remarks are left out.
    """
    command = ["java", *_QUICK_JAVA, "-jar", str(HTML_CHECKER), "--format", "json", "--stdout"]
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
