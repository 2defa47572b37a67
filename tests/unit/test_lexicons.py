"""The lexicons: each is valid, each of their keys is used, and a language is one file."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hatchling.builders.wheel import WheelBuilder

from builder.check import attribution, minority_stakes, shares
from builder.check.minority_stakes import Stake, called_purchases
from builder.clip import amounts as amounts_of_clips
from builder.clip import statements
from builder.clip.known import KnownName
from builder.clip.lost_names import find_lost_names
from builder.language import (
    amounts_in_text,
    detect,
    lexicon,
    notice,
    periods,
    quantities,
    reporting,
    tense,
    typography,
    word_patterns,
)
from builder.language.amounts_in_text import mentioned
from builder.language.detect import evident_language, name_of
from builder.language.lexicon import (
    FOLDER,
    Lexicon,
    LexiconError,
    detections,
    lexicons,
    read_lexicon,
)
from builder.language.periods import period_in_words
from builder.language.quantities import print_quantity, print_short
from builder.language.reporting import attributions, credit_of, translation_note
from builder.language.tense import in_future
from builder.language.typography import quotation_marks, typographic
from builder.model.period import FiscalYear, span_of
from builder.quantity.parse import parse_quantity
from support.sites import brief, write_site

REPOSITORY = FOLDER.parents[2]
FILES = sorted(FOLDER.glob("*.toml"))
MODULES = (
    amounts_in_text, amounts_of_clips, attribution, detect, lexicon, minority_stakes, notice,
    periods, quantities, reporting, shares, statements, tense, typography, word_patterns,
)  # fmt: skip


def forget() -> None:
    """Forget every lexicon, and what was made of it."""
    for module in MODULES:
        for function in vars(module).values():
            if hasattr(function, "cache_clear"):
                function.cache_clear()


@pytest.fixture
def fresh() -> Iterator[None]:
    """Lexicons that are read anew, before the test and after it."""
    forget()
    yield
    forget()


# --- every lexicon is valid ----------------------------------------------------------------------


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """Every string in the tables of a lexicon, with its key."""
    for key, item in value.items():
        for one in item if isinstance(item, list | tuple) else [item]:
            if isinstance(one, dict):
                yield from strings(one)
            elif isinstance(one, str):
                yield key, one


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_lexicon_is_valid(file: Path) -> None:
    found = read_lexicon(file)
    assert found.name
    for key, text in strings(msgspec.to_builtins(found)):
        assert text == text.strip() or key in ("open", "close", "inner_open", "inner_close")
        if "pattern" in key:
            assert not re.compile(text).groups, text
    assert found.future is None or tense._pattern(file.stem)
    assert found.amounts is None or amounts_in_text._behind(file.stem)
    if found.future:
        verbs = found.future.verbs + found.future.verb_patterns + found.future.verb_endings
        assert found.future.patterns or (verbs and found.future.signs)


def test_one_language_of_each_alphabet_is_presumed() -> None:
    every = [found.detection for found in lexicon.lexicons().values()]
    writers = Counter(alphabet for one in every for alphabet in one.alphabets)
    presumed = Counter(alphabet for one in every if one.presumed for alphabet in one.alphabets)
    assert {name for name, count in writers.items() if count > 1} == set(presumed)
    assert set(presumed.values()) == {1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`name`: missing key"),
        ("name = 'N'\n[futur]\n", "`futur`: unknown key"),
        ("name = 'N'\n[shares]\nnoun = ['a']\n", "`shares.noun`: unknown key"),
        ("name = 'N'\n[shares]\nnouns = 'part'\n", "`shares.nouns`: expected `array`, got `str`"),
        ("name = 'N'\n[shares]\nnouns = [1]\n", "`shares.nouns[0]`: expected `str`, got `int`"),
        (
            "name = 'N'\n[shares]\nnouns = ['a[b]']\n",
            "`shares.nouns[0]`: not in the notation",
        ),
        ("name = 'N'\n[shares]\nnouns = ['part ']\n", "`shares.nouns[0]`: not in the notation"),
        ("name = 'N'\n[quotation_marks]\nopen = '«'\n", "`quotation_marks.close`: missing key"),
        ("name = 'N'\n[future]\nsigns = ['a']\n", "`future.leads`: missing key"),
        ("name = 'N'\n[quantities.bounds]\nabout = 'x'\n", "`quantities.bounds[...]`: not in the"),
        ("name = 'N'\n[quantities.bounds]\nat = '{}'\n", "`quantities.bounds`: invalid enum"),
        ("name = 'N'\n[[sources.inside]]\npeople = ['a']\n", "`sources.inside[0].where`: missing"),
        ("name = 'N'\n[future]\nleads = []\nsigns = ['a(b)']\n", "`future.signs[0]`: not in the"),
        ("name = 'N'\n[shares\n", "Expected ']' at the end of a table declaration (at line 2"),
        ("name = 'N'\nname = 'M'\n", "Cannot overwrite a value (at line 2"),
    ],
)
def test_error_names_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "nl.toml").write_text(text, "utf-8")
    with pytest.raises(LexiconError) as error:
        read_lexicon(tmp_path / "nl.toml")
    assert str(error.value).startswith(f"nl.toml: {message}")


def test_file_is_named_by_a_tag(tmp_path: Path) -> None:
    (tmp_path / "Dutch.toml").write_text("name = 'Dutch'\n", "utf-8")
    with pytest.raises(LexiconError, match=r"^Dutch\.toml: name the file by a language tag"):
        read_lexicon(tmp_path / "Dutch.toml")


def test_regions_have_the_lexicon_of_their_language() -> None:
    assert lexicon.lexicon("nl-BE") is lexicon.lexicon("NL") is lexicon.lexicon("nl")
    assert lexicon.lexicon("../lexicons/nl") == lexicon.lexicon("tlh") == Lexicon("")


@pytest.mark.parametrize(
    ("word", "matches", "others"),
    [
        ("share(s)", ["share", "shares"], ["shar", "share(s)"]),
        ("agree(s|d) to", ["agree to", "agrees to", "agreed to"], ["agreesd to"]),
        ("*kräfte", ["kräfte", "Fachkräfte"], ["Fach kräfte", "kräften"]),
        ("mln.", ["mln", "mln."], ["mlnx"]),
        ("won't", ["won't", "won’t"], ["wont"]),
    ],
)
def test_notation(word: str, matches: list[str], others: list[str]) -> None:
    pattern = re.compile(word_patterns.one_of([word]), re.IGNORECASE)
    assert all(map(pattern.fullmatch, matches))
    assert not any(map(pattern.fullmatch, others))


def test_no_words_match_nothing() -> None:
    assert not re.search(word_patterns.one_of([]), "")
    assert not re.search(word_patterns.whole([]), "a b")


# --- every key is used ---------------------------------------------------------------------------


def future(text: str, language: str) -> Callable[[], object]:
    return lambda: [text[slip.start : slip.end] for slip in in_future(text, language, 2025)]


def amounts(text: str, language: str) -> Callable[[], object]:
    return lambda: [(text[m.start : m.end], m.quantity.low) for m in mentioned(text, language)]


def fiscal(period: str, tag: str) -> Callable[[], object]:
    span = span_of(period, FiscalYear("01", "end"))
    return lambda: period_in_words(period, span, tag)


def period(stored: str, tag: str) -> Callable[[], object]:
    return lambda: period_in_words(stored, span_of(stored, None), tag)


def printed(value: str, language: str) -> Callable[[], object]:
    return lambda: print_quantity(parse_quantity(value), language)


def purchase(text: str) -> Callable[[], object]:
    names = {"a": ["Meta"], "b": ["Scale AI"]}
    return lambda: [*called_purchases([("title", text)], [Stake("a", "b", "")], names.__getitem__)]


def spoken(text: str, expected: str) -> Callable[[], object]:
    return lambda: evident_language(text, expected)


def share(metric: str) -> Callable[[], object]:
    return lambda: bool(shares._share().fullmatch(metric))


def inside(text: str) -> Callable[[], object]:
    return lambda: bool(attribution._inside_something().search(text))


def quoted(language: str) -> Callable[[], object]:
    return lambda: typographic("\"'a'\"", language)


def relays(sentence: str, language: str) -> Callable[[], object]:
    agency = re.compile("Reuters")
    return lambda: [*attributions(sentence, agency, language)]


def credit(line: str, language: str) -> Callable[[], object]:
    return lambda: credit_of(line, language)


def translated(text: str, language: str) -> Callable[[], object]:
    return lambda: translation_note(text, language)


def spoke(key: str, text: str, language: str) -> Callable[[], object]:
    return lambda: bool(getattr(statements._words(language), key).search(text))


def measured(text: str, language: str) -> Callable[[], object]:
    return lambda: amounts_of_clips._metric(text, 15, 35, language, "en")


def lost(name: str, text: str, language: str) -> Callable[[], object]:
    return lambda: find_lost_names([KnownName(name, (name,))], [text], language, [])


# A language, a key, what to remove from its list (of anything else: what to set it to), and a
# function whose result must change.
def noticed(before: str, after: str, language: str) -> Callable[[], str]:
    return lambda: notice.notice(before, after, language)


MUTATIONS: list[tuple[str, str, object, Callable[[], object]]] = [
    ("en", "notice.kept", "nothing", noticed("It says nothing", "It says nohting", "en")),
    ("en", "notice.commas", "who", noticed("It has users who pay", "It has users, who pay", "en")),
    ("de", "notice.noun_endings", "ung", noticed("Die Regirung", "Die Regierung", "de")),
    ("de", "notice.distinct_marks", False, noticed("sie verkauften", "sie verkäuften", "de")),
    ("de", "notice.transliterated", False, noticed("verzoegern", "verzögern", "de")),
    ("vi", "notice.moving_tones", False, noticed("hoà vốn", "hòa vốn", "vi")),
    ("nl", "name", "Flemish", lambda: name_of("nl-BE")),
    ("de", "quotation_marks.open", "“", quoted("de")),
    ("cs", "quotation_marks.close", "”", quoted("cs")),
    ("ja", "quotation_marks.inner_open", "‘", quoted("ja")),
    ("fr", "quotation_marks.inner_close", "’", quoted("fr-BE")),
    ("nl", "apostrophes.words", "s", lambda: typographic("'s Nachts: Lucas' baas", "nl")),
    ("nl", "detection.common", "het", spoken("Google koopt het bedrijf van Meta", "en")),
    ("vi", "detection.letters", "", spoken("Nhân viên Google nghỉ việc", "nl")),
    ("el", "detection.alphabets", "GREEK", spoken("Η εταιρεία αγόρασε το εργοστάσιο", "en")),
    ("ru", "detection.presumed", False, spoken("Компания купила завод", "en")),
    ("ja", "detection.decisive_alphabets", "HIRAGANA", spoken("米国の新聞社を買収した", "en")),
    ("de", "amounts.decimal_comma", False, amounts("1.400 Beschäftigte", "de")),
    ("vi", "amounts.percent", "phần( )trăm", amounts("17 phần trăm", "vi")),
    ("nl", "amounts.people", "*krachten", amounts("200 arbeidskrachten", "nl")),
    ("fr", "amounts.of", "d'", amounts("2 milliards d’euros", "fr")),
    ("nl", "amounts.ranges", "tot", amounts("$1 tot 2 miljard", "nl")),
    ("nl", "amounts.scales.thousand", "duizend", amounts("50 duizend euro", "nl")),
    ("en", "amounts.scales.lakh", "lakh", amounts("₹2.5 lakh", "en")),
    ("de", "amounts.scales.million", "mio.", amounts("3 Mio. Euro", "de")),
    ("zh", "future.patterns", r"将会?[在于]YEAR年(?!\s*的)",
     lambda: [*in_future("Meta将在2024年投资。", "zh", 2026)]),
    ("pt", "purchase.patterns", r"OWNED\s+(?:é|foi)\s+(?:comprad[oa]|adquirid[oa])"
     r"\s+(?:pela|pelo|por)\s+OWNER", purchase("Scale AI foi comprada pela Meta")),
    ("ja", "sources.patterns", "NAME社?の?(?:内部|社内)の?(?:関係者|情報筋|消息筋)",
     inside("Metaの内部関係者")),
    ("ja", "amounts.scales.myriad", "万", amounts("3000万円", "ja")),
    ("zh", "amounts.scales.hundred_million", "亿", amounts("143亿美元", "zh")),
    ("en", "amounts.scales.crore", "crore", amounts("Rs 500 crore", "en")),
    ("fr", "amounts.scales.billion", "md(s)", amounts("3,2 Md€", "fr")),
    ("vi", "amounts.scales.trillion", "nghìn tỷ", amounts("5 nghìn tỷ đồng", "vi")),
    ("vi", "amounts.money.VND", "đồng", amounts("5 tỷ đồng", "vi")),
    ("nl", "quantities.bounds.about", "zo’n {}", printed("about 49%", "nl")),
    ("fr", "quantities.percentage_points.one", "point", printed("1 pp", "fr")),
    ("fr", "quantities.times.other", "x", printed("3x", "fr")),
    ("fr", "quantities.people.other", "gens", printed("3m people", "fr")),
    ("de", "quantities.per", "je", printed("100 EUR/user", "de")),
    ("es", "quantities.of", "", printed("14.3 billion EUR", "es")),
    ("fr", "quantities.of_elided", "", printed("14.3 billion EUR", "fr")),
    ("nl", "quantities.currencies.USD", "USD", printed("14.3 billion USD", "nl")),
    ("pt", "quantities.small_currencies", False, printed("14.3 billion EUR", "pt")),
    ("ja", "quantities.currency_names", False, printed("100 USD", "ja")),
    ("en", "quantities.currency_signs", False, printed("14.3 billion USD", "en")),
    ("en", "quantities.short_scales.thousand", "K",
     lambda: print_short(parse_quantity("150k people"), "en")),
    ("en", "quantities.short_scales.million", "mn",
     lambda: print_short(parse_quantity("1.5 million EUR"), "en")),
    ("en", "quantities.short_scales.billion", "B",
     lambda: print_short(parse_quantity("14.3bn EUR"), "en")),
    ("en", "quantities.short_scales.trillion", "T",
     lambda: print_short(parse_quantity("2 trillion EUR"), "en")),
    ("vi", "quantities.short_scales.spaced", False,
     lambda: print_short(parse_quantity("14.3bn USD"), "vi")),
    ("nl", "periods.fiscal_year", "jaar {}", fiscal("FY2024", "nl")),
    ("en", "periods.part_of_fiscal_year", "{part} {year}", fiscal("FY2024-Q4", "en")),
    ("ja", "periods.part_of_year", "{part}/{year}", period("2025-Q4", "ja")),
    ("de", "periods.first_half", "H1", period("2025-H1", "de")),
    ("de", "periods.second_half", "H2", period("2025-H2", "de")),
    ("en", "periods.quarter", "{}Q", period("2025-Q1", "en")),
    ("de", "periods.until", "Ende {}", fiscal("FY2024", "de")),
    ("vi", "future.signs", "sẽ", future("Google sẽ tăng trong năm 2024.", "vi")),
    ("nl", "future.verbs", "zal", future("Google zal groeien in 2024.", "nl")),
    ("en", "future.verb_patterns", r"(?:will|shall)(?!\s+of\b)",
     future("It will earn more in 2024.", "en")),
    ("fr", "future.verb_endings", "era", future("Elle emploiera 200 salariés en 2024.", "fr")),
    ("fr", "future.not_verbs", "examiner", future("Le juge examinera le tout en 2024.", "fr")),
    ("nl", "future.leads", "tijdens", future("Google zal groeien tijdens 2024.", "nl")),
    ("de", "future.bare_pattern", None, future("Google wird 2024 wachsen.", "de")),
    ("en", "future.breaks", "that", future("It will say that in 2024 it earned less.", "en")),
    ("fr", "future.break_patterns", r"[^\W\d]{2,}(?:ait|aient)",
     future("Elle va fermer les usines, elles perdaient en 2024.", "fr")),
    ("nl", "future.articles", "het", future("Google zal het in 2023 gesloten contract.", "nl")),
    ("en", "future.participles", "made", future("It will drop a deal made in 2022.", "en")),
    ("en", "future.participle_patterns", r"[^\W\d]+[^\W\de]ed",
     future("Google will use the money raised in 2024.", "en")),
    ("en", "future.auxiliaries", "be", future("It will be paid in 2024.", "en")),
    ("en", "future.adverb_endings", "ly", future("It will be newly made in 2024.", "en")),
    ("nl", "future.looking_back", "onderzoeken",
     future("Men zal alles in 2012 onderzoeken.", "nl")),
    ("de", "purchase.verbs", "kauft", purchase("Meta kauft Scale AI")),
    ("nl", "purchase.split_verbs", "neemt … over", purchase("Meta neemt Scale AI over")),
    ("fr", "purchase.participles", "racheté(e)", purchase("Scale AI racheté par Meta")),
    ("nl", "purchase.passive", "wordt", purchase("Scale AI wordt door Meta overgenomen")),
    ("nl", "purchase.by", "door", purchase("Scale AI wordt door Meta overgenomen")),
    ("de", "purchase.nouns", "Übernahme", purchase("Übernahme von Scale AI durch Meta")),
    ("nl", "purchase.of", "van", purchase("De overname van Scale AI door Meta")),
    ("en", "purchase.possessive", "'s", purchase("Meta’s acquisition of Scale AI")),
    ("en", "purchase.announcing", "complete(s)", purchase("Meta completes purchase of Scale AI")),
    ("fr", "purchase.hedges", "n'", purchase("On n’y croit plus, Meta achète Scale AI")),
    ("nl", "purchase.denials", "niet", purchase("Meta koopt Scale AI niet")),
    ("en", "purchase.parts", "stake(s)", purchase("Meta buys stake: Meta buys a stake Scale AI")),
    ("de", "purchase.elsewhere", "bei", purchase("Meta kauft Daten bei Scale AI")),
    ("en", "purchase.other_things", "rival(s)", purchase("Meta buys Scale AI rival Turing")),
    ("nl", "shares.stakes", "belang", lambda: "belang" in shares._stakes()),
    ("de", "shares.nouns", "*anteil", share("Marktanteil")),
    ("en", "shares.leads", "by", share("sales by share")),
    ("fr", "shares.of", "d'", share("part d’effectif")),
    ("nl", "shares.not_wholes", "winst", lambda: bool(shares._no_whole().search("nettowinst"))),
    ("de", "shares.measures", "umsatz", lambda: bool(shares._measure().search("Jahresumsatz"))),
    ("vi", "sources.familiar", "am hiểu", lambda: bool(attribution._familiar().search("am hiểu"))),
    ("nl", "sources.inside.0.people", "bronnen", inside("volgens bronnen binnen Meta")),
    ("fr", "sources.inside.1.where", "chez", inside("des sources chez Meta")),
    ("en", "sources.inside.1.not_after", "data", inside("data sources at Meta")),
    ("nl", "reporting.credits", "bron(nen)", credit("Bron: Reuters", "nl")),
    ("vi", "reporting.before", "theo( hãng tin)", relays("Theo hãng tin Reuters, Google", "vi")),
    ("de", "reporting.after", "zufolge", relays("Reuters zufolge will Google gehen", "de")),
    ("nl", "reporting.first", "als eerste", relays("Reuters meldde het als eerste.", "nl")),
    ("fr", "reporting.pictures", "photo(s)", credit("Source : photo (Reuters)", "fr")),
    ("es", "reporting.translated", "traducido del", translated("Traducido del inglés", "es")),
    ("pt", "reporting.machine", "tradução automática", translated("Tradução automática", "pt")),
    ("it", "statements.said", "ha detto", spoke("said", "ha detto Wang", "it")),
    ("nl", "statements.declined", "wilde niet reageren",
     spoke("declined", "Meta wilde niet reageren", "nl")),
    ("de", "statements.no_reply", "reagierte( zunächst) nicht",
     spoke("no_reply", "Meta reagierte zunächst nicht", "de")),
    ("nl", "metrics.valuation", "gewaardeerd", measured("gewaardeerd op 14 miljard dollar", "nl")),
    ("nl", "name_words.scale", "schaalbare", lost("Scale AI", "van Schaalbare AI", "nl")),
]  # fmt: skip


def mutated(found: Lexicon, key: str, value: object) -> Lexicon:
    """Return a lexicon without an item of a list, or with another value of a key."""
    tables: Any = msgspec.to_builtins(found)
    *parents, last = key.split(".")
    table = tables
    for parent in parents:
        table = table[int(parent)] if parent.isdigit() else table[parent]
    if isinstance(table[last], list | tuple):
        assert value in table[last]
        table[last] = [item for item in table[last] if item != value]
    else:
        assert table[last] != value
        table[last] = value
    return msgspec.convert(tables, Lexicon)


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("tag", "key", "value", "result"), MUTATIONS, ids=[f"{m[0]} {m[1]}" for m in MUTATIONS]
)
def test_key_is_used(
    tag: str,
    key: str,
    value: object,
    result: Callable[[], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = result()

    def read(file: Path) -> Lexicon:
        found = read_lexicon(file)
        return mutated(found, key, value) if file.stem == tag else found

    monkeypatch.setattr(lexicon, "read_lexicon", read)
    monkeypatch.setattr(lexicon, "_detection", lambda file: read(file).detection)
    forget()
    assert result() != before


def keys(kind: Any) -> Iterator[str]:
    """Every key of a section, with dots between it and those of the tables within."""
    for name, hint in kind.__annotations__.items():
        types = re.findall(r"\w+", str(hint))
        within = next((vars(lexicon)[n] for n in types if n[-1:] in "sne" and is_section(n)), None)
        yield from (f"{name}.{key}" for key in keys(within)) if within else [name]


def is_section(name: str) -> bool:
    found = vars(lexicon).get(name)
    return isinstance(found, type) and issubclass(found, msgspec.Struct)


def test_every_key_has_a_mutation() -> None:
    tried = {
        re.sub(
            r"\.\d+|(?<=money)\.\w+|(?<=words)\.\w+|(?<=metrics)\.\w+|(?<=bounds)\.\w+|(?<=points)\.\w+"
            r"|(?<=times)\.\w+|(?<=people)\.\w+|(?<=currencies)\.\w+",
            "",
            m[1],
        )
        for m in MUTATIONS
    }
    assert tried == set(keys(Lexicon))


# --- a language is one file ----------------------------------------------------------------------

ESPERANTO = """\
name = "Esperanto"
[quotation_marks]
open = "‹"
close = "›"
inner_open = "'"
inner_close = "'"
[detection]
common = ["la", "kaj", "estas", "de", "por", "kun", "ĉe", "ne", "ĉi", "tiu", "sed"]
[future]
signs = ["os"]
leads = ["en"]
verb_endings = ["os"]
"""
STORY = brief("a", 'Google kaj "Meta" ne estas kun Scale AI', "Google kreskos en 2024.", lang="eo")


def test_part_of_a_lexicon_is_read_alone() -> None:
    assert detections() == {tag: found.detection for tag, found in lexicons().items()}


ENGLISH = brief("b", "Google estas kun Meta sed ĉe Scale AI", "Text.", id="bbbb2222")


def test_language_is_one_file(tmp_path: Path) -> None:
    """With one more file in a copy of the package, a brief in Esperanto has its quotation marks,
    its tenses are checked, and a title in Esperanto is recognised on an English page."""
    site = write_site(tmp_path / "site", STORY + ENGLISH, fresh=True)
    assert quotation_marks("eo") == ["“", "”", "«", "»"]  # those of CLDR
    assert said(REPOSITORY, site) == ({"“Meta”", "«Meta»"}, "")  # the latter is in a citation
    copy = tmp_path / "copy"
    shutil.copytree(REPOSITORY / "builder", copy / "builder")  # with what is compiled
    shutil.copytree(REPOSITORY / "templates", copy / "templates")
    shutil.copytree(REPOSITORY / "docs", copy / "docs")
    (copy / "builder/language/lexicons/eo.toml").write_text(ESPERANTO, "utf-8")
    quotes, told = said(copy, site)
    assert quotes == {"‹Meta›", "'Meta'"}
    assert "`kreskos en 2024` puts 2024 in the future" in told
    assert "the title seems to be in Esperanto, but the page is in English" in told


def said(package: Path, site: Path) -> tuple[set[str], str]:
    """Build a site by a copy of the package; return the quoted names, and the warnings."""
    ran = subprocess.run(
        [sys.executable, "-m", "builder", "--site", str(site), "build"],
        env={"PYTHONPATH": str(package), "PATH": ""},
        cwd=package,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    page = (site / "output/briefs/a/index.html").read_text("utf-8")
    shown = html.unescape(re.sub("<[^>]*>", "", page))
    quotes = {*re.findall(r"[^\s\w<>]Meta[^\s\w<>]", shown)}
    text = ran.stdout + ran.stderr
    codes = ("period-past-planned", "other-language")
    return quotes, "\n".join(line for line in text.splitlines() if any(c in line for c in codes))


def test_wheel_has_the_lexicons() -> None:
    packed = {f.distribution_path for f in WheelBuilder(str(REPOSITORY)).recurse_included_files()}
    assert {f"builder/language/lexicons/{file.name}" for file in FILES} <= packed


# --- nothing is read that is not needed ----------------------------------------------------------

LOADED = """\
import sys
from builder.cli.app import main
try:
    main(prog_name="slugline")
except SystemExit:
    pass
print("\\ntomllib" if "tomllib" in sys.modules else "\\nnothing")
"""


def loaded(*arguments: str) -> str:
    """Run a command; return whether it loaded the reader of TOML."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], check=True, capture_output=True, text=True
    )
    return ran.stdout.splitlines()[-1]


def test_lexicons_are_read_when_needed(tmp_path: Path) -> None:
    assert loaded("--help") == "nothing"
    site = write_site(tmp_path / "site", brief("a"), fresh=True)
    build = ("--site", str(site), "build", "-q", "--at", "2025-07-01 12:00", "--jobs", "1")
    assert loaded(*build) == "tomllib"
    assert loaded(*build) == "nothing"
