"""What readers would notice: forty planted edits, and properties of typography and numbers."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.language.notice import distance, notice

MATERIAL = (
    # English
    ("en", "It raised $14 billion in May.", "It raised $14 million in May."),
    ("en", "The deal closed in June.", "The deal closed in July."),
    ("en", "Scale AI did say that it would sell.", "Scale AI did not say that it would sell."),
    ("en", "Google announces a model.", "Google announced a model."),
    ("en", "Revenue could rise this year.", "Revenue would rise this year."),
    ("en", "The filing said Ann Smith resigned.", "The filing said Ann Smyth resigned."),
    ("en", "Reuters reported the talks.", "Bloomberg reported the talks."),
    ("en", "Officials called the plan unlawful.", "Officials called the plan lawful."),
    # Dutch
    ("nl", "Het bedrijf ontsloeg 700 mensen.", "Het bedrijf ontsloeg 70 mensen."),
    ("nl", "De overname gaat niet door.", "De overname gaat wel door."),
    ("nl", "Het bestuur kan de fusie weigeren.", "Het bestuur kon de fusie weigeren."),
    ("nl", "Volgens De Vries stijgt de omzet.", "Volgens De Wries stijgt de omzet."),
    ("nl", "De fusie volgt op 3 maart.", "De fusie volgt op 3 april."),
    ("nl", "De toezichthouder neemt een besluit.", "De toezichthouder nam een besluit."),
    # German
    ("de", "Das Unternehmen konnte liefern.", "Das Unternehmen könnte liefern."),
    ("de", "Der Vorstand hat keine Pläne.", "Der Vorstand hat Pläne."),
    ("de", "Der Umsatz stieg um 3,5 Prozent.", "Der Umsatz stieg um 35 Prozent."),
    ("de", "Laut Steinmeier ist das Ziel erreicht.", "Laut Steinmaier ist das Ziel erreicht."),
    # French
    ("fr", "La société annonce un accord.", "La société annonça un accord."),
    ("fr", "Le prix est de 10 000 euros.", "Le prix est de 1 000 euros."),
    ("fr", "L'accord était légal.", "L'accord était illégal."),
    ("fr", "Selon Le Monde, le projet avance.", "Selon Les Échos, le projet avance."),
    # Vietnamese
    ("vi", "Công ty sẽ cắt giảm nhân sự.", "Công ty đã cắt giảm nhân sự."),
    ("vi", "Doanh thu tăng 20 triệu.", "Doanh thu tăng 20 tỷ."),
    ("vi", "Ông Nam chưa trả lời.", "Ông Nam trả lời."),
)
UNNOTICED = (
    ("en", 'He said "yes" -- and left...', "He said “yes” – and left…"),
    ("en", "The goverment agreed to a deal.", "The government agreed to a deal."),
    ("en", "They recieved the the report.", "They received the report."),
    ("en", "It cost 10,000 dollars.", "It cost 10 000 dollars.".replace(" 000", "\u202f000")),
    ("en", "An e-mail to staff", "An email to staff"),
    ("nl", "Zo'n 'deal' kost geld.", "Zo’n “deal” kost geld."),
    ("nl", "De onderhandelingen gaan door.", "De onderhandlingen gaan door."),
    ("nl", "Het  bedrijf groeit snel .", "Het bedrijf groeit snel."),
    ("de", "Die Veröffentlichung verzögert sich.", "Die Veroeffentlichung verzögert sich."),
    ("de", "Die Regirung wird zustimmen.", "Die Regierung wird zustimmen."),
    ("de", "„Ja“, sagte er.", "»Ja«, sagte er."),
    ("fr", "Le developpement continue !", "Le développement continue\u202f!"),
    ("fr", "« Oui », dit-il.", "“Oui”, dit-il."),
    ("vi", "Công ty hoà vốn.", "Công ty hòa vốn."),
    ("vi", "Theo Reuters , giá tăng.", "Theo Reuters, giá tăng."),
)
COMMAS = (  # that tell nothing
    ("en", "However, Google will sell.", "However Google will sell."),
    ("en", "In May, the firm sold its stake, too.", "In May the firm sold its stake too."),
    ("en", "one, two, and three", "one, two and three"),
    ("nl", "Daarna, zei hij, stopte het.", "Daarna zei hij stopte het."),
)


def test_there_are_forty_planted_edits_in_four_languages_and_more() -> None:
    assert (len(MATERIAL), len(UNNOTICED)) == (25, 15)
    assert {row[0] for row in MATERIAL} == {row[0] for row in UNNOTICED} >= {"en", "nl", "de", "fr"}


@pytest.mark.parametrize(("language", "before", "after"), MATERIAL)
def test_what_changes_a_fact_is_noticed(language: str, before: str, after: str) -> None:
    assert notice(before, after, language) == "material"
    assert notice(after, before, language) == "material"


@pytest.mark.parametrize(("language", "before", "after"), (*UNNOTICED, *COMMAS))
def test_typography_and_spelling_are_not(language: str, before: str, after: str) -> None:
    assert notice(before, after, language) != "material"
    assert notice(after, before, language) != "material"


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "a lowercase anthropic model", "a lowercase antrhopic model"),  # a known name
        ("en", "They may be late.", "They maybe late."),  # joined words with a modal
        ("en", "a 2 14 mix", "a 21 4 mix"),  # joined numbers
        ("en", "It fell by -5%", "It fell by 5%"),
        ("en", "He agreed.", "He agreed?"),
        ("en", "They overcome it daily.", "They overcame it daily."),
        ("en", "a 29% stake", "a 29 stake"),
        ("en", "It said the plan failed.", 'It said "the plan failed".'),  # words of another
        ("it", "Il governmo approva.", "Il governo approva."),  # no rules of this language
        ("ja", "政府は合意した。", "政府は合意しない。"),
        ("de", "Die Beförderung folgt.", "Die Befoerdrung folgt nicht."),
        ("es", "La empresa anuncio pérdidas.", "La empresa anunció pérdidas."),
        ("en", "He was prosecuted in Ohio.", "He was persecuted in Ohio."),  # two words
        ("en", "Google confirmed it.", "Google conformed it."),
        ("en", "The staff was retained.", "The staff was retrained."),
        ("en", "They resigned on Friday.", "They re-signed on Friday."),
        ("en", "It told us to stop.", "It told US to stop."),
        ("en", "An interstate dispute.", "An intrastate dispute."),
        ("nl", "De verkoping ging door.", "De verloping ging door."),
        ("de", "Der Antrag wurde abgelehnt.", "Der Antrag wurde angelehnt."),
        ("de", "Er hat das verneint.", "Er hat das vereint."),
        ("de", "Die Beteiligung sank.", "Die Beleidigung sank."),
        ("es", "El acuerdo era posible.", "El acuerdo era imposible."),
        ("en", "The staff who left sued.", "The staff, who left, sued."),  # some of it, or all
        ("en", "It bought Google, Meta and X.", "It bought Google Meta and X."),
        ("en", "It said no, deal or not.", "It said no deal or not."),
        ("nl", "De klanten die vertrokken klaagden.", "De klanten, die vertrokken, klaagden."),
        ("fr", "Les salariés qui partent.", "Les salariés, qui partent."),
        ("es", "Los socios que votaron.", "Los socios, que votaron."),
    ],
)
def test_what_only_looks_like_spelling_is_noticed(language: str, before: str, after: str) -> None:
    assert notice(before, after, language, {"anthropic"}) == "material"


TEXT = (
    'Google said "it" would not sell 14 % of its 3,500 shares in May ; the deal - worth '
    "$29 billion - isn't closed ... (yet) ."
)
WORDS = st.lists(st.sampled_from(TEXT.split()), min_size=1, max_size=20)
TYPOGRAPHY = (
    ("'", "’"), (" - ", " – "), (" - ", " — "), ("...", "…"), (" ", "\u00a0"), (" ", "  "),
    (" ;", "\u202f;"), ("-", "\u2011"), ("o", "o\u00ad"), (" ", "\n"), (" %", "%"),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(WORDS, st.sampled_from(TYPOGRAPHY), st.sampled_from(["en", "nl", "de", "fr", "vi", "it"]))
def test_typography_is_never_material(
    words: list[str], change: tuple[str, str], language: str
) -> None:
    text = " ".join(words)
    assert notice(text, text.replace(*change), language) == "same"


@settings(max_examples=200, deadline=None)
@given(WORDS, st.data(), st.sampled_from(["en", "nl", "de", "fr", "es", "vi", "ja"]))
def test_a_changed_digit_is_always_material(
    words: list[str], data: st.DataObject, language: str
) -> None:
    text = " ".join([*words, "in 2025"])
    at = data.draw(st.sampled_from([m.start() for m in re.finditer(r"\d", text)]))
    digit = data.draw(st.sampled_from([d for d in string.digits if d != text[at]]))
    assert notice(text, f"{text[:at]}{digit}{text[at + 1 :]}", language) == "material"


def test_an_exchange_of_neighbours_is_one_edit() -> None:
    assert [distance("abc", word) for word in ("abc", "acb", "ab", "abd", "cab", "x")] == [
        0, 1, 1, 1, 2, 3,
    ]  # fmt: skip
