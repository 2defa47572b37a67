"""Capitals at the beginning of a text, by language."""

from __future__ import annotations

from builder.language.words import BEGIN, ENGLISH, TAG_END


def with_capital(text: str, language: str) -> str:
    """Return a text with a capital at its beginning.

    A name that begins with a small letter keeps it: xAI, eBay."""
    if text.startswith(BEGIN):  # a text in another language
        mark, sign, rest = text.partition(TAG_END)
        return f"{mark}{sign}{with_capital(rest, ENGLISH)}"
    if text[:1].islower() and text[1:2].isupper():
        return text
    tag = language.partition("-")[0]
    if tag == "nl" and text[:2] == "ij":
        return f"IJ{text[2:]}"
    if tag in ("tr", "az") and text[:1] == "i":
        return f"İ{text[1:]}"
    return text[:1].upper() + text[1:]
