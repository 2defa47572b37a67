"""An SVG map of a company and the companies related to it.

The company is in the middle; owners, suppliers, customers and rivals have a side each. A line's
dashes and its dot show whether a relation holds, is planned or has ended; colour never does. A
phone gets a narrow drawing of its own.
"""

from __future__ import annotations

from builder.pages.svg.graph import Map
from builder.pages.svg.map_narrow import draw_narrow
from builder.pages.svg.map_parts import draw_legend
from builder.pages.svg.map_wide import draw_wide
from builder.pages.svg.shapes import WIDTH, frame
from builder.pages.svg.sides import directed, sided


def draw_map(map: Map, wide: bool = False) -> str:
    """Return a map as SVG.

    A narrow map is 320 wide, a wide one 640. Raises ValueError if the centre has no neighbours.
    """
    neighbours = [neighbour for group in map.groups for neighbour in group.neighbours]
    if not neighbours:
        raise ValueError("a map needs a neighbour")
    width = 2 * WIDTH if wide else WIDTH
    drawn, bottom = draw_wide(map) if wide else draw_narrow(map)
    legend, height = draw_legend(map, (n.state for n in neighbours), bottom + 4, width)
    has_links = bool(map.url) or any(n.url or n.link for n in neighbours)
    return frame(
        "map wide" if wide else "map",
        width,
        height + 2,
        (map.title, map.description, [words for n in neighbours for words in n.words]),
        (directed(sided(part, map.language, width), map.language) for part in (*drawn, legend)),
        prefix=map.prefix,
        language=map.language,
        has_links=has_links,
    )
