"""Refuses to replace a site with briefs by one without any."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from builder.content.walk import CONTENT
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.output.manifest import Manifest, read_manifest
from builder.site.site import Site


def refuse_empty(site: Site, root: Path, built: Manifest | None) -> Iterable[Diagnostic]:
    """Yield an error if content/ has lost every brief.

    A site whose briefs are all drafts or expired has lost none, and a new site has none yet.
    `built` is the manifest of the last build, by default that of output/."""
    if site.content.outlines:
        return
    output = read_manifest(root / "output") if built is None else built
    if not (lost := count_briefs(output.files)):
        return
    pages = f"{lost} brief{'' if lost == 1 else 's'}"
    message = f"content/ has no brief, but the site in output/ has {pages}"
    hint = "restore content/briefs/; if the site is meant to be empty, delete output/ first"
    yield Diagnostic.of(CONTENT, Place(), "empty-site", message, hint)


def count_briefs(files: Iterable[str]) -> int:
    """Return how many files of an output are pages of briefs."""
    return sum(is_brief_page(path) for path in files)


def is_brief_page(path: str) -> bool:
    """Return whether a file of an output is a brief."""
    return path.startswith("briefs/") and path.count("/") == 2 and path.endswith("/index.html")
