"""Reactions of readers to a brief, in content/replies/, and site.yaml's settings for them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.time import PartialDate
from builder.model.values import Identifier, Line, Text, Url

ReactionKind = Literal["reply", "mention"]
ReactionStatus = Literal["pending", "shown", "hidden"]


class Reaction(Struct, frozen=True, kw_only=True):
    """A reply to a brief, or a page that mentions it."""

    id: Annotated[Identifier, "The id, from `slugline replies`; never change it."]
    kind: Annotated[ReactionKind, "Whether it replies to the brief or mentions it."] = "reply"
    author: Annotated[Line, "The name of its author."]
    url: Annotated[Url, "Its address."]
    at: Annotated[PartialDate | None, "When it was written."] = None
    text: Annotated[Text, "Its text, without any markup."] = Text("")
    status: Annotated[ReactionStatus, "Your decision: only what is `shown` is published."] = (
        "pending"
    )


class ReactionCount(Struct, frozen=True, kw_only=True):
    """How often a post about a brief was liked and passed on."""

    of: Annotated[Line, "The address of the post, or webmentions."]
    likes: Annotated[int | None, "How many liked it."] = None
    reposts: Annotated[int | None, "How many passed it on."] = None


class Reactions(Struct, frozen=True, kw_only=True):
    """The reactions to a brief, in content/replies/SLUG.yaml."""

    counts: Annotated[tuple[ReactionCount, ...], "Likes and reposts, which name nobody."] = ()
    replies: Annotated[tuple[Reaction, ...], "Replies and mentions."] = ()


class ReplySettings(Struct, frozen=True, kw_only=True):
    """Where reactions to the site are collected."""

    endpoint: Annotated[
        Url,
        "The endpoint for webmentions that pages name: https://webmention.io/news.example/webmention.",
    ] = Url("")
    webmentions: Annotated[
        Url,
        "The address at which the received ones can be fetched as JF2:"
        " https://webmention.io/api/mentions.jf2.",
    ] = Url("")
