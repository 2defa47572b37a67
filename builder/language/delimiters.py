"""The quotation marks of each language that CLDR knows.

From CLDR 48.2 (cldr-misc-full, delimiters.json); languages that have those of English are left out.
A lexicon that has marks of its own, as newspapers print them, comes first."""

from __future__ import annotations

from functools import cache

_ENGLISH = "“”‘’"
# Double marks, then those inside a quotation; the tags of the languages that have them.
_TAGS = {
    "«»“”": (
        "ast blo bm br ca cv dyo el es-US eu ewo ie it kab kk lij mg mua nnh pms pt-AO pt-CH "
        "pt-CV pt-GQ pt-GW pt-LU pt-MO pt-MZ pt-PT pt-ST pt-TL sc sg ti"
    ),
    "„“‚‘": ("bs-Cyrl cs de dsb et hr hsb is ksh lb luy mk nds sk sl"),
    "«»‹›": ("am az-Arab az-Cyrl fa fr-CH gsw jgo kkj mzn rm sdh wae"),
    "«»„“": ("bas be bua ky os ru sah tyv uk"),
    "””’’": ("fi he lag rn se sn sv yi"),
    "«»‘’": ("dua el-polyton ksf nb nn no rw"),
    "”“’‘": ("ar lld ms-Arab syr ur"),
    "«»«»": ("fr ht hy oc yav"),
    "„“„“": ("bg lt prg sgs"),
    "‘’“”": ("fur ia ti-ER tn"),
    "“”‘’": ("bm-Nkoo ff-Adlm uz-Arab uz-Cyrl"),
    "「」『』": ("ja yue zh-Hant"),
    "„”«»": ("nmg pl ro"),
    "„”‚’": ("agq ff"),
    "„”»«": ("hu szl"),
    "«»„”": ("shi zgh"),
    "»«›‹": ("kk-Arab ug"),
    "„”‘’": ("bs"),
    "“”«»": ("eo"),
    "„“«»": ("ka"),
    "‘’‘’": ("nl"),
    "„”’’": ("sr"),
    "“’“”": ("st"),
    "“”“”": ("tk"),
    "“”’‘": ("uz"),
    "«»”“": ("fr-CA"),
}
# Regions that imply another script than their language (CLDR, likelySubtags).
_SCRIPTS = dict.fromkeys(("zh-TW", "zh-HK", "zh-MO"), "zh-Hant")


@cache
def _by_tag() -> dict[str, str]:
    return {tag: marks for marks, tags in _TAGS.items() for tag in tags.split()}


def cldr_marks(language: str) -> tuple[str, str, str, str]:
    """Return the quotation marks of a language: double, then inner ones."""
    tag = _SCRIPTS.get(language, language)
    while tag not in _by_tag() and "-" in tag:
        tag = tag.rpartition("-")[0]
    marks = _by_tag().get(tag, _ENGLISH)
    return marks[0], marks[1], marks[2], marks[3]


def has_own_marks(language: str) -> bool:
    """Return whether a region or script has other marks than its language."""
    return language in _SCRIPTS or ("-" in language and language in _by_tag())
