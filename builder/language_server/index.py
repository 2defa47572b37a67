"""What an editor completes and shows: the names, briefs and figures of a whole site.

It is made from the linked site, drafts included, and sent to the server process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from builder.language.quantities import print_short
from builder.ledger.figures import compute
from builder.ledger.numbers import FigureRecord
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.figure import Figure
from builder.model.outline import Outline
from builder.names.keys import SlugStyle
from builder.site.site import Site

_LATEST = 5  # figures on the card of a company


class Named(NamedTuple):
    """A company, person, topic, thread, publisher or page.

    `names` are its other names. `path` is its file, or empty."""

    name: str
    slug: str
    path: str
    names: tuple[str, ...] = ()
    kind: str = ""
    summary: str = ""
    figures: tuple[str, ...] = ()


class FigureCard(NamedTuple):
    """A figure of a brief, in words."""

    id: str
    metric: str
    of: str
    value: str
    time: str
    basis: str
    source: str  # the id of its source


class BriefCard(NamedTuple):
    """A brief, with its figures."""

    slug: str
    title: str
    date: str
    path: str
    status: str
    figures: tuple[FigureCard, ...]
    is_broken: bool = False


class ExpectationCard(NamedTuple):
    """What a brief expects, and how it turned out.

    `reference` is that of `settles`: `brief#id`."""

    reference: str
    text: str
    by: str
    state: str  # open, overdue or settled
    outcome: str  # with the date and the brief that reports it, or empty
    title: str  # of the brief
    path: str


class DeclaredName(NamedTuple):
    """A section or an author of site.yaml."""

    slug: str
    name: str
    line: int


class SiteIndex(NamedTuple):
    """Everything that completion and hover know about a site."""

    companies: tuple[Named, ...] = ()
    people: tuple[Named, ...] = ()
    topics: tuple[Named, ...] = ()
    publishers: tuple[Named, ...] = ()
    threads: tuple[Named, ...] = ()
    pages: tuple[Named, ...] = ()
    briefs: tuple[BriefCard, ...] = ()
    sections: tuple[DeclaredName, ...] = ()
    authors: tuple[DeclaredName, ...] = ()
    metrics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    language: str = "en"
    slugs: SlugStyle = "ascii"
    expectations: tuple[ExpectationCard, ...] = ()  # by date


def is_indexed_alike(site: Site, before: Site) -> bool:
    """Return whether two builds of a site have one index.

    Most edits change no more than a text, so the records are the same objects."""
    now, then = site.content, before.content
    return (
        site.config is before.config
        and len(now.outlines) == len(then.outlines)
        and all(a is b for a, b in zip(now.outlines, then.outlines, strict=True))
        and all(
            len(found) == len(then.records[kind])
            and all(a is b for a, b in zip(found, then.records[kind], strict=True))
            for kind, found in now.records.items()
        )
        and site.media.keys() == before.media.keys()
        and site.figures is before.figures
    )


def index_site(site: Site, before: tuple[Site, SiteIndex] | None = None) -> SiteIndex:
    """Return the index of a site.

    The cards of briefs that have not changed come from the one before."""
    settings, names, content = site.config.settings, site.names, site.content
    latest = _latest_figures(site)
    outlines = content.outlines
    return SiteIndex(
        companies=tuple(_companies(site, latest)),
        people=tuple(_people({**_written(content.records[Person]), **names.all_people}.values())),
        topics=tuple(_topics({**_written(content.records[Topic]), **names.all_topics}.values())),
        publishers=tuple(_publishers(site)),
        threads=tuple(
            Named(str(thread.title), thread.slug, thread.path, (), "thread", thread.summary)
            for thread in content.records[Thread]
            if isinstance(thread, Thread)
        ),
        pages=tuple(
            Named(str(page.title), page.slug, page.path, (), "page", page.summary)
            for page in content.records[PlainPage]
            if isinstance(page, PlainPage)
        ),
        briefs=tuple(_briefs(site, before)),
        sections=tuple(_declared(site, "sections")),
        authors=tuple(_declared(site, "authors")),
        metrics=tuple(sorted({str(f.metric) for o in outlines for f in o.figures if f.metric})),
        languages=tuple(sorted({settings.language, *(o.lang for o in outlines if o.lang)})),
        products=tuple(sorted({str(p) for c in names.all_companies.values() for p in c.products})),
        media=tuple(sorted(site.media)),
        language=settings.language,
        slugs=settings.slug_style,
        expectations=tuple(_expectations(site)),
    )


def _written(records: Iterable[object]) -> dict[str, object]:
    return {str(getattr(record, "slug", "")): record for record in records}


def _companies(site: Site, latest: dict[str, tuple[str, ...]]) -> Iterator[Named]:
    companies = {str(c.slug): c for c in site.content.records[Company] if isinstance(c, Company)}
    for slug, company in sorted(companies.items()):
        others = (*map(str, company.aliases), *map(str, company.formerly))
        yield Named(
            str(company.name), slug, company.path, others, company.kind or "", company.summary,
            latest.get(slug, ()),
        )  # fmt: skip


def _people(found: Iterable[object]) -> Iterator[Named]:
    for person in found:
        assert isinstance(person, Person)
        at = f" at {person.company}" if person.company else ""
        what = f"{person.role}{at}" if person.role else "person"
        yield Named(
            str(person.name), person.slug, person.path, tuple(person.aliases), what, person.summary
        )


def _topics(found: Iterable[object]) -> Iterator[Named]:
    for topic in found:
        assert isinstance(topic, Topic)
        yield Named(
            str(topic.name), topic.slug, topic.path, tuple(topic.aliases), "topic", topic.summary
        )


def _publishers(site: Site) -> Iterator[Named]:
    seen = set[str]()
    for record in site.content.records[Publisher]:
        assert isinstance(record, Publisher)
        seen.update((str(record.name), *map(str, record.aliases)))
        kind = ", ".join(part for part in (record.kind or "", record.country) if part)
        yield Named(str(record.name), record.slug, record.path, tuple(record.aliases), kind)
    others = {name for outline in site.content.outlines for name in outline.cited if name}
    for name in sorted(others - seen):
        yield Named(name, site.names.publisher_slug(name), site.names.publisher_path(name))


def _declared(site: Site, field: str) -> Iterator[DeclaredName]:
    places = site.config.places
    for number, one in enumerate(getattr(site.config.settings, field)):
        place = places.get(f"{field}.{number}")
        yield DeclaredName(one.slug, str(one.name), place.line if place else 1)


def _briefs(site: Site, before: tuple[Site, SiteIndex] | None) -> Iterator[BriefCard]:
    language = site.config.settings.language
    known: dict[int, BriefCard] = {}
    if before and before[0].config.settings.language == language:
        known = {
            id(outline): card
            for outline, card in zip(before[0].content.outlines, before[1].briefs, strict=True)
        }
    for outline in site.content.outlines:
        yield known.get(id(outline)) or _brief(outline, outline.lang or language)


def _brief(outline: Outline, language: str) -> BriefCard:
    return BriefCard(
        outline.slug,
        outline.title,
        outline.date.iso[:10],
        outline.path,
        outline.status,
        tuple(figure_cards(outline.figures, language)),
        outline.broken,
    )


def _expectations(site: Site) -> Iterator[ExpectationCard]:
    for record in site.expectations:
        brief, outcome = site.outlines[record.brief], ""
        if record.settled:
            last = record.settled[0]
            outcome = f"{last.outcome}, {last.when.iso[:10]}, by {last.brief}"
        yield ExpectationCard(
            "#".join(record.key), record.text, record.by.iso, record.state, outcome, brief.title,
            brief.path,
        )  # fmt: skip


def figure_cards(figures: tuple[Figure, ...], language: str) -> Iterator[FigureCard]:
    """Yield the figures of a brief in words."""
    values = compute(figures).values if figures else {}
    for figure in figures:
        value = values.get(figure.id)
        yield FigureCard(
            figure.id,
            str(figure.metric),
            f"{figure.of} to {figure.to}" if figure.to else str(figure.of),
            print_short(value, language) if value is not None else "",
            str(figure.period) or (figure.as_of.iso[:10] if figure.as_of else ""),
            figure.basis,
            figure.source,
        )


def _latest_figures(site: Site) -> dict[str, tuple[str, ...]]:
    """Return the latest figures of each company in words, the newest first."""
    language = site.config.settings.language
    found: dict[str, dict[tuple[str, str], FigureRecord]] = {}
    for record in site.figures:
        known = found.setdefault(record.of, {})
        before = known.get((record.key, record.to))
        if before is None or before.in_time <= record.in_time:
            known[record.key, record.to] = record
    lines: dict[str, tuple[str, ...]] = {}
    for slug, records in found.items():
        newest = sorted(records.values(), key=lambda record: record.in_time, reverse=True)
        lines[slug] = tuple(_in_words(site, one, language) for one in newest[:_LATEST])
    return lines


def _in_words(site: Site, record: FigureRecord, language: str) -> str:
    other = site.names.all_companies.get(record.to)
    to = f" ({other.name})" if other else ""
    return (
        f"{record.metric}{to}: {print_short(record.value, language)}, {record.at} ({record.basis})"
    )
