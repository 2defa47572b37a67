"""What a clip tells the editor: what it found, what disagreed, what is left to write."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from builder.clip.clipping import Clipping
from builder.clip.into import Addition
from builder.clip.plain import excerpt


def report_lines(found: Clipping) -> Iterator[tuple[str, str]]:
    """Yield what was made of a page, as labels and texts."""
    draft = found.draft
    facts, chain = draft.facts, draft.chain
    title = f"{excerpt(facts.title.value)}, " if facts.title.value else ""
    yield "page", f"{title}{facts.publisher.name}, {found.words:,} words"
    for warning in found.warnings:
        yield "!", warning
    for note in facts.notes:
        yield "!", note
    yield "chain", chain.in_words()
    when = facts.published
    if when is None:
        yield "!", "no date found: add `published` to the source, or clip it with --published"
    else:
        others = "".join(
            f"; {other.origin} {'say' if ' and ' in other.origin else 'says'} {other.text}"
            for other in facts.other_dates
        )
        note = f" ({when.note})" if when.note else ""
        yield "published", f"{when.text}, from {when.origin}{note}{others}"
    for origin in chain.others:
        yield "also named", f"{origin.press.name}: {excerpt(origin.words)}"
    for lost in draft.lost:
        yield "lost name", f"{excerpt(lost.written)} stands for {lost.name.name}"
    once = f"; also named: {', '.join(draft.named_once)}" if draft.named_once else ""
    if draft.companies or once:
        yield "companies", f"{', '.join(draft.companies)}{once}"
    else:
        yield "!", "no company of the site is named: create them with `slugline new company`"
    if draft.people:
        yield "people", ", ".join(draft.people)
    if draft.topics:
        yield "topics", ", ".join(draft.topics)
    stubs = [
        _count(len(draft.amounts), "figure"),
        _count(len(draft.quotations), "quotation"),
        _count(len(draft.answers), "response"),
    ]
    if any(stubs):
        yield "stubs", f"{', '.join(filter(None, stubs))}: remove the # of what you use"
    for one in draft.earlier[:3]:
        yield "earlier", f"{one.slug}: {one.reason}"


def addition_lines(found: Addition) -> Iterator[tuple[str, str]]:
    """Yield what a page added to a brief, as labels and texts."""
    for warning in (*found.warnings, *found.facts.notes):
        yield "!", warning
    yield "chain", found.chain.in_words()
    when = found.facts.published
    for other in found.facts.other_dates:
        yield "!", f"published {when.text if when else ''}; {other.origin} says {other.text}"
    for source in found.chain.sources:
        if source.id in found.added:
            relays = f", {source.role} of {source.of}" if source.of else f", {source.role}"
            yield "added", f"{source.id}{relays}"
    for id in found.filled:
        yield "filled in", f"what the source {id} lacked"


def addition_diff(found: Addition) -> Iterator[str]:
    """Yield what a page changes in a brief, as a diff."""
    old, new = (data.decode().splitlines() for data in (found.before, found.after))
    yield from unified_diff(old, new, found.path, f"{found.path} (clipped)", lineterm="", n=1)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}" if number else ""
