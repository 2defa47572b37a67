"""The options of a build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

# Called with the running stage, the number of finished items, and their total.
Progress = Callable[[str, int, int], None]


class Options(NamedTuple):
    """The options of a build, besides the site's folder."""

    now: datetime
    base_url: str = ""  # overrides site.yaml's
    drafts: bool = False
    jobs: int = 0  # number of worker processes; 0: one per CPU
    progress: Progress | None = None
    allow_empty: bool = False  # the site may lose its last brief
    clean: bool = False  # clear the cache first
    explain: bool = False  # return the inputs of every page
    told: bool = False  # whether `now` was given with --at
    preview: bool = False  # for colleagues: with a banner, closed to search engines
    note: Callable[[str], None] | None = None  # called with notes for the editor
    pages: bool = True  # whether pages are rendered; otherwise they are only planned and checked
    # What an editor has not saved, by path: it is read instead of the files. Only a build whose
    # store is in memory may have any.
    unsaved: Mapping[str, bytes] = MappingProxyType({})
