"""A seam is one: what ARCHITECTURE.md names is all that has to be written to add something.

Each test writes just those files into a copy of the package, builds a site with it, and finds what
was added in the output, in the reference and in the explanation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.tools import REPOSITORY

SITE = """\
title: Test
base_url: https://test.example
language: en-GB
"""
BRIEF = """\
---
id: aaaa2222
title: Scale AI hires
date: 2025-06-15
summary: It hires.
companies: [Scale AI]
sources: [{id: reuters, publisher: Reuters}]
---
It hires.
"""


class Copy:
    """A copy of the package, and a site that is built with it."""

    def __init__(self, folder: Path) -> None:
        self.package, self.site = folder / "package", folder / "site"
        for name in ("builder", "templates", "docs/diagnostics", "scripts"):
            shutil.copytree(REPOSITORY / name, self.package / name)  # with what is compiled
        self.write("content/companies/scale-ai.md", "---\nname: Scale AI\n---\n")
        self.write("content/briefs/a.md", BRIEF)
        self.write("site.yaml", SITE)

    def write(self, path: str, text: str) -> None:
        file = self.site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def add(self, path: str, text: str) -> None:
        """Add a file to the package."""
        file = self.package / path
        assert not file.exists()
        file.write_text(text, "utf-8")

    def insert(self, path: str, before: str, text: str) -> None:
        """Insert lines into a file of the package, before the only place of a text."""
        file = self.package / path
        source = file.read_text("utf-8")
        assert source.count(before) == 1, f"{path}: {before!r} stands there {source.count(before)}x"
        file.write_text(source.replace(before, text + before), "utf-8")

    def run(self, *arguments: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "builder", "--site", str(self.site), *arguments]
        return self._ran(command, code)

    def reference(self, page: str) -> str:
        """A generated page of docs/."""
        script = f"from builder.cli.reference import PAGES; print(PAGES[{page!r}]())"
        return self._ran([sys.executable, "-c", script], 0)

    def _ran(self, command: list[str], code: int) -> str:
        environment = {**os.environ, "PYTHONPATH": str(self.package), "PYTHONUTF8": "1"}
        ran = subprocess.run(
            command, cwd=self.package, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def keeps_the_rules(self) -> None:
        self._ran([sys.executable, "scripts/house"], 0)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


PAGE = '''\
"""All headlines on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.pages.page import Kind, Page, Task
from builder.pages.planner import Planner
from builder.site.facts import HEADLINES
from builder.site.lists import Lists
from builder.site.site import Site


class HeadlinesPage(Struct, frozen=True, kw_only=True):
    """Every headline."""

    headlines: Annotated[tuple[str, ...], "The headlines, the newest first."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    yield Task("headlines", _page)


def _page(plan: Planner) -> Iterator[Page]:
    yield Page("/headlines/", "headlines.html", HeadlinesPage(headlines=plan.view.read(HEADLINES)))


KIND = Kind(tasks, {"headlines.html": HeadlinesPage}, roots=("/headlines/",))
'''
FACT = """\
HEADLINES: Fact[tuple[str, ...]] = Fact(
    "headlines",
    "all headlines",
    lambda s, _: tuple(s.site.outlines[entry.slug].title for entry in s.site.order),
    texts=True,
)
"""


def test_a_fact_and_a_kind_of_page(copy: Copy) -> None:
    copy.insert("builder/site/facts.py", "# Every kind of fact.\n", FACT)
    copy.insert("builder/site/facts.py", "        SETTINGS, FRONT,", "        HEADLINES,\n")
    copy.add("builder/pages/headlines.py", PAGE)
    copy.insert("builder/pages/kinds.py", "    host_files,\n    known,", "    headlines,\n")
    copy.insert("builder/pages/kinds.py", "    sitemap.KIND,\n", "    headlines.KIND,\n")
    copy.add("templates/headlines.html", "<ul>{% for h in headlines %}<li>{{ h }}{% endfor %}</ul>")
    copy.keeps_the_rules()
    copy.run("build")
    page = copy.site / "output/headlines/index.html"
    assert page.read_text("utf-8") == "<ul><li>Scale AI hires</ul>"
    sitemap = (copy.site / "output/sitemap.xml").read_text("utf-8")
    assert "<loc>https://test.example/headlines/</loc>" in sitemap
    assert "  - all headlines\n" in copy.run("build", "--explain", "/headlines/")
    assert "## headlines.html\n\nEvery headline.\n" in copy.reference("templates.md")
    # Only a changed headline makes it stale, and the explanation names the fact.
    copy.write("content/briefs/a.md", BRIEF.replace("It hires.\n", "It hires more.\n"))
    assert "/headlines/" not in copy.run("build", "--explain")
    copy.write("content/briefs/a.md", BRIEF.replace("AI hires", "AI hires again"))
    (told,) = [row for row in copy.run("build", "--explain").splitlines() if "/headlines/" in row]
    assert told == "/headlines/: `headlines` changed (from: all headlines)"
    copy.run("build", "--verify")
    # Its address is the site's own, for sections too.
    copy.write("site.yaml", f"{SITE}sections: [{{slug: headlines, name: Headlines}}]\n")
    assert "error[reserved-slug]: the address `/headlines/` is reserved" in copy.run(
        "check", code=1
    )


CHECK = '''\
def check_shouting(context: BriefContext) -> Iterator[Finding]:
    """A headline in capitals."""
    if context.brief.title.isupper():
        yield Finding("title", "shouting-title", "the headline shouts", "write it in lower case")


'''
CODE_PAGE = """\
---
severity: warning
meaning: A headline is in capitals.
remedy: Write it in lower case.
---

# shouting-title

Capitals read as shouting, and hide which words are names.

## Wrong

````text
title: SCALE AI HIRES
       ^^^^^^^^^^^^^^ warning[shouting-title]: the headline shouts | write it in lower case
````

## Right

````text
title: Scale AI hires
````
"""


def test_a_check_and_a_diagnostic(copy: Copy) -> None:
    copy.insert("builder/check/brief.py", "def check_summary(", CHECK)
    copy.insert(
        "builder/check/checks.py", "    check_summary,\n    check_title,", "    check_shouting,\n"
    )
    copy.insert(
        "builder/check/checks.py", "    check_summary,\n    check_dates,", "    check_shouting,\n"
    )
    copy.insert(
        "builder/diagnostics/codes.py", '    "title-without-company",\n', '    "shouting-title",\n'
    )
    copy.add("docs/diagnostics/shouting-title.md", CODE_PAGE)
    copy.keeps_the_rules()
    assert copy.run("check") == "No problems found.\n"
    loud = BRIEF.replace("title: Scale AI hires", "title: SCALE AI HIRES")
    copy.write("content/briefs/a.md", loud)
    found = json.loads(copy.run("check", "--format", "json"))["diagnostics"]
    assert [(d["code"], d["severity"], d["line"]) for d in found if "shout" in d["code"]] == [
        ("shouting-title", "warning", 3)
    ]
    assert copy.run("explain", "shouting-title").startswith(
        "# shouting-title\n\nA warning. A headline is in capitals. Write it in lower case.\n"
    )
    link, meaning = (
        "[`shouting-title`](diagnostics/shouting-title.md)",
        "A headline is in capitals.",
    )
    assert f"| {link} | warning | {meaning} |" in copy.reference("diagnostics.md").splitlines()
    allowed = loud.replace("---\nIt", "allow: {shouting-title: a name}\n---\nIt", 1)
    copy.write("content/briefs/a.md", allowed)
    assert "shouting-title: the headline shouts" in copy.run("check", "--allowed")


def test_a_field_of_front_matter(copy: Copy) -> None:
    copy.insert(
        "builder/model/brief.py",
        "    image: Annotated[",
        '    dateline: Annotated[Line, "Where it was written."] = Line("")\n',
    )
    copy.keeps_the_rules()
    copy.write("content/briefs/a.md", BRIEF.replace("---\nIt", "dateline: Utrecht\n---\nIt"))
    assert copy.run("check") == "No problems found.\n"
    copy.write("content/briefs/a.md", BRIEF.replace("---\nIt", "dateline: [Utrecht]\n---\nIt"))
    assert "error[expected-text]" in copy.run("check", code=1)
    copy.write("content/briefs/a.md", BRIEF.replace("---\nIt", "datelin: Utrecht\n---\nIt"))
    assert "did you mean `dateline`?" in copy.run("check", code=1)
    schema = json.loads(copy.run("schema", "brief"))
    assert schema["properties"]["dateline"]["description"] == "Where it was written."
    assert "| `dateline` |" in copy.reference("front-matter.md")


def test_architecture_names_what_these_tests_write() -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text("utf-8")
    _, where = text.split("## Where to add what\n")
    for path in (
        "site/facts.py",
        "pages/kinds.py",
        "check/checks.py",
        "diagnostics/codes.py",
        "docs/diagnostics/",
        "deploy/kinds.py",
        "language/lexicons/",
        "model/",
    ):
        assert f"`{path}`" in where
