"""The inputs of each page, for `build --explain`."""

from __future__ import annotations

from collections.abc import Iterator

from builder.engine.result import PageInputs
from builder.engine.trace import State
from builder.site.fact_digests import fact_in_words
from builder.site.site import Site


def made_of(state: State, site: Site) -> Iterator[tuple[str, PageInputs]]:
    """Yield the address of each page, and its inputs."""
    for row in state.rows.values():
        facts = tuple(sorted(fact_in_words(site, state.name(number)) for number in row.numbers()))
        for page in row.read().pages:
            yield page.url, PageInputs(page.origin, page.path, page.template, facts)
