"""The page of an author of site.yaml, and the index of authors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from msgspec import Struct

from builder.content.config import FILE
from builder.language.words import message
from builder.model.author import Author
from builder.model.outline import Outline
from builder.model.record import Image
from builder.model.values import Line
from builder.names.keys import slugify
from builder.pages.lists import older_tasks
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, Picture, SiteInfo, Task
from builder.pages.parts.byline import author_data
from builder.pages.planner import Planner, latest
from builder.site.authors import authors_with_page
from builder.site.lists import AUTHORS, Lists
from builder.site.site import Site

INDEX = Link(message("Authors"), AUTHORS)


class AuthorPage(Struct, frozen=True, kw_only=True):
    """An author's page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "The name."]
    summary: Annotated[str, "The author in one or two sentences, if known."]
    picture: Annotated[Picture | None, "A portrait, if any."]
    website: Annotated[str, "The author's own website, if any."]
    profiles: Annotated[tuple[str, ...], "The addresses of profiles elsewhere."]
    fediverse: Annotated[str, "The account in the fediverse, if any: @ann@social.example."]
    cards: Annotated[tuple[Card, ...], "The briefs, newest first."]
    older: Annotated[str, "The address of older briefs, if any."]
    companies: Annotated[tuple[Counted, ...], "The companies in these briefs."]


class AuthorRow(Struct, frozen=True):
    """An author in the index."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "The address of the author's page."]
    summary: Annotated[str, "The author in one or two sentences, if known."]
    count: Annotated[int, "The number of briefs."]


class AuthorsPage(Struct, frozen=True, kw_only=True):
    """The index of authors, if several have a page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    authors: Annotated[tuple[AuthorRow, ...], "The authors, in the order of site.yaml."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    authors = authors_with_page(lists.settings, lists.covering["authors"])
    for author in authors:
        yield Task(f"author {author.slug}", partial(_author_page, author.slug))
        subject = partial(_subject, author.slug)
        trail = [INDEX] if len(authors) > 1 else []
        feed = partial(_feed, author.slug)
        yield from older_tasks(lists, author.page, subject, trail, feed, INDEX.url)
    if len(authors) > 1:
        yield Task("authors", _index)


def _author(plan: Planner, slug: str) -> Author:
    return next(author for author in plan.settings.authors if author.slug == slug)


def _subject(slug: str, plan: Planner) -> Link:
    author = _author(plan, slug)
    return Link(author.name, author.page)


def _feed(slug: str, plan: Planner) -> Link:
    author = _author(plan, slug)
    return Link(plan.words("{name}: coverage", name=author.name), author.page)


def _author_page(slug: str, plan: Planner) -> Iterator[Page]:
    author = _author(plan, slug)
    chunk = plan.view.slice(author.page, 0)
    briefs = plan.view.covering("authors", slug)
    portrait = Image(file=author.picture, alt=Line(author.name)) if author.picture else None
    picture = plan.picture(portrait, plan.language)
    context = AuthorPage(
        site=plan.info,
        head=plan.head(
            author.page,
            author.name,
            trail=[plan.named(INDEX)] if INDEX.url in plan.view.index_pages() else [],
            feed=_feed(slug, plan),
            description=author.summary,
            kind="profile",
            image=plan.absolute(picture.url) if picture else "",
            image_alt=author.name if picture else "",
            active=INDEX.url,
            objects=[_profile(plan, author, picture)],
        ),
        name=author.name,
        summary=author.summary,
        picture=picture,
        website=author.url,
        profiles=tuple(author.same_as),
        fediverse=author.fediverse,
        cards=plan.cards(chunk.items),
        older=chunk.older,
        companies=plan.counted("companies", briefs, most=8),
    )
    yield Page(author.page, "author.html", context, FILE, modified=latest(briefs))


def _profile(plan: Planner, author: Author, picture: Picture | None) -> dict[str, Any]:
    """Return schema.org's ProfilePage."""
    about = {
        **author_data(plan, author),
        "description": author.summary,
        "image": plan.absolute(picture.url) if picture else "",
    }
    if author.kind == "person":
        about["worksFor"] = {"@type": "Organization", "name": plan.info.publisher}
    return {"@type": "ProfilePage", "url": plan.absolute(author.page), "mainEntity": about}


def _index(plan: Planner) -> Iterator[Page]:
    counts = plan.view.counts("authors")
    authors = authors_with_page(plan.settings, counts)
    context = AuthorsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words("Who writes {site}.", site=plan.settings.title),
        ),
        authors=tuple(AuthorRow(a.name, a.page, a.summary, counts[a.slug][0]) for a in authors),
    )
    newest = latest(plan.view.covering("all", ""))
    yield Page(INDEX.url, "authors.html", context, modified=newest)


def _pages_of(brief: Outline) -> tuple[str, ...]:
    """Return the addresses of pages that may disappear along with a brief."""
    names = (name for author in brief.author for name in (author, slugify(author)))
    return (INDEX.url, *(f"{INDEX.url}{name}/" for name in names))


KIND = Kind(
    tasks,
    {"author.html": AuthorPage, "authors.html": AuthorsPage},
    roots=(INDEX.url,),
    of_brief=_pages_of,
)
