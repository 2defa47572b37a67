"""Briefs that carry on a story -> what is wrong between them: threads and briefs that there are
not, what nobody may see yet, circles, and a brief that follows a later one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from builder.diagnostics.diagnostic import Finding
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.names.suggest import did_you_mean
from builder.site.site import Site


def check_threads(site: Site) -> Iterator[tuple[str, Finding]]:
    """Mistakes in `thread` and `follows`."""
    briefs, threads, hidden = site.outlines, {**site.threads, **site.waiting}, site.unpublished
    unread = any(thread.broken for thread in threads.values())  # it may have another slug
    for brief in briefs.values():
        if brief.thread and brief.thread not in threads and not unread:
            hint = did_you_mean(brief.thread, threads) or _make_it(brief.thread)
            message = f"there is no thread `{brief.thread}`"
            yield brief.path, Finding("thread", "unknown-thread", message, hint)
        for n, followed in enumerate(brief.follows):
            if found := _check_step(f"follows.{n}", brief, followed, briefs, hidden):
                yield brief.path, found
    yield from _check_circles(briefs)


def _make_it(slug: str) -> str:
    return f"it would be content/threads/{slug}.md: `slugline new thread` writes one"


def _check_step(
    at: str, brief: Outline, followed: str, briefs: Mapping[str, Outline], hidden: Set[str]
) -> Finding | None:
    """Return what is wrong with one brief that another says it follows."""
    slug = brief.slug
    if followed == slug:
        hint = "name the brief that came before it"
        return Finding(at, "follows-circle", f"`{slug}` follows itself", hint)
    earlier = briefs.get(followed)
    if earlier is None:
        hint = did_you_mean(followed, briefs) or "write the last part of its address"
        return Finding(at, "unknown-brief", f"there is no brief `{followed}`", hint)
    if followed in hidden and slug not in hidden:
        message = f"`{followed}` is not published: that this brief follows it is left out"
        return Finding(at, "link-unpublished", message, "publish both together")
    if _is_before(brief.happened, earlier.happened):
        message = (
            f"`{followed}` happened on {earlier.happened.iso[:10]}, after this brief:"
            f" {brief.happened.iso[:10]}"
        )
        hint = "a brief follows earlier ones; correct an `event_date`, or let the other follow"
        return Finding(at, "follows-later", message, hint)
    return None


def _is_before(one: Moment, other: Moment) -> bool:
    """Whether one day is surely before another, as far as both are known."""
    known = min(len(one.iso), len(other.iso), 10)
    return one.iso[:known] < other.iso[:known]


def _check_circles(briefs: Mapping[str, Outline]) -> Iterator[tuple[str, Finding]]:
    """Each circle of two or more briefs once, at the one whose file comes first."""
    for circle in _circles(
        {slug: brief.follows for slug, brief in briefs.items() if brief.follows}
    ):
        first = circle.index(min(circle, key=lambda slug: briefs[slug].path))
        way = [*circle[first:], *circle[:first]]
        chain = " follows ".join(f"`{slug}`" for slug in (*way, way[0]))
        message, brief = f"a circle: {chain}", briefs[way[0]]
        at = f"follows.{brief.follows.index(way[1])}"
        yield brief.path, Finding(at, "follows-circle", message, "one of them came first")


def _circles(follows: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Ways that lead back to where they began: a walk in depth, without recursion."""
    done: set[str] = set()
    for start in follows:
        way, on_way = [start], {start: 0}
        rest = [iter(follows[start] if start not in done else ())]
        while rest:
            for other in rest[-1]:
                if other in on_way and other != way[-1]:
                    yield way[on_way[other] :]
                elif other in follows and other not in done and other not in on_way:
                    on_way[other] = len(way)
                    way.append(other)
                    rest.append(iter(follows[other]))
                    break
            else:
                rest.pop()
                done.add(gone := way.pop())
                del on_way[gone]
