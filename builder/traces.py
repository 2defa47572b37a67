"""Tasks of the last build -> which are still good, and what they made.

A row has a task's trace (the facts that it read), and what it made: for each page a digest of each
field of its context (law 3) and of its bytes. A task whose facts are all as they were is not run; a
page whose fields are all as they were is not rendered. The state is tied to the output by the
digests of files that both name, so either may be lost or replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


class State(Struct, array_like=True):
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

    def changed(self, facts: Facts) -> set[int]:
        """The numbers of the facts that are not as they were."""
        now, same = facts.digest, facts.lists.digest == self.lists
        return {
            number
            for number, (name, known) in enumerate(zip(self.names, self.digests, strict=True))
            if not (same and name.startswith(LISTED)) and now(name) != known
        }

    def after(
        self, kept: Mapping[str, TaskRow], made: Mapping[str, tuple[Sequence[str], TaskRow]]
    ) -> State:
        """The state with the rows that are still good, and those of the tasks that were run: each
        with the names of the facts that it read."""
        numbers = {name: number for number, name in enumerate(self.names)}
        rows = dict(kept)
        for task, (trace, row) in made.items():
            found = tuple(numbers.setdefault(name, len(numbers)) for name in trace)
            rows[task] = replace(row, trace=found)
        names = [*numbers]
        used = self.used or len(names)
        if len(names) > 2 * used:  # most are of tasks that are long gone
            names, rows = _renumbered(names, rows)
            return State(names, [], rows, len(names))
        return State(names, self.digests, rows, used, self.lists)

    def encoded(self, facts: Facts) -> bytes:
        """As it is kept, with the facts as they are now."""
        same = facts.lists.digest == self.lists
        known = len(self.digests)
        self.digests = [
            self.digests[number]
            if same and number < known and name.startswith(LISTED)
            else facts.digest(name)
            for number, name in enumerate(self.names)
        ]
        self.lists = facts.lists.digest
        return msgspec.msgpack.encode(self)


def _renumbered(names: list[str], rows: dict[str, TaskRow]) -> tuple[list[str], dict[str, TaskRow]]:
    used = sorted({number for row in rows.values() for number in row.trace})
    new = {number: n for n, number in enumerate(used)}
    moved = {
        task: replace(row, trace=tuple(new[number] for number in row.trace))
        for task, row in rows.items()
    }
    return [names[number] for number in used], moved


_state = msgspec.msgpack.Decoder(State)


def read_state(data: bytes | None) -> State:
    """A state as it was kept; an empty one where there is none."""
    if data:
        try:
            return _state.decode(data)
        except msgspec.DecodeError:
            pass
    return State([], [], {})


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
