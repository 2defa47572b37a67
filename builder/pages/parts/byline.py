"""The authors of a brief: in its byline, its head and its data for search engines."""

from __future__ import annotations

import re
from typing import Annotated, Any

from msgspec import Struct

from builder.language.lists import list_names
from builder.model.author import Author
from builder.model.brief import Brief
from builder.pages.page import HeadAuthor
from builder.pages.planner import Planner


class BylineName(Struct, frozen=True):
    """An author in a byline."""

    before: Annotated[str, "The text between the previous author and this one; often a comma."]
    name: Annotated[str, "The name."]
    url: Annotated[str, "The address of the author's page, if there is one."]


_MARKS = 0xE000  # characters that no name contains


def byline(plan: Planner, brief: Brief) -> tuple[BylineName, ...]:
    """Return the authors of a linked brief, as its byline lists them."""
    authors = plan.authors(brief)
    listed = list_names([chr(_MARKS + n) for n in range(len(authors))], brief.lang or plan.language)
    between = re.split(f"[{chr(_MARKS)}-{chr(_MARKS + len(authors))}]", listed)
    return tuple(
        BylineName(before, author.name, author.page)
        for before, author in zip(between, authors, strict=False)
    )


def head_authors(plan: Planner, brief: Brief) -> tuple[HeadAuthor, ...]:
    """Return the authors of a linked brief for its head."""
    return tuple(HeadAuthor(a.name, a.page, a.fediverse) for a in plan.authors(brief))


def author_data(plan: Planner, author: Author) -> dict[str, Any]:
    """Return schema.org's Person, or Organization for a desk."""
    page = plan.absolute(author.page) if author.page else ""
    return {
        "@type": "Organization" if author.kind == "organization" else "Person",
        "name": author.name,
        "url": page or str(author.url),
        "sameAs": [*([author.url] if author.url and page else []), *author.same_as],
    }


def authors_data(plan: Planner, brief: Brief) -> dict[str, Any] | list[dict[str, Any]]:
    """Return the authors for schema.org; the publisher stands in for them."""
    found = [author_data(plan, author) for author in plan.authors(brief)]
    if len(found) > 1:
        return found
    return found[0] if found else {"@type": "Organization", "name": plan.info.publisher}


def publisher_data(plan: Planner) -> dict[str, Any]:
    """Return schema.org's Organization of the publisher, with its logo."""
    look = plan.info.look
    logo: dict[str, Any] | None = None
    if look.logo:
        size = {"width": look.logo.width or None, "height": look.logo.height or None}
        logo = {"@type": "ImageObject", "url": plan.absolute(look.logo.url), **size}
    elif icons := [icon for icon in look.icons if icon.type != "image/x-icon"]:
        logo = {"@type": "ImageObject", "url": plan.absolute(icons[-1].url)}
    return {
        "@type": "Organization",
        "name": plan.info.publisher,
        "url": f"{plan.settings.base_url}/",
        "logo": logo,
    }
