"""A week -> its digest: the lead, each section in order of importance, the numbers of the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import zip_longest
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.dates import week_in_words
from builder.model.time import Moment, days_of
from builder.pages.bodies import fill
from builder.pages.corrections import AmendedLine, amendment_line
from builder.pages.front import Lead, SectionBlock, lead_of
from builder.pages.page import Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.figures import FigureLine, figure_line
from builder.pages.planner import Planner, latest
from builder.site.lists import Lists
from builder.site.site import Entry, Site

INDEX = Link("Weekly digests", "/digests/")
FEED = Link(INDEX.name, f"{INDEX.url}feed.xml")
_NUMBERS = 8  # figures that stand for a week


class DigestPage(Struct, frozen=True, kw_only=True):
    """The digest of a week."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "Its heading: an editor's, or the days of the week."]
    days: Annotated[str, "The days of the week, where the heading is an editor's; or nothing."]
    week: Annotated[int, "The number of the week in its year (ISO 8601)."]
    standfirst: Annotated[str, "What stands under the heading, or nothing."]
    words: Annotated[str, "An editor's words: HTML made from Markdown; print it with |safe."]
    total: Annotated[int, "How many briefs the week has."]
    lead: Annotated[Lead, "The most important brief of the week."]
    sections: Annotated[tuple[SectionBlock, ...], "The other briefs: the most important first."]
    numbers: Annotated[tuple[FigureLine, ...], "Figures of the week, of the most important first."]
    threads: Annotated[tuple[Counted, ...], "The story lines that went on, by briefs."]
    corrections: Annotated[tuple[AmendedLine, ...], "What was put right in the week."]
    companies: Annotated[tuple[Counted, ...], "The companies in it."]
    newer: Annotated[Link | None, "The next week that has briefs."]
    older: Annotated[Link | None, "The week before that has briefs."]


class DigestYear(Struct, frozen=True):
    """A year of digests."""

    name: Annotated[str, "The year."]
    weeks: Annotated[tuple[Counted, ...], "Its weeks that have briefs, the last first."]


class DigestsPage(Struct, frozen=True, kw_only=True):
    """The list of all digests."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    years: Annotated[tuple[DigestYear, ...], "The years, the last first."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if lists.covering["week"]:
        yield Task("digests", _digests_page)
    for week in lists.covering["week"]:
        yield Task(f"digest {week}", partial(_digest_page, week))


def _url(week: str) -> str:
    return f"{INDEX.url}{week}/"


def _link(plan: Planner, week: str) -> Link:
    return Link(week_in_words(week, plan.language), _url(week))


def _digests_page(plan: Planner) -> Iterator[Page]:
    weeks = plan.view.counts("week")
    years: dict[str, list[Counted]] = {}
    for week in sorted(weeks, reverse=True):
        link = _link(plan, week)
        years.setdefault(week[:4], []).append(Counted(link.name, link.url, weeks[week][0]))
    context = DigestsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            INDEX.name,
            active=INDEX.url,
            feed=_feed(plan),
            description=f"{plan.settings.title}, week by week.",
        ),
        years=tuple(DigestYear(year, tuple(found)) for year, found in years.items()),
    )
    yield Page(INDEX.url, "digests.html", context)


class WeekDigest(NamedTuple):
    """The digest of a week; when the last of its briefs was published, and when any was published
    or updated last."""

    page: DigestPage
    published: Moment
    modified: Moment | None


def digest(plan: Planner, week: str) -> WeekDigest:
    """A digest, made once for its page and the feed."""
    return plan.view.once(f"digest {week}", lambda: _digest(plan, week), _size)


def _size(digested: WeekDigest) -> int:
    return len(digested.page.words) + 200 * digested.page.total


def _digest_page(week: str, plan: Planner) -> Iterator[Page]:
    found, words = digest(plan, week), plan.view.digest_text(week)
    # What is wrong with an editor's words is said here, and not by the feed as well.
    body = plan.text(words) if words else None
    parts = ["content", *(["numbers"] if found.page.numbers else [])]
    anchors = (*parts, *(heading.anchor for heading in (body.headings if body else ())))
    path = words.path if words else ""
    yield Page(
        _url(week), "digest.html", found.page, path, modified=found.modified, anchors=anchors
    )


def _feed(plan: Planner) -> Link:
    return Link(f"{plan.settings.title}: {FEED.name}", FEED.url)


def _digest(plan: Planner, week: str) -> WeekDigest:
    covered = plan.view.covering("week", week)
    entries = sorted(covered, key=lambda entry: entry.importance)
    words = plan.view.digest_text(week)
    body = fill(plan.view, words)[0] if words else None
    days = week_in_words(week, plan.language)
    title = words.title if words and words.title else days
    standfirst = words.summary if words else ""
    url = _url(week)
    newer, older = _beside(plan, week)
    context = DigestPage(
        site=plan.info,
        head=plan.head(
            url,
            title,
            trail=[INDEX],
            active=INDEX.url,
            feed=_feed(plan),
            description=standfirst or f"What happened in the week of {days}.",
            objects=[
                {
                    "@type": "CollectionPage",
                    "name": title,
                    "url": f"{plan.settings.base_url}{url}",
                    "temporalCoverage": "/".join(day.isoformat() for day in days_of(week)),
                    "inLanguage": plan.language,
                }
            ],
        ),
        title=title,
        days=days if title != days else "",
        week=int(week.rpartition("w")[2]),
        standfirst=standfirst,
        words=body.html if body else "",
        total=len(entries),
        lead=lead_of(plan, entries[0]),
        sections=tuple(_sections(plan, entries[1:])),
        numbers=tuple(_numbers(plan, entries)),
        threads=_threads(plan, entries),
        corrections=tuple(amendment_line(plan, a) for a in plan.view.week_corrections(week)),
        companies=plan.counted("companies", entries),
        newer=newer,
        older=older,
    )
    return WeekDigest(context, covered[0].date, latest(entries))


def _beside(plan: Planner, week: str) -> tuple[Link | None, Link | None]:
    """The weeks with briefs after and before one."""
    weeks = sorted(plan.view.counts("week"))
    n = weeks.index(week)
    newer = _link(plan, weeks[n + 1]) if n + 1 < len(weeks) else None
    return newer, _link(plan, weeks[n - 1]) if n else None


def _sections(plan: Planner, entries: list[Entry]) -> Iterator[SectionBlock]:
    """Briefs by section: first the section of the most important one, last those of none."""
    order = [str(section.slug) for section in plan.settings.sections]
    by_section: dict[str, list[Entry]] = {}
    for entry in entries:
        by_section.setdefault(entry.section, []).append(entry)

    def rank(slug: str) -> tuple[bool, int, int]:
        return not slug, by_section[slug][0].importance, order.index(slug) if slug else 0

    for slug in sorted(by_section, key=rank):
        section = plan.section(slug) or Link("", "")
        yield SectionBlock(section.name, section.url, plan.cards(by_section[slug]))


def _threads(plan: Planner, entries: Iterable[Entry]) -> tuple[Counted, ...]:
    """Story lines with how many briefs of the week belong to each, the most first."""
    found = Counter(entry.thread for entry in entries if entry.thread)
    threads = [(plan.view.thread(slug), count) for slug, count in found.items()]
    threads.sort(key=lambda thread: (-thread[1], thread[0].slug))
    return tuple(Counted(thread.title, thread.url, count) for thread, count in threads)


def _numbers(plan: Planner, entries: Iterable[Entry]) -> Iterator[FigureLine]:
    """The first figure of each brief, then the second of each, and so on, while there is room; what
    several briefs say of one thing and time once."""
    slugs = [entry.slug for entry in entries if plan.view.outline(entry.slug).figures]
    told = [[(slug, *found) for found in plan.view.figures_in(slug)] for slug in slugs]
    rounds = [found for row in zip_longest(*told) for found in row if found]
    once = {(v.of, v.to, v.key, v.at): (slug, v, rivals) for slug, v, rivals in reversed(rounds)}
    kept = [found for found in rounds if found in once.values()]
    for slug, value, rivals in kept[:_NUMBERS]:
        figures = plan.view.outline(slug).figures
        yield figure_line(plan, value, rivals, plan.language, figures)


KIND = Kind(
    tasks,
    {"digest.html": DigestPage, "digests.html": DigestsPage},
    roots=(INDEX.url,),
)
