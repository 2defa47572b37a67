"""Refuses to replace a site with briefs by one without any."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from builder.content.walk import CONTENT
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.engine.build_info import read_build_info
from builder.engine.options import Options
from builder.model.outline import Outline
from builder.names.keys import as_read
from builder.output.manifest import Manifest, read_manifest
from builder.output.target import OutputTarget
from builder.site.publication import is_expired
from builder.site.redirects import declared_redirects
from builder.site.site import Site


def refuse_empty(
    site: Site, root: Path, target: OutputTarget | None, options: Options
) -> Iterable[Diagnostic]:
    """Yield an error if the site has lost every brief.

    A new site has none yet, and briefs may expire. `target` is by default output/."""
    if options.allow_empty or site.order or site.withdrawn:
        return
    output = root / "output" if target is None else target.output
    built = read_manifest(output) if target is None else target.old
    lost = _lost(site, root, output, built, options)
    if not lost:
        return
    number = count_briefs(built.files)
    pages = f"the site in {output.name}/ has {number} brief{'' if number == 1 else 's'}"
    message = f"content/ has no brief, but {pages}"
    hint = "restore content/briefs/"
    if site.content.outlines:
        message = f"no brief in content/ is published any more, but {pages}"
        hint = next(_ways_back(lost, site), hint)
    hint += "; if the site is meant to be empty, run `slugline build --allow-empty`"
    yield Diagnostic.of(CONTENT, Place(), "empty-site", message, hint)


def _lost(
    site: Site, root: Path, output: Path, built: Manifest, options: Options
) -> tuple[str, ...]:
    """Return the pages of briefs that are gone although none of them expired.

    A draft is not lost if the last build showed drafts, nor a scheduled brief if one of the two
    builds was for another time."""
    pages = {path for path in built.files if is_brief_page(path)}
    if not pages:
        return ()
    before = read_build_info(root, Path(os.path.abspath(output)))  # noqa: PTH100 - may be a link
    drafts = before is not None and before.drafts
    moved = options.told or (before is not None and bool(before.at))

    def may_go(brief: Outline) -> bool:
        scheduled = not brief.draft and brief.date.at > options.now
        return is_expired(brief, options.now) or drafts or (moved and scheduled)

    for brief in filter(may_go, site.outlines.values()):
        urls = (brief.url, *(r.address for r in declared_redirects(brief, brief.url)))
        pages -= {f"{as_read(url).strip('/')}/index.html" for url in urls}
    return tuple(sorted(pages))


def _ways_back(lost: Iterable[str], site: Site) -> Iterator[str]:
    """Yield how to publish each lost brief that still has its file."""
    for page in lost:
        brief = site.outlines.get(page.split("/")[1])
        if brief and brief.draft:
            yield f"remove `status: {brief.status}` from {brief.path}"
        elif brief:
            yield f"correct `date` in {brief.path}, which is in the future"


def count_briefs(files: Iterable[str]) -> int:
    """Return how many files of an output are pages of briefs."""
    return sum(is_brief_page(path) for path in files)


def is_brief_page(path: str) -> bool:
    """Return whether a file of an output is a brief."""
    return path.startswith("briefs/") and path.count("/") == 2 and path.endswith("/index.html")
