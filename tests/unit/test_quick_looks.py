"""What looks at thousands of files at once finds what looking at each would find."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.walk import FileSource, Walk, _names, _visible
from builder.diagnostics.diagnostic import Diagnostic
from builder.output.manifest import _all_inside, _inside
from builder.stat import Stat, last_settled, settles

NAMES = st.text("ab.~#/\0é\n4913", max_size=5)
SECOND = 1_000_000_000
PARTS = st.sampled_from(["a", "a.md", "ab", "a-b", "b", "é"])
TIMES = st.integers(0, 12).map(lambda n: n * SECOND // 4)


@given(st.lists(NAMES))
def test_paths_that_leave_the_output(paths: list[str]) -> None:
    assert _all_inside(paths) is all(map(_inside, paths))


@given(st.lists(st.tuples(st.just(1), TIMES, TIMES, st.just(1))))
def test_last_file_that_settles(stats: list[tuple[int, int, int, int]]) -> None:
    each = (settles(modified, changed) for _, modified, changed, _ in stats)
    assert last_settled(stats) == max(each, default=0)


@given(st.lists(st.text("ab.~#é\n4913swptmk", min_size=1, max_size=5), unique=True))
def test_names_that_are_left_out(names: list[str]) -> None:
    found: list[Diagnostic] = []
    each: list[Diagnostic] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "listdir", lambda _: names)
        shown = [*_names("", "content", found)]
    assert shown == [*_visible(sorted(names), "content", each)]
    assert found == each


@given(st.sets(st.lists(PARTS, min_size=1).map(tuple)))
def test_files_of_a_folder(paths: set[tuple[str, ...]]) -> None:
    files: list[tuple[str, FileSource, Stat]] = [
        ("/".join(("content", *path)), "", (0, 0, 0, 0)) for path in sorted(paths)
    ]
    walk = Walk(files, [])
    assert [file for _, some in walk.folders() for file in some] == files
    for folder in ("a", "a.md", "ab", "b", "c"):
        own = [f for f in files if f"{f[0]}/".startswith(f"content/{folder}/")]
        assert walk.below(folder) == own
        assert [*dict(walk.folders()).get(folder, [])] == own
