"""Tables and lists that are stored encoded, of which only what is asked for is decoded."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterator,
    KeysView,
    Mapping,
    MutableMapping,
    Sequence,
)
from functools import cached_property
from typing import Protocol, TypeVar, cast, overload
from zlib import crc32

import msgspec

Value = TypeVar("Value")

# The most rows in a bucket, on average; a table that is divided has half as many in each.
_FULL = 64

_encode = msgspec.msgpack.Encoder().encode
_number = msgspec.msgpack.Decoder(int).decode
_names = msgspec.msgpack.Decoder(list[str]).decode
_table = msgspec.msgpack.Decoder(dict[str, bytes]).decode
_list = msgspec.msgpack.Decoder(list[bytes]).decode


class LazyTable(MutableMapping[str, Value]):
    """A table whose values are stored in buckets, and decoded when they are asked for.

    `part` returns a section of an index: that with the table's `name` has the number of buckets,
    and others have the keys in order and each bucket. A bucket is read when one of its keys is
    looked up. Without `part`, nothing is stored yet. The order is that of a dictionary."""

    def __init__(
        self,
        decode: Callable[[bytes], Value],
        part: Callable[[str], bytes] | None = None,
        name: str = "",
    ) -> None:
        self._decode, self._part, self._name = decode, part, name
        self._known: dict[str, Value] = {}
        self._changed = set[int]() if part else {0}  # buckets
        self._moved = part is None  # whether keys were added or removed

    @cached_property
    def _buckets(self) -> list[dict[str, bytes] | None]:
        """The buckets that were read; a new table has one."""
        return [None] * _number(self._part(self._name)) if self._part else [{}]

    @cached_property
    def _keys(self) -> dict[str, None]:
        return dict.fromkeys(_names(self._part(f"{self._name} keys"))) if self._part else {}

    def _bucket(self, number: int) -> dict[str, bytes]:
        found = self._buckets[number]
        if found is None:
            assert self._part is not None
            found = self._buckets[number] = _table(self._part(f"{self._name} {number}"))
        return found

    def _of(self, key: str) -> int:
        """Return the number of the bucket of a key."""
        number = len(self._buckets)
        return crc32(key.encode("utf-8", "surrogatepass")) % number if number > 1 else 0

    def __getitem__(self, key: str) -> Value:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._decode(self._bucket(self._of(key))[key])
        return found

    def __setitem__(self, key: str, value: Value) -> None:
        self.set_raw(key, b"")  # a value that is known needs no encoded one
        self._known[key] = value

    def set_raw(self, key: str, raw: bytes) -> None:
        """Set an encoded value."""
        number = self._of(key)
        bucket = self._bucket(number)
        if key not in bucket:
            self._keys[key], self._moved = None, True
        bucket[key] = raw
        self._changed.add(number)
        self._known.pop(key, None)

    def __delitem__(self, key: str) -> None:
        number = self._of(key)
        del self._bucket(number)[key]
        del self._keys[key]
        self._changed.add(number)
        self._moved = True
        self._known.pop(key, None)

    def __contains__(self, key: object) -> bool:
        if "_keys" in self.__dict__:
            return key in self._keys
        return isinstance(key, str) and key in self._bucket(self._of(key))

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self) -> KeysView[str]:
        return self._keys.keys()

    @property
    def decoded(self) -> Mapping[str, Value]:
        """The values that have been asked for or set."""
        return self._known

    def keep(
        self,
        put: Callable[[str, bytes], None],
        encode: Callable[[Value], bytes],
        without: Collection[str] = (),
    ) -> None:
        """Store what has changed; `put` stores a section by its name.

        Some values are left out, as if the table were `without` them."""
        if self._moved:
            self._spread(encode)
            put(f"{self._name} keys", _encode([key for key in self._keys if key not in without]))
            put(self._name, _encode(len(self._buckets)))
        for number in self._changed:
            rows = self._bucket(number).items()
            table = {k: raw or encode(self._known[k]) for k, raw in rows if k not in without}
            put(f"{self._name} {number}", _encode(table))
        self._changed = {self._of(key) for key in without}
        self._moved = bool(without)

    def _spread(self, encode: Callable[[Value], bytes]) -> None:
        """Divide the table into more buckets if they have become too large."""
        if len(self._keys) <= _FULL * len(self._buckets):
            return
        every = {key: self._bucket(self._of(key))[key] for key in self._keys}
        number = -(-2 * len(every) // _FULL)
        self._buckets = [{} for _ in range(number)]
        for key, raw in every.items():
            cast(dict[str, bytes], self._buckets[self._of(key)])[key] = raw
        self._changed = {*range(number)}


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


def encode_table(name: str, values: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the sections of a table of encoded values."""
    table: LazyTable[bytes] = LazyTable(bytes, name=name)
    for key, value in values.items():
        table.set_raw(key, value)
    found: dict[str, bytes] = {}
    table.keep(found.__setitem__, bytes)
    return found


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
