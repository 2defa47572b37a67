"""The index of terms: postings, shards and segments, made at once or by changes."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.search.postings import BITS, decode_postings, encode_postings, patch_postings
from builder.search.segments import (
    Row,
    SearchIndex,
    SearchRecord,
    YearBriefs,
    encode_search,
)
from builder.search.shards import build_shards, count_shards, shard_of, terms_of
from builder.search.weights import impacts
from builder.store import Store, digest

WEIGHTS = st.integers(0, 44)


@given(st.dictionaries(st.integers(0, 12 * 4096), WEIGHTS))
def test_postings_come_back(weights: Mapping[int, int]) -> None:
    postings = [key << BITS | weight for key, weight in sorted(weights.items())]
    text = encode_postings(postings)
    assert decode_postings(text) == postings
    assert not set(text) & set('"\\<')
    assert text.isascii()
    assert text.isprintable()


@given(
    st.dictionaries(st.integers(0, 300), WEIGHTS),
    st.dictionaries(st.integers(0, 300), st.none() | WEIGHTS),
)
def test_changed_postings_are_as_new(
    before: dict[int, int], changes: dict[int, int | None]
) -> None:
    text = encode_postings(key << BITS | weight for key, weight in sorted(before.items()))
    after = {k: w for k, w in {**before, **changes}.items() if w is not None}
    expected = encode_postings(key << BITS | weight for key, weight in sorted(after.items()))
    assert patch_postings(text, changes) == expected


def test_a_term_of_a_common_beginning_is_in_the_same_shard() -> None:
    assert shard_of("labels", 64) == shard_of("lab", 64) == shard_of("labour", 64)
    assert shard_of("人工", 64) == shard_of("人口", 64)
    # From the test suite of FNV-1a: `a`, `fo`, `foo`.
    hashes = {"a": 0xE40C292C, "fo": 0x6222E842, "food": 0xA9F37ED7}
    assert {word: shard_of(word, 1024) for word in hashes} == {
        w: h % 1024 for w, h in hashes.items()
    }
    assert [shard_of(term, 1024) for term in ("ключ", "人工", "section:deals")] == [517, 899, 409]


def test_shards_grow_with_their_postings() -> None:
    assert [count_shards(n) for n in (0, 1, 4800, 4801, 300_000, 10**9)] == [1, 1, 1, 2, 64, 1024]


def test_golden() -> None:
    """The format of the files, byte for byte."""
    briefs = [
        (0, {"scale": 13, "ai": 9, "section:deals": 0}),
        (1, {"scale": 4}),
        (300, {"ai": 15, "c++": 7}),
    ]
    assert build_shards(briefs, 1) == [
        b'{"ai":",Wo2","c++":"Wp*","scale":"0\'","section:deals":"#"}'
    ]
    several = [[*terms_of(shard)] for shard in build_shards(briefs, 4)]
    assert several == [
        [t for t in ("ai", "c++", "scale", "section:deals") if shard_of(t, 4) == n]
        for n in range(4)
    ]


def test_weights() -> None:
    """A title says more than a text, and a short text more than a long one."""
    found = impacts(("Scale", "labels", "", "data " + "word " * 500), "en")
    assert found["scale"] > found["label"] > found["data"]
    assert impacts(("", "", "", "data"), "en")["data"] > found["data"]
    long = impacts(("", "", "", "data " * 10 + "word " * 100_000), "en")
    assert long == {"data": 3, "word": 44}
    assert impacts(("", "", "", ""), "en") == {}


# --- segments ------------------------------------------------------------------------------------

TERMS = st.dictionaries(
    st.sampled_from(("alpha", "beta", "gamma", "c++", "人工", "delta")), WEIGHTS
)
BRIEF = st.tuples(TERMS, st.sampled_from(((), ("section:deals",), ("company:x", "has:figures"))))
# A site: for each year and month, its briefs.
SITES = st.dictionaries(
    st.sampled_from(("2023", "2024")),
    st.dictionaries(st.integers(0, 11), st.lists(BRIEF, min_size=1, max_size=20), min_size=1),
)
Site = dict[str, dict[int, list[tuple[dict[str, int], tuple[str, ...]]]]]


def years(site: Site, store: Store) -> dict[str, YearBriefs]:
    """The briefs of each year, as the linked site gives them."""
    found = {}
    for year, months in sorted(site.items(), reverse=True):
        kept = {
            (month, n): (store.keep(encode_search(SearchRecord(terms, None, "", ""))), special)
            for month, briefs in sorted(months.items())
            for n, (terms, special) in enumerate(briefs)
        }

        def rows(slots: int, kept: dict = kept) -> list[Row]:
            return [Row(m * slots + n, k, s, True) for (m, n), (k, s) in kept.items()]

        found[year] = YearBriefs(
            digest(repr(sorted(months.items())).encode()),
            {month: len(briefs) for month, briefs in months.items()},
            sum(len(terms) for briefs in months.values() for terms, _ in briefs),
            frozenset({"en"}),
            False,
            rows,
        )
    return found


def everything(index: SearchIndex) -> object:
    shards = {
        year: [index.shard(year, n) for n in range(len(segment.shards))]
        for year, segment in index.segments.items()
    }
    return index.segments, shards


@settings(max_examples=60)
@given(st.lists(SITES, min_size=2, max_size=4))
def test_any_edits_give_the_index_of_a_clean_build(sites: list[Site]) -> None:
    """Any sequence of sites, each made from the index of the one before."""
    store = Store(None, "")
    index = SearchIndex(store)
    for site in sites:
        index.update(years(site, store), 1)
        clean = SearchIndex(store)
        clean.update(years(site, store), 1)
        assert everything(index) == everything(clean)


@given(SITES, st.data())
def test_one_edit_changes_only_its_terms(site: Site, data: st.DataObject) -> None:
    """The shards of terms with another weight, and no other, in no other year."""
    if not site:
        return
    store = Store(None, "")
    index = SearchIndex(store)
    index.update(years(site, store), 1)
    before = {year: segment.shards for year, segment in index.segments.items()}
    year = data.draw(st.sampled_from(sorted(site)))
    month = data.draw(st.sampled_from(sorted(site[year])))
    n = data.draw(st.integers(0, len(site[year][month]) - 1))
    (was, special), now = site[year][month][n], data.draw(TERMS)
    site[year][month][n] = (now, special)
    index.update(years(site, store), 1)
    terms = {term for term in {**was, **now} if was.get(term) != now.get(term)}
    for other, digests in before.items():
        found = index.segments[other].shards
        changed = {k for k, (a, b) in enumerate(zip(digests, found, strict=True)) if a != b}
        assert changed == ({shard_of(t, len(digests)) for t in terms} if other == year else set())
