"""The reference pages and the editors' schemas are what the definitions say: `make docs`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from builder.cli.reference import (
    PAGES,
    RECORDS,
    schema_texts,
    write_pages,
)
from builder.content.files import kind_of
from builder.content.schema import fields_of
from builder.diagnostics.codes import CODES
from builder.model.entity import FOLDERS
from support.tools import REPOSITORY

SCHEMAS = REPOSITORY / ".vscode" / "schemas"


def test_pages_are_as_generated(tmp_path: Path) -> None:
    write_pages(tmp_path)
    for name in PAGES:
        made = (tmp_path / name).read_text("utf-8")
        kept = (REPOSITORY / "docs" / name).read_text("utf-8")
        assert kept == made, f"docs/{name} is not what builder/ says: run `make docs`"


@pytest.mark.parametrize("name", RECORDS)
def test_schema_is_as_generated(name: str) -> None:
    kept = (SCHEMAS / f"{name}.schema.json").read_text("utf-8")
    assert kept == schema_texts()[name], "run `slugline schema --write .vscode/schemas`"


def test_no_page_or_schema_is_left_over() -> None:
    assert {file.name for file in SCHEMAS.iterdir()} == {f"{n}.schema.json" for n in RECORDS}


def test_settings_name_every_schema_and_folder() -> None:
    settings = json.loads((REPOSITORY / ".vscode" / "settings.json").read_text("utf-8"))
    named = settings["yaml.schemas"]
    assert set(named) == {f".vscode/schemas/{name}.schema.json" for name in RECORDS}
    lists = [[value] if isinstance(value, str) else value for value in named.values()]
    every = [pattern for patterns in lists for pattern in patterns]
    folders = {pattern.split("/")[1] for pattern in every if "/" in pattern}
    assert folders == {folder for folder, _ in FOLDERS} | {"replies"}


def test_every_field_has_a_sentence() -> None:
    """Help texts are sentences: they stand in the reference and in an editor's completion."""
    poor = [
        f"{record.__name__}.{field.name}: {field.help!r}"
        for record in RECORDS.values()
        for field in fields_of(record)
        if not re.fullmatch(r"[A-Z0-9].*\.", field.help)
    ]
    assert not poor


def test_every_record_and_code_has_its_section() -> None:
    """Exactly these, in this order: the rows of a table are the fields of its record."""
    _, *sections = re.split(r"^## ", PAGES["front-matter.md"](), flags=re.MULTILINE)
    tables = [re.findall(r"^\| `(\w+)`", text, re.MULTILINE) for text in sections]
    records = [text.partition("\n")[0] for text in sections if not text.startswith("Part: ")]
    assert [name.lower().removesuffix(".yaml") for name in records] == [*RECORDS]
    assert tables[: len(records)] == [[f.name for f in fields_of(r)] for r in RECORDS.values()]
    page = PAGES["diagnostics.md"]()
    assert re.findall(r"\| \[`(\S+)`\]\(diagnostics/(\S+)\.md\)", page) == [(c, c) for c in CODES]


def test_schemas_accept_the_real_front_matter() -> None:
    """An editor's plugin must not underline what `check` accepts: each key of the real content is
    known to its schema, and every required key is there."""
    schemas = {name: json.loads(text) for name, text in schema_texts().items()}
    names = {kind: name for name, kind in RECORDS.items()}
    seen = 0
    for file in sorted((REPOSITORY / "content").glob("*/*.md")):
        kind = kind_of(file.relative_to(REPOSITORY).as_posix())
        if kind is None:
            continue
        schema = schemas[names[kind]]
        fields = yaml.safe_load(file.read_text("utf-8").split("\n---\n")[0].removeprefix("---\n"))
        assert set(fields) <= set(schema["properties"]), file
        assert set(schema["required"]) <= set(fields), file
        seen += 1
    assert seen > 30


SHORT = """\
title: Scale AI hires
date: 2025-06-15 09:00
companies: Scale AI
author: [ann-lee, bo-chen]
sources: {sources}
image: sign.jpg
yes_but: Few stay.
figures: {{of: Scale AI, metric: staff, value: 900 people, as_of: 2025-06, period:}}
claims: {{text: It hires, status: reported, by: Ann Lee}}
"""


@pytest.mark.parametrize(
    ("sources", "valid"),
    [
        ("https://www.reuters.com/a", True),
        ("[https://www.reuters.com/a, Reuters]", True),
        ("{publisher: Reuters}", True),
        ('[{url: "https://www.reuters.com/a"}, {publisher: Reuters}]', True),
        ("[{id: reuters}]", False),
        ("{url: reuters.com/a}", False),
        ("[{publisher: Reuters, from: London}]", False),
    ],
)
def test_schemas_accept_short_forms(sources: str, valid: bool) -> None:
    """What `check` reads must not be underlined, and what it refuses must be."""
    schema = json.loads(schema_texts()["brief"])
    fields = yaml.load(SHORT.format(sources=sources), yaml.BaseLoader)
    problems = [*Draft7Validator(schema).iter_errors(_without_empty(fields))]
    assert (not problems) is valid, problems


def _without_empty(value: Any) -> Any:
    """The fields of a document, where an empty one is null."""
    if isinstance(value, dict):
        return {key: _without_empty(part) for key, part in value.items()}
    return None if value == "" else value
