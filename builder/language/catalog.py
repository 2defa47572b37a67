"""Catalogs of messages: gettext's .po files, read with their mistakes.

A message is a whole sentence of the interface. Its key is the English text, after its context if it
has one, as in gettext. It may have placeholders, `{date}`, and elements, `<a>the front page</a>`,
whose attributes stay in the template."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from builder.patterns import pattern

FOLDER = Path(__file__).parent / "messages"
MOST_BYTES = 2 << 20  # of a file
_BETWEEN = "\x04"  # a context and its text, as in gettext's .mo files


class Mistake(NamedTuple):
    """What is wrong in a catalog, and in which line. `kind` is the end of the code."""

    line: int
    kind: str  # "catalog" or "message"
    message: str
    hint: str
    key: str = ""  # of the message, which is then not used


class CatalogEntry(Struct, frozen=True, array_like=True):
    """The translation of a message in a catalog; without a translation, `forms` are empty."""

    key: str
    plural: str  # the English plural, or an empty string
    forms: tuple[str, ...]  # one, or one for each plural form of the language
    fuzzy: bool
    line: int

    @property
    def text(self) -> str:
        return text_of(self.key)

    @property
    def is_translated(self) -> bool:
        return bool(self.forms) and all(self.forms) and not self.fuzzy


class Catalog(Struct, frozen=True, eq=False):
    """The messages of a file, with its mistakes. `plurals` is the header's rule, if it has one."""

    entries: dict[str, CatalogEntry]
    plurals: str
    mistakes: tuple[Mistake, ...]


EMPTY = Catalog({}, "", ())


def message_key(text: str, context: str = "") -> str:
    """Return the key of a message."""
    return f"{context}{_BETWEEN}{text}" if context else text


def text_of(key: str) -> str:
    """Return the English text of a key."""
    return key.rpartition(_BETWEEN)[2]


def context_of(key: str) -> str:
    """Return the context of a key, or an empty string."""
    return key.rpartition(_BETWEEN)[0]


# --- plural forms ------------------------------------------------------------------------------

# How the languages with a catalog of their own count: the forms of CLDR for whole numbers, without
# those that French, Spanish and Portuguese have for millions alone.
_FORMS = {
    "ar": (6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"),
    "fr": (2, "n > 1"), "ja": (1, "0"), "ko": (1, "0"), "th": (1, "0"), "vi": (1, "0"),
    "zh": (1, "0"),
}  # fmt: skip


@cache
def plural_forms(language: str) -> tuple[int, str]:
    """Return a language's number of plural forms, and gettext's rule."""
    tag = language.partition("-")[0].lower()
    if tag in _FORMS:
        return _FORMS[tag]
    from babel.messages.plurals import PLURALS  # rarely needed

    number, rule = PLURALS.get(tag, (2, "(n != 1)"))
    return number, rule.removeprefix("(").removesuffix(")")


def plural_header(language: str) -> str:
    """Return the value of the header Plural-Forms."""
    number, rule = plural_forms(language)
    return f"nplurals={number}; plural=({rule});"


@cache
def plural_rule(language: str) -> Callable[[int], int]:
    """Return the function that chooses the plural form for a number."""
    from gettext import c2py

    return c2py(plural_forms(language)[1])


# --- texts -------------------------------------------------------------------------------------

# A placeholder or a tag. A number after a name tells two elements of one name apart.
PIECE = re.compile(r"\{(\w+)\}|<(/?)([a-z]+[0-9]*)>")
COUNT = "n"  # the placeholder of the number by which a plural form is chosen


def broken_text(form: str, english: str, counted: bool) -> str:
    """Return why a translation cannot be used, or an empty string.

    It needs the same placeholders and elements; if `counted`, it need not repeat the number."""
    mine, its = _pieces(form), _pieces(english)
    if counted:
        for found in (mine, its):
            del found[f"{{{COUNT}}}"]
    if missing := its - mine:
        return f"it lacks {_listed(missing)}"
    if extra := mine - its:
        return f"the English text does not have {_listed(extra)}"
    rest = PIECE.sub("", form)
    if sign := re.search(r"[{}]|<\s*/?\s*[A-Za-z!]", rest):
        return f"`{sign[0]}` begins or ends nothing that the English text has"
    opened: list[str] = []
    for _, end, tag in PIECE.findall(form):
        if tag and not end:
            opened.append(tag)
        elif tag and (not opened or opened.pop() != tag):
            return f"`</{tag}>` ends no element that is open"
    return f"`<{opened[-1]}>` is not closed" if opened else ""


def _pieces(text: str) -> Counter[str]:
    return Counter(found[0] for found in PIECE.finditer(text))


def _listed(pieces: Counter[str]) -> str:
    return ", ".join(f"`{piece}`" for piece in sorted(pieces))


# --- reading -----------------------------------------------------------------------------------

_FIELD = pattern(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,2})\])?\s+("(?:.*)")\s*$')
_STRING = pattern(r'"((?:[^"\\]|\\.)*)"\s*$')
_ESCAPE = pattern(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def read_catalog(text: str, language: str, keep: bool = False) -> Catalog:
    """Read a .po file of a language.

    Messages with mistakes count as missing, unless `keep`."""
    entries: dict[str, CatalogEntry] = {}
    mistakes: list[Mistake] = []
    plurals = ""
    for found in _entries(text, mistakes):
        if not found.key:
            plurals = _plurals_of("".join(found.forms))
            if wrong := _wrong_plurals(plurals, language):
                mistakes.append(Mistake(found.line, "catalog", *wrong))
        elif found.key in entries:
            message = f"the message `{shown(found.key)}` is in line {entries[found.key].line} too"
            mistakes.append(Mistake(found.line, "message", message, "remove one", found.key))
        else:
            wrong = _wrong_forms(found, language)
            entries[found.key] = found
            if wrong:
                mistakes.append(Mistake(found.line, "message", *wrong, found.key))
            if wrong and not keep:
                entries[found.key] = CatalogEntry(found.key, found.plural, (), True, found.line)
    return Catalog(entries, plurals, tuple(mistakes))


def shown(key: str) -> str:
    """Return a message's text as a diagnostic quotes it."""
    text = text_of(key).replace("\n", " ")
    return text if len(text) < 64 else f"{text[:60]} …"


def _plurals_of(header: str) -> str:
    lines = (line.partition(":") for line in header.split("\n"))
    return next((v.strip() for name, _, v in lines if name.strip().lower() == "plural-forms"), "")


def _wrong_plurals(found: str, language: str) -> tuple[str, str] | None:
    wanted = plural_header(language)
    if not found or _squeezed(found) == _squeezed(wanted):
        return None
    hint = f'write "Plural-Forms: {wanted}\\n"'
    return f"`{found}` are not the plural forms of `{language}`", hint


def _squeezed(header: str) -> str:
    return re.sub(r"[\s()]", "", header).rstrip(";")


def _wrong_forms(found: CatalogEntry, language: str) -> tuple[str, str] | None:
    """Return what is wrong with the translations of a message, and what to write."""
    if not any(found.forms) or found.fuzzy:
        return None
    name = f"the message `{shown(found.key)}`"
    wanted = plural_forms(language)[0] if found.plural else 1
    if len(found.forms) != wanted or not all(found.forms):
        number = sum(map(bool, found.forms))
        hint = f"write msgstr[0] to msgstr[{wanted - 1}]" if found.plural else "write one msgstr"
        return f"{name} has {number} of {wanted} plural forms", hint
    for form in found.forms:
        if why := broken_text(form, found.plural or found.text, bool(found.plural)):
            hint = f"write the placeholders and elements of `{found.plural or found.text}`"
            return f"the translation of the {name[4:]} cannot be used: {why}", hint
    return None


class _Reading:
    """The entry that is being read."""

    def __init__(self) -> None:
        self.context, self.text, self.plural = "", "", ""
        self.forms: dict[int, str] = {}
        self.fuzzy, self.line = False, 0
        self.field: tuple[str, int] = ("", 0)

    def add(self, value: str) -> None:
        name, number = self.field
        match name:
            case "msgctxt":
                self.context += value
            case "msgid":
                self.text += value
            case "msgid_plural":
                self.plural += value
            case _:
                self.forms[number] = self.forms.get(number, "") + value

    def entry(self) -> CatalogEntry:
        forms = tuple(self.forms.get(n, "") for n in range(max(self.forms, default=-1) + 1))
        key = message_key(self.text, self.context)
        return CatalogEntry(key, self.plural, forms, self.fuzzy, self.line)


def _entries(text: str, mistakes: list[Mistake]) -> Iterator[CatalogEntry]:
    """Yield the entries of a file; obsolete ones are skipped."""
    now = _Reading()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = line.strip()
        if line.startswith("#"):
            if now.forms:
                yield now.entry()
                now = _Reading()
            if line.startswith("#,") and "fuzzy" in line:
                now.fuzzy = True
        elif field := _FIELD.match(line):
            name, index, rest = field.groups()
            if now.forms and name in ("msgctxt", "msgid"):
                yield now.entry()
                now = _Reading()
            now.field, now.line = (name, int(index or 0)), now.line or number
            if name == "msgstr":
                now.forms.setdefault(now.field[1], "")
            _take(now, rest, number, mistakes)
        elif line.startswith('"') and now.field[0]:
            _take(now, line, number, mistakes)
        elif line:
            hint = "write comments after `#`, and texts in quotation marks on lines of their own"
            message = f"this is not a line of a .po file: `{line[:60]}`"
            mistakes.append(Mistake(number, "catalog", message, hint))
    if now.forms:
        yield now.entry()


def _take(now: _Reading, written: str, line: int, mistakes: list[Mistake]) -> None:
    """Add a quoted text to the entry that is being read."""
    found = _STRING.match(written)
    if found is None:
        message, hint = "a quotation mark within the text ends it", 'write `\\"` for it'
        mistakes.append(Mistake(line, "catalog", message, hint))
        return
    now.add(_ESCAPE.sub(lambda sign: _ESCAPED.get(sign[1], sign[1]), found[1]))
