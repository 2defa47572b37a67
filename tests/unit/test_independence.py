"""How many independent originals stand behind a brief: rules, and properties of every chain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from builder.ledger.copied_reports import in_circles
from builder.ledger.independence import Chains, count_reports, roots_of
from builder.ledger.names import Imprints
from builder.model.outline import Cited, Voucher

ROLES = ("original", "statement", "filing", "opinion", "relay", "syndication", "translation")
OWNERS = {"daily": "holding", "weekly": "holding", "holding": "holding"}
NAMES = ("daily", "weekly", "agency", "post", "herald", "tribune")


def imprints(owners: dict[str, str]) -> Imprints:
    """Publishers whose names are their keys; `agency` is a news agency."""
    return Imprints(
        lambda name: name,
        lambda name: owners.get(name, name),
        lambda name: name == "agency",
        lambda name: "",
        lambda person, company: company,
    )


def count(
    sources: list[Cited], vouchers: list[Voucher] | None = None, owners: dict[str, str] = OWNERS
) -> int:
    chains = Chains(imprints(owners), {})
    given = vouchers if vouchers is not None else [Voucher(n) for n in range(len(sources))]
    return chains.behind(sources, given).backing().reports


def source(name: str, role: str = "original", of: int = -1, via: str = "", at: str = "") -> Cited:
    return Cited(name, role, of, via, at)  # type: ignore[arg-type]


def test_roots() -> None:
    """A chain leads to its root, and a circle to its first source, from wherever it is entered."""
    chain = [source("a"), source("b", "relay", 0), source("c", "relay", 1)]
    assert roots_of(chain) == (0, 0, 0)
    circle = [source("x", "relay", 2), source("a", "relay", 2), source("b", "relay", 1)]
    assert roots_of(circle) == (1, 1, 1)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([source("post")], 1),
        ([source("post"), source("herald")], 2),
        ([source("post"), source("herald", "relay", 0)], 1),
        ([source("daily"), source("weekly")], 1),  # one owner
        ([source("daily"), source("holding"), source("post")], 2),
        ([source("post", at="x"), source("herald", at="x")], 1),  # one address
        ([source("post", via="agency"), source("herald", via="agency")], 1),  # an agency's text
        ([source("agency"), source("herald", via="agency")], 1),
        ([source("post", via="herald"), source("tribune", via="herald")], 2),  # copies that we read
        ([source("post", "statement")], 0),
        ([source("post", "opinion"), source("herald", "relay", 0)], 0),
        ([source("post", "relay")], 1),  # of an original that nobody names
        ([source("post", "relay"), source("herald", "relay")], 1),
        ([source("post", "relay"), source("herald")], 1),
        ([source("post", "relay", 1), source("herald", "relay", 0)], 1),  # a circle
    ],
)
def test_rules(sources: list[Cited], expected: int) -> None:
    assert count(sources) == expected


def test_people() -> None:
    """The same number of people with the same description may be the same people."""
    two = [source("post"), source("herald")]
    for one, other, expected in (
        ("3 familiar ", "3 familiar ", 1),
        ("3 familiar ", "2 familiar ", 2),
        ("3 familiar ", "3 close ", 2),
        ("3 familiar ", "", 2),  # the other rests on somebody named
        ("", "", 2),
    ):
        assert count(two, [Voucher(0, one), Voucher(1, other)]) == expected
    assert count(two, [Voucher(0, words="w"), Voucher(1, words="w")]) == 1


def test_publishers_that_pass_on_each_other() -> None:
    """Behind one claim, a publisher that passes on another one is no second original."""
    both = [source("post"), source("herald"), source("herald", "relay", 0)]
    assert count(both) == 1
    chains = Chains(imprints(OWNERS), {})
    apart = chains.behind(both, [Voucher(n) for n in range(3)], chained=False)
    assert apart.backing().reports == 2  # of a whole brief, they may be about different things


def test_what_is_copied_elsewhere() -> None:
    copied = {"h": (("owner", "post"),)}
    two = [source("post"), source("herald", at="h")]
    behind = Chains(imprints(OWNERS), copied).behind(two, [Voucher(0), Voucher(1)])  # type: ignore[arg-type]
    assert behind.backing().reports == 1


def test_steps_in_circles() -> None:
    following = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "f": ["a"]}
    assert sorted(in_circles(following)) == [("a", "b"), ("b", "c"), ("c", "a")]


# --- properties ----------------------------------------------------------------------------------


@st.composite
def chains(draw: st.DrawFn, most: int = 8) -> list[Cited]:
    """Sources of random roles; what a relay passes on may be anything, itself included."""
    size = draw(st.integers(1, most))
    return [
        source(
            draw(st.sampled_from(NAMES)),
            draw(st.sampled_from(ROLES)),
            draw(st.integers(-1, size - 1)),
            draw(st.sampled_from(("", *NAMES))),
            draw(st.sampled_from(("", "", "", "x", "y"))),
        )
        for _ in range(size)
    ]


def vouchers(sources: list[Cited]) -> st.SearchStrategy[list[Voucher]]:
    one = st.builds(
        Voucher,
        st.integers(0, len(sources) - 1),
        st.sampled_from(("", "3 familiar ", "2 close ")),
        st.sampled_from(("", "", "w")),
    )
    return st.lists(one, max_size=8)


@given(chains(), st.data())
def test_a_relay_never_raises_the_count(sources: list[Cited], data: st.DataObject) -> None:
    of = data.draw(st.integers(0, len(sources) - 1))
    name = data.draw(st.sampled_from(NAMES))
    assert count([*sources, source(name, "relay", of)]) <= count(sources)


@given(chains(), st.data())
def test_merging_owners_never_raises_the_count(sources: list[Cited], data: st.DataObject) -> None:
    said = data.draw(vouchers(sources))
    one, other = data.draw(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)))
    owner = OWNERS.get(other, other)
    merged = {name: owner for name in NAMES if OWNERS.get(name, name) == OWNERS.get(one, one)}
    assert count(sources, said, {**OWNERS, **merged}) <= count(sources, said)


@given(chains(), st.data())
def test_order_does_not_matter(sources: list[Cited], data: st.DataObject) -> None:
    said = data.draw(vouchers(sources))
    order = data.draw(st.permutations(range(len(sources))))
    place = {old: new for new, old in enumerate(order)}
    moved = [replace(sources[old], of=place.get(sources[old].of, -1)) for old in order]
    again = [replace(v, source=place[v.source]) for v in data.draw(st.permutations(said))]
    assert count(moved, again) == count(sources, said)


@given(chains(), st.data())
def test_a_union_counts_at_most_the_sum(sources: list[Cited], data: st.DataObject) -> None:
    one, other = data.draw(vouchers(sources)), data.draw(vouchers(sources))
    assert count(sources, one + other) <= count(sources, one) + count(sources, other)
    assert count(sources, one + one) == count(sources, one)


@given(chains(), st.data(), st.booleans())
def test_a_single_report_needs_no_ties(
    sources: list[Cited], data: st.DataObject, chained: bool
) -> None:
    said = data.draw(vouchers(sources))
    found = Chains(imprints({}), {})
    assert found.backing(sources, said, chained) == found.behind(sources, said, chained).backing()


@given(chains(20))
def test_no_more_than_originals(sources: list[Cited]) -> None:
    """Circles end, and what is counted is there: at most one original a publisher."""
    reports = Chains(imprints({}), {}).behind(sources, [Voucher(n) for n in range(len(sources))])
    assert count_reports(reports.reports) <= len({s.publisher for s in sources})
