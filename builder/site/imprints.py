"""Resolves publishers to their owners and companies, for the ledger of independence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from builder.diagnostics.diagnostic import Finding
from builder.ledger.copied_reports import copied_ties
from builder.ledger.independence import Chains
from builder.ledger.names import Imprints
from builder.ledger.numbers import FigureRecord
from builder.ledger.standing import Standing, standings
from builder.model.entity import Publisher
from builder.model.outline import Outline
from builder.names.chains import circle_in_words, ends_of, find_circles
from builder.names.keys import name_key
from builder.site.duplicates import Report
from builder.site.registers import Registers
from builder.site.site import Entry


def site_standings(
    names: Registers,
    shown: Mapping[str, Outline],
    entries: Mapping[str, Entry],
    originals: Mapping[str, str],
    figures: Sequence[FigureRecord],
) -> dict[str, Standing]:
    """Return what stands behind published briefs."""
    imprints = imprints_of(names)
    companies = {slug: entries[slug].companies for slug in shown}
    chains = Chains(imprints, copied_ties(shown.values(), imprints))
    return standings(shown, companies, originals, figures, chains)


def imprints_of(names: Registers) -> Imprints:
    """Return the functions that resolve publishers; each remembers what it has resolved."""
    owners = _owners(names)

    @cache
    def name(written: str) -> str:
        return names.publisher_slug(written) or f"={name_key(written)}"

    def owner(written: str) -> str:
        own = name(written)
        return owners.get(own, own)

    @cache
    def is_agency(written: str) -> bool:
        found = names.all_publishers.get(name(written))
        return found is not None and found.kind == "news agency"

    @cache
    def speaks_for(person: str, company: str) -> str:
        if company:
            return names.known_company(company)
        known = names.all_people.get(names.people.resolve(person) or "")
        return names.known_company(known.company) if known and known.company else ""

    return Imprints(name, cache(owner), is_agency, cache(names.known_company), speaks_for)


def _owners(names: Registers) -> dict[str, str]:
    """Return the last owner of each publisher that has one, by slug.

    Publishers that own each other are all owned by the first of them."""
    following = _parents(names)
    found = ends_of(following)
    for circle in find_circles(following):
        found.update(dict.fromkeys(circle, min(circle)))
    for slug, end in found.items():
        if not end:  # it leads into a circle
            at = slug
            while not found[at]:
                at = following[at]
            found[slug] = found[at]
    return {slug: end for slug, end in found.items() if end}


def _parents(names: Registers) -> dict[str, str]:
    """Return the slug of each publisher's owner."""
    return {
        slug: names.publisher_slug(imprint.parent) or f"={name_key(imprint.parent)}"
        for slug, imprint in names.all_publishers.items()
        if imprint.parent
    }


def check_owners(names: Registers, report: Report) -> None:
    """Report publishers whose owner is unknown, or that own themselves."""
    following = _parents(names)
    if not following:
        return
    places = {
        slug: (circle, n) for circle in find_circles(following) for n, slug in enumerate(circle)
    }
    for slug, imprint in names.all_publishers.items():
        if not imprint.parent:
            continue
        if slug in places:
            chain = circle_in_words(places[slug][0], "is owned by", places[slug][1])
            message = f"`parent` is circular: {chain}"
            hint = "remove `parent` from one of them"
            report(imprint.path, Finding("parent", "publisher-circle", message, hint))
        elif following[slug] not in names.all_publishers:
            report(imprint.path, _unknown(names, imprint))


def _unknown(names: Registers, imprint: Publisher) -> Finding:
    near = names.publishers.suggest(imprint.parent)
    create = f'create it with `slugline new publisher "{imprint.parent}"`'
    hint = f"did you mean `{near}`? otherwise {create}" if near else create
    message = f"no publisher is called `{imprint.parent}`"
    return Finding("parent", "unknown-publisher", message, hint)
