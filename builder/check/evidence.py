"""Check archived copies of sources, and the words that are quoted from them."""

from __future__ import annotations

from collections.abc import Iterator

from builder.check.context import FileContext
from builder.content.evidence_fields import stamp_of
from builder.content.urls import normal_address
from builder.diagnostics.diagnostic import Finding
from builder.language.detect import evident_language, name_of
from builder.model.brief import Brief
from builder.model.figure import Figure
from builder.model.source import ArchivedCopy, Source
from builder.model.statement import Claim, Quote
from builder.model.time import later
from builder.site.site import Site


def check_copies(context: FileContext) -> Iterator[Finding]:
    """Yield archived copies whose address or date cannot be right."""
    sources: tuple[Source, ...] = getattr(context.record, "sources", ())
    for n, source in enumerate(sources):
        if source.archive:
            yield from _check_copy(f"sources.{n}.archive", source, source.archive)
        if source.gone and source.published and later(source.published, source.gone):
            message = f"`{source.id}` was gone before it was published"
            yield Finding(f"sources.{n}.gone", "archive-date", message, "check both dates")


def _check_copy(at: str, source: Source, copy: ArchivedCopy) -> Iterator[Finding]:
    if copy.url and source.url and normal_address(copy.url) == normal_address(source.url):
        message = f"the archived copy of `{source.id}` has the address of the source itself"
        hint = "write the address of the copy, which `slugline evidence` finds"
        yield Finding(f"{at}.url", "archive-is-source", message, hint)
        return
    if copy.at is None:
        message = f"the archived copy of `{source.id}` has no date"
        yield Finding(at, "archive-date", message, "add `at:` with the day on which it was made")
        return
    stamp = stamp_of(copy.url)
    if stamp and stamp.date() != copy.at.at.astimezone(stamp.tzinfo).date():
        day = f"{stamp:%Y-%m-%d}"
        if copy.at.precision != "day" or abs((stamp - copy.at.at).days) > 1:
            message = f"the address of the copy says {day}, `at` says {copy.at.iso[:10]}"
            yield Finding(f"{at}.at", "archive-date", message, f"write {day}, or remove `at`")
            return
    if source.published and later(source.published, copy.at):
        message = f"the archived copy of `{source.id}` is older than the source"
        yield Finding(f"{at}.at", "archive-date", message, "check both dates")
    if source.gone and later(copy.at, source.gone):
        message = f"`{source.id}` was gone before its copy was made"
        yield Finding(f"{at}.at", "archive-date", message, "check both dates")


def check_words(context: FileContext) -> Iterator[Finding]:
    """Yield words without a source, or in another language than their source."""
    brief = context.record
    if not isinstance(brief, Brief):
        return
    sources = {source.id: source for source in brief.sources}
    names = [name for company in context.companies for name in company.names]
    names += [*brief.companies, *brief.people, *brief.products]
    kinds: tuple[tuple[str, str, tuple[Claim | Quote | Figure, ...]], ...] = (
        ("claims", "claim", brief.claims),
        ("quotes", "quotation", brief.quotes),
        ("figures", "figure", brief.figures),
    )
    for field, what, said in kinds:
        for n, one in enumerate(said):
            at = f"{field}.{n}.words"
            if one.words and not one.source:
                message = f"the {what} has `words`, but no source"
                hint = "add `source:` with the id of the source that has this sentence"
                yield Finding(at, "words-without-source", message, hint)
            source = sources.get(one.source)
            if not one.words or not source or not source.lang:
                continue
            if found := evident_language(one.words, source.lang, names):
                message = (
                    f"the words seem to be in {name_of(found)}, but `{source.id}` is in"
                    f" {name_of(source.lang.partition('-')[0])}"
                )
                hint = "copy the sentence as the source has it, untranslated"
                yield Finding(at, "words-language", message, hint)


def check_asked(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield dates of copies and lost pages in the future."""
    hint = "check the year; `slugline evidence` writes these dates itself"
    for path, at in site.evidence.ahead:
        yield path, Finding(at, "archive-date", "this date is in the future", hint)
