"""Text of a page -> text that is safe in front matter: one line, without control characters.

All that comes from a page is data. It stands in quoted YAML scalars and in comments only."""

from __future__ import annotations

import json
import re
import unicodedata

from builder.diagnostics.secrets import find_secrets

# Control, format and private characters, surrogates and what is not assigned; zero-width joiners
# are letters of some languages, and a soft hyphen is none of any.
_UNWANTED = ("Cc", "Cf", "Cs", "Co", "Cn")
_JOINERS = "\u200c\u200d"
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>")
# What an editor's text may mean something by: comments, links, figures, emphasis, code.
_MARKS = str.maketrans({"`": "'"})
_MARKUP = (
    (re.compile(r"<!-*|-*->"), " "),
    (re.compile(r"\[\[+"), "["), (re.compile(r"\]\]+"), "]"), (re.compile(r"\]\("), "] ("),
    (re.compile(r"\{\{+|\{[%#]"), "{"), (re.compile(r"\}\}+|[%#]\}"), "}"),
    (re.compile(r"\*+|_{2,}|~{2,}"), ""),
    (re.compile(r"(?<!\w)_(?=\S)|(?<=\S)_(?!\w)"), ""),
)  # fmt: skip
MAX_EXCERPT = 300  # characters of a page's sentence
MAX_TITLE = 300


def one_line(text: str, limit: int = MAX_EXCERPT) -> str:
    """Return a text on one line, without unseen characters.

    It has at most `limit` characters."""
    text = text[: limit * 20]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(
            c if unicodedata.category(c) not in _UNWANTED or c in _JOINERS else _gap(c)
            for c in text
        )
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _gap(character: str) -> str:
    return " " if character.isspace() or character in "\x1c\x1d\x1e\x1f\x85" else ""


def plain_line(text: str, limit: int = MAX_TITLE) -> str:
    """Return a text on one line without markup: a headline, a name."""
    text = one_line(text, limit).translate(_MARKS)
    text = _TAG.sub(" ", text) if "<" in text else text
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return without_secrets(" ".join(text.split()))


def without_secrets(text: str) -> str:
    """Return a text with `…` for keys and passwords."""
    for secret in reversed(find_secrets(text)):
        text = f"{text[: secret.start]}…{text[secret.end :]}"
    return text


def quoted(text: str, limit: int = MAX_TITLE) -> str:
    """Return a text of a page as a quoted YAML scalar."""
    return json.dumps(plain_line(text, limit), ensure_ascii=False)


def comment(text: str, limit: int = 500) -> str:
    """Return a text as a YAML comment."""
    return f"# {without_secrets(one_line(text, limit))}".rstrip()


def excerpt(text: str) -> str:
    """Return a sentence of a page between quotation marks, for a comment."""
    text = one_line(text, MAX_EXCERPT - 2).strip()
    return f"“{text}”"
