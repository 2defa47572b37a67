"""Words of a text for its reading time, in scripts with spaces and without."""

from __future__ import annotations

import pytest

from builder.language.reading import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Scale AI hires – again.", 5),
        ("Báo Dân trí", 3),
        ("谷歌离开" * 39, 92),  # 156 characters, at 390 a minute
        ("谷歌，离开。" * 39, 92),
        ("これは日本語の文。" * 40, 147.2),  # 320 characters, at 500 a minute
        ("谷歌离开 Scale AI", 4.36),
        ("彼はScale AIを買収した", 5.22),
        ("네이버 발표", 2),
        ("ปัญญาประดิษฐ์", 10 / 4.5),
    ],
)
def test_words_are_counted_by_script(text: str, words: float) -> None:
    assert count_words(text) == pytest.approx(words, abs=0.05)
