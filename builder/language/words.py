"""The words of the interface in a language: messages by their English texts.

Each caller says which language it wants. A message that a language lacks is in English, and the
text says so itself: it stands between signs that no text has (`in_english`), which the renderer
replaces by an element with `lang`, or removes where no element can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from builder.language.catalog import COUNT, PIECE, Catalog, message_key, plural_rule, text_of
from builder.patterns import pattern

ENGLISH = "en"
# Noncharacters of Unicode, for the use of programs: the begin of a text in another language, the
# end of that language's tag, the end of the text.
BEGIN, TAG_END, END = "\ufdd0", "\ufdd1", "\ufdd2"


MARK = pattern(f"{BEGIN}([A-Za-z0-9-]*){TAG_END}|{END}|{TAG_END}|{BEGIN}")


def is_marked(text: str) -> bool:
    """Return whether a text has parts that name their language."""
    return BEGIN in text or END in text


def without_marks(text: str) -> str:
    """Return a text without the signs around its parts."""
    return MARK.sub("", text) if is_marked(text) else text


def in_language(text: str, language: str) -> str:
    """Return a text that says which language it is in."""
    return f"{BEGIN}{language}{TAG_END}{text}{END}"


def said_in(text: str) -> tuple[str, str]:
    """Return a text without marks, and the language that they name."""
    found = MARK.match(text)
    return without_marks(text), found[1] if found and found[1] else ""


def message(text: str, context: str = "") -> str:
    """Return the key of a message that is said later (`Words.key`)."""
    return message_key(text, context)


# A message in pieces: text, `{name}`, `<a>`, `</a>`.
Pieces = tuple[str, ...]


@lru_cache(maxsize=8192)
def pieces_of(text: str) -> Pieces:
    """Return a message as literal texts, placeholders and tags."""
    found, end = [], 0
    for piece in PIECE.finditer(text):
        found += [text[end : piece.start()], piece[0]]
        end = piece.end()
    return tuple(piece for piece in (*found, text[end:]) if piece)


class Words:
    """The words of one language.

    `catalogs` are its catalogs; the first one with a message counts. Every method takes the
    English text, which is the message's name, and the values of its placeholders."""

    def __init__(self, language: str, catalogs: Iterable[Catalog] = ()) -> None:
        self.language = language
        self.english = language.partition("-")[0].lower() == ENGLISH
        self.known: dict[str, tuple[str, ...]] = {}
        for catalog in catalogs:
            for entry in catalog.entries.values():
                if entry.is_translated:
                    self.known.setdefault(entry.key, entry.forms)
        self._form: Callable[[int], int] | None = None
        self.said: dict[object, Any] = {}  # what a renderer keeps of each message

    def __call__(self, text: str, /, **values: Any) -> str:
        """Return a message."""
        return self.key(text, values)

    def of(self, context: str, text: str, /, **values: Any) -> str:
        """Return a message whose text alone has several meanings."""
        return self.key(message_key(text, context), values)

    def many(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """Return a message about a number of things."""
        return self.counted(one, many, n, values)

    def many_of(self, context: str, one: str, many: str, n: int, /, **values: Any) -> str:
        """Return a message about a number of things that has a context."""
        return self.counted(message_key(one, context), many, n, values)

    def key(self, key: str, values: Mapping[str, Any] | None = None) -> str:
        """Return a message by its key."""
        text, missing = self.text(key)
        return self._filled(text, missing, values or {})

    def counted(self, key: str, many: str, n: int, values: Mapping[str, Any]) -> str:
        """Return the form of a message for a number."""
        text, missing = self.form(key, many, n)
        return self._filled(text, missing, {COUNT: n, **values})

    def text(self, key: str) -> tuple[str, bool]:
        """Return the text of a message, and whether it is missing.

        A missing one is in English."""
        forms = self.known.get(key)
        return (forms[0], False) if forms else (text_of(key), not self.english)

    def form(self, key: str, many: str, n: int) -> tuple[str, bool]:
        """Return the text of a message for a number, like `text`."""
        forms = self.known.get(key)
        if forms is None:
            return text_of(key) if n == 1 else many, not self.english
        if self._form is None:
            self._form = plural_rule(self.language)
        # One that a site has written without a plural has one form.
        return forms[min(self._form(n), len(forms) - 1)], False

    def term(self, kind: str, value: str) -> str:
        """Return the term for a value of a kind."""
        return self.key(message_key(value, kind)) if value else ""

    def forms(self, key: str, many: str) -> dict[str, str]:
        """Return the text of a message for each CLDR category of numbers."""
        found = {}
        for category, n in sorted(_samples(self.language).items()):
            found[category] = self.form(key, many, n)[0]
        return found

    def printed(self, value: Any) -> str:
        """Return the value of a placeholder; numbers are formatted."""
        return number_in_words(value, self.language) if type(value) is int else str(value)

    def _filled(self, text: str, missing: bool, values: Mapping[str, Any]) -> str:
        if values:
            given = {name: self.printed(value) for name, value in values.items()}
            if missing:
                given = {
                    name: value if type(values[name]) is int else in_language(value, self.language)
                    for name, value in given.items()
                }
            text = "".join(
                given.get(piece[1:-1], piece) if piece[0] == "{" else piece
                for piece in pieces_of(text)
            )
        return in_language(text, ENGLISH) if missing else text


def forms_by_category(language: str) -> dict[str, int]:
    """Return the index of each plural form, by CLDR category."""
    rule = plural_rule(language)
    return {category: rule(n) for category, n in _samples(language).items()}


@lru_cache(maxsize=64)
def _samples(language: str) -> dict[str, int]:
    """Return a number of each CLDR category of a language that small whole numbers have.

    0 stands only for a category of its own: its form may be another, as in Portuguese."""
    from babel.core import Locale

    rule = Locale.parse(language, sep="-").plural_form
    return {rule(n): n for n in (0, *range(200, 0, -1))}


@lru_cache(maxsize=4096)
def number_in_words(number: int, language: str) -> str:
    """Return a whole number with the separators of a language: 12,000."""
    if -1000 < number < 1000:
        return str(number)
    from babel.core import Locale
    from babel.numbers import format_decimal

    return format_decimal(number, locale=Locale.parse(language, sep="-"))
