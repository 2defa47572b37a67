"""The process that reads one page: `python -m builder.clip.worker SECONDS BYTES`.

The HTML comes from standard input; the answer goes to standard output: one byte, and JSON."""

from __future__ import annotations

import sys
from contextlib import suppress


def limit(seconds: int, memory: int) -> None:
    """Limit the time and memory of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows; the parent ends it in time
        return
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows no limit of memory
            resource.setrlimit(kind, (most, most))


def answer() -> bytes:
    """Return what a page on standard input says, or why not."""
    try:
        with open(0, "rb", closefd=False) as source:
            html = source.read().decode("utf-8", "replace")
        from builder.clip.reading import encode, read_page

        return READ + encode(read_page(html))
    except (MemoryError, SystemError):  # the latter from C code that cannot say it
        return OUT_OF_MEMORY
    except ImportError as error:
        if (error.name or "").partition(".")[0] in ("trafilatura", "lxml", "justext"):
            return NOT_INSTALLED
        return OUT_OF_MEMORY  # a library could not be mapped


# The first byte of an answer.
READ, OUT_OF_MEMORY, NOT_INSTALLED = b"=", b"m", b"i"

if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    with open(1, "wb", closefd=False) as target:
        target.write(answer())
