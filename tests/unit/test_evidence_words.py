"""Words of sources: found whatever their typography, and not found once they say something else."""

from __future__ import annotations

import time

import pytest

from builder.evidence.page_text import page_text
from builder.evidence.words import fold, has_words

PAGE = """\
<!doctype html><html><head><title>A &amp; B</title><style>p { content: "hidden" }</style>
<script type="application/ld+json">{"isAccessibleForFree": false, "articleBody":
"Die Firma z\\u00e4hlt \\"700 Leute\\".\\nUnd mehr."}</script></head>
<body><nav>Home</nav><p>Google, Scale AI&rsquo;s <b>largest</b> cus&shy;tomer, plans&nbsp;to
<a href="/x" title="a > b">cut ties</a> with the data-
labelling firm.</p><!-- <p>a comment</p> --><p>It paid $14.8&nbsp;billion; 5–10% more.</p>
<noscript>Enable JavaScript</noscript></body></html>
"""


@pytest.mark.parametrize(
    "words",
    [
        "Google, Scale AI's largest customer, plans to cut ties",
        "google scale ai’s LARGEST customer",
        "“Google, Scale AI’s largest customer”",
        "with the data labelling firm",
        "with the datalabelling firm",
        "It paid $14.8 billion",
        "Google … plans to cut ties",
        "Google [...] with the data-labelling firm",
        "5-10% more",
    ],
)
def test_words_are_found(words: str) -> None:
    assert has_words(fold(page_text(PAGE).shown), words)


@pytest.mark.parametrize(
    "words",
    [
        "It paid $148 billion",
        "It paid €14.8 billion",
        "It paid $14,8 billion",
        "510% more",
        "5–10 more",
        "plans to cut tie with",
        "plans to cut ties … Google",
        "Scale AI, Google’s largest customer",
        "hidden",
        "a comment",
        "Enable JavaScript",
        "700 Leute",
    ],
)
def test_other_words_are_not(words: str) -> None:
    assert not has_words(fold(page_text(PAGE).shown), words)


def test_a_page_has_a_title_data_and_a_paywall() -> None:
    page = page_text(PAGE)
    assert page.title == "A & B" and not page.free
    assert has_words(fold(page.data), "Die Firma zählt “700 Leute”. Und mehr.")
    assert page_text("<p>free").free


@pytest.mark.parametrize(
    "text, words",
    [
        ("Công ty có kế hoạch chấm dứt hợp đồng.", "CÔNG TY CÓ KẾ HOẠCH"),
        ("Công ty", "Công ty".encode().decode()),
        ("谷歌计划结束\n与该公司的合作。", "谷歌计划结束与该公司的合作"),
        ("„Straße“", "STRASSE"),
        ("हिन्दी में समाचार", "हिन्दी में"),
        ("ﬁnance", "finance"),
        ("L’été de l'IA", "l'été de l’IA"),
    ],
)
def test_words_in_any_language(text: str, words: str) -> None:
    assert has_words(fold(text), words)


def test_letters_with_other_accents_are_other_letters() -> None:
    assert not has_words(fold("Le marché a chuté"), "Le marche a chute")
    assert not has_words(fold("हिन्दी"), "हिन्दा")


@pytest.mark.parametrize(
    "page",
    [
        "<" * 1_000_000,
        "<script>" * 200_000,
        "<!--" * 100_000,
        "<p <p <p " * 200_000,
        "<title>" * 200_000,
        "</script " * 200_000,
        "&" * 1_000_000,
        '<script>"<' + "<" * 1_000_000,
        "\\u0041" * 200_000,
        '<p ">' * 100_000,
    ],
)
def test_hostile_pages_take_no_time(page: str) -> None:
    start = time.process_time()
    fold(page_text(page).shown)
    assert time.process_time() - start < 3


def test_signs_that_are_no_tags_are_text() -> None:
    assert page_text("a < b <3 & c").shown == "a < b <3 & c"
    assert page_text("İ<script>x</script>y").shown == "İy" or "y" in page_text("İ<p>y").shown
