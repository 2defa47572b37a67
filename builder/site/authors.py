"""The authors of site.yaml who have a page, and those whose briefs lead to each other."""

from __future__ import annotations

from collections.abc import Container

from builder.model.author import Author
from builder.model.settings import Settings


def authors_with_page(settings: Settings, published: Container[str]) -> tuple[Author, ...]:
    """Return the authors who have a page.

    `published` has the slugs of those with a published brief."""
    return tuple(a for a in settings.authors if a.page and a.slug in published)


def people_with_colleagues(settings: Settings) -> tuple[str, ...]:
    """Return the slugs of people among several authors."""
    if len(settings.authors) < 2:
        return ()
    return tuple(author.slug for author in settings.authors if author.kind == "person")
