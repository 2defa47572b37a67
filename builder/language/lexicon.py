"""The lexicons: what Slugline knows of each language, one file a language in lexicons/.

A lexicon is read where it is first needed. docs/adding-a-language.md describes the files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, ValidationError, convert

from builder.errors import SluglineError
from builder.patterns import pattern
from builder.quantity.quantity import Bound

FOLDER = Path(__file__).parent / "lexicons"

# A word or phrase of a lexicon, in the notation that the head of en.toml describes: word_patterns
# makes an expression of it. No other sign has a meaning in expressions, so none is escaped.
_SIGN = r"[^][(){}|*+?.^$\\\s…]"
Word = Annotated[str, Meta(pattern=rf"^(?! )\*?(?:{_SIGN}| |\((?:{_SIGN}|[ |])+\))+\*?(?<! )\.?$")]
PlainWord = Annotated[str, Meta(pattern=rf"^{_SIGN}+( {_SIGN}+)*\Z")]  # without notation
SplitVerb = Annotated[str, Meta(pattern=rf"^{_SIGN}+ … {_SIGN}+$")]  # neemt … over
Template = Annotated[str, Meta(pattern=r"^[^{}]*\{\}[^{}]*$")]  # up to {}
PartTemplate = Annotated[  # {part} of fiscal {year}; {year}年{part}
    str, Meta(pattern=r"^[^{}]*(?:\{part\}[^{}]*\{year\}|\{year\}[^{}]*\{part\})[^{}]*$")
]
Pattern = Annotated[str, Meta(pattern=r"^[^\n]+\Z")]  # an expression, in one line
Mark = Annotated[str, Meta(min_length=1)]
Plural = Literal["zero", "one", "two", "few", "many", "other"]  # a category of CLDR
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
# What amounts of companies are mostly of.
Metric = Literal["valuation", "revenue", "profit", "stake", "investment", "funding", "job cuts"]
_TAG = re.compile("[a-z]{2,3}")


class LexiconError(SluglineError):
    """A lexicon that cannot be read. The message names the file and the key."""


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a lexicon. The comments of en.toml say what each key means."""


class QuotationMarks(_Section, frozen=True):
    """What straight quotation marks become."""

    open: Mark
    close: Mark
    inner_open: Mark
    inner_close: Mark


class ApostropheWords(_Section, frozen=True):
    """Words that begin with an apostrophe, without it."""

    words: tuple[Word, ...] = ()


class DetectionWords(_Section, frozen=True):
    """By what a text is recognised as written in the language."""

    common: tuple[Word, ...] = ()
    letters: str = ""
    alphabets: tuple[str, ...] = ()
    presumed: bool = False
    decisive_alphabets: tuple[str, ...] = ()


class ScaleWords(_Section, frozen=True):
    """Words for powers of ten."""

    thousand: tuple[Word, ...] = ()
    myriad: tuple[Word, ...] = ()
    lakh: tuple[Word, ...] = ()
    million: tuple[Word, ...] = ()
    crore: tuple[Word, ...] = ()
    hundred_million: tuple[Word, ...] = ()
    billion: tuple[Word, ...] = ()
    trillion: tuple[Word, ...] = ()


class AmountWords(_Section, frozen=True):
    """What stands beside a number in a text."""

    decimal_comma: bool
    percent: tuple[Word, ...]
    people: tuple[Word, ...]
    scales: ScaleWords
    money: Mapping[Currency, tuple[Word, ...]]
    of: tuple[Word, ...] = ()
    ranges: tuple[Word, ...] = ()


class ShortScales(_Section, frozen=True):
    """What follows the digits of a short number."""

    thousand: str
    million: str
    billion: str
    trillion: str
    spaced: bool = False


class QuantityWords(_Section, frozen=True):
    """How a figure is printed."""

    bounds: Mapping[Bound, Template] = {}
    percentage_points: Mapping[Plural, str] = {}
    times: Mapping[Plural, str] = {}
    people: Mapping[Plural, str] = {}
    per: str = ""
    of: str = ""
    of_elided: str = ""
    currencies: Mapping[Currency, str] = {}
    small_currencies: bool = False
    currency_signs: bool = False
    currency_names: bool = False
    short_scales: ShortScales | None = None


class PeriodWords(_Section, frozen=True):
    """How a period is printed: Q4 2024, fiscal 2024 (to January 2024)."""

    fiscal_year: Template
    part_of_year: PartTemplate
    part_of_fiscal_year: PartTemplate
    first_half: str
    second_half: str
    until: Template
    quarter: Template | None = None


class FutureWords(_Section, frozen=True):
    """How a text puts a year into the future."""

    signs: tuple[PlainWord, ...]
    leads: tuple[Word, ...]
    verbs: tuple[Word, ...] = ()
    verb_patterns: tuple[Pattern, ...] = ()
    verb_endings: tuple[Word, ...] = ()
    not_verbs: tuple[Word, ...] = ()
    bare_pattern: Pattern | None = None
    breaks: tuple[Word, ...] = ()
    break_patterns: tuple[Pattern, ...] = ()
    articles: tuple[Word, ...] = ()
    participles: tuple[Word, ...] = ()
    participle_patterns: tuple[Pattern, ...] = ()
    auxiliaries: tuple[PlainWord, ...] = ()
    adverb_endings: tuple[PlainWord, ...] = ()
    looking_back: tuple[Word, ...] = ()
    patterns: tuple[Pattern, ...] = ()


class PurchaseWords(_Section, frozen=True):
    """How a text says that one company buys another."""

    verbs: tuple[Word, ...] = ()
    split_verbs: tuple[SplitVerb, ...] = ()
    participles: tuple[Word, ...] = ()
    passive: tuple[Word, ...] = ()
    by: tuple[Word, ...] = ()
    nouns: tuple[Word, ...] = ()
    of: tuple[Word, ...] = ()
    possessive: tuple[Word, ...] = ()
    announcing: tuple[Word, ...] = ()
    hedges: tuple[Word, ...] = ()
    denials: tuple[Word, ...] = ()
    parts: tuple[Word, ...] = ()
    elsewhere: tuple[Word, ...] = ()
    other_things: tuple[Word, ...] = ()
    patterns: tuple[Pattern, ...] = ()


class ShareWords(_Section, frozen=True):
    """What a part of a whole is called."""

    stakes: tuple[Word, ...] = ()
    nouns: tuple[Word, ...] = ()
    leads: tuple[Word, ...] = ()
    of: tuple[Word, ...] = ()
    not_wholes: tuple[Word, ...] = ()
    measures: tuple[Word, ...] = ()


class InsidePhrase(_Section, frozen=True):
    """Sources who are said to be inside a company: `sources inside`, unless `data sources`."""

    people: tuple[Word, ...]
    where: tuple[Word, ...]
    not_after: tuple[PlainWord, ...] = ()


class SourceWords(_Section, frozen=True):
    """How a text speaks of unnamed sources."""

    familiar: tuple[Word, ...] = ()
    inside: tuple[InsidePhrase, ...] = ()
    patterns: tuple[Pattern, ...] = ()


class ReportingWords(_Section, frozen=True):
    """How a text names the publisher whose report it passes on, or that it is translated."""

    credits: tuple[Word, ...] = ()
    before: tuple[Word, ...] = ()
    after: tuple[Word, ...] = ()
    first: tuple[Word, ...] = ()
    pictures: tuple[Word, ...] = ()
    translated: tuple[Word, ...] = ()
    machine: tuple[Word, ...] = ()


class StatementWords(_Section, frozen=True):
    """How a text says who said something, or would not."""

    said: tuple[Word, ...] = ()
    declined: tuple[Word, ...] = ()
    no_reply: tuple[Word, ...] = ()


class NoticeWords(_Section, frozen=True):
    """What changes the meaning of a text although it looks like a change of spelling."""

    kept: tuple[Word, ...] = ()
    commas: tuple[PlainWord, ...] = ()
    noun_endings: tuple[PlainWord, ...] = ()
    distinct_marks: bool = False
    transliterated: bool = False
    moving_tones: bool = False


class Lexicon(_Section, frozen=True):
    """What is known of one language. A section without a default is None where there is none."""

    name: str
    quotation_marks: QuotationMarks | None = None
    apostrophes: ApostropheWords = ApostropheWords()
    detection: DetectionWords = DetectionWords()
    amounts: AmountWords | None = None
    quantities: QuantityWords = QuantityWords()
    periods: PeriodWords | None = None
    future: FutureWords | None = None
    purchase: PurchaseWords = PurchaseWords()
    shares: ShareWords = ShareWords()
    sources: SourceWords = SourceWords()
    reporting: ReportingWords = ReportingWords()
    statements: StatementWords = StatementWords()
    notice: NoticeWords | None = None
    name_words: Mapping[PlainWord, tuple[Word, ...]] = {}
    metrics: Mapping[Metric, tuple[Word, ...]] = {}


@cache
def languages() -> tuple[str, ...]:
    """Return the tags of the languages that have a lexicon, in order."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language, or an empty one.

    An empty one has no name. Only the first subtag counts: `nl` and `nl-BE` have one lexicon."""
    tag = language.partition("-")[0].casefold()
    if tag != language:
        return lexicon(tag)
    return read_lexicon(FOLDER / f"{tag}.toml") if tag in languages() else Lexicon("")


@cache
def lexicons() -> dict[str, Lexicon]:
    """Return every lexicon, by the tag of its language."""
    return {tag: lexicon(tag) for tag in languages()}


@cache
def detections() -> dict[str, DetectionWords]:
    """Return what tells each language from others, by its tag.

    Only this part of a lexicon is parsed: each new process asks it of every language."""
    return {tag: _detection(FOLDER / f"{tag}.toml") for tag in languages()}


def _detection(file: Path) -> DetectionWords:
    import tomllib

    _, _, rest = f"\n{file.read_text('utf-8')}".partition("\n[detection]\n")
    try:
        return convert(tomllib.loads(rest.partition("\n[")[0]), DetectionWords)
    except ValueError:
        return read_lexicon(file).detection  # raises LexiconError, with what is wrong


def read_lexicon(file: Path) -> Lexicon:
    """Read a lexicon.

    Raises LexiconError for a syntax error, an unknown key, or a value of the wrong type."""
    import tomllib

    if not _TAG.fullmatch(file.stem):
        raise LexiconError(f"{file.name}: name the file by a language tag, such as `nl.toml`")
    try:
        return convert(tomllib.loads(file.read_text("utf-8")), Lexicon)
    except ValidationError as error:
        raise LexiconError(f"{file.name}: {_explained(str(error))}") from error
    except ValueError as error:  # of TOML, or of UTF-8
        raise LexiconError(f"{file.name}: {error}") from error


_PLACE = pattern(r" - at .*`\$\.?(.*)`$")
_FIELD = pattern(r"(unknown|required) field `(.+)`")


def _explained(message: str) -> str:
    """Return a message of msgspec with the key in front: `future.leads`: expected `array`."""
    place = _PLACE.search(message)
    what, key = (message[: place.start()], place[1]) if place else (message, "")
    if found := _FIELD.search(what):
        key = f"{key}.{found[2]}".removeprefix(".")
        what = "unknown key" if found[1] == "unknown" else "missing key"
    elif "matching regex" in what:
        what = "not in the notation that en.toml describes"
    return f"`{key}`: {what[:1].lower()}{what[1:]}"
