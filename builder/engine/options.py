"""What a build is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

# Told which stage runs, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


class Options(NamedTuple):
    """What a build is told besides the site's folder."""

    now: datetime
    base_url: str = ""  # instead of site.yaml's
    drafts: bool = False
    jobs: int = 0  # 0: as many as there are processors
    progress: Progress | None = None
    clean: bool = False  # forget what earlier builds left
    explain: bool = False  # say of every page what it is made of
    told: bool = False  # whether the moment is another than that of the build itself
    note: Callable[[str], None] | None = None  # told what an editor should know meanwhile
