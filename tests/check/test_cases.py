"""Bad inputs, annotated in place: tests/check/cases/*.md says where each diagnostic is expected."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from builder.diagnostics.codes import CODES
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.examples import take_notes
from support.cases import CASES, annotated, read_cases
from support.sites import problems, write_site
from support.tools import TESTS

# What no text can be wrong with: bytes, sizes, links and permissions.
OF_FILES = {
    "binary-file",
    "empty-site",
    "file-too-large",
    "front-matter-too-large",
    "not-utf8",
    "symlink",
    "tracked-output",
    "unreadable-file",
}


ALL = read_cases()


def place_and_code(d: Diagnostic) -> tuple[str, int, int, int, str, str]:
    return d.path, d.line, d.column, d.width, d.severity, d.code


@pytest.mark.parametrize("name", ALL, ids=[*ALL])
def test_case(name: str, tmp_path: Path) -> None:
    given, expected = annotated(ALL[name])
    write_site(tmp_path, "".join(f"=== {path}\n{content}" for path, content in given.items()))
    reported = list(problems(tmp_path))
    for want in sorted(expected):
        match = [
            d
            for d in reported
            if place_and_code(d) == place_and_code(want)
            and d.message.startswith(want.message)
            and d.hint.startswith(want.hint)
        ]
        assert match, f"not reported: {want}\nreported: {reported}"
        reported.remove(match[0])
    assert not reported, f"reported and not expected: {reported}"


def test_every_case_has_a_name_of_its_own() -> None:
    headings = "\n".join(file.read_text("utf-8") for file in CASES.glob("*.md"))
    assert len(re.findall(r"^## ", headings, re.MULTILINE)) == len(ALL)


def asserted_codes(source: str) -> set[str]:
    """The codes that a module's assertions compare with."""
    compared = (
        part
        for statement in ast.walk(ast.parse(source))
        if isinstance(statement, ast.Assert)
        for comparison in ast.walk(statement)
        if isinstance(comparison, ast.Compare)
        for part in ast.walk(comparison)
    )
    return {part.value for part in compared if isinstance(part, ast.Constant)} & {*CODES}


def test_every_code_is_expected_somewhere() -> None:
    """A diagnostic that nothing expects may never have been seen to work."""
    expected = {d.code for text in ALL.values() for d in annotated(text)[1]}
    assert expected == {*CODES} - OF_FILES
    asserted = {
        code
        for name in ("test_files.py", "test_tracked.py")
        for code in asserted_codes((TESTS / "engine" / name).read_text("utf-8"))
    }
    assert asserted >= OF_FILES


def test_asserted_codes_are_not_just_mentioned() -> None:
    source = '"""symlink"""\nname = "binary-file"\nassert code == "not-utf8", "yaml-tab"\n'
    assert asserted_codes(source) == {"not-utf8"}


# --- notes -------------------------------------------------------------------------------------


def test_a_note_is_taken_out_of_its_text() -> None:
    text, (found,) = take_notes(
        "a.md",
        "---\nsumary: It\n^^^^^^ error[unknown-key]: `sumary` | did you\ndate: x\n",
        before=2,
    )
    assert text == "---\nsumary: It\ndate: x\n"
    assert found == Diagnostic("a.md", 4, 1, "unknown-key", "`sumary`", "did you", 6, "sumary: It")


def test_a_note_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.md:1: unknown-key is not of the kind `warning`"):
        take_notes("a.md", "sumary: It\n^^^^^^ warning[unknown-key]: `sumary`")
