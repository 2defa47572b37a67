"""A former address, which redirects to the current one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.pages.page import Kind, Page, Task
from builder.pages.planner import Planner
from builder.site.history_facts import HISTORIES, HISTORY_FOLDER
from builder.site.lists import Lists
from builder.site.site import Redirect, Site


class RedirectPage(Struct, frozen=True):
    """A page that redirects at once."""

    target: Annotated[str, "The address of the current page."]
    canonical: Annotated[str, "The absolute address of the current page."]
    lang: Annotated[str, "The site's language tag."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("redirects", _redirect_pages)


def _redirect_pages(plan: Planner) -> Iterator[Page]:
    with_history = {*plan.view.read(HISTORIES)} if plan.view.redirects() else {*()}
    for redirect in plan.view.redirects():
        if not redirect.by_page:
            continue
        context = RedirectPage(
            redirect.target, f"{plan.settings.base_url}{redirect.target}", plan.language
        )
        yield Page(redirect.address, "redirect.html", context, redirect.path, listed=False)
        own = "/briefs/" in redirect.address and redirect.at != "lang"
        if redirect.target in with_history and own:
            yield _to_history(plan, redirect)


def _to_history(plan: Planner, redirect: Redirect) -> Page:
    """Return the page that leads from the former address of a history to its present one."""
    target = f"{redirect.target}{HISTORY_FOLDER}"
    context = RedirectPage(target, f"{plan.settings.base_url}{target}", plan.language)
    address = f"{redirect.address}{HISTORY_FOLDER}"
    return Page(address, "redirect.html", context, redirect.path, listed=False)


KIND = Kind(
    tasks,
    {"redirect.html": RedirectPage},
    once=True,
)
