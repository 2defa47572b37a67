"""Typographic quotation marks, apostrophes, dashes and spaces, by language."""

from __future__ import annotations

import re
from functools import cache

from markdown_it.token import Token

from builder.language.delimiters import cldr_marks, has_own_marks
from builder.language.direction import signed_numbers
from builder.language.lexicon import lexicon
from builder.language.smart_quotes import replace_quotes
from builder.language.word_patterns import one_of
from builder.patterns import pattern

_APOSTROPHE = "’"
_NARROW, _WIDE = "\u202f", "\u00a0"  # spaces that do not break
_DECADE = re.compile(r"(?<!\w)['‘](?=\d\ds\b)")  # the ’90s
# The class of '24, but not '24 hours later', which is a quotation.
_SHORT_YEAR = re.compile(r"'(?<!\w')(?=\d\d(?!\d))")
_CLOSING = pattern(r"(?<![\s(\[])'(?!\w)")


def quotation_marks(language: str) -> list[str]:
    """Return the quotation marks of a language: double, then single ones.

    Each pair is an opening and a closing mark, with the spaces of French."""
    own = lexicon(language).quotation_marks
    if own and not has_own_marks(language):
        return [own.open, own.close, own.inner_open, own.inner_close]
    marks = cldr_marks(language)
    space = _space_inside(language)
    return [_spaced(mark, space) for mark in marks] if space else [*marks]


def _space_inside(language: str) -> str:
    if language.partition("-")[0] != "fr":
        return ""
    return _WIDE if language == "fr-CA" else _NARROW


def _spaced(mark: str, space: str) -> str:
    return {"«": f"«{space}", "»": f"{space}»", "‹": f"‹{space}", "›": f"{space}›"}.get(mark, mark)


def dashes(text: str) -> str:
    text = re.sub(r"(?<!-)---(?!-)", "—", text)
    return re.sub(r"(?<!-)--(?!-)", "–", text).replace("...", "…")


@cache
def punctuation_signs(language: str) -> tuple[str, ...]:
    """Return what a text contains if `punctuate` changes it."""
    signs = ("--", "...", "‘")
    return (*signs, " ;", " !", " ?", " :", "« ", " »") if language.startswith("fr") else signs


def punctuate(text: str, language: str) -> str:
    """Return a text with the dashes and spaces of its language."""
    if "--" in text or "..." in text:
        text = dashes(text)
    if "‘" in text:
        text = _DECADE.sub(_APOSTROPHE, text)
    return _french(text, language) if language.partition("-")[0] == "fr" else text


def apostrophes(text: str, language: str) -> str:
    """Return a text with apostrophes where a quotation mark would be misread."""
    if "'" not in text:
        return text
    text = _DECADE.sub(_APOSTROPHE, text)
    if elided := _elided(language.partition("-")[0]):
        text = elided.sub(lambda found: found[0].replace("'", _APOSTROPHE), text)

    def year(found: re.Match[str]) -> str:
        after = text.find("'", found.end())
        return "'" if after >= 0 and _CLOSING.match(text, after) else _APOSTROPHE

    return _SHORT_YEAR.sub(year, text)


@cache
def _elided(language: str) -> re.Pattern[str] | None:
    """Return a pattern of words that begin with an apostrophe, such as `'tis`."""
    known = lexicon(language).apostrophes
    if not known.words:
        return None
    words = one_of(known.words)
    return re.compile(rf"'(?<!\w')(?:(?:{words})(?!['\w])|n'(?=\s))", re.IGNORECASE)


# A space before ; ! ? and inside « » is narrow, one before a colon is not. Canada has no others.
_BEFORE_SIGN = pattern(r" (?=[;!?]+(?:[^\w;!?]|$))")
_BEFORE_COLON = pattern(r" (?=:(?:\s|$))")


def _french(text: str, language: str) -> str:
    inside = _space_inside(language)
    text = text.replace("« ", f"«{inside}").replace(" »", f"{inside}»")
    text = _BEFORE_COLON.sub(_WIDE, text)
    return text if language == "fr-CA" else _BEFORE_SIGN.sub(_NARROW, text)


def typographic(text: str, language: str) -> str:
    """Return a line with the quotation marks and dashes of its language."""
    text = signed_numbers(text, language)
    text = apostrophes(punctuate(text, language), language)
    if "'" in text or '"' in text:
        token = Token("text", "", 0, content=text)
        replace_quotes([token], quotation_marks(language))
        text = token.content
    return text
