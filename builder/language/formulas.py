"""A formula in a reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from builder.language.quantities import print_quantity
from builder.quantity.evaluate import evaluate
from builder.quantity.formula import STRENGTH, FigureOperand, Formula, Node, Number
from builder.quantity.quantity import Form, Quantity

_PRINTED = {"*": "×", "/": "÷", "+": "+", "-": "−"}


def shown(formula: Formula, values: Mapping[str, Quantity], language: str) -> str:
    """Return a formula with values: $150 million ÷ $870 million = 17.2%."""

    def words(node: Node, around: int) -> str:
        match node:
            case FigureOperand():
                text = print_quantity(values[node.id], language)
                return text if values[node.id].bound == "exact" else f"({text})"
            case Number(value=value, unit=unit):
                form = Form(0, max(0, -int(value.as_tuple().exponent)))
                return print_quantity(Quantity(value, value, unit, "exact", form, form), language)
        strength = STRENGTH[node.operator]
        left = words(node.left, strength - 1)
        text = f"{left} {_PRINTED[node.operator]} {words(node.right, strength)}"
        return f"({text})" if strength <= around else text

    result = evaluate(formula, values)
    return f"{words(formula.root, 0)} = {print_quantity(result, language)}"
