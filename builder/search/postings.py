"""Postings: the briefs that have a term, with its weight in each, as a short text.

A character has the weight and the low part of the distance from the brief before; characters
before it have the high part. All are printable and need no escape in JSON or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.search.weights import LEVELS

# A posting as one number: the key of a brief, and below it the weight.
BITS = LEVELS.bit_length() - 1
_LOW = 5  # values of the low part of a distance
_DIGITS = 10  # values of a character of its high part
_ALPHABET = [chr(code) for code in range(35, 127) if code not in (60, 92)]  # without " < \
_FINAL, _DIGIT = _ALPHABET[: LEVELS * _LOW], _ALPHABET[LEVELS * _LOW :]
assert len(_DIGIT) == _DIGITS
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_CAPACITY = 100_000


class _Codes(dict[int, str]):
    """The code of a distance and a weight, as one number, each computed once."""

    def __missing__(self, number: int) -> str:
        distance, weight = number >> BITS, number & (LEVELS - 1)
        high, low = divmod(distance - 1, _LOW)
        code = _FINAL[weight * _LOW + low]
        while high:
            high, digit = divmod(high, _DIGITS)
            code = _DIGIT[digit] + code
        if len(self) < _CAPACITY:
            self[number] = code
        return code


_codes = _Codes()


def encode_postings(postings: Iterable[int]) -> str:
    """Return postings, in ascending order, as a text."""
    codes, before, found = _codes, -1 << BITS, []
    for posting in postings:
        found.append(codes[posting - before])
        before = posting & -LEVELS
    return "".join(found)


def decode_postings(text: str) -> list[int]:
    """Return the postings of a text."""
    values, key, high, found = _VALUES, -1, 0, []
    for character in text:
        value = values[character]
        if value >= LEVELS * _LOW:
            high = high * _DIGITS + value - LEVELS * _LOW
        else:
            weight, low = divmod(value, _LOW)
            key += high * _LOW + low + 1
            high = 0
            found.append(key << BITS | weight)
    return found


def patch_postings(text: str, changes: Mapping[int, int | None]) -> str:
    """Return postings with some changed: by key the new weight, or None to remove it."""
    kept = [posting for posting in decode_postings(text) if posting >> BITS not in changes]
    kept += [key << BITS | weight for key, weight in changes.items() if weight is not None]
    return encode_postings(sorted(kept))
