"""The addresses at which readers report errors in a brief, and reply to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from builder.content.urls import host_of
from builder.language.words import Words, message, without_marks
from builder.model.brief import Brief
from builder.model.sharing import Discussion
from builder.pages.page import Link
from builder.pages.parts.corrections import CorrectionLine
from builder.pages.parts.figures import FigureLine
from builder.pages.planner import Planner
from builder.patterns import pattern


class FeedbackLinks(Struct, frozen=True):
    """Where readers report errors in a brief, and reply to it."""

    error: Annotated[str, "The address to report an error: `mailto:` with a subject, or a form."]
    reply: Annotated[str, "The address to reply."]


class Answered(NamedTuple):
    """The figures and corrections of a brief, with where to report errors in each."""

    links: FeedbackLinks | None
    figures: tuple[FigureLine, ...]
    corrections: tuple[CorrectionLine, ...]


_KINDS = {
    # Translators: the subject of an e-mail; {title} is a headline.
    "error": message("Error: {title}"),
    "reply": message("Reply: {title}"),
}


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
        return _form(to, values) if "://" in to else _mail(plan.words, to, kind, values)

    def error(anchor: str, about: str) -> str:
        return address("error", asked.error, anchor, about)

    return Answered(
        FeedbackLinks(address("error", asked.error), address("reply", asked.reply or asked.error)),
        tuple(replace(f, report=error(f.anchor, _figure_in_words(plan.words, f))) for f in figures),
        tuple(
            replace(
                c,
                report=error(
                    c.anchor,
                    f"{without_marks(plan.words.term('correction', c.kind))}, {c.at.iso[:10]}",
                ),
            )
            for c in corrections
        ),
    )


def _figure_in_words(words: Words, line: FigureLine) -> str:
    """Return a figure in words, for the subject of an e-mail."""
    metric, company, value = line.metric, line.of.name, line.own or line.value
    if line.to:
        # Translators: a figure: spend of Google to Scale AI, $150 million.
        text = words(
            "{metric} of {company} to {other}, {value}",
            metric=metric, company=company, other=line.to.name, value=value,
        )  # fmt: skip
    else:
        # Translators: a figure: revenue of Scale AI, $870 million.
        text = words("{metric} of {company}, {value}", metric=metric, company=company, value=value)
    return without_marks(text).replace("\u00a0", " ")


def _mail(words: Words, to: str, kind: str, values: Mapping[str, str]) -> str:
    """Return a `mailto:` address with a subject and the page (RFC 6068)."""
    anchor = f"#{values['anchor']}" if values["anchor"] else ""
    part = f", {values['about']}" if values["about"] else ""
    title = words.key(_KINDS[kind], {"title": f"{values['title']}{part}"})
    subject = f"{without_marks(title)} [{values['id']}{anchor}]"
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
_MASTODON = pattern(r"https?://([^/]+)/@[^/]+/\d{6,}/?$")


def discussion_links(discussion: Iterable[Discussion]) -> tuple[Link, ...]:
    """Return the discussions of a brief with their places."""
    return tuple(Link(one.name or _place(one.url), one.url) for one in discussion)


def _place(url: str) -> str:
    host = host_of(url)
    return _PLACES.get(host) or ("Mastodon" if _MASTODON.match(url) else host)
