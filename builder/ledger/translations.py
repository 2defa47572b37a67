"""Briefs that translate others -> which belong together, and what is wrong between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.model.outline import Outline


def group_translations(
    briefs: Mapping[str, Outline], shown: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """By the slug of each brief that is shown, and that is one or has one: all translations of the
    same brief, with that brief itself, by language."""
    groups: dict[str, list[str]] = {}
    for slug in shown:
        groups.setdefault(original_of(slug, briefs), []).append(slug)
    found: dict[str, tuple[str, ...]] = {}
    for origin, slugs in groups.items():
        if origin and len(slugs) > 1:
            group = tuple(sorted(slugs, key=lambda slug: (briefs[slug].lang, slug)))
            found.update(dict.fromkeys(group, group))
    return found


def find_originals(briefs: Mapping[str, Outline], shown: Iterable[str]) -> dict[str, str]:
    """By the slug of each brief that is shown and says what another one says that is shown, in
    another language: that other. Of several translations of what is not shown, the first stands for
    it."""
    found: dict[str, str] = {}
    for group in set(group_translations(briefs, shown).values()):
        origin = original_of(group[0], briefs)
        first = min(group, key=lambda slug: (slug != origin, briefs[slug].date.at, slug))
        found.update((slug, first) for slug in group if slug != first)
    return found


def original_of(slug: str, briefs: Mapping[str, Outline]) -> str:
    """The brief that was written first; nothing where they translate each other in a circle."""
    way = [slug]
    while (brief := briefs.get(way[-1])) and (original := brief.translation_of):
        if original in way:
            return ""
        way.append(original)
    return way[-1]
