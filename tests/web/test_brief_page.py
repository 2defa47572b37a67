"""A brief as its reader sees it: the story first, the record folded, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from support.looks import OpenPage
from support.sites import brief, build_site, read, write_site
from support.tools import serve

PHONE = (390, 844)
# What a reader of news reads in a minute.
WORDS = 230

PARTS = {
    "sources": "[" + ", ".join(
        f'{{id: s{n}, publisher: Paper {n}, title: Report {n}, url: "https://p{n}.example/"}}'
        for n in range(3)
    ) + "]",
    "claims": "[{text: It moves, status: reported, source: s0},"
    " {text: It stays, status: claimed, source: s1, by: Ann Lee},"
    " {text: It waits, status: forecast, source: s2, by: Ann Lee}]",
    "people": "[Ann Lee]",
    "topics": "[Labelling]",
    "products": "[Widget]",
    "responses": "[{from: Google, stance: declined}, {from: Meta, stance: no reply},"
    " {from: Scale AI, stance: denied}]",
    "corrections": "[" + ", ".join(
        f"{{at: 2025-06-2{n}, kind: factual, was: Version {n}, now: Version {n + 1}}}"
        for n in range(4)
    ) + "]",
    "relations": "[" + ", ".join(
        f"{{from: {a}, type: {kind}, to: {b}, source: s0}}"
        for a, kind, b in (
            ("Google", "customer", "Scale AI"), ("Meta", "customer", "Scale AI"),
            ("Google", "rival", "Meta"), ("Google", "partner", "Scale AI"),
            ("Meta", "investor", "Scale AI"),
        )
    ) + "]",
    "figures": "[" + ", ".join(
        f"{{id: f{n}, of: Google, metric: metric {n}, value: {n + 1}m USD, as_of: 2025}}"
        for n in range(9)
    ) + "]",
    "why": "A rival owns half of it.",
    "yes_but": "[It has other customers.]",
    "whats_next": "[Which contracts move.]",
}  # fmt: skip

SENTENCE = "The company said that it would move most of its work to other suppliers this year. "


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("story")
    text = (SENTENCE * (WORDS // len(SENTENCE.split()) + 1)).split()[:WORDS]
    paragraphs = [" ".join(text[at : at + 58]) + "." for at in range(0, WORDS, 58)]
    write_site(
        folder,
        brief("before", "Meta takes 49% of Scale AI", companies="[Meta, Scale AI]")
        + brief(
            "story",
            "Google plans to leave Scale AI after Meta takes half of it",
            date="2025-06-25",
            event_date="2025-06-23",
            summary="Its largest customer is talking to rivals about moving most of its work.",
            companies="[Google, Scale AI, Meta]",
            follows="[before]",
            body="\n\n".join(paragraphs),
            **PARTS,
        ),
    )
    build_site(folder)
    return folder


@pytest.fixture(scope="module")
def served(built: Path) -> Iterator[str]:
    with serve(built / "output") as address:
        yield f"{address}briefs/story/"


def test_the_story_comes_first(built: Path) -> None:
    """Then what is against it and what follows; then how the desk knows it; then other briefs."""
    html = read(built, "briefs/story/index.html")
    order = [
        "<h1", 'class="standfirst p-summary"', 'class="facts"', 'id="why"',
        'class="prose e-content"',
        'id="yes-but"',
        'id="whats-next"', 'id="numbers"', 'class="apparatus"', 'id="sources-heading"',
        'id="known"', 'id="claimed"', 'id="said-heading"', 'id="relations-heading"',
        'id="corrections-heading"', 'id="companies"', 'id="people"', 'id="products"', 'id="topics"',
        'id="previously"', 'class="pager"',
    ]  # fmt: skip
    places = [html.index(mark) for mark in order]
    assert places == sorted(places)
    assert len(re.findall("<details>", html)) == 6


@pytest.mark.parametrize("fonts", ["medium", "wide"])
def test_a_minute_of_text_is_within_two_screens(
    served: str, open_page: OpenPage, fonts: str
) -> None:
    width, height = PHONE
    with open_page(width=width, fonts=fonts) as page:
        page.goto(served)
        text = page.locator(".prose").bounding_box()
        assert text is not None
        assert text["y"] + text["height"] <= 2 * height


def folded(page: Page) -> list[str]:
    """The anchors inside of folds."""
    return page.locator("details [id]").evaluate_all("all => all.map(e => e.id)")


def test_links_open_the_fold_that_they_lead_into(served: str, open_page: OpenPage) -> None:
    """Without JavaScript, and the target is in sight below its heading."""
    with open_page(width=PHONE[0]) as page:
        page.goto(served)
        anchors = folded(page)
    assert {"sources", "known", "claimed", "said", "relations", "corrections", "figure-f8"} <= {
        *anchors
    }
    with open_page(width=PHONE[0], javascript=False) as page:
        for anchor in anchors:
            page.goto("about:blank")
            page.goto(f"{served}#{anchor}")
            target = page.locator(f'[id="{anchor}"]')
            assert target.is_visible(), anchor
            box = target.bounding_box()
            assert box is not None, anchor
            assert 0 <= box["y"] < 800, anchor


def test_folds_are_open_on_paper(served: str, open_page: OpenPage) -> None:
    with open_page() as page:
        page.goto(served)
        parts = page.locator("details > :not(summary)")
        assert parts.count() == 11
        assert not any(part.is_visible() for part in parts.all())
        page.emulate_media(media="print")
        # How to cite the brief is printed as a reference, not in the formats of programs.
        programs = page.locator("details.cite > :is(pre, .label)")
        assert programs.count() == 4
        assert not any(part.is_visible() for part in programs.all())
        printed = page.locator("details > :not(summary, .cite > pre, .cite > .label)")
        assert printed.count() == 7
        for part in printed.all():
            box = part.bounding_box()
            assert part.is_visible()
            assert box is not None
            assert box["height"] > 20
        assert not any(line.is_visible() for line in page.locator("summary").all())
