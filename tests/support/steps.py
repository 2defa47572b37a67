"""Does something at the n-th call with which the program changes files: kill it, save a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from builder import safe_files

_CALLS = ("replace", "rename", "unlink", "link", "mkdir", "rmdir", "fchmod")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Steps:
    """The calls so far. `act` is called before each, with its number from 0."""

    def __init__(self, act: Callable[[int], None]) -> None:
        self.count, self._act, self._acts = 0, act, False

    def step(self) -> None:
        if self._acts:  # what `act` does itself does not count
            return
        self._acts = True
        try:
            self._act(self.count)
        finally:
            self.count, self._acts = self.count + 1, False


@contextmanager
def stepped(act: Callable[[int], None], exchange: bool = True) -> Iterator[Steps]:
    """Call `act` before each change of a file.

    Without `exchange`, the system can neither exchange names nor protect an existing one."""
    steps = Steps(act)

    def noted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            steps.step()
            return real(*arguments, **named)

        return call

    def opened(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & _WRITES:
            steps.step()
        return open_file(path, flags, *more, **named)

    def renamed(a: Any, b: Any, flags: int) -> int:
        steps.step()
        return rename(a, b, flags) if exchange else 38  # ENOSYS

    open_file, rename = os.open, safe_files._rename
    with pytest.MonkeyPatch.context() as patch:
        for name in _CALLS:
            patch.setattr(os, name, noted(getattr(os, name)))
        patch.setattr(os, "fsync", lambda descriptor: steps.step())  # it is slow
        patch.setattr(os, "open", opened)
        patch.setattr(safe_files, "_rename", renamed)
        yield steps


def killed(work: Callable[[], object], at: int, exchange: bool = True) -> bool:
    """Do some work in a process that is killed at its n-th call; whether there was one."""

    def act(number: int) -> None:
        if number == at:
            os._exit(9)

    child = os.fork()
    if child == 0:
        code = 1
        try:
            with stepped(act, exchange):
                work()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9), f"the work failed by itself: {code}"
    return code == 9
