"""The words of the interface agree with numbers, genders and places in every language."""

from __future__ import annotations

import pytest

from builder.language.catalogs import Catalogs, package_languages

LANGUAGES = package_languages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_programs_get_the_singular_for_one(language: str) -> None:
    """Not the form of 0, which CLDR puts with 1 in Portuguese, but its catalog does not."""
    words = Catalogs().words(language)
    forms = words.forms("{n} brief", "{n} briefs")
    ones = forms.get("one", forms["other"])
    assert ones == words.form("{n} brief", "{n} briefs", 1)[0]
    assert (ones != forms["other"]) is (language not in ("ja", "vi", "zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_record_of_a_brief_is_not_that_of_corrections(language: str) -> None:
    words = Catalogs().words(language)
    both = {words.of("brief", "The record"), words.of("corrections", "The record")}
    assert len(both) == 2 and "The record" not in both


def test_all_has_the_gender_of_what_it_is_all_of() -> None:
    for language in ("es", "pt"):
        words = Catalogs().words(language)
        assert words.of("sections", "All") == "Todas"
        assert words.of("years", "All") == "Todos"
