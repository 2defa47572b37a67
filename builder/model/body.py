"""A rendered body: its HTML, headings, links and references."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from builder.diagnostics.diagnostic import Place

# The ids that templates give to parts of a page: links may lead there, headings do not take them.
PAGE_ANCHORS = (
    "content", "why", "why-heading", "yes-but", "yes-but-heading", "whats-next",
    "whats-next-heading", "sources", "sources-heading", "companies", "companies-heading", "people",
    "people-heading", "topics", "topics-heading", "later", "later-heading", "earlier",
    "earlier-heading", "facts", "coverage", "coverage-heading", "profile", "beside", "recent",
    "latest", "everything", "numbers", "numbers-heading", "by-company", "by-topic", "top-stories",
    "known", "known-heading", "claimed", "claimed-heading", "said", "said-heading", "products",
    "products-heading", "relations", "relations-heading", "previously", "previously-heading",
    "next", "next-heading", "timeline", "timeline-heading", "corrections", "corrections-heading",
)  # fmt: skip


class Heading(Struct, frozen=True, array_like=True):
    """A heading of a body: its level (2 to 6), its anchor and its plain text."""

    level: int
    anchor: str
    text: str


ReferenceKind = Literal[
    "name", "brief", "company", "topic", "thread", "person", "page", "file", "media", "figure"
]


class Reference(Struct, frozen=True, array_like=True):
    """Something in a body that only the whole site can resolve: `[[Scale AI]]`,
    `[[brief:slug]]`, a link to another `.md` file, a picture."""

    kind: ReferenceKind
    target: str
    fragment: str
    place: Place


class InternalLink(Struct, frozen=True, array_like=True):
    """A link to an address of this site, as written: `/about/#top` or `#top`."""

    address: str
    place: Place


class Body(Struct, frozen=True, array_like=True):
    """A Markdown body, rendered. `html` has numbered holes (`\\0n\\0`) where `references` go."""

    html: str = ""
    words: int = 0
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    links: tuple[InternalLink, ...] = ()
