"""Compares how long pictures take in Slugline and in Hugo, and how much memory.

    python benchmarks/pictures.py                    # 500 photographs of 12 megapixels
    python benchmarks/pictures.py --pictures 40
    python benchmarks/pictures.py --keep FOLDER      # keep the sites for inspection

Both make the same variants: 480, 960 and 1,600 pixels wide as JPEG and as WebP, and the photograph
within 2,400 pixels. `make bench` installs Hugo into .bench/; without it Slugline is measured alone.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from measure import Sample, peak_memory, run
from PIL import Image, ImageChops, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
SIZE = (4000, 3000)
WIDTHS = (480, 960, 1600)

SETTINGS = """\
title: Pictures
base_url: https://pictures.example
"""
BRIEF = """\
---
id: pict{n:04}
title: Example {n} shows a sign
date: 2025-01-01
summary: A made-up brief with a made-up photograph.
companies: [Example]
sources: [{{publisher: Example Times, published: 2025-01-01}}]
image: {{file: photo-{n:03}.jpg, alt: A made-up photograph}}
---
Text.
"""
COMPANY = """\
---
id: exam2222
name: Example
---
"""
HUGO = """\
baseURL: https://pictures.example/
title: Pictures
disableKinds: [taxonomy, term, rss, sitemap]
imaging: {quality: 80}
"""
PAGE = """\
<!doctype html><title>{{ .Title }}</title>
{{ $photo := resources.Get .Params.photo }}
{{ $large := $photo.Resize "2400x" }}
{{ range slice "480x" "960x" "1600x" }}
{{ $jpeg := $photo.Resize . }}{{ $webp := $photo.Resize (printf "%s webp" .) }}
<a href="{{ $jpeg.RelPermalink }}"></a><a href="{{ $webp.RelPermalink }}"></a>
{{ end }}
<img src="{{ $large.RelPermalink }}" alt="">
"""


def photographs(count: int) -> Iterator[Image.Image]:
    """Yield made-up photographs: soft shapes, edges and grain, as from a camera."""
    chance = random.Random(12)
    grain = Image.effect_noise(SIZE, 24)
    for n in range(count):
        coarse = Image.frombytes("RGB", (40, 30), chance.randbytes(40 * 30 * 3))
        photo = coarse.resize(SIZE, Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(photo)
        for _ in range(60):
            x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
            wide, high = chance.randrange(20, 600), chance.randrange(20, 600)
            draw.ellipse((x, y, x + wide, y + high), fill=tuple(chance.randbytes(3)))
        shifted = ImageChops.offset(grain, 37 * n, 91 * n)
        yield Image.blend(photo, Image.merge("RGB", (shifted,) * 3), 0.15)


def write_sites(work: Path, count: int) -> int:
    """Write both sites, and return the bytes of the photographs."""
    slugline, hugo = work / "slugline", work / "hugo"
    for folder in (slugline / "content/briefs", slugline / "content/media", hugo / "assets",
                   hugo / "content", hugo / "layouts"):  # fmt: skip
        folder.mkdir(parents=True)
    (slugline / "site.yaml").write_text(SETTINGS)
    (slugline / "content/companies").mkdir()
    (slugline / "content/companies/example.md").write_text(COMPANY)
    (hugo / "hugo.yaml").write_text(HUGO)
    for name in ("single.html", "home.html", "section.html"):
        (hugo / "layouts" / name).write_text(PAGE if name == "single.html" else "{{ .Title }}")
    total = 0
    for n, photo in enumerate(photographs(count)):
        path = slugline / "content/media" / f"photo-{n:03}.jpg"
        photo.save(path, "JPEG", quality=90)
        os.link(path, hugo / "assets" / path.name)
        total += path.stat().st_size
        (slugline / "content/briefs" / f"example-{n:03}.md").write_text(BRIEF.format(n=n))
        (hugo / "content" / f"example-{n:03}.md").write_text(
            f"---\ntitle: Example {n}\nphoto: photo-{n:03}.jpg\n---\nText.\n"
        )
    return total


def measured(
    name: str, command: list[str], folder: Path, clear: Callable[[], None], rounds: int
) -> Iterator[str]:
    """Yield a row of the table for a build from nothing, and one with nothing changed."""
    for state in ("cold", "nothing changed"):
        samples: list[Sample] = []
        for _ in range(rounds):
            if state == "cold":
                clear()
            samples.append(run(command, folder, {}))
        if state == "cold":
            clear()
        peak = peak_memory(command, folder, {})
        wall, cpu = (median(getattr(s, what) for s in samples) for what in ("wall", "cpu"))
        yield f"| {name}, {state} | {wall:.2f} s | {cpu:.2f} s | {peak / 1e6:.0f} MB |"


def published(folder: Path) -> str:
    """Return how many variants a site has, and their size."""
    files = [p for p in folder.rglob("*") if p.suffix in (".jpg", ".webp")]
    return f"{len(files)} files, {sum(p.stat().st_size for p in files) / 1e6:.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a new folder for the sites")
    parser.add_argument("--hugo", type=Path, help="Hugo's program (default: that of make bench)")
    given = parser.parse_args()
    packages = next((ROOT / ".bench").glob("venv/lib/python*/site-packages"), Path())
    hugo = given.hugo or packages / "hugo" / "binaries" / "hugo"
    with tempfile.TemporaryDirectory(prefix="slugline-pictures-") as folder:
        work = given.keep or Path(folder)
        work.mkdir(exist_ok=True)
        total = write_sites(work, given.pictures)
        print(f"{given.pictures} photographs, {total / 1e6:.0f} MB, {os.cpu_count()} processors\n")
        print("| | wall | CPU | peak memory |\n|---|--:|--:|--:|")
        site = work / "slugline"

        def clear() -> None:
            for name in ("output", ".output.spare", ".slugline"):
                shutil.rmtree(site / name, ignore_errors=True)

        command = [sys.executable, "-m", "builder", "--site", str(site), "build", "--quiet"]
        for row in measured("Slugline", command, ROOT, clear, given.rounds):
            print(row, flush=True)
        notes = [f"Slugline: {published(site / 'output')}"]
        if hugo.is_file():
            theirs = work / "hugo"

            def clear_theirs() -> None:
                for name in ("public", "resources"):
                    shutil.rmtree(theirs / name, ignore_errors=True)

            for row in measured("Hugo", [str(hugo)], theirs, clear_theirs, given.rounds):
                print(row, flush=True)
            notes.append(f"Hugo: {published(theirs / 'public')}")
        else:
            notes.append("Hugo was not found: `make bench` installs it")
        print("", *notes, sep="\n")


if __name__ == "__main__":
    main()
