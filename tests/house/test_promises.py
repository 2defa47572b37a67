"""Each promise of docs/security.md names the tests that hold it, and these exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from support.tools import REPOSITORY

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def names_of_tests(file: Path) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse(file.read_text("utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def unkept(text: str) -> list[str]:
    """The promises in a page that name no test, or one that does not exist."""
    rows = re.findall(r"^\| (?!promise|who|-)([A-Z].*) \|$", text, flags=re.M)
    assert len(rows) > 20
    missing = []
    for row in rows:
        named = _TEST.findall(row)
        real = [name in names_of_tests(REPOSITORY / path) for path, name in named]
        if not named or not all(real):
            missing.append(row)
    return missing


def test_each_promise_names_tests_that_exist() -> None:
    text = (REPOSITORY / "docs/security.md").read_text("utf-8")
    assert unkept(text) == []
    broken = text.replace("::test_text_stays_text", "::test_text_stays")
    assert len(unkept(broken)) == 1


def test_a_report_is_described() -> None:
    text = (REPOSITORY / "SECURITY.md").read_text("utf-8")
    assert "Report a vulnerability" in text
    assert (REPOSITORY / "docs/security.md").is_file()
