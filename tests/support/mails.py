"""Sites whose messages tests look at, and the command that makes them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from PIL import Image

from builder.cli.app import main
from builder.engine.opened import OpenSite, open_site
from builder.mail.message import NO_CHOICE, Choice, Message, make_brief, make_digest, make_news
from support.sites import brief, options, write_site

LATER = datetime(2025, 7, 1, 12, tzinfo=UTC)
SITE = """\
=== site.yaml
title: The Test
base_url: https://test.example
language: en-GB
publisher: Test Publishers
copyright: All rights, none reserved.
accent: "#b3261e"
sections: [Deals, Labs]
SETTINGS
=== content/threads/moves.md
---
title: Moves
summary: Who moves.
---
The background.
"""
FIGURES = (
    "[{id: v1, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2024-05, basis: reported},"
    " {id: v2, of: Scale AI, metric: valuation, value: 20bn USD, as_of: 2024-11, basis: reported},"
    " {id: v3, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06, basis: reported}]"
)


def mail_site(folder: Path, more: str = "", settings: str = "") -> Path:
    """A site with a week of news: a lead with a chart, a picture, figures, a correction."""
    write_site(
        folder,
        SITE.replace("SETTINGS", settings)
        + brief(
            "lead",
            "Scale AI is worth $29bn",
            "It [[Google]] said.[^1]\n\n![A plant](/media/plant.jpg)\n\n| a | b |\n|---|---|\n"
            "| 1 | 2 |\n\n[^1]: A note.",
            importance="1",
            section="Deals",
            thread="moves",
            image="{chart: valuation of Scale AI}",
            figures=FIGURES,
            why="It is more.",
            corrections='[{at: 2025-06-15, kind: factual, was: "$28bn", now: "$29bn"}]',
            expects="[{id: plant, text: The plant opens., by: 2025-06-15}]",
        )
        + brief("other", "Google hires", section="Labs", thread="moves", date="2025-06-13 09:00")
        + brief("third", "Meta hires", companies="[Meta]", date="2025-06-12 09:00")
        + more,
    )
    (folder / "content/media").mkdir(exist_ok=True)
    made = BytesIO()
    Image.new("RGB", (1200, 800), "#446644").save(made, "JPEG")
    (folder / "content/media/plant.jpg").write_bytes(made.getvalue())
    return folder


def opened(folder: Path, now: datetime = LATER) -> OpenSite:
    return open_site(folder, options(now))


def digest_of(folder: Path, choice: Choice = NO_CHOICE) -> Message:
    return make_digest(opened(folder), "2025-w24", choice)


def brief_of(folder: Path, slug: str, choice: Choice = NO_CHOICE) -> Message:
    return make_brief(opened(folder), slug, choice)


def news_of(folder: Path, since: str, choice: Choice = NO_CHOICE) -> Message:
    return make_news(opened(folder), date.fromisoformat(since), choice)


def run_mail(folder: Path, *arguments: str, command: str = "mail") -> Result:
    """`slugline mail …` on a site."""
    return CliRunner().invoke(main, ["--site", str(folder), command, *arguments])


def sent_body(data: bytes) -> dict[str, Any]:
    found = json.loads(data)
    assert isinstance(found, dict)
    return found
