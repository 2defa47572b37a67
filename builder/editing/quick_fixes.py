"""The fixes of one diagnostic, each with its name and what it would write.

The desk shows them as buttons, and text editors as quick fixes. `check --fix` makes only changes
that are certain; these are also those that an editor has to choose: the name that the hint
suggests, a record for a name that has none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from builder.content.config import FILE
from builder.content.document import read_yaml
from builder.content.files import kind_of
from builder.content.time_zones import load_zone
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.fix import declared_names
from builder.editing.fix_case import FixCase, FixContext
from builder.editing.fixers import FIXERS
from builder.editing.transaction import Changes
from builder.model.settings import Settings
from builder.safe_files import plain_bytes


class QuickFix(NamedTuple):
    """A fix: its name, as on a button, and the old and new bytes of files.

    The changes are those of `transaction.replace_files`; None as old bytes creates a file."""

    title: str
    changes: Mapping[str, tuple[bytes | None, bytes | None]]


def fix_context(root: Path, now: datetime) -> FixContext:
    """Return the context of a site's fixes; without site.yaml, a bare one."""

    def exists(path: str) -> bool:
        return (root / path).exists()

    with suppress(OSError, ValueError):
        document, _ = read_yaml(FILE, plain_bytes(root / FILE))
        written = document.fields.get("time_zone") if document else None
        zone = (load_zone(written) if isinstance(written, str) else None) or UTC
        language = document.fields.get("language") if document else None
        language = language if isinstance(language, str) else "en"
        declared, local = declared_names(document), now.astimezone(zone)
        return FixContext(zone, declared, local, exists, language, root)
    return FixContext(now=now, exists=exists, root=root)


def quick_fixes(diagnostic: Diagnostic, data: bytes, context: FixContext) -> list[QuickFix]:
    """Return the fixes of a diagnostic in a file, the best first.

    None adds an error to the file. If the line has changed since the diagnostic, there are none."""
    record = _record_of(diagnostic.path)
    if record is None:
        return []
    try:
        case = FixCase(diagnostic, data, record, context)
    except UnicodeDecodeError:
        return []
    if diagnostic.excerpt not in case.line:
        return []
    found: list[QuickFix] = []
    for make in FIXERS:
        for title, after in make(case):
            changes = _changes(case, after)
            if changes is not None and changes not in [fix.changes for fix in found]:
                found.append(QuickFix(title, changes))
    return found


def _changes(
    case: FixCase, after: bytes | tuple[str, bytes] | Changes
) -> dict[str, tuple[bytes | None, bytes | None]] | None:
    if isinstance(after, tuple):
        path, data = after
        return None if case.context.exists(path) else {path: (None, data)}
    if isinstance(after, Mapping):
        return {**after}
    d, data = case.d, case.data
    if after == data:
        return None
    found = case.read(after)
    if not _errors(found) <= _errors(case.problems):
        return None
    if _count(d, case.problems) and _count(d, found) >= _count(d, case.problems):
        return None
    return {d.path: (data, after)}


def _errors(found: list[Diagnostic]) -> set[tuple[str, str]]:
    return {_kind(d) for d in found if d.severity == "error"}


def _kind(d: Diagnostic) -> tuple[str, str]:
    return d.code, d.message


def _count(d: Diagnostic, found: list[Diagnostic]) -> int:
    return [_kind(other) for other in found].count(_kind(d))


def _record_of(path: str) -> type[Struct] | None:
    """Return the kind of record that a file has."""
    if path == FILE:
        return Settings
    return kind_of(path)
