"""What shapes the compiled code of templates."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from functools import cache
from pathlib import Path

import jinja2

from builder.pages.kinds import CONTEXTS


@cache
def versions() -> str:
    """Return a digest of everything that shapes compiled code.

    That is this room with its settings and filters, Jinja and Python, and the names available to
    templates.
    """
    state = hashlib.blake2b(digest_size=16)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        state.update(file.read_bytes())
    python = f"{sys.implementation.cache_tag} {importlib.util.MAGIC_NUMBER.hex()}"
    state.update(f"\0{jinja2.__version__}\0{python}\0".encode())
    state.update(repr([(n, c.__struct_fields__) for n, c in CONTEXTS.items()]).encode())
    return state.hexdigest()
