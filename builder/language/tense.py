"""Sentences that put a past year into the future, as mistranslations do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


class FutureTense(NamedTuple):
    """A future-tense verb with a past year: place, words and year."""

    start: int
    end: int
    year: int


class _Future(NamedTuple):
    """How a language refers to the future, as regular expressions.

    A verb of the future, the words that lead up to a year, and the words after which a different
    statement begins (`will say that in 2024 …`, `will investigate …`) or which, before the year,
    make it part of a name (`zal het in 2024 gesloten contract …`). `done` matches a past
    participle: `will use the money raised in 2024`. `bare` matches a year right next to the verb,
    if a language needs no words in between: `wird 2024`. `after` are words soon after the year that
    look back at it: `zal … in 2012 onderzoeken`. A text without any of the `signs` has no such
    verb.
    """

    signs: tuple[str, ...]
    verb: str
    lead: str
    breaks: str
    before: str = ""
    done: str = ""
    bare: str = ""
    after: str = ""


_FUTURES = {
    "en": _Future(
        ("will ", "shall ", "going to ", "won't ", "won’t ", "'ll ", "’ll "),
        r"(?:will|shall)(?!\s+of\b)|won['’]t|['’]ll|is going to|are going to",
        "in|during",
        "that|which|who|whom|whose|what|where|when|why|how|than|as|since|because|if|whether|was|were"
        "|had|those|from|after|ahead|twice|audit|cover|defend|discuss|examine|explain|hear"
        "|investigate|probe|regret|repeat|restate|review|revisit|rule|vote"
        "|analy[sz]e|appeal|assess|challenge|compare|contest|dispute|echo|look|match|mirror|question"
        "|questions|recall|remember|resemble|reopen"
        "|acquisition|buyout|crash|crisis|fine|layoffs|merger|purchase|ruling|scandal|settlement"
        "|takeover|verdict",
        done=r"[^\W\d]+[^\W\de]ed|agreed|began|begun|bought|brought|built|chosen|cut|drawn|found"
        "|given|held|kept|known|left|lost|made|paid|put|seen|sent|set|shut|sold|spent|struck"
        "|taken|told|took|won|written",
    ),
    "nl": _Future(
        ("zal ", "zullen ", "gaat ", "gaan "),
        r"zal|zullen|(?:gaat|gaan)(?!\s+(?:\S+\s+){0,4}(?:om|over)\b)",
        "in|tijdens",
        "dat|die|wat|dan|als|na|omdat|sinds|was|waren|had|waarom|hoe|toen|waarin|waarbij"
        "|beroep|bekijken|beoordelen|herinneren|kijken|oordelen|onderzoeken|richten|terugblikken"
        "|teruggaan|terugkeren|terugkijken|voortbouwen"
        "|aankoop|boete|crisis|fusie|ontslagronde|overname|schandaal|schikking|uitspraak|verkoop"
        "|vonnis",
        before="de|het|een|deze|dit|zijn|haar|hun|alle|enkele",
        after="aanvechten|bekijken|beoordelen|bespreken|evenaren|herhalen|herzien|onderzoeken"
        "|overtreffen|toetsen|verdedigen|verklaren",
    ),
    "de": _Future(
        ("wird ", "werden "),
        "wird|werden",
        "im Jahre?|in",
        "dass|die|das|der|als|weil|seit|war|waren|hatte|wurde|wurden|angeklagt|beschuldigt"
        "|verdächtigt|vorgeworfen,?|warum|wie|wo|wobei"
        "|Erwerb|Fusion|Kauf|Krise|Skandal|Strafe|Übernahme|Urteil|Vergleich|Verkauf|Zukauf"
        r"|nach(?!\s+(?:Angaben|eigenen|Informationen|Schätzung))",
        before="den|dem|des|eine[mnrs]?|ein|seine[mnrs]?|ihre[mnrs]?|alle",
        # Not `wird 2000 neue Stellen schaffen`.
        bare=r"(?:(?:bereits|vermutlich|voraussichtlich|wohl)\s+)?(?![0-9]{2}00)",
        after="anfechten|anknüpfen|aufarbeiten|behandeln|beurteilen|bewerten|erinnern|erinnert|erklären"
        "|gestützt|prüfen|übertreffen|untersuchen|verteidigen|vorgehen|wiederholen",
    ),
    "fr": _Future(
        ("va ", "vont ", "ra ", "ront "),
        r"va|vont|sera|seront|aura|auront|fera|feront"
        r"|(?!passer|examiner|juger|rappeler|regretter|portera sur|porteront sur|analyser|contester"
        r"|enquêter|étudier|évaluer|évoquer|pencher"
        r"|rappeller|ressembler|reviendra sur|reviendront sur)"
        r"[^\W\d]{2,}(?:era|eront|ira|iront|[drv]ra|[drv]ront|ura|uront)",
        "en",
        "que|qui|dont|où|comme|depuis|après|car|si|pourquoi"
        r"|qu['’]\w+|[^\W\d]{2,}(?:ait|aient)"
        "|analyser|contester|enquêter|étudier|évaluer|examiner|juger|rappeler|revenir"
        "|(?:[ld]['’])?(?:achat|acquisition|amende)|condamnation|crise|fusion|rachat|scandale|vente",
        done=r"(?!(?:année|salarié|employé|associé|marché)e?s?\b)"
        r"[^\W\d]{2,}(?<!it)(?<!iét)(?<!aut)ée?s?"
        "|née?s?|(?:acqui|pri|mi|appri|promi|remi)se?s?|(?:conclu|vendu|perdu|reçu|obtenu|tenu|venu"
        "|ouvert|offert|sorti(?!e)|fait|produit|construit|écrit|subi|choisi|réuni|établi)e?s?",
    ),
    "vi": _Future(("sẽ ",), "sẽ", "năm|trong năm|vào năm", "rằng|mà|vì|nếu|đã"),
}
# After these, a past participle belongs to the future: `will be paid`, `sera payé`.
_HEADS = (
    "will", "shall", "have", "be", "been", "get", "to", "sera", "seront", "aura", "auront",
    "être", "été",
)  # fmt: skip
_BETWEEN = 8  # words between the verb and the year, in either order
_YEAR = r"(?:19|20)[0-9]{2}\b(?!['’]s\b)"
_PLAIN_YEAR = re.compile(_YEAR)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    future = _FUTURES[language]
    word = rf"(?!(?:{future.breaks})\b)"
    if future.before:
        word += rf"(?!(?:{future.before})\s+(?:{future.lead})\s+{_YEAR})"
    if future.done:
        heads = "".join(rf"(?<!\b{head}\s)" for head in _HEADS)
        word += rf"(?!{heads}(?<!ly\s)(?:{future.done})\b)"
    word += r"(?:[^\s.;:!?()]|(?<=[0-9])\.(?=[0-9]))+"
    # A capitalised `Will` is a name or begins a question.
    verb = rf"(?-i:{future.verb})"
    led = rf"(?:{future.lead})\s+"
    bare = f"|{future.bare}" if future.bare else ""
    beside = rf"|\s+{future.bare}" if future.bare else ""
    past = rf"(?!\s+(?:\S+\s+){{0,2}}?(?:{future.after})\b)" if future.after else ""
    ahead = rf"\b{verb}(?:(?:\s+{word}){{0,{_BETWEEN}}}?\s+{led}{beside})(?P<y>{_YEAR}){past}"
    # A year before the verb opens the sentence, or it belongs to another part of it.
    opened = r"(?:^|(?<=[.!?]\s)|(?<=\n))"
    behind = rf"{opened}(?:{led}{bare})(?P<z>{_YEAR}),?(?:\s+{word}){{0,3}}?\s+{verb}\b"
    return re.compile(f"{ahead}|{behind}", re.IGNORECASE)


def in_future(text: str, language: str, now: int) -> Iterator[FutureTense]:
    """Yield the places where a past year is put into the future."""
    language = language.partition("-")[0]
    future = _FUTURES.get(language)
    if future is None or not any(sign in text for sign in future.signs):
        return
    if not any(int(year) < now for year in _PLAIN_YEAR.findall(text)):
        return
    for match in _pattern(language).finditer(text):
        year = int(match["y"] or match["z"])
        if year < now:
            yield FutureTense(match.start(), match.end(), year)
