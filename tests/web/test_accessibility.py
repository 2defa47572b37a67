"""The real site in a real browser: readable by everyone, on small screens, light and dark.

The rules are axe's for WCAG 2.0 to 2.2, levels A and AA, and its best practices.
"""

from __future__ import annotations

import gzip
import io
from collections import defaultdict
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from PIL import Image
from playwright.sync_api import Locator, Page

from support.fonts import FONTS
from support.looks import LOOKS, SIZES, OpenPage, overflow, overflows, violations
from support.pages import pages_of
from support.sites import brief, build_site, write_site
from support.tools import REPOSITORY, as_lines, serve

# Over the wire: the document and all that it loads, compressed as web servers do.
HEAVIEST_BRIEF = 60_000

OTHER_FONTS = [name for name in FONTS if name != "medium"]
NARROW = 320
WIDE = 1280


@pytest.fixture(scope="module")
def addresses(real_site: Path) -> list[str]:
    """The address of every page that stays where it is; a redirect would lead away."""
    return [address for address, page in pages_of(real_site).items() if page.redirects_to is None]


@pytest.fixture(scope="module")
def extremes(real_site: Path, addresses: list[str]) -> list[tuple[str, str]]:
    """Of every kind of page the shortest and the longest: they differ most."""
    by_kind: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    settings = yaml.safe_load((REPOSITORY / "site.yaml").read_text("utf-8"))
    sections = {section["slug"] for section in settings["sections"]}
    for address in addresses:
        folder, *inner = address.strip("/").split("/")
        folder = "a section" if folder in sections else folder
        # Pages at the same depth of the same folder are of a kind; the second page of a list
        # is one more.
        kind = [part if part == "page" else "*" for part in inner]
        by_kind[folder, *kind].append(address)

    def size(address: str) -> int:
        file = real_site / address
        return (file / "index.html" if file.is_dir() else file).stat().st_size

    return [(min(found, key=size), max(found, key=size)) for _, found in sorted(by_kind.items())]


@pytest.fixture(scope="module")
def kinds(extremes: list[tuple[str, str]]) -> list[str]:
    return [address for pair in extremes for address in sorted({*pair})]


@pytest.fixture(scope="module")
def longest(extremes: list[tuple[str, str]]) -> list[str]:
    return [address for _, address in extremes]


# Text that begins with a comma or the like, on a line below the end of what it belongs to.
STRAY = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        const before = node.previousSibling || node.parentNode.previousSibling;
        if (!/^[,;.:)]/.test(node.data) || !before || !before.getClientRects) continue;
        const range = document.createRange();
        range.setStart(node, 0);
        range.setEnd(node, 1);
        const [mark] = range.getClientRects(), last = [...before.getClientRects()].pop();
        if (mark && last && mark.top >= last.bottom - 2)
            found.push(before.textContent + node.data.slice(0, 20));
    }
    return found;
}"""


def stray_marks(page: Page) -> list[str]:
    """The marks that begin a line, on two phones, with everything that folds open."""
    page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    found = []
    for width in (NARROW, 390):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"begins a line at {width} px: {text}" for text in page.evaluate(STRAY)]
    return found


# A page is opened once for all that is measured on it. Colours do not depend on the width, nor
# boxes on the colours; all colours of a kind of page are on its longest. Of the rules, only those
# about sizes depend on the fonts.


def test_pages_are_accessible_on_a_phone(
    served_site: str,
    kinds: list[str],
    longest: list[str],
    open_page: OpenPage,
    accessibility_rules: Path,
) -> None:
    """And need one style sheet of the site's own host: nothing else delays or watches a reader."""
    found = []
    requests: list[tuple[str, str]] = []
    with open_page(width=NARROW) as page:
        page.on("request", lambda request: requests.append((request.resource_type, request.url)))
        for address in kinds:
            requests.clear()
            page.set_viewport_size({"width": NARROW, "height": 800})
            page.goto(served_site + address, wait_until="load")
            seen = violations(page, accessibility_rules)
            if wide := overflow(page):
                seen.append(wide)
            seen += [f"from another host: {url}" for _, url in requests if served_site not in url]
            # The icon is for the browser's tab: the page is shown without it.
            icons = page.locator("link[rel~=icon]").evaluate_all("all => all.map(e => e.href)")
            needed = [kind for kind, url in requests if url not in icons]
            if address == "search/":  # where a reader has come to search
                needed = [kind for kind in needed if kind != "script"]
            if needed != ["document", "stylesheet"]:
                seen.append(f"needs {needed}")
            if address in longest:
                seen += stray_marks(page)
            found += [f"/{address}: {line}" for line in seen]
    assert not found, as_lines(found)


def test_pages_are_accessible_in_the_dark(
    served_site: str, longest: list[str], open_page: OpenPage, accessibility_rules: Path
) -> None:
    found = []
    with open_page(width=WIDE, dark=True) as page:
        for address in longest:
            page.goto(served_site + address)
            found += [
                f"/{address}: {line}" for line in violations(page, accessibility_rules, LOOKS)
            ]
    assert not found, as_lines(found)


@pytest.mark.parametrize("fonts", OTHER_FONTS)
def test_pages_are_accessible_in_other_fonts(
    served_site: str, longest: list[str], open_page: OpenPage, accessibility_rules: Path, fonts: str
) -> None:
    """Targets are large enough to hit, nothing is out of sight, and no line begins with a comma."""
    found = []
    with open_page(width=NARROW, fonts=fonts) as page:
        for address in longest:
            page.set_viewport_size({"width": NARROW, "height": 800})
            page.goto(served_site + address)
            seen = [*violations(page, accessibility_rules, SIZES), overflow(page) or ""]
            found += [f"/{address}: {line}" for line in (*seen, *stray_marks(page)) if line]
    assert not found, as_lines(found)


def test_no_page_scrolls_sideways(
    served_site: str, addresses: list[str], open_page: OpenPage
) -> None:
    """Every page, since what is too wide is often a word of the content; in wide fonts."""
    with open_page(fonts="wide") as page:
        page.goto(served_site)
        found = overflows(page, NARROW, [served_site + address for address in addresses])
    assert not found, as_lines(found)


def test_dark_and_light_differ(served_site: str, open_page: OpenPage) -> None:
    """Without a dark form the checks above would see the same page twice."""
    background = "() => getComputedStyle(document.body).backgroundColor"
    seen = set()
    for dark in [False, True]:
        with open_page(dark=dark) as page:
            page.goto(served_site)
            seen.add(page.evaluate(background))
    assert len(seen) == 2


def test_pages_show_their_heading_without_javascript(
    served_site: str, longest: list[str], open_page: OpenPage
) -> None:
    with open_page(javascript=False) as page:
        for address in longest:
            page.goto(served_site + address)
            headings = page.locator("h1")
            assert headings.count() == 1, address
            assert headings.is_visible(), address
            assert headings.inner_text().strip(), address


def test_briefs_are_light(real_site: Path) -> None:
    def weight(file: Path) -> int:
        return len(gzip.compress(file.read_bytes(), mtime=0))

    briefs = {
        address: page
        for address, page in pages_of(real_site).items()
        if address.startswith("briefs/") and page.redirects_to is None
    }
    assert briefs
    for address, page in briefs.items():
        own = weight(real_site / address / "index.html")
        loaded = {urljoin("/" + address, link) for link in page.resources}
        total = own + sum(weight(real_site / path.lstrip("/")) for path in sorted(loaded))
        assert total < HEAVIEST_BRIEF, address


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_form_to_subscribe_is_accessible(
    tmp_path: Path, open_page: OpenPage, accessibility_rules: Path, dark: bool
) -> None:
    form = "=== site.yaml\ntitle: T\nbase_url: https://t.example\nsubscribe:"
    build_site(
        write_site(tmp_path, f"{form} {{sender: buttondown, name: t, text: News.}}\n{brief('one')}")
    )
    with serve(tmp_path / "output") as address, open_page(width=NARROW, dark=dark) as page:
        for path in ("", "briefs/one/"):
            page.goto(address + path)
            assert page.locator("#by-mail-address").count() == 1
            assert violations(page, accessibility_rules) == []
            assert overflow(page) is None


# --- The checks themselves --------------------------------------------------------------


def test_faults_are_found(tmp_path: Path, open_page: OpenPage, accessibility_rules: Path) -> None:
    (tmp_path / "wide.html").write_text(
        '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>'
        '<p style="color: #999; background: #fff">Pale</p><p style="width: 400px">Wide</p>'
    )
    table = "<table><td style='min-width: 400px'>Figures</table></div>"
    (tmp_path / "table.html").write_text(
        f"<!doctype html><div class=table style='overflow: auto'>{table}"
        f"<div class=table role=region style='overflow: auto'>{table}"
    )
    (tmp_path / "empty.html").write_text("<!doctype html>")
    with serve(tmp_path) as address, open_page(width=NARROW) as page:
        page.goto(address + "wide.html")
        (found,) = violations(page, accessibility_rules)
        assert found.startswith("color-contrast: p:nth-child(2)")
        # The paragraph and the margin that a browser gives every page.
        assert overflow(page) == "408 px wide: p"
        page.goto(address + "empty.html")
        pages = [address + f"{name}.html" for name in ("empty", "wide", "table")]
        assert overflows(page, NARROW, pages) == [
            f"{pages[1]}: 408 px wide: p",
            f"{pages[2]}: tables hide 102 px",
        ]


def test_each_set_of_fonts_is_its_own(open_page: OpenPage) -> None:
    """Under each set, text in any font has the widths of that set, from wide to narrow."""
    named = 'system-ui, Roboto, "Liberation Sans", "DejaVu Sans", Arial, sans-serif'
    families = (named, "Verdana, sans-serif", "Georgia, serif", "monospace")
    text = "".join(f"<p><span style='font-family: {f}'>Handgloves</span></p>" for f in families)
    widths = {}
    for fonts in FONTS:
        with open_page(fonts=fonts) as page:
            page.set_content(text)
            spans = page.locator("span")
            widths[fonts] = spans.evaluate_all("all => all.map(e => e.offsetWidth)")
    for wide, medium, narrow in zip(*(widths[name] for name in FONTS), strict=True):
        assert wide > medium > narrow, widths


def test_very_long_values_stay_in_the_page(tmp_path: Path, open_page: OpenPage) -> None:
    """Wherever a figure is printed: in its brief, a series, a relation, the week, a thread."""
    values = ("-999999999999999tn USD", "999999999999990tn..999999999999999tn USD")
    figures = "".join(
        f"\n  - {{id: f{n}{year}, of: Meta, to: Scale AI, metric: {metric}, value: {value},"
        f" period: {year}, source: reuters, basis: {basis}}}"
        for n, value in enumerate(values)
        for year, basis in ((2023, "reported"), (2024, "forecast"))
        for metric in [("spend", "contractvernietigingsvergoedingsverplichtingen")[n]]
    )
    relations = "[{from: Meta, type: customer, to: Scale AI, figure: f02023}]"
    text = "".join(
        brief(
            name,
            title="Meta pays Scale AI",
            companies="[Meta, Scale AI]",
            figures=figures.replace("990tn", f"99{n}tn"),
            relations=relations,
            thread="saga",
            body="It paid {{figure:f02023}}, and {{figure:f12024}}.",
        )
        for n, name in enumerate(("one", "two"))
    )
    text += "=== content/threads/saga.md\n---\ntitle: The saga\n---\n"
    build_site(write_site(tmp_path, text))
    every = pages_of(tmp_path / "output")
    with serve(tmp_path / "output") as address:
        for fonts in FONTS:
            with open_page(width=NARROW, fonts=fonts) as page:
                page.goto(address)
                assert overflows(page, NARROW, [address + path for path in every]) == []
                for path in ("companies/meta/", "numbers/"):  # nor do they hide the source
                    page.goto(address + path)
                    tables = "[...document.querySelectorAll('.table')]"
                    hidden = page.evaluate(f"{tables}.map(e => e.scrollWidth - e.clientWidth)")
                    assert hidden and not any(hidden), path


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_table_that_goes_on_has_a_shadow(tmp_path: Path, open_page: OpenPage, dark: bool) -> None:
    """On the side where it does, and nowhere if the whole is in sight."""
    row = "|".join(["", *(f"contract {n}" for n in range(9)), ""])
    rule = "|".join(["", *["---"] * 9, ""])
    small = "| a | b |\n|---|---|\n| c | d |"
    build_site(write_site(tmp_path, brief("one", body=f"{row}\n{rule}\n{row}\n\n{small}")))

    def edges(table: Locator) -> list[bool]:
        """Whether most of the left and of the right edge has another colour than the paper."""
        image = Image.open(io.BytesIO(table.screenshot())).convert("RGB")
        paper = image.getpixel((image.width // 2, image.height - 6))
        sides = [
            [image.getpixel((x, y)) for y in range(image.height)] for x in (0, image.width - 1)
        ]
        return [sum(colour != paper for colour in side) > len(side) / 2 for side in sides]

    with serve(tmp_path / "output") as address, open_page(width=360, dark=dark) as page:
        page.goto(f"{address}briefs/one/")
        wide, narrow = page.locator(".table[role]").all()
        assert edges(wide) == [False, True]
        wide.evaluate("e => e.scrollLeft = 99999")
        assert edges(wide) == [True, False]
        assert edges(narrow) == [False, False]
