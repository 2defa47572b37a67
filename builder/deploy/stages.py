"""The files that have to be sent -> stages, each complete before the next begins: a page never
comes before its style sheet, a list never before what it leads to, and what tells the world of the
new release comes last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from builder.deploy.feeds import is_feed
from builder.deploy.plan import ASSETS, DeployPlan
from builder.deploy.release import STAMP
from builder.hosting import headers as hosting

STAGES = ("assets", "new pages", "pages", "front page and feeds", "stamp")


class Batch(NamedTuple):
    """Files that are sent together: of one stage, and with the same headers."""

    stage: str
    cache: str  # Cache-Control
    type: str  # Content-Type, where the ending of the name does not tell it
    paths: tuple[str, ...]


def stages(plan: DeployPlan) -> list[Batch]:
    """What a plan sends, in order."""
    return group(plan.send, plan.added)


def group(paths: Iterable[str], added: Iterable[str] = ()) -> list[Batch]:
    """Files by stage and headers, in order."""
    fresh, found = frozenset(added), dict[tuple[int, str, str], list[str]]()
    for path in sorted(paths):
        key = (_stage(path, path in fresh), cache_of(path), type_of(path))
        found.setdefault(key, []).append(path)
    return [Batch(STAGES[n], c, t, tuple(found[n, c, t])) for n, c, t in sorted(found)]


def _stage(path: str, added: bool) -> int:
    if path == STAMP:
        return 4
    if path == "index.html" or _tells(path):
        return 3
    if path.endswith(".html"):
        return 1 if added else 2
    return 0


def _tells(path: str) -> bool:
    """Whether a file tells programs what there is to read."""
    name = path.rpartition("/")[2]
    return is_feed(path) or name == "robots.txt" or name.startswith("sitemap")


def cache_of(path: str) -> str:
    """How long a file may be used without asking for it again."""
    if path.startswith(ASSETS):
        return hosting.ASSETS
    return hosting.FEEDS if _tells(path) else hosting.PAGES


def type_of(path: str) -> str:
    """The media type of a file whose name does not tell it."""
    return hosting.FEED if is_feed(path) else ""


def folders_left(drop: Iterable[str], stay: Iterable[str]) -> Iterator[str]:
    """The folders that are empty when files are gone, the deepest first."""
    kept = {folder for path in stay for folder in _above(path)}
    gone = {folder for path in drop for folder in _above(path)} - kept
    yield from sorted(gone, key=lambda folder: (-folder.count("/"), folder))


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
