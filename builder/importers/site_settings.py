"""Changes site.yaml as an import needs it, and keeps its comments and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from builder.content.config import FILE
from builder.editing.entries import EntryEditor
from builder.importers.notes import ImportNotes
from builder.importers.plan import NewAuthor
from builder.importers.present_site import PresentSite


def changed_settings(
    site: PresentSite,
    sections: Mapping[str, str],
    authors: Sequence[NewAuthor],
    limits: Mapping[str, int],
    moved: Mapping[str, str],
    feed_items: int,
    notes: ImportNotes,
) -> bytes:
    """Return the bytes of site.yaml with what is new.

    `sections` maps slugs to names; `moved` maps old paths to new ones. `feed_items` is the length
    of the feed, or 0 to leave it. Raises EditError if the file must be edited by hand."""
    editor = EntryEditor(FILE, site.settings)
    fields = editor.document.fields
    declared = {str(section.slug) for section in site.config.settings.sections}
    for slug, name in sections.items():
        if slug not in declared:
            editor.append("sections", {"slug": slug, "name": name})
    for author in authors:
        editor.append("authors", {"slug": author.slug, "name": author.name})
    known = {str(one.old) for one in site.config.settings.moved}
    for old, new in moved.items():
        if old not in known:
            editor.append("moved", {"from": old, "to": new})
    if limits:
        if isinstance(fields.get("limits"), dict):
            for name, size in limits.items():
                editor.set(f"limits.{name}", str(size))
        else:
            editor.set("limits", {name: str(size) for name, size in limits.items()})
        notes.add("limits", FILE, ", ".join(f"{n}: {size}" for n, size in limits.items()))
    if feed_items and "feed_items" not in fields:
        editor.set("feed_items", str(feed_items))
    return editor.result()
