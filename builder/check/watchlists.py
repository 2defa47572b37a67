"""Checks of watchlists: the names in them."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.config import FILE, match_declared
from builder.diagnostics.diagnostic import Finding, Place, place_of
from builder.model.watchlist import Watchlist
from builder.names.register import NameRegister
from builder.names.suggest import did_you_mean
from builder.site.site import Site


def check_watchlists(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield the names in watchlists that no record has."""
    places = site.config.places
    for n, found in enumerate(site.config.settings.watchlists):
        for finding in _unknown(site, f"watchlists.{n}", found):
            assert isinstance(finding.at, str)
            place = place_of(places, finding.at) or Place()
            yield FILE, finding._replace(at=place)


def _unknown(site: Site, at: str, found: Watchlist) -> Iterator[Finding]:
    names = site.names
    for n, company in enumerate(found.companies):
        if not names.companies.resolve(company):
            finding = names.unknown_company(f"{at}.companies.{n}", company)
            yield from (finding,) if finding else ()
    yield from _unnamed(f"{at}.topics", "topic", found.topics, names.topics)
    yield from _unnamed(f"{at}.people", "person", found.people, names.people)
    sections: dict[str, str] = {s.slug: s.name for s in site.config.settings.sections}
    for n, section in enumerate(found.sections):
        if match_declared(section, sections) is None:
            hint = did_you_mean(section, sections) or "declare it under `sections`"
            message = f"site.yaml declares no section `{section}`"
            yield Finding(f"{at}.sections.{n}", "unknown-section", message, hint)


def _unnamed(
    at: str, kind: str, written: tuple[str, ...], known: NameRegister
) -> Iterator[Finding]:
    field = {"topic": "topics", "person": "people"}[kind]
    for n, name in enumerate(written):
        if known.resolve(name) is None:
            near = known.suggest(name)
            create = f"name it in the `{field}` of a brief, or create its file"
            hint = f"did you mean `{near}`? otherwise {create}" if near else create
            yield Finding(f"{at}.{n}", "unknown-name", f"no {kind} is called `{name}`", hint)
