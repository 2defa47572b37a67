#!/usr/bin/env python3
"""Counts what an editor types for a brief: by hand, from `slugline new`, and from a clip.

    .venv/bin/python benchmarks/clipping.py [--page FILE] [--brief SLUG]

The front matter of a brief of this repository is what has to be on the page in the end. What a
start already has of it, in order and in pieces of at least 12 characters, need not be typed; each
stretch of the start that has to go is one deletion. The text of the brief is typed in any case and
does not count. Nobody types without mistakes or looks nothing up, so the real difference is larger.
"""

from __future__ import annotations

import argparse
import re
import shutil
import time
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.clip.clipping import SavedPage, clip_page
from builder.clip.known import read_known
from builder.editing.new_record import write_record

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "tests/clip/pages/vietnam-vn.html"
NOW = datetime(2025, 6, 15, 9, 0, tzinfo=UTC)
_PIECE = 12  # characters that are worth keeping
# What a page can say; everything else in a brief is the editor's own words and decisions.
FACTS = "id|date|status|companies|people|thread|follows|sources|figures|quotes|responses"


def front_matter(text: str) -> str:
    """Return the front matter of a file."""
    return text.split("---\n", 2)[1]


def effort(start: str, final: str) -> tuple[int, int]:
    """Return the characters to type and the stretches to delete."""
    a, b = (re.findall(r"\w+|\s|[^\w\s]", text) for text in (start, final))
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    kept = [(m, "".join(a[m.a : m.a + m.size])) for m in blocks]
    kept = [(m, text) for m, text in kept if len(text) >= _PIECE]
    typed = len(final) - sum(len(text) for _, text in kept)
    ends = [0, *(m.a + m.size for m, _ in kept)]
    starts = [*(m.a for m, _ in kept), len(a)]
    return typed, sum(s > e for e, s in zip(ends, starts, strict=True))


def site_without(slug: str, folder: Path) -> Path:
    """Copy this repository's site, without a brief and those that have the same sources."""
    shutil.copy(REPOSITORY / "site.yaml", folder)
    shutil.copytree(REPOSITORY / "content", folder / "content")
    for file in (folder / "content/briefs").glob("*.md"):
        if file.stem == slug or "vietnam.vn/" in file.read_text("utf-8"):
            file.unlink()
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="Count what an editor types.")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--brief", default="google-scale-ai")
    given = parser.parse_args()
    final = front_matter((REPOSITORY / f"content/briefs/{given.brief}.md").read_text("utf-8"))
    title = re.search(r"^title: (.*)$", final, re.MULTILINE)
    with TemporaryDirectory() as folder:
        root = site_without(given.brief, Path(folder))
        new = write_record(root, "brief", title[1] if title else "x", given.brief, NOW)
        template = front_matter(new.read_text("utf-8"))
        new.unlink()
        known = read_known(root, NOW)
        began = time.perf_counter()
        page = SavedPage(given.page.read_bytes())
        clipped = clip_page(root, page, NOW, known=known)
        seconds = time.perf_counter() - began
    draft = front_matter(clipped.text)
    stubs = re.sub(r"^#", "", draft, flags=re.MULTILINE)  # each costs a key
    for what, parts in (("facts", FACTS), ("own words", "")):
        whole = part(final, parts)
        print(f"{given.brief}, {what}: {len(whole):,} characters, {len(whole.split())} words")
        for name, start in (("by hand", ""), ("slugline new", template), ("slugline clip", stubs)):
            typed, deleted = effort(part(start, parts), whole)
            print(f"  {name:<14}{typed:>6,} characters typed, {deleted:>3} stretches deleted")
    used = sum(line.startswith("#  - ") for line in draft.splitlines())
    print(f"clip offers {used} entries as comments, and took {seconds:.1f} s")


def part(text: str, fields: str) -> str:
    """Return the top-level fields that a pattern matches; all others for an empty pattern."""
    found, keep = [], False
    for line in text.splitlines(keepends=True):
        if key := re.match(r"(\w+):", line):
            is_fact = re.fullmatch(FACTS, key[1]) is not None
            keep = is_fact if fields else not is_fact
        found += [line] if keep else []
    return "".join(found)


if __name__ == "__main__":
    main()
