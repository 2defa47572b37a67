"""Bad inputs, annotated in place: tests/check/cases/*.md says where each diagnostic is expected."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from builder.diagnostics.codes import CODES
from support.sites import files, problems, write_site
from support.tools import TESTS

CASES = Path(__file__).parent / "cases"
_EXPECTED = re.compile(r"^( *)(\^+) (error|warning)\[([a-z-]+)\]: (.*?)(?: \| (.*))?$")


class Expected(NamedTuple):
    path: str
    line: int
    column: int
    width: int
    severity: str
    code: str
    message: str
    hint: str


def _cases() -> list[tuple[str, str]]:
    found = []
    for file in sorted(CASES.glob("*.md")):
        for part in re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name, _, text = part.partition("\n")
            found.append((f"{file.stem}: {name}", text.lstrip("\n")))
    return found


def _take_out(path: str, text: str) -> tuple[str, list[Expected]]:
    """The text without its annotations, and what they expect of the line above them."""
    kept: list[str] = []
    expected = []
    for line in text.split("\n"):
        if match := _EXPECTED.match(line):
            indent, carets, severity, code, message, hint = match.groups()
            place = (len(kept), len(indent) + 1, len(carets))
            expected.append(Expected(path, *place, severity, code, message, hint or ""))
        else:
            kept.append(line)
    return "\n".join(kept), expected


@pytest.mark.parametrize(("name", "text"), _cases(), ids=[name for name, _ in _cases()])
def test_case(name: str, text: str, tmp_path: Path) -> None:
    given = files(text)
    assert given, "a case has at least one file, after a line `=== path`"
    expected: list[Expected] = []
    for path, content in given.items():
        given[path], found = _take_out(path, content)
        expected += found
    write_site(tmp_path, "".join(f"=== {path}\n{content}" for path, content in given.items()))
    reported = list(problems(tmp_path))
    for want in sorted(expected):
        match = [
            d
            for d in reported
            if (d.path, d.line, d.column, d.width) == want[:4]
            and (d.severity, d.code) == want[4:6]
            and d.message.startswith(want.message)
            and d.hint.startswith(want.hint)
        ]
        assert match, f"not reported: {want}\nreported: {reported}"
        reported.remove(match[0])
    assert not reported, f"reported and not expected: {reported}"


def test_every_code_has_a_case() -> None:
    """A diagnostic without an example may never have been seen to work."""
    text = "\n".join(file.read_text("utf-8") for file in CASES.glob("*.md"))
    text += (TESTS / "engine" / "test_files.py").read_text("utf-8")
    missing = [code for code in CODES if code not in text]
    assert not missing
