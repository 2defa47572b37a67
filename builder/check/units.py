"""Check for units that are probably misspelt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from builder.diagnostics.diagnostic import Finding
from builder.names.register import DistinctNames
from builder.names.suggest import edits
from builder.quantity.quantity import unit_key
from builder.quantity.units import CURRENCIES, FACTORS
from builder.site.site import Site

_SHORTEST = 5  # letters of a unit that is compared: `GW` and `MW` are not misspelt


def check_units(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield units that are used once and resemble another one.

    The other one is used more often. Any word may be a unit, so this is all that a misspelling
    shows."""
    times: Counter[str] = Counter()
    first: dict[str, tuple[str, int, str]] = {}  # by key: a file, a figure, and the unit as written
    for brief in site.outlines.values():
        for n, figure in enumerate(brief.figures):
            for part in figure.value.unit.split("/") if figure.value else ():
                if len(part) >= _SHORTEST and part not in CURRENCIES and part not in FACTORS:
                    times[unit_key(part)] += 1
                    first.setdefault(unit_key(part), (brief.path, n, part))
    distinct = DistinctNames(site.config.settings.distinct)
    for key in (key for key, count in times.items() if count == 1):
        near = [
            other
            for other, count in times.items()
            if count > 1
            and edits(key, other, 1) == 1
            and not distinct.differ((first[key][2],), (first[other][2],))
        ]
        if near:
            path, n, unit = first[key]
            meant = first[max(near, key=lambda other: (times[other], other))][2]
            message = f"the unit `{unit}` is used once and resembles `{meant}`"
            hint = f"write `{meant}`, or list both in `distinct` of site.yaml"
            yield path, Finding(f"figures.{n}.value", "resembling-unit", message, hint)
