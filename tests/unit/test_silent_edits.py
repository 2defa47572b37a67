"""Edits of a published brief by somebody who does not want readers to know: each is noticed.

The brief has something of everything that a page prints, and each edit changes one thing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.content.version_changes import judged
from builder.deploy.versions import PublicBrief, published_briefs
from builder.engine.options import Options
from support.sites import SETTINGS, brief, small_site

BODY = """\
Scale AI did not confirm the plan with 49 per cent, open ✓ for all. Sales ↑ here.

| Year | Staff | Open |
|---|---|---|
| 2024 | 700 | ✓ |

![A sign with 49 desks](sign.jpg "Caption of 3")

- [ ] Staff were told

It takes 10^6^ years, ~~maybe~~ and ends in May[^n] at −5 °C.

[^n]: The note says 12 staff.

See [the filing](https://sec.example/a) and `x = 3`.

> It is so, he said.

谷歌计划在三年内不会离开这家公司。 شركة غوغل لن تغادر ٣ مواقع.
"""
FRONT = {
    "companies": "[Scale AI, Google, Meta]",
    "date": "2025-06-15 09:00",
    "event_date": "2025-06-13",
    "author": "desk",
    "why": "It has 3 buyers.",
    "image": "{file: sign.jpg, alt: A sign of 49 men, caption: Meta took 49 of 100.,"
    " credit: Reuters}",
    "figures": "[{id: w, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05,"
    " source: reuters, also: [cnbc]},"
    " {id: s, of: Google, to: Scale AI, metric: spend, value: 150m USD, period: 2024}]",
    "relations": "[{from: Google, type: customer, to: Scale AI, since: 2024, until: planned}]",
    "events": "[{id: court, title: The court hears Google, date: 2025-09-01, where: Paris}]",
    "claims": "[{id: c, text: Google will leave., status: reported, source: reuters, also: [cnbc],"
    " by: {anonymous: 5}}]",
    "quotes": "[{by: Ann Lee, of: Scale AI, text: We stay., source: reuters}]",
    "responses": "[{from: Meta, stance: no reply}]",
    "sources": "[{id: reuters, publisher: Reuters, title: Google leaves, published: 2025-06-13},"
    " {id: cnbc, publisher: CNBC, role: relay, of: reuters}]",
}
AUTHORS = "authors: [{slug: desk, name: The desk}, {slug: ann, name: Ann}]\n"
NOTICED = (
    ("700", "900"),
    ("| ✓ |", "| ✗ |"),
    ("open ✓ for", "open ✗ for"),
    ("Sales ↑", "Sales ↓"),
    ("![A sign with 49", "![A sign with 48"),
    ("Caption of 3", "Caption of 4"),
    ("- [ ] Staff", "- [x] Staff"),
    ("10^6^", "10^8^"),
    ("did not confirm", "did ~~not~~ confirm"),
    ("~~maybe~~", "maybe"),
    ("did not confirm", "did <!-- not --> confirm"),
    ("says 12", "says 13"),
    ("−5 °C", "5 °C"),
    ("5 °C", "5 K"),
    ("x = 3", "x = 4"),
    ("三年内不会", "三年内会"),
    ("三年", "四年"),
    ("٣", "٤"),
    ("لن تغادر", "تغادر"),
    ("[the filing]", "[a filing]"),
    ("It is so, he said", "“It is so”, he said"),
    ("49 per cent", "49 percentage points"),
    ("49 per cent", "\u202e49\u202c per cent"),
    ("alt: A sign of 49", "alt: A sign of 48"),
    ("took 49 of", "took 48 of"),
    ("credit: Reuters", "credit: AFP"),
    ("event_date: 2025-06-13", "event_date: 2025-06-12"),
    ("\ndate: 2025-06-15", "\ndate: 2025-06-14"),
    ("author: desk", "author: ann"),
    ("3 buyers", "4 buyers"),
    ("type: customer", "type: supplier"),
    ("since: 2024", "since: 2023"),
    ("until: planned", "until: 2025-01"),
    ("date: 2025-09-01", "date: 2025-09-02"),
    ("court hears Google", "court hears Meta"),
    ("where: Paris", "where: Lyon"),
    ("source: reuters, also: [cnbc]}", "source: reuters}"),
    ("also: [cnbc],", ""),
    ("anonymous: 5", "anonymous: 4"),
    ("status: reported", "status: confirmed"),
    ("by: Ann Lee", "by: Ann Low"),
    ("stance: no reply", "stance: declined"),
    ("publisher: CNBC", "publisher: CNN"),
    ("Google leaves,", "Google stays,"),
    ("role: relay, of: reuters", "role: original"),
    ("published: 2025-06-13", "published: 2025-06-12"),
    ("150m USD", "150m EUR"),
    ("14bn", "14m"),
    ("period: 2024", "period: 2025"),
    ("value: 14bn USD,", "value: 14bn USD, basis: planned,"),
)
BELOW = (  # typography, markup, and what no reader sees
    ("confirm the plan", "*confirm* the  plan"),
    ("See [the", "## See [the"),
    ("sec.example/a", "sec.example/b"),
    ("“It", "'It"),
    ("importance: 1", "importance: 2"),
    ("file: sign.jpg", "file: sign2.jpg"),
    ("did not", "did n&#111;t"),
)


def text() -> str:
    return brief("one", "Scale AI plans", BODY, importance="1", **FRONT)


def published(folder: Path, content: str) -> PublicBrief:
    site = small_site(folder, SETTINGS + AUTHORS + content)
    (found,) = published_briefs(site, Options(datetime(2026, 1, 1, tzinfo=UTC))).values()
    return found


def judgement(before: PublicBrief, after: PublicBrief) -> str:
    assert before.words and after.words
    found = {noticed for _, noticed in judged(before.words, after.words, after.names)}
    return max(found, key=("same", "spelling", "material").index, default="same")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> PublicBrief:
    return published(tmp_path_factory.mktemp("first"), text())


@pytest.mark.parametrize(("before", "after"), NOTICED)
def test_what_readers_would_notice(
    first: PublicBrief, tmp_path: Path, before: str, after: str
) -> None:
    assert before in text()
    edited = published(tmp_path, text().replace(before, after, 1))
    assert judgement(first, edited) == "material"
    assert judgement(edited, first) == "material"


@pytest.mark.parametrize(("before", "after"), BELOW)
def test_what_they_would_not(first: PublicBrief, tmp_path: Path, before: str, after: str) -> None:
    edited = published(tmp_path, text().replace(before, after, 1))
    assert judgement(first, edited) == "same"


def digits(content: str) -> Iterator[int]:
    """Where the brief prints a digit: not in ids, addresses and file names."""
    hidden = ("id-one", "\nid:", "importance", "https://", "[^n]")
    for n, letter in enumerate(content):
        line = content[content.rfind("\n", 0, n) + 1 : content.find("\n", n)]
        if letter.isdigit() and not any(f"\n{line}".find(part) >= 0 for part in hidden):
            yield n


def test_any_digit_of_a_brief_is_noticed(first: PublicBrief, tmp_path: Path) -> None:
    content, chance = text(), random.Random(21)
    places = chance.sample([*digits(content)], 25)
    for n in places:
        other = str((int(content[n]) + chance.choice((1, 2))) % 10)
        edited = content[:n] + other + content[n + 1 :]
        try:
            after = published(tmp_path / str(n), edited)
        except ValueError:  # no date
            continue
        assert judgement(first, after) == "material", edited[n - 20 : n + 20]
