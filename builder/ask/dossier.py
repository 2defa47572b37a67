"""A dossier as Markdown, as one HTML file and as CSV tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.ask.database import open_record, run
from builder.ask.names import names_of
from builder.ask.printed import as_comma_separated
from builder.ask.problem import QueryError
from builder.ask.query import Names, quoted, read_query
from builder.diagnostics.diagnostic import ContentError
from builder.engine.opened import OpenSite
from builder.names.suggest import did_you_mean
from builder.pages.dossier import GROUPS, DossierPage, Scope, dossier
from builder.pages.page import Page
from builder.pages.parts.dossier_rows import Cell, Row
from builder.pages.parts.markdown_text import as_markdown, escape_text, link_target
from builder.pages.parts.record_tables import TABLES, RecordTable, columns_of
from builder.pages.planner import Planner
from builder.site.site import Site

_TEMPLATE = "dossier.html"


def find_subject(site: Site, name: str) -> tuple[str, str]:
    """Return the group and the slug of a company, person or topic.

    Raises QueryError with a suggestion if nothing on the record has the name."""
    names = names_of(site)
    for group in GROUPS:
        if slug := names.resolve[group](name):
            return group, slug
    known = [one for group in GROUPS for one in names.known[group]]
    longer = next((one for one in known if name.casefold() in one.casefold().split()), "")
    hint = f"did you mean `{longer}`?" if longer else did_you_mean(name, known)
    hint = hint or "write the name of a company, a person or a topic"
    message = f"no company, person or topic on the record is called `{name}`"
    raise QueryError("", 0, 1, message, hint)


def make_dossier(site: OpenSite, scope: Scope) -> DossierPage:
    """Return the dossier of a subject."""
    site.plan.view.begin()
    return dossier(site.plan, scope, site.now.astimezone(site.site.config.zone))


def as_html(site: OpenSite, page: DossierPage) -> str:
    """Return a dossier as one HTML file, which needs no other."""
    file = Page("/", _TEMPLATE, page, addresses="absolute", listed=False, base=site.base)
    data = site.renderer.render(file)
    if not isinstance(data, bytes):
        raise ContentError([data])
    return data.decode("utf-8")


def as_text(plan: Planner, page: DossierPage) -> str:
    """Return a dossier as Markdown, with a list item per row."""
    return "\n\n".join(part for part in _parts(plan, page) if part) + "\n"


def _parts(plan: Planner, page: DossierPage) -> Iterator[str]:
    yield f"# {escape_text(page.title)}"
    yield escape_text(page.summary)
    yield " · ".join(map(escape_text, (*page.notes, page.url)))
    facts = (
        f"- {escape_text(fact.label)}: {', '.join(_cell(plan, value) for value in fact.values)}"
        for fact in page.facts
    )
    yield "\n".join(facts)
    yield as_markdown(page.body, plan.absolute).strip()
    for table in page.tables:
        yield f"## {escape_text(table.heading)}"
        yield "\n".join(_item(plan, table.columns, row) for row in table.rows)


def _item(plan: Planner, columns: Sequence[str], row: Row) -> str:
    """Return a row as an item: its first cell, then the others with their heads."""
    first, *others = (_cell(plan, value) for value in row)
    named = (
        f"{escape_text(column)}: {text}"
        for column, text in zip(columns[1:], others, strict=True)
        if text
    )
    details = "; ".join(named)
    return f"- **{first}**" + (f"  \n  {details}" if details else "")


def _cell(plan: Planner, cell: Cell) -> str:
    text = escape_text(" ".join(cell.text.split()))
    if not (text and cell.url):
        return text
    address = plan.absolute(cell.url) if cell.url.startswith("/") else cell.url
    return f"[{text}]({link_target(address)})"


def as_tables(site: OpenSite, scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield tables of the record on a subject, as CSV, by name."""
    this = Names({scope.group: lambda name: scope.slug}, {})
    with open_record(site) as database:
        for table in TABLES:
            try:
                sql = read_query(f"{table.name} of this", this).sql
            except QueryError:
                continue  # its rows concern no such subject
            answer = run(database, _since(sql, table, scope))
            if answer.rows:
                yield table.name, as_comma_separated(answer)


def _since(sql: str, table: RecordTable, scope: Scope) -> str:
    """Return a query with only what was published since a day, where a table has dates."""
    if scope.since is None:
        return sql
    day, columns = quoted(scope.since.isoformat()), {c.name for c in columns_of(table.row)}
    if column := next((name for name in ("known", "published", "at") if name in columns), ""):
        condition = f'"{column}" >= {day}'
    elif "brief" in columns:
        condition = f'"brief" IN (SELECT "slug" FROM "briefs" WHERE "published" >= {day})'
    else:
        return sql
    return f"SELECT * FROM (\n{sql}\n)\nWHERE {condition}"
