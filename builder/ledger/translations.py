"""Briefs that translate others -> which belong together, and what is wrong between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from builder.check.brief import Finding
from builder.model.brief import Outline
from builder.names.register import did_you_mean


def lint_translations(
    briefs: Mapping[str, Outline], language: str
) -> Iterator[tuple[str, Finding]]:
    """The path of each brief with a mistake in `translation_of`, and what it is. Briefs without a
    `lang` are in `language`."""
    for slug, brief in briefs.items():
        if not (original := brief.translation_of):
            continue
        if original not in briefs:
            hint = did_you_mean(original, briefs) or "write the last part of its address"
            message = f"there is no brief `{original}`"
            yield brief.path, Finding("translation_of", "unknown-brief", message, hint)
        elif not _origin(slug, briefs):
            message = f"`{slug}` is in the end a translation of itself"
            hint = "one of them was written first"
            yield brief.path, Finding("translation_of", "translation-circle", message, hint)
        elif (lang := brief.lang or language) == (briefs[original].lang or language):
            message = f"`{original}` is in {lang} as well"
            hint = "a translation gives its own language in `lang`"
            yield brief.path, Finding("translation_of", "translation-language", message, hint)


def lint_kept_names(
    original: str, translation: str, companies: Iterable[tuple[str, ...]]
) -> Iterator[Finding]:
    """Names that a translator has to leave as they are, and that are not in a translation any more:
    `Schaalbare AI` for Scale AI. `companies` has the names of each, the one to print first; of
    each that the original writes out, one has to stand in the translation."""
    for names in companies:
        if _names(original, names) and not _names(translation, names):
            message = f"`{names[0]}` is in the brief that this one translates, and not in this one"
            hint = "a name is not translated: write it as it is, or say in its file"
            hint += " `do_not_translate: false`"
            yield Finding("translation_of", "name-translated", message, hint)


def _names(text: str, names: Iterable[str]) -> bool:
    """Whether a text has one of some names; with whatever ending its language gives it."""
    return any(re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}", text) for name in names)


def group_translations(
    briefs: Mapping[str, Outline], shown: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """By the slug of each brief that is shown, and that is one or has one: all translations of the
    same brief, with that brief itself, by language."""
    groups: dict[str, list[str]] = {}
    for slug in shown:
        groups.setdefault(_origin(slug, briefs), []).append(slug)
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
        origin = _origin(group[0], briefs)
        first = min(group, key=lambda slug: (slug != origin, briefs[slug].date.at, slug))
        found.update((slug, first) for slug in group if slug != first)
    return found


def _origin(slug: str, briefs: Mapping[str, Outline]) -> str:
    """The brief that was written first; nothing where they translate each other in a circle."""
    way = [slug]
    while (brief := briefs.get(way[-1])) and (original := brief.translation_of):
        if original in way:
            return ""
        way.append(original)
    return way[-1]
