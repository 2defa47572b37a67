"""The direction of languages, and style sheets without sides."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from babel.core import Locale
from babel.localedata import locale_identifiers

from builder.appearance.icon import web_manifest
from builder.content.document import Document
from builder.content.markdown.engine import render_body
from builder.language.direction import (
    RIGHT_TO_LEFT,
    direction,
    has_right_to_left,
    isolated,
    language_attributes,
    opened,
    signed_numbers,
    signs_kept,
    text_direction,
)
from builder.language.typography import typographic
from builder.model.entity import CompanyNames

SCALE = CompanyNames("/companies/scale-ai/", ("Scale AI",))
ROOT = Path(__file__).resolve().parents[2]

RTL = (
    "ar ar-EG ar-u-nu-latn he he-IL iw fa fa-IR ur ur-PK dv yi ji ckb ps ug sd syr nqo"
    " az-Arab az-IR ku-Arab pa-Arab pa-PK uz-AF ff-Adlm rhg AR-eg"
    " und-Arab und-IL en-Hebr ks-Arab-IN ar_EG ota"
)
LTR = (
    "en en-GB nl vi zh zh-Hant ja ku az pa ar-Latn ar-Latn-EG sd-Deva ks-Deva he-Latn und"
    " x-arab mul tr ms ha de-x-arab not-a-language qqq"
)


@pytest.mark.parametrize("language", ["", *LTR.split()])
def test_languages_from_left_to_right(language: str) -> None:
    assert direction(language) == "ltr"


@pytest.mark.parametrize("language", RTL.split())
def test_languages_from_right_to_left(language: str) -> None:
    assert direction(language) == "rtl"


def test_directions_are_those_of_cldr() -> None:
    """Of every locale of CLDR; Mongolian letters run from top to bottom, which `dir` cannot say."""
    names = [name for name in locale_identifiers() if "POSIX" not in name and "Mong" not in name]
    assert [n for n in names if Locale.parse(n).text_direction != direction(n)] == []
    assert len(names) > 500


# How Unicode names the letters of each script; the last four name no letters of their own.
SCRIPTS = {
    "Adlm": "ADLAM", "Arab": "ARABIC", "Armi": "IMPERIAL ARAMAIC", "Avst": "AVESTAN",
    "Chrs": "CHORASMIAN", "Cprt": "CYPRIOT", "Elym": "ELYMAIC", "Gara": "GARAY",
    "Hatr": "HATRAN", "Hebr": "HEBREW", "Hung": "OLD HUNGARIAN", "Khar": "KHAROSHTHI",
    "Lydi": "LYDIAN", "Mand": "MANDAIC", "Mani": "MANICHAEAN", "Mend": "MENDE KIKAKUI",
    "Merc": "MEROITIC CURSIVE", "Mero": "MEROITIC HIEROGLYPHIC", "Narb": "OLD NORTH ARABIAN",
    "Nbat": "NABATAEAN", "Nkoo": "NKO", "Orkh": "OLD TURKIC", "Ougr": "OLD UYGHUR",
    "Palm": "PALMYRENE", "Phli": "INSCRIPTIONAL PAHLAVI", "Phlp": "PSALTER PAHLAVI",
    "Phnx": "PHOENICIAN", "Prti": "INSCRIPTIONAL PARTHIAN", "Rohg": "HANIFI ROHINGYA",
    "Samr": "SAMARITAN", "Sarb": "OLD SOUTH ARABIAN", "Sogd": "SOGDIAN", "Sogo": "OLD SOGDIAN",
    "Syrc": "SYRIAC", "Thaa": "THAANA", "Yezi": "YEZIDI",
    "Aran": "", "Syre": "", "Syrj": "", "Syrn": "",
}  # fmt: skip


def test_scripts_are_those_of_unicode() -> None:
    """A new one in a later version of Unicode fails here."""
    assert SCRIPTS.keys() == RIGHT_TO_LEFT
    letters = [
        unicodedata.name(c)
        for c in map(chr, range(0x590, 0x1EF00))
        if unicodedata.category(c)[0] == "L" and unicodedata.bidirectional(c) in ("R", "AL")
    ]
    known = [name for name in SCRIPTS.values() if name]
    assert [name for name in letters if not name.startswith((*known, "ARABIC"))] == []
    unseen = {name for name in known if not any(n.startswith(name) for n in letters)}
    assert unseen <= {"GARAY"}  # since Unicode 16


def test_direction_of_a_text_is_that_of_its_first_letter() -> None:
    assert text_direction("49% של Scale AI") == "rtl"
    assert text_direction("(2025) Scale AI: סקייל") == "ltr"
    assert text_direction("-5%, 1–2") is None
    assert has_right_to_left("Scale AI (سكيل)") and not has_right_to_left("Scale AI, 49% 中文")


@pytest.mark.parametrize(
    ("of", "around", "attributes"),
    [
        ("ar", "en", ' lang="ar" dir="rtl"'),
        ("en-GB", "he", ' lang="en-GB" dir="ltr"'),
        ("nl", "en", ' lang="nl"'),
        ("fa", "ar", ' lang="fa"'),
        ("ar", "ar", ""),
        ("", "ar", ""),
        ("az-Arab", "az", ' lang="az-Arab" dir="rtl"'),
    ],
)
def test_attributes_say_what_differs(of: str, around: str, attributes: str) -> None:
    assert language_attributes(of, around) == attributes


@pytest.mark.parametrize(
    ("text", "language", "apart"),
    [
        ("Scale AI", "en", False),
        ("سكيل", "en", True),
        ("Café 中文 49%", "en", False),
        ("Scale AI", "ar", True),
        ("سكيل إيه آي", "ar", False),
        ("سكيل AI", "ar", True),
        ("-5%", "he", True),
        ("1–2", "he", True),
        ("2025", "he", False),
        ("29 مليار دولار", "ar", False),
    ],
)
def test_names_and_values_are_kept_apart(text: str, language: str, apart: bool) -> None:
    assert isolated(text, language) is apart


def test_signs_stay_before_their_numbers() -> None:
    assert signed_numbers("بنسبة -5% و+12%، 2023-2024", "ar") == (
        "بنسبة \u200e-5% و+12%، 2023-2024"
    )
    assert signed_numbers("ירד ב־3% (-3)", "he") == "ירד ב־3% (\u200e-3)"
    assert signed_numbers("-5%", "ar") == "-5%" and signed_numbers("بنسبة -5%", "en") == "بنسبة -5%"
    assert typographic("بنسبة -5%", "ar") == "بنسبة \u200e-5%"


def test_a_headline_begins_with_a_mark_where_its_name_would_turn_it() -> None:
    assert opened("OpenAI تعلن", "ar") == "\u200fOpenAI تعلن"
    assert opened("تعلن OpenAI", "ar") == "تعلن OpenAI"
    assert opened("OpenAI", "ar") == "OpenAI" and opened("שלום, he says", "en") == "שלום, he says"


def test_signs_stay_beside_latin_letters() -> None:
    assert signs_kept("30 مليار US$") == "30 مليار US$\u200e"
    assert signs_kept("C++ وC#، US$5") == "C++\u200e وC#\u200e، US$5"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_web_manifest_has_a_direction(language: str) -> None:
    urls = dict.fromkeys(("icon-192.png", "icon-512.png", "icon-maskable-512.png"), "/a.png")
    found = json.loads(web_manifest("Test", language, direction(language), urls, "#fff"))
    assert found["lang"] == language and found.get("dir") == ("rtl" if language == "ar" else None)


# --- texts -------------------------------------------------------------------------------------

# Markdown in Arabic or English, and what stands in the page.
BODIES = [
    ("ar", "قالت Beta AI إنها", "<p>قالت Beta AI إنها</p>"),
    ("ar", "OpenAI تعلن عن نموذج جديد", "<p>OpenAI تعلن عن نموذج جديد</p>"),
    ("ar", "All of it is English.", '<p dir="ltr">All of it is English.</p>'),
    ("ar", "## OpenAI", '<h2 id="openai" dir="ltr">OpenAI</h2>'),
    ("ar", "49%، 1–2", "<p>49%، 1–2</p>"),
    ("ar", "> It is English.\n>\n> All of it.\n>\n> — ليلى",
     '<blockquote dir="ltr">\n<p>It is English.</p>\n<p>All of it.</p>\n<footer>— ليلى</footer>\n'
     "</blockquote>"),
    ("ar", "> It is English.\n>\n> وهذه عربية.",
     '<blockquote>\n<p dir="ltr">It is English.</p>\n<p>وهذه عربية.</p>\n</blockquote>'),
    ("ar", "- Gamma!\n- مع Gamma!",
     "<ul>\n<li><bdi>Gamma!</bdi></li>\n<li>مع Gamma!</li>\n</ul>"),
    ("ar", "مع [Gamma!](https://g.example) و[غاما](https://g.example)",
     '<p>مع <a href="https://g.example" rel="external noopener" dir="ltr">Gamma!</a> و'
     '<a href="https://g.example" rel="external noopener">غاما</a></p>'),
    ("ar", "مع Scale AI (2).",
     '<p>مع <a href="/companies/scale-ai/" dir="ltr">Scale AI</a> (2).</p>'),
    ("ar", "بنسبة -5%", "<p>بنسبة \u200e-5%</p>"),
    ("ar", "اكتب `a == 1`", '<p>اكتب <code dir="ltr">a == 1</code></p>'),
    ("ar", "```\na\n```", '<pre><code dir="ltr">a\n</code></pre>'),
    ("he", "א[^1].\n\n[^1]: ב",
     '<p>א<sup class="footnote-ref"><a href="#fn1" id="fnref1">1</a></sup>.</p>\n'
     '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'
     '<li id="fn1" class="footnote-item"><p>ב <a href="#fnref1" class="footnote-back"'
     ' aria-label="Back to the text of note 1">\u21aa\ufe0e</a></p>\n</li>\n</ol>\n</section>'),
    ("en", "It is English: שלום.", "<p>It is English: שלום.</p>"),
    ("en", "הכול בעברית, חוץ ממילה.", '<p dir="rtl">הכול בעברית, חוץ ממילה.</p>'),
    ("en", "- שלום!", "<ul>\n<li><bdi>שלום!</bdi></li>\n</ul>"),
    ("en", "`שלום`, it says.", "<p><code>שלום</code>, it says.</p>"),
    ("nl", "Café “één”, 中文 en 49%", "<p>Café “één”, 中文 en 49%</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "html"), BODIES)
def test_a_text_keeps_what_runs_against_it_together(language: str, text: str, html: str) -> None:
    for name in ("plain", "markdown-it"):  # the quick reading knows no definition
        more = "" if name == "plain" else "\n\n[x]: https://x.example"
        document = Document("content/briefs/a.md", {}, {}, text + more, 1, text.split("\n"))
        body, _ = render_body(document, language, (SCALE,))
        assert body.html == html, name


TABLE = "| א | B | ג |\n|:--|--:|---|\n| ד | Gamma! | -5% |\n"


@pytest.mark.parametrize(
    ("language", "cells"),
    [
        ("he", '<th class="left">א</th>\n<th><bdi>B</bdi></th>\n<th>ג</th>'),
        ("en", '<th><bdi>א</bdi></th>\n<th class="right">B</th>\n<th><bdi>ג</bdi></th>'),
    ],
)
def test_columns_stay_on_the_side_that_the_author_chose(language: str, cells: str) -> None:
    document = Document("content/briefs/a.md", {}, {}, TABLE, 1, TABLE.split("\n"))
    assert f"<tr>\n{cells}\n</tr>" in render_body(document, language)[0].html


# --- style sheets ------------------------------------------------------------------------------

_SIDE = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)(?:-\w+)?|(?:left|right)\s*:"
    r"|(?:float|clear|text-align)\s*:\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius|scroll-(?:margin|padding)-(?:left|right))"
)
_FOUR = re.compile(
    r"(?<![\w-])(?:margin|padding|inset|border-(?:width|color|style)):\s*"
    r"((?:[^\s;(]|\([^)]*\))+)\s+((?:[^\s;(]|\([^)]*\))+)\s+((?:[^\s;(]|\([^)]*\))+)"
    r"\s+((?:[^\s;(!]|\([^)]*\))+)\s*;"
)
# What an author aligns in a table, and the direction of code.
_MEANT = (".right { text-align: right; }", ".left { text-align: left; }", "text-align: left; }")


def sides(css: str) -> list[str]:
    """The declarations of a style sheet that do not mirror with the direction of the page."""
    text = re.sub(r"/\*.*?\*/|\{[{%#].*?[#%}]\}", "", css, flags=re.DOTALL)
    for meant in _MEANT:
        text = text.replace(meant, "", 1)
    fours = [found[0] for found in _FOUR.finditer(text) if found[2] != found[4]]
    return [found[0] for found in _SIDE.finditer(text)] + fours


def test_style_sheet_has_no_sides() -> None:
    assert sides((ROOT / "templates/assets/style.css").read_text("utf-8")) == []


def test_sides_are_found() -> None:
    css = """
        a { margin-left: 0; left: 1px; margin: 0 auto 0 1px; border-left-width: 0; float: right }
        b { margin: 0 1px 0 1px; inset-inline-start: 0; border-right: 0; text-align:left }
        c { padding: 0 calc(1px + 2px) 0 0; border-top-left-radius: 1px; object-position: left }
    """
    assert sides(css) == [
        "margin-left", "left:", "border-left-width", "float: right", "border-right",
        "text-align:left", "border-top-left-radius", "margin: 0 auto 0 1px;",
        "padding: 0 calc(1px + 2px) 0 0;",
    ]  # fmt: skip


# --- templates ----------------------------------------------------------------------------------


def undirected(template: str) -> list[str]:
    """The tags that print a language without its direction."""
    plain = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", template, flags=re.DOTALL)
    plain = re.sub(r"\{\{.*?\}\}", "@", plain, flags=re.DOTALL)
    tags = re.findall(r"<[a-z][^<>]*>", plain)
    return [tag for tag in tags if ' lang="@"' in tag and " dir=" not in tag]


def test_templates_print_a_direction_with_each_language() -> None:
    files = sorted((ROOT / "templates").rglob("*.html"))
    assert files
    assert [f.name for f in files if undirected(f.read_text("utf-8"))] == []
    assert undirected('<p{% if a %} class="b"{% endif %} lang="{{ of }}">{{ text }}</p>')
