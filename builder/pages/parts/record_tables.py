"""The tables of the record for programs: their columns, JSON Schema and SQL."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

# An exact decimal number: text in JSON, a number in SQL.
Decimals = Annotated[str, "decimal"]

_URL = "The address of its page."
_BRIEF = "The brief, by its slug."
_REPORTS = "How many independent reports stand behind it, those of later briefs included."
_CONFIRMED = "The companies that state or confirm it, by their slugs, after spaces."


class CompanyRecord(Struct, frozen=True, kw_only=True):
    """Companies that published briefs name, with their numbers in registers."""

    slug: Annotated[str, "The key: the last part of the address."]
    name: Annotated[str, "The name."]
    url: Annotated[str, _URL]
    kind: Annotated[str | None, "The kind of company: lab, vendor, investor."]
    summary: Annotated[str | None, "The company in one sentence."]
    parent: Annotated[str | None, "The company that owns it, by its slug."]
    founded: Annotated[str | None, "The date of the foundation, as precise as it is known."]
    headquarters: Annotated[str | None, "The city and country of the headquarters."]
    website: Annotated[str | None, "The address of its website."]
    wikidata: Annotated[str | None, "The item of Wikidata."]
    lei: Annotated[str | None, "The Legal Entity Identifier (ISO 17442)."]
    cik: Annotated[str | None, "The Central Index Key of the SEC."]
    ticker: Annotated[str | None, "The exchange and symbol of each listing, after spaces."]
    other_names: Annotated[str | None, "Aliases and former names, on lines of their own."]


class PersonRecord(Struct, frozen=True, kw_only=True):
    """People whom published briefs name."""

    slug: Annotated[str, "The key: the last part of the address."]
    name: Annotated[str, "The name."]
    url: Annotated[str, _URL]
    summary: Annotated[str | None, "The person in one sentence."]
    role: Annotated[str | None, "The position held."]
    company: Annotated[str | None, "The company at which it is held, by its slug."]
    wikidata: Annotated[str | None, "The item of Wikidata."]
    orcid: Annotated[str | None, "The ORCID iD."]


class TopicRecord(Struct, frozen=True, kw_only=True):
    """Subjects that briefs share."""

    slug: Annotated[str, "The key: the last part of the address."]
    name: Annotated[str, "The name."]
    url: Annotated[str, _URL]
    summary: Annotated[str | None, "The subject in one sentence."]


class PublisherRecord(Struct, frozen=True, kw_only=True):
    """Publishers of the sources of briefs."""

    slug: Annotated[str, "The key: the last part of the address."]
    name: Annotated[str, "The name."]
    url: Annotated[str, _URL]
    kind: Annotated[str | None, "The kind of publisher: news agency, newspaper, regulator."]
    country: Annotated[str | None, "The country in which it is based."]
    language: Annotated[str | None, "The language in which it publishes (BCP 47)."]
    website: Annotated[str | None, "The address of its website."]
    parent: Annotated[str | None, "The name of the publisher that owns it."]


class ThreadRecord(Struct, frozen=True, kw_only=True):
    """Stories that several briefs tell."""

    slug: Annotated[str, "The key: the last part of the address."]
    title: Annotated[str, "The story in a few words."]
    url: Annotated[str, _URL]
    summary: Annotated[str | None, "What has happened so far."]
    closed: Annotated[str | None, "The date when the story ended, if it did."]


class BriefRecord(Struct, frozen=True, kw_only=True):
    """Published briefs."""

    slug: Annotated[str, "The key: the last part of the address."]
    id: Annotated[str, "The permanent id, which feeds use too."]
    url: Annotated[str, _URL]
    title: Annotated[str, "The headline."]
    summary: Annotated[str | None, "The standfirst."]
    published: Annotated[str, "The date of publication (ISO 8601)."]
    updated: Annotated[str | None, "The date of the last material change or correction."]
    event_date: Annotated[str | None, "When it happened, as precise as it is known."]
    language: Annotated[str, "The language (BCP 47)."]
    section: Annotated[str | None, "The section, by its slug."]
    importance: Annotated[int, "1 leads, 2 is usual, 3 is news in brief."]
    thread: Annotated[str | None, "The story that it is part of, by its slug."]
    translation_of: Annotated[str | None, "The brief that it translates, by its slug."]
    independent_reports: Annotated[int, "How many independent reports stand behind it."]


class MentionRecord(Struct, frozen=True, kw_only=True):
    """Who and what a brief is about."""

    brief: Annotated[str, _BRIEF]
    kind: Annotated[str, "company, person, topic or author."]
    slug: Annotated[str, "The company, person, topic or author, by its slug."]
    position: Annotated[int, "Its position in the brief, from 1; company 1 is the subject."]


class SourceRecord(Struct, frozen=True, kw_only=True):
    """Sources of briefs, and which of them passes on another."""

    brief: Annotated[str, _BRIEF]
    id: Annotated[str, "The id of the source in the brief."]
    publisher: Annotated[str | None, "The publisher, by its slug."]
    publisher_name: Annotated[str, "The name of the publisher."]
    title: Annotated[str | None, "The headline, in the language of the source."]
    url: Annotated[str | None, "The address of the report."]
    language: Annotated[str | None, "The language (BCP 47)."]
    published: Annotated[str | None, "The date of its publication."]
    role: Annotated[str, "original, relay, translation and so on."]
    of: Annotated[str | None, "The id of the source that it passes on."]
    archived: Annotated[str | None, "The address of an archived copy."]
    gone: Annotated[str | None, "The date on which its page was found to be gone."]


class FigureRow(Struct, frozen=True, kw_only=True):
    """Figures of briefs."""

    brief: Annotated[str, _BRIEF]
    id: Annotated[str, "The id of the figure in the brief."]
    company: Annotated[str, "The company that it describes, by its slug."]
    counterparty: Annotated[str | None, "The company on the other side, by its slug."]
    metric: Annotated[str, "What is measured."]
    low: Annotated[Decimals, "The exact value; the lower end of a range."]
    high: Annotated[Decimals, "The exact value; the upper end of a range."]
    unit: Annotated[str | None, "The unit: USD, %, people."]
    bound: Annotated[str, "exact, about, over, under, at least or at most, as the source says."]
    as_of: Annotated[str | None, "The day, month or year for which it is true."]
    period: Annotated[str | None, "The period that it covers."]
    basis: Annotated[str, "actual, reported, planned, estimate, forecast or derived."]
    publisher: Annotated[str | None, "The name of the publisher that gives it."]
    known: Annotated[str, "Since when its value is known: the publication or last correction."]
    preferred: Annotated[bool, "Whether the editors prefer it to figures that contradict it."]
    disputed: Annotated[bool, "Whether another figure contradicts it."]
    independent_reports: Annotated[int, _REPORTS]
    confirmed_by: Annotated[str | None, _CONFIRMED]


class RelationColumns(Struct, frozen=True, kw_only=True):
    """Relations as of today: what one company is to another."""

    company: Annotated[str, "The company that the relation describes, by its slug."]
    type: Annotated[str, "What it is to the other: parent, customer, rival."]
    counterparty: Annotated[str, "The other company, by its slug."]
    state: Annotated[str, "current, planned, ending or former."]
    since: Annotated[str | None, "When it began or is to begin."]
    until: Annotated[str | None, "When it ended or is to end."]
    known: Annotated[str | None, "Since when it is known as it stands."]
    mutual: Annotated[bool, "Whether each is the same to the other: rivals, partners."]
    metric: Annotated[str | None, "What measures it: the figure that the briefs name."]
    period: Annotated[str | None, "The period that the figure covers."]
    low: Annotated[Decimals | None, "The exact value of the figure; the lower end of a range."]
    high: Annotated[Decimals | None, "The exact value of the figure; the upper end of a range."]
    unit: Annotated[str | None, "The unit of the figure: USD, %, people."]
    publisher: Annotated[str | None, "The name of the publisher that reports it."]
    briefs: Annotated[str | None, "The briefs that state it, the latest first, after spaces."]


class ClaimRecord(Struct, frozen=True, kw_only=True):
    """Claims in briefs: what is known, and what is only claimed."""

    brief: Annotated[str, _BRIEF]
    position: Annotated[int, "Its position in the brief, from 1."]
    text: Annotated[str, "The claim."]
    status: Annotated[str, "confirmed, reported, claimed, disputed, denied, forecast or opinion."]
    person: Annotated[str | None, "Who claims it: a person, by the slug."]
    company: Annotated[str | None, "Who claims it, or the speaker's company, by the slug."]
    anonymous: Annotated[int | None, "The number of speakers whom the source does not name."]
    described_as: Annotated[str | None, "The description of the speaker in the source."]
    interest: Annotated[str | None, "The interest of the speaker."]
    source: Annotated[str | None, "The id of the source in the brief."]
    id: Annotated[str | None, "The id of the claim in the brief."]
    confirms: Annotated[str | None, "The earlier claim that it confirms, as brief#id."]
    denies: Annotated[str | None, "The earlier claim that it denies, as brief#id."]
    independent_reports: Annotated[int, _REPORTS]
    confirmed_by: Annotated[str | None, _CONFIRMED]


class QuotationRecord(Struct, frozen=True, kw_only=True):
    """Quotations in briefs, word for word."""

    brief: Annotated[str, _BRIEF]
    position: Annotated[int, "Its position in the brief, from 1."]
    text: Annotated[str, "The words."]
    person: Annotated[str | None, "The speaker, by the slug."]
    company: Annotated[str | None, "The company for which the person speaks, by its slug."]
    described_as: Annotated[str | None, "The position held at the time."]
    language: Annotated[str, "The language of the words (BCP 47)."]
    original: Annotated[str | None, "The original words, if `text` is a translation."]
    original_language: Annotated[str | None, "The language of the original."]
    source: Annotated[str | None, "The id of the source in the brief."]


class ResponseRecord(Struct, frozen=True, kw_only=True):
    """Responses of those whom a brief concerns, and refusals to respond."""

    brief: Annotated[str, _BRIEF]
    position: Annotated[int, "Its position in the brief, from 1."]
    person: Annotated[str | None, "The person who responded or did not, by the slug."]
    company: Annotated[str | None, "The company that responded or did not, by its slug."]
    stance: Annotated[str, "statement, declined, no reply, denied or confirmed."]
    subject: Annotated[str | None, "What the response was about."]
    text: Annotated[str | None, "The response."]
    source: Annotated[str | None, "The id of the source in the brief."]


class CorrectionRow(Struct, frozen=True, kw_only=True):
    """Corrections of briefs, and withdrawals, whose briefs are in no other table."""

    brief: Annotated[str, _BRIEF]
    url: Annotated[str, "The address of the corrected or withdrawn brief."]
    at: Annotated[str, "The date of the correction (ISO 8601)."]
    kind: Annotated[str, "factual, attribution, translation and so on, or withdrawn."]
    was: Annotated[str | None, "The former text."]
    now: Annotated[str | None, "The corrected text."]
    note: Annotated[str | None, "A note for readers; for a withdrawal, the reason."]


class EventRow(Struct, frozen=True, kw_only=True):
    """Scheduled events, past and ahead, each as the latest brief states it."""

    brief: Annotated[str, _BRIEF]
    id: Annotated[str, "The id of the event in the brief."]
    uid: Annotated[str, "The identity of the event, which calendar files use too."]
    title: Annotated[str, "The event in a few words."]
    company: Annotated[str | None, "The company that it concerns, by its slug."]
    date: Annotated[str, "When it begins, as precise as it is known (ISO 8601)."]
    end: Annotated[str | None, "When it ends; of whole days, the last one."]
    place: Annotated[str | None, "The place."]
    url: Annotated[str | None, "The address of its announcement."]
    status: Annotated[str, "scheduled, expected or cancelled."]
    formerly: Annotated[str | None, "Its former dates, the first first, after spaces."]


class ExpectationRow(Struct, frozen=True, kw_only=True):
    """What briefs expect, and how it turned out, as of today."""

    brief: Annotated[str, _BRIEF]
    id: Annotated[str, "The id of the expectation in the brief."]
    text: Annotated[str, "What is expected."]
    due: Annotated[str | None, "The day, month, quarter, half or year by whose end it is."]
    company: Annotated[str | None, "The company that is to do it, by its slug."]
    person: Annotated[str | None, "The person who is to do it, or who forecasts it, by the slug."]
    publisher: Annotated[str | None, "The name of the publisher that reports it."]
    resolves: Annotated[str | None, "What settles it."]
    state: Annotated[str, "open, overdue or settled."]
    outcome: Annotated[str | None, "happened, late, partly, not or moot, by the latest report."]
    outcome_date: Annotated[str | None, "The date of the outcome."]
    settled_by: Annotated[str | None, "The briefs that report an outcome, the latest first."]


class ChangeRow(Struct, frozen=True, kw_only=True):
    """Changes of facts, each known from one moment on."""

    id: Annotated[str, "The identity of the change, which its feeds use too."]
    known: Annotated[str, "Since when it is known (ISO 8601)."]
    kind: Annotated[str, "figure, relation, claim, expectation or correction."]
    companies: Annotated[str | None, "The companies that it concerns, after spaces."]
    text: Annotated[str, "What changed, in words."]
    was: Annotated[str | None, "What was known before: a value, a state or a status."]
    now: Annotated[str, "What is known since."]
    corrected: Annotated[bool, "Whether an error was corrected."]
    brief: Annotated[str, "The brief that made it known, by its slug."]


class RecordTable(NamedTuple):
    """A table of the record: its name, its rows, and the columns that identify a row."""

    name: str
    row: type[Struct]
    key: tuple[str, ...]


TABLES = (
    RecordTable("companies", CompanyRecord, ("slug",)),
    RecordTable("people", PersonRecord, ("slug",)),
    RecordTable("topics", TopicRecord, ("slug",)),
    RecordTable("publishers", PublisherRecord, ("slug",)),
    RecordTable("threads", ThreadRecord, ("slug",)),
    RecordTable("briefs", BriefRecord, ("slug",)),
    RecordTable("mentions", MentionRecord, ("brief", "kind", "slug")),
    RecordTable("sources", SourceRecord, ("brief", "id")),
    RecordTable("figures", FigureRow, ("brief", "id")),
    RecordTable("relations", RelationColumns, ("company", "type", "counterparty")),
    RecordTable("claims", ClaimRecord, ("brief", "position")),
    RecordTable("quotations", QuotationRecord, ("brief", "position")),
    RecordTable("responses", ResponseRecord, ("brief", "position")),
    RecordTable("events", EventRow, ("brief", "id")),
    RecordTable("expectations", ExpectationRow, ("brief", "id")),
    RecordTable("corrections", CorrectionRow, ()),
    RecordTable("changes", ChangeRow, ("id",)),
)


class Column(NamedTuple):
    """A column of a table."""

    name: str
    words: str  # what it has
    kind: str  # text, number, decimal or boolean
    optional: bool


_KINDS: Mapping[Any, str] = {str: "text", int: "number", bool: "boolean"}


def columns_of(row: type[Struct]) -> tuple[Column, ...]:
    """Return the columns of a table from the fields of its rows."""
    found = []
    for name, hint in get_type_hints(row, include_extras=True).items():
        kind, *notes = get_args(hint)
        optional = get_origin(kind) in (types.UnionType, Union)
        base = next(k for k in get_args(kind) if k is not type(None)) if optional else kind
        # An annotation inside another is one with both notes, but not inside an optional kind.
        is_decimal = len(notes) > 1 and notes[0] == "decimal"
        if base == Decimals:
            base, is_decimal = str, True
        kind_of = "decimal" if is_decimal else _KINDS[base]
        found.append(Column(name, notes[-1], kind_of, optional))
    return tuple(found)


def summary_of(table: RecordTable) -> str:
    """Return what a table has."""
    return " ".join((table.row.__doc__ or "").split())


_JSON: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "decimal": {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"},
}
_SQL: Mapping[str, str] = {
    "text": "TEXT", "number": "INTEGER", "boolean": "INTEGER", "decimal": "NUMERIC",
}  # fmt: skip


def json_schema(url: str, title: str) -> dict[str, Any]:
    """Return the JSON Schema of the record (2020-12)."""
    tables = {
        table.name: {
            "type": "array",
            "description": summary_of(table),
            "items": _row_schema(table),
        }
        for table in TABLES
    }
    about = {
        "title": {"type": "string"},
        "url": {"type": "string"},
        "copyright": {"type": "string"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "title": title,
        "type": "object",
        "properties": {
            "site": {"type": "object", "properties": about, "required": [*about]},
            **tables,
        },
        "required": ["site", *tables],
        "additionalProperties": False,
    }


def _row_schema(table: RecordTable) -> dict[str, Any]:
    properties = {}
    for column in columns_of(table.row):
        kind = dict(_JSON[column.kind])
        if column.optional:
            kind["type"] = [kind["type"], "null"]
        properties[column.name] = {"description": column.words, **kind}
    return {
        "type": "object", "properties": properties, "required": [*properties],
        "additionalProperties": False,
    }  # fmt: skip


def sql_schema() -> tuple[str, ...]:
    """Return the statements that create the tables."""
    return tuple(_create(table) for table in TABLES)


def _create(table: RecordTable) -> str:
    lines = [
        f'  "{column.name}" {_SQL[column.kind]}{"" if column.optional else " NOT NULL"}'
        for column in columns_of(table.row)
    ]
    if table.key:
        names = ", ".join(f'"{name}"' for name in table.key)
        lines.append(f"  PRIMARY KEY ({names})")
    rows = " WITHOUT ROWID" if table.key else ""
    return f'CREATE TABLE "{table.name}" (\n' + ",\n".join(lines) + f"\n){rows}"
