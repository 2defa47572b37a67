"""`slugline serve` whole, as an editor has it: a real process, real files, a real browser. What is
served in the end is what a clean build makes."""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from builder.cli.console import ProgressBar
from builder.cli.serve import _Preview
from builder.engine.build import build
from builder.output.manifest import FILE
from builder.serve.messages import BuildSucceeded
from stress.soak import soak
from support.looks import OpenPage
from support.served import serving
from support.sites import brief, edit, options, tree, write_site
from support.tools import PATIENCE, REPOSITORY, until

SOON = 30_000  # ms
AT = ("--at", "2025-07-01 12:00")
TWO = brief("one", "Scale AI hires one", "Text of one.") + brief("two", "Scale AI hires two")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site", TWO)


def wanted(site: Path) -> dict[str, bytes]:
    """What a clean build of the same inputs makes, drafts too."""
    copy = site.with_name(f"{site.name}-clean")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("output", ".*"))
    build(copy, copy / "output", options(drafts=True))
    found = tree(copy / "output")
    found.pop(FILE)
    return found


def pages(site: Path) -> dict[str, bytes]:
    found = tree(site / ".slugline/preview/site")
    found.pop(FILE, None)
    return found


def settles(site: Path) -> None:
    """The preview comes to be what a clean build makes."""
    expected = wanted(site)

    def same() -> bool:
        with suppress(OSError):  # a file goes while it is listed
            return pages(site) == expected
        return False

    until(same)


# --- what an editor sees ------------------------------------------------------------------------


def test_a_saved_text_appears_by_itself(site: Path, open_page: OpenPage) -> None:
    with serving(site, *AT) as served, open_page() as page, open_page() as other:
        page.goto(f"{served.url}/briefs/one/")
        other.goto(f"{served.url}/briefs/two/")
        other.evaluate("window.marked = true")
        edit(site / "content/briefs/one.md", "Text of one.", "Quite another text.")
        expect(page.get_by_text("Quite another text.")).to_be_visible(timeout=SOON)
        edit(site / "content/briefs/one.md", "hires one", "dismisses one")
        expect(page.locator("h1")).to_contain_text("dismisses one", timeout=SOON)
        # The other page names that brief as related.
        expect(other.get_by_text("dismisses one").first).to_be_visible(timeout=SOON)
        assert served.said("files in ")


def test_a_style_sheet_is_swapped(site: Path, open_page: OpenPage) -> None:
    """The address of the site's style sheet has a digest in it, so that each page's bytes change:
    still no page is reloaded."""
    shutil.copytree(REPOSITORY / "templates/assets", site / "templates/assets")
    with serving(site, *AT) as served, open_page() as page:
        page.goto(f"{served.url}/briefs/one/")
        page.evaluate("window.marked = true")
        with (site / "templates/assets/style.css").open("a") as sheet:
            sheet.write("\nh1 { color: rgb(1, 2, 3) }\n")
        expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)", timeout=SOON)
        assert page.evaluate("window.marked")


def test_a_mistake_is_shown_where_the_eye_is(site: Path, open_page: OpenPage) -> None:
    """The last good page stays under what is wrong; the terminal says it in two lines."""
    file = site / "content/briefs/one.md"
    with serving(site, *AT) as served, open_page() as page:
        page.goto(f"{served.url}/briefs/two/")
        edit(file, "companies: [Scale AI]", "companies: [Skale AI]")
        overlay = page.get_by_text("no company is called `Skale AI`")
        expect(overlay.first).to_be_visible(timeout=SOON)
        expect(page.get_by_text("content/briefs/one.md").first).to_be_visible()
        expect(page.locator("h1").first).to_contain_text("hires two")
        before = len(served.lines)
        until(lambda: served.said("All pages stay as they were"))
        said = [line for line in served.lines[before - 2 :] if "one.md" in line or "pages" in line]
        assert len(said) == 2 and "content/briefs/one.md:" in said[0]
        edit(file, "companies: [Skale AI]", "companies: [Scale AI]")
        expect(overlay).to_have_count(0, timeout=SOON)
        # A template's mistake likewise.
        shutil.copy(REPOSITORY / "templates/brief.html", site / "templates/brief.html") if (
            site / "templates"
        ).is_dir() else shutil.copytree(
            REPOSITORY / "templates", site / "templates", ignore=shutil.ignore_patterns("assets")
        )
        edit(site / "templates/brief.html", "{% if notice %}", "{% if notise %}")
        expect(page.get_by_text("templates/brief.html").first).to_be_visible(timeout=SOON)
        (site / "templates/brief.html").unlink()  # Slugline's own is used again
        expect(page.get_by_text("templates/brief.html")).to_have_count(0, timeout=SOON)


def test_what_is_not_out_yet(site: Path, open_page: OpenPage) -> None:
    """A draft and a scheduled brief are shown with a badge, and are on the desk."""
    write_site(site, brief("plan", "Scale AI plans", status="draft"), usual=False)
    write_site(site, brief("later", "Scale AI waits", date="2125-06-15 09:00"), usual=False)
    with serving(site) as served, open_page() as page:
        page.goto(f"{served.url}/briefs/plan/")
        expect(page.get_by_text("Draft", exact=True)).to_be_visible()
        page.goto(f"{served.url}/briefs/later/")
        expect(page.get_by_text("goes live 15 June 2125, 09:00")).to_be_visible()
        page.goto(f"{served.url}/_desk/")
        for section, title in (("Drafts", "Scale AI plans"), ("Scheduled", "Scale AI waits")):
            shown = page.get_by_role("region", name=section).get_by_role("link", name=title)
            expect(shown).to_be_visible()
    with serving(site, "--no-drafts") as served:
        assert served.get("/briefs/plan/")[0] == served.get("/briefs/later/")[0] == 404


# --- how editors and tools save -----------------------------------------------------------------


def test_however_files_are_saved(site: Path) -> None:
    """Whatever happens to the files, in the end it is the site of a clean build."""
    file = site / "content/briefs/one.md"
    text = file.read_text("utf-8")
    with serving(site, *AT) as served:
        # Atomically, over a temporary file, with what editors leave behind.
        for name in ("4913", ".one.md.swp", "one.md~", ".#one.md", "#one.md#"):
            (file.parent / name).write_text("left behind")
        aside = file.with_name(".one.md.tmp")
        aside.write_text(text.replace("Text of one.", "Saved atomically."))
        aside.replace(file)
        until(served.shows("/briefs/one/", "Saved atomically."))
        # In two halves.
        with file.open("w") as stream:
            stream.write(text[: len(text) // 2])
            stream.flush()
            time.sleep(0.3)
            stream.write(text[len(text) // 2 :].replace("Text of one.", "In halves."))
        until(served.shows("/briefs/one/", "In halves."))
        # Ten times in a second.
        for number in range(10):
            file.write_text(text.replace("Text of one.", f"Save {number}."))
            time.sleep(0.1)
        until(served.shows("/briefs/one/", "Save 9."))
        settles(site)
        # A folder is renamed, deleted, put back.
        briefs, other = site / "content/briefs", site / "content/elsewhere"
        briefs.rename(other)
        until(lambda: served.said("All pages stay as they were"))
        other.rename(briefs)
        settles(site)
        shutil.copytree(briefs, site.parent / "kept")
        shutil.rmtree(briefs)
        until(lambda: served.get("/briefs/one/")[0] == 404)
        shutil.copytree(site.parent / "kept", briefs)
        until(lambda: served.get("/briefs/one/")[0] == 200)
        # site.yaml is broken and mended.
        settings = site / "site.yaml"
        kept = settings.read_text()
        settings.write_text("title: [")
        until(lambda: served.said("site.yaml:"))
        settings.write_text(kept.replace("title: Test", "title: Quest"))
        until(served.shows("/", "Quest"))
        settles(site)
        # A checkout of a thousand files.
        for number in range(300):
            write_site(site, brief(f"more-{number}", f"Scale AI hires {number}"), usual=False)
        settles(site)
        for number in range(300):
            (briefs / f"more-{number}.md").unlink()
        settles(site)
        assert served.stop() == 0
    assert not (site / "output").exists()


def test_the_cache_is_deleted_meanwhile(site: Path) -> None:
    with serving(site, *AT) as served:
        shutil.rmtree(site / ".slugline")
        edit(site / "content/briefs/one.md", "Text of one.", "After that.")
        until(served.shows("/briefs/one/", "After that."))
        settles(site)


# --- beginning and ending -----------------------------------------------------------------------


def test_a_build_beside_it_is_what_it_would_have_been(site: Path, tmp_path: Path) -> None:
    """A preview does not touch output/, and a build does not wait for it nor disturb it."""
    with serving(site, *AT) as served:
        build(site, site / "output", options())
        build(site, site / "output", options(clean=True))
        edit(site / "content/briefs/one.md", "Text of one.", "After that.")
        until(served.shows("/briefs/one/", "After that."))
        settles(site)
    copy = tmp_path / "copy"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("output", ".*"))
    build(site, site / "output", options())
    build(copy, copy / "output", options())
    assert tree(site / "output") == tree(copy / "output")


def test_the_first_build_always_says_something(capsys: pytest.CaptureFixture[str]) -> None:
    """Even one that finds everything as the last preview left it; later ones say what changed."""
    terminal = _Preview(ProgressBar(), False)
    for _ in range(2):
        terminal.report(BuildSucceeded(1, 0.1, 3, 0, (), {}, {}, 0, (), "", {}))
    assert capsys.readouterr().out.count("\n") == 1


def test_it_ends_and_begins_where_it_was(site: Path) -> None:
    with serving(site, *AT) as served:
        assert served.stop() == 0
        until(lambda: served.said("Stopped."))
        assert "Traceback" not in served.text
    (site / "content/briefs/two.md").unlink()
    with serving(site, *AT) as served:
        assert served.get("/briefs/two/")[0] == 404
        settles(site)
    # Killed, both processes at once or the one that builds: the next one heals.
    for group in (True, False):
        with serving(site, *AT) as served:
            edit(
                site / "content/briefs/one.md", "ext of one.", "ext of one. More of it, ext of one."
            )
            kill = os.killpg if group else os.kill
            kill(served.process.pid, signal.SIGKILL)
            served.process.wait(PATIENCE)
            until(lambda url=served.url: _nobody(url))
        with serving(site, *AT) as served:
            settles(site)


def _nobody(url: str) -> bool:
    try:
        with urlopen(url, timeout=PATIENCE):
            return False
    except OSError:
        return True


def test_a_page_finds_a_preview_that_was_started_again(site: Path, open_page: OpenPage) -> None:
    with serving(site, *AT) as served, open_page() as page:
        page.goto(f"{served.url}/briefs/one/")
        port = int(served.url.rpartition(":")[2])
        served.stop(signal.SIGKILL)
        edit(site / "content/briefs/one.md", "Text of one.", "While nobody looked.")
        with serving(site, *AT, port=port):
            expect(page.get_by_text("While nobody looked.")).to_be_visible(timeout=SOON)


def test_a_second_preview(site: Path, tmp_path: Path) -> None:
    """Of the same site it is refused, with the address of the first; of another one it takes the
    next port."""
    other = write_site(tmp_path / "other", TWO)
    with serving(site, *AT) as served:
        command = [sys.executable, "-m", "builder", "--site", str(site), "serve"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ran.returncode == 1
        assert f"a preview of this site is already running at {served.url}/" in ran.stderr
        port = int(served.url.rpartition(":")[2])
        with serving(other, *AT, port=port) as second:
            assert int(second.url.rpartition(":")[2]) > port
            assert served.get("/briefs/one/")[0] == second.get("/briefs/one/")[0] == 200


MORNING = (
    TWO
    + brief("idea", "Scale AI thinks", status="draft")
    + brief("ahead", "Scale AI goes on", date="2025-07-02 09:00")
    + brief("leaves", "Scale AI ends a trial", expires="2025-07-03 10:00")
    + brief("left", "Scale AI ended a trial", expires="2025-06-20 10:00")
    + brief("alone", "Google is alone", companies="[Google]", topics="[Rare earths]")
    + brief("loose", "Meta says little", companies="[Meta]", sources="")
    + "=== content/companies/meta.md\n---\nid: meta2222\nname: Meta\nsummary: It sells.\n---\n"
)


def test_the_desk_in_the_morning(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", MORNING)
    late = site / "content/briefs/two.md"
    os.utime(late, (time.time() + 60, time.time() + 60))  # saved last
    with serving(site, *AT) as served:
        status, page = served.get("/_desk/")
        assert status == 200
        text = html.unescape(re.sub(r"<[^>]+>", " ", page))
        parts = re.split(r"<h2[^>]*>", page)[1:]
        by_heading = {re.sub(r"<.*", "", p, flags=re.DOTALL).strip(): p for p in parts}
        assert "Scale AI thinks" in by_heading["Drafts"]
        assert "Scale AI goes on" in by_heading["Scheduled"]
        assert "2 July 2025" in by_heading["Scheduled"]
        assert "Scale AI ends a trial" in by_heading["Expiring soon"]
        assert "Scale AI ended a trial" not in by_heading["Expiring soon"]
        changed = by_heading["Recently saved"]
        assert changed.index("content/briefs/two.md") < changed.index("content/briefs/one.md")
        assert re.search(r"Scale AI\W+.*named in .* briefs, no profile", text, re.DOTALL)
        assert "named in 1 brief, no profile" in text  # Google; Meta says what it is
        assert "/companies/meta/" not in page
        assert "only in “Google is alone”" in text
        assert "loose.md" in text  # it has no source, and that is warned of
        # A draft that is done leaves its list while the desk is looked at.
        edit(site / "content/briefs/idea.md", "status: draft", "status: published")
        until(lambda: "Scale AI thinks" not in served.get("/_desk/")[1].split("Scheduled")[0])


def test_others_on_the_network(site: Path) -> None:
    with serving(site, *AT, "--host", "0.0.0.0") as served:
        until(lambda: served.said("Network address: "))
        told = re.search(r"everyone on this network .* Network address: (http://\S+)", served.text)
        assert told, served.text
        served.url = told[1].rstrip("/")
        until(served.shows("/briefs/one/", "Text of one."))
    with serving(site, *AT) as served:
        assert not served.said("network")


def test_the_browser_is_opened(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', "utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    with serving(site, *AT, "--open") as served:
        until(lambda: opened.exists() and opened.read_text("utf-8") != "")
        assert opened.read_text("utf-8").strip() == f"{served.url}/"


def test_a_page_stands_there_while_the_first_build_runs(tmp_path: Path) -> None:
    """And a site with mistakes is served as soon as they are mended."""
    site = write_site(tmp_path / "site", TWO + brief("bad", companies="[Nobody]"))
    with serving(site, *AT) as served:
        status, text = served.get("/")
        assert status == 503 and "no company is called `Nobody`" in text
        edit(site / "content/briefs/bad.md", "[Nobody]", "[Google]")
        until(lambda: served.get("/")[0] == 200)
        settles(site)


def test_random_changes(tmp_path: Path) -> None:
    """A few of `make soak`: what is served in the end is a clean build."""
    assert soak(tmp_path, changes=10, moments=1, seed=11)


# --- a terminal that nobody reads ----------------------------------------------------------------


def test_a_preview_does_not_wait_for_a_reader(site: Path) -> None:
    """Its output is a full pipe, as after 2,000 saves under a program that reads none of it. Then
    somebody reads it, and then they end."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"." * 4096)
    os.set_blocking(writing, True)
    command = [sys.executable, "-m", "builder", "--site", str(site), "serve", "--port=0", *AT]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=writing, stderr=writing, start_new_session=True
    )
    os.close(writing)
    page, texts = (
        site / ".slugline/preview/site/briefs/one/index.html",
        ["one", "two", "six", "ten"],
    )

    def shows(text: str) -> bool:
        with suppress(OSError):
            return f"Text of {text}." in page.read_text("utf-8")
        return False

    found = bytearray()

    def read() -> bytes:
        with suppress(BlockingIOError):
            while part := os.read(reading, 1 << 16):
                found.extend(part)
        return found

    try:
        until(lambda: shows("one"))
        for before, after in pairwise(texts):
            if after == "ten":
                os.close(reading)
            edit(site / "content/briefs/one.md", f"Text of {before}.", f"Text of {after}.")
            until(lambda after=after: shows(after))
            if after == "two":
                assert not read().strip(b".")
            elif after == "six":
                until(lambda: b"lines were omitted while the output was paused)" in read())
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
