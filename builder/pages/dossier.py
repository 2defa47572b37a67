"""A dossier: what the record has on a company, a person or a topic. No build makes it.

It shows what the pages show, from the same values, as tables; `slugline dossier` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.content.urls import host_of
from builder.language.capitals import with_capital
from builder.language.dates import in_words, with_time
from builder.language.direction import direction
from builder.language.words import without_marks
from builder.model.entity import Company, Person, Topic
from builder.model.time import Moment
from builder.pages.page import Kind, SiteInfo
from builder.pages.parts.dossier_rows import Cell, DossierRows, DossierSubject, Row
from builder.pages.parts.dossier_said import SaidRows
from builder.pages.parts.registers import RegisterEntry, company_registers, person_registers
from builder.pages.planner import Planner

GROUPS = ("companies", "people", "topics")


class DossierFact(Struct, frozen=True):
    """A fact of a profile."""

    label: Annotated[str, "What it is: Founded, Headquarters."]
    values: Annotated[tuple[Cell, ...], "Its values."]


class DossierTable(Struct, frozen=True):
    """A table of a dossier."""

    anchor: Annotated[str, "Its anchor."]
    heading: Annotated[str, "Its heading."]
    columns: Annotated[tuple[str, ...], "The heads of the columns; none is empty in all rows."]
    rows: Annotated[tuple[Row, ...], "The rows, a cell for each column."]


class DossierPage(Struct, frozen=True, kw_only=True):
    """What the record has on a company, a person or a topic."""

    site: Annotated[SiteInfo, "The site."]
    lang: Annotated[str, "The language tag."]
    direction: Annotated[str, "The direction of the script: ltr or rtl."]
    title: Annotated[str, "The title: Dossier: Scale AI."]
    name: Annotated[str, "The name of the company, the person or the topic."]
    summary: Annotated[str, "A one-line description, if any."]
    url: Annotated[str, "The absolute address of its page."]
    notes: Annotated[
        tuple[str, ...], "When this was known, since when it has all, the number of briefs."
    ]
    facts: Annotated[tuple[DossierFact, ...], "The profile."]
    body: Annotated[str, "The profile in words: HTML made from Markdown; print it with |safe."]
    tables: Annotated[tuple[DossierTable, ...], "The tables; those without a row are left out."]


class Scope(NamedTuple):
    """What a dossier is to have: a subject, and what was published since a day."""

    group: str  # companies, people or topics
    slug: str
    since: date | None = None
    drafts: bool = False


def dossier(plan: Planner, scope: Scope, now: datetime) -> DossierPage:
    """Return the dossier of a subject as of a moment."""
    record = _record(plan, scope)
    found = plan.view.covering(scope.group, scope.slug)
    shown = {entry.slug for entry in found}
    entries = [
        entry
        for entry in found
        if entry.original not in shown and (not scope.since or entry.date.at.date() >= scope.since)
    ]
    subject = DossierSubject(scope.group, scope.slug, scope.since, record.url)
    return DossierPage(
        site=plan.info,
        lang=plan.language,
        direction=direction(plan.language),
        # Translators: the title of a document; {name} is a company, a person or a topic.
        title=without_marks(plan.words("Dossier: {name}", name=record.name)),
        name=record.name,
        summary=record.summary,
        url=plan.absolute(record.url),
        notes=tuple(map(without_marks, _notes(plan, scope, now, len(entries)))),
        facts=tuple(_facts(plan, record)),
        body=plan.text(record).html,
        tables=tuple(_tables(DossierRows(plan, subject, entries))),
    )


def _record(plan: Planner, scope: Scope) -> Company | Person | Topic:
    if scope.group == "companies":
        return plan.view.company(scope.slug)
    return plan.known_person(scope.slug) if scope.group == "people" else plan.view.topic(scope.slug)


def _notes(plan: Planner, scope: Scope, now: datetime, total: int) -> Iterator[str]:
    words, language = plan.words, plan.language
    # Translators: of a document; {date} is a day and time: what was known then.
    yield words("As known on {date}", date=with_time(Moment(now, "minute"), language))
    if scope.since:
        since = Moment(datetime.combine(scope.since, time(), now.tzinfo))
        yield words("Since {date}", date=in_words(since, language))
    yield words.many("{n} brief", "{n} briefs", total)
    if scope.drafts:
        yield words("With drafts: not for publication")


# --- the profile -------------------------------------------------------------------------------


def _facts(plan: Planner, record: Company | Person | Topic) -> Iterator[DossierFact]:
    """Yield the facts of a profile that are given."""
    found = _company(plan, record) if isinstance(record, Company) else _other(plan, record)
    for label, values in found:
        kept = tuple(value for value in values if value.text)
        if kept:
            yield DossierFact(without_marks(label), kept)


def _company(plan: Planner, company: Company) -> Iterator[tuple[str, Iterable[Cell]]]:
    words, language = plan.words, plan.language
    yield words("Kind"), [Cell(with_capital(words.term("company", company.kind or ""), language))]
    yield words("Founded"), [Cell(in_words(company.founded, language) if company.founded else "")]
    yield words("Headquarters"), [Cell(company.headquarters)]
    owner = [company.parent] if company.parent and plan.view.has_company(company.parent) else []
    yield words("Owned by"), _companies(plan, owner)
    yield words("Owns"), _companies(plan, plan.view.children(company.slug))
    people = (plan.person(slug) for slug in company.people)
    yield words("People"), [Cell(person.name, person.url) for person in people]
    yield words("Known for"), map(Cell, company.products)
    yield words("Listed as"), map(Cell, company.tickers)
    yield words("Also called"), map(Cell, company.aliases)
    yield words.of("names", "Formerly"), map(Cell, company.formerly)
    yield words("Website"), [Cell(host_of(company.website), company.website)]
    yield words("In registers"), _registers(company_registers(company.ids))


def _other(plan: Planner, record: Person | Topic) -> Iterator[tuple[str, Iterable[Cell]]]:
    words = plan.words
    if isinstance(record, Person):
        known = [record.company] if plan.view.has_company(record.company) else []
        yield words("Position"), [Cell(record.role)]
        yield words("Company"), _companies(plan, known)
        yield words("Website"), [Cell(host_of(record.website), record.website)]
        yield words("In registers"), _registers(person_registers(record.ids))
    yield words("Also called"), map(Cell, record.aliases)


def _companies(plan: Planner, slugs: Iterable[str]) -> list[Cell]:
    return [Cell(company.name, company.url) for company in map(plan.company, slugs)]


def _registers(found: Iterable[RegisterEntry]) -> list[Cell]:
    return [Cell(f"{entry.register} {entry.number}", entry.url) for entry in found]


# --- the tables --------------------------------------------------------------------------------


def _tables(rows: DossierRows) -> Iterator[DossierTable]:
    """Yield the tables that have rows, each without its empty columns."""
    for anchor, heading, columns, found in _all_tables(rows, SaidRows(rows)):
        kept = [*found]
        used = [n for n in range(len(columns)) if any(row[n].text for row in kept)]
        if kept:
            yield DossierTable(
                anchor,
                without_marks(heading),
                tuple(without_marks(columns[n]) for n in used),
                tuple(tuple(row[n] for n in used) for row in kept),
            )


_Table = tuple[str, str, Sequence[str], Iterable[Row]]


def _all_tables(rows: DossierRows, said: SaidRows) -> Iterator[_Table]:
    words = rows.plan.words
    source, brief, when = words("Source"), words("The brief"), words("When")
    # Translators: the head of a column of a table: since when a fact is known.
    known, text = words("Known since"), words("Text")
    # Translators: the head of a column of a table: who made a statement.
    speaker = words("Speaker")
    independence = words("Independent reports")
    if rows.subject.group == "companies":
        columns: Sequence[str] = (words("Relation"), words("Figure"), source, brief)
        yield "relations", words("Relations"), columns, rows.relations()
    columns = (
        words("Metric"), words("Value"), when, words("Basis"), source, independence,
        words("Note"), known,
    )  # fmt: skip
    yield "figures", words("Numbers"), columns, rows.figures()
    columns = (words("Claim"), words.of("claim", "Status"), speaker, words("Interest"), source,
               independence, brief)  # fmt: skip
    yield "claims", words("Claims"), columns, said.claims()
    yield "quotations", words("Quotations"), (text, speaker, source, brief), said.quotations()
    columns = (words("Response"), text, source, brief)
    yield "responses", words("Responses"), columns, said.responses()
    columns = (words("Expected"), words("Of whom"), when, words("Outcome"), source, known)
    yield "expected", words("Expected"), columns, rows.expectations()
    columns = (when, words("Event"), words("Place"), brief)
    yield "events", words("Ahead"), columns, rows.events()
    yield "open", words("Open questions"), (text, brief), rows.open_questions()
    yield "corrections", words("Corrections"), (when, text, brief), rows.corrections()
    yield "changes", words("What changed"), (known, text, source), rows.changes()
    columns = (words("Happened"), brief, words("Summary"), words("Published"))
    yield "timeline", words("Timeline"), columns, rows.briefs()
    yield "independence", independence, (brief, text), said.independence()
    columns = (words("Publisher"), words("Reports"), words("Original reports"))
    yield "publishers", words.of("data", "Publishers"), columns, said.publishers()
    columns = (words("Published"), words("Publisher"), text, words("Role"), brief)
    yield "sources", words("Sources"), columns, said.sources()


KIND = Kind(lambda site, lists: (), {"dossier.html": DossierPage})
