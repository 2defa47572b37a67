"""The desk in a real browser: a brief from nothing to published, and pages for everyone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from builder.diagnostics.diagnostic import Diagnostic, Place
from support.looks import LOOKS, RULES, OpenPage, overflow, violations
from support.previews import Preview, an_empty_desk, page, previewed
from support.served import serving
from support.sites import brief, write_site
from support.tools import as_lines, until

SOON = 30_000  # ms


class Typist:
    """An editor at the keyboard; counts the fields that are typed into."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.fields, self.keys = tab, 0, 0

    def type(self, text: str) -> None:
        """Type into the field that has the focus."""
        self.tab.keyboard.type(text)
        self.fields, self.keys = self.fields + 1, self.keys + len(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)
            self.keys += 1


def test_a_brief_from_nothing_to_published(tmp_path: Path, open_page: OpenPage) -> None:
    """With the keyboard alone, and without JavaScript; the form that opens has the focus."""
    site = write_site(tmp_path / "site", brief("other"))
    with serving(site) as served, open_page(javascript=False) as tab:
        editor = Typist(tab)
        tab.goto(f"{served.url}/_desk/")
        tab.get_by_label("New brief").focus()
        editor.type("Scale AI hires a cat")
        editor.press("Enter")
        expect(tab.locator(".done")).to_have_text("The draft is created.", timeout=SOON)
        tab.get_by_role("link", name="Add a source").press("Enter")
        expect(tab.get_by_label("Address")).to_be_focused(timeout=SOON)
        editor.type("https://reuters.example/cat")
        editor.press("Tab")
        editor.type("Reuters")
        editor.press("Enter")
        expect(tab.locator(".done")).to_have_text("Added the source.", timeout=SOON)
        tab.get_by_role("link", name="Add a figure").press("Enter")
        expect(tab.get_by_label("Metric")).to_be_focused(timeout=SOON)
        editor.type("headcount")
        editor.press("Tab")
        editor.type("1 cats")
        editor.press("Tab")
        editor.type("Scale AI")
        editor.press("Tab")
        editor.type("2025-06-13")
        editor.press("Enter")
        expect(tab.locator(".done")).to_have_text("Added the figure.", timeout=SOON)
        tab.get_by_role("link", name="Publish").press("Enter")
        expect(tab.get_by_role("button", name="Check and publish")).to_be_focused(timeout=SOON)
        editor.press("Enter")
        expect(tab.get_by_role("heading", name="Published")).to_be_visible(timeout=SOON)
        expect(tab.get_by_text("https://test.example/briefs/scale-ai-hires-a-cat/")).to_be_visible()
        until(served.shows("/briefs/scale-ai-hires-a-cat/", "reuters.example/cat"))
        text = (site / "content/briefs/scale-ai-hires-a-cat.md").read_text()
        assert "status:" not in text
        assert '  - {publisher: Reuters, url: "https://reuters.example/cat"}\n' in text
        assert re.search(r"value: 1 cats, as_of: 2025-06-13, source: reuters}", text)
        # docs/desk.md gives this number.
        assert editor.fields == 7 and editor.keys < 120, editor.keys


def test_pages_of_the_desk_are_for_everyone(
    tmp_path: Path, open_page: OpenPage, accessibility_rules: Path
) -> None:
    text = brief(
        "a", "Scale AI hires " + "very " * 12 + "many", status="draft", companies="[Gogle]"
    )
    site = write_site(tmp_path / "site", text)
    found: list[str] = []
    with previewed(site) as preview:
        pages = _pages(preview)
        for width, dark in ((320, False), (1280, True)):
            with open_page(width=width, dark=dark) as tab:
                for name, address in pages.items():
                    if dark and name not in ("desk", "brief", "fix"):
                        continue  # their colours are those of the form with errors below
                    tab.goto(preview.url + address)
                    for details in tab.locator("summary").all():
                        details.click()
                    seen = violations(tab, accessibility_rules, LOOKS if dark else RULES)
                    found += [f"{name}: {v}" for v in seen]
                    if sideways := overflow(tab):
                        found.append(f"{name}: {sideways}")
                tab.goto(f"{preview.url}{pages['source']}")
                tab.get_by_label("Address").fill("www.reuters.com")
                tab.get_by_role("button", name="Add the source").click()
                expect(tab.locator("[aria-invalid]")).to_be_focused()
                seen = violations(tab, accessibility_rules, LOOKS if dark else RULES)
                found += [f"errors: {v}" for v in seen]
    assert not found, as_lines(found)


def _pages(preview: Preview) -> dict[str, str]:
    wrong = Diagnostic.of(
        "content/briefs/a.md", Place(7, 13, 5), "unknown-company",
        "no company is called `Gogle`", "did you mean `Google`?", "companies: [Gogle]",
    )  # fmt: skip
    preview.desk = an_empty_desk(problems=(wrong,))
    preview.build({"index.html": page("<p>Front</p>")})
    path = "content/briefs/a.md"
    fix = f"path={path}&line=7&column=13&code=unknown-company"
    return {
        "desk": "/_desk/?created=content/topics/a.md",
        "new": "/_desk/new/",
        "details": f"/_desk/details/?file={path}",
        "brief": f"/_desk/brief/?file={path}&done=source",
        "source": f"/_desk/entry/?entry=source&file={path}",
        "publish": f"/_desk/publish/?file={path}",
        "fix": f"/_desk/fix/?{fix}",
        "find": "/_desk/find/?q=a",
    }


def test_what_is_typed_at_the_desk_stays(tmp_path: Path, open_page: OpenPage) -> None:
    """A build reloads the desk, but not while an editor types a headline."""
    with previewed(write_site(tmp_path / "site")) as preview:
        preview.build({"index.html": page("<p>Front</p>")})
        with open_page() as tab:
            with tab.expect_request(lambda request: "/_slugline/events" in request.url):
                tab.goto(f"{preview.url}/_desk/")
            tab.get_by_label("New brief").fill("Half a head")
            preview.desk = an_empty_desk(now="Later")
            with tab.expect_request(lambda request: "/_slugline/events" in request.url):
                preview.build({"b/index.html": page("<p>b</p>")})
                tab.evaluate("dispatchEvent(new Event('online'))")
            tab.wait_for_timeout(300)
            assert tab.get_by_label("New brief").input_value() == "Half a head"
            tab.get_by_label("New brief").fill("")
            preview.build({"c/index.html": page("<p>c</p>")})
            expect(tab.get_by_text("Later")).to_be_visible(timeout=SOON)
