"""What can be counted of a publisher's original reports, with the brief behind each count.

Nothing here is a rating: a report is first if it certainly came before those of all other owners
behind the same brief, and its outcome is what later briefs say of the claims and figures that
rest on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from builder.ledger.independence import Backing, roots_of
from builder.ledger.names import Imprints
from builder.ledger.standing import Standing
from builder.model.outline import Cited, Outline, Voucher

TrackKind = Literal["first", "joined", "confirmed", "denied", "edited"]
_LATER: Mapping[str, TrackKind] = {
    "report": "joined",
    "confirmed": "confirmed",
    "denied": "denied",
}  # a dispute decides nothing
_HOUR = 3600


class Tracked(Struct, frozen=True, array_like=True, order=True):
    """What is known of one report: that it was first, or its outcome.

    `first`: it came at least `hours` before the report of the publisher `who`, a name as written.
    `joined`: the brief `later` has another independent report of the same. `confirmed` and
    `denied`: so did the company `who` (a slug, or empty), in the brief `later`. `edited`: its page
    no longer says the words that the brief quotes."""

    brief: str
    kind: TrackKind
    later: str = ""
    who: str = ""
    hours: int = 0


class _Original(NamedTuple):
    """The first report of an owner behind a brief."""

    until: float
    since: float
    publisher: str


def track_records(
    shown: Mapping[str, Outline],
    originals: Mapping[str, str],
    standing: Mapping[str, Standing],
    imprints: Imprints,
) -> dict[str, tuple[Tracked, ...]]:
    """Return what is known of the reports of each publisher.

    The latest brief comes first. `shown` are the published briefs, `originals` maps translations
    to originals, which say nothing of their own. Publishers are known by `imprints.name`."""
    found: dict[str, dict[Tracked, None]] = {}
    order = sorted(shown.values(), key=lambda brief: (-brief.date.at.timestamp(), brief.slug))
    for brief in order:
        if originals.get(brief.slug) in shown or not brief.sources:
            continue
        for publisher, tracked in _of_brief(brief, standing.get(brief.slug), imprints):
            found.setdefault(imprints.name(publisher), {}).setdefault(tracked)
    return {name: tuple(records) for name, records in found.items()}


def _of_brief(
    brief: Outline, standing: Standing | None, imprints: Imprints
) -> Iterator[tuple[str, Tracked]]:
    """Yield what is known of the reports behind a brief, with their publishers."""
    roots = roots_of(brief.sources)
    yield from _first(brief, roots, imprints)
    for source in brief.sources:
        if source.edited and source.role == "original":
            yield source.publisher, Tracked(brief.slug, "edited")
    for vouchers, backing in _backed(brief, standing) if standing else ():
        reports = {roots[v.source] for v in vouchers if v.source >= 0}
        for at in sorted(reports):
            if brief.sources[at].role == "original":
                for later in backing.later:
                    if kind := _LATER.get(later.kind):
                        tracked = Tracked(brief.slug, kind, later.brief, later.who)
                        yield brief.sources[at].publisher, tracked


def _backed(brief: Outline, standing: Standing) -> Iterator[tuple[Sequence[Voucher], Backing]]:
    """Yield the vouchers of each claim and figure, and what stands behind it."""
    for said, backing in zip(brief.claims, standing.claims, strict=False):
        yield said.vouchers, backing
    yield from zip(brief.vouchers, standing.figures, strict=False)


def _first(
    brief: Outline, roots: Sequence[int], imprints: Imprints
) -> Iterator[tuple[str, Tracked]]:
    """Yield the report that was certainly first, if there are others and all have dates."""
    reports: dict[str, _Original] = {}
    for at in sorted({*roots}):
        source: Cited = brief.sources[at]
        if source.role != "original":
            continue
        if not source.until:
            return
        own = _Original(source.until, source.since, source.publisher)
        owner = imprints.owner(source.publisher)
        reports[owner] = min(own, reports.get(owner, own))
    if len(reports) < 2:
        return
    first, *others = sorted(reports.values())
    following = min(others, key=lambda other: (other.since, other.publisher))
    if first.until <= following.since:
        hours = int((following.since - first.until) // _HOUR)
        tracked = Tracked(brief.slug, "first", who=following.publisher, hours=hours)
        yield first.publisher, tracked
