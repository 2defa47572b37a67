"""Tasks of the last build -> which are still good, and what they made.

A row has a task's trace (the facts that it read), and what it made: for each page a digest of each
field of its context (law 3) and of its bytes. A task whose facts are all as they were is not run; a
page whose fields are all as they were is not rendered. The state is tied to the output by the
digests of files that both name, so either may be lost or replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.diagnostics import Diagnostic
from builder.pages.page import Page, PageRow
from builder.reading import encode
from builder.store import digest
from builder.view import LISTED, Facts, Links

_SIZE = 8  # bytes of the digest of a field


class TaskRow(Struct, frozen=True, array_like=True):
    """A task as it was run: the facts that it read (their numbers), its pages, what it found wrong
    (warnings: a task with an error is not remembered) and the links to be judged in the end."""

    trace: tuple[int, ...] = ()
    pages: tuple[PageRow, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    links: tuple[Links, ...] = ()


class State(Struct, array_like=True, dict=True):
    """What is known of all tasks: facts by number, with their digests, and rows by task. `used` is
    how many facts there were when the numbers were last given anew; `lists` a digest of what lists
    were made of; `closures` has those of templates, and `output` that of the manifest which the
    pages of the rows were published by."""

    names: list[str] = []
    digests: list[bytes] = []
    rows: dict[str, TaskRow] = {}
    used: int = 0
    lists: bytes = b""
    closures: dict[str, str] = {}
    output: str = ""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each fact, by its name."""
        return {name: number for number, name in enumerate(self.names)}

    def changed(self, facts: Facts, suspects: Iterable[str] | None = None) -> set[int]:
        """The numbers of the facts that are not as they were; only `suspects` are looked at, where
        it is known that no other can have changed."""
        now, same = facts.digest, facts.lists.digest == self.lists
        if suspects is not None and same:
            found = ((self.numbers[name], name) for name in suspects if name in self.numbers)
            return {number for number, name in found if now(name) != self.digests[number]}
        usual = facts.of_briefs()
        return {
            number
            for number, (name, known) in enumerate(zip(self.names, self.digests, strict=True))
            if usual.get(name) != known
            and not (same and name.startswith(LISTED))
            and now(name) != known
        }

    def learn(
        self,
        gone: Iterable[str],
        made: Mapping[str, tuple[Sequence[str], TaskRow]],
        changed: Iterable[int],
        facts: Facts,
    ) -> None:
        """Take in what the tasks that were run made, each with the names of the facts that it read;
        forget tasks that there are no more. `changed` are the numbers of facts that were not as
        they were, `facts` is as they are now."""
        for task in gone:
            del self.rows[task]
        for number in changed:
            self.digests[number] = facts.digest(self.names[number])
        for task, (trace, row) in made.items():
            for name in trace:
                if name not in self.numbers:
                    self.numbers[name] = len(self.names)
                    self.names.append(name)
                    self.digests.append(facts.digest(name))
            self.rows[task] = replace(row, trace=tuple(self.numbers[name] for name in trace))
        self.lists = facts.lists.digest
        self.used = self.used or len(self.names)
        if len(self.names) > 2 * self.used:  # most are of tasks that are long gone
            self._renumber()

    def _renumber(self) -> None:
        used = sorted({number for row in self.rows.values() for number in row.trace})
        new = {number: n for n, number in enumerate(used)}
        for task, row in self.rows.items():
            self.rows[task] = replace(row, trace=tuple(new[number] for number in row.trace))
        self.names = [self.names[number] for number in used]
        self.digests = [self.digests[number] for number in used]
        self.used = len(used)
        del self.numbers


_state = msgspec.msgpack.Decoder(State)


def encode_state(state: State) -> bytes:
    return msgspec.msgpack.encode(state)


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
