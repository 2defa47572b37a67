"""Diagnostics of unchanged files are counted, and decoded only to be shown."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from builder.check import verdicts
from builder.content.stored_problems import decode_problems
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.report import MOST, limited, summary
from builder.engine.build import build, check
from builder.store import FOLDER
from support.sites import brief, options, write_site

FILES, MISTAKES = 6, 15


def mistaken(slug: str, more: str = "") -> str:
    """A brief with warnings."""
    body = "\n\n".join(f"See :rocket{n}:." for n in range(MISTAKES))
    return brief(slug, body=f"{body}\n\n{more}\n")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site", "".join(mistaken(f"b{n}") for n in range(FILES)))


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[Diagnostic]:
    """Every stored diagnostic that is decoded."""
    seen: list[Diagnostic] = []

    def counted(data: bytes) -> list[Diagnostic]:
        found = decode_problems(data)
        seen.extend(found)
        return found

    monkeypatch.setattr(verdicts, "decode_problems", counted)
    return seen


def test_edit_decodes_the_problems_of_its_file(site: Path, decoded: list[Diagnostic]) -> None:
    build(site, site / "output", options())
    decoded.clear()
    file = site / "content/briefs/b3.md"
    file.write_text(file.read_text("utf-8") + "\nSee :late:.\n", "utf-8")
    result = build(site, site / "output", options())
    shown, excess = limited(result.problems.within(result.fresh))
    assert {d.path for d in decoded} == {"content/briefs/b3.md"}
    assert len(decoded) == MISTAKES + 1
    assert len(shown) == MOST and [e.number for e in excess] == [MISTAKES + 1 - MOST]
    assert len(result.problems) == FILES * MISTAKES + 1
    assert summary(result.problems) == summary(tuple(result.problems))


def test_nothing_changed_decodes_nothing(site: Path, decoded: list[Diagnostic]) -> None:
    problems = tuple(build(site, site / "output", options()).problems)
    decoded.clear()
    again = build(site, site / "output", options())
    assert again.problems.number("warning") == len(problems) and not decoded
    assert again.problems == problems


def test_error_decodes_what_is_shown(site: Path, decoded: list[Diagnostic]) -> None:
    build(site, site / "output", options())
    decoded.clear()
    write_site(site, mistaken("b5", "A [[nowhere]]."), usual=False)
    file = site / "content/briefs/b5.md"
    file.write_text(file.read_text("utf-8").replace("date:", "dated:"), "utf-8")
    with pytest.raises(ContentError) as failed:
        build(site, site / "output", options())
    paths = {d.path for d in decoded}
    assert paths == {"content/briefs/b0.md", "content/briefs/b5.md"}, "the first ten, and the error"
    clean = write_site(site.parent / "clean", "".join(mistaken(f"b{n}") for n in range(5)))
    (clean / "content/briefs/b5.md").write_bytes(file.read_bytes())
    with pytest.raises(ContentError) as expected:
        build(clean, clean / "output", options())
    assert tuple(failed.value.diagnostics) == tuple(expected.value.diagnostics)


def test_limited_counts_as_if_all_were_decoded(site: Path) -> None:
    problems = build(site, site / "output", options()).problems
    assert limited(problems) == limited([*problems])


@pytest.mark.parametrize("damage", ["removed", "altered"])
def test_damaged_problems_are_found_again(site: Path, damage: str) -> None:
    expected = tuple(check(site, options()).problems)
    for pack in (site / FOLDER).glob("pack-*"):
        if damage == "removed":
            pack.unlink()
        else:
            pack.write_bytes(pack.read_bytes().replace(b"rocket", b"ticket"))
    assert tuple(check(site, options()).problems) == expected


def test_equal_problems_of_two_stages_are_one(site: Path) -> None:
    """A diagnostic that is stored and also found again is counted once."""
    found = build(site, site / "output", options()).problems[0]
    plain = Diagnostic(
        found.path, found.line, found.column, found.code, found.message, found.hint, found.width
    )
    stored = verdicts.StoredProblems(((plain.code, "", 1),), msgspec.msgpack.encode([plain]))
    files = verdicts.collect([plain], [(plain.path, stored)], verdicts.unread)
    assert sum(files[plain.path].numbers.values()) == 1 and not files[plain.path].kept
