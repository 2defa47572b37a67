"""What all kinds of page share: page, head, details of the site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from builder.appearance.look import Look
from builder.language.words import ENGLISH
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.site.lists import Lists
from builder.site.site import Site

# How links within the site (`href="/…`) are printed: relative to the page, absolute, or below the
# path of the base URL.
# `none` is for files that are not HTML.
Addresses = Literal["relative", "absolute", "path", "none"]


class Page(NamedTuple):
    """A file of the output: address, template and frozen context."""

    url: str  # root-relative and percent-encoded: `/briefs/x/`, `/feed.xml`
    template: str
    context: Struct
    origin: str = ""  # the record that it comes from, to report conflicts
    addresses: Addresses = "relative"
    listed: bool = True  # whether it is in the sitemap
    modified: Moment | None = None
    anchors: tuple[str, ...] = ()  # ids on the page that links may point to
    base: str = ""  # where its edition begins, such as /nl

    @property
    def path(self) -> str:
        """Return the file's path in output/."""
        file = self.url.lstrip("/") + ("index.html" if self.url.endswith("/") else "")
        return unquote(file) if "%" in file else file


class Task(NamedTuple):
    """A unit of planning: makes one or more pages from facts (`view`)."""

    name: str
    make: Callable[[Any], Iterator[Page]]  # takes a Planner
    edition: str = ""  # the language tag of its edition; empty for the main one


class Kind(NamedTuple):
    """A kind of page: its tasks, its templates and its reserved addresses."""

    tasks: Callable[[Site, Lists], Iterable[Task]]
    templates: Mapping[str, type[Struct]] = MappingProxyType({})  # with the context of each
    roots: tuple[str, ...] = ()  # such as `/numbers/`: unavailable to sections and plain pages
    text: bool = False  # whether a plain page may supply text for the first root
    once: bool = False  # whether only the main edition has it
    # The pages that may disappear along with the last brief like a given one.
    of_brief: Callable[[Outline], Iterable[str]] = lambda brief: ()
    # For numerous tasks: by the first word of their names, how the rest of it makes one.
    named: Mapping[str, Callable[[str], Callable[[Any], Iterator[Page]]]] = MappingProxyType({})


class HiddenInput(Struct, frozen=True):
    """A field of a form that readers do not see."""

    name: Annotated[str, "The name of the field."]
    value: Annotated[str, "Its value."]


class SubscribeForm(Struct, frozen=True, kw_only=True):
    """The form with which readers subscribe by e-mail, or a link to one."""

    action: Annotated[str, "The absolute address to which the form is sent, or of the link."]
    field: Annotated[str, "The name of the field for the address; empty if there is only a link."]
    hidden: Annotated[tuple[HiddenInput, ...], "Further fields, which readers do not see."]
    text: Annotated[str, "What readers get, and how often; may be empty."]
    confirmed: Annotated[bool, "Whether the service first asks readers to confirm their address."]


class SiteInfo(Struct, frozen=True):
    """The site's details for all templates, independent of the news."""

    title: Annotated[str, "The site's name."]
    tagline: Annotated[str, "The tagline, if any."]
    language: Annotated[str, "The site's language tag."]
    base_url: Annotated[str, "The site's address, without a trailing slash."]
    publisher: Annotated[str, "The publisher."]
    copyright: Annotated[str, "The copyright line, if any."]
    sections: Annotated[tuple[Link, ...], "The sections, in menu order."]
    menu: Annotated[tuple[Link, ...], "Further links in the menu."]
    footer: Annotated[tuple[Link, ...], "The links in the footer."]
    search: Annotated[str, "The address of the search page; empty if the site has none."]
    look: Annotated[Look, "Its logo, icons, style sheets and fonts."]
    webmention: Annotated[str, "The endpoint for webmentions, if any."]
    mining: Annotated[str, "reserved, if the site reserves the rights to text and data mining."]
    preview: Annotated[bool, "Whether the site is a preview for colleagues, not for readers."]
    text_language: Annotated[
        str, "The language tag of texts on companies, topics, people and threads."
    ] = ""
    subscribe: Annotated[
        SubscribeForm | None, "The form with which readers subscribe by e-mail, if any."
    ] = None


class HeadAuthor(Struct, frozen=True):
    """An author, for the head of a page."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "The address of the author's page, if there is one."]
    fediverse: Annotated[str, "The account in the fediverse, if any: @ann@social.example."]


class FeedLink(Struct, frozen=True):
    """A feed in one format."""

    kind: Annotated[str, "The format: RSS, Atom or JSON."]
    type: Annotated[str, "The media type."]
    name: Annotated[str, "The name of the feed."]
    url: Annotated[str, "Its address."]


class EditionLink(Struct, frozen=True):
    """A page in another edition of the site."""

    lang: Annotated[str, "The language tag of the edition."]
    name: Annotated[str, "The language's own name: Nederlands."]
    url: Annotated[str, "The address; empty for the edition of this page."]
    same: Annotated[bool, "Whether it is the same page; otherwise it is the nearest list."]


class Head(Struct, frozen=True, kw_only=True):
    """A page's metadata for browsers, search engines and link previews."""

    title: Annotated[str, "The content of <title>."]
    name: Annotated[str, "The page's own name, without the site's name."]
    description: Annotated[str, "A description of one or two sentences, if any."] = ""
    canonical: Annotated[str, "The page's absolute address."]
    lang: Annotated[str, "The page's language tag."]
    kind: Annotated[Literal["website", "article", "profile"], "The Open Graph type."] = "website"
    image: Annotated[str, "The absolute address of the page's picture, if any."] = ""
    image_alt: Annotated[str, "The alternative text of the picture."] = ""
    image_width: Annotated[int, "The width of the picture in pixels, or 0 if unknown."] = 0
    image_height: Annotated[int, "The height of the picture in pixels, or 0 if unknown."] = 0
    published: Annotated[Moment | None, "When the article was published."] = None
    updated: Annotated[Moment | None, "When the article was updated."] = None
    authors: Annotated[tuple[HeadAuthor, ...], "The authors of the article."] = ()
    feeds: Annotated[
        tuple[FeedLink, ...],
        "Feeds for autodiscovery: the page's own in every format, then that of the site.",
    ] = ()
    calendar: Annotated[
        Link | None, "The calendar file of what the page is about: its name and address, if any."
    ] = None
    markdown: Annotated[str, "The address of the same text as Markdown, if there is one."] = ""
    languages: Annotated[
        tuple[Link, ...], "This page in all its languages: language tag and absolute address."
    ] = ()
    editions: Annotated[
        tuple[EditionLink, ...],
        "The editions of the site: this page there, or the nearest list; empty if there is one.",
    ] = ()
    trail: Annotated[
        tuple[Link, ...], "The breadcrumbs, from the front page to this page's parent."
    ] = ()
    active: Annotated[str, "The address of the menu item that is marked as current."] = ""
    json_ld: Annotated[str, "JSON-LD that is safe inside <script>, if any."] = ""
    noindex: Annotated[bool, "Whether search engines should skip the page."] = False


class Data(Struct, frozen=True):
    """A data file, printed as it is."""

    text: Annotated[str, "The whole text of the file; print it with |safe."]


class Counted(Struct, frozen=True):
    """A name with its address and a count of briefs or relations."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "Its address."]
    count: Annotated[int, "The count."]


class PictureSource(Struct, frozen=True):
    """A picture in another format, for the `<source>` of a `<picture>`."""

    type: Annotated[str, "The media type."]
    srcset: Annotated[str, "Its sizes, as in the attribute `srcset`."]


class Picture(Struct, frozen=True):
    """A picture."""

    url: Annotated[str, "Its address."]
    alt: Annotated[str, "The alternative text."]
    caption: Annotated[str, "The caption, if any."]
    credit: Annotated[str, "The owner or photographer, if any."]
    width: Annotated[int, "The width in pixels, or 0 if unknown."]
    height: Annotated[int, "The height in pixels, or 0 if unknown."]
    remote: Annotated[bool, "Whether it is on another site."] = False
    srcset: Annotated[str, "Its sizes, as in the attribute `srcset`; empty if there is one."] = ""
    sources: Annotated[tuple[PictureSource, ...], "Other formats, the best first."] = ()
    src: Annotated[str, "The address of a size for browsers that know no `srcset`."] = ""
    origin: Annotated[str, "The credit line: `Picture: Reuters`, `Illustration`; may be empty."] = (
        ""
    )
    name: Annotated[str, "The title of a chart; empty for other pictures."] = ""
    charts: Annotated[
        tuple[str, ...],
        "A chart as SVG, for a narrow and for a wide column, to print with |safe; `url` is the same"
        " chart as PNG for feeds and link previews, or empty.",
    ] = ()
    focus: Annotated[str, "What stays where it is cropped: `center`, `top-left`."] = "center"


def json_ld(*objects: dict[str, Any]) -> str:
    """Return JSON-LD that is safe inside <script>, without any `<`."""
    kept = [{"@context": "https://schema.org", **_without_empty(found)} for found in objects]
    data = msgspec.json.encode(kept[0] if len(kept) == 1 else kept)
    text = msgspec.json.format(data, indent=0).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _without_empty(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        kept = {}
        for key, part in value.items():
            if part and type(part) is not str:
                part = _without_empty(part)
            if part or part == 0:
                kept[key] = part
        return kept
    if kind is list or kind is tuple:
        return [part if type(part) is str else _without_empty(part) for part in value]
    # The shortest form of a number is that of Python.
    return msgspec.Raw(json.dumps(value).encode()) if kind is float else value


def breadcrumbs(trail: Iterable[Link], base_url: str) -> dict[str, Any]:
    """Return a schema.org BreadcrumbList with absolute addresses."""
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
    url: Annotated[str, "The address; may be empty where a field says so."]
    lang: Annotated[str, "The language tag of a brief's title; empty for other names."] = ""


def language_of(context: Any) -> str:
    """Return the language of a page's words, that of its content."""
    head = getattr(context, "head", None)
    for found in (
        head and head.lang,
        getattr(context, "lang", ""),
        getattr(context, "language", ""),
    ):
        if found:
            return str(found)
    site = getattr(context, "site", None)
    return site.language if site else ENGLISH


def languages_of(context: Any) -> frozenset[str]:
    """Return the languages of a page: its own, the site's, its items'."""
    site, items = getattr(context, "site", None), getattr(context, "items", ())
    beside = {item.lang for item in items}
    return frozenset({language_of(context), *([site.language] if site else []), *beside})


class Card(Struct, frozen=True):
    """A brief as lists show it.

    It omits the text, so an edit to the text leaves lists unchanged.
    """

    url: Annotated[str, "Its address."]
    title: Annotated[str, "The headline."]
    summary: Annotated[str, "A one-sentence summary, if any."]
    date: Annotated[Moment, "When it was published."]
    happened: Annotated[Moment | None, "When the event happened, if not on the day of publication."]
    lang: Annotated[str, "The language tag."]
    section: Annotated[Link | None, "Its section."]
    companies: Annotated[tuple[Link, ...], "The companies that it is about, the main one first."]
    importance: Annotated[int, "The importance, from 1 (may lead) to 3 (in brief)."]
    draft: Annotated[bool, "Whether it is a draft or scheduled, in a preview."] = False
    language: Annotated[
        str, "The language's own name, if the brief is in another edition only; otherwise empty."
    ] = ""
