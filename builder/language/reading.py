"""Counts the words of a text in any script, for its reading time.

Scripts without spaces are counted in characters. A reader of Chinese reads some 390 characters a
minute, one of Japanese 500, and one of English 230 words. (Brysbaert 2019 has the numbers for
English and Chinese; the one for Japanese is a rule of thumb of its newspapers.)"""

from __future__ import annotations

from builder.patterns import pattern

WORDS_A_MINUTE = 230
_CHINESE, _JAPANESE = 390 / WORDS_A_MINUTE, 500 / WORDS_A_MINUTE  # characters read for a word
_THAI = 4.5  # letters of an average word of Thai, Lao, Khmer or Burmese, without marks

_HAN = pattern("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = pattern("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_SOUTH_EAST = pattern(
    "[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"
    "\u1000-\u102a\u1780-\u17b3]"
)
_UNSPACED = pattern(
    "[\u0e01-\u0ecd\u1000-\u1049\u1780-\u17d3\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff0f\uff1a-\uff20\U00020000-\U0003ffff]+"
)


def count_words(text: str) -> float:
    """Return the number of words, or their equivalent in reading time."""
    if text.isascii() or not _UNSPACED.search(text):
        return len(text.split())
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    found = (han + kana) / (_JAPANESE if kana else _CHINESE)
    found += len(_SOUTH_EAST.findall(text)) / _THAI
    return found + len(_UNSPACED.sub(" ", text).split())
