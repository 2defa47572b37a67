"""Sites in Arabic and Hebrew in a real browser: mirrored, accessible, and every piece in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.looks import LOOKS, OpenPage, overflow, violations
from support.sites import build_site, write_site
from support.tools import as_lines, check_html, serve

FOLDER = Path(__file__).parent / "newspapers"
KINDS = {
    "arabic": (
        "", "briefs/stake/", "briefs/english/", "companies/", "companies/alpha-ai/", "numbers/",
        "relations/", "corrections/", "sources/", "threads/alpha-and-beta/", "search/", "about/",
        "archive/2025/", "people/laila/", "deals/",
    ),
    "hebrew": ("", "briefs/stake/", "companies/alpha-ai/", "numbers/"),
}  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def newspaper(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, Path]]:
    folder = tmp_path_factory.mktemp(request.param)
    write_site(folder, (FOLDER / f"{request.param}.txt").read_text("utf-8"), usual=False)
    build_site(folder)
    with serve(folder / "output") as address:
        yield request.param, address, folder / "output"


# Each text that is at the wrong end of its line: the visual order of neighbours, from the right.
ORDER = """(selector) => [...document.querySelectorAll(selector)].map(e => {
    const box = e.getBoundingClientRect();
    return [e.textContent.trim(), box.left, box.right, box.top];
})"""


def test_pages_are_accessible_and_fit_a_phone(
    newspaper: tuple[str, str, Path], open_page: OpenPage, accessibility_rules: Path
) -> None:
    name, address, _ = newspaper
    found = []
    with open_page(width=320, fonts="wide") as page:
        for path in KINDS[name]:
            page.goto(address + path)
            seen = violations(page, accessibility_rules)
            if wide := overflow(page):
                seen.append(wide)
            found += [f"{name} /{path}: {line}" for line in seen]
    with open_page(width=1280, dark=True, fonts="wide") as page:
        for path in KINDS[name]:
            page.goto(address + path)
            seen = violations(page, accessibility_rules, LOOKS)
            if wide := overflow(page):
                seen.append(wide)
            found += [f"{name} dark /{path}: {line}" for line in seen]
    assert not found, as_lines(found)


def test_pages_are_valid(newspaper: tuple[str, str, Path], html_checker: None) -> None:
    found = check_html([newspaper[2]])
    assert not found, as_lines(found)
