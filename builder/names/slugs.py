"""Chooses the slugs of names that have no file."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from itertools import chain, count
from typing import NamedTuple

from builder.names.keys import exact_slug, slugify
from builder.names.register import DistinctNames


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

    Names with the same signs share a slug, such as `José` and `Jose`, unless they are distinct. If
    names with different signs want one slug, such as `C` and `C++`, the senior name gets it, and
    the others one with their signs as words. `taken` maps the slugs of records with a file to their
    names; `by_seniority` sorts rivals."""
    rivals: dict[str, list[str]] = {}
    for name in names:
        if slug := slugify(name) or exact_slug(name):
            rivals.setdefault(slug, []).append(name)
    # Names that get the slug they want first, so that no other name gets it.
    slugs: dict[str, str] = {}
    for wanted, group in rivals.items():
        if wanted not in taken and _one_thing(group, distinct):
            slugs |= dict.fromkeys(group, wanted)
    used = {*slugs.values()}
    for wanted, group in sorted(rivals.items()):
        if group[0] not in slugs:
            found = _share_out(wanted, by_seniority(group), taken, used, distinct)
            slugs |= found
            used.update(found.values())
    return slugs


def _one_thing(names: list[str], distinct: DistinctNames) -> bool:
    if len(names) == 1:
        return True
    return len({*map(exact_slug, names)}) == 1 and not distinct.differ(names, names)


def _share_out(
    wanted: str, names: list[str], taken: Mapping[str, str], used: set[str], distinct: DistinctNames
) -> dict[str, str]:
    """Return a slug for each of several names that want the same one."""
    slugs: dict[str, str] = {}
    for name in names:
        exact = exact_slug(name)
        same = (
            slug
            for other, slug in slugs.items()
            if exact_slug(other) == exact and not distinct.differ((name,), (other,))
        )
        own = exact if exact in taken and _is_meant(name, exact, taken[exact], distinct) else ""
        mine = used | {*slugs.values()}
        free = (
            slug
            for slug in chain((wanted, exact), (f"{exact}-{n}" for n in count(2)))
            if slug not in mine and slug not in taken
        )
        slugs[name] = next(same, "") or own or next(free)
    return slugs


def _is_meant(name: str, exact: str, owner: str, distinct: DistinctNames) -> bool:
    """Return whether a name spelt like a record's slug means that record.

    `C` does not mean `C++` with the slug `c`."""
    other_signs = slugify(owner) == exact != exact_slug(owner)
    return not other_signs and not distinct.differ((name,), (owner,))


def is_numbered(name: str, slug: str) -> bool:
    """Return whether a slug has a number, since others were taken."""
    return slug not in (slugify(name), exact_slug(name))
