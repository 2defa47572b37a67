"""Which names are one name spelt differently: measured on pairs that were found in the wild.

tests/unit/names.txt has the pairs. They are from:

- the tags of the newsletter AINews (github.com/smol-ai/ainews-web-2025): companies, people and
  topics, of 1,239 issues, with the slips of those who tagged them;
- the names under which computer scientists have published, from dblp by way of CSRankings
  (github.com/emeryberger/CSrankings, dblp-aliases.csv): people;
- the affiliations that authors of Internet standards give (github.com/glasgow-ipl/ietfdata) and
  the owners that patents name (github.com/ThorfinnThor/patent-tracker): companies;
- lists of News API's sources (github.com/litichevskiy/news, github.com/ralam87/News-App,
  github.com/read-your-veggies/read-your-veggies-web-app) and the sample site: publishers.

The names of companies and people were paired by hand from these lists. Many pairs of topics were
met because an early version of the program put them side by side, so that recall is kinder there;
of publishers the second spelling is often one that newspapers use for each other. A few pairs were
added to name what must never be one: Q1 and Q2, Series A and Series B, Meta and Beta."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import pytest

from builder.names.candidates import pairs
from builder.names.normalize import NameKind
from builder.names.similarity import (
    CERTAIN,
    SUGGESTED,
    Similarity,
    similarity,
)

FOUND = Path(__file__).parent / "names.txt"


class Judged(NamedTuple):
    kind: NameKind
    one: str
    other: str
    same: bool


def _judged() -> Iterator[Judged]:
    kind = ""
    for line in FOUND.read_text("utf-8").splitlines():
        if line.startswith("## "):
            kind = line.removeprefix("## ")
        elif line and not line.startswith("#"):
            verdict, _, names = line.partition(": ")
            assert verdict in ("same", "different"), line
            one, other = names.split(" | ")
            yield Judged(cast(NameKind, kind), one, other, verdict == "same")


JUDGED = tuple(_judged())


def _measured(least: float) -> tuple[float, float, list[str]]:
    """Precision and recall over all pairs, and what was judged otherwise."""
    right = wrong = missed = 0
    failing = []
    for pair in JUDGED:
        found = similarity(pair.kind, pair.one, pair.other)
        said = found.confidence >= least
        right += said and pair.same
        wrong += said and not pair.same
        missed += pair.same and not said
        if said != pair.same:
            word = "wrong" if said else "missed"
            failing.append(f"{word}: {pair.kind}: {pair.one} | {pair.other} {found}")
    return right / (right + wrong), right / (right + missed), failing


def test_there_are_enough() -> None:
    spellings = {(pair.kind, name) for pair in JUDGED for name in (pair.one, pair.other)}
    assert len(spellings) >= 300
    assert {pair.kind for pair in JUDGED} == {"companies", "people", "topics", "publishers"}
    assert len(set(JUDGED)) == len(JUDGED)


def test_what_is_suggested_is_mostly_right_and_mostly_all() -> None:
    precision, recall, failing = _measured(SUGGESTED)
    assert precision >= 0.97, failing
    assert recall >= 0.9, failing


def test_what_is_suggested_wrongly_is_known() -> None:
    """Names of two things a letter apart, and a part of a company called like the whole."""
    wrong = {
        (pair.one, pair.other)
        for pair in JUDGED
        if not pair.same and similarity(pair.kind, pair.one, pair.other).confidence >= SUGGESTED
    }
    assert wrong == {
        ("mistral", "mixtral"),
        ("google", "google-labs"),
        ("context-caching", "context-coaching"),
        ("La Repubblica", "La República"),
    }


def test_what_is_certain_is_right() -> None:
    precision, _, failing = _measured(CERTAIN)
    assert precision == 1, [line for line in failing if line.startswith("wrong")]


@pytest.mark.parametrize("pair", JUDGED, ids=lambda pair: f"{pair.one} and {pair.other}")
def test_order_does_not_matter_and_neither_do_other_names(pair: Judged) -> None:
    """What two names are is found again among all: the keys by which they meet are shared."""
    found = similarity(pair.kind, pair.one, pair.other)
    assert found == similarity(pair.kind, pair.other, pair.one)
    for least in (SUGGESTED, CERTAIN):
        met = pairs(pair.kind, (pair.one, pair.other), least)
        assert [p.likeness for p in met] == [found] * (found.confidence >= least)


def test_nothing_that_is_different_is_certain_among_all() -> None:
    different = {frozenset((p.one, p.other)) for p in JUDGED if not p.same}
    for kind in ("companies", "people", "topics", "publishers"):
        names = sorted({name for p in JUDGED if p.kind == kind for name in (p.one, p.other)})
        met = pairs(cast(NameKind, kind), names, CERTAIN)
        assert not [p for p in met if frozenset((names[p.one], names[p.other])) in different]


@pytest.mark.parametrize(
    ("kind", "one", "other", "reason"),
    [
        ("topics", "AI Safety", "AI safety", "capitals"),
        ("topics", "data-labelling", "data labelling", "a hyphen or a space"),
        ("topics", "data labelling", "data labeling", "British and American spelling"),
        ("topics", "AI & jobs", "AI and jobs", "`&` or `and`"),
        ("topics", "chatbot", "chatbots", "singular and plural"),
        ("people", "François Chollet", "Francois Chollet", "diacritics"),
        ("people", "J. Siddharth", "Jonathan Siddharth", "an initial"),
        ("people", "Jim Kurose", "James Kurose", "a shortened given name"),
        ("people", "Andrew Y. Ng", "Andrew Ng", "a middle name"),
        ("people", "Li Fei-Fei", "Fei-Fei Li", "another word order"),
        ("companies", "Scale AI", "Scale AI, Inc.", "the legal form"),
        ("companies", "ASML N.V.", "ASML", "the legal form"),
        ("companies", "Amazon Web Services", "AWS", "an acronym"),
        ("companies", "Moonshot", "Moonshot AI", "with and without `ai`"),
        ("companies", "Mеta", "Meta", "look-alike letters of another alphabet"),
        ("publishers", "The Guardian", "Guardian", "`The`"),
        ("publishers", "Bloomberg", "Blomberg", "one or two letters"),
    ],
)
def test_the_reason_is_given(kind: NameKind, one: str, other: str, reason: str) -> None:
    assert similarity(kind, one, other).reason == reason


def test_an_acronym_of_two_names_is_suggested_for_neither() -> None:
    both = ("DPO", "Direct Preference Optimization", "Dynamic Prompt Optimization")
    assert not pairs("topics", both)
    assert pairs("topics", both[:2])


def test_few_pairs_of_many_names_are_compared_and_any_order_gives_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """3,000 made-up names: with every pair compared it would be 4,500,000."""
    compared: list[str] = []

    def noted(kind: NameKind, one: str, other: str) -> Similarity:
        compared.append(one)
        return similarity(kind, one, other)

    monkeypatch.setattr("builder.names.candidates.similarity", noted)
    chance = random.Random(5)
    words = [
        "".join(chance.choice("bcdfgklmnprstv") + chance.choice("aeiou") for _ in range(3 + n % 3))
        for n in range(3000)
    ]
    names = [f"{chance.choice(words)} {chance.choice(words)}".title() for _ in range(3_000)]
    names = list(dict.fromkeys(names))
    for kind in ("companies", "people"):
        compared.clear()
        found = pairs(cast(NameKind, kind), names)
        assert 0 < len(compared) < 50 * len(names)
        mixed = chance.sample(names, len(names))
        again = pairs(cast(NameKind, kind), mixed)
        assert [{names[p.one], names[p.other]} for p in found] == [
            {mixed[p.one], mixed[p.other]} for p in again
        ]


@pytest.mark.parametrize(
    ("kind", "one", "other", "least"),
    [
        ("companies", "株式会社メルカリ", "メルカリ", 0.9),
        ("companies", "メルカリ株式会社", "メルカリ", 0.9),
        ("companies", "腾讯控股有限公司", "腾讯控股", 0.9),
        ("companies", "小米集团有限公司", "小米", 0.9),
        ("companies", "주식회사 카카오", "카카오", 0.9),
        ("companies", "ООО Яндекс", "Яндекс", 0.9),
        ("companies", "エヌヴィディア", "エヌビディア", 0.9),
        ("topics", "コンピューター", "コンピュータ", 0.9),
        ("topics", "Искусственный интелект", "Искусственный интеллект", 0.5),
        ("topics", "فيسبوك", "فیسبوک", 0.9),
        ("companies", "شركة الأمثلة", "الأمثلة", 0.9),
        ("companies", "أرامكو السعودية", "ارامكو السعوديه", 0.9),
        ("topics", "ज़ोमैटो", "जोमैटो", 0.9),
        ("people", "Пётр Королёв", "Петр Королев", 0.9),
        ("people", "サム・アルトマン", "サム アルトマン", 0.9),
        ("people", "נתניהו בנימין", "בנימין נתניהו", 0.9),
    ],
)
def test_spellings_of_one_name_in_other_scripts(
    kind: NameKind, one: str, other: str, least: float
) -> None:
    assert similarity(kind, one, other).confidence >= least
    assert [(p.one, p.other) for p in pairs(kind, [one, other], 0.5)] == [(0, 1)]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("topics", "パリ", "バリ"),
        ("topics", "ビール", "ビル"),
        ("topics", "राम", "रोम"),
        ("topics", "คำ", "คา"),
        ("topics", "Лай", "Лаи"),
        ("companies", "中国银行", "中国银河"),
        ("companies", "谷歌", "古格"),
        ("companies", "삼성전자", "삼성전기"),
        ("companies", "公司", "株式会社"),
        ("people", "דן כהן", "רן כהן"),
    ],
)
def test_names_in_other_scripts_that_differ(kind: NameKind, one: str, other: str) -> None:
    assert similarity(kind, one, other).confidence == 0
