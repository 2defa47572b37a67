"""Groups of briefs that translate each other, and their originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.model.outline import Outline


def group_translations(
    briefs: Mapping[str, Outline], shown: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return each brief's translations and original, by language.

    Only briefs that are shown and that have a translation are included."""
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
    """Return the original of each translation, if both are shown.

    If an original is not shown, the first of its translations stands in for it."""
    found: dict[str, str] = {}
    for group in set(group_translations(briefs, shown).values()):
        origin = original_of(group[0], briefs)
        first = min(group, key=lambda slug: (slug != origin, briefs[slug].date.at, slug))
        found.update((slug, first) for slug in group if slug != first)
    return found


def original_of(slug: str, briefs: Mapping[str, Outline]) -> str:
    """Return the brief that was written first; empty in a circle."""
    path = [slug]
    while (brief := briefs.get(path[-1])) and (original := brief.translation_of):
        if original in path:
            return ""
        path.append(original)
    return path[-1]
