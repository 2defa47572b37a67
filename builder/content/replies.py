"""Reads the reactions to briefs: content/replies/SLUG.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec

from builder.content.config import Config
from builder.content.document import read_yaml, report_secrets
from builder.content.record import bytes_of, encode
from builder.content.reply_files import FOLDER, is_replies
from builder.content.schema import read_record
from builder.content.walk import FileSource, Walk
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place
from builder.model.replies import Reaction, Reactions
from builder.sections import Index
from builder.stat import Stat
from builder.store import Store, digest

_NAME = "replies"  # in the store


class _Kept(NamedTuple):
    """The reactions of a file that has no mistakes, with its stat."""

    stat: Stat
    reactions: bytes


_kept = msgspec.msgpack.Decoder(dict[str, _Kept])
_reactions = msgspec.json.Decoder(Reactions)


def read_replies(
    walk: Walk, config: Config, store: Store, problems: list[Diagnostic]
) -> dict[str, Reactions]:
    """Return the reactions to each brief by slug.

    Unchanged files come from the store."""
    files = [(path, source, stat) for path, source, stat in walk.below(FOLDER) if is_replies(path)]
    if not files:
        return {}
    settings = config.settings
    beside = digest(encode([settings.time_zone, settings.limits]))
    sections = store.load(_NAME)
    known: dict[str, _Kept] = {}
    if sections.get("beside") == beside:
        try:
            known = _kept.decode(sections.get("files") or b"")
        except msgspec.DecodeError:
            known = {}
    found, kept = {}, {}
    for path, source, stat in files:
        stored = known.get(path)
        if stored and stored.stat == stat:
            kept[path] = stored
            reactions = _reactions.decode(stored.reactions)
        else:
            reactions, seen, mistakes = _read(path, source, config)
            problems += mistakes
            if seen and not mistakes:
                kept[path] = _Kept(seen, encode(reactions))
        found[PurePosixPath(path).stem] = reactions
    if kept != known:
        parts = {"beside": beside, "files": msgspec.msgpack.encode(kept)}
        store.save(_NAME, Index.of(parts))
    return found


def _read(
    path: str, source: FileSource, config: Config
) -> tuple[Reactions, Stat | None, list[Diagnostic]]:
    try:
        data, seen = bytes_of(source)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        hint = "make it readable, or remove it"
        return Reactions(), None, [Diagnostic.of(path, Place(), "unreadable-file", message, hint)]
    document, mistakes = read_yaml(path, data)
    mistakes += report_secrets(path, data, config.gift_links)
    if document is None:
        return Reactions(), seen, mistakes
    reactions, more = read_record(Reactions, document, config.zone, limits=config.settings.limits)
    twice = map(document.problem, _twice(reactions.replies))
    return reactions, seen, [*mistakes, *more, *twice]


def _twice(replies: tuple[Reaction, ...]) -> Iterator[Finding]:
    """Yield reactions with the id of another one."""
    seen: set[str] = set()
    for n, reaction in enumerate(replies):
        if reaction.id in seen:
            message = f"another reaction has the id `{reaction.id}`"
            yield Finding(f"replies.{n}.id", "duplicate-id", message, "remove one of them")
        seen.add(reaction.id)
