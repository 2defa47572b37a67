"""The command: what it says, with which exit code, and what it leaves alone."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from builder.cli import app as cli
from builder.content.document import read_document
from builder.content.files import kind_of
from builder.diagnostics.codes import CODES, severity
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.report import as_github, as_text, limited, summary
from builder.engine.build import check
from builder.importers.kinds import KINDS
from builder.model.entity import Profile
from builder.names.keys import exact_slug
from support.sites import brief, edit, options, small_site, tree, write_site
from support.tools import REPOSITORY

AT = ("--at", "2025-07-01 12:00")
WRONG = brief("a", companies="[Scael AI]").replace("date: 2025-06-15 09:00", "date: 15.06.2025")
WARNED = brief("a").replace("summary: It hires.\n", "")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Away from the repository's own site, and with no wish about colours."""
    for name in ("NO_COLOR", "FORCE_COLOR", "SLUGLINE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def run(*arguments: object, code: int = 0) -> Result:
    """Run the command in this process."""
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert "bug in Slugline" not in result.output
    return result


def apart(*arguments: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "builder", *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
    )  # fmt: skip


# --- help --------------------------------------------------------------------------------------

# Every command with its arguments and options, and the values that one of them chooses from.
NAMES = ("topics", "people", "companies", "publishers")
CORRECTION = {
    "BRIEF": (),
    **dict.fromkeys(("--was", "--now", "--note", "--at", "--target"), ()),
    "--kind": (
        "factual", "attribution", "translation", "spelling", "omission", "clarification"
    ),
}  # fmt: skip
MAIL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("--to", "--without", "--most", "--edition", "--subject", "--test", "--now", "--again",
         "--untested", "--unsubscribe", "--yes"), ()),
    "--send": ("buttondown", "listmonk", "smtp"),
}  # fmt: skip
COMMANDS: dict[str, dict[str, tuple[str, ...]]] = {
    "": {"--site": (), "--version": ()},
    "build": dict.fromkeys(
        ("--at", "--drafts", "--jobs", "--base-url", "--output", "--explain", "--quiet", "--clean",
         "--allow-empty", "--verify", "--fingerprint", "--profile", "--until-due",
         "--preview"), ()),
    "serve": dict.fromkeys(
        ("--port", "--host", "--open", "--reload", "--poll", "--drafts", "--at", "--editor",
         "--jobs"), ()),
    "check": {"[CODE|FILE]...": (), "--at": (), "--drafts": (), "--jobs": (), "--strict": (),
              "--allowed": (), "--fix": (), "--yes": (),
              "--format": ("text", "json", "github", "gitlab")},
    "deploy": dict.fromkeys(
        ("TARGET", "--plan", "--yes", "--all", "--allow", "--break-lock", "--thorough",
         "--no-check", "--output", "--reason"), ()),
    "redirects": {"--apply": (), "TARGET": ()},
    "releases": {"TARGET": ()},
    "rollback": dict.fromkeys(
        ("TARGET", "RELEASE", "--plan", "--yes", "--all", "--allow", "--break-lock", "--thorough",
         "--no-check", "--reason"), ()),
    "diff": {"TARGET": (), "A": (), "B": ()},
    "mail": {},
    "mail digest": {"WEEK": (), **MAIL},
    "mail brief": {"SLUG": (), **MAIL},
    "mail since": {"DATE": (), **MAIL},
    "epub": {"KIND": ("digest", "thread"), "NAME": (), "--to": (), "--edition": ()},
    "ask": {"QUERY": (), "--sql": (), "--format": ("table", "csv", "json", "sql"), "--at": (),
            "--edition": ()},
    "dossier": {"NAME": (), "--since": (), "--as-known": (), "--format": ("markdown", "html"),
                "--csv": (), "--output": (), "--drafts": (), "--edition": ()},
    "history": {},
    "history fetch": {"--target": ()},
    "compare": {"BEFORE": (), "AFTER": ()},
    "explain": {"CODE": ()},
    "translate": {},
    "translate status": {"--edition": (), "--all": ()},
    "status": {"--at": (), "--output": ()},
    "hosting": {"SERVER": ("caddy", "nginx"), "--root": (), "--base-url": (), "--preview": ()},
    "ids": {"--yes": ()},
    "messages": {"[LANG]": (), "--list": ()},
    "lsp": {"--stdio": ()},
    "help": {"TOPIC": ()},
    "replies": {"BRIEF": (), "--dry-run": ()},
    "evidence": {"BRIEF": (), "--since": (), "--save": (), "--keep": (), "--no-archive": (),
                 "--again": (), "--dry-run": (), "--ci": ("github", "gitlab"),
                 "--format": ("text", "json")},
    "names": {"--kind": NAMES, "--apply": (), "--yes": (), "--format": ("text", "json")},
    "names distinct": {"NAME": ()},
    "names merge": {"KIND": NAMES, "OLD": (), "NEW": ()},
    "clip": dict.fromkeys(
        ("PAGE", "--into", "--address", "--slug", "--lang", "--published", "--dry-run"), ()),
    "new": {},
    "new brief": {"TITLE": (), "--slug": ()},
    "new company": {"NAME": (), "--slug": ()},
    "new thread": {"TITLE": (), "--slug": ()},
    "new topic": {"NAME": (), "--slug": ()},
    "new person": {"NAME": (), "--slug": ()},
    "new publisher": {"NAME": (), "--slug": ()},
    "new page": {"TITLE": (), "--slug": ()},
    "new digest": {"WEEK": ()},
    "new correction": CORRECTION,
    "new translation": {"BRIEF": (), "LANGUAGE": (), "TITLE": (), "--slug": ()},
    "publish": {"BRIEF": (), "--date": (), "--dry-run": ()},
    "correct": CORRECTION,
    "init": {
        **dict.fromkeys(
            ("DIRECTORY", "--title", "--language", "--time-zone", "--address", "--section",
             "--accent", "--logo", "--yes"), ()),
        "--ci": ("github", "gitlab"),
    },
    "schema": {"RECORD": (), "--write": ()},
    "templates": {"--all": ()},
    "import": {
        "KIND": tuple(kind.name for kind in KINDS),
        **dict.fromkeys(
            ("PATH", "--base-url", "--feed", "--map", "--pictures", "--fetch-pictures", "--names",
             "--dry-run", "--jobs"), ()),
    },
    "templates copy": {"NAME": ()},
    "templates diff": {"NAME": ()},
    "templates merge": {"NAME": (), "--done": ()},
}  # fmt: skip


def made(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    """The context that a command has when it asks for nothing."""
    return command.make_context(name, [], parent, resilient_parsing=True)


def walk(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    """The context of a command and of each command below it, by click's own list."""
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from walk(below, made(below, name, context))


CONTEXTS_OF_COMMANDS = {
    context.command_path.removeprefix("main").strip(): context
    for context in walk(cli.main, made(cli.main, "main"))
}


def rows(text: str, section: str) -> dict[str, str]:
    """The rows of a section of a help text: what stands at the left, and what it says of it."""
    found: dict[str, str] = {}
    for line in text.partition(f"\n{section}:\n")[2].partition("\n\n")[0].splitlines():
        if re.match(r"  \S", line):
            name, _, said = line.strip().partition("  ")
            found[name] = said
        else:
            found[name] += f" {line.strip()}"
    return {name: said.strip() for name, said in found.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_these_parameters(command: str) -> None:
    found = {
        max(p.opts, key=len) if isinstance(p, click.Option) else p.human_readable_name: tuple(
            p.type.choices if isinstance(p.type, click.Choice) else ()
        )
        for p in CONTEXTS_OF_COMMANDS[command].command.params
    }
    assert found == COMMANDS[command]


def test_every_command_is_listed() -> None:
    assert CONTEXTS_OF_COMMANDS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", CONTEXTS_OF_COMMANDS)
def test_help_names_every_option(command: str) -> None:
    """Exactly the parameters and commands that click has, each option with its sentence."""
    context = CONTEXTS_OF_COMMANDS[command]
    long, short = (run(*command.split(), option).stdout for option in ("--help", "-h"))
    assert long == short
    text = long
    assert text.startswith("Usage: ")
    assert max(map(len, text.splitlines())) <= 80, "no line is too wide for a terminal"
    assert len(text.splitlines()) > 5

    options = [p for p in context.command.get_params(context) if isinstance(p, click.Option)]
    printed = rows(text, "Options")
    for parameter in options:
        assert not parameter.hidden
        assert parameter.help and parameter.help.endswith("."), parameter.opts
        left, _ = parameter.get_help_record(context) or ("", "")
        assert {*re.findall(r"--?[a-z][\w-]*", left)} == {
            *parameter.opts, *parameter.secondary_opts
        }  # fmt: skip
        said = printed.pop(re.sub(r"\s+", " ", left))
        assert said.startswith(" ".join(parameter.help.split())), parameter.opts
    assert not printed, "what is no option"

    path, usage = context.command_path.split(), text.partition("\n\n")[0].split()
    arguments = [p for p in context.command.params if isinstance(p, click.Argument)]
    shown = [p.make_metavar(context) for p in arguments]
    below = usage[-2:] if isinstance(context.command, click.Group) else []
    assert usage == ["Usage:", *path, "[OPTIONS]", *shown, *below]
    if isinstance(context.command, click.Group):
        sections = cli.GROUPS if command == "" else ("Commands",)
        named = [name for section in sections for name in rows(text, section)]
        assert named == context.command.list_commands(context)


def test_help_names_the_file_that_a_command_writes() -> None:
    assert "in site.yaml" in run("names", "distinct", "--help").stdout


def test_help_names_records_that_have_a_schema() -> None:
    said = run("schema", "--help").stdout.partition("RECORD is ")[2].partition(".")[0]
    named = {*re.findall(r"\w+", said)} - {"or"}
    assert named == {*RECORDS}


def test_help_of_the_whole_comes_in_the_order_of_need() -> None:
    text = run("--help").stdout
    at = [text.index(f"\n  {name} ") for name in ("new", "check", "build", "deploy", "init")]
    assert at == sorted(at)


def test_version() -> None:
    assert re.fullmatch(r"slugline, version \d+\.\d+\.\d+\S*\n", run("--version").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ["bild"], ["build", "--nothing"], ["check", "--format", "xml"], ["build", "--jobs", "0"],
        ["build", "--jobs", "many"], ["new", "brief"], ["new", "tag", "x"], ["init"],
        ["schema", "song"], ["schema"], ["build", "extra"], ["--site"], ["new", "company"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_exits_with_2(arguments: list[str], tmp_path: Path) -> None:
    site = small_site(tmp_path / "site")
    result = run("--site", site, *arguments, code=2) if arguments != ["--site"] else run(
        "--site", code=2
    )  # fmt: skip
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert len(result.stderr) < 600


# --- where the site is -------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["build", "check", "new brief x", "new company x"])
def test_without_a_site_yaml(command: str, tmp_path: Path) -> None:
    text = run(*command.split(), code=2).stderr
    assert "site.yaml" in text
    assert "slugline init" in text
    assert "--site" in text
    text = run("--site", tmp_path / "nowhere", *command.split(), code=2).stderr
    assert "nowhere has no site.yaml" in text
    assert list(tmp_path.iterdir()) == []


def test_the_site_is_found_from_a_folder_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path / "site", brief("a"))
    monkeypatch.chdir(site / "content/briefs")
    run("build", "--quiet", *AT)
    assert (site / "output/index.html").is_file()
    run("new", "brief", "Scale AI again")
    assert (site / "content/briefs/scale-ai-again.md").is_file()


def test_a_message_about_a_site_elsewhere_names_its_files(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", WRONG)
    assert "content/briefs/a.md:4:7" in run("--site", site, "check", code=1).stdout


# --- check -------------------------------------------------------------------------------------


def sources(site: Path) -> dict[str, bytes]:
    """Every file of a site but what builds remember."""
    return {path: data for path, data in tree(site).items() if not path.startswith(".slugline/")}


def test_check_of_a_clean_site(tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a"))
    before = sources(site)
    assert run("--site", site, "check", *AT).output == "No problems found.\n"
    assert run("--site", site, "check", "--strict", *AT).output == "No problems found.\n"
    assert run("--site", site, "check", "--format", "github", *AT).output == ""
    assert json.loads(run("--site", site, "check", "--format", "json", *AT).stdout) == {
        "diagnostics": [], "errors": 0, "warnings": 0,
    }  # fmt: skip
    assert sources(site) == before, "check writes nothing but what it remembers"


def test_check_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its path from where the editor is, or from the site's folder; a folder too."""
    bad = brief("one", topics="[Chips]", follows="[nobody]") + brief("two", summary="''")
    write_site(tmp_path, bad)
    whole = run("--site", tmp_path, "check", "--format", "json", code=1)
    paths = {found["path"] for found in json.loads(whole.stdout)["diagnostics"]}
    assert paths == {"content/briefs/one.md", "content/briefs/two.md"}
    for where in ("content/briefs/one.md", tmp_path / "content/briefs/one.md"):
        said = run("--site", tmp_path, "check", where, code=1).stdout
        assert "unknown-brief" in said
        assert "two.md" not in said
    assert run("--site", tmp_path, "check", "content/companies/").stdout == "No problems found.\n"
    assert "two.md" in run("--site", tmp_path, "check", "content", code=1).stdout
    said = run("--site", tmp_path, "check", "content/briefs/one.md", "lonely-topic").stdout
    assert "unknown-brief" not in said
    monkeypatch.chdir(tmp_path / "content/briefs")
    assert "unknown-brief" in run("check", "one.md", code=1).stdout
    missing = run("check", "three.md", code=2)
    assert "there is no file three.md" in missing.output
    outside = run("--site", tmp_path, "check", __file__, code=2)
    assert "is not in the site's folder" in outside.output


def test_check_as_text(tmp_path: Path) -> None:
    site = small_site(tmp_path, WRONG + brief("b", "A title").replace("id: id-b\n", ""))
    result = run("--site", site, "check", *AT, code=1)
    assert result.stderr == ""
    text = result.stdout
    assert text.endswith("\n2 errors and 2 warnings in 2 files\n")
    assert "\x1b" not in text
    assert (
        "content/briefs/a.md:4:7: error[invalid-date]: `15.06.2025` is not a date\n"
        "4 | date: 15.06.2025\n"
        "  |       ^^^^^^^^^^\n"
        "  = hint: write 2025-06-15\n"
    ) in text
    assert text.index("warning[") < text.index("error["), "errors are nearest to the prompt"
    assert text.rindex("warning[") < text.index("error[")


def test_a_place_is_where_the_user_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_site(tmp_path, WRONG)
    for folder, place in (
        (".", "content/briefs/a.md:4:7: error[invalid-date]"),
        ("content", "../content/briefs/a.md:4:7: error[invalid-date]"),
        ("content/briefs", f"{tmp_path}/content/briefs/a.md:4:7: error[invalid-date]"),
    ):
        monkeypatch.chdir(tmp_path / folder)
        for command in ("check", "build"):
            assert f"\n{place}" in f"\n{run(command, *AT, code=1).output}", (folder, command)


def test_many_of_one_kind(tmp_path: Path) -> None:
    """Ten of a code are shown, and how to see the others; other formats are complete."""
    text = "".join(brief(f"b{n:02}").replace(f"id: id-b{n:02}\n", "") for n in range(13))
    site = small_site(tmp_path, text + brief("c", summary=""))
    shown = run("--site", site, "check", *AT).stdout
    assert shown.count("warning[missing-id]: ") == 10
    assert "warning[missing-summary]" in shown
    assert (
        "\n… and 3 more warning[missing-id] in 3 files;"
        " to see all, run `slugline check missing-id`\n" in shown
    )
    assert shown.endswith("\n14 warnings in 14 files\n")
    every = run("--site", site, "check", "missing-id", *AT).stdout
    assert every.count("warning[missing-id]: ") == 13
    assert "missing-summary" not in every
    run("--site", site, "check", "missing-id", "--strict", *AT, code=1)
    assert run("--site", site, "check", "no-sources", *AT).stdout == "No problems found.\n"
    wrong = run("--site", site, "check", "missing-ids", *AT, code=2)
    assert "did you mean `missing-id`?" in wrong.output
    found = json.loads(run("--site", site, "check", "--format", "json", *AT).stdout)
    assert len(found["diagnostics"]) == 14
    github = run("--site", site, "check", "--format", "github", *AT).stdout
    assert github.count("title=missing-id") == 13
    # `status` counts what `check` counts.
    status = run("--site", site, "status", "--at", "2025-07-01 12:00").stdout
    assert "14 warnings in 14 files; run `slugline check`" in status


def test_ten_thousand_problems_are_shown_as_ten_and_a_count() -> None:
    found = [Diagnostic(f"content/{n}.md", 1, 1, "missing-id", "x") for n in range(10_000)]
    shown, (excess,) = limited(found)
    assert len(as_text(shown)) < 2000
    assert (excess.number, excess.files) == (9_990, 9_990)


def test_a_build_shows_the_warnings_of_what_it_built(tmp_path: Path) -> None:
    """The others are only counted."""
    site = small_site(tmp_path, brief("a", summary="") + brief("b", summary="") + brief("c"))
    assert "2 warnings in 2 files\n" in run("--site", site, "build", *AT).stderr
    rest = "that this build did not read again; to see all, run `slugline check`"
    again = f"2 warnings in 2 files {rest}\n"
    assert run("--site", site, "build", *AT).stderr == again
    edit(site / "content/briefs/a.md", "Text.", "More text.")
    said = run("--site", site, "build", *AT).stderr
    assert "briefs/a.md:3:8: " in said
    assert "briefs/b.md" not in said
    assert f"1 warning in 1 file\n1 more warning in 1 file {rest}\n" in said


def test_a_failed_build_says_that_the_output_stays(tmp_path: Path) -> None:
    site = small_site(tmp_path, WRONG)
    result = run("--site", site, "build", *AT, code=1)
    assert result.stderr.endswith("Nothing was built: the output stays as it was.\n")


def test_mistakes_of_scheduled_briefs_are_told_in_time(tmp_path: Path) -> None:
    """A build, `--until-due`, `status` and `check` say that a brief will stop builds."""
    plan = brief("plan", "Scale AI soon", date="2025-07-02 09:00", companies="[Nobody Ltd]")
    site = small_site(tmp_path, brief("a") + plan)
    warning = (
        "warning: from 2025-07-02 09:00 on, no build will succeed: content/briefs/plan.md is"
        " published then and has 1 error\n"
    )
    for how in ((), ("--until-due",)):
        for _ in range(2):  # built, and up to date
            result = run("--site", site, "build", *how, *AT)
            assert result.stderr.endswith(warning)
    assert result.stdout == "2025-07-02T07:00:00Z\n"
    status = run("--site", site, "status", "--at", "2025-07-01 12:00").stdout
    assert (
        "content/briefs/plan.md\n    It has 1 error: from then on, no build will succeed." in status
    )
    checked = run("--site", site, "check", *AT, code=1).stdout
    assert "error[unknown-company]" in checked
    assert checked.endswith(
        "The site can be built: all errors are in files that are not published.\n"
    )
    later = run("--site", site, "build", "--at", "2025-07-02 09:00", code=1)
    assert "error[unknown-company]" in later.stderr


def test_explain() -> None:
    """The page of a code, as a message names it; no site is needed."""
    page = run("explain", "figure-undated").output
    assert page.startswith("# figure-undated\n\nA warning. ")
    assert "warning[figure-undated]: the figure `worth` has no date or period" in page
    assert run("explain", "warning[figure-undated]").output == page
    listed = run("explain").output.splitlines()
    assert [line.partition(" ")[0] for line in listed] == [*CODES]
    wrong = run("explain", "figure-undatd", code=2)
    assert "did you mean `figure-undated`?" in wrong.output


@pytest.mark.parametrize(
    ("words", "first"),
    [("tab", "yaml-tab"), ("merge conflict", "conflict-markers"), ("lorem", "editors-note"),
     ("picture", "untrusted-picture"), ("no-break space", "odd-space")],
)  # fmt: skip
def test_explain_suggests_codes_by_words(words: str, first: str) -> None:
    said = run("explain", words, code=2).output
    assert f"did you mean:\n  {first}: " in said
    assert len(re.findall(r"^  [a-z-]+: ", said, re.MULTILINE)) <= 8
    assert "run `slugline explain` to list" in run("explain", "xyzzy", code=2).output


def test_check_as_json(tmp_path: Path) -> None:
    site = small_site(tmp_path, WRONG + brief("b", "Á title"))
    result = json.loads(run("--site", site, "check", "--format", "json", *AT, code=1).stdout)
    assert (result["errors"], result["warnings"]) == (2, 1)
    assert [list(row) for row in result["diagnostics"]] == 3 * [
        ["path", "line", "column", "width", "severity", "code", "message", "hint"]
    ]
    assert result["diagnostics"][0] == {
        "path": "content/briefs/a.md", "line": 4, "column": 7, "width": 10, "severity": "error",
        "code": "invalid-date", "message": "`15.06.2025` is not a date",
        "hint": "write 2025-06-15",
    }  # fmt: skip
    known = {code: severity(code) for code in CODES}
    assert all(known[row["code"]] == row["severity"] for row in result["diagnostics"])


def test_check_as_annotations(tmp_path: Path) -> None:
    site = small_site(tmp_path, WRONG + WARNED.replace("briefs/a.md", "briefs/c,d:e.md"))
    text = run("--site", site, "check", "--format", "github", *AT, code=1).stdout
    rows = [re.fullmatch(r"::(error|warning) ([^:]+)::(.+)", row) for row in text.splitlines()]
    assert rows and all(rows)
    parsed = []
    for row in rows:
        assert row
        fields = dict(part.split("=", 1) for part in row[2].split(","))
        assert list(fields) == ["file", "line", "col", "endColumn", "title"]
        assert int(fields["endColumn"]) >= int(fields["col"]) >= 1
        parsed.append((row[1], fields["file"], fields["title"], row[3]))
    wanted = ("error", "content/briefs/a.md", "invalid-date",
              "`15.06.2025` is not a date%0Awrite 2025-06-15")  # fmt: skip
    assert wanted in parsed
    assert "content/briefs/c%2Cd%3Ae.md" in {row[1] for row in parsed}


def test_an_annotation_escapes_what_github_would_read() -> None:
    found = Diagnostic("a,b:c%.md", 1, 2, "long-title", "100%\nof it", "a\nhint", 3)
    assert as_github([found]) == (
        "::warning file=a%2Cb%3Ac%25.md,line=1,col=2,endColumn=5,title=long-title"
        "::100%25%0Aof it%0Aa%0Ahint"
    )


def test_strict_makes_warnings_count(tmp_path: Path) -> None:
    site = small_site(tmp_path, WARNED)
    text = run("--site", site, "check", *AT).stdout
    assert "warning[missing-summary]" in text
    assert text.endswith("\n1 warning in 1 file\n")
    assert run("--site", site, "check", "--strict", *AT, code=1).stdout == text
    run("--site", site, "check", "--strict", "--format", "json", *AT, code=1)
    run("--site", site, "build", *AT)


def test_the_summary_counts_in_words() -> None:
    error = Diagnostic("a", 1, 1, "yaml-syntax", "x")
    warning = Diagnostic("b", 1, 1, "long-title", "x")
    assert summary([error]) == "1 error in 1 file"
    assert summary([error, error, warning]) == "2 errors and 1 warning in 2 files"
    assert summary([warning, warning]) == "2 warnings in 1 file"


@pytest.mark.parametrize(
    ("line", "column", "width", "shown", "caret"),
    [
        ("title: 谷歌 Gogle", 11, 5, "title: 谷歌 Gogle", " " * 12 + "^" * 5),
        ("title: 谷歌", 8, 2, "title: 谷歌", " " * 7 + "^" * 4),
        ("title: Báo x", 12, 1, "title: Báo x", " " * 11 + "^"),
        ("title: Ba\u0301o x", 13, 1, "title: Ba\u0301o x", " " * 11 + "^"),
        ("a:\tx", 4, 1, "a: x", "   ^"),
        ("x" * 500 + "WRONG" + "y" * 500, 501, 5,
         "…" + "x" * 48 + "WRONG" + "y" * 43 + "…", " " * 49 + "^" * 5),
        ("WRONG" + "y" * 500, 1, 5, "WRONG" + "y" * 91 + "…", "^" * 5),
        ("title: x", 9, 1, "title: x", " " * 8 + "^"),
    ],
)  # fmt: skip
def test_the_caret_stands_under_the_mistake(
    line: str, column: int, width: int, shown: str, caret: str
) -> None:
    """Wide characters take two columns of a terminal, marks on letters none; long lines are cut."""
    rows = as_text([Diagnostic("a", 7, column, "yaml-syntax", "x", "", width, line)]).split("\n")
    assert rows[1:] == [f"7 | {shown}", f"  | {caret}"]


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    """`slugline check | head -1`."""
    site = small_site(tmp_path / "site", "".join(brief(f"b{n}", "x") for n in range(30)))
    command = f"{sys.executable} -m builder --site {site} check | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr


# --- time and address --------------------------------------------------------------------------


def test_at_decides_what_is_published(tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a"))
    run("--site", site, "build", "--at", "2025-06-15 08:59", "-q")
    assert not (site / "output/briefs/a").exists()
    run("--site", site, "build", "--at", "2025-06-15 09:00", "-q")
    assert (site / "output/briefs/a/index.html").is_file()
    run("--site", site, "build", "--at", "2025-06-15T06:59Z", "-q")
    assert not (site / "output/briefs/a").exists()
    run("--site", site, "build", "--at", "2025-06-14", "--drafts", "-q")
    assert (site / "output/briefs/a/index.html").is_file()


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize("at", ["yesterday", "15.06.2025", "2025-02-30", "", "2025-06-15 25:00"])
def test_at_wants_a_moment(command: str, at: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a"))
    text = run("--site", site, command, "--at", at, code=2).stderr
    assert "--at" in text
    assert f"`{at}` is not a date" in text
    assert "write 2025-06-1" in text
    assert not (site / "output").exists()


def test_base_url(tmp_path: Path) -> None:
    site = write_site(tmp_path, brief("a"))
    run("--site", site, "build", "--base-url", "http://localhost:8000/sub/", "-q", *AT)
    page = (site / "output/briefs/a/index.html").read_text("utf-8")
    assert 'href="http://localhost:8000/sub/briefs/a/"' in page
    assert "test.example" not in page
    assert "http://localhost:8000/sub/briefs/a/" in (site / "output/feed.xml").read_text("utf-8")


@pytest.mark.parametrize(
    "url",
    ["example.org", "ftp://example.org", "//example.org", "https://", "https://example.org/?a=b",
     "https://example.org/#a", "javascript:alert(1)", "https://exa mple.org", ""],
)  # fmt: skip
def test_base_url_wants_an_address(url: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a"))
    text = run("--site", site, "build", "--base-url", url, code=2).stderr
    assert "--base-url" in text
    assert not (site / "output").exists()


# --- build -------------------------------------------------------------------------------------


def closing_line(result: Result) -> str:
    return result.stdout.splitlines()[-1]


def test_the_closing_line(tmp_path: Path) -> None:
    site = write_site(tmp_path, brief("a") + brief("b"))
    first = closing_line(run("--site", site, "build", *AT))
    pattern = r"Built (\d+) pages from 2 briefs in \d+\.\d s \(all rendered\)\. Open (\S+)"
    match = re.fullmatch(pattern, first)
    assert match, first
    assert (tmp_path / match[2]).is_file()
    made = {path for path in tree(site / "output") if not path.startswith(("assets/", "."))}
    assert int(match[1]) == len(made)
    assert "(nothing to render)" in closing_line(run("--site", site, "build", *AT))
    (site / "content/briefs/b.md").unlink()
    third = closing_line(run("--site", site, "build", *AT))
    assert re.search(r"from 1 brief in .* \(\d+ rendered, \d+ unchanged, 1 removed\)", third), third


def test_quiet_says_nothing(tmp_path: Path) -> None:
    site = small_site(tmp_path, WARNED)
    for option in ("--quiet", "-q"):
        result = run("--site", site, "build", option, *AT)
        assert result.output == ""
    (site / "content/briefs/a.md").write_text("No front matter.\n")
    result = run("--site", site, "build", "--quiet", *AT, code=1)
    assert "error[no-front-matter]" in result.stderr
    assert result.stdout == ""


def test_build_shows_warnings_and_builds(tmp_path: Path) -> None:
    site = small_site(tmp_path, WARNED)
    result = run("--site", site, "build", *AT)
    assert "warning[missing-summary]" in result.stderr
    assert "1 warning in 1 file" in result.stderr
    assert closing_line(result).startswith("Built ")


def explained(result: Result) -> dict[str, str]:
    rows = [row.partition(": ") for row in result.stdout.splitlines() if row.startswith("/")]
    return {url: why for url, _, why in rows}


def test_explain_says_why(tmp_path: Path) -> None:
    site = write_site(tmp_path, brief("a") + brief("b", "Meta hires", companies="[Meta]"))
    first = explained(run("--site", site, "build", "--explain", *AT))
    assert {"/", "/briefs/a/", "/briefs/b/", "/feed.xml", "/companies/meta/"} <= first.keys()
    assert set(first.values()) == {"it is new"}
    second = run("--site", site, "build", "--explain", *AT)
    assert explained(second) == {}
    assert "(nothing to render)" in second.stdout

    file = site / "content/briefs/b.md"
    file.write_text(file.read_text("utf-8").replace("Text.", "Other words."), "utf-8")
    body = explained(run("--site", site, "build", "--explain", *AT))
    assert "`body` changed" in body.pop("/briefs/b/")
    assert "/briefs/a/" not in body, "a change of its text leaves other briefs as they are"
    others = [url for url in body if not url.endswith(("/feed.xml", "/feed.atom", "/feed.json"))]
    assert all(re.match(r"/search/\d{4}/", url) for url in others), "or an index of its words"

    file.write_text(file.read_text("utf-8").replace("title: Meta hires", "title: Meta fires"))
    title = explained(run("--site", site, "build", "--explain", *AT))
    assert "`title` changed" in title["/briefs/b/"]
    assert "/" in title

    shutil.copytree(REPOSITORY / "templates", site / "templates")
    assert explained(run("--site", site, "build", "--explain", *AT)) == {}, "the same templates"
    template = site / "templates/404.html"
    template.write_text(template.read_text("utf-8") + "\n{# x #}\n", "utf-8")
    changed = explained(run("--site", site, "build", "--explain", *AT))
    assert list(changed) == ["/404.html"]
    assert "the template 404.html" in changed["/404.html"]

    file.unlink()
    removed = explained(run("--site", site, "build", "--explain", *AT))
    assert removed["/briefs/b/"] == "removed: nothing generates it any more"


@pytest.mark.parametrize(
    "wrong",
    [WRONG, "=== site.yaml\ntitle: Test\n", "=== templates/front.html\n{{ 1 / 0 }}\n",
     "=== templates/front.html\n{% if %}\n", "=== content/briefs/a.md\nText.\n"],
    ids=["brief", "site.yaml", "rendering", "template", "front matter"],
)  # fmt: skip
def test_a_build_that_fails_leaves_the_output_as_it_was(wrong: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a") + brief("b"))
    run("--site", site, "build", "-q", *AT)
    (site / "output/theirs.txt").write_text("theirs")
    before = tree(site / "output")
    times = {p: p.lstat().st_mtime_ns for p in sorted((site / "output").rglob("*"))}
    write_site(site, brief("b", "Scale AI hires again") + wrong, usual=False)
    result = run("--site", site, "build", *AT, code=1)
    assert "error[" in result.stderr
    assert tree(site / "output") == before
    assert {p: p.lstat().st_mtime_ns for p in sorted((site / "output").rglob("*"))} == times
    left = {p.name for p in site.iterdir() if p.name.startswith(".output")}
    assert left <= {".output.lock", ".output.spare"}


def test_a_first_build_that_fails_makes_no_output(tmp_path: Path) -> None:
    site = small_site(tmp_path, WRONG)
    run("--site", site, "build", *AT, code=1)
    assert not (site / "output").exists()


def test_an_output_that_is_a_file(tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a"))
    (site / "output").write_text("theirs")
    result = run("--site", site, "build", *AT, code=1)
    assert "not a folder" in result.stderr
    assert "--output" in result.stderr
    assert (site / "output").read_text() == "theirs"
    run("--site", site, "build", "--output", site / "output", *AT, code=2)
    assert (site / "output").read_text() == "theirs"


def test_an_output_that_is_a_link(tmp_path: Path) -> None:
    site, elsewhere = small_site(tmp_path / "site", brief("a")), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "theirs.txt").write_text("theirs")
    (site / "output").symlink_to(elsewhere)
    run("--site", site, "build", *AT, code=1)
    assert tree(elsewhere) == {"theirs.txt": b"theirs"}
    assert (site / "output").is_symlink()


def test_somebody_s_files_in_the_output_stay(tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a"))
    run("--site", site, "build", *AT)
    theirs = {"CNAME": "x", "briefs/notes.txt": "y", "own/deep/page.html": "z", ".nojekyll": ""}
    for path, text in theirs.items():
        (site / "output" / path).parent.mkdir(parents=True, exist_ok=True)
        (site / "output" / path).write_text(text)
    for number in range(3):
        if number == 0:
            write_site(site, brief("a", body="Another text."), usual=False)
        if number == 2:
            (site / "content/briefs/a.md").rename(site / "content/briefs/b.md")
        result = run("--site", site, "build", *AT)
        for path, text in theirs.items():
            assert (site / "output" / path).read_text() == text
            if number != 1:  # said when something is written
                assert f"output/{path}" in result.stdout


@pytest.mark.parametrize("path", ["briefs", "archive", "feeds/index.html/x"])
def test_somebody_s_file_in_the_way_is_not_lost(path: str, tmp_path: Path) -> None:
    """A file where the site wants a folder, or the reverse: a refusal, or it stays."""
    site = small_site(tmp_path, brief("a"))
    (site / "output" / path).parent.mkdir(parents=True)
    (site / "output" / path).write_text("theirs")
    result = CliRunner().invoke(cli.main, ["--site", str(site), "build", *AT])
    assert "bug in Slugline" not in result.output
    kept = [data for data in tree(site / "output").values() if data == b"theirs"]
    assert kept, f"it is gone, and the command said: {result.output}"
    if result.exit_code:
        assert "output" in result.stderr


def test_a_folder_with_a_project_in_it_is_not_replaced(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", brief("a"))
    other = small_site(tmp_path / "other")
    before = tree(other)
    for target in (other, site):
        result = run("--site", site, "build", "--output", target, *AT, code=1)
        assert "--output" in result.stderr
    assert {path: data for path, data in tree(other).items() if "lock" not in path} == before


def test_two_builds_at_once(tmp_path: Path) -> None:
    from builder.output.lock import locked

    site = small_site(tmp_path, brief("a"))
    with locked(site / "output"):
        text = run("--site", site, "build", *AT, code=1).stderr
    assert "another build" in text
    assert str(os.getpid()) in text
    run("--site", site, "build", *AT)


def test_a_fault_of_the_program_is_called_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("of the test")

    monkeypatch.setattr("builder.engine.build.walk_content", fail)
    site = small_site(tmp_path, brief("a"))
    result = CliRunner().invoke(cli.main, ["--site", str(site), "build"])
    assert result.exit_code == 1
    assert "a bug in Slugline, not in your content: ZeroDivisionError: of the test" in (
        result.stderr
    )
    assert "SLUGLINE_DEBUG=1" in result.stderr
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("SLUGLINE_DEBUG", "1")
    result = CliRunner().invoke(cli.main, ["--site", str(site), "build"])
    assert isinstance(result.exception, ZeroDivisionError)


# --- new ---------------------------------------------------------------------------------------


def written(result: Result) -> Path:
    """The path that `slugline new` says it wrote."""
    match = re.fullmatch(r"Wrote (.+)\n", result.stdout)
    assert match, result.stdout
    return Path(match[1])


def front_matter(path: Path) -> dict[str, Any]:
    document, found = read_document(path.name, path.read_bytes())
    assert document is not None, found
    return document.fields


TITLES = {
    "Scale AI hires": "scale-ai-hires",
    "Báo Dân trí về Đà Nẵng, Łódź & Ørsted": "bao-dan-tri-ve-da-nang-lodz-and-orsted",
    "Scale AI: the \"aftermath\"": "scale-ai-the-aftermath",
    "OpenAI's plan: it's 'on'": "openais-plan-its-on",
    "[Update] #1 & *more* {x} | > % @ `y`": "update-1-and-more-x-y",
    "null": "null",
    "12:30": "12-30",
    "2025-06-13": "2025-06-13",
    "yes": "yes",
    "- a": "a",
    "a # b": "a-b",
    "C:\\data\\new": "c-data-new",
    "  Scale \t AI \n hires  ": "scale-ai-hires",
    "Ends with a colon:": "ends-with-a-colon",
    "谷歌 Scale": "gu-ge-scale",
    "\N{ROCKET} Turing": "turing",
    "é" * 3: "eee",
}  # fmt: skip


SIGNS = {title: exact_slug(title) for title in TITLES if exact_slug(title)}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("kind", ["brief", "company"])
def test_new_writes_a_file_that_reads_back(kind: str, title: str, tmp_path: Path) -> None:
    site = small_site(tmp_path)
    path = written(run("--site", site, "new", kind, "--", title))
    folder = {"brief": "briefs", "company": "companies"}[kind]
    # A company keeps its signs as words, which tell names apart.
    stem = TITLES[title] if kind == "brief" else SIGNS.get(title, TITLES[title])
    assert path.resolve() == (site / f"content/{folder}/{stem}.md").resolve()
    fields = front_matter(path)
    assert fields["title" if kind == "brief" else "name"] == " ".join(title.split())
    assert re.fullmatch(r"[2-9a-hjkmnp-z]{8}", fields["id"])
    standard = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
    assert fields.keys() == standard.keys(), "other readers of YAML agree"
    errors = [d for d in check(site, options()).problems if d.severity == "error"]
    assert errors == []


def test_new_thread_reads_back(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    path = written(run("--site", site, "new", "thread", 'Meta & Scale: the "story"'))
    assert path.resolve() == (site / "content/threads/meta-and-scale-the-story.md").resolve()
    assert front_matter(path)["title"] == 'Meta & Scale: the "story"'
    assert [d for d in check(site, options()).problems if d.severity == "error"] == []


def test_a_new_brief_is_a_draft_of_now_in_the_site_s_zone(tmp_path: Path) -> None:
    settings = "=== site.yaml\ntitle: T\nbase_url: https://t.example\ntime_zone: Asia/Tokyo\n"
    site = small_site(tmp_path, settings)
    path = written(run("--site", site, "new", "brief", "Scale AI hires"))
    fields = front_matter(path)
    assert fields["status"] == "draft"
    tokyo = subprocess.run(
        ["date", "+%Y-%m-%d %H"], capture_output=True, text=True, check=True,
        env={**os.environ, "TZ": "JST-9"},
    )  # fmt: skip
    assert fields["date"][:10] == tokyo.stdout[:10]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", fields["date"])
    text = path.read_text("utf-8")
    assert text.count("#") > 5, "its fields are explained"
    warnings = check(site, options()).problems
    assert warnings and all(d.severity == "warning" for d in warnings)


def test_new_mints_another_id_each_time(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    ids = {
        front_matter(written(run("--site", site, "new", "brief", f"Scale {n}")))["id"]
        for n in range(20)
    }
    assert len(ids) == 20


@pytest.mark.parametrize(
    "kind", ["brief", "company", "thread", "topic", "person", "publisher", "page"]
)
def test_new_overwrites_nothing(kind: str, tmp_path: Path) -> None:
    site = small_site(tmp_path)
    path = written(run("--site", site, "new", kind, "Turing"))
    before = path.read_bytes()
    text = run("--site", site, "new", kind, "TURING!", code=2).stderr
    assert "turing.md already exists" in text
    assert "--slug" in text
    assert path.read_bytes() == before
    other = written(run("--site", site, "new", kind, "Turing", "--slug", "turing-2"))
    assert other.name == "turing-2.md"


@pytest.mark.parametrize("slug", ["../../x", "a/b", "A B", "/tmp/x", ".", "..", "x.md", "é"])
def test_new_takes_no_slug_that_leads_out(slug: str, tmp_path: Path) -> None:
    site = small_site(tmp_path / "site")
    before = tree(tmp_path)
    text = run("--site", site, "new", "brief", "Scale AI", "--slug", slug, code=2).stderr
    assert "is not a valid slug" in text
    assert tree(tmp_path) == before


@pytest.mark.parametrize("title", ["", "   ", "!!!", "\N{ROCKET}"])
def test_new_asks_for_a_slug_where_the_title_makes_none(title: str, tmp_path: Path) -> None:
    site = small_site(tmp_path)
    before = tree(site)
    said = run("--site", site, "new", "brief", title, code=2).stderr
    assert ("--slug" if title.strip() else "the title is empty") in said
    assert tree(site) == before
    if title.strip():
        path = written(run("--site", site, "new", "brief", title, "--slug", "google"))
        assert front_matter(path)["title"] == title


def test_what_is_allowed_is_listed_with_its_reason(tmp_path: Path) -> None:
    text = brief("a", allow='{missing-summary: "It is\n  a note."}').replace(
        "summary: It hires.\n", ""
    )
    site = small_site(tmp_path, text)
    said = run("check", "--allowed").stdout.splitlines()
    assert said[0].startswith("content/briefs/a.md:")
    assert said[1:] == ["    allowed: It is a note.", "1 warning suppressed."]
    write_site(site, WRONG)
    assert "no company is called" in run("check", "--allowed", code=1).stdout


def test_an_allowed_secret_is_published_and_always_listed(tmp_path: Path) -> None:
    reason = "{secret-looking: It is the example of the documentation.}"
    write_site(tmp_path, brief("a", body="AKIAIOSFODNN7EXAMPLE", allow=reason))
    listed = "    allowed: It is the example of the documentation."
    assert listed in run("build", *AT).output.splitlines()
    assert "AKIAIOSFODNN7EXAMPLE" in (tmp_path / "output/briefs/a/index.html").read_text("utf-8")
    for command in (("check", *AT), ("status", *AT)):
        said = run(*command).stdout.splitlines()
        assert listed in said
        assert not any("AKIAIOSFODNN7EXAMPLE" in line for line in said)
    edited = (
        (tmp_path / "content/briefs/a.md").read_text("utf-8").replace("AKIAIOSFODNN7EXAMPLE", "")
    )
    (tmp_path / "content/briefs/a.md").write_text(edited, "utf-8")
    assert "this file has no `secret-looking` error" in run("check", *AT).stdout


def test_new_chooses_a_free_name_for_a_file(tmp_path: Path) -> None:
    """Signs are words in it, so that it depends on no other file."""
    site = small_site(tmp_path)
    for name, stem in (
        ("Disney", "disney"),
        ("Disney+", "disney-plus"),
        ("C++", "c-plus-plus"),
        ("+", "plus"),
    ):
        run("--site", site, "new", "company", name)
        assert (site / f"content/companies/{stem}.md").exists()
    assert "already exists" in run("--site", site, "new", "company", "Disney+", code=2).stderr


def test_headlines_in_any_script_make_whole_addresses_and_are_told_apart(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    for title, stem in (
        ("谷歌离开 Scale AI", "gu-ge-li-kai-scale-ai"),
        ("古格离开 Scale AI", "gu-ge-li-kai-scale-ai-2"),  # the same sounds
        ("彼はScale AIを買収した", "bi-ha-scale-ai-o-mai-shou-shita"),
        ("مايكروسوفت تستثمر", "mykrwswft-tstthmr"),
        ("Яндекс уходит", "yandeks-ukhodit"),
        ("人工智能" * 30, "-".join(["ren-gong-zhi-neng"] * 4 + ["ren-gong"])),
    ):
        path = written(run("--site", site, "new", "brief", title))
        assert (path.stem, front_matter(path)["title"]) == (stem, title)
    said = run("--site", site, "new", "brief", "谷歌离开 Scale AI", code=2).stderr
    assert "gu-ge-li-kai-scale-ai.md already exists" in said
    problems = check(site, options()).problems
    assert {d.severity for d in problems} == {"warning"}


def test_a_very_long_title_makes_a_slug_that_is_allowed(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    path = written(run("--site", site, "new", "brief", "Scale AI and the others " * 30))
    assert len(path.stem) <= 100
    assert not path.stem.endswith("-")
    assert {d.severity for d in check(site, options()).problems} == {"warning"}


# --- init --------------------------------------------------------------------------------------


def test_init_makes_a_site_that_builds_at_once(tmp_path: Path) -> None:
    result = run("init", tmp_path / "news")
    site = tmp_path / "news"
    count = len(tree(site))
    assert f"Wrote {count} files to " in result.stdout
    assert "slugline serve --open" in result.stdout
    assert (site / "site.yaml").is_file()
    assert not (site / "templates").exists(), "it uses Slugline's own"
    assert list((site / "content/briefs").glob("*.md"))
    assert list((site / "content/companies").glob("*.md"))
    assert "output" in (site / ".gitignore").read_text("utf-8")
    found = json.loads(run("--site", site, "check", "--format", "json").output)["diagnostics"]
    assert [problem["code"] for problem in found] == ["placeholder"] * 7
    assert "all rendered" in run("--site", site, "build").output
    assert (site / "output/index.html").is_file()
    again = run("init", tmp_path / "other")
    assert f"Wrote {count} files" in again.stdout
    ids = [
        {front_matter(p).get("id") for p in (folder / "content").rglob("*.md")} - {None}
        for folder in (site, tmp_path / "other")
    ]
    assert ids[0] and ids[1]
    assert not ids[0] & ids[1], "two sites do not share ids"
    assert not [p for p in tree(site) if "__pycache__" in p or p.endswith((".py", ".pyc"))]
    named = [p for p, data in tree(site).items() if b"ground truth" in data.lower()]
    assert not named, "a new site does not name another one"


def test_init_into_an_empty_folder_and_into_a_deep_one(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run("init", tmp_path / "empty")
    run("init", tmp_path / "a/b/c")
    assert (tmp_path / "empty/site.yaml").is_file()
    assert (tmp_path / "a/b/c/site.yaml").is_file()


@pytest.mark.parametrize("name", ["notes.txt", ".hidden"])
def test_init_refuses_a_folder_that_is_not_empty(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_text("mine")
    assert "mine is not empty" in run("init", folder, code=2).stderr
    assert tree(folder) == {name: b"mine"}
    (tmp_path / "file").write_text("mine")
    run("init", tmp_path / "file", code=2)


# --- schema ------------------------------------------------------------------------------------

RECORDS = (
    "brief",
    "company",
    "topic",
    "thread",
    "person",
    "profile",
    "publisher",
    "page",
    "digest",
    "replies",
    "site",
)
_TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
_KEYWORDS = {
    "$schema", "$id", "title", "description", "type", "properties", "required", "items", "enum",
    "additionalProperties", "pattern", "format", "minimum", "maximum", "default", "minItems",
    "maxLength", "minLength", "uniqueItems", "anyOf", "oneOf", "const", "examples", "$comment",
    "markdownDescription", "$ref", "definitions",
}  # fmt: skip


def assert_draft_07(schema: Any) -> None:
    """What the meta-schema of draft-07 says of the keywords that are used."""
    if isinstance(schema, bool):
        return
    assert isinstance(schema, dict)
    assert schema.keys() <= _KEYWORDS, schema.keys() - _KEYWORDS
    kinds = schema.get("type", [])
    assert set([kinds] if isinstance(kinds, str) else kinds) <= _TYPES
    for word in ("title", "description", "pattern", "format", "$schema"):
        assert isinstance(schema.get(word, ""), str)
    re.compile(schema.get("pattern", ""))
    if "enum" in schema:
        assert schema["enum"] and len(schema["enum"]) == len(set(map(str, schema["enum"])))
    required = schema.get("required", [])
    assert len(required) == len(set(required))
    if "properties" in schema:  # a part of `anyOf` has none
        assert set(required) <= schema["properties"].keys()
    for part in schema.get("properties", {}).values():
        assert_draft_07(part)
    for word in ("items", "additionalProperties"):
        assert_draft_07(schema.get(word, True))
    for word in ("anyOf", "oneOf"):
        for part in schema.get(word, []):
            assert_draft_07(part)


def complaints(schema: Any, value: Any, at: str = "") -> list[str]:
    """What a validator of JSON Schema would say of a value."""
    if isinstance(schema, bool):
        return [] if schema else [f"{at}: not allowed"]
    if "anyOf" in schema and all(complaints(part, value, at) for part in schema["anyOf"]):
        return [f"{at}: none of anyOf"]
    kinds = schema.get("type", sorted(_TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    is_kind = {
        "object": isinstance(value, dict), "array": isinstance(value, list),
        "string": isinstance(value, str), "boolean": isinstance(value, bool),
        "null": value is None, "number": is_number,
        "integer": is_number and float(value).is_integer(),
    }  # fmt: skip
    if not any(is_kind[kind] for kind in kinds):
        return [f"{at}: {value!r} is no {kinds}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{at}: {value!r} does not match {schema['pattern']}")
    if is_number and value < schema.get("minimum", value):
        found.append(f"{at}: {value!r} is too small")
    if isinstance(value, list):
        for n, item in enumerate(value):
            found += complaints(schema.get("items", True), item, f"{at}.{n}")
    if isinstance(value, dict):
        found += [f"{at}: {k} is missing" for k in schema.get("required", []) if k not in value]
        for key, part in value.items():
            known = schema.get("properties", {})
            rest = schema.get("additionalProperties", True)
            found += complaints(known.get(key, rest), part, f"{at}.{key}")
    return found


class _Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as the plugins of editors read it."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Core.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )
# PyYAML reads 010 as eight; YAML 1.2 as ten.
_Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 0 if "x" in
                      node.value or "o" in node.value else 10))  # fmt: skip


def test_the_validator_of_these_tests_complains() -> None:
    schema = {"type": "object", "required": ["a"], "additionalProperties": False,
              "properties": {"a": {"type": "integer", "minimum": 1}}}  # fmt: skip
    assert complaints(schema, {"a": 1}) == []
    for wrong in ({}, {"a": 0}, {"a": "1"}, {"a": 1, "b": 2}, [], {"a": True}):
        assert complaints(schema, wrong), wrong


@pytest.mark.parametrize("record", RECORDS)
def test_schema(record: str) -> None:
    schema = json.loads(run("schema", record).stdout)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["additionalProperties"] is False
    assert schema["type"] == "object"
    assert schema["properties"].keys() >= {
        "site": {"base_url"}, "brief": {"sources"}, "digest": {"title"},
        "replies": {"replies"}, "profile": {"name", "title"},
    }.get(record, {"id"})  # fmt: skip
    assert all(part["description"] for part in schema["properties"].values())
    assert_draft_07(schema)


def test_schema_write(tmp_path: Path) -> None:
    text = run("schema", "--write", tmp_path / "deep/schemas").stdout
    assert f"Wrote {len(RECORDS)} schemas" in text
    files = sorted((tmp_path / "deep/schemas").iterdir())
    assert [f.name for f in files] == sorted(f"{r}.schema.json" for r in RECORDS)
    for file in files:
        record = file.name.removesuffix(".schema.json")
        assert file.read_text("utf-8") == run("schema", record).stdout


def test_schema_of_an_unknown_record() -> None:
    text = run("schema", "song", code=2).stderr
    assert f"give one of: {', '.join(RECORDS)};" in text


FOLDERS = {"briefs": "brief", "companies": "company", "topics": "topic", "threads": "thread",
           "people": "person", "publishers": "publisher", "pages": "page",
           "digests": "digest"}  # fmt: skip


def in_an_editor(path: Path) -> Any:
    text = path.read_text("utf-8")
    return yaml.load(text.split("\n---\n")[0].removeprefix("---\n"), _Core)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_schema_accepts_what_the_program_accepts(folder: str) -> None:
    """The files of the repository's own site, as an editor's plugin reads them."""
    schema = json.loads(run("schema", FOLDERS[folder]).stdout)
    for path in sorted((REPOSITORY / "content" / folder).glob("*.md")):
        if kind_of(path.relative_to(REPOSITORY).as_posix()) is not Profile:
            assert complaints(schema, in_an_editor(path)) == [], path.name


def test_the_schema_accepts_site_yaml() -> None:
    schema = json.loads(run("schema", "site").stdout)
    value = yaml.load((REPOSITORY / "site.yaml").read_text("utf-8"), _Core)
    assert complaints(schema, value) == []


@pytest.mark.parametrize("kind", ["brief", "company", "thread"])
def test_the_schema_accepts_a_new_file(kind: str, tmp_path: Path) -> None:
    """An editor must not mark in red what `slugline new` has just written."""
    site = small_site(tmp_path)
    path = written(run("--site", site, "new", kind, "Scale AI: hires"))
    schema = json.loads(run("schema", kind).stdout)
    assert complaints(schema, in_an_editor(path)) == []


@pytest.mark.parametrize(
    "wrong",
    ["sumary: x", "importance: 4", "date: 15.06.2025", "status: darft",
     "slug: A B", "sources: [{id: a}]", "sources: [{id: a, publisher: b, role: relai}]",
     "title: [x]", "lang: English"],
)  # fmt: skip
def test_the_schema_refuses_what_the_program_refuses(wrong: str) -> None:
    schema = json.loads(run("schema", "brief").stdout)
    fields = {"title": "Scale AI", "date": "2025-06-15", **yaml.load(wrong, _Core)}
    assert complaints(schema, fields) != []


# --- colour ------------------------------------------------------------------------------------


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What the command prints when its output is a terminal."""
    ours, theirs = pty.openpty()
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "builder", *arguments], stdout=theirs, stderr=theirs,
        stdin=subprocess.DEVNULL,
        env={**clean, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", **environment},
    )  # fmt: skip
    os.close(theirs)
    read = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not data:
            break
        read += data
    os.close(ours)
    process.wait(30)
    # A slow machine shows how far the build is, for a moment.
    return re.sub(r"\r\x1b\[K(Rendering \[[#.]*\] \d+ of \d+)?", "", read.decode("utf-8"))


@pytest.mark.parametrize("command", ["check", "build"])
def test_colour_on_a_terminal_only(command: str, tmp_path: Path) -> None:
    site = str(small_site(tmp_path, WRONG))
    coloured = on_a_terminal("--site", site, command)
    assert "\x1b[1;31merror[invalid-date]\x1b[0m" in coloured
    plain = on_a_terminal("--site", site, command, NO_COLOR="1")
    assert "error[invalid-date]" in plain
    assert "\x1b" not in plain
    piped = apart("--site", site, command, folder=tmp_path)
    assert piped.returncode == 1
    assert "\x1b" not in piped.stdout + piped.stderr
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("form", ["json", "github"])
def test_no_colour_in_what_programs_read(form: str, tmp_path: Path) -> None:
    site = str(small_site(tmp_path, WRONG))
    assert "\x1b" not in on_a_terminal("--site", site, "check", "--format", form)


def test_no_bar_where_there_is_no_terminal(tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a"))
    done = apart("--site", site, "build", *AT, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


# --- another surrounding -----------------------------------------------------------------------


def test_a_terminal_that_knows_no_unicode(tmp_path: Path) -> None:
    """LANG=C: a message with Vietnamese in it is printed somehow, and does not fail."""
    site = small_site(tmp_path, brief("a", section="Báo-谷歌"))
    for form in ("text", "json", "github"):
        done = apart(
            "--site", site, "check", "--format", form, folder=tmp_path, LC_ALL="C",
            PYTHONUTF8="0", PYTHONIOENCODING="ascii", PYTHONCOERCECLOCALE="0",
        )  # fmt: skip
        assert done.returncode == 1
        assert "unknown-section" in done.stdout
        assert "bug" not in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("init", "x"), ("schema", "--write", "x")])
def test_a_file_where_a_folder_should_be(command: tuple[str, ...], tmp_path: Path) -> None:
    """What the system refuses is named with its file; it is not a bug."""
    (tmp_path / "file").write_text("")
    *words, last = command
    ran = apart(*words, tmp_path / "file" / last, folder=tmp_path)
    assert ran.returncode == 1
    assert ran.stderr == f"Error: {tmp_path / 'file' / last}: Not a directory\n"


def test_the_module_and_the_program_are_the_same(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("slugline")
    if not program.exists():
        pytest.skip("Slugline is not installed in this environment")
    done = subprocess.run(
        [program, "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.replace("slugline [", "python -m builder [") == (
        apart("--help", folder=tmp_path).stdout.replace("slugline [", "python -m builder [")
    )


# --- what a command loads ----------------------------------------------------------------------

HEAVY = (
    "babel", "builder.engine.pipeline", "css_inline", "jinja2", "markdown_it", "multiprocessing",
    "smtplib", "yaml",
)  # fmt: skip


def loaded(site: Path, *arguments: str) -> set[str]:
    """Which of the heavy modules a command has loaded when it ends."""
    code = (
        "import sys\nfrom builder.cli.app import main\n"
        f"try: main({list(arguments)!r})\n"
        "except SystemExit as end: assert not end.code, end\n"
        f"print('loaded', *({HEAVY!r} & sys.modules.keys()))"
    ).replace(f"{HEAVY!r} &", f"set({HEAVY!r}) &")
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split("loaded")[-1].split())


def test_a_command_loads_only_what_it_uses(tmp_path: Path) -> None:
    """Starting counts: help needs nothing; a build of what did not change needs hardly more."""
    site = small_site(tmp_path, brief("a"))
    build = ("--site", str(site), "build", "--quiet")
    assert loaded(site, "--help") == set()
    whole = loaded(site, *build)
    assert {"builder.engine.pipeline", "jinja2", "markdown_it", "yaml"} <= whole
    assert not {"css_inline", "smtplib"} & whole, "no build makes e-mails"
    time.sleep(0.2)  # until no file could change without a new time
    loaded(site, *build, "--at", "2026-01-01")
    assert loaded(site, *build, "--at", "2026-01-02") <= {
        "babel",
        "yaml",
    }  # for site.yaml's time zone
    loaded(site, *build)
    assert loaded(site, *build) == set()
