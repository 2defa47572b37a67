"""Annotated examples: files after lines `=== path`, each diagnostic under the line it is about.

    sumary: It hires.
    ^^^^^^ error[unknown-key]: `sumary` is not a field | did you mean `summary`?

The carets are as wide as what the diagnostic is about. The pages of codes and the cases of the
tests (`tests/check/cases/`) are written so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from builder.diagnostics.codes import Code, severity
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.diagnostics.secrets import hide_secrets

# What a site of examples has beside them.
USUAL = {
    "content/companies/scale-ai.md": "---\nid: scal2222\nname: Scale AI\naliases: [Scale]\n---\n",
    "content/companies/google.md": "---\nid: goog2222\nname: Google\n---\n",
    "content/companies/meta.md": "---\nid: meta2222\nname: Meta\nformerly: [Facebook]\n---\n",
}
# What a part of a file needs beside it, by its folder.
_NEEDED = {
    "site.yaml": {
        "title": "Ground Truth",
        "base_url": "https://news.example",
        "language": "en-GB",
    },
    "content/briefs": {
        "id": "{stem}",
        "title": "Scale AI hires",
        "date": "2025-06-15",
        "summary": "It hires.",
        "companies": "[Scale AI]",
        "sources": "[{id: reuters, publisher: Reuters}]",
    },
}
_USUAL_PATH = "content/briefs/example.md"
_SAYS = r"(error|warning)\[([a-z0-9-]+)\]: (.*?)(?: \| (.*))?$"
_NOTE = re.compile(rf"^( *)(\^+) {_SAYS}")
_RESULT = re.compile(rf"^=> (\S+):(\d+):(\d+) {_SAYS}")


class ExampleFile(NamedTuple):
    """A file of an example: as it is shown, and as it is written."""

    path: str
    text: str
    whole: str


class Example(NamedTuple):
    """Files and commands, and every message that they give."""

    files: tuple[ExampleFile, ...]
    commands: tuple[str, ...]
    messages: tuple[Diagnostic, ...]


def split_files(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text before the first `=== path`, and each file."""
    first, *rest = re.split(r"^=== (\S+)\n", text, flags=re.MULTILINE)
    return first, list(zip(rest[::2], rest[1::2], strict=True))


def take_notes(path: str, text: str, before: int = 0) -> tuple[str, list[Diagnostic]]:
    """Return a text without its notes, and the diagnostics that these are.

    `before` lines of the file precede the text. Raises ValueError if a note calls an error a
    warning, or the other way round."""
    kept: list[str] = []
    found = []
    for line in text.split("\n"):
        if match := _NOTE.match(line):
            place = Place(before + len(kept), len(match[1]) + 1, len(match[2]))
            found.append(_diagnostic(path, place, match.groups()[2:], hide_secrets(kept[-1])))
        else:
            kept.append(line)
    return "\n".join(kept), found


def read_example(text: str) -> Example:
    """Read the example between fences of the page of a code.

    A brief that is only some fields, and site.yaml, get what else they need before these; a line
    `$ …` is a command, and `=> path:line:column` tells of what it made."""
    _, fenced, _ = text.split("````")
    lines = fenced.removeprefix("text\n").strip("\n").split("\n")
    commands = tuple(line[2:] for line in lines if line.startswith("$ "))
    messages = [_result(match) for line in lines if (match := _RESULT.match(line))]
    kept = [line for line in lines if not line.startswith(("$ ", "=> "))]
    files: list[ExampleFile] = []
    for path, part in _parts("\n".join(kept)):
        shown, found = _file(path, part)
        files.append(shown)
        messages += found
    return Example(tuple(files), commands, tuple(sorted(messages)))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The files of an example; what comes before a line `=== path` is a brief."""
    first, rest = split_files(text)
    if first.strip():
        yield _USUAL_PATH, first.rstrip("\n")
    for path, part in rest:
        yield path, part.rstrip("\n")


def _file(path: str, part: str) -> tuple[ExampleFile, list[Diagnostic]]:
    before = _before(path, part)
    text, messages = take_notes(path, part, len(before))
    # A brief that is only fields has a text all the same.
    whole = not before or path == "site.yaml" or "---" in text.split("\n")
    ends = "" if whole else "\n---\nIt hires."
    return ExampleFile(path, text, "\n".join([*before, text]) + f"{ends}\n"), messages


def _before(path: str, part: str) -> list[str]:
    """The lines that a part of a file needs before it, but for fields that it has itself."""
    folder = path if path in _NEEDED else path.rpartition("/")[0]
    own = set(re.findall(r"^(\w+):", part.split("\n---")[0], flags=re.MULTILINE))
    if folder not in _NEEDED or part.startswith("---") or not own:
        return []
    stem = Path(path).stem
    needed = [f"{k}: {v.format(stem=stem) if '{stem}' in v else v}" for k, v in
              _NEEDED[folder].items() if k not in own]  # fmt: skip
    return needed if path == "site.yaml" else ["---", *needed]


def _result(match: re.Match[str]) -> Diagnostic:
    path, line, column, *said = match.groups()
    return _diagnostic(path, Place(int(line), int(column)), said, "")


def _diagnostic(path: str, place: Place, said: Sequence[str | None], at: str) -> Diagnostic:
    kind, code, message, hint = said
    if kind != severity(cast(Code, code)):
        raise ValueError(f"{path}:{place.line}: {code} is not of the kind `{kind}`")
    return Diagnostic.of(path, place, cast(Code, code), message or "", hint or "", at)
