"""Texts that nobody can read, because no brief names their record."""

from __future__ import annotations

from collections.abc import Iterator

from builder.diagnostics.diagnostic import Finding
from builder.model.entity import Company, Person, Publisher, Thread, Topic
from builder.site.publication import named_by, unpublished_records
from builder.site.site import Site

_KINDS = {
    Company: "company",
    Person: "person",
    Topic: "topic",
    Publisher: "publisher",
    Thread: "thread",
}


def check_unnamed(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield records whose text no brief would publish, not even a draft.

    A record without a text is an entry of a register, which may be kept for later. A brief with an
    unreadable front matter may name any record, so nothing is reported then."""
    waiting = [
        record
        for record in unpublished_records(site)
        if isinstance(record, (Company, Person, Topic, Publisher, Thread))
        if record.path and not record.broken and not record.draft and not _is_merged(record)
        if record.body.html or getattr(record, "summary", "")
    ]
    if not waiting or any(outline.broken for outline in site.content.outlines):
        return
    named = named_by(site, site.entries)
    for record in waiting:
        if named(record):
            continue
        if isinstance(record, Thread):
            field, name = "title", record.title
            hint = f"add `thread: {record.slug}` to a brief; or add `status: draft`"
        else:
            field, name = "name", record.name
            hint = "name it in a brief; or add `listed: true`, or `status: draft`"
        message = f"the {_KINDS[type(record)]} `{name}` has no page, because no brief names it"
        yield record.path, Finding(field, "no-page", message, hint)


def _is_merged(record: object) -> bool:
    return isinstance(record, Company) and bool(record.merged_into)
