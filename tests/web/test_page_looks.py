"""The example looks of docs/looks/, each made by settings alone, as readers would see them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from builder.engine.build import build
from support.example_looks import EXAMPLES, example_looks, write_look
from support.looks import LOOKS, RULES, OpenPage, overflow, violations
from support.sites import options
from support.tools import REPOSITORY, as_lines, check_html, serve

PAGES = ("", "briefs/google-scale-ai/", "companies/scale-ai/")
GUIDE = REPOSITORY / "docs" / "your-own-site.md"
NAMES = example_looks()
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_three_looks_differ_in_every_part() -> None:
    found = [yaml.safe_load((EXAMPLES / name / "site.yaml").read_text("utf-8")) for name in NAMES]
    assert len(found) == 3
    for field in ("title", "accent", "fonts", "mark"):
        assert len({repr(look.get(field)) for look in found}) == 3, field


@pytest.mark.parametrize("name", NAMES)
def test_the_guide_shows_the_settings_and_a_picture(name: str) -> None:
    guide = GUIDE.read_text("utf-8")
    assert (EXAMPLES / name / "site.yaml").read_text("utf-8") in guide
    assert f"(images/{name}.png)" in guide
    assert (REPOSITORY / "docs" / "images" / f"{name}.png").stat().st_size < 250_000


@pytest.mark.usefixtures("html_checker")
def test_looks_are_valid_and_accessible(
    tmp_path: Path, open_page: OpenPage, accessibility_rules: Path
) -> None:
    """All at once, since the checker takes long to start; a fault names its look."""
    sites = {name: write_look(name, tmp_path / name) for name in NAMES}
    for site in sites.values():
        assert not build(site, site / "output", options(now=NOW)).problems
        text = (site / "output" / "index.html").read_text("utf-8")
        assert "Ground Truth" not in text
    outputs = [site / "output" for site in sites.values()]
    found = check_html([output / path / "index.html" for output in outputs for path in PAGES])
    for name, site in sites.items():
        with serve(site / "output") as address:
            for width, dark in ((320, False), (1280, True)):
                with open_page(width=width, dark=dark) as page:
                    for path in PAGES:
                        page.goto(address + path)
                        seen = violations(page, accessibility_rules, LOOKS if dark else RULES)
                        if wide := overflow(page):
                            seen.append(wide)
                        found += [f"{name}: /{path} at {width} px: {line}" for line in seen]
    assert not found, as_lines(found)
