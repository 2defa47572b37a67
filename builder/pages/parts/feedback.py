"""The addresses at which readers report errors in a brief, and reply to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from builder.content.urls import host_of
from builder.model.brief import Brief
from builder.model.sharing import Discussion
from builder.pages.page import Link
from builder.pages.parts.corrections import CorrectionLine
from builder.pages.parts.figures import FigureLine
from builder.pages.planner import Planner


class FeedbackLinks(Struct, frozen=True):
    """Where readers report errors in a brief, and reply to it."""

    error: Annotated[str, "The address to report an error: `mailto:` with a subject, or a form."]
    reply: Annotated[str, "The address to reply."]


class Answered(NamedTuple):
    """The figures and corrections of a brief, with where to report errors in each."""

    links: FeedbackLinks | None
    figures: tuple[FigureLine, ...]
    corrections: tuple[CorrectionLine, ...]


_KINDS = {"error": "Error", "reply": "Reply"}


def with_feedback(
    plan: Planner,
    brief: Brief,
    figures: tuple[FigureLine, ...],
    corrections: tuple[CorrectionLine, ...],
) -> Answered:
    """Return where readers answer a brief, if site.yaml says so."""
    asked = plan.settings.feedback
    if asked is None:
        return Answered(None, figures, corrections)
    page = f"{plan.settings.base_url}{brief.url}"

    def address(kind: str, to: str, anchor: str = "", about: str = "") -> str:
        values = {
            "id": brief.id or brief.slug,
            "title": brief.title,
            "anchor": anchor,
            "about": about,
            "url": f"{page}#{anchor}" if anchor else page,
        }
        return _form(to, values) if "://" in to else _mail(to, _KINDS[kind], values)

    def error(anchor: str, about: str) -> str:
        return address("error", asked.error, anchor, about)

    return Answered(
        FeedbackLinks(address("error", asked.error), address("reply", asked.reply or asked.error)),
        tuple(replace(f, report=error(f.anchor, _figure_in_words(f))) for f in figures),
        tuple(
            replace(c, report=error(c.anchor, f"{c.kind}, {c.at.iso[:10]}")) for c in corrections
        ),
    )


def _figure_in_words(line: FigureLine) -> str:
    to = f" to {line.to.name}" if line.to else ""
    return f"{line.metric} of {line.of.name}{to}, {line.own or line.value}".replace("\u00a0", " ")


def _mail(to: str, kind: str, values: Mapping[str, str]) -> str:
    """Return a `mailto:` address with a subject and the page (RFC 6068)."""
    anchor = f"#{values['anchor']}" if values["anchor"] else ""
    part = f", {values['about']}" if values["about"] else ""
    subject = f"{kind}: {values['title']}{part} [{values['id']}{anchor}]"
    body = f"{values['url']}\r\n\r\n"
    query = f"subject={quote(subject, safe='')}&body={quote(body, safe='')}"
    return f"mailto:{quote(to, safe='@')}?{query}"


def _form(to: str, values: Mapping[str, str]) -> str:
    """Return the address of a form with the values of its placeholders."""
    return re.sub(r"\{(\w+)\}", lambda found: quote(values[found[1]], safe=""), to)


# --- discussions -------------------------------------------------------------------------------

_PLACES = {
    "news.ycombinator.com": "Hacker News", "bsky.app": "Bluesky", "lobste.rs": "Lobsters",
    "reddit.com": "Reddit", "old.reddit.com": "Reddit", "linkedin.com": "LinkedIn",
    "threads.net": "Threads", "threads.com": "Threads", "x.com": "X", "twitter.com": "X",
    "facebook.com": "Facebook", "youtube.com": "YouTube", "lesswrong.com": "LessWrong",
}  # fmt: skip
# An address of a post by Mastodon's pattern, on whatever host: /@name/109302436954721982.
_MASTODON = re.compile(r"https?://([^/]+)/@[^/]+/\d{6,}/?$")


def discussion_links(discussion: Iterable[Discussion]) -> tuple[Link, ...]:
    """Return the discussions of a brief with their places."""
    return tuple(Link(one.name or _place(one.url), one.url) for one in discussion)


def _place(url: str) -> str:
    host = host_of(url)
    return _PLACES.get(host) or ("Mastodon" if _MASTODON.match(url) else host)
