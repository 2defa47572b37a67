"""Groups of briefs that translate each other, and their originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.model.outline import Outline
from builder.model.time import Moment
from builder.names.chains import ends_of


def group_translations(
    briefs: Mapping[str, Outline], shown: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return each brief and its versions in other languages, by language.

    Only briefs that are shown and that have a translation are included. Of several versions in one
    language, the others name the first."""
    found: dict[str, tuple[str, ...]] = {}
    for slugs in _groups(briefs, shown, originals_of(briefs)):
        first = {briefs[slug].lang: slug for slug in sorted(slugs, reverse=True)}
        group = [slug for _, slug in sorted(first.items())]
        for slug in slugs if len(group) > 1 else ():
            named = first[briefs[slug].lang]
            found[slug] = tuple(slug if other == named else other for other in group)
    return found


def _groups(
    briefs: Mapping[str, Outline], shown: Iterable[str], origins: Mapping[str, str]
) -> list[list[str]]:
    """Return the briefs that translate one original, with it, by groups of at least two."""
    groups: dict[str, list[str]] = {}
    for slug in shown:
        groups.setdefault(origins.get(slug, slug), []).append(slug)
    return [slugs for origin, slugs in groups.items() if origin and len(slugs) > 1]


def find_originals(briefs: Mapping[str, Outline], shown: Iterable[str]) -> dict[str, str]:
    """Return the original of each translation, if both are shown.

    If an original is not shown, the first of its translations stands in for it."""
    origins = originals_of(briefs)
    found: dict[str, str] = {}
    for group in _groups(briefs, shown, origins):
        origin = origins.get(group[0], group[0])
        first = min(group, key=lambda slug: (slug != origin, briefs[slug].date.at, slug))
        found.update((slug, first) for slug in group if slug != first)
    return found


def outdated_since(
    original: Moment | None, translated: Moment, updated: Moment | None
) -> Moment | None:
    """Return when an original changed that its translation does not follow.

    `original` is its last change; `translated` and `updated` are those of the translation. Days are
    compared where one of them has no time."""
    last = max((m for m in (translated, updated) if m), key=lambda moment: moment.at)
    if original is None or original.at <= last.at:
        return None
    by_day = (
        "minute" not in (original.precision, last.precision) or original.precision != last.precision
    )
    return None if by_day and original.iso[:10] <= last.iso[:10] else original


def originals_of(briefs: Mapping[str, Outline]) -> dict[str, str]:
    """Map each translation to the brief that was written first.

    In a circle, that is ""."""
    following = {slug: brief.translation_of for slug, brief in briefs.items()}
    return ends_of({slug: original for slug, original in following.items() if original})
