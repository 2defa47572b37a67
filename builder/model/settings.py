"""site.yaml: sections, authors, menus, targets."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.values import Address, AuthorName, LanguageTag, Line, Slug, Text, TimeZone, Url

# Hosts that read files in the output, and servers with a configuration file of their own.
Hosting = Literal["netlify", "cloudflare", "caddy", "nginx"]


class Section(Struct, frozen=True, kw_only=True):
    """A section of the site."""

    slug: Annotated[Slug, "The address of the section, and its name in briefs."]
    name: Annotated[Line, "The name in menus."]
    summary: Annotated[Text, "The subject in one sentence."] = Text("")

    @property
    def url(self) -> str:
        return f"/{self.slug}/"


class Author(Struct, frozen=True, kw_only=True):
    """An author of briefs."""

    slug: Annotated[Slug, "The name of the author in briefs."]
    name: Annotated[Line, "The name in bylines and feeds."]
    kind: Annotated[
        Literal["person", "organization"], "Whether the author is a person or a desk."
    ] = "person"


class MenuItem(Struct, frozen=True, kw_only=True):
    """A link in the menu or the footer."""

    name: Annotated[Line, "The text of the link."]
    url: Annotated[Address, "An address on this site or another."]


TargetKind = Literal["rclone", "folder", "git"]


class TargetSettings(Struct, frozen=True, kw_only=True):
    """A deploy target, and how to reach it."""

    kind: Annotated[
        TargetKind,
        "The kind of target: a remote of rclone, a folder on this machine, or a branch of a Git"
        " repository.",
    ]
    to: Annotated[Line, "The destination: `s3:bucket/news`, `/var/www/news`, or a repository."]
    url: Annotated[
        Url, "The address for readers (default: the site's, which a deploy does not check)."
    ] = Url("")
    branch: Annotated[Line, "The branch of the repository to publish: gh-pages, pages."] = Line("")
    cname: Annotated[Line, "The domain under which the repository's host serves it."] = Line("")
    keep: Annotated[int, "The number of releases that can be restored."] = 5
    deletions: Annotated[int, "The number of files that a deploy removes without confirmation."] = (
        50
    )
    hub: Annotated[Url, "A WebSub hub to notify when feeds have changed."] = Url("")
    index_now: Annotated[
        Slug, "The public IndexNow key; search engines are notified of changed pages."
    ] = Slug("")


class Settings(Struct, frozen=True, kw_only=True):
    """Settings of the whole site, in site.yaml."""

    title: Annotated[Line, "The name of the site."]
    base_url: Annotated[Url, "The address of the site: https://example.org/news."]
    time_zone: Annotated[TimeZone, "The time zone of dates without one: Europe/Amsterdam."] = (
        TimeZone("UTC")
    )
    language: Annotated[LanguageTag, "The language of the site, such as en-GB."] = LanguageTag("en")
    tagline: Annotated[Line, "A few words below the name."] = Line("")
    description: Annotated[Text, "The site in one or two sentences, for feeds and previews."] = (
        Text("")
    )
    publisher: Annotated[Line, "The publisher (default: the name of the site)."] = Line("")
    copyright: Annotated[Line, "The line at the foot of every page."] = Line("")
    author: Annotated[AuthorName, "The author of briefs that declare none."] = AuthorName("")
    authors: Annotated[tuple[Author, ...], "The authors of briefs."] = ()
    sections: Annotated[tuple[Section, ...], "The sections, in the order of the menu."] = ()
    menu: Annotated[tuple[MenuItem, ...], "Additional links in the menu, after the sections."] = ()
    footer: Annotated[tuple[MenuItem, ...], "Links at the foot of every page."] = ()
    distinct: Annotated[
        tuple[tuple[Line, ...], ...],
        "Names that resemble each other but differ in meaning: [GPT-4, GPT-4o].",
    ] = ()
    deploy: Annotated[
        dict[Slug, TargetSettings],
        "Deploy targets, under names of your choice: production, staging.",
    ] = {}
    per_page: Annotated[int, "The minimum number of briefs on a page of a list."] = 20
    feed_items: Annotated[int, "The number of briefs in a feed."] = 20
    hosting: Annotated[
        Hosting | None,
        "The server of the site. For netlify and cloudflare, output/ contains `_headers` and"
        " `_redirects`; for caddy and nginx, `slugline hosting` prints the configuration.",
    ] = None
    trusted: Annotated[
        tuple[Url, ...],
        "Other sites from which pages may load scripts and pictures: https://stats.example.",
    ] = ()
