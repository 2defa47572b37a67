"""The checks of language, by language: a wrong and a right sentence each.

`docs/adding-a-language.md` has a table of them, which is made of these sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from builder.check.attribution import _inside_of
from builder.check.minority_stakes import Stake, called_purchases
from builder.language.amounts_in_text import mentioned
from builder.language.lexicon import lexicon
from builder.language.tense import in_future

DOCS = Path(__file__).resolve().parents[2] / "docs/adding-a-language.md"
NAMES = {"meta": ("Meta",), "scale": ("Scale AI", "Scale")}


def purchase(text: str, language: str) -> bool:
    stakes = [Stake("meta", "scale", "relations.0")]
    return bool([*called_purchases([("title", text)], stakes, NAMES.__getitem__)])


def future(text: str, language: str) -> bool:
    return bool([*in_future(text, language, 2026)])


def amount(text: str, language: str) -> bool:
    return any(m.quantity.low == 14_300_000_000 for m in mentioned(text, language))


def inside(text: str, language: str) -> bool:
    return _inside_of(("Meta", "Scale AI")).search(text) is not None


CHECKS: dict[str, Callable[[str, str], bool]] = {
    "acquires-minority": purchase,
    "period-past-planned": future,
    "figure-unbacked": amount,
    "sources-inside": inside,
}
# What is reported, and what is not. Of amounts: what is read as 14.3bn, and what is not.
CASES: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "en": {
        "acquires-minority": (("Meta acquires Scale AI",), ("Meta takes 49% of Scale AI",)),
        "period-past-planned": (("Meta will spend it in 2024.",), ("Meta spent it in 2024.",)),
        "figure-unbacked": (("It pays $14.3bn.",), ("It pays 14.3 per cent.",)),
        "sources-inside": (("people inside Meta",), ("people familiar with Meta",)),
    },
    "nl": {
        "acquires-minority": (
            ("Meta koopt Scale AI", "Meta neemt Scale AI over"),
            ("Meta neemt een belang in Scale AI", "Meta wil Scale AI overnemen"),
        ),
        "period-past-planned": (
            ("Meta zal miljarden in 2024 uitgeven.",),
            ("Meta gaf dat in 2024 uit.",),
        ),
        "figure-unbacked": (("Het betaalt 14,3 miljard dollar.",), ("Het groeit 14,3 procent.",)),
        "sources-inside": (("bronnen binnen Meta",), ("bronnen bekend met Meta",)),
    },
    "de": {
        "acquires-minority": (
            ("Meta übernimmt Scale AI",),
            ("Meta beteiligt sich an Scale AI", "Meta kauft 49 Prozent der Anteile an Scale AI"),
        ),
        "period-past-planned": (
            ("Meta wird Milliarden im Jahr 2024 ausgeben.",),
            ("Meta gab das im Jahr 2024 aus.",),
        ),
        "figure-unbacked": (("Es zahlt 14,3 Milliarden Dollar.",), ("Es wächst 14,3 Prozent.",)),
        "sources-inside": (("Quellen innerhalb von Meta",), ("mit Meta vertraute Personen",)),
    },
    "fr": {
        "acquires-minority": (
            ("Meta rachète Scale AI",),
            ("Meta prend 49 % de Scale AI", "Meta achète une participation dans Scale AI"),
        ),
        "period-past-planned": (
            ("Meta dépensera cela en 2024.",),
            ("Meta a dépensé cela en 2024.",),
        ),
        "figure-unbacked": (("Il paie 14,3 milliards de dollars.",), ("Il croît de 14,3 %.",)),
        "sources-inside": (("des sources au sein de Meta",), ("des sources proches du dossier",)),
    },
    "es": {
        "acquires-minority": (
            (
                "Meta compra Scale AI",
                "Meta adquirió la empresa Scale AI",
                "Scale AI fue adquirida por Meta",
                "La compra de Scale AI por parte de Meta",
            ),
            (
                "Meta compra el 49% de Scale AI",
                "Meta toma una participación en Scale AI",
                "Meta negocia: ¿compra Scale AI?",
                "Meta niega que Scale AI fue comprada por Meta",
                "Meta compra datos a Scale AI",
            ),
        ),
        "period-past-planned": (
            ("Meta invertirá mil millones en 2024.", "Meta va a contratar ingenieros en 2024."),
            (
                "Meta invirtió mil millones en 2024.",
                "Meta usará el dinero recaudado en 2024.",
                "El juez analizará en 2025 lo que pasó en 2024.",
                "Meta recordará que en 2024 perdió dinero.",
                "La sede está en Panamá en 2024.",
                "La empresa de Teherán perdió dinero en 2024.",
            ),
        ),
        "figure-unbacked": (
            ("Paga 14.300 millones de dólares.", "Paga 14,3 mil millones de dólares."),
            ("Crece un 14,3 por ciento.",),
        ),
        "sources-inside": (
            ("fuentes dentro de Meta", "fuentes internas de Meta"),
            ("fuentes al tanto de la operación de Meta", "según fuentes, Meta compra"),
        ),
    },
    "pt": {
        "acquires-minority": (
            (
                "Meta compra a Scale AI",
                "Meta adquiriu a empresa Scale AI",
                "Scale AI foi comprada pela Meta",
                "A aquisição da Scale AI pela Meta",
            ),
            (
                "Meta compra 49% da Scale AI",
                "Meta não compra a Scale AI",
                "Meta negocia a aquisição da Scale AI pela Meta",
                "Meta compra uma participação na Scale AI",
            ),
        ),
        "period-past-planned": (
            ("A Meta investirá um bilhão em 2024.", "A Meta vai contratar engenheiros em 2024."),
            (
                "A Meta investiu um bilhão em 2024.",
                "A Meta usará o dinheiro captado em 2024.",
                "O juiz vai analisar a fusão de 2024 em 2027.",
                "O Ceará cresceu em 2024.",
                "A Meta dirá que em 2024 perdeu dinheiro.",
            ),
        ),
        "figure-unbacked": (
            ("Paga 14,3 bilhões de dólares.", "Paga 14,3 mil milhões de dólares."),
            ("Cresce 14,3 por cento.",),
        ),
        "sources-inside": (
            ("fontes dentro da Meta", "pessoas no interior da Meta"),
            ("fontes a par da operação da Meta",),
        ),
    },
    "vi": {
        "acquires-minority": (
            (
                "Meta mua lại Scale AI",
                "Meta đã thâu tóm công ty Scale AI",
                "Scale AI bị Meta thâu tóm",
            ),
            (
                "Meta mua 49% cổ phần Scale AI",
                "Meta muốn mua lại Scale AI",
                "Meta mua dữ liệu của Scale AI",
                "Meta không mua Scale AI",
            ),
        ),
        "period-past-planned": (
            ("Google sẽ chi 200 triệu USD trong năm 2024.",),
            ("Google đã chi 200 triệu USD trong năm 2024.",),
        ),
        "figure-unbacked": (("Trả 14,3 tỷ USD.",), ("Tăng 14,3%.",)),
        "sources-inside": (("nguồn tin nội bộ Meta",), ("nguồn tin am hiểu về Meta",)),
    },
    "ar": {
        "acquires-minority": (
            (
                "استحوذت Meta على Scale AI",
                "Meta تستحوذ على شركة Scale AI",
                "اشترت Meta شركة Scale AI",
                "استحواذ Meta على Scale AI",
            ),
            (
                "استحوذت Meta على 49% من Scale AI",
                "Meta تنفي: استحواذ Meta على Scale AI؟",
                "لم تشتري Meta شركة Scale AI",
                "Meta تستحوذ على حصة في Scale AI",
            ),
        ),
        "period-past-planned": (
            ("ستنفق Meta مليار دولار في عام 2024.", "سوف تبيع Meta الشركة في 2024."),
            (
                "أنفقت Meta مليار دولار في عام 2024.",
                "ستنفق Meta المبلغ الذي جمعته في عام 2024.",
                "سيارة Meta في عام 2024.",
            ),
        ),
        "figure-unbacked": (
            ("تدفع 14.3 مليار دولار.", "تدفع ١٤٫٣ مليار دولار."),
            ("تنمو 14.3 في المئة.",),
        ),
        "sources-inside": (
            ("مصادر داخل Meta", "أشخاص من داخل Meta"),
            ("مصادر مطلعة على خطط Meta",),
        ),
    },
    "zh": {
        "acquires-minority": (
            (
                "Meta收购Scale AI",
                "Meta宣布以143亿美元收购 Scale AI",
                "Meta已完成收购了Scale AI。",
                "Scale AI被Meta收购",
            ),
            (
                "Meta收购Scale AI 49%股份",
                "Meta收购Scale AI的部分股权",
                "Meta入股Scale AI",
                "Meta否认收购Scale AI",
                "Meta考虑收购Scale AI",
                "Meta收购Scale AI？",
            ),
        ),
        "period-past-planned": (
            ("Meta将在2024年投资。", "公司将于2024年裁员。"),
            (
                "Meta在2024年投资。",
                "2024年将总部迁往纽约。",
                "将在2024年的基础上增长。",
                "将在2027年投资。",
                "董事会在2024年批准。",
            ),
        ),
        "figure-unbacked": (("支付143亿美元。", "支付约143亿元。"), ("增长14.3%。", "143亿年前")),
        "sources-inside": (
            ("据Meta内部人士透露", "来自Meta内部的消息"),
            ("据知情人士透露，Meta", "了解Meta情况的人士"),
        ),
    },
    "ja": {
        "acquires-minority": (
            (
                "MetaがScale AIを買収",
                "Meta、Scale AIを買収へ",
                "MetaによるScale AIの買収",
                "Scale AIがMetaに買収される",
            ),
            (
                "MetaがScale AIの株式49%を取得",
                "MetaがScale AIに出資",
                "MetaがScale AIの買収を検討",
                "MetaがScale AIを買収か",
                "MetaはScale AIを買収しない",
            ),
        ),
        "period-past-planned": (
            ("Metaは2024年に工場を建設する予定だ。", "2024年までに黒字化する見通し。"),
            (
                "Metaは2024年に工場を建設した。",
                "2024年に建設する予定だった。",
                "これは2024年に発表した計画。",
                "2027年に建設する予定だ。",
            ),
        ),
        "figure-unbacked": (("143億ドルを支払う。", "143億円を支払う。"), ("14.3%増。",)),
        "sources-inside": (
            ("Metaの内部関係者によると", "Meta社内の関係者"),
            ("事情に詳しい関係者によると、Meta", "Metaに詳しい関係者"),
        ),
    },
}
ALL = [(language, code, *pair) for language, found in CASES.items() for code, pair in found.items()]


@pytest.mark.parametrize(("language", "code", "wrong", "right"), ALL)
def test_a_wrong_sentence_is_reported_and_a_right_one_is_not(
    language: str, code: str, wrong: tuple[str, ...], right: tuple[str, ...]
) -> None:
    check = CHECKS[code]
    assert [text for text in wrong if not check(text, language)] == []
    assert [text for text in right if check(text, language)] == []


def test_the_table_in_the_docs_is_made_of_these_sentences() -> None:
    lines = [f"| language | {' | '.join(f'`{code}`' for code in CHECKS)} |", "|---|" + "---|" * 4]
    for language, found in sorted(CASES.items(), key=lambda item: lexicon(item[0]).name):
        cells = (f"{found[code][0][0]}" if code in found else "–" for code in CHECKS)
        lines.append(f"| {lexicon(language).name} | {' | '.join(cells)} |")
    assert "\n".join(lines) in DOCS.read_text("utf-8"), "\n".join(lines)
