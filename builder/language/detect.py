"""The language of a short text, if evidently not the expected one.

No library fits: small ones guess at a line of five words, and those that do not guess need tens of
megabytes, or numpy, and half a second. Recognising Vietnamese on a Dutch page needs less: the
commonest words of each language, the letters that only it has, and no answer in doubtful cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

LANGUAGES = {
    "en": "English", "nl": "Dutch", "de": "German", "fr": "French", "es": "Spanish",
    "it": "Italian", "pt": "Portuguese", "vi": "Vietnamese", "ru": "Russian", "uk": "Ukrainian",
    "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "ar": "Arabic", "fa": "Persian",
    "he": "Hebrew", "el": "Greek", "th": "Thai", "hi": "Hindi", "bg": "Bulgarian",
}  # fmt: skip

# The commonest words of each language: a sentence of six words rarely has none of them.
_COMMON = {
    "en": "the a an and or of to in on at by for from with without is are was were be been has have"
    " had it its this that these those he she they his her their as after before over under into"
    " not no who which what how why will would can could may",
    "nl": "de het een en of van te in op aan bij voor uit met zonder is zijn was waren wordt werd"
    " heeft hebben had dit dat deze die hij zij ze ook als na over onder naar niet geen wie wat hoe"
    " waarom zal kan om door tegen tussen",
    "de": "der die das den dem des ein eine einer eines einem und oder von zu im am auf bei für aus"
    " mit ohne ist sind war waren wird wurde hat haben dieser diese dieses er sie es auch als nach"
    " vor über unter in nicht kein wer was wie warum durch gegen zwischen",
    "fr": "le la les un une des et ou du de au aux dans sur pour par avec sans est sont était a ont"
    " ce cette ces il elle ils elles son sa ses leur que qui ne pas plus comme après avant chez"
    " entre en devant derrière vers chez lors deux être fait",
    "es": "el la los las un una unos unas y o del de al en por para con sin es son era fue ha han"
    " este esta estos ante desde hasta que quien no más como después antes entre su sus se",
    "it": "il lo la i gli le un una uno e o del della dei delle di da in nel nella per con senza è"
    " al alla dal dalla sul sulla degli davanti dopo anche sono era ha hanno questo questa che"
    " chi non più come dopo prima tra fra si",
    "pt": "o a os as um uma e ou do da dos das de no na nos nas em por para com sem é são era foi"
    " tem este esta que quem não mais como depois antes entre seu sua se",
    "vi": "và của là có không được trong cho với các những một người này đã đang sẽ tại ở từ khi"
    " vào ra về đến như trên bên sau trước",
}  # fmt: skip
# Letters that no other language of the Latin alphabet has.
_VIETNAMESE = re.compile("[ơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
# Alphabets by the beginning of their letters' Unicode names, with the languages that use them.
_ALPHABETS = {
    "CYRILLIC": "ru uk bg", "GREEK": "el", "HEBREW": "he", "ARABIC": "ar fa", "THAI": "th",
    "DEVANAGARI": "hi", "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh ja",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 4  # words; a shorter text has no evident language
_FEWEST_LETTERS = 8  # letters of an alphabet without capitals or spaces


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(_COMMON.get(language, "").split())


@cache
def _only(language: str) -> frozenset[str]:
    """Return the words that only one of the languages has.

    One such word settles which language it is.
    """
    others = (_common(other) for other in _COMMON if other != language)
    return _common(language).difference(*others)


def evident_language(text: str, expected: str, names: Iterable[str] = ()) -> str:
    """Return the language of a text if evidently not the expected one.

    Otherwise returns an empty string. Words of `names` do not count.
    """
    expected = expected.partition("-")[0].casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if (found := _by_alphabet(text, expected)) is not None:
            return found
    words, only = _WORD.findall(text.casefold()), _only(expected)
    if len(words) < _FEWEST or not only or any(word in only for word in words):
        return ""
    own = {word for name in names for word in _WORD.findall(name.casefold())}
    return _by_words([word for word in words if word not in own], expected)


def _by_words(words: list[str], expected: str) -> str:
    """Return the language that words are evidently in.

    Empty if one of the words belongs to the expected language.
    """
    found = {name: _hits(words, name, expected) for name in _COMMON if name != expected}
    best = max(found, key=lambda name: found[name])
    hits = found[best]
    # A third of the words, or a quarter of many words: `Mistral sells Le Chat, La Plateforme` has
    # two French words.
    enough = hits >= 2 and hits * (3 if hits == 2 else 4) >= len(words) >= _FEWEST
    alone = [*found.values()].count(hits) == 1
    return best if enough and alone and not _hits(words, expected, best) else ""


def _hits(words: list[str], language: str, other: str) -> int:
    """Return how many words belong to one language and not to another."""
    more = language == "vi"
    return sum(
        (word in _common(language) and word not in _common(other))
        or (more and _VIETNAMESE.search(word) is not None)
        for word in words
    )


def _by_alphabet(text: str, expected: str) -> str | None:
    """Return the language that the alphabet of a text implies.

    Empty if the expected language uses that alphabet; None for the Latin alphabet.
    """
    letters = Counter(
        unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()
    )
    found = {name: letters[name] for name in _ALPHABETS if letters[name]}
    if sum(found.values()) * 2 <= sum(letters.values()):
        return None
    if letters["HIRAGANA"] or letters["KATAKANA"]:
        spoken = "ja"
    else:
        spoken = _ALPHABETS[max(found, key=lambda name: found[name])]
    known = expected in spoken.split() or sum(found.values()) < _FEWEST_LETTERS
    return "" if known else spoken.split()[0]
