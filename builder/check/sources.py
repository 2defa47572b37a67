"""The sources of a brief, as a chain of reports, and briefs that rest on nothing new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.check.context import BriefContext
from builder.content.urls import normal_address
from builder.diagnostics.diagnostic import Finding
from builder.ledger.provenance import used_again
from builder.model.brief import Brief
from builder.model.outline import Outline
from builder.model.source import ROOT_ROLES, Source
from builder.model.time import later
from builder.site.site import Site

_COMPARED = 50  # of one report and subject: time stays linear in the number of briefs


def check_reports(site: Site) -> Iterator[tuple[str, Finding]]:
    """The path of each brief that rests on nothing new, and where. That several briefs share a
    report is normal in a newsroom, and their pages point at each other. A brief is reported when
    every source of it that has an address is a source of one earlier brief with the same subject
    (the first company), unless it follows that brief (`follows`), or one of them translates the
    other or a third."""
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
                message = f"{earlier.path} has the same subject, and every report of this brief"
                hint = "add what is new, or allow it and say why it is told again"
                at = f"sources.{first}.url"
                yield brief.path, Finding(at, "source-used-before", message, hint)
                break
        for report in set(reports.values()):
            known.setdefault((report, *subject), []).append(brief)


def _translates(one: Outline, other: Outline) -> bool:
    """Whether two briefs say the same in two languages."""
    return (one.translation_of or one.slug) == (other.translation_of or other.slug)


def check_sources(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if not brief.sources:
        if brief.status != "withdrawn":
            hint = "add `sources:` with who reported it"
            yield Finding("title", "no-sources", "the brief names no source", hint)
        return
    if not any(source.role in ROOT_ROLES for source in brief.sources):
        message = "no source is an original: every one passes on another's report"
        hint = "add who reported it first, with `role: original`"
        yield Finding("sources", "no-original", message, hint)
    by_id: dict[str, Source] = {source.id: source for source in brief.sources}
    times = (brief.date, brief.updated, *(correction.at for correction in brief.corrections))
    changed = max((time for time in times if time), key=lambda time: time.at)
    for n, source in enumerate(brief.sources):
        if source.role not in ROOT_ROLES and not source.of:
            message = f"`{source.id}` is a {source.role} of nothing"
            hint = "add `of:` with the id of the source that it passes on"
            yield Finding(f"sources.{n}.role", "relay-of-nothing", message, hint)
        if source.role in ROOT_ROLES and source.of:
            article = "an" if source.role[0] in "aeiou" else "a"
            message = f"`{source.id}` is {article} {source.role}, and relays `{source.of}`"
            hint = "change its role, or remove `of`"
            yield Finding(f"sources.{n}.of", "original-of-another", message, hint)
        origin = _dated_origin(source, by_id)
        known = origin and origin.published
        if origin and known and source.published and later(known, source.published):
            what = "which it relays" if origin.id == source.of else "from which it comes"
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


def _dated_origin(source: Source, by_id: Mapping[str, Source]) -> Source | None:
    """The nearest one up the chain whose date is known."""
    seen = {source.id}
    found = by_id.get(source.of)
    while found and not found.published and found.id not in seen:
        seen.add(found.id)
        found = by_id.get(found.of)
    return found


def _translated(brief: Brief) -> Iterator[Finding]:
    """A chain shows where the language changed: a translation has another than its original."""
    by_id = {source.id: source for source in brief.sources}
    for n, source in enumerate(brief.sources):
        if source.role in ("translation", "machine-translation"):
            origin = by_id.get(source.of)
            if origin and not source.lang:
                message = f"`{source.id}` is a {source.role} into no language"
                hint = "add `lang:` with the language of its text"
                yield Finding(f"sources.{n}.role", "source-language", message, hint)
            elif origin and origin.lang == source.lang:
                message = (
                    f"`{source.id}` is a {source.role}, and `{origin.id}` is in {origin.lang} too"
                )
                hint = "check both languages; what is passed on in one language is a relay"
                yield Finding(f"sources.{n}.lang", "source-language", message, hint)


def _twice(brief: Brief) -> Iterator[Finding]:
    """A report is one source, whoever is named as its publisher: it has one place in the chain."""
    first: dict[str, Source] = {}
    for n, source in enumerate(brief.sources):
        if source.url:
            other = first.setdefault(normal_address(source.url), source)
            if other is not source and other.id != source.id:
                message = f"`{source.id}` has the address of `{other.id}`"
                hint = "keep one; the copy that was read is the `via` of its original"
                yield Finding(f"sources.{n}.url", "source-twice", message, hint)


def _circles(brief: Brief) -> Iterator[Finding]:
    origin = {source.id: source.of for source in brief.sources}
    reported: set[str] = set()
    for n, source in enumerate(brief.sources):
        seen = [source.id]
        at = source.of
        while at and at in origin and at not in seen:
            seen.append(at)
            at = origin[at]
        if at == source.id and source.id not in reported:
            reported.update(seen)
            chain = " relays ".join(f"`{name}`" for name in [*seen, source.id])
            message = f"the chain of sources is a circle: {chain}"
            yield Finding(f"sources.{n}.of", "source-circle", message, "one is the first")
