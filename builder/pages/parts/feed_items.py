"""The items of a feed: in full while its budget lasts, then as a standfirst and a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Annotated, NamedTuple
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from builder.content.record import bytes_in_json, encode
from builder.hosting.headers import type_of
from builder.model.record import Image
from builder.model.time import Moment
from builder.pages.corrections import CorrectionEntry
from builder.pages.page import Link
from builder.pages.parts.backing import brief_backing
from builder.pages.parts.corrections import CorrectionLine, correction_lines
from builder.pages.parts.events import event_texts
from builder.pages.parts.expectations import ExpectationLine, expected_texts, undated_steps
from builder.pages.parts.feed_addresses import tag
from builder.pages.parts.figures import FigureLine
from builder.pages.parts.pictures import picture_of
from builder.pages.parts.statements import Statements, brief_statements
from builder.pages.planner import Planner
from builder.patterns import pattern
from builder.site.site import Entry

NOTHING_SAID = Statements(known=(), claimed=(), quotes=(), responses=())
_MARKUP = 1000  # bytes of an item's markup, at most


class BriefLine(Struct, frozen=True, kw_only=True):
    """A brief in a digest."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "A one-sentence summary, if any."]
    lang: Annotated[str, "The language tag."]


class DigestItem(Struct, frozen=True, kw_only=True):
    """The parts of a digest in a feed, besides the introduction."""

    briefs: Annotated[
        tuple[BriefLine, ...], "The lead, then the other briefs, most important first."
    ]
    numbers: Annotated[tuple[FigureLine, ...], "Figures of the week."]
    corrections: Annotated[tuple[CorrectionEntry, ...], "The corrections made this week."]
    due: Annotated[
        tuple[ExpectationLine, ...], "What was expected by a date of the week, with the outcome."
    ]


class FeedPicture(Struct, frozen=True, kw_only=True):
    """The picture of a feed item."""

    url: Annotated[str, "The absolute address."]
    type: Annotated[str, "The media type, or empty if unknown."]
    alt: Annotated[str, "The alternative text."]
    caption: Annotated[str, "The caption, if any."]
    credit: Annotated[str, "The owner or photographer, if any."]
    origin: Annotated[str, "The credit line: `Picture: Reuters`, `Illustration`; may be empty."]
    width: Annotated[int, "The width in pixels, or 0 if unknown."]
    height: Annotated[int, "The height in pixels, or 0 if unknown."]
    length: Annotated[int, "The size of the file in bytes, or 0 if unknown."] = 0


class FeedItem(Struct, frozen=True, kw_only=True):
    """A feed item: a brief, a correction or a digest."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "The absolute address."]
    guid: Annotated[str, "The permanent identifier by which feed readers know it (RSS 2.0, guid)."]
    id: Annotated[str, "The same identifier as an IRI (RFC 4287, atom:id)."]
    permalink: Annotated[bool, "Whether the identifier is the item's address."] = False
    published: Annotated[Moment, "When it was published."]
    updated: Annotated[Moment | None, "When it was updated or corrected, if it was."] = None
    authors: Annotated[tuple[Link, ...], "The authors, with the addresses of pages about them."]
    lang: Annotated[str, "The language tag."]
    categories: Annotated[tuple[str, ...], "The section, companies and topics."]
    summary: Annotated[str, "A one-sentence summary, if any."]
    picture: Annotated[FeedPicture | None, "The picture at the top, if any."] = None
    whole: Annotated[
        bool, "Whether the item is complete. If not, only the fields above have values."
    ] = True
    why: Annotated[str, "Why it matters, if given."] = ""
    yes_but: Annotated[tuple[str, ...], "Points on the other side."] = ()
    whats_next: Annotated[tuple[str, ...], "What to watch."] = ()
    said: Annotated[Statements, "What others said: claims, quotations and responses."] = (
        NOTHING_SAID
    )
    sources: Annotated[tuple[Link, ...], "The sources."] = ()
    backing: Annotated[
        tuple[str, ...],
        "How many independent reports stand behind a brief, if there is more to say.",
    ] = ()
    corrections: Annotated[tuple[CorrectionLine, ...], "The corrections, oldest first."] = ()
    body: Annotated[str, "The full text: HTML made from Markdown."] = ""
    digest: Annotated[DigestItem | None, "The other parts of a digest, if this is one."] = None


class Candidate(NamedTuple):
    """An item to choose a form for: short, or whole if it fits.

    `size` returns the bytes of the whole item without loading its text."""

    short: FeedItem
    size: Callable[[], int]
    whole: Callable[[], FeedItem]


def choose_items(kilobytes: int, candidates: Iterable[Candidate]) -> tuple[FeedItem, ...]:
    """Return items, newest first, whole while the budget lasts.

    Once an item does not fit, it and all older ones are short, so nothing about their texts is
    read."""
    found = [*candidates]
    shorts = [_bytes_of(candidate.short) for candidate in found]
    room = kilobytes * 1024 - sum(shorts)
    items = [candidate.short for candidate in found]
    for n, (candidate, short) in enumerate(zip(found, shorts, strict=True)):
        room -= candidate.size() - short
        if room < 0:
            break
        items[n] = candidate.whole()
    return tuple(items)


def of_item(plan: Planner, item: FeedItem) -> Candidate:
    """Return the candidate for an item that exists already."""
    escapes = bytes_in_json(item.body) - len(item.body.encode())
    size = _bytes_of(item) + escapes + item.body.count('="/') * len(plan.settings.base_url)
    short = replace(
        item, whole=False, why="", yes_but=(), whats_next=(), said=NOTHING_SAID, sources=(),
        backing=(), corrections=(), body="", digest=None,
    )  # fmt: skip
    return Candidate(short, lambda: size, lambda: item)


def of_brief(plan: Planner, entry: Entry) -> Candidate:
    """Return the candidate for a brief."""
    view, slug = plan.view, entry.slug
    short = view.once(f"short item {slug}", lambda: _short(plan, entry))
    return Candidate(
        short,
        lambda: view.length(slug) + _MARKUP,
        lambda: view.once(f"item {slug}", lambda: _whole(plan, slug, short), _characters),
    )


def _bytes_of(item: FeedItem) -> int:
    """Return about how many bytes an item has in a feed.

    A standfirst and a picture are in it twice."""
    return len(encode(item)) + len(item.summary.encode()) + _MARKUP


def _characters(item: FeedItem) -> int:
    return len(item.body) + 2000


def _short(plan: Planner, entry: Entry) -> FeedItem:
    outline = plan.view.outline(entry.slug)
    section, base = plan.section(entry.section), plan.settings.base_url
    known = {str(author.slug): author for author in plan.settings.authors}
    return FeedItem(
        title=outline.title,
        url=plan.absolute(entry.url),
        guid=outline.identity,
        id=entry_id(plan, outline.identity),
        permalink=outline.identity == plan.absolute(entry.url),
        published=outline.date,
        updated=entry.updated,
        authors=tuple(
            Link(known[slug].name, f"{base}{page}" if (page := known[slug].page) else "")
            for slug in entry.authors
        )
        or (Link(plan.info.publisher, ""),),
        lang=outline.lang or plan.language,
        categories=(
            *((section.name,) if section else ()),
            *(plan.company(slug).name for slug in entry.companies),
            *(plan.topic(slug).name for slug in entry.topics),
        ),
        summary=outline.summary,
        picture=feed_picture(plan, entry.slug, outline.image, outline.lang or plan.language),
        whole=False,
    )


_IRI = re.compile(r"(?:https?|ftp)://[^\s<>\"{}|\\^`/]+\S*|(?:urn|tag|uuid):[^\s<>\"{}|\\^`]+")


def entry_id(plan: Planner, guid: str) -> str:
    """Return the identifier of an item as an IRI.

    That is itself, if it is one, or a tag URI."""
    return guid if _IRI.fullmatch(guid) else tag(plan.settings, quote(guid, safe=_IN_TAGS))


_IN_TAGS = "-._~!$&'()*+,;=:@/?"  # besides letters and digits (RFC 4151, 2.1)
_FRAGMENT = pattern(r'(href=")(#[^"]*")')


def with_page(html: str, url: str) -> str:
    """Return text whose links to its own anchors lead to its page.

    A feed item has no anchors."""
    if 'href="#' not in html:
        return html
    return _FRAGMENT.sub(lambda match: f"{match[1]}{url}{match[2]}", html)


def _whole(plan: Planner, slug: str, short: FeedItem) -> FeedItem:
    brief = plan.brief(slug)
    lang = brief.lang or plan.language
    return replace(
        short,
        whole=True,
        why=brief.why,
        yes_but=tuple(brief.yes_but),
        whats_next=(
            *event_texts(plan, brief, lang),
            *expected_texts(plan, brief, lang),
            *undated_steps(brief),
        ),
        said=brief_statements(plan, brief),
        sources=tuple(Link(s.publisher, s.url) for s in brief.sources),
        backing=behind.sentences if (behind := brief_backing(plan, brief, lang)) else (),
        corrections=correction_lines(brief),
        body=with_page(brief.body.html, short.url),
    )


def feed_picture(
    plan: Planner, slug: str, image: Image | None, language: str
) -> FeedPicture | None:
    """Return a record's picture with its absolute address."""
    picture = picture_of(plan, slug, image, language)
    if picture is None or not picture.url:
        return None
    file = plan.view.media(image.file) if image and picture.url.startswith("/media/") else None
    return FeedPicture(
        url=plan.absolute(picture.url),
        type=media_type if (media_type := type_of(picture.url)).startswith("image/") else "",
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        origin=picture.origin,
        width=picture.width,
        height=picture.height,
        # That of a smaller variant is known only once it is made.
        length=file.entry.size if file and file.entry and file.url == picture.url else 0,
    )
