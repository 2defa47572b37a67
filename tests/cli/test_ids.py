"""Ids that records and entries need."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli.app import main
from builder.editing.ids import find_missing_ids, with_missing_ids
from builder.model.brief import Brief
from builder.model.entity import Company, Digest
from support.sites import problems, write_site

BRIEF = """\
---
title: Meta buys a part of Scale AI  # the headline
date: 2025-06-15
summary: It does.
companies: [Meta, Scale AI]
sources:
  # the report
  - publisher: Reuters
    published: 2025-06-13
  - {publisher: Relay News, role: relay, of: reuters, published: 2025-06-14}
  - https://other.example/a
figures:
  - {of: Meta, metric: stake price, value: 3bn USD, as_of: 2025, source: reuters}
  - {of: Meta, metric: revenue, value: 6bn USD, as_of: 2025, source: other}
  - {of: Meta, metric: share, basis: derived, formula: stake-price / revenue, as_of: 2025}
---
It paid {{figure:stake-price}}.
"""
WRITTEN = """\
---
id: stake
title: Meta buys a part of Scale AI  # the headline
date: 2025-06-15
summary: It does.
companies: [Meta, Scale AI]
sources:
  # the report
  - publisher: Reuters
    published: 2025-06-13
    id: reuters
  - {publisher: Relay News, role: relay, of: reuters, published: 2025-06-14}
  - https://other.example/a
figures:
  - {of: Meta, metric: stake price, value: 3bn USD, as_of: 2025, source: reuters, id: stake-price}
  - {of: Meta, metric: revenue, value: 6bn USD, as_of: 2025, source: other, id: revenue}
  - {of: Meta, metric: share, basis: derived, formula: stake-price / revenue, as_of: 2025}
---
It paid {{figure:stake-price}}.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ids_keep_the_format(end: str) -> None:
    before, after = (text.replace("\n", end).encode() for text in (BRIEF, WRITTEN))
    path = "content/briefs/stake.md"
    assert with_missing_ids(path, before, Brief).decode() == after.decode()
    assert with_missing_ids(path, after, Brief) == after


def test_what_needs_none() -> None:
    company = b"---\nname: Meta\n---\n"
    assert with_missing_ids("content/companies/meta.md", company, Company) == (
        b"---\nid: meta\nname: Meta\n---\n"
    )
    for path, data, kind in (
        ("content/digests/2025-w24.md", b"---\ntitle: A week\n---\n", Digest),
        ("content/briefs/a.md", b"---\ntitle: [\n---\n", Brief),
        ("content/briefs/a.md", b"---\nguid: old\ntitle: A\n---\n", Brief),
        ("content/briefs/a.md", b"no fields", Brief),
        ("content/briefs/a.md", b"\0", Brief),
    ):
        assert with_missing_ids(path, data, kind) == data
    minted = with_missing_ids("content/briefs/a b.md", b"---\ntitle: A\n---\n", Brief)
    assert minted.startswith(b"---\nid: ") and b"a b" not in minted


def test_the_command(tmp_path: Path) -> None:
    root = write_site(tmp_path, f"=== content/briefs/stake.md\n{BRIEF}")
    before = problems(root)
    assert "missing-id" in [d.code for d in before]
    shown = CliRunner().invoke(main, ["--site", str(root), "ids"])
    assert shown.exit_code == 1 and "+id: stake" in shown.output
    assert (root / "content/briefs/stake.md").read_text() == BRIEF
    written = CliRunner().invoke(main, ["--site", str(root), "ids", "--yes"])
    assert written.exit_code == 0 and "1 file given ids." in written.output
    assert (root / "content/briefs/stake.md").read_text() == WRITTEN
    assert [d.code for d in problems(root)] == [d.code for d in before if d.code != "missing-id"]
    assert find_missing_ids(root) == []
    again = CliRunner().invoke(main, ["--site", str(root), "ids"])
    assert (again.exit_code, again.output) == (0, "Nothing needs an id.\n")
