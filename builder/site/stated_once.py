"""The figures of a site without those that a translation repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from builder.ledger.numbers import FigureRecord
from builder.quantity.quantity import unit_key
from builder.site.site import Site


def stated_once(site: Site) -> tuple[FigureRecord, ...]:
    """Return all figures, without those that a translation repeats.

    Two are the same if they have the same id, or the same amount, companies and time."""
    originals = _originals(site)
    if not originals and not site.versions:
        return tuple(site.figures)
    said = {identity for v in site.figures for identity in _identities(v, v.brief)}
    kept = [v for v in site.figures if said.isdisjoint(_identities(v, originals.get(v.brief, "")))]
    return tuple(_once_a_story(site, kept, originals)) if site.versions else tuple(kept)


def stated_first(site: Site) -> tuple[FigureRecord, ...]:
    """Return figures, each as one version of its story states it.

    That is the version of the edition, or else the first."""
    originals = _originals(site)
    if not originals:  # each brief is a story of its own
        return tuple(site.figures)
    return tuple(_once_a_story(site, site.figures, originals))


def _originals(site: Site) -> dict[str, str]:
    """Return the original of each translation that has figures."""
    briefs = {v.brief for v in site.figures}
    return {slug: original for slug in briefs if (original := site.entries[slug].original)}


def _once_a_story(
    site: Site, figures: Sequence[FigureRecord], originals: Mapping[str, str]
) -> Iterator[FigureRecord]:
    """Yield figures, each once of the versions of a story.

    That of the edition's own version counts, in the words of its readers; of others the oldest."""
    own = {entry.slug for entry in site.order} if site.versions else frozenset[str]()
    dates = {v.brief: site.entries[v.brief].date.at for v in figures}
    oldest = sorted(figures, key=lambda v: (v.brief not in own, dates[v.brief], v.brief))
    seen, again = dict[tuple[object, ...], str](), set[int]()
    for v in oldest:
        for identity in _identities(v, originals.get(v.brief, v.brief)):
            if seen.setdefault(identity, v.brief) != v.brief:
                again.add(id(v))
    return (v for v in figures if id(v) not in again)


def _identities(v: FigureRecord, brief: str) -> tuple[tuple[object, ...], ...]:
    """Return what identifies a figure among those of a brief."""
    amount = v.value.low, v.value.high, unit_key(v.value.unit)
    return (brief, v.id), (brief, v.of, v.to, v.at, v.is_period, v.basis, amount)
