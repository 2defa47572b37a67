"""Finds the amounts in a text: money, percentages and numbers of people, in digits.

A number without a unit, such as a year, does not count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from builder.language.han_percentages import han_percentages
from builder.language.lexicon import lexicon
from builder.language.word_patterns import NEVER, is_elided, of_all, one_of
from builder.patterns import pattern
from builder.quantity.quantity import Form, Quantity, plain
from builder.quantity.units import CURRENCIES, FACTORS, PEOPLE


class Mention(NamedTuple):
    """An amount, and where it stands in its text. What is counted is `people`, whatever they are
    called."""

    start: int
    end: int
    quantity: Quantity


_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₫": "VND"}
# Nothing looks back here: what begins with a digit is found quickest.
_NUMBER = pattern(
    r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9])(?:\.[0-9]+)?"  # of India: 1,50,000
    r"|[0-9]{1,3}(?:[., \u00a0\u202f][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?"
)
# Dollars that are not those of the United States, and what else has two letters.
_MARKS = {
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "NT$": "TWD", "R$": "BRL", "Rs": "INR", "Rs.": "INR",
}  # fmt: skip
_SIGN = pattern(
    r"(?:(?<![A-Z])US|(?<![A-Za-z]))([$€£¥₩₹₫])\s?$|\b([A-Z]{3})\s?$"
    rf"|(?<![A-Za-z])({'|'.join(map(re.escape, _MARKS))})\s?$"
)
# A number behind these is part of a name: `Fortune 500 customers`, `Windows 11 users`.
_GROUPED = pattern(r"[.,][0-9]{2,3}[.,]|,[0-9]{3}$")
_DECIMALS = pattern(r"[0-9]+[.,](?![0-9]{3}$)[0-9]+")
_NAMED = pattern(r"\b(?:Android|Forbes|Fortune|Global|Windows|i(?:Pad)?OS)\s$")
# Digits and signs of other scripts, at the same offsets.
_FOREIGN = pattern("[٠-٩٪-٬۰-۹०-९０-９％＄￥￡]")
_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９"
_PLAIN = {ord(digit): str(n % 10) for n, digit in enumerate(_DIGITS)}
_PLAIN |= {ord(sign): plain for sign, plain in zip("٪٫٬％＄￥￡", "%.,%$¥£", strict=True)}
# Letters to which a number is attached: of scripts without spaces, and prefixes of Semitic ones.
_ATTACHED = pattern(
    "[\u05d0-\u05ea\u0620-\u065f\u0900-\u0963\u0e01-\u0e4e\u3005-\u3007\u3041-\u30ff\u3400-\u9fff"
    "\uac00-\ud7a3]"
)
_OPEN = pattern("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_MOST = 500  # amounts of a text that are looked at


# Powers of ten, by the keys of a lexicon; the longest first: `nghìn tỷ` begins as `nghìn` does.
_SCALES = {
    "trillion": 12, "billion": 9, "hundred_million": 8, "crore": 7, "million": 6, "lakh": 5,
    "myriad": 4, "thousand": 3,
}  # fmt: skip


class _Behind(NamedTuple):
    """What may follow a number, and what else is between the two numbers of a range; `comma`:
    whether one divides whole numbers from decimals."""

    comma: bool
    behind: re.Pattern[str]
    to: re.Pattern[str]


@cache
def _behind(language: str) -> _Behind:
    """Return the patterns for a language; for one that has no words, those of English."""
    words = lexicon(language).amounts or lexicon("en").amounts
    assert words is not None
    scales = "|".join(
        f"(?P<s{power}>{_bounded(getattr(words.scales, key))})" for key, power in _SCALES.items()
    )
    percent, people = _bounded(words.percent, r"\s"), one_of(_spaced(words.people))
    forms = {code: _spaced(forms) for code, forms in words.money.items()}
    names = (f"(?P<{code}>{one_of(spaced)})" for code, spaced in forms.items() if spaced)
    money = "|".join(("(?P<code>(?-i:[A-Z]{3}))", *names))
    attached = {
        code: _open(forms) for code, forms in (*words.money.items(), (PEOPLE, words.people))
    }
    behind_open = "|".join(
        f"(?P<open_{code}>{one_of(found)})" for code, found in attached.items() if found
    )
    of = of_all(lambda one: one.amounts.of if one.amounts else ())
    elided = one_of(filter(is_elided, of))
    lead = one_of((word if is_elided(word) else f"{word} " for word in of), r"\s")
    behind = re.compile(
        rf"(?:[\s-]?(?:{scales}))?"
        rf"(?:\s?(?:(?P<percent>%|(?:{percent}))|(?P<sign>[$€£¥₩₹₫]))"
        rf"|[\s-](?:{lead})?(?:{money})(?!\w)"
        rf"|(?:[\s-][^\W\d]{{1,30}}){{0,2}}?[\s-](?:{elided})?(?P<people>{people})(?!\w)"
        rf"|\s?(?:{behind_open or NEVER}))?",
        re.IGNORECASE,
    )
    between = one_of(of_all(lambda one: one.amounts.ranges if one.amounts else ()))
    to = re.compile(
        rf"(?:\s?[-–—]\s?|\s(?:{between})\s)(?:US)?[$€£¥₩₹₫]?\s?\d+(?:[.,]\d+)?", re.IGNORECASE
    )
    return _Behind(words.decimal_comma, behind, to)


def _spaced(words: Iterable[str]) -> list[str]:
    return [word for word in words if not _OPEN.match(word)]


def _open(words: Iterable[str]) -> list[str]:
    """Return the words that need no space around them; longer ones come first."""
    return sorted((word for word in words if _OPEN.match(word)), key=len, reverse=True)


def _bounded(words: Iterable[str], space: str = " ") -> str:
    words = [*words]
    return rf"(?:{one_of(_spaced(words), space)})(?![^\W\d_])|{one_of(_open(words), space)}"


def mentioned(text: str, language: str) -> Iterator[Mention]:
    """Yield the amounts in a text, in order.

    Numbers of people count from ten on."""
    language = language.partition("-")[0]
    if not text.isascii() and _FOREIGN.search(text):
        text = text.translate(_PLAIN)
    if language in ("zh", "ja") and (worded := [*_in_words(text)]):
        ends = {mention.end for mention in worded}
        digits = (found for found in _in_digits(text, language) if found.end not in ends)
        yield from sorted((*worded, *digits), key=lambda mention: mention.start)
    else:
        yield from _in_digits(text, language)


def _in_words(text: str) -> Iterator[Mention]:
    for start, end, value in han_percentages(text):
        form = Form(0, max(0, -int(value.as_tuple().exponent)))
        yield Mention(start, end, Quantity(value, value, "%", "about", form, form))


def _in_digits(text: str, language: str) -> Iterator[Mention]:
    comma, behind, to = _behind(language)
    read = 0  # where the last amount ends
    for count, number in enumerate(_NUMBER.finditer(text)):
        if count == _MOST:
            return
        start, end = number.span()
        if start < read:
            continue
        if start and _joins(text[start - 1]):
            continue
        if text[max(0, start - 2) : start][:1].isdigit() and text[start - 1] == "/":
            continue  # 24/7
        if _NAMED.search(text, max(0, start - 9), start):
            continue
        near = text[max(0, start - 2) : start]
        before = None
        # What is there may be a sign or a code.
        if not near.isspace() and (not near.islower() or near in ("Rs", "s ", "s.")):
            before = _SIGN.search(text, max(0, start - 5), start)
        after = behind.match(text, end)
        assert after is not None  # it may be empty
        value, places = _value(number[0], comma)
        scale = _scale(after)
        while scale and (more := _NUMBER.match(text, after.end())):  # 1兆2000億円
            further = behind.match(text, more.end())
            if further is None or _scale(further) >= scale:
                break
            smaller = _scale(further)
            value = value.scaleb(scale - smaller) + _value(more[0], comma)[0]
            after, scale, places = further, smaller, 0
        unit = _unit(before, after)
        if unit == "JPY" and language == "zh" and "円" not in after[0] and "日" not in after[0]:
            unit = "CNY"  # the yuan has the sign of the yen
        alone = scale or unit == PEOPLE or _GROUPED.search(number[0])
        if not alone and (more := to.match(text, end)):
            further = behind.match(text, more.end())
            assert further is not None
            scale = _scale(further)  # $1–2bn is from 1bn
        odd = scale % 3  # a crore is ten million
        amount, form = plain(value.scaleb(scale)), Form(scale - odd, max(0, places - odd))
        if not unit or (unit == PEOPLE and (amount < 10 or _is_year(number[0]))):
            continue
        if scale and unit in FACTORS:  # 31m% is not an amount
            continue
        begin = before.start() if before else start
        read = after.end()
        yield Mention(begin, after.end(), Quantity(amount, amount, unit, "about", form, form))


def _joins(character: str) -> bool:
    """Return whether a number belongs to what is before it."""
    joins = character.isalnum() or character in "_.,"
    return joins and not _ATTACHED.match(character)


def _unit(before: re.Match[str] | None, after: re.Match[str]) -> str:
    if before and before[3]:
        return _MARKS[before[3]]
    if before and (before[1] or before[2] in CURRENCIES):
        return _SIGNS[before[1]] if before[1] else before[2]
    for name, found in after.groupdict().items():
        if found and name == "percent":
            return "%"
        if found and name == "people":
            return PEOPLE
        if found and name == "sign":
            return _SIGNS[found]
        name = name.removeprefix("open_")
        if found and name == PEOPLE:
            return PEOPLE
        if found and (code := found if name == "code" else name) in CURRENCIES:
            return code
    return ""


def _scale(after: re.Match[str]) -> int:
    groups = after.groupdict()
    return next((power for power in _SCALES.values() if groups.get(f"s{power}")), 0)


def _is_year(number: str) -> bool:
    return re.fullmatch("(?:19|20)[0-9]{2}", number) is not None


def _value(number: str, comma: bool) -> tuple[Decimal, int]:
    """Return a number and its decimal places.

    A separator that occurs twice separates groups of digits, not decimals. One that occurs once
    separates decimals if it is not followed by three digits."""
    digits = re.sub(r"\s", "", number)
    point, group = (",", ".") if comma else (".", ",")
    if group in digits and _DECIMALS.fullmatch(digits):
        point, group = group, point
    if digits.count(point) > 1:
        digits = digits.replace(point, "")
    whole, _, fraction = digits.replace(group, "").partition(point)
    return Decimal(f"{whole}.{fraction}" if fraction else whole), len(fraction)
