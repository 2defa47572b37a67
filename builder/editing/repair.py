"""Repairs front matter that cannot be read: other fences, spaces, marks and formats.

Each repair takes the lines of a file and returns them changed, or None; it raises ValueError or
RecursionError for what it cannot read. It is kept only if the file can be read better than
before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from builder.content.document import read_document
from builder.content.foreign_keys import fold
from builder.content.front_matter import FENCE, FileHead, read_head
from builder.content.yaml_syntax import BULLETS, ODD_SPACE, QUOTES
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.new import scalar

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


class Draft(NamedTuple):
    """The lines of a file, each with its end, and how it begins.

    `lists` has the names of the fields that are lists, and `names` those of all fields."""

    lines: list[str]
    head: FileHead
    lists: frozenset[str]
    names: frozenset[str]
    problems: list[Diagnostic]

    @property
    def end(self) -> str:
        """Return the end of the first line."""
        return self.lines[0][len(self.lines[0].rstrip("\r\n")) :] or "\n"

    def fields(self) -> range:
        """Return the numbers of the lines between the fences."""
        return range(1, self.head.end) if self.head.kind == "yaml" else range(0)


def repair(path: str, text: str, lists: frozenset[str], names: frozenset[str]) -> str:
    """Return the text of a Markdown file with what is certain repaired."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    draft = _draft(path, text, lists, names)
    for _ in range(_ROUNDS):
        before = draft
        for change in REPAIRS:
            if draft is None:
                return mark + text
            try:
                lines = change(draft)
            except (ValueError, RecursionError):  # not JSON or TOML, or nested too deeply
                continue
            if lines is not None and lines != draft.lines:
                changed = "".join(lines)
                if _better(path, changed, draft.problems):
                    text, draft = changed, _draft(path, changed, lists, names)
        if draft is before:
            break
    return mark + text


def repairs(
    path: str, text: str, lists: frozenset[str], names: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each repair that helps."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    draft = _draft(path, text.removeprefix(mark), lists, names)
    if draft is None:
        return
    for change in REPAIRS:
        with suppress(ValueError, RecursionError):
            lines = change(draft)
            if lines is not None and lines != draft.lines:
                changed = "".join(lines)
                if _better(path, changed, draft.problems):
                    yield _TITLES[change], mark + changed


_ROUNDS = 50  # a repair may mend one line at a time


def _draft(path: str, text: str, lists: frozenset[str], names: frozenset[str]) -> Draft | None:
    lines = _LINE.findall(text)
    _, problems = read_document(path, text.encode())
    if not lines or any(d.code in _HANDS_OFF for d in problems):
        return None
    return Draft(lines, read_head([line.rstrip("\r\n") for line in lines]), lists, names, problems)


_HANDS_OFF = ("conflict-markers", "file-too-large", "front-matter-too-large", "control-character")


def _better(path: str, text: str, before: list[Diagnostic]) -> bool:
    """Return whether a text can be read, or read further than before."""
    if _SURROGATE.search(text):  # JSON can have half of a character
        return False
    document, problems = read_document(path, text.encode())
    if document and not any(d.severity == "error" for d in problems):
        return True
    if not before:
        return False
    was, now = before[0], problems[0]
    return (
        (was.code in _OF_FENCES and now.code not in _OF_FENCES)
        or len(problems) < len(before)
        or (now.code not in _OF_FENCES and now.line > was.line)
    )


_SURROGATE = re.compile("[\ud800-\udfff]")
_OF_FENCES = ("no-front-matter", "front-matter-not-closed")

# --- fences ------------------------------------------------------------------------------------


def _fences(draft: Draft) -> list[str] | None:
    """Put `---` around the fields, and nothing above."""
    lines, head = draft.lines, draft.head
    fence = FENCE + draft.end
    if head.kind == "above":
        return lines[head.first :]
    if head.kind in ("invisible", "fence", "code") and head.end > 0:
        inner = lines[head.first + 1 : head.end]
        if _only_fields(inner):
            return [fence, *inner, fence, *lines[head.end + 1 :]]
    if head.kind == "opening":
        return [fence, *lines[head.first :]]
    if head.kind == "open":
        for n in range(head.first + 1, len(lines)):
            if re.fullmatch(r"\s*(?:-{2,}|[\u2010-\u2015\u2212]+|\.\.\.)\s*", lines[n]):
                inner = lines[head.first + 1 : n]
                return [fence, *inner, fence, *lines[n + 1 :]] if _only_fields(inner) else None
    return None


def _only_fields(lines: list[str]) -> bool:
    """Return whether lines can be fields: a name, a part of a value or a comment."""
    return bool(lines) and all(_FIELDS.fullmatch(line.rstrip("\r\n")) for line in lines)


_FIELDS = re.compile(
    rf"[\w-]+[ \t]*:.*|\"[\w-]+\"[ \t]*:.*|[ \t\u00a0].*|[{BULLETS}-].*|#.*|[\[\]{{}}].*|\s*"
)

# --- other formats -----------------------------------------------------------------------------


def _headers(draft: Draft) -> list[str] | None:
    """Turn the header lines of Pelican and MultiMarkdown into fields."""
    head, lines = draft.head, draft.lines
    if head.kind != "headers":
        return None
    fields = []
    for name, value in _header_fields(lines[head.first : head.end]):
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if (fold(name) in _LISTED or fold(name) in draft.lists) and len(parts) > 1:
            value = f"[{', '.join(map(scalar, parts))}]"
        elif value and not re.match(r"[\"'\[{]", value):
            value = scalar(value)
        # Case does not matter in headers.
        name = name.lower() if name.lower() in draft.names or name.istitle() else name
        fields.append(f"{name}: {value}".rstrip() + draft.end)
    fence = FENCE + draft.end
    return [fence, *fields, fence, *lines[head.end :]]


_LISTED = ("tags", "keywords", "authors", "author", "companies", "people", "topics")


def _header_fields(lines: list[str]) -> list[tuple[str, str]]:
    """Return the names and values of header lines; raise ValueError for any other line."""
    found: list[tuple[str, str]] = []
    for line in lines:
        match = re.match(r"([A-Za-z][\w -]*?)[ \t]*:[ \t]*(.*?)\s*$", line)
        if match:
            found.append((re.sub(r"\s+", "_", match[1]), match[2]))
        elif line[:1] in " \t" and line.strip() and found:  # continues the value
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}".strip())
        else:
            raise ValueError(line)
    return found


def _toml(draft: Draft) -> list[str] | None:
    """Turn front matter in TOML into YAML, with its comments."""
    head, lines = draft.head, draft.lines
    if head.kind != "toml" or head.end < 0:
        return None
    import tomllib

    source = [line.rstrip("\r\n") for line in lines[head.first + 1 : head.end]]
    fields = tomllib.loads("\n".join(source))
    comments = _comments_of("\n".join(source))
    written: list[str] = []
    for n, line in enumerate(source):
        name = re.match(r"\"?([\w-]+)\"?[ \t]*=", line)
        if not line.strip() or line.strip() == comments.get(n, "").strip():
            written.append(line)
            comments.pop(n, "")
        elif line.startswith("["):
            break
        elif name and name[1] in fields:
            written.append(f"{name[1]}: {_flow(fields.pop(name[1]))}{comments.pop(n, '')}")
    if comments:  # in a value or a table, which becomes one line
        return None
    written += [f"{name}: {_flow(value)}" for name, value in fields.items()]
    return _between(draft, written, head.end + 1)


_TOML_TEXT = re.compile(
    r"\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'"
    r"|(?P<end>\n)|(?P<comment>#[^\n]*)",
    re.DOTALL,
)


def _comments_of(source: str) -> dict[int, str]:
    """Return the comments of valid TOML, each by the number of its line from 0."""
    found, line = dict[int, str](), 0
    for match in _TOML_TEXT.finditer(source):
        if match["comment"]:
            before = source[source.rfind("\n", 0, match.start()) + 1 : match.start()]
            space = before[len(before.rstrip()) :] or " "
            found[line] = space + match[0]
        line += match[0].count("\n")
    return found


def _json(draft: Draft) -> list[str] | None:
    """Turn front matter in JSON into YAML."""
    head, lines = draft.head, draft.lines
    if head.kind != "json" or head.end < 0:
        return None
    fenced = not lines[head.first].lstrip().startswith("{")
    source = "".join(lines[head.first + fenced : head.end])
    pairs = json.loads(source, object_pairs_hook=lambda found: found)
    fields = json.loads(source)
    names = [name for name, _ in pairs] if isinstance(pairs, list) else []
    if not isinstance(fields, dict) or len(names) != len(fields):
        return None
    written = [f"{scalar(name)}: {_flow(value)}" for name, value in fields.items()]
    return _between(draft, written, head.end + fenced)


def _between(draft: Draft, fields: list[str], rest: int) -> list[str]:
    written = [line + draft.end for line in (FENCE, *fields, FENCE)]
    return [*written, *draft.lines[rest:]]


def _flow(value: Any) -> str:
    """Return a value on one line of YAML."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(name)}: {_item_of(v)}' for name, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_item_of, value))}]"
    return scalar(str(value)) if isinstance(value, str) else str(value)


def _item_of(value: Any) -> str:
    return scalar(value) if isinstance(value, str) else _flow(value)


# --- lines of YAML -----------------------------------------------------------------------------


def _odd_spaces(draft: Draft) -> list[str] | None:
    """Replace no-break spaces where YAML wants ordinary ones."""
    lines = [*draft.lines]
    for d in draft.problems:
        if d.code == "odd-space":
            line = lines[d.line - 1]
            start, end = d.column - 1, d.column - 1 + d.width
            plain = re.sub("[\u200b\ufeff]", "", line[start:end])
            plain = ODD_SPACE.sub(" ", plain)
            lines[d.line - 1] = line[:start] + (plain or " ") + line[end:]
    return lines


def _tabs(draft: Draft) -> list[str] | None:
    """Replace the tabs of indentations, all at once."""
    if not any(d.code == "yaml-tab" for d in draft.problems):
        return None
    lines = [*draft.lines]
    for n in draft.fields():
        lead = re.match(r"[ \t]*(?:-[ \t]+)*", lines[n])
        if lead and "\t" in lead[0]:
            plain = re.sub(r"-[ \t]+", "- ", lead[0]).replace("\t", "  ")
            lines[n] = plain + lines[n][lead.end() :]
    return lines


def _colons(draft: Draft) -> list[str] | None:
    """Put a space after the colon of a known name."""
    if not any("space after the colon" in d.hint for d in draft.problems):
        return None
    lines = [*draft.lines]
    for n in draft.fields():
        match = re.match(r"([ \t]*(?:- +)?([\w-]+):)(?=[^\s/:])", lines[n])
        if match and match[2] in draft.names:
            lines[n] = f"{match[1]} {lines[n][match.end() :]}"
    return lines


_EMPTY_KEY = re.compile(r"([\w-]+):[ \t]*(?:#.*)?[\r\n]*")
_BULLET = re.compile(rf"([ \t]*)[{BULLETS}][ \t\u00a0]+(?=\S)")


def _bullets(draft: Draft) -> list[str] | None:
    """Write `- ` for the other marks of the items of a list."""
    lines = [*draft.lines]
    inside = False
    for n in draft.fields():
        if match := _EMPTY_KEY.fullmatch(lines[n]):
            inside = match[1] in draft.lists or _means_list(match[1])
        elif inside and (bullet := _BULLET.match(lines[n])):
            lines[n] = f"{bullet[1]}- {lines[n][bullet.end() :]}"
        elif not lines[n].startswith((" ", "\t", "-")):
            inside = False
    return lines


def _means_list(name: str) -> bool:
    return fold(name) in ("tags", "keywords", "authors", "aliases", "categories")


def _quotes(draft: Draft) -> list[str] | None:
    """Write straight quotation marks around a text that needs some."""
    lines = [*draft.lines]
    wrapped = re.compile(rf"([ \t]*(?:- +)?(?:[\w-]+: +)?)[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]\s*")
    for d in draft.problems:
        if d.code == "typographic-quotes" and (match := wrapped.fullmatch(lines[d.line - 1])):
            end = lines[d.line - 1][len(lines[d.line - 1].rstrip("\r\n")) :]
            text = json.dumps(match[2], ensure_ascii=False)
            lines[d.line - 1] = f"{match[1]}{text}{end}"
    return lines


# What each does, in the order in which they help each other.
_TITLES: dict[Callable[[Draft], list[str] | None], str] = {
    _fences: "Put `---` around the fields",
    _headers: "Write the header lines as fields",
    _toml: "Turn TOML into YAML",
    _json: "Turn JSON into YAML",
    _odd_spaces: "Write ordinary spaces",
    _tabs: "Indent with spaces",
    _colons: "Put a space after the colon",
    _bullets: "Write `- ` before each item",
    _quotes: "Write straight quotation marks",
}
REPAIRS = tuple(_TITLES)
