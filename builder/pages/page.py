"""What every kind of page shares: the Page itself, its head, the site as templates see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Struct

from builder.model.outline import Outline
from builder.model.time import Moment
from builder.site.lists import Lists
from builder.site.site import Site

# How the addresses of this site (`href="/…`) are printed: relative to the page, absolute, or
# below the base URL's path.
Addresses = Literal["relative", "absolute", "path"]


class Page(NamedTuple):
    """A file of the site to be: where it goes, its template and its frozen context."""

    url: str  # as the site links to it: `/briefs/x/`, `/feed.xml`
    template: str
    context: Struct
    origin: str = ""  # the record that asked for it, for conflicts
    addresses: Addresses = "relative"
    listed: bool = True  # in the sitemap
    modified: Moment | None = None
    anchors: tuple[str, ...] = ()  # the ids on it that links may lead to

    @property
    def path(self) -> str:
        """The file in output/."""
        return self.url.lstrip("/") + ("index.html" if self.url.endswith("/") else "")


class Task(NamedTuple):
    """What plans one page, or a few that belong together, from facts (`view`)."""

    name: str
    make: Callable[[Any], Iterator[Page]]  # given a Plan


class Kind(NamedTuple):
    """A kind of page: what it plans, its templates, and the addresses that are its own."""

    tasks: Callable[[Site, Lists], Iterable[Task]]
    templates: Mapping[str, type[Struct]] = MappingProxyType({})  # the context of each
    roots: tuple[str, ...] = ()  # `/numbers/`: no section or plain page may have one of these
    text: bool = False  # a plain page at the first root is not a mistake: its text stands above
    # The addresses of pages that may disappear with the last brief like this one.
    of_brief: Callable[[Outline], Iterable[str]] = lambda brief: ()


class SiteInfo(Struct, frozen=True):
    """The site, as every template sees it: nothing here changes with the news."""

    title: Annotated[str, "The site's name."]
    tagline: Annotated[str, "A few words under the name."]
    language: Annotated[str, "The site's language tag."]
    base_url: Annotated[str, "Its address, without a slash at the end."]
    publisher: Annotated[str, "Who publishes it."]
    copyright: Annotated[str, "The line at the foot."]
    sections: Annotated[tuple[Link, ...], "The sections, in the order of the menu."]
    menu: Annotated[tuple[Link, ...], "More links in the menu."]
    footer: Annotated[tuple[Link, ...], "Links at the foot."]
    stylesheet: Annotated[str, "The address of the style sheet."]
    icon: Annotated[str, "The address of the icon, or nothing."]


class Head(Struct, frozen=True, kw_only=True):
    """What a page says of itself to browsers, search engines and previews."""

    title: Annotated[str, "The text of <title>."]
    name: Annotated[str, "The page's own name, without the site's."]
    description: Annotated[str, "One or two sentences, or nothing."] = ""
    canonical: Annotated[str, "The page's absolute address."]
    lang: Annotated[str, "The language of the page."]
    kind: Annotated[Literal["website", "article"], "The Open Graph type."] = "website"
    image: Annotated[str, "The absolute address of its picture, or nothing."] = ""
    image_alt: Annotated[str, "What the picture shows."] = ""
    published: Annotated[Moment | None, "When it was published, for an article."] = None
    updated: Annotated[Moment | None, "When it was updated, for an article."] = None
    feeds: Annotated[tuple[Link, ...], "Feeds for autodiscovery; the page's own first."] = ()
    languages: Annotated[
        tuple[Link, ...], "The same in other languages, and itself: language tag, absolute address."
    ] = ()
    trail: Annotated[tuple[Link, ...], "The way here from the front page, for breadcrumbs."] = ()
    active: Annotated[str, "The address in the menu that this page belongs under."] = ""
    json_ld: Annotated[str, "JSON-LD, safe inside <script>, or nothing."] = ""
    noindex: Annotated[bool, "Whether search engines should leave it out."] = False


class Data(Struct, frozen=True):
    """A file for machines, as it is."""

    text: Annotated[str, "All of it; print it with |safe."]


class Counted(Struct, frozen=True):
    """A name, its address and how many briefs (of kinds of relations: relations) are meant."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "Its address."]
    count: Annotated[int, "How many."]


class Picture(Struct, frozen=True):
    """A picture to show."""

    url: Annotated[str, "Its address."]
    alt: Annotated[str, "What it shows."]
    caption: Annotated[str, "The line under it, or nothing."]
    credit: Annotated[str, "Whose it is, or nothing."]
    width: Annotated[int, "Pixels, or 0 where it is not known."]
    height: Annotated[int, "Pixels, or 0 where it is not known."]


def json_ld(*objects: dict[str, Any]) -> str:
    """JSON-LD (schema.org) that can stand inside <script>: no `<` is left in it."""
    kept = [{"@context": "https://schema.org", **_without_empty(found)} for found in objects]
    text = json.dumps(kept[0] if len(kept) == 1 else kept, ensure_ascii=False, sort_keys=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_empty(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in ("", None, [], {})}
    if isinstance(value, (list, tuple)):
        return [_without_empty(part) for part in value]
    return value


def breadcrumbs(trail: Iterable[Link], base_url: str) -> dict[str, Any]:
    """A schema.org BreadcrumbList with absolute addresses."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": link.name, "item": base_url + link.url}
            for n, link in enumerate(trail, 1)
        ],
    }


class Link(Struct, frozen=True, array_like=True):
    """A name and its address."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "Its address; where it says so, nothing."]


class Card(Struct, frozen=True):
    """A brief as lists show it: small, so that a change of its text leaves lists as they are."""

    url: Annotated[str, "Its address."]
    title: Annotated[str, "The headline."]
    summary: Annotated[str, "One sentence, or nothing."]
    date: Annotated[Moment, "When it was published."]
    happened: Annotated[Moment | None, "When it happened, where that is another day."]
    lang: Annotated[str, "Its language tag."]
    section: Annotated[Link | None, "Its section."]
    companies: Annotated[tuple[Link, ...], "Who it is about; the first is the subject."]
    importance: Annotated[int, "1 leads, 3 is in brief."]
    draft: Annotated[bool, "Whether it is a draft or scheduled, in a preview."] = False
