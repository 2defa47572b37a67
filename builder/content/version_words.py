"""The words of a brief that a version keeps, made of its record.

They depend on the brief's own file (law 2) and not on how the program prints them, so neither
another brief nor a later version of the program changes them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec.structs import replace

from builder.content.search_text import plain_lines
from builder.language.notice import plain
from builder.ledger.figures import compute
from builder.ledger.versions import STRIKE
from builder.model.body import Reference
from builder.model.brief import Brief
from builder.model.event import Event
from builder.model.expectation import Expectation, NextStep, Settlement
from builder.model.figure import Figure
from builder.model.relation import Relation
from builder.model.source import Source
from builder.model.statement import AlsoReported, Claim, Correction, Quote, Response, Speaker
from builder.model.time import Moment
from builder.model.version import FORM, Part, PartKind, VersionWords
from builder.quantity.quantity import Quantity, as_written

_encode = msgspec.json.Encoder(order="deterministic").encode
_decoder = msgspec.json.Decoder(VersionWords)
_STRUCK = re.compile(r"</?(?:s|del)>")
_ALT = re.compile(r'<img [^>]*?\balt="([^"]+)"')


def words_of(brief: Brief, language: str) -> VersionWords:
    """Return the words of a brief.

    `language` is the one of a brief without `lang`."""
    lines = (("title", brief.title), ("summary", brief.summary), ("why", brief.why))
    if brief.status == "withdrawn":
        parts = [*_texts("title", brief.title), Part("withdrawn", plain(brief.withdrawn_because))]
        return VersionWords(brief.lang or language, tuple(parts), FORM)
    values = compute(brief.figures).values
    publishers: dict[str, str] = {source.id: source.publisher for source in brief.sources}
    parts = [part for kind, text in lines for part in _texts(kind, text)]  # type: ignore[arg-type]
    body = replace(brief.body, html=_STRUCK.sub(STRIKE, brief.body.html))
    parts += _texts("text", *plain_lines(body, lambda found: _reference(found, values)))
    parts += _texts("yes_but", *brief.yes_but)
    parts += (_step(step) for step in brief.whats_next)
    parts += (_expectation(expected, publishers) for expected in brief.expects)
    parts += (_outcome(settlement, publishers) for settlement in brief.settles)
    parts += (_claim(claim, publishers) for claim in brief.claims)
    parts += (_figure(figure, values, publishers) for figure in brief.figures)
    parts += (_quote(quote, publishers) for quote in brief.quotes)
    parts += (_response(response, publishers) for response in brief.responses)
    parts += (_relation(relation, values, publishers) for relation in brief.relations)
    parts += map(_event, brief.events)
    parts += (_source(source, publishers) for source in brief.sources)
    parts += _pictures(brief)
    parts.append(_dates(brief))
    return VersionWords(brief.lang or language, tuple(parts), FORM)


def encode_words(words: VersionWords) -> bytes:
    """Return words as JSON: the same bytes for the same words."""
    return _encode(words)


def decode_words(data: bytes) -> VersionWords | None:
    """Return the words in JSON, or None if they are invalid."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def correction_keys(brief: Brief) -> tuple[str, ...]:
    """Return a key for each correction: `2025-07-18 factual`."""
    return tuple(map(correction_key, brief.corrections))


def correction_key(correction: Correction) -> str:
    """Return what identifies a correction among those of its brief."""
    return f"{correction.at.iso} {correction.kind}"


def names_in(brief: Brief) -> frozenset[str]:
    """Return the words of a brief's names, in lower case."""
    people = (name for quote in brief.quotes for name in (quote.by, quote.of))
    names = (*brief.companies, *brief.people, *brief.products, *brief.speakers, *people)
    return frozenset(word.casefold() for name in names for word in re.findall(r"[^\W\d_]+", name))


def _texts(kind: PartKind, *texts: str) -> list[Part]:
    return [Part(kind, text) for text in map(plain, texts) if text]


def _reference(reference: Reference, values: Mapping[str, Quantity]) -> str:
    """Return what stands for a reference, as an editor could have written it."""
    kind, target = reference.kind, reference.target
    if kind == "name":
        return target
    if kind == "figure":
        return f"[[figure:{as_written(values[target])}]]" if target in values else ""
    return f"[[{kind}:{target}]]"


def _about(**fields: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, plain(text)) for name, text in fields.items() if text)


def _speaker(by: Speaker | None) -> dict[str, str]:
    if by is None:
        return {}
    anonymous = str(by.anonymous) if by.anonymous else ""
    return {
        "by": by.person or by.company,
        "anonymous": anonymous,
        "of": by.of,
        "described_as": by.described_as,
    }


def _step(step: NextStep) -> Part:
    about = _about(by=step.by.iso if step.by else "", of=step.of)
    return Part("whats_next", plain(step.text), about)


def _expectation(expected: Expectation, publishers: Mapping[str, str]) -> Part:
    about = _about(
        by=expected.by.iso if expected.by else "",
        of=expected.of,
        resolves=expected.resolves,
        source=publishers.get(expected.says, ""),
    )
    return Part("expectation", plain(expected.text), about)


def _outcome(settlement: Settlement, publishers: Mapping[str, str]) -> Part:
    about = _about(
        outcome=settlement.outcome,
        when=_iso(settlement.when),
        source=publishers.get(settlement.source, ""),
    )
    return Part("outcome", f"[[brief:{settlement.what}]]", about)


def _claim(claim: Claim, publishers: Mapping[str, str]) -> Part:
    source = publishers.get(claim.source, "")
    about = _about(
        status=claim.status,
        **_speaker(claim.by),
        interest=claim.interest,
        due=claim.due.iso if claim.due else "",
        source=source,
        also=_reporting(claim.also, publishers),
        confirms=_claimed(claim.confirms),
        denies=_claimed(claim.denies),
    )
    return Part("claim", plain(claim.text), about)


def _figure(figure: Figure, values: Mapping[str, Quantity], publishers: Mapping[str, str]) -> Part:
    value = values.get(figure.id)
    about = _about(
        value=as_written(value) if value is not None else "",
        of=figure.of,
        to=figure.to,
        as_of=_iso(figure.as_of),
        period=figure.period,
        basis=figure.basis,
        source=publishers.get(figure.source, ""),
        also=_names(figure.also, publishers),
    )
    return Part("figure", plain(figure.metric), about)


def _quote(quote: Quote, publishers: Mapping[str, str]) -> Part:
    about = _about(
        by=quote.by,
        of=quote.of,
        described_as=quote.described_as,
        original=quote.original,
        note=quote.note,
        source=publishers.get(quote.source, ""),
    )
    return Part("quote", plain(quote.text), about)


def _response(response: Response, publishers: Mapping[str, str]) -> Part:
    about = _about(
        by=response.sender,
        stance=response.stance,
        to=response.to,
        source=publishers.get(response.source, ""),
    )
    return Part("response", plain(response.text), about)


def _relation(
    relation: Relation, values: Mapping[str, Quantity], publishers: Mapping[str, str]
) -> Part:
    measure = values.get(relation.figure)
    about = _about(
        type=relation.type,
        since=_iso(relation.since),
        until=relation.until.iso if relation.until else "",
        planned="planned" if relation.planned else "",
        value=as_written(measure) if measure is not None else "",
        source=publishers.get(relation.source, ""),
    )
    return Part("relation", plain(f"{relation.subject} – {relation.to}"), about)


def _event(event: Event) -> Part:
    about = _about(
        date=event.date.iso,
        end=_iso(event.end),
        of=event.of,
        where=event.where,
        held="" if event.status == "scheduled" else event.status,
    )
    return Part("event", plain(event.title), about)


def _source(source: Source, publishers: Mapping[str, str]) -> Part:
    about = _about(
        title=source.title,
        role=source.role,
        relayed=publishers.get(source.of, ""),
        via=source.via,
        published=_iso(source.published),
    )
    # The address is the name of a publisher that no file gives; a link is below notice.
    return Part("source", plain(source.publisher or source.id), about)


def _pictures(brief: Brief) -> Iterator[Part]:
    """Yield the picture at the top, and the alternative texts of those in the text."""
    if image := brief.image:
        about = _about(alt=image.alt, credit=image.credit, chart=image.chart, made=image.made)
        yield Part("picture", plain(image.caption), about)
    for found in _ALT.finditer(brief.body.html):
        yield Part("picture", "", _about(alt=html.unescape(found[1])))


def _dates(brief: Brief) -> Part:
    about = _about(
        date=brief.date.iso,
        event_date=_iso(brief.event_date),
        author=", ".join(brief.author),
        translated=brief.translated.by if brief.translated else "",
    )
    return Part("about", "", about)


def _names(sources: Iterable[str], publishers: Mapping[str, str]) -> str:
    return ", ".join(publishers.get(source, "") or source for source in sources)


def _reporting(found: Iterable[AlsoReported], publishers: Mapping[str, str]) -> str:
    """Return further sources of a claim, each with whom it quotes."""
    texts = (
        ": ".join((_names((one.source,), publishers), *filter(None, _speaker(one.by).values())))
        for one in found
    )
    return ", ".join(texts)


def _claimed(reference: str) -> str:
    return f"[[brief:{reference}]]" if reference else ""


def _iso(moment: Moment | None) -> str:
    return moment.iso if moment else ""
