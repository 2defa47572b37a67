"""Reads the export of Substack: Settings, Exports, New export (a zip file).

It has posts.csv, with a row for each post, and its text as posts/ID.html; `post_id` is a number, a
dot and the slug. A post is at `/p/slug`, and the feed has this address as `guid`. Nothing in the
export says the address of the publication, so --base-url is needed."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC
from pathlib import Path, PurePosixPath

from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ArchiveFiles, ImportContext, ImportedPost
from builder.importers.readers.files import decoded, open_files
from builder.importers.readers.values import as_date, is_true

_LIST = "posts.csv"
_FOR_ALL = ("", "everyone", "public")


def read_substack(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the posts and pages of an export."""
    files = open_files(path, notes)
    rows = read_table(files, _LIST, notes)
    texts = {PurePosixPath(n).name: n for n in files.names() if n.endswith(".html")}
    base = re.sub(r"^https?://[^/]*", "", context.base_url)
    posts = []
    for row in rows:
        place = f"{_LIST}: {row.get('post_id', '')}"
        try:
            if post := _post(row, texts, files, context, place, notes):
                posts.append(post)
        except (BadPost, BadArchive) as error:
            notes.add("unreadable", place, str(error))
    if not posts:
        raise BadArchive(f"{path} has no posts")
    return Archive(
        posts=tuple(posts),
        base_url=context.base_url,
        files=files,
        roots=("",),
        feeds=(f"{base}/feed/",),
        moved={f"{base}/archive/": "/briefs/"},
    )


def read_table(files: ArchiveFiles, name: str, notes: ImportNotes) -> list[dict[str, str]]:
    """Return the rows of a CSV file, in any folder."""
    found = next((n for n in files.names() if PurePosixPath(n).name == name), None)
    if found is None:
        raise BadArchive(f"the archive has no {name}; give the whole export")
    csv.field_size_limit(64 * 1024 * 1024)
    try:
        text = decoded(files.read(found), found, notes).replace("\0", "")
        rows = [*csv.DictReader(io.StringIO(text, newline=""))]
    except csv.Error as error:
        raise BadArchive(f"{found} is not CSV: {error}") from None
    return [{str(k): v or "" for k, v in row.items() if isinstance(v, str)} for row in rows]


def _post(
    row: dict[str, str],
    texts: dict[str, str],
    files: ArchiveFiles,
    context: ImportContext,
    place: str,
    notes: ImportNotes,
) -> ImportedPost | None:
    identity = row.get("post_id", "").strip()
    number, _, slug = identity.partition(".")
    if not number:
        raise BadPost("the row has no post_id")
    kind, title = row.get("type", "newsletter"), row.get("title", "").strip()
    if kind not in ("newsletter", "podcast", "page", "video", ""):
        notes.add("left-out", place, f"its type is {kind}")
        return None
    text = texts.get(f"{identity}.html")
    body = decoded(files.read(text), text, notes) if text else ""
    published = is_true(row.get("is_published"))
    audience = row.get("audience", "").strip()
    restricted = audience not in _FOR_ALL
    if published and restricted:
        notes.add("restricted", place, f"{title}: {audience}")
    if not published and not title and not body:
        notes.add("left-out", place, "it is empty")
        return None
    address = f"/p/{slug}" if slug else ""
    if podcast := row.get("podcast_url", "").strip():
        body = f'<audio src="{podcast}"></audio>{body}'
    host = re.sub(r"^(https?://[^/]*).*", r"\1", context.base_url)
    base = re.sub(r"^https?://[^/]*", "", context.base_url)
    is_page = kind == "page"
    return ImportedPost(
        source=number,
        place=place,
        title=title,
        body=_embedded(body),
        form="html",
        is_page=is_page,
        date=as_date(row.get("post_date"), UTC),
        is_draft=not published or restricted,
        slug=slug,
        address=f"{base}{address}" if address and published else "",
        guid=f"{host}{base}{address}" if host and address and not is_page else "",
        terms={},
        summary=row.get("subtitle", ""),
    )


_ATTRS = r'[^>]*data-attrs="[^"]*?'
_TUBE = re.compile(
    rf'<div[^>]*class="youtube[^"]*"{_ATTRS}videoId&quot;:&quot;([\w-]+)[^"]*"[^>]*>'
)
_TWEET = re.compile(
    rf'<div[^>]*class="tweet"{_ATTRS}&quot;url&quot;:&quot;(https?://[^&"]+)[^"]*"[^>]*>'
)


def _embedded(body: str) -> str:
    """Return a text whose widgets are frames and links, which attributes describe."""
    body = _TUBE.sub(r'<iframe src="https://www.youtube.com/embed/\1"></iframe>\g<0>', body)
    return _TWEET.sub(r'<p><a href="\1">\1</a></p>\g<0>', body)


KIND = OldKind(
    name="substack",
    reads="the zip file of Settings, Exports, or the folder in it",
    read=read_substack,
    mapping={},
)
