"""Completes the parts of a record: ids, slugs and publishers that editors leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from builder.content.evidence_fields import stamp_of
from builder.content.urls import domain_name, host_of
from builder.model.author import Author
from builder.model.figure import Figure
from builder.model.settings import Section
from builder.model.source import ArchivedCopy, Source
from builder.model.time import NO_DATE, PublicationTime, ScheduledTime
from builder.model.values import Line, Slug
from builder.model.watchlist import Watchlist
from builder.names.keys import SlugStyle, exact_slug, shorten_slug, slugify

# What stands in for a required value that is missing or unreadable, by its type.
STAND_INS: dict[Any, Any] = {
    PublicationTime: NO_DATE,
    ScheduledTime: ScheduledTime(NO_DATE.at),
}
_LONGEST = 60  # characters of a default id


def _name_source(source: Source) -> tuple[str, str]:
    host = host_of(source.url)
    return domain_name(host) if source.publisher == host else source.publisher, "source"


# What the default id of a part is made of, and the id without a letter in that.
_NAMES: dict[type[Struct], Callable[[Any], tuple[str, str]]] = {
    Source: _name_source,
    Figure: lambda figure: (figure.metric, "figure"),
}


def _default_id(part: Any, style: SlugStyle) -> str:
    name, otherwise = _NAMES[type(part)](part)
    slug = slugify(name, style)
    return (slug[:_LONGEST] if slug.isascii() else shorten_slug(slug, _LONGEST)).strip(
        "-"
    ) or otherwise


def complete_part(part: Struct, style: SlugStyle) -> Struct:
    """Return a part with the defaults that depend on its other fields."""
    if isinstance(part, Source) and part.url and not part.publisher:
        return replace(part, publisher=Line(host_of(part.url)))
    if isinstance(part, ArchivedCopy) and part.at is None and (stamp := stamp_of(part.url)):
        return replace(part, at=PublicationTime(stamp, "minute"))
    if isinstance(part, (Section, Author, Watchlist)) and not part.slug:
        return replace(part, slug=Slug(exact_slug(part.name, style)))
    return part


def complete_ids(
    kind: type[Struct], parts: Sequence[Any], written: Collection[int], style: SlugStyle
) -> list[Any]:
    """Return the parts of a list, each with an id.

    `written` has the indexes of parts with an id of their own, which may be unreadable. Parts whose
    defaults are equal are numbered from 1, or from 2 if another part has that very id."""
    if kind not in _NAMES:
        return list(parts)
    names = {n: _default_id(part, style) for n, part in enumerate(parts) if n not in written}
    times = Counter(names.values())
    taken = {str(parts[n].id) for n in written}
    found, last = list(parts), dict[str, int]()
    for n, name in names.items():
        if times[name] == 1 and name not in taken:
            chosen = name
        else:
            number = max(last.get(name, 0) + 1, 2 if name in taken else 1)
            while (chosen := f"{name}-{number}") in taken or times.get(chosen):
                number += 1
            last[name] = number
        taken |= {chosen} if chosen != name else set()
        found[n] = replace(parts[n], id=Slug(chosen))
    return found
