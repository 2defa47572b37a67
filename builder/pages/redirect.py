"""An earlier address -> a page that leads to the present one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.pages.page import Page
from builder.pages.plan import Plan


class RedirectPage(Struct, frozen=True):
    """A page that leads elsewhere at once."""

    target: Annotated[str, "The address that it leads to."]
    canonical: Annotated[str, "The same, absolute."]
    lang: Annotated[str, "The site's language."]


def plan_pages(plan: Plan) -> Iterator[Page]:
    for redirect in plan.site.redirects:
        context = RedirectPage(
            redirect.target, f"{plan.settings.base_url}{redirect.target}", plan.language
        )
        yield Page(redirect.address, "redirect.html", context, redirect.path, listed=False)
