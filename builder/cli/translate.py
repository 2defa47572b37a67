"""`slugline translate`: how far the editions of a site are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from builder.model.outline import Outline
    from builder.site.translated import EditionStatus

_MOST = 20  # briefs of a list


@click.group()
def translate() -> None:
    """Show what the editions of the site lack.

    `slugline new translation BRIEF LANGUAGE` begins a translation.
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
    _list(
        "Outdated",
        [(o.brief, f"original changed {o.changed.iso[:10]}") for o in one.outdated],
        most,
    )
    _list("Not published yet", [(brief, str(brief.status)) for brief in one.waiting], most)
    _list("Not translated", [(brief, "") for brief in one.missing], most)
    say("")


def _list(title: str, briefs: Iterable[tuple[Outline, str]], most: int | None) -> None:
    found = [*briefs]
    if not found:
        return
    say(f"  {title}")
    for brief, note in found[:most]:
        after = f"  ({note})" if note else ""
        say(f"    {brief.date.iso[:10]}  {brief.slug}  {brief.title}{after}")
    if most is not None and len(found) > most:
        say(f"    and {len(found) - most} more; --all lists them")
