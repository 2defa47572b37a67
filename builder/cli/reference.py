"""JSON Schemas and reference pages, from the definitions in the code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from builder.content.field_types import called
from builder.content.json_schema import json_schema, type_in_words
from builder.content.schema import fields_of, is_part
from builder.diagnostics.codes import CODES, page
from builder.model.brief import Brief
from builder.model.entity import (
    Company,
    Digest,
    Person,
    PlainPage,
    Profile,
    Publisher,
    Thread,
    Topic,
)
from builder.model.record import Allowed
from builder.model.replies import Reactions
from builder.model.settings import Settings
from builder.pages.kinds import CONTEXTS
from builder.render.environment import FILTERS

RECORDS: dict[str, type[Struct]] = {
    "brief": Brief,
    "company": Company,
    "topic": Topic,
    "thread": Thread,
    "person": Person,
    "profile": Profile,
    "publisher": Publisher,
    "page": PlainPage,
    "digest": Digest,
    "replies": Reactions,
    "site": Settings,
}


def schema_texts() -> dict[str, str]:
    """Return the JSON Schema of each record, by name, as text."""
    return {
        name: json.dumps(json_schema(record), ensure_ascii=False, indent=2) + "\n"
        for name, record in RECORDS.items()
    }


# --- docs/front-matter.md ----------------------------------------------------------------------


_TITLES = {"PlainPage": "Page", "Reactions": "Replies", "Settings": "site.yaml"}


def front_matter_page() -> str:
    """Return the reference page of front matter fields."""
    lines = [
        "# Front matter",
        "",
        "<!-- Generated from builder/model/ by `make docs`; edit that. -->",
        "",
        "Every field of every record. Fields marked * are required; an unknown field is an error"
        " with a suggestion. To get the same as JSON Schema, run `slugline schema`.",
        "",
        "Dates are `2025-06-13`, `2025-06-13 14:39` (in the time zone of site.yaml) or"
        " `2025-06-13 14:39 +07:00`. If a field accepts a year or a month, `2025` and `2025-06` are"
        " dates too. The field decides how a value is read: `no`, `on`, `12:30` and `010` stay text"
        " in a field for text.",
        "",
        "A list of one item may be written without brackets: `companies: Scale AI`. Periods are"
        " `2024`, `2024-H1`, `2024-Q3`, `2024-06`, and `FY2024`, `FY2024-Q4`, `2024/25` for a"
        " company with `fiscal_year_end`; `Q3 2024`, `1H25`, `Q4 FY24` and `June 2024` are read"
        " too.",
        "",
    ]
    parts: dict[str, type[Struct]] = {}
    for record in RECORDS.values():
        title = _TITLES.get(record.__name__, record.__name__)
        lines += [f"## {title}", "", *_doc(record), "", *_record_table(record, parts), ""]
    done: set[str] = set()
    while rest := [name for name in parts if name not in done]:  # parts nest
        done.update(rest)
        for name in rest:
            table = _record_table(parts[name], parts)
            lines += [f"## Part: {called(parts[name])}", "", *_doc(parts[name]), "", *table, ""]
    return "\n".join(lines)


def _record_table(record: type[Struct], parts: dict[str, type[Struct]]) -> Iterator[str]:
    yield "| field | value | meaning |"
    yield "|---|---|---|"
    for field in fields_of(record):
        for kind in (field.type, *get_args(field.type)):
            if is_part(kind) and kind is not Allowed:  # written as names with texts
                parts[kind.__name__] = kind
        default = ""
        if isinstance(field.default, (bool, int, str)) and field.default != "":
            default = f" Default: `{str(field.default).lower()}`."
        mark = "*" if field.required else ""
        words = type_in_words(field.type).replace("|", "\\|")
        yield f"| `{field.name}`{mark} | {words} | {field.help}{default} |"


def _doc(thing: type) -> list[str]:
    return " ".join((thing.__doc__ or "").split()).split("\n")


# --- docs/templates.md -------------------------------------------------------------------------


_WORDS = (
    "Words are messages, which catalogs translate. They are in the language of the page:",
    "",
    "```jinja",
    "<h2>{% trans %}Why it matters{% endtrans %}</h2>",
    "{% trans n=sources|length %}{{ n }} source{% pluralize %}{{ n }} sources{% endtrans %}",
    '{% trans date=published|in_words %}Published <time datetime="{{ published|iso }}">'
    "{{ date }}</time>{% endtrans %}",
    '<nav aria-label="{{ _("Main menu") }}">',
    "{% language site.language %}{% trans %}Feeds{% endtrans %}{% endlanguage %}",
    "```",
    "",
    "Write a whole sentence, print names only, and bind them in the tag. A translation names"
    " elements without their attributes, `<time>{date}</time>`. A text in quotation marks after"
    " `trans` is a context, for words with several meanings. `_` returns plain text, for"
    " attributes; so do `pgettext`, `ngettext` and `npgettext`. `language` puts what is inside it,"
    " and the macros that it calls, into another language. Messages of your own templates go into"
    " `content/messages/`.",
)


def templates_page() -> str:
    """Return the reference page of template contexts and filters."""
    lines = [
        "# Templates",
        "",
        "<!-- Generated from builder/pages/ by `make docs`; edit that. -->",
        "",
        "A template is a Jinja file in `templates/`. It can use the fields of its context and the"
        " filters, both listed here, and nothing else. Using any other name is an error that shows"
        " the template's line. A site needs only the templates that it changes; Slugline includes"
        " the others.",
        "",
        'Addresses begin with `/`. Write them as `href="{{ url }}"`; the build makes them relative'
        " to the page. Text is escaped. Fields that contain HTML say so; print them with `|safe`.",
        "",
        *_WORDS,
        "",
    ]
    parts: dict[str, type[Struct]] = {}
    for template, context in CONTEXTS.items():
        lines += [f"## {template}", "", *_doc(context), "", *_context_table(context, parts), ""]
    lines += ["# Values in contexts", ""]
    done: set[str] = set()
    while rest := sorted(parts.keys() - done):
        for name in rest:
            done.add(name)
            lines += [f"## {name}", "", *_doc(parts[name]), ""]
            lines += [*_context_table(parts[name], parts), ""]
    lines += [
        "# Filters",
        "",
        "In addition to Jinja's own filters, except `attr` and `random`:",
        "",
    ]
    for name, function in FILTERS.items():
        text = " ".join((function.__doc__ or f"The time as {name}.").split())
        lines.append(f"- `{name}`: {text}")
    return "\n".join([*lines, ""])


def _context_table(context: type[Struct], parts: dict[str, type[Struct]]) -> Iterator[str]:
    hints = get_type_hints(context)
    helps = {field.name: field.help for field in fields_of(context)}
    yield "| field | value | meaning |"
    yield "|---|---|---|"
    for name in context.__struct_fields__:
        words = _context_type(hints[name], parts).replace("|", "\\|")
        yield f"| `{name}` | {words} | {helps.get(name, '')} |"


def _context_type(kind: Any, parts: dict[str, type[Struct]]) -> str:
    origin = get_origin(kind)
    if origin is tuple:
        return f"list of {_context_type(get_args(kind)[0], parts)}"
    if origin is Literal:
        return " or ".join(str(value) for value in get_args(kind))
    if origin is Union or str(origin) == "<class 'types.UnionType'>":
        kinds = [_context_type(k, parts) for k in get_args(kind) if k is not type(None)]
        return " or ".join([*kinds, "none"])
    if isinstance(kind, type) and issubclass(kind, Struct):
        parts[kind.__name__] = kind
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return {"str": "text", "int": "number", "bool": "true or false"}.get(
        getattr(kind, "__name__", ""), "text"
    )


# --- docs/diagnostics.md -----------------------------------------------------------------------


def diagnostics_page() -> str:
    """Return the reference page of diagnostics."""
    lines = [
        "# Diagnostics",
        "",
        "<!-- Generated from docs/diagnostics/ by `make docs`; edit that. -->",
        "",
        "An error stops a build and leaves output/ unchanged, unless it is in a draft, a scheduled"
        " or an expired brief. A warning does not stop a build; `slugline check --strict` treats it"
        " as an error. Slugline shows each diagnostic with its"
        " file, line and column, the line itself and a hint. `slugline explain CODE` prints the"
        " page of a diagnostic: what it means, why it matters, an example, and how to fix it.",
        "",
        "| code | severity | meaning |",
        "|---|---|---|",
    ]
    for code in CODES:
        head = page(code)
        link = f"[`{code}`](diagnostics/{code}.md)"
        lines.append(f"| {link} | {head.severity} | {head.meaning} |")
    return "\n".join([*lines, ""])


PAGES: dict[str, Callable[[], str]] = {
    "front-matter.md": front_matter_page,
    "templates.md": templates_page,
    "diagnostics.md": diagnostics_page,
}


def write_pages(folder: Path) -> None:
    """Write every reference page into a folder."""
    for name, make in PAGES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(make(), "utf-8")
