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
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)
        self.visible = True

    def close(self) -> None:
        if self.visible:
            click.echo("\r\x1b[K", nl=False, err=True)


def show(found: Iterable[Diagnostic], out: bool = False) -> None:
    """Print diagnostics with the errors last, nearest to the prompt."""
    from builder.diagnostics import report

    found = list(found)
    ordered = [x for x in found if x.severity == "warning"]
    ordered += [x for x in found if x.severity == "error"]
    stream = sys.stdout if out else sys.stderr
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    click.echo(report.as_text(ordered, colour), err=not out, color=colour)
    click.echo(f"\n{report.summary(found)}", err=not out)


def say(text: str) -> None:
    """Print a line, with control characters escaped."""
    from builder.diagnostics.report import printable

    click.echo(printable(text))


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
