"""An editor: a client of the language server, over the pipes that a real one uses."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from builder.language_server.text import DocumentText

REPOSITORY = Path(__file__).resolve().parents[2]
_PATIENCE = 30.0  # seconds, on a busy machine


class Editor:
    """A client with open documents, which remembers what the server reports."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.found: dict[str, types.PublishDiagnosticsParams] = {}
        self.news = asyncio.Event()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def receive(params: types.PublishDiagnosticsParams) -> None:
            self.found[params.uri] = params
            self.news.set()

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def open(self, path: str, text: str | None = None) -> str:
        """Open a file, or an unsaved text."""
        if text is None:
            with (self.root / path).open(encoding="utf-8", newline="") as stream:
                text = stream.read()
        uri = self.uri(path)
        self.texts[uri], self.versions[uri] = text, 1
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "markdown", 1, text))
        )
        return uri

    def write(self, uri: str, text: str) -> None:
        """Replace the whole text."""
        self.change(uri, types.TextDocumentContentChangeWholeDocument(text))
        self.texts[uri] = text

    def change(self, uri: str, *changes: Any) -> None:
        self.versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri), [*changes]
            )
        )

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    async def until(self, is_true: Callable[[], bool]) -> None:
        """Wait for the server to report something."""
        async with asyncio.timeout(_PATIENCE):
            while not is_true():
                self.news.clear()
                await self.news.wait()

    async def problems(self, uri: str) -> list[types.Diagnostic]:
        """The problems of the present text."""
        await self.until(
            lambda: uri in self.found and self.found[uri].version == self.versions[uri]
        )
        return list(self.found[uri].diagnostics)

    def request_id(self, request: object) -> str:
        """The id of a request that waits for its answer."""
        waiting = self.client.protocol._request_futures.items()
        return str(next(number for number, future in waiting if future is request))

    def at(self, uri: str, words: str, after: bool = True) -> Any:
        """The document and the position of some words in it, by UTF-16 units."""
        text = self.texts[uri]
        offset = text.index(words) + (len(words) if after else 0)
        lines = text[:offset].split("\n")
        column = len(lines[-1].encode("utf-16-le")) // 2
        position = types.Position(len(lines) - 1, column)
        return {"text_document": types.TextDocumentIdentifier(uri), "position": position}

    def apply(self, edit: types.WorkspaceEdit | None) -> dict[str, str]:
        """The text of each file that an edit changes or creates; empty if it is deleted."""
        assert edit and edit.document_changes
        found: dict[str, str] = {}
        for change in edit.document_changes:
            match change:
                case types.CreateFile():
                    found[self._path(change.uri)] = ""
                    assert not (self.root / self._path(change.uri)).exists()
                case types.DeleteFile():
                    found[self._path(change.uri)] = ""
                case types.TextDocumentEdit():
                    uri = change.text_document.uri
                    path = self._path(uri)
                    version = change.text_document.version
                    assert version == self.versions.get(uri), "an edit of another version"
                    before = found.get(path, self.texts.get(uri))
                    if before is None:
                        before = (self.root / path).read_bytes().decode()
                    text = DocumentText(before)
                    spans = [(text.span(one.range), one.new_text) for one in change.edits]
                    for span, new in sorted(spans, reverse=True):
                        before = before[: span.start] + new + before[span.end :]
                    found[path] = before
        return found

    def _path(self, uri: str) -> str:
        return Path(unquote(urlsplit(uri).path)).relative_to(self.root).as_posix()

    async def complete(self, uri: str, words: str) -> dict[str, types.CompletionItem]:
        """The completions behind some words, by label."""
        found = await self.client.text_document_completion_async(
            types.CompletionParams(**self.at(uri, words))
        )
        items = found.items if isinstance(found, types.CompletionList) else found or []
        return {item.label: item for item in items}


@asynccontextmanager
async def editor(root: Path, **capabilities: Any) -> AsyncIterator[Editor]:
    """An editor with a running server, which ends in order."""
    client = LanguageClient("tests", "1")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    await client.start_io(sys.executable, "-m", "builder", "lsp", env=environment)
    found = Editor(client, root)
    try:
        await client.initialize_async(
            types.InitializeParams(types.ClientCapabilities(**capabilities), os.getpid())
        )
        client.initialized(types.InitializedParams())
        yield found
        if not client.stopped:
            await client.shutdown_async(None)
            client.exit(None)
    except BaseException:
        assert client._server
        if client._server.returncode is None:
            client._server.kill()
        raise
    finally:
        assert client._server
        await client._server.wait()
        errors = (await client._server.stderr.read()).decode() if client._server.stderr else ""
        sys.stderr.write(errors)
        await client.stop()
