"""`slugline templates`, with `copy`, `diff` and `merge`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.cli.console import say
from builder.cli.options import find_root

_WORDS = {
    "extended": "extends Slugline's own",
    "changed": "changed copy",
    "unchanged": "same as Slugline's own; can be deleted",
    "outdated": "outdated copy; run `slugline templates merge`",
    "own": "the site's own",
}


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Also list those that the site uses as is.")
@click.pass_context
def templates(ctx: click.Context, everything: bool) -> None:
    """List the templates and assets that the site has changed.

    A site uses Slugline's own templates, except for those in its templates/ folder.
    """
    if ctx.invoked_subcommand:
        return
    from builder.editing.templates import list_templates

    found = list_templates(find_root(ctx.obj))
    ours = sum(one.state == "ours" for one in found)
    for one in found:
        if one.state != "ours":
            say(f"{one.name}  {_WORDS[one.state]}")
        elif everything:
            say(one.name)
    if not everything:
        say(f"The site uses Slugline's own version of {ours} others; list them with --all.")
    say("To change one, run `slugline templates copy NAME`.")


@templates.command("copy")
@click.argument("name")
@click.pass_obj
def templates_copy(folder: Path | None, name: str) -> None:
    """Copy Slugline's template NAME into the site, to change it.

    The copy remembers what it was made from, so that `merge` can add later changes of Slugline's.
    """
    from builder.editing.templates import TemplateError, copy_template

    try:
        say(f"Wrote {copy_template(find_root(folder), name)}")
    except TemplateError as error:
        raise click.UsageError(str(error)) from None


@templates.command("diff")
@click.argument("name")
@click.pass_obj
def templates_diff(folder: Path | None, name: str) -> None:
    """Show how the site's template NAME differs from Slugline's.

    If Slugline's has changed since it was copied, these changes follow.
    """
    from builder.editing.templates import TemplateError, diff_template

    try:
        lines = [*diff_template(find_root(folder), name)]
    except TemplateError as error:
        raise click.UsageError(str(error)) from None
    for line in lines or ["There is no difference."]:
        say(line)


@templates.command("merge")
@click.argument("name", required=False)
@click.option(
    "--done", is_flag=True, help="Change nothing; only note that NAME has been brought up to date."
)
@click.pass_context
def templates_merge(ctx: click.Context, name: str | None, done: bool) -> None:
    """Add what has changed in Slugline's template NAME to the site's copy.

    Without NAME, all outdated copies are merged. Where both changed the same lines, the copy gets
    both between conflict markers, and `slugline check` names them until one is chosen.
    """
    from builder.editing.templates import TemplateError, accept_template, list_templates

    root = find_root(ctx.obj)
    if done and not name:
        raise click.UsageError("--done needs a NAME")
    names = [name] if name else [t.name for t in list_templates(root) if t.state == "outdated"]
    try:
        if done and name:
            accept_template(root, name)
            say(f"{name} counts as up to date")
            return
        conflicts = sum(_merge(root, one) for one in names)
    except TemplateError as error:
        raise click.UsageError(str(error)) from None
    if not names:
        say("No copy is outdated.")
    if conflicts:
        ctx.exit(1)


def _merge(root: Path, name: str) -> int:
    """Merge one template, report the result and return its conflicts."""
    from builder.editing.templates import merge_template

    merged = merge_template(root, name)
    if merged is None:
        say(f"{name} is up to date")
        return 0
    if merged.conflicts:
        many = "one conflict" if merged.conflicts == 1 else f"{merged.conflicts} conflicts"
        say(f"Merged {name} with {many}: edit templates/{name} where it has markers")
    else:
        say(f"Merged {name}")
    return merged.conflicts
