"""The versions of briefs that a release publishes, and what changes without a word to readers.

The words of a version are stored once, under their digest: in the archive of this machine and
beside the records on the target. They are trusted only if they have that digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.content.content import Content
from builder.content.version_changes import judged
from builder.content.version_words import (
    correction_keys,
    decode_words,
    encode_words,
    names_in,
    words_of,
)
from builder.content.walk import walk_content
from builder.deploy.archive import ReleaseArchive
from builder.deploy.release import LARGEST, Release
from builder.deploy.target import DeployError, Target
from builder.engine.memory import read_content
from builder.engine.options import Options
from builder.engine.settings import config_of
from builder.language.notice import Notice
from builder.ledger.versions import PartChange, is_announced, new_corrections
from builder.model.brief import Brief
from builder.model.outline import Outline
from builder.model.version import MOST, Version, Versions, VersionWords
from builder.output.manifest import bytes_digest
from builder.program import program
from builder.sections import Index
from builder.site.publication import is_expired, is_waiting
from builder.site.redirects import declared_redirects
from builder.store import FOLDER, Store, opened

_NAME = "versions"  # in the store


class PublicBrief(NamedTuple):
    """A public brief as the content has it. `words` is None if the live release has its digest."""

    path: str
    slug: str
    version: Version
    words: VersionWords | None = None
    names: frozenset[str] = frozenset()
    translation: bool = False
    addresses: tuple[str, ...] = ()  # its page, and those that redirect to it


class SilentChange(NamedTuple):
    """A published brief whose words change without a word to readers.

    Without `changes`, the words that readers have cannot be read."""

    path: str
    slug: str
    changes: tuple[PartChange, ...]


class PlannedVersions(NamedTuple):
    """The versions of a release, the words that it adds, and what changes silently."""

    versions: Versions
    words: Mapping[str, bytes]  # by digest
    silent: tuple[SilentChange, ...] = ()


class _Cached(Struct, array_like=True):
    """What was found in a file, with a digest of the record that it was found in."""

    record: bytes
    version: Version


_cached = msgspec.msgpack.Decoder(dict[str, _Cached])


def published_briefs(
    root: Path, options: Options, known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, PublicBrief]:
    """Return the public briefs of a site by identity.

    Words are read only of a brief whose digest is not the one in `known`. Expired briefs,
    drafts, scheduled ones and those that tell nothing are left out."""
    config = config_of(root, options)
    with opened(root / FOLDER, program(), options.note) as store:
        content = read_content(walk_content(root), config, options.jobs, store, on_demand=True)
        before = _load(store)
        language, found, kept = config.settings.language, dict[str, PublicBrief](), {}
        for outline in content.outlines:
            if not _is_public(outline, options.now):
                continue
            path = outline.path
            mark = content.front(path) + content.text(path) + language.encode()
            one = before.get(path)
            live, words, names = known.get(outline.identity), None, frozenset[str]()
            if one is None or one.record != mark or one.version.digest != live:
                brief, version, words = _read(content, path, language, options.now)
                one, names = _Cached(mark, version), names_in(brief)
            kept[path], version = one, replace(one.version, at=options.now)
            words = None if version.digest == live else words
            found[outline.identity] = PublicBrief(
                path, outline.slug, version, words, names, bool(outline.translation_of),
                (outline.url, *(r.address for r in declared_redirects(outline, outline.url))),
            )  # fmt: skip
        if kept != before:
            store.save(_NAME, Index.of({"files": msgspec.msgpack.encode(kept)}))
    return found


def _load(store: Store) -> dict[str, _Cached]:
    try:
        return _cached.decode(store.load(_NAME).get("files") or b"\x80")
    except msgspec.DecodeError:
        return {}


def _is_public(outline: Outline, now: datetime) -> bool:
    return not (is_waiting(outline, now) or is_expired(outline, now) or outline.tells_nothing)


def _read(
    content: Content, path: str, language: str, now: datetime
) -> tuple[Brief, Version, VersionWords]:
    brief = content.load(Brief, path)
    words = words_of(brief, language)
    version = Version(
        bytes_digest(encode_words(words)),
        now,
        brief.updated.at if brief.updated else None,
        correction_keys(brief),
    )
    return brief, version, words


# --- what a release publishes --------------------------------------------------------------------


def plan_versions(
    found: Mapping[str, PublicBrief],
    live: Versions,
    read_words: Callable[[str], VersionWords | None],
    reason: str = "",
    pages: Collection[str] = (),
) -> PlannedVersions:
    """Return the versions that a release publishes after the live ones.

    A version that differs in typography only keeps the time of the one that it replaces. `pages`
    are the files of the live release: a brief that takes the place of another is a version of it,
    whatever its identity."""
    former = _former(found, live, read_words, pages)
    versions: Versions = {}
    words: dict[str, bytes] = {}
    silent: list[SilentChange] = []
    for identity, brief in found.items():
        chain, new = live.get(former.get(identity, identity), ()), brief.version
        if brief.words is not None:
            words[new.digest] = encode_words(brief.words)
        if not chain:
            versions[identity] = (new,)
            continue
        if chain[-1].digest == new.digest:
            versions[identity] = (*chain[:-1], _renewed(chain[-1], new))
            continue
        old = read_words(chain[-1].digest)
        restored = bool(old and old.withdrawn and brief.words and not brief.words.withdrawn)
        if restored:
            old = _before_withdrawal(chain, read_words) or old
        changes = _changes(old, brief) if old else []
        if old and not restored and all(noticed == "same" for _, noticed in changes):
            versions[identity] = (*chain[:-1], _renewed(chain[-1], new))
            continue
        material = tuple(change for change, noticed in changes if noticed == "material")
        quiet = not is_announced(chain[-1], new) and bool(material or old is None)
        if quiet:
            silent.append(SilentChange(brief.path, brief.slug, material))
        versions[identity] = bounded((*chain, replace(new, reason=reason if quiet else "")))
    return PlannedVersions(versions, words, tuple(silent))


def _changes(old: VersionWords, brief: PublicBrief) -> list[tuple[PartChange, Notice]]:
    """Return what changes; nothing is silent about a withdrawal."""
    assert brief.words is not None
    found = judged(old, brief.words, brief.names)
    if old.withdrawn != brief.words.withdrawn:
        return [(change, "spelling") for change, _ in found]
    return found


def _before_withdrawal(
    chain: tuple[Version, ...], read_words: Callable[[str], VersionWords | None]
) -> VersionWords | None:
    """Return the last words of a brief before it was withdrawn, if they are known."""
    words = (read_words(version.digest) for version in reversed(chain))
    return next((one for one in words if one and not one.withdrawn), None)


_BRIEF = re.compile(r"(?:[A-Za-z-]+/)?(briefs/[^/]+/)index\.html")
_ALIKE = 0.5  # of the words of a brief that has another identity by now


def _former(
    found: Mapping[str, PublicBrief],
    live: Versions,
    read_words: Callable[[str], VersionWords | None],
    pages: Collection[str],
) -> dict[str, str]:
    """Return the former identities of briefs that had another one.

    Such a brief has an address of a published one that is gone, or its date and half its words."""
    fresh = [identity for identity in found if identity not in live]
    gone = [identity for identity in live if identity not in found]
    if not fresh or not gone:
        return {}
    taken = {f"/{match[1]}" for path in pages if (match := _BRIEF.fullmatch(path))}
    old = {name: words for name in gone if (words := read_words(live[name][-1].digest))}
    result: dict[str, str] = {}
    for identity in fresh:
        brief = found[identity]
        scores = {
            name: _likeness(words, brief.words)
            for name, words in old.items()
            if brief.words and name not in result.values()
        }
        name = max(scores, key=lambda name: scores[name], default="")
        if name and (taken & {*brief.addresses} or scores[name] >= _ALIKE):
            result[identity] = name
    return result


def _likeness(old: VersionWords, new: VersionWords | None) -> float:
    """Return the share of words that two briefs of one date have in common; -1 for other dates."""
    if new is None or _date(old) != _date(new):
        return -1
    a, b = ({word for part in one.parts for word in part.text.split()} for one in (old, new))
    return len(a & b) / len(a | b or {""})


def _date(words: VersionWords) -> str:
    return next((dict(p.about).get("date", "") for p in words.parts if p.kind == "about"), "")


def _renewed(old: Version, new: Version) -> Version:
    """Return a version with the words, and thus the time, of another one."""
    return replace(new, at=old.at, reason=old.reason)


def bounded(chain: tuple[Version, ...]) -> tuple[Version, ...]:
    """Return the first version and the newest ones, up to `MOST`."""
    return chain if len(chain) <= MOST else (chain[0], *chain[1 - MOST :])


def restored_versions(old: Versions, live: Versions, at: datetime, reason: str) -> Versions:
    """Return the versions of a release that brings back an earlier one.

    What readers saw in between stays in the history of each brief."""
    if not old:  # its record is older than versions are
        return live
    found: Versions = {}
    for identity, chain in old.items():
        last, seen = chain[-1], live.get(identity, ())
        same = bool(seen) and seen[-1].digest == last.digest
        back = (*seen, replace(last, at=at, reason=reason)) if seen else chain
        found[identity] = seen if same else bounded(back)
    return found


class Revised(NamedTuple):
    """A published brief whose file has other words than readers have."""

    old: VersionWords
    new: VersionWords
    names: frozenset[str]
    translation: bool
    corrected: bool  # whether its file has a correction that readers do not have yet


def find_revised(
    root: Path,
    options: Options,
    path: str,
    live: Release | None,
    read_words: Callable[[str], VersionWords | None],
) -> Revised | None:
    """Return how a brief differs from its published version, or None.

    Raises DeployError if nothing of it is published, or its words cannot be read."""
    known = live.words if live else {}
    briefs = published_briefs(root, options, known)
    identity = next((name for name, brief in briefs.items() if brief.path == path), "")
    if live is None or identity not in known:
        raise DeployError(f"no release has a version of {path}")
    brief, last = briefs[identity], live.versions[identity][-1]
    if brief.words is None:
        return None
    old = read_words(last.digest)
    if old is None:
        raise DeployError(f"the published words of {path} are missing or damaged")
    added = bool(new_corrections(last, brief.version))
    return Revised(old, brief.words, brief.names, brief.translation, added)


# --- words ---------------------------------------------------------------------------------------


def words_reader(archive: ReleaseArchive, target: Target) -> Callable[[str], VersionWords | None]:
    """Return a function that reads valid words by their digest, or None."""

    def read(digest: str) -> VersionWords | None:
        data = archive.object_data(digest)
        if data is None:
            data = target.read_words(digest)
        if data is None or len(data) > LARGEST or bytes_digest(data) != digest:
            return None
        return decode_words(data)

    return read


def keeping_reader(
    archive: ReleaseArchive, read: Callable[[str], VersionWords | None]
) -> Callable[[str], VersionWords | None]:
    """Return a function that keeps the words that it reads."""

    def read_and_keep(digest: str) -> VersionWords | None:
        found = read(digest)
        if found is not None:
            archive.add_data({digest: encode_words(found)})
        return found

    return read_and_keep
