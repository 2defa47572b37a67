"""The languages that have a stemmer."""

from __future__ import annotations

from collections.abc import Mapping

# The module of `snowballstemmer` for each language, by the first part of its tag. The function
# `snowballstemmer.stemmer` is not used: where PyStemmer is installed, it takes its rules, which may
# be those of another version.
ALGORITHMS: Mapping[str, str] = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def stemmed(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first parts of those language tags that have a stemmer."""
    found = {tag.partition("-")[0].lower() for tag in tags}
    return tuple(sorted(found & ALGORITHMS.keys()))
