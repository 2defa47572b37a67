"""The facts that each task read, stored as one text of numbers, which is quick to search."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Set
from functools import cached_property
from itertools import accumulate
from struct import pack, unpack

import msgspec
from msgspec import Struct

_NUMBER = 4  # bytes of a fact's number
_FEW = 8  # up to this many facts, searching the whole text is faster


class _Stored(Struct, array_like=True):
    """The traces of tasks, one after the other, each with its length in bytes."""

    tasks: list[str] = []
    lengths: bytes = b""
    whole: bytes = b""


_stored = msgspec.msgpack.Decoder(_Stored)


class Traces:
    """The traces of tasks: the numbers of the facts that each read (little-endian).

    `load` returns what `encoded` returned in an earlier process."""

    def __init__(self, load: Callable[[], bytes] | None = None) -> None:
        self._load = load
        self._changed: dict[str, bytes | None] = {}  # None for tasks that were removed

    @cached_property
    def _known(self) -> _Stored:
        return _stored.decode(self._load()) if self._load else _Stored()

    @cached_property
    def _ends(self) -> list[int]:
        return [*accumulate(array("I", self._known.lengths))]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {task: number for number, task in enumerate(self._known.tasks)}

    @property
    def changed(self) -> bool:
        """Whether a trace has changed since they were stored."""
        return bool(self._changed)

    def get(self, task: str) -> bytes:
        """Return the trace of a task; empty if there is none."""
        if task in self._changed:
            return self._changed[task] or b""
        number = self._places.get(task)
        if number is None:
            return b""
        start = self._ends[number - 1] if number else 0
        return self._known.whole[start : self._ends[number]]

    def put(self, task: str, trace: bytes) -> None:
        self._changed[task] = trace

    def remove(self, task: str) -> None:
        self._changed[task] = None

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Yield each task with its trace."""
        start, whole = 0, self._known.whole
        for task, end in zip(self._known.tasks, self._ends, strict=True):
            if task not in self._changed:
                yield task, whole[start:end]
            start = end
        yield from ((task, trace) for task, trace in self._changed.items() if trace is not None)

    def readers(self, numbers: Set[int]) -> set[str]:
        """Return the tasks that read one of some facts."""
        if not numbers:
            return set()
        if len(numbers) > _FEW:
            return {task for task, trace in self.items() if not numbers.isdisjoint(unpacked(trace))}
        more = [(task, trace) for task, trace in self._changed.items() if trace is not None]
        found = {task for task, trace in more if not numbers.isdisjoint(unpacked(trace))}
        whole, tasks, kept = self._known.whole, self._known.tasks, set[str]()
        for number in numbers:
            sought = number.to_bytes(_NUMBER, "little")
            at = whole.find(sought)
            while at >= 0:
                if at % _NUMBER == 0:
                    kept.add(tasks[bisect_right(self._ends, at)])
                at = whole.find(sought, at + 1)
        return found | (kept - self._changed.keys())

    def encoded(self) -> bytes:
        """Encode all traces, which are stored then."""
        items = [*self.items()]
        lengths = array("I", [len(trace) for _, trace in items]).tobytes()
        stored = _Stored([task for task, _ in items], lengths, b"".join(t for _, t in items))
        for name in ("_ends", "_places"):
            self.__dict__.pop(name, None)
        self._known, self._changed = stored, {}
        return msgspec.msgpack.encode(stored)


def packed(numbers: list[int]) -> bytes:
    """Return a trace of facts by their numbers."""
    return pack(f"<{len(numbers)}I", *numbers)


def unpacked(trace: bytes) -> tuple[int, ...]:
    """Return the numbers of the facts of a trace."""
    return unpack(f"<{len(trace) // _NUMBER}I", trace)
