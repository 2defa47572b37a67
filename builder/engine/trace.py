"""The cached state of tasks: which are up to date, and what they made.

A row has a task's trace (the facts that it read) and its outcome: for each page a digest of each
field of its context (law 3) and of its bytes. A task without a changed fact is not run; a page
without a changed field is not rendered. The state is tied to the output by the digests of files
that both contain, so either may be lost or replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import count
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import astuple, replace

from builder.content.record import encode
from builder.diagnostics.codes import severity
from builder.diagnostics.diagnostic import Diagnostic
from builder.engine.traces import Traces, packed, unpacked
from builder.lazy import LazyTable
from builder.pages.page import Page
from builder.sections import Index
from builder.site.fact_digests import FactDigests, is_listed
from builder.site.page_record import PageRow, RecordLinks
from builder.store import digest, needed

_SIZE = 8  # bytes of the digest of a field
_SHORT = 5  # bytes of an encoded value that many pages have: `[]`, `null`, `false`
# The upper bits of a fact's number are its kind, and the lower ones its index there.
_FEW = 8
_MOST = 1 << 15  # facts that a process numbers before it begins again
_BELOW = 22  # lower bits: four million facts of each of a thousand kinds


class Outcome(Struct, frozen=True, array_like=True):
    """What a task made: pages, links to check later, and problems."""

    pages: tuple[PageRow, ...] = ()
    links: tuple[RecordLinks, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class TaskRow(Struct, frozen=True, array_like=True):
    """A task that was run.

    `named` is a digest of the names of the facts that it read. `made` is its outcome, decoded on
    demand."""

    named: bytes
    problems: tuple[Diagnostic, ...]
    made: Raw

    @property
    def has_error(self) -> bool:
        """Return whether it found an error.

        Its hint depends on the whole site, so such a task always runs again. Only the task of an
        unpublished record can have one."""
        return any(severity(problem.code) == "error" for problem in self.problems)

    def read(self) -> Outcome:
        return _outcome.decode(self.made)


class Trace(NamedTuple):
    """The facts that a task read, by the numbers of the process that ran it.

    `new` has the encoded name and digest of each fact that is new there; its numbers count them
    from 0, and again after many. `named` is a digest of all names."""

    process: tuple[int, int]  # the process, and how often it has begun again
    named: bytes
    numbers: bytes
    new: bytes


class FactNumbers:
    """The numbers that one process gives facts, in the order in which tasks read them."""

    def __init__(self, process: int) -> None:
        self.process, self._times = process, 0
        self._known: dict[str, int] = {}

    def trace(self, names: Sequence[str], facts: FactDigests) -> Trace:
        """Return the trace of a task that read these facts."""
        if len(self._known) > _MOST:  # most are of one task, and would only take memory
            self._known, self._times = {}, self._times + 1
        known = self._known
        new = [name for name in names if name not in known]
        known.update(zip(new, count(len(known)), strict=False))
        numbers = packed([known[name] for name in names])
        named = digest("\n".join(names).encode(), _SIZE)
        facts_of = _encode([(name, facts.digest(name)) for name in new])
        return Trace((self.process, self._times), named, numbers, facts_of)


class _FactsOfProcess(NamedTuple):
    """The names and digests of the facts of one process, and the numbers here of the first."""

    facts: list[tuple[str, bytes]]
    numbers: list[int]


class Table:
    """The known facts of one kind, with their digests.

    `grown` is whether there are new ones, and `changed` whether a digest is new."""

    def __init__(self, keys: list[str], digests: list[bytes]) -> None:
        self.keys, self.digests = keys, digests
        self.grown = self.changed = False
        self._sought = 0

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The index of each fact, by key."""
        return {key: number for number, key in enumerate(self.keys)}

    def number(self, key: str) -> int | None:
        """Return the index of a fact; None if it is new."""
        self._sought += 1
        if self._sought > _FEW or "numbers" in self.__dict__:
            return self.numbers.get(key)
        try:
            return self.keys.index(key)  # a few times, this takes less than to make a dictionary
        except ValueError:
            return None


class State(Struct, array_like=True, dict=True):
    """The cached state of all tasks: tables of facts, and rows.

    `kinds` has the tables in order of creation; `known` is the number of facts in them, and `used`
    that after the last renumbering. `lists` is a digest of the inputs of lists, `closures` has the
    digests of templates, and `output` is that of the manifest of the published pages, which also
    has the `copied` files. `passed` is a digest of the inputs of page checks if they passed, and
    `faulty` has the tasks that found problems."""

    kinds: list[str] = []
    known: int = 0
    used: int = 0
    lists: bytes = b""
    closures: dict[str, str] = {}
    output: str = ""
    copied: tuple[str, ...] = ()
    passed: bytes = b""
    faulty: dict[str, bool] = {}

    # What is stored beside it, in sections of their own.

    @cached_property
    def part(self) -> Callable[[str], bytes] | None:
        """Returns a section by its name; None if nothing is stored."""
        return None

    @cached_property
    def rows(self) -> LazyTable[TaskRow]:
        return LazyTable(_row.decode, self.part, "rows")

    @cached_property
    def traces(self) -> Traces:
        return Traces(partial(self.part, "traces") if self.part else None)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The decoded tables."""
        return {}

    def table(self, kind: str) -> Table:
        found = self.tables.get(kind)
        if found is None:
            if kind in self.kinds:
                assert self.part is not None
                keys, digests = self.part(f"{kind} keys"), self.part(f"{kind} digests")
                found = Table(_keys.decode(keys), _digests.decode(digests))
            else:
                self.kinds.append(kind)
                found = Table([], [])
                found.grown = found.changed = True
            self.tables[kind] = found
        return found

    def name(self, number: int) -> str:
        """Return a fact's name by its number."""
        kind, below = self._split(number)
        return f"{kind} {self.table(kind).keys[below]}"

    def _split(self, number: int) -> tuple[str, int]:
        """Split a fact's number into its kind and its index there."""
        return self.kinds[number >> _BELOW], number & (1 << _BELOW) - 1

    def names(self, kind: str) -> list[str]:
        """Return the names of all known facts of a kind."""
        return [f"{kind} {key}" for key in self.table(kind).keys]

    def changed(self, facts: FactDigests, candidates: Iterable[str] | None = None) -> set[int]:
        """Return the numbers of changed facts.

        With `candidates`, no other fact can have changed."""
        same = facts.listed == self.lists
        if candidates is not None and same:
            return {*self._changed_of(candidates, facts)}
        found = set()
        for number, kind in enumerate(self.kinds):
            if same and is_listed(kind):
                continue
            table, above = self.table(kind), number << _BELOW
            now = facts.digests(kind, table.keys)
            if now != table.digests:
                pairs = enumerate(zip(now, table.digests, strict=True))
                found |= {above | n for n, (is_, was) in pairs if is_ != was}
        return found

    def _changed_of(self, candidates: Iterable[str], facts: FactDigests) -> Iterator[int]:
        for name in candidates:
            kind, _, key = name.partition(" ")
            table = self.table(kind)
            number = table.number(key)
            if number is not None and facts.digest(name) != table.digests[number]:
                yield self.kinds.index(kind) << _BELOW | number

    def learn(
        self,
        removed: Iterable[str],
        made: Mapping[str, tuple[Trace, Outcome]],
        changed: Iterable[int],
        facts: FactDigests,
    ) -> None:
        """Update the state with the results of tasks, and remove others.

        `removed` has tasks that no longer exist. `made` has the trace and the outcome of each task
        that was run; `changed` has the numbers of changed facts, and `facts` their present digests.
        """
        for task in removed:
            del self.rows[task]
            self.traces.remove(task)
            self.faulty.pop(task, None)
        for number in changed:
            kind, below = self._split(number)
            table = self.table(kind)
            table.digests[below], table.changed = facts.digest(self.name(number)), True
        processes: dict[tuple[int, int], _FactsOfProcess] = {}
        for task, (trace, outcome) in made.items():
            process = processes.setdefault(trace.process, _FactsOfProcess([], []))
            process.facts.extend(_new_facts.decode(trace.new))
            before = self.rows.get(task)
            if before is None or before.named != trace.named:
                for fact in process.facts[len(process.numbers) :]:
                    process.numbers.append(self._number(*fact))
                numbers = [process.numbers[number] for number in unpacked(trace.numbers)]
                self.traces.put(task, packed(numbers))
            made_of = Raw(msgspec.msgpack.encode(replace(outcome, problems=())))
            self.rows[task] = TaskRow(trace.named, outcome.problems, made_of)
            self.faulty.pop(task, None)
            if outcome.problems:
                self.faulty[task] = True
        self.lists = facts.listed
        self.used = self.used or self.known
        if self.known > 2 * self.used:  # most facts are of removed tasks
            self._renumber()

    def _number(self, name: str, digest: bytes) -> int:
        """Return the number of a fact, which may be new."""
        kind, _, key = name.partition(" ")
        table = self.table(kind)
        number = table.numbers.get(key)
        if number is None:
            number = table.numbers[key] = len(table.keys)
            table.keys.append(key)
            table.digests.append(digest)
            table.changed = table.grown = True
            self.known += 1
        return self.kinds.index(kind) << _BELOW | number

    def _renumber(self) -> None:
        traces = {task: unpacked(trace) for task, trace in self.traces.items()}
        used = sorted({number for numbers in traces.values() for number in numbers})
        tables = {kind: Table([], []) for kind in self.kinds}
        new = {}
        for number in used:
            kind, below = self._split(number)
            old, table = self.table(kind), tables[kind]
            new[number] = number >> _BELOW << _BELOW | len(table.keys)
            table.keys.append(old.keys[below])
            table.digests.append(old.digests[below])
        for task, numbers in traces.items():
            self.traces.put(task, packed([new[n] for n in numbers]))
        for table in tables.values():
            table.changed = table.grown = True
        self.tables.update(tables)
        self.known = self.used = len(used)


_state = msgspec.msgpack.Decoder(State)
_row = msgspec.msgpack.Decoder(TaskRow)
_outcome = msgspec.msgpack.Decoder(Outcome)
_encode = msgspec.msgpack.Encoder().encode
_keys = msgspec.msgpack.Decoder(list[str])
_digests = msgspec.msgpack.Decoder(list[bytes])
_new_facts = msgspec.msgpack.Decoder(list[tuple[str, bytes]])


def keep_state(index: Index, state: State) -> None:
    """Put what has changed of a state into an index."""
    state.rows.keep(index.put, _encode)
    if state.traces.changed:
        index.put("traces", state.traces.encoded())
    for kind, table in state.tables.items():
        if table.grown:
            index.put(f"{kind} keys", _encode(table.keys))
        if table.changed:
            index.put(f"{kind} digests", _encode(table.digests))
        table.changed = table.grown = False
    index.put("state", _encode(state))


def read_state(index: Index) -> State:
    """Return the cached state; empty if there is none."""
    try:
        state = _state.decode(index.get("state") or b"")
    except msgspec.DecodeError:
        return State()
    state.part = partial(needed, index)
    return state


# --- pages -------------------------------------------------------------------------------------


class Fingerprints:
    """Digests of context fields; shared values are digested once."""

    def __init__(self) -> None:
        self._short: dict[bytes, bytes] = {}  # of encoded values, most of which are empty
        self._site: tuple[Any, bytes] = (None, b"")
        self._last: tuple[Any, tuple[bytes, ...]] = (None, ())  # formats of a feed share one

    def of(self, page: Page, words: bytes) -> bytes:
        """Return the digests of fields, address and words."""
        if self._last[0] is not page.context:
            self._last = page.context, (*self._fields(page.context),)
        # The same page at another address has other links.
        address = digest(encode((page.url, page.addresses)), _SIZE)
        return b"".join((*self._last[1], address, words))

    def _fields(self, context: Struct) -> Iterator[bytes]:
        short = self._short
        for name, value in zip(context.__struct_fields__, astuple(context), strict=True):
            if name == "site":  # one object for all pages
                if self._site[0] is not value:
                    self._site = (value, digest(encode(value), _SIZE))
                yield self._site[1]
                continue
            data = encode(value)
            if len(data) > _SHORT:
                yield digest(data, _SIZE)
                continue
            found = short.get(data)
            if found is None:
                found = short[data] = digest(data, _SIZE)
            yield found


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
        alternates=_alternates(page.context),
    )


def _alternates(context: Struct) -> tuple[tuple[str, str], ...]:
    """Return the languages of a page that has several, with absolute addresses."""
    links = getattr(getattr(context, "head", None), "languages", ())
    return tuple((link.name, link.url) for link in links)


def reasons(before: PageRow | None, now: PageRow, names: Iterable[str], other: bool) -> list[str]:
    """Return why a page is stale, or nothing if it is not.

    `other` is whether its template changed."""
    if before is None:
        return ["it is new"]
    if before.template != now.template:
        return [f"its template was {before.template}"]
    found = []
    if other:
        found.append(f"the template {now.template}, or one that it uses, changed")
    if before.fields != now.fields:
        for n, name in enumerate((*names, "address", "")):
            part = slice(n * _SIZE, (n + 1) * _SIZE)
            if before.fields[part] != now.fields[part]:
                found.append(f"`{name}` changed" if name else "the words of its template changed")
    return sorted(found, key=lambda reason: (reason.startswith("`"), reason))
