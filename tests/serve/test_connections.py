"""A preview beside clients that take their time: every browser still gets its page."""

from __future__ import annotations

import asyncio
import resource
import socket
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import pytest

from builder.serve import connections
from builder.serve.event_stream import Subscriber, stream
from builder.serve.messages import PreviewOptions
from builder.serve.state import Preview as State
from support.previews import Preview, page
from support.tools import PATIENCE

IDLE = 1000


@contextmanager
def soft_limit(files: int) -> Iterator[None]:
    """A limit of open files; for this process or one that it starts."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def previewed(folder: Path, files: int = 256) -> Iterator[Preview]:
    """A preview that may open some files besides those that its process inherits by a fork.

    A preview of its own inherits next to none; tests before this one may leave hundreds."""
    inherited = len([*Path("/proc/self/fd").iterdir()])
    reserve = connections._OTHER_FILES + inherited
    with soft_limit(files + inherited), mock.patch.object(connections, "_OTHER_FILES", reserve):
        preview = Preview(folder)
    preview.build({"index.html": page("<p>Front.</p>"), "big.txt": "x" * 30_000_000})
    _page(preview)
    try:
        yield preview
    finally:
        preview.close()


def _page(preview: Preview) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{preview.url}/", timeout=PATIENCE) as reply:
                assert b"Front." in reply.read()
                return
        except urllib.error.HTTPError:  # it waits for its first build
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_system_ends_the_connection_of_a_vanished_client() -> None:
    """One that sends no more packets, not even to end it: nothing else would tell."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
        with client, accepted:
            connections._notice_lost_clients(accepted)
            limit = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            assert limit == connections.STALL_TIME * 1000


def test_a_stream_without_a_reader_is_forgotten(tmp_path: Path) -> None:
    """The server closes it when the connection ends."""
    serving = PreviewOptions(tmp_path, tmp_path, "localhost", 0, True, False, "edit:{path}")
    state = State(serving, lambda _: None)

    async def read_one() -> int:
        events = stream(Subscriber(state, "/", "", ""), state)
        assert (await anext(events)).startswith(b"event: hello")
        followers = len(state._wakes)
        await events.aclose()  # type: ignore[attr-defined]
        return followers

    # In a thread: a browser of other tests has an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(read_one())).result() == 1
    assert not state._wakes


def connect(preview: Preview, text: str = "") -> socket.socket:
    found = socket.create_connection(("127.0.0.1", preview.serving.port), timeout=PATIENCE)
    host = f"Host: localhost:{preview.serving.port}\n"
    found.sendall(text.replace("HOST\n", host).replace("\n", "\r\n").encode())
    return found


def closed_after(client: socket.socket, drip: bytes = b"") -> float:
    """The seconds until the other side ends a connection, to which bytes are sent one by one."""
    began = time.monotonic()
    client.settimeout(0.05)
    while time.monotonic() - began < PATIENCE:
        try:
            if drip:
                client.send(drip)
            if client.recv(1 << 16) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


def test_a_thousand_idle_connections_keep_out_nobody(tmp_path: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with previewed(tmp_path) as preview, soft_limit(min(4096, most)), ExitStack() as stack:
        stream = connect(preview, "GET /_slugline/events?path=/&token=a&build=b HTTP/1.1\nHOST\n\n")
        stack.enter_context(stream)
        received = b""
        while b"hello" not in received:
            more = stream.recv(1 << 16)
            assert more, received
            received += more
        for number in range(IDLE):
            stack.enter_context(connect(preview))
            if number % 250 == 0:
                _page(preview)
        began = time.monotonic()
        _page(preview)
        assert time.monotonic() - began < connections.REQUEST_TIME / 2
        # What is being answered is not closed as long as others only wait.
        stream.settimeout(PATIENCE)
        preview.build({"index.html": page("<p>Front. New.</p>")})
        received = b""
        while b"event: reload" not in received:
            more = stream.recv(1 << 16)
            assert more
            received += more


def test_more_event_streams_than_descriptors(tmp_path: Path) -> None:
    with previewed(tmp_path) as preview, ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(connect(preview, "GET /_slugline/events HTTP/1.1\nHOST\n\n"))
        _page(preview)


def test_slow_clients_are_disconnected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_TIME", 0.4)
    monkeypatch.setattr(connections, "STALL_TIME", 0.4)
    with previewed(tmp_path) as preview:
        for begun in ("", "GET / HTTP/1.1\nHOST\nX: "):
            with connect(preview, begun) as client:
                assert 0.2 < closed_after(client, b"a" if begun else b"") < PATIENCE
        post = "POST / HTTP/1.1\nHOST\nContent-Length: 1000000\n\n"
        with connect(preview, post) as client:
            assert b"405" in client.recv(1 << 16)
            assert closed_after(client, b"a") < PATIENCE
        # A client that takes nothing of its answer.
        with connect(preview, "GET /big.txt HTTP/1.1\nHOST\n\n") as client:
            time.sleep(1)
            received = 0
            client.settimeout(PATIENCE)
            try:
                while data := client.recv(1 << 20):
                    received += len(data)
            except ConnectionResetError:
                pass
            assert received < 30_000_000
        # One whose connection is kept and used again is not slow.
        with connect(preview, "GET / HTTP/1.1\nHOST\n\n") as client:
            for _ in range(4):
                time.sleep(0.2)
                assert b"Front." in _answer(client)
                client.sendall(
                    f"GET / HTTP/1.1\r\nHost: localhost:{preview.serving.port}\r\n\r\n".encode()
                )
        _page(preview)


def _answer(client: socket.socket) -> bytes:
    received = b""
    while b"</html>" not in received:
        more = client.recv(1 << 16)
        assert more
        received += more
    return received


@pytest.mark.parametrize(("files", "limit"), [(64, 16), (256, 80), (1024, 464), (1 << 20, 512)])
def test_the_limit_leaves_descriptors_for_files(files: int, limit: int) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files > before[1] > 0:
        files, limit = before[1], min(512, (before[1] - 96) // 2)
    with soft_limit(files):
        assert connections.connection_limit() == limit
