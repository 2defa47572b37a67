"""Plain text in fields: one line, or a text whose lines are folded."""

from __future__ import annotations

from datetime import tzinfo

from builder.content.comment_spans import comment_spans, without_comments
from builder.diagnostics.misread import Misread
from builder.patterns import pattern

_CONTROL = pattern(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u202a-\u202e\u2060-\u2065\u206a-\u206f\ue000-\uf8ff\ufeff\ufffe\uffff]"
)


def _without_comments(text: str) -> str:
    """Return a text without HTML comments, which are not for readers."""
    if any(end is None for _, end in comment_spans(text)):
        hint = "end it with `-->`, or remove it"
        raise Misread("comment-not-closed", "the comment in this value has no end", hint)
    return without_comments(text, spaces=" \t")


def read_line(text: str, zone: tzinfo) -> str:
    if "<!--" in text:
        text = _without_comments(text)
    if not (text := text.strip()):
        raise Misread("empty-value", "the value is empty", "write a value, or remove the field")
    if "\n" in text:
        raise Misread("not-one-line", "the value has more than one line", "write it on one line")
    # All of these are unprintable, and `isprintable` is fast.
    if not text.isprintable() and (bad := _CONTROL.search(text)):
        message = f"the character U+{ord(bad[0]):04X} is not allowed in text"
        raise Misread("control-character", message, "remove it", part=bad[0])
    return text


def read_text(text: str, zone: tzinfo) -> str:
    """Return a plain text on one line, or raise Misread."""
    return read_line(" ".join(text.split()), zone)
