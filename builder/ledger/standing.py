"""What stands behind each brief and its statements, also in later briefs.

Claims are one if a later one `confirms` an earlier one; figures are one if company, metric, time,
basis and value are the same. A translation says nothing of its own: its claims and figures stand
as those of its original that have the same id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from builder.ledger.claims import UNTRUE
from builder.ledger.independence import (
    Backing,
    Behind,
    Chains,
    Joined,
    Later,
    NewsKind,
    OriginalReport,
    Tie,
    brief_backing,
    reasons_of,
)
from builder.ledger.numbers import FigureRecord
from builder.model.outline import Outline, Said, Voucher
from builder.quantity.quantity import unit_key

_MOST = 4  # later briefs that a statement names
_NOTHING = Behind()


class Standing(Struct, frozen=True, array_like=True):
    """What stands behind a brief, each of its claims and each of its figures.

    `figures` is empty if each has one source at most, and no other brief has it. `confirmed` are
    companies that responded so."""

    brief: Backing
    claims: tuple[Backing, ...] = ()
    figures: tuple[Backing, ...] = ()
    confirmed: tuple[str, ...] = ()


class Member(NamedTuple):
    """A claim or a figure among those that say the same: its brief, and its index there."""

    brief: str
    number: int


def standings(
    shown: Mapping[str, Outline],
    companies: Mapping[str, Sequence[str]],
    originals: Mapping[str, str],
    figures: Iterable[FigureRecord],
    chains: Chains,
) -> dict[str, Standing]:
    """Return what stands behind published briefs, by brief.

    Briefs without anything to tell are not included. `companies` are those of each brief, by
    slug; `originals` maps translations to originals."""
    return _Standings(shown, companies, originals, chains).all(figures)


def groups_of_claims(
    shown: Mapping[str, Outline], originals: Mapping[str, str]
) -> dict[Member, tuple[Member, ...]]:
    """Return the claims that say the same, in order, by the first."""
    following = dict[Member, Member]()
    for brief in shown.values():
        if brief.claims and brief.slug not in originals:
            for n, said in enumerate(brief.claims):
                if said.confirms and (other := named_claim(shown, originals, brief, said.confirms)):
                    following[Member(brief.slug, n)] = other
    found: dict[Member, list[Member]] = {}
    for member in following:
        first = member
        while first in following:  # each is earlier, so there is no circle
            first = following[first]
        found.setdefault(first, [first]).append(member)
    return {first: tuple(sorted(some, key=_in_time(shown))) for first, some in found.items()}


def named_claim(
    shown: Mapping[str, Outline], originals: Mapping[str, str], brief: Outline, reference: str
) -> Member | None:
    """Return the claim of an earlier brief that a reference means."""
    slug, _, id = reference.partition("#")
    other = shown.get(originals.get(slug, slug))
    if other is None or (other.date.at, other.slug) >= (brief.date.at, brief.slug):
        return None
    numbers = (n for n, said in enumerate(other.claims) if said.id == id)
    number = next(numbers, None)
    return None if number is None else Member(other.slug, number)


def groups_of_figures(
    shown: Mapping[str, Outline], originals: Mapping[str, str], figures: Iterable[FigureRecord]
) -> Iterator[tuple[Member, ...]]:
    """Yield the figures that several briefs state, in order of time."""
    found: dict[tuple[object, ...], list[Member]] = {}
    for v in figures:
        if v.at and v.brief not in originals:
            amount = v.value.low, v.value.high, unit_key(v.value.unit)
            identity = (v.of, v.to, v.key, v.at, v.is_period, v.basis, amount)
            found.setdefault(identity, []).append(Member(v.brief, v.number))
    for some in found.values():
        if len(some) > 1 and len({member.brief for member in some}) > 1:
            yield tuple(sorted(some, key=_in_time(shown)))


def _in_time(shown: Mapping[str, Outline]) -> Callable[[Member], tuple[float, str, int]]:
    def key(member: Member) -> tuple[float, str, int]:
        return shown[member.brief].date.at.timestamp(), member.brief, member.number

    return key


def word_of(chains: Chains, about: Sequence[str], brief: Outline, said: Said) -> tuple[str, ...]:
    """Return the companies whose word a claim about an earlier one is.

    They are among those that its brief is `about` (slugs)."""
    behind = chains.behind(brief.sources, said.vouchers)
    spoken = _speaking(chains, said.vouchers) if said.denies or said.status == "confirmed" else ()
    return tuple(dict.fromkeys(name for name in (*spoken, *behind.companies) if name in about))


def _speaking(chains: Chains, vouchers: Iterable[Voucher]) -> tuple[str, ...]:
    """Return the companies for which named speakers speak."""
    speaks_for = chains.imprints.speaks_for
    return tuple(speaks_for(v.speaker, v.of) for v in vouchers if v.speaker or v.of)


class _Standings:
    """Puts together what stands behind the statements of a site."""

    def __init__(
        self,
        shown: Mapping[str, Outline],
        companies: Mapping[str, Sequence[str]],
        originals: Mapping[str, str],
        chains: Chains,
    ) -> None:
        self.shown, self.companies = shown, companies
        self.originals, self.chains = originals, chains
        self.claims: dict[Member, Backing] = {}
        self.figures: dict[Member, Backing] = {}

    def all(self, figures: Iterable[FigureRecord]) -> dict[str, Standing]:
        """Return the standing of each brief."""
        for claims in groups_of_claims(self.shown, self.originals).values():
            self.claims |= self._together(claims, [self.claim(*one) for one in claims])
        for same in groups_of_figures(self.shown, self.originals, figures):
            self.figures |= self._together(same, [self.figure(*one) for one in same])
        self._deny()
        own = {slug: standing for slug in self.shown if (standing := self._standing(slug))}
        for slug, original in self.originals.items():
            if slug in own and original in own:
                own[slug] = self._translated(own[slug], slug, own[original], original)
        return own

    def claim(self, slug: str, number: int) -> Behind:
        """Return what stands behind a claim in its own brief."""
        brief = self.shown[slug]
        said = brief.claims[number]
        if not said.vouchers:
            return _NOTHING
        behind = self.chains.behind(brief.sources, said.vouchers)
        return behind._replace(companies=self._stating(slug, said, behind.companies))

    def claim_alone(self, slug: str, number: int) -> Backing:
        """Return in numbers what stands behind a claim that no other brief has."""
        brief = self.shown[slug]
        said = brief.claims[number]
        if not said.vouchers:
            return _NOTHING.backing()
        backing = self.chains.backing(brief.sources, said.vouchers)
        companies = tuple(sorted({*self._stating(slug, said, backing.companies)}))
        return replace(backing, companies=companies) if companies != backing.companies else backing

    def _stating(self, slug: str, said: Said, companies: tuple[str, ...]) -> tuple[str, ...]:
        """Return the companies that state a claim or confirm it themselves.

        `companies` are those whose statements or filings stand behind it."""
        if said.status in UNTRUE:
            return ()
        speaking = _speaking(self.chains, said.vouchers) if said.status == "confirmed" else ()
        return self._concerned(slug, (*speaking, *companies))

    def figure(self, slug: str, number: int) -> Behind:
        """Return what stands behind a figure in its own brief."""
        brief = self.shown[slug]
        vouchers = brief.vouchers[number] if number < len(brief.vouchers) else ()
        if not vouchers:
            return _NOTHING
        behind = self.chains.behind(brief.sources, vouchers)
        return behind._replace(companies=self._concerned(slug, behind.companies))

    def _concerned(self, slug: str, companies: Iterable[str]) -> tuple[str, ...]:
        """Return those of some companies that a brief is about."""
        about = self.companies.get(slug, ())
        return tuple(dict.fromkeys(name for name in companies if name in about))

    def _together(
        self, members: Sequence[Member], behind: Sequence[Behind]
    ) -> Iterator[tuple[Member, Backing]]:
        """Yield what stands behind each of some statements that say the same.

        What a later brief shows to be tied is tied in earlier ones, too."""
        ties = (tie for one in behind for tie in (*one.bridges, *(r.ties for r in one.reports)))
        joined = Joined(ties)
        seen, reports, said = set[Tie](), list[OriginalReport](), dict[str, None]()
        news: list[tuple[int, Later]] = []
        backings: list[Backing] = []
        unnamed, count = False, 0
        for at, (member, one) in enumerate(zip(members, behind, strict=True)):
            brief = self.shown[member.brief]
            unnamed = unnamed or one.unnamed
            reports += one.reports
            seen |= {joined.root(next(iter(report.ties))) for report in one.reports}
            before, count = count, max(len(seen), int(unnamed))
            if at and count > max(before, 1) and member.brief != members[0].brief:
                news.append((at, Later("report", brief.slug, brief.date, count)))
            for company in one.companies:
                if at and company not in said:
                    news.append((at, Later("confirmed", brief.slug, brief.date, who=company)))
                said.setdefault(company)
            why = reasons_of(reports, count) if reports else ()
            backings.append(Backing(count, why, 0, tuple(sorted(said))))
        for at, (member, backing) in enumerate(zip(members, backings, strict=True)):
            later = [one for when, one in news if when > at and one.brief != member.brief][:_MOST]
            yield member, replace(backing, later=tuple(later), now=count)

    def _deny(self) -> None:
        """Add the denials of later briefs to the claims that they deny."""
        for brief in self.shown.values():
            for said in brief.claims if brief.slug not in self.originals else ():
                if not said.denies:
                    continue
                other = named_claim(self.shown, self.originals, brief, said.denies)
                if other:
                    known = self.claims.get(other) or self.claim_alone(*other)
                    later = (*known.later, self._denial(brief, said))
                    self.claims[other] = replace(known, later=_in_order(later))

    def _denial(self, brief: Outline, said: Said) -> Later:
        who = word_of(self.chains, self.companies.get(brief.slug, ()), brief, said)
        kind: NewsKind = "disputed" if said.status == "disputed" else "denied"
        return Later(kind, brief.slug, brief.date, who=who[0] if who else "")

    def _standing(self, slug: str) -> Standing | None:
        """Return what stands behind a brief, if there is anything to tell."""
        brief = self.shown[slug]
        figures = self._figures(brief)
        if len(brief.sources) < 2 and not (brief.claims or figures or brief.confirmed_by):
            return None
        claims = tuple(
            self.claims.get(Member(slug, n)) or self.claim_alone(slug, n)
            for n in range(len(brief.claims))
        )
        responded = [Voucher(-1, of=name) for name in brief.confirmed_by]
        confirmed = _speaking(self.chains, responded)
        about = brief_backing(self.chains, brief)
        return Standing(
            replace(about, companies=self._concerned(slug, about.companies)),
            claims,
            figures,
            self._concerned(slug, confirmed),
        )

    def _figures(self, brief: Outline) -> tuple[Backing, ...]:
        """Return what stands behind the figures of a brief, if more than a source of each."""
        keys = [Member(brief.slug, n) for n in range(len(brief.figures))]
        if not any(len(some) > 1 for some in brief.vouchers) and self.figures.keys().isdisjoint(
            keys
        ):
            return ()
        return tuple(self.figures.get(key) or self.figure(*key).backing() for key in keys)

    def _translated(self, own: Standing, slug: str, original: Standing, origin: str) -> Standing:
        """Return the standing of a translation, whose statements stand as in its original."""
        here, there = self.shown[slug], self.shown[origin]
        claims = _by_id([c.id for c in there.claims], original.claims)
        figures = _by_id([str(f.id) for f in there.figures], original.figures)
        told = tuple(figures.get(str(f.id), Backing()) for f in here.figures)
        return replace(
            own,
            claims=tuple(
                claims.get(said.id, backing)
                for said, backing in zip(here.claims, own.claims, strict=True)
            ),
            figures=told if figures else (),
        )


def _by_id(ids: Sequence[str], backings: Sequence[Backing]) -> dict[str, Backing]:
    return {id: backing for id, backing in zip(ids, backings, strict=False) if id}


def _in_order(later: Sequence[Later]) -> tuple[Later, ...]:
    return tuple(sorted(later, key=lambda one: (one.at.at, one.brief))[:_MOST])
