"""Quantities are read exactly or refused with the place; nothing that was written is rounded."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from babel.numbers import list_currencies
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.diagnostics.misread import MisreadAt
from builder.language.amounts_in_text import mentioned
from builder.language.lexicon import lexicons
from builder.language.quantities import print_quantity, print_short
from builder.quantity.parse import parse_quantity
from builder.quantity.quantity import (
    Plain,
    Quantity,
    as_plain,
    as_written,
    conflict,
    same_amount,
)
from builder.quantity.units import _SPELLINGS, CURRENCIES, SCALES

# As it is written, as it is written back, and its exact ends.
ACCEPTED = [
    ("14bn USD", "14bn USD", "14000000000", "14000000000"),
    ("  14 bn USD ", "14bn USD", "14000000000", "14000000000"),
    ("14 billion USD", "14bn USD", "14000000000", "14000000000"),
    ("USD 14.80bn", "14.80bn USD", "14800000000", "14800000000"),
    ("870mn users", "870m users", "870000000", "870000000"),
    ("1 tn tokens", "1tn tokens", "1000000000000", "1000000000000"),
    ("150 thousand H100 GPUs", "150k H100 GPUs", "150000", "150000"),
    ("14_000_000 USD", "14000000 USD", "14000000", "14000000"),
    ("14 000 000 USD", "14000000 USD", "14000000", "14000000"),
    ("14\u202f000 USD", "14000 USD", "14000", "14000"),
    ("49%", "49%", "49", "49"),
    ("49.50 %", "49.50%", "49.5", "49.5"),
    ("3x", "3x", "3", "3"),
    ("3 ×", "3x", "3", "3"),
    ("-5%", "-5%", "-5", "-5"),
    ("−5.0 pp", "-5.0 pp", "-5", "-5"),
    ("200 full-time employees", "200 full-time employees", "200", "200"),
    ("200 người", "200 người", "200", "200"),
    ("5 USD per hour", "5 USD/hour", "5", "5"),
    ("USD 5/hour", "5 USD/hour", "5", "5"),
    ("15 USD/million tokens", "15 USD/million tokens", "15", "15"),
    ("1bn..2bn USD", "1bn..2bn USD", "1000000000", "2000000000"),
    ("1..2bn USD", "1bn..2bn USD", "1000000000", "2000000000"),
    ("500 USD..2bn USD", "500 USD..2bn USD", "500", "2000000000"),
    ("500m .. 2bn USD", "500m..2bn USD", "500000000", "2000000000"),
    ("1k..2500 USD", "1k..2500 USD", "1000", "2500"),
    ("-5..-2%", "-5..-2%", "-5", "-2"),
    ("up to 100 USD", "up to 100 USD", "100", "100"),
    ("Over 200 people", "more than 200 people", "200", "200"),
    ("~3x", "about 3x", "3", "3"),
    ("about 1..2%", "about 1..2%", "1", "2"),
    ("<= 5%", "up to 5%", "5", "5"),
    ("≥5 GW", "at least 5 GW", "5", "5"),
    ("under 5 GW", "less than 5 GW", "5", "5"),
    # As newspapers, filings and spreadsheets write it.
    ("$22.1B", "22.1bn USD", "22100000000", "22100000000"),
    ("US$ 22.1 bn", "22.1bn USD", "22100000000", "22100000000"),
    ("22.1B$", "22.1bn USD", "22100000000", "22100000000"),
    ("C$3m", "3m CAD", "3000000", "3000000"),
    ("€385m", "385m EUR", "385000000", "385000000"),
    ("385 €", "385 EUR", "385", "385"),
    ("-€3bn", "-3bn EUR", "-3000000000", "-3000000000"),
    ("EUR 385 million", "385m EUR", "385000000", "385000000"),
    ("385 miljoen euro", "385m EUR", "385000000", "385000000"),
    ("1,5 Mrd. Euro", "1.5bn EUR", "1500000000", "1500000000"),
    ("RMB 5bn", "5bn CNY", "5000000000", "5000000000"),
    ("14 usd", "14 USD", "14", "14"),
    ("14bn dollars", "14bn USD", "14000000000", "14000000000"),
    ("5 dollars per hour", "5 USD/hour", "5", "5"),
    ("$5/hour", "5 USD/hour", "5", "5"),
    ("14M USD", "14m USD", "14000000", "14000000"),
    ("14B USD", "14bn USD", "14000000000", "14000000000"),
    ("1.5T parameters", "1.5tn parameters", "1500000000000", "1500000000000"),
    ("70B parameters", "70bn parameters", "70000000000", "70000000000"),
    ("1M tokens", "1m tokens", "1000000", "1000000"),
    ("14 mld USD", "14bn USD", "14000000000", "14000000000"),
    ("+265%", "265%", "265", "265"),
    ("-3 pp", "-3 pp", "-3", "-3"),
    ("–3 percentage points", "-3 pp", "-3", "-3"),
    ("49 percent", "49%", "49", "49"),
    ("3 times", "3x", "3", "3"),
    ("3.5X", "3.5x", "3.5", "3.5"),
    ("14,000,000 USD", "14000000 USD", "14000000", "14000000"),
    ("14.000.000 USD", "14000000 USD", "14000000", "14000000"),
    ("1'200'000 users", "1200000 users", "1200000", "1200000"),
    ("1.200,5 users", "1200.5 users", "1200.5", "1200.5"),
    ("1,200.5 users", "1200.5 users", "1200.5", "1200.5"),
    ("1 200,5 users", "1200.5 users", "1200.5", "1200.5"),
    ("0,125 GW", "0.125 GW", "0.125", "0.125"),
    ("200-300 people", "200..300 people", "200", "300"),
    ("200 – 300 people", "200..300 people", "200", "300"),
    ("10–12bn USD", "10bn..12bn USD", "10000000000", "12000000000"),
    ("$10bn-$12bn", "10bn..12bn USD", "10000000000", "12000000000"),
    ("$10–12B", "10bn..12bn USD", "10000000000", "12000000000"),
    ("between 10 and 12bn USD", "10bn..12bn USD", "10000000000", "12000000000"),
    ("about 10% to 12%", "about 10..12%", "10", "12"),
    ("-3–-1%", "-3..-1%", "-3", "-1"),
    ("10 GPT-4 users", "10 GPT-4 users", "10", "10"),
    ("10m GPT-4 users", "10m GPT-4 users", "10000000", "10000000"),
    ("> $10bn", "more than 10bn USD", "10000000000", "10000000000"),
    ("≈ 3x", "about 3x", "3", "3"),
    ("as many as 200 people", "up to 200 people", "200", "200"),
    ("5bn USDT", "5bn USDT", "5000000000", "5000000000"),
    ("3 wafers", "3 wafers", "3", "3"),
    ("$1,000", "1000 USD", "1000", "1000"),
    ("100,000 GPUs", "100000 GPUs", "100000", "100000"),
]


@pytest.mark.parametrize(("text", "written", "low", "high"), ACCEPTED)
def test_is_read(text: str, written: str, low: str, high: str) -> None:
    quantity = parse_quantity(text)
    assert as_written(quantity) == written
    assert as_plain(quantity)[:2] == (low, high)
    assert parse_quantity(written) == quantity


# The text, where in it the mistake is (column, width), and words of the message or the hint.
REFUSED = [
    ("", 1, 1, "the value is empty"),
    ("   ", 1, 3, "the value is empty"),
    ("USD", 1, 3, "the number is missing"),
    ("14bn", 1, 4, "the number has no unit"),
    ("14", 1, 2, "the number has no unit"),
    ("14.000 USD", 1, 6, "write `14000` or `14`"),
    ("14 00 USD", 1, 5, "not in groups of three"),
    ("14 000_000 USD", 1, 10, "not in groups of three"),
    ("007 people", 1, 3, "does not begin with 0"),
    ("1234567890123456 USD", 1, 16, "at most 15 digits"),
    ("1.1234567890 USD", 1, 12, "at most 15 digits"),
    ("14bn UDS", 6, 3, "did you mean `USD`?"),
    ("UDS 14bn", 1, 3, "did you mean `USD`?"),
    ("14bn QQQ", 6, 3, "three capitals are a currency"),
    ("14bnUSD", 3, 5, "write `bn USD`"),
    ("14bn million USD", 6, 7, "a number has only one scale"),
    ("14bn%", 1, 5, "`%` does not take a scale"),
    ("USD 14bn EUR", 10, 3, "two units"),
    ("14 USD EUR", 8, 3, "more than one unit"),
    ("200 people USD", 12, 3, "more than one unit"),
    ("49% people", 5, 6, "more than one unit"),
    ("5 a/b/c", 7, 1, "a rate has only one `/`"),
    ("5 USD/", 3, 4, "is not a unit"),
    ("5 %/hour", 3, 6, "is not a rate"),
    ("NaN USD", 1, 3, "is not a number"),
    ("∞ USD", 1, 1, "is not a number"),
    ("14e9 USD", 1, 4, "has an exponent"),
    ("１4bn USD", 1, 1, "write `1`"),
    ("1٤bn USD", 2, 1, "write `4`"),
    ("½ people", 1, 1, "write `0.5`"),
    ("⅓ people", 1, 1, "decimal number"),
    ("10² people", 3, 1, "write `2`"),
    ("1O0 USD", 1, 3, "a letter among its digits"),
    ("20 U\u0405Ds", 4, 4, "two alphabets"),
    ("2..1bn USD", 1, 10, "runs backwards"),
    ("500..2bn USD", 1, 12, "the scale `bn` applies to both"),
    ("2..2.0%", 1, 7, "both ends of the range are the same"),
    ("1 USD..2 EUR", 10, 3, "mixes units"),
    ("1..", 4, 1, "a range has two ends"),
    ("..2%", 1, 1, "a range has two ends"),
    ("1..2..3%", 5, 2, "a range has two ends"),
    ("1...2%", 2, 3, "two dots"),
    ("up to 1..2%", 1, 5, "cannot be combined with a range"),
    ("nearly 5%", 1, 6, "not exact enough"),
    ("abuot 5%", 1, 5, "did you mean `about`?"),
    ("200+ people", 1, 4, "write `at least 200`"),
    (".5%", 1, 2, "write `0.5`"),
    ("5\n%", 2, 1, "U+000A"),
    ("5 peo\u200bple", 6, 1, "U+200B"),
    ("5 " + "a" * 41, 3, 41, "the limit is 40"),
    ("1" * 121, 1, 121, "the limit is 120"),
    ("22.1B", 1, 5, "as in `22.1bn USD`"),
    ("¥500bn", 1, 1, "`JPY` or `CNY`"),
    ("1,200 people", 1, 5, "write `1200` or `1.2`"),
    ("1,20,000 people", 1, 8, "not in groups of three"),
    ("1.200,5.3 people", 1, 9, "not in groups of three"),
    ("-$-5m", 3, 1, "only one sign"),
    ("14.3bn USDD", 8, 4, "did you mean `USD`?"),
    ("14bn dolars", 6, 6, "did you mean `USD`?"),
    ("14 bilion USD", 4, 6, "did you mean `billion`?"),
    ("49 percnt", 4, 6, "did you mean `%`?"),
    ("200 poeple", 5, 6, "did you mean `people`?"),
    ("14BUSD", 3, 4, "write `bn USD`"),
    ("5t USD", 2, 1, "`tn` for trillions"),
    ("5 crore rupees", 3, 5, "multiplying by 10"),
    ("5bn won", 5, 3, "`KRW`"),
    ("a dozen people", 1, 7, "write `12 people`, or `about 12 people`"),
    ("half a dozen people", 1, 12, "write `6 people`"),
    ("half a billion dollars", 1, 14, "write `0.5bn dollars`"),
    ("a million users", 1, 9, "write `1m users`"),
    ("tens of thousands of GPUs", 1, 17, "`at least 20k GPUs`"),
    ("a dozen", 1, 7, "write `12 people`"),
    ("Rs. 500", 1, 2, "`INR`, `PKR` or `LKR`"),
    ("dozens of people", 1, 6, "`at least 24 people`"),
    ("a few hundred people", 1, 13, "`at least 200 people`"),
    ("two hundred people", 1, 11, "write `200 people`"),
]


@pytest.mark.parametrize(("text", "column", "width", "words"), REFUSED)
def test_is_refused_with_its_place(text: str, column: int, width: int, words: str) -> None:
    with pytest.raises(MisreadAt) as caught:
        parse_quantity(text)
    error = caught.value
    assert (error.column, error.width) == (column, width)
    assert words in f"{error.message}; {error.hint}"
    assert error.hint


def test_codes() -> None:
    for text, code in (
        ("", "empty-value"),
        ("1 USD..2 EUR", "mixed-units"),
        ("14", "invalid-quantity"),
    ):
        with pytest.raises(MisreadAt) as caught:
            parse_quantity(text)
        assert caught.value.code == code


def test_babel_knows_every_currency() -> None:
    assert list_currencies() >= CURRENCIES


# --- properties --------------------------------------------------------------------------------

MARKS = st.sampled_from(
    [("", "."), (",", "."), (".", ","), (" ", ","), ("\u202f", "."), ("'", ".")]
)


@given(
    st.integers(0, 10**12), st.integers(0, 99), MARKS, st.sampled_from(["$", "€", "USD ", "US$"])
)
def test_separators_of_any_country_are_read(
    whole: int, cents: int, marks: tuple[str, str], sign: str
) -> None:
    """Two decimals cannot be thousands, so every country's way to write them is clear."""
    thousands, point = marks
    text = f"{sign}{whole:,}".replace(",", thousands) + f"{point}{cents:02}"
    assert parse_quantity(text).low == Decimal(f"{whole}.{cents:02}")


@given(st.integers(1, 10**11), st.sampled_from([*SCALES, *_SPELLINGS]))
def test_every_scale_is_written_back(number: int, word: str) -> None:
    quantity = parse_quantity(f"{number} {word} USD")
    power = {**SCALES, **_SPELLINGS}[word]
    assert quantity.low == Decimal(number).scaleb(power)
    assert parse_quantity(as_written(quantity)) == quantity


def test_scales_mean_in_front_matter_what_they_mean_in_texts() -> None:
    """No word of a lexicon stands for another power in a figure, but English ones."""
    english = {*SCALES, "billions", "trillions", "b"}
    powers = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
    for tag, found in lexicons().items():
        for name, power in powers.items():
            words = getattr(found.amounts.scales, name) if found.amounts else ()
            for word in words:
                known = {**SCALES, **_SPELLINGS}.get(word.rstrip("."), power)
                assert known == power or word in english, f"{tag}: {word}"


UNITS = st.sampled_from(
    ["USD", "EUR", "VND", "people", "H100 GPUs", "GW", "USD/hour", "USD/million tokens", "tokens"]
)
FACTOR = st.sampled_from(["%", "pp", "x"])
SCALE = st.sampled_from(["", "k", "m", "bn", "tn"])
NUMBER = st.decimals(-(10**9), 10**9, places=4) | st.integers(0, 10**14).map(Decimal)
BOUND = st.sampled_from(["", "up to ", "at least ", "about ", "more than ", "less than "])


@st.composite
def written(draw: st.DrawFn) -> str:
    factor = draw(st.booleans())
    unit = draw(FACTOR if factor else UNITS)
    ends = [(draw(NUMBER), "" if factor else draw(SCALE)) for _ in range(draw(st.integers(1, 2)))]
    power = {"": 0, "k": 3, "m": 6, "bn": 9, "tn": 12}
    ends.sort(key=lambda end: end[0].scaleb(power[end[1]]))
    if len({number.scaleb(power[scale]) for number, scale in ends}) == 1:
        ends = ends[:1]
    bound = draw(BOUND) if len(ends) == 1 else draw(st.sampled_from(["", "about "]))
    return bound + "..".join(f"{number:f}{scale} {unit}" for number, scale in ends)


@given(written())
def test_what_is_written_is_read_again(text: str) -> None:
    quantity = parse_quantity(text)
    assert parse_quantity(as_written(quantity)) == quantity
    assert as_written(parse_quantity(as_written(quantity))) == as_written(quantity)
    for kind in (msgspec.json, msgspec.msgpack):
        stored = kind.encode(quantity)
        assert kind.decode(stored, type=Quantity) == quantity
        assert kind.encode(parse_quantity(as_written(quantity))) == stored
    assert not quantity.is_computed
    assert not conflict(quantity, quantity)


@given(st.decimals(0, 10**6, places=4), SCALE)
def test_printing_keeps_every_digit(number: Decimal, scale: str) -> None:
    """English digits, put back at their scale, are the exact value."""
    quantity = parse_quantity(f"{number:f}{scale} people")
    digits, *words = print_quantity(quantity, "en").split("\u00a0")
    power = {"million": 6, "billion": 9, "trillion": 12}
    factor = power.get(words[0], 0)
    assert Decimal(digits.replace(",", "")).scaleb(factor) == quantity.low


@given(written(), st.sampled_from(["en", "nl", "ja", "ar", "hi"]))
@settings(max_examples=60)
def test_whatever_is_written_is_printed(text: str, language: str) -> None:
    quantity = parse_quantity(text)
    assert quantity.unit.split("/")[-1] in print_quantity(quantity, language) or quantity.unit in (
        "USD", "EUR", "VND", "x", "pp", "USD/hour", "people",
    )  # fmt: skip
    assert print_short(quantity, language)


ANY = st.text(st.sampled_from("0123456789 .,-−–%x$€kmbnUSDEuropt/~<>_٣e\n\u00a0²ʼ"), max_size=24)


@given(ANY | st.text(max_size=30) | written().map(lambda text: text[1:]))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_within_it(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except MisreadAt as error:
        assert error.column >= 1 and error.width >= 1
        assert error.column + error.width - 1 <= max(1, len(text)) + 1
    else:
        assert parse_quantity(as_written(quantity)) == quantity


# --- words -------------------------------------------------------------------------------------

PRINTED = {
    "14bn USD": {
        "en": "$14_billion", "en-GB": "$14_billion", "nl": "14_miljard_dollar",
        "de": "14_Milliarden_Dollar", "fr": "14_milliards_de_dollars", "vi": "14_tỷ_USD",
        "ja": "140億ドル", "zh": "140亿美元", "es": "14_mil_millones_de_dólares",
        "pt": "14_bilhões_de_dólares", "ar": "14_مليار_دولار",
    },
    "14000m USD": {"en": "$14_billion", "ja": "140億ドル"},
    "14.75bn USD": {"en": "$14.75_billion", "nl": "14,75_miljard_dollar", "ja": "147.5億ドル"},
    "14.80bn USD": {"en": "$14.80_billion", "de": "14,80_Milliarden_Dollar"},
    "1bn EUR": {"en": "€1_billion", "de": "1_Milliarde_Euro", "fr": "1_milliard_d’euros",
        "pt": "1_bilhão_de_euros", "ar": "1_مليار_يورو",
    },
    "2m GBP": {"de": "2_Millionen_Pfund", "pt": "2_milhões_de_libras", "ja": "200万ポンド"},
    "2m CHF": {"pt": "2_milhões_de_francos suíços", "ja": "200万スイスフラン"},
    "3bn CNY": {"zh": "30亿元人民币", "vi": "3_tỷ_nhân dân tệ", "fr": "3_milliards_de_yuans"},
    "870m USD": {"en": "$870_million", "vi": "870_triệu_USD", "fr": "870_millions_de_dollars"},
    "150k USD": {"en": "$150,000", "nl": "US$_150.000", "de": "150.000_$"},
    "14 000 000 USD": {"en": "$14,000,000"},
    "100.5 USD": {"en": "$100.50", "fr": "100,50_$US"},
    "14 USD": {"ja": "14ドル", "zh": "14美元", "vi": "14_USD", "pt": "US$_14"},
    "14bn CHF": {"en": "CHF_14_billion"},
    "-14bn USD": {"en": "-$14_billion", "nl": "-14_miljard_dollar"},
    "49%": {"en": "49%", "de": "49_%", "ja": "49%"},
    "17.20%": {"en": "17.20%", "nl": "17,20%"},
    "3x": {
        "en": "3_times", "vi": "3_lần", "de": "3×", "ja": "3倍", "ar": "3_مرات", "pt": "3_vezes",
    },
    "20x": {"ar": "20_مرة"},
    "1x": {"en": "1×", "es": "1_vez"},
    "1 pp": {"en": "1_percentage_point", "nl": "1_procentpunt", "ja": "1ポイント", "ko": "1_pp"},
    "2.5 pp": {"en": "2.5_percentage_points", "de": "2,5_Prozentpunkte"},
    "3 pp": {"es": "3_puntos_porcentuales", "ar": "3_نقاط_مئوية", "zh": "3个百分点"},
    "14 pp": {"pt": "14_pontos_percentuais", "ar": "14_نقطة_مئوية"},
    "12345 people": {"en": "12,345_people", "nl": "12.345_mensen", "ja": "12,345人"},
    "1 people": {"en": "1_person", "de": "1_Person"},
    "700m people": {
        "fr": "700_millions_de_personnes", "es": "700_millones_de_personas",
        "zh": "7亿人", "vi": "700_triệu_người", "ar": "700_مليون_شخص", "sv": "700_miljoner_people",
    },
    "870m users": {
        "en": "870_million_users", "ja": "8.7億_users",
        "fr": "870_millions_d’users",
    },
    "870m utilisateurs": {"fr": "870_millions_d’utilisateurs"},
    "200 人": {"ja": "200人", "zh": "200人"},
    "1bn..2bn USD": {"en": "$1–2_billion", "nl": "1–2_miljard_dollar", "ja": "10–20億ドル"},
    "1bn..2bn EUR": {"de": "1–2_Milliarden_Euro"},
    "500m..2bn USD": {"en": "$500_million – $2_billion", "ja": "5–20億ドル"},
    "10..20%": {"en": "10–20%", "de": "10–20_%"},
    "-5..-2%": {"en": "-5% – -2%"},
    "up to 100 USD": {
        "en": "up to $100", "nl": "hooguit US$_100", "de": "bis zu 100_$", "ja": "最大100ドル",
        "fr": "jusqu’à 100_$US", "vi": "tối đa 100_USD", "es": "hasta 100_US$",
    },
    "over 200 people": {"en": "more than 200_people", "fr": "plus de 200_personnes"},
    "about 3x": {"en": "about 3_times", "nl": "ongeveer 3_keer", "ja": "約3倍", "ko": "≈3×"},
    "about 14bn USD": {
        "nl": "ongeveer 14_miljard_dollar", "de": "etwa 14_Milliarden_Dollar",
        "fr": "environ 14_milliards_de_dollars", "es": "alrededor de 14_mil_millones_de_dólares",
        "pt": "aproximadamente 14_bilhões_de_dólares", "ar": "نحو 14_مليار_دولار",
        "zh": "约140亿美元", "ja": "約140億ドル", "vi": "khoảng 14_tỷ_USD",
    },
    "at least 49%": {
        "ja": "49%以上", "zh": "至少49%",
        "ar": "ما لا يقل عن 49%", "pt": "pelo menos 49%",
    },
    "under 49%": {"ja": "49%未満", "zh": "不到49%", "es": "menos de 49_%"},
    "5 USD/hour": {
        "en": "$5 per hour", "de": "5_$ pro Stunde", "ja": "5ドル/時間",
        "fr": "5_$US par heure", "ar": "5_دولار في الساعة", "vi": "5_USD/giờ",
    },
    "5 USD/user": {"de": "5_$ pro user", "es": "5_US$ por user"},
}  # fmt: skip
SHORT = {
    "14.75bn USD": {
        "en": "$14.75bn", "nl": "US$_14,75_mld.", "ja": "147.5億ドル", "zh": "147.5亿美元",
        "ar": "14.75_مليار_دولار", "vi": "14,75_tỷ_USD",
    },
    "150k USD": {"en": "$150k", "de": "150.000_$", "ja": "15万ドル", "ar": "150_ألف_دولار"},
    "100 USD": {"en": "$100", "ar": "100_دولار", "he": "100_דולר אמריקאי", "zh": "100美元"},
    "3bn CNY": {"zh": "30亿元人民币", "ar": "3_مليار_يوان"},
    "up to 100 USD": {"en": "≤$100", "nl": "≤US$_100"},
    "1bn..2bn USD": {"en": "$1–2bn"},
    "870m users": {"en": "870m_users", "fr": "870_M_users"},
    "5 pp": {"en": "5_pp"},
    "5 USD/hour": {
        "en": "$5/hour", "nl": "US$_5 per uur", "ja": "5ドル/時間", "zh": "5美元/小时",
        "he": "5_דולר אמריקאי/שעה", "vi": "5_USD/giờ",
    },
    "5 USD/user": {"nl": "US$_5/user", "ja": "5ドル/user"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [(text, *pair) for text, words in PRINTED.items() for pair in words.items()],
)
def test_in_words(text: str, language: str, words: str) -> None:
    assert print_quantity(parse_quantity(text), language) == words.replace("_", "\u00a0")


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [(text, *pair) for text, words in SHORT.items() for pair in words.items()],
)
def test_in_short(text: str, language: str, words: str) -> None:
    assert print_short(parse_quantity(text), language) == words.replace("_", "\u00a0")


def test_for_machines() -> None:
    assert as_plain(parse_quantity("up to 14.80bn USD")) == Plain(
        "14800000000", "14800000000", "USD", "up to"
    )


# --- comparison --------------------------------------------------------------------------------

COMPARED = [
    ("14bn USD", "14000m USD", False),
    ("14.3bn USD", "14.8bn USD", True),
    ("14.3bn USD", "14.3bn EUR", False),
    ("200 people", "700 people", True),
    ("200 employees", "201 Employee", True),
    ("200 employees", "700 contractors", False),
    ("1bn..2bn USD", "2bn..3bn USD", False),
    ("1bn..2bn USD", "2.1bn..3bn USD", True),
    ("1bn..2bn USD", "1.5bn USD", False),
    ("about 14bn USD", "14.3bn USD", False),
    ("about 14bn USD", "14.8bn USD", True),
    ("about 14bn USD", "about 15bn USD", False),
    ("about 200 people", "210 people", False),
    ("about 200 people", "240 people", True),
    ("up to 100 USD", "90 USD", False),
    ("up to 100 USD", "100 USD", False),
    ("up to 100 USD", "101 USD", True),
    ("less than 100 USD", "100 USD", True),
    ("more than 200 people", "200 people", True),
    ("at least 200 people", "up to 300 people", False),
    ("at least 200 people", "up to 199 people", True),
]


@pytest.mark.parametrize(("first", "second", "differ"), COMPARED)
def test_conflict(first: str, second: str, differ: bool) -> None:
    a, b = parse_quantity(first), parse_quantity(second)
    assert conflict(a, b) is differ
    assert conflict(b, a) is differ


def test_one_amount_in_two_scales() -> None:
    a, b = parse_quantity("14bn USD"), parse_quantity("14000m USD")
    assert same_amount(a, b) and a != b
    assert not same_amount(a, parse_quantity("up to 14bn USD"))
    # They are printed differently, so they are not equal.
    assert parse_quantity("14.8bn USD") != parse_quantity("14.80bn USD")


def test_labels_of_arabic_charts_name_the_currency() -> None:
    said = [print_short(parse_quantity(text), "ar") for text in ("500m USD", "0 USD")]
    assert [text.strip("\u200f").replace("\u00a0", " ") for text in said] == [
        "500 مليون دولار",
        "0 دولار",
    ]


@pytest.mark.parametrize("text", ["31m%", "3 million %", "2bn%"])
def test_a_scale_before_a_percent_sign_is_no_amount(text: str) -> None:
    """No record could state it, so nothing is proposed that `check` would refuse."""
    assert [found.quantity.unit for found in mentioned(f"It said {text} so.", "en")] == []
    with pytest.raises(MisreadAt):
        parse_quantity(text)
