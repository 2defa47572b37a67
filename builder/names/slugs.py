"""Chooses the slugs of names that have no file."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import chain, count
from typing import NamedTuple

from builder.names.keys import SlugStyle, exact_slug, slug_of_name, slugify, transliterated
from builder.names.register import DistinctNames
from builder.patterns import pattern

_NUMBERED = pattern(r"(.+)-\d+")


_Sort = Callable[[Iterable[str]], list[str]]


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
    by_seniority: _Sort,
    style: SlugStyle = "ascii",
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
        if (exact := exact_slug(name, style)) in files
        and _is_meant(name, exact, files[exact], distinct)
    }
    kept = {slug: name for slug, name in files.items() if slug in published or slug in meant}
    slugs = assign_slugs(first, kept, distinct, by_seniority, style)
    taken = {**files, **{slug: name for name, slug in slugs.items() if slug not in kept}}
    moved: dict[str, str] = {}
    for slug in sorted({*slugs.values()} & (files.keys() - kept.keys())):
        moved[slug] = next(s for n in count(2) if (s := f"{slug}-{n}") not in taken)
        taken[moved[slug]] = files[slug]
    rest = [name for name in names if name not in shown]
    later = assign_slugs(rest, taken, distinct, by_seniority, style)
    return Assigned({**later, **slugs}, moved)


def assign_slugs(
    names: Iterable[str],
    taken: Mapping[str, str],
    distinct: DistinctNames,
    by_seniority: _Sort,
    style: SlugStyle = "ascii",
) -> dict[str, str]:
    """Return the slugs of names, without names that have none.

    A slug follows from its name alone, with signs as words, so no other name moves it. Names with
    one slug share it, such as `José` and `Jose`, unless they are distinct or in other letters, such
    as `谷歌` and `古格`: then the senior one gets it, and the others one with a number. `taken`
    maps the slugs of records with a file to their names; `by_seniority` sorts names."""
    groups: dict[str, list[str]] = {}
    slug_of: Callable[[str], str] = slug_of_name
    if style == "unicode":
        names = [*names]
        slug_of = _as_spelt_first(names, taken, distinct, by_seniority).__getitem__
    for name in names:
        if wanted := slug_of(name):
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
        slugs[name] = _first_free(name, slug_of, taken, owners, distinct)
        owners.setdefault(slugs[name], []).append(name)
    return slugs


def _as_spelt_first(
    names: Iterable[str], taken: Mapping[str, str], distinct: DistinctNames, by_seniority: _Sort
) -> dict[str, str]:
    """Return the slugs in Unicode of names, one for all spellings in Latin letters.

    `José` and `Jose` have that of a record with a file, or of the senior one."""
    found = {name: slug_of_name(name, "unicode") for name in names}
    first = {slugify(slug): slug for slug, name in taken.items() if not transliterated(name)}
    owners: dict[str, list[str]] = {slugify(slug): [name] for slug, name in taken.items()}
    for name in by_seniority(name for name in found if not transliterated(name)):
        plain = slug_of_name(name)
        others = owners.setdefault(plain, [])
        if not distinct.differ((name,), others):
            found[name] = first.setdefault(plain, found[name])
            others.append(name)
    return found


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
    name: str,
    slug_of: Callable[[str], str],
    taken: Mapping[str, str],
    owners: Mapping[str, list[str]],
    distinct: DistinctNames,
) -> str:
    """Return the first slug that no other name has."""
    wanted = slug_of(name)
    if wanted in taken and _is_meant(name, wanted, taken[wanted], distinct):
        return wanted

    def is_free(slug: str) -> bool:
        others = owners.get(slug, ())
        same = all(_is_spelt(name, other, slug_of) for other in others)
        return slug not in taken and same and not distinct.differ((name,), others)

    return next(filter(is_free, chain((wanted,), (f"{wanted}-{n}" for n in count(2)))))


def _is_spelt(name: str, other: str, slug_of: Callable[[str], str]) -> bool:
    """Return whether two names are spellings that share an address."""
    return slug_of(other) == slug_of(name) and transliterated(other) == transliterated(name)


def _is_meant(name: str, exact: str, owner: str, distinct: DistinctNames) -> bool:
    """Return whether a name spelt like a record's slug means that record.

    `C` does not mean `C++` with the slug `c`, nor `古格` the record `gu-ge` of `谷歌`."""
    other_signs = slugify(owner) == exact != exact_slug(owner)
    letters = transliterated(name)
    other_letters = bool(letters) and letters != transliterated(owner)
    return not other_signs and not other_letters and not distinct.differ((name,), (owner,))


def is_numbered(name: str, slug: str, style: SlugStyle) -> bool:
    """Return whether a slug has a number, since others were taken."""
    wanted = slug_of_name(name, style)
    return slug != wanted and slug.startswith(f"{wanted}-")
