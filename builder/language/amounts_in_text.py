"""Amounts that a text mentions in digits: money, percentages, numbers of people.

Amounts are recognised as the text's language writes them. A number without a unit, such as a year,
is not an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from builder.quantity.quantity import Form, Quantity, plain
from builder.quantity.units import CURRENCIES


class Mention(NamedTuple):
    """An amount and its place in a text.

    The unit of any count of people is `people`, whatever the text calls them.
    """

    start: int
    end: int
    quantity: Quantity


PEOPLE = "people"
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₫": "VND"}
# There is no lookbehind, because a pattern that begins with a digit is the fastest to search.
_NUMBER = re.compile(
    r"[0-9]{1,3}(?:[., \u00a0\u202f][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?"
)
# Prefixes of dollars other than US dollars, and other marks of two letters.
_MARKS = {
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "NT$": "TWD", "R$": "BRL", "Rs": "INR", "Rs.": "INR",
}  # fmt: skip
_SIGN = re.compile(
    r"(?:(?<![A-Z])US|(?<![A-Za-z]))([$€£¥₩₹₫])\s?$|\b([A-Z]{3})\s?$"
    rf"|(?<![A-Za-z])({'|'.join(map(re.escape, _MARKS))})\s?$"
)
# A number after one of these is part of a name: `Fortune 500 customers`, `Windows 11 users`.
_NAMED = re.compile(r"\b(?:Android|Forbes|Fortune|Global|Windows|i(?:Pad)?OS)\s$")
_MOST = 500  # amounts of a text that are examined


class _Words(NamedTuple):
    """Words that can follow a number in one language, as regular expressions.

    Case is ignored.
    """

    comma: bool  # whether a comma is the decimal separator
    scales: dict[int, str]
    percent: str
    money: dict[str, str]
    people: str


_ENGLISH = _Words(
    False,
    {
        3: "k|thousand",
        5: "lakh",
        6: "m|mn|million",
        7: "crore",
        9: "b|bn|billion",
        12: "tn|trillion",
    },
    r"per\s?cent|pc",
    {"USD": "dollars?", "EUR": "euros?", "GBP": "pounds?", "JPY": "yen", "CNY": "yuan"},
    "people|employees|workers|staff|contractors|freelancers|engineers|developers|researchers|users"
    "|subscribers|customers|jobs",
)
_WORDS = {
    "en": _ENGLISH,
    "nl": _Words(
        True,
        {3: "duizend", 6: r"miljoen|mln\b\.?", 9: r"miljard|mld\b\.?", 12: "biljoen"},
        "procent",
        {"USD": "dollar", "EUR": "euro", "GBP": "pond", "JPY": "yen", "CNY": "yuan"},
        "mensen|werknemers|medewerkers|personeelsleden|freelancers|contractanten|ingenieurs"
        r"|ontwikkelaars|onderzoekers|abonnees|gebruikers|klanten|(?:voltijd|deeltijd)?banen"
        r"|arbeidsplaatsen|[^\W\d]*krachten",
    ),
    "de": _Words(
        True,
        {3: "tausend", 6: r"mio\b\.?|million(en)?", 9: r"mrd\b\.?|milliarden?", 12: "billion(en)?"},
        "prozent",
        {"USD": "(?:us-)?dollar", "EUR": "euro", "GBP": "pfund", "JPY": "yen", "CNY": "yuan"},
        "menschen|personen|mitarbeitenden?|arbeitnehmern?|auftragnehmern?|entwicklern?|ingenieuren?"
        "|forschern?|abonnenten|nutzern?|kunden|jobs|arbeitsplätzen?"
        r"|[^\W\d]*(?:arbeitern?|kräften?)"
        "|(?:vollzeit|teilzeit|fest)?(?:beschäftigten?|angestellten?|stellen)",
    ),
    "fr": _Words(
        True,
        {3: "mille", 6: "millions?|m", 9: "milliards?|mds?|mrds?", 12: "billions?"},
        r"pour\s?cent",
        {"USD": "dollars?", "EUR": "euros?", "GBP": "livres", "JPY": "yens?", "CNY": "yuans?"},
        "personnes|employés|salariés|collaborateurs|prestataires|sous-traitants|ingénieurs"
        "|développeurs|chercheurs|abonnés|utilisateurs|clients|emplois|postes"
        "|suppressions (?:d['’]emplois|de postes)",
    ),
    "vi": _Words(
        True,
        {3: "nghìn|ngàn", 6: "triệu", 9: "tỷ|tỉ", 12: "nghìn tỷ"},
        r"phần\s?trăm",
        {"USD": "đô la|đôla", "EUR": "euro", "VND": "đồng", "JPY": "yên"},
        "người|nhân viên|lao động|khách hàng",
    ),
}  # fmt: skip


@cache
def _behind(language: str) -> tuple[_Words, re.Pattern[str], re.Pattern[str]]:
    """Return the expression for what follows a number or joins a range."""
    words = _WORDS.get(language, _ENGLISH)
    longest = sorted(words.scales.items(), reverse=True)
    scales = "|".join(f"(?P<s{power}>{form})" for power, form in longest)
    money = "|".join(f"(?P<{code}>{form})" for code, form in words.money.items())
    behind = re.compile(
        rf"(?:[\s-]?(?:{scales})(?![^\W\d_]))?"
        rf"(?:\s?(?:(?P<percent>%|(?:{words.percent})\b)|(?P<sign>[$€£¥₩₹₫]))"
        rf"|[\s-](?:de\s|d['’])?(?:(?P<code>(?-i:[A-Z]{{3}}))|{money})\b"
        rf"|(?:[\s-][^\W\d]{{1,30}}){{0,2}}?[\s-](?:d['’])?(?P<people>{words.people})\b)?",
        re.IGNORECASE,
    )
    to = re.compile(
        r"(?:\s?[-–—]\s?|\s(?:to|and|or|tot|en|of|bis|und|oder|à|et|ou|đến)\s)"
        r"(?:US)?[$€£¥₩₹₫]?\s?\d+(?:[.,]\d+)?",
        re.IGNORECASE,
    )
    return words, behind, to


def mentioned(text: str, language: str) -> Iterator[Mention]:
    """Return the amounts of a text in order.

    Counts of people below ten are skipped.
    """
    words, behind, to = _behind(language.partition("-")[0])
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
        # The capture may be a sign or a code.
        if not near.isspace() and (not near.islower() or near in ("Rs", "s ", "s.")):
            before = _SIGN.search(text, max(0, start - 5), start)
        after = behind.match(text, end)
        assert after is not None  # possibly empty
        unit = _unit(before, after)
        value, places = _value(number[0], words.comma)
        scale = _scale(after)
        if not scale and unit != PEOPLE and (more := to.match(text, end)):
            further = behind.match(text, more.end())
            assert further is not None
            scale = _scale(further)  # $1–2bn starts at 1bn
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
    return next((power for power in (12, 9, 7, 6, 5, 3) if groups.get(f"s{power}")), 0)


def _is_year(number: str) -> bool:
    return re.fullmatch("(?:19|20)[0-9]{2}", number) is not None


def _value(number: str, comma: bool) -> tuple[Decimal, int]:
    """Return a number and its number of decimal places.

    Whether a separator before three digits groups them depends on the language. A separator that
    occurs twice is not a decimal point.
    """
    digits = re.sub(r"\s", "", number)
    point, group = (",", ".") if comma else (".", ",")
    if digits.count(point) > 1:
        digits = digits.replace(point, "")
    whole, _, fraction = digits.replace(group, "").partition(point)
    return Decimal(f"{whole}.{fraction}" if fraction else whole), len(fraction)
