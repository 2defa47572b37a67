"""Postings: the briefs that have a term, with its weight in each, as a short text.

A character is a weight and ends a posting, or a digit of the distance from the brief before, if the
next brief does not have the next key. All are printable and need no escape in JSON or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.search.weights import LEVELS

# A posting as one number: the key of a brief, and below it the weight.
BITS = (LEVELS - 1).bit_length()
WEIGHT = (1 << BITS) - 1
_ALPHABET = [chr(code) for code in range(35, 127) if code not in (60, 92)]  # without " < \
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_DIGITS = len(_ALPHABET) - LEVELS  # the base of distances
_CAPACITY = 100_000


class _Codes(dict[int, str]):
    """The code of a distance and a weight, as one number, each computed once."""

    def __missing__(self, number: int) -> str:
        distance, code = (number >> BITS) - 1, _ALPHABET[number & WEIGHT]
        while distance:
            distance, digit = divmod(distance, _DIGITS)
            code = _ALPHABET[LEVELS + digit] + code
        if len(self) < _CAPACITY:
            self[number] = code
        return code


_codes = _Codes()


def encode_postings(postings: Iterable[int]) -> str:
    """Return postings, in ascending order, as a text."""
    codes, before, found = _codes, -1 << BITS, []
    for posting in postings:
        found.append(codes[posting - before])
        before = posting & ~WEIGHT
    return "".join(found)


def decode_postings(text: str) -> list[int]:
    """Return the postings of a text."""
    values, key, distance, found = _VALUES, -1, 0, []
    for character in text:
        value = values[character]
        if value >= LEVELS:
            distance = distance * _DIGITS + value - LEVELS
        else:
            key += distance + 1
            distance = 0
            found.append(key << BITS | value)
    return found


def patch_postings(text: str, changes: Mapping[int, int | None]) -> str:
    """Return postings with some changed.

    `changes` have by key the new weight, or None to remove it."""
    kept = [posting for posting in decode_postings(text) if posting >> BITS not in changes]
    kept += [key << BITS | weight for key, weight in changes.items() if weight is not None]
    return encode_postings(sorted(kept))
