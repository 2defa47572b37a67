"""The figures of a site without those that a translation repeats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from builder.ledger.numbers import FigureRecord
from builder.quantity.quantity import unit_key
from builder.site.site import Site


def stated_once(
    site: Site, figures: tuple[FigureRecord, ...], originals: Mapping[str, str]
) -> tuple[FigureRecord, ...]:
    """Return figures without those that a translation repeats.

    Two are the same if they have the same id, or the same amount, companies and time."""
    if not originals and not site.versions:
        return figures
    said = {identity for v in figures for identity in _identities(v, v.brief)}
    kept = [v for v in figures if said.isdisjoint(_identities(v, originals.get(v.brief, "")))]
    if not site.versions:
        return tuple(kept)
    again = {v.name for v, _ in _repeated(site, kept, originals)}
    return tuple(v for v in kept if v.name not in again)


def stated_first(site: Site) -> tuple[FigureRecord, ...]:
    """Return figures, each as one version of its story states it.

    That is the version of the edition, or else the first. An original that says another amount
    than a translation before it states its own figure."""
    figures = tuple(site.figures)
    originals = originals_of(site, figures)
    if not originals:  # each brief is a story of its own
        return figures
    again = {
        v.name
        for v, first in _repeated(site, figures, originals)
        if _amount(v) == _amount(first) or v.brief in originals or site.versions
    }
    return tuple(v for v in figures if v.name not in again)


def first_statements(
    site: Site, figures: tuple[FigureRecord, ...], originals: Mapping[str, str]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the figure that each figure repeats: since when it is known."""
    return {
        v.name: first.name
        for v, first in (_repeated(site, figures, originals) if originals else ())
        if _amount(v) == _amount(first)
    }


def originals_of(site: Site, figures: Iterable[FigureRecord]) -> dict[str, str]:
    """Return the original of each translation that has figures."""
    briefs = {v.brief for v in figures}
    return {slug: original for slug in briefs if (original := site.entries[slug].original)}


def _repeated(
    site: Site, figures: Sequence[FigureRecord], originals: Mapping[str, str]
) -> Iterator[tuple[FigureRecord, FigureRecord]]:
    """Yield the figures that another version of the story states first, each with that one.

    The edition's own version counts as the first, in the words of its readers; of others the
    oldest."""
    own = {entry.slug for entry in site.order} if site.versions else frozenset[str]()
    dates = {v.brief: site.entries[v.brief].date.at for v in figures}
    oldest = sorted(figures, key=lambda v: (v.brief not in own, dates[v.brief], v.brief))
    seen = dict[tuple[object, ...], FigureRecord]()
    firsts = dict[tuple[str, str], FigureRecord]()
    for v in oldest:
        found = [
            seen.setdefault(identity, v)
            for identity in _identities(v, originals.get(v.brief, v.brief))
        ]
        if other := next((one for one in found if one.brief != v.brief), None):
            firsts[v.name] = firsts.get(other.name, other)
            yield v, firsts[v.name]


def _identities(v: FigureRecord, brief: str) -> tuple[tuple[object, ...], ...]:
    """Return what identifies a figure among those of a brief."""
    return (brief, v.id), (brief, v.of, v.to, v.at, v.is_period, v.basis, *_amount(v))


def _amount(v: FigureRecord) -> tuple[object, ...]:
    return v.value.low, v.value.high, unit_key(v.value.unit)
