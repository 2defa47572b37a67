"""Formats diagnostics as text, JSON, GitHub annotations or GitLab reports."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from builder.diagnostics.codes import Code, Severity
from builder.diagnostics.diagnostic import Diagnostic, mask_secrets, severity_of, window
from builder.diagnostics.reported import Reported
from builder.patterns import pattern


def count(diagnostics: Iterable[Diagnostic]) -> tuple[int, int]:
    """Return the number of errors and of warnings."""
    found = Reported.of(diagnostics)
    return found.number("error"), found.number("warning")


def summary(diagnostics: Iterable[Diagnostic], more: str = "") -> str:
    """Return a summary: `2 errors and 1 warning in 2 files`.

    With `more`, such as `more `, it says `2 more errors`."""
    found = Reported.of(diagnostics)
    errors, warnings = count(found)
    kinds = ((errors, f"{more}error"), (warnings, f"{more}warning"))
    parts = [_plural(n, word) for n, word in kinds if n]
    files = len({file.path for file in found.files})
    return f"{' and '.join(parts)} in {_plural(files, 'file')}"


# The note on a held diagnostic.
HELD = "this stops no build until the file is published; then it is an error"
# Diagnostics of one code that a text shows; the rest are counted.
MOST = 10


class Excess(NamedTuple):
    """How many diagnostics of a code a text omits, in how many files."""

    severity: Severity
    code: Code
    number: int
    files: int


def limited(diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Excess]]:
    """Return the first ten diagnostics of each code, and what is omitted.

    A file is only counted if none of its diagnostics is among them."""
    shown: list[Diagnostic] = []
    seen: Counter[tuple[Severity, Code]] = Counter()
    files: dict[tuple[Severity, Code], set[str]] = {}
    for file in Reported.of(diagnostics).files:
        before = Counter(seen)
        for (code, decided), number in file.numbers.items():
            seen[severity_of(code, decided), code] += number
        for kind in seen:
            if seen[kind] > max(before[kind], MOST):
                files.setdefault(kind, set()).add(file.path)
        if any(before[kind] < min(seen[kind], MOST) for kind in seen):
            for d in file.all:
                kind = d.severity, d.code
                before[kind] += 1
                if before[kind] <= MOST:
                    shown.append(d)
    return shown, [Excess(*kind, seen[kind] - MOST, len(f)) for kind, f in files.items()]


def _plural(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n:,} {word}s"


def with_excerpts(root: Path, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics with their lines as excerpts.

    Secrets are masked, because diagnostics end up in server logs."""
    lines: dict[str, list[bytes]] = {}
    found = []
    for d in diagnostics:
        if not d.excerpt:
            if d.path not in lines:
                lines[d.path] = _lines(root / d.path)
            if 0 < d.line <= len(lines[d.path]) and b"\0" not in lines[d.path][d.line - 1]:
                line = lines[d.path][d.line - 1].decode("utf-8", "replace")
                line = line.removeprefix("\ufeff") if d.line == 1 else line
                excerpt, cut = window(line, d.column)
                d = replace(d, excerpt=excerpt, cut=cut)
        found.append(d)
    return mask_secrets(found)


def _lines(file: Path) -> list[bytes]:
    """Return the lines of the start of a regular file, of which few are decoded.

    Links are not followed, because their targets may be private; reading a pipe would block."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return []
        with file.open("rb") as stream:
            data = stream.read(1 << 20)
    except OSError:
        return []
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.split(b"\n")


_COLOURS = {"error": "1;31", "warning": "1;33", "frame": "36", "bold": "1"}


_CONTEXT = 96  # characters of a long line that are shown around the caret


def as_text(diagnostics: Iterable[Diagnostic], colour: bool = False, folder: str = "") -> str:
    """Return the diagnostics as text, with excerpts, carets and hints.

    Each begins with its place, which terminals and editors open; `folder` is the site's, relative
    to the current one."""
    return "\n\n".join(_frame(d, colour, folder) for d in diagnostics)


def excess_as_text(excess: Iterable[Excess]) -> str:
    """Return a line for each code with omitted diagnostics."""
    return "\n".join(
        f"… and {e.number:,} more {e.severity}[{e.code}] in {_plural(e.files, 'file')};"
        f" to see all, run `slugline check {e.code}`"
        for e in excess
    )


def _frame(d: Diagnostic, colour: bool, folder: str) -> str:
    def paint(text: str, style: str) -> str:
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if colour else text

    head, place = f"{d.severity}[{d.code}]", f"{printable(folder + d.path)}:{d.line}:{d.column}"
    message = paint(": " + printable(d.message), "bold")
    rows = [f"{paint(place, 'frame')}: {paint(head, d.severity)}{message}"]
    gutter = " " * len(str(d.line))
    if d.excerpt.strip():
        text, offset, width = window_of(d)
        rows.append(f"{paint(f'{d.line} |', 'frame')} {text}")
        caret = " " * offset + paint("^" * width, d.severity)
        rows.append(f"{paint(f'{gutter} |', 'frame')} {caret}")
    if d.hint:
        rows.append(f"{gutter} {paint('=', 'frame')} hint: {printable(d.hint)}")
    if d.held:
        rows.append(f"{gutter} {paint('=', 'frame')} note: {HELD}")
    return "\n".join(rows)


def window_of(d: Diagnostic) -> tuple[str, int, int]:
    """Return the line around the caret, and the caret's offset and width.

    The offset and the width are in terminal columns, of which wide characters take two."""
    at = d.column - 1 - d.cut
    start = max(0, at - _CONTEXT // 2) if len(d.excerpt) > _CONTEXT else 0
    shown = d.excerpt[start : start + _CONTEXT]
    before = shown[: at - start]
    marked = shown[at - start : at - start + d.width]
    lead = "…" if start or d.cut else ""
    tail = "…" if start + _CONTEXT < len(d.excerpt) else ""
    return (
        lead + printable(shown) + tail,
        len(lead) + _columns(before),
        max(1, _columns(marked)),
    )


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in printable(text)
    )


_UNPRINTABLE = pattern(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


# Commands to the runners of Azure Pipelines, GitHub (the former form) and TeamCity, anywhere in a
# line of a log; and to GitHub at its beginning.
_RUNNER = pattern(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)
_AT_START = pattern(r"\s*::")


def printable(text: str) -> str:
    """Return a line without control characters, which could drive a terminal.

    Nor does it have what a CI runner would take for a command."""
    text = _UNPRINTABLE.sub(lambda m: " " if m[0] == "\t" else "\N{REPLACEMENT CHARACTER}", text)
    return _RUNNER.sub("# #", text) if "##" in text else text


def printable_lines(text: str) -> str:
    """Return lines that neither drive a terminal nor command a CI runner.

    The text may come from a target, a server or a file that others write."""
    lines = map(printable, text.splitlines())
    return "\n".join(f"| {line}" if _AT_START.match(line) else line for line in lines)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a JSON object with `diagnostics`, `errors` and `warnings`.

    Each diagnostic has path, line, column, width, severity, code, message and hint; `errors` and
    `warnings` are numbers."""
    found = list(diagnostics)
    errors, warnings = count(found)
    rows = [
        {
            "path": d.path, "line": d.line, "column": d.column, "width": d.width,
            "severity": d.severity, "code": d.code, "message": d.message, "hint": d.hint,
        }
        for d in found
    ]  # fmt: skip
    result = {"diagnostics": rows, "errors": errors, "warnings": warnings}
    return encode_json(result, 2)


def encode_json(value: object, indent: int) -> str:
    """Return a value as JSON for a terminal or a log.

    Control characters and the beginnings of commands are escaped; other text stays readable."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(r"[\x7f-\x9f\ud800-\udfff]|(?<=#)#", lambda m: f"\\u{ord(m[0]):04x}", text)


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return workflow commands, which GitHub shows as annotations."""

    def data(text: str) -> str:
        text = "\n".join(printable(line) for line in text.split("\n"))
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    rows = []
    for d in diagnostics:
        end = d.column + d.width
        place = f"file={value(d.path)},line={d.line},col={d.column},endColumn={end}"
        text = f"{d.message}\n{d.hint}" if d.hint else d.message
        rows.append(f"::{d.severity} {place},title={value(d.code)}::{data(text)}")
    return "\n".join(rows)


def as_gitlab(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a code quality report, which GitLab shows in merge requests.

    A fingerprint depends on the file and the message, not on the line, so it is stable if lines are
    inserted above."""
    seen: dict[str, int] = {}
    rows = []
    for d in diagnostics:
        name = f"{d.path}\0{d.code}\0{d.message}"
        seen[name] = seen.get(name, 0) + 1
        fingerprint = hashlib.sha256(f"{name}\0{seen[name]}".encode()).hexdigest()
        text = f"{d.message}; {d.hint}" if d.hint else d.message
        rows.append(
            {
                "description": printable(text),
                "check_name": d.code,
                "fingerprint": fingerprint,
                "severity": "critical" if d.severity == "error" else "minor",
                "location": {"path": printable(d.path), "lines": {"begin": d.line}},
            }
        )
    return encode_json(rows, 1)
