"""A brief -> what a good sub-editor would say about it: nothing here stops a build but a
contradiction that no page could show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.model.time import later

LONGEST_TITLE = 90  # characters; longer ones are cut in search results and feeds


def check_id(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if not brief.id:
        hint = "give it one from `slugline new`, or a renamed file is announced anew"
        yield Finding("title", "missing-id", "the brief has no id of its own", hint)


def check_title(context: BriefContext) -> Iterator[Finding]:
    brief, names = context.brief, context.names
    length = len(brief.title)
    if length > LONGEST_TITLE:
        message = f"the title has {length} characters; lists cut it after {LONGEST_TITLE}"
        yield Finding("title", "long-title", message, "say it shorter")
    straight = [name.replace("’", "'") for name in names]
    title = brief.title.replace("’", "'")
    if names and not any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", title) for n in straight):
        message = "no company of the brief is in its title"
        hint = f"name one, such as {names[0]}"
        yield Finding("title", "title-without-company", message, hint)


def check_summary(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if not brief.summary:
        hint = "add `summary:` with one sentence; lists and feeds show it"
        yield Finding("title", "missing-summary", "the brief has no summary", hint)


def check_dates(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if brief.expires and brief.expires.at <= brief.date.at:
        message = "it expires before it is published"
        yield Finding("expires", "expires-before-date", message, "check both dates")
    if brief.updated and later(brief.date, brief.updated):
        message = "it is updated before it is published"
        yield Finding("updated", "updated-before-date", message, "check both dates")
    if brief.event_date and later(brief.event_date, brief.date):
        message = "it is published before it happened"
        yield Finding("event_date", "event-after-date", message, "check both dates")


def check_withdrawal(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if brief.status == "withdrawn" and not brief.withdrawn_because:
        hint = "add `withdrawn_because:` with the reason; its page shows it"
        message = "a withdrawn brief says why"
        yield Finding("status", "withdrawn-without-reason", message, hint)


def check_image(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if brief.image and not brief.image.alt:
        hint = "add `alt:` with what it shows"
        message = "the picture has no alternative text"
        yield Finding("image", "image-without-alt", message, hint)
