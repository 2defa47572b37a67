"""Small whole sites: written from a text, checked, built, and read back."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.content.config import read_config
from builder.content.walk import walk_content
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.engine.build import build, check
from builder.engine.memory import read_content
from builder.engine.options import Options
from builder.engine.result import Result
from builder.engine.trace import page_row
from builder.pages.kinds import CONTEXTS, list_tasks
from builder.pages.page import Page
from builder.pages.planner import Planner
from builder.pages.sitemap import sitemap_pages
from builder.program import program
from builder.render.renderer import Renderer
from builder.site.link import link
from builder.site.lists import arrange_lists
from builder.site.related import find_neighbours
from builder.site.view import View
from builder.store import FOLDER, Store

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)

# What a site has unless a test says otherwise. `=== path` begins a file.
USUAL = """\
=== site.yaml
title: Test
base_url: https://test.example
time_zone: Europe/Amsterdam
language: en-GB
author: desk
authors: [{slug: desk, name: The desk, kind: organization}]
sections:
  - {slug: deals, name: Deals}
  - {slug: labs, name: Labs}
=== content/companies/scale-ai.md
---
id: scal2222
name: Scale AI
aliases: [Scale]
---
=== content/companies/google.md
---
id: goog2222
name: Google
---
=== content/companies/meta.md
---
id: meta2222
name: Meta
formerly: [Facebook]
---
"""


def files(text: str) -> dict[str, str]:
    """`=== path` lines and what follows each -> the text of each file."""
    parts = re.split(r"^=== (\S+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def _compiled() -> bytes:
    """What a build remembers of the templates that come with the program."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder), program())
        renderer = Renderer(Path(folder), "https://test.example", "", store)
        assert not renderer.check()
        renderer.prepare(CONTEXTS)
        store.flush()
        return (Path(folder) / "small").read_bytes()


def write_site(folder: Path, text: str = "", usual: bool = True, fresh: bool = False) -> Path:
    """Write the usual files and those of `text` (which win) into a folder. Unless it is to be quite
    `fresh`, the templates are compiled already: that takes longer than most tests."""
    if not fresh and not os.path.lexists(folder / FOLDER):
        (folder / FOLDER).mkdir(parents=True)
        (folder / FOLDER / "small").write_bytes(_compiled())
    for path, content in {**(files(USUAL) if usual else {}), **files(text)}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8")
    return folder


def options(now: datetime = NOW, **more: object) -> Options:
    """Options of a build at a fixed moment, in one process."""
    return Options(**{"now": now, "jobs": 1, **more})


def build_site(folder: Path, **more: object) -> Result:
    """Build a site into its `output` folder."""
    return build(folder, folder / "output", options(**more))


def problems(folder: Path, **more: object) -> tuple[Diagnostic, ...]:
    """Every diagnostic of a site."""
    try:
        return check(folder, options(**more)).problems
    except ContentError as error:
        return error.diagnostics


def read(folder: Path, path: str) -> str:
    """A file of a built site."""
    return (folder / "output" / path).read_text("utf-8")


def brief(slug: str, title: str = "Scale AI hires", body: str = "Text.", **fields: str) -> str:
    """A file with a valid brief; `fields` are added to its front matter or replace it."""
    front = {
        "id": f"id-{slug}",
        "title": title,
        "date": "2025-06-15 09:00",
        "summary": "It hires.",
        "companies": "[Scale AI]",
        "sources": "[{id: reuters, publisher: Reuters, published: 2025-06-13}]",
        **fields,
    }
    lines = "\n".join(f"{key}: {value}" for key, value in front.items())
    return f"=== content/briefs/{slug}.md\n---\n{lines}\n---\n{body}\n"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def planned(folder: Path, now: datetime = NOW) -> tuple[Renderer, list[Page]]:
    """Every page of a site, planned and not rendered, and what renders it."""
    store = Store(None, "")
    config = read_config(folder)
    site, _ = link(read_content(walk_content(folder), config, 1, store), config, now)
    renderer = Renderer(folder, config.settings.base_url, config.base_path)
    assets = {name: asset.url for name, asset in renderer.assets().items()}
    lists = arrange_lists(site, assets)._replace(around=find_neighbours(site.order, {})[0])
    view = View(site, lists)
    plan = Planner(view)
    pages = [page for task in list_tasks(site, lists) for page in task.make(plan)]
    rows = [page_row(page, b"") for page in pages]
    return renderer, [*pages, *sitemap_pages(rows, plan)]
