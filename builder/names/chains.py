"""Chains of names, each of which leads to at most one other: their ends and their circles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SHOWN = 6  # names of a circle in a message


def ends_of(following: Mapping[str, str]) -> dict[str, str]:
    """Map each name to the last one of its chain.

    If that is a circle, it is "". The last one leads to nothing, or to a name that leads nowhere
    itself."""
    ends: dict[str, str] = {}
    for start in following:
        way: dict[str, None] = {}
        name = start
        while name not in ends and name not in way and following.get(name):
            way[name] = None
            name = following[name]
        end = "" if name in way else ends.get(name, name)
        ends.update(dict.fromkeys(way, end))
        ends.setdefault(start, end)
    return ends


def find_circles(following: Mapping[str, str]) -> list[list[str]]:
    """Return each circle once, from the name that `following` has first."""
    order = {name: n for n, name in enumerate(following)}
    done: set[str] = set()
    found: list[list[str]] = []
    for start in following:
        way: dict[str, int] = {}
        name = start
        while name in order and name not in done and name not in way:
            way[name] = len(way)
            name = following[name]
        if name in way:
            circle = [*way][way[name] :]
            first = min(range(len(circle)), key=lambda n: order[circle[n]])
            found.append([*circle[first:], *circle[:first]])
        done.update(way)
    return found


def circle_in_words(names: Sequence[str], verb: str, start: int = 0) -> str:
    """Return a circle as words, from an index on.

    A long one is cut. An example is `a` follows `b` follows `a`, with the names in backticks."""
    shown = [f"`{names[(start + n) % len(names)]}`" for n in range(min(len(names), _SHOWN))]
    if len(names) > _SHOWN:
        shown[-1] = "…"
    words = f" {verb} ".join([*shown, f"`{names[start]}`"])
    return words if len(names) <= _SHOWN else f"{words} ({len(names):,} in all)"
