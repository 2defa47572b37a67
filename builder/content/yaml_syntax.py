"""Explains what YAML refuses, or reads as something else than it seems to be."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from builder.content.yaml_quotes import unclosed_quote
from builder.diagnostics.diagnostic import Finding, Place
from builder.diagnostics.misread import Misread
from builder.patterns import pattern

# Spaces that YAML takes for letters: no-break spaces, and those of typographers.
_ODD = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
ODD_SPACE = pattern(f"[{_ODD}]")
# One that stands where YAML wants a space: in an indentation, or after a colon or a hyphen.
_STRUCTURAL = pattern(
    rf"^[ \t]*(?P<lead>[{_ODD}][ \t{_ODD}]*)(?=-(?:[ \t{_ODD}]|$)|[\w-]+:(?:[ \t{_ODD}]|$))"
    rf"|^[ \t]*(?:- +)*[\w-]+:[ \t]*(?P<colon>[{_ODD}]+)"
    rf"|^[ \t]*(?:- +)*-[ \t]*(?P<hyphen>[{_ODD}]+)"
    rf"|[{{,][ \t]*[\w-]+:(?P<flow>[{_ODD}]+)"
)
_UNSPACED = pattern(r"\s*(?:- +)?[\w-]+:\S")
_SPECIAL = pattern(r"\s*(?:- +)?(?:[\w-]+: +)?[\"'\[{]")
# Quotation marks that a word processor writes for `"` and `'`.
QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"
_TYPOGRAPHIC = pattern(rf"\s*(?:- +)?(?:[\w-]+: +)?([{QUOTES}])")
_WRAPPED = pattern(rf"[{QUOTES}]+([^{QUOTES}]+)[{QUOTES}\"']+")
# Signs that word processors and Markdown put before an item of a list.
BULLETS = "•‣◦▪●·*–—"
_BULLET = pattern(rf"\s*([{BULLETS}])\s+\S")


def _unquoted(text: str) -> str:
    """Return the text between typographic quotation marks, or nothing."""
    match = _WRAPPED.fullmatch(text.strip())
    return match[1].strip() if match else ""


def refuse_quotes(text: str) -> None:
    """Raise Misread if a value stands between typographic quotation marks."""
    if plain := _unquoted(text):
        message = f"the quotation marks of `{text}` are typographic, so they belong to the value"
        raise Misread("typographic-quotes", message, f"write `{plain}`", plain)


def odd_spaces(source: str, root: Node | None = None) -> list[Finding]:
    """Return each line with a space that YAML takes for a letter.

    With `root`, what was parsed: lines inside quoted and block text are left out."""
    text = _lines_of_text(root) if root else set()
    return [
        _odd_space(number, line, match)
        for number, line in enumerate(source.split("\n"), 1)
        if not line.isascii() and number not in text and (match := _STRUCTURAL.search(line))
    ]


def _lines_of_text(root: Node) -> set[int]:
    """Return the lines (1-based) of quoted and block scalars after their first."""
    found: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif not isinstance(node, ScalarNode):
            waiting += node.value
        elif node.style:
            start, end = cast(yaml.Mark, node.start_mark), cast(yaml.Mark, node.end_mark)
            found.update(range(start.line + 2, end.line + 2 if end.column else end.line + 1))
    return found


def _odd_space(number: int, line: str, match: re.Match[str]) -> Finding:
    where = next(name for name, found in match.groupdict().items() if found)
    start, end = match.span(where)
    bad = next(c for c in match[where] if ODD_SPACE.match(c))
    name = unicodedata.name(bad, "invisible character").lower()
    what = {"lead": "the indentation has", "hyphen": "after the hyphen is"}.get(
        where, "after the colon is"
    )
    message = f"{what} a {name} (U+{ord(bad):04X}), which YAML takes for a letter"
    hint = "replace it with an ordinary space"
    return Finding(Place(number, start + 1, end - start), "odd-space", message, hint)


def not_fields(source: str, place: Place, what: str) -> list[Finding]:
    """Return why the whole front matter is a text or a list."""
    if odd := odd_spaces(source):
        return odd
    line = source.split("\n")[place.line - 1]
    hint = "write one `name: value` per line"
    if match := re.match(r"\s*([\w-]+):\S", line):
        hint = f"put a space after the colon: `{match[1]}: …`"
    message = f"the fields are {what}, not `name: value` pairs"
    return [Finding(place, "not-a-mapping", message, hint)]


def syntax_findings(source: str, error: yaml.YAMLError) -> list[Finding]:
    """Return the reasons for an error of the YAML parser."""
    if odd := odd_spaces(source):
        return odd
    if isinstance(error, yaml.MarkedYAMLError):
        return [_syntax_problem(source.split("\n"), error)]
    return [_character_problem(source, error)]  # a character that YAML does not allow


def _syntax_problem(lines: list[str], error: yaml.MarkedYAMLError) -> Finding:
    mark = cast(yaml.Mark, error.problem_mark or error.context_mark)
    problem = error.problem or "unexpected content"
    opened = error.context_mark
    unclosed = "unexpected end" in problem or "',' or ']'" in problem or "',' or '}'" in problem
    if opened and (unclosed or "could not find expected ':'" in problem):
        mark = opened  # the opening is more useful than the place of the missing end
    place = Place(mark.line + 1, mark.column + 1, 1)
    text = lines[mark.line] if mark.line < len(lines) else ""
    before = text[: mark.column]
    if found := _tab(text, mark) or _misread_line(lines, mark.line):
        return found
    if found := unclosed_quote(lines, mark.line):
        return found
    if "could not find expected ':'" in problem and _UNSPACED.match(text):
        hint = "put a space after the colon"
        place = Place(place.line, place.column, max(1, len(text) - mark.column))
    elif "mapping values are not allowed" in problem and re.fullmatch(r"\s+[\w-]+", before):
        if mark.line and _UNSPACED.match(lines[mark.line - 1]):
            above = lines[mark.line - 1].rstrip()
            start = len(above) - len(above.lstrip(" -"))
            place = Place(mark.line, start + 1, len(above) - start)
            hint = "put a space after the colon"
        else:
            hint = "check the indentation: this line is indented further than the one above"
    elif "mapping values are not allowed" in problem:
        hint = "quote text that contains `: `"
    elif "escape character" in problem:
        hint = "use single quotes: a backslash is special inside double quotes"
    elif "unexpected end" in problem:
        hint = "close the quotation mark"
    elif unclosed:
        hint = "close the bracket, or put a comma between the items"
    elif "cannot start any token" in problem:
        hint = "quote text that begins with a special character"
    elif "expected key" in problem and mark.column and not before.strip():
        hint = "check the indentation: no line above begins in this column"
    elif _SPECIAL.match(text):
        hint = "quote the whole text with the quotation mark that it does not contain"
    else:
        hint = "check the indentation, quotation marks and brackets"
    return Finding(place, "yaml-syntax", f"this is not valid YAML: {problem}", hint)


_LEAD = pattern(r"(?P<before>[ ]*(?:-[ ]*)*)\t[ \t-]*")


def _tab(text: str, mark: yaml.Mark) -> Finding | None:
    """Return the finding for a tab that indents a line or follows a hyphen."""
    lead = _LEAD.match(text)
    if lead is None or mark.column > lead.end():
        return None
    hyphen = "-" in lead["before"]
    place = Place(mark.line + 1, 1 if not hyphen else lead.end("before") + 1, 1)
    message = "a tab cannot follow a hyphen in YAML" if hyphen else "a tab cannot indent YAML"
    hint = "put a space after the hyphen" if hyphen else "indent with spaces"
    return Finding(place, "yaml-tab", message, hint)


def _misread_line(lines: list[str], number: int) -> Finding | None:
    """Return the finding for typographic quotation marks or another list marker."""
    text = lines[number] if number < len(lines) else ""
    if match := _TYPOGRAPHIC.match(text):
        place = Place(number + 1, match.start(1) + 1, 1)
        message = f"`{match[1]}` is not a quotation mark of YAML"
        hint = "put the text between straight quotation marks, `\"` or `'`"
        return Finding(place, "typographic-quotes", message, hint)
    if match := _BULLET.match(text):
        place = Place(number + 1, match.start(1) + 1, 1)
        message = f"`{match[1]}` does not begin an item of a list"
        return Finding(place, "yaml-syntax", message, f"write `- ` instead of `{match[1]} `")
    return None


def _character_problem(source: str, error: yaml.YAMLError) -> Finding:
    bad = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", source)
    if bad is None:
        return Finding("", "yaml-syntax", f"this is not valid YAML: {error}".split("\n")[0])
    line = source.count("\n", 0, bad.start()) + 1
    column = bad.start() - source.rfind("\n", 0, bad.start())
    message = f"the control character U+{ord(bad[0]):04X} is not allowed"
    return Finding(Place(line, column, 1), "yaml-syntax", message, "remove it")


def items_in_braces(fields: dict[str, Any]) -> tuple[list[str], str]:
    """Return the items of a list in braces, and the list."""
    items = [f"{k}: {v}" if isinstance(v, str) else k for k, v in fields.items()]
    listed = ", ".join(f'"{item}"' if ": " in item else item for item in items)
    return items, f"[{listed}]"
