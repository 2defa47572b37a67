"""The ledger of claims: what the latest brief says of each.

Claims of one text are one. A claim that `confirms` or `denies` one of an earlier brief speaks of
that one: it is confirmed if a company does so itself (`who`), and else has the later claim's
status; or it is denied, and disputed if the denial is. A denial in words of its own is also a
claim of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from builder.ledger.independence import Joined
from builder.ledger.names import NameResolvers
from builder.model.outline import Outline, Said
from builder.model.statement import ClaimStatus
from builder.model.time import Moment
from builder.names.keys import fold, name_key

UNTRUE = ("denied", "disputed")  # statuses of claims that confirm nothing


class StatedClaim(Struct, frozen=True, array_like=True):
    """A claim as one brief states it, or as it stands in the ledger.

    `key` is the same for all spellings of its text, and `number` its index in the brief. Its
    companies (slugs) are the speaker's and those that its text names, or else the subject of the
    brief. `confirms` and `denies` are claims of earlier briefs (`brief#id`), and `who` are the
    companies that do so. It counts from `published` until it `expires`."""

    key: str
    text: str
    status: ClaimStatus
    brief: str
    number: int
    published: Moment
    companies: tuple[str, ...]
    lang: str
    id: str = ""
    confirms: str = ""
    denies: str = ""
    who: tuple[str, ...] = ()
    expires: Moment | None = None

    def counts(self, at: datetime) -> bool:
        """Return whether its brief is published at a moment."""
        return self.published.at <= at and (self.expires is None or self.expires.at > at)

    @property
    def in_time(self) -> tuple[datetime, str, int]:
        """The sort key by publication."""
        return self.published.at, self.brief, self.number


class ClaimChange(NamedTuple):
    """A change of a claim in the ledger at a moment."""

    at: Moment
    was: StatedClaim | None
    now: StatedClaim | None


def claim_records(
    brief: Outline,
    names: NameResolvers,
    speaking: Callable[[Outline, Said], tuple[str, ...]] = lambda brief, said: (),
) -> Iterator[StatedClaim]:
    """Yield the claims of a brief, each text once.

    `speaking` returns the companies (slugs) whose word a claim is."""
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
        yield StatedClaim(
            key, claim.text, claim.status, brief.slug, number, brief.date,
            tuple(dict.fromkeys(slug for slug in slugs if slug)), brief.lang,
            claim.id, claim.confirms, claim.denies,
            speaking(brief, claim) if claim.confirms or claim.denies else (), brief.expires,
        )  # fmt: skip


def claim_ledger(stated: Iterable[StatedClaim]) -> dict[str, StatedClaim]:
    """Return the claims of some briefs as they stand, by key."""
    ledger = _Ledger()
    for claim in sorted(stated, key=lambda claim: claim.in_time):
        ledger.add(claim)
    return ledger.known


class _Ledger:
    """Claims as they stand, while others are added in order of time."""

    def __init__(self) -> None:
        self.known: dict[str, StatedClaim] = {}
        self._meant: dict[str, str] = {}  # the keys of claims with an id, by reference

    def add(self, claim: StatedClaim) -> dict[str, StatedClaim | None]:
        """Add a claim, and return by key what it replaces."""
        known, was = self.known, dict[str, StatedClaim | None]()
        confirmed, denied = (
            self._meant.get(reference) if reference.partition("#")[0] != claim.brief else None
            for reference in (claim.confirms, claim.denies)
        )
        key = confirmed or claim.key
        if denied:
            was[denied] = known[denied]
            disputed = claim.status == "disputed"
            known[denied] = _said_of(known[denied], claim, "disputed" if disputed else "denied")
        was.setdefault(key, known.get(key))
        if confirmed:
            sure = claim.who and claim.status not in UNTRUE
            known[key] = _said_of(known[key], claim, "confirmed" if sure else claim.status)
        elif not (denied and claim.status in UNTRUE):
            known[key] = replace(claim, who=()) if claim.who else claim
        else:
            return was  # it states nothing but the denial
        if claim.id:
            self._meant.setdefault(f"{claim.brief}#{claim.id}", key)
        return was


def _said_of(earlier: StatedClaim, claim: StatedClaim, status: ClaimStatus) -> StatedClaim:
    """Return an earlier claim with what a later one says of it."""
    companies = tuple(dict.fromkeys((*earlier.companies, *claim.companies, *claim.who)))
    same = {"key": earlier.key, "text": earlier.text, "lang": earlier.lang}
    return replace(claim, **same, status=status, companies=companies)


def claim_changes(stated: Iterable[StatedClaim], until: datetime) -> Iterator[ClaimChange]:
    """Yield the states of each claim, from one moment on."""
    for claims in _related(stated):
        if any(claim.expires and claim.expires.at <= until for claim in claims):
            yield from _with_expiry(claims, until)
        else:
            yield from _in_order(claims, until)


def _in_order(claims: Sequence[StatedClaim], until: datetime) -> Iterator[ClaimChange]:
    """Yield the states of claims that all still stand."""
    ledger, places = _Ledger(), dict[str, int]()
    moments = {claim.published.at: claim.published for claim in claims}
    told = sorted((c for c in claims if c.published.at <= until), key=lambda claim: claim.in_time)
    for at, together in groupby(told, key=lambda claim: claim.published.at):
        before: dict[str, StatedClaim | None] = {}
        for claim in together:
            for key, was in ledger.add(claim).items():
                before.setdefault(key, was)
        for key in sorted(before, key=lambda key: places.setdefault(key, len(places))):
            was, now = before[key], ledger.known.get(key)
            if was != now:
                yield ClaimChange(moments[at], was, now)


def _with_expiry(claims: Sequence[StatedClaim], until: datetime) -> Iterator[ClaimChange]:
    """Yield the states of claims, some of which are in briefs that expire."""
    moments = {
        moment.at: moment
        for claim in claims
        for moment in (claim.expires, claim.published)
        if moment and claim.published.at <= moment.at <= until
    }
    known: dict[str, StatedClaim] = {}
    for at in sorted(moments):
        found = claim_ledger(claim for claim in claims if claim.counts(at))
        for key in (*found, *(key for key in known if key not in found)):
            was, now = known.get(key), found.get(key)
            if was != now:
                yield ClaimChange(moments[at], was, now)
        known = found


def _related(stated: Iterable[StatedClaim]) -> Iterable[list[StatedClaim]]:
    """Return the claims of one text, or that speak of each other, together."""
    all = [*stated]
    keys = {f"{claim.brief}#{claim.id}": claim.key for claim in all if claim.id}
    joined = Joined(
        (claim.key, keys[reference])
        for claim in all
        for reference in (claim.confirms, claim.denies)
        if reference in keys
    )
    found: dict[str, list[StatedClaim]] = {}
    for claim in all:
        found.setdefault(joined.root(claim.key), []).append(claim)
    return found.values()
