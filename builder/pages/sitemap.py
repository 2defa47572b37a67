"""The sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Struct

from builder.model.time import Moment
from builder.pages.news_sitemap import URL as NEWS
from builder.pages.page import Kind, Link, Page
from builder.pages.planner import Planner
from builder.site.page_record import PageRow

# The name of the task that is planned last.
SITEMAP = "sitemap"

_MOST = 45_000  # addresses per file; the protocol allows 50,000 (sitemaps.org)


class SitemapEntry(Struct, frozen=True):
    """A page in the sitemap."""

    url: Annotated[str, "The absolute address of the page."]
    modified: Annotated[Moment | None, "When the content last changed, if known."]
    languages: Annotated[
        tuple[Link, ...], "The page in all its languages: language tag and absolute address."
    ] = ()


class Sitemap(Struct, frozen=True):
    """A sitemap."""

    entries: Annotated[tuple[SitemapEntry, ...], "The pages."]
    languages: Annotated[bool, "Whether a page is in several languages."] = False


class SitemapIndex(Struct, frozen=True):
    """The index of a sitemap that is too large for one file."""

    sitemaps: Annotated[tuple[SitemapEntry, ...], "The sitemap's files."]


class Signal(Struct, frozen=True):
    """A use of the texts that robots.txt allows or forbids (contentsignals.org)."""

    name: Annotated[str, "The use: search, ai-input or ai-train."]
    answer: Annotated[str, "yes or no."]


class Robots(Struct, frozen=True):
    """robots.txt (RFC 9309)."""

    sitemap: Annotated[str, "The absolute address of the sitemap; empty in a preview."]
    signals: Annotated[tuple[Signal, ...], "What may be done with the texts, if it says so."]
    news: Annotated[str, "The absolute address of the news sitemap, if any; empty in a preview."]


def sitemap_pages(pages: Sequence[PageRow], plan: Planner) -> Iterator[Page]:
    """Yield the sitemap of all other pages."""
    base = plan.settings.base_url
    entries = [
        SitemapEntry(
            base + page.url, page.last_change, tuple(Link(*found) for found in page.alternates)
        )
        for page in pages
        if page.listed
    ]
    entries.sort(key=lambda entry: entry.url)
    parts = [tuple(entries[n : n + _MOST]) for n in range(0, len(entries), _MOST)]
    if len(parts) == 1:
        yield Page(
            "/sitemap.xml",
            "sitemap.xml",
            Sitemap(parts[0], any(entry.languages for entry in parts[0])),
            listed=False,
        )
    else:
        files = []
        for number, part in enumerate(parts, 1):
            url = f"/sitemap-{number}.xml"
            yield Page(
                url,
                "sitemap.xml",
                Sitemap(part, any(entry.languages for entry in part)),
                listed=False,
            )
            moments = [entry.modified for entry in part if entry.modified]
            newest = max(moments, key=lambda moment: moment.at) if moments else None
            files.append(SitemapEntry(base + url, newest))
        index = SitemapIndex(tuple(files))
        yield Page("/sitemap.xml", "sitemap-index.xml", index, listed=False)
    signals = tuple(Signal(*signal) for signal in plan.settings.ai_use.signals)
    sitemap = "" if plan.settings.preview else f"{base}/sitemap.xml"
    has_news = plan.settings.news_sitemap and not plan.settings.preview
    robots = Robots(sitemap, signals, f"{base}{NEWS}" if has_news else "")
    yield Page("/robots.txt", "robots.txt", robots, listed=False)


# The sitemap's task (`SITEMAP`) runs after all others, because it lists their pages.
KIND = Kind(
    lambda site, lists: (),
    {"sitemap.xml": Sitemap, "sitemap-index.xml": SitemapIndex, "robots.txt": Robots},
)
