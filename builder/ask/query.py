"""Reads a query of the record, and says it in SQL.

    figures of Scale AI where metric = valuation and low > 10bn as known 2025-07-01

The parts, in this order; all but the table may be left out:

    TABLE                     a table of the record
    of NAME                   rows on a company, a person, a topic, a publisher or a thread
    where COLUMN OP VALUE     conditions, joined by `and`; OP is = != < <= > >= or contains
    as known DATE             the record of an earlier day
    order by COLUMN [desc]
    limit NUMBER

A value that has one of these words in it is in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from builder.ask.problem import QueryError
from builder.diagnostics.misread import Misread
from builder.names.suggest import did_you_mean
from builder.pages.parts.record_tables import TABLES, Column, RecordTable, columns_of
from builder.quantity.parse import parse_quantity

# The columns that name a record, and its kind.
_NAMED: Mapping[str, str] = {
    "company": "companies", "counterparty": "companies", "parent": "companies",
    "person": "people", "publisher": "publishers", "thread": "threads", "topic": "topics",
}  # fmt: skip
# The kind of record that each table has, whose rows `of` finds by their key.
_KEYED = ("companies", "people", "topics", "publishers", "threads")
_MENTIONS: Mapping[str, str] = {"companies": "company", "people": "person", "topics": "topic"}
_SAME: Mapping[str, str] = {"value": "low", "other": "counterparty", "date": "published"}
_OPERATORS = ("contains", "!=", "<=", ">=", "=", "<", ">")
_PART = re.compile(
    r"\b(?:(?P<of>of)|(?P<where>where)|(?P<and>and)|(?P<known>as\s+known(?:\s+on)?)"
    r"|(?P<order>order\s+by)|(?P<limit>limit))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|'[^']*'(?=\s|$)")
_ORDER = ("of", "where", "and", "known", "order", "limit")


class Names(NamedTuple):
    """What names mean: by kind of record, a function and the names for suggestions.

    A function returns a slug, or nothing for a name that is not known."""

    resolve: Mapping[str, Callable[[str], str]]
    known: Mapping[str, tuple[str, ...]]


class Clause(NamedTuple):
    """A part of a query: its word, its text, and where the text begins."""

    word: str
    text: str
    at: int


class Query(NamedTuple):
    """A query of the record: its table, its SQL, its day and its columns."""

    table: RecordTable
    sql: str
    known: str  # a date, or empty for the present


def day_of(text: str) -> str:
    """Return the date after `as known`, or nothing."""
    return next((clause.text for clause in clauses(text) if clause.word == "known"), "")


def clauses(text: str) -> Iterator[Clause]:
    """Yield the parts of a query, the table first."""
    # Words in quotation marks begin no part.
    plain = _QUOTED.sub(lambda match: "\0" * len(match[0]), text)
    word, begin = "", 0
    for match in _PART.finditer(plain):
        yield _clause(text, word, begin, match.start())
        word, begin = match.lastgroup or "", match.end()
    yield _clause(text, word, begin, len(text))


def _clause(text: str, word: str, begin: int, end: int) -> Clause:
    part = text[begin:end]
    at = begin + len(part) - len(part.lstrip())
    return Clause(word, part.strip(), at)


def read_query(text: str, names: Names) -> Query:
    """Return a query of the record.

    Raises QueryError, which says where the mistake is."""
    return _Reader(text, names).read()


class _Reader:
    """Reads one query."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names = text, names
        self.table = TABLES[0]
        self.columns: dict[str, Column] = {}

    def fail(self, at: int, width: int, message: str, hint: str = "") -> QueryError:
        return QueryError(self.text, at, max(1, width), message, hint)

    def read(self) -> Query:
        parts = [*clauses(self.text)]
        self._find_table(parts[0])
        conditions, order, limit, known, rank = [], "", "", "", 0
        for part in parts[1:]:
            if _ORDER.index(part.word) < rank and part.word != "and":
                hint = "the order is: of, where, as known, order by, limit"
                raise self.fail(part.at, len(part.text), f"`{part.word}` comes too late", hint)
            if part.word == "and" and rank != _ORDER.index("where"):
                hint = "begin conditions with `where`, and quote a name that contains `and`"
                raise self.fail(part.at - 4, 3, "`and` joins no conditions", hint)
            rank = _ORDER.index("where" if part.word == "and" else part.word)
            if not part.text:
                raise self.fail(part.at, 1, f"nothing follows `{part.word}`")
            if part.word == "of":
                conditions.append(self._of(part))
            elif part.word in ("where", "and"):
                conditions.append(self._condition(part))
            elif part.word == "known":
                known = part.text
            elif part.word == "order":
                order = self._order(part)
            else:
                limit = self._limit(part)
        sql = f'SELECT * FROM "{self.table.name}"'
        if conditions:
            sql += "\nWHERE " + "\n  AND ".join(conditions)
        keys = order or ", ".join(f'"{name}"' for name in self._usual_order())
        sql += f"\nORDER BY {keys}" if keys else ""
        return Query(self.table, f"{sql}\nLIMIT {limit}" if limit else sql, known)

    def _usual_order(self) -> tuple[str, ...]:
        first = tuple(name for name in ("known", "published") if name in self.columns)
        return first + tuple(name for name in self.table.key if name not in first)

    def _find_table(self, part: Clause) -> None:
        tables = {table.name: table for table in TABLES}
        found = tables.get(part.text.lower())
        if found is None:
            known = f"the tables are {', '.join(tables)}"
            hint = did_you_mean(part.text.lower(), tables) or known
            message = f"there is no table `{part.text}`" if part.text else "a query names a table"
            raise self.fail(part.at, len(part.text), message, hint)
        self.table = found
        self.columns = {column.name: column for column in columns_of(found.row)}

    # --- of NAME -------------------------------------------------------------------------------

    def _of(self, part: Clause) -> str:
        name = _unquoted(part.text)
        found = [*self._concerning(name)]
        if found:
            return found[0] if len(found) == 1 else f"({' OR '.join(found)})"
        everything = [one for names in self.names.known.values() for one in names]
        hint = did_you_mean(name, everything) or "write a name or an alias from content/"
        if any(resolve(name) for resolve in self.names.resolve.values()):
            message = f"{self.table.name} do not name what `{name}` is"
            hint = f"their columns are {', '.join(self.columns)}"
        else:
            message = f"nothing on the record is called `{name}`"
        raise self.fail(part.at, len(part.text), message, hint)

    def _concerning(self, name: str) -> Iterator[str]:
        """Yield the conditions under which a row concerns a name."""
        for kind, resolve in self.names.resolve.items():
            slug = resolve(name)
            if not slug:
                continue
            columns = [c for c, k in _NAMED.items() if k == kind and c in self.columns]
            if self.table.name == kind:
                yield f'"slug" = {quoted(slug)}'
            elif self.table.name == "mentions" and kind in _MENTIONS:
                kind_of = quoted(_MENTIONS[kind])
                yield f'("kind" = {kind_of} AND "slug" = {quoted(slug)})'
            elif self.table.name == "changes" and kind == "companies":
                yield f"' ' || \"companies\" || ' ' LIKE {quoted(f'% {slug} %')}"
            elif columns and self.table.name not in _KEYED:
                yield from (f'"{column}" = {quoted(slug)}' for column in columns)
            elif kind in _MENTIONS and (key := self._brief_column()):
                yield (
                    f'"{key}" IN (SELECT "brief" FROM "mentions" WHERE "kind" ='
                    f' {quoted(_MENTIONS[kind])} AND "slug" = {quoted(slug)})'
                )

    def _brief_column(self) -> str:
        if self.table.name == "briefs":
            return "slug"
        return "brief" if "brief" in self.columns else ""

    # --- conditions ----------------------------------------------------------------------------

    def _condition(self, part: Clause) -> str:
        pattern = rf"(?P<name>[\w ]*?)\s*(?P<op>\bcontains\b|{'|'.join(_OPERATORS[1:])})"
        match = re.match(pattern, part.text, re.IGNORECASE)
        if match is None:
            hint = "write a condition such as `metric = valuation` or `low > 10bn`"
            raise self.fail(part.at, len(part.text), "this is not a condition", hint)
        column = self._column(match["name"], part.at)
        rest = part.text[match.end() :]
        at = part.at + match.end() + len(rest) - len(rest.lstrip())
        value, operator = rest.strip(), match["op"].lower()
        if not value:
            raise self.fail(part.at + match.start("op"), len(operator), "no value follows", "")
        return self._compared(column, operator, value, at)

    def _column(self, name: str, at: int) -> Column:
        key = name.strip().lower().replace(" ", "_")
        key = key if key in self.columns else _SAME.get(key, key)
        if key not in self.columns:
            message = f"there is no column `{name.strip()}` in {self.table.name}"
            hint = did_you_mean(key, self.columns) or f"they are {', '.join(self.columns)}"
            raise self.fail(at, len(name.strip()), message, hint)
        return self.columns[key]

    def _compared(self, column: Column, operator: str, value: str, at: int) -> str:
        name, text = f'"{column.name}"', _unquoted(value)
        if operator == "contains":
            return f"instr(lower({name}), lower({quoted(text)})) > 0"
        if operator in ("=", "!=") and text.lower() in ("nothing", "null"):
            return f"{name} IS {'NOT ' if operator == '!=' else ''}NULL"
        if kind := _NAMED.get(column.name):
            slug = self.names.resolve[kind](text)
            if not slug:
                message = f"no {_singular(kind)} on the record is called `{text}`"
                hint = did_you_mean(text, self.names.known[kind])
                raise self.fail(at, len(value), message, hint)
            return f"{name} {operator} {quoted(slug)}"
        if column.kind in ("number", "decimal"):
            return f"{name} {operator} {self._number(text, value, at)}"
        if column.kind == "boolean":
            return f"{name} {operator} {self._truth(text, value, at)}"
        return f"{name} {operator} {quoted(text)} COLLATE NOCASE"

    def _number(self, text: str, value: str, at: int) -> str:
        for said in (text, f"{text} units"):  # a column of numbers needs no unit
            try:
                return str(parse_quantity(said).low)
            except Misread:
                continue
        hint = "write a number such as 200, 14bn or 49%"
        raise self.fail(at, len(value), f"`{text}` is not a number", hint)

    def _truth(self, text: str, value: str, at: int) -> str:
        found = {"yes": "1", "true": "1", "1": "1", "no": "0", "false": "0", "0": "0"}
        if text.lower() not in found:
            raise self.fail(at, len(value), f"`{text}` is neither yes nor no", "write yes or no")
        return found[text.lower()]

    # --- the rest ------------------------------------------------------------------------------

    def _order(self, part: Clause) -> str:
        found = []
        for text in part.text.split(","):
            name, _, way = text.strip().partition(" ")
            if way.strip().lower() not in ("", "asc", "desc"):
                message = f"`{way.strip()}` is not an order"
                raise self.fail(part.at, len(part.text), message, "write asc or desc")
            column = self._column(name, part.at)
            found.append(f'"{column.name}"{" DESC" if way.strip().lower() == "desc" else ""}')
        return ", ".join(found)

    def _limit(self, part: Clause) -> str:
        if not part.text.isdecimal() or len(part.text) > 9:
            message = f"`{part.text}` is not a number of rows"
            raise self.fail(part.at, len(part.text), message, "write a whole number")
        return str(int(part.text))


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''").replace("\0", "") + "'"


def _unquoted(text: str) -> str:
    return text[1:-1] if _QUOTED.fullmatch(text) else text


def _singular(kind: str) -> str:
    return {"companies": "company", "people": "person"}.get(kind, kind.removesuffix("s"))
