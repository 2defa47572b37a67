"""Creation of new records, sites and workflows."""

from __future__ import annotations

import json
import os
import re
import secrets
from datetime import datetime
from pathlib import Path

from builder import __version__
from builder.content.fields import check_slug
from builder.content.template_files import STARTER
from builder.diagnostics.misread import Misread
from builder.editing.steps import EditConflict
from builder.editing.transaction import reason, replace_files
from builder.errors import SluglineError
from builder.names.keys import exact_slug, slugify
from builder.safe_files import create_file, is_disk_full, make_folders

# Without 0, o, 1, l and i, which are easily confused when ids are read aloud or copied.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
# The path of the workflow that checks, builds and deploys a site, by CI service.
WORKFLOW_FOLDER = STARTER / "ci"
WORKFLOWS = {"github": ".github/workflows/site.yml", "gitlab": ".gitlab-ci.yml"}


class CannotCreate(SluglineError):
    """A file that already exists or cannot be named; the message says what to do."""


def mint_id() -> str:
    """Return a random id, one in 850 billion."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


_BRIEF = """\
---
id: {id:<22} # never change it: feeds identify the brief by it
title: {name}
date: {date:<20} # publication; a date in the future schedules it
status: draft              # remove this line to publish
summary:                   # one sentence, for lists and feeds
section:                   # a section from site.yaml
companies: []              # companies in the story; the first is the subject
topics: []
sources: []                # reports that it is based on, by address or in full:
#  - https://…
#  - {{publisher: Reuters, title: "…", url: "https://…", published: {day}}}
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

_FORMS = {
    "brief": ("briefs", _BRIEF), "company": ("companies", _COMPANY), "thread": ("threads", _THREAD)
}  # fmt: skip


def _slug_of(kind: str, name: str) -> str:
    """Return the slug of a name, with its signs as words unless it is a title."""
    return slugify(name) if kind == "brief" else exact_slug(name) or slugify(name)


def write_record(root: Path, kind: str, name: str, slug: str | None, now: datetime) -> Path:
    """Write a new record's file and return its path.

    Raises CannotCreate instead of overwriting a file."""
    name = " ".join(name.split())
    try:
        stem = check_slug(slug or _slug_of(kind, name)[:80].strip("-"))
    except Misread as misread:
        raise CannotCreate(f"{misread}; set the address with --slug") from None
    folder, form = _FORMS[kind]
    path = root / "content" / folder / f"{stem}.md"
    text = form.format(
        id=mint_id(), name=scalar(name), date=f"{now:%Y-%m-%d %H:%M}", day=f"{now:%Y-%m-%d}"
    )
    if os.path.lexists(path):
        raise CannotCreate(f"content/{folder}/{stem}.md already exists; choose another --slug")
    replace_files(root, {f"content/{folder}/{stem}.md": (None, text.encode("utf-8"))})
    return path


def scalar(text: str) -> str:
    """Return text as a YAML scalar, quoted only if necessary."""
    plain = re.fullmatch(r"[^\W_](?:[^:#\"'\[\]{}&*!|>%@`,\x00-\x1f\x7f]|:(?=\w))*", text)
    if plain and text.casefold() not in ("null", "~"):
        return text
    return json.dumps(text, ensure_ascii=False)


def write_workflow(directory: Path, runner: str) -> Path:
    """Write the workflow of a site and return its path.

    Raises CannotCreate instead of overwriting a file."""
    folder, _, name = WORKFLOWS[runner].rpartition("/")
    path = directory / WORKFLOWS[runner]
    text = (WORKFLOW_FOLDER / f"{runner}.yml").read_text("utf-8").replace("@VERSION@", __version__)
    try:
        create_file(make_folders(directory, folder) / name, text.encode("utf-8"))
    except FileExistsError:
        raise CannotCreate(f"{path} already exists; move or delete it first") from None
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def cannot_write(path: Path, error: OSError) -> Exception:
    full = is_disk_full(error)
    return EditConflict(f"{path} was not created: {reason(error, path.parent)}") if full else error
