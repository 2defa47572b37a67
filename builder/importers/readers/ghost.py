"""Reads the export of Ghost: Settings, Labs, Export your content (a JSON file).

The format: ghost.org/docs/migration/custom. Times are in UTC. The feed has the id of a post as
`guid` (ghost/core/core/frontend/services/rss/generate-feed.js). A post is at `/slug/` unless
routes.yaml says otherwise (ghost.org/docs/themes/routing); `__GHOST_URL__` stands for the address
of the site. Tags whose name begins with `#` are internal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ImportContext, ImportedPost, OldPicture
from builder.importers.readers.files import decoded
from builder.importers.readers.values import as_date, as_text

_LARGEST = 1024 * 1024 * 1024  # bytes
_HERE = re.compile(r"__GHOST_URL__")
_FOR_ALL = ("", "public")


def read_ghost(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the posts and pages of an export."""
    data = _data(path, notes)
    base = re.sub(r"^https?://[^/]*", "", context.base_url)
    rows = [row for row in _rows(data, "posts") if isinstance(row.get("id"), (str, int))]
    tables = _Tables(data)
    posts = []
    for n, row in enumerate(rows):
        place = f"{path.name}: {as_text(row.get('slug')) or n + 1}"
        try:
            posts.append(_post(row, tables, base, place, notes))
        except BadPost as error:
            notes.add("unreadable", place, str(error))
    if not posts:
        raise BadArchive(f"{path} has no posts; export the content, not the members")
    count = sum(1 for p in posts if not p.is_page and not p.is_draft)
    moved = {f"{base}/page/{n}/": "/briefs/" for n in range(2, -(-count // 5) + 1)}
    moved |= {f"{base}/author/{slug}/": "/briefs/" for slug in tables.authors.values()}
    return Archive(
        posts=tuple(posts),
        base_url=context.base_url,
        feeds=(f"{base}/rss/", f"{base}/feed/"),
        moved=moved,
        terms={
            ("tags", name): (f"{base}/tag/{slug}/", f"{base}/tag/{slug}/rss/")
            for name, slug in tables.tags.items()
        },
    )


def _data(path: Path, notes: ImportNotes) -> Mapping[str, Any]:
    if not path.is_file():
        raise BadArchive(f"{path} is not a file; give the JSON file that Ghost exports")
    if path.stat().st_size > _LARGEST:
        raise BadArchive(f"{path} is larger than {_LARGEST // 1024**3} GB")
    try:
        found = json.loads(decoded(path.read_bytes(), path.name, notes))
    except (ValueError, RecursionError) as error:
        raise BadArchive(f"{path} is not JSON: {error}") from None
    if isinstance(found, dict) and isinstance(found.get("db"), list) and found["db"]:
        found = found["db"][0]
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("posts"), list):
        raise BadArchive(f"{path} is not an export of Ghost: it has no `posts`")
    return data


def _rows(data: Mapping[str, Any], table: str) -> Iterator[dict[str, Any]]:
    rows = data.get(table)
    yield from (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))


class _Tables:
    """The tables of an export besides its posts, by the ids that they refer to."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        names, self.tags = dict[str, str](), dict[str, str]()
        for tag in _rows(data, "tags"):
            name = as_text(tag.get("name"))
            if name and not name.startswith("#") and as_text(tag.get("visibility")) != "internal":
                names[as_text(tag.get("id"))] = name
                self.tags[name] = as_text(tag.get("slug"))
        users = {as_text(u.get("id")): u for u in _rows(data, "users")}
        self.authors = {as_text(u.get("name")): as_text(u.get("slug")) for u in users.values()}
        self.tags_of = _joined(data, "posts_tags", "tag_id", names)
        by_id = {key: as_text(user.get("name")) for key, user in users.items()}
        self.authors_of = _joined(data, "posts_authors", "author_id", by_id)
        self.users = by_id
        self.meta = {as_text(m.get("post_id")): m for m in _rows(data, "posts_meta")}


def _joined(
    data: Mapping[str, Any], table: str, field: str, names: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the names that belong to each post, in their order."""
    rows = sorted(_rows(data, table), key=lambda row: _number(row.get("sort_order")))
    found: dict[str, list[str]] = {}
    for row in rows:
        if name := names.get(as_text(row.get(field))):
            found.setdefault(as_text(row.get("post_id")), []).append(name)
    return {post: tuple(dict.fromkeys(values)) for post, values in found.items()}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _post(
    row: dict[str, Any], tables: _Tables, base: str, place: str, notes: ImportNotes
) -> ImportedPost:
    key, slug = as_text(row.get("id")), as_text(row.get("slug"))
    title, status = as_text(row.get("title")), as_text(row.get("status")) or "draft"
    visibility = as_text(row.get("visibility"))
    is_page = as_text(row.get("type")) == "page" or row.get("page") in (1, True)
    is_draft = status not in ("published", "scheduled")
    meta = tables.meta.get(key, {})
    if status == "sent" or meta.get("email_only") in (1, True):
        notes.add("restricted", place, f"{title}: only sent as an email")
        is_draft = True
    elif visibility not in _FOR_ALL:
        notes.add("restricted", place, f"{title}: for {visibility}")
        is_draft = True
    body = as_text(row.get("html"))
    if not body and as_text(row.get("plaintext")):
        body = _paragraphs(as_text(row.get("plaintext")))
    picture = as_text(row.get("feature_image"))
    date = as_date(row.get("published_at") or row.get("created_at"), UTC)
    summary = as_text(row.get("custom_excerpt")) or as_text(meta.get("meta_description"))
    authors = tables.authors_of.get(key) or tuple(
        filter(None, [tables.users.get(as_text(row.get("author_id")), "")])
    )
    return ImportedPost(
        source=key,
        place=place,
        title=title,
        body=_HERE.sub("", body),
        form="html",
        is_page=is_page,
        date=date,
        is_draft=is_draft,
        slug=slug,
        address=f"{base}/{slug}/" if slug and status in ("published", "scheduled") else "",
        guid=key if not is_page else "",
        authors=authors,
        terms={"tags": tables.tags_of.get(key, ())},
        summary=summary,
        image=OldPicture(
            _HERE.sub("", picture),
            as_text(meta.get("feature_image_alt")),
            re.sub(r"<[^<>]*>", "", as_text(meta.get("feature_image_caption"))),
        )
        if picture
        else None,
        lang=as_text(row.get("locale")),
    )


def _paragraphs(text: str) -> str:
    import html

    return "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n{2,}", text))


KIND = OldKind(
    name="ghost",
    reads="the JSON file of Settings, Labs, Export",
    read=read_ghost,
    mapping={"tags": "names"},
    needs_address=False,
)
