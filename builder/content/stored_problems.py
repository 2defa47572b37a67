"""The stored diagnostics of a file, which are decoded only to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec
from msgspec import Struct

from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic
from builder.store import Kept

_decoder = msgspec.msgpack.Decoder(list[Diagnostic])


class StoredProblems(Struct, frozen=True, array_like=True):
    """Diagnostics of one file: encoded, and how many there are of each kind.

    A kind is a code and the file that the problem is also about. Equal ones are stored once."""

    kinds: tuple[tuple[Code, str, int], ...]
    kept: Kept


def store_problems(
    found: Iterable[Diagnostic], keep: Callable[[bytes], Kept]
) -> StoredProblems | None:
    """Encode and keep the diagnostics of a file, if there are any."""
    problems = sorted({*found})
    if not problems:
        return None
    numbers = Counter((d.code, d.beside) for d in problems)
    kinds = tuple((code, beside, number) for (code, beside), number in numbers.items())
    return StoredProblems(kinds, keep(msgspec.msgpack.encode(problems)))


def decode_problems(data: bytes) -> list[Diagnostic]:
    """Decode the diagnostics of one file."""
    return _decoder.decode(data)
