"""Profiles in the languages of editions, and the records that they translate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec.structs import replace

from builder.content.files import split_language
from builder.diagnostics.diagnostic import Finding, Place
from builder.language.typography import typographic
from builder.ledger.translations import outdated_since
from builder.model.entity import (
    PROFILE_FIELDS,
    Company,
    Person,
    Profile,
    Thread,
    Topic,
)
from builder.model.record import Record
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.model.values import Slug, Text
from builder.names.suggest import did_you_mean
from builder.site.duplicates import Report, drafts_last
from builder.site.fact import Fact
from builder.site.site import Site

Profiled = Company | Topic | Thread | Person
_FIELDS = sorted({field for fields in PROFILE_FIELDS.values() for field in fields})
SINGULAR: Mapping[str, str] = MappingProxyType(
    {"companies": "company", "topics": "topic", "threads": "thread", "people": "person"}
)


def profile_key(folder: str, slug: str, tag: str) -> str:
    """Return the key of a profile in `Site.profiles`."""
    return f"{folder}/{slug} {tag}"


def folder_of(record: Profiled) -> str:
    """Return the folder in content/ of a record."""
    return record.url.split("/")[1]


def link_profiles(
    profiles: Iterable[Profile],
    records: Mapping[str, Mapping[str, Profiled]],
    settings: Settings,
    report: Report,
) -> dict[str, Profile]:
    """Return profiles by record and edition.

    Those that no page shows are reported. `records` has all records by folder and slug. Drafts come
    last, so that none takes the place of a published profile."""
    by_path: dict[str, str] = {
        record.path: slug for found in records.values() for slug, record in found.items()
    }
    editions = {tag.lower(): str(tag) for tag in settings.editions}
    found: dict[str, Profile] = {}
    for profile in drafts_last(profiles):
        for problem in _wrong_fields(profile):
            report(profile.path, problem)
        stem, tag = split_language(PurePosixPath(profile.path).stem)
        original = f"{PurePosixPath(profile.path).parent}/{stem}.md"
        known = records[profile.folder]
        slug = by_path.get(original, "") or (str(profile.slug) if profile.slug in known else "")
        edition = editions.get(tag.lower(), "")
        if not slug or not edition:
            report(profile.path, _unused(profile, original, tag, slug, known, settings))
            continue
        key = profile_key(profile.folder, slug, edition)
        linked = replace(
            profile, slug=Slug(slug), summary=Text(typographic(profile.summary, profile.lang))
        )
        other = found.setdefault(key, linked)
        if other is not linked:
            message = f"{other.path} is another profile in this language"
            report(profile.path, Finding(Place(), "duplicate-slug", message, "remove one of them"))
    return found


def _unused(
    profile: Profile,
    original: str,
    tag: str,
    slug: str,
    known: Iterable[str],
    settings: Settings,
) -> Finding:
    """Return why no page shows a profile."""
    kind = SINGULAR[profile.folder]
    if not slug:
        message = f"there is no {kind} `{profile.slug}` that this profile translates"
        hint = did_you_mean(str(profile.slug), known) or f"write the {kind} into {original}"
    elif tag.partition("-")[0].lower() == settings.language.partition("-")[0].lower():
        message, hint = f"the main edition is in `{settings.language}`", f"write it into {original}"
    else:
        message = f"the site has no edition `{tag}`, so no page shows this profile"
        hint = f"add it to `editions` in site.yaml, or remove {PurePosixPath(profile.path).name}"
    return Finding(Place(), "unused-profile", message, hint)


def _wrong_fields(profile: Profile) -> Iterator[Finding]:
    """Yield the fields that only profiles of other kinds have."""
    for field in _FIELDS:
        if getattr(profile, field) and field not in PROFILE_FIELDS[profile.folder]:
            message = f"`{field}` is not a field of the profile of a {SINGULAR[profile.folder]}"
            use = {"name": "title", "title": "name"}.get(field, "")
            hint = f"write `{use}` instead" if use else "remove it"
            yield Finding(field, "unknown-key", message, hint)


def published_profiles(
    profiles: Mapping[str, Profile],
    records: Mapping[str, Mapping[str, Record]],
    drafts: bool,
) -> dict[str, Profile]:
    """Return the profiles of published records; drafts only with `drafts`."""
    return {
        key: profile
        for key, profile in profiles.items()
        if profile.slug in records[profile.folder] and (drafts or not profile.draft)
    }


PROFILE: Fact[Profile | None] = Fact(
    "profile", "profile of {}", lambda s, key: s.site.profiles.get(key)
)


def original_of(site: Site, profile: Profile) -> Profiled:
    """Return the published record that a published profile translates."""
    records: dict[str, Mapping[str, Profiled]] = {
        "companies": site.companies,
        "topics": site.topics,
        "threads": site.threads,
        "people": site.people,
    }
    return records[profile.folder][profile.slug]


def outdated_profile(profile: Profile, original: Profiled) -> Moment | None:
    """Return when an original changed that its translation does not follow."""
    changed = original.updated
    return outdated_since(changed, profile.updated, None) if profile.updated else changed
