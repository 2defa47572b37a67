"""Decides what each post becomes: its file, address, names and old addresses.

Nothing is written, and no text is converted. The order of the posts decides who keeps an address
that two want: the oldest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import NamedTuple
from urllib.parse import unquote

from builder.content.config import match_declared
from builder.content.old_addresses import read_old_address
from builder.content.urls import split_address
from builder.diagnostics.misread import Misread
from builder.importers.feed_identity import FeedIdentities
from builder.importers.import_record import ImportRecord
from builder.importers.notes import ImportNotes
from builder.importers.old_addresses import page_key
from builder.importers.post import Archive, ImportedPost
from builder.importers.present_site import PresentSite
from builder.importers.tags import PostNames, TagTable
from builder.importers.text.characters import new_slug
from builder.names.keys import in_address, page_address
from builder.pages.kinds import RESERVED

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # as in ids from `slugline new`


class PlannedPost(NamedTuple):
    """A post, the file that it becomes, and what its front matter says of the old site."""

    post: ImportedPost
    path: str  # of its file
    url: str
    guid: str
    id: str
    redirects: tuple[str, ...]
    names: PostNames
    authors: tuple[str, ...]  # their slugs
    is_draft: bool


class NewAuthor(NamedTuple):
    """An author whom site.yaml does not have yet."""

    slug: str
    name: str


def old_path(address: str) -> str:
    """Return the path and query of an address."""
    if re.match(r"https?://", address, re.I):
        parts = split_address(address)
        if parts is None:
            return ""
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return address if address.startswith("/") or not address else f"/{address}"


def minted(source: str) -> str:
    """Return an id that depends on the identity in the archive alone."""
    number = int.from_bytes(hashlib.blake2b(source.encode(), digest_size=8).digest())
    letters = []
    for _ in range(8):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def in_order(posts: Iterable[ImportedPost]) -> list[ImportedPost]:
    """Return posts in the order in which they keep what two want.

    Published ones come before drafts, pages last, and older ones first."""
    return sorted(posts, key=lambda p: (p.is_page, p.is_draft, _moment(p), p.source))


def _moment(post: ImportedPost) -> float:
    return post.date.at.timestamp() if post.date else float("inf")


def plan_posts(
    key: str,
    archive: Archive,
    site: PresentSite,
    record: ImportRecord,
    table: TagTable,
    identities: FeedIdentities,
    notes: ImportNotes,
) -> tuple[list[PlannedPost], list[NewAuthor]]:
    """Return what each post becomes, and authors to declare."""
    authors: dict[str, NewAuthor] = {}
    known = record.posts.get(key, {})
    ours = {file.path for files in record.posts.values() for file in files.values()}
    taken = {"briefs": set(site.stems.get("briefs", ())), "pages": set(site.stems.get("pages", ()))}
    for path in ours:
        folder, _, name = path.removeprefix("content/").partition("/")
        taken.setdefault(folder, set()).add(name.removesuffix(".md"))
    taken["pages"] |= {root.strip("/") for root, text in RESERVED.items() if not text}
    taken["pages"] |= {str(section.slug) for section in site.config.settings.sections}
    taken["pages"] |= {*table.sections.values()}
    guids: dict[str, str] = {}
    addresses: dict[str, str] = {}
    planned = []
    for post in in_order(archive.posts):
        folder = "pages" if post.is_page else "briefs"
        if post.source in known:
            path = known[post.source].path
            slug = path.rpartition("/")[2].removesuffix(".md")
        else:
            wanted = post.slug or _last(post.address)
            names = (wanted, post.title, post.source)
            slug = new_slug(names, site.config.slugs, taken[folder], post.place, notes)
            path = f"content/{folder}/{slug}.md"
        taken[folder].add(slug)
        url = _url(slug, post.is_page)
        draft = post.is_draft or (post.date is None and not post.is_page)
        if post.date is None and not post.is_page and not post.is_draft:
            notes.add("undated", post.place)
        guid = "" if post.is_page else _guid(post, path, draft, identities, guids, notes)
        planned.append(
            PlannedPost(
                post, path, url, guid, "" if guid else minted(f"{key} {post.source}"),
                (), table.of(post), tuple(_authors(post, site, authors)), draft,
            )
        )  # fmt: skip
    others = [*(s.slug for s in site.config.settings.sections), *table.sections.values()]
    others += site.stems.get("pages", ())
    new_urls = {_url(slug, True) for slug in others}
    new_urls |= {_url(stem, False) for stem in site.stems.get("briefs", ())}
    new_urls -= {_url_of_file(file) for file in ours}
    new_urls = {url.casefold() for url in (*new_urls, *(p.url for p in planned))}
    found = [
        p._replace(redirects=tuple(_redirects(p, site, addresses, new_urls, notes)))
        for p in planned
    ]
    return found, [*authors.values()]


def _url_of_file(path: str) -> str:
    """Return the address of a record by its file."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    return _url(stem, path.startswith("content/pages/"))


def _url(slug: str, is_page: bool) -> str:
    return f"/{in_address(slug)}/" if is_page else page_address("briefs", slug)


def _last(address: str) -> str:
    """Return the last part of an address, which names the page."""
    path = unquote(old_path(address).partition("?")[0])
    parts = [part for part in re.sub(r"/(index\.\w+)?$", "", path).split("/") if part]
    return re.sub(r"\.\w{2,4}$", "", parts[-1]) if parts else ""


def _guid(
    post: ImportedPost,
    path: str,
    draft: bool,
    identities: FeedIdentities,
    guids: dict[str, str],
    notes: ImportNotes,
) -> str:
    guid = " ".join(identities.of(post, notes).split())
    if not guid:
        if not draft:
            notes.add("no-guid", post.place)
        return ""
    other = guids.setdefault(guid, path)
    if other != path:
        notes.add("same-guid", post.place, f"{other} has {guid}")
        return ""
    return guid[:2000]


def _authors(post: ImportedPost, site: PresentSite, authors: dict[str, NewAuthor]) -> Iterator[str]:
    """Yield the slugs of authors, and note those whom site.yaml does not have."""
    declared = {str(author.slug): author.name for author in site.config.settings.authors}
    for name in post.authors:
        known = {**declared, **{slug: new.name for slug, new in authors.items()}}
        slug = match_declared(name, known)
        if slug is None:
            slug = site.slug(name)
            if not slug:
                continue
            authors[slug] = NewAuthor(slug, name)
        yield slug


def _redirects(
    planned: PlannedPost,
    site: PresentSite,
    addresses: dict[str, str],
    new_urls: set[str],
    notes: ImportNotes,
) -> Iterator[str]:
    """Yield the old addresses of a post that this site can redirect."""
    post = planned.post
    for written in dict.fromkeys((post.address, *post.aliases)):
        address = here(old_path(written), site)
        if address is None:
            notes.add("redirect", post.place, written)
            continue
        if not address or address == "/" or address.casefold() == planned.url.casefold():
            continue
        read = usable_redirect(address, site, post.place, notes)
        if read is None or page_key(read) == page_key(planned.url):
            continue
        key = read.casefold()
        if key in new_urls:
            notes.add("same-address", post.place, f"{read} is an address of this site")
            continue
        other = addresses.setdefault(key, planned.path)
        if other != planned.path:
            notes.add("same-address", post.place, f"{other} has {read}")
            continue
        yield read


def here(path: str, site: PresentSite) -> str | None:
    """Return an old path below the base URL, or None."""
    base = site.base_path
    if not base or not path:
        return path
    if path == base or path.startswith((f"{base}/", f"{base}?")):
        return path[len(base) :] or "/"
    return None


def usable_redirect(address: str, site: PresentSite, place: str, notes: ImportNotes) -> str | None:
    """Return an old address that can be redirected, or None."""
    try:
        read = read_old_address(address, UTC)
    except Misread as misread:
        notes.add("redirect", place, str(misread))
        return None
    hosting = site.config.settings.hosting
    if "?" in read and (not hosting or hosting == "cloudflare"):
        notes.add("query", place, read)
        return None
    if "?" not in read and not read.endswith(("/", ".html", ".htm")) and not hosting:
        notes.add("redirect", place, f"{read}; set `hosting` in site.yaml")
        return None
    return read


def address_tables(
    planned: Sequence[PlannedPost], archive: Archive, lists: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return new addresses by old path, and by file of the archive."""
    pages: dict[str, str] = {}
    sources: dict[str, str] = {}
    for old, new in lists.items():
        pages.setdefault(page_key(old), new)
    for item in planned:
        sources[item.post.source] = item.url
        for written in (item.post.address, *item.post.aliases):
            if path := old_path(written):
                pages.setdefault(path if "?" in path else page_key(path), item.url)
    pages.setdefault("/", "/")
    base = old_path(archive.base_url)
    if base.strip("/"):
        pages.setdefault(page_key(base), "/")
    return pages, sources
