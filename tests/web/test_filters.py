"""Filters and folds in a browser, without JavaScript: a link shows one group, paper shows all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from support.fonts import FONTS
from support.looks import OpenPage, overflow
from support.sites import brief, build_site, write_site
from support.tools import as_lines, serve

PHONE = 320
TABLES = (
    "numbers/", "numbers/by-metric/", "numbers/by-date/", "relations/", "relations/by-company/",
    "relations/by-report/", "companies/scale-ai/",
)  # fmt: skip
METRICS = "".join(
    f"\n  - {{id: f{n}, of: Scale AI, metric: metric {n:02}, value: {n + 1}bn USD,"
    f" as_of: 201{n % 9}-03-28, source: reuters, basis: estimate}}"
    for n in range(12)
)
LONG = (
    "\n  - {of: Google, to: Scale AI, metric: contractvernietigingsvergoedingsverplichtingen,"
    " value: 999999999999990..999999999999999 USD, as_of: 2025-05-28}"
)
RELATIONS = "[{from: Google, type: customer, to: Scale AI, since: 2025-05-28, until: planned}," \
    " {from: Meta, type: rival, to: Google}]"  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    text = brief("story", figures=METRICS + LONG, relations=RELATIONS,
                 companies="[Scale AI, Google, Meta, xAI, Oracle]", importance="1",
                 date="2025-06-16") + "".join(
        brief(f"n{n}", f"Scale AI grows {n}", event_date=f"202{n % 3}-03-0{n + 1}")
        for n in range(9)
    )  # fmt: skip
    text += "".join(
        f"=== content/companies/{name.lower()}.md\n---\nid: co-{name.lower()}\nname: {name}\n---\n"
        for name in ("xAI", "Oracle")
    )
    folder = write_site(tmp_path_factory.mktemp("filters"), text)
    build_site(folder)
    with serve(folder / "output") as address:
        yield address


@pytest.fixture
def page(open_page: OpenPage) -> Iterator[Page]:
    with open_page(width=PHONE, javascript=False) as opened:
        yield opened


def seen(page: Page) -> list[str]:
    """The headings of the groups that are in sight."""
    return page.locator(".filtered h2:visible").all_inner_texts()


@pytest.mark.parametrize(
    ("path", "group", "first"),
    [
        ("numbers/", "company.scale-ai", "Google"),
        ("numbers/by-metric/", "other-metrics", ""),
        ("relations/", "rival", "Customers and suppliers"),
        ("relations/by-company/", "company.meta", "Google"),
    ],
)
def test_a_link_shows_one_group_and_another_all(
    served: str, page: Page, path: str, group: str, first: str
) -> None:
    page.goto(f"{served}{path}")
    every = seen(page)
    assert every[0].startswith(first)
    back = page.get_by_role("link", name="Show all")
    assert not back.is_visible()
    page.locator(f'.filter a[href="#{group}"]').click()
    assert seen(page) == [page.locator(f'[id="{group}"]').inner_text()]
    back.click()
    assert seen(page) == every
    assert not back.is_visible()


def test_a_group_that_is_alone_is_complete(served: str, page: Page) -> None:
    """A long group folds its last rows, unless it is the only one."""
    page.goto(f"{served}numbers/")
    last = page.get_by_role("row", name="Metric 11")
    assert not last.is_visible()
    page.locator("summary", has_text="4 more").click()
    assert last.is_visible()
    page.goto("about:blank")
    page.goto(f"{served}numbers/#company.scale-ai")
    assert last.is_visible()
    assert not page.locator("summary", has_text="4 more").is_visible()


def test_a_link_to_a_row_hides_no_group(served: str, page: Page) -> None:
    page.goto(f"{served}numbers/")
    every = seen(page)
    page.goto(f"{served}numbers/#scale-ai.metric-11")
    assert page.get_by_role("row", name="Metric 11").is_visible()
    assert seen(page) == every


def test_years_and_metrics_open_by_hand_and_on_paper(served: str, page: Page) -> None:
    page.goto(f"{served}companies/scale-ai/")
    years = page.locator("details.year")
    assert years.evaluate_all("all => all.map(e => e.open)") == [False, False, False, False]
    hidden = years.last.locator("h3").first
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    for part in page.locator("details > :not(summary)").all():
        box = part.bounding_box()
        assert part.is_visible()
        assert box is not None
        assert box["height"] > 20
    assert not any(line.is_visible() for line in page.locator("summary").all())
    page.emulate_media(media="screen")
    years.last.locator("summary").click()
    assert hidden.is_visible()


def test_a_key_figure_leads_into_the_fold_of_its_series(served: str, page: Page) -> None:
    page.goto(f"{served}companies/scale-ai/")
    links = page.locator(".key-figures a")
    assert links.count() == 4
    for link in links.all():
        link.click()
        anchor = page.url.partition("#")[2]
        assert page.locator(f'[id="{anchor}"]').is_visible()


@pytest.mark.parametrize("fonts", FONTS)
def test_every_cell_is_in_sight_on_a_phone(served: str, open_page: OpenPage, fonts: str) -> None:
    """No column is cut off, also in folds that are open."""
    with open_page(width=PHONE, fonts=fonts) as page:
        for path in TABLES:
            page.goto(f"{served}{path}")
            page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
            assert overflow(page) is None, path
            cut = page.locator(".table :is(td, th)").evaluate_all(
                f"all => all.filter(e => e.getBoundingClientRect().right > {PHONE} &&"
                " !e.closest('thead')).map(e => e.innerText)"
            )
            assert cut == [], path


SMALL = """() => [...document.querySelectorAll('main a, main summary')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.height && box.width > 1 && box.height < 23.9 &&
        !e.closest('svg, .prose, .formula, .rivals');
}).map(e => `${e.parentElement.className || e.parentElement.tagName}: ${e.textContent}`)"""


@pytest.mark.parametrize("fonts", ["narrow"])
def test_links_that_stand_alone_are_high_enough(
    served: str, open_page: OpenPage, fonts: str
) -> None:
    """Also where a story names five companies; the narrow letters are the lowest."""
    pages = ("", "briefs/story/", "sources/", "companies/google/", "relations/customer/", *TABLES)
    found = []
    with open_page(width=PHONE, fonts=fonts) as page:
        for path in pages:
            page.goto(f"{served}{path}")
            page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
            found += [f"{path} {text}" for text in page.evaluate(SMALL)]
    assert not found, as_lines(found)


# Words of tables and key figures that go on in another line, unless they have a dash to break at.
BROKEN = r"""() => {
    const cells = document.querySelectorAll('tbody :is(th, td, th *, td *), .key-figures *');
    const found = [];
    for (const cell of cells) for (const node of cell.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !cell.getClientRects().length) continue;
        for (const word of node.data.matchAll(/[^\s\u2013/-]+/g)) {
            if (word[0].length > 14) continue;  // breaks where it must
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1)
                found.push(word[0]);
        }
    }
    return found;
}"""


@pytest.mark.parametrize("fonts", ["wide"])
def test_no_word_of_a_table_is_broken(served: str, open_page: OpenPage, fonts: str) -> None:
    """Nor a date, at any width of a screen."""
    found = []
    with open_page(fonts=fonts) as page:
        for path in TABLES:
            page.goto(f"{served}{path}")
            page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
            for width in (320, 360, 720, 870, 1024, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                found += [f"{path} at {width} px: {word}" for word in page.evaluate(BROKEN)]
    assert not found, as_lines(found)
