"""The parts of a map that its wide and its narrow drawing share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from builder.pages.svg.graph import STATES, Group, Map, Neighbour, State
from builder.pages.svg.shapes import (
    LINE,
    PAPER,
    SMALL,
    SOFT,
    Text,
    clean,
    element,
    link,
    number,
    shorten,
    text_width,
    wrap,
    write,
)

NAME = 14.0  # font size of a neighbour's name
MIDDLE = 4.5  # height of the middle of small letters above the baseline
_CENTRE = 17.0  # font size of the centre's name
_PADDING = 13.0  # between the centre's name and its frame


class Label(NamedTuple):
    """A neighbour's name and note, in lines that fit a width."""

    neighbour: Neighbour
    name: tuple[str, ...]
    note: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.name) * NAME * LINE + len(self.note) * SMALL * LINE


def label_of(neighbour: Neighbour, width: float) -> Label:
    """Return a neighbour's texts, wrapped to a width."""
    note = wrap(neighbour.note, SMALL, width, 3) if clean(neighbour.note) else []
    return Label(neighbour, (*wrap(neighbour.name, NAME, width, 2, True),), (*note,))


def draw_label(label: Label, x: float, top: float, anchor: str) -> str:
    """Draw a neighbour's name, and below it the note."""
    y, names, notes = top - 0.3 * NAME, [], []
    for line in label.name:
        y += NAME * LINE
        names.append(write(Text(x, y, line, NAME, anchor, True), class_="map-name"))
    y += 0.3 * (NAME - SMALL)
    for line in label.note:
        y += SMALL * LINE
        notes.append(write(Text(x, y, line, anchor=anchor), class_="map-note", fill=SOFT))
    neighbour = label.neighbour
    return link(neighbour.url, *names) + (link(neighbour.link, *notes) if notes else "")


class GroupHeading(NamedTuple):
    """A group's heading in lines, and the words about companies left out."""

    lines: tuple[str, ...]
    more: str

    @property
    def height(self) -> float:
        return (len(self.lines) + bool(self.more)) * SMALL * LINE


def heading_of(group: Group, width: float) -> GroupHeading:
    """Return a group's heading, wrapped to a width."""
    lines = wrap(group.heading, SMALL, width, 2, True)
    return GroupHeading((*lines,), shorten(clean(group.more), SMALL, width))


def draw_heading(map: Map, heading: GroupHeading, x: float, top: float, anchor: str) -> str:
    """Draw a heading, with any link to the whole list."""
    y, made = top - 0.3 * SMALL, []
    for line in heading.lines:
        y += SMALL * LINE
        text = Text(x, y, line, anchor=anchor, is_bold=True)
        made.append(write(text, class_="map-heading", fill=SOFT, aria_hidden="true"))
    if heading.more:
        more = Text(x, y + SMALL * LINE, heading.more, anchor=anchor)
        made.append(link(map.list_url, write(more, class_="map-more", fill=SOFT)))
    return "".join(made)


def gather(group: Group, *inside: str) -> str:
    """Return the drawing of a group, named for assistive technology."""
    return element("g", *inside, role="group", aria_label=clean(group.heading) or None)


class Centre(NamedTuple):
    """The centre's name in lines, with the size of its frame."""

    lines: tuple[str, ...]
    width: float
    height: float


def centre_of(name: str, width: float) -> Centre:
    """Return the centre's name, wrapped so that its frame fits a width."""
    lines = wrap(name, _CENTRE, width - 2 * _PADDING, 3, True)
    widest = max(text_width(line, _CENTRE, True) for line in lines)
    height = len(lines) * _CENTRE * LINE + 1.2 * _PADDING
    return Centre((*lines,), max(widest + 2 * _PADDING, 72.0), height)


def draw_centre(map: Map, centre: Centre, left: float, top: float) -> str:
    """Draw the centre's name in a frame."""
    x, y = left + centre.width / 2, top + 0.6 * _PADDING - 0.27 * _CENTRE
    made = []
    for line in centre.lines:
        y += _CENTRE * LINE
        made.append(write(Text(x, y, line, _CENTRE, "middle", True), class_="map-centre"))
    way = (
        f"M{number(left)} {number(top)}h{number(centre.width)}v{number(centre.height)}"
        f"h{number(-centre.width)}z"
    )
    frame = element(
        "path", d=way, class_="map-frame", fill=PAPER, stroke="currentColor", stroke_width=2
    )
    return frame + link(map.url, *made)


# Width, dashes and colour of a line for each state of a relation.
_LINES: dict[State, tuple[float, str | None, str]] = {
    "current": (1.5, None, "currentColor"),
    "planned": (1.5, "6 4", "currentColor"),
    "former": (1.25, "1.5 3", SOFT),
}


def draw_line(state: State, way: str, x: float, y: float) -> str:
    """Draw a relation's line, with a dot at its end."""
    width, dashes, colour = _LINES[state]
    line = element(
        "path", d=way, class_=f"map-line {state}", fill="none", stroke=colour,
        stroke_width=width, stroke_dasharray=dashes,
    )  # fmt: skip
    dot = f"M{number(x)} {number(y)}m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z"
    filled = colour if state == "current" else PAPER
    return line + element(
        "path", d=dot, class_="map-dot", fill=filled, stroke=colour, stroke_width=1.5
    )


def draw_legend(map: Map, present: Iterable[State], top: float, right: float) -> tuple[str, float]:
    """Draw the legend, if needed; return the drawing's height."""
    used, names = {*present}, dict(map.states)
    if not used & {"planned", "former"}:
        return "", top
    x, y, made = 0.0, top + 26, []
    for state in (state for state in STATES if state in used):
        name = shorten(clean(names.get(state, state)), SMALL, right - 40)
        width = 38 + text_width(name, SMALL)
        if x and x + width > right:
            x, y = 0.0, y + LINE * SMALL + 2
        line = draw_line(state, f"M{number(x)} {number(y)}h26", x + 26, y)
        made.append(line + write(Text(x + 36, y + MIDDLE, name), fill=SOFT))
        x += width + 14
    return element("g", *made, class_="map-legend", aria_hidden="true"), y + 10
