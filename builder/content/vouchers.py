"""Reduces the claims and figures of a brief to the sources that vouch for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from builder.model.brief import Brief
from builder.model.outline import Said, Voucher
from builder.model.source import Source
from builder.model.statement import Claim, Speaker
from builder.names.keys import name_key
from builder.store import digest

_SIZE = 8  # bytes of a digest
_TELLING = 24  # letters; shorter words may be the same by chance
_NOBODY = Speaker()


def vouched(brief: Brief) -> dict[str, Any]:
    """Return the fields of an outline that say who vouches for what."""
    if brief.tells_nothing or not (brief.claims or brief.figures or brief.responses):
        return {}
    numbers: dict[str, int] = {source.id: n for n, source in enumerate(brief.sources)}
    return {
        "claims": tuple(_said(claim, numbers) for claim in brief.claims),
        "vouchers": tuple(
            tuple(
                Voucher(n, words="" if k else digest_of_words(figure.words))
                for k, n in _numbered((figure.source, *figure.also), numbers)
            )
            for figure in brief.figures
        ),
        "confirmed_by": tuple(r.sender for r in brief.responses if r.stance == "confirmed"),
    }


def _numbered(ids: Iterable[str], numbers: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Yield the position of each known id among the ids, and its index among the sources."""
    return ((k, numbers[id]) for k, id in enumerate(ids) if id in numbers)


def _said(claim: Claim, numbers: Mapping[str, int]) -> Said:
    also = ((a.source, a.by or _NOBODY, "") for a in claim.also)
    given = [(claim.source, claim.by or _NOBODY, claim.words), *also]
    vouchers = tuple(
        Voucher(
            numbers.get(source, -1),
            _people(by),
            digest_of_words(words),
            by.person,
            by.company or (by.of if by.person else ""),
        )
        for source, by, words in given
        if source in numbers or by.named
    )
    by = (claim.by.company or claim.by.of) if claim.by else ""
    return Said(claim.id, claim.text, claim.status, by, vouchers, claim.confirms, claim.denies)


def _people(by: Speaker) -> str:
    """Return the key of unnamed people: their number, description and employer."""
    if by.named or not (by.anonymous or by.described_as):
        return ""
    return f"{by.anonymous or ''} {name_key(by.described_as)} {name_key(by.of) if by.of else ''}"


def digest_of_words(text: str) -> str:
    """Return a digest of the letters and digits of a sentence.

    It is empty for a short one."""
    key = "".join(filter(str.isalnum, text.casefold())) if text else ""
    return digest(key.encode(), _SIZE).hex() if len(key) >= _TELLING else ""


def span_of_source(source: Source) -> tuple[float, float]:
    """Return between which moments a source was published, in seconds since 1970."""
    at = source.published
    return (at.at.timestamp(), at.end.timestamp()) if at else (0.0, 0.0)
