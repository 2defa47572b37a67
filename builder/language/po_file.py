"""Writes catalogs of messages as .po files, with the translations that there are.

Nothing in a file changes unless a message does: it has no dates and no line numbers."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from builder.language.catalog import (
    CatalogEntry,
    context_of,
    plural_forms,
    plural_header,
    read_catalog,
    text_of,
)

_WIDTH = 96


class FoundMessage(NamedTuple):
    """A message in the code or in a template."""

    key: str
    plural: str
    path: str  # of the file that says it
    comment: str  # for translators


class ListedMessage(NamedTuple):
    """A message with all files that say it, and all comments on it."""

    key: str
    plural: str
    paths: tuple[str, ...]
    comments: tuple[str, ...]


def list_messages(found: Iterable[FoundMessage]) -> tuple[ListedMessage, ...]:
    """Return each message once, in the order in which they were found."""
    by_key: dict[str, list[FoundMessage]] = {}
    for message in found:
        by_key.setdefault(message.key, []).append(message)
    return tuple(
        ListedMessage(
            key,
            next((one.plural for one in same if one.plural), ""),
            tuple(dict.fromkeys(one.path for one in same)),
            tuple(dict.fromkeys(one.comment for one in same if one.comment)),
        )
        for key, same in by_key.items()
    )


def po_text(
    messages: Iterable[ListedMessage],
    language: str = "",
    known: Mapping[str, CatalogEntry] | None = None,
) -> str:
    """Return a .po file; without a language, a template for one (.pot).

    `known` has the translations. A message that resembles a former one gets its translation, marked
    as fuzzy; translations of removed messages stay as comments."""
    known = dict(known or {})
    listed = list(messages)
    keys = {message.key for message in listed}
    former = {key: entry for key, entry in known.items() if key not in keys and any(entry.forms)}
    blocks = [_header(language)]
    for message in listed:
        entry = known.get(message.key)
        was = ""
        if entry is None and (was := _resembling(message.key, former)):
            entry = former[was]
        blocks.append("\n".join(_block(message, language, entry, was)))
    blocks += ["\n".join(_obsolete(entry)) for entry in former.values()]
    return "\n\n".join(blocks) + "\n"


def with_messages(text: str, messages: Iterable[ListedMessage], language: str) -> str:
    """Return a .po file with further messages at its end.

    What is there stays as it is, comments too; an empty text becomes a file."""
    blocks = [text.rstrip() or _header(language)]
    blocks += ["\n".join(_block(message, language, None, "")) for message in messages]
    return "\n\n".join(blocks) + "\n"


def listed_in(text: str) -> dict[str, ListedMessage]:
    """Return the messages of a file of `po_text` by key."""
    found = {}
    entries = read_catalog(text, "", keep=True).entries.values()
    for entry, block in zip(entries, text.split("\n\n")[1:], strict=True):
        lines = block.split("\n")
        paths = tuple(line[3:] for line in lines if line.startswith("#: "))
        comments = tuple(line[3:] for line in lines if line.startswith("#. "))
        found[entry.key] = ListedMessage(entry.key, entry.plural, paths, comments)
    return found


def _header(language: str) -> str:
    lines = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    if language:
        lines = [f"Language: {language}", *lines, f"Plural-Forms: {plural_header(language)}"]
    quoted = "\n".join(f'"{line}\\n"' for line in lines)
    return f'msgid ""\nmsgstr ""\n{quoted}'


def _block(
    message: ListedMessage, language: str, entry: CatalogEntry | None, was: str
) -> Iterator[str]:
    for comment in message.comments:
        yield from (f"#. {line}" for line in textwrap.wrap(comment, _WIDTH))
    yield from (f"#: {path}" for path in message.paths)
    if was or (entry and entry.fuzzy and any(entry.forms)):
        yield "#, fuzzy"
    if was:
        yield f"#| msgid {_quoted(text_of(was))}"
    if context := context_of(message.key):
        yield f"msgctxt {_quoted(context)}"
    yield f"msgid {_quoted(text_of(message.key))}"
    forms = entry.forms if entry else ()
    if not message.plural:
        yield f"msgstr {_quoted(forms[0] if forms else '')}"
        return
    yield f"msgid_plural {_quoted(message.plural)}"
    number = plural_forms(language)[0] if language else 2
    for n in range(number):
        yield f"msgstr[{n}] {_quoted(forms[n] if n < len(forms) else '')}"


def _obsolete(entry: CatalogEntry) -> Iterator[str]:
    if context := context_of(entry.key):
        yield f"#~ msgctxt {_quoted(context)}"
    yield f"#~ msgid {_quoted(entry.text)}"
    if not entry.plural:
        yield f"#~ msgstr {_quoted(entry.forms[0])}"
        return
    yield f"#~ msgid_plural {_quoted(entry.plural)}"
    yield from (f"#~ msgstr[{n}] {_quoted(form)}" for n, form in enumerate(entry.forms))


def _resembling(key: str, former: Mapping[str, CatalogEntry]) -> str:
    near = difflib.get_close_matches(key, list(former), 1, 0.8)
    return near[0] if near else ""


_SIGNS = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def _quoted(text: str) -> str:
    return f'"{text.translate(_SIGNS)}"'
