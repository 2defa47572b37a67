"""The news sitemap: briefs of the last two days, for Google News."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.model.time import Moment
from builder.pages.page import Kind, Page, Task
from builder.pages.planner import Planner
from builder.site.lists import Lists
from builder.site.site import Site

URL = "/news-sitemap.xml"
_MOST = 1000  # articles (Google, "Create a News sitemap")
_CHINESE = {"zh-hant": "zh-tw", "zh-tw": "zh-tw", "zh-hk": "zh-tw"}


class NewsArticle(Struct, frozen=True):
    """A brief in the news sitemap."""

    url: Annotated[str, "The absolute address."]
    title: Annotated[str, "The headline."]
    published: Annotated[Moment, "When it was published."]
    language: Annotated[str, "The language, as Google News writes it: en, zh-cn."]


class NewsSitemap(Struct, frozen=True):
    """The news sitemap."""

    publication: Annotated[str, "The name of the site."]
    articles: Annotated[tuple[NewsArticle, ...], "The newest briefs; may be empty."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.config.settings.news_sitemap:
        yield Task("news-sitemap", _news_sitemap)


def _news_sitemap(plan: Planner) -> Iterator[Page]:
    articles = tuple(_article(plan, slug) for slug in plan.view.recent()[:_MOST])
    context = NewsSitemap(plan.settings.title, articles)
    yield Page(URL, "news-sitemap.xml", context, listed=False)


def _article(plan: Planner, slug: str) -> NewsArticle:
    outline = plan.view.outline(slug)
    language = _language(outline.lang or plan.language)
    url = plan.absolute(plan.view.entry(slug).url)
    return NewsArticle(url, outline.title, outline.date, language)


def _language(tag: str) -> str:
    """Return a language as ISO 639 has it; Chinese with its writing."""
    tag = tag.lower()
    primary = tag.partition("-")[0]
    return _CHINESE.get(tag, "zh-cn") if primary == "zh" else primary


KIND = Kind(tasks, {"news-sitemap.xml": NewsSitemap}, once=True)
