"""The inputs of each page, for `build --explain`."""

from __future__ import annotations

from collections.abc import Iterator

from builder.engine.result import PageInputs
from builder.engine.trace import State
from builder.engine.traces import unpacked
from builder.site.fact_digests import fact_in_words
from builder.site.site import Site


def made_of(state: State, site: Site) -> Iterator[tuple[str, PageInputs]]:
    """Yield the address of each page, and its inputs."""
    for task, trace in state.traces.items():
        facts = tuple(sorted(fact_in_words(site, state.name(n)) for n in unpacked(trace)))
        for page in state.rows[task].read().pages:
            yield page.url, PageInputs(page.origin, page.path, page.template, facts)
