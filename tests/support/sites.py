"""Small whole sites: written from a text, checked, built, and read back."""

from __future__ import annotations

import os
import re
import struct
import zlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.content.config import read_config
from builder.content.walk import walk_content
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.examples import split_files
from builder.engine.build import build, check
from builder.engine.memory import read_content
from builder.engine.options import Options
from builder.engine.result import Result
from builder.engine.trace import page_row
from builder.hosting.headers import FEED_TYPES
from builder.machine_key import machine_key
from builder.model.settings import Settings
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
from builder.store import FOLDER, Store, opened

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)

# What a site has unless a test says otherwise. `=== path` begins a file.
SETTINGS = """\
=== site.yaml
title: Test
base_url: https://test.example
time_zone: Europe/Amsterdam
language: en-GB
cards: false
author: desk
authors: [{slug: desk, name: The desk, kind: organization}]
sections:
  - {slug: deals, name: Deals}
  - {slug: labs, name: Labs}
"""
USUAL = f"""\
{SETTINGS}=== content/companies/scale-ai.md
---
id: scal2222
name: Scale AI
aliases: [Scale]
listed: true
---
=== content/companies/google.md
---
id: goog2222
name: Google
listed: true
---
=== content/companies/meta.md
---
id: meta2222
name: Meta
formerly: [Facebook]
listed: true
---
"""


def files(text: str) -> dict[str, str]:
    """`=== path` lines and what follows each -> the text of each file."""
    return dict(split_files(text)[1])


@cache
def compiled_templates(key: bytes | None) -> dict[str, bytes]:
    """What a build remembers of the templates that come with the program, sealed by a key.

    By the name of each file."""
    with TemporaryDirectory() as folder:
        for path, content in files(SETTINGS).items():
            write_file(Path(folder) / path, content)
        settings = read_config(Path(folder)).settings
        with opened(Path(folder) / FOLDER, program()) as store:
            renderer = Renderer(Path(folder), settings, "", store)
            assert not renderer.check()
            renderer.prepare(CONTEXTS)
            store.flush()
        return {file.name: file.read_bytes() for file in (Path(folder) / FOLDER).glob("small*")}


def write_site(folder: Path, text: str = "", usual: bool = True, fresh: bool = False) -> Path:
    """Write the usual files and those of `text` (which win) into a folder. Unless it is to be quite
    `fresh`, the templates are compiled already: that takes longer than most tests."""
    if not fresh and not os.path.lexists(folder / FOLDER):
        (folder / FOLDER).mkdir(parents=True)
        for name, data in compiled_templates(machine_key()).items():
            (folder / FOLDER / name).write_bytes(data)
    for path, content in {**(files(USUAL) if usual else {}), **files(text)}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, content)
    return folder


def picture(width: int, shade: int, height: int = 2) -> bytes:
    """A PNG file of a size; two shades are files of the same length."""
    rows = (b"\0" + bytes([shade]) * width) * height
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    )
    found = b"\x89PNG\r\n\x1a\n"
    for name, data in chunks:
        found += png_chunk(name, data)
    return found


def png_chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG file."""
    sealed = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", sealed)


# A file of content/media/ that consists of these words is written as a picture.
STAND_IN = "a picture"


def write_file(target: Path, content: str) -> None:
    """Write a text file of a site, or a picture where the text stands for one."""
    if content.strip() == STAND_IN:
        target.write_bytes(picture(2, 1))
    else:
        target.write_text(content, "utf-8")


def options(now: datetime = NOW, **more: object) -> Options:
    """Options of a build at a fixed moment, in one process."""
    return Options(**{"now": now, "jobs": 1, **more})


def build_site(folder: Path, **more: object) -> Result:
    """Build a site into its `output` folder."""
    result = build(folder, folder / "output", options(**more))
    _ = list(result.problems)  # decoded now, since the next build may move them
    return result


def problems(folder: Path, **more: object) -> tuple[Diagnostic, ...]:
    """Every diagnostic of a site."""
    try:
        return tuple(check(folder, options(**more)).problems)
    except ContentError as error:
        return tuple(error.diagnostics)


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
    renderer = Renderer(folder, config.settings, config.base_path)
    assets = {name: asset.url for name, asset in renderer.assets().items()}
    lists = arrange_lists(site, assets)._replace(around=find_neighbours(site.order, {})[0])
    view = View(site, lists)
    plan = Planner(view)
    pages = [page for task in list_tasks(site, lists) for page in task.make(plan)]
    rows = [page_row(page, b"") for page in pages]
    return renderer, [*pages, *sitemap_pages(rows, plan)]


# A site with a bit of everything.
CHAIN = """\
[{id: reuters, publisher: Reuters, url: "https://reuters.example/a?b=1&c=2", lang: en,
  title: Google plans to leave Scale AI, published: 2025-06-13},
  {id: dantri, publisher: "Báo Dân trí", url: "https://dantri.example/", lang: vi,
  published: 2025-06-14 14:39 +07:00, role: relay, of: reuters},
  {id: vnvn, publisher: Vietnam.vn, lang: nl, published: 2025-06-15, role: machine-translation,
  of: dantri}]"""

WORLD = (
    USUAL.replace(
        "author: desk\n",
        "author: desk\nmenu: [{name: All, url: /briefs/}, {name: Archive, url: /archive/},"
        " {name: Topics, url: /topics/}, {name: Companies, url: /companies/}]\n"
        "footer: [{name: About, url: /about/}, {name: People, url: /people/}]\n",
    )
    + """\
=== content/companies/windsurf.md
---
id: wind2222
name: Windsurf
formerly: [Codeium]
merged_into: Cognition
---
=== content/companies/cognition.md
---
id: cogn2222
name: Cognition
aliases: ["Cognition, Inc."]
redirects: [cognition-labs]
---
=== content/companies/quiet.md
---
id: quie2222
name: Quiet Company
listed: true
---
=== content/topics/data.md
---
id: data2222
name: Data labelling
aliases: [labelling]
redirects: [annotation]
---
=== content/people/wang.md
---
id: wang2222
name: Alexandr Wang
aliases: [Alex Wang]
role: chief executive
company: Scale
---
=== content/pages/about.md
---
title: About
---
Who we are: [the deals](/deals/), [all](../briefs/first.md).
"""
    + brief(
        "first",
        "Scale AI loses Google",
        "## Background\n\nScale AI was paid by Google[^1].\n\n[^1]: Says Reuters.\n",
        date="2025-06-10 09:00",
        event_date="2025-06-08",
        companies="[scale, GOOGLE]",
        section="deals",
        topics="[labelling, Rare Thing]",
        people="[Alex Wang, Jason Droege]",
        why="Labs will not share.",
        yes_but="[Some will.]",
        whats_next="[More to come.]",
        sources=CHAIN,
        importance="1",
    )
    + brief(
        "second",
        "Facebook invests in Scale AI",
        "See [[brief:first]] and [[brief:first|the first]], and [[Codeium]].",
        date="2025-06-12 09:00",
        companies="[Facebook, 'scale-AI']",
        topics="[Data Labelling]",
        section="labs",
        redirects="[second-old]",
    )
    + brief(
        "third",
        "Codeium is bought",
        "Windsurf is now part of Cognition.",
        date="2025-06-20 09:00",
        updated="2025-06-21 10:00",
        companies="[codeium, cognition inc]",
        people="[Jason Droege]",
        section="deals",
    )
    + brief(
        "fourth",
        "Google hires from Scale AI",
        "Text.",
        date="2025-06-25 09:00",
        companies="[Google, Scale AI]",
        topics="[Rare thing]",
    )
)


def build_output(folder: Path, text: str = "", **more: object) -> Path:
    """Write and build a site; the folder of its output."""
    write_site(folder, text)
    build_site(folder, **more)
    return folder / "output"


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text in a file, which has it."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def edited(folder: Path, record: str, old: str, new: str) -> Result:
    """Replace a text in a record, `briefs/one`, and build the site."""
    edit(folder / f"content/{record}.md", old, new)
    return build_site(folder)


def urls(result: Result) -> set[str]:
    """The addresses of the pages that a build rendered.

    A feed is the same in every format, so its formats are rendered together; it is here once, as
    RSS, also if it has JSON Lines. The data of the search index is in `searched`."""
    found = {stale.url for stale in result.rendered} - searched(result)
    found = {url for url in found if not url.endswith("/changes/changes.jsonl")}
    feeds = {url for url in found if url.rpartition("/")[2] in FEED_TYPES}
    rss = {url for url in feeds if url.endswith(".xml")}
    folders = {url.removesuffix("feed.xml") for url in rss}
    assert feeds == {folder + name for folder in folders for name in FEED_TYPES}
    return found - feeds | rss


def searched(result: Result) -> set[str]:
    """The files of the search index that a build rendered: of years, and their list."""
    found = {stale.url for stale in result.rendered}
    return {url for url in found if re.match(r"/search/(\d{4}/|index\.js)", url)}


def small_site(folder: Path, text: str = "", usual: bool = True) -> Path:
    """A site whose templates print next to nothing: for what does not depend on them."""
    texts = {**dict.fromkeys(CONTEXTS, "-"), "card.svg": '<svg width="1" height="1"/>'}
    small = "".join(f"=== templates/{name}\n{text}\n" for name, text in texts.items())
    return write_site(folder, small + text, usual)


def settings_of(folder: Path) -> Settings:
    """The settings in the site.yaml of a folder."""
    return read_config(folder).settings
