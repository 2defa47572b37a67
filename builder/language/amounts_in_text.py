"""Finds the amounts in a text: money, percentages and numbers of people, in digits.

A number without a unit, such as a year, does not count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from builder.language.lexicon import lexicon
from builder.language.word_patterns import is_elided, of_all, one_of
from builder.quantity.quantity import Form, Quantity, plain
from builder.quantity.units import CURRENCIES


class Mention(NamedTuple):
    """An amount, and where it stands in its text. What is counted is `people`, whatever they are
    called."""

    start: int
    end: int
    quantity: Quantity


PEOPLE = "people"
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₫": "VND"}
# Nothing looks back here: what begins with a digit is found quickest.
_NUMBER = re.compile(
    r"[0-9]{1,3}(?:[., \u00a0\u202f][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?"
)
# Dollars that are not those of the United States, and what else has two letters.
_MARKS = {
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "NT$": "TWD", "R$": "BRL", "Rs": "INR", "Rs.": "INR",
}  # fmt: skip
_SIGN = re.compile(
    r"(?:(?<![A-Z])US|(?<![A-Za-z]))([$€£¥₩₹₫])\s?$|\b([A-Z]{3})\s?$"
    rf"|(?<![A-Za-z])({'|'.join(map(re.escape, _MARKS))})\s?$"
)
# A number behind these is part of a name: `Fortune 500 customers`, `Windows 11 users`.
_NAMED = re.compile(r"\b(?:Android|Forbes|Fortune|Global|Windows|i(?:Pad)?OS)\s$")
_MOST = 500  # amounts of a text that are looked at


# Powers of ten, by the keys of a lexicon; the longest first: `nghìn tỷ` begins as `nghìn` does.
_SCALES = {"trillion": 12, "billion": 9, "crore": 7, "million": 6, "lakh": 5, "thousand": 3}


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
        f"(?P<s{power}>{one_of(getattr(words.scales, key))})" for key, power in _SCALES.items()
    )
    percent, people = one_of(words.percent, r"\s"), one_of(words.people)
    names = (f"(?P<{code}>{one_of(forms)})" for code, forms in words.money.items())
    money = "|".join(("(?P<code>(?-i:[A-Z]{3}))", *names))
    of = of_all(lambda one: one.amounts.of if one.amounts else ())
    elided = one_of(filter(is_elided, of))
    lead = one_of((word if is_elided(word) else f"{word} " for word in of), r"\s")
    behind = re.compile(
        rf"(?:[\s-]?(?:{scales})(?![^\W\d_]))?"
        rf"(?:\s?(?:(?P<percent>%|(?:{percent})\b)|(?P<sign>[$€£¥₩₹₫]))"
        rf"|[\s-](?:{lead})?(?:{money})\b"
        rf"|(?:[\s-][^\W\d]{{1,30}}){{0,2}}?[\s-](?:{elided})?(?P<people>{people})\b)?",
        re.IGNORECASE,
    )
    between = one_of(of_all(lambda one: one.amounts.ranges if one.amounts else ()))
    to = re.compile(
        rf"(?:\s?[-–—]\s?|\s(?:{between})\s)(?:US)?[$€£¥₩₹₫]?\s?\d+(?:[.,]\d+)?", re.IGNORECASE
    )
    return _Behind(words.decimal_comma, behind, to)


def mentioned(text: str, language: str) -> Iterator[Mention]:
    """Yield the amounts in a text, in order.

    Numbers of people count from ten on."""
    comma, behind, to = _behind(language.partition("-")[0])
    for count, number in enumerate(_NUMBER.finditer(text)):
        if count == _MOST:
            return
        start, end = number.span()
        if start and (text[start - 1].isalnum() or text[start - 1] in "_.,"):
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
        unit = _unit(before, after)
        value, places = _value(number[0], comma)
        scale = _scale(after)
        if not scale and unit != PEOPLE and (more := to.match(text, end)):
            further = behind.match(text, more.end())
            assert further is not None
            scale = _scale(further)  # $1–2bn is from 1bn
        odd = scale % 3  # a crore is ten million
        amount, form = plain(value.scaleb(scale)), Form(scale - odd, max(0, places - odd))
        if not unit or (unit == PEOPLE and (amount < 10 or _is_year(number[0]))):
            continue
        begin = before.start() if before else start
        yield Mention(begin, after.end(), Quantity(amount, amount, unit, "about", form, form))


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

    A separator that occurs twice separates groups of three digits, not decimals."""
    digits = re.sub(r"\s", "", number)
    point, group = (",", ".") if comma else (".", ",")
    if digits.count(point) > 1:
        digits = digits.replace(point, "")
    whole, _, fraction = digits.replace(group, "").partition(point)
    return Decimal(f"{whole}.{fraction}" if fraction else whole), len(fraction)
