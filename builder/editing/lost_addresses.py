"""Finds the records that had the addresses which a deploy would remove, and lists them there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, cast

from builder.editing.edit import EditError, Rewriter
from builder.editing.new import mint_id, scalar
from builder.editing.transaction import Changes
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.names.keys import as_read, exact_slug, fold, slugify, spell_signs
from builder.names.transliterate import without_marks
from builder.safe_files import plain_bytes
from builder.site.edition_names import base_of
from builder.site.site import Site

_PAGE = re.compile(r"(?P<folder>(?:[^/]+/)?)(?P<slug>[^/]+)/index\.html")
_FOLDERS = {"sources": "publishers"}  # of content/, where they differ from those of addresses
Addressed = Outline | Company | Topic | Thread | Person | Publisher | PlainPage


class LostAddress(NamedTuple):
    """An address that readers have, and the record that had it."""

    address: str  # decoded
    slug: str
    now: str  # the address of the record, decoded; empty if none is known to have had it
    path: str  # the record's file; empty if it has none
    name: str
    folder: str


def find_lost(paths: Iterable[str], stories: Mapping[str, str], site: Site) -> list[LostAddress]:
    """Return the addresses among `paths` that no record has any more.

    `paths` are files that readers have; `stories` are paths of pages by the identity of the story
    in feeds."""
    records = [*_records(site)]
    bases = [base_of(site.config.settings, tag) for tag in site.config.settings.editions]
    present = {as_read(record.url) for record in records}
    present |= {as_read(redirect.address) for redirect in site.redirects}
    former = _by_former_address(records)
    for record in records:
        if isinstance(record, Outline) and (path := stories.get(record.identity)):
            if path.count("/") != 2:  # in an edition
                continue
            former[f"/{path.removesuffix('index.html')}"] = [record]
    folders = {address[: address.rindex("/", 0, -1) + 1] for address in present} - {"/"}
    found: dict[str, LostAddress] = {}
    for path in sorted(paths):
        base = next((b for b in bases if f"/{path}".startswith(f"{b}/")), "")
        page = _PAGE.fullmatch(f"/{path}"[len(base) + 1 :])
        address = f"/{page['folder']}{page['slug']}/" if page else ""
        if not page or address in present or address in found or page["slug"].isdecimal():
            continue
        had = former.get(address, [])
        if len(had) == 1:
            record = had[0]
            found[address] = LostAddress(
                address, page["slug"], as_read(record.url), record.path, _name(record),
                page["folder"].rstrip("/"),
            )  # fmt: skip
        elif f"/{page['folder']}" in folders:
            found[address] = LostAddress(address, page["slug"], "", "", "", "")
    return [*found.values()]


def _records(site: Site) -> Iterator[Addressed]:
    """Yield the published records that have a page."""
    yield from (site.outlines[entry.slug] for entry in site.order)
    yield from (site.outlines[slug] for slug in site.withdrawn)
    for records in (
        site.companies, site.topics, site.threads, site.people, site.publisher_pages, site.pages,
    ):  # fmt: skip
        yield from cast(Mapping[str, Addressed], records).values()


def _name(record: Addressed) -> str:
    return str(getattr(record, "name", "") or getattr(record, "title", ""))


def _by_former_address(records: Iterable[Addressed]) -> dict[str, list[Addressed]]:
    """Return the records by the addresses that other rules would give them."""
    found: dict[str, list[Addressed]] = {}
    for record in records:
        url = as_read(record.url)
        folder = url[: url.rindex("/", 0, -1) + 1]
        for slug in _other_slugs(record) - {""}:
            found.setdefault(f"{folder}{slug}/", []).append(record)
    return found


def _other_slugs(record: Addressed) -> set[str]:
    """Return the slugs of a record by both styles, and by the rule before transliteration."""
    name = _name(record)
    found = {slugify(record.slug)}
    for text in (name, spell_signs(fold(name))):
        found |= {slugify(text), slugify(text, "unicode"), exact_slug(text), _without_letters(text)}
    return found - {record.slug}


def _without_letters(text: str) -> str:
    """Return a slug without the letters of other scripts: `C 语言` was `c`."""
    return re.sub(r"[^a-z0-9]+", "-", without_marks(fold(text))).strip("-")


def redirect_changes(root: Path, lost: Iterable[LostAddress]) -> Changes:
    """Return the changes that list lost addresses in `redirects`.

    A name that has no file gets one."""
    by_path: dict[str, list[LostAddress]] = {}
    for one in lost:
        if one.now:
            by_path.setdefault(one.path or _new_path(one), []).append(one)
    changes: dict[str, tuple[bytes | None, bytes | None]] = {}
    for path, several in by_path.items():
        old = [one.slug for one in several]
        if several[0].path:
            before = plain_bytes(root / path)
            rewriter = Rewriter(path, before)
            fields = rewriter.document.fields
            rewriter.add("redirects", old, "title" if "title" in fields else "name")
            changes[path] = (before, rewriter.result())
        elif (root / path).exists():
            raise EditError(f"{path} already exists and describes something else")
        else:
            lines = ["---", f"id: {mint_id()}", f"name: {scalar(several[0].name)}"]
            lines += [f"redirects: [{', '.join(map(scalar, old))}]", "---", ""]
            changes[path] = (None, "\n".join(lines).encode())
    return changes


def _new_path(one: LostAddress) -> str:
    folder = _FOLDERS.get(one.folder, one.folder)
    return f"content/{folder}/{one.now.rstrip('/').rpartition('/')[2]}.md"
