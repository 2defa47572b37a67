"""Unnamed people are described in grammatical English, whatever a description begins with."""

from __future__ import annotations

import pytest

from builder.language.unnamed import unnamed_people, with_article


@pytest.mark.parametrize(
    ("number", "description", "words"),
    [
        (0, "familiar with the matter", "people familiar with the matter"),
        (1, "familiar with the matter", "one person familiar with the matter"),
        (0, "close to the founders", "people close to the founders"),
        (2, "who know its plans", "two people who know its plans"),
        (0, "a partner at X", "a partner at X"),
        (1, "a partner at X", "a partner at X"),
        (3, "a partner at X", "three people, each described as a partner at X"),
        (0, "one of its investors", "one of its investors"),
        (0, "the chairman", "the chairman"),
        (0, "senior executive at X", "a senior executive at X"),
        (1, "executive at X", "one executive at X"),
        (0, "investor in X", "an investor in X"),
        (0, "investors in X", "investors in X"),
        (5, "investors in X", "five investors in X"),
        (1, "former employees", "one of the former employees"),
        (2, "the company's lawyers", "two of the company's lawyers"),
        (0, "two bankers", "two bankers"),
        (2, "two bankers", "two bankers"),
        (0, "senior", "people senior"),
        (12, "", "12 unnamed people"),
        (1, "", "one unnamed person"),
    ],
)
def test_description(number: int, description: str, words: str) -> None:
    assert unnamed_people(number, description, "en-GB").words == words


def test_one_person_is_told_from_several() -> None:
    said = ((1, ""), (0, "a partner"), (1, "investors"), (0, "investors"), (0, "two bankers"))
    assert [unnamed_people(*of, "en").is_one for of in said] == [True, True, True, False, False]


def test_other_languages_are_left_alone() -> None:
    assert unnamed_people(5, "een partner", "nl").words == "5 people een partner"


def test_an_article_is_added_to_a_noun_alone() -> None:
    assert with_article("analyst at X") == "an analyst at X"
    for description in ("a spokesperson", "in charge of sales", "the chairman"):
        assert with_article(description) == description
