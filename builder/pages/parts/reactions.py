"""What readers elsewhere say about a brief: names and texts, nothing that runs or loads."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from builder.content.urls import host_of
from builder.model.time import Moment
from builder.pages.planner import Planner


class ReplyLine(Struct, frozen=True):
    """A reaction that an editor has approved."""

    author: Annotated[str, "The name of its author."]
    url: Annotated[str, 'Its address; mark the link as rel="nofollow ugc".']
    host: Annotated[str, "Where it is: mastodon.example."]
    at: Annotated[Moment | None, "When it was written, if known."]
    text: Annotated[str, "Its text; empty for a mere mention."]
    mention: Annotated[bool, "Whether it mentions the brief and does not reply to it."]


class ReactionLines(Struct, frozen=True):
    """The reactions to a brief."""

    replies: Annotated[tuple[ReplyLine, ...], "Replies and mentions, oldest first."] = ()
    likes: Annotated[int, "How many liked posts about the brief."] = 0
    reposts: Annotated[int, "How many passed them on."] = 0


_NONE = ReactionLines()


def reaction_lines(plan: Planner, slug: str) -> ReactionLines:
    """Return the approved reactions to a brief, and counts of the others."""
    found = plan.view.reactions(slug)
    if found is None:
        return _NONE
    shown = [r for r in found.replies if r.status == "shown"]
    shown.sort(key=lambda r: r.at.at.timestamp() if r.at else 0)
    return ReactionLines(
        tuple(
            ReplyLine(r.author, r.url, host_of(r.url), r.at, r.text, r.kind == "mention")
            for r in shown
        ),
        sum(count.likes or 0 for count in found.counts),
        sum(count.reposts or 0 for count in found.counts),
    )
