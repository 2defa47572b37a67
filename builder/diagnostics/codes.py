"""Codes of diagnostics, in the order in which a build reports them.

The page of a code, `docs/diagnostics/CODE.md`, states its severity, meaning and remedy, and has an
incorrect and a corrected example."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

Severity = Literal["error", "warning"]

Code = Literal[
    "unreadable-file",
    "invalid-history",
    "file-too-large",
    "binary-file",
    "not-utf8",
    "secret-looking",
    "symlink",
    "tracked-output",
    "unknown-folder",
    "stray-file",
    "empty-site",
    "conflict-markers",
    "no-front-matter",
    "front-matter-not-closed",
    "front-matter-too-large",
    "not-a-mapping",
    "not-a-key",
    "duplicate-key",
    "too-deep",
    "too-long",
    "too-many",
    "yaml-alias",
    "yaml-tag",
    "yaml-tab",
    "odd-space",
    "typographic-quotes",
    "yaml-syntax",
    "yaml-comment",
    "yaml-comma",
    "unknown-key",
    "missing-key",
    "empty-value",
    "expected-text",
    "expected-list",
    "expected-mapping",
    "expected-boolean",
    "expected-number",
    "invalid-choice",
    "not-one-line",
    "control-character",
    "invalid-date",
    "invalid-time-zone",
    "invalid-slug",
    "digest-week",
    "digest-without-briefs",
    "invalid-quantity",
    "invalid-formula",
    "invalid-period",
    "invalid-id",
    "invalid-digest",
    "invalid-identity",
    "invalid-url",
    "invalid-language",
    "invalid-mail",
    "invalid-media",
    "missing-media",
    "missing-asset",
    "circular-import",
    "invalid-colour",
    "low-contrast",
    "unusable-asset",
    "outdated-template",
    "untrusted-picture",
    "invalid-picture",
    "unknown-chart",
    "short-chart",
    "active-drawing",
    "file-metadata",
    "image-without-alt",
    "duplicate-id",
    "shared-identity",
    "tickers-differ",
    "duplicate-slug",
    "duplicate-address",
    "duplicate-source",
    "invalid-redirect",
    "unserved-redirect",
    "robots-unread",
    "reserved-slug",
    "double-owner",
    "invalid-target",
    "unknown-company",
    "unknown-publisher",
    "unknown-section",
    "unknown-author",
    "unknown-source",
    "ambiguous-id",
    "unknown-name",
    "unclear-speaker",
    "unknown-brief",
    "unknown-thread",
    "follows-circle",
    "translation-circle",
    "company-circle",
    "publisher-circle",
    "source-circle",
    "expires-before-date",
    "withdrawn-without-reason",
    "unsafe-link",
    "unknown-warning",
    "allowed-in-vain",
    "duplicate-figure",
    "figure-without-value",
    "derived-without-formula",
    "unknown-figure",
    "circular-formula",
    "mixed-units",
    "division-by-zero",
    "figure-undated",
    "fiscal-year-unknown",
    "impossible-share",
    "figures-differ",
    "relation-to-itself",
    "until-before-since",
    "unclear-relation",
    "relations-contradict",
    "duplicate-event",
    "end-before-start",
    "unknown-event",
    "event-over",
    "duplicate-expectation",
    "unclear-expectation",
    "expectation-over",
    "unknown-expectation",
    "settles-itself",
    "settles-later",
    "settles-circle",
    "outcome-without-source",
    "outcome-date",
    "outcomes-contradict",
    "duplicate-claim",
    "unknown-claim",
    "figure-unbacked",
    "period-past-planned",
    "acquires-minority",
    "invalid-link",
    "broken-link",
    "link-unpublished",
    "no-page",
    "heading-level",
    "raw-html",
    "html-removed",
    "unread-markdown",
    "number-is-list",
    "hidden-character",
    "comment-not-closed",
    "editors-note",
    "placeholder",
    "missing-id",
    "missing-summary",
    "long-title",
    "title-without-company",
    "updated-before-date",
    "event-after-date",
    "no-sources",
    "no-original",
    "relay-of-nothing",
    "original-of-another",
    "source-order",
    "source-language",
    "source-twice",
    "archive-date",
    "archive-is-source",
    "words-language",
    "words-without-source",
    "source-used-before",
    "copied-report",
    "circular-reports",
    "renamed-report",
    "correction-before-date",
    "correction-of-nothing",
    "correction-without-was",
    "brief-before-source",
    "follows-later",
    "translation-language",
    "translation-outdated",
    "translation-unreviewed",
    "unused-profile",
    "name-translated",
    "other-language",
    "unchecked",
    "anonymous-confirmation",
    "one-report",
    "claim-without-speaker",
    "claim-without-interest",
    "quote-without-speaker",
    "quote-by-company",
    "sources-inside",
    "lonely-topic",
    "resembling-person",
    "resembling-publisher",
    "merged-spellings",
    "numbered-slug",
    "resembling-unit",
    "template-missing",
    "template-syntax",
    "template-dynamic",
    "template-internal",
    "template-name",
    "template-error",
    "invalid-catalog",
    "invalid-message",
    "unknown-message",
    "missing-messages",
]

CODES: tuple[Code, ...] = get_args(Code)

# Errors that a file may suppress, with a reason, as it may every warning.
ALLOWABLE_ERRORS: tuple[Code, ...] = ("secret-looking",)

_PACKAGE = Path(__file__).parent
_HEAD = ("severity", "meaning", "remedy")


class CodePage(NamedTuple):
    """The page of a code: its severity, meaning, remedy and text."""

    severity: Severity
    meaning: str
    remedy: str
    text: str  # Markdown, below the heading


def pages_folder() -> Path:
    """Return the folder of the pages, in the wheel or checkout."""
    packaged = _PACKAGE.parent / "docs" / "diagnostics"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / "docs" / "diagnostics"


@cache
def page(code: Code) -> CodePage:
    """Read the page of a code.

    Raises ValueError if the page does not have the form described above."""
    text = (pages_folder() / f"{code}.md").read_text("utf-8")
    opening, head, rest = text.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    heading, _, body = rest.strip("\n").partition("\n")
    if opening or tuple(fields) != _HEAD or heading != f"# {code}":
        raise ValueError(f"{code}.md: a page needs {', '.join(_HEAD)}, then `# {code}`")
    if fields["severity"] not in get_args(Severity):
        raise ValueError(f"{code}.md: {fields['severity']} is not a severity")
    severity = cast(Severity, fields["severity"])
    return CodePage(severity, fields["meaning"], fields["remedy"], body.strip("\n"))


def severity(code: Code) -> Severity:
    """Return the severity of a code."""
    return page(code).severity


def is_allowable(code: Code) -> bool:
    """Return whether files may suppress a code."""
    return code in ALLOWABLE_ERRORS or severity(code) == "warning"
