"""E-mails: the digest of a week, what is new since a day, one brief. No build makes them.

A message shows what the pages show, from the same values; `slugline mail` renders it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated

from msgspec import Struct

from builder.appearance.colours import COMFORTABLE, nearest_legible
from builder.appearance.look import DARK, LogoFile
from builder.language.dates import in_words
from builder.language.direction import direction, opened
from builder.ledger.expectations import ExpectationRecord
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.pages.brief import BriefPage
from builder.pages.corrections import CorrectionEntry, correction_entry
from builder.pages.digest import (
    DigestPage,
    digest_numbers,
    digest_sections,
    digest_threads,
)
from builder.pages.front import Lead, SectionBlock, lead_of
from builder.pages.page import Counted, Kind, SiteInfo
from builder.pages.parts.expectations import ExpectationLine, expectation_line
from builder.pages.parts.figures import FigureLine
from builder.pages.planner import Planner
from builder.site.ledger_facts import EXPECTATIONS
from builder.site.site import Entry

_ACCENT = ("#0b5c48", "#7fcdb2")  # `--accent` in templates/assets/style.css, light and dark
_SERIF = "Charter, 'Source Serif 4', 'Iowan Old Style', Cambria, Georgia, serif"
_SANS = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif"
# The packaged families with what stands in for them where a reader has none of them.
_FAMILIES = {
    "Inter": f"Inter, {_SANS}",
    "Newsreader": "Newsreader, 'Iowan Old Style', Georgia, serif",
    "Source Serif 4": "'Source Serif 4', 'Source Serif Pro', Georgia, serif",
}
# Where the address to unsubscribe stands until it is known which service sends the message.
UNSUBSCRIBE = "https://unsubscribe.invalid/"


class MailLook(Struct, frozen=True, kw_only=True):
    """The look of a message: what e-mail programs can show of the site's."""

    accent: Annotated[str, "The accent colour."]
    accent_dark: Annotated[str, "The accent colour on a dark background."]
    text: Annotated[str, "The fonts of text, as in `font-family`."]
    headings: Annotated[str, "The fonts of headings."]
    labels: Annotated[str, "The fonts of labels."]
    logo: Annotated[LogoFile | None, "The logo, unless it is a drawing: few programs show those."]


class MailHead(Struct, frozen=True, kw_only=True):
    """What a message says about itself."""

    subject: Annotated[str, "The subject."]
    preview: Annotated[str, "The text that a list of messages shows after the subject."]
    url: Annotated[str, "The absolute address of the page with the same content."]
    lang: Annotated[str, "The language tag."]
    direction: Annotated[str, "The direction of the script: ltr or rtl."]
    at: Annotated[Moment, "When the newest of it was published or updated."]
    unsubscribe: Annotated[str, "The address to unsubscribe; replaced for each service."]


class DigestMail(Struct, frozen=True, kw_only=True):
    """The digest of a week, or the briefs since a day, as a message."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[MailHead, "The message's head."]
    look: Annotated[MailLook, "The message's look."]
    label: Annotated[str, "The kind of message: `Week 24`, `Since 9 June 2025`."]
    title: Annotated[str, "The heading; may be empty."]
    days: Annotated[str, "The days of the week if the heading is the editor's; otherwise empty."]
    standfirst: Annotated[str, "The standfirst, if any."]
    words: Annotated[
        str, "The editor's introduction: HTML made from Markdown; print it with |safe."
    ]
    total: Annotated[int, "The number of briefs."]
    lead: Annotated[Lead, "The most important brief."]
    sections: Annotated[
        tuple[SectionBlock, ...], "The other briefs by section, most important first."
    ]
    summaries: Annotated[bool, "Whether briefs below the lead have their summaries."] = True
    left: Annotated[int, "The number of briefs that only the page has."] = 0
    numbers: Annotated[tuple[FigureLine, ...], "Figures, from the most important briefs first."]
    threads: Annotated[tuple[Counted, ...], "The threads with briefs, and how many each has."]
    corrections: Annotated[tuple[CorrectionEntry, ...], "The corrections made meanwhile."]
    due: Annotated[
        tuple[ExpectationLine, ...],
        "What was expected by a date of these days, and how it turned out; by date.",
    ] = ()
    companies: Annotated[tuple[Counted, ...], "The companies in the news."]


class BriefMail(Struct, frozen=True, kw_only=True):
    """A brief as a message."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[MailHead, "The message's head."]
    look: Annotated[MailLook, "The message's look."]
    brief: Annotated[BriefPage, "What the page of the brief shows."]
    whole: Annotated[bool, "Whether the message has the text, not only its beginning."] = True


def digest_mail(plan: Planner, page: DigestPage, at: Moment) -> DigestMail:
    """Return a week's digest as a message, from its page."""
    lead = page.lead.card
    own = bool(page.days)  # otherwise the heading is the days of the week
    return DigestMail(
        site=page.site,
        head=_head(
            plan,
            page.title if own else lead.title,
            page.standfirst or (lead.title if own else lead.summary),
            page.head.canonical,
            page.head.lang,
            at,
        ),
        look=mail_look(plan),
        label=plan.words("Week {week}", week=page.week),
        title=page.title,
        days=page.days,
        standfirst=page.standfirst,
        words=page.words,
        total=page.total,
        lead=page.lead,
        sections=page.sections,
        numbers=page.numbers,
        threads=page.threads,
        corrections=page.corrections,
        due=page.due,
        companies=page.companies,
    )


def news_mail(plan: Planner, since: date, entries: Sequence[Entry]) -> DigestMail:
    """Return briefs published since a day as a message.

    `entries` are the newest first."""
    at = max((e.updated or e.date for e in entries), key=lambda moment: moment.at)
    ranked = sorted(entries, key=lambda entry: entry.importance)
    lead = lead_of(plan, ranked[0])
    last = entries[0].date.at.date()
    kept = [found for found in plan.view.corrections() if found.at.at.date() >= since]
    return DigestMail(
        site=plan.info,
        head=_head(
            plan,
            lead.card.title,
            lead.card.summary,
            f"{plan.settings.base_url}/",
            plan.language,
            at,
        ),
        look=mail_look(plan),
        # Translators: before a date: what is new since then.
        label=plan.words(
            "Since {date}",
            date=in_words(Moment(datetime.combine(since, time(), UTC)), plan.language),
        ),
        title="",
        days="",
        standfirst="",
        words="",
        total=len(entries),
        lead=lead,
        sections=digest_sections(plan, ranked[1:]),
        numbers=digest_numbers(plan, (since, last), ranked),
        threads=digest_threads(plan, ranked),
        corrections=tuple(correction_entry(plan, found) for found in kept),
        due=tuple(expectation_line(plan, record) for record in _fallen_due(plan, since, last)),
        companies=plan.counted("companies", ranked),
    )


def _fallen_due(plan: Planner, since: date, last: date) -> Iterator[ExpectationRecord]:
    """Yield what is overdue since a day, and what was due by the last and has an outcome."""
    for record in plan.view.read(EXPECTATIONS):
        over = record.state == "overdue" or (record.state == "settled" and record.last_day <= last)
        if over and record.last_day >= since and record.is_unsettled_on(since):
            yield record


def brief_mail(plan: Planner, page: BriefPage) -> BriefMail:
    """Return a brief as a message, from its page."""
    at = page.updated or page.published
    head = _head(plan, page.title, page.standfirst, page.head.canonical, page.head.lang, at)
    return BriefMail(site=page.site, head=head, look=mail_look(plan), brief=page)


def _head(plan: Planner, subject: str, preview: str, url: str, lang: str, at: Moment) -> MailHead:
    return MailHead(
        subject=opened(subject, lang),
        preview=opened(preview, lang),
        url=url,
        lang=lang,
        direction=direction(lang),
        at=at,
        unsubscribe=UNSUBSCRIBE,
    )


def mail_look(plan: Planner) -> MailLook:
    """Return the look of messages."""
    s = plan.settings
    accent = s.accent or _ACCENT[0]
    dark = s.accent_dark or (nearest_legible(accent, DARK, COMFORTABLE) if s.accent else _ACCENT[1])
    text, headings, labels = _fonts(s)
    logo = plan.view.look.logo
    if logo and logo.url.rpartition(".")[2].lower() not in ("png", "jpg", "jpeg", "gif"):
        logo = None
    return MailLook(
        accent=accent, accent_dark=dark, text=text, headings=headings, labels=labels, logo=logo
    )


def _fonts(s: Settings) -> tuple[str, str, str]:
    given = s.fonts
    if given is None:
        return _SERIF, _SERIF, _SANS

    def stack(names: Sequence[str], other: str) -> str:
        return _FAMILIES.get(names[0], other) if names else other

    text = stack(given.text, _SERIF)
    return text, stack(given.headings, text), stack(given.labels, _SANS)


KIND = Kind(
    lambda site, lists: (),
    {"mail/digest.html": DigestMail, "mail/brief.html": BriefMail},
)
