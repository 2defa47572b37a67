"""Corrections proposed from the difference between two versions."""

from __future__ import annotations

import pytest

from builder.editing.proposal import NothingToCorrect, propose_correction
from builder.model.version import Part, VersionWords

SAID = (("status", "claimed"), ("by", "Ann Bell"))


def words(*parts: Part, lang: str = "en") -> VersionWords:
    return VersionWords(lang, parts)


def text(line: str) -> Part:
    return Part("text", line)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ([text("The goverment agreed.")], [text("The government agreed.")], "spelling"),
        ([text("It cut 700 jobs.")], [text("It cut 70 jobs.")], "factual"),
        ([text("It met Ann Bell.")], [text("It met Ann Ball.")], "factual"),
        ([text("It sold much of it.")], [text("It sold most of it.")], "clarification"),
        ([], [text("The firm did not comment.")], "omission"),
        (
            [Part("claim", "It grew.", SAID)],
            [Part("claim", "It grew.", (("status", "claimed"), ("by", "Bob Bell")))],
            "attribution",
        ),
        (
            [Part("claim", "It grew.", SAID)],
            [Part("claim", "It grew.", (("status", "denied"), ("by", "Ann Bell")))],
            "factual",
        ),
        (
            [text("The goverment agreed."), text("It cut 700 jobs.")],
            [text("The government agreed."), text("It cut 70 jobs.")],
            "factual",
        ),
    ],
)
def test_the_kind_is_that_of_the_weightiest_change(
    old: list[Part], new: list[Part], kind: str
) -> None:
    assert propose_correction(words(*old), words(*new))["kind"] == kind


def test_what_changes_in_a_translation_is_its_translation() -> None:
    old, new = words(text("Es kaufte viel.")), words(text("Es verkaufte alles."))
    assert propose_correction(old, new, translation=True)["kind"] == "translation"


def test_an_entry_quotes_a_few_words_beside_the_change() -> None:
    old = "One two three four five six seven 8 nine ten eleven twelve thirteen fourteen."
    new = old.replace("8", "80")
    found = propose_correction(words(text(old)), words(text(new)))
    assert found["was"] == "four five six seven 8 nine ten eleven twelve"
    assert found["now"] == "four five six seven 80 nine ten eleven twelve"


def test_a_figure_is_printed_as_readers_read_it() -> None:
    old, new = (
        words(Part("figure", "valuation", (("value", value), ("of", "Scale AI"))))
        for value in ("14bn USD", "29bn USD")
    )
    found = propose_correction(old, new)
    assert found == {
        "kind": "factual",
        "was": "valuation: $14 billion, Scale AI",
        "now": "valuation: $29 billion, Scale AI",
    }


def test_words_that_only_went_need_a_sentence_of_an_editor() -> None:
    with pytest.raises(NothingToCorrect, match="add `--now`"):
        propose_correction(words(text("It grew."), text("It shrank.")), words(text("It grew.")))
    with pytest.raises(NothingToCorrect, match="those that readers have"):
        propose_correction(words(text("It ‘grew’.")), words(text("It “grew”.")))
