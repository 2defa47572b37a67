"""Finds the front matter of a file: what stands between its first two lines `---`.

Other tools, word processors and slips write it differently. Such a file is an error that says what
its front matter is and what to write instead."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from builder.diagnostics.diagnostic import Finding, Place
from builder.patterns import pattern

FENCE = "---"
_NO_FENCES = "begin the file with a line `---`, the fields and another line `---`"
# What is almost a fence: hyphens in another number, dashes, or the end of a YAML document.
_NEAR_FENCE = pattern(r"\s*(?:-{2,}|[\u2010-\u2015\u2212\u2500]+|- ?- ?-|\.\.\.|\+\+\+)\s*")
_NAMED_FENCE = pattern(r"---\s*(ya?ml|toml|json)\s*", re.IGNORECASE)
_FIELD = pattern(r"([A-Za-z_][\w-]*(?: [\w-]+)?)[ \t]*:(?:[ \t\u00a0]|$)")
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
# Names with which most files of other tools begin: one is enough to tell fields from text.
_USUAL = ("title", "date", "author", "authors", "layout", "tags", "category", "slug", "draft")

HeadKind = Literal[
    "yaml", "open", "above", "invisible", "fence", "toml", "json", "code", "headers", "opening",
    "text above", "none",
]  # fmt: skip


class FileHead(NamedTuple):
    """How a file begins: the kind of its front matter, its first line and the line after it.

    Lines are counted from 0. `first` is that of the fence or of the first field, and `end` that of
    the closing fence, of the first line after the fields, or -1 if there is none."""

    kind: HeadKind
    first: int = 0
    end: int = -1


def find_front_matter(lines: list[str]) -> int | Finding:
    """Return the line of the closing fence, or what is wrong.

    Lines are counted from 0."""
    head = read_head(lines)
    return head.end if head.kind == "yaml" else _finding(head, lines)


def read_head(lines: list[str]) -> FileHead:
    """Return how a file begins."""
    first = next((n for n, line in enumerate(lines) if line.strip(_INVISIBLE + " \t")), 0)
    line = lines[first].rstrip()
    if line == FENCE:
        end = _line_of(lines, first + 1)
        if first and end >= 0:
            return FileHead("above", first, end)
        return FileHead("yaml" if end >= 0 else "open", first, end)
    if line.strip(_INVISIBLE + " \t") == FENCE:
        kind: HeadKind = "fence" if line.strip(" \t") == FENCE else "invisible"
        return FileHead(kind, first, _line_of(lines, first + 1))
    if line == "+++" or re.fullmatch(r"---\s*toml", line, re.IGNORECASE):
        return FileHead("toml", first, _line_of(lines, first + 1, (line, FENCE)))
    if line == ";;;" or re.fullmatch(r"---\s*json", line, re.IGNORECASE):
        return FileHead("json", first, _line_of(lines, first + 1, (line, FENCE)))
    if re.match(r"\{\s*(?:\"|$)", line):
        return FileHead("json", first, _end_of_object(lines, first))
    if _NAMED_FENCE.fullmatch(line) or _NEAR_FENCE.fullmatch(line):
        return FileHead("fence", first, _near(lines, first + 1))
    if re.fullmatch(r"(```+|~~~+)\s*(ya?ml)?", line) and _is_field(lines, first + 1):
        return FileHead("code", first, _line_of(lines, first + 1, (line.rstrip("yaml "),)))
    return _read_fields(lines, first)


def _read_fields(lines: list[str], first: int) -> FileHead:
    """Return a head that begins with fields or with text."""
    end = first
    while end < len(lines) and (_is_field(lines, end) or re.match(r"[ \t]+\S|- ", lines[end])):
        end += 1
    fields = sum(1 for n in range(first, end) if _is_field(lines, n))
    closing = lines[end].rstrip() if end < len(lines) else ""
    if fields and closing == FENCE:
        return FileHead("opening", first, end)
    name = _FIELD.match(lines[first])
    if fields and not closing and (fields > 1 or (name and name[1].lower() in _USUAL)):
        return FileHead("headers", first, end)
    start = _line_of(lines, first + 1)
    if start > 0 and _is_field(lines, start + 1) and (end := _line_of(lines, start + 1)) > 0:
        return FileHead("text above", start, end)
    return FileHead("none", first)


def _line_of(lines: list[str], start: int, wanted: tuple[str, ...] = (FENCE,)) -> int:
    """Return the first line that is one of `wanted`, or -1."""
    return next((n for n in range(start, len(lines)) if lines[n].rstrip() in wanted), -1)


def _near(lines: list[str], start: int) -> int:
    """Return the first line that is a fence or almost one, or -1."""
    return next((n for n in range(start, len(lines)) if _NEAR_FENCE.fullmatch(lines[n])), -1)


def _end_of_object(lines: list[str], first: int) -> int:
    """Return the line after a JSON object that begins on a line, or -1."""
    ends = (n for n in range(first, len(lines)) if lines[n].rstrip() == "}")
    if lines[first].rstrip().endswith("}"):
        return first + 1
    return next(ends, -2) + 1


def _is_field(lines: list[str], number: int) -> bool:
    return number < len(lines) and _FIELD.match(lines[number]) is not None


def _finding(head: FileHead, lines: list[str]) -> Finding:
    line = lines[head.first].strip()
    place = Place(head.first + 1, 1, max(1, len(lines[head.first].rstrip())))
    if head.kind == "open":
        return _not_closed(lines, head.first)
    message, hint = "the file has no front matter", _NO_FENCES
    if head.kind == "above":
        count = "a blank line is" if head.first == 1 else f"{head.first} blank lines are"
        place = Place(1, 1, 1)
        message = f"{count} above the front matter"
        hint = "delete everything above the first `---`"
    elif head.kind == "invisible":
        code = next(ord(c) for c in lines[head.first] if c in _INVISIBLE)
        message = f"the first `---` has an invisible character, U+{code:04X}"
        hint = "delete the line, and type three hyphens"
    elif head.kind == "fence":
        message = f"the front matter begins with `{line}`, not with `---`"
        hint = "write `---`, three hyphens alone on the line, above and below the fields"
        if line == FENCE:
            message, hint = "the first `---` is indented", "delete the spaces before it"
    elif head.kind == "toml":
        message = "the front matter is TOML"
        hint = (
            "write YAML: `---` for the two lines around the fields, `name: value` for each;"
            " `slugline check --fix` can do it"
        )
    elif head.kind == "json":
        message = "the front matter is JSON"
        hint = (
            "write YAML between two lines `---`, one `name: value` per line;"
            " `slugline check --fix` can do it"
        )
    elif head.kind == "code":
        message = f"the front matter begins with `{line}`, not with `---`"
        hint = "write `---` for the two lines around the fields"
    elif head.kind == "opening":
        message = "the line `---` above the fields is missing"
        hint = f"add a line `---` above `{_short(line)}`"
    elif head.kind == "headers":
        message = "the fields are not between two lines `---`"
        last = _short(lines[head.end - 1].strip())
        hint = f"add a line `---` above `{_short(line)}`, and another below `{last}`"
    elif head.kind == "text above":
        place = Place(1, 1, max(1, len(lines[0].rstrip())))
        message = f"text is above the front matter, which begins on line {head.first + 1}"
        hint = "move it below the second `---`; the first line of the file is `---`"
    return Finding(place, "no-front-matter", message, hint)


def _not_closed(lines: list[str], first: int) -> Finding:
    near = _near(lines, first + 1)
    message = "the front matter is not closed"
    if near < 0:
        place, hint = Place(1, 1, 3), "add a line `---` between the fields and the text"
    else:
        place = Place(near + 1, 1, max(1, len(lines[near].rstrip())))
        message += f": this line is `{lines[near].strip()}`, not `---`"
        hint = "write `---`, three hyphens alone on the line"
        if lines[near].strip() == FENCE:
            message = "the front matter is not closed: this `---` is indented"
            hint = "delete the spaces before it"
    return Finding(place, "front-matter-not-closed", message, hint)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
