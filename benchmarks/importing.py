"""Times the import of a large archive, and what a check and a build make of it.

    .venv/bin/python benchmarks/importing.py                  # 700 texts of 190 KB
    .venv/bin/python benchmarks/importing.py --posts 2400 --size 20000 --kind wordpress

The archive has what newsletters have: HTML in Markdown, tables, links between issues, long
paragraphs, invisible characters. Each step runs as a program, and prints its time and its peak
memory; the exit code is that of the check."""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

WORDS = (
    "labs", "chips", "data", "centres", "investors", "models", "pay", "price", "quarter", "report",
    "revenue", "shares", "staff", "said", "the", "a", "of", "and", "to", "in", "for", "on", "with",
)  # fmt: skip
TAGS = ("Scale AI", "OpenAI", "machine learning", "Machine-Learning", "chips", "data labelling")


def paragraphs(chance: random.Random, size: int, posts: int) -> Iterator[str]:
    """Yield the parts of a text of about `size` characters."""
    written = 0
    while written < size:
        words = " ".join(chance.choices(WORDS, k=chance.randint(20, 120)))
        match chance.randint(0, 9):
            case 0:
                part = f'<p class="x">{words} <b>bold</b> &amp; <br>more</p>'
            case 1:
                part = f"## {words[:60]} {{#anchor}}"
            case 2:
                part = f"| a | b |\n|---|---|\n| {words[:40]} | 2<br>3 |"
            case 3:
                part = (
                    f"{words} [issue](/issues/issue-{chance.randrange(posts)}/) and [[not a link]]."
                )
            case 4:
                part = f"- {words[:80]}\n- <em>{words[80:160]}</em>"
            case 5:
                part = f"```\n{words} <b>{{{{figure:x}}}}</b>\n```"
            case 6:
                part = f"{words}\x0b\u200b <span>{words[:30]}</span> [gone](/nowhere/)"
            case _:
                part = words
        written += len(part) + 2
        yield part


def write_hugo(folder: Path, posts: int, size: int, chance: random.Random) -> Path:
    (folder / "content/issues").mkdir(parents=True)
    (folder / "hugo.toml").write_text('baseURL = "https://old.example/"\n')
    for n in range(posts):
        # One issue in a hundred is longer than the usual limits of a text and a paragraph.
        whole = size * 4 if n % 100 == 0 else size
        body = "\n\n".join(paragraphs(chance, whole, posts))
        if n % 100 == 1:
            body += "\n\n" + " ".join(chance.choices(WORDS, k=12_000))
        tags = ", ".join(chance.sample(TAGS, 2))
        head = (
            f"title: 'Issue {n}: prices'\ndate: 20{10 + n % 15}-03-{1 + n % 28:02}\ntags: [{tags}]"
        )
        (folder / f"content/issues/issue-{n}.md").write_text(f"---\n{head}\n---\n{body}\n", "utf-8")
    return folder


def write_wordpress(folder: Path, posts: int, size: int, chance: random.Random) -> Path:
    file = folder / "export.xml"
    with file.open("w", encoding="utf-8") as stream:
        stream.write(
            '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:content="http://purl.org/rss/1.0/modules/'
            'content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/'
            'export/1.2/"><channel><wp:base_blog_url>https://old.example</wp:base_blog_url>'
        )
        for n in range(posts):
            body = "".join(f"<p>{part}</p>" for part in paragraphs(chance, size, posts)).replace(
                "]]>", ""
            )
            stream.write(
                f"<item><title>{escape(f'Issue {n} & prices')}</title>"
                f"<link>https://old.example/issues/issue-{n}/</link>"
                f"<guid>https://old.example/?p={n + 1}</guid>"
                f"<content:encoded><![CDATA[{body}]]></content:encoded>"
                f"<wp:post_id>{n + 1}</wp:post_id><wp:post_name>issue-{n}</wp:post_name>"
                f"<wp:post_date_gmt>20{10 + n % 15}-03-{1 + n % 28:02} 09:00:00</wp:post_date_gmt>"
                "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
            )
        stream.write("</channel></rss>")
    return file


def run(site: Path, *arguments: str) -> int:
    """Run a command of Slugline; print its time and the peak memory of its processes so far."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "builder", "--site", str(site), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    last = (done.stdout + done.stderr).strip().splitlines()[-1:]
    print(
        f"{arguments[0]:8} {took:7.1f} s  {peak:6.0f} MB  exit {done.returncode}  {''.join(last)}"
    )
    return done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=700)
    parser.add_argument("--size", type=int, default=190_000)
    parser.add_argument("--kind", choices=["hugo", "wordpress"], default="hugo")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        site = folder / "site"
        address = ("--address", "https://old.example")
        subprocess.run(
            [sys.executable, "-m", "builder", "init", str(site), "--yes", *address],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        old = folder / "old"
        old.mkdir()
        write = write_hugo if given.kind == "hugo" else write_wordpress
        path = write(old, given.posts, given.size, random.Random(given.seed))
        run(site, "import", given.kind, str(path), "--no-names")
        run(site, "import", given.kind, str(path), "--no-names")
        failed = run(site, "check", "--format", "github")
        run(site, "build")
        print((site / "import-report.md").read_text("utf-8").partition("## Before")[0])
        return failed
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
