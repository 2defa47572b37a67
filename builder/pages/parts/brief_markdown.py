"""A brief as Markdown, with its record as front matter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from builder.model.brief import Brief
from builder.pages.page import Data, Page
from builder.pages.parts.backing import BackingLine
from builder.pages.parts.corrections import CorrectionLine
from builder.pages.parts.events import event_texts
from builder.pages.parts.expectations import expected_texts, undated_steps
from builder.pages.parts.figures import FigureLine
from builder.pages.parts.markdown_text import as_markdown, escape_block, escape_text
from builder.pages.parts.sources import SourceLine
from builder.pages.parts.statements import ClaimLine, Statements
from builder.pages.planner import Planner

NAME = "index.md"


class _Parts(Protocol):
    """The parts of a brief's page that its front matter repeats."""

    @property
    def said(self) -> Statements: ...

    @property
    def numbers(self) -> Sequence[FigureLine]: ...

    @property
    def sources(self) -> Sequence[SourceLine]: ...

    @property
    def backing(self) -> BackingLine | None: ...

    @property
    def corrections(self) -> Sequence[CorrectionLine]: ...


def markdown_file(plan: Planner, brief: Brief, page: _Parts) -> Page:
    """Return the Markdown file beside the page of a linked brief."""
    front = _front(plan, brief, page)
    text = f"---\n{''.join(_field(name, value) for name, value in front.items())}---\n"
    text += "".join(f"\n{block}\n" for block in _blocks(plan, brief))
    return Page(
        f"{brief.url}{NAME}", "data.txt", Data(text), brief.path, addresses="none", listed=False
    )


def _blocks(plan: Planner, brief: Brief) -> Iterable[str]:
    page = plan.absolute(brief.url)

    def absolute(address: str) -> str:
        return f"{page}{address}" if address.startswith("#") else plan.absolute(address)

    yield f"# {escape_text(brief.title)}"
    if brief.summary:
        yield escape_block(escape_text(brief.summary))
    lang = brief.lang or plan.language
    words = plan.words_in(lang)
    if brief.why:
        why = words("<strong>Why it matters:</strong> {text}", text=escape_text(brief.why))
        yield re.sub("</?strong>", "**", why)
    if body := as_markdown(brief.body.html, absolute).rstrip("\n"):
        yield body
    events, expected = event_texts(plan, brief, lang), expected_texts(plan, brief, lang)
    coming = (*events, *expected, *undated_steps(brief))
    for heading, points in (
        (words("Yes, but"), brief.yes_but),
        (words("What’s next"), coming),
    ):
        if points:
            yield f"## {heading}"
            yield "\n".join(f"- {escape_text(point)}" for point in points)


def _front(plan: Planner, brief: Brief, page: _Parts) -> dict[str, Any]:
    """Return the front matter, without what the brief does not have."""
    section = plan.section(brief.section)
    companies = [plan.company(slug) for slug in brief.companies]
    people = [plan.person(slug) for slug in brief.people]
    return {
        "title": brief.title,
        "url": plan.absolute(brief.url),
        "id": brief.id,
        "status": "corrected" if page.corrections else "published",
        "published": brief.date.iso,
        "updated": brief.updated.iso if brief.updated else "",
        "event": brief.event_date.iso if brief.event_date else "",
        "language": brief.lang or plan.language,
        "publisher": plan.info.publisher,
        "authors": [author.name for author in plan.authors(brief)],
        "section": section.name if section else "",
        "companies": [_named(plan, link.name, link.url) for link in companies],
        "people": [_named(plan, link.name, link.url) for link in people],
        "topics": [plan.topic(slug).name for slug in brief.topics],
        "sources": [_source(line) for line in page.sources],
        "backing": [*page.backing.sentences] if page.backing else [],
        "figures": [_figure(line) for line in page.numbers],
        "claims": [_claim(line) for line in (*page.said.known, *page.said.claimed)],
        "corrections": [
            {
                "at": line.at.iso,
                "kind": line.kind,
                "was": line.was,
                "now": line.now,
                "note": line.note,
            }
            for line in page.corrections
        ],
        "copyright": plan.settings.copyright,
    }


def _named(plan: Planner, name: str, url: str) -> dict[str, str]:
    return {"name": name, "url": plan.absolute(url) if url else ""}


def _source(line: SourceLine) -> dict[str, Any]:
    return {
        "publisher": line.publisher.name,
        "title": line.title,
        "url": line.url,
        "role": f"{line.role} of {line.relayed}" if line.relayed else line.role,
        "language": line.lang,
        "published": line.published.iso if line.published else "",
        "archived": line.archive,
    }


def _figure(line: FigureLine) -> dict[str, Any]:
    return {
        "company": line.of.name, "to": line.to.name if line.to else "", "metric": line.metric,
        "value": line.own or line.value, "time": line.time, "basis": line.basis,
        "source": line.publisher,
    }  # fmt: skip


def _claim(line: ClaimLine) -> dict[str, Any]:
    source = line.by.source
    return {
        "text": line.text, "status": line.status, "by": line.by.who,
        "source": source.name if source else "",
    }  # fmt: skip


# --- YAML ----------------------------------------------------------------------------------------


def _field(name: str, value: Any) -> str:
    """Return a field of the front matter; JSON values are valid YAML."""
    if not value:
        return ""
    if isinstance(value, list) and isinstance(value[0], Mapping):
        return f"{name}:\n" + "".join(f"  - {_flow(item)}\n" for item in value)
    return f"{name}: {json.dumps(value, ensure_ascii=False)}\n"


def _flow(item: Mapping[str, Any]) -> str:
    found = (f"{key}: {json.dumps(v, ensure_ascii=False)}" for key, v in item.items() if v)
    return f"{{{', '.join(found)}}}"
