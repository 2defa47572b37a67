"""Identities in registers elsewhere: Wikidata, LEI, SEC, ORCID, exchanges, the fediverse."""

from __future__ import annotations

import re

from builder.diagnostics.codes import Code
from builder.diagnostics.misread import Misread
from builder.patterns import pattern

_CODE: Code = "invalid-identity"


def _found(pattern: str, text: str) -> str:
    """Return the part of an address or a text that a pattern names, or nothing."""
    match = re.fullmatch(rf"(?:https?://)?(?:[\w.-]+/)?(?:\S*[/=#?])?({pattern})/?", text, re.I)
    return match[1] if match else ""


def read_wikidata(text: str) -> str:
    """Return the number of an item of Wikidata: `Q95`."""
    text = text.strip()
    if re.fullmatch(r"Q[1-9][0-9]{0,11}", text):
        return text
    meant = _found(r"Q[1-9][0-9]{0,11}", text).upper()
    hint = f"write `{meant}`" if meant else "write the number of the item, such as `Q95`"
    raise Misread(_CODE, f"`{text}` is not an item of Wikidata", hint, meant)


def read_lei(text: str) -> str:
    """Return a Legal Entity Identifier (ISO 17442).

    Its last two digits are a check."""
    text = text.strip()
    plain = re.sub(r"[\s-]", "", _found(r"[0-9A-Z]{18}[0-9]{2}", text) or text).upper()
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", plain):
        hint = "write its 20 letters and digits, as search.gleif.org lists them"
        raise Misread(_CODE, f"`{text}` is not a Legal Entity Identifier", hint)
    # ISO/IEC 7064, MOD 97-10: letters count from 10 (A) to 35 (Z).
    if int("".join(str(int(sign, 36)) for sign in plain)) % 97 != 1:
        message = f"`{text}` is not a Legal Entity Identifier: its check digits do not fit"
        raise Misread(_CODE, message, "copy it from search.gleif.org")
    if plain != text:
        raise Misread(_CODE, f"`{text}` is not as registers write it", f"write `{plain}`", plain)
    return plain


def read_cik(text: str) -> str:
    """Return a Central Index Key of the SEC with ten digits."""
    text = text.strip()
    if not re.fullmatch(r"0*[1-9][0-9]{0,9}", text) or len(text) > 10:
        meant = _found(r"(?:CIK)?0*[1-9][0-9]{0,9}", text).upper().removeprefix("CIK")
        hint = f"write `{meant}`" if meant else "write its digits, such as `0001652044`"
        raise Misread(_CODE, f"`{text}` is not a Central Index Key of the SEC", hint, meant)
    return text.zfill(10)


_TICKER = pattern(r"([A-Z][A-Z0-9]{1,9}):([A-Z0-9][A-Z0-9.&/-]{0,14})")


def read_ticker(text: str) -> str:
    """Return an exchange and a symbol: `NASDAQ:GOOGL`."""
    text = text.strip()
    plain = re.sub(r"\s*:\s*", ":", text)
    if _TICKER.fullmatch(plain):
        return plain
    meant = plain.upper() if _TICKER.fullmatch(plain.upper()) else ""
    hint = f"write `{meant}`" if meant else "write the exchange and the symbol: `NASDAQ:GOOGL`"
    raise Misread(_CODE, f"`{text}` is not a ticker symbol with its exchange", hint, meant)


def read_orcid(text: str) -> str:
    """Return an ORCID iD, whose last character is a check."""
    text = text.strip()
    plain = (_found(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", text) or text).upper()
    if not re.fullmatch(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", plain):
        hint = "write it as orcid.org does: `0000-0002-1825-0097`"
        raise Misread(_CODE, f"`{text}` is not an ORCID iD", hint)
    total = 0  # ISO/IEC 7064, MOD 11-2
    for digit in plain.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2 % 11
    if "0123456789X"[(12 - total) % 11] != plain[-1]:
        message = f"`{text}` is not an ORCID iD: its check digit does not fit"
        raise Misread(_CODE, message, "copy it from orcid.org")
    if plain != text:
        raise Misread(_CODE, f"`{text}` is not an ORCID iD alone", f"write `{plain}`", plain)
    return plain


_HANDLE = pattern(r"@?([\w.-]+)@((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,})")
_PROFILE = pattern(r"(?:https?://)?((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,})/(?:@|users/)([\w.-]+)/?")


def read_fediverse(text: str) -> str:
    """Return an account of the fediverse: `@ann@social.example`."""
    text = text.strip()
    if match := _HANDLE.fullmatch(text):
        return f"@{match[1]}@{match[2].lower()}"
    meant = f"{match[2]}@{match[1]}" if (match := _PROFILE.fullmatch(text)) else ""
    hint = f"write `{meant}`" if meant else "write the name and the server: `ann@social.example`"
    raise Misread(_CODE, f"`{text}` is not an account of the fediverse", hint, meant)
