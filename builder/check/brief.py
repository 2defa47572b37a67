"""Check the head of a brief: id, title, summary, dates, withdrawal and image.

Most findings are warnings; only a contradiction that no page could show is an error."""

from __future__ import annotations

from collections.abc import Iterator

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.model.time import later
from builder.names.mentions import find_name, plain_text

LONGEST_TITLE = 90  # characters; longer ones are cut in search results and feeds


def check_id(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if not brief.id and not brief.guid:
        hint = "add one from `slugline new`; without it, feeds announce a renamed file again"
        yield Finding("title", "missing-id", "the brief has no `id`", hint)


def check_title(context: BriefContext) -> Iterator[Finding]:
    brief, names = context.brief, context.names
    length = len(brief.title)
    if length > LONGEST_TITLE:
        message = f"the title has {length} characters; lists cut it after {LONGEST_TITLE}"
        yield Finding("title", "long-title", message, "shorten it")
    title = plain_text(brief.title)
    if names and all(find_name(title, plain_text(name)) < 0 for name in names):
        message = "the title names none of the brief's companies"
        hint = f"name one, such as {names[0]}"
        yield Finding("title", "title-without-company", message, hint)


def check_summary(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if not brief.summary:
        hint = "add `summary:` with one sentence, which lists and feeds show"
        yield Finding("title", "missing-summary", "the brief has no summary", hint)


def check_dates(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if brief.expires and brief.expires.at <= brief.date.at:
        message = "the brief expires before it is published"
        yield Finding("expires", "expires-before-date", message, "check both dates")
    if brief.updated and later(brief.date, brief.updated):
        message = "the brief is updated before it is published"
        yield Finding("updated", "updated-before-date", message, "check both dates")
    if brief.event_date and later(brief.event_date, brief.date):
        message = "the brief is published before its event happened"
        hint = "check both dates; what is only scheduled belongs in `events`"
        yield Finding("event_date", "event-after-date", message, hint)


def check_withdrawal(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    if brief.withdrawn and brief.status != "withdrawn":
        message = "the brief is not withdrawn: `withdrawn` needs `status: withdrawn`"
        yield Finding("withdrawn", "missing-key", message, "add `status: withdrawn`, or remove it")
    if brief.status == "withdrawn" and not brief.withdrawn_because and not brief.tells_nothing:
        hint = "add `withdrawn_because:` with the reason, which the page shows"
        message = "the brief is withdrawn without a reason"
        yield Finding("status", "withdrawn-without-reason", message, hint)


def check_review(context: BriefContext) -> Iterator[Finding]:
    """Report what matters most and nobody but its author has read."""
    brief = context.brief
    declared = context.view.settings.authors
    authors, checkers = {*map(str, brief.author)}, {*map(str, brief.checked_by)}
    own = [author.name for author in declared if author.slug in authors & checkers]
    if own:
        message = f"{own[0]} is an author of this brief and cannot check it"
        yield Finding("checked_by", "unchecked", message, "name a colleague")
    colleagues = [author for author in declared if author.slug not in authors]
    if brief.status != "published" or not colleagues or checkers - authors:
        return
    hint = "let a colleague check it, and name them in `checked_by`"
    confirmed = next((n for n, c in enumerate(brief.claims) if c.status == "confirmed"), None)
    if brief.importance == 1:
        message = "nobody has checked this brief, which leads the front page"
        yield Finding("importance", "unchecked", message, hint)
    elif confirmed is not None:
        message = "nobody has checked this brief, which calls a claim confirmed"
        yield Finding(f"claims.{confirmed}.status", "unchecked", message, hint)


def check_image(context: BriefContext) -> Iterator[Finding]:
    brief = context.brief
    image = brief.image
    if image and not image.file and not image.chart and not brief.broken:
        message = "the image has neither `file` nor `chart`"
        yield Finding("image", "missing-key", message, "add `file:` with a file of content/media/")
    elif image and image.file and image.chart:
        message = "the image has both `file` and `chart`"
        yield Finding("image.chart", "invalid-choice", message, "keep one of them")
    elif image and image.chart and (image.made != "photo" or image.focus != "center"):
        field = "made" if image.made != "photo" else "focus"
        message = f"`{field}` has no effect on a chart, which is drawn from the figures"
        yield Finding(f"image.{field}", "invalid-choice", message, "remove it")
    elif image and image.file and not image.alt:
        hint = "add `alt:` with a description of the image"
        message = "the image has no alternative text"
        yield Finding("image", "image-without-alt", message, hint)
