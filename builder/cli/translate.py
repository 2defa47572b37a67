"""`slugline translate`: how far the editions of a site are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from builder.model.outline import Outline
    from builder.site.translated import EditionStatus

_MOST = 20  # lines of a list


@click.group()
def translate() -> None:
    """Show what the editions of the site lack.

    `slugline new translation BRIEF LANGUAGE` begins a translation, as it does with a profile:
    companies/scale-ai.
    """


@translate.command()
@click.option("--edition", metavar="TAG", help="Only this edition, such as nl.")
@click.option("--all", "every", is_flag=True, help="List every brief, not only the oldest.")
@click.pass_obj
def status(folder: Path | None, edition: str | None, every: bool) -> None:
    """List what is missing or outdated in each edition, oldest first."""
    from builder.engine.status import read_translations
    from builder.names.suggest import did_you_mean

    root = find_root(folder)
    found = read_translations(root, make_options(root, None, False, None))
    if len(found) == 1:
        say("The site has one edition; `editions` in site.yaml adds others.")
        return
    known = [one.language for one in found]
    if edition and edition not in known:
        hint = did_you_mean(edition, known) or f"the editions are {', '.join(known)}"
        raise click.UsageError(f"there is no edition `{edition}`; {hint}")
    for one in found:
        if edition in (None, one.language):
            _show(one, None if every else _MOST)


def _show(one: EditionStatus, most: int | None) -> None:
    say(f"{one.language}: {one.told} of {one.stories} stories")
    profiles = one.profiles
    changed = [(_line(o.brief), o.changed) for o in one.outdated]
    changed += [(profile.path, at) for profile, at in profiles.outdated]
    _list("Outdated", [f"{it}  (original changed {at.iso[:10]})" for it, at in changed], most)
    waiting = [f"{_line(brief)}  ({brief.status})" for brief in one.waiting]
    waiting += [f"{profile.path}  ({profile.status})" for profile in profiles.waiting]
    _list("Not published yet", waiting, most)
    _list("Not translated", [*map(_line, one.missing)], most)
    _list("Pages and profiles not translated", [record.path for record in profiles.missing], most)
    say("")


def _line(brief: Outline) -> str:
    return f"{brief.date.iso[:10]}  {brief.slug}  {brief.title}"


def _list(title: str, found: Sequence[str], most: int | None) -> None:
    if not found:
        return
    say(f"  {title}")
    for line in found[:most]:
        say(f"    {line}")
    if most is not None and len(found) > most:
        say(f"    and {len(found) - most} more; --all lists them")
