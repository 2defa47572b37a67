"""The files to send -> stages, each of which is complete before the next begins.

No page arrives before its style sheet, no list before the pages that it links to. What announces
the release comes last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from builder.deploy.plan import ASSETS, DeployPlan
from builder.deploy.release import STAMP
from builder.hosting import headers as hosting

SITEMAP = re.compile(r"(news-)?sitemap(-\d+)?\.xml")
STAGES = ("assets", "new pages", "pages", "front page and feeds", "stamp")


class Batch(NamedTuple):
    """Files of one stage that have the same headers."""

    stage: str
    cache: str  # Cache-Control
    type: str  # Content-Type, if the suffix of the name does not determine it
    paths: tuple[str, ...]


def stages(plan: DeployPlan) -> list[Batch]:
    """Return the files that a plan sends, in order."""
    return group(plan.send, plan.added)


def group(paths: Iterable[str], added: Iterable[str] = ()) -> list[Batch]:
    """Group files by stage and headers, in order."""
    fresh, found = frozenset(added), dict[tuple[int, str, str], list[str]]()
    for path in sorted(paths):
        key = (_stage(path, path in fresh), cache_control(path), content_type(path))
        found.setdefault(key, []).append(path)
    return [Batch(STAGES[n], c, t, tuple(found[n, c, t])) for n, c, t in sorted(found)]


def _stage(path: str, added: bool) -> int:
    if path == STAMP:
        return 4
    if path == "index.html" or _announces(path):
        return 3
    if path.endswith(".html"):
        return 1 if added else 2
    return 0


def _announces(path: str) -> bool:
    """Return whether a file announces pages to crawlers or feed readers."""
    name = path.rpartition("/")[2]
    return hosting.is_feed(path) or name == "robots.txt" or bool(SITEMAP.fullmatch(name))


def cache_control(path: str) -> str:
    """Return the Cache-Control header of a file."""
    if path.startswith(ASSETS):
        return hosting.ASSETS
    return hosting.FEEDS if _announces(path) else hosting.PAGES


def content_type(path: str) -> str:
    """Return the Content-Type of a file, or nothing.

    It is empty if the suffix of the file determines the type."""
    return hosting.FEED_TYPES.get(path.rpartition("/")[2], "")


def empty_folders(removed: Iterable[str], remaining: Iterable[str]) -> Iterator[str]:
    """Yield the folders that removing files leaves empty, deepest first."""
    used = {folder for path in remaining for folder in _parents(path)}
    empty = {folder for path in removed for folder in _parents(path)} - used
    yield from sorted(empty, key=lambda folder: (-folder.count("/"), folder))


def _parents(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
