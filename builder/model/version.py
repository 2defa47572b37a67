"""Versions of a brief: the words that readers saw, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

# A record may have been tampered with, and its digests become file names on this machine.
Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Known = Annotated[datetime, Meta(tz=True)]
MOST = 200  # versions of a brief that are kept: the first one, and the newest
PartKind = Literal[
    "title", "summary", "why", "text", "yes_but", "whats_next", "expectation", "outcome", "claim",
    "figure", "quote", "response", "relation", "event", "source", "picture", "about", "withdrawn",
]  # fmt: skip


class Part(Struct, frozen=True, omit_defaults=True):
    """A part of a brief: a paragraph, a claim, a figure.

    `about` has what belongs to a statement besides its text: who made it, its status, its source.
    A reference to another record is written as `[[brief:slug]]`, a figure as
    `[[figure:29bn USD]]`. The kind `about` has the dates and authors of a brief."""

    kind: PartKind
    text: str = ""
    about: tuple[tuple[str, str], ...] = ()


FORM = 3  # of the words of versions; see `ledger/versions` for what each form added


class VersionWords(Struct, frozen=True, omit_defaults=True):
    """The words of a version of a brief, without typography, links and markup.

    `form` says which parts the program knew that stored them."""

    lang: str
    parts: tuple[Part, ...]
    form: int = 1

    @property
    def withdrawn(self) -> bool:
        """Whether readers saw only that it was withdrawn, and why."""
        return any(part.kind == "withdrawn" for part in self.parts)


class Version(Struct, frozen=True, array_like=True):
    """A version that a release published first.

    `digest` is that of its words, `updated` the date of the last change that it names, and
    `corrections` has the keys of its corrections. `reason` says why a silent change was allowed."""

    digest: Digest
    at: Known
    updated: Known | None = None
    corrections: tuple[str, ...] = ()
    reason: str = ""


# The versions of each brief by its identity, oldest first.
Versions = dict[str, tuple[Version, ...]]


class PastVersion(Struct, frozen=True, omit_defaults=True):
    """A version in a history, with its words.

    Without `words`, its page says when it was published, and not what it said. A `pending` one
    is of a deploy that has not ended, so readers may not have it."""

    digest: Digest
    at: Known
    updated: Known | None = None
    corrections: tuple[str, ...] = ()
    reason: str = ""
    words: VersionWords | None = None
    pending: bool = False

    @property
    def version(self) -> Version:
        """Return it as releases record it, without words."""
        return Version(self.digest, self.at, self.updated, self.corrections, self.reason)


class History(Struct, frozen=True):
    """The versions of a brief that releases have published, oldest first.

    `brief` is its identity."""

    brief: str
    versions: Annotated[tuple[PastVersion, ...], Meta(min_length=1, max_length=MOST)]
