"""Where readers find a source: its page, its archived copy, the sentence on it."""

from __future__ import annotations

from urllib.parse import quote

from builder.model.source import Source

_WHOLE = 100  # characters of words that are searched for as they are
_ENDS = 5  # words at each end of longer ones
_LETTERS = 20  # characters at each end of those without spaces
_DIRECTIVE = ":~:"


def copy_address(source: Source) -> str:
    """Return the address of a source's archived copy, or nothing."""
    return source.archive.url if source.archive else ""


def reading_address(source: Source, words: str = "") -> str:
    """Return where readers find a source, at some words of it.

    It is empty if the page is gone and no archive has a copy. Words that a page no longer has are
    in its copy."""
    copy, address = copy_address(source), str(source.url)
    if source.gone or (source.changed and words and copy):
        address = copy
    return with_words(address, words) if address and words else address


def with_words(address: str, words: str) -> str:
    """Return an address with a text fragment of some words.

    WICG, URL Fragment Text Directives. Long words are given by their first and last ones, which
    also finds them across paragraphs."""
    if _DIRECTIVE in address:
        return address
    directive = _encode(words)
    if len(words) > _WHOLE:
        parts = words.split()
        if len(parts) > 2 * _ENDS:
            ends = " ".join(parts[:_ENDS]), " ".join(parts[-_ENDS:])
        else:  # in Chinese and Japanese, or with few long words
            ends = words[:_LETTERS].strip(), words[-_LETTERS:].strip()
        directive = ",".join(map(_encode, ends))
    return f"{address}{'' if '#' in address else '#'}{_DIRECTIVE}text={directive}"


def _encode(words: str) -> str:
    """Return words without the characters that mean something in a directive."""
    return quote(words, safe="").replace("-", "%2D")
