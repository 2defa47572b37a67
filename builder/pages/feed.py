"""Briefs -> RSS 2.0 feeds: of the site, of each company and of each topic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Struct

from builder.model import Brief, Link, Moment
from builder.pages import company, topic
from builder.pages.page import Page
from builder.pages.plan import FEED, Plan, latest


class FeedItem(Struct, frozen=True, kw_only=True):
    """A brief in a feed."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its absolute address."]
    guid: Annotated[str, "What readers know it by; it never changes (RSS 2.0, guid)."]
    published: Annotated[Moment, "When it was published."]
    author: Annotated[str, "The by-line, for dc:creator."]
    categories: Annotated[tuple[str, ...], "Its section, companies and topics."]
    summary: Annotated[str, "One sentence, or nothing."]
    why: Annotated[str, "Why it matters, or nothing."]
    yes_but: Annotated[tuple[str, ...], "What speaks against it."]
    whats_next: Annotated[tuple[str, ...], "What to watch."]
    sources: Annotated[tuple[Link, ...], "What it rests on."]
    body: Annotated[str, "The full text: HTML made from Markdown."]


class Feed(Struct, frozen=True, kw_only=True):
    """An RSS 2.0 feed."""

    title: Annotated[str, "Its name."]
    url: Annotated[str, "The absolute address of the page that it follows."]
    self_url: Annotated[str, "Its own absolute address."]
    description: Annotated[str, "What it carries (required by RSS 2.0)."]
    language: Annotated[str, "A language tag."]
    copyright: Annotated[str, "The site's line, or nothing."]
    built: Annotated[Moment | None, "When its newest item was published or updated."]
    items: Annotated[tuple[FeedItem, ...], "The briefs, the newest first."]


def plan_pages(plan: Plan) -> Iterator[Page]:
    title, base = plan.settings.title, plan.settings.base_url
    about = plan.settings.description or plan.settings.tagline or title
    items = _Items(plan)
    former = _former_feeds(plan)
    yield _feed(plan, items, Link(title, FEED), f"{base}/", about, plan.site.briefs)
    for c in plan.site.companies.values():
        briefs = plan.by_company.get(c.slug, ())
        if briefs:
            text = f"{title} on {c.name}. {c.summary}".strip()
            name = f"{title}: {c.name}"
            for url in (company.feed_of(c).url, *former.get(c.url, ())):
                yield _feed(plan, items, Link(name, url), base + c.url, text, briefs)
    for t in plan.site.topics.values():
        briefs = plan.by_topic.get(t.slug, ())
        if briefs:
            text = f"{title} on {t.name}. {t.summary}".strip()
            name = f"{title}: {t.name}"
            for url in (topic.feed_of(t).url, *former.get(t.url, ())):
                yield _feed(plan, items, Link(name, url), base + t.url, text, briefs)


def _former_feeds(plan: Plan) -> dict[str, list[str]]:
    """By address: the feeds under earlier addresses. Who follows those goes on doing so."""
    found: dict[str, list[str]] = {}
    for redirect in plan.site.redirects:
        found.setdefault(redirect.target, []).append(f"{redirect.address}feed.xml")
    return found


def _feed(
    plan: Plan, items: _Items, link: Link, page: str, about: str, briefs: Sequence[Brief]
) -> Page:
    carried = tuple(briefs[: plan.settings.feed_items])
    context = Feed(
        title=link.name,
        url=page,
        self_url=f"{plan.settings.base_url}{link.url}",
        description=about,
        language=plan.language,
        copyright=plan.settings.copyright,
        built=latest(carried),
        items=tuple(items.of(brief) for brief in carried),
    )
    return Page(link.url, "feed.xml", context, addresses="absolute", listed=False)


_FRAGMENT = re.compile(r'(href=")(#[^"]*")')


class _Items:
    """The items of feeds, each made once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.made: dict[str, FeedItem] = {}

    def of(self, brief: Brief) -> FeedItem:
        if brief.slug not in self.made:
            self.made[brief.slug] = self._make(brief)
        return self.made[brief.slug]

    def _make(self, brief: Brief) -> FeedItem:
        plan = self.plan
        url = f"{plan.settings.base_url}{brief.url}"
        author = plan.authors.get(brief.author)
        section = plan.sections.get(brief.section)
        return FeedItem(
            title=brief.title,
            url=url,
            guid=brief.identity,
            published=brief.date,
            author=author.name if author else plan.info.publisher,
            categories=(
                *((section.name,) if section else ()),
                *(plan.company(slug).name for slug in brief.companies),
                *(plan.topic(slug).name for slug in brief.topics),
            ),
            summary=brief.summary,
            why=brief.why,
            yes_but=tuple(brief.yes_but),
            whats_next=tuple(brief.whats_next),
            sources=tuple(Link(s.publisher, s.url) for s in brief.sources),
            # A note's number leads to the note on the brief's page, not to nowhere.
            body=_FRAGMENT.sub(rf"\g<1>{url}\g<2>", brief.body.html),
        )
