"""How many independent originals stand behind a brief, a claim and a figure.

Behind a statement stand the sources that it names (`source` and `also`), or behind a brief all of
its sources. Each leads along `of` to the root of its chain. A root of role `original` is a report;
one of role `statement` or `filing` is the word of a company, which is counted apart; an opinion is
neither. A circle counts as one report. If only relays without an original are given, one report
that nobody names stands behind them.

Two reports count once if anything ties them together:

- one owner: their publishers are the same, or have the same `parent`, however far up;
- the same people: both cite unnamed people alone for one claim, of the same number (or both of no
  number), the same description and the same employer; two outlets are not known to have spoken to
  different people;
- one text: they have one address, or say one sentence of at least 24 letters in `words`, or name
  one news agency in `via`, whose text it then is;
- one chain: one of them passes on the other behind the same claim or figure, in whichever brief, or
  passes on another report in one brief and stands as an original in another one. So reports that
  cite each other in a circle count once.

Ties are followed however far they reach, so the count depends on no order. Everything that ties
more together can only lower it: a count is what is certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct

from builder.ledger.names import Imprints
from builder.model.outline import Cited, Outline, Voucher
from builder.model.time import Moment

# What two reports may share: their publishers' owner, the people they cite, their text.
TieKind = Literal["owner", "people", "text"]
Tie = tuple[TieKind, str]
# Why two reports count once: what they share, or that one passes on the other.
Reason = Literal["owner", "people", "text", "chain"]

NewsKind = Literal["report", "confirmed", "denied", "disputed"]

_COMPANY = ("statement", "filing")  # the roles of a company's own word
_RELAYS = ("relay", "syndication", "translation", "machine-translation")


class Later(Struct, frozen=True, array_like=True):
    """What a later brief adds to a statement.

    That is a report, after which there are `reports`, or a company that confirms, denies or
    disputes it."""

    kind: NewsKind
    brief: str
    at: Moment
    reports: int = 0
    who: str = ""


class Backing(Struct, frozen=True, array_like=True):
    """What stands behind a statement or a brief.

    `reports` is the number of independent originals; `reasons` are why others are not counted.
    `outlets` pass them on. `companies` (slugs) state or confirm it themselves. `now` is the number
    with those of later briefs, which are `later`."""

    reports: int = 0
    reasons: tuple[Reason, ...] = ()
    outlets: int = 0
    companies: tuple[str, ...] = ()
    later: tuple[Later, ...] = ()
    now: int = 0


def rests_on_one(backing: Backing) -> bool:
    """Return whether one report alone stands behind a statement, and no company."""
    confirmed = backing.companies or any(one.kind == "confirmed" for one in backing.later)
    return backing.now == 1 and not confirmed


class OriginalReport(NamedTuple):
    """An original report, and what may tie it to others: at least its owner."""

    publisher: str
    ties: frozenset[Tie]


def count_reports(reports: Iterable[OriginalReport], bridges: Iterable[Iterable[Tie]] = ()) -> int:
    """Return how many of some reports are independent.

    All ties of a bridge are tied together, as by a report that does not count."""
    given = [report.ties for report in reports]
    joined = Joined((*bridges, *given))
    return len({joined.root(next(iter(ties))) for ties in given if ties})


def reasons_of(reports: Sequence[OriginalReport], count: int) -> tuple[Reason, ...]:
    """Return why reports of different publishers count as fewer, in order."""
    if count == len(reports):
        return ()
    seen: dict[Tie, str] = {}
    found: set[Reason] = set()
    for report in reports:
        for tie in report.ties:
            if seen.setdefault(tie, report.publisher) != report.publisher:
                found.add(tie[0])
    if count < count_reports(reports):
        found.add("chain")
    return tuple(sorted(found))


_Member = TypeVar("_Member")


class Joined(Generic[_Member]):
    """Sets, of which those that share a member belong together."""

    def __init__(self, sets: Iterable[Iterable[_Member]]) -> None:
        self._above: dict[_Member, _Member] = {}
        for members in sets:
            self._join(members)

    def root(self, tie: _Member) -> _Member:
        """Return the member that stands for those joined with one."""
        above = self._above
        while (up := above.setdefault(tie, tie)) != tie:
            above[tie] = tie = above.setdefault(up, up)
        return tie

    def _join(self, members: Iterable[_Member]) -> None:
        first: _Member | None = None
        for tie in members:
            root = self.root(tie)
            if first is None:
                first = root
            elif root != first:
                self._above[root] = first


# --- chains ------------------------------------------------------------------------------------


def roots_of(sources: Sequence[Cited]) -> tuple[int, ...]:
    """Return the root of each source's chain; of a circle, the first."""
    found: list[int] = []
    for n in range(len(sources)):
        way = {n: None}
        at = n
        while (origin := sources[at].of) >= 0 and origin not in way:
            way[at := origin] = None
        if origin >= 0:  # a circle, which begins at `origin`
            circle = [*way][[*way].index(origin) :]
            at = min(circle)
        found.append(at)
    return tuple(found)


def root_of(sources: Sequence[Cited], n: int) -> int:
    """Return the root of one source's chain, as `roots_of` does."""
    at, steps = n, 0
    while (origin := sources[at].of) >= 0:
        at, steps = origin, steps + 1
        if steps > len(sources):
            return roots_of(sources)[n]
    return at


def _way(sources: Sequence[Cited], n: int) -> Iterator[tuple[int, int]]:
    """Yield each step of the chain from a source to its root."""
    seen = {n}
    while (origin := sources[n].of) >= 0:
        yield n, origin
        if origin in seen:
            return
        seen.add(n := origin)


def _circle(sources: Sequence[Cited], root: int) -> tuple[int, ...]:
    """Return the sources of a root: itself, or those of its circle."""
    return (root, *(origin for _, origin in _way(sources, root)))


class Behind(NamedTuple):
    """What some vouchers lead to, of one brief or of several."""

    reports: tuple[OriginalReport, ...] = ()
    bridges: tuple[frozenset[Tie], ...] = ()
    companies: tuple[str, ...] = ()
    unnamed: bool = False  # relays whose original nobody names

    def backing(self, outlets: int = 0) -> Backing:
        """Return it in numbers."""
        count = count_reports(self.reports, self.bridges) or int(self.unnamed)
        return Backing(
            count,
            reasons_of(self.reports, count),
            outlets,
            tuple(sorted({*self.companies})),
            (),
            count,
        )


class Chains:
    """Follows the sources of briefs to what stands behind them.

    `copied` has, by report, the ties of what a report passes on in another brief."""

    def __init__(self, imprints: Imprints, copied: Mapping[str, tuple[Tie, ...]]) -> None:
        self.imprints, self.copied = imprints, copied

    def behind(
        self, sources: Sequence[Cited], vouchers: Iterable[Voucher], chained: bool = True
    ) -> Behind:
        """Return what vouchers lead to.

        If `chained`, publishers that pass on each other behind them are tied."""
        roots = roots_of(sources)
        more: dict[int, set[Tie]] = {}
        bridges: list[frozenset[Tie]] = []
        companies: dict[str, None] = {}
        unnamed = False
        for voucher in vouchers:
            if voucher.source < 0:
                continue
            source, root = sources[voucher.source], roots[voucher.source]
            role = sources[root].role
            if role == "original" or sources[root].of >= 0:  # the latter is a circle
                ties = more.setdefault(root, set())
                if voucher.people:
                    ties.add(("people", voucher.people))
                if voucher.words:
                    ties.add(("text", f"words {voucher.words}"))
            elif role in _COMPANY and (name := self.imprints.company(sources[root].publisher)):
                companies[name] = None
            elif role in _RELAYS:
                unnamed = True
            if copied := self.copied.get(report_key(sources[root], self.imprints)):
                own: Tie = ("owner", self.imprints.owner(sources[root].publisher))
                bridges.append(frozenset((own, *copied)))
            if chained and source.of >= 0:
                bridges += self._bridges(sources, voucher.source)
        reports = tuple(
            OriginalReport(
                min(self.imprints.name(sources[at].publisher) for at in _circle(sources, n)),
                frozenset(ties.union(*(self._ties(sources[at]) for at in _circle(sources, n)))),
            )
            for n, ties in more.items()
        )
        return Behind(reports, tuple(bridges), tuple(companies), unnamed)

    def backing(
        self,
        sources: Sequence[Cited],
        vouchers: Sequence[Voucher],
        chained: bool = True,
        outlets: int = 0,
    ) -> Backing:
        """Return in numbers what vouchers lead to.

        One report counts once, whatever ties it, so its ties need not be found."""
        report, companies, unnamed = -1, set[str](), False
        for voucher in vouchers:
            if voucher.source < 0:
                continue
            root = root_of(sources, voucher.source)
            role = sources[root].role
            if role == "original" or sources[root].of >= 0:
                if report not in (-1, root):
                    return self.behind(sources, vouchers, chained).backing(outlets)
                report = root
            elif role in _COMPANY and (name := self.imprints.company(sources[root].publisher)):
                companies.add(name)
            elif role in _RELAYS:
                unnamed = True
        count = 1 if report >= 0 else int(unnamed)
        return Backing(count, (), outlets, tuple(sorted(companies)), (), count)

    def _ties(self, source: Cited) -> frozenset[Tie]:
        """Return what ties a report to others, in whichever brief."""
        ties: list[Tie] = [("owner", self.imprints.owner(source.publisher))]
        if source.report:
            ties.append(("text", source.report))
        for name in (source.publisher, source.via):
            if name and self.imprints.is_agency(name):
                ties.append(("text", f"agency {self.imprints.owner(name)}"))
        return frozenset(ties)

    def _bridges(self, sources: Sequence[Cited], n: int) -> Iterator[frozenset[Tie]]:
        owner = self.imprints.owner
        for one, other in _way(sources, n):
            yield frozenset(("owner", owner(sources[at].publisher)) for at in (one, other))

    def outlets(self, sources: Sequence[Cited]) -> int:
        """Return how many publishers pass on the reports of a brief."""
        name = self.imprints.name
        first = {name(s.publisher) for s in sources if s.role not in _RELAYS}
        passing = {name(s.publisher) for s in sources if s.role in _RELAYS}
        passing |= {name(s.via) for s in sources if s.via}
        return len(passing - first)


def report_key(source: Cited, imprints: Imprints) -> str:
    """Return what identifies a report in all briefs, or nothing.

    That is its address, or its headline with its publisher."""
    if source.report:
        return source.report
    return f"{imprints.name(source.publisher)} {source.headline}" if source.headline else ""


def brief_backing(chains: Chains, brief: Outline) -> Backing:
    """Return what stands behind a brief."""
    sources = brief.sources
    tied = [
        [Voucher(v.source, f"{n} {v.people}" if v.people else "", v.words) for v in said.vouchers]
        for n, said in enumerate(brief.claims)
    ]
    alone = [Voucher(n) for n in range(len(sources))]
    vouchers = [*chain(alone, *tied, *brief.vouchers)]
    return chains.backing(sources, vouchers, chained=False, outlets=chains.outlets(sources))
