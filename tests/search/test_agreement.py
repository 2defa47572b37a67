"""The search script and the index agree: on words, and on what a query finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from builder.search.javascript import translate_stemmer
from builder.search.languages import ALGORITHMS
from support.scripts import run_script
from support.search_client import SearchClient
from support.sites import WORLD, brief, build_output

TABLE = Path(__file__).parent / "words.tsv"
TEXTS = (
    "Scale labels data for laboratories. It labelled 14.8bn examples, and hires again.",
    "The acquisition of a company was acquired, said companies; a chip maker sold chips.",
    "Ångström and naïve résumés are sold to a laboratory in İstanbul, with C++ and C#.",
    "Workers hired elsewhere make chips, and chips make workers. " + "More words follow. " * 40,
)
QUERIES = (
    "labels", "labor", "laboratori", "acquisitio", "acquisition company", "chips hire", "chip sold",
    "resume", "c++", "14.8bn", "scale ai", "nothing at all", "company zzz", "words follow", "的",
    "gegevens", "bedrijf", "facebook", "hir", "the", "İst", "angstr",
)  # fmt: skip


def test_words_of_the_shared_table() -> None:
    """The same terms as `builder/search/words.py`, in each language that has a stemmer."""
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()]
    rows = [row for row in rows if len(row) == 3]
    assert len(rows) > 20
    names = {row[0]: ALGORITHMS.get(row[0]) for row in rows}
    rules = {tag: json.loads(translate_stemmer(name)) for tag, name in names.items() if name}
    code = """
        const made = {};
        for (const tag in data.rules) made[tag] = slugline.stemmer(data.rules[tag]);
        return data.rows.map(([tag, text]) => slugline.tokens(text).flatMap(([word, , , spelled]) =>
            slugline.stemWith(made[tag.split("-")[0]], word, spelled)).join(" "))"""
    found = run_script(code, {"rows": [row[:2] for row in rows], "rules": rules})
    texts = [f"{row[0]}: {row[1]}" for row in rows]
    assert dict(zip(texts, found, strict=True)) == dict(
        zip(texts, [r[2] for r in rows], strict=True)
    )


def test_queries_find_what_the_index_says(tmp_path: Path) -> None:
    """Briefs in the order of a plain search of the same files, which ranks all of them."""
    briefs = "".join(
        brief(
            f"story-{n}",
            title=f"Number {n} of {TEXTS[n % 4].split('.')[0]}",
            date=f"{2023 + n % 3}-0{n % 6 + 1}-1{n % 9} 09:00",
            lang="nl" if n % 7 == 3 else "en",
            body=TEXTS[(n * 3 + 1) % 4]
            + (" De bedrijven labelden gegevens." if n % 7 == 3 else ""),
        )
        for n in range(30)
    )
    output = build_output(tmp_path, f"{WORLD}{briefs}")
    folder = output / "search"
    client = SearchClient(lambda path: (folder / path).read_bytes())
    code = """return Promise.all(data.map(async query =>
        (await slugline.find(query, {}, 100)).briefs.map(found => found.path.split("/")[2])))"""
    found: list[list[str]] = run_script(code, QUERIES, folder=output)
    expected: list[Any] = [client.slugs(query, typing=True) for query in QUERIES]
    assert dict(zip(QUERIES, found, strict=True)) == dict(zip(QUERIES, expected, strict=True))
    assert sum(map(len, found)) > 60
    assert {f"stem-{tag}.js" for tag in client.load("index.js")["languages"]} == {
        file.name for file in folder.glob("stem-*.js")
    }
