"""The cases of tests/check/cases/: small sites with mistakes, annotated in place."""

from __future__ import annotations

import re

from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.examples import take_notes
from support.sites import files
from support.tools import TESTS

CASES = TESTS / "check" / "cases"


def read_cases() -> dict[str, str]:
    """The text of each case, by the name of its file and its heading."""
    found = {}
    for file in sorted(CASES.glob("*.md")):
        for part in re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name, _, text = part.partition("\n")
            found[f"{file.stem}: {name}"] = text.lstrip("\n")
    return found


def annotated(text: str) -> tuple[dict[str, str], list[Diagnostic]]:
    """The files of a case without their notes, and what these expect."""
    given = files(text)
    assert given, "a case has at least one file, after a line `=== path`"
    expected: list[Diagnostic] = []
    for path, content in given.items():
        given[path], found = take_notes(path, content)
        expected += found
    return given, expected
