"""The fixes of the diagnostics of a document; the build process answers these questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.edit import EditError
from builder.editing.entries import EntryEditor
from builder.editing.fix import fix_file
from builder.editing.quick_fixes import fix_context, quick_fixes
from builder.language_server.slots import record_kind
from builder.language_server.workshop import Workshop

# The old and new bytes of files, as in `editing.transaction`.
FileChanges = Mapping[str, tuple[bytes | None, bytes | None]]


class FoundFix(NamedTuple):
    """A fix of a diagnostic, of a missing company, or, without either, of the whole file."""

    title: str
    diagnostic: Diagnostic | None
    changes: FileChanges
    company: str = ""


def fixes_at(
    workshop: Workshop, path: str, first: int, last: int, missing: Iterable[str]
) -> list[FoundFix]:
    """Return the fixes of diagnostics on some lines (from 1).

    `missing` are companies to list. A last one may fix the file."""
    data = workshop.read(path)
    context = fix_context(workshop.root, datetime.now(UTC))
    found = []
    for diagnostic in workshop.found_in(path):
        if first <= diagnostic.line <= last:
            bare = replace(diagnostic, excerpt="", cut=0)  # of the file as it was saved
            for fix in quick_fixes(bare, data, context):
                found.append(FoundFix(fix.title, diagnostic, dict(fix.changes)))
    for company in missing:
        with suppress(EditError, LookupError, ValueError):
            editor = EntryEditor(path, data)
            editor.append("companies", company)
            title = f"Add {company} to `companies`"
            found.append(FoundFix(title, None, {path: (data, editor.result())}, company))
    kind = record_kind(path)
    if kind is not None:
        fixed = fix_file(path, data, kind, context.zone, context.declared)
        if fixed != data:
            title = "Fix everything in this file that is certain"
            found.append(FoundFix(title, None, {path: (data, fixed)}))
    return found
