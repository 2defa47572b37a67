"""Mentions of names in texts of any script, with spaces between words or without."""

from __future__ import annotations

import pytest

from builder.clip.known import KnownName
from builder.clip.mentions import NameFinder
from builder.names.mentions import find_name, plain_text

FOUND = [
    ("彼はScale AIを買収した", "Scale AI"),
    ("Scale\u00a0AI", "Scale AI"),
    ("Scale\u202fAI", "Scale AI"),
    ("von Scale\nAI", "Scale AI"),
    ("Ｓｃａｌｅ　ＡＩ", "Scale AI"),
    ("Hugging‑Face", "Hugging-Face"),
    ("O’Reilly", "O'Reilly"),
    ("谷歌离开Scale AI。", "Scale AI"),
    ("据悉谷歌离开", "谷歌"),
    ("米メタは買収した", "メタ"),
    ("บริษัทกูเกิลประกาศ", "กูเกิล"),
    ("บริษัทGoogleประกาศ", "Google"),
    ("네이버는 발표했다", "네이버"),
    ("Scale AI를 인수", "Scale AI"),
    ("وغوغل أعلنت", "غوغل"),
    ("لـMeta حصة", "Meta"),
    ("בגוגל אמרו", "גוגל"),
    ("ב-Google אמרו", "Google"),
]  # fmt: skip
NOT_FOUND = [
    ("Metaphor", "Meta"),
    ("xMeta", "Meta"),
    ("Météo", "Mét"),
    ("メタルの価格", "メタ"),
    ("ガンメタ", "メタ"),
    ("네이버스는", "네이버"),
    ("대네이버", "네이버"),
    ("ציון", "יון"),
    ("أميتابول", "ميتا"),
    ("وميتا", "يتا"),
    ("ни Метаданные", "Мета"),
    ("กูเกิลุ", "กูเกิล"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), FOUND)
def test_a_name_is_found_beside_letters_of_its_script(text: str, name: str) -> None:
    plain = plain_text(text)
    at = find_name(plain, plain_text(name))
    assert at >= 0
    assert len(plain) == len(text)


@pytest.mark.parametrize(("text", "name"), NOT_FOUND)
def test_a_name_is_not_found_inside_another_word(text: str, name: str) -> None:
    assert find_name(plain_text(text), name) == -1


@pytest.mark.parametrize(("text", "name"), FOUND)
def test_clips_find_the_same_mentions(text: str, name: str) -> None:
    known = KnownName(plain_text(name), (name,))
    assert [found for _, _, found in NameFinder([known]).find(text)] == [known]


@pytest.mark.parametrize(("text", "name"), NOT_FOUND)
def test_clips_find_no_other_mentions(text: str, name: str) -> None:
    assert NameFinder([KnownName(name, (name,))]).find(text) == []
