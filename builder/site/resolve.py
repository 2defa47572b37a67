"""Resolves the sources and media of a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import cast

from msgspec.structs import replace

from builder.content.content import Content
from builder.diagnostics.diagnostic import Finding
from builder.language.typography import typographic
from builder.ledger.ids import unknown_id
from builder.model.body import Body
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.settings import Settings
from builder.model.source import Source
from builder.model.values import Line
from builder.site.authors import authors_with_page
from builder.site.site import Entry, PublishedMedia, Site


def publisher_link(site: Site, name: str) -> tuple[str, str]:
    """Return a publisher's printed name, and its page's address, if any."""
    found = site.publisher_pages.get(site.names.publisher_slug(name))
    return site.names.publisher_name(name), found.url if found else ""


def link_sources(
    sources: tuple[Source, ...], publisher: Callable[[str], str], language: str
) -> tuple[tuple[Source, ...], list[Finding]]:
    """Return sources with printed names, and problems with their ids."""
    problems: list[Finding] = []
    ids: dict[str, None] = dict.fromkeys(source.id for source in sources)
    complete = all(source.id for source in sources)  # if false, an id is unreadable
    first: dict[str, int] = {}
    linked = []
    for n, source in enumerate(sources):
        if source.id and source.id in first:
            message = f"two sources have the id `{source.id}`"
            hint = "give one of them another id"
            problems.append(Finding(f"sources.{n}.id", "duplicate-source", message, hint))
        first.setdefault(source.id, n)
        if source.of and source.of not in ids and complete:
            problems.append(unknown_id(f"sources.{n}.of", "source", source.of, ids))
        title = Line(typographic(source.title, source.lang or language))
        via = Line(publisher(source.via)) if source.via else source.via
        name = Line(publisher(source.publisher))
        linked.append(replace(source, publisher=name, title=title, via=via))
    return tuple(linked), problems


def linked_media(body: Body) -> set[str]:
    """Return the files of content/media/ to which a body may link."""
    return {link.address.partition("#")[0].removeprefix("/media/") for link in body.links}


def shown_pictures(body: Body) -> set[str]:
    """Return the files of content/media/ that a body shows."""
    return {r.target for r in body.references if r.kind == "media"}


def published_media(
    content: Content,
    settings: Settings,
    shown: Iterable[Outline],
    records: Iterable[object],
    order: Iterable[Entry],
) -> PublishedMedia:
    """Return the files of content/media/ that pages, menu and footer use."""
    linked = {item.url.removeprefix("/media/") for item in (*settings.menu, *settings.footer)}
    named = {slug for entry in order for slug in entry.authors}
    pictures = {str(author.picture) for author in authors_with_page(settings, named)}
    for brief in shown:
        linked.update(brief.media)
        pictures.update(brief.pictures)
    for found in records:
        for record in cast(Mapping[str, Record], found).values():
            linked.update(linked_media(record.body))
            pictures.update(shown_pictures(record.body))
    files = content.media.files.keys()
    return PublishedMedia(frozenset(linked & files), frozenset(pictures & files))
