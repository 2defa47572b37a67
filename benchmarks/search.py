"""Compares the search index of Slugline with Pagefind's, on the same site.

    python benchmarks/search.py                       # 1,000 briefs
    python benchmarks/search.py --briefs 10000
    python benchmarks/search.py --long 100            # texts of 200 KB
    python benchmarks/search.py --pagefind FOLDER     # a Python environment with `pagefind`

It measures the time to index, cold and after one edit, the files, and the bytes that ten queries
transfer with their ten best results. Slugline indexes while it builds, so its time is the
difference between builds with and without search. Pagefind runs in Chromium, as for a reader;
without `--pagefind` Slugline is measured alone.

How well they find is measured twice, by rules that know neither: a hundred random briefs are looked
for by the words of their titles, and the ten best of each query are compared with those of the BM25
of textbooks over all texts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

import snowballstemmer
from measure import Sample, run

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.search_client import Found, SearchClient  # noqa: E402

SLUGLINE = ROOT / ".venv" / "bin" / "slugline"
QUERIES = (
    "northgate labs", "agreement rotterdam", "preliminary estimates", "customer list in Dublin",
    "regulators", "order book postponed", "solway systems licence", "kestrel capital court case",
    "workforce toronto halved", "benchmark budget Singapore 12 months",
)  # fmt: skip
FIRST = 10  # results of a query that are shown
BRIEFS = "briefs/*/index.html"


class Engine(NamedTuple):
    """An engine's figures."""

    name: str
    cold: Sample
    edited: Sample
    files: int
    size: int
    fetched: int  # files, by ten queries
    bytes: int  # of these, compressed as a server does
    found: list[list[str]]  # slugs, by query
    known: list[list[str]]  # slugs, by title


# --- Slugline ----------------------------------------------------------------------------------


def _build(folder: Path) -> Sample:
    return run([str(SLUGLINE), "build"], folder, {})


def _cold(folder: Path) -> Sample:
    for name in ("output", ".output.spare", ".slugline"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return _build(folder)


def _edited(folder: Path, turn: int) -> Sample:
    files = sorted((folder / "content" / "briefs").glob("*.md"))
    with files[len(files) // 2 + turn].open("a", encoding="utf-8") as stream:
        stream.write(f"\nA regulator in Dublin postponed the estimate again, {turn} times.\n")
    return _build(folder)


def _more(with_: Sequence[Sample], without: Sequence[Sample]) -> Sample:
    """Return the median difference of runs that alternated."""
    pairs = [*zip(with_, without, strict=True)]
    return Sample(
        median(a.wall - b.wall for a, b in pairs),
        median(a.cpu - b.cpu for a, b in pairs),
        round(median(a.largest - b.largest for a, b in pairs)),
    )


def _own_client(folder: Path) -> SearchClient:
    return SearchClient(lambda path: (folder / "output" / "search" / path).read_bytes())


def _find(client: SearchClient, queries: Iterable[str]) -> list[list[str]]:
    """Return the slugs of the first results of each query."""
    return [[client.document(b)[0] for b in client.search(q)[:FIRST]] for q in queries]


def slugline(folder: Path, rounds: int) -> tuple[Engine, Sample, list[Text]]:
    """Measure builds with and without search, and queries.

    Also return a cold build without search, and the texts of all briefs."""
    without = folder.with_name("without")
    shutil.copytree(folder, without)
    with (without / "site.yaml").open("a", encoding="utf-8") as stream:
        stream.write("search: false\n")
    both = (folder, without)
    colds = [[_cold(one) for one in both] for _ in range(rounds)]
    edits = [[_edited(one, turn) for one in both] for turn in range(rounds)]
    data = list((folder / "output" / "search").rglob("*.js"))
    client = _own_client(folder)
    found = _find(client, QUERIES)
    texts = list(_texts(_own_client(folder)))
    scripts = [*(folder / "output" / "search").glob("stem-*.js")]
    scripts += (folder / "output" / "assets").glob("search*.js")
    fetched = [*client.fetched.values(), *(path.read_bytes() for path in scripts)]
    engine = Engine(
        "Slugline",
        _more(*zip(*colds, strict=True)),
        _more(*zip(*edits, strict=True)),
        len(data),
        sum(path.stat().st_size for path in data),
        len(fetched),
        sum(map(_compressed, fetched)),
        found,
        _find(_own_client(folder), [text.title for text in _sample(texts)]),
    )
    return engine, colds[-1][1], texts


class Text(NamedTuple):
    """A brief as its page shows it."""

    slug: str
    title: str
    text: str  # title, summary and text


def _texts(client: SearchClient) -> Iterator[Text]:
    """Yield all briefs of a site, from the documents that results show."""
    for year, (_, slots, _) in client.years.items():
        for key in range(12 * slots):
            found = Found(0, year, key)
            try:
                slug, _, _, _, title, summary, _, _ = client.document(found)
            except (FileNotFoundError, IndexError):
                continue
            yield Text(slug, title, f"{title}\n{summary}\n{client.text(found)}")


def _sample(texts: Sequence[Text]) -> list[Text]:
    """Return a hundred random briefs, always the same."""
    return Random(1).sample(texts, min(100, len(texts)))


def _compressed(data: bytes) -> int:
    """Return the bytes that a server sends: compressed, unless that makes a file larger."""
    return min(len(data), len(gzip.compress(data, 6)))


# --- Pagefind ----------------------------------------------------------------------------------


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder; yield its address, and the paths that are requested."""
    requested: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append(self.path.partition("?")[0].lstrip("/"))
            super().do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", requested
    finally:
        server.shutdown()


_ASK = """async ([queries, first]) => {
  const pagefind = await import('/pagefind/pagefind.js');
  const found = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const data = await Promise.all(results.slice(0, first).map((result) => result.data()));
    found.push(data.map((page) => page.url));
  }
  return found;
}"""


def pagefind(
    python: Path, output: Path, folder: Path, rounds: int, titles: Sequence[str]
) -> Engine:
    """Measure Pagefind on a copy of a built site."""
    shutil.copytree(output, folder)
    shutil.rmtree(folder / "search", ignore_errors=True)
    index = [str(python), "-m", "pagefind", "--site", str(folder), "--glob", BRIEFS, "--quiet"]
    colds = []
    for _ in range(rounds):
        shutil.rmtree(folder / "pagefind", ignore_errors=True)
        colds.append(run(index, folder, {}))
    edited = run(index, folder, {})  # it indexes anew: an edit costs as much as all
    data = [path for path in (folder / "pagefind").rglob("*") if path.is_file()]
    with _served(folder) as (address, requested):
        found = _asked(address, QUERIES)
        asked = [*requested]
        known = _asked(address, titles)
    names = {path for path in asked if path.startswith("pagefind/")}
    fetched = [(folder / name).read_bytes() for name in names if (folder / name).is_file()]
    return Engine(
        "Pagefind",
        Sample(*(median(getattr(s, f) for s in colds) for f in ("wall", "cpu", "largest"))),
        edited,
        len(data),
        sum(path.stat().st_size for path in data),
        len(fetched),
        sum(map(_compressed, fetched)),
        found,
        known,
    )


def _asked(address: str, queries: Sequence[str]) -> list[list[str]]:
    """Return the slugs of the first results of each query."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        page.goto(f"{address}404.html")
        found: list[list[str]] = page.evaluate(_ASK, [list(queries), FIRST])
        browser.close()
    return [[url.strip("/").split("/")[-1] for url in urls] for urls in found]


# --- what should be found ------------------------------------------------------------------------


class Textbook:
    """All briefs of a site, ranked by BM25 as textbooks have it.

    A brief is one text of stems, without fields or dates, and has all words of the query (Manning,
    Raghavan, Schütze: Introduction to Information Retrieval, 11.4.3; k1 = 1.2, b = 0.75)."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._stem = cache(snowballstemmer.stemmer("english").stemWord)
        self.counts = {text.slug: Counter(self._words(text.text)) for text in texts}
        self.lengths = {slug: found.total() for slug, found in self.counts.items()}
        self.usual = sum(self.lengths.values()) / len(self.lengths)

    def _words(self, text: str) -> list[str]:
        return [self._stem(word) for word in re.findall(r"[^\W_]+", text.lower())]

    def best(self, query: str) -> set[str]:
        """Return the briefs whose score is at least that of the tenth."""
        asked = self._words(query)
        having = {word: sum(word in found for found in self.counts.values()) for word in asked}
        scores = {
            slug: round(sum(self._score(slug, word, having[word]) for word in asked), 9)
            for slug, found in self.counts.items()
            if all(word in found for word in asked)
        }
        ranked = sorted(scores.values(), reverse=True)
        least = ranked[min(FIRST, len(ranked)) - 1] if ranked else 0.0
        return {slug for slug, score in scores.items() if score >= least}

    def _score(self, slug: str, word: str, having: int) -> float:
        times = self.counts[slug][word]
        rarity = math.log(1 + (len(self.counts) - having + 0.5) / (having + 0.5))
        long = 1 - 0.75 + 0.75 * self.lengths[slug] / self.usual
        return rarity * times * 2.2 / (times + 1.2 * long)


def found_by_title(found: Sequence[Sequence[str]], texts: Sequence[Text]) -> float:
    """Return the share of briefs that their titles find; of equal titles, any is right."""
    slugs: dict[str, set[str]] = {}
    for text in texts:
        slugs.setdefault(text.title, set()).add(text.slug)
    hits = [bool(slugs[t.title] & {*f}) for t, f in zip(_sample(texts), found, strict=True)]
    return sum(hits) / len(hits)


def recall(found: Sequence[Sequence[str]], best: Sequence[set[str]]) -> float:
    """Return the mean share of the ten best briefs that queries found."""
    shares = [
        len(right.intersection(slugs)) / min(FIRST, len(right))
        for slugs, right in zip(found, best, strict=True)
        if right
    ]
    return sum(shares) / len(shares)


# --- the report --------------------------------------------------------------------------------


def report(
    engines: Sequence[Engine], build: Sample, best: Sequence[set[str]], texts: Sequence[Text]
) -> None:
    print(f"A build without search, cold: {build.wall:.1f} s, {build.cpu:.1f} s of CPU.\n")
    head = (
        "",
        "cold s",
        "CPU s",
        "MB",
        "edit s",
        "CPU s",
        "files",
        "MB",
        "fetched",
        "KB",
        "recall",
        "by title",
    )
    rows = [head, ["---", *["--:"] * (len(head) - 1)]]
    for e in engines:
        rows.append(
            [
                e.name, f"{e.cold.wall:.1f}", f"{e.cold.cpu:.1f}", f"{e.cold.largest / 1e6:.0f}",
                f"{e.edited.wall:.2f}", f"{e.edited.cpu:.2f}", f"{e.files:,}",
                f"{e.size / 1e6:.1f}", f"{e.fetched}", f"{e.bytes / 1e3:.0f}",
                f"{recall(e.found, best):.2f}", f"{found_by_title(e.known, texts):.2f}",
            ]
        )  # fmt: skip
    print("\n".join("| " + " | ".join(row) + " |" for row in rows))
    print("\nFetched: files and compressed bytes of ten queries with ten results each.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--briefs", type=int, default=1000, help="number of briefs")
    parser.add_argument("--long", type=int, help="number of texts of 200 KB instead")
    parser.add_argument("--rounds", type=int, default=3, help="alternating builds")
    parser.add_argument("--pagefind", type=Path, help="a Python environment with `pagefind`")
    parser.add_argument("--json", type=Path, help="also write all figures to a file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="slugline-search-") as name:
        folder = Path(name)
        size = ["--long", str(asked.long)] if asked.long else ["--briefs", str(asked.briefs)]
        generate = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), name, *size]
        subprocess.run([*generate, "--for", "slugline"], check=True, stdout=subprocess.DEVNULL)
        site = folder / "slugline"
        ours, build, texts = slugline(site, asked.rounds)
        engines = [ours]
        if asked.pagefind:
            python, copy = asked.pagefind / "bin" / "python", folder / "pagefind"
            titles = [text.title for text in _sample(texts)]
            engines.append(pagefind(python, site / "output", copy, 1, titles))
        textbook = Textbook(texts)
        report(engines, build, [textbook.best(query) for query in QUERIES], texts)
        if asked.json:
            asked.json.write_text(json.dumps([e._asdict() for e in engines], default=vars))


if __name__ == "__main__":
    main()
