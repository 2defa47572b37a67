"""Reads a file of content/ into a record with its HTML.

A record depends on its file's bytes, on the names of the companies that its own front matter lists
and on a few settings (law 2), so files are read independently, in any order and in any number of
processes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.content.config import Config
from builder.content.files import ContentFile, split_language
from builder.content.limits import long_body
from builder.content.picture_address import is_remote
from builder.content.stored_problems import StoredProblems
from builder.content.urls import same_address
from builder.content.vouchers import digest_of_words, span_of_source, vouched
from builder.content.walk import FileSource
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place
from builder.model.body import Body
from builder.model.brief import Brief
from builder.model.entity import Digest, PlainPage, Profile
from builder.model.figure import Figure
from builder.model.outline import UNTOLD, Cited, Outline, expected_of
from builder.model.parties import named_parties
from builder.model.record import Record
from builder.model.source import Source
from builder.model.statement import Claim, Quote
from builder.model.values import LanguageTag, Slug, SourceWords
from builder.names.keys import slugify
from builder.search.segments import StoredSearch
from builder.stat import Stat, settled_at, stat_of
from builder.store import Kept, digest

if TYPE_CHECKING:
    from builder.content.document import Document

SHORT = 8  # bytes of a digest of a part of a record
# JSON keeps the UTC offset of a time; MessagePack does not.
encode = msgspec.json.Encoder(order="deterministic").encode


class StoredRecord(Struct, frozen=True, array_like=True):
    """The cached record of a file.

    It has the file's stat, digests of its bytes and of everything else that the record depends on,
    and the stored parts of the record: front matter, body, places. `stat` is None if it is too
    recent to be trusted. `length` is that of the HTML: its bytes in JSON, and its addresses on this
    site, which a feed prints with the base URL. `problems` are those of the file alone. `search` is
    what can be found of a brief."""

    stat: Stat | None
    digest: bytes
    environment: bytes
    front: Kept
    body: Kept
    places: Kept
    length: tuple[int, int]
    problems: StoredProblems | None
    search: StoredSearch | None = None


_NO_WORDS = SourceWords("")
_FILLED = 40  # bytes of what replaces a placeholder: an address, a title


def length_of(body: Body) -> tuple[int, int]:
    """Return the size of a body's HTML in JSON, and its addresses."""
    filled = len(body.references)
    return bytes_in_json(body.html) + _FILLED * filled, body.html.count('="/') + filled


def bytes_in_json(text: str) -> int:
    """Return the bytes of a text in JSON, which escapes some characters."""
    return len(text.encode()) + sum(map(text.count, '"\n\\'))


def _is_own(file: str) -> bool:
    """Return whether a picture is a file of content/media/."""
    return bool(file) and not is_remote(file)


def outline(brief: Brief, language: str) -> Outline:
    from builder.language.typography import typographic

    links = (link.address.partition("#")[0] for link in brief.body.links)
    named: set[str] = {f.source for f in brief.figures} | {r.source for r in brief.relations}
    if expected := expected_of(brief):
        named |= {e.source for e in expected}
    if brief.settles:
        named |= {settled.source for settled in brief.settles}
    media = (link.removeprefix("/media/") for link in links if link.startswith("/media/"))
    pictures = [
        *([image.file] if (image := brief.image) and _is_own(image.file) else []),
        *(r.target for r in brief.body.references if r.kind == "media"),
    ]
    return Outline(
        path=brief.path,
        slug=brief.slug,
        id=brief.id,
        guid=brief.guid,
        broken=brief.broken,
        status=brief.status,
        date=brief.date,
        updated=brief.updated,
        expires=brief.expires,
        event_date=brief.event_date,
        importance=brief.importance,
        lang=brief.lang,
        section=brief.section,
        title=UNTOLD if brief.tells_nothing else typographic(brief.title, language),
        summary="" if brief.tells_nothing else typographic(brief.summary, language),
        companies=tuple(brief.companies),
        topics=tuple(brief.topics),
        people=tuple(brief.people),
        speakers=tuple(brief.speakers),
        translation_of=brief.translation_of,
        redirects=tuple(brief.redirects),
        media=tuple(dict.fromkeys(media)),
        pictures=tuple(dict.fromkeys(pictures)),
        allow=brief.allow,
        figures=tuple(replace(f, words=_NO_WORDS) if f.words else f for f in brief.figures),
        publishers=tuple((s.id, s.publisher) for s in brief.sources if s.id in named),
        sources=tuple(_cited(brief.sources)),
        relations=brief.relations,
        thread=brief.thread,
        follows=tuple(brief.follows),
        corrections=() if brief.tells_nothing else brief.corrections,
        withdrawn_because="" if brief.tells_nothing else brief.withdrawn_because,
        quoted=_quoted(brief),
        **vouched(brief),
        events=() if brief.tells_nothing else brief.events,
        expects=() if brief.tells_nothing else expected,
        settles=() if brief.tells_nothing else brief.settles,
        tells_nothing=brief.tells_nothing,
        author=tuple(brief.author),
        image=brief.image,
        parties=tuple(sorted({name for _, name in named_parties(brief)} - {*brief.companies})),
    )


def _cited(sources: tuple[Source, ...]) -> Iterator[Cited]:
    numbers: dict[str, int] = {source.id: n for n, source in enumerate(sources)}
    for source in sources:
        of = numbers.get(source.of, -1) if source.of else -1
        report = same_address(source.url)
        copy, gone = source.archive, source.gone
        times = (source.archive and source.archive.at, source.gone, source.changed)
        asked = max((time.at.timestamp() for time in times if time), default=0.0)
        kept = (copy is not None, gone is not None, asked)
        dates = span_of_source(source)
        headline = "" if report else digest_of_words(source.title)
        rest = (*kept, *dates, headline, source.changed is not None)
        yield Cited(source.publisher, source.role, of, source.via, report, *rest)


def _quoted(brief: Brief) -> tuple[int, int]:
    """Return how many statements and figures have a source, and its words."""
    said: tuple[Claim | Quote | Figure, ...] = (*brief.claims, *brief.quotes, *brief.figures)
    sourced = [one for one in said if one.source]
    return len(sourced), sum(bool(one.words) for one in sourced)


def bytes_of(source: FileSource) -> tuple[bytes, Stat | None]:
    """Return the bytes of a file, and its stat if trustworthy.

    It can if any change since the read would alter it. What is not saved has no stat."""
    if isinstance(source, bytes):
        return source, None
    now = time.time_ns()
    # The file may have become a pipe since it was listed: never wait for one.
    descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        before = stat_of(status)
        data = os.read(descriptor, status.st_size + 1)
        if len(data) != status.st_size:  # not a regular file, or not all at once
            while more := os.read(descriptor, 1 << 20):
                data += more
    finally:
        os.close(descriptor)
    return data, before if settled_at([before], now) else None


def _with_publication(record: Record, data: bytes, config: Config) -> Record:
    """Return the record of an unreadable file with its status and dates.

    Its errors stop a build only if its front matter says that it is published."""
    from builder.content.document import read_front_matter
    from builder.content.schema import read_record

    document = read_front_matter(record.path, data)
    if document is None:
        return _as_draft(record, data)
    front, _ = read_record(type(record), document, config.zone, slugs=config.slugs)
    names = [name for name in ("status", "date", "expires") if hasattr(front, name)]
    return replace(record, **{name: getattr(front, name) for name in names})


def _as_draft(record: Record, data: bytes) -> Record:
    """Return a record as a draft if its unreadable file says that it is."""
    from builder.content.document import document_says_draft

    return replace(record, status="draft") if document_says_draft(data) else record


def read_file(
    file: ContentFile, config: Config, problems: list[Diagnostic]
) -> tuple[Document, Record, Stat | None, bytes]:
    """Return a file's document without comments, its record, stat and digest.

    Mistakes are reported and replaced by placeholders, so that references to the record are not
    reported as well."""
    from builder.content.document import (
        Document,
        read_document,
        report_secrets,
    )
    from builder.content.fields import check_slug
    from builder.content.markdown.comments import hide_comments
    from builder.content.schema import read_record
    from builder.diagnostics.misread import Misread

    data = b""
    stat, found_digest = None, b""  # no file has this digest: an unreadable file is tried again
    try:
        data, stat = bytes_of(file.source)
        found_digest = digest(data)
        document, found = read_document(file.path, data)
        problems += report_secrets(file.path, data, config.gift_links)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        hint = "make it readable, or remove it"
        document = None
        found = [Diagnostic.of(file.path, Place(), "unreadable-file", message, hint)]
    unread = document is None or (bool(found) and not document.fields)
    document = document or Document(file.path, {}, {}, "", 1, [])
    limits = config.settings.limits
    if long := long_body(len(document.body), document.body_line, limits):
        found.append(document.problem(long))
        document = document._replace(body="")
    document, unclosed = hide_comments(document, config.settings.html)
    slugs = config.slugs
    record, more = read_record(file.kind, document, config.zone, unread, limits, slugs)
    problems += [*found, *unclosed, *more]
    errors = any(problem.severity == "error" for problem in found)
    record = replace(record, broken=record.broken or errors)
    if isinstance(record, (Brief, Profile)) and record.status == "published" and record.unreviewed:
        record = replace(record, status="review")
    if record.broken and hasattr(record, "status"):
        record = _with_publication(record, data, config) if unread else _as_draft(record, data)
    if getattr(record, "slug", None) != "":
        return document, record, stat, found_digest
    stem = PurePosixPath(file.path).stem
    if isinstance(record, (PlainPage, Digest, Profile)):
        stem, lang = split_language(stem)
        if lang and not record.lang:
            record = replace(record, lang=LanguageTag(lang))
    try:
        return document, replace(record, slug=Slug(check_slug(stem, slugs))), stat, found_digest
    except Misread as misread:
        if not unread:
            hint = f"rename the file, or give it a `slug`; {misread.hint}"
            problems.append(document.problem(Finding("", misread.code, misread.message, hint)))
        record = replace(record, slug=Slug(slugify(stem, slugs) or "unnamed"), broken=True)
        return document, record, stat, found_digest
