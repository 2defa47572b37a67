"""New records: a file with an id and the most common fields, each explained by a comment."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from builder.content.fields import check_slug
from builder.content.time_fields import read_moment
from builder.diagnostics.misread import Misread
from builder.editing.named_companies import named_companies
from builder.editing.new import CannotCreate, mint_id, scalar
from builder.editing.slug_style import slug_style
from builder.editing.transaction import replace_files
from builder.model.time import days_of, week_of
from builder.names.keys import SlugStyle, name_key, shorten_slug, slug_of_name, slugify

# `publish` sets a date in the past that still has this comment.
DATE_COMMENT = "# `slugline publish` sets it; a date in the future schedules the brief"
STATUS_COMMENT = "# remove this line to publish"

_BRIEF = f"""\
---
id: {{id:<22}} # never change it: feeds identify the brief by it
title: {{name}}
date: {{date:<20}} {DATE_COMMENT}
status: draft              {STATUS_COMMENT}
summary:                   # one sentence, for lists and feeds
section:                   # a section from site.yaml
companies: {{companies:<15}} # companies in the story; the first is the subject
topics: []
sources: []                # reports that it is based on, by address or in full:
#  - https://…
#  - {{{{publisher: Reuters, title: "…", url: "https://…", published: {{day}}}}}}
why:                       # why it matters, in one or two sentences
---

"""

_COMPANY = """\
---
id: {id:<22} # never change it
name: {name}
summary:                   # what the company does, in one sentence
aliases: []                # other names of the company
formerly: []               # earlier names; their addresses redirect here
parent:                    # name of the company that owns it
kind:                      # lab, vendor, investor, chip maker, cloud, platform, …
founded:                   # a date, or only a year
headquarters:
website:
listed: false              # true: has a page even if no published brief names it
---

"""

_THREAD = """\
---
id: {id:<22} # never change it
title: {name}
summary:                   # the story so far, in one or two sentences
closed:                    # date on which the story ended; leave empty while it continues
---

"""

_TOPIC = """\
---
id: {id:<22} # never change it
name: {name}
summary:                   # the subject, in one sentence
aliases: []                # other names of the topic
listed: false              # true: has a page even if no published brief names it
---

"""

_PERSON = """\
---
id: {id:<22} # never change it
name: {name}
summary:                   # who it is, in one sentence
role:                      # the position held, such as chief executive
company:                   # the company at which it is held
aliases: []                # other spellings of the name
website:
listed: false              # true: has a page even if no published brief names it
---

"""

_PUBLISHER = """\
---
id: {id:<22} # never change it
name: {name}
website:                   # sources at this domain are of this publisher
domains: []                # its other domains, such as reut.rs
lang:                      # the language in which it publishes: en, nl, vi
kind:                      # news agency, newspaper, trade press, aggregator, …
country:
aliases: []                # other names of the publisher
---

"""

_PAGE = f"""\
---
id: {{id:<22}} # never change it
title: {{name}}
summary:                   # the description that search engines show
status: draft              {STATUS_COMMENT}
---

"""

_DIGEST = f"""\
---
title:                     # leave it empty for the dates of the week
summary:                   # what the week brought, in one or two sentences
status: draft              {STATUS_COMMENT}
---

"""


class NeedsSlug(CannotCreate):
    """A name whose address is taken or invalid; another slug helps."""


class _Form(NamedTuple):
    """The folder of a kind of record, and the text of a new file."""

    folder: str
    text: str


_FORMS = {
    "brief": _Form("briefs", _BRIEF),
    "company": _Form("companies", _COMPANY),
    "thread": _Form("threads", _THREAD),
    "topic": _Form("topics", _TOPIC),
    "person": _Form("people", _PERSON),
    "publisher": _Form("publishers", _PUBLISHER),
    "page": _Form("pages", _PAGE),
    "digest": _Form("digests", _DIGEST),
}
KINDS = tuple(_FORMS)
_FRONT = 10_000  # characters of a file in which its title is
_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_TITLED = ("brief", "page", "thread")


class NewRecord(NamedTuple):
    """The file of a new record: its path below the site's folder, and its bytes."""

    path: str
    data: bytes


def new_record(
    kind: str,
    name: str,
    slug: str | None,
    now: datetime,
    style: SlugStyle = "ascii",
    companies: Sequence[str] = (),
) -> NewRecord:
    """Return the file of a new record with a name or title.

    `companies` are those of a brief. A digest is named by its week. Raises CannotCreate if the
    name is not valid."""
    name = " ".join(name.split())
    if kind == "digest":
        slug = _week(name, now)
    elif not name:
        raise CannotCreate(f"the {'title' if kind in _TITLED else 'name'} is empty; write one")
    if bad := next((c for c in name if not c.isprintable()), ""):
        raise CannotCreate(f"the character U+{ord(bad):04X} is not allowed in text; remove it")
    folder, form = _FORMS[kind]
    try:
        stem = check_slug(slug or shorten_slug(_slug_of(kind, name, style)), style)
    except Misread as misread:
        raise NeedsSlug(str(misread)) from None
    text = form.format(
        id=mint_id(),
        name=scalar(name),
        date=f"{now:%Y-%m-%d %H:%M}",
        day=f"{now:%Y-%m-%d}",
        companies=f"[{', '.join(map(scalar, companies))}]",
    )
    return NewRecord(f"content/{folder}/{stem}.md", text.encode("utf-8"))


def _week(text: str, now: datetime) -> str:
    """Return a week in its stored form: of the text, which may be a date, or of now."""
    try:
        if not text:
            return week_of(now)
        if text.lower().count("-w") == 1:
            days_of(text.lower())
            return text.lower()
        return week_of(read_moment(text, now.tzinfo or UTC).at)
    except (ValueError, Misread):
        raise CannotCreate(
            f"`{text}` is not a week; write it as {week_of(now)}, or write a date in it"
        ) from None


def _slug_of(kind: str, name: str, style: SlugStyle) -> str:
    """Return the slug of a name, with its signs as words unless it is a title."""
    return slugify(name, style) if kind in ("brief", "page") else slug_of_name(name, style)


def _told_apart(root: Path, record: NewRecord, title: str) -> NewRecord:
    """Return a brief with a number in its path if others with other titles have its path.

    Headlines may differ only in what an address leaves out, such as the tones of Chinese."""
    stem = record.path.removesuffix(".md")
    paths = chain((record.path,), (f"{stem}-{n}.md" for n in count(2)))
    return record._replace(path=next(p for p in paths if not _has_other_title(root / p, title)))


def _has_other_title(file: Path, title: str) -> bool:
    if not file.is_file():
        return False
    found = _TITLE.search(file.read_text("utf-8", errors="replace")[:_FRONT])
    return found is not None and name_key(found[1].strip("\"'")) != name_key(title)


def write_record(root: Path, kind: str, name: str, slug: str | None, now: datetime) -> Path:
    """Write a new record's file and return its path.

    Raises CannotCreate instead of overwriting a file."""
    companies = named_companies(root, name) if kind == "brief" else ()
    found = new_record(kind, name, slug, now, slug_style(root), companies)
    if kind == "brief" and not slug:
        found = _told_apart(root, found, name)
    if os.path.lexists(root / found.path):
        raise NeedsSlug(f"{found.path} already exists")
    replace_files(root, {found.path: (None, found.data)})
    return root / found.path
