"""`slugline names`, with `merge` and `distinct`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.console import in_files, say
from builder.cli.options import find_root, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.editing.census import Census, NamedRecord, NameGroup
    from builder.editing.merge import MergeDraft


_KINDS = click.Choice(["topics", "people", "companies", "publishers"])


@click.group(invoke_without_command=True)
@click.option("--kind", type=_KINDS, help="Only names of this kind.")
@click.option("--apply", "applied", is_flag=True, help="Merge them, asking about each group.")
@click.option("--yes", is_flag=True, help="With --apply: merge what is certain, ask nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people, or for programs.",
)
@click.pass_context
def names(ctx: click.Context, kind: str | None, applied: bool, yes: bool, form: str) -> None:
    """List names that are probably spellings of one name.

    Each group shows the name to keep, the other names with the reason, how many briefs use each,
    and where. --apply rewrites the files and leaves aliases and redirects behind.
    """
    if ctx.invoked_subcommand:
        return
    from builder.editing.census import KINDS, suggest, take_census

    if yes and not applied:
        raise click.UsageError("--yes goes with --apply")
    if applied and not yes and not sys.stdin.isatty():
        raise click.UsageError("--apply asks on a terminal; --yes takes what is certain")
    root = find_root(ctx.obj)
    census = take_census(root, options_of(root, None, True, None))
    groups = suggest(census, [k for k in KINDS if kind in (None, k)])
    if applied:
        _apply_names(root, census, groups, yes)
    elif form == "json":
        click.echo(_names_as_json(groups))
    elif groups:
        for line in _names_as_text(root, groups):
            say(line)
        say("`slugline names --apply` merges them, and asks about each;")
        say("`slugline names distinct NAME NAME` says that two are not one.")
    else:
        say("No two names resemble each other.")


@names.command("merge")
@click.argument("kind", type=_KINDS)
@click.argument("old")
@click.argument("new")
@click.pass_obj
def names_merge(folder: Path | None, kind: Any, old: str, new: str) -> None:
    """Write NEW wherever OLD, a name of this KIND, is written.

    The file that describes OLD goes; its names become aliases of NEW, and its address leads to it.
    """
    from builder.editing.census import take_census, unknown_name
    from builder.editing.edit import EditError
    from builder.editing.merge import MergeDraft
    from builder.editing.transaction import EditConflict
    from builder.names.suggest import did_you_mean

    root = find_root(folder)
    census = take_census(root, options_of(root, None, True, None))
    source, target = census.find(kind, old), census.find(kind, new)
    if source is None:
        hint = did_you_mean(old, [known.name for known in census.known[kind]])
        raise click.UsageError(f"no {kind} are called {old}{f'; {hint}' if hint else ''}")
    if target is None and kind == "companies":
        raise click.UsageError(f"no company is called {new}; `slugline new company` makes one")
    target = target or unknown_name(kind, new)
    if source == target:
        raise click.UsageError(f"{old} and {new} mean the same already")
    draft = MergeDraft(root)
    try:
        merged = draft.merge(kind, source, target)
        _write_names(root, draft, census)
    except (EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    say(f"{merged.old} is now {merged.new}: {in_files(len(merged.files))} changed")


@names.command("distinct")
@click.argument("name", nargs=-1, required=True)
@click.pass_obj
def names_distinct(folder: Path | None, name: tuple[str, ...]) -> None:
    """Say that two or more NAMEs are not the same, in site.yaml.

    They are not suggested again, and `check` does not warn of them.
    """
    from builder.editing.edit import EditError
    from builder.editing.merge import declare_distinct
    from builder.editing.transaction import EditConflict

    if len(set(name)) < 2:
        raise click.UsageError("give two names, each in quotation marks")
    try:
        declare_distinct(find_root(folder), name)
    except (EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    say(f"{' and '.join(name)} are not the same: site.yaml says so now, under `distinct`")


def _apply_names(root: Path, census: Census, groups: list[NameGroup], yes: bool) -> None:
    """Merge groups: what is certain, or what somebody says yes to."""
    from builder.editing.edit import EditError
    from builder.editing.merge import MergeDraft, declare_distinct
    from builder.editing.transaction import EditConflict

    draft, merged = MergeDraft(root), 0
    gone: set[tuple[str, str, str]] = set()
    apart: list[tuple[str, ...]] = []
    for group in groups:
        members = [group.keep, *(double.known for double in group.others)]
        if gone & {(m.kind, m.path, m.name) for m in members}:
            continue  # another group has it: the next run sees what is left
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
                say(f"note: {other.name} stays: {error}")
                continue
            merged += 1
            gone.add((other.kind, other.path, other.name))
            say(f"{done.old} becomes {done.new}: {in_files(len(done.files))}")
        gone.add((keep.kind, keep.path, keep.name))
    try:
        _write_names(root, draft, census)
        for names in apart:
            declare_distinct(root, names)
    except (EditError, EditConflict) as error:
        raise click.ClickException(str(error)) from None
    left = len(groups) - merged
    rest = "; `slugline names` lists the rest" if yes and left > 0 else ""
    say(f"{merged} name{'' if merged == 1 else 's'} merged, {in_files(len(draft.changes()))}{rest}")


def _ask_which(members: list[NamedRecord], apart: list[tuple[str, ...]]) -> NamedRecord | None:
    """The one to keep, if they are one."""
    answer = click.prompt(
        "  Merge? y: yes, n: not now, d: they are different, or the number of the one to keep",
        type=click.Choice(["y", "n", "d", *(str(n) for n, _ in enumerate(members, 1))]),
        show_choices=False,
        default="n",
    )
    if answer == "d":
        apart.append(tuple(member.name for member in members))
    if answer in ("n", "d"):
        return None
    return members[0 if answer == "y" else int(answer) - 1]


def _write_names(root: Path, draft: MergeDraft, census: Census) -> None:
    """Write what was merged; where that brings an error that was not there, take it back."""
    from builder.editing.census import take_census
    from builder.editing.edit import EditError
    from builder.editing.transaction import replace_files

    errors = {(d.path, d.code, d.message) for d in census.problems if d.severity == "error"}
    changes = draft.changes()
    draft.write()
    after = take_census(root, options_of(root, None, True, None))
    new = [
        d
        for d in after.problems
        if d.severity == "error" and (d.path, d.code, d.message) not in errors
    ]
    if new:
        replace_files(root, {path: (data, was) for path, (was, data) in changes.items()})
        raise EditError(
            f"nothing was changed: {new[0].path}:{new[0].line} would say: {new[0].message}"
        )


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
            spelt = [s.name for s in known.spellings if s.name != known.name]
            more = f", also as {', '.join(spelt)}" if spelt else ""
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
    import json

    def told(known: NamedRecord) -> dict[str, Any]:
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
            "keep": told(group.keep),
            "others": [
                {**told(d.known), "reason": d.likeness.reason, "confidence": d.likeness.confidence}
                for d in group.others
            ],
        }
        for group in groups
    ]
    return json.dumps(found, ensure_ascii=False, indent=2)
