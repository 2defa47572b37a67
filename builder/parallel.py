"""Maps a function over a list in one or several processes.

Workers are forked, so they inherit the function and the items, which are never pickled: a worker
receives the start of each of its ranges and returns the results. On systems without fork, one
process does all the work."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from mmap import mmap
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from builder.errors import SluglineError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")

WARM = 4  # the first few items need nearly all modules and patterns that later ones need
# For fewer items, a worker costs more than it saves (a fork takes about 10 ms).
FEWEST = 200
# Items that a worker takes at a time: fewer towards the end, so that all workers end together.
_RANGE, _LAST_RANGE = 100, 10
_AHEAD = 2  # ranges that a worker has, so that it need not wait for the next one


class WorkerDied(SluglineError):
    """A worker was killed, perhaps out of memory.

    The message names the item that it was processing."""


def default_jobs() -> int:
    """Return the number of CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_ordered(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    progress: Callable[[int], None] | None = None,
    name: Callable[[Item], str] = str,
    begin: Callable[[int], None] | None = None,
    slow: bool = False,
    warm: int = 0,
    take: Callable[[Any], Any] | None = None,
) -> list[Result]:
    """Return `[function(item) for item in items]`, in up to `jobs` processes.

    An exception in a worker is raised here. If a worker dies, WorkerDied has the `name` of its
    item. `progress` is called with the number of finished items, and `begin` first in each worker,
    with its number from 1 on. `slow` items take much longer than a fork, so workers take them one
    at a time. This process does the first `warm` items itself before it forks, so that what they
    load, such as modules and patterns, is not loaded again by each worker. With `take`, it replaces
    each result by what that returns, while the workers go on."""
    if jobs < 2 or len(items) < (2 if slow else FEWEST) or not hasattr(os, "fork"):
        results = []
        for number, item in enumerate(items, 1):
            result = function(item)
            results.append(take(result) if take else result)
            if progress and (slow or number % 25 == 0):
                progress(number)
        return results
    first, rest = [function(item) for item in items[:warm]], items[warm:] if warm else items
    first = [*map(take, first)] if take else first
    pool = _Pool(_Work(function, rest, begin, 1 if slow else _RANGE), name, take)
    workers = jobs if slow else jobs - 1  # and this process, which needs no copy of itself
    return first + pool.map(jobs, progress and (lambda done: progress(done + warm)), workers)


@contextmanager
def in_background(function: Callable[[], Result], fork: bool) -> Iterator[Callable[[], Result]]:
    """Run a function in a second process while the block runs.

    Without `fork`, it runs in this process. Yields a function that waits for the result,
    which is pickled. The function must not have side effects, which would be lost. If the process
    fails, the function is called in this one. Its priority is that of this one: an edit soon waits
    for it, and on a busy machine a lower priority means many times as long."""
    if not fork or not hasattr(os, "fork"):
        yield function
        return
    ours, theirs = os.pipe()
    process = os.fork()
    if not process:
        os.close(ours)
        _send_result(theirs, function)
    os.close(theirs)
    left = [process]

    @cache
    def result() -> Result:
        with open(ours, "rb", closefd=False) as stream:
            data = stream.read()
        _, status = os.waitpid(left.pop(), 0)
        return cast(Result, pickle.loads(data)) if not status else function()

    try:
        yield result
    finally:
        os.close(ours)  # ends a process whose result is not used
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _send_result(pipe: int, function: Callable[[], Any]) -> None:
    """Write the result of a function to a pipe, and exit."""
    status = 1
    try:
        with open(pipe, "wb") as stream:
            stream.write(pickle.dumps(function()))
        status = 0
    finally:
        os._exit(status)


class _Work(NamedTuple):
    """The work that workers inherit."""

    function: Callable[[Any], Any]
    items: Sequence[Any]
    begin: Callable[[int], None] | None
    most: int  # the number of items that a worker takes at a time

    def ranges(self, jobs: int) -> Iterator[range]:
        """Yield the ranges of items that workers take, in order."""
        start, last = 0, len(self.items)
        least = min(self.most, _LAST_RANGE)
        while start < last:
            size = min(self.most, max(least, (last - start) // (2 * jobs)))
            yield range(start, min(start + size, last))
            start += size


class _Worker(NamedTuple):
    """A worker process, and shared memory with the index of its item."""

    process: Any
    at: mmap


class _Pool:
    """A pool of forked workers; this process works too, unless items are slow."""

    def __init__(
        self,
        work: _Work,
        name: Callable[[Any], str],
        take: Callable[[Any], Any] | None = None,
    ) -> None:
        self.work, self.name, self.take = work, name, take
        import multiprocessing  # slow to import, and seldom needed

        self.context = multiprocessing.get_context("fork")
        self.workers: dict[Connection, _Worker] = {}
        self.ranges: deque[range] = deque()
        self.results: dict[int, list[Any]] = {}
        self.due: dict[Connection, int] = {}  # ranges that a worker has not returned
        self.progress: Callable[[int], None] | None = None
        self.done = 0

    def map(self, jobs: int, progress: Callable[[int], None] | None, workers: int) -> list[Any]:
        self.ranges, self.progress = deque(self.work.ranges(jobs)), progress
        try:
            for number in range(1, min(workers, len(self.ranges)) + 1):
                self.due[self._start(number)] = 0
            for _ in range(_AHEAD):
                for connection in self.due:
                    self._send(connection)
            while workers < jobs and self.ranges:
                self._work(self.ranges.popleft())
            while self.due:
                self._collect(None)
            for worker in self.workers.values():
                worker.process.join()
        finally:
            for connection, worker in self.workers.items():
                connection.close()
                if worker.process.is_alive():
                    worker.process.kill()
                worker.process.join()
                worker.at.close()
        return [result for start in sorted(self.results) for result in self.results[start]]

    def _send(self, connection: Connection) -> None:
        """Send a worker its next range, or that there is none."""
        with suppress(OSError):  # it may have died; `wait` reports that
            if self.ranges:
                connection.send(self.ranges.popleft())
                self.due[connection] += 1
            elif not self.due[connection]:
                connection.send(None)

    def _work(self, taken: range) -> None:
        """Process a range here; look at times for what workers have returned."""
        found = []
        for number, index in enumerate(taken, 1):
            result = self.work.function(self.work.items[index])
            found.append(self.take(result) if self.take else result)
            if number % _LAST_RANGE == 0:
                self._collect(0)
        self._keep(taken.start, found)

    def _collect(self, timeout: float | None) -> None:
        """Receive what workers have returned by now, or wait for some of it."""
        from multiprocessing.connection import Connection, wait

        for ready in wait([*self.due], timeout):
            assert isinstance(ready, Connection)
            start, outcome = self._receive(ready)
            self.due[ready] -= 1
            self._send(ready)
            if not self.due[ready]:
                del self.due[ready]
            self._keep(start, [*map(self.take, outcome)] if self.take else outcome)

    def _keep(self, start: int, found: list[Any]) -> None:
        self.results[start] = found
        self.done += len(found)
        if self.progress:
            self.progress(self.done)

    def _start(self, number: int) -> Connection:
        ours, theirs = self.context.Pipe()
        at = mmap(-1, 8)
        # The worker closes the ends of other pipes; otherwise it would outlive this process.
        inherited = [*self.workers, ours]
        process = self.context.Process(
            target=_serve, args=(theirs, inherited, self.work, number, at), daemon=True
        )
        process.start()
        theirs.close()
        self.workers[ours] = _Worker(process, at)
        return ours

    def _receive(self, connection: Connection) -> tuple[int, list[Any]]:
        try:
            kind, *rest = connection.recv()
        except (EOFError, OSError):
            at = int.from_bytes(self.workers[connection].at[:8], "big")
            raise WorkerDied(
                "a worker process ended unexpectedly (possibly out of memory) at"
                f" {self.name(self.work.items[at])}"
            ) from None
        if kind == "error":
            error, trace = rest
            error.add_note(trace)
            raise error
        return rest[0], rest[1]


def _serve(
    connection: Connection, inherited: Sequence[Connection], work: _Work, number: int, at: mmap
) -> None:
    for other_end in inherited:
        other_end.close()
    try:
        if work.begin:
            work.begin(number)
        while (taken := connection.recv()) is not None:
            results = []
            for index in taken:
                at[:8] = index.to_bytes(8, "big")
                results.append(work.function(work.items[index]))
            connection.send(("done", taken.start, results))
    except (EOFError, KeyboardInterrupt):
        return
    except Exception as error:
        trace = traceback.format_exc()
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:  # the exception cannot be pickled
            error = RuntimeError(repr(error))
        with suppress(OSError):  # the receiver may have ended
            connection.send(("error", error, trace))
