"""What of a brief a search finds: its terms, and the plain text that results show.

Both depend on the brief's own file (law 2). A reference to another record has a placeholder in the
text, which the page with the text fills; of its words, only a name as written is found."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping

from builder.language.quantities import print_quantity
from builder.ledger.figures import compute
from builder.model.body import Body, Reference
from builder.model.brief import Brief
from builder.model.statement import Claim, Quote, Response
from builder.patterns import pattern
from builder.search.segments import SearchRecord
from builder.search.stem import base_of
from builder.search.weights import impacts

# Elements within a line. Others separate words.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|del|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|time|u)"
    r"(?=[\s>])[^>]*>"
)
_UNSHOWN = pattern(
    r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-back".*?</a>', re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")
_HOLE = pattern("\0(\\d+)t\0")
# A placeholder in the text of a `SearchRecord`: the kind and target of a reference.
FILLED = pattern("\0([a-z]+) ([^\0]*)\0")


def search_record(brief: Brief, title: str, summary: str, language: str) -> SearchRecord:
    """Return what of a brief can be found.

    `title` and `summary` are as printed."""
    printed = _printed(brief, language)
    figures = "\n".join(_figures(brief, printed))
    parts = (_plain(brief.body, printed), *_statements(brief))
    text = "\n".join(part for part in parts if part)
    counted = FILLED.sub(_counted, text) if "\0" in text else text
    terms = impacts((title, summary, figures, counted), language)
    without = impacts((title, summary, "", counted), language) if figures else None
    for special in _special(brief, language):
        for found in (terms, without):
            if found is not None:
                found[special] = 0
    return SearchRecord(terms, without, text, figures)


def _printed(brief: Brief, language: str) -> dict[str, str]:
    if not brief.figures:
        return {}
    values = compute(brief.figures).values
    return {name: print_quantity(value, language) for name, value in values.items()}


def _counted(match: re.Match[str]) -> str:
    return f" {match[2]} " if match[1] == "name" else " "


def _figures(brief: Brief, printed: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each figure: `Valuation: $29 billion`."""
    for figure in brief.figures:
        if figure.id in printed:
            metric = figure.metric.replace("\0", "")
            yield f"{metric[:1].upper()}{metric[1:]}: {printed[figure.id]}"


def _statements(brief: Brief) -> Iterator[str]:
    """Yield the texts of a brief besides its body, as its page prints them."""
    said: tuple[Claim | Quote | Response, ...] = (*brief.claims, *brief.quotes, *brief.responses)
    events = (f"{event.title} {event.where}" for event in brief.events)
    points = (*brief.yes_but, *brief.steps, *(expected.text for expected in brief.expects))
    for text in (brief.why, *points, *(one.text for one in said), *events):
        yield text.replace("\0", "")


def _special(brief: Brief, language: str) -> Iterator[str]:
    """Yield the terms by which readers filter, as far as the file decides them."""
    yield f"lang:{base_of(language)}"
    if any(claim.status == "confirmed" for claim in brief.claims):
        yield "is:confirmed"


def _plain(body: Body, printed: Mapping[str, str]) -> str:
    """Return the text of a body, a line for each block."""
    return "\n".join(plain_lines(body, lambda reference: _name(reference, printed)))


def plain_lines(body: Body, name: Callable[[Reference], str]) -> list[str]:
    """Return the text of a body by block.

    `name` returns what stands for a reference."""
    text = body.html
    if 'class="footnote-' in text:
        text = _UNSHOWN.sub("", text)
    lines = map(str.strip, _TAG.sub("\n", _INLINE.sub("", text)).split("\n"))
    text = html.unescape("\n".join(filter(None, lines)))
    if "\0" in text:
        text = _HOLE.sub(lambda match: name(body.references[int(match[1])]), text)
    return text.split("\n") if text else []


def _name(reference: Reference, printed: Mapping[str, str]) -> str:
    """Return what stands for a reference: the value of a figure, or a placeholder."""
    if reference.kind == "figure":
        return printed.get(reference.target, "")
    return f"\0{reference.kind} {reference.target}\0"
