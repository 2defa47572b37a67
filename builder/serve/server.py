"""The second process of a preview: a pipe to the one that builds -> files watched, browsers
answered. `listening.bind` gives the sockets."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import queue
import signal
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait

import uvicorn

from builder.serve.app import application
from builder.serve.messages import PreviewOptions, ToBuilder, ToServer
from builder.serve.state import Preview
from builder.serve.watch.watch import start_watching

_SILENT = 100  # above every level of a log
_HEADERS = 32 * 1024  # bytes of a request before its body


class _Server(uvicorn.Server):
    """Ends when it is told to, and by no signal."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(serving: PreviewOptions, sockets: list[socket.socket], pipe: Connection) -> None:
    """Serves until the other end of the pipe is closed, or its process has ended."""
    # Ctrl-C reaches both processes; the one that builds closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    warnings.simplefilter("ignore")  # an editor's terminal is not the place for them
    outgoing: queue.SimpleQueue[ToBuilder] = queue.SimpleQueue()
    _start(_send_all, pipe, outgoing)
    ended = start_watching(serving.root, serving.poll, outgoing.put)
    try:
        asyncio.run(_serve(serving, sockets, pipe, outgoing.put))
    finally:
        ended.set()


async def _serve(
    serving: PreviewOptions,
    sockets: list[socket.socket],
    pipe: Connection,
    ask: Callable[[ToBuilder], None],
) -> None:
    preview = Preview(serving, ask)
    config = uvicorn.Config(
        application(preview),
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=_SILENT,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_HEADERS,
    )
    server = _Server(config)
    # A browser that goes away in the middle of an answer is nothing to speak of.
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: None)

    def end() -> None:
        server.should_exit = server.force_exit = True

    def hear(message: ToServer | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            if message is None:
                loop.call_soon_threadsafe(end)
            else:
                loop.call_soon_threadsafe(preview.hear, message)

    _start(_receive_all, pipe, hear)
    await server.serve(sockets)


def _start(work: Callable[..., None], *given: object) -> None:
    threading.Thread(target=work, args=given, daemon=True).start()


def _receive_all(pipe: Connection, hear: Callable[[ToServer | None], None]) -> None:
    """Hands on what comes through the pipe, and None at its end. The end may also be sent: where
    a thread waits for what comes out of a pipe, it cannot be closed. And a process that was
    killed may have left its end open in another one."""
    parent = multiprocessing.parent_process()
    ends: list[Connection | int] = [pipe]
    if parent is not None:
        ends.append(parent.sentinel)
    try:
        while pipe in wait(ends):
            message = pipe.recv()
            if message is None:
                break
            hear(message)
    except (EOFError, OSError):
        pass
    finally:
        hear(None)


def _send_all(pipe: Connection, outgoing: queue.SimpleQueue[ToBuilder]) -> None:
    """Sends one message after the other. A thread of its own: a process that builds may let the
    pipe fill up, and nobody here is to wait for it."""
    with contextlib.suppress(OSError):
        while True:
            pipe.send(outgoing.get())
