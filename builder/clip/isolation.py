"""Reads a page in a process of its own, with limits on time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec

from builder.clip.decode import ClipError
from builder.clip.reading import Reading, decode
from builder.clip.worker import NOT_INSTALLED, OUT_OF_MEMORY, READ
from builder.extras import MissingExtra

SECONDS = 20  # of the processor; a page of 1 MB takes less than one
MEMORY = 1 << 30  # bytes
_HARD = "the page could not be read within {}; save only the article and clip that file"
# Of what Python and the C library need; keys and passwords of the environment stay out.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")


def read_apart(html: str, seconds: int = SECONDS, memory: int = MEMORY) -> Reading:
    """Return what a page says.

    Raises ClipError if reading it takes too long or too much memory, or fails, and MissingExtra
    if trafilatura is not installed."""
    if find_spec("trafilatura") is None:
        raise MissingExtra("trafilatura", "clip")
    root = Path(__file__).resolve().parent.parent.parent
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (str(root), kept.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-B", "-m", "builder.clip.worker", str(seconds), str(memory)]
    try:
        ran = subprocess.run(
            command,
            input=html.encode("utf-8", "replace"),
            capture_output=True,
            timeout=seconds + 10,
            check=False,
            env={**kept, "PYTHONHASHSEED": "0"},
            cwd="/" if os.name == "posix" else None,
        )
    except subprocess.TimeoutExpired:
        raise ClipError(_HARD.format(f"{seconds + 10} seconds")) from None
    if ran.stdout == NOT_INSTALLED:
        raise MissingExtra("trafilatura", "clip")
    if ran.stdout == OUT_OF_MEMORY or b"MemoryError" in ran.stderr:
        raise ClipError(_HARD.format(f"{memory >> 20} MB of memory"))
    if ran.returncode < 0:  # SIGXCPU, or the system has no memory left
        raise ClipError(_HARD.format(f"{seconds} seconds"))
    try:
        return decode(ran.stdout.removeprefix(READ))
    except (msgspec.DecodeError, msgspec.ValidationError):
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[-1][:200] if said else f"exit code {ran.returncode}"
        raise ClipError(f"the page could not be read: {why}") from None
