"""A release and the state of its target -> the files to send and to remove."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from builder.deploy.feeds import new_items
from builder.deploy.release import (
    STAMP,
    Item,
    Release,
    ReleaseFile,
)
from builder.deploy.target_state import TargetState
from builder.media.variants import CARDS, CHARTS
from builder.media.variants import FOLDER as PICTURES

_CONTENT = (f"{PICTURES}/", f"{CHARTS}/", f"{CARDS}/")
ASSETS = "assets/"  # files with a digest of their content in their names


class DeployPlan(NamedTuple):
    """What a deploy will do.

    `added`, `changed` and `removed` are the differences that readers notice. `send` and `remove`
    are the operations on the target, part of which an interrupted deploy may have done."""

    new: Release
    state: TargetState
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    send: tuple[str, ...]
    remove: tuple[str, ...]
    items: tuple[Item, ...]  # that feeds will announce as new

    @property
    def live(self) -> Release | None:
        return self.state.live

    @property
    def size(self) -> int:
        """The number of bytes to send."""
        return sum(self.new.files[path].size for path in self.send)

    @property
    def idle(self) -> bool:
        """Whether the live release is complete and has the same content."""
        pending = (set(self.send) | set(self.remove)) - {STAMP}
        complete = not self.state.unfinished and not pending
        same = (
            self.live and self.live.has_same_files(self.new) and self.live.words == self.new.words
        )
        return bool(complete and same)


def make_plan(new: Release, state: TargetState) -> DeployPlan:
    """Compare a release with the state of its target."""
    live = state.live.files if state.live else {}
    new = replace(new, retained=_retained(new, state.live))
    return DeployPlan(
        new=new,
        state=state,
        added=tuple(sorted(new.files.keys() - live.keys() - {STAMP})),
        changed=tuple(
            sorted(p for p, f in new.files.items() if p in live and _differs(p, live, f))
        ),
        removed=tuple(sorted(live.keys() - new.files.keys())),
        send=tuple(sorted(p for p, file in new.files.items() if not _is_sent(p, file, state))),
        remove=tuple(sorted(_surplus(new, state))),
        items=new_items(new, state.live),
    )


def _differs(path: str, live: dict[str, ReleaseFile], file: ReleaseFile) -> bool:
    return path != STAMP and live[path].digest != file.digest


def _retained(new: Release, live: Release | None) -> dict[str, ReleaseFile]:
    """Return the assets of the live release to keep once more.

    A page that a reader opened a moment ago may still load them. Pictures and charts are content,
    which may be gone for a reason, so they go at once."""
    if live is None:
        return {}
    if live.has_same_files(new):
        return live.retained
    gone = live.files.keys() - new.files.keys()
    kept = (path for path in gone if path.startswith(ASSETS) and not path.startswith(_CONTENT))
    return {path: live.files[path] for path in sorted(kept)}


def _is_sent(path: str, file: ReleaseFile, state: TargetState) -> bool:
    """Return whether the target certainly has this file.

    Records count only if every unfinished release agrees; a listing overrides them."""
    listed = state.listing.get(path) if state.listing is not None else None
    if state.listing is not None and (listed is None or listed.size != file.size):
        return False
    if listed is not None and listed.md5:
        return listed.md5 == file.md5
    if state.live is None:
        return False
    recorded = [release.files.get(path) for release in (state.live, *state.unfinished)]
    return all(known is not None and known.digest == file.digest for known in recorded)


def _surplus(new: Release, state: TargetState) -> set[str]:
    """Return the files of earlier releases that the new one lacks.

    Foreign files are not among them: no deploy ever removes those."""
    ours: set[str] = set()
    for release in (state.live, *state.unfinished):
        if release:
            ours |= release.files.keys() | release.retained.keys()
    ours -= new.files.keys() | new.retained.keys()
    return ours if state.listing is None else ours & state.listing.keys()
