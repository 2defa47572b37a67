"""`slugline check --fix`: what it writes, what it leaves alone, and that it adds no error."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from builder.cli import app as cli
from builder.cli import check as command
from builder.cli import confirm
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.fix import Declared, find_fixes, fix_file, write_fixes
from builder.model.brief import Brief
from support.cases import CASES, annotated, read_cases
from support.sites import brief, edit, problems, small_site, tree, write_site

AT = ("--at", "2025-07-01 12:00")
PATH = "content/briefs/one-story.md"
DECLARED = Declared({"desk", "thedesk", "bo"}, {"deals"})
HEAD = "---\nid: aaaa2222\ntitle: One\ndate: 2025-06-15\n"


def fixed(text: str) -> str:
    """The fixed text of a brief; fixing it again changes nothing."""
    after = fix_file(PATH, text.encode(), Brief, UTC, DECLARED)
    assert fix_file(PATH, after, Brief, UTC, DECLARED) == after
    return after.decode()


# --- single files ------------------------------------------------------------------------------

BECOMES = {
    "keys of other tools": (
        HEAD + "tags: [a, b] # two\ndescription: |\n  Two\n  lines\nsources:\n  - name: R\n"
        "    link: https://r.example/\n---\nText.\n",
        HEAD + "topics: [a, b] # two\nsummary: |\n  Two\n  lines\nsources:\n  - publisher: R\n"
        "    url: https://r.example/\n---\nText.\n",
    ),
    "keys that nothing needs": (
        HEAD + "layout: post\n# kept\ntoc:\n  - a\n  - b\n\ncomments: true\n---\n",
        HEAD + "# kept\n\n---\n",
    ),
    "a draft": (HEAD + "draft: true # yet\n---\n", HEAD + "status: draft # yet\n---\n"),
    "no draft": (HEAD + "draft: false\nwhy: x\n---\n", HEAD + "why: x\n---\n"),
    "a missing id": (
        "---\ntitle: One\ndate: 2025-06-15\n---\n",
        "---\nid: one-story\ntitle: One\ndate: 2025-06-15\n---\n",
    ),
    "dates": (
        HEAD + "updated: 'June 16, 2025'\nexpires: 2026/06/15 10:00\n---\n",
        HEAD + "updated: '2025-06-16'\nexpires: 2026-06-15 10:00\n---\n",
    ),
    "a date in a field of another tool": (
        "---\nid: aaaa2222\ntitle: One\npubDate: Sun, 15 Jun 2025 10:00:00 +0200\n---\n",
        "---\nid: aaaa2222\ntitle: One\ndate: 2025-06-15 10:00 +02:00\n---\n",
    ),
    "other spellings": (
        HEAD + "status: Draft\nlang: EN_gb\nsection: “deals”\n---\n",
        HEAD + "status: draft\nlang: en-gb\nsection: deals\n---\n",
    ),
    "spaces and tabs": (
        HEAD + "companies:\n\u00a0\u00a0- A # c\ntopics:\n\t- x\n---\nA\u00a0b.\n",
        HEAD + "companies:\n  - A # c\ntopics:\n  - x\n---\nA\u00a0b.\n",
    ),
    "marks of lists": (
        HEAD + "companies:\n• A\n• B\nwhy:\n  – text\n---\n• one\n\n```\n• two\n```\n",
        HEAD + "companies:\n- A\n- B\nwhy:\n  – text\n---\n- one\n\n```\n• two\n```\n",
    ),
    "headings": (HEAD + "---\n##One\n\n#hash\n", HEAD + "---\n## One\n\n#hash\n"),
    "no spaces after colons": (
        HEAD + "status:draft\nsources: [{publisher: R}]\n---\nwhy:not\n",
        HEAD + "status: draft\nsources: [{publisher: R}]\n---\nwhy:not\n",
    ),
    "quotation marks": (HEAD + "why: “It: is so”\n---\n", HEAD + 'why: "It: is so"\n---\n'),
    "dashes for fences": (
        HEAD.replace("---", "—") + "—\nText.\n\n---\n",
        HEAD + "---\nText.\n\n---\n",
    ),
    "blank lines above": ("\n \n" + HEAD + "---\nText.\n", HEAD + "---\nText.\n"),
    "no fence above": (HEAD.removeprefix("---\n") + "---\nText.\n", HEAD + "---\nText.\n"),
    "TOML": (
        '+++\n# c\ntitle = "A: b" # d\ndate = 2025-06-15T10:00:00Z\nid = "aaaa2222"\n'
        'tags = ["a", "b"]\ndraft = true\n+++\nText.\n',
        '---\n# c\ntitle: "A: b" # d\ndate: 2025-06-15 10:00:00+00:00\nid: aaaa2222\n'
        "topics: [a, b]\nstatus: draft\n---\nText.\n",
    ),
    "comments in TOML": (
        '+++\ntitle = "A #1"   # c\ndate = 2025-06-15#d\nid = "aaaa2222"\ntags = [ # e\n"a",\n]\n'
        'summary = """\n# text\n"""\n# f\n[params]\nx = 1\n+++\n',
        '---\ntitle: "A #1"   # c\ndate: 2025-06-15 #d\nid: aaaa2222\ntopics: [a] # e\n'
        'summary: "# text\\n"\n# f\nparams: {x: 1}\n---\n',
    ),
    "JSON": (
        '{\n  "id": "aaaa2222",\n  "title": "One", "date": "2025-06-15",\n'
        '  "tags": ["a"]\n}\nText.\n',
        "---\nid: aaaa2222\ntitle: One\ndate: 2025-06-15\ntopics: [a]\n---\nText.\n",
    ),
    "headers": (
        "Title: This: one\nDate: 2025-06-15\nTags: a, b\nId: aaaa2222\n\nText.\n",
        '---\ntitle: "This: one"\ndate: 2025-06-15\ntopics: [a, b]\nid: aaaa2222\n---\n\nText.\n',
    ),
    "more headers": (
        "Title: One\nDate: 2025-06-15\nCategory: Deals\nCompanies: Meta, Scale AI\n"
        "Authors: bo, The desk\nTags: a, b\nKeywords: c, A\nSummary: It is\n"
        "  long.\nId: aaaa2222\n\nText.\n",
        "---\ntitle: One\ndate: 2025-06-15\nsection: Deals\ncompanies: [Meta, Scale AI]\n"
        "author: [bo, The desk]\ntopics: [a, b, c]\nsummary: It is long.\n"
        "id: aaaa2222\n---\n\nText.\n",
    ),
    "names of declared authors, and other case": (
        "---\nid: aaaa2222\nTitle: One\nAuthor: The desk\nDate: soon\n---\n",
        "---\nid: aaaa2222\ntitle: One\nauthor: The desk\nDate: soon\n---\n",
    ),
    "a line that cannot be read": (
        '---\ntitle: One\ntags: [a]\nnonsense here\ndate: 15 June 2025\nsummary: "x\n---\nText.\n',
        '---\ntitle: One\ntopics: [a]\nnonsense here\ndate: 2025-06-15\nsummary: "x\n---\nText.\n',
    ),
}


@pytest.mark.parametrize(
    "text",
    [
        '{\n"title": "\\ud800"\n}\n\nText',
        '{"a": ' + "[" * 20_000 + "\n}\n\nText",
        "+++\na = " + "[" * 5000 + "\n+++\n\nText",
        f"+++\n{'.'.join('a' * 2000)} = 1\n+++\n\nText",
        # A comment that has no place beside a value on one line.
        '+++\ntitle = "A"\n[params]\nx = 1 # kept\n+++\n\nText',
    ],
)
def test_what_cannot_be_converted_is_left_alone(text: str) -> None:
    assert fixed(text) == text


@pytest.mark.parametrize("name", BECOMES)
def test_what_is_certain_is_written(name: str) -> None:
    before, after = BECOMES[name]
    assert fixed(before) == after
    # Line ends, and a mark at the beginning, stay.
    assert fixed("\ufeff" + before.replace("\n", "\r\n")) == "\ufeff" + after.replace("\n", "\r\n")


UNCERTAIN = {
    "a conflict": HEAD + "<<<<<<< a\ntags: [b]\n=======\n>>>>>>> b\n---\n",
    "a key twice": HEAD + "tags: [a]\ntags: [b]\n---\n",
    "two fields for one": HEAD + "summary: a\nexcerpt: b\n---\n",
    "a date that may be two": HEAD + "updated: 06/07/2025\n---\n",
    "an unclosed bracket": HEAD + "topics: [a\n---\n",
    "text above": "Text\n" + HEAD + "---\n",
    "no front matter": "Text.\n\n---\n\nMore: text.\n",
    "fields that need a decision": HEAD + "categories: [a]\npermalink: /a/b/\ncover: x.png\n---\n",
    "several topics in one text": HEAD + "tags: a, b\n---\n",
}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_what_is_not_certain_stays(name: str) -> None:
    assert fixed(UNCERTAIN[name]) == UNCERTAIN[name]


# --- the property ------------------------------------------------------------------------------

ALL = read_cases()
STEMS = sorted(file.stem for file in CASES.glob("*.md"))
# Codes of files that cannot be read: their other errors are hidden until they can.
HIDING = {
    "no-front-matter", "front-matter-not-closed", "not-a-mapping", "yaml-syntax", "yaml-tab",
    "odd-space", "typographic-quotes",
}  # fmt: skip


def errors_of(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(d.code, d.message) for d in found if d.severity == "error"]


@pytest.mark.parametrize("stem", STEMS)
def test_a_fix_leaves_fewer_problems_and_no_new_error(stem: str, tmp_path: Path) -> None:
    for n, name in enumerate(key for key in ALL if key.startswith(f"{stem}: ")):
        given, _ = annotated(ALL[name])
        site = write_site(tmp_path / str(n), "".join(f"=== {p}\n{t}" for p, t in given.items()))
        fixes = find_fixes(site)
        if not fixes:
            continue
        before = list(problems(site))
        assert write_fixes(site, fixes) == []
        assert find_fixes(site) == [], f"{name}: a second time changes nothing"
        after = list(problems(site))
        for fix in fixes:
            was, now = ([d for d in found if d.path == fix.path] for found in (before, after))
            hidden = {d.code for d in was} & HIDING
            new = {*errors_of(now)} - {*errors_of(was)}
            assert not new or hidden, f"{name}: {fix.path} has {new}"
            # With an error, a file is not checked for everything.
            assert len(now) < len(was) or errors_of(was), f"{name}: {was}, then {now}"
            assert len(errors_of(now)) <= len(errors_of(was)) or hidden, name


# --- the command -------------------------------------------------------------------------------

FOREIGN = brief("one", draft="false", tags="[a]") + brief("two", date="15.06.2025")


def run(site: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.main, ["--site", str(site), "check", *words, *AT])
    assert result.exit_code == code, result.output
    return result


def test_without_a_terminal_it_only_shows_the_diff(tmp_path: Path) -> None:
    site = small_site(tmp_path, FOREIGN)
    before = tree(site / "content")
    said = run(site, "--fix", code=1).output
    assert "--- content/briefs/one.md\n+++ content/briefs/one.md (fixed)\n@@" in said
    assert "\n-tags: [a]\n+topics: [a]\n" in said
    assert "\n-date: 15.06.2025\n+date: 2025-06-15\n" in said
    assert "2 files can be fixed. To write the changes, run `slugline check --fix --yes`." in said
    assert tree(site / "content") == before
    assert "2 files fixed." in run(site, "--fix", "--yes").output
    assert {path for path, data in tree(site / "content").items() if before[path] != data} == {
        "briefs/one.md", "briefs/two.md"
    }  # fmt: skip
    assert run(site, "--fix").output.startswith("Nothing to fix.\n")
    run(site, "--yes", code=2)
    run(site, "--fix", "--format", "json", code=2)


class Terminal:
    """Standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("agrees", [True, False])
def test_on_a_terminal_it_asks(
    agrees: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    site = small_site(tmp_path, FOREIGN)
    before = tree(site / "content")
    asked: list[str] = []
    monkeypatch.setattr(confirm.sys, "stdin", Terminal())
    monkeypatch.setattr(confirm.click, "confirm", lambda text: not asked.append(text) and agrees)
    if agrees:
        assert command._fix(site, yes=False)
        assert find_fixes(site) == []
    else:
        with pytest.raises(click.exceptions.Exit):
            command._fix(site, yes=False)
        assert tree(site / "content") == before
    assert asked == ["Write these changes to 2 files?"]
    assert "+topics: [a]" in capsys.readouterr().out, "the diff comes before the question"


def test_a_file_that_was_modified_meanwhile_is_left_alone(tmp_path: Path) -> None:
    site = small_site(tmp_path, FOREIGN)
    fixes = find_fixes(site)
    edit(site / "content/briefs/one.md", "Text.", "Other text.")
    assert write_fixes(site, fixes) == [
        "content/briefs/one.md was modified in the meantime, and nothing was changed; run the"
        " command again"
    ]
    one = (site / "content/briefs/one.md").read_text("utf-8")
    assert "Other text." in one and "topics" not in one
    assert "date: 2025-06-15\n" in (site / "content/briefs/two.md").read_text("utf-8")
    assert [path for path in (site / "content/briefs").iterdir() if path.name[0] == "."] == []


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", FOREIGN)
    target = site / "content/briefs/shared/one.md"
    target.parent.mkdir()
    (site / "content/briefs/one.md").rename(target)
    (site / "content/briefs/linked.md").symlink_to("shared/one.md")
    target.chmod(0o640)
    fixes = find_fixes(site)
    assert [fix.path for fix in fixes] == ["content/briefs/shared/one.md", "content/briefs/two.md"]
    # A link that appears after the file was read is refused too.
    private = tmp_path / "private.md"
    private.write_bytes(fixes[1].before)
    (site / "content/briefs/two.md").unlink()
    (site / "content/briefs/two.md").symlink_to(private)
    (reason,) = write_fixes(site, fixes)
    assert reason.startswith("content/briefs/two.md was not changed: ")
    assert private.read_bytes() == fixes[1].before
    assert (site / "content/briefs/linked.md").is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert re.search(rb"^topics: \[a\]$", target.read_bytes(), re.MULTILINE)
