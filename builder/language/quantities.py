"""Quantities in the words of a page's language, by CLDR (Babel).

No digit that an editor wrote is rounded away. Babel's own compact formats round, lack a long form
of currencies and do not cover all languages, so this module uses Babel's data and its formatting of
digits only.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from builder.quantity.quantity import (
    Bound,
    Form,
    Quantity,
    plain,
    rounded,
    unit_parts,
)
from builder.quantity.units import CURRENCIES

if TYPE_CHECKING:
    from babel.core import Locale

_NBSP = "\N{NO-BREAK SPACE}"
_DASH = "\N{EN DASH}"
_DIGITS = 80

_SIGNS: dict[Bound, str] = {
    "exact": "{}", "up to": "≤{}", "at least": "≥{}", "about": "≈{}", "more than": ">{}",
    "less than": "<{}",
}  # fmt: skip
_BOUNDS: dict[str, dict[Bound, str]] = {
    "en": {
        "up to": "up to {}", "at least": "at least {}", "about": "about {}",
        "more than": "more than {}", "less than": "less than {}",
    },
    "nl": {
        "up to": "hooguit {}", "at least": "minstens {}", "about": "ongeveer {}",
        "more than": "meer dan {}", "less than": "minder dan {}",
    },
    "de": {
        "up to": "bis zu {}", "at least": "mindestens {}", "about": "etwa {}",
        "more than": "mehr als {}", "less than": "weniger als {}",
    },
    "fr": {
        "up to": "jusqu’à {}", "at least": "au moins {}", "about": "environ {}",
        "more than": "plus de {}", "less than": "moins de {}",
    },
    "vi": {
        "up to": "tối đa {}", "at least": "ít nhất {}", "about": "khoảng {}",
        "more than": "hơn {}", "less than": "chưa đến {}",
    },
}  # fmt: skip
_POINTS = {
    "en": ("percentage point", "percentage points"), "nl": ("procentpunt", "procentpunt"),
    "de": ("Prozentpunkt", "Prozentpunkte"),
    "fr": ("point de pourcentage", "points de pourcentage"),
    "vi": ("điểm phần trăm", "điểm phần trăm"),
}  # fmt: skip
_PER = {"en": " per ", "nl": " per ", "de": " pro ", "fr": " par ", "vi": " mỗi "}
# What newspapers call the dollar, if CLDR's name is longer than a reader needs.
_DOLLAR = {"nl": "dollar", "fr": "dollars", "vi": "USD"}
# Countries where English is spoken and the dollar is not the US dollar.
_OWN_DOLLAR = ("AU", "BB", "BM", "BN", "BS", "BZ", "CA", "FJ", "GY", "HK", "JM", "KY", "LR", "NA",
               "NZ", "SB", "SG", "SR", "TT", "TW")  # fmt: skip
# As in 14 milliards de dollars.
_OF = {"fr": " de ", "es": " de ", "pt": " de ", "ca": " de ", "it": " di "}
# Abbreviations of financial pages, which CLDR lacks: $14bn.
_ENGLISH_SHORT = {3: "0k", 6: "0m", 9: "0bn", 12: "0tn"}


@cache
def _locale(language: str) -> Locale:
    from babel.core import Locale

    return Locale.parse(language, sep="-")


class _Scaled(NamedTuple):
    """The digits of a number and the words around them.

    The words are a pattern such as `0 miliardów`; a number selects their plural form.
    """

    digits: str
    pattern: str
    word: str


@lru_cache(maxsize=16384)
def print_quantity(quantity: Quantity, language: str) -> str:
    """Return a quantity for sentences: $14.8 billion, 49%, up to $100."""
    words = _BOUNDS.get(_locale(language).language, _SIGNS)
    return words.get(quantity.bound, "{}").format(_print(quantity, language, short=False))


@lru_cache(maxsize=16384)
def print_short(quantity: Quantity, language: str) -> str:
    """Return a quantity for tables and charts: $14.8bn, 49%, ≤$100."""
    return _SIGNS[quantity.bound].format(_print(quantity, language, short=True))


def _print(quantity: Quantity, language: str, short: bool) -> str:
    """Return a quantity; the ends of a range share words if possible.

    `1–2 billion` if both ends have the same words, otherwise each end with its own.
    """
    locale = _locale(language)
    high = _scaled(quantity.high, quantity.high_form, quantity.unit, locale, short)
    if not quantity.is_range:
        return _with_unit(quantity.high, high, quantity.unit, locale, short)
    low = _scaled(quantity.low, quantity.low_form, quantity.unit, locale, short)
    if quantity.low >= 0 and low.word == high.word:
        both = high._replace(digits=f"{low.digits}{_DASH}{high.digits}")
        return _with_unit(quantity.high, both, quantity.unit, locale, short)
    ends = ((quantity.low, low), (quantity.high, high))
    whole = [_with_unit(value, end, quantity.unit, locale, short) for value, end in ends]
    return f" {_DASH} ".join(whole)


# --- digits ------------------------------------------------------------------------------------


def _scaled(value: Decimal, form: Form, unit: str, locale: Locale, short: bool) -> _Scaled:
    """Return the digits before the word for a magnitude, if given."""
    value = rounded(value, form)
    least = 3 if short else 6  # nobody writes 150 thousand dollars
    if form.scale < least or abs(value) < 10**least:
        return _whole(value, form, unit, locale)
    money = unit_parts(unit).of in CURRENCIES
    forms = _compact(locale, short, money)
    magnitude = max((int(m) for m in forms["other"] if int(m) <= abs(value)), default=0)
    pattern = forms["other"].get(str(magnitude), "0")
    if "0" not in pattern or pattern.strip("'") == "0":  # this language has no word for it
        return _whole(value, form, unit, locale)
    exponent = len(str(magnitude)) - pattern.count("0")
    with localcontext(prec=_DIGITS):
        number = plain(value.scaleb(-exponent))
    places = form.places if exponent == form.scale else _places(number)
    plural = forms.get(locale.plural_form(number), forms["other"])
    inflected = plural.get(str(magnitude), pattern)
    return _Scaled(_digits(number, places, locale), inflected, pattern.replace("0", ""))


def _whole(value: Decimal, form: Form, unit: str, locale: Locale) -> _Scaled:
    """Return all digits of a number.

    An amount of money with decimals has as many as its currency's coins.
    """
    from babel.numbers import get_currency_precision

    value = plain(value)
    places = form.places if not form.scale else _places(value)
    code = unit_parts(unit).of
    if places and code in CURRENCIES:
        places = max(places, get_currency_precision(code))
    return _Scaled(_digits(value, places, locale), "0", "")


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _digits(number: Decimal, places: int, locale: Locale) -> str:
    from babel.numbers import format_decimal

    pattern = locale.decimal_formats[None].pattern.partition(".")[0]
    with localcontext(prec=_DIGITS):
        return format_decimal(number, f"{pattern}{'.' * bool(places)}{'0' * places}", locale)


@cache
def _compact(locale: Locale, short: bool, money: bool) -> dict[str, dict[str, str]]:
    """Return the pattern of a compact number by plural form and magnitude."""
    if short and locale.language == "en":
        return {"other": _english_short()}
    if short and money:
        found: Any = locale.compact_currency_formats["short"]
    else:
        # Chinese, Japanese and Korean have one form for both.
        found = locale.compact_decimal_formats
        found = found["short"] if short or "long" not in found else found["long"]
    return {
        # For French, CLDR has a form "1" for exactly one thousand, which is not a plural.
        plural: {magnitude: _bare(p.pattern) for magnitude, p in patterns.items()}
        for plural, patterns in found.items()
        if plural != "1"
    }


def _english_short() -> dict[str, str]:
    return {
        str(10 ** (power + more)): pattern.replace("0", "0" * (more + 1))
        for power, pattern in _ENGLISH_SHORT.items()
        for more in range(3)
    }


def _bare(pattern: str) -> str:
    """Return a compact pattern without its currency.

    The currency goes where whole amounts have it.
    """
    return re.sub(r"'([^']*)'", r"\1", pattern).replace("¤", "").strip(f" {_NBSP}\u202f\u200f")


# --- units -------------------------------------------------------------------------------------


def _with_unit(value: Decimal, scaled: _Scaled, unit: str, locale: Locale, short: bool) -> str:
    number = _tied(re.sub("0+", lambda _: scaled.digits, scaled.pattern, count=1))
    parts = unit_parts(unit)
    if unit == "%":
        text = _percent(number, locale)
    elif unit == "x":
        text = f"{number}×"
    elif unit == "pp":
        one, many = _POINTS.get(locale.language, ("pp", "pp"))
        singular = locale.plural_form(abs(value)) == "one"
        text = number + _NBSP + _tied("pp" if short else one if singular else many)
    elif parts.of in CURRENCIES:
        text = _money(value, number, parts.of, scaled.pattern, locale, short)
    else:
        text = f"{number}{_NBSP}{parts.of}" if unit else number
    if parts.per:
        text += ("/" if short else _PER.get(locale.language, "/")) + parts.per
    return text


def _tied(text: str) -> str:
    return text.replace(" ", _NBSP)


def _around(pattern: str, number: str) -> str:
    """Return a CLDR pattern with its digits replaced by a number.

    A minus sign goes where the pattern puts it.
    """
    from babel.numbers import parse_pattern

    parsed = parse_pattern(pattern)
    negative = number.startswith("-")
    return parsed.prefix[negative] + number.removeprefix("-") + parsed.suffix[negative]


def _percent(number: str, locale: Locale) -> str:
    return _tied(_around(locale.percent_formats[None].pattern, number))


def _money(
    value: Decimal, number: str, code: str, pattern: str, locale: Locale, short: bool
) -> str:
    from babel.numbers import get_currency_symbol, get_currency_unit_pattern

    if short or pattern == "0" or locale.language == "en":
        symbol = get_currency_symbol(code, locale)
        if code == "USD" and locale.language == "en" and locale.territory not in _OWN_DOLLAR:
            symbol = "$"  # as British newspapers write US dollars
        text = _around(locale.currency_formats["standard"].pattern, number)
        # CHF 14, but $14
        text = re.sub(r"¤(?=\d)", f"¤{_NBSP}" if symbol[-1].isalpha() else "¤", text)
        return _tied(text.replace("¤", symbol))
    name = _currency_name(value, code, locale)
    between = get_currency_unit_pattern(code, locale=locale)
    if locale.language in _OF:
        between = between.replace(" ", _OF[locale.language])
    return _tied(between.format(number, name))


def _currency_name(value: Decimal, code: str, locale: Locale) -> str:
    from babel.numbers import get_currency_name

    if code == "USD" and locale.language in _DOLLAR:
        return _DOLLAR[locale.language]
    with localcontext(prec=_DIGITS):
        return get_currency_name(code, plain(abs(value)), locale)
