"""Messages: what they show, rendered as HTML and as text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import category

from msgspec.structs import replace

from builder.diagnostics.diagnostic import ContentError
from builder.engine.opened import OpenSite
from builder.mail.html import message_html
from builder.mail.problem import MailError
from builder.mail.text import message_text
from builder.model.time import days_of
from builder.names.suggest import did_you_mean
from builder.pages.brief import BriefPage
from builder.pages.digest import DigestPage
from builder.pages.mail import BriefMail, DigestMail, brief_mail, digest_mail, news_mail
from builder.pages.page import Page
from builder.pages.parts.expectations import BriefExpectations
from builder.pages.parts.feed_items import NOTHING_SAID, with_page

LARGEST = 100 * 1024  # bytes of HTML; Gmail shows the first 102 KB of a message
_SUBJECT = 200  # characters, at most
_CONTROLS = ("Cc", "Cs", "Zl", "Zp")  # categories of characters that end a line, or are none

# What may be left out of each kind of message, and in words.
DIGEST_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "words": "the editor's introduction", "summaries": "the summaries below the lead",
        "pictures": "the picture", "numbers": "the numbers", "threads": "the ongoing stories",
        "corrections": "the corrections", "due": "what was expected", "companies": "the companies",
    }
)  # fmt: skip
BRIEF_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "text": "the text, for a link to the page", "pictures": "the picture",
        "points": "yes, but and what's next", "numbers": "the numbers",
        "said": "the claims, quotations and responses", "sources": "the sources",
        "corrections": "the corrections",
    }
)  # fmt: skip


class Message(NamedTuple):
    """A message for readers."""

    key: str  # the edition: `digest-2025-w24`, `brief-google-scale-ai`, `since-2025-06-09`
    subject: str
    preview: str
    lang: str
    at: datetime
    url: str  # of the page with the same content
    tasks: tuple[str, ...]  # which make the pages that it leads to
    html: str
    text: str

    @property
    def digest(self) -> str:
        """Return a digest of what readers get."""
        content = f"{self.subject}\0{self.html}\0{self.text}".encode()
        return hashlib.blake2b(content, digest_size=16).hexdigest()


class Choice(NamedTuple):
    """What an editor decides about a message."""

    without: tuple[str, ...] = ()  # parts that it leaves out
    most: int = 0  # briefs, at most; 0 for all
    subject: str = ""


NO_CHOICE = Choice()


def make_digest(site: OpenSite, week: str, choice: Choice = NO_CHOICE) -> Message:
    """Return the digest of a week such as `2025-w24`."""
    try:
        days_of(week)
    except ValueError:
        raise MailError(f"`{week}` is not a week; write it as in `2025-w24`") from None
    page = site.page(f"digest {week}")
    if page is None:
        weeks = [task.removeprefix("digest ") for task in site.tasks if task.startswith("digest ")]
        last = f"; the latest with briefs is `{max(weeks)}`" if weeks else ""
        raise MailError(f"no brief was published in the week `{week}`{last}")
    assert isinstance(page.context, DigestPage) and page.modified
    mail = digest_mail(site.plan, page.context, page.modified)
    return _digest_message(site, f"digest-{week}", mail, choice)


def last_week(site: OpenSite) -> str:
    """Return the last week that is over and has briefs.

    Raises MailError if there is none."""
    now = site.now.date()
    weeks = (task.removeprefix("digest ") for task in site.tasks if task.startswith("digest "))
    over = [week for week in weeks if days_of(week)[1] < now]
    if not over:
        raise MailError("no week with briefs is over yet; name one, as in `2025-w24`")
    return max(over)


def make_news(site: OpenSite, since: date, choice: Choice = NO_CHOICE) -> Message:
    """Return what was published on a day or later."""
    order = site.plan.view.covering("all", "")
    entries = [entry for entry in order if entry.date.at.date() >= since]
    if not entries:
        last = f"; the newest is of {order[0].date.iso[:10]}" if order else ""
        raise MailError(f"no brief was published on {since.isoformat()} or later{last}")
    mail = news_mail(site.plan, since, entries)
    return _digest_message(site, f"since-{since.isoformat()}", mail, choice)


def make_brief(site: OpenSite, slug: str, choice: Choice = NO_CHOICE) -> Message:
    """Return a brief as a message.

    Raises MailError if it is not published."""
    page = site.page(f"brief {slug}")
    if page is None:
        raise MailError(_no_brief(site, slug))
    assert isinstance(page.context, BriefPage)
    mail = brief_mail(site.plan, page.context)
    mail = replace(mail, brief=replace(mail.brief, body=with_page(mail.brief.body, mail.head.url)))
    _check_parts(choice.without, BRIEF_PARTS)
    if choice.most:
        raise MailError("`--most` is for messages with several briefs")

    def without(*parts: str) -> BriefMail:
        return _without_brief(mail, {*choice.without, *parts})

    return _rendered(site, f"brief-{slug}", without, "mail/brief.html", choice, BRIEF_PARTS)


def _digest_message(site: OpenSite, key: str, mail: DigestMail, choice: Choice) -> Message:
    _check_parts(choice.without, DIGEST_PARTS)
    mail = _limited(replace(mail, words=with_page(mail.words, mail.head.url)), choice.most)

    def without(*parts: str) -> DigestMail:
        return _without_digest(mail, {*choice.without, *parts})

    return _rendered(site, key, without, "mail/digest.html", choice, DIGEST_PARTS)


def _rendered(
    site: OpenSite,
    key: str,
    without: Callable[..., DigestMail | BriefMail],
    template: str,
    choice: Choice,
    parts: Mapping[str, str],
) -> Message:
    """Return a message.

    Raises MailError if Gmail would cut it off, and says what to leave out."""
    mail = without()
    html = _html(site, template, mail)
    if (size := len(html.encode())) > LARGEST:
        lengths = {part: len(_html(site, template, without(part)).encode()) for part in parts}
        raise MailError(_too_large(size, lengths, choice))
    subject = _short(choice.subject or mail.head.subject)
    return Message(
        key=key,
        subject=subject,
        preview=" ".join(mail.head.preview.split()),
        lang=mail.head.lang,
        at=mail.head.at.at,
        url=mail.head.url,
        tasks=_tasks(key, mail),
        html=html,
        text=message_text(html),
    )


def _html(site: OpenSite, template: str, mail: DigestMail | BriefMail) -> str:
    page = Page(mail.head.url, template, mail, addresses="absolute", listed=False, base=site.base)
    rendered = site.renderer.render(page)
    if not isinstance(rendered, bytes):
        raise ContentError([rendered])
    return message_html(rendered.decode("utf-8"), mail.head.url)


def _short(subject: str) -> str:
    """Return a subject on one line, not longer than lists of messages show."""
    text = " ".join("".join(" " if category(c) in _CONTROLS else c for c in subject).split())
    text = text.replace("=?", "=\u2060?")  # or a program would decode it (RFC 2047)
    return text if len(text) <= _SUBJECT else f"{text[:_SUBJECT].rpartition(' ')[0]}…"


def _too_large(size: int, without: Mapping[str, int], choice: Choice) -> str:
    """Return what to leave out of a message, the largest part first."""
    saved = {part: size - rest for part, rest in without.items() if rest < size}
    ranked = sorted(saved, key=lambda part: -saved[part])
    lines = [
        f"the message has {size / 1024:.0f} KB of HTML, and Gmail hides what follows the first"
        f" 102 KB; it may have {LARGEST // 1024} KB. Leave something out:",
        *(f"  --without {part}  saves {saved[part] / 1024:.0f} KB" for part in ranked[:4]),
    ]
    if not choice.most and "summaries" in without:
        lines.append("  --most 20  shows the 20 most important briefs, and a link to the others")
    return "\n".join(lines)


def _check_parts(given: Collection[str], known: Mapping[str, str]) -> None:
    for part in given:
        if part not in known:
            hint = did_you_mean(part, known) or f"choose from {', '.join(known)}"
            raise MailError(f"a message of this kind has no part `{part}`; {hint}")


def _limited(mail: DigestMail, most: int) -> DigestMail:
    """Return a message with the most important briefs alone."""
    cards = [card for section in mail.sections for card in section.cards]
    if not most or len(cards) < most:
        return mail
    kept = {card.url for card in sorted(cards, key=lambda card: card.importance)[: most - 1]}
    sections = (
        replace(section, cards=tuple(card for card in section.cards if card.url in kept))
        for section in mail.sections
    )
    return replace(
        mail,
        sections=tuple(section for section in sections if section.cards),
        left=len(cards) - len(kept),
    )


def _without_digest(mail: DigestMail, parts: Collection[str]) -> DigestMail:
    return replace(
        mail,
        words="" if "words" in parts else mail.words,
        summaries="summaries" not in parts,
        lead=replace(mail.lead, picture=None) if "pictures" in parts else mail.lead,
        numbers=() if "numbers" in parts else mail.numbers,
        threads=() if "threads" in parts else mail.threads,
        corrections=() if "corrections" in parts else mail.corrections,
        due=() if "due" in parts else mail.due,
        companies=() if "companies" in parts else mail.companies,
    )


def _without_brief(mail: BriefMail, parts: Collection[str]) -> BriefMail:
    brief, points = mail.brief, "points" in parts
    brief = replace(
        brief,
        picture=None if "pictures" in parts else brief.picture,
        yes_but=() if points else brief.yes_but,
        whats_next=() if points else brief.whats_next,
        events=() if points else brief.events,
        outlook=BriefExpectations() if points else brief.outlook,
        numbers=() if "numbers" in parts else brief.numbers,
        said=NOTHING_SAID if "said" in parts else brief.said,
        sources=() if "sources" in parts else brief.sources,
        corrections=() if "corrections" in parts else brief.corrections,
    )
    return replace(mail, brief=brief, whole="text" not in parts)


def _tasks(key: str, mail: DigestMail | BriefMail) -> tuple[str, ...]:
    """Return the tasks of the pages that a message leads to first."""
    kind, _, name = key.partition("-")
    if not isinstance(mail, DigestMail):
        return (f"brief {name}",)
    cards = (mail.lead.card, *(card for section in mail.sections for card in section.cards))
    own = (card.url for card in cards if card.url.startswith("/briefs/"))
    briefs = (f"brief {url.strip('/').rpartition('/')[2]}" for url in own)
    return (*([f"digest {name}"] if kind == "digest" else []), *briefs)


def _no_brief(site: OpenSite, slug: str) -> str:
    """Return why there is no such brief to send."""
    if slug in site.site.unpublished:
        return f"`{slug}` is not published, so it cannot be sent; publish it first"
    if slug in site.site.withdrawn:
        return f"`{slug}` is withdrawn, so it cannot be sent"
    known = [task.removeprefix("brief ") for task in site.tasks if task.startswith("brief ")]
    hint = did_you_mean(slug, known)
    return f"no published brief is called `{slug}`{f'; {hint}' if hint else ''}"
