"""Reuses a linked site if only titles, summaries or texts of briefs changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from builder.content.config import Config
from builder.content.content import Content
from builder.diagnostics.cap import capped
from builder.diagnostics.diagnostic import Diagnostic
from builder.ledger.calendar import event_moments
from builder.ledger.expectations import expectation_moments
from builder.ledger.relations import moments_of
from builder.model.entity import Company, Person, PlainPage, Thread, Topic
from builder.model.outline import Outline
from builder.site.due import NEWS
from builder.site.link import link
from builder.site.site import Site


class LinkedSite(NamedTuple):
    """A linked site, its problems, and the options of the build.

    At `moments` (seconds since 1970, sorted), something is published, updated or expires, leaves
    the news sitemap, a relation begins or ends, an event is over, or an expectation falls due."""

    site: Site
    problems: tuple[Diagnostic, ...]
    now: datetime
    drafts: bool
    moments: tuple[float, ...]


def link_all(
    content: Content,
    config: Config,
    now: datetime,
    drafts: bool,
    check: Callable[[Site], Iterable[Diagnostic]],
) -> LinkedSite:
    """Link the content, and check records against each other."""
    site, problems = link(content, config, now, drafts)
    moments = tuple(sorted({*_moments(site)}))
    return LinkedSite(site, (*capped((*problems, *check(site))),), now, drafts, moments)


def relink(
    before: LinkedSite,
    changed_paths: Set[str],
    content: Content,
    config: Config,
    now: datetime,
    drafts: bool,
) -> LinkedSite | None:
    """Return the site with new content; None if it needs linking again.

    `changed_paths` are the files that were read since. Linking depends on the outlines of briefs,
    but not on their titles and summaries, which are only printed."""
    site = before.site
    if config is not site.config or drafts != before.drafts:
        return None
    if not _same_rest(site.content, content):
        return None
    if any(names_line(problem, changed_paths) for problem in before.problems):
        return None  # the line may have moved
    if bisect_right(before.moments, before.now.timestamp()) != bisect_right(
        before.moments, now.timestamp()
    ):
        return None
    changed = _changed(site.content.outlines, content.outlines)
    if changed is None:
        return None
    outlines = {**site.outlines, **{outline.slug: outline for outline in changed}}
    return before._replace(site=site._replace(content=content, outlines=outlines), now=now)


def names_line(problem: Diagnostic, changed_paths: Set[str]) -> bool:
    """Return whether a diagnostic is in changed files or names their lines."""
    return problem.path in changed_paths or any(
        f"{path}:" in problem.message for path in changed_paths
    )


def _same_rest(old: Content, new: Content) -> bool:
    """Return whether everything except briefs is unchanged."""
    same = all(
        len(records) == len(new.records[kind])
        and all(a is b for a, b in zip(records, new.records[kind], strict=True))
        for kind, records in old.records.items()
    )
    beside = old.replies == new.replies and old.histories == new.histories
    return same and beside and old.media == new.media


def _changed(old: Sequence[Outline], new: Sequence[Outline]) -> list[Outline] | None:
    """Return the changed outlines; None if anything but printed texts changed."""
    if len(old) != len(new):
        return None
    changed = []
    for was, now in zip(old, new, strict=True):
        if was is not now:
            if replace(now, title=was.title, summary=was.summary, image=was.image) != was:
                return None
            changed.append(now)
    return changed


def _moments(site: Site) -> Iterator[float]:
    if site.config.settings.news_sitemap:
        yield from ((o.date.at + NEWS).timestamp() for o in site.outlines.values())
    for outline in site.outlines.values():
        for moment in (outline.date, outline.updated, outline.expires):
            if moment:
                yield moment.at.timestamp()
        if outline.relations:
            yield from moments_of(outline.relations)
        if outline.events:
            yield from event_moments(outline.events)
        if outline.expects:
            yield from expectation_moments(outline.expects)
        yield from (source.asked for source in outline.sources if source.asked)
        for correction in outline.corrections:
            yield correction.at.at.timestamp()
    for history in site.content.histories.values():
        if history.silent:
            yield history.silent.timestamp()
    for kind in (PlainPage, Company, Topic, Thread, Person):
        for record in site.content.records[kind]:
            if updated := getattr(record, "updated", None):
                yield updated.at.timestamp()
    for thread in site.content.records[Thread]:
        if isinstance(thread, Thread) and thread.closed:
            yield thread.closed.at.timestamp()
