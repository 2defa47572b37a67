"""Tables and lists that are stored encoded, of which only what is asked for is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Protocol, TypeVar, overload

import msgspec

Value = TypeVar("Value")

_encode = msgspec.msgpack.Encoder().encode
_table = msgspec.msgpack.Decoder(dict[str, bytes]).decode
_list = msgspec.msgpack.Decoder(list[bytes]).decode


class LazyTable(MutableMapping[str, Value]):
    """A table whose values are encoded until they are asked for.

    `load` returns the encoded table and is called once, at the first access. The order is that of
    a dictionary."""

    def __init__(
        self, load: Callable[[], dict[str, bytes]], decode: Callable[[bytes], Value]
    ) -> None:
        self._load: Callable[[], dict[str, bytes]] | None = load
        self._decode = decode
        self._loaded: dict[str, bytes] = {}
        self._known: dict[str, Value] = {}

    @property
    def _raw(self) -> dict[str, bytes]:
        if self._load is not None:
            self._loaded, self._load = self._load(), None
        return self._loaded

    def __getitem__(self, key: str) -> Value:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._decode(self._raw[key])
        return found

    def __setitem__(self, key: str, value: Value) -> None:
        self._raw[key] = b""  # a value that is known needs no encoded one
        self._known[key] = value

    def set_raw(self, key: str, raw: bytes) -> None:
        """Set an encoded value."""
        self._raw[key] = raw
        self._known.pop(key, None)

    def __delitem__(self, key: str) -> None:
        del self._raw[key]
        self._known.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    @property
    def decoded(self) -> Mapping[str, Value]:
        """The values that have been asked for or set."""
        return self._known

    def encoded(self, encode: Callable[[Value], bytes]) -> dict[str, bytes]:
        """Return the encoded table."""
        known = self._known
        return {key: raw or encode(known[key]) for key, raw in self._raw.items()}


class LazyList(Sequence[Value]):
    """A list whose values are encoded until they are asked for, as in `LazyTable`."""

    def __init__(self, load: Callable[[], list[bytes]], decode: Callable[[bytes], Value]) -> None:
        self._load: Callable[[], list[bytes]] | None = load
        self._decode = decode
        self._loaded: list[bytes] = []

    @property
    def _raw(self) -> list[bytes]:
        if self._load is not None:
            self._loaded, self._load = self._load(), None
        return self._loaded

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Value, ...]: ...
    def __getitem__(self, at: int | slice) -> Value | tuple[Value, ...]:
        if isinstance(at, slice):
            return tuple(map(self._decode, self._raw[at]))
        return self._decode(self._raw[at])

    def __iter__(self) -> Iterator[Value]:
        return map(self._decode, self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class Chosen(Sequence[Value]):
    """Values of a table by their keys, in an order."""

    def __init__(self, table: Mapping[str, Value], keys: Sequence[str]) -> None:
        self._table, self.keys = table, keys

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Value, ...]: ...
    def __getitem__(self, at: int | slice) -> Value | tuple[Value, ...]:
        if isinstance(at, slice):
            return tuple([self._table[key] for key in self.keys[at]])
        return self._table[self.keys[at]]

    def __iter__(self) -> Iterator[Value]:
        return map(self._table.__getitem__, self.keys)

    def __len__(self) -> int:
        return len(self.keys)


def encode_table(values: dict[str, bytes]) -> bytes:
    """Encode a table of encoded values."""
    return _encode(values)


def decode_table(data: bytes) -> dict[str, bytes]:
    """Decode a table of encoded values. Raises msgspec.DecodeError."""
    return _table(data)


def encode_list(values: Sequence[bytes]) -> bytes:
    """Encode a list of encoded values."""
    return _encode(values)


def decode_list(data: bytes) -> list[bytes]:
    """Decode a list of encoded values. Raises msgspec.DecodeError."""
    return _list(data)


class Numbered(Sequence[str]):
    """Keys by their numbers in another list."""

    def __init__(self, keys: Sequence[str], numbers: Sequence[int]) -> None:
        self._keys, self._numbers = keys, numbers

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self._keys[number] for number in self._numbers[at]]
        return self._keys[self._numbers[at]]

    def __iter__(self) -> Iterator[str]:
        return map(self._keys.__getitem__, self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _Slugged(Protocol):
    @property
    def slug(self) -> str: ...


def keys_of(values: Sequence[_Slugged]) -> list[str]:
    """Return the slugs of values, which are not decoded."""
    return [*values.keys] if isinstance(values, Chosen) else [value.slug for value in values]
