"""Output on the terminal: diagnostics, lines, a progress bar."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from builder.diagnostics.diagnostic import Diagnostic


class ProgressBar:
    """A progress bar, which appears after one second if stderr is a terminal."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.visible = False
        self.enabled = sys.stderr.isatty()

    def show(self, stage: str, done: int, total: int) -> None:
        if not self.enabled or time.perf_counter() - self.started < 1:
            return
        if total:
            filled = 24 * done // total
            text = f"{stage} [{'#' * filled}{'.' * (24 - filled)}] {done} of {total}"
        else:
            text = f"{stage} {done}"
        if accepts_text(sys.stderr):
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
            self.visible = True

    def close(self) -> None:
        if self.visible and accepts_text(sys.stderr):
            click.echo("\r\x1b[K", nl=False, err=True)


class LiveOutput:
    """The lines of a command that keeps running, which never wait for their reader.

    A terminal may be paused (Ctrl-S), and a program that started the command may not read its
    output, or may have ended. Lines that nobody reads are counted and left out."""

    def __init__(self) -> None:
        self.omitted = 0

    def say(self, text: str, err: bool = False) -> None:
        """Print a line, or omit it if that would have to wait."""
        from builder.diagnostics.report import printable_lines

        stream = sys.stderr if err else sys.stdout
        if not accepts_text(stream):
            self.omitted += 1
            return
        lines = [printable_lines(text)[:_LONGEST]]
        if self.omitted:
            plural = "s were" if self.omitted > 1 else " was"
            lines.insert(0, f"({self.omitted} line{plural} omitted while the output was paused)")
            self.omitted = 0
        try:
            click.echo("\n".join(lines), err=err)
        except OSError:  # the reader has ended
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())


_LONGEST = 900  # characters; with any text, less than a pipe takes at once (4096 bytes)


def accepts_text(stream: TextIO) -> bool:
    """Return whether a stream takes a line without waiting for its reader."""
    import select

    try:
        return bool(select.select([], [stream], [], 0)[1])
    except (OSError, ValueError):  # not a file that can be waited for
        return True


def show(
    found: Iterable[Diagnostic], root: Path | None, out: bool = False, all_of_them: bool = False
) -> None:
    """Print diagnostics with the errors last, nearest to the prompt.

    Paths are relative to the current folder if the site's folder `root` is given. Unless
    `all_of_them`, only the first of each code are printed, and the rest counted."""
    from builder.diagnostics import report
    from builder.diagnostics.reported import Reported

    found = Reported.of(found)
    stream = sys.stdout if out else sys.stderr
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    folder = f"{relative(root)}/" if root is not None else ""
    folder = "" if folder == "./" else folder
    first, rest = (found, []) if all_of_them else report.limited(found)
    for severity in ("warning", "error"):
        shown = [d for d in first if d.severity == severity]
        excess = [some for some in rest if some.severity == severity]
        if shown:
            text = report.as_text(shown, colour, folder)
            click.echo(f"{text}\n", err=not out, color=colour)
        if excess:
            click.echo(f"{report.excess_as_text(excess)}\n", err=not out)
    click.echo(report.summary(found), err=not out)


def say(text: str) -> None:
    """Print a line, with control characters escaped."""
    from builder.diagnostics.report import printable_lines

    click.echo(printable_lines(text))


def list_allowed(allowed: Iterable[tuple[Diagnostic, str]]) -> None:
    """Print diagnostics that files suppress, each with its reason."""
    for diagnostic, reason in allowed:
        say(f"{diagnostic.path}:{diagnostic.line}: {diagnostic.code}: {diagnostic.message}")
        say(f"    allowed: {' '.join(reason.split())}")


def file_count(count: int) -> str:
    """Return a number of files in words."""
    return f"{count} file{'' if count == 1 else 's'}"


def relative(path: Path) -> str:
    """Return a path relative to the current folder, if that is short."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("../..") else shown
