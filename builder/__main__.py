"""The `slugline` command as a program, which Ctrl-C ends from its first moment on."""

from __future__ import annotations

import os
import signal

_INTERRUPTED = 130  # the exit code of shells for a program that Ctrl-C ended


def run() -> None:
    """Run the command.

    While its modules load, nothing needs to be cleaned up, and a traceback helps nobody."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(_INTERRUPTED))
    from builder.cli.app import run as run_command

    run_command()


if __name__ == "__main__":
    run()
