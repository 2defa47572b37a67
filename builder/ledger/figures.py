"""Compute the value of each figure of one brief, and report problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from builder.diagnostics.diagnostic import Finding
from builder.diagnostics.misread import MisreadAt
from builder.ledger.ids import unknown_id
from builder.model.figure import Figure, RatioUnit
from builder.quantity.evaluate import evaluate
from builder.quantity.formula import (
    Formula,
    FormulaCircle,
    operands,
    order,
    parse_formula,
)
from builder.quantity.quantity import Quantity

_MOST = 20  # circles of formulas that are reported; a brief with more has no derived figures
# The unit of a quantity for each unit of a ratio.
_UNITS: dict[RatioUnit | None, str] = {None: "", "percent": "%", "times": "x"}


class ComputedFigures(NamedTuple):
    """The values and formulas of figures by id, and their problems."""

    values: Mapping[str, Quantity]
    formulas: Mapping[str, Formula]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=1024)
def compute(figures: tuple[Figure, ...]) -> ComputedFigures:
    """Compute the figures of a brief exactly."""
    findings: list[Finding] = []
    numbers: dict[str, int] = {}
    for n, figure in enumerate(figures):
        if not figure.id:
            continue  # it is unreadable, which has its own error
        if figure.id in numbers:
            message = f"two figures have the id `{figure.id}`"
            hint = "give one of them another id"
            findings.append(Finding(f"figures.{n}.id", "duplicate-figure", message, hint))
        else:
            numbers[figure.id] = n
            findings += _own(figure, f"figures.{n}")
    values: dict[str, Quantity] = {
        figures[n].id: v for n in numbers.values() if (v := figures[n].value) is not None
    }
    formulas: dict[str, Formula] = {
        figures[n].id: parse_formula(figures[n].formula, _UNITS[figures[n].unit])
        for n in numbers.values()
        if figures[n].formula and figures[n].value is None
    }
    known = [*numbers]
    for name in _in_order(formulas, numbers, findings):
        at = f"figures.{numbers[name]}.formula"
        wanted = [o.id for o in operands(formulas[name])]
        if unknown := next((o for o in wanted if o not in numbers), ""):
            findings.append(unknown_id(at, "figure", unknown, known))
        elif all(o in values for o in wanted):  # otherwise, their own problems are reported
            try:
                values[name] = evaluate(formulas[name], values)
            except MisreadAt as misread:
                findings.append(Finding(at, misread.code, misread.message, misread.hint))
    return ComputedFigures(values, formulas, tuple(findings))


def _own(figure: Figure, at: str) -> Iterable[Finding]:
    """Yield the problems of a figure on its own."""
    if figure.value is None and not figure.formula:
        hint = "write `value: 14bn USD`, or a `formula` of other figures"
        yield Finding(at, "figure-without-value", f"the figure `{figure.id}` has no value", hint)
    if figure.value is not None and figure.formula:
        message = f"the figure `{figure.id}` has both a value and a formula"
        yield Finding(f"{at}.formula", "figure-without-value", message, "keep one of them")
    if bool(figure.formula) != (figure.basis == "derived"):
        if figure.formula:
            message = f"the figure `{figure.id}` has a formula, but its basis is `{figure.basis}`"
            hint = "write `basis: derived`"
        else:
            message = f"the figure `{figure.id}` is derived, but has no formula"
            hint = "add the formula, or write another basis"
        yield Finding(f"{at}.basis", "derived-without-formula", message, hint)
    if figure.unit and not figure.formula:
        message = f"the figure `{figure.id}` has a `unit`, but no formula"
        hint = "write the unit in the value, as in `20.5x` or `49%`"
        yield Finding(f"{at}.unit", "derived-without-formula", message, hint)
    if figure.as_of is None and not figure.period:
        message = f"the figure `{figure.id}` has no date or period"
        hint = "write `as_of: 2025-06-13` or `period: 2024`"
        yield Finding(at, "figure-undated", message, hint)


def _in_order(
    formulas: Mapping[str, Formula], numbers: Mapping[str, int], findings: list[Finding]
) -> list[str]:
    """Return derived figures, each after its operands, without circular ones."""
    left = dict(formulas)
    for _ in range(_MOST):
        try:
            return order(left)
        except FormulaCircle as circle:
            at = f"figures.{numbers[circle.circle[0]]}.formula"
            findings.append(Finding(at, circle.code, str(circle), circle.hint))
            for name in circle.circle:
                del left[name]
    return []
