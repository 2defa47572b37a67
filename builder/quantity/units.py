"""Reads the scale and the unit of a number."""

from __future__ import annotations

import re
import unicodedata

from builder.diagnostics.misread import MisreadAt
from builder.names.suggest import did_you_mean


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The active codes of ISO 4217 for legal tender.
CURRENCIES = frozenset(
    _words("""
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED
    VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG""")
)
# Currencies that are recognised in lower case, too; they are suggested before rarer ones.
_MAJOR = _words("USD EUR GBP JPY CNY INR KRW VND CHF CAD AUD SEK NOK DKK PLN TWD HKD SGD BRL SAR")
# Abbreviations of three capitals that are counted, and are not currencies.
_ABBREVIATIONS = frozenset(_words("APU API CPU DPU FTE GPU IPU LLM LPU NPU SKU TPU URL"))

# The power of ten of each accepted scale.
SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6,
    "bn": 9, "billion": 9, "tn": 12, "trillion": 12,
}  # fmt: skip
_OTHER_SCALES = {
    "b": "bn", "bln": "bn", "t": "tn", "trn": "tn", "tln": "tn", "mm": "m", "mln": "m", "mio": "m",
    "mil": "m", "mrd": "bn", "mld": "bn", "md": "bn", "bio": "tn", "thousands": "thousand",
    "millions": "million", "billions": "billion", "trillions": "trillion",
    "miljoen": "million", "miljard": "billion", "milliard": "billion",
    "crore": "m, after multiplying by 10", "lakh": "k, after multiplying by 100",
}  # fmt: skip

# Factors take no scale and no other unit.
FACTORS = frozenset(("%", "pp", "x"))
_OTHER_UNITS = {
    "percent": "%", "per cent": "%", "pct": "%", "procent": "%", "prozent": "%",
    "percentage point": "pp", "percentage points": "pp", "ppt": "pp",
    "times": "x", "fold": "x", "dollar": "USD", "dollars": "USD", "us dollars": "USD",
    "euro": "EUR", "euros": "EUR", "pounds": "GBP", "yen": "JPY", "yuan": "CNY",
    "rmb": "CNY", "won": "KRW", "rupees": "INR", "dong": "VND",
}  # fmt: skip
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₫": "VND"}
MAX_UNIT = 40  # characters


def symbol_hint(symbol: str) -> str:
    code = _SYMBOLS.get(symbol)
    if code:
        return f"write {code}, as in `14bn {code}`"
    return "write the currency's code, as in `14bn USD`"


def read_scale(word: str, column: int) -> int | None:
    """Return the power of ten that a word means, or None."""
    if word in SCALES:
        return SCALES[word]
    key = word.casefold()
    meant = key if key in SCALES else _OTHER_SCALES.get(key)
    if meant is None:
        return None
    message = f"`{word}` is not a scale"
    if key in SCALES:
        hint = f"write `{key}`"
    else:
        hint = f"write `{meant}`; the scales are {', '.join(SCALES)}"
    raise MisreadAt("invalid-quantity", message, hint, column, len(word))


def read_unit(text: str, column: int) -> str:
    """Return the unit of a text in its stored form.

    `column` is the position of the text in its value."""
    if len(text) > MAX_UNIT:
        message = f"the unit has {len(text)} characters; the limit is {MAX_UNIT}"
        hint = "name only what is counted, and put the rest in the metric"
        raise MisreadAt("invalid-quantity", message, hint, column, len(text))
    if text == "×":
        return "x"
    parts = list(re.finditer(r"((?:(?!\s*/|\s+per\s).)+)(?:\s*/\s*|\s+per\s+|$)", text))
    if not parts or parts[0].start() or (text.endswith("/")):
        message, hint = f"`{text}` is not a unit", "write a unit such as USD, % or people"
        raise MisreadAt("invalid-quantity", message, hint, column, len(text))
    if len(parts) > 2:
        at = column + parts[2].start()
        message, hint = "a rate has only one `/`", "write a rate such as `USD/hour`"
        raise MisreadAt("invalid-quantity", message, hint, at, len(text) - parts[2].start())
    atoms = [_read_atom(part[1], column + part.start()) for part in parts]
    if len(atoms) == 2 and FACTORS & set(atoms):
        message, hint = f"`{text}` is not a rate", "write a rate such as `USD/hour`"
        raise MisreadAt("invalid-quantity", message, hint, column, len(text))
    return "/".join(atoms)


def _read_atom(text: str, column: int) -> str:
    words = [(match[0], column + match.start()) for match in re.finditer(r"\S+", text)]
    meant = _OTHER_UNITS.get(" ".join(word for word, _ in words).casefold())
    if meant:
        message, hint = f"`{text}` is written as `{meant}`", f"write `{meant}`"
        raise MisreadAt("invalid-quantity", message, hint, column, len(text))
    for word, at in words:
        if len(words) > 1 and (word in CURRENCIES or word in FACTORS or word[0] in "%×"):
            second, place = words[1] if at == column else (word, at)
            message = f"`{text}` is more than one unit"
            hint = "keep one unit, and put what it is a share of in the metric"
            raise MisreadAt("invalid-quantity", message, hint, place, len(second))
        _check_word(word, at)
    return " ".join(word for word, _ in words)


def _check_word(word: str, at: int) -> None:
    if word in FACTORS or word in CURRENCIES:
        return
    if re.fullmatch("[A-Z]{3}", word) and word not in _ABBREVIATIONS:
        near = did_you_mean(word, _MAJOR) or did_you_mean(word, sorted(CURRENCIES))
        hint = near or "write what is counted as a word; three capitals are a currency"
        raise MisreadAt(
            "invalid-quantity", f"`{word}` is not a known currency", hint, at, len(word)
        )
    if word.upper() in _MAJOR:
        message, hint = f"`{word}` is a currency code in lower case", f"write `{word.upper()}`"
        raise MisreadAt("invalid-quantity", message, hint, at, len(word))
    if glued := re.fullmatch(rf"({'|'.join(SCALES)})([A-Z]{{3}})", word):
        message, hint = (
            f"`{word}` has no space between scale and unit",
            f"write `{glued[1]} {glued[2]}`",
        )
        raise MisreadAt("invalid-quantity", message, hint, at, len(word))
    for index, char in enumerate(word):
        if not (char.isalpha() or (index and _inside_a_word(char))):
            message = f"`{char}` is not allowed in a unit"
            hint = "write a unit such as USD, %, x, people or USD/hour"
            raise MisreadAt("invalid-quantity", message, hint, at + index)
    scripts = {name for char in word if (name := _look_alike_script(char))}
    if len(scripts) > 1:
        message = f"`{word}` has letters of two alphabets that look alike"
        raise MisreadAt("invalid-quantity", message, "retype it", at, len(word))


def _inside_a_word(char: str) -> bool:
    return char.isalnum() or char in "-'’&" or unicodedata.category(char).startswith("M")


def _look_alike_script(char: str) -> str:
    script = unicodedata.name(char, "").partition(" ")[0]
    return script if script in ("LATIN", "CYRILLIC", "GREEK") else ""
