"""Check the chain of a brief's sources, and briefs whose sources are all used before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from builder.check.context import BriefContext
from builder.content.urls import normal_address
from builder.diagnostics.diagnostic import Finding
from builder.ledger.provenance import used_again
from builder.model.brief import Brief
from builder.model.outline import Outline
from builder.model.source import ROOT_ROLES, Source
from builder.model.time import later
from builder.names.chains import circle_in_words, ends_of, find_circles
from builder.site.site import Site

_COMPARED = 50  # briefs with one report and subject, so that time is linear in their number


def check_reports(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield briefs whose reports are all in one earlier brief.

    Briefs that share a report are normal in a newsroom, and their pages link to each other. A brief
    is reported if every source of it that has an address is also a source of one earlier brief with
    the same first company, unless it `follows` that brief or both are translations of one text."""
    briefs = site.outlines.values()
    known: dict[tuple[str, ...], list[Outline]] = {}
    again = used_again(briefs)
    found = [b for b in briefs if not again.isdisjoint([source.report for source in b.sources])]
    for brief in sorted(found, key=lambda brief: (brief.date.at, brief.slug)):
        reports = {n: source.report for n, source in enumerate(brief.sources) if source.report}
        subject = site.entries[brief.slug].companies[:1]
        if not reports or not subject or brief.status == "withdrawn":
            continue
        first, report = next(iter(reports.items()))
        for earlier in known.get((report, *subject), ())[-_COMPARED:]:
            theirs = {source.report for source in earlier.sources}
            if theirs.issuperset(reports.values()) and not (
                earlier.slug in brief.follows or _translates(brief, earlier)
            ):
                message = f"{earlier.path} has the same subject and every report of this brief"
                hint = "add a new source, or suppress the warning with `allow` and a reason"
                at = f"sources.{first}.url"
                yield brief.path, Finding(at, "source-used-before", message, hint)
                break
        for report in set(reports.values()):
            known.setdefault((report, *subject), []).append(brief)


def _translates(one: Outline, other: Outline) -> bool:
    """Return whether two briefs are versions of one text in two languages."""
    return (one.translation_of or one.slug) == (other.translation_of or other.slug)


def check_sources(context: BriefContext) -> Iterator[Finding]:
    """Yield the problems in a brief's chain of sources."""
    brief = context.brief
    if not brief.sources:
        if brief.status != "withdrawn":
            hint = "add `sources:` with the publisher that reported it"
            yield Finding("title", "no-sources", "the brief names no source", hint)
        return
    if not any(source.role in ROOT_ROLES for source in brief.sources):
        message = "no source is original: each one relays another report"
        hint = "add the source that reported it first, with `role: original`"
        yield Finding("sources", "no-original", message, hint)
    by_id: dict[str, Source] = {source.id: source for source in brief.sources}
    times = (brief.date, brief.updated, *(correction.at for correction in brief.corrections))
    changed = max((time for time in times if time), key=lambda time: time.at)
    dated_origin = _dated_origins(by_id)
    for n, source in enumerate(brief.sources):
        if source.role not in ROOT_ROLES and not source.of:
            message = f"`{source.id}` is a {source.role} without `of`"
            hint = "add `of:` with the id of the source that it relays"
            yield Finding(f"sources.{n}.role", "relay-of-nothing", message, hint)
        if source.role in ROOT_ROLES and source.of:
            article = "an" if source.role[0] in "aeiou" else "a"
            message = f"`{source.id}` is {article} {source.role}, but relays `{source.of}`"
            hint = "change its role, or remove `of`"
            yield Finding(f"sources.{n}.of", "original-of-another", message, hint)
        origin = dated_origin(source)
        known = origin and origin.published
        if origin and known and source.published and later(known, source.published):
            what = "which it relays" if origin.id == source.of else "which it derives from"
            message = f"`{source.id}` is older than `{origin.id}`, {what}"
            at = f"sources.{n}.published"
            yield Finding(at, "source-order", message, "check both dates")
        if source.published and later(source.published, changed):
            message = f"the brief is older than its source `{source.id}`"
            at = f"sources.{n}.published"
            yield Finding(at, "brief-before-source", message, "check both dates")
    yield from _translated(brief)
    yield from _twice(brief)
    yield from _circles(brief)


def _dated_origins(by_id: Mapping[str, Source]) -> Callable[[Source], Source | None]:
    """Return a function for the nearest source up the chain with a date."""
    undated = {id: source.of for id, source in by_id.items() if not source.published}
    ends = ends_of(undated)

    def origin(source: Source) -> Source | None:
        return by_id.get(ends.get(source.of, source.of)) if source.of else None

    return origin


def _translated(brief: Brief) -> Iterator[Finding]:
    """Yield translations without a language, or with that of their original."""
    by_id = {source.id: source for source in brief.sources}
    for n, source in enumerate(brief.sources):
        if source.role in ("translation", "machine-translation"):
            origin = by_id.get(source.of)
            if origin and not source.lang:
                message = f"`{source.id}` is a {source.role} without a language"
                hint = "add `lang:` with the language of its text"
                yield Finding(f"sources.{n}.role", "source-language", message, hint)
            elif origin and origin.lang == source.lang:
                message = (
                    f"`{source.id}` is a {source.role}, but `{origin.id}` is also in {origin.lang}"
                )
                hint = "check both languages; if they are the same, write `role: relay`"
                yield Finding(f"sources.{n}.lang", "source-language", message, hint)


def _twice(brief: Brief) -> Iterator[Finding]:
    """Yield sources that have the address of another source."""
    first: dict[str, Source] = {}
    for n, source in enumerate(brief.sources):
        if source.url:
            other = first.setdefault(normal_address(source.url), source)
            if other is not source and other.id != source.id:
                message = f"`{source.id}` has the same address as `{other.id}`"
                hint = "keep one; name the publisher of a copy in `via` of the original"
                yield Finding(f"sources.{n}.url", "source-twice", message, hint)


def _circles(brief: Brief) -> Iterator[Finding]:
    numbers: dict[str, int] = {source.id: n for n, source in enumerate(brief.sources)}
    for circle in find_circles({source.id: source.of for source in brief.sources}):
        chain = circle_in_words(circle, "relays")
        message = f"the chain of sources is circular: {chain}"
        hint = "remove `of` from the original report"
        yield Finding(f"sources.{numbers[circle[0]]}.of", "source-circle", message, hint)
