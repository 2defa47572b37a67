"""Imports an archive: reads it, decides, converts, and writes all of it, or nothing of a part.

Pictures are written first, then names and site.yaml, then posts, each part in one transaction with
the record of what it wrote. A killed import has whole parts only, and the next run completes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from builder.content.config import FILE
from builder.editing.new import mint_id
from builder.editing.transaction import Changes, replace_files
from builder.fetch.client import FetchedPage
from builder.importers.bad_archive import BadArchive
from builder.importers.convert import WrittenPost, convert_posts
from builder.importers.feed_identity import FeedIdentities
from builder.importers.fetched_pictures import fetch_pictures
from builder.importers.import_record import (
    PATH,
    ImportRecord,
    StoredImports,
    WrittenFile,
    file_digest,
    read_imports,
)
from builder.importers.media_files import MediaFinder
from builder.importers.named_files import named_changes
from builder.importers.notes import ImportNotes
from builder.importers.old_addresses import OldSite, host_key
from builder.importers.old_kind import OldKind
from builder.importers.old_lists import moved_lists
from builder.importers.plan import NewAuthor, PlannedPost, address_tables, plan_posts
from builder.importers.post import Archive, ImportContext, ImportedPost
from builder.importers.present_site import PresentSite, read_site
from builder.importers.readers.feed import feed_items
from builder.importers.readers.files import FolderFiles
from builder.importers.record_text import needed_limits
from builder.importers.site_settings import changed_settings
from builder.importers.tags import TagTable, read_mapping
from builder.names.keys import page_address
from builder.safe_files import plain_bytes

_PART = 64 * 1024 * 1024  # bytes of one transaction
_MOST = 4000  # files of one transaction

Progress = Callable[[str, int, int], None]


class ImportRequest(NamedTuple):
    """What an editor asks for."""

    kind: OldKind
    path: Path
    base_url: str = ""
    mapping: str = ""
    feed: Path | None = None
    pictures: Path | None = None
    jobs: int = 1
    fetched: Path | None = None  # a temporary folder for pictures of other sites, to fetch them
    get: Callable[[str], FetchedPage] | None = None  # requests one


class PreparedImport(NamedTuple):
    """An archive that has been read, and what each post becomes; nothing is converted yet."""

    request: ImportRequest
    key: str  # of the archive in the record
    archive: Archive
    site: PresentSite
    imports: StoredImports
    table: TagTable
    identities: FeedIdentities
    finder: MediaFinder
    notes: ImportNotes


class PostCounts(NamedTuple):
    """How many posts are new, changed since the last import, as they were, or left alone."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0


class FinishedImport(NamedTuple):
    """What an import wrote: the files by path, and the numbers of posts."""

    planned: tuple[PlannedPost, ...]
    counts: PostCounts
    files: int
    sections: Mapping[str, str]  # new ones, by slug
    authors: tuple[NewAuthor, ...]


def prepare(root: Path, request: ImportRequest, notes: ImportNotes) -> PreparedImport:
    """Read an archive and the site, and find names to decide on."""
    site = read_site(root)
    mapping = read_mapping(request.mapping, request.kind.mapping)
    context = ImportContext(request.base_url.rstrip("/"), site.config.zone)
    archive = request.kind.read(request.path, context, notes)
    if request.kind.needs_address and not archive.base_url:
        raise BadArchive(
            "the archive does not say the address of the old site, on which the identities of its"
            " posts in feeds depend; give it: --base-url https://…"
        )
    archive = archive._replace(posts=tuple(_with_own_sources(archive.posts)))
    imports = read_imports(root)
    table = TagTable(archive.posts, mapping, site, imports.record.names, notes)
    identities = FeedIdentities(feed_items(request.feed, notes) if request.feed else [])
    more = FolderFiles(request.pictures, notes) if request.pictures else None
    host = host_key(archive.base_url)
    key = f"{request.kind.name} {host}".strip()
    finder = MediaFinder(archive, more)
    return PreparedImport(request, key, archive, site, imports, table, identities, finder, notes)


def _with_own_sources(posts: Iterable[ImportedPost]) -> Iterator[ImportedPost]:
    """Yield posts; a second one with an identity gets a number."""
    seen: Counter[str] = Counter()
    for post in posts:
        seen[post.source] += 1
        number = seen[post.source]
        yield post if number == 1 else replace(post, source=f"{post.source} #{number}")


class ConvertedImport(NamedTuple):
    """The texts of all records, before they are compared with the files."""

    prepared: PreparedImport
    planned: tuple[PlannedPost, ...]
    written: tuple[WrittenPost, ...]
    authors: tuple[NewAuthor, ...]
    moved: Mapping[str, str]  # lists of the old site
    term_paths: Mapping[tuple[str, str], tuple[str, ...]]  # of records, by kind and name


def convert(prepared: PreparedImport, progress: Progress | None = None) -> ConvertedImport:
    """Convert all texts."""
    p = prepared
    planned, authors = plan_posts(
        p.key, p.archive, p.site, p.imports.record, p.table, p.identities, p.notes
    )
    p.identities.note_rest(p.notes)
    moved, term_paths = moved_lists(p.archive, p.table, p.site, planned, p.notes)
    every = {**moved}
    for (kind, name), paths in term_paths.items():
        every |= dict.fromkeys(paths, _url_of(kind, name, p.site))
    pages, sources = address_tables(planned, p.archive, every)
    settings = p.site.config.settings
    old = OldSite(
        p.archive.base_url,
        str(settings.base_url),
        pages,
        sources,
        p.finder.find,
        trusted=tuple(map(str, settings.trusted)),
        frames=tuple(settings.frames),
    )
    show = (lambda done: progress("converting", done, len(planned))) if progress else None
    written = convert_posts(planned, old, p.site, p.request.jobs, show)
    if p.request.fetched and p.request.get:
        remote = [address for post in written for address in post.remote]
        asking = (lambda done: progress("fetching", done, len({*remote}))) if progress else _nothing
        known = fetch_pictures(
            remote, p.request.get, p.request.fetched, p.finder, p.site.media, p.notes, asking
        )
        written = convert_posts(planned, old._replace(fetched=known), p.site, p.request.jobs, show)
    for post in written:
        p.notes.extend(post.notes)
    return ConvertedImport(p, tuple(planned), tuple(written), tuple(authors), moved, term_paths)


def _nothing(done: int) -> None:
    """Do nothing: nobody watches."""


def _url_of(kind: str, name: str, site: PresentSite) -> str:
    slug = site.names[kind].resolve(name) if kind in site.names else None
    return page_address(kind, slug or site.slug(name))


def write(converted: ConvertedImport, progress: Progress | None = None) -> FinishedImport:
    """Write what is new or changed; leave what an editor has changed."""
    p, notes = converted.prepared, converted.prepared.notes
    changes, rows, counts = _post_changes(converted)
    used = sorted({name for post, path in zip(converted.written, _paths(converted), strict=True)
                   if path in changes for name in post.used})  # fmt: skip
    limits: dict[str, int] = {}
    for _, now in changes.values():
        if now is not None:
            for name, size in needed_limits(now.decode(), p.site.config.settings.limits).items():
                limits[name] = max(size, limits.get(name, 0))
    named = {post.names.section for post in converted.planned}
    sections = _new_sections(p, named)
    shown = _feed_length(p)
    settings = changed_settings(
        p.site, sections, converted.authors, limits, converted.moved, shown, notes
    )
    head: dict[str, tuple[bytes | None, bytes | None]] = {}
    if settings != p.site.settings:
        head[FILE] = (p.site.settings, settings)
    head |= named_changes(p.table, p.site, converted.planned, converted.term_paths, mint_id)
    state = _State(p.site.root, p.imports, p.key, p.table)
    files = 0
    for part in _in_parts(_media_changes(p, used)):
        replace_files(p.site.root, part)
        files += len(part)
    state.replace(head, {})
    files += len(head)
    total = len(changes)
    for part in _in_parts(changes.items()):
        state.replace(part, {s: row for s, row in rows.items() if row.path in part})
        files += len(part)
        if progress:
            progress("writing", files, total)
    state.replace({}, rows)
    return FinishedImport(converted.planned, counts, files, sections, converted.authors)


def _paths(converted: ConvertedImport) -> Iterator[str]:
    return (post.path for post in converted.planned)


def _feed_length(p: PreparedImport) -> int:
    """Return the number of items in a feed that announces nothing old, or 0 to leave it.

    A longer feed than the old one has stories that readers' programs may have forgotten."""
    number = len(p.identities.items)
    return number if 0 < number < p.site.config.settings.feed_items else 0


def _new_sections(p: PreparedImport, used: set[str]) -> dict[str, str]:
    declared = {str(section.slug) for section in p.site.config.settings.sections}
    found: dict[str, str] = {}
    for word, slug in p.table.sections.items():
        if slug in used and slug not in declared:
            found.setdefault(slug, word)
    return found


def _post_changes(
    converted: ConvertedImport,
) -> tuple[dict[str, tuple[bytes | None, bytes | None]], dict[str, WrittenFile], PostCounts]:
    """Return the files of posts to write, the record of all, and the numbers."""
    p, root = converted.prepared, converted.prepared.site.root
    known = p.imports.record.posts.get(p.key, {})
    changes: dict[str, tuple[bytes | None, bytes | None]] = {}
    rows: dict[str, WrittenFile] = {}
    new = changed = same = left = 0
    for planned, written in zip(converted.planned, converted.written, strict=True):
        now, source = written.text.encode("utf-8"), planned.post.source
        row = known.get(source)
        if row is None:
            owner = p.site.identities.get(planned.guid or planned.id)
            if owner is not None:
                p.notes.add("taken-file", planned.post.place, owner)
                left += 1
                continue
            changes[planned.path] = (p.site.samples.get(planned.path), now)
            rows[source] = WrittenFile(planned.path, file_digest(now))
            new += 1
            continue
        try:
            was = plain_bytes(root / planned.path)
        except FileNotFoundError:
            p.notes.add("removed", planned.path)
            left += 1
            continue
        if was == now:
            rows[source] = WrittenFile(planned.path, file_digest(now))
            same += 1
        elif file_digest(was) == row.digest:
            changes[planned.path] = (was, now)
            rows[source] = WrittenFile(planned.path, file_digest(now))
            changed += 1
        else:
            p.notes.add("edited", planned.path)
            left += 1
    return changes, rows, PostCounts(new, changed, same, left)


def _media_changes(
    p: PreparedImport, used: Sequence[str]
) -> Iterator[tuple[str, tuple[bytes | None, bytes | None]]]:
    """Yield the files of pictures that the site does not have."""
    for name in used:
        if name not in p.site.media:
            yield f"content/media/{name}", (None, p.finder.read(name))


def _in_parts(
    changes: Iterable[tuple[str, tuple[bytes | None, bytes | None]]],
) -> Iterator[Changes]:
    """Yield changes in parts that fit into memory."""
    part: dict[str, tuple[bytes | None, bytes | None]] = {}
    size = 0
    for path, (was, now) in changes:
        size += len(was or b"") + len(now or b"")
        part[path] = (was, now)
        if size > _PART or len(part) >= _MOST:
            yield part
            part, size = {}, 0
    if part:
        yield part


class _State:
    """The record of the import while it is written."""

    def __init__(self, root: Path, imports: StoredImports, key: str, table: TagTable) -> None:
        self.root, self.key, self.names = root, key, table.decided
        self.record: ImportRecord = imports.record
        self.data = imports.data

    def replace(self, changes: Changes, rows: Mapping[str, WrittenFile]) -> None:
        """Write files together with the record of them."""
        self.record = self.record.with_files(self.key, rows, self.names)
        data = self.record.encoded()
        replace_files(self.root, {**changes, PATH: (self.data, data)})
        self.data = data
