"""Keys and slugs of names: what is one name, what tells names apart, which address each gets."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.names.keys import exact_slug, name_key, slugify
from builder.names.register import DistinctNames, NameRegister
from builder.names.slugs import assign_slugs

# Each line is one name in several spellings; no two lines are one name.
NAMES = (
    ("C",),
    ("C++", "C ++", "C＋＋"),
    ("C#", "C♯"),
    ("Disney",),
    ("Disney+", "disney +"),
    ("Canal", "CANAL"),
    ("Canal+",),
    (".NET", ".Net"),
    ("NET",),
    ("Yahoo", "Yahoo!", "yahoo"),
    ("E*Trade", "E-TRADE", "ETrade"),
    ("AT&T", "AT and T", "at & t"),
    ("ATT",),
    ("M&A",),
    ("MA",),
    ("Q",),
    ("Q*",),
    ("o1",),
    ("o1+",),
    ("Vue",),
    ("Vue.js", "VueJS"),
    ("X",),
    ("xAI", "x.ai", "X AI", "X-AI"),
    ("GPT-3.5", "gpt 3.5", "GPT 3-5"),
    ("GPT-35", "GPT35"),
    ("9/11", "9-11"),
    ("911",),
    ("Llama 3 70B", "Llama-3-70B"),
    ("Llama 370B",),
    ("AC/DC", "ACDC", "AC-DC"),
    ("C/C++",),
    ("A$AP",),
    ("AAP",),
    ("100%",),
    ("100",),
    ("#MeToo", "MeToo", "me too"),
    ("$NVDA", "NVDA"),
    ("Copilot™", "Copilot®", "copilot"),
    ("H₂O", "H2O"),
    ("Hugging Face 🤗", "HuggingFace"),
    ("🤗",),
    ("🚀",),
    ("+",),
    ("…", "..."),
    ("O’Reilly", "O'Reilly", "OReilly"),
    ("@sama", "Sama"),
    ("Straße", "STRASSE"),
    ("IŞIK", "Işık", "ışık"),
    ("İstanbul", "Istanbul", "ISTANBUL"),
    ("Οδός", "ΟΔΌΣ"),
    ("Đà Nẵng", "ĐÀ NẴNG"),
    ("Da Nang",),
    ("राम",),
    ("रोम",),
    ("ไทย",),
    ("คำ",),
    ("คา",),
    ("日本",),
)


def test_each_name_has_one_key_and_no_other_name_has_it() -> None:
    keys = [{*map(name_key, spellings)} for spellings in NAMES]
    assert [found for found in keys if len(found) != 1] == []
    owners = dict[str, str]()
    for spellings in NAMES:
        owner = owners.setdefault(name_key(spellings[0]), spellings[0])
        assert owner == spellings[0]


@pytest.mark.parametrize(
    ("name", "slug", "exact"),
    [
        ("C++", "c", "c-plus-plus"),
        ("C#", "c", "c-sharp"),
        ("Disney+", "disney", "disney-plus"),
        (".NET", "net", "dot-net"),
        ("Q*", "q", "q-star"),
        ("A$AP", "a-ap", "a-dollar-ap"),
        ("100%", "100", "100-percent"),
        ("#1", "1", "number-1"),
        ("#MeToo", "metoo", "metoo"),
        ("AT&T", "at-and-t", "at-and-t"),
        ("E*Trade", "e-trade", "e-trade"),
        ("Vue.js", "vue-js", "vue-js"),
        ("Đà Nẵng", "da-nang", "da-nang"),
        ("Straße", "strasse", "strasse"),
        ("Işık", "isik", "isik"),
        ("IŞIK", "isik", "isik"),
        ("İstanbul", "istanbul", "istanbul"),
        ("Ægir & Œuvre", "aegir-and-oeuvre", "aegir-and-oeuvre"),
        ("Þór Ǽ Guðrún Ǿrsted", "thor-ae-gudrun-orsted", "thor-ae-gudrun-orsted"),
        ("Łódź, Ħal Għaxaq, Sámi Ŧŋ", "lodz-hal-ghaxaq-sami-tn", "lodz-hal-ghaxaq-sami-tn"),
        ("Əliyev", "aliyev", "aliyev"),
        ("日本", "", ""),
        ("…", "", ""),
        ("+", "", "plus"),
    ],
)
def test_slugs_keep_their_form_and_spell_signs_only_where_asked(
    name: str, slug: str, exact: str
) -> None:
    assert (slugify(name), exact_slug(name)) == (slug, exact)


def assigned(
    *names: str, files: dict[str, str] | None = None, distinct: tuple[tuple[str, ...], ...] = ()
) -> dict[str, str]:
    return assign_slugs(
        names, files or {}, DistinctNames(distinct), lambda some: sorted(some, key=names.index)
    )


SIGNS = {
    "C": "c", "C++": "c-plus-plus", "C#": "c-sharp", "Disney": "disney", "Disney+": "disney-plus",
    "Canal": "canal", "Canal+": "canal-plus", "NET": "net", ".NET": "dot-net", "Q": "q",
    "Q*": "q-star", "A?": "a", "Yahoo!": "yahoo", "Claude™": "claude", "€": "euro",
}  # fmt: skip


def test_no_name_moves_the_address_of_another() -> None:
    for name, slug in SIGNS.items():
        assert assigned(name) == {name: slug}
    for some in permutations(SIGNS, 2):
        assert assigned(*some) == {name: SIGNS[name] for name in some}
    assert assigned(*SIGNS) == assigned(*reversed(SIGNS)) == SIGNS


@given(st.permutations(["José", "Jose", "Jose 2", "Jose-2-2", "Joše"]), st.integers(1, 5))
def test_a_later_name_moves_no_earlier_one(names: list[str], n: int) -> None:
    """The numbers that distinct names need are given in the order of publication."""
    lists = (("José", "Jose"), ("José", "Joše"), ("Jose", "Joše"))
    found = assigned(*names, distinct=lists)
    assert assigned(*names[:n], distinct=lists) == {name: found[name] for name in names[:n]}
    assert len({*found.values()}) == len(names)


def test_spellings_with_the_same_signs_share_an_address_unless_they_are_distinct() -> None:
    assert assigned("José", "Jose") == {"José": "jose", "Jose": "jose"}
    assert assigned("José", "Jose", distinct=(("José", "Jose"),)) == {
        "José": "jose",
        "Jose": "jose-2",
    }


def test_words_and_signs_share_an_address_unless_they_are_distinct() -> None:
    assert assigned("C++", "C plus plus") == {"C++": "c-plus-plus", "C plus plus": "c-plus-plus"}
    found = assigned("C++", "C plus plus", distinct=(("C++", "C plus plus"),))
    assert found == {"C++": "c-plus-plus", "C plus plus": "c-plus-plus-2"}


def test_records_with_files_keep_their_slugs() -> None:
    assert assigned("C", "C#", files={"c": "C"}) == {"C": "c", "C#": "c-sharp"}
    assert assigned("AI safety", files={"ai-safety": "AI safety & alignment"}) == {
        "AI safety": "ai-safety"
    }
    assert assigned("C", files={"c": "C++"}) == {"C": "c-2"}


def test_distinct_names_with_one_key_are_two() -> None:
    register = NameRegister(DistinctNames([("Yahoo", "Yahoo!")]))
    assert register.claim("Yahoo", "yahoo", "a") is None
    assert register.claim("Yahoo!", "yahoo-site", "b") is None
    found = [register.resolve(name) for name in ("Yahoo", "Yahoo!", "YAHOO", "yahoo!")]
    assert found == ["yahoo", "yahoo-site", "yahoo", "yahoo"]
    owner = register.claim("YAHOO!", "third", "c")
    assert owner is not None
    assert owner.slug == "yahoo"
