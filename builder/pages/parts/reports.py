"""The briefs based on a publisher's reports, with its part in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.model.outline import Cited
from builder.model.source import ROOT_ROLES
from builder.model.time import Moment
from builder.pages.page import Counted, Link
from builder.pages.parts.sources import role_name
from builder.pages.planner import Planner
from builder.site.site import Entry

RECENT = 100  # briefs of a publisher in which relays are counted
_MOST = 12  # publishers listed under a brief, or beside a publisher


class Report(Struct, frozen=True, kw_only=True):
    """A brief based on a publisher's report, with the publisher's part."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    date: Annotated[Moment, "When it was published."]
    lang: Annotated[str, "The language tag."]
    roles: Annotated[
        tuple[str, ...], "The publisher's roles: original report, relay, syndicated copy and so on."
    ]
    origin: Annotated[tuple[Link, ...], "The publishers whose report it passed on, nearest first."]
    passed_on: Annotated[
        tuple[Link, ...], "The publishers that passed on its report, in the brief's order."
    ]


def list_reports(
    plan: Planner, link: Link, field: str, briefs: Sequence[Entry]
) -> tuple[Report, ...]:
    """Return briefs with a publisher's part in each, for a list."""
    found = []
    for entry in briefs:
        part, outline = _part(plan, link, field, entry), plan.view.outline(entry.slug)
        found.append(
            Report(
                title=outline.title,
                url=entry.url,
                date=outline.date,
                lang=outline.lang or plan.language,
                roles=part.roles,
                origin=part.origin[:_MOST],
                passed_on=part.passed_on[:_MOST],
            )
        )
    return tuple(found)


class _Part(NamedTuple):
    """A publisher's part in a brief: roles, origins and relays."""

    roles: tuple[str, ...]
    origin: tuple[Link, ...]
    passed_on: tuple[Link, ...]


def _part(plan: Planner, link: Link, field: str, entry: Entry) -> _Part:
    sources = plan.view.outline(entry.slug).sources
    roles: dict[str, None] = {}
    origin: dict[Link, None] = {}
    passed_on: dict[Link, None] = {}
    for n, source in enumerate(sources):
        ours = plan.publisher(source.publisher).url == link.url
        copied = bool(source.via) and plan.publisher(source.via).url == link.url
        if field == "reported" and ours and source.role in ROOT_ROLES:
            roles.setdefault(role_name(source.role))
            passed_on.update(dict.fromkeys(_followers(plan, sources, n)))
        elif field == "relayed" and ours and source.role not in ROOT_ROLES:
            roles.setdefault(role_name(source.role))
            origin.update(dict.fromkeys(_way(plan, sources, n)[1:]))
        elif field == "relayed" and copied:
            roles.setdefault("syndicated copy")
            origin.update(dict.fromkeys(_way(plan, sources, n)))
    for names in (origin, passed_on):
        names.pop(link, None)
    return _Part(tuple(roles), tuple(origin), tuple(passed_on))


def _way(plan: Planner, sources: Sequence[Cited], n: int) -> tuple[Link, ...]:
    """Return the publishers from a source back to the original report."""
    way = {n: None}  # a circle ends where it began
    while (origin := sources[n].of) >= 0 and origin not in way:
        way[n := origin] = None
    return tuple(plan.publisher(sources[m].publisher) for m in way)


def _followers(plan: Planner, sources: Sequence[Cited], n: int) -> Iterator[Link]:
    """Yield who passed on a source, directly or indirectly.

    The publisher whose copy was read comes first.
    """
    if sources[n].via:
        yield plan.publisher(sources[n].via)
    relays = _relays(tuple(source.of for source in sources))
    found, waiting = {n}, [n]
    while waiting:
        new = [m for m in relays.get(waiting.pop(), ()) if m not in found]
        found.update(new)
        waiting += new
    for m in sorted(found - {n}):
        yield plan.publisher(sources[m].publisher)


@lru_cache(maxsize=32)
def _relays(origins: tuple[int, ...]) -> dict[int, list[int]]:
    """Return which sources pass on a source directly, by its index."""
    found: dict[int, list[int]] = {}
    for m, origin in enumerate(origins):
        if origin >= 0:
            found.setdefault(origin, []).append(m)
    return found


def count_beside(
    plan: Planner, link: Link, ours: Sequence[Entry], theirs: Sequence[Entry]
) -> tuple[tuple[Counted, ...], tuple[Counted, ...]]:
    """Return whose reports a publisher passes on, and who relays its own.

    Both are ordered by number of briefs.
    """
    relays = Counter[Link]()
    for entry in ours[:RECENT]:
        relays.update(_part(plan, link, "reported", entry).passed_on)
    origins = Counter[Link]()
    for entry in theirs[:RECENT]:
        origins.update(_part(plan, link, "relayed", entry).origin[-1:])
    return _counted(origins), _counted(relays)


def _counted(uses: Counter[Link]) -> tuple[Counted, ...]:
    ranked = sorted(uses.items(), key=lambda item: (-item[1], item[0].name))
    return tuple(Counted(link.name, link.url, n) for link, n in ranked[:_MOST])
