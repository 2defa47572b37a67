"""site.yaml: sections, authors, menus, targets."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple

from msgspec import Struct

from builder.model.values import Address, AuthorName, LanguageTag, Line, Slug, Text, TimeZone, Url

# Hosts that read files of the output; servers that read one of their own.
Hosting = Literal["netlify", "cloudflare", "caddy", "nginx"]


class Section(Struct, frozen=True, kw_only=True):
    """A section of the site."""

    slug: Annotated[Slug, "Its address, and what briefs write."]
    name: Annotated[Line, "Its name in menus."]
    summary: Annotated[Text, "What it covers, in one sentence."] = Text("")

    @property
    def url(self) -> str:
        return f"/{self.slug}/"


class Author(Struct, frozen=True, kw_only=True):
    """Someone who writes briefs."""

    slug: Annotated[Slug, "What briefs write."]
    name: Annotated[Line, "The name in by-lines and feeds."]
    kind: Annotated[Literal["person", "organization"], "Whether it is a person or a desk."] = (
        "person"
    )


class MenuItem(Struct, frozen=True, kw_only=True):
    """A link in the menu or the footer."""

    name: Annotated[Line, "Its text."]
    url: Annotated[Address, "An address of this site, or elsewhere."]


TargetKind = Literal["rclone", "folder", "git"]


class TargetRules(NamedTuple):
    """What site.yaml may say of targets of one kind.

    `fields` are those of TargetSettings that other kinds do not have. `to` matches the regular
    expression `location`; `hint` says what to write instead of a location that does not."""

    fields: frozenset[str] = frozenset()
    location: str = r"(?!-).*"  # a program takes what begins with a hyphen for an option
    hint: str = "write a location that does not begin with a hyphen"


# A kind that is not listed has the default rules.
TARGET_RULES: Mapping[TargetKind, TargetRules] = MappingProxyType(
    {
        "rclone": TargetRules(
            location=r"(?!-).*:.*",
            hint="write a remote and a path: `remote:bucket/path`; for a local folder use"
            " `kind: folder`",
        ),
        "folder": TargetRules(hint="write the path of a folder: `/var/www/news`"),
        "git": TargetRules(
            fields=frozenset({"branch", "cname"}), hint="write the URL or the path of a repository"
        ),
    }
)


def target_rules(kind: TargetKind) -> TargetRules:
    """Return the rules for targets of a kind."""
    return TARGET_RULES.get(kind, TargetRules())


class TargetSettings(Struct, frozen=True, kw_only=True):
    """A place from which readers are served, and how it is reached."""

    kind: Annotated[
        TargetKind,
        "How the site is sent. docs/deploys.md describes each kind.",
    ]
    to: Annotated[Line, "Where: `s3:bucket/news`, `/var/www/news`, the address of a repository."]
    url: Annotated[
        Url, "The address at which readers see it. Without one: the site's, which no deploy asks."
    ] = Url("")
    branch: Annotated[Line, "The branch of a repository that is published: gh-pages, pages."] = (
        Line("")
    )
    cname: Annotated[Line, "The domain that a repository's host serves it under."] = Line("")
    keep: Annotated[int, "How many releases can be brought back."] = 5
    deletions: Annotated[int, "How many files a deploy may remove without being allowed to."] = 50
    hub: Annotated[Url, "A WebSub hub that is told when feeds have changed."] = Url("")
    index_now: Annotated[
        Slug, "The IndexNow key, which is public; search engines are told which pages changed."
    ] = Slug("")


class Settings(Struct, frozen=True, kw_only=True):
    """site.yaml: what the whole site shares."""

    title: Annotated[Line, "The site's name."]
    base_url: Annotated[Url, "Where the site will be: https://example.org/news."]
    time_zone: Annotated[TimeZone, "The zone of dates written without one: Europe/Amsterdam."] = (
        TimeZone("UTC")
    )
    language: Annotated[LanguageTag, "The language of the site: en-GB."] = LanguageTag("en")
    tagline: Annotated[Line, "A few words under the name."] = Line("")
    description: Annotated[Text, "What it is, in a sentence or two, for feeds and previews."] = (
        Text("")
    )
    publisher: Annotated[Line, "Who publishes it. Without one: the site's name."] = Line("")
    copyright: Annotated[Line, "The line at the foot of every page."] = Line("")
    author: Annotated[AuthorName, "Who wrote a brief that does not say."] = AuthorName("")
    authors: Annotated[tuple[Author, ...], "Who writes."] = ()
    sections: Annotated[tuple[Section, ...], "The sections, in the order of the menu."] = ()
    menu: Annotated[tuple[MenuItem, ...], "More links in the menu, after the sections."] = ()
    footer: Annotated[tuple[MenuItem, ...], "Links at the foot of every page."] = ()
    distinct: Annotated[
        tuple[tuple[Line, ...], ...], "Names that look alike and are not the same: [GPT-4, GPT-4o]."
    ] = ()
    deploy: Annotated[
        dict[Slug, TargetSettings],
        "Where the site is sent, by names of your own: production, staging.",
    ] = {}
    per_page: Annotated[int, "How many briefs a page of a list holds at least."] = 20
    feed_items: Annotated[int, "How many briefs a feed holds."] = 20
    hosting: Annotated[
        Hosting | None,
        "What serves the site. netlify and cloudflare get `_headers` and `_redirects` in output/;"
        " for caddy and nginx `slugline hosting` prints the configuration.",
    ] = None
    trusted: Annotated[
        tuple[Url, ...],
        "Other sites whose scripts and pictures pages may load: https://stats.example.",
    ] = ()
