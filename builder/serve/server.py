"""The server process of a preview, which watches files and answers browsers."""

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
from builder.serve.connections import bounded_connection
from builder.serve.messages import PreviewOptions, ToBuilder, ToServer
from builder.serve.sockets import BACKLOG
from builder.serve.state import Preview
from builder.serve.watch.watch import start_watching

_SILENT = 100  # above every log level
_MOST_HEADERS = 32 * 1024  # bytes
_ACCEPTED = 32  # connections at once, before those that are too many are closed


class _Server(uvicorn.Server):
    """A server that ignores signals; the pipe to the build process ends it."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(BACKLOG)  # the loop has set it to the number that it accepts at once

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(serving: PreviewOptions, sockets: list[socket.socket], pipe: Connection) -> None:
    """Serve until the pipe is closed or the build process ends."""
    # Ctrl-C reaches both processes; the build process then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    warnings.simplefilter("ignore")  # keep the terminal clean
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
    send: Callable[[ToBuilder], None],
) -> None:
    preview = Preview(serving, send)
    config = uvicorn.Config(
        application(preview),
        http=bounded_connection(),
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=_SILENT,
        backlog=_ACCEPTED,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_MOST_HEADERS,
    )
    server = _Server(config)
    # Browsers may disconnect in the middle of a response; do not report that.
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: None)

    def end() -> None:
        server.should_exit = server.force_exit = True

    def receive(message: ToServer | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            if message is None:
                loop.call_soon_threadsafe(end)
            else:
                loop.call_soon_threadsafe(preview.receive, message)

    _start(_receive_all, pipe, receive)
    await server.serve(sockets)


def _start(work: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()


def _receive_all(pipe: Connection, receive: Callable[[ToServer | None], None]) -> None:
    """Pass on all messages from the pipe, then None at its end.

    The end may also be sent as None, because a pipe cannot be closed while a thread reads from it.
    The parent's sentinel is needed because a killed parent's end may stay open in its workers."""
    parent = multiprocessing.parent_process()
    ends: list[Connection | int] = [pipe]
    if parent is not None:
        ends.append(parent.sentinel)
    try:
        while pipe in wait(ends):
            message = pipe.recv()
            if message is None:
                break
            receive(message)
    except (EOFError, OSError):
        pass
    finally:
        receive(None)


def _send_all(pipe: Connection, outgoing: queue.SimpleQueue[ToBuilder]) -> None:
    """Send messages in order.

    This runs in its own thread, because the pipe can be full while the other process builds."""
    with contextlib.suppress(OSError):
        while True:
            pipe.send(outgoing.get())
