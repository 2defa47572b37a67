"""The preview in a real browser: what reloads, what stays, what is said about mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from builder.serve.messages import Badge
from builder.site.desk import DeskBrief, DeskName
from support.looks import OpenPage, overflow, violations
from support.previews import Preview, an_empty_desk, mistake, page, previewed
from support.tools import as_lines, until

LONG = "".join(f"<p>Paragraph {n}</p>" for n in range(200))
SOON = 30_000  # ms


def styled(name: str, body: str = "<p>text</p>") -> str:
    return page(body, f'<link rel="stylesheet" href="../assets/style.{name}.css">')


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewed(tmp_path) as preview:
        yield preview


def show(page: Page, address: str) -> None:
    """Opens a page and marks it, so that a reload is noticed."""
    with page.expect_request(lambda request: "/_slugline/events" in request.url):
        page.goto(address)
    page.evaluate("window.marked = true")


def shows(address: str, text: bytes) -> bool:
    """Whether a page is there and has a text."""
    try:
        with urlopen(address) as answer:
            return text in answer.read()
    except HTTPError:
        return False


def stays(page: Page) -> bool:
    return bool(page.evaluate("window.marked === true"))


@contextmanager
def reloads(page: Page) -> Iterator[None]:
    with page.expect_event("load", timeout=SOON):
        yield


# --- reload ------------------------------------------------------------------------------------


def test_only_pages_that_changed_reload(preview: Preview, open_page: OpenPage) -> None:
    preview.build({"a/index.html": page("<p>one</p>"), "b/index.html": page("<p>other</p>")})
    with open_page() as a, open_page() as b:
        show(a, f"{preview.url}/a/")
        show(b, f"{preview.url}/b/")
        preview.build({"a/index.html": page("<p>two</p>"), "sitemap.xml": "<urlset/>"})
        expect(a.get_by_text("two")).to_be_visible(timeout=SOON)
        assert not stays(a)
        assert stays(b)
        preview.build({"b/index.html": page("<p>third</p>")})
        expect(b.get_by_text("third")).to_be_visible(timeout=SOON)


def test_two_tabs(preview: Preview, open_page: OpenPage) -> None:
    preview.build({"a/index.html": page("<p>one</p>")})
    with open_page() as first:
        second = first.context.new_page()
        for tab in (first, second):
            show(tab, f"{preview.url}/a/")
        preview.build({"a/index.html": page("<p>two</p>")})
        for tab in (first, second):
            expect(tab.get_by_text("two")).to_be_visible(timeout=SOON)


def test_place_and_details_stay(preview: Preview, open_page: OpenPage) -> None:
    def text(word: str) -> str:
        details = "<details><summary>More</summary>A</details>" * 2
        details += "<details open><summary>Less</summary>B</details>"
        return page(f"<p>{word}</p>{details}{LONG}")

    preview.build({"a/index.html": text("one")})
    with open_page() as tab:
        show(tab, f"{preview.url}/a/")
        tab.evaluate("""() => {
            const [first, second, third] = document.querySelectorAll("details");
            second.open = true; third.open = false; scrollTo(0, 2345);
        }""")
        with reloads(tab):
            preview.build({"a/index.html": text("two")})
        tab.wait_for_function("scrollY === 2345")
        opened = tab.evaluate("[...document.querySelectorAll('details')].map(d => d.open)")
        assert opened == [False, True, False]
        assert "two" in tab.content()


def test_a_style_sheet_is_swapped_in_place(preview: Preview, open_page: OpenPage) -> None:
    def build(colour: str, *pages: str) -> None:
        style = {f"assets/style.{colour}.css": f"p {{ color: {colour} }}"}
        preview.build(style | {f"{name}/index.html": styled(colour) for name in pages})

    def colour() -> str:
        return str(tab.evaluate("getComputedStyle(document.querySelector('p')).color"))

    build("red", "a")
    with open_page() as tab:
        show(tab, f"{preview.url}/a/")
        assert colour() == "rgb(255, 0, 0)"
        # Every frame is looked at: none is without style.
        tab.evaluate("""() => {
            window.seen = new Set();
            const look = () => {
                window.seen.add(getComputedStyle(document.querySelector("p")).color);
                requestAnimationFrame(look);
            };
            look();
        }""")
        build("blue", "a")
        tab.wait_for_function("window.seen.has('rgb(0, 0, 255)')", timeout=SOON)
        build("green", "a")
        tab.wait_for_function("window.seen.has('rgb(0, 128, 0)')", timeout=SOON)
        assert stays(tab)
        assert tab.evaluate("[...window.seen]") == [
            "rgb(255, 0, 0)",
            "rgb(0, 0, 255)",
            "rgb(0, 128, 0)",
        ]
        assert tab.locator("head link[rel=stylesheet]").count() == 1
        # The text too: that is more than style.
        with reloads(tab):
            preview.build({"a/index.html": styled("green", "<p>another text</p>")})
        assert not stays(tab)


def test_what_a_page_loaded_reloads_it(preview: Preview, open_page: OpenPage) -> None:
    dot = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="{}"/></svg>'
    links = '<link rel="stylesheet" href="/plain.css">'
    preview.build(
        {
            "a/index.html": page('<img src="../media/dot.svg" alt="">', links),
            "b/index.html": page("<p>text</p>"),
            "media/dot.svg": dot.format(1),
            "plain.css": "h1 { color: red }",
        }
    )
    with open_page() as a, open_page() as b:
        show(a, f"{preview.url}/a/")
        show(b, f"{preview.url}/b/")
        preview.build({"plain.css": "h1 { color: blue }"})
        a.wait_for_function(
            "getComputedStyle(document.querySelector('h1')).color === 'rgb(0, 0, 255)'"
        )
        assert stays(a)
        with reloads(a):
            preview.build({"media/dot.svg": dot.format(5)})
        assert stays(b)


def test_a_page_that_has_gone_gives_way_to_its_list(preview: Preview, open_page: OpenPage) -> None:
    preview.build({"a/index.html": page("<p>one</p>"), "list/index.html": page("<p>A list</p>")})
    with open_page() as tab:
        show(tab, f"{preview.url}/a/")
        preview.build(gone={"a/index.html": "/list/"})
        tab.wait_for_url(f"{preview.url}/list/", timeout=SOON)
        # Who asks for it by hand is told that there is none, until there is.
        show(tab, f"{preview.url}/a/")
        expect(tab.get_by_text("There is no page here.")).to_be_visible()
        preview.build({"a/index.html": page("<p>back</p>")})
        expect(tab.get_by_text("back")).to_be_visible(timeout=SOON)


def test_a_page_that_goes_before_its_build_is_told_of(
    preview: Preview, open_page: OpenPage
) -> None:
    """A build takes a file away, then tells of it; a reload may come between."""
    preview.build({"a/index.html": page("<p>one</p>"), "list/index.html": page("<p>A list</p>")})
    with open_page() as tab, open_page() as other:
        show(tab, f"{preview.url}/a/")
        (preview.folder / "a/index.html").unlink()
        preview.build({"b.html": ""})  # of the page nothing is said
        expect(tab.get_by_text("There is no page here.")).to_be_visible(timeout=SOON)
        # It is looked at anew, and is still the page that was there.
        with reloads(tab):
            preview.build({"404.html": page("<p>Not found.</p>")})
        expect(tab.get_by_text("Not found.")).to_be_visible(timeout=SOON)
        show(other, f"{preview.url}/a/")  # by hand: there was none
        preview.build(gone={"a/index.html": "/list/"})
        tab.wait_for_url(f"{preview.url}/list/", timeout=SOON)
        assert stays(other)


def test_an_address_written_otherwise(preview: Preview, open_page: OpenPage) -> None:
    """It is the same page: nothing reloads for ever."""
    preview.build({"a (b)/index.html": page("<p>one</p>")})
    with open_page() as tab:
        for address in ("/%61%20(b)/", "/a%20%28b)/index.html", "/none/%7e/"):
            show(tab, preview.url + address)
            preview.build({"b.html": ""})
            tab.wait_for_timeout(100)
            assert stays(tab)
        with open_page() as desk:
            show(desk, f"{preview.url}/%5fdesk/")
            desk.wait_for_timeout(200)
            assert stays(desk)


def test_a_server_killed_and_started_again(preview: Preview, open_page: OpenPage) -> None:
    preview.build({"a/index.html": page("<p>one</p>"), "b/index.html": page("<p>other</p>")})
    with open_page() as a, open_page() as b:
        show(a, f"{preview.url}/a/")
        show(b, f"{preview.url}/b/")
        preview.kill()
        preview.start()
        preview.build({"a/index.html": page("<p>two</p>")})
        expect(a.get_by_text("two")).to_be_visible(timeout=SOON)
        preview.build({"b/index.html": page("<p>third</p>")})
        expect(b.get_by_text("third")).to_be_visible(timeout=SOON)


def test_a_tab_that_nobody_sees_holds_no_connection(preview: Preview, open_page: OpenPage) -> None:
    """A browser has six to a server; the seventh tab would wait for ever."""
    preview.build({"a/index.html": page("<p>one</p>")})
    as_if = """(state) => {
        Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    with open_page() as first:
        tabs = [first]
        for _ in range(8):
            show(tabs[-1], f"{preview.url}/a/")
            tabs[-1].evaluate(as_if, "hidden")
            tabs.append(first.context.new_page())
        preview.build({"a/index.html": page("<p>two</p>")})
        first.evaluate(as_if, "visible")
        expect(first.get_by_text("two")).to_be_visible(timeout=SOON)


# --- before the first build --------------------------------------------------------------------


def test_the_waiting_page_turns_into_the_page(preview: Preview, open_page: OpenPage) -> None:
    with open_page() as tab:
        show(tab, f"{preview.url}/a/")
        preview.progress("Rendering", 1200, 5000)
        expect(tab.get_by_text("1,200 of 5,000")).to_be_visible(timeout=SOON)
        assert tab.locator("progress").evaluate("bar => bar.position") == 0.24
        preview.fail(mistake())
        expect(tab.get_by_text("The build failed", exact=True)).to_be_visible(timeout=SOON)
        expect(tab.get_by_text("unknown key")).to_be_visible()
        preview.build({"a/index.html": page("<p>one</p>")})
        expect(tab.get_by_text("one")).to_be_visible(timeout=SOON)


def test_the_waiting_page_without_javascript(preview: Preview, open_page: OpenPage) -> None:
    with open_page(javascript=False) as tab:
        tab.goto(f"{preview.url}/a/")
        expect(tab.get_by_text("Building the site")).to_be_visible()
        preview.build({"a/index.html": page("<p>one</p>")})
        expect(tab.get_by_text("one")).to_be_visible(timeout=SOON)


# --- mistakes ----------------------------------------------------------------------------------


def test_the_overlay(preview: Preview, open_page: OpenPage) -> None:
    preview.build({"a/index.html": page(f'<input id="field">{LONG}')})
    evil = mistake("<img src=x onerror='window.hit = 1'> & more", 7, "content/briefs/a.md")
    late = mistake("late", 1, "content/briefs/z.md")
    with open_page() as tab:
        show(tab, f"{preview.url}/a/")
        tab.locator("#field").focus()
        preview.fail(late, evil, message="It <b>broke</b>")
        overlay = tab.locator("slugline-preview .overlay")
        expect(overlay).to_be_visible(timeout=SOON)
        expect(tab.get_by_text("A page")).to_be_visible()
        assert stays(tab)
        assert tab.evaluate("document.activeElement.id") == "field"
        said = overlay.inner_text()
        for part in (
            "2 errors in 2 files",
            "<img src=x onerror='window.hit = 1'> & more",
            "content/briefs/a.md:7:1",
            "titel: A title",
            "^^^^^",
            "did you mean `title`?",
            "unknown-key",
            "It <b>broke</b>",
        ):
            assert part in said
        assert said.index("content/briefs/a.md") < said.index("content/briefs/z.md")
        assert tab.evaluate("window.hit") is None
        link = overlay.get_by_role("link", name="content/briefs/a.md:7:1")
        assert link.get_attribute("href") == f"edit://{preview.root}/content/briefs/a.md:7"

        tab.keyboard.press("Escape")
        expect(overlay.locator(".list")).to_be_hidden()
        preview.fail(late)
        expect(overlay.get_by_text("1 error in 1 file")).to_be_visible(timeout=SOON)
        tab.reload()  # collapsed is remembered
        expect(overlay.locator(".list")).to_be_hidden()
        overlay.locator("summary").click()
        expect(overlay.locator(".list")).to_be_visible()

        preview.build({"b/index.html": page("")})
        expect(overlay).to_have_count(0, timeout=SOON)


def test_the_overlay_without_javascript(preview: Preview, open_page: OpenPage) -> None:
    preview.build({"a/index.html": page("<p>one</p>")}, badges={"a/index.html": DRAFT})
    preview.fail(mistake())
    with open_page(javascript=False) as tab:
        tab.goto(f"{preview.url}/a/")
        overlay = tab.locator("slugline-preview .overlay")
        expect(overlay.get_by_text("unknown key")).to_be_visible()
        assert overlay.evaluate("e => getComputedStyle(e).position") == "fixed"
        expect(tab.get_by_text("Draft")).to_be_attached()


def test_styles_of_site_and_preview_do_not_meet(preview: Preview, open_page: OpenPage) -> None:
    loud = (
        "<style>html { font-size: 40px } * { color: red !important; font-size: 40px !important } "
    )
    loud += "slugline-preview { display: none !important; position: static }</style>"
    preview.build({"a/index.html": page("<p>one</p>", loud)})
    with open_page() as tab:
        show(tab, f"{preview.url}/a/")
        preview.fail(mistake())
        what = tab.locator("slugline-preview .what")
        expect(what).to_be_visible(timeout=SOON)
        assert what.evaluate("e => getComputedStyle(e).fontSize") == "16px"
        assert what.evaluate("e => getComputedStyle(e).color") != "rgb(255, 0, 0)"


# --- badge -------------------------------------------------------------------------------------

DRAFT = Badge("draft", "", "content/briefs/a.md")
SOON_LIVE = Badge("scheduled", "3 December 2026, 09:00", "content/briefs/a.md")


def test_the_badge(preview: Preview, open_page: OpenPage) -> None:
    files = {"a/index.html": page("<p>one</p>"), "b/index.html": page("<p>other</p>")}
    preview.build(files, badges={"a/index.html": DRAFT})
    with open_page() as tab:
        show(tab, f"{preview.url}/b/")
        expect(tab.locator("slugline-preview .badge")).to_have_count(0)
        show(tab, f"{preview.url}/a/")
        badge = tab.locator("slugline-preview .badge")
        expect(badge).to_contain_text("Draft")
        # The brief's bytes are the same, its time is not.
        preview.build({}, badges={"a/index.html": SOON_LIVE})
        expect(badge).to_contain_text("Scheduled: goes live 3 December 2026, 09:00", timeout=SOON)
        links = [link.get_attribute("href") for link in badge.get_by_role("link").all()]
        at_desk = "/_desk/brief/?file=content%2Fbriefs%2Fa.md"
        assert links == [f"edit://{preview.root}/content/briefs/a.md:1", at_desk]


# --- the desk ----------------------------------------------------------------------------------


def a_brief(title: str, date: str = "3 December 2026, 09:00") -> DeskBrief:
    slug = title.lower().replace(" ", "-")
    return DeskBrief(
        title, f"/briefs/{slug}/", f"content/briefs/{slug}.md", date, "2026-12-03T09:00:00+01:00"
    )


def a_desk() -> object:
    from builder.diagnostics.diagnostic import Diagnostic

    path = "content/briefs/meta-takes-half.md"
    return an_empty_desk(
        drafts=(
            a_brief("An interview <with> nobody", ""),
            a_brief("Chips for the winter", "changed 2 March 2026"),
        ),
        scheduled=(
            a_brief("First of all", "3 March 2026, 07:00"),
            a_brief("Second to none", "5 March 2026, 09:00"),
        ),
        changed=(a_brief("Meta takes 49% of Scale AI", "1 March 2026, 17:40"),),
        companies=(
            DeskName("Handshake", "", path, "named by 1 brief"),
            DeskName("Turing", "/companies/turing/", path, "no brief names it"),
        ),
        topics=(DeskName("data labelling", "/topics/data-labelling/", path, "only here"),),
        problems=(
            Diagnostic(path, 4, 1, "no-original", "no source is an original", "name the first"),
            Diagnostic(path, 9, 3, "stray-file", "a second one"),
            Diagnostic("content/notes.txt", 1, 1, "stray-file", "this file is not read"),
        ),
    )


def test_the_desk(preview: Preview, open_page: OpenPage) -> None:
    preview.desk = a_desk()
    preview.build({"index.html": page("")}, base_path="/news")
    with open_page() as tab:
        show(tab, f"{preview.url}/_desk/")
        main = tab.get_by_role("main")
        said = main.inner_text()
        order = ["Drafts", "An interview <with> nobody", "Scheduled", "First of all", "Second to"]
        order += ["Recently saved", "Meta takes 49%", "Handshake", "Turing", "data labelling"]
        order += ["Warning no source is an original", "name the first", "this file is not read"]
        places = [said.index(part) for part in order]
        assert places[:5] == sorted(places[:5])
        assert "Expiring" not in said
        link = main.get_by_role("link", name="First of all", exact=True)
        assert link.get_attribute("href") == "/news/briefs/first-of-all/"
        opens = main.get_by_role("link", name="Open content/briefs/first-of-all.md in the editor")
        path = f"{preview.root}/content/briefs/first-of-all.md"
        assert opens.get_attribute("href") == f"edit://{path}:1"
        line = main.get_by_role("link", name="Line 9").get_attribute("href")
        assert line == f"edit://{preview.root}/content/briefs/meta-takes-half.md:9"

        preview.desk = an_empty_desk()
        preview.build({})
        expect(tab.get_by_text("No drafts.")).to_be_visible(timeout=SOON)
        expect(tab.get_by_text("No problems found.")).to_be_visible()
        preview.desk = an_empty_desk(problems=(mistake(),))
        preview.fail(mistake())
        expect(tab.get_by_text("unknown key")).to_be_visible(timeout=SOON)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)], ids=["light", "dark"])
def test_the_previews_own_is_for_everyone(
    preview: Preview, open_page: OpenPage, accessibility_rules: Path, width: int, dark: bool
) -> None:
    preview.desk = a_desk()
    found = []

    def look(name: str, address: str, *keys: str) -> None:
        with open_page(width=width, dark=dark) as tab:
            tab.goto(preview.url + address)
            for key in keys:
                tab.keyboard.press(key)
            found.extend(f"{name}: {v}" for v in violations(tab, accessibility_rules))
            if sideways := overflow(tab):
                found.append(f"{name}: {sideways}")

    look("waiting", "/a/")
    preview.build({"a/index.html": page("<p>one</p>")}, badges={"a/index.html": SOON_LIVE})
    until(lambda: shows(f"{preview.url}/_desk/", b"First of all"))
    look("desk", "/_desk/")
    preview.fail(mistake(), mistake("x" * 300, 12345))
    until(lambda: shows(f"{preview.url}/a/", b"12345"))
    look("overlay", "/a/")
    look("pill and badge", "/a/", "Escape")
    assert not found, as_lines(found)
