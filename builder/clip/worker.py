"""The process that reads one page: `python -m builder.clip.worker SECONDS BYTES`.

The HTML comes from standard input, the reading goes to standard output as JSON."""

from __future__ import annotations

import os
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


def main() -> int:
    """Read a page."""
    limit(int(sys.argv[1]), int(sys.argv[2]))
    html = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        from builder.clip.reading import encode, read_page

        answer = encode(read_page(html))
    except MemoryError:
        return OUT_OF_MEMORY
    except ImportError as error:
        if (error.name or "").partition(".")[0] in ("trafilatura", "lxml", "justext"):
            return NOT_INSTALLED
        raise
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


OUT_OF_MEMORY, NOT_INSTALLED = 71, 72  # exit codes

if __name__ == "__main__":
    code = main()
    os._exit(code)
