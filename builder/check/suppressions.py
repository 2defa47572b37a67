"""Split diagnostics into those to report and those that a file allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.model.record import Allowed
from builder.site.site import Site


def apply_suppressions(
    site: Site, found: Iterable[Diagnostic]
) -> tuple[list[Diagnostic], tuple[tuple[Diagnostic, str], ...]]:
    """Return the diagnostics to report, and the allowed ones with their reasons.

    An `allow` that suppresses nothing is itself reported."""
    reasons = {(path, a.code): a.reason for path, allowed in _allowances(site) for a in allowed}
    if not reasons:
        return [*found], ()
    given, silent, needed = [], [], set()
    for diagnostic in found:
        name = diagnostic.path, diagnostic.code
        if name in reasons:
            silent.append((diagnostic, reasons[name]))
            needed.add(name)
        else:
            given.append(diagnostic)
    # After an error, not every check has run.
    failed = any(diagnostic.severity == "error" for diagnostic in given)
    for path, code in sorted(reasons.keys() - needed) if not failed else ():
        message = f"this file has no `{code}` warning"
        at = f"allow.{code}"
        finding = Finding(at, "allowed-in-vain", message, "remove it")
        given.append(site.content.problem(path, finding))
    return sorted(given), tuple(silent)


def _allowances(site: Site) -> Iterator[tuple[str, tuple[Allowed, ...]]]:
    """Yield the path of every file with `allow`, and what it allows."""
    for outline in site.content.outlines:
        if outline.allow:
            yield outline.path, outline.allow
    for records in site.content.records.values():
        for record in records:
            if record.allow:
                yield record.path, record.allow
