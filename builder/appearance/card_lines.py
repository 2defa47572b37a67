"""Breaks a title of a share card into lines: the largest size that fits, lines of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from builder.appearance.card_fonts import Metrics, card_metrics, covered

_ELLIPSIS = "…"
_STEPS = 12  # of the search for the shortest lines: to a pixel


class CardLine(Struct, frozen=True):
    """A line of text: its words, the font size, and its distance below the first line."""

    text: str
    size: int
    below: int


def width_of(text: str, font: str, size: int) -> int:
    """Return a line's width in pixels, or 0 without its glyphs."""
    if not covered(font, text):
        return 0
    return round(card_metrics(font).width(text, size))


def fit_lines(
    text: str, font: str, width: int, height: int, sizes: Sequence[int], leading: float = 1.14
) -> list[CardLine]:
    """Return a text in lines, in the largest size that fits.

    Lines have like lengths, as CSS balances them. If no size fits, the text in the smallest one
    ends in an ellipsis. A text with a character that the font lacks has no lines: a date in Arabic
    below a Latin title."""
    metrics = card_metrics(font)
    words = [word for word in text.split(" ") if word]
    if not words or not covered(font, text):
        return []
    widths = [metrics.width(word, 1) for word in words]
    space = metrics.width(" ", 1)
    for size in sizes:
        room, most = width / size, int(height // (size * leading))
        if max(widths) <= room and (starts := _starts(widths, space, room)) and len(starts) <= most:
            starts = _balanced(widths, space, room, starts)
            return _lines(words, starts, size, leading)
    size = sizes[-1]
    most = max(1, int(height // (size * leading)))
    words = [part for word in words for part in _parts(word, metrics, width / size)]
    widths = [metrics.width(word, 1) for word in words]
    lines = _lines(words, _starts(widths, space, width / size), size, leading)
    if len(lines) > most:
        last = lines[most - 1]
        cut = _shortened(last.text, metrics, width / size)
        lines = [*lines[: most - 1], replace(last, text=cut)]
    return lines


def _starts(widths: Sequence[float], space: float, room: float) -> list[int]:
    """Return the index of the first word of each line, the longest lines that fit."""
    starts, used = [0], widths[0]
    for n, width in enumerate(widths[1:], 1):
        used += space + width
        if used > room:
            starts.append(n)
            used = width
    return starts


def _balanced(widths: Sequence[float], space: float, room: float, starts: list[int]) -> list[int]:
    """Return as many lines, and make the longest as short as possible."""
    low, high = max(widths), room
    for _ in range(_STEPS if len(starts) > 1 else 0):
        middle = (low + high) / 2
        tried = _starts(widths, space, middle)
        if len(tried) == len(starts):
            high, starts = middle, tried
        else:
            low = middle
    return starts


def _lines(
    words: Sequence[str], starts: Sequence[int], size: int, leading: float
) -> list[CardLine]:
    ends = [*starts[1:], len(words)]
    return [
        CardLine(" ".join(words[start:end]), size, round(n * size * leading))
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _parts(word: str, metrics: Metrics, room: float) -> Iterator[str]:
    """Yield a word, or the parts that fit if it is wider than a line."""
    while metrics.width(word, 1) > room:
        places = metrics.places(word, 1)
        kept = max(1, sum(place <= room for place in places[1:]))
        yield word[:kept]
        word = word[kept:]
    yield word


def _shortened(line: str, metrics: Metrics, room: float) -> str:
    """Return a line that ends in an ellipsis and still fits."""
    words = line.split(" ")
    while len(words) > 1 and metrics.width(" ".join(words) + _ELLIPSIS, 1) > room:
        words.pop()
    kept = " ".join(words).rstrip(" ,;:–—-")
    while kept and metrics.width(kept + _ELLIPSIS, 1) > room:
        kept = kept[:-1]
    return kept + _ELLIPSIS
