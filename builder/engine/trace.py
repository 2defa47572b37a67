"""Tasks of the last build -> which are still good, and what they made.

A row has a task's trace (the facts that it read), and what it made: for each page a digest of each
field of its context (law 3) and of its bytes. A task whose facts are all as they were is not run; a
page whose fields are all as they were is not rendered. The state is tied to the output by the
digests of files that both name, so either may be lost or replaced."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import accumulate
from struct import pack, unpack
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from builder.content.record import encode
from builder.diagnostics.diagnostic import Diagnostic
from builder.pages.page import Page
from builder.site.facts import BY_KIND, FactDigests
from builder.site.page_record import PageRow
from builder.site.view import RecordLinks
from builder.store import digest

_SIZE = 8  # bytes of the digest of a field
_NUMBER = 4  # bytes of a fact's number: its kind's above, its own in the kind below
_BELOW = 26  # bits of the latter
_FEW = 8  # so many facts are sought in all traces at once


class Outcome(Struct, frozen=True, array_like=True):
    """What a task made: its pages, the links to be judged in the end, and what it found wrong
    (warnings: a task with an error is not remembered)."""

    pages: tuple[PageRow, ...] = ()
    links: tuple[RecordLinks, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class TaskRow(Struct, frozen=True, array_like=True):
    """A task as it was run: the numbers of the facts that it read (little-endian), a digest of
    their names, what it found wrong, and what else it made, which is read when it is asked for."""

    trace: bytes
    named: bytes
    problems: tuple[Diagnostic, ...]
    made: Raw

    def read(self) -> Outcome:
        return _outcome.decode(self.made)

    def numbers(self) -> tuple[int, ...]:
        return unpack(f"<{len(self.trace) // _NUMBER}I", self.trace)


class Table(Struct, array_like=True, dict=True):
    """The facts of one kind that are known, with their digests."""

    keys: list[str]
    digests: list[bytes]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each fact within its kind, by its key."""
        return {key: number for number, key in enumerate(self.keys)}


class State(Struct, array_like=True, dict=True):
    """What is known of all tasks: tables of facts by kind, and rows by task.

    `kinds` are the tables in the order in which they were begun; `known` says how many facts are in
    them, `used` how many there were when the numbers were last given anew. `lists` is a digest of
    what lists were made of, `closures` has those of templates, `output` is that of the manifest by
    which the pages of the rows were published, beside `copied` files. `faultless` is a digest of
    all that pages were judged by, when nothing was wrong between them."""

    kinds: list[str] = []
    kept: dict[str, Raw] = {}  # tables that nobody asked for yet
    rows: dict[str, TaskRow] = {}
    known: int = 0
    used: int = 0
    lists: bytes = b""
    closures: dict[str, str] = {}
    output: str = ""
    copied: tuple[str, ...] = ()
    faultless: bytes = b""

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Those that were asked for."""
        return {}

    def table(self, kind: str) -> Table:
        found = self.tables.get(kind)
        if found is None:
            raw = self.kept.pop(kind, None)
            if raw is None and kind not in self.kinds:
                self.kinds.append(kind)
            found = self.tables[kind] = _table.decode(raw) if raw else Table([], [])
        return found

    def name(self, number: int) -> str:
        """A fact's name, by its number."""
        kind, below = self._split(number)
        return f"{kind} {self.table(kind).keys[below]}"

    def _split(self, number: int) -> tuple[str, int]:
        """A fact's kind, and its number in it."""
        return self.kinds[number >> _BELOW], number & (1 << _BELOW) - 1

    def names(self, kind: str) -> list[str]:
        """The names of all facts of a kind that are known."""
        return [f"{kind} {key}" for key in self.table(kind).keys]

    def changed(self, facts: FactDigests, suspects: Iterable[str] | None = None) -> set[int]:
        """The numbers of the facts that are not as they were; only `suspects` are looked at, where
        it is known that no other can have changed."""
        same = facts.lists.digest == self.lists
        if suspects is not None and same:
            return {*self._changed_of(suspects, facts)}
        found = set()
        for number, kind in enumerate(self.kinds):
            if same and BY_KIND[kind].listed:
                continue
            table, above = self.table(kind), number << _BELOW
            now = facts.digests(kind, table.keys)
            if now != table.digests:
                pairs = enumerate(zip(now, table.digests, strict=True))
                found |= {above | n for n, (is_, was) in pairs if is_ != was}
        return found

    def _changed_of(self, suspects: Iterable[str], facts: FactDigests) -> Iterator[int]:
        for name in suspects:
            kind, _, key = name.partition(" ")
            table = self.table(kind)
            number = table.numbers.get(key)
            if number is not None and facts.digest(name) != table.digests[number]:
                yield self.kinds.index(kind) << _BELOW | number

    def readers(self, numbers: Set[int]) -> set[str]:
        """The tasks that read one of some facts."""
        if not numbers:
            return set()
        if len(numbers) > _FEW:
            rows = self.rows.items()
            return {task for task, row in rows if not numbers.isdisjoint(row.numbers())}
        tasks = [*self.rows]
        traces = [row.trace for row in self.rows.values()]
        whole, ends = b"".join(traces), [*accumulate(map(len, traces))]
        found = set()
        for number in numbers:
            sought = number.to_bytes(_NUMBER, "little")
            at = whole.find(sought)
            while at >= 0:
                if at % _NUMBER == 0:
                    found.add(tasks[bisect_right(ends, at)])
                at = whole.find(sought, at + 1)
        return found

    def learn(
        self,
        gone: Iterable[str],
        made: Mapping[str, tuple[Sequence[str], Outcome]],
        changed: Iterable[int],
        facts: FactDigests,
    ) -> None:
        """Take in what the tasks that were run made, each with the names of the facts that it read;
        forget tasks that there are no more. `changed` are the numbers of facts that were not as
        they were, `facts` is as they are now."""
        for task in gone:
            del self.rows[task]
        for number in changed:
            kind, below = self._split(number)
            self.table(kind).digests[below] = facts.digest(self.name(number))
        number_of = _Numbers(lambda name: self._number(name, facts))
        for task, (trace, outcome) in made.items():
            before, named = self.rows.get(task), digest(encode(trace), _SIZE)
            if before is not None and before.named == named:
                numbers = before.trace
            else:
                numbers = _packed([number_of[name] for name in trace])
            made_of = Raw(msgspec.msgpack.encode(replace(outcome, problems=())))
            self.rows[task] = TaskRow(numbers, named, outcome.problems, made_of)
        self.lists = facts.lists.digest
        self.used = self.used or self.known
        if self.known > 2 * self.used:  # most are of tasks that are long gone
            self._renumber()

    def _number(self, name: str, facts: FactDigests) -> int:
        kind, _, key = name.partition(" ")
        table = self.table(kind)
        number = table.numbers.get(key)
        if number is None:
            number = table.numbers[key] = len(table.keys)
            table.keys.append(key)
            table.digests.append(facts.digest(name))
            self.known += 1
        return self.kinds.index(kind) << _BELOW | number

    def _renumber(self) -> None:
        used = sorted({number for row in self.rows.values() for number in row.numbers()})
        tables = {kind: Table([], []) for kind in self.kinds}
        new = {}
        for number in used:
            kind, below = self._split(number)
            old, table = self.table(kind), tables[kind]
            new[number] = number >> _BELOW << _BELOW | len(table.keys)
            table.keys.append(old.keys[below])
            table.digests.append(old.digests[below])
        for task, row in self.rows.items():
            self.rows[task] = replace(row, trace=_packed([new[n] for n in row.numbers()]))
        self.tables.update(tables)
        self.known = self.used = len(used)


class _Numbers(dict[str, int]):
    """The numbers of facts by their names, each sought once."""

    def __init__(self, seek: Callable[[str], int]) -> None:
        self.seek = seek

    def __missing__(self, name: str) -> int:
        found = self[name] = self.seek(name)
        return found


def _packed(numbers: Sequence[int]) -> bytes:
    return pack(f"<{len(numbers)}I", *numbers)


_state = msgspec.msgpack.Decoder(State)
_table = msgspec.msgpack.Decoder(Table)
_outcome = msgspec.msgpack.Decoder(Outcome)


def encode_state(state: State) -> bytes:
    tables = {kind: Raw(msgspec.msgpack.encode(table)) for kind, table in state.tables.items()}
    return msgspec.msgpack.encode(replace(state, kept={**state.kept, **tables}))


def read_state(data: bytes | None) -> State:
    """A state as it was kept; an empty one where there is none."""
    if data:
        try:
            return _state.decode(data)
        except msgspec.DecodeError:
            pass
    return State()


# --- pages -------------------------------------------------------------------------------------


class Fingerprints:
    """Digests of fields of contexts. What many pages share is digested once."""

    def __init__(self) -> None:
        self._site: tuple[Any, bytes] = (None, b"")

    def of(self, page: Page) -> bytes:
        """The digests of all fields, in their order, and of the page's address."""
        context = page.context
        found = []
        for name in context.__struct_fields__:
            value = getattr(context, name)
            if name == "site":  # one object for all pages
                if self._site[0] is not value:
                    self._site = (value, digest(encode(value), _SIZE))
                found.append(self._site[1])
            else:
                found.append(digest(encode(value), _SIZE))
        # The same page at another address has other links.
        found.append(digest(encode((page.url, page.addresses)), _SIZE))
        return b"".join(found)


def page_row(page: Page, fields: bytes) -> PageRow:
    moment = page.modified
    return PageRow(
        page.url,
        page.path,
        page.template,
        fields,
        page.origin,
        page.listed,
        f"{moment.at.isoformat()} {moment.precision}" if moment else "",
        page.anchors,
    )


def reasons(before: PageRow | None, now: PageRow, names: Iterable[str], other: bool) -> list[str]:
    """Why a page must be rendered: the names of what changed; `other` says that its template did.
    Empty when nothing did."""
    if before is None:
        return ["it is new"]
    if before.template != now.template:
        return [f"its template was {before.template}"]
    found = []
    if other:
        found.append(f"the template {now.template}, or one that it uses, changed")
    if before.fields != now.fields:
        for n, name in enumerate((*names, "address")):
            part = slice(n * _SIZE, (n + 1) * _SIZE)
            if before.fields[part] != now.fields[part]:
                found.append(f"`{name}` changed")
    return sorted(found, key=lambda reason: (reason.startswith("`"), reason))
