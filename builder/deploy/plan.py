"""What is on a target and what should be -> what has to be sent, and what has to go."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from builder.deploy.feeds import announced
from builder.deploy.release import (
    STAMP,
    Item,
    Release,
    ReleaseFile,
)
from builder.deploy.target_state import TargetState

ASSETS = "assets/"  # files whose names change with their bytes


class DeployPlan(NamedTuple):
    """What a deploy will do. `added`, `changed` and `removed` are what readers will notice; `send`
    and `drop` what has to be done on the target, where an earlier deploy may have done a part."""

    new: Release
    seen: TargetState
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    send: tuple[str, ...]
    drop: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def live(self) -> Release | None:
        return self.seen.live

    @property
    def size(self) -> int:
        """How many bytes are sent."""
        return sum(self.new.files[path].size for path in self.send)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do: readers have this very site, whole."""
        done = not self.seen.begun and not (set(self.send) | set(self.drop)) - {STAMP}
        return bool(done and self.live and self.live.same(self.new))


def make_plan(new: Release, seen: TargetState) -> DeployPlan:
    """Compare a release with what is there."""
    was = seen.live.files if seen.live else {}
    new = replace(new, kept=_kept(new, seen.live))
    return DeployPlan(
        new=new,
        seen=seen,
        added=tuple(sorted(new.files.keys() - was.keys() - {STAMP})),
        changed=tuple(sorted(p for p, f in new.files.items() if p in was and _differ(p, was, f))),
        removed=tuple(sorted(was.keys() - new.files.keys())),
        send=tuple(sorted(p for p, file in new.files.items() if not _is_there(p, file, seen))),
        drop=tuple(sorted(_surplus(new, seen))),
        items=announced(new, seen.live),
    )


def _differ(path: str, was: dict[str, ReleaseFile], file: ReleaseFile) -> bool:
    return path != STAMP and was[path].digest != file.digest


def _kept(new: Release, live: Release | None) -> dict[str, ReleaseFile]:
    """Assets of the release before: a page that a reader opened a moment ago may ask for them. They
    go with the next release."""
    if live is None:
        return {}
    if live.same(new):
        return live.kept
    gone = live.files.keys() - new.files.keys()
    return {path: live.files[path] for path in sorted(gone) if path.startswith(ASSETS)}


def _is_there(path: str, file: ReleaseFile, seen: TargetState) -> bool:
    """Whether the target surely has these bytes at that path. What the records say counts only as
    far as no deploy was broken off, and a listing has the last word."""
    listed = seen.there.get(path) if seen.there is not None else None
    if seen.there is not None and (listed is None or listed.size != file.size):
        return False
    if listed is not None and listed.md5:
        return listed.md5 == file.md5
    said = [release.files.get(path) for release in (seen.live, *seen.begun) if release]
    if seen.live is None:
        return False
    return all(known is not None and known.digest == file.digest for known in said)


def _surplus(new: Release, seen: TargetState) -> set[str]:
    """Files of ours that the target has, or may have, and the release has not. What we did not put
    there is not among them."""
    ours: set[str] = set()
    for release in (seen.live, *seen.begun):
        if release:
            ours |= release.files.keys() | release.kept.keys()
    ours -= new.files.keys() | new.kept.keys()
    return ours if seen.there is None else ours & seen.there.keys()
