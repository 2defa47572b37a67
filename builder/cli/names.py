"""`slugline names`, with `merge` and `distinct`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.console import file_count, say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.editing.census import Census, NamedRecord, NameGroup
    from builder.editing.merge import MergeDraft
    from builder.editing.transaction import Changes


_KINDS = click.Choice(["topics", "people", "companies", "publishers"])


@click.group(invoke_without_command=True)
@click.option("--kind", type=_KINDS, help="Kind of names to list (default: all).")
@click.option(
    "--apply", "applied", is_flag=True, help="Merge the names, after asking about each group."
)
@click.option("--yes", is_flag=True, help="With --apply: merge the certain groups without asking.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.pass_context
def names(ctx: click.Context, kind: str | None, applied: bool, yes: bool, form: str) -> None:
    """List names that are probably spellings of the same name.

    Each group shows the name to keep, the other spellings with the reason, and how many briefs
    use each of them and where. --apply rewrites the files and adds aliases and redirects.
    """
    if ctx.invoked_subcommand:
        return
    from builder.editing.census import KINDS, suggest, take_census

    if yes and not applied:
        raise click.UsageError("--yes requires --apply")
    if applied and not yes and not sys.stdin.isatty():
        raise click.UsageError(
            "--apply needs a terminal to ask; use --yes to merge only the certain groups"
        )
    root = find_root(ctx.obj)
    census = take_census(root, make_options(root, None, True, None))
    groups = suggest(census, [k for k in KINDS if kind in (None, k)])
    if applied:
        _apply_names(root, census, groups, yes)
    elif form == "json":
        click.echo(_names_as_json(groups))
    elif groups:
        for line in _names_as_text(root, groups):
            say(line)
        say("To merge names, run `slugline names --apply`; it asks about each group.")
        say("To keep two names apart, run `slugline names distinct NAME NAME`.")
    else:
        say("No similar names found.")


@names.command("merge")
@click.argument("kind", type=_KINDS)
@click.argument("old")
@click.argument("new")
@click.pass_obj
def names_merge(folder: Path | None, kind: Any, old: str, new: str) -> None:
    """Replace OLD, a name of this KIND, with NEW in every file.

    Deletes the file that describes OLD. Its names become aliases of NEW, and its address redirects
    to NEW.
    """
    from builder.editing.census import take_census
    from builder.editing.edit import EditError
    from builder.editing.merge import MergeDraft
    from builder.editing.steps import EditConflict
    from builder.names.suggest import did_you_mean

    root = find_root(folder)
    census = take_census(root, make_options(root, None, True, None))
    source, target = census.find(kind, old), census.find(kind, new)
    if source is None:
        hint = did_you_mean(old, [known.name for known in census.known[kind]])
        raise click.UsageError(
            f"unknown name `{old}` among the {kind}{f'; {hint}' if hint else ''}"
        )
    if target is None and kind == "companies":
        raise click.UsageError(f"unknown company `{new}`; create it with `slugline new company`")
    target = target or census.new_name(kind, new)
    if source == target:
        raise click.UsageError(f"`{old}` and `{new}` are already the same name")
    draft = MergeDraft(root)
    try:
        merged = draft.merge(kind, source, target)
        _write_names(root, draft, census)
    except (EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    say(f"{merged.old} is now {merged.new}: {file_count(len(merged.files))} changed")


@names.command("distinct")
@click.argument("name", nargs=-1, required=True)
@click.pass_obj
def names_distinct(folder: Path | None, name: tuple[str, ...]) -> None:
    """Record in site.yaml that two or more NAMEs are distinct.

    `slugline names` no longer lists them, and `slugline check` no longer warns about them.
    """
    from builder.editing.edit import EditError
    from builder.editing.merge import distinct_changes
    from builder.editing.steps import EditConflict
    from builder.editing.transaction import replace_files

    if len(set(name)) < 2:
        raise click.UsageError("give at least two names, each in quotation marks")
    try:
        root = find_root(folder)
        replace_files(root, distinct_changes(root, [name]))
    except (EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    say(f"Added {' and '.join(name)} to `distinct` in site.yaml.")


def _apply_names(root: Path, census: Census, groups: list[NameGroup], yes: bool) -> None:
    """Merge the groups that are certain, or that the editor confirms."""
    from builder.editing.edit import EditError
    from builder.editing.merge import MergeDraft, distinct_changes
    from builder.editing.steps import EditConflict

    draft, merged = MergeDraft(root), 0
    gone: set[tuple[str, str, str]] = set()
    apart: list[tuple[str, ...]] = []
    for group in groups:
        members = [group.keep, *(double.known for double in group.others)]
        if gone & {(m.kind, m.path, m.name) for m in members}:
            continue  # already merged with another group; the next run lists the rest
        keep: NamedRecord | None = group.keep if group.certain else None
        if not yes:
            for line in _names_as_text(root, [group]):
                say(line)
            keep = _ask_which(members, apart)
        if keep is None:
            continue
        for other in members:
            if other is keep:
                continue
            try:
                done = draft.merge(group.kind, other, keep)
            except EditError as error:
                say(f"note: {other.name} was not merged: {error}")
                continue
            merged += 1
            gone.add((other.kind, other.path, other.name))
            say(f"{done.old} becomes {done.new}: {file_count(len(done.files))}")
        gone.add((keep.kind, keep.path, keep.name))
    try:
        _write_names(root, draft, census, distinct_changes(root, apart))
    except (EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    left = len(groups) - merged
    rest = "; `slugline names` lists the rest" if yes and left > 0 else ""
    count = f"{merged} name{'' if merged == 1 else 's'}"
    say(f"{count} merged, {file_count(len(draft.changes()))} changed{rest}")


def _ask_which(members: list[NamedRecord], apart: list[tuple[str, ...]]) -> NamedRecord | None:
    """Return the name to keep, or None not to merge."""
    answer = click.prompt(
        "  Merge? y: yes, n: not now, d: distinct names, or the number of the name to keep",
        type=click.Choice(["y", "n", "d", *(str(n) for n, _ in enumerate(members, 1))]),
        show_choices=False,
        default="n",
    )
    if answer == "d":
        apart.append(tuple(member.name for member in members))
    if answer in ("n", "d"):
        return None
    return members[0 if answer == "y" else int(answer) - 1]


def _write_names(
    root: Path, draft: MergeDraft, census: Census, more: Changes | None = None
) -> None:
    """Write the merged files and `more`, or none if that causes a new error."""
    from builder.editing.census import take_census
    from builder.editing.edit import EditError
    from builder.editing.transaction import changed_files

    errors = {(d.path, d.code, d.message) for d in census.problems if d.severity == "error"}
    with changed_files(root, {**draft.changes(), **(more or {})}):
        after = take_census(root, make_options(root, None, True, None))
        new = [
            d
            for d in after.problems
            if d.severity == "error" and (d.path, d.code, d.message) not in errors
        ]
        if new:
            found = f"{new[0].path}:{new[0].line}: {new[0].message}"
            raise EditError(f"nothing was changed; the merge would cause an error: {found}")


def _names_as_text(root: Path, groups: list[NameGroup]) -> Iterator[str]:
    from builder.editing.census import line_of

    kind = ""
    for group in groups:
        if group.kind != kind:
            kind = group.kind
            yield f"{kind}:"
        sure = "" if group.certain else " (a guess)"
        yield f"  keep {group.keep.name}{sure}"
        members = [(group.keep, ""), *((d.known, d.likeness.reason) for d in group.others)]
        for n, (known, reason) in enumerate(members, 1):
            variants = [s.name for s in known.spellings if s.name != known.name]
            more = f", also as {', '.join(variants)}" if variants else ""
            why = f": {reason}" if reason else ""
            file = f", {known.path}" if known.path else ""
            count = f"{known.briefs} brief{'' if known.briefs == 1 else 's'}"
            yield f"    {n}. {known.name} ({count}{file}{more}){why}"
            if n > 1:
                places = [place for spelling in known.spellings for place in spelling.places]
                for path, at in places[:3]:
                    yield f"       {path}:{line_of(root, group.kind, path, at)}"
                if len(places) > 3:
                    yield f"       and {len(places) - 3} more"


def _names_as_json(groups: list[NameGroup]) -> str:
    from builder.diagnostics.report import encode_json

    def as_dict(known: NamedRecord) -> dict[str, Any]:
        return {
            "name": known.name,
            "file": known.path or None,
            "briefs": known.briefs,
            "spellings": [
                {"name": s.name, "briefs": s.briefs, "paths": [path for path, _ in s.places]}
                for s in known.spellings
            ],
        }

    found = [
        {
            "kind": group.kind,
            "certain": group.certain,
            "keep": as_dict(group.keep),
            "others": [
                {
                    **as_dict(d.known),
                    "reason": d.likeness.reason,
                    "confidence": d.likeness.confidence,
                }
                for d in group.others
            ],
        }
        for group in groups
    ]
    return encode_json(found, 2)
