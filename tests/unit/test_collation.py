"""The order of names by language, and the letters of an index, by the rules of CLDR."""

from __future__ import annotations

import json
import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.language.collation import index_letter, letter_anchor, sort_key, surname_first

# Names in order, each with the letter of the index under which it is.
ORDERS = {
    "en": "?=# 01.AI=# Æon=A Elan=E Élan=E Eland=E O'Reilly=O Ørsted=O Scale_AI=S ScaleAI=S x.ai=X"
    " Ωmega=Ω Сбер=С עברית=ע أرامكو=ا ไทย=ท 한국=ㅎ さくら=さ 東京=漢 谷歌=漢",
    "de": "Apfel=A Äpfel=A Apfelsaft=A Öl=O Omega=O Straße=S Stratos=S Zeta=Z",
    "nl": "Eén=E Één=E Ijs=I IJs=I",
    "fr": "cote=C Cote=C coté=C côte=C côté=C Œuvre=O",
    "es": "Nube=N Nz=N Ñ=Ñ Ñandú=Ñ Olé=O",
    "pt": "Acao=A Ação=A Acaso=A",
    "sv": "Apa=A Über=Y Yta=Y Zeta=Z Åhléns=Å Ägg=Ä Öl=Ö",
    "da": "Aron=A Zoo=Z Ærø=Æ Ørsted=Ø Aalborg=Å Århus=Å",
    "cs": "Cena=C Čech=Č Dům=D Hz=H Chip=CH Ivan=I",
    "hu": "Cz=C Csaba=CS Dóra=D Zz=Z Zsolt=ZS",
    "pl": "Lz=L Łódź=Ł Ma=M Oz=O Ósmy=Ó Zz=Z Źle=Ź Żaba=Ż",
    "tr": "Cz=C Çay=Ç Hal=H Işık=I ilk=İ İstanbul=İ Su=S Şah=Ş",
    "vi": "An=A Ăn=Ă Ân=Â Ầu=Â Ẩu=Â Ẫu=Â Ấu=Â Ậu=Â Dz=D Đà=Đ On=O Ôn=Ô Ơn=Ơ Un=U Ưu=Ư",
    "ru": "Ежа=Е Ёжб=Е Ель=Е Жук=Ж Ия=И Йод=Й Яндекс=Я Apple=A",
    "uk": "Гора=Г Ґанок=Ґ Дім=Д Еней=Е Єва=Є Ива=И Іва=І Їжак=Ї Йод=Й",
    "el": "Άλφα=Α Βήτα=Β Ωμέγα=Ω Meta=M",
    "ar": "أرامكو=ا ألفابت=ا البنك_الأهلي=ب تمارا=ت الراجحي=ر هدف=ه Meta=M",
    "fa": "بانک=ب پارس=پ تهران=ت کیان=ک گوگل=گ ورزش=و هند=ه یزد=ی",
    "he": "אבא=א כסף=כ עברית=ע תל=ת Meta=M",
    "hi": "अदानी=अ गूगल=ग ज़ोमैटो=ज जियो=ज टाटा=ट Meta=M",
    "th": "กูเกิล=ก ทอง=ท ไทย=ท แม่=ม เอไอ=อ Meta=M",
    "ko": "가나=ㄱ 까치=ㄱ 네이버=ㄴ 삼성=ㅅ 카카오=ㅋ Meta=M",
    "zh": "01=# 阿里巴巴=A 百度=B Google=G 谷歌=G Meta=M 腾讯=T 小米=X 字节跳动=Z Сбер=С",
    "ja": "かくせい=か がくせい=か さくら=さ ソニー=さ ソフト=さ メタ=ま わん=わ 楽天=漢 Google=G",
}


@pytest.mark.parametrize("language", ORDERS)
def test_names_are_in_the_order_of_the_language(language: str) -> None:
    expected = [entry.replace("_", " ").rpartition("=") for entry in ORDERS[language].split()]
    names = [name for name, _, _ in expected]
    mixed = random.Random(1).sample(names, len(names))
    if language == "hi":  # a nukta is a difference only if nothing else is
        assert sort_key("ज़", "hi")[1] == sort_key("ज", "hi")[1]
    found = sorted(mixed, key=lambda name: sort_key(name, language))
    assert [(name, index_letter(name, language)) for name in found] == [
        (name, letter) for name, _, letter in expected
    ]


# Letters by language, besides the Latin ones; those of another script stand alone.
LETTERS = {
    "az": "ç ğ ı ö ş ü ə", "bs": "č ć đ š ž dž lj nj", "cs": "č ř š ž ch á é ů",
    "cy": "ch dd ff ll rh", "da": "æ ø å aa", "de": "ä ö ü", "en": "é ö", "eo": "ĉ ĝ ĥ ĵ ŝ ŭ",
    "es": "ñ á é ü", "et": "š ž õ ä ö ü", "fi": "å ä ö", "fil": "ñ ng", "fo": "ð á í ó æ ø",
    "fr": "é è ç ô œ", "gl": "ñ", "hr": "č ć đ š ž dž lj",
    "hu": "cs dz dzs gy ly ny ö ő sz ty ü ű zs ssz nny ddzs", "is": "á ð é í ó ú ý þ æ ö",
    "lt": "č š ž y į", "lv": "ā č ē ģ ī ķ ļ ņ š ū ž", "nb": "æ ø å aa", "nl": "ë é ij",
    "nn": "æ ø å", "pl": "ą ć ę ł ń ó ś ź ż", "pt": "ã ç é ô", "ro": "ă â î ș ț",
    "sk": "č ž ch ä ô á", "sl": "č š ž", "sq": "ç dh ë gj ll nj rr sh th xh zh", "sv": "å ä ö é",
    "tr": "ç ğ ı ö ş ü", "vi": "ă â đ ê ô ơ ư à ả ã á ạ ầ ẩ ẫ ấ ậ ờ",
    "be": "а б в г д е ё ж з і й у ў ф", "bg": "а б в г д е ж з и й ъ ю я",
    "mk": "а б в г д ѓ е ж з ѕ и ј к љ т ќ у", "ru": "а б в г д е ё ж з и й ц э ю я",
    "sr": "а б в г д ђ е ж з и ј л љ м н њ т ћ у", "uk": "а б в г ґ д е є ж з и і ї й ь",
    "el": "α ά β γ δ ε η ι ο σ υ φ ω", "he": "א ב ג ד ה ו כ ל מ ש ת",
}  # fmt: skip
LATIN = [language for language, own in LETTERS.items() if min(own[0], "ʒ") == own[0]]
_ICU = """const {cases} = JSON.parse(require("fs").readFileSync(0, "utf8")), found = {};
for (const [language, names] of Object.entries(cases)) {
    const {compare} = new Intl.Collator(language, {sensitivity: "base"});
    found[language] = names.slice(1).map((name, n) => compare(names[n], name));
}
console.log(JSON.stringify(found));"""


def test_names_are_in_the_order_of_icu() -> None:
    """As far as letters decide: of names that differ in accents alone, either comes first."""
    by_chance, cases = random.Random(5), {}
    for language, own in LETTERS.items():
        letters = own.split() * 3
        letters += "abcdefghijklmnopqrstuvwxyz" if language in LATIN else ""
        names = {"".join(by_chance.choices(letters, k=by_chance.randint(1, 4))) for _ in range(150)}
        # ICU reads a ring behind two letters: aå is å with a ring.
        names = {name for name in names if "aå" not in name}
        names |= {name.capitalize() for name in [*names][:40]}
        cases[language] = sorted(names, key=lambda name: sort_key(name, language))
    given = json.dumps({"cases": cases})
    done = subprocess.run(["node", "-e", _ICU], input=given, capture_output=True, text=True)
    wrong = {
        language: [
            (names[n], names[n + 1])
            for n, sign in enumerate(json.loads(done.stdout)[language])
            if sign > 0
        ]
        for language, names in cases.items()
    }
    assert not {language: pairs for language, pairs in wrong.items() if pairs}


@given(st.text(max_size=20), st.sampled_from([*ORDERS]))
def test_every_text_has_a_key_and_a_letter(text: str, language: str) -> None:
    assert sort_key(text, language) == sort_key(text, language)
    assert index_letter(text, language)
    assert letter_anchor(index_letter(text, language)).isascii()


def test_people_are_filed_under_their_family_names() -> None:
    for name, under in (
        ("Alexandr Wang", "Wang"),
        ("孫 正義", "孫 正義"),
        ("이해진", "이해진"),
        ("サム・アルトマン", "サム・アルトマン"),
        ("Nguyễn Văn An", "An"),
    ):
        assert surname_first(name) == under
