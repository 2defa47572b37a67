"""A site, as the kinds of page plan from it: cards, links and heads made once and shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from builder.markdown import typographic
from builder.model import Author, Brief, Card, Company, Image, Link, Moment, Person, Topic
from builder.pages.page import Counted, Head, Picture, SiteInfo, breadcrumbs, json_ld
from builder.site import Site

HOME = Link("Home", "/")
FEED = "/feed.xml"


class Slice(NamedTuple):
    """A page of a list. `url` is its address; `newer` and `older` those beside it."""

    url: str
    briefs: tuple[Brief, ...]
    newer: str
    older: str
    number: int  # 0 for the first page, which has the newest


class Plan:
    """What planning needs of a site, each made once. Nothing here is seen by a template."""

    def __init__(self, site: Site, assets: Mapping[str, str]) -> None:
        self.site = site
        self.settings = site.config.settings
        self.language = self.settings.language
        self.by_company = site.covering("companies")
        self.by_topic = site.covering("topics")
        self.by_person = site.covering("people")
        self.by_section = site.covering("section")
        self.sections: dict[str, Link] = {
            s.slug: Link(s.name, s.url) for s in self.settings.sections
        }
        self.authors: dict[str, Author] = {a.slug: a for a in self.settings.authors}
        self.info = self._info(assets)
        self._cards: dict[str, Card] = {}

    def _info(self, assets: Mapping[str, str]) -> SiteInfo:
        s = self.settings
        return SiteInfo(
            title=s.title,
            tagline=s.tagline,
            language=s.language,
            base_url=s.base_url,
            publisher=s.publisher or s.title,
            copyright=s.copyright,
            sections=tuple(self.sections.values()),
            menu=tuple(Link(item.name, item.url) for item in s.menu),
            footer=tuple(Link(item.name, item.url) for item in s.footer),
            stylesheet=assets.get("style.css", ""),
            icon=assets.get("icon.svg", ""),
        )

    # --- links and cards -----------------------------------------------------------------------

    def card(self, brief: Brief) -> Card:
        """A brief as lists show it."""
        card = self._cards.get(brief.slug)
        if card is None:
            card = self._cards[brief.slug] = Card(
                url=brief.url,
                title=brief.title,
                summary=brief.summary,
                date=brief.date,
                happened=happened(brief),
                lang=brief.lang or self.language,
                section=self.sections.get(brief.section),
                companies=tuple(self.company(slug) for slug in brief.companies),
                importance=brief.importance,
                draft=brief.status == "draft" or brief.date.at > self.site.now,
            )
        return card

    def cards(self, briefs: Iterable[Brief]) -> tuple[Card, ...]:
        return tuple(self.card(brief) for brief in briefs)

    def company(self, slug: str) -> Link:
        company = self.site.companies[slug]
        return Link(company.name, company.url)

    def topic(self, slug: str) -> Link:
        topic = self.site.topics[slug]
        return Link(topic.name, topic.url)

    def person(self, slug: str) -> Link:
        """A person; without an address where there is no page."""
        person = self.site.people.get(slug)
        return Link(self.site.everyone[slug], person.url if person else "")

    def picture(self, image: Image | None, language: str) -> Picture | None:
        if image is None or image.file not in self.site.media:
            return None
        file = self.site.media[image.file]
        caption = typographic(image.caption, language)
        return Picture(file.url, image.alt, caption, image.credit, file.width, file.height)

    def counted(
        self, field: str, briefs: Iterable[Brief], besides: str = "", most: int = 12
    ) -> tuple[Counted, ...]:
        """The companies or topics that briefs name most often, but for one."""
        uses = Counter(slug for brief in briefs for slug in getattr(brief, field))
        records: Mapping[str, Company | Topic | Person] = getattr(self.site, field)
        del uses[besides]
        ranked = sorted(uses.items(), key=lambda item: (-item[1], records[item[0]].name))
        return tuple(Counted(records[s].name, records[s].url, n) for s, n in ranked[:most])

    # --- heads ---------------------------------------------------------------------------------

    def head(
        self, url: str, name: str, *, trail: Sequence[Link] = (), feed: Link | None = None,
        objects: Sequence[dict[str, Any]] = (), **more: Any,
    ) -> Head:  # fmt: skip
        """The head of a page. `trail` is the way to it without the front page and itself."""
        s = self.settings
        way = (HOME, *trail, Link(name, url)) if url != "/" else ()
        found = [*objects, *([breadcrumbs(way, s.base_url)] if way else [])]
        title = name if url == "/" else f"{name} · {s.title}"
        feeds = (feed,) if feed else ()
        return Head(
            title=more.pop("title", title),
            name=name,
            canonical=more.pop("canonical", f"{s.base_url}{url}"),
            lang=more.pop("lang", self.language),
            feeds=(*feeds, Link(s.title, FEED)),
            trail=way[:-1],
            json_ld=json_ld(*found) if found else "",
            **more,
        )

    # --- lists ---------------------------------------------------------------------------------

    def slices(self, url: str, briefs: Sequence[Brief]) -> list[Slice]:
        """The pages of a list, the newest first. Pages are filled from the oldest brief on and
        numbered from there, so that a page once full keeps its address and its contents; the
        first, at `url`, holds what is not yet enough for two."""
        size = self.settings.per_page
        full = max(0, (len(briefs) - size) // size)  # pages beside the first
        addresses = [url, *(f"{url}page/{number}/" for number in range(full, 0, -1))]
        first = len(briefs) - full * size
        bounds = [0, *(first + n * size for n in range(full + 1))]
        return [
            Slice(
                addresses[n],
                tuple(briefs[bounds[n] : bounds[n + 1]]),
                addresses[n - 1] if n else "",
                addresses[n + 1] if n < full else "",
                full - n + 1 if n else 0,
            )
            for n in range(full + 1)
        ]


def happened(brief: Brief) -> Moment | None:
    """When it happened, where that is another day than its publication."""
    event = brief.event_date
    if event and event.iso[:10] != brief.date.iso[:10]:
        return event
    return None


def latest(briefs: Sequence[Brief]) -> Moment | None:
    """When the newest of some briefs was published or updated."""
    moments = [moment for b in briefs for moment in (b.date, b.updated) if moment]
    return max(moments, key=lambda m: m.at) if moments else None
