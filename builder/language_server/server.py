"""The language server: what a client asks for, and who answers it.

It keeps the text of open documents itself, since lines end where the protocol says, and answers
completion and hover from the last build's index without waiting for a build that runs."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Generator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method
from pygls.uris import to_fs_path

from builder import __version__
from builder.content.config import FILE
from builder.language_server.completion import complete
from builder.language_server.diagnostics import hints_of, in_protocol
from builder.language_server.document import OpenDocument
from builder.language_server.features import FEATURES, DocumentServer
from builder.language_server.messages import BuildProgress, Built
from builder.language_server.project import Project
from builder.language_server.slots import record_kind
from builder.language_server.text import DocumentText
from builder.language_server.values import Proposal

_TRIGGERS = [":", " ", "[", "{", "-", ",", '"']
_PARENT = 5.0  # seconds between two looks whether the client is alive


class Protocol(LanguageServerProtocol):
    """The protocol, whose documents are those of `SluglineServer`."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand the document to the server."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand the changes to the server."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand the closed document to the server."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class SluglineServer(DocumentServer):
    """A server with its sites and open documents."""

    def __init__(self) -> None:
        super().__init__(
            "slugline", __version__, protocol_cls=Protocol, converter_factory=default_converter
        )
        self.projects: dict[Path, Project] = {}
        self.documents: dict[str, tuple[Project, OpenDocument]] = {}
        self.texts: dict[str, tuple[DocumentText, int]] = {}  # open documents of no site
        self.was_shut_down = False
        self._tasks: set[asyncio.Future[None]] = set()
        self._tokens: dict[Path, str] = {}  # of what shows the first build of a site

    # --- documents -----------------------------------------------------------------------------

    def attach(self, uri: str, text: DocumentText, version: int) -> None:
        """Add an open document to its site, if it has one."""
        found = _site_of(uri)
        if found is None:
            self.texts[uri] = text, version
            return
        root, path = found
        project = self.projects.get(root)
        if project is None:
            project = Project(root, self.publish, self.report_progress, self.report_failure)
            self.projects[root] = project
        document = OpenDocument(uri, path, text, version)
        self.documents[uri] = project, document
        project.open(document)

    def attach_others(self) -> None:
        """Add documents to a site that was created after them."""
        for uri, (text, version) in [*self.texts.items()]:
            if _site_of(uri):
                del self.texts[uri]
                self.attach(uri, text, version)

    def encoded(self, text: str) -> DocumentText:
        """Return a text with positions as the client counts them."""
        return DocumentText(
            text, self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        )

    # --- what projects report ------------------------------------------------------------------

    def publish(self, project: Project, built: Built) -> None:
        """Send the diagnostics of the documents whose text was built."""
        for path, found in built.found.items():
            document = project.documents.get(path)
            if document and document.version == built.versions.get(path) and not built.failure:
                document.read_own(project.site.language, project.site.slugs)
                hints = hints_of(document, project.site).values()
                self._publish(document, [*in_protocol(found, document.text), *hints])
        if built.failure:
            self.report_failure(built.failure)

    def _publish(self, document: OpenDocument, found: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(document.uri, found, document.version)
        )

    def clear(self, uri: str) -> None:
        """Remove the diagnostics of a closed document."""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def report_progress(self, project: Project, progress: BuildProgress | None) -> None:
        """Show how far the first build is; None once it has ended."""
        window = self.client_capabilities.window
        if not (window and window.work_done_progress):
            return
        token = self._tokens.get(project.root)
        if progress is None:
            if self._tokens.pop(project.root, ""):
                self.work_done_progress.end(token or "", types.WorkDoneProgressEnd())
        elif token is None and not project.has_built:
            self._tokens[project.root] = ""  # until the client has agreed
            self.run(self._begin_progress(project))
        elif token:
            text = f"{progress.stage} {progress.done}"
            text += f" of {progress.total}" if progress.total else ""
            self.work_done_progress.report(token, types.WorkDoneProgressReport(message=text))

    async def _begin_progress(self, project: Project) -> None:
        token = f"slugline-{uuid4()}"
        with suppress(Exception):  # a client that refuses is shown nothing
            await self.work_done_progress.create_async(token)
            if not project.has_built:
                self._tokens[project.root] = token
                begin = types.WorkDoneProgressBegin(f"Slugline: {project.root.name}")
                self.work_done_progress.begin(token, begin)

    def report_failure(self, text: str) -> None:
        """Show why a build has not come to its end."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the answers to requests."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        """End the build processes."""
        for project in self.projects.values():
            project.end()


def _site_of(uri: str) -> tuple[Path, str] | None:
    """Return the folder of a document's site and its path in it.

    None unless it is the site.yaml or a record of one."""
    written = to_fs_path(uri)
    if written is None or not uri.startswith("file:"):
        return None
    place = Path(os.path.abspath(written))  # noqa: PTH100 - links stay as they are
    for root in place.parents:
        if (root / FILE).is_file():
            path = place.relative_to(root).as_posix()
            return (root, path) if record_kind(path) else None
    return None


def create_server() -> SluglineServer:
    """Return a server with all its features."""
    server = SluglineServer()
    _follow_documents(server)
    _complete(server)
    for add in FEATURES:
        add(server)
    return server


def _follow_documents(server: SluglineServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        if item.uri in server.documents:  # opened twice
            server.documents.pop(item.uri)
        server.attach(item.uri, server.encoded(item.text), item.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        if found := server.documents.get(uri):
            project, document = found
            document.update(document.text.changed(params.content_changes), version)
            project.change(document)
        elif uri in server.texts:
            text, _ = server.texts[uri]
            server.texts[uri] = text.changed(params.content_changes), version

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.texts.pop(uri, None)
        if found := server.documents.pop(uri, None):
            project, document = found
            project.close(document)
            server.clear(uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.attach_others()
        for project in server.projects.values():
            project.build()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.attach_others()
        for project in server.projects.values():
            if any(_is_below(change.uri, project.root) for change in params.changes):
                project.build()

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        server.run(_watch_client(server))
        await _watch_files(server)

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.was_shut_down = True
        server.end()


def _is_below(uri: str, root: Path) -> bool:
    written = to_fs_path(uri)
    return written is not None and Path(written).is_relative_to(root)


async def _watch_files(server: SluglineServer) -> None:
    """Have the client report changed files, if it can."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if not (watching and watching.dynamic_registration):
        return
    globs = ("**/site.yaml", "**/content/**", "**/templates/**")
    options = types.DidChangeWatchedFilesRegistrationOptions(
        [types.FileSystemWatcher(glob) for glob in globs]
    )
    registration = types.Registration(
        "slugline-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
    )
    with suppress(Exception):  # a client that refuses is one that cannot
        await server.client_register_capability_async(types.RegistrationParams([registration]))


async def _watch_client(server: SluglineServer) -> None:
    """End this process once the client has, if it keeps the pipe open."""
    while server.process_id:
        await asyncio.sleep(_PARENT)
        try:
            os.kill(server.process_id, 0)
        except PermissionError:
            continue
        except OSError:
            server.end()
            os.kill(os.getpid(), signal.SIGTERM)  # the loop waits for the pipe


# --- completion --------------------------------------------------------------------------------


def _complete(server: SluglineServer) -> None:
    options = types.CompletionOptions(trigger_characters=_TRIGGERS)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    def completion(params: types.CompletionParams) -> types.CompletionList | None:
        if not (found := server.documents.get(params.text_document.uri)):
            return None
        project, document = found
        offset = document.text.offset(params.position)
        completed = complete(document, offset, project.site, datetime.now().astimezone())
        if completed is None:
            return None
        range_ = document.text.range(completed.span)
        items = [_item(number, p, range_) for number, p in enumerate(completed.proposals)]
        return types.CompletionList(is_incomplete=completed.is_cut, items=items)


def _item(number: int, proposal: Proposal, range_: types.Range) -> types.CompletionItem:
    doc = types.MarkupContent(types.MarkupKind.Markdown, proposal.doc) if proposal.doc else None
    return types.CompletionItem(
        label=proposal.label,
        kind=proposal.kind,
        detail=proposal.detail or None,
        documentation=doc,
        sort_text=f"{number:05}",
        filter_text=proposal.filter or proposal.label,
        text_edit=types.TextEdit(range_, proposal.insert),
    )


# --- the process -------------------------------------------------------------------------------


def serve(reading: BinaryIO, writing: BinaryIO) -> bool:
    """Answer a client until it ends; return whether it said so."""
    server = create_server()
    try:
        server.start_io(reading, writing)
    finally:
        server.end()
    return server.was_shut_down
