"""Check `thread` and `follows`: unknown, unpublished, circular and out of order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import islice

from builder.diagnostics.diagnostic import Finding
from builder.model.entity import Thread
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.names.chains import circle_in_words
from builder.names.suggest import did_you_mean
from builder.site.site import Site

_MOST = 50  # circles of `follows` that are reported


def check_threads(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield the problems in `thread` and `follows`."""
    briefs, hidden = site.outlines, site.unpublished
    held: dict[str, Thread] = {
        record.slug: record for record in site.waiting.values() if isinstance(record, Thread)
    }
    threads = {**held, **site.threads}
    # The slug of a thread may be unread; a draft holds nothing back.
    unread = any(thread.broken and not thread.draft for thread in threads.values())
    for brief in briefs.values():
        if brief.thread and brief.thread not in threads and not unread:
            hint = did_you_mean(brief.thread, threads) or _create(brief.thread)
            message = f"there is no thread `{brief.thread}`"
            yield brief.path, Finding("thread", "unknown-thread", message, hint)
        if brief.thread in held and held[brief.thread].draft and brief.slug not in hidden:
            message = f"the thread `{brief.thread}` is a draft, so the brief is shown without it"
            hint = f"remove `status: draft` from {held[brief.thread].path}, or add it here"
            yield brief.path, Finding("thread", "link-unpublished", message, hint)
        for n, followed in enumerate(brief.follows):
            if found := _check_step(f"follows.{n}", brief, followed, briefs, hidden):
                yield brief.path, found
    yield from _check_circles(briefs, site.withheld)


def _create(slug: str) -> str:
    return f"create content/threads/{slug}.md with `slugline new thread`"


def _check_step(
    at: str, brief: Outline, followed: str, briefs: Mapping[str, Outline], hidden: Set[str]
) -> Finding | None:
    """Return the problem with one slug in `follows`, or None."""
    slug = brief.slug
    if followed == slug:
        hint = "name an earlier brief"
        return Finding(at, "follows-circle", f"`{slug}` follows itself", hint)
    earlier = briefs.get(followed)
    if earlier is None:
        hint = did_you_mean(followed, briefs) or "write the last part of the brief's address"
        return Finding(at, "unknown-brief", f"there is no brief `{followed}`", hint)
    if followed in hidden and slug not in hidden:
        message = f"`{followed}` is not published, so this link to it is omitted"
        return Finding(at, "link-unpublished", message, "publish both together")
    if _is_before(brief.happened, earlier.happened):
        message = (
            f"`{followed}` happened on {earlier.happened.iso[:10]}, after this brief"
            f" ({brief.happened.iso[:10]})"
        )
        hint = "correct an `event_date`, or let the later brief follow the earlier one"
        return Finding(at, "follows-later", message, hint)
    return None


def _is_before(one: Moment, other: Moment) -> bool:
    """Return whether one day is certainly before another, at their common precision."""
    known = min(len(one.iso), len(other.iso), 10)
    return one.iso[:known] < other.iso[:known]


def _check_circles(
    briefs: Mapping[str, Outline], withheld: Set[str]
) -> Iterator[tuple[str, Finding]]:
    """Report each circle of briefs once, in the first of its files."""
    follows = {slug: brief.follows for slug, brief in briefs.items() if brief.follows}
    for circle in islice(_circles(follows), _MOST):
        first = circle.index(min(circle, key=lambda slug: briefs[slug].path))
        path = [*circle[first:], *circle[:first]]
        chain = circle_in_words(path, "follows")
        message, brief = f"`follows` is circular: {chain}", briefs[path[0]]
        at = f"follows.{brief.follows.index(path[1])}"
        hint = "remove `follows` from the brief that came first"
        # Without its unpublished brief, it is not a circle.
        beside = next((b.path for s in path if (b := briefs[s]).path in withheld), "")
        yield brief.path, Finding(at, "follows-circle", message, hint, beside)


def _circles(follows: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield the cycles of a graph: a depth-first search without recursion."""
    done: set[str] = set()
    for start in follows:
        path, on_path = [start], {start: 0}
        rest = [iter(follows[start] if start not in done else ())]
        while rest:
            for other in rest[-1]:
                if other in on_path and other != path[-1]:
                    yield path[on_path[other] :]
                elif other in follows and other not in done and other not in on_path:
                    on_path[other] = len(path)
                    path.append(other)
                    rest.append(iter(follows[other]))
                    break
            else:
                rest.pop()
                done.add(last := path.pop())
                del on_path[last]
