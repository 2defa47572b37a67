"""The rows of a map, laid out as columns beside its stem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from builder.pages.svg.graph import Edge, Row
from builder.pages.svg.shapes import (
    LINE,
    SMALL,
    WIDTH,
    Text,
    clean,
    text_width,
    wrap,
)


class Label(NamedTuple):
    """The words of a relation; lines meet their first line."""

    edge: Edge
    lines: tuple[Text, ...]

    @property
    def height(self) -> float:
        return self.lines[0].y - MIDDLE


class Cell(NamedTuple):
    """A row with the positions of its texts."""

    row: Row
    name: tuple[Text, ...]
    kind: Text | None
    own: tuple[Label, ...]
    onward: tuple[Label, ...]


class ColumnSide(NamedTuple):
    """The rows on one side of the stem, measured from the stem."""

    stem: float
    to_right: bool
    rows: list[Row]
    lanes: dict[Edge, int]
    names: dict[str, str]

    def x(self, distance: float) -> float:
        return self.stem + distance if self.to_right else self.stem - distance

    @property
    def end(self) -> float:
        """The distance at which texts end and the margin begins."""
        lanes = max(self.lanes.values(), default=-1) + 1
        return WIDTH - STEM - (lanes * _LANE + 9 if lanes else 0)

    def lane(self, edge: Edge) -> float:
        return self.end + 17 + self.lanes[edge] * _LANE

    def text(self, distance: float, y: float, text: str, size: float = SMALL) -> Text:
        """Return a text that begins at the stem."""
        anchor = "start" if self.to_right else "end"
        return Text(self.x(distance), y, text, size, anchor, size > SMALL)

    def text_at_margin(self, y: float, text: str) -> Text:
        return Text(self.x(self.end), y, text, anchor="end" if self.to_right else "start")


STEM = 12.0  # from the left edge of a narrow map
TEXT = 32.0  # from the stem
_NAME = 14.0  # font size of a name
MIDDLE = 4.5  # height of the middle of small letters above the baseline
_LANE = 9.0  # between two lines in the margin
_SPACE = 16.0  # between two neighbours


def place_column(side: ColumnSide, top: float) -> list[Cell]:
    """Place rows below each other, between the stem and the margin."""
    cells, y = [], top + 4
    for row in side.rows:
        cells.append(_place_row(side, row, y + _SPACE + _NAME))
        y = max(text.y for text in texts_of(cells[-1]))
    return cells


def _place_row(side: ColumnSide, row: Row, y: float) -> Cell:
    """Place a row: name at `y`, relations to the centre below."""
    width = side.end - TEXT
    lines = wrap(row.node.name, _NAME, width, 3, True)
    name = tuple(side.text(TEXT, y + n * _NAME * LINE, t, _NAME) for n, t in enumerate(lines))
    kind = _beside(side, lines[-1], name[-1].y, row.node.kind)
    y, own = name[-1].y + 1, []
    for edge in row.own:
        texts = []
        for text in wrap(edge.seen_from(row.node.id), SMALL, width, 3):
            y += SMALL * LINE
            texts.append(side.text(TEXT, y, text))
        own.append(Label(edge, tuple(texts)))
    return Cell(row, name, kind, tuple(own), tuple(_place_onward(side, row, own, y)))


def _place_onward(side: ColumnSide, row: Row, own: list[Label], y: float) -> Iterator[Label]:
    """Place the relations to other neighbours at the margin.

    They go beside the relations to the centre if there is room, otherwise below. Each is lower than
    the one before, so that the earlier line passes outside.
    """
    width = side.end - TEXT
    beside = [text for label in own for text in label.lines]
    for edge in row.onward:
        words = wrap(_words(side, edge, row.node.id), SMALL, width, 3)
        room = width - text_width(words[0], SMALL) - 24
        while beside and (len(words) > 1 or text_width(beside[0].text, SMALL) > room):
            beside.pop(0)
        if beside:
            yield Label(edge, (side.text_at_margin(beside.pop(0).y, words[0]),))
        else:
            first = y + SMALL * LINE
            y += len(words) * SMALL * LINE
            heights = [first + n * SMALL * LINE for n in range(len(words))]
            texts = zip(heights, words, strict=True)
            yield Label(edge, tuple(side.text_at_margin(at, text) for at, text in texts))


def _words(side: ColumnSide, edge: Edge, own: str) -> str:
    """Return a relation's words, naming the company that no line reaches."""
    words = edge.seen_from(own)
    if edge in side.lanes:
        return words
    arrow = "↔" if edge.mutual else "→" if edge.source == own else "←"
    return f"{words} {arrow} {side.names[edge.target if edge.source == own else edge.source]}"


def _beside(side: ColumnSide, name: str, y: float, kind: str) -> Text | None:
    """Return a company's kind, placed next to its name if it fits."""
    distance = TEXT + text_width(name, _NAME, True) + 5
    text = clean(kind)
    has_room = text and distance + text_width(text, SMALL) < side.end - 12
    return side.text(distance, y, text) if has_room else None


def texts_of(cell: Cell) -> list[Text]:
    lines = [line for label in cell.own + cell.onward for line in label.lines]
    return [*cell.name, *([cell.kind] if cell.kind else []), *lines]
