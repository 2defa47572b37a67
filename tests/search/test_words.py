"""Words and terms of texts: the cases that the search script of a page passes too."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.search.languages import ALGORITHMS
from builder.search.stem import stemmer
from builder.search.words import LONGEST, Terms, words

CASES = [
    line.split("\t")
    for line in Path(__file__).with_name("words.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_case(language: str, text: str, expected: str) -> None:
    terms = Terms(language)
    found = [term for chunk in text.lower().split() for term in terms[chunk]]
    assert found == expected.split(" ")


@given(st.text())
def test_white_space_never_splits_a_word(text: str) -> None:
    """The index splits texts at white space first; a phrase is found in the whole text."""
    whole = list(words(text))
    assert [word for chunk in text.lower().split() for word in words(chunk)] == whole
    for word in whole:
        assert 0 < len(word) <= LONGEST
        assert word == word.strip()
        assert ":" not in word  # which special terms have


@given(st.text())
def test_what_is_typed_is_folded_as_the_text(text: str) -> None:
    """A word that has been folded stays the same."""
    for word in words(text):
        assert "".join(words(word)) == word


@pytest.mark.parametrize("language", ALGORITHMS)
def test_every_language_has_its_stemmer(language: str) -> None:
    stem = stemmer(language)
    assert stem is not None
    assert stem("a" * LONGEST)


def test_stemmers_know_their_language() -> None:
    assert Terms("en-GB")["companies"] == Terms("en-GB")["company"] == ("compani",)
    assert Terms("nl-NL")["bedrijven"] == Terms("nl-NL")["bedrijf"]
    assert Terms("vi")["companies"] == ("companies",)


def test_no_more_words_are_cached_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.search.words._CAPACITY", 10)
    terms = Terms("en")
    for n in range(100):
        assert terms[f"word{n}"] == (f"word{n}",)
    assert len(terms) <= 10
