"""The texts that `slugline init` writes, which readers should not see."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from builder.content.config import FILE, Config
from builder.content.document import read_document, read_yaml
from builder.content.schema import fields_of
from builder.content.template_files import STARTER
from builder.content.urls import host_of
from builder.model.settings import Settings
from builder.model.values import Line, Text, Url

_FOLDER = STARTER / "languages"
ENGLISH = "en"


def starter_languages() -> tuple[str, ...]:
    """Return the languages in which a new site can begin."""
    return (ENGLISH, *sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def starter_words(language: str) -> dict[str, Any] | None:
    """Return the texts of a new site in a language, except English."""
    file = _FOLDER / f"{language.lower().partition('-')[0]}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else None


@cache
def starter_settings() -> dict[str, frozenset[str]]:
    """Return the texts and the address of a new site, by field.

    A text has a form in each language."""
    document, _ = read_yaml(FILE, (STARTER / FILE).read_bytes())
    assert document is not None
    kinds = {field.name: field.type for field in fields_of(Settings)}
    every = [words for tag in starter_languages() if (words := starter_words(tag))]
    return {
        name: frozenset((value, *(str(words[name]) for words in every if name in words)))
        for name, value in document.fields.items()
        if kinds[name] in (Line, Text, Url) and isinstance(value, str)
    }


def unchanged_settings(config: Config, address: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of site.yaml that are as in the starter.

    With each comes its value. `address` is the one at which readers see the site."""
    for name, values in starter_settings().items():
        if name == "base_url":
            if host_of(address) in map(host_of, values):
                yield name, address
        elif (value := str(getattr(config.settings, name))) in values:
            yield name, value


@cache
def starter_paragraphs() -> frozenset[str]:
    """Return every paragraph of the starter in all languages, on one line."""
    found: set[str] = set()
    for file in sorted((STARTER / "content").rglob("*.md")):
        document, _ = read_document(file.name, file.read_bytes())
        if document is not None:
            found.update(text for _, text in paragraphs(document.body))
    for words in filter(None, map(starter_words, starter_languages())):
        texts = (words[kind]["text"] for kind in ("about", "company", "brief"))
        found.update(text for body in texts for _, text in paragraphs(body))
    return frozenset(found)


@cache
def _starter_words(of_ascii: bool) -> tuple[tuple[str, ...], ...]:
    """Return the longest words of each such paragraph, the longest first.

    With `of_ascii`, only of paragraphs that an ASCII text may have."""
    texts = (text for text in starter_paragraphs() if text.isascii() or not of_ascii)
    each = (sorted(set(text.split()), key=len, reverse=True) for text in texts)
    return tuple(tuple(words[:_FEW]) for words in each)


_FEW = 4  # words, which no other text has together


def may_be_starter(body: str) -> bool:
    """Return whether a text may have a paragraph of the starter."""
    for words in _starter_words(body.isascii()):
        for word in words:
            if word not in body:
                break
        else:
            return True
    return False


def paragraphs(body: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph on one line, with its first line (from 0)."""
    for match in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", body):
        yield body.count("\n", 0, match.start()), " ".join(match[0].split())


_SHOWN = 40  # characters of a text


def shortened(text: str) -> str:
    """Return the beginning of a text, for a message."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
