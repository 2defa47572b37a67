"""`slugline check` and `slugline explain`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.app import CONTENT_ERROR
from builder.cli.confirm import write_if_confirmed
from builder.cli.console import list_allowed, say, show
from builder.cli.options import build_options, find_root, make_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.diagnostics.codes import Code
    from builder.diagnostics.diagnostic import Diagnostic


@click.command()
@click.argument("named", metavar="[CODE|FILE]...", nargs=-1)
@build_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "gitlab"]),
    default="text",
    help="Output format: text, JSON, GitHub annotations, or a GitLab code quality report.",
    show_default=True,
)
@click.option(
    "--fix",
    is_flag=True,
    help="Show as a diff what can be fixed with certainty, and write it once you confirm.",
)
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option(
    "--allowed",
    is_flag=True,
    help="List only the warnings that `allow` and `checks` suppress, with reasons.",
)
@click.pass_obj
def check(
    folder: Path | None,
    named: tuple[str, ...],
    at: str | None,
    drafts: bool,
    jobs: int | None,
    form: str,
    strict: bool,
    allowed: bool,
    fix: bool,
    yes: bool,
) -> None:
    """Report every problem without writing the site.

    Prints the first ten problems of each code and counts the rest; with CODE, prints all problems
    of these codes and no others. With FILE, which may be a folder, prints all problems in it; the
    whole site is read, since what is wrong with a file may depend on others. Other formats are
    always complete.

    Exits with 0 if there is no error, 1 if there is one, and 2 for wrong usage. Errors in drafts,
    scheduled and expired briefs count, although they stop no build. Renders every page, so that
    errors in templates are reported too.

    --fix renames fields of other tools, rewrites dates, spaces, marks and other front matter that
    can only mean one thing, and adds missing ids. It keeps comments and order. Without a terminal,
    it only shows the diff and exits with 1 if there is one, unless --yes is given.
    """
    from builder.diagnostics import report
    from builder.diagnostics.diagnostic import ContentError
    from builder.engine.build import check as run

    if yes and not fix:
        raise click.UsageError("--yes requires --fix")
    if fix and (form != "text" or allowed):
        raise click.UsageError("--fix goes with neither --format nor --allowed")
    root = find_root(folder)
    asked = _asked(root, named)
    complete = _fix(root, yes) if fix else True
    silent: Sequence[tuple[Diagnostic, str]] = ()
    fits = True  # whether the site can be built
    try:
        result = run(root, make_options(root, at, drafts, jobs))
        found, silent = list(result.problems), result.allowed
    except ContentError as error:
        found, fits = list(error.diagnostics), False
    found = [problem for problem in found if asked(problem)]
    silent = [pair for pair in silent if asked(pair[0])]
    errors, warnings = report.count(found)
    if allowed and not errors:  # an error hides warnings
        list_allowed(silent)
        count = f"{len(silent)} warning{'' if len(silent) == 1 else 's'}"
        say(f"{count} suppressed." if silent else "No warnings are suppressed.")
        return
    _report(root, found, form, bool(named), bool(errors) and fits)
    if form == "text":  # an allowed error is always shown
        list_allowed([pair for pair in silent if pair[0].severity == "error"])
    if errors or (strict and warnings) or not complete:
        raise click.exceptions.Exit(CONTENT_ERROR)


def _asked(root: Path, named: tuple[str, ...]) -> Callable[[Diagnostic], bool]:
    """Return whether a diagnostic is in the files, and has a code, that are named."""
    paths = [text for text in named if _is_file(root, text)]
    files = [_file(root, text) for text in paths]
    codes = {_code(text) for text in named if text not in paths}

    def asked(found: Diagnostic) -> bool:
        path = found.path
        inside = any(f in (".", path) or path.startswith(f"{f}/") for f in files)
        return (inside or not files) and (not codes or found.code in codes)

    return asked


def _is_file(root: Path, text: str) -> bool:
    """Return whether an argument is a path, which codes never look like."""
    if re.search(r"[/\\]|\.\w", text):
        return True
    return text.islower() and "-" not in text and (root / text).is_dir()


def _file(root: Path, text: str) -> str:
    """Return the path of a file or folder of the site, from the site's folder."""
    tried = (Path.cwd() / text, root / text)
    found = next((path.resolve() for path in tried if path.exists()), None)
    if found is None:
        raise click.UsageError(f"there is no file {text}")
    if not found.is_relative_to(root.resolve()):
        raise click.UsageError(f"{text} is not in the site's folder, {root}")
    return found.relative_to(root.resolve()).as_posix()


def _report(
    root: Path, found: list[Diagnostic], form: str, all_of_them: bool, unpublished: bool
) -> None:
    """Print diagnostics in a format.

    `unpublished`: all errors are in files that are not published."""
    from builder.diagnostics import report

    if form == "json":
        click.echo(report.as_json(found))
    elif form == "gitlab":
        click.echo(report.as_gitlab(found))
    elif form == "github":
        if found:
            click.echo(report.as_github(found))
    elif found:
        show(found, root, out=True, all_of_them=all_of_them)
        if unpublished:
            say("The site can be built: all errors are in files that are not published.")
    else:
        click.echo("No problems found.")


def _fix(root: Path, yes: bool) -> bool:
    """Show the fixes, write them if the editor agrees, and return whether all were."""
    from builder.editing.fix import find_fixes

    fixes = find_fixes(root)
    if not fixes:
        say("Nothing to fix.")
        return True
    return write_if_confirmed(root, fixes, yes, "check --fix", "fixed")


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a diagnostic code.

    Prints what CODE means, why it matters, and how to fix the problem. Without CODE, lists all
    codes. CODE may also be a word of a code or of its meaning, such as `tab`.
    """
    from builder.diagnostics.codes import CODES, page
    from builder.diagnostics.explain import explanation_page

    if code is None:
        for known in CODES:
            say(f"{known} ({page(known).severity}): {page(known).meaning}")
        return
    for line in explanation_page(_code(code)).rstrip("\n").split("\n"):
        say(line)


def _code(text: str) -> Code:
    """Return the code that a user wrote, perhaps as in a message."""
    from builder.diagnostics.codes import CODES, page
    from builder.diagnostics.explain import find_codes
    from builder.names.suggest import did_you_mean

    name = text.strip("[]").removeprefix("error[").removeprefix("warning[")
    if name not in CODES:
        hint = did_you_mean(name, CODES)
        if found := () if hint else find_codes(name):
            lines = (f"  {known}: {page(known).meaning}" for known in found)
            hint = "\n".join(["did you mean:", *lines])
        hint = hint or "run `slugline explain` to list all codes"
        raise click.UsageError(f"unknown code `{text}`; {hint}")
    return name
