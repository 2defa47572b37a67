"""`slugline serve` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from support.tools import PATIENCE, REPOSITORY, until


class Served:
    """A preview: its process, what it says in the terminal, its address."""

    def __init__(self, site: Path, *arguments: str, port: int = 0) -> None:
        self.site = site
        command = [sys.executable, "-m", "builder", "--site", str(site), "serve"]
        self.process = subprocess.Popen(
            [*command, "--port", str(port), *arguments], cwd=REPOSITORY, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def _wait(self) -> None:
        until(lambda: self.said("Preview: ") or self.process.poll() is not None)
        found = re.search(r"Preview: (http://\S+)/", self.text)
        assert found, self.text
        self.url = found[1]
        # What came of the first build is said here and there.
        until(lambda: self.lines[1:] and not self._is_building())

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as said:
            for line in said:
                self.lines.append(line)

    def _is_building(self) -> bool:
        status, page = self.get("/")
        return status == 503 and '<html lang="en" data-slugline-failed>' not in page

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def said(self, text: str) -> bool:
        return text in self.text

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(self.url + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def shows(self, path: str, text: str) -> Callable[[], bool]:
        return lambda: text in self.get(path)[1]

    def stop(self, number: int = signal.SIGINT) -> int:
        os.killpg(self.process.pid, number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def serving(site: Path, *arguments: str, port: int = 0) -> Iterator[Served]:
    served = Served(site, *arguments, port=port)
    try:
        yield served
    finally:
        served.kill()
