"""Texts that others write, where they could act: in logs, on terminals, in spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli.app import main
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.report import (
    as_github,
    as_gitlab,
    as_json,
    as_text,
    encode_json,
    printable_lines,
)
from builder.editing.new import CannotCreate
from builder.pages.parts.data_files import as_csv

COMMANDS = ("::error::x", "##[error]x", "##vso[task.x]", "##TeamCity[x]", "\x1b[31m", "\x9b31m")
LINES = "\n{0}\r{0}\x85{0}\u2028{0}\n \t{0}\n"


def obeyed(log: str) -> list[str]:
    """The lines of a log that a runner or a terminal would take for more than text."""
    marks = ("##[", "##vso[", "##teamcity[", "\x1b", "\x9b", "\r")
    return [
        line
        for line in log.split("\n")
        if line.strip().startswith("::") or any(mark in line.casefold() for mark in marks)
    ]


@pytest.mark.parametrize("text", COMMANDS)
def test_a_text_of_others_is_no_command(text: str) -> None:
    assert obeyed(LINES.format(text))
    assert not obeyed(printable_lines(LINES.format(text)))


def test_a_text_keeps_its_words() -> None:
    text = "fatal: a::b ## [x]\n# Heading\nstd::vector"
    assert printable_lines(text) == text


@pytest.mark.parametrize("text", COMMANDS)
def test_no_report_is_a_command(text: str) -> None:
    found = Diagnostic(f"content/{text}.md", 1, 1, "unknown-key", LINES.format(text), text, 1, text)
    for report in (as_text, as_json, as_gitlab):
        assert not obeyed(report([found])), report
    assert json.loads(as_json([found]))["diagnostics"][0]["hint"] == text
    (command,) = as_github([found]).split("\n")  # the one that is meant
    assert command.startswith("::error file=")
    assert not obeyed(command[2:])
    assert json.loads(encode_json([text], 1)) == [text]


@pytest.mark.parametrize("text", COMMANDS)
def test_no_error_message_is_a_command(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a server answered is in a message of several lines."""

    def fail(directory: Path, answers: object) -> int:
        raise CannotCreate(f"{directory.name}: {LINES.format(text)}")

    monkeypatch.setattr("builder.editing.new_site.write_site", fail)
    said = CliRunner().invoke(main, ["init", str(tmp_path / "new")])
    assert said.exit_code == 2
    assert "new:" in said.output
    assert not obeyed(said.output)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20x", "'\uff20x"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("a;=1;b", "a;'=1;b"),
        ("a; \uff1d1", "a;' \uff1d1"),
        ("a\t-1", "a\t'-1"),
        ("a\n@x", "a\n'@x"),
        ("  =1", "'  =1"),
        ("a-b, c+d; e", "a-b, c+d; e"),
        ("", ""),
    ],
)
def test_a_spreadsheet_evaluates_no_cell(cell: str, shown: str) -> None:
    text = as_csv([{"name": cell, "low": "-5"}])
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["name"], row["low"]) == (shown, "-5")
