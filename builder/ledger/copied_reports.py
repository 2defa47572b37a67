"""Finds reports that briefs tell apart although they are one, or put in a circle.

A report is known in all briefs by its address, or else by its publisher and headline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from builder.ledger.independence import Tie, report_key
from builder.ledger.names import Imprints
from builder.model.outline import Cited, Outline
from builder.model.source import ROOT_ROLES


class Use(NamedTuple):
    """A report as one brief uses it: the brief, and the index of the source."""

    brief: Outline
    number: int

    @property
    def source(self) -> Cited:
        """The source itself."""
        return self.brief.sources[self.number]

    @property
    def origin(self) -> Cited | None:
        """The source that it passes on."""
        of = self.source.of
        return self.brief.sources[of] if of >= 0 else None


class Reports(NamedTuple):
    """The reports of a site that several briefs use in different ways.

    `copied` has, of each report that is an original in one brief and passes on another in a further
    one, both uses. `circles` has the uses by which reports pass on each other, each with the next
    step. `renamed` has originals with the address or the words of an original of another owner, and
    that."""

    copied: tuple[tuple[Use, Use], ...] = ()
    circles: tuple[tuple[Use, Use], ...] = ()
    renamed: tuple[tuple[Use, Use], ...] = ()


def copied_ties(briefs: Iterable[Outline], imprints: Imprints) -> dict[str, tuple[Tie, ...]]:
    """Return the ties of what each report passes on elsewhere.

    Only reports that are an original in another brief have any."""
    briefs = [*briefs]
    found: dict[str, set[Tie]] = {}
    for key, (_, relays) in _both(briefs, imprints).items():
        for use in relays:
            seen = {use.number}
            number = use.source.of
            while number >= 0 and number not in seen:
                seen.add(number)
                source = use.brief.sources[number]
                found.setdefault(key, set()).add(("owner", imprints.owner(source.publisher)))
                if source.report:
                    found[key].add(("text", source.report))
                number = source.of
    return {key: tuple(sorted(ties)) for key, ties in found.items()}


def _both(briefs: Sequence[Outline], imprints: Imprints) -> dict[str, tuple[list[Use], list[Use]]]:
    """Return the uses of reports that are originals in one brief and relays in another one."""
    first, relayed = set[str](), set[str]()
    for brief in briefs:
        for source in brief.sources:
            if source.report:
                (first if source.role in ROOT_ROLES else relayed).add(source.report)
            elif source.headline:
                key = report_key(source, imprints)
                (first if source.role in ROOT_ROLES else relayed).add(key)
    wanted = first & relayed
    found: dict[str, tuple[list[Use], list[Use]]] = {key: ([], []) for key in sorted(wanted)}
    for brief in briefs if wanted else ():
        for n, source in enumerate(brief.sources):
            if (key := report_key(source, imprints)) in wanted:
                found[key][source.role not in ROOT_ROLES].append(Use(brief, n))
    return found


def find_reports(briefs: Iterable[Outline], imprints: Imprints) -> Reports:
    """Return the reports that briefs contradict each other about."""
    ordered = sorted(briefs, key=lambda brief: (brief.date.at, brief.slug))
    copied = tuple(
        (use, relays[0])
        for first, relays in _both(ordered, imprints).values()
        for use in first
        if use.source.role == "original" and use.brief is not relays[0].brief
    )
    return Reports(copied, tuple(_circles(ordered, imprints)), tuple(_renamed(ordered, imprints)))


def _circles(briefs: Sequence[Outline], imprints: Imprints) -> Iterator[tuple[Use, Use]]:
    """Yield the uses by which reports pass on each other, each with the next step."""
    edges: defaultdict[str, dict[str, list[Use]]] = defaultdict(dict)
    for brief in briefs:
        for n, source in enumerate(brief.sources):
            if source.of >= 0:
                one = report_key(source, imprints)
                other = report_key(brief.sources[source.of], imprints)
                if one and other and one != other:
                    edges[one].setdefault(other, []).append(Use(brief, n))
    steps = [*in_circles({one: [*others] for one, others in edges.items()})]
    for one, other in steps:
        back = next(edges[a][b][0] for a, b in steps if a == other)
        for use in edges[one][other]:
            if not _in_own_circle(use):
                yield use, back


def _in_own_circle(use: Use) -> bool:
    """Return whether a source relays itself in its own brief."""
    seen, number = set[int](), use.source.of
    while number >= 0 and number not in seen:
        seen.add(number)
        number = use.brief.sources[number].of
    return use.number in seen


def in_circles(following: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield the edges of a graph that are part of a circle."""
    left = {one: {*others} for one, others in following.items()}
    while True:  # names without a way on are in no circle
        gone = {o for others in left.values() for o in others} - left.keys()
        left = {one: kept for one, others in left.items() if (kept := others - gone)}
        if not gone:
            break
    for one in left:
        for other in sorted(left[one]):
            if one in _reached(left, other):
                yield one, other


def _reached(following: Mapping[str, set[str]], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = following.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _renamed(briefs: Sequence[Outline], imprints: Imprints) -> Iterator[tuple[Use, Use]]:
    """Yield originals that have the text of an earlier original of another owner."""
    first: dict[str, Use] = {}
    for brief in briefs:
        for n, text in dict.fromkeys(_texts(brief)):
            use = first.setdefault(text, Use(brief, n))
            if (use.brief, use.number) != (brief, n) and _is_renamed(use, Use(brief, n), imprints):
                yield Use(brief, n), use


def _texts(brief: Outline) -> Iterator[tuple[int, str]]:
    """Yield what identifies the texts of a brief's originals: an address, a sentence."""
    for n, source in enumerate(brief.sources):
        if source.report and source.role == "original":
            yield n, source.report
    for said in (*(claim.vouchers for claim in brief.claims), *brief.vouchers):
        for voucher in said:
            if (
                voucher.words
                and voucher.source >= 0
                and brief.sources[voucher.source].role == "original"
            ):
                yield voucher.source, f"words {voucher.words}"


def _is_renamed(first: Use, use: Use, imprints: Imprints) -> bool:
    one, other = first.source, use.source
    if one.publisher == other.publisher or (
        first.brief is use.brief and one.report == other.report
    ):
        return False  # the latter is reported as a source that is given twice
    return imprints.owner(one.publisher) != imprints.owner(other.publisher)
