"""A function over a list, in this process or in several, with the same results in the same order.

Workers are forked, so the function and the items are inherited and never pickled: a worker gets
the bounds of its ranges and sends its results back. Where a system cannot fork, one process does
it all."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Below this many items a worker costs more than it saves (a fork takes some 10 ms).
FEWEST = 200
_RANGE = 100  # items that a worker takes at a time, so that a slow range does not hold up all


class WorkerDied(Exception):
    """A worker ended without a word: killed, or out of memory."""


def default_jobs() -> int:
    """As many workers as this process may use processors."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_ordered(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    progress: Callable[[int], None] | None = None,
) -> list[Result]:
    """`[function(item) for item in items]`, by up to `jobs` processes. An exception in a worker is
    raised here. `progress` is told how many items are done."""
    if jobs < 2 or len(items) < FEWEST or "fork" not in multiprocessing.get_all_start_methods():
        results = []
        for number, item in enumerate(items, 1):
            results.append(function(item))
            if progress and number % 25 == 0:
                progress(number)
        return results
    return _forked(function, items, jobs, progress)


def _forked(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    progress: Callable[[int], None] | None,
) -> list[Result]:
    context = multiprocessing.get_context("fork")
    starts = list(range(0, len(items), _RANGE))
    results: dict[int, list[Result]] = {}
    workers: dict[Connection, Any] = {}
    done = 0
    try:
        for _ in range(min(jobs, len(starts))):
            ours, theirs = context.Pipe()
            # The ends of others' pipes are closed in the worker: else it outlives this process.
            args = (theirs, [*workers, ours], function, items)
            process = context.Process(target=_serve, args=args, daemon=True)
            process.start()
            theirs.close()
            workers[ours] = process
            ours.send(starts.pop(0))
        busy = dict(workers)
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                start, outcome = _receive(ready)
                results[start] = outcome
                done += len(outcome)
                if progress:
                    progress(done)
                if starts:
                    ready.send(starts.pop(0))
                else:
                    ready.send(None)
                    del busy[ready]
        for process in workers.values():
            process.join()
    finally:
        for connection, process in workers.items():
            connection.close()
            if process.is_alive():
                process.kill()
            process.join()
    return [result for start in sorted(results) for result in results[start]]


def _receive(connection: Connection) -> tuple[int, list[Any]]:
    try:
        kind, *rest = connection.recv()
    except (EOFError, OSError):
        raise WorkerDied("a worker process ended unexpectedly; was it out of memory?") from None
    if kind == "error":
        error, trace = rest
        error.add_note(trace)
        raise error
    return rest[0], rest[1]


def _serve(
    connection: Connection,
    inherited: Sequence[Connection],
    function: Callable[[Any], Any],
    items: Sequence[Any],
) -> None:
    for other_end in inherited:
        other_end.close()
    try:
        while (start := connection.recv()) is not None:
            connection.send(("done", start, [function(i) for i in items[start : start + _RANGE]]))
    except (EOFError, KeyboardInterrupt):
        return
    except Exception as error:
        try:
            connection.send(("error", error, traceback.format_exc()))
        except Exception:  # an exception that cannot be pickled
            connection.send(("error", RuntimeError(repr(error)), traceback.format_exc()))
