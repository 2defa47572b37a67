"""`slugline check` and `slugline explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.app import CONTENT_ERROR
from builder.cli.console import say, show
from builder.cli.options import build_options, find_root, options_of

if TYPE_CHECKING:
    from builder.diagnostics.diagnostic import Diagnostic


@click.command()
@build_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "gitlab"]),
    default="text",
    help="For people, for programs, as annotations on GitHub or as GitLab's code quality report.",
)
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--allowed", is_flag=True, help="Only list warnings that files allow, and why.")
@click.pass_obj
def check(
    folder: Path | None,
    at: str | None,
    drafts: bool,
    jobs: int | None,
    form: str,
    strict: bool,
    allowed: bool,
) -> None:
    """Report every problem without writing the site.

    Exits with 0 if the site can be built, 1 if it cannot, and 2 for wrong usage. Every page is
    rendered, so mistakes in templates are found too.
    """
    from builder.diagnostics import report
    from builder.diagnostics.diagnostic import ContentError
    from builder.engine.build import check as run

    root = find_root(folder)
    silent: tuple[tuple[Diagnostic, str], ...] = ()
    try:
        result = run(root, options_of(root, at, drafts, jobs))
        found, silent = list(result.problems), result.allowed
    except ContentError as error:
        found = list(error.diagnostics)
    errors, warnings = report.count(found)
    if allowed and not errors:  # with one, it is not known what would be warned of
        for diagnostic, reason in silent:
            say(f"{diagnostic.path}:{diagnostic.line}: {diagnostic.code}: {diagnostic.message}")
            say(f"    allowed: {' '.join(reason.split())}")
        say(f"{len(silent)} allowed." if silent else "Nothing is allowed.")
        return
    if form == "json":
        click.echo(report.as_json(found))
    elif form == "gitlab":
        click.echo(report.as_gitlab(found))
    elif form == "github":
        if found:
            click.echo(report.as_github(found))
    elif found:
        show(found, out=True)
    else:
        click.echo("Nothing to report.")
    if errors or (strict and warnings):
        raise click.exceptions.Exit(CONTENT_ERROR)


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a diagnostic code.

    Prints what CODE means, why it matters, and how to fix it. Without CODE, lists every code.
    """
    from builder.diagnostics.codes import CODES, page
    from builder.diagnostics.explain import explanation_page
    from builder.names.suggest import did_you_mean

    if code is None:
        for known in CODES:
            say(f"{known} ({page(known).severity}): {page(known).meaning}")
        return
    name = code.strip("[]").removeprefix("error[").removeprefix("warning[")
    if name not in CODES:
        hint = did_you_mean(name, CODES) or "`slugline explain` lists all"
        raise click.UsageError(f"nothing is called {code}; {hint}")
    for line in explanation_page(name).rstrip("\n").split("\n"):
        say(line)
