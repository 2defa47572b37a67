"""Chooses the slugs of names that have no file."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import chain, count
from typing import NamedTuple

from builder.names.keys import exact_slug, slugify, transliterated
from builder.names.register import DistinctNames

_NUMBERED = re.compile(r"(.+)-\d+")


class Assigned(NamedTuple):
    """The slugs of names, and new slugs of unpublished files by their own."""

    slugs: dict[str, str]
    moved: dict[str, str]


def assign_published_first(
    names: Iterable[str],
    shown: Container[str],
    files: Mapping[str, str],
    published: Container[str],
    distinct: DistinctNames,
    by_seniority: Callable[[Iterable[str]], list[str]],
) -> Assigned:
    """Assign slugs to names, to the published ones first.

    Those in `shown` get theirs as if nothing else existed.
    `files` maps the slugs of records with a file to their names. If a name in `shown` takes the
    slug of one that is not `published`, the record gets another slug, which no page shows."""
    names = [*names]
    first = [name for name in names if name in shown]
    meant = {
        exact
        for name in first
        if (exact := exact_slug(name)) in files and _is_meant(name, exact, files[exact], distinct)
    }
    kept = {slug: name for slug, name in files.items() if slug in published or slug in meant}
    slugs = assign_slugs(first, kept, distinct, by_seniority)
    taken = {**files, **{slug: name for name, slug in slugs.items() if slug not in kept}}
    moved: dict[str, str] = {}
    for slug in sorted({*slugs.values()} & (files.keys() - kept.keys())):
        moved[slug] = next(s for n in count(2) if (s := f"{slug}-{n}") not in taken)
        taken[moved[slug]] = files[slug]
    rest = (name for name in names if name not in shown)
    return Assigned({**assign_slugs(rest, taken, distinct, by_seniority), **slugs}, moved)


def assign_slugs(
    names: Iterable[str],
    taken: Mapping[str, str],
    distinct: DistinctNames,
    by_seniority: Callable[[Iterable[str]], list[str]],
) -> dict[str, str]:
    """Return the slugs of names, without names that have none.

    A slug follows from its name alone, with signs as words, so no other name moves it. Names with
    one slug share it, such as `José` and `Jose`, unless they are distinct or in other letters, such
    as `谷歌` and `古格`: then the senior one gets it, and the others one with a number. `taken`
    maps the slugs of records with a file to their names; `by_seniority` sorts names."""
    groups: dict[str, list[str]] = {}
    for name in names:
        if wanted := _wanted(name):
            groups.setdefault(wanted, []).append(name)
    rivals = {w for w, group in groups.items() if w in taken or _differ(group, distinct)}
    slugs: dict[str, str] = {}
    disputed: list[str] = []
    for wanted, group in groups.items():
        if rivals.isdisjoint(_without_numbers(wanted)):
            slugs |= dict.fromkeys(group, wanted)
        else:
            disputed += group
    owners: dict[str, list[str]] = {}  # the names of each slug that is given away
    for name in by_seniority(disputed) if disputed else ():
        slugs[name] = _first_free(name, taken, owners, distinct)
        owners.setdefault(slugs[name], []).append(name)
    return slugs


def _wanted(name: str) -> str:
    return exact_slug(name) or slugify(name)


def _differ(group: list[str], distinct: DistinctNames) -> bool:
    letters = {transliterated(name) for name in group} if len(group) > 1 else ()
    return len(letters) > 1 or distinct.differ(group, group)


def _without_numbers(slug: str) -> Iterator[str]:
    """Yield a slug, and those to which numbers at its end may have been added."""
    yield slug
    while found := _NUMBERED.fullmatch(slug):
        slug = found[1]
        yield slug


def _first_free(
    name: str, taken: Mapping[str, str], owners: Mapping[str, list[str]], distinct: DistinctNames
) -> str:
    """Return the first slug that no other name has."""
    wanted = _wanted(name)
    if wanted in taken and _is_meant(name, wanted, taken[wanted], distinct):
        return wanted

    def is_free(slug: str) -> bool:
        others = owners.get(slug, ())
        same = all(_is_spelt(name, other) for other in others)
        return slug not in taken and same and not distinct.differ((name,), others)

    return next(filter(is_free, chain((wanted,), (f"{wanted}-{n}" for n in count(2)))))


def _is_spelt(name: str, other: str) -> bool:
    """Return whether two names are spellings that share an address."""
    return _wanted(other) == _wanted(name) and transliterated(other) == transliterated(name)


def _is_meant(name: str, exact: str, owner: str, distinct: DistinctNames) -> bool:
    """Return whether a name spelt like a record's slug means that record.

    `C` does not mean `C++` with the slug `c`, nor `古格` the record `gu-ge` of `谷歌`."""
    other_signs = slugify(owner) == exact != exact_slug(owner)
    letters = transliterated(name)
    other_letters = bool(letters) and letters != transliterated(owner)
    return not other_signs and not other_letters and not distinct.differ((name,), (owner,))


def is_numbered(name: str, slug: str) -> bool:
    """Return whether a slug has a number, since others were taken."""
    return slug != _wanted(name)
