"""The search in a real browser: with keys, from disk, under the policy, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from builder.engine.status import read_hosted
from support.looks import LOOKS, RULES, OpenPage, overflow, violations
from support.sites import brief, build_site, options, write_site
from support.tools import serve

PREFIX = "/news/"
HOSTILE = '<img src="/x.png" onerror="window.caught = 1">'
SITE = f"""\
=== content/topics/hostile.md
---
name: '{HOSTILE}'
---
=== content/companies/sber.md
---
name: Сбер
listed: true
---
""" + "".join(
    brief(
        f"story-{n}",
        title=f"Facebook’s {n} companies hire",
        summary=f"Number {n}.",
        topics=f"['{HOSTILE}']",
        date=f"2025-0{n % 6 + 1}-1{n % 10} 09:00",
        section="deals" if n % 2 else "labs",
        body=f"The company hires {n} people\u2028and pays them.\n\n`{HOSTILE}`",
    )
    for n in range(1, 15)
)


class Built(NamedTuple):
    root: Path
    policy: str

    @property
    def output(self) -> Path:
        return self.root / "output"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = write_site(tmp_path_factory.mktemp("search"), SITE)
    settings = root / "site.yaml"
    settings.write_text(settings.read_text("utf-8").replace("test.example", "test.example/news"))
    build_site(root)
    return Built(root, read_hosted(root, options()).policy)


@pytest.fixture(scope="module")
def address(built: Built) -> Iterator[str]:
    with serve(built.output, PREFIX, {"Content-Security-Policy": built.policy}) as address:
        yield address


@contextmanager
def watched(page: Page) -> Iterator[list[str]]:
    """The names of the files that a page loads, and what its console says is wrong."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url.partition(PREFIX)[2]))
    page.on("console", lambda said: seen.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield seen
    assert page.evaluate("window.caught") is None
    assert not [text for text in seen if "x.png" in text]


def type_in(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)


def without_digest(name: str) -> str:
    first, *_, last = name.split(".")
    return f"{first}.{last}" if name.startswith("assets/") else name


def test_nothing_loads_before_the_first_letter(address: str, open_page: OpenPage) -> None:
    with open_page() as page, watched(page) as seen:
        page.goto(f"{address}briefs/story-1/")
        page.wait_for_load_state("networkidle")
        assert not [name for name in seen if "search" in name]
        del seen[:]
        page.keyboard.press("/")
        expect(page.get_by_role("combobox", name="Search")).to_be_focused()
        page.wait_for_load_state("networkidle")
        needed = [without_digest(name) for name in seen if "icon" not in name]
        assert needed == ["assets/search.js"]
        del seen[:]
        page.keyboard.type("f")
        expect(page.get_by_role("option").first).to_have_text("Meta FacebookCompany")
        assert seen[0] == "search/names.js"
        page.keyboard.type("/")
        expect(page.get_by_role("combobox")).to_have_value("f/")


def test_keys(address: str, open_page: OpenPage, accessibility_rules: Path) -> None:
    """As in a combobox with a list (WAI-ARIA Authoring Practices)."""
    with open_page() as page, watched(page) as seen:
        page.goto(address)
        type_in(page, "compan")
        box, options_ = page.get_by_role("combobox"), page.get_by_role("option")
        expect(options_).to_have_count(6)  # five briefs and the way to all results
        assert box.get_attribute("aria-expanded") == "true"
        expect(page.get_by_role("status")).to_have_text("5 suggestions")
        marks = options_.first.locator("mark")
        assert {*marks.all_inner_texts()} <= {"companies", "company"}
        assert marks.count() >= 2, "in the title and in the text"
        assert violations(page, accessibility_rules) == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(options_.nth(1)).to_have_attribute("aria-selected", "true")
        expect(options_.nth(0)).to_have_attribute("aria-selected", "false")
        assert box.get_attribute("aria-activedescendant") == options_.nth(1).get_attribute("id")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("compan")
        page.keyboard.press("ArrowDown")
        expect(options_).to_have_count(6)
        page.keyboard.press("ArrowUp")
        expect(options_.last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}search/?q=compan")
        page.go_back()
        type_in(page, "сбе")
        expect(options_.first).to_contain_text("Сбер")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}companies/*/")
        type_in(page, "scale")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}search/?q=scale")
        assert not [text for text in seen if "Error" in text or "refused" in text.lower()], seen


def test_a_pointer_and_focus(address: str, open_page: OpenPage, accessibility_rules: Path) -> None:
    with open_page(width=390, dark=True) as page, watched(page):
        page.goto(f"{address}briefs/story-1/")
        page.get_by_label("Search").click()
        page.keyboard.type("goog")
        option = page.get_by_role("option", name="Google")
        expect(option).to_be_visible()
        assert overflow(page) is None
        assert violations(page, accessibility_rules, LOOKS) == []
        page.keyboard.press("Tab")
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.get_by_label("Search").fill("google")
        option.click()
        page.wait_for_url(f"{address}companies/google/")


def test_hostile_names_and_queries_are_text(address: str, open_page: OpenPage) -> None:
    with open_page() as page, watched(page) as seen:
        page.goto(address)
        for query in ("onerror", HOSTILE, "<script>", "a\u2028b", "(.*" * 60, "w " * 1000):
            page.get_by_label("Search").fill(query)
            page.wait_for_timeout(50)
        page.get_by_label("Search").fill("onerror")
        expect(page.get_by_role("option").first).to_contain_text(HOSTILE)
        page.goto(f"{address}search/?q=onerror")
        expect(page.locator("#results")).to_contain_text(HOSTILE)
        assert page.locator("#results img, [role=listbox] img").count() == 0
        assert not [text for text in seen if "Error" in text], seen


def test_all_results(address: str, open_page: OpenPage, accessibility_rules: Path) -> None:
    with open_page() as page, watched(page) as seen:
        page.goto(f"{address}search/?q=company")
        results, status = page.locator("#results article"), page.get_by_role("status")
        expect(status).to_have_text("14 briefs")
        expect(results).to_have_count(10)
        assert page.locator("#a-to-z").is_hidden()
        assert violations(page, accessibility_rules, RULES) == []
        page.get_by_role("button", name="More briefs").click()
        expect(results).to_have_count(14)
        expect(page.get_by_role("button", name="More briefs")).to_be_hidden()
        results.last.get_by_role("link").click()
        page.wait_for_url(f"{address}briefs/*/")
        page.go_back()
        expect(results).to_have_count(14)
        page.get_by_label("Section").select_option("Deals")
        expect(status).to_have_text("7 briefs")
        assert page.url == f"{address}search/?q=company&section=deals"
        page.get_by_label("Search", exact=True).fill('"company hires 3"')
        page.get_by_role("button", name="Search").click()
        expect(status).to_have_text("1 brief")
        page.go_back()
        page.get_by_label("Search", exact=True).fill("")
        page.get_by_label("Section").select_option("All")
        expect(page.locator("#a-to-z")).to_be_visible()
        page.get_by_label("Search", exact=True).fill("zzz")
        expect(status).to_have_text("No brief has these words.")
        page.get_by_label("Company").fill("Facebook")
        page.get_by_label("Search", exact=True).fill("")
        expect(status).to_have_text("No brief has these words.")
        page.get_by_label("Company").fill("Schaalbare")
        page.get_by_label("Company").fill("Scale")
        expect(status).to_have_text("14 briefs")
        page.get_by_label("With figures").check()
        expect(status).to_have_text("No brief has these words.")
        assert not [text for text in seen if "Error" in text or "refused" in text.lower()], seen


def test_from_disk(built: Built, open_page: OpenPage) -> None:
    with open_page() as page:
        page.goto((built.output / "briefs/story-1/index.html").as_uri())
        type_in(page, "facebook")
        options_ = page.get_by_role("option")
        expect(options_).to_have_count(7)
        expect(options_.nth(1).locator("mark").first).to_have_text("Facebook")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url((built.output / "companies/meta/index.html").as_uri())
        type_in(page, "hires")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{(built.output / 'search/index.html').as_uri()}?q=hires")
        expect(page.get_by_role("status")).to_have_text("14 briefs")


def test_from_disk_before_the_script_has_loaded(built: Built, open_page: OpenPage) -> None:
    """Who types quickly gets to the search page, not to the list of its folder."""
    with open_page() as page:
        page.route("**/assets/search.*", lambda route: route.abort())
        page.goto((built.output / "briefs/story-1/index.html").as_uri())
        type_in(page, "hires")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{(built.output / 'search/index.html').as_uri()}?q=hires")


def test_without_javascript(address: str, open_page: OpenPage) -> None:
    with open_page(javascript=False) as page:
        page.goto(f"{address}briefs/story-1/")
        page.get_by_label("Search").fill("meta")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}search/?q=meta")
        assert page.get_by_label("Section").is_hidden(), "no filter that would not work"
        page.get_by_role("link", name="M", exact=True).click()
        page.get_by_role("link", name="Meta", exact=True).first.click()
        page.wait_for_url(f"{address}companies/meta/")


def test_offline_the_way_to_the_names_remains(address: str, open_page: OpenPage) -> None:
    with open_page() as page:
        page.goto(address)
        page.keyboard.press("/")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.keyboard.type("meta")
        option = page.get_by_role("option", name="The search cannot load.")
        assert option.get_attribute("href") == f"{address}search/"
        expect(page.get_by_role("status")).to_contain_text("The search cannot load.")
        page.context.set_offline(False)
        page.keyboard.type(" ")
        expect(page.get_by_role("option", name="Meta").first).to_be_visible()


def test_a_search_that_fails_shows_names_and_the_index(address: str, open_page: OpenPage) -> None:
    with open_page() as page:
        page.route("**/search/20*/**", lambda route: route.abort())
        page.goto(f"{address}search/?q=meta")
        expect(page.get_by_role("status")).to_contain_text("The search cannot load.")
        expect(page.locator(".found-names")).to_contain_text("Meta")
        expect(page.get_by_role("button", name="More briefs")).to_be_hidden()
        expect(page.get_by_role("link", name="M", exact=True)).to_be_visible()
