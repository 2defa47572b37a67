"""Formulas compute exactly, say where they cannot, and come in an order without circles."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.diagnostics.misread import MisreadAt
from builder.language.formulas import shown
from builder.language.quantities import print_quantity
from builder.quantity.evaluate import evaluate
from builder.quantity.formula import (
    Formula,
    FormulaCircle,
    operands,
    order,
    parse_formula,
)
from builder.quantity.parse import parse_quantity
from builder.quantity.quantity import conflict

WRITTEN = {
    "spend-24": "150m USD", "rev-24": "870m USD", "val": "14bn EUR", "staff": "200 people",
    "wide": "1bn..2bn USD", "stake": "49%", "cap": "up to 100 USD", "floor": "at least 4 USD",
    "near": "about 3x", "zero": "-1..1 USD", "rate": "5 USD/hour", "time": "10 hours",
    "gpu": "1 GPU", "gpus": "3 GPUs", "gain": "5 pp", "small": "40m USD",
}  # fmt: skip
VALUES = {name: parse_quantity(text) for name, text in WRITTEN.items()}

SHOWN = [
    ("spend-24 / rev-24", "$150_million ÷ $870_million = 17.2%"),
    ("rev-24 - spend-24", "$870_million − $150_million = $720_million"),
    ("rev-24 + spend-24", "$870_million + $150_million = $1.02_billion"),
    ("rev-24 * stake", "$870_million × 49% = $426.3_million"),
    ("spend-24 / stake", "$150_million ÷ 49% = $306.12_million"),
    ("100% - stake", "100% − 49% = 51%"),
    ("2 * (rev-24 - spend-24)", "2 × ($870_million − $150_million) = $1.44_billion"),
    ("rev-24 - (rev-24 - spend-24)", "$870_million − ($870_million − $150_million) = $150_million"),
    ("rev-24 - spend-24 - spend-24", "$870_million − $150_million − $150_million = $570_million"),
    ("rev-24 / (2 * 3)", "$870_million ÷ (2 × 3) = $145_million"),
    ("rev-24 / staff", "$870_million ÷ 200_people = $4.35_million per people"),
    ("rate * time", "$5 per hour × 10_hours = $50"),
    ("gpu + gpus", "1_GPU + 3_GPUs = 4_GPUs"),
    ("wide - spend-24", "$1–2_billion − $150_million = $850_million – $1.85_billion"),
    ("wide / wide", "$1–2_billion ÷ $1–2_billion = 50–200%"),
    ("near * rev-24", "(about 3_times) × $870_million = about $2.61_billion"),
    ("cap * 2", "(up to $100) × 2 = up to $200"),
    ("staff / 3", "200_people ÷ 3 = 66.67_people"),
    ("rev-24 / small", "$870_million ÷ $40_million = 21.8_times"),
    ("rev-24 / small * 100%", "$870_million ÷ $40_million × 100% = 2,175%"),
    ("(rev-24 - small) / small", "($870_million − $40_million) ÷ $40_million = 20.8_times"),
    ("gain * 2", "5_percentage_points × 2 = 10_percentage_points"),
]


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("rev-24 / spend-24", "", "580%"),
        ("rev-24 / spend-24", "x", "5.8_times"),
        ("rev-24 / spend-24", "%", "580%"),
        ("rev-24 / small", "%", "2,175%"),
        ("stake", "x", "0.49_times"),
        ("near", "%", "about 300%"),
    ],
)
def test_a_ratio_has_the_unit_that_is_asked_for(text: str, unit: str, words: str) -> None:
    printed = print_quantity(evaluate(parse_formula(text, unit), VALUES), "en")
    assert printed == words.replace("_", "\u00a0")


def test_only_a_ratio_is_printed_in_times() -> None:
    with pytest.raises(MisreadAt, match="not a ratio: its unit is USD") as misread:
        evaluate(parse_formula("rev-24 - small", "x"), VALUES)
    assert (misread.value.code, misread.value.hint) == ("mixed-units", "remove `unit`")


@pytest.mark.parametrize(("text", "words"), SHOWN)
def test_is_shown(text: str, words: str) -> None:
    assert shown(parse_formula(text), VALUES, "en") == words.replace("_", "\u00a0")


def test_is_shown_in_another_language() -> None:
    words = shown(parse_formula("spend-24 / rev-24"), VALUES, "nl")
    assert words == "150\u00a0miljoen\u00a0dollar ÷ 870\u00a0miljoen\u00a0dollar = 17,2%"


# The text, the code, where in it the mistake is (column, width), and words of message or hint.
REFUSED = [
    ("", "empty-value", 1, 1, "the formula is empty"),
    ("1 + 2", "invalid-formula", 1, 5, "names no figure"),
    ("rev-24 +", "invalid-formula", 9, 1, "is incomplete"),
    ("* rev-24", "invalid-formula", 1, 1, "needs a value before it"),
    ("(rev-24", "invalid-formula", 1, 1, "is not closed"),
    ("rev-24)", "invalid-formula", 7, 1, "no matching `(`"),
    ("rev-24 rev-24", "invalid-formula", 8, 6, "needs an operator"),
    ("rev-24 -spend-24", "invalid-formula", 8, 1, "put spaces around a minus sign"),
    ("rev-24- spend-24", "invalid-formula", 7, 1, "put spaces around a minus sign"),
    ("14bn * stake", "invalid-formula", 1, 4, "`14bn` is not a number"),
    ("rev-24 * 1,5", "invalid-formula", 10, 3, "`1,5` is not a number"),
    ("rev-24 × 2", "invalid-formula", 8, 1, "write `*`"),
    ("rev-24 ÷ 2", "invalid-formula", 8, 1, "write `/`"),
    ("rev-24 & 2", "invalid-formula", 8, 1, "is not allowed in a formula"),
    ("(" * 21 + "rev-24" + ")" * 21, "invalid-formula", 21, 1, "more than 20"),
    ("1 + " * 60 + "a", "invalid-formula", 1, 241, "the limit is 200"),
    ("rev-24-spend-24", "unknown-figure", 1, 15, "write `rev-24 - spend-24`"),
    ("2 * spnd-24", "unknown-figure", 5, 7, "did you mean `spend-24`?"),
    ("2 * (val / rev-24)", "mixed-units", 6, 12, "`val` is EUR, `rev-24` is USD"),
    ("rev-24 + stake", "mixed-units", 1, 14, "same unit"),
    ("1 - stake", "mixed-units", 1, 9, "write `100%`"),
    ("rev-24 * rev-24", "mixed-units", 1, 15, "units do not match"),
    ("staff / rev-24", "mixed-units", 1, 14, "units do not match"),
    ("stake - gain", "mixed-units", 1, 12, "`stake` is %, `gain` is pp"),
    ("rev-24 / zero", "division-by-zero", 10, 4, "`zero` may be zero"),
    ("rev-24 / (spend-24 - spend-24)", "division-by-zero", 11, 19, "is zero"),
    ("cap - cap", "invalid-formula", 1, 9, "cannot be combined"),
    ("cap + floor", "invalid-formula", 1, 11, "cannot be combined"),
    ("cap * 0", "invalid-formula", 1, 7, "cannot be combined"),
    ("cap + wide", "invalid-formula", 1, 10, "cannot be combined"),
    ("rev-24 * 100000000000000 * 100000000000000", "invalid-formula", 1, 42, "too large"),
]


@pytest.mark.parametrize(("text", "code", "column", "width", "words"), REFUSED)
def test_is_refused_with_its_place(
    text: str, code: str, column: int, width: int, words: str
) -> None:
    with pytest.raises(MisreadAt) as caught:
        evaluate(parse_formula(text), VALUES)
    error = caught.value
    assert (error.code, error.column, error.width) == (code, column, width)
    assert words in f"{error.message}; {error.hint}"


def test_bounds_follow_the_operator() -> None:
    for text, bound in (
        ("cap + cap", "up to"), ("rev-24 - cap", "at least"), ("rev-24 / cap", "at least"),
        ("rev-24 * near", "about"), ("floor * 2", "at least"), ("cap - floor", "up to"),
    ):  # fmt: skip
        assert evaluate(parse_formula(text), VALUES).bound == bound


def test_operands_with_their_places() -> None:
    formula = parse_formula("a-1 / (b + a-1)")
    assert [(o.id, o.column) for o in operands(formula)] == [("a-1", 1), ("b", 8), ("a-1", 12)]
    stored = msgspec.json.encode(formula)
    assert msgspec.json.decode(stored, type=Formula) == formula


def test_a_computed_share_agrees_with_the_written_one() -> None:
    share = evaluate(parse_formula("spend-24 / rev-24"), VALUES)
    assert share.is_computed
    for text, differ in (("17%", False), ("17.2%", False), ("17.24%", False), ("17.3%", True)):
        assert conflict(share, parse_quantity(text)) is differ
        assert conflict(parse_quantity(text), share) is differ
    assert not conflict(share, share)


# --- order -------------------------------------------------------------------------------------


def formulas(**texts: str) -> dict[str, Formula]:
    return {name: parse_formula(text) for name, text in texts.items()}


def test_each_comes_after_what_it_is_computed_from() -> None:
    assert order(formulas(a="b + c", b="c * 2", c="x / y", d="b / x")) == ["c", "b", "a", "d"]


def test_a_circle_is_named() -> None:
    with pytest.raises(FormulaCircle) as caught:
        order(formulas(a="x + c", b="a * 2", c="d / b", d="x * 2", e="a / x"))
    assert caught.value.circle == ("a", "c", "b")
    assert caught.value.message.endswith("a → c → b → a")
    assert (caught.value.column, caught.value.width) == (5, 1)


def test_a_figure_derived_from_itself() -> None:
    with pytest.raises(FormulaCircle) as caught:
        order(formulas(share="2 * share"))
    assert caught.value.circle == ("share",)
    assert (caught.value.column, caught.value.width) == (5, 5)


def test_a_long_chain() -> None:
    chain = {f"f{i}": parse_formula(f"f{i + 1} * 2") for i in range(3000)}
    assert order(chain)[-1] == "f0"


def test_digits_that_double_with_each_product_have_an_end() -> None:
    """Seventeen products of two short figures would have over a million digits."""
    values = {"f0": parse_quantity("0.000000001 x")}
    with pytest.raises(MisreadAt, match="too many digits"):
        for n in range(1, 17):
            values[f"f{n}"] = evaluate(parse_formula(f"f{n - 1} * f{n - 1}"), values)
    assert 3 < len(values) < 8


# --- properties --------------------------------------------------------------------------------

AMOUNTS = st.integers(-(10**12), 10**12).map(lambda n: f"{n // 100}.{n % 100:02d} USD")


@given(st.lists(AMOUNTS, min_size=2, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_addition_does_not_matter(texts: list[str], random: object) -> None:
    values = {f"f{i}": parse_quantity(text) for i, text in enumerate(texts)}
    names = list(values)
    result = evaluate(parse_formula(" + ".join(names)), values)
    random.shuffle(names)  # type: ignore[attr-defined]
    assert evaluate(parse_formula(" + ".join(names)), values) == result
    assert Fraction(result.low) == sum(Fraction(value.low) for value in values.values())


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    if not depth or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(["a", "b", "c", "2", "7", "0.5"]))
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    return f"({left} {draw(st.sampled_from('+-*/'))} {right})"


@given(expressions(), st.tuples(*[st.integers(-1000, 1000)] * 3))
@settings(max_examples=150)
def test_arithmetic_is_that_of_fractions(text: str, numbers: tuple[int, int, int]) -> None:
    """Multiples carry no unit of their own, so any expression over them has a value."""
    try:
        formula = parse_formula(text)
        result = evaluate(
            formula, {n: parse_quantity(f"{v}x") for n, v in zip("abc", numbers, strict=True)}
        )
    except MisreadAt as error:
        assert error.code in ("invalid-formula", "mixed-units", "division-by-zero")
        return
    names = {n: Fraction(v) for n, v in zip("abc", numbers, strict=True)}
    names["F"] = Fraction  # type: ignore[assignment]
    expected = eval(
        text.replace("0.5", "F(1, 2)").replace("2 ", "F(2) ").replace("7", "F(7)"), names
    )
    # A ratio is a percentage: the same share of one.
    exact = Fraction(result.low) / (100 if result.unit == "%" else 1)
    assert abs(exact - expected) <= abs(expected) / 10**26


PIECES = st.sampled_from(
    [*WRITTEN, *"+-*/()", " - ", " + ", " ", "2", "0", "50%", "1.5", "nope", "٣", "−", ".", "\n"]
)


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=300)
def test_any_text_has_a_value_or_a_place(text: str) -> None:
    try:
        formula = parse_formula(text)
        evaluate(formula, VALUES)
        assert shown(formula, VALUES, "en")
    except MisreadAt as error:
        assert error.column >= 1 and error.width >= 1
        assert error.column + error.width - 1 <= max(1, len(text) + 1)


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99), st.integers(0, 99))
@settings(max_examples=60)
def test_a_range_holds_whatever_its_numbers_give(low: int, more: int, by: int, at: int) -> None:
    wide = {"a": parse_quantity(f"{low}..{low + more} USD"), "b": parse_quantity(f"{by} USD")}
    inside = wide | {"a": parse_quantity(f"{low + more * at // 99} USD")}
    for text in ("a + b", "a - b", "b - a", "a / b", "b / a", "a * 3 - b"):
        formula = parse_formula(text, "%" if "/" in text else "")
        whole, one = (evaluate(formula, values) for values in (wide, inside))
        assert whole.low <= one.low <= whole.high
