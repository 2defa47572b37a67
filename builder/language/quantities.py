"""A quantity -> the words of a page's language, by CLDR (Babel); no digit is rounded away that an
editor wrote.

Babel's own compact forms round, know no long form of a currency and lack languages, so its data
are used, and its formatting of the digits."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from builder.language.direction import direction
from builder.language.lexicon import QuantityWords, ShortScales, lexicon
from builder.patterns import pattern
from builder.quantity.quantity import (
    Bound,
    Form,
    Quantity,
    plain,
    rounded,
    unit_parts,
)
from builder.quantity.units import CURRENCIES, PEOPLE

if TYPE_CHECKING:
    from babel.core import Locale

_NBSP = "\N{NO-BREAK SPACE}"
_DASH = "\N{EN DASH}"
_DIGITS = 80

_SIGNS: dict[Bound, str] = {
    "exact": "{}", "up to": "≤{}", "at least": "≥{}", "about": "≈{}", "more than": ">{}",
    "less than": "<{}",
}  # fmt: skip
# Where English is spoken and a dollar is another one.
_OWN_DOLLAR = ("AU", "BB", "BM", "BN", "BS", "BZ", "CA", "FJ", "GY", "HK", "JM", "KY", "LR", "NA",
               "NZ", "SB", "SG", "SR", "TT", "TW")  # fmt: skip


@cache
def _locale(language: str) -> Locale:
    from babel.core import Locale

    return Locale.parse(language, sep="-")


class _Scaled(NamedTuple):
    """Digits, the words around them (`0 miliardów`), and those of a number without plural."""

    digits: str
    pattern: str
    word: str


@lru_cache(maxsize=16384)
def print_quantity(quantity: Quantity, language: str) -> str:
    """For sentences: $14.8 billion, 49%, up to $100, 200 people."""
    words = lexicon(_locale(language).language).quantities.bounds or _SIGNS
    return words.get(quantity.bound, "{}").format(_print(quantity, language, short=False))


@lru_cache(maxsize=16384)
def print_short(quantity: Quantity, language: str) -> str:
    """For tables and charts: $14.8bn, 49%, ≤$100, 200 people."""
    return _SIGNS[quantity.bound].format(_print(quantity, language, short=True))


def _print(quantity: Quantity, language: str, short: bool) -> str:
    """`1–2 billion` where both ends share their words, else each end with its own."""
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
    """The digits in front of the word for their magnitude, where a scale was written."""
    value = rounded(value, form)
    least = 3 if short else 6  # nobody says 150 thousand dollars
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
    """All digits. An amount of money that has decimals has as many as its coins."""
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
    """By plural form and magnitude, the pattern of a compact number."""
    if short and (scales := lexicon(locale.language).quantities.short_scales):
        return {"other": _short_patterns(scales)}
    if short and money:
        found: Any = locale.compact_currency_formats["short"]
    else:
        # Chinese, Japanese and Korean have one form for both.
        found = locale.compact_decimal_formats
        found = found["short"] if short or "long" not in found else found["long"]
    return {
        # "1" is a form of CLDR for exactly one thousand in French, not a plural.
        plural: {magnitude: _bare(p.pattern) for magnitude, p in patterns.items()}
        for plural, patterns in found.items()
        if plural != "1"
    }


def _short_patterns(scales: ShortScales) -> dict[str, str]:
    """Return patterns as CLDR has them, by magnitude: 0bn, 00bn, 000bn."""
    space = " " if scales.spaced else ""
    words = {3: scales.thousand, 6: scales.million, 9: scales.billion, 12: scales.trillion}
    return {
        str(10 ** (power + more)): "0" * (more + 1) + space + word
        for power, word in words.items()
        for more in range(3)
    }


def _bare(pattern: str) -> str:
    """A compact pattern without the currency, which is put where whole amounts have it."""
    return re.sub(r"'([^']*)'", r"\1", pattern).replace("¤", "").strip(f" {_NBSP}\u202f\u200f")


# --- units -------------------------------------------------------------------------------------


def _with_unit(value: Decimal, scaled: _Scaled, unit: str, locale: Locale, short: bool) -> str:
    number = _tied(re.sub("0+", lambda _: scaled.digits, scaled.pattern, count=1))
    parts, words = unit_parts(unit), lexicon(locale.language).quantities
    plural: Any = locale.plural_form(abs(value))
    if unit == "%":
        text = _percent(number, locale)
    elif unit == "x":
        other = "" if plural == "one" else words.times.get("other", "")
        times = "" if short else words.times.get(plural, other)
        text = _spaced(number, times) if times else f"{number}×"
    elif unit == "pp":
        points = words.percentage_points
        word = "pp" if short else points.get(plural, points.get("other", "pp"))
        text = _spaced(number, _tied(word))
    elif parts.of == PEOPLE and words.people:
        word = words.people.get(plural, words.people.get("other", PEOPLE))
        scale = bool(words.of and scaled.word and not short)
        text = number + _NBSP + _of(word, words) if scale else _spaced(number, word)
    elif parts.of in CURRENCIES:
        text = _money(value, number, parts.of, scaled.pattern, locale, short)
    elif unit and words.of and scaled.word and not short:
        text = number + _NBSP + _of(parts.of, words)
    else:
        text = _spaced(number, parts.of) if unit else number
    return _per(text, parts.per, locale, short) if parts.per else text


_UNSPACED = pattern("[\u3040-\u30ff\u3400-\u9fff]")  # Chinese and Japanese characters
_TIMES = ("second", "minute", "hour", "day", "week", "month", "year")  # as editors write them


def _spaced(number: str, word: str) -> str:
    """Return a number and its word: 20.5 times, 20.5倍."""
    return number + ("" if _UNSPACED.match(word) else _NBSP) + word


def _of(counted: str, words: QuantityWords) -> str:
    """Return what a scale counts: de dollars, d’euros."""
    first = unicodedata.normalize("NFD", counted)[:1].lower()
    if words.of_elided and first in "aeiou":
        return words.of_elided + counted
    return f"{words.of}{_NBSP}{counted}"


def _per(text: str, per: str, locale: Locale, short: bool) -> str:
    """Return an amount for each of something: $100 per hour, 100 $ pro Stunde."""
    words = lexicon(locale.language).quantities
    if short and locale.language == "en":
        return f"{text}/{per}"
    if per in _TIMES:
        from babel.units import format_compound_unit

        # In words where a language says them so, else with a slash.
        for length in ("long", "short") if words.per else ("short",):
            found = format_compound_unit(text, denominator_unit=per, length=length, locale=locale)
            if found and "duration-" not in found:  # which stands where CLDR has no word
                return found
    return f"{text} {words.per} {per}" if words.per and not short else f"{text}/{per}"


def _tied(text: str) -> str:
    return text.replace(" ", _NBSP)


def _around(pattern: str, number: str) -> str:
    """The digits of a CLDR pattern replaced by a number; a minus sign goes where it belongs."""
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

    words = lexicon(locale.language).quantities
    names = words.currency_names or direction(locale.language) == "rtl"  # 100 دولار, not 100 US$
    if words.currency_signs or (not names and (short or pattern == "0")):
        symbol = get_currency_symbol(code, locale)
        if code == "USD" and locale.language == "en" and locale.territory not in _OWN_DOLLAR:
            symbol = "$"  # as British papers write it too
        text = _around(locale.currency_formats["standard"].pattern, number)
        # CHF 14, but $14
        text = re.sub(r"¤(?=\d)", f"¤{_NBSP}" if symbol[-1].isalpha() else "¤", text)
        return _tied(text.replace("¤", symbol))
    name = _currency_name(value, code, locale)
    if words.of:
        return number + _NBSP + _of(name, words)
    if _UNSPACED.match(name):
        return number + name.replace(" ", "")  # スイス フラン
    # A long name, such as "amerikanske dollar", may be broken.
    between = get_currency_unit_pattern(code, locale=locale)
    return _tied(between.format(number, "\0")).replace("\0", name)


def _currency_name(value: Decimal, code: str, locale: Locale) -> str:
    from babel.numbers import get_currency_name

    words = lexicon(locale.language).quantities
    if code in words.currencies:
        return words.currencies[code]
    with localcontext(prec=_DIGITS):
        name: str = get_currency_name(code, plain(abs(value)), locale)
    return name[:1].lower() + name[1:] if words.small_currencies else name
