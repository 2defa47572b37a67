"""Reads the front matter of other systems: YAML, TOML, JSON, or lines `Key: value`.

Values of YAML stay text (`yes`, `010` and `12:30` are what the author wrote), as in this program's
own files; who wants a date or a truth reads one."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any, NamedTuple

import yaml

from builder.importers.bad_archive import BadPost

_LARGEST = 1024 * 1024  # characters of front matter
_MOST_ALIASES = 100
_END = r"[ \t]*(?:\n|\Z)"
_YAML = re.compile(
    rf"---[ \t]*(ya?ml|json|toml)?[ \t]*\n(.*?)^(?:---|\.\.\.){_END}", re.MULTILINE | re.DOTALL
)
_TOML = re.compile(rf"\+\+\+[ \t]*\n(.*?)^\+\+\+{_END}", re.MULTILINE | re.DOTALL)
_HEADER = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_MORE = re.compile(r"(?: {4}|\t)\s*(.*)")


class OldHeaders(NamedTuple):
    """The fields of a file and its text. Names of fields are as written."""

    fields: dict[str, Any]
    body: str


def read_headers(text: str) -> OldHeaders:
    """Return the front matter of a file, in any of the forms.

    A file without front matter has no fields. Raises BadPost if it cannot be read."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start = text.lstrip("\n \t")
    if match := _YAML.match(start):
        read = {"json": _json, "toml": _toml}.get((match[1] or "").lower(), _yaml)
        return OldHeaders(_mapping(read(_limited(match[2]))), start[match.end() :])
    if match := _TOML.match(start):
        return OldHeaders(_mapping(_toml(_limited(match[1]))), start[match.end() :])
    if start.startswith(("---\n", "+++\n")) and re.match(r".*\n\s*[\w-]+\s*[:=]", start):
        raise BadPost("the front matter has no end")
    if start.startswith("{") and not start.startswith(("{{", "{%", "{:")):
        return _json_at_start(start)
    return OldHeaders({}, text)


def read_lines(text: str) -> OldHeaders:
    """Return fields that are lines `Key: value` before the first blank line.

    Indented lines continue a value (Python-Markdown, extension Meta-Data). Names are in lower
    case."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("---\n"):
        found = read_headers(text)
        return OldHeaders({key.lower(): value for key, value in found.fields.items()}, found.body)
    lines, fields, last, end = text.split("\n"), dict[str, Any](), "", 0
    for line in lines:
        if match := _HEADER.fullmatch(line):
            last = match[1].lower()
            fields[last] = f"{fields[last]}\n{match[2]}" if last in fields else match[2]
        elif last and (match := _MORE.fullmatch(line)):
            fields[last] += f"\n{match[1]}"
        else:
            break
        end += 1
    return OldHeaders(fields, "\n".join(lines[end:]) if fields else text)


def read_settings(text: str, name: str) -> dict[str, Any]:
    """Return the mapping of a configuration file in YAML, TOML or JSON.

    Raises BadPost, which names the file."""
    ending = name.rpartition(".")[2].lower()
    read = {"toml": _toml, "json": _json}.get(ending, _yaml)
    try:
        return _mapping(read(_limited(text.removeprefix("\ufeff"))))
    except BadPost as error:
        raise BadPost(f"{name}: {error}") from None


def _limited(head: str) -> str:
    if len(head) > _LARGEST:
        raise BadPost(f"the front matter is {len(head) // 1024} KB")
    return head


def _mapping(value: Any) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise BadPost("the front matter is not a mapping of fields")
    return {str(key): found for key, found in value.items()}


def _yaml(head: str) -> Any:
    if "&" in head and head.count("*") > _MOST_ALIASES and _aliases(head) > _MOST_ALIASES:
        raise BadPost("the front matter has too many aliases")
    try:
        return yaml.load(head, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" on line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or "it is nested too deeply"
        raise BadPost(f"the front matter is not YAML{line}: {problem}") from None


def _aliases(head: str) -> int:
    try:
        events = yaml.parse(head, Loader=yaml.CBaseLoader)
        return sum(isinstance(event, yaml.AliasEvent) for event in events)
    except yaml.YAMLError:
        return 0


def _toml(head: str) -> Any:
    try:
        return tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadPost(f"the front matter is not TOML: {error}") from None


def _json(head: str) -> Any:
    try:
        return json.loads(head)
    except (ValueError, RecursionError) as error:
        raise BadPost(f"the front matter is not JSON: {error}") from None


def _json_at_start(text: str) -> OldHeaders:
    try:
        fields, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return OldHeaders({}, text)  # a text that begins with a brace
    return OldHeaders(_mapping(fields), text[end:].lstrip("\n"))
