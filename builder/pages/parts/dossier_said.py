"""The rows of a dossier about who said what, and who reported it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from builder.language.capitals import with_capital
from builder.language.lists import joined
from builder.ledger.claims import claim_records
from builder.model.brief import Brief
from builder.model.source import ROOT_ROLES
from builder.model.statement import KNOWN
from builder.pages.page import Link
from builder.pages.parts.backing import brief_backing
from builder.pages.parts.dossier_rows import Cell, DossierRows, Row
from builder.pages.parts.sources import SourceLine, source_lines
from builder.pages.parts.statements import (
    Attribution,
    ClaimLine,
    Statements,
    brief_statements,
)
from builder.pages.parts.version_lines import answer_in_words


class _Said(NamedTuple):
    """A brief, its statements in words, and its claims in their order."""

    brief: Brief
    said: Statements
    claims: tuple[ClaimLine, ...]


class SaidRows:
    """Makes the rows about statements and sources.

    A company's are those that name it or that are its own, a person's the person's own, and a
    topic's all of its briefs."""

    def __init__(self, rows: DossierRows) -> None:
        self.rows, self.plan, self.subject = rows, rows.plan, rows.subject
        self._said = tuple(self._briefs())

    def _briefs(self) -> Iterator[_Said]:
        for entry in self.rows.newest:
            brief = self.plan.brief(entry.slug)
            if brief.claims or brief.quotes or brief.responses:
                said = brief_statements(self.plan, brief)
                known, others = iter(said.known), iter(said.claimed)
                claims = (next(known if c.status in KNOWN else others) for c in brief.claims)
                yield _Said(brief, said, tuple(claims))

    def _is_by_subject(self, by: Attribution) -> bool:
        return self.subject.group == "topics" or self.subject.url in (
            by.url,
            by.of.url if by.of else "",
        )

    def _speaker(self, by: Attribution) -> Cell:
        parts = [part for part in (by.who, by.role) if part]
        if by.of and by.of.name not in parts:
            parts.append(by.of.name)
        return self.rows.text(joined(parts, self.plan.language), by.url)

    def _source(self, link: Link | None) -> Cell:
        return self.rows.link(link)

    def claims(self) -> Iterator[Row]:
        """Yield claims, newest first: text, status, speaker, interest, source."""
        for brief, _, lines in self._said:
            about = self._about(brief)
            for n, line in enumerate(lines):
                if n not in about and not self._is_by_subject(line.by):
                    continue
                status = self.plan.words.term("claim", line.status)
                behind = line.backing.sentences if line.backing else ()
                yield (
                    self.rows.text(line.text, lang=brief.lang),
                    self.rows.text(with_capital(status, self.plan.language)),
                    self._speaker(line.by),
                    self.rows.text(line.interest, lang=brief.lang),
                    self._source(line.by.source),
                    self.rows.text(". ".join(behind), lang=brief.lang),
                    self.rows.published(brief.slug),
                )

    def _about(self, brief: Brief) -> set[int]:
        """Return the indexes of the claims that concern a company."""
        if self.subject.group != "companies":
            return set()
        outline = self.plan.view.outline(brief.slug)
        found = claim_records(outline, self.plan.view.everything.names.resolvers)
        return {record.number for record in found if self.subject.slug in record.companies}

    def quotations(self) -> Iterator[Row]:
        """Yield quotations: the words, the speaker, the source, the brief."""
        for brief, said, _ in self._said:
            for line in said.quotes:
                if self._is_by_subject(line.by):
                    words = line.wordings[-1]  # the translation, if there is one
                    source = self._source(words.source or line.by.source)
                    text = self.rows.text(words.text, lang=words.lang)
                    yield text, self._speaker(line.by), source, self.rows.published(brief.slug)

    def responses(self) -> Iterator[Row]:
        """Yield a response in words, its text, its source and its brief."""
        for brief, said, _ in self._said:
            words = self.plan.words
            for line in said.responses:
                if self.subject.group == "topics" or line.url == self.subject.url:
                    yield (
                        self.rows.text(answer_in_words(words, line.who, line.stance, line.about)),
                        self.rows.text(line.text, lang=brief.lang),
                        self._source(line.source),
                        self.rows.published(brief.slug),
                    )

    # --- sources -------------------------------------------------------------------------------

    def publishers(self) -> Iterator[Row]:
        """Yield publishers: the name, its reports, its original reports."""
        found: dict[Link, list[SourceLine]] = {}
        roots: dict[Link, int] = {}
        for _, line, is_root in self._sources():
            found.setdefault(line.publisher, []).append(line)
            roots[line.publisher] = roots.get(line.publisher, 0) + is_root
        for publisher in sorted(found, key=lambda p: (-roots[p], -len(found[p]), p.name)):
            count, originals = len(found[publisher]), roots[publisher]
            yield self.rows.link(publisher), Cell(str(count)), Cell(str(originals))

    def sources(self) -> Iterator[Row]:
        """Yield date, publisher, headline, role and brief of each report, newest first."""
        for slug, line, _ in self._sources():
            role = self.plan.words.term("role", line.role)
            if line.relayed:
                role = self.plan.words("{role} of {publisher}", role=role, publisher=line.relayed)
            yield (
                self.rows.day(line.published),
                self.rows.link(line.publisher),
                self.rows.text(line.title or line.host, line.url, line.lang),
                self.rows.text(with_capital(role, self.plan.language)),
                self.rows.published(slug),
            )

    def _sources(self) -> Iterator[tuple[str, SourceLine, bool]]:
        """Yield the reports that briefs cite, each once, with the brief; the newest first."""
        seen = set[tuple[str, ...]]()
        for entry in self.rows.newest:
            sources = self.plan.brief(entry.slug).sources
            lines = source_lines(self.plan, sources, self.plan.language)
            for source, line in zip(sources, lines, strict=True):
                date = line.published.iso if line.published else ""
                key = (line.original,) if line.original else (line.publisher.name, line.title, date)
                if key not in seen:
                    seen.add(key)
                    yield entry.slug, line, source.role in ROOT_ROLES

    def independence(self) -> Iterator[Row]:
        """Yield briefs with what stands behind them, if their sources say less."""
        for entry in self.rows.newest:
            found = brief_backing(self.plan, self.plan.brief(entry.slug), self.plan.language)
            if found and found.sentences:
                behind = self.rows.text(". ".join(found.sentences))
                yield self.rows.link(self.plan.headline(entry.slug)), behind
