"""The state of a target, as its listing and its records show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from builder.deploy.release import Release


class ListedFile(NamedTuple):
    """A file in the listing of a target.

    `md5` is empty if the listing has no digests."""

    size: int
    md5: str = ""


class TargetState(NamedTuple):
    """The state of a target. Releases are ordered from the oldest."""

    live: Release | None = None  # the release that readers get
    unfinished: tuple[Release, ...] = ()  # releases whose deploys were interrupted
    foreign: tuple[str, ...] = ()  # files that no deploy put there, if there is no release
    listing: Mapping[str, ListedFile] | None = None  # None if listing files is expensive
    history: tuple[str, ...] = ()  # the ids of all releases
    foreign_commits: tuple[str, ...] = ()  # descriptions of commits after the live release
    notes: tuple[str, ...] = ()  # for the editor
    tip: str = ""  # an identifier that changes with every deploy
