"""Build information for deploys, stored in .slugline/.

It has the base URL, whether drafts are shown, the moment of `--at`, and the addresses that may be
gone because briefs have expired or were withdrawn. It cannot be in output/, whose bytes depend only
on the inputs; the digest of the manifest ties it to them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from builder.engine.options import Options
from builder.engine.result import Result
from builder.machine_key import sealed, unsealed
from builder.safe_files import plain_bytes, replace_file
from builder.store import FOLDER

if TYPE_CHECKING:  # a build that finds nothing changed loads none of it
    from builder.site.site import Entry, Site


_PURPOSE = "build info"  # of the seal


class BuildInfo(Struct, frozen=True):
    """The options and results of the last build into an output folder."""

    output: str  # the digest of its manifest
    base_url: str
    told_url: str = ""  # --base-url, if given
    drafts: bool = False
    at: str = ""  # --at, if given
    preview: bool = False
    passed: tuple[str, ...] = ()  # addresses that may be gone although no one removed them

    def asked(self, options: Options) -> Options:
        """Return options with which a build makes the same again."""
        now = datetime.fromisoformat(self.at) if self.at else options.now
        asked = options._replace(now=now, told=bool(self.at), base_url=self.told_url)
        return asked._replace(drafts=self.drafts, preview=self.preview)


def name_of(output: Path) -> str:
    """Return the name of an output folder in .slugline/."""
    return hashlib.blake2b(os.fsencode(output), digest_size=8).hexdigest()


def read_build_info(root: Path, output: Path) -> BuildInfo | None:
    """Return the information on the last build into a folder, if any."""
    try:
        data = unsealed(_PURPOSE, plain_bytes(_place(root, output)))
        return msgspec.json.decode(data, type=BuildInfo) if data is not None else None
    except (OSError, msgspec.MsgspecError, ValueError):
        return None


def write_build_info(root: Path, output: Path, options: Options, result: Result) -> None:
    """Store the information on a build if it changed.

    On a full disk nothing is stored, and a deploy asks for another build."""
    assert result.manifest is not None
    before = read_build_info(root, output)
    at = options.now.isoformat() if options.told else ""
    digest, base_url = result.manifest.digest, result.manifest.base_url
    same = result.site is None or (before and before.output == result.resumed != "")
    if result.site is not None and not same:
        passed = _passed(result.site, options.now)
    else:  # nothing that it depends on changed, not even with time
        passed = before.passed if before else ()
    built = BuildInfo(
        digest,
        base_url,
        told_url=options.base_url,
        drafts=options.drafts,
        at=at,
        preview=options.preview,
        passed=passed,
    )
    if built != before:
        place = _place(root, output)
        with suppress(OSError):
            replace_file(place, [sealed(_PURPOSE, msgspec.json.encode(built))])


def _passed(site: Site, now: datetime) -> tuple[str, ...]:
    """Return addresses that may be gone although no one removed them.

    These are addresses of expired briefs; of topics, people and publishers without a file, months
    and weeks whose briefs are all hidden or withdrawn; and of records and files that disappear with
    a brief that expired or was withdrawn. What is hidden for another reason is not included."""
    from builder.hosting.headers import FEED_TYPES
    from builder.names.keys import as_read
    from builder.pages.kinds import KINDS
    from builder.pages.parts.changes import FOLDER as CHANGES
    from builder.pages.parts.changes import LINES
    from builder.pages.parts.icalendar import NAME as CALENDAR
    from builder.site.edition_names import base_of
    from builder.site.known import GROUPS
    from builder.site.lists import dated_urls
    from builder.site.publication import held_addresses

    expired = {
        slug
        for slug, brief in site.outlines.items()
        if brief.expires is not None and brief.expires.at <= now
    }
    found = site.absent - {site.outlines[slug].url for slug in site.unpublished - expired}
    found -= {*held_addresses(site, expired.union(site.withdrawn))}
    followed: set[str] = set()  # their pages may stay, but their feeds need a brief
    parties: set[str] = set()  # only their feeds of changes need it
    for slug in (*expired, *site.withdrawn):
        brief, entry = site.outlines[slug], site.entries[slug]
        found |= {
            *dated_urls(entry.date),
            *(f"/media/{name}" for name in (*brief.media, *brief.pictures)),
        }
        followed |= {*_followed(site, entry)}
        named = {site.names.known_company(name) for name in brief.parties}
        parties |= {site.companies[name].url for name in named if name in site.companies}
        found |= {url for kind in KINDS for url in kind.of_brief(brief)}
    groups = tuple(f"/{group}/" for group in GROUPS)
    subjects = {url for url in found | followed | parties if url.startswith(groups)}
    names = (*FEED_TYPES, LINES)
    changes = {f"{url}{CHANGES}{name}" for url in subjects for name in names}
    followed |= {redirect.address for redirect in site.redirects if redirect.target in followed}
    found |= changes | {url + name for url in followed for name in (*FEED_TYPES, CALENDAR)}
    settings = site.config.settings
    bases = ["", *(base_of(settings, tag) for tag in settings.editions)]
    return tuple(sorted(as_read(f"{base}{url}") for base in bases for url in found))


def _followed(site: Site, entry: Entry) -> Iterator[str]:
    """Yield the addresses of what readers of a brief may follow."""
    yield from (f"/{entry.section}/",) if entry.section else ()
    yield from (site.companies[slug].url for slug in entry.companies if slug in site.companies)
    yield from (site.topics[slug].url for slug in entry.topics if slug in site.topics)
    yield from (site.people[slug].url for slug in entry.people if slug in site.people)
    yield from (a.page for a in site.config.settings.authors if a.slug in entry.authors)
    yield from (found.url for found in site.config.settings.watchlists)
    concerned = (site.names.known_company(e.of) for e in site.outlines[entry.slug].events if e.of)
    yield from (site.companies[slug].url for slug in concerned if slug in site.companies)
    imprints, pages = (*entry.reported, *entry.relayed), site.publisher_pages
    yield from (pages[slug].url for slug in imprints if slug in pages)


def _place(root: Path, output: Path) -> Path:
    return root / FOLDER / f"built-{name_of(output)}"
