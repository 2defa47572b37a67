"""What a client asks for about a place: hover, definition, references, names, fixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path

from builder.errors import SluglineError
from builder.language_server.diagnostics import hints_of, in_protocol
from builder.language_server.document import OpenDocument
from builder.language_server.edits import EditMaker
from builder.language_server.fixing import FoundFix, fixes_at
from builder.language_server.hover import describe
from builder.language_server.index import Named, SiteIndex
from builder.language_server.project import Project
from builder.language_server.renaming import (
    NAME_KINDS,
    NamePlace,
    mentions_of,
    rename_entry,
    rename_record,
)
from builder.language_server.symbols import OutlineItem, outline_of
from builder.language_server.targets import (
    CursorTarget,
    FilePlace,
    defined_at,
    find_target,
    named_of,
)
from builder.language_server.text import DocumentText
from builder.language_server.workshop import NoAnswer

_MOST_SYMBOLS = 200
_FIX_ALL = types.CodeActionKind.SourceFixAll
_ENTRY_KINDS = ("source", "figure")


class _AtPosition(Protocol):
    """A request about a position in a document."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier: ...

    @property
    def position(self) -> types.Position: ...


class DocumentServer(LanguageServer):
    """A server with open documents, each of one site."""

    documents: dict[str, tuple[Project, OpenDocument]]
    projects: dict[Path, Project]

    def encoding(self) -> str:
        """Return how the client counts the characters of a line."""
        return str(self.workspace.position_encoding or types.PositionEncodingKind.Utf16.value)

    def target(self, params: _AtPosition) -> tuple[Project, OpenDocument, CursorTarget] | None:
        """Return what stands at a position of an open document."""
        if not (found := self.documents.get(params.text_document.uri)):
            return None
        project, document = found
        target = find_target(document, document.text.offset(params.position), project.site)
        return (project, document, target) if target else None

    def edits(self, project: Project) -> EditMaker:
        """Return what makes edits of a site for the client."""
        opened = {d.path: (d.uri, d.text, d.version) for d in project.documents.values()}
        return EditMaker(project.root, self.client_capabilities, self.encoding(), opened)

    def location(self, project: Project, place: FilePlace, line: str = "") -> types.Location:
        """Return a place in a file.

        `line` is the text of its line, which an open document has."""
        if document := project.documents.get(place.path):
            return types.Location(document.uri, document.text.place(*place[1:]))
        uri = from_fs_path(str(project.root / place.path)) or ""
        shown = DocumentText(line, self.encoding()).place(1, place.column, place.width)
        shown.start.line = shown.end.line = place.line - 1
        return types.Location(uri, shown)


def _hover(server: DocumentServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        if not (found := server.target(params)):
            return None
        project, document, target = found
        text = describe(target, document, project.site)
        content = types.MarkupContent(types.MarkupKind.Markdown, text)
        return types.Hover(content, document.text.range(target.span)) if text else None


def _definition(server: DocumentServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> types.Location | None:
        if not (found := server.target(params)):
            return None
        project, document, target = found
        place = defined_at(target, document, project.site)
        return server.location(project, place) if place else None


# --- references and names --------------------------------------------------------------------


def _names(target: CursorTarget, site: SiteIndex) -> tuple[str, ...]:
    """Return every name by which something is mentioned."""
    named = named_of(target, site)
    if named is None or target.kind == "page":
        return (target.name,)
    names = (named.name, *named.names, named.slug, target.name)
    return tuple(dict.fromkeys(name for name in names if name))


def _references(server: DocumentServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location] | None:
        if not (found := server.target(params)) or found[2].kind in ("field", "media"):
            return None
        project, document, target = found
        names = _names(target, project.site)
        mentions: list[NamePlace] = await _asked(
            project, mentions_of, target.kind, names, document.path
        )
        here = defined_at(target, document, project.site)
        return [
            server.location(project, FilePlace(path, p.line, p.column, p.width), line)
            for path, p, line in mentions
            if params.context.include_declaration or not here or not _is_at(here, path, p.line)
        ]


def _is_at(place: FilePlace, path: str, line: int) -> bool:
    return place.path == path and (place.line == line or place.line == 1)


def _rename(server: DocumentServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: types.PrepareRenameParams) -> types.PrepareRenameResult | None:
        if not (found := server.target(params)) or not _is_renamed(found[2]):
            return None
        _, document, target = found
        return types.PrepareRenamePlaceholder(document.text.range(target.span), target.name)

    @server.feature(types.TEXT_DOCUMENT_RENAME)
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit:
        if not (found := server.target(params)) or not _is_renamed(found[2]):
            raise _refused("put the cursor on the name of a company, person, topic or publisher")
        project, document, target = found
        if target.kind in _ENTRY_KINDS:
            changes = await _asked(
                project, rename_entry, target.kind, document.path, target.name, params.new_name
            )
        else:
            named = named_of(target, project.site)
            old = named.name if named else target.name
            changes = await _asked(
                project, rename_record, NAME_KINDS[target.kind], old, params.new_name
            )
        try:
            return server.edits(project).edit(changes)
        except NoAnswer as error:
            raise _refused(str(error)) from None


def _is_renamed(target: CursorTarget) -> bool:
    return target.kind in NAME_KINDS or target.kind in _ENTRY_KINDS


async def _asked(project: Project, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return an answer of the build process; its refusal is an error for the client."""
    try:
        return await project.ask(function, *arguments)
    except SluglineError as error:
        raise _refused(str(error)) from None


def _refused(text: str) -> JsonRpcException:
    return JsonRpcException(text, int(types.LSPErrorCodes.RequestFailed))


# --- fixes -----------------------------------------------------------------------------------


def _actions(server: DocumentServer) -> None:
    options = types.CodeActionOptions([types.CodeActionKind.QuickFix, _FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        if not (found := server.documents.get(params.text_document.uri)):
            return None
        project, document = found
        first, last = params.range.start.line + 1, params.range.end.line + 1
        hints = {
            name: hint
            for name, hint in hints_of(document, project.site).items()
            if hint.range.start.line + 1 <= last and hint.range.end.line + 1 >= first
        }
        fixes: list[FoundFix] = await _asked(
            project, fixes_at, document.path, first, last, tuple(hints)
        )
        maker, made = server.edits(project), []
        for number, fix in enumerate(fixes):
            action = _action(fix, document, maker, hints.get(fix.company))
            if action and _is_wanted(action, params.context.only):
                before = fixes[number - 1].diagnostic if number else None
                action.is_preferred = fix.diagnostic is not None and fix.diagnostic != before
                made.append(action)
        return made


def _action(
    fix: FoundFix, document: OpenDocument, maker: EditMaker, hint: types.Diagnostic | None
) -> types.CodeAction | None:
    try:
        edit = maker.edit(fix.changes)
    except NoAnswer:
        return None
    if fix.diagnostic is None and hint is None:
        return types.CodeAction(fix.title, _FIX_ALL, edit=edit)
    shown = in_protocol([fix.diagnostic] if fix.diagnostic else [], document.text)
    shown += [hint] if hint else []
    return types.CodeAction(fix.title, types.CodeActionKind.QuickFix, shown, edit=edit)


def _is_wanted(action: types.CodeAction, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Return whether a client asks for a kind of action, or a kind above it."""
    kind = str(getattr(action.kind, "value", action.kind))
    wanted = [str(getattr(one, "value", one)) for one in only or ()]
    return not wanted or any(kind == one or kind.startswith(f"{one}.") for one in wanted)


# --- symbols ---------------------------------------------------------------------------------


def _symbols(server: DocumentServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbol(
        params: types.DocumentSymbolParams,
    ) -> list[types.DocumentSymbol] | None:
        if not (found := server.documents.get(params.text_document.uri)):
            return None
        _, document = found
        return [_symbol(item, document.text) for item in outline_of(document)]

    @server.feature(types.WORKSPACE_SYMBOL)
    def workspace_symbol(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        query = params.query.casefold()
        made: list[types.WorkspaceSymbol] = []
        for project in server.projects.values():
            for name, path, kind in _named_in(project.site):
                if query in name.casefold() and path and len(made) < _MOST_SYMBOLS:
                    place = server.location(project, FilePlace(path))
                    made.append(types.WorkspaceSymbol(place, name, kind))
        return made


def _symbol(item: OutlineItem, text: DocumentText) -> types.DocumentSymbol:
    last = len(text.line(item.last))
    whole = text.place(item.first + 1, 1, len(text.line(item.first)))
    whole.end = text.place(item.last + 1, last + 1, 1).start
    line = text.place(item.first + 1, 1, max(1, len(text.line(item.first).rstrip())))
    line.end = min(line.end, whole.end)
    kind = types.SymbolKind.String if item.is_heading else types.SymbolKind.Field
    items = [_symbol(inner, text) for inner in item.items]
    return types.DocumentSymbol(
        item.name or "-", kind, whole, line, detail=item.detail or None, children=items or None
    )


def _named_in(site: SiteIndex) -> list[tuple[str, str, types.SymbolKind]]:
    groups: Mapping[types.SymbolKind, tuple[Named, ...]] = {
        types.SymbolKind.Class: site.companies,
        types.SymbolKind.Object: (*site.people, *site.topics, *site.publishers),
        types.SymbolKind.Namespace: (*site.threads, *site.pages),
    }
    found = [(one.name, one.path, kind) for kind, named in groups.items() for one in named]
    return found + [(b.title, b.path, types.SymbolKind.File) for b in site.briefs]


FEATURES = (_hover, _definition, _references, _rename, _actions, _symbols)
