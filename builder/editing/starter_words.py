"""The texts of a new site in the languages that have them; the sample's facts are the same."""

from __future__ import annotations

import re
from typing import Any

from builder.content.config import FILE


def in_language(path: str, text: str, words: dict[str, Any]) -> str:
    """Return a file of the starter with the words of a language."""
    if path == FILE:
        return _settings(text, words)
    kind = {"briefs": "brief", "companies": "company", "pages": "about"}[path.split("/")[-2]]
    own = words[kind]
    for field in ("title", "summary", "why"):
        if field in own:
            text = _with(text, field, f'"{own[field]}"' if ":" in own[field] else own[field])
    if kind == "brief":
        text = _with(text, "topics", f"[{own['topics']}]")
        text = _with(text, "whats_next", f"[{own['next']}]")
        for metric in ("stake", "valuation"):
            text = text.replace(f"metric: {metric},", f"metric: {own[metric]},")
    front, fence, _ = text.rpartition("\n---\n")
    return f"{front}{fence}\n{own['text'].strip()}\n"


def _settings(text: str, words: dict[str, Any]) -> str:
    for field in ("title", "tagline", "description"):
        text = _with(text, field, words[field])
    text = text.replace("name: The desk,", f"name: {words['desk']},")
    for slug in ("deals", "labs"):
        name, summary = words[slug]
        line = f'  - {{slug: {slug}, name: {name}, summary: "{summary}"}}'
        text = re.sub(rf"^  - {{slug: {slug},.*$", line.replace("\\", r"\\"), text, flags=re.M)
    return text


def _with(text: str, field: str, value: str) -> str:
    return re.sub(rf"^{field}: .*$", lambda _: f"{field}: {value}", text, count=1, flags=re.M)
