"""The desk: an editor's overview of drafts, schedule, names and problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from builder.content.config import match_author
from builder.content.walk import Walk
from builder.diagnostics.diagnostic import Diagnostic
from builder.language.dates import with_time
from builder.language.lists import list_names
from builder.ledger.independence import rests_on_one
from builder.model.entity import Company, Digest, Thread
from builder.model.outline import Outline
from builder.model.statement import KNOWN
from builder.model.time import Moment
from builder.site.edition_names import address_of
from builder.site.publication import has_profile, named_by, unpublished_records
from builder.site.relink import LinkedSite
from builder.site.site import Site

_CHANGED = 12  # briefs that were modified last
_UNSETTLED = 500  # expectations that a form suggests


def desk_of(
    number: int,
    linked: LinkedSite | None,
    walk: Walk,
    now: datetime,
    problems: tuple[Diagnostic, ...],
) -> Desk:
    """Return the desk at a moment; only problems without a linked site."""
    if linked is None:
        return Desk(number, now.isoformat(), (), (), (), (), (), (), (), (), problems)
    site = linked.site
    settings, zone = site.config.settings, site.config.zone
    language = settings.language
    briefs = site.outlines.values()
    drafts = [b for b in briefs if b.status == "draft"]
    review = [b for b in briefs if b.status == "review"]
    scheduled = [b for b in briefs if not b.draft and b.date.at > now]
    expiring = [b for b in briefs if b.expires and b.expires.at > now and b.date.at <= now]
    return Desk(
        number,
        with_time(_moment(now, zone), language),
        tuple(_in_review(site, b, language) for b in sorted(review, key=_by_date)),
        tuple(_brief(site, b, b.date) for b in sorted(drafts, key=_by_date, reverse=True)),
        tuple(_brief(site, b, b.date) for b in sorted(scheduled, key=_by_date)),
        tuple(sorted(_expiring(site, expiring), key=lambda brief: brief.iso)),
        tuple(_changed_last(site, walk, zone, language)),
        tuple(_waiting(site)),
        tuple(_companies(site)),
        tuple(_topics(site)),
        problems,
        tuple(_on_one_report(site)),
        tuple(_overdue(site)),
        tuple(_unsettled(site)),
    )


def _overdue(site: Site) -> Iterator[DeskBrief]:
    """Yield briefs with an overdue expectation, that of the latest date first."""
    for record in reversed(site.expectations):
        if record.state == "overdue":
            brief = _brief(site, site.outlines[record.brief], record.expected)
            yield brief._replace(note=f"due by {record.by.iso}: {record.text}")


def _unsettled(site: Site) -> Iterator[UnsettledExpectation]:
    """Yield what no brief has settled: the latest date that is over first, then what is open."""
    found = [record for record in site.expectations if record.state == "overdue"][::-1]
    found += [record for record in site.expectations if record.state == "open"]
    for record in found[:_UNSETTLED]:
        reference = "#".join(record.key)
        yield UnsettledExpectation(reference, record.text, record.by.iso)


def _on_one_report(site: Site) -> Iterator[DeskBrief]:
    """Yield leading briefs whose claims rest on one report, the newest first."""
    for entry in site.order:
        standing = site.standing.get(entry.slug)
        if entry.importance > 1 or entry.original or standing is None:
            continue
        claims = zip(site.outlines[entry.slug].claims, standing.claims, strict=True)
        alone = sum(said.status in KNOWN and rests_on_one(backing) for said, backing in claims)
        if alone:
            note = "1 claim rests" if alone == 1 else f"{alone} claims rest"
            brief = _brief(site, site.outlines[entry.slug], entry.date)
            yield brief._replace(note=f"{note} on one report")


def _by_date(brief: Outline) -> tuple[float, str]:
    return brief.date.at.timestamp(), brief.slug


def _brief(site: Site, brief: Outline, at: Moment) -> DeskBrief:
    settings = site.config.settings
    language, url = settings.language, address_of(brief, settings)
    return DeskBrief(brief.title, url, brief.path, with_time(at, language), at.iso)


def _in_review(site: Site, brief: Outline, language: str) -> DeskBrief:
    """Return a brief that waits for a colleague of its authors."""
    settings = site.config.settings
    declared: dict[str, str] = {author.slug: author.name for author in settings.authors}
    slugs = (match_author(name, settings) or "" for name in brief.author or settings.author)
    names = list_names([declared[slug] for slug in dict.fromkeys(slugs) if slug], "en")
    return _brief(site, brief, brief.date)._replace(note=f"by {names}" if names else "")


def _expiring(site: Site, briefs: Iterable[Outline]) -> Iterator[DeskBrief]:
    for brief in briefs:
        if brief.expires:
            yield _brief(site, brief, brief.expires)


def _changed_last(site: Site, walk: Walk, zone: tzinfo, language: str) -> Iterator[DeskBrief]:
    """Yield the briefs whose files were saved last, the latest first."""
    by_path = {outline.path: outline for outline in site.outlines.values()}
    saved = [(stat[1], path) for path, _, stat in walk.files if path in by_path]
    for at, path in sorted(saved, reverse=True)[:_CHANGED]:
        moment = _moment(datetime.fromtimestamp(at // 10**9, zone), zone)
        yield _brief(site, by_path[path], moment)


def _moment(at: datetime, zone: tzinfo) -> Moment:
    return Moment(at.astimezone(zone).replace(second=0, microsecond=0), "minute")


def _waiting(site: Site) -> Iterator[DeskName]:
    """Yield records but briefs that are not published, and why."""
    named = named_by(site, site.outlines)
    for record in sorted(unpublished_records(site), key=lambda record: record.path):
        if record.draft:
            note = "in review" if getattr(record, "status", "") == "review" else "draft"
        elif named(record):
            note = "waits for its brief"
        elif isinstance(record, (Digest, Thread)):
            note = "no brief belongs to it"
        elif isinstance(record, Company) or has_profile(record):
            note = "no brief names it, and it is not `listed`"
        else:
            continue  # a file with other spellings of a name, for example
        yield DeskName(record.label or record.identity, record.url, record.path, note)


def _companies(site: Site) -> Iterator[DeskName]:
    """Yield companies without a summary or text, the most named first."""
    uses = Counter(slug for entry in site.order for slug in entry.companies)
    published = (c for c in site.companies.values() if c.path not in site.withheld)
    bare = [c for c in published if not c.body.html and not c.summary]
    for company in sorted(bare, key=lambda c: (-uses[c.slug], c.slug)):
        times = uses[company.slug]
        note = f"named in {times} {'brief' if times == 1 else 'briefs'}, no profile"
        yield DeskName(company.name, company.url, company.path, note)


def _topics(site: Site) -> Iterator[DeskName]:
    """Yield topics without a file that only one brief names."""
    uses = Counter(slug for entry in site.order for slug in entry.topics)
    user = {slug: entry.slug for entry in site.order for slug in entry.topics}
    for slug, topic in site.topics.items():
        if uses[slug] == 1 and not topic.path:
            brief = site.outlines[user[slug]]
            yield DeskName(topic.name, topic.url, brief.path, f"only in “{brief.title}”")


class DeskBrief(NamedTuple):
    """A brief on the desk."""

    title: str
    url: str  # of its page, without `base_path`
    path: str  # its file, relative to the site's folder
    date: str  # when it is published or expires, or was last modified; in words
    iso: str  # the same in ISO 8601
    note: str = ""  # such as its author


class DeskName(NamedTuple):
    """A name on the desk: a company, a topic or another record."""

    name: str
    url: str  # of its page, if it has one, without `base_path`
    path: str  # its own file, or the first that names it
    note: str  # why it is listed, in words


class UnsettledExpectation(NamedTuple):
    """An expectation without an outcome, as `settles` refers to it: `brief#id`."""

    reference: str
    text: str
    by: str  # the date, if it has one


class Desk(NamedTuple):
    """An editor's overview of a site."""

    number: int  # of the request
    now: str  # in words
    review: tuple[DeskBrief, ...]  # waiting for a colleague, the longest first
    drafts: tuple[DeskBrief, ...]
    scheduled: tuple[DeskBrief, ...]  # the next first
    expiring: tuple[DeskBrief, ...]  # the next first
    changed: tuple[DeskBrief, ...]  # modified last, the latest first
    waiting: tuple[DeskName, ...]  # other records that are not published
    companies: tuple[DeskName, ...]  # without a profile
    topics: tuple[DeskName, ...]  # used once
    problems: tuple[Diagnostic, ...]  # of the last build, with excerpts
    one_report: tuple[DeskBrief, ...] = ()  # important ones with claims on one report, newest first
    overdue: tuple[DeskBrief, ...] = ()  # with an expectation whose date is over, without outcome
    unsettled: tuple[UnsettledExpectation, ...] = ()  # what a brief can settle
