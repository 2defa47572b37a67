"""Adds reactions to a file, and keeps what an editor wrote there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC
from typing import NamedTuple

from builder.content.document import read_yaml
from builder.content.schema import read_record
from builder.errors import SluglineError
from builder.model.replies import Reaction, Reactions
from builder.replies.sources import Found, PlaceReactions

MOST = 1000  # reactions in a file
HEAD = """\
# Reactions to the brief, from `slugline replies`. Only what has `status: shown` is published:
# change `pending` to `shown` or `hidden`. What you write here stays. A reaction that you remove
# comes back with the next run; hide it instead.
"""


class CannotMerge(SluglineError):
    """A file to which no reaction can be added; the message says why."""


class MergedReplies(NamedTuple):
    """The new text of a file, and what is different at the origin."""

    text: str
    added: tuple[Found, ...]
    edited: tuple[str, ...]  # ids of reactions whose text has changed at their origin
    gone: tuple[str, ...]  # ids of those that are no longer there
    left_out: int  # reactions beyond the limit


def merge_places(
    path: str, text: str, places: Iterable[PlaceReactions], complete: bool = True
) -> MergedReplies:
    """Return a file with the reactions of places that it lacks.

    Unless `places` are `complete`, what is not in them is not gone. Raises CannotMerge."""
    places = [*places]
    before = _read(path, text) if text.strip() else Reactions()
    known: dict[str, Reaction] = {reaction.id: reaction for reaction in before.replies}
    every: dict[str, Found] = {}
    for place in places:
        for found in place.found:
            every.setdefault(found.id, found)
    new = [found for found in every.values() if found.id not in known]
    room = max(0, MOST - len(known))
    made = _with_counts(text or HEAD, places)
    made = _with_replies(made, new[:room])
    wanted = [*known, *(found.id for found in new[:room])]
    with suppress(CannotMerge):
        if [reaction.id for reaction in _read(path, made).replies] == wanted:
            return _merged(made, new, room, known, every, places if complete else [])
    why = "is not laid out as `slugline replies` writes it; move `replies:` to its end"
    raise CannotMerge(f"{path} {why}")


def _merged(
    text: str,
    new: list[Found],
    room: int,
    known: Mapping[str, Reaction],
    every: Mapping[str, Found],
    places: list[PlaceReactions],
) -> MergedReplies:
    """Return the new text of a file with what has changed at the origin."""
    edited = [i for i, r in known.items() if i in every and every[i].text != r.text]
    gone = [i for i in known if i not in every and _asked(i, places)]
    left_out = max(0, len(new) - room)
    return MergedReplies(text, tuple(new[:room]), tuple(edited), tuple(gone), left_out)


def _asked(id_: str, places: Iterable[PlaceReactions]) -> bool:
    """Return whether a place that can have a reaction has been asked."""
    kinds = {"webmentions": "wm", "https://bsky.app": "b"}
    asked = {kinds.get(place.of.partition("/profile/")[0], "m") for place in places}
    return id_.partition("-")[0] in asked


def _read(path: str, text: str) -> Reactions:
    document, problems = read_yaml(path, text.encode())
    if document is not None:
        record, more = read_record(Reactions, document, UTC)
        problems += more
        if not any(problem.severity == "error" for problem in problems):
            return record
    found = next(problem for problem in problems if problem.severity == "error")
    raise CannotMerge(f"{path}:{found.line}: {found.message}; correct it first")


def _with_replies(text: str, new: Iterable[Found]) -> str:
    """Return a file with more reactions at the end of its list."""
    lines = "".join(_entry(found) for found in new)
    if not lines:
        return text
    text = text if text.endswith("\n") else f"{text}\n"
    text = re.sub(r"(?m)^replies:[ \t]*(\[\]|null|~)?[ \t]*(#.*)?$", r"replies: \2", text)
    text = re.sub(r"(?m)^replies:[ ]+$", "replies:", text)
    return text + ("" if re.search(r"(?m)^replies:", text) else "replies:\n") + lines


def _entry(found: Found) -> str:
    """Return a reaction as YAML; a JSON string is a string of YAML too."""
    fields = [("id", found.id), ("kind", found.kind)]
    fields += [(name, _quoted(getattr(found, name))) for name in ("author", "url")]
    fields += [("at", found.at)] if found.at else []
    fields += [("text", _quoted(found.text))] if found.text else []
    fields.append(("status", "pending"))
    return "  - " + "\n    ".join(f"{name}: {value}" for name, value in fields) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _with_counts(text: str, places: Iterable[PlaceReactions]) -> str:
    """Return a file with the present numbers of likes and reposts."""
    for place in places:
        start = f"  - {{of: {_quoted(place.of)}"
        entry = start + (f", likes: {place.likes}" if place.likes else "")
        entry += (f", reposts: {place.reposts}" if place.reposts else "") + "}"
        lines = text.splitlines(keepends=True)
        here = [n for n, line in enumerate(lines) if line.startswith((f"{start},", f"{start}}}"))]
        if here:
            rest = lines[here[0]].partition("}")[2]  # a comment, the end of the line
            lines[here[0]] = entry + rest
        elif place.likes or place.reposts:
            lines = _with_count(lines, f"{entry}\n")
        text = "".join(lines)
    return text


def _with_count(lines: list[str], entry: str) -> list[str]:
    """Return the lines of a file with one more count, before the replies."""
    heads = [n for n, line in enumerate(lines) if line.startswith("counts:")]
    if heads:
        return [*lines[: heads[0] + 1], entry, *lines[heads[0] + 1 :]]
    found = (n for n, line in enumerate(lines) if line.startswith("replies:"))
    at = next(found, len(lines))
    return [*lines[:at], "counts:\n", entry, *lines[at:]]
