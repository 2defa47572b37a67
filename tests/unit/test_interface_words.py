"""The words of the interface agree with numbers, genders and places in every language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builder.language.catalogs import Catalogs, package_languages
from builder.model.expectation import DueDate
from builder.model.time import Moment, Precision
from builder.pages.parts.dated import DROPPED, SINCE, UNTIL, Dated, dated
from builder.pages.parts.expectations import due_in_words

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


@pytest.mark.parametrize(
    ("language", "words", "precision", "said"),
    [
        ("en", SINCE, "day", "since 1 June 2025"),
        ("de", SINCE, "day", "seit dem 1. Juni 2025"),
        ("de", SINCE, "month", "seit Juni 2025"),
        ("de", DROPPED, "month", "im Juni 2025 aufgegeben"),
        ("fr", SINCE, "day", "depuis le 1er juin 2025"),
        ("fr", UNTIL, "month", "jusqu’en juin 2025"),
        ("fr", UNTIL, "day", "jusqu’au 1er juin 2025"),
        ("es", SINCE, "year", "desde 2025"),
        ("vi", SINCE, "day", "từ ngày 1/6/2025"),
        ("vi", SINCE, "month", "từ tháng 6/2025"),
        ("vi", SINCE, "year", "từ năm 2025"),
        ("ar", SINCE, "year", "منذ عام 2025"),
        ("ja", SINCE, "year", "2025年から"),
        ("zh", UNTIL, "day", "至2025年6月1日"),
    ],
)
def test_the_words_before_a_date_follow_its_precision(
    language: str, words: Dated, precision: Precision, said: str
) -> None:
    moment = Moment(datetime(2025, 6, 1, tzinfo=UTC), precision)
    tag = "en-GB" if language == "en" else language
    assert dated(Catalogs().words(tag), words, moment).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ["Uiterlijk eind 2026", "Uiterlijk aan het einde van het 3e kwartaal 2026",
                "Uiterlijk eind september 2026", "Uiterlijk op 31 december 2026"]),
        ("es", ["Antes de que acabe 2026", "Antes de que acabe el 3.er trimestre de 2026",
                "Antes de que acabe septiembre de 2026",
                "A más tardar el 31 de diciembre de 2026"]),
        ("zh", ["2026年底前", "2026年第三季度结束前", "2026年9月底前", "最迟2026年12月31日"]),
    ],
)  # fmt: skip
def test_due_dates_by_their_length(language: str, said: list[str]) -> None:
    words = Catalogs().words(language)
    dates = ("2026", "2026-Q3", "2026-09", "2026-12-31")
    over = datetime(2027, 1, 1, tzinfo=UTC)
    found = [due_in_words(words, DueDate(iso, over)) for iso in dates]
    assert [text.replace("\u00a0", " ") for text in found] == said
