"""The weekly digest: the lead, the sections, the numbers of the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.dates import week_in_words
from builder.language.words import message
from builder.ledger.numbers import FigureRecord
from builder.model.time import Moment, days_of
from builder.pages.bodies import fill
from builder.pages.card import ShareCard, card_files, shared, week_card
from builder.pages.corrections import CorrectionEntry, correction_entry
from builder.pages.front import Lead, SectionBlock, lead_of, section_block
from builder.pages.page import Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.expectations import ExpectationLine, expectation_line
from builder.pages.parts.figure_charts import months_of
from builder.pages.parts.figures import FigureLine, figure_line
from builder.pages.planner import Planner, latest
from builder.quantity.quantity import same_amount
from builder.site.ledger_facts import WEEK_EXPECTATIONS
from builder.site.lists import Lists
from builder.site.site import Entry, Site

INDEX = Link(message("Weekly digests"), "/digests/")
FEED = INDEX
_NUMBERS = 8  # figures shown for a week


class DigestPage(Struct, frozen=True, kw_only=True):
    """The digest of a week."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading: the editor's, or the days of the week."]
    days: Annotated[str, "The days of the week if the heading is the editor's; otherwise empty."]
    week: Annotated[int, "The ISO 8601 number of the week."]
    standfirst: Annotated[str, "The standfirst, if any."]
    words: Annotated[
        str, "The editor's introduction: HTML made from Markdown; print it with |safe."
    ]
    total: Annotated[int, "The number of briefs."]
    lead: Annotated[Lead, "The most important brief of the week."]
    sections: Annotated[
        tuple[SectionBlock, ...], "The other briefs by section, most important first."
    ]
    numbers: Annotated[
        tuple[FigureLine, ...], "Figures of the week, from the most important briefs first."
    ]
    threads: Annotated[
        tuple[Counted, ...], "The threads with briefs this week, and how many each has."
    ]
    corrections: Annotated[tuple[CorrectionEntry, ...], "The corrections made this week."]
    due: Annotated[
        tuple[ExpectationLine, ...],
        "What was expected by a date of this week or since the digest before, unless an earlier"
        " brief had settled it, and how it turned out; by date.",
    ] = ()
    companies: Annotated[tuple[Counted, ...], "The companies in the news this week."]
    newer: Annotated[Link | None, "The next week that has briefs, if any."]
    older: Annotated[Link | None, "The previous week that has briefs, if any."]


class DigestYear(Struct, frozen=True):
    """The digests of a year."""

    name: Annotated[str, "The year."]
    weeks: Annotated[tuple[Counted, ...], "The weeks that have briefs, latest first."]


class DigestsPage(Struct, frozen=True, kw_only=True):
    """The index of digests."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    years: Annotated[tuple[DigestYear, ...], "The years, latest first."]


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
            plan.named(INDEX).name,
            active=INDEX.url,
            feed=_feed(plan),
            description=plan.words("{site}, week by week.", site=plan.settings.title),
        ),
        years=tuple(DigestYear(year, tuple(found)) for year, found in years.items()),
    )
    yield Page(INDEX.url, "digests.html", context)


class WeekDigest(NamedTuple):
    """The digest of a week, with the dates of its briefs.

    `published` is when the last brief was published, `modified` when any was last published or
    updated.
    """

    page: DigestPage
    card: ShareCard | None
    published: Moment
    modified: Moment | None


def digest(plan: Planner, week: str) -> WeekDigest:
    """Return a week's digest, made once for its page and the feed."""
    return plan.view.once(f"digest {week}", lambda: _digest(plan, week), _size)


def _size(digested: WeekDigest) -> int:
    return len(digested.page.words) + 200 * digested.page.total


def _digest_page(week: str, plan: Planner) -> Iterator[Page]:
    found, words = digest(plan, week), plan.view.digest_text(week)
    # The page reports mistakes in the introduction, so the feed need not.
    body = plan.text(words) if words else None
    parts = ["content", *(["numbers"] if found.page.numbers else [])]
    anchors = (*parts, *(heading.anchor for heading in (body.headings if body else ())))
    path = words.path if words else ""
    yield Page(
        _url(week), "digest.html", found.page, path, modified=found.modified, anchors=anchors
    )
    yield from card_files(found.page.head, found.card)


def feed_title(plan: Planner) -> str:
    """Return the title of the feed of digests."""
    return plan.words("{site}: Weekly digests", site=plan.settings.title)


def _feed(plan: Planner) -> Link:
    return Link(feed_title(plan), FEED.url)


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
    card = week_card(plan, week, title, standfirst or plan.headline(entries[0].slug).name)
    context = DigestPage(
        site=plan.info,
        head=plan.head(
            url,
            title,
            trail=[plan.named(INDEX)],
            active=INDEX.url,
            feed=_feed(plan),
            description=standfirst or plan.words("What happened in the week of {days}.", days=days),
            **shared(plan, None, card),
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
        sections=digest_sections(plan, entries[1:]),
        numbers=digest_numbers(plan, days_of(week), entries),
        threads=digest_threads(plan, entries),
        corrections=tuple(correction_entry(plan, a) for a in plan.view.week_corrections(week)),
        due=tuple(expectation_line(plan, r) for r in plan.view.read(WEEK_EXPECTATIONS, week)),
        companies=plan.counted("companies", entries),
        newer=newer,
        older=older,
    )
    return WeekDigest(context, card, covered[0].date, latest(entries))


def _beside(plan: Planner, week: str) -> tuple[Link | None, Link | None]:
    """Return the next and the previous week that has briefs."""
    weeks = sorted(plan.view.counts("week"))
    n = weeks.index(week)
    newer = _link(plan, weeks[n + 1]) if n + 1 < len(weeks) else None
    return newer, _link(plan, weeks[n - 1]) if n else None


def digest_sections(plan: Planner, entries: Iterable[Entry]) -> tuple[SectionBlock, ...]:
    """Return briefs by section, most important first; unsectioned briefs come last."""
    order = [str(section.slug) for section in plan.settings.sections]
    by_section: dict[str, list[Entry]] = {}
    for entry in entries:
        by_section.setdefault(entry.section, []).append(entry)

    def rank(slug: str) -> tuple[bool, int, int]:
        return not slug, by_section[slug][0].importance, order.index(slug) if slug else 0

    return tuple(
        section_block(plan, plan.section(slug) or Link("", ""), by_section[slug])
        for slug in sorted(by_section, key=rank)
    )


def digest_threads(plan: Planner, entries: Iterable[Entry]) -> tuple[Counted, ...]:
    """Return threads with their number of briefs among these, most first."""
    found = Counter(entry.thread for entry in entries if entry.thread)
    threads = [(plan.view.thread(slug), count) for slug, count in found.items()]
    threads.sort(key=lambda thread: (-thread[1], thread[0].slug))
    return tuple(Counted(thread.title, thread.url, count) for thread, count in threads)


def digest_numbers(
    plan: Planner, days: tuple[date, date], entries: Iterable[Entry]
) -> tuple[FigureLine, ...]:
    """Return the new figures, each brief's first before any second.

    `days` are the first and the last day of what is new. Stops after `_NUMBERS` figures. A figure
    that several briefs give for the same time appears once.
    """
    slugs = [entry.slug for entry in entries if plan.view.outline(entry.slug).figures]
    by_brief = [
        [(slug, *found) for found in plan.view.figures_in(slug) if _is_new(plan, days, found[0])]
        for slug in slugs
    ]
    rounds = [found for row in zip_longest(*by_brief) for found in row if found]
    once = {(v.of, v.to, v.key, v.at): (slug, v, rivals) for slug, v, rivals in reversed(rounds)}
    kept = [found for found in rounds if found in once.values()]
    return tuple(
        figure_line(plan, value, rivals, plan.language, plan.view.outline(slug).figures)
        for slug, value, rivals in kept[:_NUMBERS]
    )


_EXPECTED = ("planned", "forecast")


def _is_new(plan: Planner, days: tuple[date, date], value: FigureRecord) -> bool:
    """Return whether no brief until the last day makes a figure old.

    One does with the same figure, published before the first day, or with a later value of the
    same measure. Briefs of later weeks do not change an older digest.
    """
    first, last = days
    for other in plan.view.figures_of(value.of):
        if (other.of, other.to, other.key) != (value.of, value.to, value.key):
            continue
        is_same = (other.at, other.basis) == (value.at, value.basis)
        repeats = is_same and same_amount(other.value, value.value)
        is_comparable = (
            months_of(other) == months_of(value)
            and value.at
            and ((other.basis in _EXPECTED) == (value.basis in _EXPECTED))
        )
        replaces = is_comparable and other.in_time > value.in_time
        if not (repeats or replaces):
            continue
        published = plan.view.outline(other.brief).date.at.date()
        if (repeats and published < first) or (replaces and published <= last):
            return False
    return True


KIND = Kind(
    tasks,
    {"digest.html": DigestPage, "digests.html": DigestsPage},
    roots=(INDEX.url,),
)
