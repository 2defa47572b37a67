"""The page with the published versions of a brief, which search engines skip."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.model.outline import Outline
from builder.pages.page import Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.history import BriefHistory, brief_history
from builder.pages.planner import Planner
from builder.site.history_facts import HISTORY_FOLDER, briefs_with_history
from builder.site.lists import Lists
from builder.site.redirects import declared_redirects
from builder.site.site import Site


class HistoryPage(Struct, frozen=True, kw_only=True):
    """The published versions of a brief."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    brief: Annotated[Link, "The brief: its headline now, and its address."]
    withdrawn: Annotated[bool, "Whether it was withdrawn; then only headlines are shown of it."]
    history: Annotated[BriefHistory, "Its versions."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug in briefs_with_history(site):
        if not site.entries[slug].elsewhere:
            yield Task(f"history {slug}", partial(_page, slug))


def _page(slug: str, plan: Planner) -> Iterator[Page]:
    brief = plan.brief(slug)
    history = brief_history(plan, brief)
    if history is None:
        return
    lang = brief.lang or plan.language
    words = plan.words_in(lang)
    # Translators: the title of a page; {title} is the headline of a brief.
    name = words("Versions of “{title}”", title=brief.title)
    link = Link(brief.title, brief.url)
    head = plan.head(history.url, name, trail=[link], lang=lang, noindex=True)
    context = HistoryPage(
        site=plan.info,
        head=head,
        brief=link,
        withdrawn=brief.status == "withdrawn",
        history=history,
    )
    anchors = ("content", *(entry.anchor for entry in history.entries))
    yield Page(history.url, "history.html", context, brief.path, listed=False, anchors=anchors)


def _of_brief(brief: Outline) -> Iterator[str]:
    """Yield its page, which goes with the brief, at all its addresses."""
    yield f"{brief.url}{HISTORY_FOLDER}"
    for redirect in declared_redirects(brief, brief.url):
        if redirect.by_page:
            yield f"{redirect.address}{HISTORY_FOLDER}"


KIND = Kind(
    tasks,
    {"history.html": HistoryPage},
    of_brief=_of_brief,
    named={"history": lambda slug: partial(_page, slug)},
)
