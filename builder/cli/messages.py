"""`slugline messages`: the words of the interface that a language lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from builder.editing.messages import Lacking
    from builder.engine.status import SiteMessages


@click.command()
@click.argument("language", metavar="[LANG]", required=False)
@click.option("--list", "listed", is_flag=True, help="Print the messages; write nothing.")
@click.pass_obj
def messages(folder: Path | None, language: str | None, listed: bool) -> None:
    """Write the words of the interface that a language lacks.

    content/messages/LANG.po gets each message that has no translation into LANG yet, from
    Slugline's templates and from the site's own. What the file has already stays as it is. Without
    LANG, the command prints how many messages each language of the site lacks.
    """
    from builder.editing.messages import find_lacking, write_lacking
    from builder.engine.status import read_messages

    if language is not None:
        _refuse_unknown(language)
    root = find_root(folder)
    site = read_messages(root, make_options(root, None, True, None))
    if language is None:
        _show_all(site, listed)
        return
    found = find_lacking(site, language)
    if listed:
        _list(found)
    elif found.unlisted:
        write_lacking(root, language, found)
        say(f"Added {_number(len(found.unlisted))} to {found.path}")
    say(_left(language, found))


def _refuse_unknown(language: str) -> None:
    import re

    from builder.content.fields import is_known_language

    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) or not is_known_language(
        language
    ):
        raise click.UsageError(f"`{language}` is not a language; write a tag such as nl or pt-BR")


def _show_all(site: SiteMessages, listed: bool) -> None:
    from builder.editing.messages import find_lacking

    for language in site.languages:
        found = find_lacking(site, language)
        if listed:
            _list(found)
        say(_left(language, found))
    say("To add what a language lacks to its file, run `slugline messages LANG`.")


def _list(found: Lacking) -> None:
    from builder.language.catalog import context_of, shown

    for message in found.missing:
        context = context_of(message.key)
        say(f"  {shown(message.key)}" + (f"  ({context})" if context else ""))


def _left(language: str, found: Lacking) -> str:
    if not found.missing:
        return f"{language}: complete"
    return f"{language}: {_number(len(found.missing))} without a translation"


def _number(messages: int) -> str:
    return "one message" if messages == 1 else f"{messages} messages"
