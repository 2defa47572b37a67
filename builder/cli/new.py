"""`slugline new`, `init` and `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.cli.console import relative
from builder.cli.options import build_time, find_root


@click.group()
def new() -> None:
    """Create a brief, a company or a thread.

    The new file has an id and the most common fields.
    """


@new.command("brief")
@click.argument("title")
@click.option("--slug", help="Last part of the address (default: from the title).")
@click.pass_obj
def new_brief(folder: Path | None, title: str, slug: str | None) -> None:
    """Create a draft with this TITLE in content/briefs/."""
    _new(folder, "brief", title, slug)


@new.command("company")
@click.argument("name")
@click.option("--slug", help="Last part of the address (default: from the name).")
@click.pass_obj
def new_company(folder: Path | None, name: str, slug: str | None) -> None:
    """Create a company with this NAME in content/companies/."""
    _new(folder, "company", name, slug)


@new.command("thread")
@click.argument("title")
@click.option("--slug", help="Last part of the address (default: from the title).")
@click.pass_obj
def new_thread(folder: Path | None, title: str, slug: str | None) -> None:
    """Create a thread with this TITLE in content/threads/.

    A thread is a running story that several briefs belong to.
    """
    _new(folder, "thread", title, slug)


def _new(folder: Path | None, kind: str, name: str, slug: str | None) -> None:
    from builder.content.config import read_config
    from builder.editing.new import CannotCreate, write_record

    root = find_root(folder)
    config = read_config(root)
    try:
        path = write_record(root, kind, name, slug, build_time(root, None).astimezone(config.zone))
    except CannotCreate as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"Wrote {relative(path)}")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--ci",
    "runner",
    type=click.Choice(["github", "gitlab"]),
    help="Add a workflow that checks, builds and deploys the site, to a new or existing site.",
)
def init(directory: Path, runner: str | None) -> None:
    """Create a new site.

    Writes site.yaml, a sample brief and a sample company to DIRECTORY.
    """
    from builder.editing.new import CannotCreate, write_site, write_workflow

    exists = runner is not None and (directory / "site.yaml").is_file()
    try:
        count = 0 if exists else write_site(directory)
        workflow = write_workflow(directory, runner) if runner else None
    except CannotCreate as error:
        raise click.UsageError(str(error)) from None
    shown = relative(directory)
    if workflow:
        click.echo(
            f"Wrote {relative(workflow)}; for the secret that it needs, see docs/deployment.md"
        )
    if exists:
        return
    click.echo(f"Wrote {count} files to {shown}/. Next:")
    click.echo(f'  cd {shown}\n  slugline build\n  slugline new brief "Your first headline"')


@click.command()
@click.argument("record", required=False)
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the schemas of all records into this folder.",
)
def schema(record: str | None, write: Path | None) -> None:
    """Print the JSON Schema of front matter.

    RECORD is brief, company, topic, thread, person, publisher, page, digest or site. YAML plugins
    of text editors use the schema to complete and check front matter; --write creates the files
    that .vscode/settings.json refers to.
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
