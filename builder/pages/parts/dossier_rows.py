"""The rows of a dossier: what the record has on a subject, as cells of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.capitals import with_capital
from builder.language.dates import in_words
from builder.language.lists import joined
from builder.language.quantities import print_quantity
from builder.language.words import without_marks
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord
from builder.model.time import Moment
from builder.pages.corrections import correction_entry
from builder.pages.page import Link
from builder.pages.parts.backing import backing_of
from builder.pages.parts.changes import change_line, changes_about
from builder.pages.parts.corrections import as_text
from builder.pages.parts.events import ahead, event_line
from builder.pages.parts.expectations import expectation_line, undated_steps
from builder.pages.parts.figures import distinct, figure_line
from builder.pages.parts.relations import cited_briefs, measure, sentence
from builder.pages.planner import Planner
from builder.site.ledger_facts import COMPANY_EXPECTATIONS, EXPECTATIONS, PERSON_EXPECTATIONS
from builder.site.site import Entry


class Cell(Struct, frozen=True):
    """A cell of a table."""

    text: Annotated[str, "The text; may be empty."] = ""
    url: Annotated[str, "The address that it leads to, if any."] = ""
    lang: Annotated[str, "The language tag, if it is another than the document's."] = ""


Row = tuple[Cell, ...]


class DossierSubject(NamedTuple):
    """What a dossier is about; `since` is the first day of what it has, if given."""

    group: str  # companies, people or topics
    slug: str
    since: date | None
    url: str

    def has(self, moment: Moment) -> bool:
        """Return whether a moment is not before the first day."""
        return self.since is None or moment.at.date() >= self.since


class DossierRows:
    """Makes the rows of one dossier.

    `entries` are the briefs on its subject."""

    def __init__(self, plan: Planner, subject: DossierSubject, entries: Sequence[Entry]) -> None:
        self.plan, self.view, self.subject = plan, plan.view, subject
        self.newest = sorted(entries, key=lambda entry: entry.date.at, reverse=True)
        self.oldest = sorted(entries, key=lambda entry: entry.in_time)
        self.slugs = frozenset(entry.slug for entry in entries)

    # --- cells ---------------------------------------------------------------------------------

    def text(self, text: str, url: str = "", lang: str = "") -> Cell:
        """Return a cell, without the document's own language."""
        return Cell(without_marks(text), url, lang if lang != self.plan.language else "")

    def link(self, link: Link | None) -> Cell:
        return self.text(link.name, link.url, link.lang) if link else Cell()

    def day(self, moment: Moment | None) -> Cell:
        return Cell(in_words(moment, self.plan.language)) if moment else Cell()

    def published(self, brief: str) -> Cell:
        """Return the date of a brief, with a link to it."""
        date = self.view.outline(brief).date
        return Cell(in_words(date, self.plan.language), self.plan.headline(brief).url)

    # --- facts ---------------------------------------------------------------------------------

    def relations(self) -> Iterator[Row]:
        """Yield relations: the sentence, its measure, the publisher, the brief."""
        plan, language = self.plan, self.plan.language
        states = ("current", "planned", "ending", "former")
        for found in sorted(self._relations(), key=lambda found: states.index(found.state)):
            last = found.statements[0] if found.statements else None
            briefs = cited_briefs(plan, found)
            words = with_capital(without_marks(sentence(plan, found, language)), language)
            yield (
                self.text(words),
                self.text(measure(plan, found, found.measured, language)),
                self.text(last.publisher if last else plan.words("Profile")),
                self.text(briefs[0].title, briefs[0].url, briefs[0].lang) if briefs else Cell(),
            )

    def _relations(self) -> Iterator[RelationRecord]:
        for found in self.view.relations_of(self.subject.slug):
            if self.subject.since is None or not self.slugs.isdisjoint(found.briefs):
                yield found

    def figures(self) -> Iterator[Row]:
        """Yield figures: metric, value, time, basis, source, reports, note, date."""
        plan, words, language = self.plan, self.plan.words, self.plan.language
        for value, equal, _ in distinct(sorted(self._figures(), key=self._in_series)):
            line = figure_line(
                plan,
                value,
                self.view.rivals(value),
                language,
                self.view.outline(value.brief).figures,
            )
            first = min((value, *equal), key=lambda one: self.view.outline(one.brief).date.at)
            sources = dict.fromkeys(one.publisher for one in (value, *equal) if one.publisher)
            rivals = (
                joined((rival.value, rival.publisher), language) if rival.publisher else rival.value
                for rival in line.rivals
            )
            state = [words.term("figure", line.state)] if line.state else []
            yield (
                self.text(self._metric(value)),
                Cell(print_quantity(value.value, language)),
                Cell(line.time),
                self.text(words.term("basis", line.basis)),
                Cell(joined(sources, language)),
                Cell(str(backing_of(plan, value.brief, value.number).now)),
                self.text("; ".join((*state, *rivals))),
                self.published(first.brief),
            )

    def _figures(self) -> Iterator[FigureRecord]:
        """Yield a company's figures on either side, or those of the briefs on a topic."""
        if self.subject.group == "companies":
            found = self.view.figures_of(self.subject.slug)
            yield from (v for v in found if self.subject.has(self.view.outline(v.brief).date))
        elif self.subject.group == "topics":
            for entry in self.oldest:
                yield from (value for value, _ in self.view.figures_in(entry.slug))

    def _in_series(self, value: FigureRecord) -> tuple[object, ...]:
        own = value.of == self.subject.slug
        return (not own, value.key, value.of, value.to, value.in_time, value.brief, value.number)

    def _metric(self, value: FigureRecord) -> str:
        metric, words = with_capital(value.metric, self.plan.language), self.plan.words
        company = self.plan.company(value.of).name
        if value.to:
            other = self.plan.company(value.to).name
            said = "{metric}, {company} → {other}"
            return words(said, metric=metric, company=company, other=other)
        if value.of == self.subject.slug:
            return metric
        return words("{metric}, {company}", metric=metric, company=company)

    def expectations(self) -> Iterator[Row]:
        """Yield expectations: text, whose, date, outcome, source, since when."""
        plan, words = self.plan, self.plan.words
        for record in self._expectations():
            line = expectation_line(plan, record)
            outcome = Cell()
            if found := line.outcome:
                term = with_capital(words.term("outcome", found.outcome), plan.language)
                said = joined((term, in_words(found.when, plan.language)), plan.language)
                outcome = self.text(said, found.brief.url)
            elif line.state == "overdue":
                outcome = self.text(words.of("expectations", "Overdue"))
            source = line.outcome.source if line.outcome else ""
            yield (
                self.text(line.text, line.brief.url, line.lang),
                self.link(line.person or line.company),
                self.text(line.by),
                outcome,
                Cell(joined(dict.fromkeys(s for s in (line.source, source) if s), plan.language)),
                self.day(line.expected),
            )

    def _expectations(self) -> Iterator[ExpectationRecord]:
        group, slug = self.subject.group, self.subject.slug
        if group == "topics":
            of_all = self.view.read(EXPECTATIONS)
            found = tuple(record for record in of_all if record.brief in self.slugs)
        else:
            fact = COMPANY_EXPECTATIONS if group == "companies" else PERSON_EXPECTATIONS
            found = self.view.read(fact, slug)
        for record in found:
            news = (record.expected, *(settled.published for settled in record.settled))
            since = self.subject.since
            due = since is None or (bool(record.by.iso) and record.last_day >= since)
            if due or not record.settled or any(self.subject.has(moment) for moment in news):
                yield record

    def events(self) -> Iterator[Row]:
        """Yield the events ahead: their time, title, place and brief."""
        if self.subject.group == "companies":
            found = self.view.events_of(self.subject.slug)
        else:
            stated = (e for e in self.view.events() if {s for s, _ in e.stated} & self.slugs)
            found = tuple(stated)
        for event in ahead(found):
            if not event.due:
                line = event_line(self.plan, event)
                title = self.text(line.title, line.url, line.lang)
                yield Cell(line.when), title, Cell(line.where), self.link(line.brief)

    # --- the record ----------------------------------------------------------------------------

    def open_questions(self) -> Iterator[Row]:
        """Yield what briefs say is next, without a date."""
        for entry in self.newest:
            lang = self.view.outline(entry.slug).lang
            for text in undated_steps(self.plan.brief(entry.slug)):
                yield self.text(text, lang=lang), self.published(entry.slug)

    def corrections(self) -> Iterator[Row]:
        """Yield corrections, the newest first: date, words, brief."""
        for found in self.view.corrections():
            if found.brief in self.slugs and self.subject.has(found.at):
                entry = correction_entry(self.plan, found)
                words = as_text(self.plan.words_in(entry.lang), entry.line)
                yield self.day(found.at), self.text(words, lang=entry.lang), self.link(entry.brief)

    def changes(self) -> Iterator[Row]:
        """Yield changes, the newest first: since when known, what, source."""
        for change in reversed(changes_about(self.plan, self.subject.group, self.subject.slug)):
            if self.subject.has(change.at):
                line = change_line(self.plan, change)
                text = self.text(line.text, line.url, line.lang)
                yield self.day(line.at), text, Cell(line.source)

    def briefs(self) -> Iterator[Row]:
        """Yield briefs by time: the event's date, headline, summary, date."""
        for entry in self.oldest:
            outline = self.view.outline(entry.slug)
            yield (
                self.day(entry.event_time),
                self.link(self.plan.headline(entry.slug)),
                self.text(outline.summary, lang=outline.lang),
                self.day(entry.date),
            )
