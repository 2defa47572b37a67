"""What is shown about a word: the card of a record or a figure, or the help of a field."""

from __future__ import annotations

from builder.language_server.document import OpenDocument
from builder.language_server.index import (
    BriefCard,
    ExpectationCard,
    FigureCard,
    Named,
    SiteIndex,
)
from builder.language_server.slots import help_of
from builder.language_server.targets import (
    CursorTarget,
    brief_of,
    declared_of,
    expectation_of,
    named_of,
)
from builder.model.source import Source


def describe(target: CursorTarget, document: OpenDocument, site: SiteIndex) -> str:
    """Return what is known of a target, as Markdown."""
    if target.kind == "field":
        field = target.slot.field if target.slot else None
        return f"**{field.name}**\n\n{help_of(field)}" if field else ""
    if target.kind == "figure":
        figures = {
            figure.id: figure for figure in document.read_own(site.language, site.slugs).figures
        }
        figure = figures.get(target.name)
        return (
            _figure(figure, document.read_own(site.language, site.slugs).sources) if figure else ""
        )
    if target.kind == "source":
        sources = document.read_own(site.language, site.slugs).sources
        source = next((one for one in sources if one.id == target.name), None)
        return _source(source) if source else ""
    if target.kind == "brief":
        brief = brief_of(target, site)
        return _brief(brief) if brief else ""
    if target.kind == "expectation":
        card = expectation_of(target, site)
        return _expectation(card) if card else ""
    if target.kind in ("section", "author"):
        declared = declared_of(target, site)
        return f"**{plain(declared.name)}**, {target.kind}" if declared else ""
    named = named_of(target, site)
    return _named(named, target.name) if named else ""


def _named(named: Named, written: str) -> str:
    lines = [f"**{plain(named.name)}**" + (f", {plain(named.kind)}" if named.kind else "")]
    if written not in (named.name, named.slug):
        lines += ["", f"`{written}` is another name of it."]
    if named.summary:
        lines += ["", plain(named.summary)]
    if named.figures:
        lines += ["", *(f"- {plain(figure)}" for figure in named.figures)]
    if not named.path:
        lines += ["", "It has no file; names in briefs are enough."]
    return "\n".join(lines)


def _figure(figure: FigureCard, sources: tuple[Source, ...]) -> str:
    source = next((one for one in sources if one.id == figure.source), None)
    parts = [figure.time, figure.basis, source.publisher if source else figure.source]
    lines = [
        f"**{plain(figure.value or 'no value')}**: {plain(figure.metric)} of {plain(figure.of)}",
        "",
        plain(" · ".join(part for part in parts if part)),
    ]
    return "\n".join(lines)


def _source(source: Source) -> str:
    lines = [f"**{plain(source.publisher)}**, {source.role}"]
    if source.title:
        lines += ["", plain(source.title)]
    if source.url:
        lines += ["", f"<{source.url}>"]
    if source.published:
        lines += ["", source.published.iso]
    return "\n".join(lines)


def _brief(brief: BriefCard) -> str:
    status = f" · {brief.status}" if brief.status not in ("", "published") else ""
    return f"**{plain(brief.title)}**\n\n{brief.date}{status}"


def _expectation(card: ExpectationCard) -> str:
    state = f"settled: {card.outcome}" if card.outcome else card.state
    due = f"by {card.by} · " if card.by else ""
    return f"**{plain(card.text)}**\n\n{due}{plain(state)}\n\n{plain(card.title)}"


def plain(text: str) -> str:
    """Return text with the signs of Markdown escaped."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|~" else sign for sign in text)
