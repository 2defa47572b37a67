"""Links from a problem to its fixes at the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.quick_fixes import fix_context, quick_fixes
from builder.safe_files import plain_bytes
from builder.serve.desk.gate import can_write
from builder.serve.messages import PreviewOptions
from builder.serve.page_templates import DESK


class FixLink(NamedTuple):
    """A fix of a problem: its name, and the page of the desk that shows and writes it."""

    title: str
    link: str


def fix_links(serving: PreviewOptions, found: Diagnostic) -> list[FixLink]:
    """Return links to the fixes of a problem."""
    if not can_write(serving):
        return []
    try:
        stat = (serving.root / found.path).stat()
    except OSError:
        return []
    place = {
        "path": found.path,
        "line": found.line,
        "column": found.column,
        "code": found.code,
    }
    titles = _titles(serving.root, found, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return [FixLink(title, f"{DESK}fix/?{urlencode({**place, 'fix': title})}") for title in titles]


@lru_cache(maxsize=4096)
def _titles(root: Path, found: Diagnostic, stat: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of a problem's fixes in the file with this stat."""
    try:
        data = plain_bytes(root / found.path)
    except OSError:
        return ()
    context = fix_context(root, datetime.now(UTC))
    return tuple(fix.title for fix in quick_fixes(found, data, context))
