"""Reads the export of Buttondown: Settings, Exports, Emails (a zip file).

It has emails.csv or emails.json, with a row for each email, and its text as emails/SLUG.md. An
email is at `/archive/slug/` below the address of the newsletter, and the feed has it as `guid`
(docs.buttondown.com, Archives and RSS). Only --base-url says that address."""

from __future__ import annotations

import json
import re
from datetime import UTC
from pathlib import Path, PurePosixPath
from typing import Any

from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ArchiveFiles, ImportContext, ImportedPost
from builder.importers.readers.files import decoded, open_files
from builder.importers.readers.headers import read_headers
from builder.importers.readers.markdown_folder import picture_of
from builder.importers.readers.substack import read_table
from builder.importers.readers.values import as_date, as_text
from builder.importers.text.liquid import without_liquid

_SENT = (
    "",
    "sent",
    "imported",
    "published",
    "about_to_send",
    "in_flight",
    "resending",
    "throttled",
)
_FOR_ALL = ("", "public", "archival")


def read_buttondown(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the emails of an export."""
    files = open_files(path, notes)
    texts = {PurePosixPath(n).stem: n for n in files.names() if n.endswith((".md", ".html"))}
    base = re.sub(r"^https?://[^/]*", "", context.base_url)
    posts = []
    for row in _rows(files, notes):
        place = f"emails: {as_text(row.get('slug')) or as_text(row.get('id'))}"
        try:
            posts.append(_post(row, texts, files, context, place, notes))
        except (BadPost, BadArchive) as error:
            notes.add("unreadable", place, str(error))
    if not posts:
        raise BadArchive(f"{path} has no emails")
    return Archive(
        posts=tuple(posts),
        base_url=context.base_url,
        files=files,
        roots=("",),
        feeds=(f"{base}/rss/",),
        moved={f"{base}/archive/": "/briefs/"},
    )


def _rows(files: ArchiveFiles, notes: ImportNotes) -> list[dict[str, Any]]:
    listed = next((n for n in files.names() if PurePosixPath(n).name == "emails.json"), None)
    if listed is None:
        return [dict(row) for row in read_table(files, "emails.csv", notes)]
    try:
        found = json.loads(decoded(files.read(listed), listed, notes))
    except (ValueError, RecursionError) as error:
        raise BadArchive(f"{listed} is not JSON: {error}") from None
    rows = found.get("results") if isinstance(found, dict) else found
    return [row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict)]


def _post(
    row: dict[str, Any],
    texts: dict[str, str],
    files: ArchiveFiles,
    context: ImportContext,
    place: str,
    notes: ImportNotes,
) -> ImportedPost:
    slug, identity = as_text(row.get("slug")), as_text(row.get("id"))
    if not slug and not identity:
        raise BadPost("the row has neither an id nor a slug")
    title = as_text(row.get("subject"))
    body = as_text(row.get("body"))
    if not body and (text := texts.get(slug) or texts.get(identity)):
        body = read_headers(decoded(files.read(text), text, notes)).body
    status = as_text(row.get("status")).casefold()
    audience = as_text(row.get("email_type")).casefold()
    restricted = audience not in _FOR_ALL
    if restricted:
        notes.add("restricted", place, f"{title}: {audience}")
    written = as_text(row.get("absolute_url"))
    base = re.sub(r"^https?://[^/]*", "", context.base_url)
    host = re.sub(r"^(https?://[^/]*).*", r"\1", context.base_url)
    address = re.sub(r"^https?://[^/]*", "", written) or (f"{base}/archive/{slug}/" if slug else "")
    sent = status in _SENT
    is_html = bool(
        re.match(r"\s*(?:<!--[^>]*-->\s*)?<(?:!doctype|html|p|div|table|h\d)\b", body, re.I)
    )
    body = re.sub(r"^\s*<!--\s*buttondown-editor-mode:[^>]*-->", "", body)
    body = without_liquid(body, place, notes, {}, lambda *_: None)
    return ImportedPost(
        source=identity or slug,
        place=place,
        title=title,
        body=body,
        form="html" if is_html else "markdown",
        date=as_date(row.get("publish_date") or row.get("creation_date"), UTC),
        is_draft=not sent or restricted,
        slug=slug,
        address=address if sent else "",
        guid=written or (f"{host}{address}" if host and address else ""),
        terms={},
        summary=as_text(row.get("description")),
        image=picture_of(row.get("image")),
    )


KIND = OldKind(
    name="buttondown",
    reads="the zip file of the export, or the folder in it",
    read=read_buttondown,
    mapping={},
)
