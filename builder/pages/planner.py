"""Cards, links and heads, each made once from the site's facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from builder.content.picture_address import is_remote
from builder.content.pictures import show_picture
from builder.language.collation import sort_key
from builder.language.language_names import own_name
from builder.language.typography import typographic
from builder.language.words import Words, message
from builder.model.author import Author
from builder.model.body import Body
from builder.model.brief import Brief
from builder.model.entity import (
    Company,
    Digest,
    Person,
    PlainPage,
    Profile,
    Publisher,
    Thread,
    Topic,
)
from builder.model.record import Image, PictureOrigin
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.names.keys import page_address
from builder.pages.bodies import fill
from builder.pages.edition_links import absolute, all_editions, page_languages
from builder.pages.linked import link_brief
from builder.pages.menus import footer_links, menu_links
from builder.pages.page import (
    Card,
    Counted,
    Head,
    Link,
    Picture,
    PictureSource,
    SiteInfo,
    breadcrumbs,
    json_ld,
)
from builder.pages.parts.feed_addresses import feed_links
from builder.pages.subscribe import subscribe_form
from builder.site.profiles import Profiled
from builder.site.references import is_trusted
from builder.site.site import Entry
from builder.site.view import View

SEARCH = "/search/"
# The records with a text, besides briefs.
Text = Company | Topic | Thread | Person | Publisher | PlainPage | Digest | Profile


class Planner:
    """What the kinds of page plan from; templates do not see it."""

    def __init__(self, view: View) -> None:
        self.view = view

    @property
    def settings(self) -> Settings:
        return self.view.settings

    @property
    def language(self) -> str:
        return self.view.settings.language

    @property
    def words(self) -> Words:
        """Return the words of the interface in the site's language."""
        return self.view.words(self.language)

    def words_in(self, language: str) -> Words:
        """Return the words of the interface in a language."""
        return self.view.words(language)

    def named(self, link: Link) -> Link:
        """Return a link whose name is a message, in the site's language."""
        return Link(self.words.key(link.name), link.url)

    @property
    def info(self) -> SiteInfo:
        """Return the site's details for templates, one object for all pages."""
        return self.view.once("info", self._info)

    def _info(self) -> SiteInfo:
        s = self.view.settings
        return SiteInfo(
            title=s.title,
            tagline=s.tagline,
            language=s.language,
            base_url=s.base_url,
            publisher=s.publisher or s.title,
            copyright=s.copyright,
            sections=tuple(Link(section.name, section.url) for section in s.sections),
            menu=menu_links(self.view),
            footer=footer_links(self.view),
            search=SEARCH if s.search else "",
            look=self.view.look,
            webmention=s.replies.endpoint if s.replies else "",
            mining=s.ai_use.mining or "",
            preview=s.preview,
            text_language=s.main_language or s.language,
            subscribe=subscribe_form(s),
        )

    # --- links and cards -----------------------------------------------------------------------

    def section(self, slug: str) -> Link | None:
        found = (s for s in self.settings.sections if s.slug == slug)
        return next((Link(s.name, s.url) for s in found), None)

    def authors(self, brief: Brief) -> tuple[Author, ...]:
        """Return the authors of a linked brief in their order."""
        known: dict[str, Author] = {author.slug: author for author in self.settings.authors}
        return tuple(known[slug] for slug in brief.author if slug in known)

    def brief(self, slug: str) -> Brief:
        """Return a whole brief, linked."""
        return link_brief(self.view, slug).brief

    def text(self, record: Text) -> Body:
        """Return a record's body with references filled in, and report its mistakes."""
        body, findings = fill(self.view, record)
        self.view.report(record.path, findings)
        self.view.check_links(replace(record, body=body))
        return body

    def text_language(self, record: Profiled) -> str:
        """Return the language of a record's text."""
        return record.lang or self.language

    def known_person(self, slug: str) -> Person:
        """Return a person who has a page."""
        person = self.view.person(slug)
        assert person is not None
        return person

    def card(self, entry: Entry) -> Card:
        """Return a brief as lists show it."""
        return self.view.once(f"card {entry.slug}", lambda: self._card(entry.slug))

    def _card(self, slug: str) -> Card:
        outline, entry = self.view.outline(slug), self.view.entry(slug)
        return Card(
            url=entry.url,
            title=outline.title,
            summary=outline.summary,
            date=entry.date,
            happened=happened(entry),
            lang=outline.lang or self.language,
            section=self.section(entry.section),
            companies=tuple(self.company(slug) for slug in entry.companies),
            importance=entry.importance,
            draft=bool(entry.notice),
            language=own_name(outline.lang) if entry.elsewhere else "",
        )

    def cards(self, entries: Iterable[Entry]) -> tuple[Card, ...]:
        return tuple(self.card(entry) for entry in entries)

    def address(self, slug: str) -> str:
        """Return the address of a brief.

        Without editions, it depends on nothing but the slug."""
        return self.view.entry(slug).url if self.settings.editions else page_address("briefs", slug)

    def headline(self, slug: str) -> Link:
        """Return a brief's title, address and language."""
        outline = self.view.outline(slug)
        return Link(outline.title, self.view.entry(slug).url, outline.lang or self.language)

    def company(self, slug: str) -> Link:
        company = self.view.company(slug)
        return Link(company.name, company.url)

    def publisher(self, name: str) -> Link:
        """Return a publisher, without an address if it has no page."""
        return Link(*self.view.publisher_link(name))

    def topic(self, slug: str) -> Link:
        topic = self.view.topic(slug)
        return Link(topic.name, topic.url)

    def thread(self, slug: str) -> Link:
        thread = self.view.thread(slug)
        return Link(thread.title, thread.url)

    def person(self, slug: str) -> Link:
        """Return a person, without an address if there is no page."""
        person = self.view.person(slug)
        return Link(self.view.called(slug), person.url if person else "")

    def picture(self, image: Image | None, language: str) -> Picture | None:
        if image is None:
            return None
        caption = typographic(image.caption, language)
        if is_remote(image.file):
            if not is_trusted(self.settings, image.file):
                return None
            size = (image.width or 0, image.height or 0)
            return Picture(
                image.file,
                image.alt,
                caption,
                image.credit,
                *size,
                remote=True,
                src=image.file,
                origin=_origin(image, self.words_in(language)),
                focus=image.focus.replace(" ", "-"),
            )
        file = self.view.media(image.file)
        if file is None:
            return None
        shown = show_picture(file, self.settings.pictures)
        return Picture(
            url=shown.url,
            alt=image.alt,
            caption=caption,
            credit=image.credit,
            width=shown.width,
            height=shown.height,
            srcset=shown.srcset,
            sources=tuple(PictureSource(*found) for found in shown.sources),
            src=shown.fallback,
            origin=_origin(image, self.words_in(language)),
            focus=image.focus.replace(" ", "-"),
        )

    def absolute(self, url: str) -> str:
        """Return an address on this site as an absolute one."""
        return absolute(self.settings, url) if url.startswith("/") else url

    def counted(
        self, field: str, briefs: Iterable[Entry], besides: str = "", most: int = 12
    ) -> tuple[Counted, ...]:
        """Return the companies or topics in most stories, except `besides`.

        A brief and its translations count as one story.
        """
        stories = ((slug, b.original or b.slug) for b in briefs for slug in getattr(b, field))
        uses = Counter(slug for slug, _ in dict.fromkeys(stories))
        del uses[besides]
        name = self.company if field == "companies" else self.topic
        links = {slug: name(slug) for slug in uses}
        keys = {slug: sort_key(link.name, self.language) for slug, link in links.items()}
        ranked = sorted(uses.items(), key=lambda item: (-item[1], keys[item[0]]))
        return tuple(Counted(links[s].name, links[s].url, n) for s, n in ranked[:most])

    # --- heads ---------------------------------------------------------------------------------

    def head(
        self, url: str, name: str, *, trail: Sequence[Link] = (), feed: Link | None = None,
        objects: Sequence[dict[str, Any]] = (), **more: Any,
    ) -> Head:  # fmt: skip
        """Return the head of a page.

        `trail` is the breadcrumbs without the front page and the page itself. `feed` has the name
        of the page's own feed and the address of its folder; `changes` are its feeds of changes.
        """
        s, editions = self.settings, more.pop("editions", None)
        if editions is None:
            editions = all_editions(self.view, url)
        lang = more.pop("lang", self.language)
        words = self.words_in(lang)
        # Translators: the first step of the path to a page.
        home = Link(words("Home"), "/")
        way = (home, *trail, Link(name, url)) if url != "/" else ()
        found = [*objects, *([breadcrumbs(way, s.base_url)] if way else [])]
        title = name if url == "/" else f"{name} · {s.title}"
        whole = feed_links(s, Link(s.title, "/"))
        own = feed_links(s, feed) if feed else whole if url == "/" else ()
        own = (*own, *more.pop("changes", ())[:1])
        return Head(
            title=more.pop("title", title),
            name=name,
            canonical=more.pop("canonical", f"{s.base_url}{url}"),
            lang=lang,
            feeds=(*own, *(() if url == "/" else whole[:1])),
            trail=way[:-1],
            json_ld=json_ld(*found) if found else "",
            languages=more.pop("languages", None) or page_languages(s, url, editions),
            editions=editions,
            **more,
        )


_MADE: Mapping[PictureOrigin, str] = {
    "photo": message("Picture: {credit}"),
    "illustration": message("Illustration: {credit}"),
    "composite": message("Composite picture: {credit}"),
    "generated": message("AI-generated picture: {credit}"),
}


_UNCREDITED: Mapping[PictureOrigin, str] = {
    "illustration": message("Illustration"),
    "composite": message("Composite picture"),
    "generated": message("AI-generated picture"),
}


def _origin(image: Image, words: Words) -> str:
    """Return who made a picture, and how if it is not a photograph."""
    if image.credit:
        return words.key(_MADE[image.made], {"credit": image.credit})
    made = _UNCREDITED.get(image.made)
    return words.key(made) if made else ""


def happened(brief: Entry) -> Moment | None:
    """Return when it happened, if not on the day of publication."""
    event = brief.happened
    return event if event.iso[:10] != brief.date.iso[:10] else None


def latest(briefs: Sequence[Entry]) -> Moment | None:
    """Return when the newest of some briefs was published or updated."""
    moments = [moment for b in briefs for moment in (b.date, b.updated) if moment]
    return max(moments, key=lambda m: m.at) if moments else None
