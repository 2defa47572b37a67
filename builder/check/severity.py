"""Decides the severity of diagnostics (law 10).

A code has a severity. Then, in this order: a file's `allow` suppresses a diagnostic; the rules in
`checks` of site.yaml turn a warning off or into an error; and an error of an unpublished record is
held, so that it stops neither a build nor a deploy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from msgspec.structs import replace

from builder.diagnostics.codes import Code, severity
from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.model.record import Allowed
from builder.site.site import Site

# Errors that stop a build even of a draft if the draft is shown: the output would be ambiguous, or
# contain a secret.
_NEVER_SHOWN: frozenset[Code] = frozenset({"duplicate-address", "secret-looking"})


class Decided(NamedTuple):
    """Diagnostics to report, and suppressed ones with their reasons."""

    given: list[Diagnostic]
    allowed: tuple[tuple[Diagnostic, str], ...]


class Severities:
    """The severities of the diagnostics of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._reasons = {
            (path, a.code): a.reason for path, rules in _allowances(site) for a in rules
        }
        self._hidden = {site.outlines[slug].path for slug in site.unpublished}

    def stop(self, found: Iterable[Diagnostic]) -> bool:
        """Return whether one of some diagnostics stops a build."""
        return any(
            self.of(d).severity == "error" for d in found if (d.path, d.code) not in self._reasons
        )

    def of(self, found: Diagnostic) -> Diagnostic:
        """Return a diagnostic with its severity decided."""
        if severity(found.code) == "error" and self._is_held(found):
            return replace(found, decided="held")
        return found

    def _is_held(self, found: Diagnostic) -> bool:
        withheld = self.site.withheld
        if found.path not in withheld and found.beside not in withheld:
            return False
        return found.code not in _NEVER_SHOWN or found.path in self._hidden

    def decide(self, found: Iterable[Diagnostic]) -> Decided:
        """Decide the severity of every diagnostic of a build.

        An `allow` that suppresses nothing is itself reported."""
        given, silent, needed = [], [], set()
        for diagnostic in found:
            name = diagnostic.path, diagnostic.code
            if name in self._reasons:
                silent.append((diagnostic, self._reasons[name]))
                needed.add(name)
            else:
                given.append(self.of(diagnostic))
        # After an error, not every check has run.
        failed = any(diagnostic.severity == "error" for diagnostic in given)
        held = {diagnostic.path for diagnostic in given if diagnostic.held}
        for path, code in sorted(self._reasons.keys() - needed) if not failed else ():
            if path in held:
                continue
            message = f"this file has no `{code}` {severity(cast(Code, code))}"
            finding = Finding(f"allow.{code}", "allowed-in-vain", message, "remove it")
            given.append(self.site.content.problem(path, finding))
        return Decided(sorted(given), tuple(silent))


def as_checked(found: Diagnostic) -> Diagnostic:
    """Return a diagnostic, as an error if it is held."""
    return replace(found, decided="error") if found.held else found


def _allowances(site: Site) -> Iterator[tuple[str, tuple[Allowed, ...]]]:
    """Yield the path of every file with `allow`, and what it allows."""
    for outline in site.content.outlines:
        if outline.allow:
            yield outline.path, outline.allow
    for records in site.content.records.values():
        for record in records:
            if record.allow:
                yield record.path, record.allow
