"""The versions that a release records -> the histories that content/history/ keeps.

A history is merged with the one in the content and never becomes shorter: a new target knows less,
and a mirror has other times. A version whose words an editor has removed stays without them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from builder.content.config import Config
from builder.content.histories import decode_history, read_history, size_of
from builder.deploy.release import Release
from builder.model.targets import TargetSettings as Settings
from builder.model.version import MOST, History, PastVersion, Version, Versions, VersionWords

ReadWords = Callable[[str], VersionWords | None]
_MOST_BYTES = 2_000_000  # of a history; a build reads twice as much
_LONGEST = 250_000  # bytes of the words of a version


def is_of_readers(config: Config, settings: Settings, preview: bool) -> bool:
    """Return whether a target is the one whose versions readers see.

    That is the one at the address of the site, or the only one that is not a preview."""
    if preview or settings.preview:
        return False
    public = [target for target in config.settings.deploy.values() if not target.preview]
    url = str(settings.url).rstrip("/")
    return len(public) == 1 or url in ("", config.settings.base_url.rstrip("/"))


def new_histories(
    root: Path, new: Release, live: Release | None, read_words: ReadWords
) -> dict[str, History]:
    """Return the histories that a release changes.

    The identity of the brief is the key. What has not changed since the `live` release is not read
    again."""
    before: Mapping[str, tuple[Version, ...]] = live.versions if live else {}

    def is_kept(identity: str) -> bool:
        chain = new.versions[identity]
        if before.get(identity) != chain or (known := read_history(root, identity)) is None:
            return False
        last = known.versions[-1]
        return last.digest == chain[-1].digest and not last.pending

    several = (name for name, chain in new.versions.items() if len(chain) > 1)
    changed = [identity for identity in several if not is_kept(identity)]
    return dict(_changed(root, new.versions, changed, read_words))


def due_histories(
    root: Path, new: Release, live: Release | None, read_words: ReadWords
) -> dict[str, History]:
    """Return the histories that a release needs before it is built.

    The versions that it would publish are pending in them. Of what a deploy left pending that did
    not end, nothing counts."""
    before: Mapping[str, tuple[Version, ...]] = live.versions if live else {}
    found: dict[str, History] = {}
    for identity, history in new_histories(root, new, live, read_words).items():
        last, planned = history.versions[-1], new.versions[identity][-1]
        if last.at == planned.at and planned not in before.get(identity, ()):
            last = replace(last, pending=True)
        history = History(identity, (*history.versions[:-1], last))
        if history != read_history(root, identity):
            found[identity] = history
    return found


def is_confirmed(before: bytes | None, after: bytes | None) -> bool:
    """Return whether only a pending version of a history was published."""
    try:
        old, new = decode_history(before or b""), decode_history(after or b"")
    except ValueError:
        return False
    return (*old.versions[:-1], replace(old.versions[-1], pending=False)) == new.versions


def all_histories(
    root: Path, versions: Versions, rewritten: Collection[str], read_words: ReadWords
) -> dict[str, History]:
    """Return the histories of a release that the content lacks.

    Of the briefs that are `rewritten` in the content, even the first version is one."""
    names = [name for name, chain in versions.items() if len(chain) > 1 or name in rewritten]
    return dict(_changed(root, versions, names, read_words))


def _changed(
    root: Path, versions: Versions, names: Collection[str], read_words: ReadWords
) -> Iterator[tuple[str, History]]:
    for identity in names:
        old = read_history(root, identity)
        new = merged(identity, old, versions[identity], read_words)
        if new != old:
            yield identity, new


def merged(
    identity: str, old: History | None, chain: tuple[Version, ...], read_words: ReadWords
) -> History:
    """Return a history with the versions of a release."""

    def past(version: Version) -> PastVersion:
        return _past(version, read_words(version.digest))

    published = [version for version in old.versions if not version.pending] if old else []
    if not published:
        return History(identity, _bounded([*map(past, chain)]))
    found = _joined(published, chain)
    return History(identity, _bounded([_merged(known, new, past) for known, new in found]))


# A version that the content knows, a release, or both.
_Pair = tuple[PastVersion | None, Version | None]


def _joined(found: Sequence[PastVersion], chain: Sequence[Version]) -> list[_Pair]:
    """Return two parts of one sequence of versions as the whole of it.

    Either may lack versions at its end: a new target at the beginning, a slow mirror at the end.
    Either may have its first version before a gap, because it is bounded."""
    shift = _shift(found, chain)
    if shift is None and found and chain and _is_same(found[0], chain[0]):
        rest = _shift(found[1:], chain[1:]) if len(found) > 1 and len(chain) > 1 else None
        if rest is not None:
            return [(found[0], chain[0]), *_paired(found[1:], chain[1:], rest)]
    if shift is None:
        newer: Sequence[Version] = chain if chain[-1].at > found[-1].at else ()
        return [*((known, None) for known in found), *((None, version) for version in newer)]
    return _paired(found, chain, shift)


def _shift(found: Sequence[PastVersion], chain: Sequence[Version]) -> int | None:
    """Return the index in `found` of the first version of `chain`; it may be negative.

    Where both have versions, these are the same. Of several places, it is the one with most of
    the times."""
    best: tuple[int, int] | None = None
    result = None
    for shift in range(1 - len(chain), len(found)):
        both = range(max(0, shift), min(len(found), shift + len(chain)))
        if not all(_is_same(found[n], chain[n - shift]) for n in both):
            continue
        if shift + len(chain) < len(found) and chain[-1].at > found[-1].at:
            continue  # words that readers had before came back
        times = sum(found[n].at == chain[n - shift].at for n in both)
        if best is None or (times, len(both)) > best:
            best, result = (times, len(both)), shift
    return result


def _paired(found: Sequence[PastVersion], chain: Sequence[Version], shift: int) -> list[_Pair]:
    places = range(min(0, shift), max(len(found), shift + len(chain)))
    return [
        (
            found[n] if 0 <= n < len(found) else None,
            chain[n - shift] if 0 <= n - shift < len(chain) else None,
        )
        for n in places
    ]


def _merged(
    known: PastVersion | None, new: Version | None, past: Callable[[Version], PastVersion]
) -> PastVersion:
    """Return a version with its words and times as they are known."""
    if known is None or (new and known.digest != new.digest):
        assert new is not None
        return past(new)
    if new is None:
        return known
    reason = new.reason or known.reason
    return replace(known, updated=new.updated, corrections=new.corrections, reason=reason)


def _is_same(known: PastVersion, version: Version) -> bool:
    """Return whether two versions are one; its typography may have changed since."""
    return known.digest == version.digest or known.at == version.at


def _past(version: Version, words: VersionWords | None) -> PastVersion:
    """Return a version with its words, unless they are too long."""
    found = PastVersion(
        version.digest, version.at, version.updated, version.corrections, version.reason, words
    )
    return replace(found, words=None) if size_of(found) > _LONGEST else found


def _bounded(versions: list[PastVersion]) -> tuple[PastVersion, ...]:
    """Return the first version, and as many of the newest as a file may have."""
    first, *rest = versions
    room, kept = _MOST_BYTES - size_of(first), list[PastVersion]()
    for version in reversed(rest[1 - MOST :]):
        room -= size_of(version)
        if room < 0 and kept:
            break
        kept.append(version)
    return (first, *reversed(kept))
