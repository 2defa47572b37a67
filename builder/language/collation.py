"""The order of names, and the letters of an index, as the language of a page has them.

The root order and the tailorings are those of CLDR (unicode.org/cldr, common/collation), as far as
names need them: PyICU, which has all of it, has no wheels, and ICU's data are 30 MB. Han is
sorted by pinyin, except in Japanese, where kana come first."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from builder.language.words import without_marks
from builder.names.transliterate import LATIN, to_ascii
from builder.patterns import pattern

# Letters behind others, `=` with those that count as the same: in Swedish, å, ä and ö follow z.
_CZECH, _CROATIAN = "c<č; h<ch; r<ř; s<š; z<ž", "c<č<ć; d<dž<đ; l<lj; n<nj; s<š; z<ž"
_DANISH, _SWEDISH = "y=ü; z<æ=ä<ø=ö=ő<å=aa", "y=ü; z<å<ä=æ<ö=ø"
_TURKISH = "c<ç; g<ğ; h<ı; o<ö; s<ş; u<ü"
_TAILORINGS = {
    "az": f"{_TURKISH}; e<ə; h<x<ı; k<q; z<w", "be": "е<ё", "bs": _CROATIAN, "cs": _CZECH,
    "cy": "c<ch; d<dd; f<ff; g<ng; l<ll; p<ph; r<rh; t<th", "da": _DANISH,
    "eo": "c<ĉ; g<ĝ; h<ĥ; j<ĵ; s<ŝ; u<ŭ", "es": "n<ñ", "et": "s<š<z<ž; w<õ<ä<ö<ü", "fi": _SWEDISH,
    "fil": "n<ñ<ng", "fo": f"d=ð; {_DANISH}", "gl": "n<ñ", "hr": _CROATIAN,
    "hu": "c<cs; d<dz<dzs; g<gy; l<ly; n<ny; o<ö=ő; s<sz; t<ty; u<ü=ű; z<zs",
    "is": "a<á; d<ð; e<é; i<í; o<ó; u<ú; y<ý; z<þ<æ=ä<ö=ø<å", "lt": "c<č; i=y; s<š; z<ž",
    "lv": "a<ā; c<č; e<ē; g<ģ; i<y<ī; k<ķ; l<ļ; n<ņ; o<ō; r<ŗ; s<š; u<ū; z<ž", "nb": _DANISH,
    "nn": _DANISH, "no": _DANISH, "pl": "a<ą; c<ć; e<ę; l<ł; n<ń; o<ó; s<ś; z<ź<ż",
    "ro": "a<ă<â; i<î; s<ș=ş; t<ț=ţ", "sk": f"{_CZECH}; a<ä; o<ô", "sl": "c<č<ć; d<đ; s<š; z<ž",
    "sq": "c<ç; d<dh; e<ë; g<gj; l<ll; n<nj; r<rr; s<sh; t<th; x<xh; z<zh", "sr": _CROATIAN,
    "sv": _SWEDISH, "tr": _TURKISH, "vi": "a<ă<â; d<đ; e<ê; o<ô<ơ; u<ư",
}  # fmt: skip
# Letters that Unicode does not have in the order of their alphabets.
_CYRILLIC = "абвгґдђѓеєжзѕиіїйјклљмнњопрстћќуўфхцчџшщъыьэюя"
_ARABIC = "ابپتثجچحخدذرزژسشصضطظعغفقكگلمنهوي"
_PERSIAN = _ARABIC.replace("هو", "وه")
_BEHIND = "\uffff"  # what follows the weight of a letter in that of one behind it
_SAME = str.maketrans(
    {"ё": "е", "ѐ": "е", "ς": "σ", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي",
     "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": "", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ",
     "ץ": "צ", "々": "々"}
)  # fmt: skip
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # Vietnamese
_HAN = pattern("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_EAST_ASIAN = pattern(f"[{_HAN.pattern[1:-1]}\u3041-\u30ff\uac00-\ud7a3]")
_THAI_VOWEL = pattern("([เ-ไ])([ก-ฮ])")
_DOUBLED = pattern("([cdglnstz])(?=\\1)(cs|dzs?|gy|ly|ny|sz|ty|zs)")  # Hungarian: ssz is sz and sz
_INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"  # of Hangul; doubled ones with single ones
_ROWS = "あかさたなはまやらわ"
_KANJI = "漢"  # the heading of Han that has no order by sound
OTHER = "#"  # the heading of names that begin with no letter


class _Order(NamedTuple):
    """The order of a language: weights of its letters, and how an index prints them."""

    language: str
    own: str  # the name of its script in Unicode
    weights: dict[str, str]
    letters: dict[str, str]  # by weight
    units: re.Pattern[str]  # letters of several characters, or one character


class _Unit(NamedTuple):
    """A letter: its weight, its marks, and the heading that it belongs to."""

    weight: str
    marks: str
    heading: str


@cache
def _order(language: str) -> _Order:
    tag = language.partition("-")[0].casefold()
    cyrillic = {letter: chr(0x400 + n) for n, letter in enumerate(_CYRILLIC)}
    weights: dict[str, str] = {}
    letters: dict[str, str] = {}
    for rule in filter(None, _TAILORINGS.get(tag, "").split("; ")):
        base, *behind = rule.split("<")
        base, *same = base.split("=")
        base = cyrillic.get(base, base)
        weights |= dict.fromkeys(same, base)
        for n, names in enumerate(behind):
            name, *equal = names.split("=")
            weights |= dict.fromkeys((name, *equal), f"{base}{_BEHIND}{n}")
            letters[f"{base}{_BEHIND}{n}"] = name.upper()
    if tag in ("tr", "az"):
        letters |= {"i": "İ", weights["ı"]: "I"}
    if tag == "fa":
        letters |= {chr(0x600 + _PERSIAN.index(one)): own for one, own in ("كک", "يی")}
    arabic = enumerate(_PERSIAN if tag == "fa" else _ARABIC)
    weights = cyrillic | weights | {letter: chr(0x600 + n) for n, letter in arabic}
    several = sorted((unit for unit in weights if len(unit) > 1), key=len, reverse=True)
    units = re.compile("|".join((*several, ".")), re.DOTALL)
    return _Order(tag, _script_of(tag), weights, letters, units)


def _script_of(tag: str) -> str:
    scripts = {
        "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "he": "HEBREW", "el": "GREEK", "th": "THAI",
        "hi": "DEVANAGARI", "mr": "DEVANAGARI", "ne": "DEVANAGARI", "bn": "BENGALI", "ta": "TAMIL",
        "ko": "HANGUL", "ja": "JAPANESE", "ka": "GEORGIAN", "hy": "ARMENIAN",
        **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr", "kk", "mn"), "CYRILLIC"),
    }  # fmt: skip
    return scripts.get(tag, "LATIN")


SortKey = tuple[int, str, str, str]


def sort_key(text: str, language: str) -> SortKey:
    """Return the key by which a name is sorted in a language.

    Names in the language's own script come first, and those without a letter first among them."""
    return _filed(without_marks(text), language)[:4]


def index_letter(text: str, language: str) -> str:
    """Return the index letter of a name, or `#`."""
    return _filed(without_marks(text), language)[4]


def letter_anchor(letter: str) -> str:
    """Return the id of a letter's part of an index."""
    if letter == OTHER:
        return "letter-other"
    name = letter.lower()
    if not (name.isascii() and name.isalpha()):
        name = "-".join(f"u{ord(character):04x}" for character in letter)
    return f"letter-{name}"


def surname_first(name: str) -> str:
    """Return the part of a person's name by which it is sorted.

    It is the last word, except in Chinese, Japanese and Korean, where the family name is first."""
    words = name.split()
    return words[-1] if words and not _EAST_ASIAN.match(words[0]) else name


@lru_cache(maxsize=65536)
def _filed(text: str, language: str) -> tuple[int, str, str, str, str]:
    order = _order(language)
    weights, marks, heading = [], [], ""
    for unit in _units(_prepared(text, order), order):
        weights.append(unit.weight)
        marks.append(unit.marks or " ")
        heading = heading or unit.heading
    primary = re.sub("-+", "-", "".join(weights)).strip("-")
    own = heading in ("", OTHER) or _is_own(heading, order)
    return (not own, primary, "".join(marks).rstrip(), text.swapcase(), heading or OTHER)


def _is_own(heading: str, order: _Order) -> bool:
    name = unicodedata.name(heading[0], "")
    if order.own == "JAPANESE":
        return name.startswith(("HIRAGANA", "CJK"))
    return name.startswith(order.own)


def _prepared(text: str, order: _Order) -> str:
    """Return a text in lower case, with its letters in the order in which they are compared."""
    if order.language == "hu":
        text = _DOUBLED.sub(r"\2\2", text.lower())
    if text.isascii() and order.language not in ("tr", "az"):
        return text.lower().replace("'", "")
    if order.language in ("tr", "az"):
        text = text.replace("I", "ı").replace("İ", "i")
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", "")
    text = _THAI_VOWEL.sub(r"\2\1", text)
    # As encyclopaedias in Arabic do; a name from elsewhere has a hamza on its alef: ألفابت.
    return re.sub(r"(?<!\w)ال(?=\w{2})", "", text) if order.language == "ar" else text


def _units(text: str, order: _Order) -> list[_Unit]:
    if text.isascii() and not order.language:
        return []
    return [_unit(found, order) for found in order.units.findall(text)]


def _unit(unit: str, order: _Order) -> _Unit:
    if weight := order.weights.get(unit):
        plain = weight if weight.isascii() else unit
        return _Unit(weight, "", order.letters.get(weight) or plain.upper())
    if unit.isascii():
        if unit.isalpha():
            return _Unit(unit, "", order.letters.get(unit) or unit.upper())
        return _Unit(unit, "", OTHER) if unit.isdigit() else _Unit("-", "", "")
    if _HAN.match(unit):
        return _han(unit, order)
    base, *marks = list(unicodedata.normalize("NFD", unit))
    for mark in marks:
        if weight := order.weights.get(unicodedata.normalize("NFC", base + mark)):
            others = "".join(_TONES.get(m, m) for m in marks if m != mark)
            return _Unit(weight, others, order.letters.get(weight) or weight[0].upper())
    return _letter(unit, base, "".join(_TONES.get(m, m) for m in marks), order)


def _letter(unit: str, base: str, marks: str, order: _Order) -> _Unit:
    if "가" <= unit <= "힣":
        return _Unit(f"\u3000{unit}", "", _INITIALS[(ord(unit) - 0xAC00) // 588])
    if "\u30a1" <= base <= "\u30f6":
        base, marks = chr(ord(base) - 0x60), f"{marks}+"
    if "\u3041" <= base <= "\u3096":
        return _kana(base, marks)
    if "\u0400" <= base <= "\u04ff" and unit != base and unit.translate(_SAME) == unit:
        base, marks = unit, ""  # й is a letter, й without its mark is another one
    plain = base.translate(_SAME).translate(LATIN)
    if not plain or unicodedata.category(plain[0])[0] == "M":
        return _Unit("", marks + base, "")
    if not plain[0].isalnum():
        return _Unit("-", "", "")
    weight = "".join(order.weights.get(letter, letter) for letter in plain)
    marks += base if base != plain else ""
    upper = order.letters.get(weight) or plain[0].upper()
    return _Unit(weight, marks, upper if len(upper) == 1 else plain[0])


def _kana(kana: str, marks: str) -> _Unit:
    """Return a unit for hiragana: small ones and voiced ones are sorted with plain ones."""
    whole = unicodedata.normalize("NFD", _LARGE.get(kana, kana))[0]
    row = next((row for row in reversed(_ROWS) if row <= whole), _ROWS[0])
    return _Unit(whole, marks + kana, "わ" if whole in "をん" else row)


_LARGE = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))


def _han(character: str, order: _Order) -> _Unit:
    if order.language == "ja":
        return _Unit(character, "", _KANJI)
    sound = to_ascii(character).strip("-")
    if order.language == "zh" and sound:
        return _Unit(f"{sound}-", character, sound[0].upper())
    return _Unit(f"\u4e00{sound}-", character, _KANJI)
