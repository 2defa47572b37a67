"""Stemmers in the search script: translated from the Python, with the same stems."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module, metadata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.search.javascript import (
    LICENCE,
    UnknownShape,
    _expression,
    _statement,
    _table,
    translate_stemmer,
)
from builder.search.languages import ALGORITHMS
from support.scripts import run_script
from support.tools import REPOSITORY

# All that there are, so that a language needs no more than a line.
EVERY = sorted(
    file.name.removesuffix("_stemmer.py")
    for file in metadata.files("snowballstemmer") or ()
    if file.name.endswith("_stemmer.py")
)
STEM = """return data.map(([rules, words]) => {
  const stem = slugline.stemmer(rules);
  return words.map(word => stem(word));
});"""


@cache
def vocabulary() -> list[str]:
    """The words of the repository's briefs, of the cases of messages, and of all lexicons."""
    folders = ("content/**/*.md", "tests/check/cases/*.md", "builder/language/lexicons/*.toml")
    texts = [file.read_text("utf-8") for found in folders for file in REPOSITORY.glob(found)]
    return sorted({word for text in texts for word in re.findall(r"[^\W_]+", text.lower())})


def in_python(algorithm: str, words: list[str]) -> list[str]:
    module = import_module(f"snowballstemmer.{algorithm}_stemmer")
    name = "".join(part.capitalize() for part in algorithm.split("_"))
    stemmer = getattr(module, f"{name}Stemmer")()
    return [stemmer.stemWord(word) for word in words]


def differences(words: Mapping[str, list[str]]) -> dict[str, list[tuple[str, str, str]]]:
    """Of the words for each algorithm, those with other stems; in one process, which takes long to
    start."""
    data = [(json.loads(translate_stemmer(name)), found) for name, found in words.items()]
    ours = run_script(STEM, data)
    stems = zip(words.items(), ours, strict=True)
    return {
        name: [
            row for row in zip(found, in_python(name, found), stemmed, strict=True)
            if row[1] != row[2]
        ]
        for (name, found), stemmed in stems
    }  # fmt: skip


def sample(algorithm: str) -> list[str]:
    """Real words, and words with the letters and endings that an algorithm knows."""
    tables = json.loads(translate_stemmer(algorithm))["tables"].values()
    pick = random.Random(algorithm)
    letters = sorted({c for table in tables for part in table for c in part})
    endings = sorted({part for table in tables if isinstance(table, dict) for part in table})

    def made(longest: int) -> str:
        return "".join(pick.choice(letters) for _ in range(pick.randint(0, longest)))

    words = pick.sample(vocabulary(), 400)
    words += [made(14) for _ in range(400)]
    words += [made(6) + pick.choice(endings) + pick.choice(["", *endings]) for _ in range(800)]
    return words


@pytest.fixture(scope="module")
def other_stems() -> dict[str, list[tuple[str, str, str]]]:
    return differences({algorithm: sample(algorithm) for algorithm in EVERY})


@pytest.mark.parametrize("algorithm", EVERY)
def test_stems_are_those_of_python(
    algorithm: str, other_stems: dict[str, list[tuple[str, str, str]]]
) -> None:
    assert other_stems[algorithm] == []


@settings(max_examples=5)
@given(st.lists(st.text(alphabet="aeiouysltdnrgäßéø'’0İ\u0301\u2028", max_size=12), min_size=50))
def test_stems_of_any_text(words: list[str]) -> None:
    algorithms = ("english", "dutch", "turkish", "finnish")
    assert differences(dict.fromkeys(algorithms, words)) == {name: [] for name in algorithms}


def test_every_language_has_its_stemmer() -> None:
    assert {*ALGORITHMS.values()} <= {*EVERY}
    lexicons = {f.stem for f in (REPOSITORY / "builder/language/lexicons").glob("*.toml")}
    without = {"bg", "he", "ja", "ko", "th", "uk", "vi", "zh"}  # Snowball has none
    assert lexicons - without <= ALGORITHMS.keys()
    assert not without & ALGORITHMS.keys()


def test_the_licence_goes_along() -> None:
    (file,) = (f for f in metadata.files("snowballstemmer") or () if f.name == "COPYING")
    assert LICENCE.split() == file.read_text().split()
    assert json.loads(translate_stemmer("english"))["licence"] == LICENCE


@pytest.mark.parametrize(
    "source",
    ["del x", "self.unknown()", "a * b", "a if b else c", "x = y = 1", "while x: pass", "a < b < c",
     "try:\n f()\nexcept lab0: print()", "for i in range(9): pass", "a and b", "f(x)"],
)  # fmt: skip
def test_an_unknown_shape_is_an_error(source: str) -> None:
    """So that a later version of the stemmers cannot be translated to something else."""
    with pytest.raises(UnknownShape):
        _statement(ast.parse(source).body[0])


def test_an_unknown_table_is_an_error() -> None:
    for source in ("{1: 2}", "[x]", "{1}", "f()"):
        with pytest.raises(UnknownShape):
            _table(ast.parse(source, mode="eval").body)
    with pytest.raises(UnknownShape):
        _expression(ast.parse("[1]", mode="eval").body)
