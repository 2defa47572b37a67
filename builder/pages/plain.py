"""Plain pages, and the error page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.model.time import Moment
from builder.pages import corrections
from builder.pages.page import Head, Kind, Page, SiteInfo, Task
from builder.pages.parts.translation import TranslationNote, page_note
from builder.pages.planner import Planner
from builder.site.lists import Lists
from builder.site.site import Site


class PlainContext(Struct, frozen=True, kw_only=True):
    """A page that is not news, such as About."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading."]
    summary: Annotated[str, "The standfirst, if any."]
    updated: Annotated[Moment | None, "When the text was last changed in substance."]
    translated: Annotated[
        TranslationNote | None, "The original in the main edition, if the page does not follow it."
    ] = None
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]


class NotFoundPage(Struct, frozen=True, kw_only=True):
    """The error page for unknown addresses."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug, page in site.pages.items():
        if page.url == corrections.LEDGER.url:
            continue  # its text is part of the record of corrections
        if slug in site.elsewhere:
            continue  # another edition has it
        yield Task(f"page {slug}", partial(_plain_page, slug))
    yield Task("404", _not_found)


def _plain_page(slug: str, plan: Planner) -> Iterator[Page]:
    page = plan.view.page(slug)
    body = plan.text(page)
    context = PlainContext(
        site=plan.info,
        head=plan.head(
            page.url,
            page.title,
            description=page.summary,
            lang=page.lang or plan.language,
            updated=page.updated,
            active=page.url,
        ),
        title=page.title,
        summary=page.summary,
        updated=page.updated,
        translated=page_note(plan, page),
        body=body.html,
    )
    anchors = ("content", *(heading.anchor for heading in body.headings))
    yield Page(page.url, "page.html", context, page.path, modified=page.updated, anchors=anchors)


def _not_found(plan: Planner) -> Iterator[Page]:
    context = NotFoundPage(
        site=plan.info, head=plan.head("/404.html", plan.words("Not found"), noindex=True)
    )
    yield Page("/404.html", "404.html", context, addresses="path", listed=False)


KIND = Kind(tasks, {"page.html": PlainContext, "404.html": NotFoundPage})
