"""A site's folder -> a preview of it: the process that serves is begun, and this one builds."""

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
from builder.serve.messages import BuildFailed, BuildSucceeded, Polling, PreviewOptions
from builder.serve.rebuild import (
    AlreadyServed,
    Rebuilder,
    folder_of,
    held,
)
from builder.serve.sockets import bind

if TYPE_CHECKING:
    from socket import socket

_EVERYWHERE = ("0.0.0.0", "::", "")
_ADDRESS = "address"  # the file that tells where a preview can be seen


def serve(
    serving: PreviewOptions,
    options: Options,
    fixed: bool,
    ready: Callable[[PreviewOptions], None],
    report: Callable[[BuildSucceeded | BuildFailed | Polling], None],
) -> None:
    """Serve a preview until somebody interrupts (KeyboardInterrupt) or the process that serves ends
    (Ended). `ready` is told where it can be seen, `report` what came of each build; `fixed` says
    that the preview shows the moment of the options, and not the present one. Raises AlreadyServed
    and OutputError."""
    address = folder_of(serving.root).with_name(_ADDRESS)
    try:
        with held(serving.root) as store:
            sockets = bind(serving.host, serving.port)
            port: int = sockets[0].getsockname()[1]
            serving = serving._replace(port=port)
            with suppress(OSError):
                address.write_text(url_of(serving), "utf-8")
            with _child(serving, sockets) as pipe:
                ready(serving)
                clock = None if fixed else partial(datetime.now, UTC)
                Rebuilder(serving.root, options, store, pipe, report, clock).run()
    except AlreadyServed:
        where = ""
        with suppress(OSError):
            where = address.read_text("utf-8")
        raise AlreadyServed(where) from None


def url_of(serving: PreviewOptions) -> str:
    """Where a preview can be seen on this machine."""
    host = "localhost" if serving.host in _EVERYWHERE else serving.host
    return f"http://{f'[{host}]' if ':' in host else host}:{serving.port}/"


def phone_url(serving: PreviewOptions) -> str:
    """Where another device on the same network can see a preview."""
    host = serving.host
    if host in _EVERYWHERE:
        import socket

        # Nothing is sent: the system only tells by which of its addresses it would send.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.connect(("192.0.2.1", 9))  # kept for documentation by RFC 5737
            host = probe.getsockname()[0]
    return url_of(serving._replace(host=host))


@contextmanager
def _child(serving: PreviewOptions, sockets: list[socket]) -> Iterator[Connection]:
    """The pipe to the process that serves. What ends this one ends that too."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_served, args=(serving, sockets, ours, theirs), daemon=True)
    process.start()
    theirs.close()
    for socket in sockets:  # or the workers of a build would hold the port
        socket.close()
    before = {number: signal.signal(number, _interrupt) for number in _ENDING}
    try:
        yield ours
    finally:
        ours.close()
        process.join(2)
        if process.is_alive():
            process.kill()
            process.join()
        for number, handler in before.items():
            signal.signal(number, handler)


_ENDING = (signal.SIGTERM, signal.SIGHUP)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _served(
    serving: PreviewOptions, sockets: list[socket], ours: Connection, theirs: Connection
) -> None:
    ours.close()  # else this process would never see that the other one has ended
    from builder.serve.server import run

    run(serving, sockets, theirs)
