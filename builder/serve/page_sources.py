"""What a preview knows of each page: its badge, its source, the nearest list above it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from builder.diagnostics.diagnostic import Diagnostic
from builder.language.dates import with_time
from builder.model.entity import Profile
from builder.names.keys import as_read
from builder.output.inventory import parents
from builder.serve.messages import Badge
from builder.site.edition_names import address_of
from builder.site.publication import unpublished_records
from builder.site.site import Site


def badges(site: Site) -> Iterator[tuple[str, Badge]]:
    """Yield the file and badge of each unpublished page."""
    language = site.config.settings.language
    for slug, entry in site.entries.items():
        if entry.notice:
            outline = site.outlines[slug]
            date = with_time(entry.date, language) if entry.notice == "scheduled" else ""
            url = as_read(address_of(outline, site.config.settings))
            yield f"{url.removeprefix('/')}index.html", Badge(entry.notice, date, outline.path)
    for record in unpublished_records(site):
        if record.url and not isinstance(record, Profile):
            kind = str(getattr(record, "status", "")) if record.draft else "unpublished"
            yield f"{as_read(record.url).removeprefix('/')}index.html", Badge(kind, "", record.path)


def sources(site: Site, problems: Iterable[Diagnostic]) -> dict[str, str]:
    """Return the source of each page with problems, by the page's file."""
    paths = {problem.path for problem in problems}
    if not paths:
        return {}
    records = (record for found in site.content.records.values() for record in found)
    settings = site.config.settings
    every = [(brief.path, address_of(brief, settings)) for brief in site.content.outlines]
    every += [
        (r.path, address_of(r, settings) if isinstance(r, Profile) else r.url) for r in records
    ]
    # A draft whose slug is taken has another address than its file says.
    every += [(brief.path, address_of(brief, settings)) for brief in site.outlines.values()]
    return {
        f"{as_read(url).lstrip('/')}index.html": path
        for path, url in every
        if path in paths and url
    }


def nearest_list(file: str, there: Container[str]) -> str:
    """Return the address of the nearest existing list above a deleted page."""
    for folder in parents(file.removesuffix("/index.html")):
        if f"{folder}/index.html" in there:
            return f"/{folder}/"
    return "/"
