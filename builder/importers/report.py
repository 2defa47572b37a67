"""Says what becomes of an archive: a table before, and a report after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from builder.importers.notes import GROUPS, ImportNotes
from builder.importers.run import ConvertedImport, FinishedImport


def dry_run_table(converted: ConvertedImport) -> Iterator[str]:
    """Yield lines: what each post becomes, then numbers of words and notes."""
    for planned in converted.planned:
        post = planned.post
        date = f"{post.date.at:%Y-%m-%d}" if post.date else "no date"
        status = "draft" if planned.is_draft else "page" if post.is_page else "brief"
        yield f"{status:5}  {date:10}  {post.place} -> {planned.path}"
        identity = f"guid {planned.guid}" if planned.guid else f"id {planned.id}"
        yield f"       {identity}" + "".join(f"; {old}" for old in planned.redirects)
    table = converted.prepared.table
    sections = Counter(p.names.section for p in converted.planned if p.names.section)
    for kind, names in (
        ("sections", sections),
        *((k, Counter(n for p in converted.planned for n in getattr(p.names, k))) for k in _NAMES),
    ):
        if names:
            shown = ", ".join(f"{name} ({count})" for name, count in names.most_common(20))
            more = f" and {len(names) - 20} more" if len(names) > 20 else ""
            yield f"{kind}: {shown}{more}"
    rules = ", ".join(f"{taxonomy}={target}" for taxonomy, target in table.mapping.items())
    yield f"rules: --map {rules.replace(', ', ',')}"
    for group in GROUPS:
        for words, tally in converted.prepared.notes.of(group):
            yield f"{group}: {words}: {tally.count:,}"


_NAMES = ("topics", "companies", "people")


def report_text(converted: ConvertedImport, finished: FinishedImport) -> str:
    """Return the report of an import in Markdown."""
    prepared, counts = converted.prepared, finished.counts
    base = prepared.archive.base_url or "an unknown address"
    lines = [
        "# Import",
        "",
        f"From {prepared.request.kind.name}, {base}: {len(finished.planned):,} posts and pages.",
        "",
        f"- New: {counts.new:,}; changed since the last import: {counts.changed:,};"
        f" as before: {counts.same:,}; left alone: {counts.left:,}.",
    ]
    drafts = sum(p.is_draft for p in finished.planned)
    pages = sum(p.post.is_page for p in finished.planned)
    known = sum(bool(p.guid) for p in finished.planned)
    redirects = sum(len(p.redirects) for p in finished.planned) + len(converted.moved)
    lines += [
        f"- Drafts: {drafts:,}; pages: {pages:,}.",
        f"- Identities in feeds kept: {known:,}; old addresses that redirect: {redirects:,}.",
    ]
    if finished.sections:
        lines.append(f"- New sections in site.yaml: {', '.join(finished.sections.values())}.")
    if finished.authors:
        names = ", ".join(author.name for author in finished.authors)
        lines.append(f"- New authors in site.yaml: {names}.")
    lines += [*_groups(prepared.notes), "", *_next()]
    return "\n".join(lines) + "\n"


def _groups(notes: ImportNotes) -> Iterator[str]:
    for group, title in GROUPS.items():
        found = [*notes.of(group)]
        if not found:
            continue
        yield from ("", f"## {title}", "")
        for words, tally in found:
            yield f"- {words}: {tally.count:,}"
            for note in tally.first:
                detail = f": {note.detail}" if note.detail else ""
                yield f"  - {note.place}{detail}"


def _next() -> Iterator[str]:
    yield "## Before the switch"
    yield ""
    yield "1. `slugline check` reports no errors. To silence warnings for older stories, add to"
    yield "   site.yaml, with the day of the move:"
    yield ""
    yield "       checks:"
    yield "         - codes: [no-sources, missing-summary, title-without-company]"
    yield "           severity: off"
    yield "           reason: imported from the former site"
    yield "           before: 2025-01-01"
    yield ""
    yield "2. `slugline build`, then compare output/feed.xml with the old feed: the same `guid`s."
    yield "3. Deploy. Import again on the day of the move: it adds only what is new."
