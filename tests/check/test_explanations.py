"""Every code is explained, and the explanations are true: what is wrong gives the message that is
shown, and what is right gives none."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.diagnostics.codes import CODES, pages_folder
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.examples import USUAL, Example
from builder.diagnostics.explain import (
    can_be_allowed,
    explain,
    explanation_page,
)
from support.sites import problems, write_file

SITE = "title: Ground Truth\nbase_url: https://news.example\nlanguage: en-GB\n"
NAMES = [*CODES]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One site for all examples, one after the other: its templates are compiled once."""
    yield tmp_path_factory.mktemp("examples")


def found_in(site: Path, example: Example) -> list[Diagnostic]:
    """What is wrong with a site of just an example."""
    for name in ("content", "templates", "output", ".git"):
        shutil.rmtree(site / name, ignore_errors=True)
    files = {"site.yaml": SITE, **USUAL} | {file.path: file.whole for file in example.files}
    (site / "content" / "briefs").mkdir(parents=True)
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        write_file(site / path, text)
    for command in example.commands:
        subprocess.run(["sh", "-ec", command], cwd=site, check=True)
    return sorted(problems(site))


def told(diagnostic: Diagnostic) -> tuple[str, int, int, str, str, str, str]:
    d = diagnostic
    return d.path, d.line, d.column, d.severity, d.code, d.message, d.hint


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_true(name: str, site: Path) -> None:
    explanation = explain(name)
    found = found_in(site, explanation.wrong)
    assert [told(d) for d in found] == [told(d) for d in explanation.wrong.messages]
    assert name in {d.code for d in found}
    # The page shows each with its line and the whole of its width.
    shown = [(d.excerpt, d.width) for d in explanation.wrong.messages if d.excerpt]
    assert shown == [(d.excerpt, d.width) for d in found][: len(shown)]
    assert [told(d) for d in found_in(site, explanation.right)] == []


def test_no_explanation_is_left_over() -> None:
    assert {file.stem for file in pages_folder().glob("*")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_in_plain_words(name: str) -> None:
    explanation, page = explain(name), explanation_page(name)
    assert len(explanation.why.split()) >= 12, "say why it matters"
    assert "n't" not in explanation.why and "—" not in explanation.why
    assert ("## Allow it" in page) is can_be_allowed(explanation)
