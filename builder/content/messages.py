"""Reads the messages that a site adds or changes, in content/messages/ and in site.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from builder.content.config import Config
from builder.content.message_settings import with_settings
from builder.content.record import bytes_of
from builder.content.reply_files import MESSAGES, is_catalog
from builder.content.walk import FileSource, Walk
from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place
from builder.language.catalog import EMPTY, MOST_BYTES, Catalog, Mistake, read_catalog
from builder.language.catalogs import Catalogs
from builder.stat import Stat


class CatalogCache:
    """The catalogs of a site, each read again only if its file has changed."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[Stat | None, Catalog, list[Diagnostic]]] = {}

    def read(self, walk: Walk, config: Config, problems: list[Diagnostic]) -> Catalogs:
        """Return the catalogs of a site, and note their mistakes."""
        own: dict[str, Catalog] = {}
        paths: dict[str, str] = {}
        files = {path: (src, stat) for path, src, stat in walk.below(MESSAGES) if is_catalog(path)}
        self._files = {path: found for path, found in self._files.items() if path in files}
        for path, (source, stat) in files.items():
            known = self._files.get(path)
            if known is None or known[0] != stat or isinstance(source, bytes):
                known = self._files[path] = _read(path, source)
            problems += known[2]
            language = PurePosixPath(path).stem.lower()
            own[language], paths[language] = known[1], path
        findings: list[Finding] = []
        catalogs = with_settings(Catalogs(own, paths), config.settings, findings)
        problems += map(config.problem, findings)
        return catalogs


def _read(path: str, source: FileSource) -> tuple[Stat | None, Catalog, list[Diagnostic]]:
    language = PurePosixPath(path).stem
    try:
        data, seen = bytes_of(source)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        return None, EMPTY, [_problem(path, 1, "unreadable-file", message, "make it readable")]
    if wrong := _unreadable(path, data):
        return seen, EMPTY, [wrong]
    catalog = read_catalog(data.decode("utf-8"), language)
    return seen, catalog, [*_problems(path, catalog.mistakes, data)]


def _unreadable(path: str, data: bytes) -> Diagnostic | None:
    """Return why a file is not a catalog."""
    if len(data) > MOST_BYTES:
        message = f"the catalog has {len(data) // 1_000_000} MB, more than {MOST_BYTES >> 20} MB"
        return _problem(
            path, 1, "file-too-large", message, "keep only the messages that you change"
        )
    if b"\0" in data:
        hint = "save it as text; a compiled .mo file is not needed"
        return _problem(path, 1, "binary-file", "this is not a text file", hint)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _problem(path, line, "not-utf8", "the file is not UTF-8 here", "save it as UTF-8")
    return None


def _problems(path: str, mistakes: tuple[Mistake, ...], data: bytes) -> Iterator[Diagnostic]:
    for mistake in mistakes:
        code: Code = "invalid-catalog" if mistake.kind == "catalog" else "invalid-message"
        yield _problem(path, mistake.line, code, mistake.message, mistake.hint)


def _problem(path: str, line: int, code: Code, message: str, hint: str) -> Diagnostic:
    return Diagnostic.of(path, Place(line), code, message, hint)
