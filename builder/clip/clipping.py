"""Turns one page into a draft, or into sources of a brief that exists."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from builder.clip.amounts import find_amounts
from builder.clip.chain import Chain, chain_of
from builder.clip.decode import ClipError, decode_page
from builder.clip.draft import BriefDraft, draft_text
from builder.clip.earlier import find_earlier
from builder.clip.facts import NOTHING_GIVEN, Facts, Given, clean_address, facts_of, language_tag
from builder.clip.isolation import read_apart
from builder.clip.known import SiteKnowledge, read_known
from builder.clip.lost_names import LostName, find_lost_names, with_lost_names
from builder.clip.mentions import Mentioned, find_mentioned, find_topics
from builder.clip.origins import origins_of
from builder.clip.plain import plain_line
from builder.clip.reading import Reading
from builder.clip.statements import find_answers, find_quotations
from builder.clips import FOLDER, Clip, clip_name, write_clip
from builder.content.fields import check_slug
from builder.content.time_fields import read_moment
from builder.content.urls import same_address
from builder.diagnostics.misread import Misread
from builder.editing.new import mint_id
from builder.editing.transaction import replace_files
from builder.names.keys import SlugStyle, shorten_slug, slug_of_name, slugify

_FEWEST = 30  # words of an article
_MOST_COMPANIES, _MOST_PEOPLE = 8, 8
ReadPage = Callable[[str], Reading]


class SavedPage(NamedTuple):
    """A page to clip: its bytes, and what is known of where they come from."""

    data: bytes
    charset: str = ""  # of a server's header
    address: str = ""  # at which it was read


class Examined(NamedTuple):
    """What a page says, and what the site knows of it."""

    reading: Reading
    facts: Facts
    lost: tuple[LostName, ...]
    keywords: tuple[str, ...]
    chain: Chain
    clip: Clip
    warnings: tuple[str, ...]


class Clipping(NamedTuple):
    """What was made of a page: the file, its text, and what to tell the editor."""

    path: str
    text: str
    draft: BriefDraft
    clip: Clip
    address: str  # digest
    words: int
    warnings: tuple[str, ...]


def clip_page(
    root: Path,
    page: SavedPage,
    now: datetime,
    given: Given = NOTHING_GIVEN,
    slug: str = "",
    read: ReadPage = read_apart,
    known: SiteKnowledge | None = None,
    again: bool = False,
) -> Clipping:
    """Return the draft that a page becomes, without writing anything.

    Raises ClipError if the page has no article, or is a source of a draft already, unless
    `again`."""
    known = known or read_known(root, now)
    seen = examine(page, known, given, now, read)
    draft = _draft(seen, known, now)
    address = same_address(seen.facts.address)
    draft = draft._replace(kept=f"{FOLDER}/{clip_name(address, seen.clip)}")
    path = _path(root, draft, slug, again, known.settings.slug_style)
    text = draft_text(draft, mint_id(), now.astimezone(known.zone))
    return Clipping(path, text, draft, seen.clip, address, seen.reading.words, seen.warnings)


def examine(
    page: SavedPage, known: SiteKnowledge, given: Given, now: datetime, read: ReadPage
) -> Examined:
    """Return what a page says; raise ClipError if it has no article."""
    _check_given(given)
    decoded = decode_page(page.data, page.charset)
    reading = read(decoded.html)
    address = given.address or page.address or clean_address(decoded.address)
    facts = facts_of(reading, known, given._replace(address=address), now)
    warnings = _check_article(reading, facts)
    title, lang, keywords = facts.title.value, facts.lang.value, _keywords(reading)
    elsewhere = (facts.address, facts.canonical, *keywords, *_addresses(reading))
    lost = find_lost_names(known.companies, (title, *reading.paragraphs), lang, elsewhere)
    chain = chain_of(reading, facts, origins_of(reading, facts, known), lost, known.copied_from)
    clip = Clip(
        url=facts.address,
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        text=reading.text,
        page=hashlib.sha256(page.data).hexdigest(),
        lang=lang,
        title=title,
    )
    return Examined(reading, facts, tuple(lost), keywords, chain, clip, warnings)


def write_clipping(root: Path, clipping: Clipping) -> Path:
    """Write a draft and its page's text; return its path."""
    write_clip(root, clipping.address, clipping.clip)
    replace_files(root, {clipping.path: (None, clipping.text.encode())})
    return root / clipping.path


def _check_given(given: Given) -> None:
    if given.lang and not language_tag(given.lang):
        raise ClipError(f"`{given.lang}` is not a language: write a tag such as en, nl or vi")
    if given.published:
        try:
            read_moment(given.published, UTC)
        except Misread as misread:
            raise ClipError(f"--published: {misread.message}; {misread.hint}") from None
    if given.address and not clean_address(given.address):
        raise ClipError(f"`{given.address}` is not a web address: copy it from the browser")


def _check_article(reading: Reading, facts: Facts) -> tuple[str, ...]:
    """Return what the editor must know of the text; raise ClipError if there is none."""
    is_article = bool(reading.linked) or reading.markup.meta("og:type") == "article"
    if not reading.words and not is_article:
        raise ClipError("no article found: the page has no text of one")
    if reading.words < _FEWEST and not (is_article and facts.title.value):
        raise ClipError(
            f"no article found: the page has {reading.words} words of text; if it needs a browser,"
            " open it there and save it as HTML"
        )
    found = []
    if not facts.is_free or reading.words < _FEWEST:
        found.append(
            f"only {reading.words} words were readable"
            if reading.words < _FEWEST
            else "the page says that it is for subscribers, so the text may be cut off"
        )
        found[-1] += "; log in and save the page, or use the bookmarklet"
    if reading.is_broken:
        found.append("its JSON-LD is broken; what could be read of it was used")
    return tuple(found)


def _draft(seen: Examined, known: SiteKnowledge, now: datetime) -> BriefDraft:
    reading, facts, lost = seen.reading, seen.facts, seen.lost
    lang, title, paragraphs = facts.lang.value, facts.title.value, reading.paragraphs
    called = with_lost_names(known, lost)
    companies = find_mentioned(known.companies, title, paragraphs, lang)
    listed, once = _listed(companies, [one.name.name for one in lost])
    people = find_mentioned(known.people, title, paragraphs, lang)
    return BriefDraft(
        facts=facts,
        chain=seen.chain,
        companies=listed,
        named_once=once,
        people=tuple(one.name.name for one in people[:_MOST_PEOPLE]),
        topics=tuple(find_topics(known, title, reading.text, seen.keywords)),
        lost=lost,
        amounts=tuple(find_amounts(title, paragraphs, lang, called, next(iter(listed), ""))),
        quotations=tuple(find_quotations(paragraphs, lang, called)),
        answers=tuple(find_answers(paragraphs, lang, called)),
        earlier=tuple(find_earlier(known, seen.chain, listed, _moment(facts, now))),
        sections=tuple(str(one.slug) for one in known.settings.sections),
        lang=lang if lang != known.settings.language.partition("-")[0] else "",
        kept="",
    )


def _keywords(reading: Reading) -> tuple[str, ...]:
    """Return the keywords of a page: of its meta elements and its JSON-LD."""
    meta = reading.markup.meta("news_keywords", "keywords", "parsely-tags")
    tags = [content for key, content in reading.markup.metas if key == "article:tag"]
    words = [word.strip() for one in (meta, *tags) for word in one.split(",") if word.strip()]
    return (*words, *(reading.linked.keywords if reading.linked else ()))


def _addresses(reading: Reading) -> tuple[str, ...]:
    """Return the addresses of other versions of the page, whose names nobody translated."""
    return tuple(link.href for link in reading.markup.links if link.lang)[:20]


def _listed(companies: list[Mentioned], lost: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the companies of the story, and those that it only mentions."""
    main = [one.name.name for one in companies if one.in_title or one.times > 1]
    main = [*dict.fromkeys((*main[:1], *lost, *main[1:]))] if main else [*dict.fromkeys(lost)]
    main = main or [one.name.name for one in companies[:1]]
    kept = main[:_MOST_COMPANIES]
    rest = [one.name.name for one in companies if one.name.name not in kept]
    return tuple(kept), tuple(rest)


def _moment(facts: Facts, now: datetime) -> datetime:
    when = facts.published
    if when is None:
        return now
    return when.at or datetime.fromisoformat(when.day).replace(tzinfo=UTC)


def _path(root: Path, draft: BriefDraft, slug: str, may_repeat: bool, style: SlugStyle) -> str:
    """Return the path of the new file."""
    again = next((one for one in draft.earlier if one.has_page and one.status == "draft"), None)
    if again and not slug and not may_repeat:
        raise ClipError(
            f"this page is already a source of the draft {again.path}; for a second draft, choose"
            " another --slug"
        )
    try:
        stem = check_slug(slug or _slug(draft, style), style)
    except Misread as misread:
        raise ClipError(f"{misread.message}; set the address with --slug") from None
    path = f"content/briefs/{stem}.md"
    if not os.path.lexists(root / path):
        return path
    if slug:
        raise ClipError(f"{path} already exists; choose another --slug")
    return _free(root, stem, draft)


def _slug(draft: BriefDraft, style: SlugStyle) -> str:
    """Return an address by the companies of the story, or by the headline of the page."""
    names = [slug_of_name(name, style) for name in draft.companies[:3]]
    found = "-".join(dict.fromkeys(names)) if len(names) > 1 else ""
    title = _cut(slugify(plain_line(draft.facts.title.value), style), 60)
    found = found or title or (names[0] if names else draft.chain.page.id)
    return _cut(re.sub(r"-+", "-", found), 80)


def _cut(slug: str, most: int) -> str:
    return slug[:most].strip("-") if slug.isascii() else shorten_slug(slug, most)


def _free(root: Path, stem: str, draft: BriefDraft) -> str:
    when = draft.facts.published
    base = f"{stem}-{when.day}" if when else stem
    for name in (base, *(f"{base}-{n}" for n in range(2, 100))):
        if not os.path.lexists(root / f"content/briefs/{name}.md"):
            return f"content/briefs/{name}.md"
    raise ClipError(f"content/briefs/{stem}.md already exists; choose another --slug")
