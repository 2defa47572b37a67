"""Writes one record and reads it back: what this program would report as an error is mended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from builder.content.document import read_document, report_secrets
from builder.content.limits import long_body
from builder.content.markdown.comments import hide_comments
from builder.content.markdown.engine import render_body
from builder.content.schema import read_record
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.entries import flow
from builder.importers.notes import Note
from builder.model.body import PAGE_ANCHORS, Body
from builder.model.record import Record
from builder.model.settings import Limits

FieldValue = str | Sequence[str] | Mapping[str, str]
_KEPT = ("title", "date", "name")  # fields without which there is no record
_ROUNDS = 40
_SECRET = "published before in the archive that was imported"


def written_record(fields: Mapping[str, FieldValue], body: str) -> str:
    """Return the text of a record."""
    lines = ["---"]
    for name, value in fields.items():
        if isinstance(value, (str, Mapping)):
            lines.append(f"{name}: {flow(value)}")
        elif len(value) > 3 or name == "redirects":
            lines += [f"{name}:", *(f"  - {flow(item)}" for item in value)]
        else:
            lines.append(f"{name}: {flow(value)}")
    text = body.strip("\n")
    return "\n".join([*lines, "---", *([text] if text else []), ""])


class RecordWriter:
    """Writes the records of one kind for a site with these settings."""

    def __init__(
        self, kind: type[Record], zone: tzinfo, language: str, html: str, base_url: str
    ) -> None:
        self.kind, self.zone, self.language = kind, zone, language
        self.html, self.base_url = html, base_url

    def write(
        self, path: str, fields: Mapping[str, FieldValue], body: str, place: str, notes: list[Note]
    ) -> str:
        """Return the text of a record without errors; notes what was mended."""
        fields = dict(fields)
        for _ in range(_ROUNDS):
            text = written_record(fields, body)
            problems, found = self._read(path, text)
            body, loose = _without_loose_anchors(body, found)
            if loose:
                notes.append(Note("dead-anchor", place, "", loose))
                continue
            errors = [p for p in problems if p.severity == "error"]
            if not errors:
                return text
            head = text[: text.index("\n---\n", 3)].count("\n") + 2
            body = _mended(fields, body, errors, head, place, notes)
        return written_record(fields, _escaped(body))

    def _read(self, path: str, text: str) -> tuple[list[Diagnostic], Body]:
        data = text.encode("utf-8")
        document, problems = read_document(path, data)
        problems = [*problems, *report_secrets(path, data)]
        if document is None:
            return problems, Body()
        document, unclosed = hide_comments(document, self.html)
        record, more = read_record(self.kind, document, self.zone)
        problems += [*unclosed, *more]
        allowed = {allow.code for allow in record.allow}
        body, found = render_body(document, self.language, base_url=self.base_url, html=self.html)
        problems = [p for p in (*problems, *found) if p.code not in allowed]
        return problems, body


def _mended(
    fields: dict[str, FieldValue],
    body: str,
    errors: list[Diagnostic],
    head: int,
    place: str,
    notes: list[Note],
) -> str:
    """Return a body without the first error, or drop the field that has it."""
    error = errors[0]
    if error.code == "secret-looking":
        notes.append(Note("secret", place, error.message))
        fields["allow"] = {"secret-looking": _SECRET}
        return body
    line = error.line - head - 1
    lines = body.split("\n")
    if line < 0 and error.code not in ("conflict-markers", "control-character"):
        name = _field_at(fields, error)
        notes.append(Note("markup", place, f"`{name}` was left out: {error.message}"))
        if name in _KEPT:
            fields[name] = "Untitled" if name != "date" else fields[name]
        else:
            fields.pop(name, None)
        return body
    offset = len(body) - len(body.lstrip("\n"))
    line = max(0, line) + body[:offset].count("\n")
    if line >= len(lines):
        return _escaped(body)
    notes.append(Note("markup", place, error.message))
    before = lines[line]
    if error.code == "conflict-markers":
        lines[line] = re.sub(r"^(?=[<>|=]{7})", r"\\", before)
        for n, other in enumerate(lines):
            lines[n] = re.sub(r"^(?=(?:<{7}|>{7}|\|{7}|={7})(?: |$))", r" ", other)
    elif error.code == "control-character":
        lines = [re.sub(r"[^\S\t ]|[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", s) for s in lines]
    else:
        lines[line] = _escaped(before)
    return "\n".join(lines) if lines[line] != before or len(lines) > 1 else _escaped(body)


def _field_at(fields: Mapping[str, FieldValue], error: Diagnostic) -> str:
    """Return the name of the field in which an error is."""
    line = 1
    for name, value in fields.items():
        line += 1
        last = line
        if not isinstance(value, (str, Mapping)) and (len(value) > 3 or name == "redirects"):
            last = line + len(value)
        if line <= error.line <= last:
            return name
        line = last
    return next((name for name in [*fields][::-1] if name not in _KEPT), "title")


def _escaped(text: str) -> str:
    """Return a text whose links, tags and references are shown as text."""
    return re.sub(r"(?<!\\)([\[\]<`]|\{(?=\{)|\\$)", r"\\\1", text, flags=re.MULTILINE)


_TO_ANCHOR = re.compile(
    r"(?<![!\\])\[((?:[^\[\]\\]|\\.)*)\]\(<?#([^\s()<>]*)>?(?:\s+\"[^\"]*\")?\)"
)


def _without_loose_anchors(body: str, found: Body) -> tuple[str, int]:
    """Return a text without links to anchors that it does not have, and their number."""
    if "](#" not in body and "](<#" not in body:
        return body, 0
    known = {heading.anchor for heading in found.headings} | {*PAGE_ANCHORS}
    wrong = {
        link.address[1:]
        for link in found.links
        if link.address.startswith("#") and link.address[1:] not in known
    }
    count = 0

    def bare(match: re.Match[str]) -> str:
        nonlocal count
        if match[2] in known or not wrong:
            return match[0]
        count += 1
        return match[1]

    return _TO_ANCHOR.sub(bare, body), count


def needed_limits(text: str, limits: Limits) -> dict[str, int]:
    """Return the limits that a text needs, as round numbers."""
    needed = {}
    body = text.partition("\n---\n")[2]
    if long_body(len(body), 1, limits):
        needed["text"] = _round(len(body))
    longest = max((len(block) for block in re.split(r"\n[ \t]*\n", body)), default=0)
    if longest > limits.paragraph:
        needed["paragraph"] = _round(longest)
    return needed


def _round(size: int) -> int:
    step: int = 10 ** (len(str(size)) - 1)
    return -(-size // step) * step
