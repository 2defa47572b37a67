"""Every kind of fact about a site that planning reads.

A fact is declared once: its kind, its description, and how it is read. Its digest differs whenever
its value does; by default, it is that of the encoded value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from msgspec.structs import replace

from builder.appearance.look import Look
from builder.content.media import MediaFile
from builder.content.record import encode
from builder.language.catalogs import digest_words
from builder.language.words import Words
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.evidence import EvidenceCount
from builder.ledger.provenance import SharedReport
from builder.model.body import Body, ReferenceKind
from builder.model.entity import Company, Digest, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.period import FiscalYear
from builder.model.record import Record
from builder.model.replies import Reactions
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.site.fact import Fact, hash_of, split_block, split_key
from builder.site.followed import followed
from builder.site.fronts import Fronts, digest_fronts
from builder.site.history_facts import HISTORIES, HISTORY
from builder.site.indexes import FactSource
from builder.site.known_facts import CHANGED, CHANGES, NEWS
from builder.site.ledger_facts import (
    BRIEF_EVENTS,
    BRIEF_FIGURES,
    BRIEF_RELATIONS,
    COMPANY_EVENTS,
    COMPANY_FIGURES,
    COMPANY_RELATIONS,
    EVENTS,
    EXPECTATION_FACTS,
    FIGURES,
    RELATIONS,
    RELATIONS_AMONG,
    STANDING,
    TRACKED,
)
from builder.site.lists import Slice, index_pages
from builder.site.profiles import PROFILE
from builder.site.public_names import PublicName, languages_of, plain_pages, public_names
from builder.site.references import Referent, resolve
from builder.site.related import Neighbours
from builder.site.resolve import publisher_link
from builder.site.searched import Searched, documents_of, searched
from builder.site.site import Entry, Redirect
from builder.site.stories import StoryLinks


class Front(NamedTuple):
    """A brief's front matter as written, and as the site orders it."""

    outline: Outline
    entry: Entry


_NO_BODY = Body()
_NO_STORY = StoryLinks((), (), "")


def _face(records: Mapping[str, Record], slug: str) -> bytes:
    """Return a digest of a record without its text, another fact."""
    record = records.get(slug)
    return hash_of(encode(replace(record, body=_NO_BODY, places={}))) if record else b""


def _entries(s: FactSource, entries: Iterable[Entry]) -> bytes:
    marks = s.lists.marks
    return hash_of(b"".join([marks[entry.slug] for entry in entries]))


def _hash_settings(s: FactSource, key: str) -> bytes:
    settings = replace(s.lists.settings, deploy={}, checks=(), messages={})  # no page shows them
    return hash_of(encode((settings, s.lists.look)))


def _hash_front(s: FactSource, slug: str) -> bytes:
    outline = s.site.outlines.get(slug)
    return s.site.content.front(outline.path) + s.lists.marks[slug] if outline else b""


def _text(s: FactSource, path: str) -> bytes:
    return s.site.content.text(path) if path in s.site.content.heads else b""


def _length(s: FactSource, path: str) -> tuple[int, int]:
    return s.site.content.length(path) if path in s.site.content.heads else (0, 0)


def _places(s: FactSource, path: str) -> bytes:
    return s.site.content.where(path) if path in s.site.content.heads else b""


def _reference(s: FactSource, key: str) -> Referent:
    kind, target = split_key(key)
    return resolve(s.site, cast(ReferenceKind, kind), target)


def _hash_media(s: FactSource, name: str) -> bytes:
    file = s.site.media.get(name)
    parts = (file.url, file.width, file.height, file.form, file.entry) if file else None
    return hash_of(encode(parts))


def _covering(s: FactSource, key: str) -> Sequence[Entry]:
    field, slug = split_key(key)
    return s.lists.covering[field].get(slug, ())


def _newest(s: FactSource, key: str) -> Sequence[Entry]:
    return _covering(s, key)[: s.lists.settings.feed_items]


def _slice(s: FactSource, key: str) -> Slice[Entry]:
    url, number = split_key(key)
    return s.lists.slices[url][int(number)]


def _hash_slice(s: FactSource, key: str) -> bytes:
    url, number = split_key(key)
    slices = s.lists.slices.get(url, [])
    if int(number) >= len(slices):
        return b""
    found = slices[int(number)]
    return hash_of(f"{found.url} {found.newer} {found.older}".encode() + _entries(s, found.items))


def _hash_correction_page(s: FactSource, number: str) -> bytes:
    pages = s.lists.correction_pages
    return hash_of(encode(pages[int(number)])) if int(number) < len(pages) else b""


def _around(s: FactSource, slug: str) -> tuple[Neighbours, StoryLinks]:
    return s.lists.around[slug], s.lists.story_links.get(slug, _NO_STORY)


def _hash_around(s: FactSource, slug: str) -> bytes:
    found = s.lists.around.get(slug)
    return hash_of(encode((found, s.lists.story_links.get(slug)))) if found else b""


def _shard(s: FactSource, key: str) -> bytes:
    year, number = split_key(key)
    return s.lists.search.shard(year, int(number)) if s.lists.search else b""


def _hash_shard(s: FactSource, key: str) -> bytes:
    year, number = split_key(key)
    return s.lists.search.digest(year, int(number)) if s.lists.search else b""


def _hash_counts(s: FactSource, field: str) -> bytes:
    return hash_of(encode(sorted((slug, *row) for slug, row in s.counts(field).items())))


SETTINGS: Fact[tuple[Settings, Look]] = Fact(
    "settings",
    "site.yaml, style sheet and icon",
    lambda s, _: (s.lists.settings, s.lists.look),
    _hash_settings,
)
FRONT: Fact[Front] = Fact(
    "front",
    "front matter of {}",
    lambda s, slug: Front(s.site.outlines[slug], s.site.entries[slug]),
    _hash_front,
    of_brief=True,
)
# Its value is a digest: the text itself is in the record.
TEXT: Fact[bytes] = Fact("text", "text of {}", _text, _text)
# Tells how long a feed item with the text is, without reading the text.
LENGTH: Fact[tuple[int, int]] = Fact("length", "length of {}", _length)
PLACES: Fact[bytes] = Fact("places", "line numbers of {}", _places, _places)
COMPANY: Fact[Company | None] = Fact(
    "company",
    "company {}",
    lambda s, slug: s.site.companies.get(slug),
    lambda s, slug: _face(s.site.companies, slug),
)
TOPIC: Fact[Topic] = Fact(
    "topic",
    "topic {}",
    lambda s, slug: s.site.topics[slug],
    lambda s, slug: _face(s.site.topics, slug),
)
THREAD: Fact[Thread] = Fact(
    "thread",
    "thread {}",
    lambda s, slug: s.site.threads[slug],
    lambda s, slug: _face(s.site.threads, slug),
)
PERSON: Fact[Person | None] = Fact(
    "person",
    "person {}",
    lambda s, slug: s.site.people.get(slug),
    lambda s, slug: _face(s.site.people, slug),
)
PUBLISHER: Fact[Publisher] = Fact(
    "imprint",
    "publisher {}",
    lambda s, slug: s.site.publisher_pages[slug],
    lambda s, slug: _face(s.site.publisher_pages, slug),
)
# An unpublished record, which no page may show.
WAITING: Fact[Record | None] = Fact(
    "waiting",
    "unpublished record {}",
    lambda s, path: s.site.waiting.get(path),
    lambda s, path: _face(s.site.waiting, path),
)
PLAIN_PAGE: Fact[PlainPage] = Fact(
    "page",
    "page {}",
    lambda s, slug: s.site.pages[slug],
    lambda s, slug: _face(s.site.pages, slug),
)
DIGEST_TEXT: Fact[Digest | None] = Fact(
    "words",
    "editor's text on the week {}",
    lambda s, week: s.site.digests.get(week),
    lambda s, week: _face(s.site.digests, week),
)
COMPANIES: Fact[tuple[str, ...]] = Fact(
    "companies", "list of companies", lambda s, _: (*s.site.companies,)
)
TOPICS: Fact[tuple[str, ...]] = Fact("topics", "list of topics", lambda s, _: (*s.site.topics,))
THREADS: Fact[tuple[str, ...]] = Fact("threads", "list of threads", lambda s, _: (*s.site.threads,))
PEOPLE: Fact[tuple[str, ...]] = Fact("people", "list of people", lambda s, _: (*s.site.people,))
PUBLISHERS: Fact[tuple[str, ...]] = Fact(
    "imprints", "list of publishers", lambda s, _: (*s.site.publisher_pages,)
)
PERSON_NAME: Fact[str] = Fact(
    "called", "name of the person {}", lambda s, slug: s.site.names.person_name(slug)
)
CHILDREN: Fact[tuple[str, ...]] = Fact(
    "children", "companies that {} owns", lambda s, slug: s.lists.children.get(slug, ())
)
FORMER: Fact[tuple[str, ...]] = Fact(
    "former", "redirects to {}", lambda s, url: s.lists.former.get(url, ())
)
TRANSLATIONS: Fact[tuple[str, ...]] = Fact(
    "translations",
    "translations of {}",
    lambda s, slug: s.lists.translations.get(slug, ()),
    listed=True,
    of_brief=True,
)
REDIRECTS: Fact[tuple[Redirect, ...]] = Fact(
    "redirects", "all redirects", lambda s, _: (*s.site.redirects,)
)
POLICY: Fact[str] = Fact(
    "policy", "scripts and style sheets in templates", lambda s, _: s.lists.policy
)
MEANING: Fact[str] = Fact(
    "means", "meaning of {}", lambda s, key: s.site.names.meaning(*split_key(key))
)
PUBLISHER_NAME: Fact[str] = Fact(
    "publisher",
    "printed name of the publisher `{}`",
    lambda s, name: s.site.names.publisher_name(name),
)
PUBLISHER_LINK: Fact[tuple[str, str]] = Fact(
    "published",
    "page of the publisher `{}`",
    lambda s, name: publisher_link(s.site, name),
)
SHARED: Fact[tuple[SharedReport, ...]] = Fact(
    "shared",
    "earlier briefs with the sources of {}",
    lambda s, slug: s.lists.shared.get(slug, ()),
    listed=True,
    of_brief=True,
)
FRONTS: Fact[Fronts] = Fact(
    "fronts",
    "front matter of all records",
    lambda s, _: Fronts(s.site),
    lambda s, _: digest_fronts(s.site, s.lists.digest),
    texts=True,
)
EVIDENCE: Fact[EvidenceCount] = Fact(
    "evidence", "count of evidence", lambda s, _: s.site.evidence.published
)
CORRECTIONS: Fact[tuple[CorrectionRecord, ...]] = Fact(
    "corrections", "all corrections", lambda s, _: (*s.site.corrections,)
)
CORRECTION_PAGE: Fact[Slice[CorrectionRecord]] = Fact(
    "corrected",
    "corrections on page {} of their ledger",
    lambda s, number: s.lists.correction_pages[int(number)],
    _hash_correction_page,
)
WEEK_CORRECTIONS: Fact[tuple[CorrectionRecord, ...]] = Fact(
    "amended",
    "corrections of the week {}",
    lambda s, week: s.corrections.get(week, ()),
)
COMPANY_NAMES: Fact[tuple[str, ...]] = Fact(
    "names", "names of the company `{}`", lambda s, name: s.site.names.company_names(name)
)
FISCAL_YEAR: Fact[FiscalYear | None] = Fact(
    "fiscal", "fiscal year of the company `{}`", lambda s, name: s.site.names.fiscal_year(name)
)
KEPT_NAMES: Fact[tuple[str, ...]] = Fact(
    "kept",
    "names of the company `{}` that translations keep",
    lambda s, name: s.site.names.kept_names(name),
)
MEDIA: Fact[MediaFile | None] = Fact(
    "media", "content/media/{}", lambda s, name: s.site.media.get(name), _hash_media
)
INDEX_PAGES: Fact[tuple[str, ...]] = Fact(
    "indexes", "the kinds of page that the site has", lambda s, _: index_pages(s.site, s.lists)
)
FOLLOWED: Fact[tuple[str, ...]] = Fact(
    "followed", "feeds of {}", lambda s, group: followed(s.site, s.lists, group)
)
PUBLIC_NAMES: Fact[tuple[PublicName, ...]] = Fact(
    "found", "names of companies, people, topics, threads and publishers",
    lambda s, _: public_names(s.site),
)  # fmt: skip
LANGUAGES: Fact[tuple[str, ...]] = Fact(
    "languages", "languages of the briefs", lambda s, _: languages_of(s.site)
)
# A part of the search index: the year, and the number of the shard.
SHARD: Fact[bytes] = Fact("shard", "search index, part {}", _shard, _hash_shard)
SEARCHED: Fact[Searched] = Fact(
    "searched", "years and languages of briefs", lambda s, _: searched(s.site, s.lists)
)
DOCUMENTS: Fact[tuple[str, ...]] = Fact(
    "documents",
    "briefs in the block {} of search results",
    lambda s, key: documents_of(s.lists, *split_block(key)),
    listed=True,
)
RECENT: Fact[tuple[str, ...]] = Fact("recent", "news of two days", lambda s, _: s.site.recent)
PLAIN_PAGES: Fact[tuple[tuple[str, str], ...]] = Fact(
    "pages", "titles of the plain pages", lambda s, _: plain_pages(s.site)
)
ABSENT: Fact[bool] = Fact(
    "absent", "publication of {}", lambda s, url: url in s.site.absent, listed=True
)
REFERENCE: Fact[Referent] = Fact("reference", "target of the reference `{}`", _reference)
COVERING: Fact[Sequence[Entry]] = Fact(
    "cover",
    "briefs by {}",
    _covering,
    lambda s, key: _entries(s, _covering(s, key)),
    listed=True,
)
NEWEST: Fact[Sequence[Entry]] = Fact(
    "newest",
    "newest briefs by {}",
    _newest,
    lambda s, key: _entries(s, _newest(s, key)),
    listed=True,
)
SLICE: Fact[Slice[Entry]] = Fact("slice", "briefs on the list {}", _slice, _hash_slice, listed=True)
AROUND: Fact[tuple[Neighbours, StoryLinks]] = Fact(
    "around",
    "briefs before, after and related to {}",
    _around,
    _hash_around,
    listed=True,
    of_brief=True,
)
SAME_AUTHOR: Fact[tuple[str, ...]] = Fact(
    "byline",
    "earlier briefs by the authors of {}",
    lambda s, slug: s.by_same_author(slug),
    listed=True,
    of_brief=True,
)
MESSAGES: Fact[Words] = Fact(
    "messages",
    "words of the interface in {}",
    lambda s, language: s.site.content.messages.words(language),
    lambda s, language: digest_words(s.site.content.messages.words(language)),
)
REACTIONS: Fact[Reactions | None] = Fact(
    "reactions", "reactions to {}", lambda s, slug: s.site.content.replies.get(slug), of_brief=True
)
CARDED: Fact[bool] = Fact(
    "carded",
    "share card of {}",
    lambda s, key: key in s.lists.carded,
    lambda s, key: b"1" if key in s.lists.carded else b"",
    listed=True,
)
COUNTS: Fact[Mapping[str, tuple[int, Moment]]] = Fact(
    "counts",
    "numbers of briefs by {}",
    lambda s, field: s.counts(field),
    _hash_counts,
    listed=True,
)
EDITION: Fact[str] = Fact(
    "edition", "address of the edition", lambda s, _: s.lists.settings.edition
)
# The address of a page in another edition, or of the nearest list, and whether it is the same page.
PEER: Fact[tuple[str, bool]] = Fact(
    "peer", "the edition {}", lambda s, key: s.lists.nearest(*split_key(key)), listed=True
)

# Every kind of fact.
FACTS: tuple[Fact[object], ...] = cast(
    "tuple[Fact[object], ...]",
    (
        SETTINGS, FRONT, FRONTS, TEXT, LENGTH, PLACES, COMPANY, TOPIC, THREAD, PERSON, PUBLISHER,
        PROFILE, PLAIN_PAGE, WAITING, DIGEST_TEXT, COMPANIES, TOPICS, THREADS, PEOPLE, PUBLISHERS,
        PERSON_NAME, CHILDREN, FORMER, TRANSLATIONS, REDIRECTS, POLICY, MEANING, PUBLISHER_NAME,
        PUBLISHER_LINK, SHARED, EVIDENCE, CORRECTIONS, CORRECTION_PAGE, WEEK_CORRECTIONS,
        COMPANY_NAMES, FISCAL_YEAR, KEPT_NAMES, MEDIA, ABSENT, REFERENCE, COVERING, NEWEST, SLICE,
        AROUND, SAME_AUTHOR, COUNTS, CARDED, REACTIONS, HISTORY, HISTORIES,
        MESSAGES,
        COMPANY_FIGURES, BRIEF_FIGURES, FIGURES, COMPANY_RELATIONS, RELATIONS_AMONG,
        BRIEF_RELATIONS, RELATIONS, EVENTS, COMPANY_EVENTS, BRIEF_EVENTS, INDEX_PAGES, PLAIN_PAGES,
        *EXPECTATION_FACTS,
        FOLLOWED, PUBLIC_NAMES, LANGUAGES, SHARD, SEARCHED, DOCUMENTS, RECENT, PEER, EDITION,
        STANDING, TRACKED, CHANGES, CHANGED, NEWS,
    ),
)  # fmt: skip
BY_KIND = {fact.kind: fact for fact in FACTS}
