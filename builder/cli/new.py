"""`slugline new`, `init` and `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.cli.console import relative
from builder.cli.options import find_root, moment_of


@click.group()
def new() -> None:
    """Create a brief, a company or a thread.

    The new file has an id and the fields that matter.
    """


@new.command("brief")
@click.argument("title")
@click.option("--slug", help="The last part of its address. Without it: made from the title.")
@click.pass_obj
def new_brief(folder: Path | None, title: str, slug: str | None) -> None:
    """Write a brief with TITLE to content/briefs/."""
    _new(folder, "brief", title, slug)


@new.command("company")
@click.argument("name")
@click.option("--slug", help="The last part of its address. Without it: made from the name.")
@click.pass_obj
def new_company(folder: Path | None, name: str, slug: str | None) -> None:
    """Write a company called NAME to content/companies/."""
    _new(folder, "company", name, slug)


@new.command("thread")
@click.argument("title")
@click.option("--slug", help="The last part of its address. Without it: made from the title.")
@click.pass_obj
def new_thread(folder: Path | None, title: str, slug: str | None) -> None:
    """Write a thread, a story that briefs carry on, with TITLE to content/threads/."""
    _new(folder, "thread", title, slug)


def _new(folder: Path | None, kind: str, name: str, slug: str | None) -> None:
    from builder.content.config import read_config
    from builder.editing.new import CannotCreate, write_record

    root = find_root(folder)
    config = read_config(root)
    try:
        path = write_record(root, kind, name, slug, moment_of(root, None).astimezone(config.zone))
    except CannotCreate as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"Wrote {relative(path)}")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--ci",
    "runner",
    type=click.Choice(["github", "gitlab"]),
    help="Also write a CI workflow that checks, builds and deploys; also for an existing site.",
)
def init(directory: Path, runner: str | None) -> None:
    """Create a new site.

    DIRECTORY gets site.yaml, the templates, a sample brief and a sample company, ready to build.
    """
    from builder.editing.new import CannotCreate, write_site, write_workflow

    there = runner is not None and (directory / "site.yaml").is_file()
    try:
        count = 0 if there else write_site(directory)
        workflow = write_workflow(directory, runner) if runner else None
    except CannotCreate as error:
        raise click.UsageError(str(error)) from None
    shown = relative(directory)
    if workflow:
        click.echo(f"Wrote {relative(workflow)}; docs/deployment.md describes the secret it needs")
    if there:
        return
    click.echo(f"Wrote {count} files to {shown}/. Next:")
    click.echo(f'  cd {shown}\n  slugline build\n  slugline new brief "Your first headline"')


@click.command()
@click.argument("record", required=False)
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the schema of every record into this folder.",
)
def schema(record: str | None, write: Path | None) -> None:
    """Print the JSON Schema of front matter.

    RECORD is brief, company, topic, person, publisher, page or site. Editors' YAML plugins
    complete and check front matter by it; --write makes the files that .vscode/settings.json
    names.
    """
    from builder.cli.reference import schema_texts

    texts = schema_texts()
    if write:
        write.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (write / f"{name}.schema.json").write_text(text, "utf-8")
        click.echo(f"Wrote {len(texts)} schemas to {relative(write)}/")
    elif record in texts:
        click.echo(texts[record], nl=False)
    else:
        raise click.UsageError(f"name one of: {', '.join(texts)}; or --write DIR for all")
