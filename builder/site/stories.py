"""Links between the briefs of a story: earlier ones, later ones and the latest.

A brief of a thread is linked to the briefs that it follows and that follow it, or otherwise to its
neighbours in the thread. Briefs without a thread form a small thread with everything that they are
connected to by `follows`. A translation has the links of its original."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from builder.model.outline import Outline
from builder.site.site import Entry

MOST = 5  # briefs of a small thread to link to in each direction


class StoryLinks(NamedTuple):
    """A brief's links in its story: slugs in order of events.

    `latest` is the last of all briefs that follow it, directly or indirectly, or empty."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    latest: str


def find_story_links(
    order: Sequence[Entry],
    briefs: Mapping[str, Outline],
    threads: Mapping[str, Sequence[Entry]],
    entries: Mapping[str, Entry],
) -> dict[str, StoryLinks]:
    """Return the story links of each brief that has any, by slug.

    `order` has the published briefs, `threads` those of each thread in the order of events, the
    first first; `entries` has all briefs, also those that another edition shows."""
    shown = {entry.slug: entry for entry in order if not entry.original}
    originals = {entry.slug: entry.original for entry in order if entry.original}
    follows = {
        slug: tuple(dict.fromkeys(s for s in steps if s in shown and s != slug))
        for slug in shown
        if (steps := [_told_in(entries, s) for s in briefs[slug].follows])
    }
    followed = _turned(follows)
    before = {slug: set(found) for slug, found in follows.items() if found}
    after = {slug: set(found) for slug, found in followed.items()}
    _add_small_threads(shown, before, after)
    for running in threads.values():
        for one, two in pairwise(entry for entry in running if entry.slug in shown):
            if one.slug not in followed:
                after.setdefault(one.slug, set()).add(two.slug)
            if not follows.get(two.slug):
                before.setdefault(two.slug, set()).add(one.slug)
    inside = {slug: [s for s in found if _same(shown, s, slug)] for slug, found in follows.items()}
    latest = {**_latest(shown, followed), **_latest(shown, _turned(inside))}
    found = {
        slug: StoryLinks(
            _in_order(shown, before.get(slug, set())),
            _in_order(shown, after.get(slug, set()) - before.get(slug, set())),
            latest.get(slug, ""),
        )
        for slug in dict.fromkeys(chain(before, after))
    }
    return found | {slug: found[first] for slug, first in originals.items() if first in found}


def _told_in(entries: Mapping[str, Entry], slug: str) -> str:
    """Return the brief that tells a story, of which another may be a translation."""
    entry = entries.get(slug)
    return (entry.original if entry else "") or slug


def _same(shown: Mapping[str, Entry], one: str, other: str) -> bool:
    """Return whether two briefs are in the same thread."""
    return bool(shown[one].thread) and shown[one].thread == shown[other].thread


def _turned(follows: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return, by brief, the briefs that follow it."""
    found: dict[str, list[str]] = {}
    for slug, others in follows.items():
        for other in others:
            found.setdefault(other, []).append(slug)
    return found


def _in_order(shown: Mapping[str, Entry], slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(slugs, key=lambda slug: shown[slug].in_time))


def _add_small_threads(
    shown: Mapping[str, Entry], before: dict[str, set[str]], after: dict[str, set[str]]
) -> None:
    """Add to each brief without a thread its neighbours among connected briefs."""
    sets: dict[str, list[str]] = {}
    for slug, others in before.items():
        for other in others:
            if not shown[slug].thread and not shown[other].thread:
                _join(sets, slug, other)
    for group in {id(found): found for found in sets.values()}.values():
        row = _in_order(shown, group)
        for n, slug in enumerate(row):
            direct = before.get(slug, set()) | after.get(slug, set())
            earlier, later = row[max(0, n - MOST) : n], row[n + 1 : n + 1 + MOST]
            before.setdefault(slug, set()).update(s for s in earlier if s not in direct)
            after.setdefault(slug, set()).update(s for s in later if s not in direct)


def _join(sets: dict[str, list[str]], one: str, other: str) -> None:
    """Merge the sets of connected briefs that two briefs are in."""
    large, small = (sets.setdefault(slug, [slug]) for slug in (one, other))
    if large is small:
        return
    if len(small) > len(large):
        large, small = small, large
    large += small
    for slug in small:
        sets[slug] = large


def _latest(shown: Mapping[str, Entry], followed: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the last of all direct and indirect followers of each brief."""
    found: dict[str, str] = {}
    for start in followed:
        if start in found:
            continue
        begun, path = {start}, [(start, iter(followed[start]))]
        while path:
            slug, rest = path[-1]
            # A brief that is begun but not found is on the path: a circle, which is reported.
            onward = next(
                (s for s in rest if s in followed and s not in begun and s not in found), ""
            )
            if onward:
                path.append((onward, iter(followed[onward])))
                begun.add(onward)
            else:
                path.pop()
                ends = chain(followed[slug], (found[s] for s in followed[slug] if s in found))
                found[slug] = max(ends, key=lambda other: shown[other].in_time)
    return found
