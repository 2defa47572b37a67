"""Diagnostics as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from lsprotocol import types

from builder.diagnostics.codes import Code, pages_folder
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.report import HELD
from builder.language_server.document import OpenDocument
from builder.language_server.index import SiteIndex
from builder.language_server.suggestions import missing_companies
from builder.language_server.text import DocumentText

SOURCE = "slugline"
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}


def hints_of(document: OpenDocument, site: SiteIndex) -> dict[str, types.Diagnostic]:
    """Return the hints of a document, by company."""
    return {
        found.name: types.Diagnostic(
            range=document.text.range(found.span),
            message=f"`companies` does not list {found.name}\nadd it if the story is about it too",
            severity=types.DiagnosticSeverity.Hint,
            source=SOURCE,
        )
        for found in missing_companies(document, site)
    }


@cache
def _page(code: Code) -> types.CodeDescription:
    """Return the address of the page that explains a code."""
    return types.CodeDescription((pages_folder() / f"{code}.md").resolve().as_uri())


def in_protocol(found: Iterable[Diagnostic], text: DocumentText) -> list[types.Diagnostic]:
    """Return the diagnostics of a document."""
    return [_in_protocol(one, text) for one in found]


def _in_protocol(found: Diagnostic, text: DocumentText) -> types.Diagnostic:
    message = f"{found.message}\n{found.hint}" if found.hint else found.message
    return types.Diagnostic(
        range=text.place(found.line, found.column, found.width),
        message=f"{message}\n({HELD})" if found.held else message,
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=_page(found.code),
        source=SOURCE,
    )
