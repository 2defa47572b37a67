"""Finds texts of a new site that nobody has replaced yet.

They are those of Slugline's own starter, which `slugline init` copies: each paragraph of its
records, and the name, the address and the descriptions in its site.yaml."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from builder.content.config import FILE, Config
from builder.content.document import read_document
from builder.content.files import ContentFile, record_files
from builder.content.record import bytes_of, read_file
from builder.content.starter import (
    paragraphs,
    shortened,
    starter_paragraphs,
    unchanged_settings,
)
from builder.content.walk import walk_content


def find_placeholders(
    root: Path, config: Config, site: str, published: Collection[str]
) -> tuple[str, ...]:
    """Return the places of texts of the starter that readers would see.

    `site` is the address at which they see it, and `published` has the paths of its files."""
    return (*_settings(root, config, site), *_records(root, config, published))


def _settings(root: Path, config: Config, site: str) -> Iterator[str]:
    for name, value in unchanged_settings(config, site):
        yield f"{FILE}:{_line(config, name)} (`{shortened(value)}`)"


def _line(config: Config, name: str) -> int:
    return config.places[name].line if name in config.places else 1


def _records(root: Path, config: Config, published: Collection[str]) -> Iterator[str]:
    wanted = starter_paragraphs()
    encoded = [paragraph.encode() for paragraph in wanted]
    for file in record_files(walk_content(root), []):
        try:
            data, _ = bytes_of(file.source)
        except OSError:
            continue
        line = b" ".join(data.split())  # few files have one: only these are parsed
        if any(paragraph in line for paragraph in encoded):
            yield from _in_record(file, data, config, wanted, published)


def _in_record(
    file: ContentFile,
    data: bytes,
    config: Config,
    wanted: frozenset[str],
    published: Collection[str],
) -> Iterator[str]:
    document, _ = read_document(file.path, data)
    if document is None:
        return
    found = [(line, text) for line, text in paragraphs(document.body) if text in wanted]
    if found and _page_of(file, config) in published:
        for line, text in found:
            yield f"{file.path}:{document.body_line + line} (`{shortened(text)}`)"


def _page_of(file: ContentFile, config: Config) -> str:
    """Return the path of the page of a record."""
    _, record, _, _ = read_file(file, config, [])
    return f"{getattr(record, 'url', '').strip('/')}/index.html"
