"""Every page and style sheet of the real site is valid, by the Nu HTML checker."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.ask.dossier import as_html, make_dossier
from builder.engine.opened import open_site
from builder.pages.dossier import Scope
from support.sites import brief, options, write_site
from support.tools import as_lines, check_html

pytestmark = pytest.mark.usefixtures("html_checker")


def dossier(folder: Path) -> Path:
    """The HTML file of a dossier that has most tables."""
    claims = "[{text: Scale AI grows, status: reported, source: reuters, by: {person: Ann Lee}}]"
    text = brief(
        "one", claims=claims, whats_next="[Whether it grows.]", expects="[{id: a, text: B}]"
    )
    site = open_site(write_site(folder / "site", text), options())
    file = folder / "dossier.html"
    file.write_text(as_html(site, make_dossier(site, Scope("companies", "scale-ai"))), "utf-8")
    return file


def test_real_site_and_a_dossier_are_valid(real_site: Path, tmp_path: Path) -> None:
    assert list(real_site.rglob("*.html")), "the site has no page"
    found = check_html([real_site, dossier(tmp_path)])
    assert not found, as_lines(found)


def html(body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
        f"{head}</head><body><h1>A page</h1>{body}</body></html>"
    )


def test_faults_are_found(tmp_path: Path) -> None:
    """A checker that reads nothing finds nothing, so it is shown a fault of each kind."""
    faults = {
        "error.html": ("error", html("<p><div></p>")),
        "warning.html": ("warning", html("<section><p>No heading</p></section>")),
        "inline.html": ("error", html("", head="<style>p { colour: red }</style>")),
        "style.css": ("error", "p { colour: red }"),
        "drawing.svg": ("error", '<svg xmlns="http://www.w3.org/2000/svg"><circl/></svg>'),
    }
    (tmp_path / "good.html").write_text(html("<p>Good</p>"), "utf-8")
    for name, (_, text) in faults.items():
        (tmp_path / name).write_text(text, "utf-8")
    # A line reads "file:/folder/name.html:3: error: what is wrong".
    found = {
        (line.split("/")[-1].split(":")[0], line.split(": ")[1]) for line in check_html([tmp_path])
    }
    assert found == {(name, kind) for name, (kind, _) in faults.items()}
