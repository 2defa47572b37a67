"""Changes of files as edits that a client makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from builder.language_server.fixing import FileChanges
from builder.language_server.text import DocumentText, TextSpan
from builder.language_server.workshop import NoAnswer

_MARK = "\ufeff"
OpenTexts = Mapping[str, tuple[str, DocumentText, int]]  # by path: address, text, version


class EditMaker:
    """Makes the edits of one site for a client."""

    def __init__(
        self, root: Path, capabilities: types.ClientCapabilities, encoding: str, opened: OpenTexts
    ) -> None:
        self.root, self.encoding, self.opened = root, encoding, opened
        workspace = capabilities.workspace
        edit = workspace.workspace_edit if workspace else None
        self.has_versions = bool(edit and edit.document_changes)
        self.operations = tuple(edit.resource_operations or ()) if edit else ()

    def edit(self, changes: FileChanges) -> types.WorkspaceEdit:
        """Return the edit that makes some changes.

        Raises NoAnswer if the client cannot make them, or a document is another by now."""
        if not self.has_versions:
            return self._plain(changes)
        made: list[
            types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
        ] = []
        for path, (old, new) in changes.items():
            uri = self._uri(path)
            if new is None:
                self._require(types.ResourceOperationKind.Delete)
                made.append(types.DeleteFile(uri))
                continue
            if old is None:
                self._require(types.ResourceOperationKind.Create)
                made.append(types.CreateFile(uri))
            version = self.opened[path][2] if path in self.opened and old is not None else None
            document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
            made.append(types.TextDocumentEdit(document, [*self._edits(path, old, new)]))
        return types.WorkspaceEdit(document_changes=made)

    def _plain(self, changes: FileChanges) -> types.WorkspaceEdit:
        """Return an edit for a client that only changes texts."""
        made = {}
        for path, (old, new) in changes.items():
            if old is None or new is None:
                raise NoAnswer("your editor can neither create nor delete files")
            made[self._uri(path)] = [*self._edits(path, old, new)]
        return types.WorkspaceEdit(changes=made)

    def _require(self, operation: types.ResourceOperationKind) -> None:
        if operation not in self.operations:
            raise NoAnswer(f"your editor cannot {operation.value} files")

    def _uri(self, path: str) -> str:
        if path in self.opened:
            return self.opened[path][0]
        return from_fs_path(str(self.root / path)) or ""

    def _edits(self, path: str, old: bytes | None, new: bytes) -> Iterator[types.TextEdit]:
        after = new.decode("utf-8")
        if path in self.opened and old is not None:
            _, text, _ = self.opened[path]
            if text.data != old:
                raise NoAnswer("the document has changed meanwhile; try again")
        else:  # an editor does not count a byte order mark
            before = old.decode("utf-8") if old is not None else ""
            text = DocumentText(before.removeprefix(_MARK), self.encoding)
            after = after.removeprefix(_MARK)
        for span, words in changed_spans(text, after):
            yield types.TextEdit(text.range(span), words)


def changed_spans(text: DocumentText, after: str) -> Iterator[tuple[TextSpan, str]]:
    """Yield the replacements that turn a text into another one.

    Lines that stay are not touched, so cursors and folds stay too."""
    old, new = text.text.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    lead = 0
    while lead < min(len(old), len(new)) and old[lead] == new[lead]:
        lead += 1
    trail = 0
    while trail < min(len(old), len(new)) - lead and old[-1 - trail] == new[-1 - trail]:
        trail += 1
    a, b = old[lead : len(old) - trail], new[lead : len(new) - trail]
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _trimmed(starts[lead + i], "".join(a[i:j]), "".join(b[k:m]))


def _trimmed(start: int, old: str, new: str) -> tuple[TextSpan, str]:
    """Return a replacement without what both texts begin and end with."""
    most = min(len(old), len(new))
    lead = 0
    while lead < most and old[lead] == new[lead]:
        lead += 1
    if lead and old[lead - 1] == "\r":
        lead -= 1  # never between CR and LF
    trail = 0
    while trail < most - lead and old[-1 - trail] == new[-1 - trail]:
        trail += 1
    end = start + len(old) - trail
    if trail and old[-trail] == "\n" and old[-trail - 1 : -trail] == "\r":
        trail, end = trail - 1, end + 1
    return TextSpan(start + lead, end), new[lead : len(new) - trail]
