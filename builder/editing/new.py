"""A title or name -> a new file with an id; a folder -> a new site."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from datetime import datetime
from pathlib import Path

from builder import __version__
from builder.content.fields import check_slug
from builder.content.template_files import TEMPLATES, starter_folder
from builder.diagnostics.misread import Misread
from builder.errors import SluglineError
from builder.names.keys import slugify
from builder.program import PACKAGE

# Without 0 and o, 1 and l and i: ids are read aloud and copied by hand.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
STARTER = PACKAGE / "starter"
# Workflows that check, build and deploy a site: where each belongs, by who runs it.
_CI = STARTER / "ci"
WORKFLOWS = {"github": ".github/workflows/site.yml", "gitlab": ".gitlab-ci.yml"}


class CannotCreate(SluglineError):
    """What should be written is there already, or cannot be named. The message says what to do."""


def mint_id() -> str:
    """An id of eight letters and digits: one in 850 billion."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


_BRIEF = """\
---
id: {id:<22} # never change it: feeds know the brief by it
title: {name}
date: {date:<20} # publication; a date in the future schedules it
status: draft              # remove this line to publish
summary:                   # one sentence, for lists and feeds
section:                   # one of those in site.yaml
companies: []              # who it is about, by name; the first is the subject
topics: []
sources: []                # who reported it:
#  - {{id: reuters, publisher: Reuters, title: "…", url: "https://…", published: {day}}}
why:                       # why it matters, in a sentence or two
---

"""

_COMPANY = """\
---
id: {id:<22} # never change it
name: {name}
summary:                   # what it is, in one sentence
aliases: []                # other names that mean it
formerly: []               # earlier names; their addresses lead here
parent:                    # the company that owns it, by name
kind:                      # lab, vendor, investor, chip maker, cloud, platform, …
founded:                   # a year will do
headquarters:
website:
---

"""

_THREAD = """\
---
id: {id:<22} # never change it
title: {name}
summary:                   # what happened so far, in a sentence or two
closed:                    # when the story came to its end; empty while it goes on
---

"""

_FORMS = {
    "brief": ("briefs", _BRIEF), "company": ("companies", _COMPANY), "thread": ("threads", _THREAD)
}  # fmt: skip


def write_record(root: Path, kind: str, name: str, slug: str | None, now: datetime) -> Path:
    """Write a new record's file and return its path. Raises NotNew rather than overwrite."""
    name = " ".join(name.split())
    try:
        stem = check_slug(slug or slugify(name)[:80].strip("-"))
    except Misread as misread:
        raise CannotCreate(f"{misread}; give it an address with --slug") from None
    folder, form = _FORMS[kind]
    path = root / "content" / folder / f"{stem}.md"
    text = form.format(
        id=mint_id(), name=scalar(name), date=f"{now:%Y-%m-%d %H:%M}", day=f"{now:%Y-%m-%d}"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CannotCreate(
            f"content/{folder}/{stem}.md is there already; choose another --slug"
        ) from None
    return path


def scalar(text: str) -> str:
    """A text as YAML: plain where that is safe, else quoted."""
    plain = re.fullmatch(r"[^\W_][^:#\"'\[\]{}&*!|>%@`,\x00-\x1f\x7f]*", text)
    if plain and text.casefold() not in ("null", "~"):
        return text
    return json.dumps(text, ensure_ascii=False)


def write_workflow(directory: Path, runner: str) -> Path:
    """Write the workflow of a site and return its path. Raises NotNew rather than overwrite."""
    path = directory / WORKFLOWS[runner]
    text = (_CI / f"{runner}.yml").read_text("utf-8").replace("@VERSION@", __version__)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CannotCreate(f"{path} is there already; move it away first") from None
    return path


def write_site(directory: Path) -> int:
    """Write a new site into an empty folder (or one to be made); the number of files written."""
    if directory.exists() and any(directory.iterdir()):
        raise CannotCreate(f"{directory} is not empty; name a folder to be made")
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
