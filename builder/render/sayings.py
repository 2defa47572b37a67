"""How templates say messages: the calls that `word_tags` compiles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2.runtime import Macro
from markupsafe import Markup, escape

from builder.language.catalog import COUNT
from builder.language.words import BEGIN, END, ENGLISH, TAG_END, Words, pieces_of
from builder.render.compile import as_markup, escaped


class Sayings:
    """The words of an environment, in one language at a time.

    The renderer sets it for each page. `in_language` changes it for a part of a template and the
    macros that this part calls."""

    words: Words
    words_in: Callable[[str], Words]

    def begin(self, words_in: Callable[[str], Words], language: str) -> None:
        """Begin a page in a language."""
        self.words_in, self.words = words_in, words_in(language)

    def say(self, key: str) -> Markup:
        """Return a message without placeholders as HTML."""
        words = self.words
        found = words.said.get(key)
        if found is None:
            text, missing = words.text(key)
            found = words.said[key] = _marked(escape(text), ENGLISH) if missing else escape(text)
        return found

    def say_with(self, key: str, values: Mapping[str, Any]) -> Markup:
        """Return a message as HTML.

        `values` has its placeholders and the tags of its elements."""
        return self._filled(*self.words.text(key), values)

    def say_count(self, key: str, many: str, n: int, values: Mapping[str, Any]) -> Markup:
        """Return the form of a message for a number as HTML."""
        text, missing = self.words.form(key, many, n)
        return self._filled(text, missing, {COUNT: n, **values})

    def plain(self, key: str, values: Mapping[str, Any]) -> str:
        """Return a message as plain text."""
        if values:
            return self.words.key(key, _plain(values))
        words, name = self.words, ("plain", key)
        found = words.said.get(name)
        if found is None:
            found = words.said[name] = words.key(key)
        return found

    def plain_count(self, key: str, many: str, n: int, values: Mapping[str, Any]) -> str:
        """Return the form of a message for a number as plain text."""
        return self.words.counted(key, many, n, _plain(values))

    def forms(self, key: str, many: str) -> str:
        """Return the plural forms of a message as JSON, by CLDR category."""
        words, name = self.words, ("forms", key, many)
        found = words.said.get(name)
        if found is None:
            found = words.said[name] = json.dumps(words.forms(key, many), ensure_ascii=False)
        return found

    def in_language(self, tag: str, caller: Callable[[], Markup]) -> Markup:
        """Return a part of a template whose words are in a language."""
        before = self.words
        self.words = self.words_in(tag or before.language)
        try:
            # What a macro without arguments does.
            return as_markup(caller._func()) if type(caller) is Macro else caller()
        finally:
            self.words = before

    def _filled(self, text: str, missing: bool, values: Mapping[str, Any]) -> Markup:
        found = []
        for name, literal in _parts(text):
            if not name:
                found.append(literal)
            elif literal:
                found.append(values[name])
            else:
                found.append(self._value(values[name], missing))
        said = as_markup("".join(found))
        return _marked(said, ENGLISH) if missing else said

    def _value(self, value: Any, missing: bool) -> str:
        if type(value) is int:
            return self.words.printed(value)
        return _marked(escape(value), self.words.language) if missing else escaped(value)


@lru_cache(maxsize=8192)
def _parts(text: str) -> tuple[tuple[str, str], ...]:
    """Return the parts of a message: the name of a value, or literal HTML without a name.

    A name with HTML is that of a tag, whose value is HTML too."""
    return (*_each_part(text),)


def _each_part(text: str) -> Iterator[tuple[str, str]]:
    for piece in pieces_of(text):
        if piece[0] == "{":
            yield piece[1:-1], ""
        elif piece[0] != "<":
            yield "", str(escape(piece))
        elif piece[1] == "/":
            yield "", piece.rstrip("0123456789>") + ">"
        else:
            yield piece, piece


def _plain(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return values as plain text instead of HTML."""
    return {n: v.unescape() if isinstance(v, Markup) else v for n, v in values.items()}


def _marked(text: Markup, language: str) -> Markup:
    """Return HTML that says which language it is in; see `in_language` of the words."""
    return Markup(f"{BEGIN}{language}{TAG_END}{text}{END}")
