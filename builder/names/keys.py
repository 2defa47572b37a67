"""The slug of a name, and the key that its spellings share."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^a-z0-9]+")


_IGNORED = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def slugify(text: str) -> str:
    """Return the slug of a name.

    Examples are `Scale AI` -> `scale-ai` and `Báo Dân trí` -> `bao-dan-tri`. The slug is empty if
    no letter or digit has an ASCII form."""
    text = (
        text.casefold().replace("đ", "d").replace("ø", "o").replace("ł", "l").replace("&", " and ")
    )
    decomposed = unicodedata.normalize("NFKD", text)
    ascii_text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub("-", re.sub(r"['’]", "", ascii_text)).strip("-")


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return the key that spellings of one name share.

    It is NFKC with case folded, without spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _IGNORED.sub("", folded) or folded
