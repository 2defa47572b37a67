"""The build process of a site: what is not saved is checked as if it were, and leaves no trace."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from builder.content.walk import walk_content
from builder.engine.options import Options
from builder.engine.pipeline import Pipeline
from builder.language_server.messages import Edited, Work
from builder.language_server.workshop import Workshop
from builder.program import program
from builder.store import FOLDER, Index, Store, opened
from support.sites import NOW, build_site, problems, write_file, write_site

BRIEF = """\
---
id: {id}
title: Meta and Scale AI {id}
date: 2025-06-1{day}
companies: [{companies}]
thread: {thread}
follows: [{follows}]
---
Text with [[Scale AI]] and 49% of it.
"""
COMPANY = "---\nid: newc2222\nname: Newco\naliases: [Newcorp]\nlisted: true\n---\n"
THREAD = "---\nid: thre2222\ntitle: A thread\n---\n"


def _brief(n: int, companies: str = "Meta", **fields: str) -> str:
    given = {"follows": "", "thread": "", **fields}
    return BRIEF.format(id=f"brf{n}aaaa", day=n, companies=companies, **given)


# The texts that each file has in turn; None stands for one that is closed, so as saved.
TEXTS: dict[str, list[str | None]] = {
    "content/briefs/one.md": [
        _brief(1), _brief(1, "Newco"), _brief(1, "Newcorp, Meta", thread="two"), None,
        "---\ntitle: [",
        _brief(1, thread="a-thread"), _brief(2), _brief(1).replace("49%", "50%"),
    ],
    "content/briefs/two.md": [_brief(2), _brief(2, follows="one"), _brief(2, "Nobody"), "", None],
    "content/companies/newco.md": [COMPANY, COMPANY.replace("Newcorp", "Meta"), None],
    "content/threads/a-thread.md": [THREAD, "\0", None],
    "site.yaml": [None, "title: Test\nbase_url: https://test.example\nlanguage: nl\n", "title: ["],
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_unsaved_texts_are_checked_as_if_saved(tmp_path: Path, seed: int) -> None:
    saved = {path: texts[0] for path, texts in TEXTS.items() if texts[0]}
    files = "".join(f"=== {path}\n{text}" for path, text in saved.items() if "content/b" in path)
    root, copy = write_site(tmp_path / "site", files), write_site(tmp_path / "copy", files)
    before = {f: f.read_bytes() for f in root.rglob("*") if f.is_file()}
    original = (root / "site.yaml").read_text()
    workshop, chance = Workshop(root), random.Random(seed)
    for step in range(14):
        path = chance.choice([*TEXTS])
        text = chance.choice(TEXTS[path])
        data = None if text is None else text.encode()
        found = workshop.do(Work((Edited(path, step, data),), ()))
        assert not found.failure
        write_site(copy, files)
        for other in TEXTS:
            here = workshop.unsaved.get(other)
            if here is not None:
                (copy / other).parent.mkdir(parents=True, exist_ok=True)
                (copy / other).write_bytes(here)
            elif other == "site.yaml":
                write_file(copy / other, original)
            elif other not in saved or "content/b" not in other:
                (copy / other).unlink(missing_ok=True)
        expected = problems(copy)
        for other in workshop.unsaved:
            mine = [(d.line, d.code, d.message, d.severity) for d in found.found[other]]
            theirs = [(d.line, d.code, d.message, d.severity) for d in expected if d.path == other]
            assert mine == theirs, (step, path, other)
    assert {f: f.read_bytes() for f in root.rglob("*") if f.is_file()} == before


def test_the_cache_of_builds_is_read_but_not_written(tmp_path: Path) -> None:
    root = write_site(tmp_path, f"=== content/briefs/one.md\n{_brief(1)}")
    build_site(root)
    problems(root)
    before = {f.name: f.read_bytes() for f in (root / FOLDER).iterdir() if f.is_file()}
    workshop = Workshop(root)
    text = _brief(1, "Nobody").encode()
    found = workshop.do(Work((Edited("content/briefs/one.md", 1, text),), ()))
    assert "unknown-company" in [d.code for d in found.found["content/briefs/one.md"]]
    assert workshop.session.memory.parsed == 1, "the rest comes from the cache"
    assert {f.name: f.read_bytes() for f in (root / FOLDER).iterdir() if f.is_file()} == before
    # Values that are gone are made again.
    for pack in (root / FOLDER).glob("pack-*"):
        pack.write_bytes(b"")
    again = Workshop(root).do(Work((Edited("content/briefs/one.md", 1, text),), ()))
    assert (again.failure, again.found) == ("", found.found)


def test_no_unsaved_text_is_stored(tmp_path: Path) -> None:
    root = write_site(tmp_path)
    options = Options(NOW, unsaved={"content/briefs/one.md": _brief(1).encode()})
    with opened(root / FOLDER, program()) as store:
        pipeline = Pipeline(root, options, store, "check", Index())
        with pytest.raises(AssertionError, match="nothing unsaved"):
            pipeline.run(walk_content(root), None)
    result = Pipeline(root, options, Store(None, ""), "check", Index()).run(
        walk_content(root), None
    )
    assert result.site and "one" in result.site.outlines
