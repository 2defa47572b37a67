"""What a map of relations shows: a company, and the companies around it by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

State = Literal["current", "planned", "former"]
STATES: tuple[State, ...] = get_args(State)

Place = Literal["above", "left", "right", "below"]
PLACES: tuple[Place, ...] = get_args(Place)

# Companies at a place, at most: a row of five, a column of six.
MOST: dict[Place, int] = {"above": 5, "left": 6, "right": 6, "below": 5}


class Neighbour(NamedTuple):
    """A company beside the centre, with what relates them."""

    name: str
    note: str = ""  # as printed below its name: 27% owner, also supplier
    words: tuple[str, ...] = ()  # as read out: Microsoft owns 27% of OpenAI
    state: State = "current"  # `planned` also covers a relation that is due to end
    url: str | None = None  # of the company
    link: str | None = None  # of the brief that states the relation


class Group(NamedTuple):
    """The companies of one kind, the most important first."""

    place: Place
    heading: str
    neighbours: tuple[Neighbour, ...]
    more: str = ""  # as printed below the heading if companies are left out: and 3 more


class Map(NamedTuple):
    """A company with the groups around it."""

    title: str
    description: str
    name: str
    groups: tuple[Group, ...]
    states: tuple[tuple[State, str], ...]  # the states in the words of the legend
    url: str | None = None
    list_url: str | None = None  # of the list of all relations
    language: str = "en"
    prefix: str = "map"  # prefix of ids, which must differ between the maps of a page

    def at(self, *places: Place) -> list[Group]:
        """Return the groups at some places, in their order."""
        return [group for place in places for group in self.groups if group.place == place]


def count_shown(sizes: Sequence[int], most: int) -> list[int]:
    """Return how many companies of each group are shown, at least one.

    The largest groups give way first, and of equal ones the last."""
    shown = list(sizes)
    while sum(shown) > max(most, len(shown)):
        largest = max(range(len(shown)), key=lambda n: (shown[n], n))
        shown[largest] -= 1
    return shown
