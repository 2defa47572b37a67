"""The `slugline` command as a program, which Ctrl-C ends from its first moment on."""

from __future__ import annotations

import gc
import os
import signal

_OBJECTS = 20_000  # modules make that many, and next to no garbage
_INTERRUPTED = 130  # the exit code of shells for a program that Ctrl-C ended


def run() -> None:
    """Run the command.

    While its modules load, nothing needs to be cleaned up, and a traceback helps nobody."""
    gc.set_threshold(_OBJECTS)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(_INTERRUPTED))
    from builder.cli.app import run as run_command

    run_command()


if __name__ == "__main__":
    run()
