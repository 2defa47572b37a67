"""Decides whether readers would notice a change of words, by rules of a language.

Below notice are typography, markup, spacing and the spelling of a word. A number, an amount, a
date, a name, a negation, a tense, a modality or an attribution never is: what might be one of them
counts as material. No dictionary is at hand, so two words count as spellings of one only if they
are long, begin and end alike, and a letter is missing, doubled, marked or exchanged with the next.
Another letter may make another word (confirmed, conformed), and thus counts as material.

Commas are below notice, except those that tell who or what is meant: between two words with
capitals, of which neither begins a sentence (Google, Meta), and beside the words in `commas` of a
language, which are relative pronouns where a comma is not obligatory before them (staff, who left)
and negations (no, it will)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Literal

from builder.language.lexicon import NoticeWords, lexicon

Notice = Literal["same", "spelling", "material"]
_MARKS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‹›", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff\u200e\u200f\u2066\u2067\u2068\u2069", ""),
        "…": "...",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
    }
)
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r" +(?=[,.;:!?%)\]])|(?<=[(\[]) +")
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3})((?:[\u00a0\u2009\u202f ]\d{3})+)(?!\d)")
_GUILLEMETS = re.compile(r"(?<=«)\s+|\s+(?=»(?!\w))")  # of French
_DOTS, _COMMAS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))"), re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_QUOTED = re.compile(r"(?<!\w)'([^']*)'(?!\w)")
_TOKEN = re.compile(
    r"(?P<number>(?<![\w.,])[-+](?=\d)|)\d+(?:[.,:/]\d+)*"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*'?"
    r"|(?<!\S)\"|(?<=[(\[])\"|~~|[,?%‰$£¥¢°&@#+=<>^±¬×÷]"
    # Signs and symbols, such as ✓ and ↑; marks that print a text backwards.
    r"|[\u202a-\u202e\u20a0-\u20c0\u2190-\u23ff\u25a0-\u27bf\u2900-\u2bff\U0001f000-\U0001faff]"
)
_VOWELS = frozenset("aeiouyáàâäãåéèêëíìîïóòôöõúùûüýÿæœøăơư")
_LONG, _LONGER = 7, 9  # letters of words that a missing vowel, or consonant, makes no other word of
_DOUBLED = 6  # letters of words in which a letter is doubled by mistake


def plain(text: str) -> str:
    """Return a text without typography: plain marks, and one space between words."""
    text = _GUILLEMETS.sub("", unicodedata.normalize("NFC", text))
    text = _GROUPED.sub(lambda m: m[1] + re.sub(r"\D", "", m[2]), text)
    text = _SPACE.sub(" ", text.translate(_MARKS)).strip()
    return _TIGHT.sub("", text)


def notice(before: str, after: str, language: str, names: Collection[str] = frozenset()) -> Notice:
    """Return whether readers would notice that one text replaced another.

    `names` are words of names, in lower case, besides those with capitals."""
    a, b = _tokens(before, language), _tokens(after, language)
    if _keys(a, language) == _keys(b, language):
        return "same"
    a, b = _once(a, language), _once(b, language)
    matcher = SequenceMatcher(None, _keys(a, language), _keys(b, language), autojunk=False)
    blocks = (
        _is_respelt(a[i:j], b[k:m], language, names)
        for kind, i, j, k, m in matcher.get_opcodes()
        if kind != "equal"
    )
    return "spelling" if all(blocks) else "material"


def _once(words: list[str], language: str) -> list[str]:
    """Return words without those that were written twice by mistake."""
    return [
        word
        for before, word in zip(["", *words], words, strict=False)
        if word != before or not word.islower() or _is_kept(word, language)
    ]


def _is_respelt(a: list[str], b: list[str], language: str, names: Collection[str]) -> bool:
    """Return whether some words are certainly other spellings of others."""
    words = lexicon(language).notice
    if not words or not all(word[0].isalpha() for word in (*a, *b)):
        return False
    if any(_is_kept(word, language) for word in (*a, *b)):
        return False
    x, y = "".join(a), "".join(b)
    if x.casefold() == y.casefold():
        return not any(_is_acronym(word) for word in (x, y) if {x, y} & {word.lower()})
    if len(a) != len(b):
        return False
    return all(_is_spelling(x, y, words, names) for x, y in zip(a, b, strict=True))


def _is_spelling(x: str, y: str, words: NoticeWords, names: Collection[str]) -> bool:
    """Return whether two words are certainly spellings of one."""
    if _is_name(x, y, words, names):
        return False
    a, b = x.casefold(), y.casefold()
    if words.transliterated and _spelt_out(a) == _spelt_out(b):
        return True
    marks = words.distinct_marks and _unmarked(a) == _unmarked(b)
    if marks or a[0] != b[0] or a[-2:] != b[-2:]:
        return False
    return _differ_little(a, b)


def _is_name(x: str, y: str, words: NoticeWords, names: Collection[str]) -> bool:
    if {x.casefold(), y.casefold()} & {*names}:
        return True
    if x.islower() and y.islower():
        return False
    # A common noun where nouns have capitals, as its ending shows.
    nouns = words.noun_endings
    return not (nouns and x[1:].islower() and y[1:].islower() and {x, y} <= {*_nouns(x, y, nouns)})


def _nouns(x: str, y: str, endings: tuple[str, ...]) -> Iterator[str]:
    return (word for word in (x, y) if len(word) >= _LONG and word.endswith(endings))


def _differ_little(a: str, b: str) -> bool:
    """Return whether two words differ by one edit that makes no other word."""
    shorter = min(len(a), len(b))
    if distance(a, b) != 1:
        return False
    start = next(n for n, (x, y) in enumerate(zip(f"{a}\0", f"{b}\0", strict=False)) if x != y)
    if len(a) != len(b):
        longer = a if len(a) > len(b) else b
        doubled = longer[start] in (longer[start - 1], longer[min(start + 1, len(longer) - 1)])
        vowel = longer[start] in _VOWELS
        return shorter >= (_DOUBLED if doubled else _LONG if vowel else _LONGER)
    exchanged = a[start] == b[start + 1] and a[start + 1] == b[start]
    return shorter >= _LONG and (exchanged or _unmarked(a) == _unmarked(b))


def distance(a: str, b: str) -> int:
    """Return the edits between two words; exchanging neighbours is one edit.

    More than three are not counted further."""
    if abs(len(a) - len(b)) > 3:
        return 4
    before: list[int] = []
    last: list[int] = [*range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        row: list[int] = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + int(x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


# --- words ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _split(text: str, comma: bool | None, commas: tuple[str, ...]) -> tuple[str, ...]:
    text = _QUOTED.sub(r' "\1" ', plain(text))
    if comma is not None:  # 10,000 and 10000 are one number
        text = (_DOTS if comma else _COMMAS).sub("", text)
    found = [*_TOKEN.finditer(text)]
    return tuple(
        match[0].rstrip("'") or match[0]
        for n, match in enumerate(found)
        if match[0] != "," or _tells(text, found[max(n - 1, 0) : n + 2], commas)
    )


def _tells(text: str, around: list[re.Match[str]], commas: tuple[str, ...]) -> bool:
    """Return whether the comma between two tokens of a text tells who or what is meant."""
    if len(around) < 3:
        return False
    before, _, after = around
    if {before[0].casefold(), after[0].casefold()} & {*commas}:
        return True
    begins = text[: before.start()].rstrip(' "(')[-1:] in ("", *".!?:")
    return before[0][0].isupper() and after[0][0].isupper() and not begins


def _tokens(text: str, language: str) -> list[str]:
    words = lexicon(language)
    amounts = words.amounts
    commas = words.notice.commas if words.notice else ()
    return [*_split(text, amounts.decimal_comma if amounts else None, commas)]


def _keys(tokens: list[str], language: str) -> list[str]:
    """Return tokens without what is never noticed: capitals, the place of a tone mark."""
    words = lexicon(language).notice
    keys = [token if _is_acronym(token) else token.casefold() for token in tokens]
    return [_tones_last(key) for key in keys] if words and words.moving_tones else keys


def _is_acronym(word: str) -> bool:
    """Return whether capitals make another word: `US` is not `us`."""
    return len(word) > 1 and word.isupper()


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # of Vietnamese


@lru_cache(maxsize=4096)
def _tones_last(word: str) -> str:
    """Return a syllable with its tone mark last: `hòa` and `hoà` are one word."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in _TONES)
    return "".join(letter for letter in letters if letter not in _TONES) + tones


def _unmarked(word: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter)
    )


_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _spelt_out(word: str) -> str:
    return word.translate(_SPELT_OUT)


def _is_kept(word: str, language: str) -> bool:
    """Return whether a word is never a spelling of another: a negation, a modal, a number."""
    return word.casefold() in _kept(language.partition("-")[0])


@cache
def _kept(language: str) -> frozenset[str]:
    found = lexicon(language)
    if found.notice is None:
        return frozenset()
    lists = [found.notice.kept, _dates(language)]
    if amounts := found.amounts:
        lists += amounts.money.values()
        lists += (getattr(amounts.scales, name) for name in amounts.scales.__struct_fields__)
    words = (re.sub(r"\(.*?\)|\*", "", word) for part in lists for word in part)
    return frozenset(part.casefold() for word in words for part in word.split())


def _dates(language: str) -> tuple[str, ...]:
    """Return the names of months and days."""
    from babel.core import Locale

    locale = Locale.parse(language)
    return tuple(
        name
        for table in (locale.months, locale.days)
        for context in table.values()
        for name in context["wide"].values()
    )
