"""Decides the severity of diagnostics (law 10).

A code has a severity. Then, in this order: a file's `allow` suppresses a diagnostic; the rules in
`checks` of site.yaml turn a warning off or into an error; and an error of an unpublished record is
held, so that it stops neither a build nor a deploy."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple, cast

from msgspec.structs import replace

from builder.content.config import FILE as SETTINGS
from builder.diagnostics.codes import Code, severity
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place, place_of
from builder.model.record import Allowed
from builder.model.settings import CheckRule
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
        self.site, self._rules = site, _Rules(site)
        self._reasons = {
            (path, a.code): a.reason for path, rules in _allowances(site) for a in rules
        }
        # A published brief may name such a company, which is not an error of its own.
        names = site.names
        self._unread = {c.path for s in names.unread if (c := names.all_companies.get(s))}
        self._hidden = {site.outlines[slug].path for slug in site.unpublished} | {*site.waiting}

    def stop(self, found: Iterable[Diagnostic]) -> bool:
        """Return whether one of some diagnostics stops a build."""
        return any(
            self.of(d).severity == "error" for d in found if (d.path, d.code) not in self._reasons
        )

    def of(self, found: Diagnostic) -> Diagnostic:
        """Return a diagnostic with its severity decided."""
        rule = self._rules.of(found) if severity(found.code) == "warning" else None
        if rule is not None and self._rules.all[rule].severity == "error":
            found = replace(found, decided="error")
        if found.severity == "error" and self._is_held(found):
            return replace(found, decided="held")
        return found

    def _is_held(self, found: Diagnostic) -> bool:
        withheld = self.site.withheld
        if found.path not in withheld and found.beside not in withheld:
            return False
        if found.path in self._unread:
            return False
        return found.code not in _NEVER_SHOWN or found.path in self._hidden

    def decide(self, found: Iterable[Diagnostic]) -> Decided:
        """Decide the severity of every diagnostic of a build.

        What suppresses nothing is itself reported."""
        given, silent, needed, used = [], [], set(), set()
        for diagnostic in found:
            name = diagnostic.path, diagnostic.code
            if name in self._reasons:
                silent.append((diagnostic, self._reasons[name]))
                needed.add(name)
            elif (rule := self._rules.off(diagnostic)) is not None:
                silent.append((diagnostic, self._rules.all[rule].reason))
                used.add((rule, diagnostic.code))
            else:
                given.append(self.of(diagnostic))
        # After an error, not every check has run.
        if not any(diagnostic.severity == "error" for diagnostic in given):
            held = {diagnostic.path for diagnostic in given if diagnostic.held}
            vain = {name for name in self._reasons.keys() - needed if name[0] not in held}
            given += self._vain_allowances(vain)
            given += self._rules.vain(used) if not held else ()
        return Decided(sorted(given), tuple(silent))

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

    def of(self, found: Diagnostic) -> int | None:
        """Return the rule that decides on a diagnostic, if any."""
        for number in self._by_code.get(found.code, ()):
            if self._applies(self.all[number], found.path):
                return number
        return None

    def off(self, found: Diagnostic) -> int | None:
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
