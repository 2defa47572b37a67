"""A rendered body: its HTML, headings, links and references."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from builder.diagnostics.diagnostic import Place

# Element ids that templates use: links may point to them, headings must not reuse them.
PAGE_ANCHORS = (
    "content", "why", "why-heading", "yes-but", "yes-but-heading", "whats-next",
    "whats-next-heading", "sources", "sources-heading", "companies", "companies-heading", "people",
    "people-heading", "topics", "topics-heading", "later", "later-heading", "earlier",
    "earlier-heading", "facts", "coverage", "coverage-heading", "profile", "beside", "recent",
    "expected", "expected-heading", "settled", "settled-heading",
    "latest", "everything", "numbers", "numbers-heading", "by-company", "by-topic", "top-stories",
    "known", "known-heading", "claimed", "claimed-heading", "said", "said-heading", "products",
    "products-heading", "relations", "relations-heading", "relation-list", "previously",
    "previously-heading", "next", "next-heading", "timeline", "timeline-heading", "corrections",
    "corrections-heading", "by-mail", "by-mail-address", "by-mail-note", "same-author",
    "same-author-heading", "ahead", "ahead-heading", "changes", "changes-heading",
    "search-box", "search-for", "search-list", "replies", "replies-heading",
)  # fmt: skip


class Heading(Struct, frozen=True, array_like=True):
    """A heading: level (2 to 6), anchor and plain text."""

    level: int
    anchor: str
    text: str


ReferenceKind = Literal[
    "name",
    "brief",
    "company",
    "topic",
    "thread",
    "person",
    "page",
    "file",
    "media",
    "picture",
    "figure",
]


class Reference(Struct, frozen=True, array_like=True):
    """A reference in a body that only the whole site can resolve.

    Examples are `[[Scale AI]]`, `[[brief:slug]]`, a link to another `.md` file and a picture."""

    kind: ReferenceKind
    target: str
    fragment: str
    place: Place


class InternalLink(Struct, frozen=True, array_like=True):
    """A link within this site, as written: `/about/#top` or `#top`."""

    address: str
    place: Place


class Body(Struct, frozen=True, array_like=True):
    """A rendered Markdown body.

    `html` has a numbered placeholder (`\\0n\\0`) for each of `references`."""

    html: str = ""
    words: int = 0
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    links: tuple[InternalLink, ...] = ()
