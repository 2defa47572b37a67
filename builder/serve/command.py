"""The preview command: starts the server process, then builds in this one."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from builder.engine.options import Options
from builder.safe_files import plain_bytes, replace_file
from builder.serve.messages import BuildFailed, BuildSucceeded, Polling, PreviewOptions
from builder.serve.rebuild import (
    AlreadyServed,
    Rebuilder,
    preview_folder,
    preview_store,
)
from builder.serve.sockets import bind

if TYPE_CHECKING:
    from socket import socket

_ALL_ADDRESSES = ("0.0.0.0", "::", "")
_ADDRESS = "address"  # the file that holds the address of a running preview


def serve(
    serving: PreviewOptions,
    options: Options,
    fixed: bool,
    ready: Callable[[PreviewOptions], None],
    report: Callable[[BuildSucceeded | BuildFailed | Polling], None],
) -> None:
    """Serve a preview until it is interrupted or the server process ends.

    `ready` is called once the preview listens, `report` after each build. With `fixed`, the preview
    shows the site at the time of the options instead of now. Raises KeyboardInterrupt, ServerEnded,
    AlreadyServed and OutputError."""
    address = preview_folder(serving.root).with_name(_ADDRESS)
    try:
        with preview_store(serving.root) as store:
            sockets = bind(serving.host, serving.port)
            port: int = sockets[0].getsockname()[1]
            serving = serving._replace(port=port)
            with suppress(OSError):
                replace_file(address, [local_url(serving).encode()])
            with _child(serving, sockets) as pipe:
                ready(serving)
                clock = None if fixed else partial(datetime.now, UTC)
                Rebuilder(serving.root, options, store, pipe, report, clock).run()
    except AlreadyServed:
        where = ""
        with suppress(OSError):
            where = plain_bytes(address).decode("utf-8", "replace")
        raise AlreadyServed(where) from None


def local_url(serving: PreviewOptions) -> str:
    """Return the URL of a preview on this machine."""
    host = "localhost" if serving.host in _ALL_ADDRESSES else serving.host
    return f"http://{f'[{host}]' if ':' in host else host}:{serving.port}/"


def network_url(serving: PreviewOptions) -> str:
    """Return the URL of a preview for other devices."""
    host = serving.host
    if host in _ALL_ADDRESSES:
        import socket

        # Sends nothing: connecting a UDP socket only selects this machine's source address.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.connect(("192.0.2.1", 9))  # reserved for documentation by RFC 5737
            host = probe.getsockname()[0]
    return local_url(serving._replace(host=host))


@contextmanager
def _child(serving: PreviewOptions, sockets: list[socket]) -> Iterator[Connection]:
    """Start the server process and yield the pipe to it; stop it at the end."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_run_server, args=(serving, sockets, ours, theirs), daemon=True
    )
    process.start()
    theirs.close()
    for socket in sockets:  # or the workers of a build would keep the port open
        socket.close()
    before = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
    try:
        yield ours
    finally:
        ours.close()
        process.join(0.4)  # so that Ctrl-C ends a preview within a second
        if process.is_alive():
            process.kill()
            process.join()
        for number, handler in before.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _run_server(
    serving: PreviewOptions, sockets: list[socket], ours: Connection, theirs: Connection
) -> None:
    ours.close()  # or this process would not notice that its parent has ended
    from builder.serve.server import run

    run(serving, sockets, theirs)
