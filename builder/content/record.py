"""A file of content/ -> its record with its HTML, kept in the store, and what the site asks of it.

A record depends on its file's bytes, on the names of the companies that its own front matter lists
and on a few settings (law 2): files are read apart, in any order, by any number of processes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.content.config import Config
from builder.content.urls import same_address
from builder.content.walk import (
    File,
    Stat,
    settles,
    stat_of,
)
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.model.brief import (
    Brief,
    Cited,
    CompanyNames,
    Outline,
    PlainPage,
    Record,
    Slug,
    Source,
    slugify,
)
from builder.names.register import Names
from builder.store import Kept, Store, digest

if TYPE_CHECKING:
    from builder.content.document import Document

_SHORT = 8  # bytes of the digest of a part of a record
# JSON keeps the offset of a time, which MessagePack does not.
encode = msgspec.json.Encoder(order="deterministic").encode


class Head(Struct, frozen=True, array_like=True):
    """What is remembered of a file: how it looked, a digest of its bytes and of all else that its
    record depends on, and where the parts of the record lie: front matter, body, places. `stat` is
    missing where it may not be trusted."""

    stat: Stat | None
    digest: bytes
    environment: bytes
    front: Kept
    body: Kept
    places: Kept


class Reader:
    """A file -> its record with its HTML. What it depends on besides the file is here."""

    def __init__(
        self,
        config: Config,
        store: Store,
        by_slug: Mapping[str, CompanyNames] | None = None,
        names: Names | None = None,
    ) -> None:
        self.config, self.store = config, store
        self.by_slug = by_slug or {}
        self.names = names or Names()
        settings = config.settings
        self.usual = encode([settings.language, settings.time_zone, settings.base_url])
        # A digest of all that records depend on but their files.
        self.beside = digest(self.usual + encode([*self.by_slug.items()]))
        self._environments: dict[tuple[str, ...], bytes] = {}

    def _listed(self, companies: Iterable[str]) -> tuple[CompanyNames, ...]:
        slugs = dict.fromkeys(slug for name in companies if (slug := self.names.resolve(name)))
        return tuple(self.by_slug[slug] for slug in slugs if slug in self.by_slug)

    def environment(self, companies: tuple[str, ...]) -> bytes:
        """A digest of all that a record depends on but its file."""
        found = self._environments.get(companies)
        if found is None:
            names = encode(self._listed(companies))
            found = self._environments[companies] = digest(self.usual + names, _SHORT)
        return found

    def __call__(self, file: File) -> bytes:
        from builder.check.file_checks import proofread
        from builder.content.markdown.engine import render_body  # heavy, and often not needed

        problems: list[Diagnostic] = []
        document, record, seen, sum_of_bytes = _read(file, self.config, problems)
        listed = record.companies if isinstance(record, Brief) else ()
        language = record.lang if isinstance(record, (Brief, PlainPage)) else ""
        language = language or self.config.settings.language
        companies = self._listed(listed)
        body, found = render_body(document, language, companies, self.config.settings.base_url)
        problems += found
        if not record.broken:
            problems += proofread(record, document, language, companies)
        parts = (replace(record, places={}), body, record.places)
        told = None
        if isinstance(record, Brief):
            told = outline(replace(record, body=body), language)
        environment = self.environment(tuple(listed))
        front, text, places = (self.store.keep(encode(part)) for part in parts)
        head = Head(seen, sum_of_bytes, environment, front, text, places)
        return msgspec.msgpack.encode((head, encode(told), encode(problems)))


def outline(brief: Brief, language: str) -> Outline:
    from builder.content.markdown.engine import typographic

    links = (link.address.partition("#")[0] for link in brief.body.links)
    named = {f.source for f in brief.figures} | {r.source for r in brief.relations}
    media = [
        *([brief.image.file] if brief.image else []),
        *(r.target for r in brief.body.references if r.kind == "media"),
        *(link.removeprefix("/media/") for link in links if link.startswith("/media/")),
    ]
    return Outline(
        path=brief.path,
        slug=brief.slug,
        identity=brief.identity,
        broken=brief.broken,
        status=brief.status,
        date=brief.date,
        updated=brief.updated,
        expires=brief.expires,
        event_date=brief.event_date,
        importance=brief.importance,
        lang=brief.lang,
        section=brief.section,
        title=typographic(brief.title, language),
        summary=typographic(brief.summary, language),
        companies=tuple(brief.companies),
        topics=tuple(brief.topics),
        people=tuple(brief.people),
        speakers=tuple(brief.speakers),
        translation_of=brief.translation_of,
        redirects=tuple(brief.redirects),
        media=tuple(dict.fromkeys(media)),
        allow=brief.allow,
        figures=brief.figures,
        publishers=tuple((s.id, s.publisher) for s in brief.sources if s.id in named),
        sources=tuple(_cited(brief.sources)),
        relations=brief.relations,
        thread=brief.thread,
        follows=tuple(brief.follows),
        corrections=brief.corrections,
        withdrawn_because=brief.withdrawn_because,
    )


def _cited(sources: tuple[Source, ...]) -> Iterator[Cited]:
    numbers: dict[str, int] = {source.id: n for n, source in enumerate(sources)}
    for source in sources:
        of = numbers.get(source.of, -1) if source.of else -1
        report = same_address(source.url)
        yield Cited(source.publisher, source.role, of, source.via, report)


def bytes_of(source: str) -> tuple[bytes, Stat]:
    """A file's bytes, and how it looked before they were read."""
    # What has become a pipe since it was listed is not waited for.
    descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as stream:
        seen = stat_of(os.fstat(descriptor))
        return stream.read(), seen


def settled(seen: Stat) -> Stat | None:
    """How a file looked, where another change would surely show."""
    return seen if settles(*seen[1:3]) < time.time_ns() else None


def _read(
    file: File, config: Config, problems: list[Diagnostic]
) -> tuple[Document, Record, Stat | None, bytes]:
    """A file's document and record, how it looked, and a digest of its bytes. What is wrong is
    reported, and stood in for: so what refers to it is not reported as well."""
    from builder.content.document import Document, read_document, report_secrets
    from builder.content.fields import Misread, check_slug
    from builder.content.schema import read_record

    seen, found_digest = None, b""  # no file has that digest: an unreadable one is tried again
    try:
        data, looked = bytes_of(file.source)
        seen, found_digest = settled(looked), digest(data)
        document, found = read_document(file.path, data)
        problems += report_secrets(file.path, data)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        hint = "make it readable, or remove it"
        document = None
        found = [Diagnostic.of(file.path, Place(), "unreadable-file", message, hint)]
    problems += found
    unread = document is None or (bool(found) and not document.fields)
    document = document or Document(file.path, {}, {}, "", 1, [])
    record, more = read_record(file.kind, document, config.zone, broken=unread)
    problems += more
    errors = any(problem.severity == "error" for problem in found)
    record = replace(record, broken=record.broken or errors)
    if getattr(record, "slug", None) != "":
        return document, record, seen, found_digest
    stem = PurePosixPath(file.path).stem
    try:
        return document, replace(record, slug=Slug(check_slug(stem))), seen, found_digest
    except Misread as misread:
        if not unread:
            hint = f"rename the file, or give it a `slug`; {misread.hint}"
            problems.append(document.problem(misread.code, misread.message, hint))
        record = replace(record, slug=Slug(slugify(stem) or "unnamed"), broken=True)
        return document, record, seen, found_digest
