"""The order of names by language, and the letters of an index, by the rules of CLDR."""

from __future__ import annotations

import random

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
