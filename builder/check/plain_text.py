"""Check what a file shows as it is written: Markdown in fields, characters nobody sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from builder.check.context import FileContext
from builder.check.own_words import place_in
from builder.content.comment_spans import without_comments
from builder.content.document import Document, place_in_field
from builder.content.markdown.html_elements import ALLOWED, SILENT
from builder.content.markdown.unread import patterns_near, unread_in
from builder.content.markdown.unread_patterns import MARKUP, PATTERNS, Pattern
from builder.diagnostics.diagnostic import Finding, Place
from builder.patterns import pattern

# --- Markdown in fields ------------------------------------------------------------------------

_SIGNS = ("**", "](", "`", "[[", "{{")  # of which all that `MARKUP` finds has one
_ESCAPE = pattern(r'\\[^"]')  # but not that of a quotation mark
_EMPHASIS = pattern(
    r"(?<![\w~])~~[^\s~](?:[^~\n]*[^\s~])?~~(?![\w~])|(?<!\w)__[^\W_](?:[^_\n]*[^\W_])?__(?!\w)"
    r"|(?<![\w*])\*[^\W_](?:[^*\n]*[^\s*])?\*(?![\w*])|(?<!\w)_[^\W_](?:[^_\n]*[^\s_])?_(?!\w)"
)
_TAG = pattern(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s+[^\s<>=]+=[^<>]*)?\s*/?>")
_ELEMENTS = {*ALLOWED, *SILENT, "h1", "h2", "h3", "h4", "h5", "h6", "font", "center"}
_PRIVATE = ("allow", "checks")  # reasons, which no page shows


def check_markup_in_fields(context: FileContext) -> Iterator[Finding]:
    """Yield Markdown and HTML in front matter, which is plain text."""
    document = context.document
    fields = context.texts
    prose = "\n".join(fields.values())
    near = patterns_near(prose) if "<!--" not in prose else PATTERNS
    if not near and not _may_have_markup(prose) and not _head_may_have_markup(document):
        return
    for at, text in _texts(document.fields, ""):
        name = at.partition(".")[0]
        if name in _PRIVATE:
            continue
        for written in _markup(without_comments(text, " "), near if at in fields else None):
            message = f"`{written}` is shown as it is written"
            if "`" in written:
                message = "the backticks are shown as they are written"
            hint = f"remove the markup: `{name}` is plain text"
            yield Finding(place_in_field(document, at, written), "unread-markdown", message, hint)


def _may_have_markup(prose: str) -> bool:
    """Return whether prose may have markup that is closed, or tags of HTML."""
    return any(sign in prose for sign in ("*", "_", "~~", "<", *_SIGNS))


def _head_may_have_markup(document: Document) -> bool:
    """Return whether a value may have closed markup: its signs, or an escape that makes one."""
    head = "\n".join(document.lines[: document.body_line - 1])
    for sign in _SIGNS:
        if sign in head:
            return True
    return "\\" in head and _ESCAPE.search(head) is not None


def _markup(text: str, near: Sequence[Pattern] | None) -> Iterator[str]:
    """Yield the markup in a value; in prose also what is not closed, and tags of HTML.

    `near` are the patterns of what is not closed that may match; None if the value is not prose."""
    found = [m.span() for m in MARKUP.finditer(text)] if any(s in text for s in _SIGNS) else []
    if near is not None:
        if "<" in text:
            found += (m.span() for m in _TAG.finditer(text) if m[1].lower() in _ELEMENTS)
        if "*" in text or "_" in text or "~~" in text:
            found += (match.span() for match in _EMPHASIS.finditer(text))
        found += ((start, end) for start, end, _ in unread_in(text, near))
    if not found:
        return
    taken, spans = bytearray(len(text)), []
    for start, end in found:
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            spans.append((start, end))
    yield from dict.fromkeys(text[start:end].strip() for start, end in sorted(spans))


def _texts(value: object, at: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each value."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, (list, dict)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _texts(item, f"{at}.{key}" if at else str(key))


# --- characters nobody sees --------------------------------------------------------------------

_NAMES = {
    "\u00ad": "a soft hyphen",
    "\u061c": "an Arabic letter mark",
    "\u115f": "a Hangul filler",
    "\u1160": "a Hangul filler",
    "\u180e": "a Mongolian vowel separator",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u200e": "a left-to-right mark",
    "\u200f": "a right-to-left mark",
    "\u2028": "a line separator",
    "\u2029": "a paragraph separator",
    "\u202a": "a left-to-right embedding",
    "\u202b": "a right-to-left embedding",
    "\u202c": "the end of an embedding",
    "\u202d": "a left-to-right override",
    "\u202e": "a right-to-left override",
    "\u2060": "a word joiner",
    "\u2066": "a left-to-right isolate",
    "\u2067": "a right-to-left isolate",
    "\u2068": "a first-strong isolate",
    "\u2069": "the end of an isolate",
    "\u2800": "a blank Braille pattern",
    "\u3164": "a Hangul filler",
    "\ufeff": "a byte order mark",
    "\uffa0": "a Hangul filler",
    "\ufffc": "a placeholder for an object",
    "\ufffd": "a placeholder for a lost character",
    "\x85": "a next-line control",
}
_JOINERS, _MARKS = "\u200c\u200d", "\u200e\u200f\u061c"
_OPENING = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069"}
_OPENING["\u2068"] = "\u2069"
_CLOSING = frozenset(_OPENING.values())
# Characters that one-line fields refuse (`control-character`).
_REFUSED = "\u200b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"


def check_hidden_characters(context: FileContext) -> Iterator[Finding]:
    """Yield characters that nobody sees, once for each kind.

    Joiners are right in Persian, in Indic scripts and in emoji; marks of direction are right in a
    line with right-to-left letters, and isolates where each has its end."""
    document = context.document
    if document.body and not document.body.isascii():
        yield from _hidden(document, document.body, document.body_line)
    head = "\n".join(document.lines[: document.body_line - 1])
    if not head.isascii():
        yield from _hidden(document, head, 1)


def _hidden(document: Document, text: str, first: int) -> Iterator[Finding]:
    for character, name in _NAMES.items():
        if character not in text or (first == 1 and character in _REFUSED):
            continue
        wrong = _wrong(text, character)
        if not wrong:
            continue
        times = f", here and {len(wrong) - 1} times more" if len(wrong) > 1 else ""
        times = times.replace(" 1 times", " once")
        message = f"nobody sees U+{ord(character):04X}, {name}{times}"
        yield Finding(
            _place(document, text, wrong[0], first), "hidden-character", message, _hint(character)
        )


def _hint(character: str) -> str:
    if character == "\ufffd":
        return "write the character that was lost"
    if character in "\u2028\u2029\x85":
        return "replace it by an ordinary line break or a space"
    if character in _OPENING or character in _CLOSING:
        return "remove it, or add its counterpart in the same line"
    return "remove it"


def _place(document: Document, text: str, at: int, first: int) -> Place:
    if first != 1:
        return place_in(document, at, at + 1)
    return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), 1)


def _places(text: str, character: str) -> Iterator[int]:
    at = text.find(character)
    while at >= 0:
        yield at
        at = text.find(character, at + 1)


def _wrong(text: str, character: str) -> list[int]:
    """Return where a character has no purpose; a line is read once, however many it has."""
    wrong: list[int] = []
    start = 0
    for line in text.split("\n"):
        if character in line and not _serves(line, character):
            found = _places(line, character)
            if character in _JOINERS:
                found = (at for at in found if not _is_joiner(line, at))
            wrong += (start + at for at in found)
        start += len(line) + 1
    return wrong


def _serves(line: str, character: str) -> bool:
    """Return whether a character has a purpose wherever it is in a line."""
    if character in _MARKS:
        return _is_right_to_left(line)
    return (character in _OPENING or character in _CLOSING) and _is_balanced(line)


def _is_joiner(line: str, at: int) -> bool:
    return _joins(line[at - 1 : at]) or _joins(line[at + 1 : at + 2])


def _joins(neighbour: str) -> bool:
    """Return whether a joiner can change the shape of a character."""
    if not neighbour or neighbour.isascii() or neighbour.isspace():
        return False
    return "LATIN" not in unicodedata.name(neighbour, "") and not _is_punctuation(neighbour)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")


def _is_right_to_left(line: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") and c not in _MARKS for c in line)


def _is_balanced(line: str) -> bool:
    opened: list[str] = []
    for character in line:
        if character in _OPENING:
            opened.append(_OPENING[character])
        elif character in _CLOSING and (not opened or opened.pop() != character):
            return False
    return not opened
