"""`slugline publish` and `correct`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.app import CONTENT_ERROR
from builder.cli.console import say, show
from builder.cli.options import build_time, find_root, make_options

if TYPE_CHECKING:
    from builder.editing.find import FoundBrief
    from builder.editing.publish import PublishDraft, PublishedBrief

_BRIEF = "BRIEF is a file, a slug, or a part of a title that no other brief has."


@click.command(
    epilog=_BRIEF,
)
@click.argument("brief")
@click.option(
    "--date",
    metavar="DATE",
    default="",
    help="Date of publication, such as '2025-06-15 09:00', `now`, or `keep` for the file's own.",
)
@click.option("--dry-run", is_flag=True, help="Check, and show what would be published.")
@click.pass_obj
def publish(folder: Path | None, brief: str, date: str, dry_run: bool) -> None:
    """Publish a draft with the next build.

    Checks the brief first, and changes nothing if it has an error. Removes `status`, sets the
    date, and adds an id if there is none. A date in the future is kept: it schedules the brief. The
    date that `slugline new` wrote becomes now. For any other date in the past, it asks whether the
    brief is published as of now.
    """
    from builder.editing.edit import EditError
    from builder.editing.publish import CannotPublish, HasErrors, NeedsDate, prepare
    from builder.editing.publish import publish as run
    from builder.editing.steps import EditConflict

    root = find_root(folder)
    found = _find(root, brief)
    options = make_options(root, None, False, None)
    try:
        try:
            draft = prepare(root, found, options.now, date)
        except NeedsDate as need:
            draft = prepare(root, found, options.now, _ask_date(need))
        published = run(root, draft, options, dry_run)
    except HasErrors as refused:
        show(refused.problems, root)
        click.echo(f"Nothing was published: {refused}", err=True)
        raise click.exceptions.Exit(CONTENT_ERROR) from None
    except (CannotPublish, EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    show(published.warnings, root)
    for line in _as_text(draft, published, dry_run):
        say(line)


def _find(root: Path, text: str) -> FoundBrief:
    from builder.editing.find import NoSuchBrief, find_brief

    try:
        return find_brief(root, text)
    except NoSuchBrief as error:
        raise click.UsageError(str(error)) from None


def _ask_date(need: Exception) -> str:
    """Ask whether a brief with a date in the past is published as of now."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"{need}: add `--date now` or `--date keep`")
    say(f"{str(need)[:1].upper()}{str(need)[1:]}.")
    return "now" if click.confirm("Publish it as of now?", default=True) else "keep"


def _as_text(draft: PublishDraft, published: PublishedBrief, dry_run: bool) -> list[str]:
    """Return what readers will see, line by line."""
    title, when = draft.brief.title or draft.brief.slug, published.date
    if published.scheduled:
        done = f"scheduled for {when}"
    else:
        done = f"published with the next build, dated {when}"
    return [
        f"{title}: {'would be ' if dry_run else ''}{done}",
        f"  page   {published.address}",
        f"  lists  {', '.join(published.lists)}",
        f"  feeds  {', '.join(published.feeds)}",
    ]


_KINDS = ("factual", "attribution", "translation", "spelling", "omission", "clarification")


@click.command(epilog=_BRIEF)
@click.argument("brief")
@click.option("--kind", type=click.Choice(_KINDS), help="Kind of error.")
@click.option("--was", metavar="TEXT", default="", help="The former text.")
@click.option("--now", "new", metavar="TEXT", default="", help="The corrected text.")
@click.option("--note", metavar="TEXT", default="", help="A note for readers.")
@click.option("--at", metavar="DATE", default="", help="Date of the correction (default: now).")
@click.option(
    "--target",
    metavar="TARGET",
    help="The deploy target whose published words count (default: the only public one).",
)
@click.pass_obj
def correct(
    folder: Path | None,
    brief: str,
    kind: str | None,
    was: str,
    new: str,
    note: str,
    at: str,
    target: str | None,
) -> None:
    """Add a correction to a brief, for readers to see.

    Appends an entry to `corrections` and sets `updated`. Without --was and --now, it takes them
    from what differs between the file and the version that readers have, and proposes the kind. In
    a terminal, it asks for what no option gives. The text of the brief itself is yours to correct.
    """
    from builder.editing.correct import NotACorrection, prepare_correction
    from builder.editing.edit import EditError
    from builder.editing.steps import EditConflict
    from builder.editing.transaction import replace_files

    root = find_root(folder)
    found = _find(root, brief)
    if not (was or new):
        proposed = _proposed(root, found, target)
        was, new = proposed.get("was", ""), proposed.get("now", "")
        kind = kind or proposed.get("kind")
    if sys.stdin.isatty() and not (kind and new):
        say(f"A correction of {found.title or found.slug}. Leave empty what does not apply.")
        kind = kind or click.prompt("Kind of error", type=click.Choice(_KINDS), default=_KINDS[0])
        was = was or click.prompt("Former text", default="", show_default=False)
        new = new or click.prompt("Corrected text")
        note = note or click.prompt("Note for readers", default="", show_default=False)
    given = {"at": at, "kind": kind or "", "was": was, "now": new, "note": note}
    entry = {name: value for name, value in given.items() if value}
    try:
        before, after = prepare_correction(root, found.path, entry, build_time(root, None))
        replace_files(root, {found.path: (before, after)})
    except NotACorrection as error:
        options = re.sub(r"`(kind|was|now|note|at)`", r"`--\1`", str(error))
        raise click.UsageError(options) from None
    except (EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    say(f"Added a correction to {found.path}, and set `updated`.")
    for name, value in entry.items():
        say(f"  {name}: {value}")
    if was and was in after.decode("utf-8").partition("\n---")[2]:
        say("The text still has the former words: correct them there too.")


def _proposed(root: Path, found: FoundBrief, name: str | None) -> dict[str, str]:
    """Return a correction from what differs since the brief was published."""
    from builder.cli.targets import find_target
    from builder.content.config import read_config
    from builder.deploy.archive import ReleaseArchive
    from builder.deploy.deploy import live_release, open_target
    from builder.deploy.target import DeployError
    from builder.deploy.versions import find_revised, words_reader
    from builder.editing.proposal import NothingToCorrect, propose_correction

    if not (name or read_config(root).settings.deploy):
        return {}  # nothing was published by `slugline deploy`
    config, name = find_target(root, name)
    options = make_options(root, None, False, None)
    try:
        with open_target(root, config, name) as (_, opened):
            archive = ReleaseArchive(root, name)
            live, read = live_release(opened, archive), words_reader(archive, opened)
            revised = find_revised(root, options, found.path, live, read)
        if revised is None:
            raise NothingToCorrect("its words are those that readers have")
        if revised.corrected:
            raise NothingToCorrect("its `corrections` already have an entry that is not published")
        return propose_correction(revised.old, revised.new, revised.names, revised.translation)
    except DeployError as error:
        hint = "add `--kind`, `--was` and `--now`"
        raise click.ClickException(f"{error}; {hint}") from None
    except NothingToCorrect as error:
        raise click.ClickException(f"nothing was added to {found.path}: {error}") from None
