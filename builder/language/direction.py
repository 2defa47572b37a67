"""The direction of a language's script, by CLDR (Babel), and of a text, by Unicode.

Babel is imported when a language without a script in its tag is first asked about.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from typing import Literal

from builder.patterns import pattern

Direction = Literal["ltr", "rtl"]

# Scripts whose letters run right to left (ISO 15924; Unicode, Bidi_Class R and AL).
_SCRIPTS = """
    Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero
    Narb Nbat Nkoo Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Syre Syrj Syrn
    Thaa Yezi"""
RIGHT_TO_LEFT = frozenset(_SCRIPTS.split())
# By far most texts have no letter above Devanagari's block that runs right to left.
_MAYBE = pattern(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


@cache
def direction(language: str) -> Direction:
    """Return the direction of a language's script: `ltr` or `rtl`.

    A script in the tag decides (`az-Arab`, `ar-Latn`), then the region (`pa-PK`), then the
    language. One that CLDR does not know counts as written from left to right."""
    return "rtl" if _script(language) in RIGHT_TO_LEFT else "ltr"


def _script(language: str) -> str:
    """Return the script of a language tag (BCP 47), or an empty text."""
    first, *others = language.replace("_", "-").lower().split("-")
    region = ""
    if len(first) < 2:  # nothing but a private use
        return ""
    for part in others:
        if len(part) == 1:  # an extension, or a private use
            break
        if len(part) == 4 and part.isalpha():
            return part.capitalize()
        if not region and (len(part), part.isalpha()) in ((2, True), (3, False)):
            region = part.upper()
    if first == "en":  # spares a site in English the data
        return ""
    from babel.core import get_global

    likely = get_global("likely_subtags")
    for tag in (f"{first}_{region}", first):
        parts = likely.get(tag, "").split("_")
        if len(parts) > 1:
            return str(parts[1])
    return ""


def is_right_to_left(char: str) -> bool:
    return unicodedata.bidirectional(char) in ("R", "AL")


def text_direction(text: str) -> Direction | None:
    """Return the direction of a text's first letter, if any."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return None


def has_right_to_left(text: str) -> bool:
    """Return whether a text has a letter that runs right to left."""
    return bool(_MAYBE.search(text)) and any(map(is_right_to_left, text))


# A text with at most this share of letters in its own direction is in the other.
_SHARE = 1 / 20


def foreign_direction(text: str, own: Direction) -> Direction | None:
    """Return the direction of a text that runs against `own`, otherwise None.

    Its first letter and nearly all others do: a paragraph in Arabic that begins with `OpenAI` is
    Arabic."""
    if text.isascii() and own == "ltr":
        return None
    first = text_direction(text)
    if first is None or first == own:
        return None
    kinds = Counter(map(unicodedata.bidirectional, text))
    left, right = kinds["L"], kinds["R"] + kinds["AL"]
    rest, all_letters = (right if first == "ltr" else left), left + right
    return first if rest <= _SHARE * all_letters else None


def isolated(text: str, language: str) -> bool:
    """Return whether a name or value must be isolated in its text.

    That is so if it has letters of the other direction, or none but signs, as `-5%` in Arabic."""
    if direction(language) == "ltr":
        return not text.isascii() and has_right_to_left(text)
    kinds = set(map(unicodedata.bidirectional, text))
    return "L" in kinds or not (kinds & {"R", "AL"} or text.isdecimal())


_LRM, _RLM = "\u200e", "\u200f"
_SIGN = pattern(r"(?<=[A-Za-z])([$€£¥₹+#]+)(?!\w)")


def signs_kept(text: str) -> str:
    """Return a text from right to left with signs beside Latin letters.

    Without a mark, what is written `US$` would be shown as `$US`."""
    return _SIGN.sub(rf"\1{_LRM}", text)


_SIGNED = pattern(r"(?<![\w.,/%\u200e–-])([-+−])(?=\d)")


def signed_numbers(text: str, language: str) -> str:
    """Return a text whose signs stand before their numbers: -5%.

    CLDR has them so in Arabic. Among letters from right to left, the sign of a number comes after
    it without a mark."""
    if direction(language) == "ltr" or not has_right_to_left(text):
        return text
    return _SIGNED.sub(rf"{_LRM}\1", text)


def opened(text: str, language: str) -> str:
    """Return plain text with a mark before a Latin beginning, if needed.

    Feed readers and e-mail programs, which know no `dir`, take the direction of the first letter:
    a headline in Arabic that begins with `OpenAI` would be shown from left to right."""
    is_misread = direction(language) == "rtl" and text_direction(text) == "ltr"
    return f"{_RLM}{text}" if is_misread and has_right_to_left(text) else text


def language_attributes(of: str, around: str) -> str:
    """Return `lang` and `dir` of an element, each after a space.

    `around` is the language of what surrounds it: in the same language there is no `lang`, and in
    the same direction no `dir`."""
    if not of or of == around:
        return ""
    way = direction(of)
    return f' lang="{of}"' + (f' dir="{way}"' if way != direction(around) else "")
