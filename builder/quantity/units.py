"""Reads the scale and the unit of a number."""

from __future__ import annotations

import re
import unicodedata

from builder.diagnostics.misread import MisreadAt
from builder.names.suggest import did_you_mean, edits
from builder.quantity.quantity import WRITTEN_SCALE


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
_ABBREVIATIONS = frozenset(_words("APU API CPU DPU FTE GPU IPU LLM LPU NPU SKU TPU URL USDC USDT"))

# The unit of an amount of people, which each language has a word for.
PEOPLE = "people"

# The power of ten of each scale, as messages name them.
SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6,
    "bn": 9, "billion": 9, "tn": 12, "trillion": 12,
}  # fmt: skip
# Other spellings, and words of other languages that mean one power wherever they are used.
_SPELLINGS = {
    **dict.fromkeys(_words("thousands duizend tausend tusind tusen"), 3),
    **dict.fromkeys(
        _words("""mln mio millions miljoen miljoenen millionen millón millones milione milioni
        milhão milhões miljon miljoner millioner milion miliony milionów"""), 6),
    **dict.fromkeys(
        _words("""b bln mrd mld md billions miljard miljarden milliard milliards milliarde
        milliarden miliardo miliardi bilhão bilhões miljarder milliarder miliard miliardy
        miliardów"""), 9),
    **dict.fromkeys(_words("trn tln trillions biljoen biljoenen billionen biljon"), 12),
}  # fmt: skip
# Words that may be scales but are not clear.
_UNCLEAR = {
    "t": "`tn` for trillions, or `tonnes`", "mm": "`m` for millions, or `millimetres`",
    "bio": "`bn` or `tn`, whichever you mean", "mil": "`k` or `m`, whichever you mean",
    "crore": "`m`, after multiplying by 10", "lakh": "`k`, after multiplying by 100",
}  # fmt: skip

# Factors take no scale and no other unit.
FACTORS = frozenset(("%", "pp", "x"))
# Words for units that have a sign or a code.
_UNIT_WORDS = {
    **dict.fromkeys(
        ("percent", "per cent", "pct", "procent", "prozent", "pour cent", "por ciento"), "%"),
    **dict.fromkeys(
        ("percentage point", "percentage points", "ppt", "procentpunt", "procentpunten",
         "prozentpunkte"), "pp"),
    **dict.fromkeys(("times", "×"), "x"),
    **dict.fromkeys(("dollar", "dollars", "us dollar", "us dollars"), "USD"),
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("pound sterling", "pounds sterling"), "GBP"),
    **dict.fromkeys(("yuan", "renminbi", "rmb"), "CNY"),
    "yen": "JPY", "dong": "VND", "swiss francs": "CHF", "hong kong dollars": "HKD",
}  # fmt: skip
# Words that do not say which unit they mean.
_UNCLEAR_UNITS = {
    "fold": "`x`, as in `3x`", "pounds": "`GBP`, or `lb`", "pound": "`GBP`, or `lb`",
    "won": "`KRW`, or `KPW`", "rupees": "`INR`, `PKR` or `LKR`", "francs": "`CHF` or `XOF`",
    "kroner": "`NOK` or `DKK`", "kronor": "`SEK`", "pesos": "`MXN`, `ARS` or `PHP`",
    "kr": "`SEK`, `NOK` or `DKK`", "rs": "`INR`, `PKR` or `LKR`",
}  # fmt: skip
# Signs of currencies; a dollar without a country is that of the United States.
SIGNS = {
    "$": "USD", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "NT$": "TWD", "R$": "BRL", "€": "EUR", "£": "GBP", "₩": "KRW",
    "₹": "INR", "₫": "VND",
}  # fmt: skip
_UNCLEAR_SIGNS = {"¥": "`JPY` or `CNY`", "￥": "`JPY` or `CNY`"}
# A unit that differs from one of these by a letter is a misspelling.
_COMMON = (
    *_words("dollars euros percent million billion trillion thousand people employees customers"),
    *_words("subscribers parameters"),
)
MAX_UNIT = 40  # characters


def sign_hint(sign: str) -> str:
    """Return a hint for a currency's sign that is not clear."""
    meant = _UNCLEAR_SIGNS.get(sign)
    return f"write {meant}, as in `14bn USD`" if meant else "write the code, as in `14bn USD`"


def read_scale(word: str, column: int) -> int | None:
    """Return the power of ten that a word means, or None."""
    key = word.casefold()
    if word == "T":
        return 12
    if key in SCALES or key in _SPELLINGS:
        return SCALES.get(key) or _SPELLINGS[key]
    if key not in _UNCLEAR:
        return None
    message, hint = f"`{word}` is not a clear scale", f"write {_UNCLEAR[key]}"
    raise MisreadAt("invalid-quantity", message, hint, column, len(word))


def read_unit(text: str, column: int) -> str:
    """Return the unit of a text in its stored form.

    `column` is the position of the text in its value."""
    if len(text) > MAX_UNIT:
        message = f"the unit has {len(text)} characters; the limit is {MAX_UNIT}"
        hint = "name only what is counted, and put the rest in the metric"
        raise MisreadAt("invalid-quantity", message, hint, column, len(text))
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
    key = " ".join(word for word, _ in words).casefold()
    if text in SIGNS or key in _UNIT_WORDS:
        return SIGNS.get(text) or _UNIT_WORDS[key]
    if key.upper() in _MAJOR or key in FACTORS:
        return key.upper() if key not in FACTORS else key
    if unclear := unclear_unit(text, column):
        raise unclear
    for word, at in words:
        _check_spelling(word, at)
        if len(words) > 1 and (word in CURRENCIES or word in FACTORS or word[0] in "%×"):
            second, place = words[1] if at == column else (word, at)
            message = f"`{text}` is more than one unit"
            hint = "keep one unit, and put what it is a share of in the metric"
            raise MisreadAt("invalid-quantity", message, hint, place, len(second))
        _check_word(word, at)
    return " ".join(word for word, _ in words)


def unclear_unit(text: str, column: int) -> MisreadAt | None:
    """Return the error for a word with several meanings as a unit."""
    meant = _UNCLEAR_UNITS.get(text.casefold().rstrip("."))
    if not meant:
        return None
    message, hint = f"`{text}` does not name one unit", f"write {meant}"
    return MisreadAt("invalid-quantity", message, hint, column, len(text))


def _check_spelling(word: str, at: int) -> None:
    """Report a unit that is a known word but for a letter or space."""
    if glued := re.fullmatch(rf"((?i:{'|'.join(SCALES)}|b))([A-Z]{{3}})", word):
        scale = WRITTEN_SCALE[read_scale(glued[1], at) or 0]
        message = f"`{word}` has no space between scale and unit"
        hint = f"write `{scale} {glued[2]}`"
        raise MisreadAt("invalid-quantity", message, hint, at, len(word))
    key, near = word.casefold(), ""
    if word.isupper() and len(word) > 3 and word not in _ABBREVIATIONS:
        near = next((code for code in _MAJOR if edits(word, code, 1) == 1), "")
    elif len(key) > 4:
        near = next((known for known in _COMMON if _is_misspelt(key, known)), "")
    if near:
        hint = f"did you mean `{_UNIT_WORDS.get(near, near)}`?"
        message = f"`{word}` is not a known unit, but resembles `{near}`"
        raise MisreadAt("invalid-quantity", message, hint, at, len(word))


def _is_misspelt(word: str, known: str) -> bool:
    same = word.removesuffix("s") == known.removesuffix("s")
    return word[0] == known[0] and not same and edits(word, known, 1) == 1


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
