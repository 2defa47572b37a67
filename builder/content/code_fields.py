"""Codes of diagnostics in front matter and in site.yaml."""

from __future__ import annotations

from datetime import tzinfo
from functools import cache

from builder.diagnostics.codes import CODES, Code, is_allowable, severity
from builder.diagnostics.misread import Misread
from builder.names.suggest import did_you_mean


@cache
def allowable() -> tuple[Code, ...]:
    """Return the codes that a file may suppress."""
    return tuple(code for code in CODES if is_allowable(code))


@cache
def warnings() -> tuple[Code, ...]:
    """Return the codes on which `checks` of site.yaml may decide."""
    return tuple(code for code in CODES if severity(code) == "warning")


def read_warning_code(text: str, zone: tzinfo) -> str:
    """Return the code of a warning; raise Misread for any other text."""
    text = text.strip()
    if text not in warnings():
        hint = did_you_mean(text, warnings()) or "`slugline help diagnostics` lists all codes"
        kind = "an error and cannot be turned off" if text in CODES else "not a warning"
        raise Misread("unknown-warning", f"`{text}` is {kind}", hint)
    return text
