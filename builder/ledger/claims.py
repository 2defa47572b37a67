"""The ledger of claims: the status that the latest brief gives each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from builder.ledger.names import NameResolvers
from builder.model.outline import Outline
from builder.model.statement import ClaimStatus
from builder.model.time import Moment
from builder.names.keys import fold, name_key


class StatedClaim(Struct, frozen=True, array_like=True):
    """A claim as one brief states it.

    `key` is the same for all spellings of its text, and `number` its index in the brief. Its
    companies (slugs) are the speaker's and those that its text names, or else the subject of the
    brief."""

    key: str
    text: str
    status: ClaimStatus
    brief: str
    number: int
    published: Moment
    companies: tuple[str, ...]
    lang: str


def claim_records(brief: Outline, names: NameResolvers) -> Iterator[StatedClaim]:
    """Yield the claims of a brief, each text once."""
    seen = set[str]()
    for number, claim in enumerate(brief.claims):
        key = name_key(claim.text)
        if not key or key in seen:
            continue
        seen.add(key)
        text = fold(claim.text)
        named = [name for name in brief.companies if fold(name) in text]
        spoken = (*named, claim.by) if claim.by else named
        slugs = [names.company(name) for name in spoken or brief.companies[:1]]
        companies = tuple(dict.fromkeys(slug for slug in slugs if slug))
        yield StatedClaim(
            key, claim.text, claim.status, brief.slug, number, brief.date, companies, brief.lang
        )


def latest_claim(found: Iterable[StatedClaim]) -> StatedClaim | None:
    """Return the record of the latest brief that states a claim."""
    return max(found, key=lambda r: (r.published.at, r.brief), default=None)


def claim_ledger(briefs: Iterable[Outline], names: NameResolvers) -> tuple[StatedClaim, ...]:
    """Return the claims of some briefs, each as the latest states it."""
    said: dict[str, list[StatedClaim]] = {}
    for brief in briefs:
        for record in claim_records(brief, names):
            said.setdefault(record.key, []).append(record)
    found = (latest_claim(records) for records in said.values())
    return tuple(sorted((r for r in found if r), key=lambda record: record.key))
