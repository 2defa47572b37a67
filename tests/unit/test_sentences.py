"""A figure that begins a sentence begins with a capital."""

from __future__ import annotations

import pytest

from builder.language.capitals import with_capital
from builder.language.quantities import print_quantity
from builder.language.sentences import capitalise, opens_sentence
from builder.quantity.parse import parse_quantity

OPENS = [
    "", "<p>", "<h2 id=\"a\">", "<ul>\n<li>", "<li><strong>", "<p>It grew. ", "<p>Did it? ",
    "<p>“It grew.” ", "<p>It grew (twice!) ", "<p>It <em>grew.</em> ", "<p>It grew.<br>\n",
    "<p>It grew.\n", "<p>(", "<p>It grew. (", "<p>It grew. <a href=\"/x/\">", "<p>In 2024. ",
    "<p>“It grew.”</p>\n",
]  # fmt: skip
GOES_ON = [
    "<p>It owns ", "<p>Its share: ", "<p>Its share:", "<p>“", "<p>It says “", "<p>It grew (",
    "<td>", "<th>", "<p>Acme Inc. ", "<p>by approx. ", "<p>in the U.S. ", "<p>It is 1.", "<p>A, ",
    "<p>from J. ", "<p>It grew… ", "<p>It owns <strong>", "<p>one; ", "<p>z.B. ", "<p>x – ",
]  # fmt: skip


@pytest.mark.parametrize("before", OPENS)
def test_a_sentence_begins(before: str) -> None:
    assert opens_sentence(before)


@pytest.mark.parametrize("before", GOES_ON)
def test_a_sentence_goes_on(before: str) -> None:
    assert not opens_sentence(before)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "About 49%"), ("nl", "Ongeveer 49%"), ("fr", "Environ 49\u00a0%"), ("ja", "約49%"),
        ("ko", "≈49%"), ("es", "Alrededor de 49\u00a0%"),
    ],
)  # fmt: skip
def test_in_languages_with_capitals(language: str, words: str) -> None:
    printed = print_quantity(parse_quantity("about 49%"), language)
    assert capitalise(printed) == words
    assert capitalise("49%") == "49%" and capitalise("€5") == "€5"
    assert capitalise("xAI is") == with_capital("xAI is", language) == "xAI is"
