#!/usr/bin/env python3
"""Counts the keys of a brief at the desk, in a real browser, with the keyboard alone.

    .venv/bin/python benchmarks/keystrokes.py [--brief SLUG]

The front matter of a brief of this repository is entered once more at the desk of a preview of
this site: headline, details, and each source, figure, relation, claim, quotation and response in
its form. Every letter and every key that moves the focus counts. `benchmarks/clipping.py` counts
the same for a text editor. The seconds of the machine are measured; those of the editor are five
keys a second, a quick typist. (The text of the brief is typed in any case and does not count.)
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]


from builder.content.document import read_document  # noqa: E402
from support.served import serving  # noqa: E402

KEYS_PER_SECOND = 5
LISTS = ("sources", "figures", "relations", "claims", "quotes", "responses")
# The focus, or what opens a folded part: a field's id, `SUMMARY`, or nothing.
FOCUS = """() => {
    const focus = document.activeElement;
    return focus.tagName === "SUMMARY" ? "SUMMARY" : focus.id;
}"""


class Editor:
    """An editor at the keyboard, who counts keys."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.keys, self.forms = tab, 0, 0

    def press(self, key: str) -> None:
        self.tab.keyboard.press(key)
        self.keys += 1

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill the fields of the open form in the order of the page, and send it."""
        left = {f"field-{name.replace('.', '-')}": value for name, value in values.items()}
        for _ in range(120):
            focus = self.tab.evaluate(FOCUS)
            if focus in left:
                self.enter(focus, left.pop(focus))
            if not left:
                break
            folded = self.tab.locator("details:not([open])").count()
            if focus == "SUMMARY" and folded:
                self.press("Enter")
            self.press("Tab")
        assert not left, f"no field for {[*left]}"
        self.keys += 1  # Enter
        self.forms += 1
        with self.tab.expect_navigation():
            self.tab.evaluate("() => document.activeElement.form.requestSubmit()")
        wrong = self.tab.locator(".wrong").all_inner_texts()
        assert not wrong, wrong

    def enter(self, focus: str, value: str) -> None:
        """Type a value into the field that has the focus, or choose it."""
        field = self.tab.locator(f"#{focus}")
        if field.evaluate("e => e.tagName") == "SELECT":
            self.keys += 2  # the first letters of the choice
            field.select_option(label=value)
        elif field.input_value() != value:
            if field.input_value():
                self.press("Control+A")
            self.tab.keyboard.insert_text(value)
            self.keys += len(value)


def typed(entry: Any, first: str) -> dict[str, str]:
    """Return the values of an entry by the names of the form's fields."""
    if not isinstance(entry, dict):
        return {first: str(entry)}
    found: dict[str, str] = {}
    for name, value in entry.items():
        if isinstance(value, dict):
            found |= {f"{name}.{part}": str(text) for part, text in value.items()}
        else:
            found[name] = "\n".join(value) if isinstance(value, list) else str(value)
    return found


def copied_site(folder: Path) -> Path:
    """Copy this repository's site."""
    shutil.copy(REPOSITORY / "site.yaml", folder)
    shutil.copytree(REPOSITORY / "content", folder / "content")
    return folder


def write_at_desk(editor: Editor, url: str, fields: dict[str, Any]) -> str:
    """Enter a brief and return the path of its file."""
    tab = editor.tab
    tab.goto(f"{url}/_desk/")
    tab.get_by_label("New brief").focus()
    title = f"{fields['title']} again"  # since its address must be another
    editor.keys += len(title) + 1
    tab.keyboard.insert_text(title)
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    path = re.search(r"file=([^&]+)", tab.url)
    assert path, tab.url
    file = path[1]
    tab.goto(f"{url}/_desk/details/?file={file}")
    shown = {e.get_attribute("name") for e in tab.locator("[id^=field-]").all()}
    details = typed({k: v for k, v in fields.items() if k in shown and k != "title"}, "")
    editor.keys += 1  # the button that leads here
    editor.fill(details)
    for name in LISTS:
        kind = name.removesuffix("s")
        for entry in fields.get(name) or ():
            tab.goto(f"{url}/_desk/entry/?entry={kind}&file={file}")
            editor.keys += 1
            editor.fill(typed(entry, "url"))
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the keys of a brief at the desk.")
    parser.add_argument("--brief", default="google-scale-ai")
    given = parser.parse_args()
    source = REPOSITORY / f"content/briefs/{given.brief}.md"
    document, _ = read_document("a.md", source.read_bytes())
    assert document is not None
    with (
        TemporaryDirectory() as folder,
        serving(copied_site(Path(folder))) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        editor = Editor(browser.new_page())
        began = time.perf_counter()
        path = write_at_desk(editor, served.url, document.fields)
        seconds = time.perf_counter() - began
        browser.close()
        written, _ = read_document("a.md", (Path(folder) / unquote(path)).read_bytes())
    assert written is not None
    same = [name for name in LISTS if written.fields.get(name) == document.fields.get(name)]
    whole = seconds + editor.keys / KEYS_PER_SECOND
    print(f"{editor.forms} forms, {editor.keys} keys; the machine took {seconds:.1f} s")
    print(f"at {KEYS_PER_SECOND} keys a second: {whole / 60:.1f} minutes")
    print(f"equal to the brief: {', '.join(same)}")


if __name__ == "__main__":
    main()
