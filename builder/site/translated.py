"""How far a site is translated: what its editions lack, and what is outdated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from builder.ledger.translations import originals_of, outdated_since
from builder.model.entity import PlainPage, Profile
from builder.model.outline import Outline
from builder.model.time import Moment, PublicationTime
from builder.site.edition_names import MAIN, edition_for
from builder.site.profiles import Profiled, original_of, outdated_profile
from builder.site.site import Entry, Site


class Outdated(NamedTuple):
    """A translation, and when its original changed."""

    brief: Outline
    changed: Moment


class EditionStatus(NamedTuple):
    """How far an edition is; all lists begin with the oldest.

    `stories` is the number of published stories of the site, `told` how many the edition has."""

    tag: str
    language: str
    stories: int
    told: int
    missing: tuple[Outline, ...]  # stories that it lacks, in the version that was written first
    outdated: tuple[Outdated, ...]
    waiting: tuple[Outline, ...]  # its drafts and briefs in review that translate another
    profiles: EditionProfiles


class EditionProfiles(NamedTuple):
    """How far plain pages and profiles are translated.

    Profiles are those of companies, topics, threads and people.

    `outdated` has when the original of each changed."""

    missing: tuple[Profiled | PlainPage, ...] = ()  # records with a text in the main edition alone
    outdated: tuple[tuple[Profile | PlainPage, Moment], ...] = ()
    waiting: tuple[Profile | PlainPage, ...] = ()  # drafts and profiles in review


def edition_statuses(site: Site) -> tuple[EditionStatus, ...]:
    """Return how far each edition is, the main one first."""
    settings = site.config.settings
    origins, stories = originals_of(site.outlines), dict[str, list[Entry]]()
    for entry in sorted(site.order, key=lambda entry: (entry.date.at, entry.slug)):
        stories.setdefault(origins.get(entry.slug) or entry.slug, []).append(entry)
    home = {slug: edition_for(settings, outline.lang) for slug, outline in site.outlines.items()}
    found = []
    for tag in (MAIN, *settings.editions):
        lacking = [s for s in stories.values() if all(home[entry.slug] != tag for entry in s)]
        waiting = (
            outline
            for outline in site.outlines.values()
            if outline.draft and outline.translation_of and home[outline.slug] == tag
        )
        found.append(
            EditionStatus(
                str(tag),
                str(tag) or settings.language,
                len(stories),
                len(stories) - len(lacking),
                tuple(site.outlines[story[0].slug] for story in lacking),
                tuple(sorted(_outdated(site, home, tag), key=lambda o: o.changed.at)),
                tuple(sorted(waiting, key=lambda outline: (outline.date.at, outline.slug))),
                _profiles(site, str(tag)) if tag != MAIN else EditionProfiles(),
            )
        )
    return tuple(found)


def _profiles(site: Site, tag: str) -> EditionProfiles:
    """Return how far the profiles of an edition other than the main one are."""
    own = [profile for key, profile in site.profiles.items() if key.rpartition(" ")[2] == tag]
    told = {profile.url for profile in own if profile.body.html}
    every: tuple[Iterable[Profiled], ...] = (
        site.companies.values(),
        site.topics.values(),
        site.threads.values(),
        site.people.values(),
    )
    texts = [record for found in every for record in found if record.body.html]
    settings = site.config.settings
    pages = [p for p in site.pages.values() if edition_for(settings, p.lang) == tag]
    written = {page.slug.rpartition("/")[2] for page in pages}
    main = [p for p in site.pages.values() if edition_for(settings, p.lang) == MAIN]
    changed: list[tuple[Profile | PlainPage, Moment]] = [
        (p, at) for p in own if (at := outdated_profile(p, original_of(site, p)))
    ]
    changed += [
        (page, at)
        for page, original in translated_pages(site)
        if page in pages and (at := outdated_page(page, original))
    ]
    waiting = (r for r in site.waiting.values() if isinstance(r, (Profile, PlainPage)))
    return EditionProfiles(
        (
            *(record for record in texts if record.url not in told),
            *(page for page in main if page.slug not in written),
        ),
        tuple(sorted(changed, key=lambda pair: (pair[1].at, pair[0].path))),
        tuple(p for p in waiting if edition_for(settings, p.lang) == tag),
    )


def outdated_page(page: PlainPage, original: PlainPage) -> PublicationTime | None:
    """Return when a plain page changed that its translation does not follow."""
    changed = original.updated
    if changed and page.updated and not outdated_since(changed, page.updated, None):
        return None
    return changed


def translated_pages(site: Site) -> Iterator[tuple[PlainPage, PlainPage]]:
    """Yield plain pages of other editions, each with its original."""
    for page in site.pages.values():
        original = site.pages.get(page.slug.rpartition("/")[2])
        if original is not None and original is not page:
            yield page, original


def is_withdrawn(site: Site, slug: str) -> bool:
    """Return whether readers know that a brief was withdrawn."""
    return site.outlines[slug].status == "withdrawn" and slug not in site.unpublished


def outdated(site: Site, slug: str) -> Moment | None:
    """Return when the original changed, if its translation does not follow."""
    entry, original = site.entries[slug], site.outlines[slug].translation_of
    if original not in site.entries or original in site.unpublished:
        return None
    changed = site.outlines[original]
    if changed.status == "withdrawn":
        return changed.updated or changed.date
    return outdated_since(site.entries[original].updated, entry.date, entry.updated)


def _outdated(site: Site, home: dict[str, str], tag: str) -> Iterator[Outdated]:
    for entry in site.order:
        if home[entry.slug] == tag and (changed := outdated(site, entry.slug)):
            yield Outdated(site.outlines[entry.slug], changed)
