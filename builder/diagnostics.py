"""What is wrong with the content: mistakes as values, and their renderings for a terminal, for
programs (JSON) and for GitHub's annotations."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

from msgspec import Struct

Severity = Literal["error", "warning"]


class Place(Struct, frozen=True, array_like=True):
    """Where something stands in its file: 1-based line and column, width in characters."""

    line: int = 1
    column: int = 1
    width: int = 1


class Code(NamedTuple):
    """A kind of mistake: its name, whether it stops a build, what it means and what to do."""

    name: str
    severity: Severity
    meaning: str
    remedy: str


# In the order in which a build meets them; docs/diagnostics.md is made from this.
CODES: tuple[Code, ...] = (
    Code(
        "unreadable-file",
        "error",
        "A file or folder cannot be read.",
        "Make it readable, or remove it.",
    ),
    Code("file-too-large", "error", "A file has more than 16 MB.", "Split it."),
    Code(
        "binary-file",
        "error",
        "A file has a NUL byte, so it is not text.",
        "Save it as text, or move it to content/media/.",
    ),
    Code("not-utf8", "error", "A file is not in UTF-8.", "Save it as UTF-8."),
    Code("symlink", "error", "A link leads out of content/.", "Put the file itself there."),
    Code(
        "unknown-folder",
        "error",
        "A text is in no folder of records.",
        "Move it to briefs, companies, topics, people, publishers or pages.",
    ),
    Code(
        "stray-file",
        "warning",
        "A file is neither a text nor in content/media/, and is not read.",
        "Move it, or remove it.",
    ),
    Code(
        "no-front-matter",
        "error",
        "A file does not open with a line `---`.",
        "Put the fields between two such lines at its head.",
    ),
    Code(
        "front-matter-not-closed",
        "error",
        "The second line `---` is missing.",
        "Close the fields above the text.",
    ),
    Code(
        "front-matter-too-large",
        "error",
        "The fields have more than 256 KB.",
        "Move text to the body.",
    ),
    Code(
        "not-a-mapping",
        "error",
        "The fields are not names with values.",
        "Write one `name: value` a line.",
    ),
    Code(
        "not-a-key", "error", "The name of a field is a list or a mapping.", "Write a plain word."
    ),
    Code("duplicate-key", "error", "A field stands twice.", "Keep one."),
    Code("too-deep", "error", "Values are nested more than 20 deep.", "No field needs that."),
    Code(
        "yaml-alias",
        "error",
        "An anchor (`&`) or alias (`*`) is used; neither is read.",
        "Write the value out, or quote the text.",
    ),
    Code(
        "yaml-tag", "error", "A tag (`!`) is used; none is read.", "Remove it, or quote the text."
    ),
    Code("yaml-tab", "error", "A tab indents a line.", "Indent with spaces."),
    Code(
        "yaml-syntax",
        "error",
        "The fields are not YAML.",
        "Mostly a quotation mark, a bracket or an indentation; quote a text with `: ` in it.",
    ),
    Code(
        "unknown-key",
        "error",
        "A field is not one of its record.",
        "Correct the spelling; the reference lists all.",
    ),
    Code("missing-key", "error", "A required field is missing.", "Add it."),
    Code("empty-value", "error", "A value is empty.", "Write one, or remove the field."),
    Code(
        "expected-text",
        "error",
        "One value is wanted, and there is a list or a mapping.",
        "Write one; quote a text with brackets.",
    ),
    Code("expected-list", "error", "A list is wanted.", "Put the value into brackets."),
    Code("expected-mapping", "error", "Names with values are wanted.", "Write `{name: value}`."),
    Code("expected-boolean", "error", "True or false is wanted.", "Write `true` or `false`."),
    Code("expected-number", "error", "A whole number above zero is wanted.", "Write one."),
    Code(
        "invalid-choice",
        "error",
        "A value is not one of those that the field allows.",
        "Take one of them.",
    ),
    Code("not-one-line", "error", "A line of text has a line break.", "Write it on one line."),
    Code("control-character", "error", "A text has a character that nobody can see.", "Remove it."),
    Code(
        "invalid-date",
        "error",
        "A date is not one, or lacks its day.",
        "Write 2025-06-13, or 2025-06-13 14:39, or add a zone: +07:00.",
    ),
    Code(
        "invalid-time-zone",
        "error",
        "A time zone is not known.",
        "Write an IANA name such as Europe/Amsterdam.",
    ),
    Code(
        "invalid-slug",
        "error",
        "A text cannot be part of an address.",
        "Use lower-case letters, digits and hyphens, 100 at most.",
    ),
    Code("invalid-id", "error", "A text cannot be an id.", "Take one from `slugline new`."),
    Code("invalid-url", "error", "A text is not a web address.", "Write it with https://."),
    Code(
        "invalid-language", "error", "A text is not a language tag.", "Write en, nl, vi, zh-Hant."
    ),
    Code(
        "invalid-media",
        "error",
        "A picture is not below content/media/.",
        "Put it there and name it by its path.",
    ),
    Code(
        "missing-media",
        "error",
        "A file of content/media/ does not exist.",
        "Put it there, or correct the name.",
    ),
    Code(
        "image-without-alt", "warning", "A picture has no alternative text.", "Say what it shows."
    ),
    Code("duplicate-id", "error", "Two files have one id.", "Mint another for the newer one."),
    Code(
        "duplicate-slug",
        "error",
        "Two records of a kind have one slug.",
        "Give one of them another.",
    ),
    Code(
        "duplicate-address",
        "error",
        "Two pages claim one address.",
        "Give one of them another slug.",
    ),
    Code(
        "duplicate-source",
        "error",
        "Two sources of a file have one id.",
        "Give one of them another.",
    ),
    Code(
        "reserved-slug",
        "error",
        "A section would take an address of the site's own pages.",
        "Choose another slug; `name` may stay.",
    ),
    Code("double-owner", "error", "Two files claim one name.", "Take it from one of them."),
    Code(
        "unknown-company",
        "error",
        "No company has this name.",
        "Correct it, or make it with `slugline new company`.",
    ),
    Code(
        "unknown-section",
        "error",
        "site.yaml declares no such section.",
        "Correct it, or declare it.",
    ),
    Code(
        "unknown-author",
        "error",
        "site.yaml declares no such author.",
        "Correct it, or declare it.",
    ),
    Code(
        "unknown-source",
        "error",
        "`of` names a source that is not in the list.",
        "Use the id of one that is.",
    ),
    Code(
        "unknown-name",
        "error",
        "A name in `[[…]]` is no company, person or topic.",
        "Correct it, or make a file for it.",
    ),
    Code(
        "company-circle",
        "error",
        "Companies own, or are merged into, each other in a circle.",
        "Break it.",
    ),
    Code(
        "source-circle",
        "error",
        "Sources relay each other in a circle.",
        "One of them was the first.",
    ),
    Code(
        "expires-before-date",
        "error",
        "A brief expires before it is published.",
        "Check both dates.",
    ),
    Code(
        "withdrawn-without-reason",
        "error",
        "A withdrawn brief does not say why.",
        "Add `withdrawn_because`.",
    ),
    Code(
        "unsafe-link",
        "error",
        "A link leads to a protocol that a page must not link to.",
        "Link to https, http, mailto or tel.",
    ),
    Code(
        "invalid-link",
        "error",
        "A link is no address.",
        "Begin with `/` for this site, or with https://.",
    ),
    Code(
        "broken-link",
        "error",
        "A link leads to a page, file or anchor that the site does not have.",
        "Correct it.",
    ),
    Code(
        "link-unpublished",
        "warning",
        "A link leads to a brief that is not published; it is left out.",
        "Publish both together.",
    ),
    Code(
        "heading-level",
        "warning",
        "A heading is of the first level, or leaves out a level.",
        "Begin with `##` and go down one at a time.",
    ),
    Code(
        "raw-html",
        "warning",
        "A tag stands in the text, and is shown as text.",
        "Use Markdown, or backticks to show it.",
    ),
    Code(
        "missing-id",
        "warning",
        "A brief has no id of its own, so a renamed file is announced anew.",
        "Add one from `slugline new`.",
    ),
    Code("missing-summary", "warning", "A brief has no summary.", "Add one sentence."),
    Code("long-title", "warning", "A title has more than 90 characters.", "Say it shorter."),
    Code(
        "title-without-company", "warning", "No company of the brief is in its title.", "Name one."
    ),
    Code(
        "updated-before-date",
        "warning",
        "A brief is updated before it is published.",
        "Check both dates.",
    ),
    Code(
        "event-after-date",
        "warning",
        "A brief is published before what it reports happened.",
        "Check both dates.",
    ),
    Code("no-sources", "warning", "A brief names no source.", "Say who reported it."),
    Code(
        "no-original",
        "warning",
        "Every source passes on another's report.",
        "Add who reported it first.",
    ),
    Code(
        "relay-of-nothing", "warning", "A relay or translation does not say of what.", "Add `of`."
    ),
    Code(
        "original-of-another",
        "warning",
        "An original report is said to relay another.",
        "Change its role, or remove `of`.",
    ),
    Code(
        "source-order",
        "warning",
        "A source is older than the one that it relays.",
        "Check both dates.",
    ),
    Code(
        "brief-before-source",
        "warning",
        "A brief is older than one of its sources.",
        "Check both dates.",
    ),
    Code(
        "lonely-topic",
        "warning",
        "A topic is used once and resembles another.",
        "Use the other, or give it a file.",
    ),
    Code("template-missing", "error", "A template is not there.", "Put it back."),
    Code("template-syntax", "error", "A template has a mistake in its syntax.", "See its line."),
    Code(
        "template-dynamic",
        "error",
        "The name of an included template depends on a value.",
        "Write it out: a page could not know what it depends on.",
    ),
    Code(
        "template-name",
        "error",
        "A template uses a name that its context lacks.",
        "See docs/templates.md.",
    ),
    Code(
        "template-error",
        "error",
        "A template failed while a page was rendered.",
        "See its line, and docs/templates.md.",
    ),
)

SEVERITIES: dict[str, Severity] = {code.name: code.severity for code in CODES}


class Diagnostic(Struct, frozen=True, order=True):
    """One mistake. `path` is relative to the site's folder; `excerpt` is the line itself."""

    path: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    width: int = 1
    excerpt: str = ""

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.code]

    @classmethod
    def of(
        cls, path: str, place: Place, code: str, message: str, hint: str = "", excerpt: str = ""
    ) -> Diagnostic:
        """A diagnostic at a place."""
        return cls(path, place.line, place.column, code, message, hint, place.width, excerpt)


class ContentError(Exception):
    """The content has errors: nothing can be made of it. Carries every diagnostic found."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(set(diagnostics)))
        super().__init__(f"{len(self.diagnostics)} diagnostics")


def count(diagnostics: Iterable[Diagnostic]) -> tuple[int, int]:
    """How many errors and how many warnings."""
    severities = [d.severity for d in diagnostics]
    return severities.count("error"), severities.count("warning")


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors and 1 warning in 2 files`."""
    found = list(diagnostics)
    errors, warnings = count(found)
    parts = [_plural(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    files = len({d.path for d in found})
    return f"{' and '.join(parts)} in {_plural(files, 'file')}"


def _plural(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


# --- renderings --------------------------------------------------------------------------------

_COLOURS = {"error": "1;31", "warning": "1;33", "frame": "36", "bold": "1"}
_CONTEXT = 96  # characters of a long line that are shown around the caret


def as_text(diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """Each diagnostic with its line, a caret and a hint, for a terminal."""
    return "\n\n".join(_frame(d, colour) for d in diagnostics)


def _frame(d: Diagnostic, colour: bool) -> str:
    def paint(text: str, style: str) -> str:
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if colour else text

    head = f"{d.severity}[{d.code}]"
    rows = [f"{paint(head, d.severity)}{paint(': ' + printable(d.message), 'bold')}"]
    gutter = " " * len(str(d.line))
    rows.append(f"{gutter} {paint('-->', 'frame')} {printable(d.path)}:{d.line}:{d.column}")
    if d.excerpt.strip():
        text, offset, width = _window(d)
        rows.append(f"{paint(f'{d.line} |', 'frame')} {text}")
        caret = " " * offset + paint("^" * width, d.severity)
        rows.append(f"{paint(f'{gutter} |', 'frame')} {caret}")
    if d.hint:
        rows.append(f"{gutter} {paint('=', 'frame')} hint: {printable(d.hint)}")
    return "\n".join(rows)


def _window(d: Diagnostic) -> tuple[str, int, int]:
    """The part of the line around the caret, the caret's offset and width in columns of a
    terminal (wide characters take two)."""
    start = max(0, d.column - 1 - _CONTEXT // 2) if len(d.excerpt) > _CONTEXT else 0
    shown = d.excerpt[start : start + _CONTEXT]
    before = shown[: d.column - 1 - start]
    marked = shown[d.column - 1 - start : d.column - 1 - start + d.width]
    lead = "…" if start else ""
    tail = "…" if start + _CONTEXT < len(d.excerpt) else ""
    return (
        lead + printable(shown) + tail,
        len(lead) + _columns(before),
        max(1, _columns(marked)),
    )


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in printable(text)
    )


_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Text without control characters: what an editor's file says never drives the terminal."""
    return _UNPRINTABLE.sub(lambda m: " " if m[0] == "\t" else "\N{REPLACEMENT CHARACTER}", text)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON object: `diagnostics` (each with path, line, column, width, severity, code, message,
    hint), and the number of `errors` and `warnings`."""
    found = list(diagnostics)
    errors, warnings = count(found)
    rows = [
        {
            "path": d.path, "line": d.line, "column": d.column, "width": d.width,
            "severity": d.severity, "code": d.code, "message": d.message, "hint": d.hint,
        }
        for d in found
    ]  # fmt: skip
    result = {"diagnostics": rows, "errors": errors, "warnings": warnings}
    # A terminal may show it: control characters stay escaped, other text is readable.
    text = json.dumps(result, ensure_ascii=False, indent=2)
    return re.sub(r"[\x7f-\x9f\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that GitHub shows as annotations on the lines of a change."""

    def data(text: str) -> str:
        text = "\n".join(printable(line) for line in text.split("\n"))
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    rows = []
    for d in diagnostics:
        end = d.column + d.width
        place = f"file={value(d.path)},line={d.line},col={d.column},endColumn={end}"
        text = f"{d.message}\n{d.hint}" if d.hint else d.message
        rows.append(f"::{d.severity} {place},title={value(d.code)}::{data(text)}")
    return "\n".join(rows)
