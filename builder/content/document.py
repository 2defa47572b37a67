"""Parses a Markdown or YAML file into a Document.

Scalars stay text; of the core schema (YAML 1.2.2, 10.3) only `null` is resolved. The type of a
field decides how its text is read, so `no`, `on`, `12:30` and `010` stay as the editor wrote them.
"""

from __future__ import annotations

import codecs
import operator
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from builder.content.cut_values import cut_at_comma, stands_alone, with_rest
from builder.content.front_matter import find_front_matter
from builder.content.yaml_syntax import ODD_SPACE, not_fields, odd_spaces, syntax_findings
from builder.diagnostics.codes import Code
from builder.diagnostics.conflicts import has_marker, report_conflicts
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place, place_of
from builder.diagnostics.gift_links import parameter_at, without_gifts
from builder.diagnostics.secrets import find_secrets, may_have_secrets
from builder.patterns import pattern

MAX_FILE = 16 * 1024 * 1024  # bytes; a brief of this size is a mistake
MAX_FRONT_MATTER = 256 * 1024  # characters
MAX_DEPTH = 20  # levels of nesting; no record has more than four

# The value of a field as written: text, null, a list or a mapping.
Value = str | None | list[Any] | dict[str, Any]

# The start of a possible anchor, alias or tag: after white space or one of these characters. (It is
# many times faster to match the rare character first and to look behind it afterwards.)
_MARK = pattern(r"[&*!](?<![^\s,\[{:-][&*!])\S")
# Prefixes of lines that may begin a directive, another document or deep nesting.
_LEADS = ("%", "---", "...", " " * MAX_DEPTH)
# Invisible characters that XML forbids or discourages (XML 1.0, 2.2).
_INVISIBLE = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# The bytes that encode them in UTF-8: text without these bytes needs no search.
_CONTROLS = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_LEAD_BYTES = (b"\xc2", b"\xef")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


_Refused = tuple[None, list[Diagnostic]]


class Document(NamedTuple):
    """A parsed file.

    `places` maps the path of each value (`sources.0.of`) to its place, and `keys` maps it to the
    node of its key. `body_line` is the first line of the body."""

    path: str
    fields: dict[str, Any]
    places: dict[str, Place]
    body: str
    body_line: int
    lines: list[str]
    keys: dict[str, Node] = {}  # noqa: RUF012 - a parsed document gets its own

    def problem(self, finding: Finding) -> Diagnostic:
        """Return the diagnostic for a finding at a place or field.

        The path of a field followed by `#` denotes its key. An unknown field denotes the first line
        of the file."""
        where = finding.at
        if isinstance(where, str):
            if where[-1:] == "#" and where[:-1] in self.keys:
                where = _place(self.keys[where[:-1]])
            else:
                head = Place(1, 1, max(1, len(self.line(1))))
                where = place_of(self.places, where) or head
        excerpt = self.line(where.line)
        message, hint = finding.message, finding.hint
        return Diagnostic.of(self.path, where, finding.code, message, hint, excerpt)

    def places_with_keys(self, *fields: str) -> dict[str, Place]:
        """Return all places, with those of the keys in some fields: `editions.nl#`."""
        keys = {at: key for at, key in self.keys.items() if at.partition(".")[0] in fields}
        return {**self.places, **{f"{at}#": _place(key) for at, key in keys.items()}}

    def line(self, number: int) -> str:
        """Return the text of a line (1-based); empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def read_document(path: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """Read a Markdown file with front matter between two `---` lines.

    If the front matter cannot be parsed, the document has no fields, so that its body is still
    checked."""
    text, problems = decode(path, data)
    if text is None:
        return None, problems
    lines = text.split("\n")
    found = find_front_matter(lines)
    if has_marker(text) and (conflicts := report_conflicts(path, text, _code(lines, found))):
        return None, conflicts
    if isinstance(found, Finding):
        body = "" if found.code == "front-matter-not-closed" else text
        return None, [Document(path, {}, {}, body, 1, lines).problem(found)]
    body = "\n".join(lines[found + 1 :])
    # A blank line replaces the opening fence, so that YAML's line numbers match the file's.
    source = "\n" + "\n".join(lines[1:found]) + "\n"
    return _read_fields(path, source, body, found + 2, lines)


def _code(lines: list[str], front_matter: int | Finding) -> dict[int, int]:
    """Map each line (1-based) in a fence of the body to the fence's first line."""
    from builder.content.markdown.code import closed_fences  # imported only for conflicts

    first = front_matter + 1 if isinstance(front_matter, int) else 0
    if isinstance(front_matter, Finding) and front_matter.code == "front-matter-not-closed":
        return {}
    found = closed_fences("\n".join(lines[first:]))
    return {n + first + 1: fence + first + 1 for n, fence in found.items()}


_STATUS = pattern(rb"^status[ \t]*:[ \t]*(.*?)[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def document_says_draft(data: bytes) -> bool:
    """Return whether a file, even an unreadable one, is unpublished.

    It is if every `status` in its front matter is `draft` or `review`."""
    opening, found, rest = data.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if not found or opening.rstrip() != b"---":
        return False
    head = re.split(rb"^---[ \t]*\r?$", rest[:MAX_FRONT_MATTER], maxsplit=1, flags=re.MULTILINE)[0]
    said = {value.strip(b"\"'").lower() for value in _STATUS.findall(head)}
    return bool(said) and said <= {b"draft", b"review"}


def read_front_matter(path: str, data: bytes) -> Document | None:
    """Return the front matter of a file without its text.

    None if it cannot be read either."""
    text = data[: 4 * MAX_FRONT_MATTER].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = find_front_matter(lines)
    if isinstance(end, Finding):
        return None
    head = "\n".join([*lines[: end + 1], ""])
    document, problems = read_document(path, head.encode())
    unread = "\N{REPLACEMENT CHARACTER}" in head or any(p.severity == "error" for p in problems)
    return None if unread else document


def read_yaml(path: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """Read a file that consists of YAML only, such as site.yaml."""
    text, problems = decode(path, data)
    if text is None:
        return None, problems
    if conflicts := report_conflicts(path, text):
        return None, conflicts
    return _read_fields(path, text, "", 1, text.split("\n"))


def report_secrets(
    path: str, data: bytes, gift_links: Iterable[tuple[str, str]] = ()
) -> list[Diagnostic]:
    """Return an error for each credential in a file, without its value.

    `gift_links` are hosts and parameters of addresses whose tokens are public."""
    if not may_have_secrets(data):
        return []
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = []
    if find_secrets(text):
        text = without_gifts(text, gift_links)
    for secret in find_secrets(text):
        start = text.rfind("\n", 0, secret.start) + 1
        line = text.count("\n", 0, secret.start) + 1
        place = Place(line, secret.start - start + 1, secret.end - secret.start)
        hint = "remove it and revoke it; anyone who has this file can use it"
        if link := parameter_at(text, secret.start):
            hint += "; if this is a gift link, add to site.yaml:"
            hint += f" `gift_links: [{{host: {link.host}, parameter: {link.parameter}}}]`"
        message = f"this looks like {secret.kind}"
        found.append(Diagnostic.of(path, place, "secret-looking", message, hint))
    return found


def decode(path: str, data: bytes) -> tuple[str | None, list[Diagnostic]]:
    """Decode UTF-8 bytes and normalise line endings, or return a diagnostic."""

    def refuse(code: Code, message: str, hint: str, line: int = 1, column: int = 1) -> _Refused:
        return None, [Diagnostic.of(path, Place(line, column, 1), code, message, hint, "")]

    if len(data) > MAX_FILE:
        size = f"{len(data) / 1048576:.0f} MB"
        return refuse("file-too-large", f"the file is {size}; the limit is 16 MB", "split it")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return refuse("not-utf8", "the file is in UTF-16", "save it as UTF-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        before = data[: data.index(b"\0")].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        return refuse("binary-file", "the file contains a NUL byte", "save it as text", line)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        byte = f"0x{data[error.start]:02x}"
        message = f"the file is not UTF-8: byte {byte} is invalid here"
        return refuse("not-utf8", message, "save it as UTF-8", line, column)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    odd = len(data.translate(None, _CONTROLS)) < len(data) or any(b in data for b in _LEAD_BYTES)
    if odd and (bad := _INVISIBLE.search(text)):
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        message = f"the character U+{ord(bad[0]):04X} is not allowed in text"
        return refuse("control-character", message, "remove it", line, column)
    return text, []


class _Loader(yaml.cyaml.CParser):  # type: ignore[misc, name-defined]
    """PyYAML's C parser without implicit types."""

    # The parser calls these for each node, but neither paths nor tags matter here. They are the
    # quickest functions of three arguments, of two, and of none, that change nothing.
    resolve = staticmethod(slice)
    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(bool)


def _read_fields(
    path: str, source: str, body: str, body_line: int, lines: list[str]
) -> tuple[Document | None, list[Diagnostic]]:
    document = Document(path, {}, {}, body, body_line, lines, {})
    if len(source) > MAX_FRONT_MATTER:
        message = f"the front matter is {len(source) // 1024} KB; the limit is 256 KB"
        return None, [
            document.problem(
                Finding("", "front-matter-too-large", message, "move text to the body")
            )
        ]
    source, breaks = _hide_breaks(source)
    refused = _forbidden(document, source)
    if refused:
        return document, refused
    try:
        root = _Loader(source).get_single_node()
    except yaml.YAMLError as error:
        return document, [*map(document.problem, syntax_findings(source, error))]
    if root is None:
        return document, []
    if not isinstance(root, MappingNode):
        what = "a list" if isinstance(root, SequenceNode) else "text"
        found = not_fields(source, _place(root), what)
        return document, [*map(document.problem, found)]
    if breaks:
        _show_breaks(root, breaks)
    problems: list[Diagnostic] = []
    document.fields.update(_mapping(document, root, "", problems))
    if not source.isascii() and ODD_SPACE.search(source) and (odd := odd_spaces(source, root)):
        # The parser takes such a space for a letter, so the fields are not what they seem to be.
        document.fields.clear()
        return document, [*map(document.problem, odd)]
    return document, problems


# Characters at which YAML 1.1 breaks a line, but no editor does. Private characters that the text
# does not contain replace them while it is parsed.
_BREAKS = "\x85\u2028\u2029"


def _hide_breaks(source: str) -> tuple[str, dict[int, str]]:
    """Return the source without such breaks, and what to replace afterwards."""
    if source.isascii() or not any(character in source for character in _BREAKS):
        return source, {}
    used = set(source)
    free = (chr(n) for n in range(0xF0000, 0xFFFFE) if chr(n) not in used)
    hidden = dict(zip(_BREAKS, free, strict=False))
    shown = {ord(private): character for character, private in hidden.items()}
    return source.translate({ord(c): private for c, private in hidden.items()}), shown


def _show_breaks(root: Node, breaks: dict[int, str]) -> None:
    """Restore the hidden characters in the values below a node."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode):
            node.value = node.value.translate(breaks)
        elif isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value


def _forbidden(document: Document, source: str) -> list[Diagnostic]:
    """Report an alias, a tag, a second document or deep nesting.

    No record needs these, and an attacker could use them. The check runs before any node is
    composed, and only if the source contains characters that could begin one of them."""
    if not _could_be_forbidden(source):
        return []
    depth = documents = 0
    try:
        for event in yaml.parse(source, Loader=yaml.cyaml.CLoader):
            mark = cast(yaml.Mark, event.start_mark)
            place = Place(mark.line + 1, mark.column + 1, 1)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                hint = "write the value out, or quote text that begins with `&` or `*`"
                message = "anchors and aliases are not supported"
                return [document.problem(Finding(place, "yaml-alias", message, hint))]
            if getattr(event, "tag", None) is not None:
                hint = "remove it, or quote text that begins with `!`"
                message = "tags are not supported"
                return [document.problem(Finding(place, "yaml-tag", message, hint))]
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
            if depth > MAX_DEPTH:
                message = f"values are nested more than {MAX_DEPTH} levels deep"
                hint = "remove the extra brackets or indentation"
                return [document.problem(Finding(place, "too-deep", message, hint))]
            if documents > 1:
                message = "a second YAML document begins here"
                return [
                    document.problem(
                        Finding(place, "yaml-syntax", message, "keep one block of fields")
                    )
                ]
    except yaml.YAMLError:
        return []  # composing the fields reports it with its place
    return []


def _could_be_forbidden(source: str) -> bool:
    if source.count("[") + source.count("{") >= MAX_DEPTH:
        return True
    if ("&" in source or "*" in source or "!" in source) and _MARK.search(source):
        return True
    if source.startswith(_LEADS) or any(f"\n{lead}" in source for lead in _LEADS):
        return True
    # Lists and keys on one line, each nested in the previous one: `- - - ? -`.
    return "-" * MAX_DEPTH in source.replace(" ", "").replace("?", "-")


def _mapping(
    document: Document, node: MappingNode, prefix: str, problems: list[Diagnostic]
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    keys = document.keys
    for key_node, value_node in node.value:
        if key_node.__class__ is not ScalarNode:
            hint = "write a plain word"
            problems.append(
                document.problem(
                    Finding(_place(key_node), "not-a-key", "this is not a field name", hint)
                )
            )
            continue
        key = key_node.value
        if fields and stands_alone(document.line, key_node, value_node):
            last = next(reversed(fields))
            whole = with_rest(document.line, document.places[f"{prefix}{last}"], key_node)
            if whole and isinstance(fields[last], str):
                finding = Finding(_place(key_node), "yaml-comma", *cut_at_comma(key))
                problems.append(document.problem(finding))
                fields[last] = whole
                continue
        where = f"{prefix}{key}"
        if key in fields:
            first = cast(yaml.Mark, keys[where].start_mark).line + 1
            message = f"`{key}` is already set on line {first}"
            problems.append(
                document.problem(
                    Finding(_place(key_node), "duplicate-key", message, "keep one of them")
                )
            )
            continue
        keys[where] = key_node
        fields[key] = _value(document, value_node, where, problems)
    return fields


def _value(document: Document, node: Node, where: str, problems: list[Diagnostic]) -> Value:
    document.places[where] = _place(node)
    if node.__class__ is ScalarNode:
        if not node.style:
            problems += _cut_short(document, node)
        return None if not node.style and node.value in _NULLS else cast(str, node.value)
    if node.__class__ is SequenceNode:
        return [
            _value(document, item, f"{where}.{n}", problems) for n, item in enumerate(node.value)
        ]
    return _mapping(document, cast(MappingNode, node), f"{where}.", problems)


def _cut_short(document: Document, node: ScalarNode) -> list[Diagnostic]:
    """Report an unquoted text cut short by ` #`: `We are #1`."""
    end = cast(yaml.Mark, node.end_mark)
    line = document.line(end.line + 1)
    if "#" not in line:
        return []
    rest = line[end.column :]
    if not node.value or not re.match(r"\s+#\w", rest):
        return []
    column = end.column + len(rest) - len(rest.lstrip()) + 1
    place = Place(end.line + 1, column, len(rest.strip()))
    message = f"the value ends here: `{rest.strip()}` is a comment"
    return [document.problem(Finding(place, "yaml-comment", message, "quote the whole value"))]


def _place(node: Node) -> Place:
    start: Any = node.start_mark
    end: Any = node.end_mark
    line, column = start.line, start.column
    width = end.column - column if end.line == line else 1
    return Place(line + 1, column + 1, width if width > 1 else 1)


def place_in_field(document: Document, at: str, words: str) -> Place | str:
    """Return the place of words in a field, or the field."""
    whole = document.places.get(at)
    if whole is None:
        return at
    start, end = whole.column - 1, len(document.lines) + 1
    if whole.line < document.body_line:
        end = document.body_line
    for number in range(whole.line, end):
        column = document.line(number).find(words, start)
        if column >= 0:
            return Place(number, column + 1, len(words))
        start = 0
    return at
