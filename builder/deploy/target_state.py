"""What is on a target, as its listing and its records show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from builder.deploy.release import Release


class ListedFile(NamedTuple):
    """A file as a listing of the target tells of it; without a digest where that would cost."""

    size: int
    md5: str = ""


class TargetState(NamedTuple):
    """What is on a target. `live` is the release that readers get, `begun` those whose deploys
    have not ended, the oldest first; `strangers` are files of somebody else, where there is no
    release of ours; `there` is a listing, where one could be had cheaply; `history` has the ids of
    releases, the oldest first."""

    live: Release | None = None
    begun: tuple[Release, ...] = ()
    strangers: tuple[str, ...] = ()
    there: Mapping[str, ListedFile] | None = None
    history: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # what others changed there since, in words
    notes: tuple[str, ...] = ()  # what an editor should know
    tip: str = ""  # by which it is known whether another has deployed meanwhile
