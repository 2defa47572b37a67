"""`slugline new`, `init` and `schema`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.console import relative
from builder.cli.options import build_time, find_root
from builder.cli.publish import correct

if TYPE_CHECKING:
    from builder.editing.new_site import SiteAnswers
    from builder.editing.workflows import Written


@click.group()
def new() -> None:
    """Create a brief, a company or another record.

    The new file has an id and the most common fields, each with a comment.
    """


def _add(kind: str, below: str, argument: str, more: str = "") -> None:
    """Add the command that creates a kind of record."""
    name = argument.lower()

    @click.argument(name)
    @click.option("--slug", help=f"Last part of the address (default: from the {name}).")
    @click.pass_obj
    def command(folder: Path | None, /, slug: str | None, **given: str) -> None:
        _new(folder, kind, given[name], slug)

    created = "draft" if kind == "brief" else kind
    command.__doc__ = f"Create a {created} with this {argument} in content/{below}/.{more}"
    new.command(kind)(command)


_add("brief", "briefs", "TITLE")
_add("company", "companies", "NAME")
_add(
    "thread",
    "threads",
    "TITLE",
    "\n\nA thread is a running story that several briefs belong to.",
)
_add("topic", "topics", "NAME", "\n\nBriefs need no file for a topic; it adds a text to the page.")
_add("person", "people", "NAME", "\n\nBriefs need no file for a person; it adds a text.")
_add("publisher", "publishers", "NAME", "\n\nSources at its domain then have this publisher.")
_add("page", "pages", "TITLE", "\n\nA page of text that is not news, such as /about/.")


@new.command("digest")
@click.argument("week", default="")
@click.pass_obj
def new_digest(folder: Path | None, week: str) -> None:
    """Create the introduction to a week in content/digests/.

    WEEK is a week such as 2025-w24, or a date in it (default: this week).
    """
    _new(folder, "digest", week, None)


@new.command("translation")
@click.argument("brief")
@click.argument("language")
@click.argument("title", default="")
@click.option("--slug", default="", help="Last part of the address (default: from the title).")
@click.pass_obj
def new_translation(folder: Path | None, brief: str, language: str, title: str, slug: str) -> None:
    """Create a draft that translates BRIEF into LANGUAGE.

    It has everything of the brief that is not language, such as sources, figures and relations, and
    the words of the original in their places, to be translated. TITLE is the translated headline.
    Instead of a brief, a profile may be named by its folder and file: companies/scale-ai.
    """
    from builder.content.config import read_config
    from builder.editing.find import NoSuchBrief, find_brief
    from builder.editing.new import CannotCreate
    from builder.editing.new_record import NeedsSlug
    from builder.editing.translate import is_profile, write_profile, write_translation

    root = find_root(folder)
    config = read_config(root)
    now = build_time(root, None).astimezone(config.zone)
    written_in, name = config.settings.language, brief.removeprefix("content/")
    try:
        if is_profile(name):
            draft = write_profile(root, name, language, written_in, now)
        else:
            found = find_brief(root, brief)
            draft = write_translation(root, found, language, written_in, title, slug, now)
    except NeedsSlug as error:
        raise click.UsageError(f"{error}; choose another address with --slug") from None
    except (CannotCreate, NoSuchBrief) as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"Wrote {relative(root / draft.path)}, a draft. Still to translate:")
    for field in draft.fields:
        click.echo(f"  {field}")
    click.echo("`slugline check` shows what is still in the language of the original.")


new.add_command(correct, "correction")


def _new(folder: Path | None, kind: str, name: str, slug: str | None) -> None:
    from builder.content.config import read_config
    from builder.editing.new import CannotCreate
    from builder.editing.new_record import NeedsSlug, write_record

    root = find_root(folder)
    config = read_config(root)
    try:
        path = write_record(root, kind, name, slug, build_time(root, None).astimezone(config.zone))
    except NeedsSlug as error:
        raise click.UsageError(f"{error}; choose another address with --slug") from None
    except CannotCreate as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"Wrote {relative(path)}")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="Name of the site.")
@click.option("--language", metavar="TAG", help="Language of the site: en-GB, nl, vi.")
@click.option("--time-zone", metavar="ZONE", help="Time zone of dates: Europe/Amsterdam.")
@click.option("--address", metavar="URL", help="Address at which readers will see the site.")
@click.option("--section", "sections", multiple=True, help="Name of a section; may be repeated.")
@click.option("--accent", metavar="COLOUR", help="Accent colour: '#0b5c48'.")
@click.option(
    "--logo",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File of the logo, an SVG or a picture.",
)
@click.option(
    "--ci",
    "runner",
    type=click.Choice(["github", "gitlab"]),
    help="Add a workflow that checks, builds and deploys the site, to a new or existing site.",
)
@click.option("--yes", is_flag=True, help="Ask nothing; what no option sets stays a placeholder.")
@click.pass_context
def init(
    ctx: click.Context,
    directory: Path,
    title: str | None,
    language: str | None,
    time_zone: str | None,
    address: str | None,
    sections: tuple[str, ...],
    accent: str | None,
    logo: Path | None,
    runner: str | None,
    yes: bool,
) -> None:
    """Create a new site.

    Writes site.yaml, a sample brief and a sample company to DIRECTORY. In a terminal, it asks for
    what no option sets.
    """
    from builder.editing.new import CannotCreate
    from builder.editing.new_site import SiteAnswers, write_site
    from builder.editing.workflows import WORKFLOWS, write_workflows

    exists = runner is not None and (directory / "site.yaml").is_file()
    asking = not yes and not exists and sys.stdin.isatty()
    answers = SiteAnswers(
        title or "", language or "", time_zone or "", address or "", sections, accent or "", logo
    )
    try:
        if not exists:
            answers = _ask(answers) if asking else answers
            count = write_site(directory, answers)
        written = write_workflows(directory, WORKFLOWS[runner]) if runner else None
    except CannotCreate as error:
        raise click.UsageError(str(error)) from None
    shown = relative(directory)
    if written:
        _report_workflows(directory, written)
    if exists:
        return
    click.echo(f"Wrote {count} files to {shown}/:")
    click.echo("  site.yaml                 the settings of the site")
    click.echo("  content/briefs/           one brief a file, with a sample that explains itself")
    click.echo("  content/companies/        what is known of companies")
    click.echo("  content/pages/about.md    a page of text")
    if answers.foreign:
        click.echo(f"The sample is in English: Slugline has no texts in `{answers.language}` yet.")
    if asking and click.confirm("Start the preview now?", default=True):
        from builder.cli.serve import serve

        ctx.obj = directory
        ctx.invoke(serve, opened=True)
        return
    click.echo(
        f'Next:\n  cd {shown}\n  slugline serve --open\n  slugline new brief "Your headline"'
    )


def _report_workflows(directory: Path, written: Written) -> None:
    for path in written.new:
        click.echo(f"Wrote {relative(directory / path)}")
    for path in written.kept:
        click.echo(f"Kept {relative(directory / path)}, which exists")
    click.echo("`slugline help deployment` describes the secret that a deploy needs.")


def _ask(answers: SiteAnswers) -> SiteAnswers:
    """Ask for the answers that no option has given, each until it is right."""
    from builder.editing.new import CannotCreate
    from builder.editing.new_site import SiteAnswers, check_answers

    click.echo("Press Enter to keep what is in brackets; site.yaml can be changed later.")
    for field, (question, default) in _QUESTIONS.items():
        if getattr(answers, field):
            continue
        while True:
            found = click.prompt(question, default=default or "none", show_default=True).strip()
            value = "" if found == (default or "none") else found
            one = SiteAnswers(**{field: _as_answer(field, value)})
            try:
                check_answers(one)
            except CannotCreate as error:
                click.echo(f"  {error}")
                continue
            answers = answers._replace(**{field: getattr(one, field)})
            break
    return answers


# What is asked, by the field of the answer, and the value that the starter has.
_QUESTIONS = {
    "title": ("Name of the site", "My briefing"),
    "language": ("Language (such as en-GB, nl, vi)", "en-GB"),
    "time_zone": ("Time zone (such as Europe/Amsterdam)", "UTC"),
    "address": ("Address of the site", "https://briefing.example"),
    "sections": ("Sections, separated by commas", "Deals, Labs"),
    "accent": ("Accent colour (such as #0b5c48)", ""),
    "logo": ("Logo, a file", ""),
}


def _as_answer(field: str, value: str) -> Any:
    if field == "sections":
        return tuple(name.strip() for name in value.split(",") if name.strip())
    if field == "logo":
        return Path(value).expanduser() if value else None
    return value


@click.command()
@click.argument("record", required=False)
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the schemas of all records into this folder.",
)
def schema(record: str | None, write: Path | None) -> None:
    """Print the JSON Schema of front matter.

    RECORD is brief, company, topic, thread, person, publisher, page, digest, profile, replies or
    site. YAML plugins of text editors use the schema to complete and check front matter; --write
    creates the files that .vscode/settings.json refers to.
    """
    from builder.cli.reference import schema_texts
    from builder.safe_files import replace_file

    texts = schema_texts()
    if write:
        write.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            replace_file(write / f"{name}.schema.json", [text.encode("utf-8")])
        click.echo(f"Wrote {len(texts)} schemas to {relative(write)}/")
    elif record in texts:
        click.echo(texts[record], nl=False)
    else:
        raise click.UsageError(f"give one of: {', '.join(texts)}; or use --write DIR for all")
