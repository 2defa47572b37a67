"""The folder content/ -> records, each with its HTML, and the files of content/media/.

Two passes. The first reads the front matter of everything but briefs, which gives the names of
companies; the second renders bodies and reads briefs, each file by itself (law 2), so it is
spread over processes."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from msgspec.structs import replace

from builder.config import Config
from builder.diagnostics import Diagnostic, Place
from builder.frontmatter import Document, read_document
from builder.markdown import CompanyNames, render_body
from builder.model import FOLDERS, Brief, Company, PlainPage, Record, Slug, slugify
from builder.names import Names, did_you_mean
from builder.parallel import map_ordered
from builder.schema import read_record
from builder.values import Misread, check_slug

CONTENT = "content"
MEDIA = "media"

# Files that editors and tools leave behind while they save: .hidden, backup~, #lock#, 4913.
_LEFT_BEHIND = (".", "#")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
_MEDIA_TYPES = (*_PICTURES, ".pdf", ".csv", ".json", ".txt", ".mp3", ".mp4", ".webm", ".woff2")


class MediaFile(NamedTuple):
    """A file of content/media/: its path below that folder, and a picture's size in pixels
    (0 where it has none or is no picture)."""

    path: str
    source: Path
    width: int
    height: int

    @property
    def url(self) -> str:
        return f"/{MEDIA}/{quote(self.path)}"


class Content(NamedTuple):
    """Everything read. `companies` resolves every company's names to its slug."""

    records: dict[type[Record], tuple[Record, ...]]
    companies: Names
    media: dict[str, MediaFile]
    problems: list[Diagnostic]


class _File(NamedTuple):
    path: str  # relative to the site's folder, with `/`
    source: Path
    kind: type[Record]


def read_content(
    root: Path, config: Config, jobs: int, progress: Callable[[int], None] | None = None
) -> Content:
    """Read the content of the site in `root`."""
    problems: list[Diagnostic] = []
    files = list(_files(root, problems))
    media = _media(root, problems)

    vocabulary = [file for file in files if file.kind is not Brief]
    documents = [_read(file, config, problems) for file in vocabulary]
    companies = _company_names([r for _, r in documents if isinstance(r, Company)], problems)

    records: dict[type[Record], list[Record]] = {kind: [] for _, kind in FOLDERS}
    for document, record in documents:
        language = record.lang if isinstance(record, PlainPage) else ""
        settings = config.settings
        body, found = render_body(
            document, language or settings.language, base_url=settings.base_url
        )
        problems += found
        records[type(record)].append(replace(record, body=body))

    parse = _BriefReader(config, _names_by_slug([r for _, r in documents], companies), companies)
    briefs = [file for file in files if file.kind is Brief]
    for brief, found in map_ordered(parse, briefs, jobs, progress):
        problems += found
        records[Brief].append(brief)
    found_records = {kind: tuple(found) for kind, found in records.items()}
    return Content(found_records, companies, media, problems)


class _BriefReader:
    """A brief's file -> the brief with its HTML. What it depends on besides the file is here."""

    def __init__(self, config: Config, by_slug: dict[str, CompanyNames], names: Names) -> None:
        self.config, self.by_slug, self.names = config, by_slug, names

    def __call__(self, file: _File) -> tuple[Record, list[Diagnostic]]:
        problems: list[Diagnostic] = []
        document, record = _read(file, self.config, problems)
        listed = record.companies if isinstance(record, Brief) else ()
        slugs = dict.fromkeys(slug for name in listed if (slug := self.names.resolve(name)))
        language = record.lang if isinstance(record, Brief) else ""
        body, found = render_body(
            document,
            language or self.config.settings.language,
            tuple(self.by_slug[slug] for slug in slugs if slug in self.by_slug),
            self.config.settings.base_url,
        )
        problems += found
        return replace(record, body=body), problems


def _read(file: _File, config: Config, problems: list[Diagnostic]) -> tuple[Document, Record]:
    """A file's document and record. What is wrong is reported, and stood in for: so what refers
    to it is not reported as well."""
    try:
        data = file.source.read_bytes()
        document, found = read_document(file.path, data)
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
        return document, record
    stem = file.source.stem
    try:
        return document, replace(record, slug=Slug(check_slug(stem)))
    except Misread as misread:
        if not unread:
            hint = f"rename the file, or give it a `slug`; {misread.hint}"
            problems.append(document.problem(misread.code, misread.message, hint))
        return document, replace(record, slug=Slug(slugify(stem) or "unnamed"), broken=True)


def _company_names(companies: list[Company], problems: list[Diagnostic]) -> Names:
    """Register every company's names; a name that two claim is an error at the second."""
    names = Names()
    for kind in ("name", "aliases", "formerly"):
        for company in companies:
            written = getattr(company, kind)
            for n, name in enumerate((written,) if kind == "name" else written):
                owner = names.claim(name, company.slug, company.path)
                if owner:
                    at = kind if kind == "name" else f"{kind}.{n}"
                    message = f"`{name}` already means the company in {owner.path}"
                    hint = "a name belongs to one company; take it from the other"
                    place = company.places.get(at, Place())
                    problems.append(
                        Diagnostic.of(company.path, place, "double-owner", message, hint)
                    )
    return names


def _names_by_slug(records: list[Record], names: Names) -> dict[str, CompanyNames]:
    companies: dict[str, Company] = {r.slug: r for r in records if isinstance(r, Company)}
    merged = mergers(companies.values(), names)
    return {
        slug: CompanyNames(
            companies.get(merged.get(slug, slug), c).url, (c.name, *c.aliases, *c.formerly)
        )
        for slug, c in companies.items()
    }


def mergers(companies: Iterable[Company], names: Names) -> dict[str, str]:
    """By the slug of each company that became part of another: the slug of the last one."""
    into: dict[str, str] = {
        company.slug: target
        for company in companies
        if company.merged_into and (target := names.resolve(company.merged_into))
    }
    merged: dict[str, str] = {}
    for slug in into:
        way: dict[str, None] = {slug: None}
        while (last := into.get([*way][-1], "")) and last not in way:
            way[last] = None
        if not last:  # else it is a circle, which is reported: none of them is merged
            merged[slug] = [*way][-1]
    return merged


# --- files -------------------------------------------------------------------------------------


def _files(root: Path, problems: list[Diagnostic]) -> Iterator[_File]:
    """Every file that should hold a record, sorted by path; the rest is reported."""
    kinds = dict(FOLDERS)
    found = [*_walk(root, root / CONTENT, problems)]
    for path, source in found:
        folder, _, rest = path.removeprefix(f"{CONTENT}/").partition("/")
        if folder == MEDIA:
            continue
        if source.suffix != ".md":
            hint = "files to publish belong in content/media/; texts end in .md"
            _note(problems, path, "stray-file", "this file is not read", hint)
        elif not rest or folder not in kinds:
            hint = did_you_mean(folder, kinds) or f"the folders are: {', '.join(kinds)}, {MEDIA}"
            message = "this file is in no folder of records"
            _note(problems, path, "unknown-folder", message, hint)
        else:
            yield _File(path, source, kinds[folder])


def _media(root: Path, problems: list[Diagnostic]) -> dict[str, MediaFile]:
    found = {}
    for path, source in _walk(root, root / CONTENT / MEDIA, problems):
        # Some systems write accents apart (NFD), editors do not.
        name = unicodedata.normalize("NFC", path.removeprefix(f"{CONTENT}/{MEDIA}/"))
        if source.suffix.lower() not in _MEDIA_TYPES:
            hint = f"these are: {' '.join(sorted(_MEDIA_TYPES))}"
            _note(problems, path, "stray-file", f"`{source.suffix}` files are not published", hint)
            continue
        import imagesize  # not needed by a site without pictures

        try:
            width, height = imagesize.get(str(source))
        except (OSError, ValueError):
            width = height = 0
        found[name] = MediaFile(name, source, max(0, int(width)), max(0, int(height)))
    return found


def _walk(root: Path, folder: Path, problems: list[Diagnostic]) -> Iterator[tuple[str, Path]]:
    """The files below a folder in the order of their paths. Nothing outside content/ is ever
    read, and links to folders are not followed."""
    try:
        if folder.is_symlink() or not stat.S_ISDIR(folder.lstat().st_mode):
            return
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        path, hint = folder.relative_to(root).as_posix(), "make it readable, or remove it"
        message = f"the folder cannot be read: {error.strerror}"
        _note(problems, path, "unreadable-file", message, hint)
        return
    for entry in entries:
        source = Path(entry.path)
        path = source.relative_to(root).as_posix()
        ends = entry.name.endswith(("~", ".swp", ".tmp", ".bak"))
        if entry.name.startswith(_LEFT_BEHIND) or ends or entry.name == "4913":
            continue
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            path = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            message = "the file's name is not UTF-8"
            _note(problems, path, "invalid-slug", message, "rename it")
            continue
        try:
            wrong = _wrong_link(root, source) if entry.is_symlink() else ""
            mode = 0 if wrong else entry.stat().st_mode
        except OSError:  # it has gone since the folder was listed
            continue
        if wrong:
            _note(problems, path, "symlink", wrong, "put the file itself here")
        elif entry.is_dir():
            yield from _walk(root, source, problems)
        elif stat.S_ISREG(mode):
            yield path, source
        else:
            _note(problems, path, "unreadable-file", "this is not a file", "remove it")


def _wrong_link(root: Path, source: Path) -> str:
    """Why a symbolic link is not followed, or nothing where it leads to a file of content/."""
    target = Path(os.path.realpath(source))
    if not target.is_relative_to(os.path.realpath(root / CONTENT)):
        return "this link leads out of content/"
    if target.is_dir():
        return "this link leads to a folder"
    return "" if target.is_file() else "this link leads to nothing"


def _note(problems: list[Diagnostic], path: str, code: str, message: str, hint: str) -> None:
    found = Diagnostic.of(path, Place(), code, message, hint)
    if found not in problems:
        problems.append(found)
