"""A name -> its slug, and the key that spellings of it share."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^a-z0-9]+")


_IGNORED = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def slugify(text: str) -> str:
    """The slug that a name makes: `Scale AI` -> `scale-ai`, `Báo Dân trí` -> `bao-dan-tri`.
    Empty when the text has no letter or digit that ASCII can show."""
    text = (
        text.casefold().replace("đ", "d").replace("ø", "o").replace("ł", "l").replace("&", " and ")
    )
    decomposed = unicodedata.normalize("NFKD", text)
    ascii_text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub("-", re.sub(r"['’]", "", ascii_text)).strip("-")


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """What two spellings of one name share: NFKC, case folded, spaces and punctuation aside."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _IGNORED.sub("", folded) or folded
