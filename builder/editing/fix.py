"""Fixes what is certain in content/ and site.yaml: spellings, formats, names of fields, ids.

A fix keeps comments, order and quotation marks. It never adds an error: a file whose fixed text
has an error that the file did not have is left as it is."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

from msgspec import Struct

from builder.content.config import FILE
from builder.content.document import Document, read_document, read_yaml
from builder.content.field_types import without_none
from builder.content.fields import READERS
from builder.content.files import record_files
from builder.content.foreign_keys import Change, fold
from builder.content.schema import certain_changes, fields_of, read_record
from builder.content.time_zones import load_zone
from builder.content.walk import walk_content
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.misread import Misread
from builder.editing.edit import EditError, Rewriter
from builder.editing.new import mint_id
from builder.editing.repair import repair
from builder.editing.steps import EditConflict
from builder.editing.transaction import replace_files
from builder.model.brief import Brief
from builder.model.settings import Settings
from builder.model.values import Identifier
from builder.names.keys import SlugStyle, name_key


class Fix(NamedTuple):
    """The fixed bytes of a file, with those that it has."""

    path: str
    before: bytes
    after: bytes

    def diff(self) -> Iterator[str]:
        """Yield the lines of a unified diff, without their ends."""
        old, new = (_lines(data) for data in (self.before, self.after))
        yield from difflib.unified_diff(old, new, self.path, f"{self.path} (fixed)", lineterm="")


def _lines(data: bytes) -> list[str]:
    return re.split(r"\r\n|\r|\n", data.decode("utf-8"))


def find_fixes(root: Path) -> list[Fix]:
    """Return the fixes of every file that has one.

    Links are left alone: a fix never writes through one. So is what cannot be read; `check` reports
    it."""
    found = []
    zone: tzinfo = UTC
    declared = NOTHING_DECLARED
    with suppress(OSError, ValueError, RecursionError):
        data = _read(root / FILE)
        fixed = fix_file(FILE, data, Settings, zone)
        if fixed != data:
            found.append(Fix(FILE, data, fixed))
        document, _ = read_yaml(FILE, fixed)
        declared = declared_names(document)
        written = document.fields.get("time_zone") if document else None
        zone = (load_zone(written) if isinstance(written, str) else None) or UTC
    for file in record_files(walk_content(root), []):
        with suppress(OSError, ValueError, RecursionError):
            data = _read(root / file.path)
            fixed = fix_file(file.path, data, file.kind, zone, declared)
            if fixed != data:
                found.append(Fix(file.path, data, fixed))
    return found


def write_fixes(root: Path, fixes: list[Fix]) -> list[str]:
    """Write each file; return why some were not written.

    A file that was modified since it was read stays as it is."""
    refused = []
    for fix in fixes:
        try:
            replace_files(root, {fix.path: (fix.before, fix.after)})
        except EditConflict as error:
            refused.append(str(error))
    return refused


def _read(file: Path) -> bytes:
    """Return the bytes of a regular file; raise OSError for a link."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{file} is not a regular file")
        return stream.read()


# --- one file ----------------------------------------------------------------------------------


class Declared(NamedTuple):
    """The slugs and the keys of the names of the authors and sections in site.yaml.

    `slugs` is the style of slugs that it chooses."""

    author: Set[str] = frozenset()
    section: Set[str] = frozenset()
    slugs: SlugStyle = "ascii"


NOTHING_DECLARED = Declared()


def declared_names(document: Document | None) -> Declared:
    chosen = document.fields.get("slugs") if document else None
    style: SlugStyle = "unicode" if chosen == "unicode" else "ascii"
    return Declared(_names_in(document, "authors"), _names_in(document, "sections"), style)


def _names_in(document: Document | None, field: str) -> Set[str]:
    listed = document.fields.get(field) if document else None
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return {str(i.get("slug")) for i in items} | {name_key(str(i.get("name"))) for i in items}


def fix_file(
    path: str,
    data: bytes,
    record: type[Struct],
    zone: tzinfo,
    declared: Declared = NOTHING_DECLARED,
) -> bytes:
    """Return the bytes of a file with everything that is certain fixed."""
    read = read_yaml if path == FILE else read_document
    text = data.decode("utf-8")
    before = _errors(path, data, record, zone)
    body = b""
    if path != FILE:
        text = repair(path, text, list_fields(record), field_names(record))
        text, body = _split(path, text)
    text, hidden = _without_bad_lines(path, text) if path != FILE else (text, {})
    now = text.encode("utf-8")
    for _ in range(_ROUNDS):
        changed = _fix_fields(path, now, record, zone, declared, not hidden)
        if changed == now:
            break
        now = changed
    now = _with_lines(now, hidden) + body
    now = fix_body(path, now) if path != FILE else now
    document, _ = read(path, data)
    readable = document is not None and bool(document.fields)
    if now != data and readable and not _errors(path, now, record, zone) <= before:
        return data
    return now


def _split(path: str, text: str) -> tuple[str, bytes]:
    """Return the front matter with its fences, and the bytes of the body.

    A body can be long, and is not read again for each change of a field."""
    document, _ = read_document(path, text.encode("utf-8"))
    if document is None:
        return text, b""
    ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
    last = document.body_line - 2  # the closing fence
    end = ends[last] if last < len(ends) else len(text)
    return text[:end], text[end:].encode("utf-8")


_BAD_LINES = 20  # at most, in one file


def _without_bad_lines(path: str, text: str) -> tuple[str, dict[str, str]]:
    """Return front matter without the lines that keep it from being read.

    Each is replaced by a comment; the second value has the lines by their comments. If it cannot be
    read without them either, the front matter is as it was."""
    lines, hidden = text.splitlines(keepends=True), dict[str, str]()
    while len(hidden) <= _BAD_LINES:
        document, problems = read_document(path, "".join(lines).encode("utf-8"))
        if document is not None and (document.fields or not problems):
            return "".join(lines), hidden
        at = problems[0].line - 1 if problems and problems[0].code == "yaml-syntax" else 0
        if not 0 < at < len(lines) - 1 or lines[at] in hidden or not lines[at].strip():
            break
        comment = f"# line {at} {os.urandom(8).hex()}\n"
        hidden[comment], lines[at] = lines[at], comment
    return text, {}


def _with_lines(data: bytes, hidden: dict[str, str]) -> bytes:
    for comment, line in hidden.items():
        data = data.replace(comment.encode("utf-8"), line.encode("utf-8"))
    return data


_ROUNDS = 500  # changes of one file, one each


def _errors(path: str, data: bytes, record: type[Struct], zone: tzinfo) -> set[tuple[str, str]]:
    return {
        (d.code, d.message)
        for d in problems_of_file(path, data, record, zone)
        if d.severity == "error"
    }


def problems_of_file(
    path: str, data: bytes, record: type[Struct], zone: tzinfo
) -> list[Diagnostic]:
    document, found = (read_yaml if path == FILE else read_document)(path, data)
    if document is None or (found and not document.fields):
        return found
    _, more = read_record(record, document, zone)
    return [*found, *more]


def _fix_fields(
    path: str,
    data: bytes,
    record: type[Struct],
    zone: tzinfo,
    declared: Declared,
    is_whole: bool,
) -> bytes:
    """Return the bytes with a certain change of a field that adds no error.

    Only front matter that `is_whole` gets an id."""
    try:
        document = Rewriter(path, data).document
    except EditError:
        return data
    for change in certain_changes(record, document, zone, declared.slugs):
        changed = changed_field(path, data, change.at, change.name, change.value)
        if changed != data and not adds_no_error(path, data, changed, record, zone):
            again = certain_changes(record, Rewriter(path, changed).document, zone, declared.slugs)
            changed = _with_value(path, changed, change.name, again)
        if adds_no_error(path, data, changed, record, zone):
            return changed
    if record is Brief:
        for changed in (
            with_keywords(path, data, document),
            with_declared(path, data, document, declared),
        ):
            if adds_no_error(path, data, changed, record, zone):
                return changed
    if not is_whole:
        return data
    if record is Brief and document.fields and not {"id", "guid"} & document.fields.keys():
        changed = with_id(path, data, document)
        if adds_no_error(path, data, changed, record, zone):
            return changed
    return data


_CALLED = {
    "authors": "author", "byline": "author", "category": "section", "categories": "section",
}  # fmt: skip


def with_declared(path: str, data: bytes, document: Document, declared: Declared) -> bytes:
    """Return the bytes with an author or section that site.yaml declares."""
    for field, value in document.fields.items():
        ours = _CALLED.get(fold(field), "")
        known = declared.author if ours == "author" else declared.section
        values = value if isinstance(value, list) and ours == "author" else [value]
        names = [v for v in values if isinstance(v, str) and (v in known or name_key(v) in known)]
        if not ours or ours in document.fields or not names or len(names) < len(values):
            continue
        with suppress(EditError, KeyError, ValueError):
            rewriter = Rewriter(path, data)
            rewriter.rename(field, ours)
            return rewriter.result()
    return data


_KEYWORDS = ("tags", "tag", "keywords", "keyword", "labels", "subjects")


def with_keywords(path: str, data: bytes, document: Document) -> bytes:
    """Return the bytes of a brief with lists of keywords as topics."""
    topics = document.fields.get("topics")
    for field, value in document.fields.items():
        if field.casefold() not in _KEYWORDS or not isinstance(topics, list):
            continue
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            continue
        known = {name_key(str(topic)) for topic in topics}
        new = {name_key(name): name.strip() for name in names if name.strip()}
        try:
            rewriter = Rewriter(path, data)
            rewriter.add("topics", [name for key, name in new.items() if key not in known])
            rewriter.drop(field)
            return rewriter.result()
        except (EditError, KeyError, ValueError):
            continue
    return data


def _with_value(path: str, data: bytes, name: str, changes: Iterable[Change]) -> bytes:
    """Return the bytes with the value of a renamed field fixed too."""
    for change in changes:
        if change.at.rpartition(".")[2] == name and change.value:
            return changed_field(path, data, change.at, change.name, change.value)
    return data


def adds_no_error(
    path: str, before: bytes, after: bytes, record: type[Struct], zone: tzinfo
) -> bool:
    errors = _errors(path, after, record, zone)
    return after != before and errors <= _errors(path, before, record, zone)


def changed_field(path: str, data: bytes, at: str, name: str, value: str) -> bytes:
    """Return the bytes with one field changed, if that is possible."""
    try:
        rewriter = Rewriter(path, data)
        if not name:
            rewriter.drop(at)
        else:
            if value:
                rewriter.replace(at, value)
            if not at.rpartition(".")[2].isdigit() and at.rpartition(".")[2] != name:
                rewriter.rename(at, name)
        return rewriter.result()
    except (EditError, KeyError, ValueError):
        return data


def with_id(path: str, data: bytes, document: Document) -> bytes:
    """Return the bytes of a brief with an id.

    Its feeds already know it by the name of its file, so that becomes the id if it can be one."""
    identity = Path(path).stem
    try:
        READERS[Identifier].read(identity, None)  # type: ignore[arg-type]
    except Misread:
        identity = mint_id()
    try:
        rewriter = Rewriter(path, data)
        rewriter.put_first("id", identity)
        return rewriter.result()
    except EditError:
        return data


_BULLET = re.compile(r"^( {0,3})[•‣◦▪●][ \t\u00a0]+(?=\S)")
_UNSPACED = re.compile(r"^(#{2,6})(?=[^\W\d_]|[\"“‘])")


def fix_body(path: str, data: bytes) -> bytes:
    """Return the bytes with the marks of lists and headings fixed."""
    try:
        rewriter = Rewriter(path, data)
        rewriter.in_body(_BULLET, lambda match: f"{match[1]}- ")
        rewriter.in_body(_UNSPACED, lambda match: f"{match[1]} ")
        return rewriter.result()
    except EditError:
        return data


def list_fields(record: type[Struct]) -> frozenset[str]:
    kinds = {field.name: without_none(field.type) for field in fields_of(record)}
    return frozenset(name for name, kind in kinds.items() if get_origin(kind) is tuple)


def field_names(record: type[Struct]) -> frozenset[str]:
    """Return the names of a record's fields and of its parts'."""
    found: set[str] = set()

    def add(kind: Any) -> None:
        for field in fields_of(kind):
            found.add(field.name)
            for part in _parts(field.type):
                add(part)

    add(record)
    return frozenset(found)


def _parts(kind: Any) -> Iterator[type[Struct]]:
    if isinstance(kind, type) and issubclass(kind, Struct):
        with suppress(TypeError):
            if fields_of(kind):
                yield kind
    for inner in get_args(kind):
        yield from _parts(inner)
