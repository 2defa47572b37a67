"""Files of companies, people and topics that an import needs: new ones, and old addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

from builder.content.old_addresses import read_old_address
from builder.diagnostics.misread import Misread
from builder.editing.edit import EditError, Rewriter
from builder.importers.plan import PlannedPost
from builder.importers.present_site import PresentSite
from builder.importers.record_text import FieldValue, written_record
from builder.importers.tags import TagTable
from builder.safe_files import plain_bytes

_KINDS = ("companies", "people", "topics")


def named_changes(
    table: TagTable,
    site: PresentSite,
    planned: Sequence[PlannedPost],
    paths: Mapping[tuple[str, str], tuple[str, ...]],
    mint: Callable[[], str],
) -> dict[str, tuple[bytes | None, bytes | None]]:
    """Return files of companies, and of other names with old addresses.

    A name that the site knows keeps its file, and only gets old addresses that it lacks."""
    changes: dict[str, tuple[bytes | None, bytes | None]] = {}
    taken = {(kind, stem) for kind in _KINDS for stem in site.stems.get(kind, ())}
    for kind in _KINDS:
        names = dict.fromkeys(name for post in planned for name in getattr(post.names, kind))
        for name in names:
            old = [path for path in paths.get((kind, name), ()) if _usable(path)]
            slug = site.names[kind].resolve(name)
            if slug and (kind, slug) in site.printed:
                path = site.printed[kind, slug][1]
                if change := _with_redirects(site, path, old):
                    changes[path] = change
            elif kind != "topics" or old:
                stem = site.slug(name)
                if not stem or (kind, stem) in taken:
                    continue
                taken.add((kind, stem))
                fields: dict[str, FieldValue] = {"id": mint(), "name": name}
                if old:
                    fields["redirects"] = old
                text = written_record(fields, "")
                changes[f"content/{kind}/{stem}.md"] = (None, text.encode("utf-8"))
    return changes


def _usable(path: str) -> bool:
    try:
        return read_old_address(path, UTC).endswith(("/", ".html", ".htm"))
    except Misread:
        return False


def _with_redirects(
    site: PresentSite, path: str, old: Sequence[str]
) -> tuple[bytes | None, bytes | None] | None:
    """Return the change that adds old addresses to a file, or None if it has them."""
    data = plain_bytes(site.root / path)
    try:
        rewriter = Rewriter(path, data)
        rewriter.add("redirects", [*old])
        now = rewriter.result()
    except EditError:
        return None
    return (data, now) if now != data else None
