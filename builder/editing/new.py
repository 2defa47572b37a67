"""Creation of new records, sites and workflows."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from datetime import datetime
from pathlib import Path

from builder import __version__
from builder.content.fields import check_slug
from builder.content.template_files import STARTER, TEMPLATES, starter_folder
from builder.diagnostics.misread import Misread
from builder.errors import SluglineError
from builder.names.keys import exact_slug, slugify

# Without 0, o, 1, l and i, which are easily confused when ids are read aloud or copied.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
# The path of the workflow that checks, builds and deploys a site, by CI service.
_CI = STARTER / "ci"
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


def _free_slug(root: Path, kind: str, name: str) -> str:
    """Return the slug of a name, with its signs as words if needed."""
    slug = slugify(name)
    taken = (root / "content" / _FORMS[kind][0] / f"{slug}.md").exists()
    return exact_slug(name) if taken or not slug else slug


def write_record(root: Path, kind: str, name: str, slug: str | None, now: datetime) -> Path:
    """Write a new record's file and return its path.

    Raises CannotCreate instead of overwriting a file."""
    name = " ".join(name.split())
    try:
        stem = check_slug(slug or _free_slug(root, kind, name)[:80].strip("-"))
    except Misread as misread:
        raise CannotCreate(f"{misread}; set the address with --slug") from None
    folder, form = _FORMS[kind]
    path = root / "content" / folder / f"{stem}.md"
    text = form.format(
        id=mint_id(), name=scalar(name), date=f"{now:%Y-%m-%d %H:%M}", day=f"{now:%Y-%m-%d}"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write_new(path, text)
    except FileExistsError:
        raise CannotCreate(
            f"content/{folder}/{stem}.md already exists; choose another --slug"
        ) from None
    return path


def _write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet, whole or not at all."""
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise


def scalar(text: str) -> str:
    """Return text as a YAML scalar, quoted only if necessary."""
    plain = re.fullmatch(r"[^\W_](?:[^:#\"'\[\]{}&*!|>%@`,\x00-\x1f\x7f]|:(?=\w))*", text)
    if plain and text.casefold() not in ("null", "~"):
        return text
    return json.dumps(text, ensure_ascii=False)


def write_workflow(directory: Path, runner: str) -> Path:
    """Write the workflow of a site and return its path.

    Raises CannotCreate instead of overwriting a file."""
    path = directory / WORKFLOWS[runner]
    text = (_CI / f"{runner}.yml").read_text("utf-8").replace("@VERSION@", __version__)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write_new(path, text)
    except FileExistsError:
        raise CannotCreate(f"{path} already exists; move or delete it first") from None
    return path


def write_site(directory: Path) -> int:
    """Write a new site and return the number of its files."""
    if directory.exists() and any(directory.iterdir()):
        raise CannotCreate(f"{directory} is not empty; choose a new or empty folder")
    directory.mkdir(parents=True, exist_ok=True)
    templates = starter_folder() / TEMPLATES
    for source, target in ((STARTER, directory), (templates, directory / TEMPLATES)):
        skip = shutil.ignore_patterns(
            "__pycache__", "*.py", *([TEMPLATES, _CI.name] if source == STARTER else [])
        )
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=skip)
    (directory / ".gitignore").write_text("/output/\n/.output.*\n", "utf-8")
    for file in (directory / "content").rglob("*.md"):
        text = file.read_text("utf-8")
        file.write_text(
            re.sub(r"^id: minted$", lambda _: f"id: {mint_id()}", text, flags=re.M), "utf-8"
        )
    return sum(1 for file in directory.rglob("*") if file.is_file())
