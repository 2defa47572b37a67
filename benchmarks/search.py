"""Compares the search index of Slugline with Pagefind's, on the same site.

    python benchmarks/search.py                       # 1,000 briefs
    python benchmarks/search.py --briefs 10000
    python benchmarks/search.py --long 100            # texts of 200 KB
    python benchmarks/search.py --pagefind FOLDER     # a Python environment with `pagefind`

It measures the time to index, cold and after one edit, the files, the bytes that ten queries
transfer with their ten best results, and recall at 10 against a search of all texts. Slugline
indexes while it builds, so its time is the difference between builds with and without search.
Pagefind runs in Chromium, as for a reader; without `--pagefind` Slugline is measured alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from measure import Sample, run

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from builder.search.weights import saturated, weigh  # noqa: E402
from builder.search.words import Terms  # noqa: E402
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


def slugline(folder: Path, rounds: int) -> tuple[Engine, Sample]:
    """Measure builds with and without search, and queries; also return a cold build."""
    without = folder.with_name("without")
    shutil.copytree(folder, without)
    with (without / "site.yaml").open("a", encoding="utf-8") as stream:
        stream.write("search: false\n")
    both = (folder, without)
    colds = [[_cold(one) for one in both] for _ in range(rounds)]
    edits = [[_edited(one, turn) for one in both] for turn in range(rounds)]
    data = list((folder / "output" / "search").rglob("*.js"))
    client = SearchClient(lambda path: (folder / "output" / "search" / path).read_bytes())
    found = []
    for query in QUERIES:
        ranked = client.search(query)[:FIRST]
        found.append([client.document(brief)[0] for brief in ranked])
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
    )
    return engine, colds[-1][1]


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


def pagefind(python: Path, output: Path, folder: Path, rounds: int) -> Engine:
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
        found = _asked(address)
    names = {path for path in requested if path.startswith("pagefind/")}
    fetched = [(folder / name).read_bytes() for name in names if (folder / name).is_file()]
    return Engine(
        "Pagefind",
        Sample(*(median(getattr(s, f) for s in colds) for f in ("wall", "cpu", "largest"))),
        edited,
        len(data),
        sum(path.stat().st_size for path in data),
        len(fetched),
        sum(map(_compressed, fetched)),
        [[url.strip("/").split("/")[-1] for url in urls] for urls in found],
    )


def _asked(address: str) -> list[list[str]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        page.goto(f"{address}404.html")
        found: list[list[str]] = page.evaluate(_ASK, [list(QUERIES), FIRST])
        browser.close()
    return found


# --- a search of all texts ---------------------------------------------------------------------


class Exhaustive:
    """All briefs of a site, each scored with exact weights."""

    def __init__(self, client: SearchClient) -> None:
        self.weights: dict[tuple[str, str, str], dict[str, float]] = {}
        for year, (_, slots, _) in client.years.items():
            for month in range(12):
                self._read(client, year, month, slots)

    def _read(self, client: SearchClient, year: str, month: int, slots: int) -> None:
        for n in range(slots):
            found = Found(0, year, month * slots + n)
            try:
                document = client.document(found)
            except (FileNotFoundError, IndexError):
                return
            slug, date, _, _, title, summary, _, _ = document
            text = client.text(found)
            self.weights[date, year, slug] = weigh((title, summary, "", text), "en-GB")

    def best(self, query: str) -> set[str]:
        """Return the briefs with all words whose score is at least that of the tenth."""
        terms = [term for chunk in query.lower().split() for term in Terms("en-GB")[chunk]]
        total = len(self.weights)
        rarity = {}
        for term in terms:
            having = sum(term in weights for weights in self.weights.values())
            rarity[term] = math.log(1 + (total - having + 0.5) / (having + 0.5))
        scores = {
            slug: round(sum(saturated(weights[term]) * rarity[term] for term in terms), 9)
            for (_, _, slug), weights in self.weights.items()
            if all(term in weights for term in terms)
        }
        ranked = sorted(scores.values(), reverse=True)
        least = ranked[min(FIRST, len(ranked)) - 1] if ranked else 0.0
        return {slug for slug, score in scores.items() if score >= least}


def recall(found: Sequence[Sequence[str]], best: Sequence[set[str]]) -> float:
    """Return the mean share of the ten best briefs that queries found."""
    shares = [
        len(right.intersection(slugs)) / min(FIRST, len(right))
        for slugs, right in zip(found, best, strict=True)
        if right
    ]
    return sum(shares) / len(shares)


# --- the report --------------------------------------------------------------------------------


def report(engines: Sequence[Engine], build: Sample, best: Sequence[set[str]]) -> None:
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
    )
    rows = [head, ["---", *["--:"] * (len(head) - 1)]]
    for e in engines:
        rows.append(
            [
                e.name, f"{e.cold.wall:.1f}", f"{e.cold.cpu:.1f}", f"{e.cold.largest / 1e6:.0f}",
                f"{e.edited.wall:.2f}", f"{e.edited.cpu:.2f}", f"{e.files:,}",
                f"{e.size / 1e6:.1f}", f"{e.fetched}", f"{e.bytes / 1e3:.0f}",
                f"{recall(e.found, best):.2f}",
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
        ours, build = slugline(site, asked.rounds)
        engines = [ours]
        if asked.pagefind:
            python = asked.pagefind / "bin" / "python"
            engines.append(pagefind(python, site / "output", folder / "pagefind", 1))
        client = SearchClient(lambda path: (site / "output" / "search" / path).read_bytes())
        exhaustive = Exhaustive(client)
        best = [exhaustive.best(query) for query in QUERIES]
        report(engines, build, best)
        if asked.json:
            asked.json.write_text(json.dumps([e._asdict() for e in engines], default=vars))


if __name__ == "__main__":
    main()
