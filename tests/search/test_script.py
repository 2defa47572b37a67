"""The functions of the search script: words, names, postings, queries, snippets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from support.scripts import ASSETS, run_script
from support.sites import brief, build_output
from support.small_index import Row, encoded, files_of, shard_of

KINDS = [["company", "Company", "/companies/"], ["person", "Person", "/people/"],
         ["topic", "Topic", "/topics/"]]  # fmt: skip
NAMES = [
    ["Scale AI", 0, 0, 12, ["Scale", "Schaalbare AI"]],
    ["Google DeepMind", 0, "deepmind", 3, ["DeepMind"]],
    ["Meta", 0, 0, 9, ["Facebook"]],
    ["Metaphysic", 0, 0, 1],
    ["The Meta deal", 2, 0, 2],
    ["Сбер", 0, "sber", 1, ["Сбербанк"]],
    ["Đặng Hữu", 1, "dang-huu", 1],
    ["Open AI", 0, 0, 5],
    ["北京智谱华章", 0, "zhipu", 1],
    ["Alexandr Wang", 1, 0, 4, ["Alex Wang"]],
    ["Training data", 2, "data", 1, [], "en-GB"],
    ['<img src=x onerror="alert(1)">', 2, "img", 1],
]


def test_scripts_are_small() -> None:
    """What a page may load when a reader enters the box, and all of the search, compressed."""
    import gzip

    files = {file.name: file.read_bytes() for file in ASSETS.glob("search*.js")}
    assert files.keys() == {"search.js", "search-page.js", "search-text.js"}
    assert len(files["search.js"]) <= 10 * 1024
    assert len(gzip.compress(b"".join(files.values()), mtime=0)) <= 10 * 1024


def test_scripts_evaluate_nothing() -> None:
    for file in ASSETS.glob("search*.js"):
        text = file.read_text("utf-8")
        assert not re.search(
            r"\beval\b|\bFunction\(|innerHTML|outerHTML|insertAdjacent|WebAss", text
        )


FOUND: dict[str, list[str]] = {
    "DeepMind": ["Google DeepMind"],
    "deep mind": ["Google DeepMind"],
    "Schaalbare AI": ["Scale AI"],
    "сбер": ["Сбер"],
    "СБЕРБ": ["Сбер"],
    "dang huu": ["Đặng Hữu"],
    "training": ["Training data"],
    "huu": ["Đặng Hữu"],
    "openai": ["Open AI"],
    "open-ai": ["Open AI"],
    "智谱": ["北京智谱华章"],
    "wang a": ["Alexandr Wang"],
    "cale": [],  # not within a word
    # The name itself, names that begin so, a word of a name, an alias; then by briefs.
    "meta": ["Meta", "Metaphysic", "The Meta deal"],
    "facebook": ["Meta"],
    "a": ["Alexandr Wang", "Scale AI", "Open AI", NAMES[-1][0]],
    "": [],
    " \u2028 ": [],
    "<img": [NAMES[-1][0]],
    ".*": [],
    "[a-z]+(": [],
    "constructor": [],
    "__proto__": [],
}


def test_names() -> None:
    code = """return data.queries.map(query =>
        slugline.findNames(data, query).map(found => found.name))"""
    found = run_script(code, {"kinds": KINDS, "names": NAMES, "queries": [*FOUND]})
    assert dict(zip(FOUND, found, strict=True)) == FOUND


def test_a_name_leads_to_its_page_by_the_name_that_was_typed() -> None:
    names = {"kinds": KINDS, "names": NAMES}
    code = "return data[1].map(query => slugline.findNames(data[0], query)[0])"
    deepmind, lost, data = run_script(code, [names, ["deepm", "schaal", "training"]])
    assert (data["lang"], "lang" in deepmind) == ("en-GB", False)
    assert (deepmind["path"], deepmind["also"]) == ("/companies/deepmind/", "")
    assert (lost["path"], lost["also"]) == ("/companies/scale-ai/", "Schaalbare AI")


# --- an index as the format says, of a few words -------------------------------------------------


@pytest.mark.parametrize(
    "rows", [[(0, 0)], [(0, 15), (1, 1), (6, 3)], [(5, 0), (70, 9), (800, 15), (98_765, 2)]]
)
def test_postings(rows: list[tuple[int, int]]) -> None:
    assert run_script("return slugline.postings(data)", encoded(rows)) == [
        list(row) for row in rows
    ]


BRIEFS: list[Row] = [
    ("old", "2024-03-01", "A company hires", "It hires people.\nThe companies hired <b>many</b>."),
    ("new", "2025-06-01", "Chips are sold", "A company sells chips. " + "Padding words. " * 30),
    ("late", "2025-06-02", "Chips again", "Sold at a loss; the seller's company says so, twice."),
]
TERMS = {
    "old": ["compani", "compani", "hire", "hire", "hire", "peopl", "mani", "section:deals"],
    "new": ["chip", "chip", "sold", "compani", "sell", "section:deals", "has:figures"],
    "late": ["chip", "again", "sold", "loss", "compani", "seller", "has:figures"],
}
FILES = files_of(BRIEFS, TERMS)


def find_all(asked: list[tuple[str, dict[str, str], int]]) -> list[dict[str, Any]]:
    code = "return Promise.all(data.map(query => slugline.find(...query)))"
    return run_script(code, asked, files=FILES)


def find(query: str, filters: Mapping[str, str] | None = None, n: int = 10) -> dict[str, Any]:
    return find_all([(query, dict(filters or {}), n)])[0]


def slugs(result: dict[str, Any]) -> list[str]:
    return [row["path"].removeprefix("/briefs/").strip("/") for row in result["briefs"]]


QUERIES: dict[str, list[str]] = {
    "companies": ["old", "late", "new"],  # stemmed; the impact, then the newest
    "compan": ["old", "late", "new"],  # the beginning of a word
    "compan ": [],  # a word that is whole
    "chips": ["new", "late"],
    "chips company": ["new", "late"],  # all words
    "company chips hires": ["old", "new", "late"],  # no brief has all: some
    "nothing": [],
    '"company sells"': ["new"],
    "“company sells”": ["new"],
    '"sells company"': [],
    '"company sells': ["new"],  # a phrase that is not closed is words
    "ch": [],  # too short to be the beginning of a word
    "": [],
    "constructor": [],
    "toString": [],
    "section:deals": [],  # a term that only filters have
    ".*+?^${}()|[]\\": [],
    "<img onerror>": [],
    "a\u2028chips": ["new", "late"],
}


def test_queries() -> None:
    results = find_all([(query, {}, 10) for query in QUERIES])
    assert dict(zip(QUERIES, map(slugs, results), strict=True)) == QUERIES
    assert [result["count"] for result in results] == [*map(len, QUERIES.values())]


def test_filters() -> None:
    cases: list[tuple[str, dict[str, str], list[str]]] = [
        ("company", {"year": "2024"}, ["old"]),
        ("company", {"year": "1999"}, []),
        ("company", {"has": "figures"}, ["late", "new"]),
        ("company", {"section": "deals"}, ["old", "new"]),
        ("company", {"section": "deals", "has": "figures"}, ["new"]),
        ("company", {"section": "deals", "year": "2024"}, ["old"]),
        ("company", {"company": "-"}, []),
        ("", {"has": "figures"}, ["late", "new"]),  # filters alone: the newest first
        ("", {"section": "deals"}, ["new", "old"]),
    ]
    results = find_all([(query, filters, 10) for query, filters, _ in cases])
    assert [*map(slugs, results)] == [briefs for *_, briefs in cases]


def test_few_are_shown_and_all_are_counted() -> None:
    result = find("company", n=2)
    assert (result["count"], slugs(result)) == (3, ["old", "late"])


def test_a_snippet_has_the_words_marked() -> None:
    def text(pieces: list[tuple[str, int]]) -> str:
        return "".join(f"[{part}]" if hit >= 0 else part for part, hit in pieces)

    old, late, new = find("company")["briefs"]
    assert text(old["title"]) == "A [company] hires"
    assert text(old["text"]) == "It hires people. The [companies] hired <b>many</b>."
    assert text(new["text"]).startswith("A [company] sells chips. Padding")
    assert text(new["text"]).endswith(" …")
    assert len(text(new["text"])) < 200
    assert "[company] says" in text(late["text"])


def test_a_query_reads_few_files() -> None:
    code = "await slugline.find('chips', {}, 10); return asked"
    asked = run_script(code, files=FILES)
    shards = {f"search/{year}/{shard_of('chip')}.js" for year in ("2024", "2025")}
    assert {*asked} == {"search/index.js", "search/stem-en.js", "search/2025/06-0.js", *shards}
    assert len(asked) == len({*asked})


def test_a_long_query_is_cut() -> None:
    words = " ".join(f"word{n}" for n in range(1000))
    code = "const found = await slugline.find(data, {}, 10); return [found.count, asked.length]"
    count, files = run_script(code, words, files=FILES)
    assert count == 0
    assert files < 20
    assert [r["count"] for r in find_all([("company " * 1000, {}, 1), ("x" * 100_000, {}, 1)])] == [
        3, 0,
    ]  # fmt: skip


def test_a_text_that_goes_on_is_read_to_its_end() -> None:
    """For a phrase, and for a word that its beginning does not have."""
    files = files_of(
        [("long", "2025-06-01", "Title", "The beginning")], {"long": ["end", "stori", "begin"]}
    )
    name = "search/2025/06-0.js"
    files[name] = files[name].replace('"The beginning", 0', '"The beginning", 1')
    files["search/2025/06-t0.js"] = 'slugline(" of a story without an end.");\n'
    code = "return [await slugline.find(data, {}, 10), asked]"
    for query, rest in (('"story without"', True), ("story", True), ("begin", False)):
        result, asked = run_script(code, query, files=files)
        assert slugs(result) == ["long"], query
        assert ("search/2025/06-t0.js" in asked) == rest, query
        marked = [part for part, hit in result["briefs"][0]["text"] if hit >= 0]
        assert marked[0] == ("story" if rest else "beginning")


def test_names_of_a_site(tmp_path: Any) -> None:
    """The file that a build writes and the script's functions agree."""
    output = build_output(tmp_path, brief("one", people="[Đặng Hữu]", topics="[C++]"))
    paths = {
        "facebook": "/companies/meta/", "dang": "/people/dang-huu/",
        "c++": "/topics/c-plus-plus/", "reuters": "/sources/reuters/",
    }  # fmt: skip
    code = """const names = await slugline.load("names");
        return data.map(query => slugline.findNames(names, query)[0]?.path)"""
    assert run_script(code, [*paths], folder=output) == [*paths.values()]
    assert all((output / path[1:] / "index.html").is_file() for path in paths.values())
