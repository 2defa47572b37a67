"""Decides the severity of diagnostics (law 10).

A code has a severity. Then, in this order: a file's `allow` suppresses a diagnostic; the rules in
`checks` of site.yaml turn a warning off or into an error; and an error of an unpublished record is
held, so that it stops neither a build nor a deploy."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import chain
from typing import cast

from builder.check.verdicts import Collected, DiagnosticKind, FileVerdicts, Verdict, collect
from builder.content.config import FILE as SETTINGS
from builder.content.stored_problems import StoredProblems
from builder.diagnostics.codes import Code, severity
from builder.diagnostics.diagnostic import (
    Decision,
    Diagnostic,
    Finding,
    Place,
    place_of,
    severity_of,
)
from builder.model.settings import CheckRule
from builder.site.site import Site

# Errors that stop a build even of a draft if the draft is shown: the output would be ambiguous, or
# contain a secret.
_NEVER_SHOWN: frozenset[Code] = frozenset({"duplicate-address", "secret-looking"})


Stored = Iterable[tuple[str, StoredProblems]]  # stored diagnostics, each with their file


class Severities:
    """The severities of the diagnostics of one site."""

    def __init__(self, site: Site) -> None:
        self.site, self._rules = site, _Rules(site)
        self._reasons = {(path, a.code): a.reason for path, rules in site.allowed for a in rules}
        # A published brief may name such a company, which is not an error of its own.
        names = site.names
        self._unread = {c.path for s in names.unread if (c := names.all_companies.get(s))}
        self._hidden = {site.outlines[slug].path for slug in site.unpublished} | {*site.waiting}

    def stop(self, found: Iterable[Diagnostic], stored: Stored = ()) -> bool:
        """Return whether one of some diagnostics stops a build."""
        kinds = chain(
            (DiagnosticKind(d.path, d.code, d.beside) for d in found),
            (DiagnosticKind(path, code, by) for path, some in stored for code, by, _ in some.kinds),
        )
        return any(
            severity_of(kind.code, self.of(kind)) == "error"
            for kind in kinds
            if (kind.path, kind.code) not in self._reasons
        )

    def of(self, kind: DiagnosticKind) -> Decision:
        """Return the decision on diagnostics that are not suppressed."""
        decided: Decision = ""
        rule = self._rules.of(kind) if severity(kind.code) == "warning" else None
        if rule is not None and self._rules.all[rule].severity == "error":
            decided = "error"
        if severity_of(kind.code, decided) == "error" and self._is_held(kind):
            return "held"
        return decided

    def _is_held(self, kind: DiagnosticKind) -> bool:
        withheld = self.site.withheld
        if kind.path not in withheld and kind.beside not in withheld:
            return False
        if kind.path in self._unread:
            return False
        return kind.code not in _NEVER_SHOWN or kind.path in self._hidden

    def decide(self, found: Iterable[Diagnostic], stored: Stored = ()) -> tuple[FileVerdicts, ...]:
        """Decide the severity of every diagnostic of a build.

        What suppresses nothing is itself reported."""
        collected = collect(found, stored, self.site.content.store.value)
        needed: set[tuple[str, str]] = set()
        used: set[tuple[int, str]] = set()
        verdicts: dict[str, list[Verdict]] = {}
        for path, file in collected.items():
            verdicts[path] = [
                self._verdict(DiagnosticKind(path, *kind), number, needed, used)
                for kind, number in file.numbers.items()
            ]
        given = [v for some in verdicts.values() for v in some if v.allowed is None]
        # After an error, not every check has run.
        if not any(severity_of(v.code, v.decided) == "error" for v in given):
            held = {p for p, some in verdicts.items() if any(v.decided == "held" for v in some)}
            vain = {name for name in self._reasons.keys() - needed if name[0] not in held}
            idle = () if held else self._rules.vain(used)
            for d in sorted({*self._vain_allowances(vain), *idle}):
                collected.setdefault(d.path, Collected()).found.add(d)
                verdicts.setdefault(d.path, []).append(Verdict(d.code, d.beside, 1, "", None))
        return tuple(
            FileVerdicts(
                path,
                tuple(sorted(verdicts[path], key=lambda v: (v.code, v.beside))),
                tuple(file.found),
                tuple(file.kept),
            )
            for path, file in sorted(collected.items())
        )

    def _verdict(
        self,
        kind: DiagnosticKind,
        number: int,
        needed: set[tuple[str, str]],
        used: set[tuple[int, str]],
    ) -> Verdict:
        """Return the decision on a kind, and note what suppresses it."""
        name = kind.path, kind.code
        if name in self._reasons:
            needed.add(name)
            return Verdict(kind.code, kind.beside, number, "", self._reasons[name])
        if (rule := self._rules.off(kind)) is not None:
            used.add((rule, kind.code))
            return Verdict(kind.code, kind.beside, number, "", self._rules.all[rule].reason)
        return Verdict(kind.code, kind.beside, number, self.of(kind), None)

    def _vain_allowances(self, vain: Iterable[tuple[str, str]]) -> Iterator[Diagnostic]:
        for path, code in sorted(vain):
            message = f"this file has no `{code}` {severity(cast(Code, code))}"
            finding = Finding(f"allow.{code}", "allowed-in-vain", message, "remove it")
            yield self.site.content.problem(path, finding)


class _Rules:
    """The rules in `checks` of site.yaml, by their index."""

    def __init__(self, site: Site) -> None:
        self.config, self.all = site.config, site.config.settings.checks
        self._by_code: dict[str, list[int]] = {}
        for number, rule in enumerate(self.all):
            for code in rule.codes:
                self._by_code.setdefault(code, []).insert(0, number)  # the last decides
        dated = any(rule.before for rule in self.all)
        self._dates = {o.path: o.date.at for o in site.content.outlines} if dated else {}

    def of(self, found: DiagnosticKind) -> int | None:
        """Return the rule that decides on a diagnostic, if any."""
        for number in self._by_code.get(found.code, ()):
            if self._applies(self.all[number], found.path):
                return number
        return None

    def off(self, found: DiagnosticKind) -> int | None:
        """Return the rule that turns a diagnostic off, if any."""
        rule = self.of(found)
        return rule if rule is not None and self.all[rule].severity == "off" else None

    def _applies(self, rule: CheckRule, path: str) -> bool:
        folder = rule.inside.strip("/").removeprefix("./")
        if folder and path != folder and not path.startswith(f"{folder}/"):
            return False
        if rule.before is None:
            return True
        return path in self._dates and self._dates[path] < rule.before.at

    def vain(self, used: Container[tuple[int, str]]) -> Iterator[Diagnostic]:
        """Yield the codes that a rule turns off although there are none."""
        for number, rule in enumerate(self.all):
            for n, code in enumerate(rule.codes):
                if rule.severity != "off" or (number, code) in used:
                    continue
                place = place_of(self.config.places, f"checks.{number}.codes.{n}") or Place()
                message = f"this rule turns off no `{code}` warning"
                yield Diagnostic.of(SETTINGS, place, "allowed-in-vain", message, "remove it")
