"""Asks every place for the reactions to briefs, and writes them into files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from builder.content.reply_files import reply_path
from builder.editing.transaction import replace_files
from builder.fetch.client import Client
from builder.model.settings import Settings
from builder.model.sharing import Discussion
from builder.replies.merge import CannotMerge, MergedReplies, merge_places
from builder.replies.sources import (
    BLUESKY,
    PlaceReactions,
    SourceError,
    bluesky,
    mastodon,
    webmentions,
    webmentions_of,
)
from builder.safe_files import plain_bytes

TOKEN = "SLUGLINE_WEBMENTIONS_TOKEN"  # an environment variable


class Discussed(NamedTuple):
    """A published brief, with its addresses and where it is discussed."""

    slug: str
    addresses: tuple[str, ...]  # without the protocol and the last slash
    discussion: tuple[Discussion, ...]


class ReplyOutcome(NamedTuple):
    """What a run found out about a brief: its file's changes, or why there are none."""

    path: str
    merged: MergedReplies | None
    errors: tuple[str, ...] = ()


def collect(
    root: Path,
    client: Client,
    settings: Settings,
    briefs: Iterable[Discussed],
    write: bool = True,
    service: str = BLUESKY,
) -> Iterator[ReplyOutcome]:
    """Yield the outcome for each brief with a reaction.

    Each is written before the next is asked for."""
    asked = settings.replies
    entries, errors = [], []
    if asked and asked.webmentions:
        domain = str(settings.base_url).partition("://")[2].partition("/")[0]
        try:
            entries = webmentions(client, asked.webmentions, domain, os.environ.get(TOKEN, ""))
        except SourceError as error:
            errors.append(str(error))
            yield ReplyOutcome("", None, (str(error),))
    for brief in briefs:
        places, wrong = _ask(client, brief, service)
        if asked and asked.webmentions and not errors:
            places.append(webmentions_of(entries, set(brief.addresses)))
        outcome = _write(root, brief.slug, places, wrong, write)
        if outcome:
            yield outcome


def _ask(client: Client, brief: Discussed, service: str) -> tuple[list[PlaceReactions], list[str]]:
    """Return what each place of discussion says, and why others say nothing."""
    places, errors = [], []
    for one in brief.discussion:
        try:
            place = mastodon(client, one.url) or bluesky(client, one.url, service)
        except SourceError as error:
            errors.append(str(error))
            continue
        if place:
            places.append(place)
    return places, errors


def _write(
    root: Path, slug: str, places: list[PlaceReactions], errors: list[str], write: bool
) -> ReplyOutcome | None:
    path, old = reply_path(slug), None
    with suppress(FileNotFoundError):
        old = plain_bytes(root / path)
    text = old.decode("utf-8", "replace") if old else ""
    if not old and not any(p.found or p.likes or p.reposts for p in places):
        return ReplyOutcome(path, None, tuple(errors)) if errors else None
    try:
        merged = merge_places(path, text, places, not errors)
    except CannotMerge as error:
        return ReplyOutcome(path, None, (*errors, str(error)))
    if write and merged.text != text:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        replace_files(root, {path: (old, merged.text.encode())})
    return ReplyOutcome(path, merged, tuple(errors))
