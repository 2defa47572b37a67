"""Messages in a browser, narrow and wide, light and dark, and by the Nu HTML checker."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.mail.message import Message
from support.looks import LOOKS, OpenPage, overflow, violations
from support.mails import brief_of, digest_of, mail_site
from support.sites import brief, build_site
from support.tools import as_lines, check_html, serve


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a digest, a brief, and a brief in a script from right to left."""
    site = mail_site(
        tmp_path_factory.mktemp("looks"),
        brief("arabic", "تستأجر Scale AI موظفين", "نص طويل.", lang="ar", figures="[]")
        + brief("long", "Scale AI " + "x" * 480, "y" * 700, summary="z" * 400),
    )
    folder = site / "messages"
    folder.mkdir()
    build_site(site)
    made: list[Message] = [
        digest_of(site),
        *(brief_of(site, s) for s in ("lead", "arabic", "long")),
    ]
    for message in made:
        # Pictures come from the folder, not from a site that does not exist.
        html = message.html.replace("https://test.example/assets", "../output/assets")
        (folder / f"{message.key}.html").write_text(html, "utf-8")
    return site


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 600])
def test_messages_can_be_read(
    messages: Path, open_page: OpenPage, accessibility_rules: Path, width: int, dark: bool
) -> None:
    with serve(messages) as address, open_page(width=width, dark=dark) as page:
        for file in sorted((messages / "messages").iterdir()):
            page.goto(f"{address}messages/{file.name}")
            assert overflow(page) is None, file.name
            assert violations(page, accessibility_rules, LOOKS) == [], file.name
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert paper == ("rgb(18, 21, 19)" if dark else "rgb(251, 251, 249)")
            right = page.evaluate("getComputedStyle(document.querySelector('h1, h3')).textAlign")
            assert right == ("right" if "arabic" in file.name else "left")
            # Beside its name, the words of a figure would break on a phone.
            cells = page.locator(".rows td").evaluate_all(
                "cells => cells.map(cell => getComputedStyle(cell).display)"
            )
            assert {*cells} <= {"block" if width == 320 else "table-cell"}
            # The foot is in the language of the site, and its script runs from left to right.
            foot = "getComputedStyle([...document.querySelectorAll('body div')].pop()).direction"
            assert page.evaluate(foot) == "ltr"


# What the standard calls obsolete and old programs need.
_OLD = ("cellpadding", "cellspacing", "border", "align", "width", "xmlns")


@pytest.mark.usefixtures("html_checker")
def test_messages_are_valid_but_for_what_outlook_needs(messages: Path) -> None:
    found = [
        line
        for line in check_html([messages / "messages"])
        if not any(f"“{name}" in line for name in _OLD)
        # Dark mode is set by `!important` on rules in <style>, which the checker cannot weigh.
        and "trailing slash" not in line.lower()
    ]
    assert not found, as_lines(found)
