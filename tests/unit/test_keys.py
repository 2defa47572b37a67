"""Keys and slugs of names: what is one name, what tells names apart, which address each gets."""

from __future__ import annotations

import re
import unicodedata
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.names.keys import exact_slug, name_key, shorten_slug, slugify
from builder.names.register import DistinctNames, NameRegister
from builder.names.slugs import assign_slugs
from builder.names.transliterate import LATIN

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
    ("谷歌", "谷 歌", "谷\u200b歌"),
    ("古格",),
    ("Королёв", "Королев", "КОРОЛЁВ"),
    ("Лай",),
    ("Лаи",),
    ("Ｓｃａｌｅ　ＡＩ", "Scale AI", "Scale\u00a0AI"),
    ("ﾃｽﾗ", "テスラ"),
    ("パリ", "ハ\u309aリ"),
    ("バリ",),
    ("ハリ",),
    ("네이버", "\u1102\u1166\u110b\u1175\u1107\u1165"),
    ("أمازون", "امازون", "أمـــازون", "آمازون"),
    ("کیان", "كيان"),
    ("نیم\u200cفاصله", "نیمفاصله"),
    ("फ़ोन", "फ\u093cोन"),
    ("שָׁלוֹם", "שלום"),
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
        ("日本", "ri-ben", "ri-ben"),
        ("谷歌离开 Scale AI", "gu-ge-li-kai-scale-ai", "gu-ge-li-kai-scale-ai"),
        ("人々はScale AIを", "ren-ren-ha-scale-ai-o", "ren-ren-ha-scale-ai-o"),
        ("シャッフルとティッシュ", "shaffurutotisshu", "shaffurutotisshu"),
        ("コンピューター", "konpyuta", "konpyuta"),
        ("AI반도체 네이버", "ai-bandoche-neibeo", "ai-bandoche-neibeo"),
        ("हिंदी कंपनी", "himdi-kampani", "himdi-kampani"),
        ("தமிழ்", "tamil", "tamil"),
        ("ปัญญา AIใหม่", "payya-ai-aihm", "payya-ai-aihm"),
        ("Яндекс уходит", "yandeks-ukhodit", "yandeks-ukhodit"),
        ("مايكروسوفت", "mykrwswft", "mykrwswft"),
        ("תל אביב", "tl-vyv", "tl-vyv"),
        ("هوش مصنوعی", "hwsh-msnwy", "hwsh-msnwy"),
        ("Ελλάδα", "ellada", "ellada"),
        ("Hawaiʻi", "hawai-i", "hawai-i"),
        ("🚀", "", ""),
        ("…", "", ""),
        ("+", "", "plus"),
    ],
)
def test_slugs_keep_their_form_and_spell_signs_only_where_asked(
    name: str, slug: str, exact: str
) -> None:
    assert (slugify(name), exact_slug(name)) == (slug, exact)


def test_latin_letters_keep_their_addresses_whatever_the_tables_say() -> None:
    for number in (*range(0x20, 0x180), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070)):
        name = f"a{chr(number)}b"
        decomposed = unicodedata.normalize("NFKD", name.replace("’", "").casefold())
        bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(LATIN)
        if bare.isascii() or not chr(number).isalpha():
            assert slugify(name) == re.sub("[^a-z0-9]+", "-", bare.replace("'", "")).strip("-")


@given(st.text(max_size=40))
def test_slugs_have_only_letters_digits_and_single_hyphens(name: str) -> None:
    assert re.fullmatch("(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slugify(name))
    assert slugify(slugify(name)) == slugify(name)


def test_a_long_slug_ends_with_a_word() -> None:
    assert shorten_slug("-".join(["wort"] * 30)) == "-".join(["wort"] * 16)
    assert shorten_slug("x" * 100) == "x" * 80


def test_names_in_other_letters_never_share_an_address() -> None:
    assert assigned("谷歌", "古格", "Guge", "谷 歌") == {
        "Guge": "guge",
        "谷歌": "gu-ge",
        "谷 歌": "gu-ge",
        "古格": "gu-ge-2",
    }
    assert assigned("Яндекс", "Yandeks", "Яндёкс") == {
        "Яндекс": "yandeks",
        "Яндёкс": "yandeks",
        "Yandeks": "yandeks-2",
    }
    assert assigned("古格", files={"gu-ge": "谷歌"}) == {"古格": "gu-ge-2"}
    assert assigned("谷 歌", files={"gu-ge": "谷歌"}) == {"谷 歌": "gu-ge"}
    assert assigned("José", "Jose") == {"José": "jose", "Jose": "jose"}


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
