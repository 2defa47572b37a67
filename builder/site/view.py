"""The facts of a site that planning reads; a task depends on each fact that it reads.

A task (one or a few pages) sees nothing of the site but facts, and the names of those that it read
are its trace. If no fact in its trace has changed, the task would make the same pages again. The
dependencies of a page are thus found, not declared ("verifying traces": Mokhov, Mitchell and Peyton
Jones, Build Systems a la Carte, 2018)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from builder.appearance.look import Look
from builder.content.histories import HistoryFile
from builder.content.media import MediaFile
from builder.diagnostics.cap import capped
from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.language.words import Words
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.evidence import EvidenceCount
from builder.ledger.provenance import SharedReport
from builder.model.body import Body, ReferenceKind
from builder.model.brief import Brief
from builder.model.entity import (
    Company,
    Digest,
    Person,
    PlainPage,
    Profile,
    Publisher,
    Thread,
    Topic,
)
from builder.model.outline import Outline
from builder.model.period import FiscalYear
from builder.model.record import Record, Unread
from builder.model.replies import Reactions
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.model.values import Slug
from builder.search.segments import SearchText
from builder.site import facts as f
from builder.site.fact import Fact
from builder.site.fronts import Fronts
from builder.site.history_facts import HISTORY
from builder.site.indexes import FactSource
from builder.site.ledger_view import LedgerView
from builder.site.lists import Lists, Slice
from builder.site.page_record import RecordLinks
from builder.site.profiles import PROFILE, Profiled, folder_of, profile_key
from builder.site.public_names import PublicName
from builder.site.references import Referent
from builder.site.related import Neighbours
from builder.site.searched import Searched
from builder.site.shared_values import SharedValue, SharedValues
from builder.site.site import Entry, Redirect, Site
from builder.site.stories import StoryLinks

Made = TypeVar("Made")
Value = TypeVar("Value")


class View(LedgerView):
    """The facts of a site, read by one task after another."""

    def __init__(self, site: Site, lists: Lists, edition: str = "") -> None:
        self._site, self._source = site, FactSource(site, lists)
        self._prefix = f"{edition}:" if edition else ""  # of the kinds of its facts
        self._publishers: dict[str, tuple[str, str]] = {}
        self._settings, self._look = f.SETTINGS.read(self._source, "")
        # The name of the fact that tasks read most often.
        self._name_of_settings = f"{self._prefix}{f.SETTINGS.kind} "
        self._trace: dict[str, None] = {}
        self._shared = SharedValues()
        self.problems: list[Diagnostic] = []
        self.links: list[RecordLinks] = []

    def begin(self) -> None:
        """Begin the trace of another task.

        A page of an edition depends on where the edition begins."""
        self._trace, self.problems, self.links = {}, [], []
        if self._prefix:
            self.read(f.EDITION)

    def trace(self) -> tuple[str, ...]:
        """Return the facts read since the task began."""
        return tuple(self._trace)

    def read(self, fact: Fact[Value], key: str = "") -> Value:
        """Return the value of a fact, and add it to the trace."""
        self._trace[f"{self._prefix}{fact.kind} {key}"] = None
        return fact.read(self._source, key)

    def once(
        self, key: str, make: Callable[[], Made], size: Callable[[Made], int] | None = None
    ) -> Made:
        """Return a value that tasks share, and add its trace to theirs.

        Values with a `size` (in characters) are evicted when the cache is full, the least recently
        used first."""
        found = self._shared.get(key)
        if found is None:
            before, self._trace = self._trace, {}
            found = SharedValue(make(), self._trace)
            self._trace = before
            self._shared.put(key, found, size)
        self._trace |= found.trace
        made: Made = found.value
        return made

    # --- facts ---------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        self._trace[self._name_of_settings] = None
        return self._settings

    @property
    def look(self) -> Look:
        self._trace[self._name_of_settings] = None
        return self._look

    def words(self, language: str) -> Words:
        """Return the words of the interface in a language."""
        return self.read(f.MESSAGES, language)

    def index_pages(self) -> tuple[str, ...]:
        """Return the addresses of the lists that have an entry."""
        return self.read(f.INDEX_PAGES)

    def plain_pages(self) -> tuple[tuple[str, str], ...]:
        """Return the titles and addresses of the plain pages."""
        return self.read(f.PLAIN_PAGES)

    def public_names(self) -> tuple[PublicName, ...]:
        """Return the names of all records with a page, by kind."""
        return self.read(f.PUBLIC_NAMES)

    def languages(self) -> tuple[str, ...]:
        """Return the language tags of the briefs; empty for the site's own."""
        return self.read(f.LANGUAGES)

    def shard(self, year: str, number: int) -> bytes:
        """Return a part of the search index as JSON."""
        return self.read(f.SHARD, f"{year} {number}")

    def searched(self) -> Searched:
        """Return what readers can search."""
        return self.read(f.SEARCHED)

    def documents(self, month: str, block: int) -> tuple[str, ...]:
        """Return the briefs in a block of search results."""
        return self.read(f.DOCUMENTS, f"{month} {block}")

    def search_text(self, slug: str) -> SearchText:
        """Return what of a brief can be found."""
        path = self.outline(slug).path
        self.read(f.TEXT, path)
        return self._site.content.search(path)

    def outline(self, slug: str) -> Outline:
        """Return a brief as written, without its text."""
        self._trace[f"{self._prefix}{f.FRONT.kind} {slug}"] = None
        return self._site.outlines[slug]

    def entry(self, slug: str) -> Entry:
        self._trace[f"{self._prefix}{f.FRONT.kind} {slug}"] = None
        return self._site.entries[slug]

    def fronts(self) -> Fronts:
        """Return the front matter of all records."""
        return self.read(f.FRONTS)

    def written(self, slug: str) -> Brief:
        """Return a whole brief as written."""
        path = self.outline(slug).path
        self.read(f.TEXT, path)
        brief = self._site.content.load(Brief, path)
        if brief.slug == slug:
            return brief
        # In a preview, a draft has another slug if its own is taken.
        message = f"`{brief.slug}` is taken by {self.outline(brief.slug).path}, so this address"
        message += " exists in the preview only; give this brief another `slug`"
        unread = (Unread("slug", message), *brief.unread)
        return replace(brief, slug=Slug(slug), unread=unread)

    def length(self, slug: str) -> int:
        """Return the approximate bytes of a brief, without loading it."""
        size, addresses = self.read(f.LENGTH, self.outline(slug).path)
        return size + addresses * len(self.settings.base_url)

    def body(self, record: Record) -> Body:
        """Return a record's text with its placeholders."""
        self.read(f.TEXT, record.path)
        return record.body

    def company(self, slug: str) -> Company:
        """Return a company; its text is another fact."""
        company = self.read(f.COMPANY, slug)
        if company is None:
            raise KeyError(slug)
        return company

    def has_company(self, slug: str) -> bool:
        """Return whether a company is published."""
        return self.read(f.COMPANY, slug) is not None

    def topic(self, slug: str) -> Topic:
        return self.read(f.TOPIC, slug)

    def thread(self, slug: str) -> Thread:
        return self.read(f.THREAD, slug)

    def person(self, slug: str) -> Person | None:
        """Return a person with a page."""
        return self.read(f.PERSON, slug)

    def called(self, slug: str) -> str:
        """Return the name of a person, even without a page."""
        return self.read(f.PERSON_NAME, slug)

    def profile(self, record: Profiled) -> Profile | None:
        """Return the profile of a record in the language of the edition."""
        key = profile_key(folder_of(record), record.slug, self.settings.language)
        return self.read(PROFILE, key)

    def page(self, slug: str) -> PlainPage:
        return self.read(f.PLAIN_PAGE, slug)

    def digest_text(self, week: str) -> Digest | None:
        """Return an editor's text on a week."""
        return self.read(f.DIGEST_TEXT, week)

    def companies(self) -> tuple[str, ...]:
        """Return the slugs of all companies, in the order of names."""
        return self.read(f.COMPANIES)

    def topics(self) -> tuple[str, ...]:
        return self.read(f.TOPICS)

    def threads(self) -> tuple[str, ...]:
        """Return the slugs of threads with a published brief."""
        return self.read(f.THREADS)

    def people(self) -> tuple[str, ...]:
        return self.read(f.PEOPLE)

    def publisher_page(self, slug: str) -> Publisher:
        """Return a publisher with a page."""
        return self.read(f.PUBLISHER, slug)

    def publisher_pages(self) -> tuple[str, ...]:
        return self.read(f.PUBLISHERS)

    def children(self, slug: str) -> tuple[str, ...]:
        """Return the companies that a company owns."""
        return self.read(f.CHILDREN, slug)

    def former(self, url: str) -> tuple[str, ...]:
        """Return the addresses that redirect to one."""
        return self.read(f.FORMER, url)

    def translations(self, slug: str) -> tuple[str, ...]:
        """Return a brief and its translations, or nothing if it has none."""
        return self.read(f.TRANSLATIONS, slug)

    def redirects(self) -> tuple[Redirect, ...]:
        return self.read(f.REDIRECTS)

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of every page, if a host reads it."""
        return self.read(f.POLICY)

    def meaning(self, field: str, name: str) -> str:
        """Return the slug that a name in a field means, or nothing."""
        return self.read(f.MEANING, f"{field} {name}")

    def publisher(self, name: str) -> str:
        return self.read(f.PUBLISHER_NAME, name)

    def publisher_link(self, name: str) -> tuple[str, str]:
        """Return a publisher's printed name, and its page's address, if any."""
        self._trace[f"{self._prefix}{f.PUBLISHER_LINK.kind} {name}"] = None
        found = self._publishers.get(name)
        if found is None:
            found = self._publishers[name] = f.PUBLISHER_LINK.read(self._source, name)
        return found

    def shared(self, slug: str) -> tuple[SharedReport, ...]:
        """Return, for each source of a brief, earlier briefs that cite it."""
        return self.read(f.SHARED, slug)

    def evidence(self) -> EvidenceCount:
        return self.read(f.EVIDENCE)

    def corrections(self) -> tuple[CorrectionRecord, ...]:
        """Return all corrections and withdrawals, the newest first."""
        return self.read(f.CORRECTIONS)

    def correction_page(self, number: int) -> Slice[CorrectionRecord]:
        """Return a page of the ledger of corrections, 0 for the first."""
        return self.read(f.CORRECTION_PAGE, str(number))

    def week_corrections(self, week: str) -> tuple[CorrectionRecord, ...]:
        """Return the corrections and withdrawals of a week, the newest first."""
        return self.read(f.WEEK_CORRECTIONS, week)

    def waiting(self, path: str) -> Record | None:
        """Return an unpublished record to check; no page may show it."""
        return self.read(f.WAITING, path)

    def kept_names(self, name: str) -> tuple[str, ...]:
        """Return every name of a company that translations keep, published or not."""
        return self.read(f.KEPT_NAMES, name)

    def company_names(self, name: str) -> tuple[str, ...]:
        """Return every name of a company, including those before mergers."""
        return self.read(f.COMPANY_NAMES, name)

    def fiscal_year(self, name: str) -> FiscalYear | None:
        """Return the fiscal year of a company, if known."""
        return self.read(f.FISCAL_YEAR, name)

    def media(self, name: str) -> MediaFile | None:
        return self.read(f.MEDIA, name)

    def absent(self, url: str) -> bool:
        """Return whether an address exists only once something is published."""
        return self.read(f.ABSENT, url)

    def reference(self, kind: ReferenceKind, target: str) -> Referent:
        return self.read(f.REFERENCE, f"{kind} {target}")

    def covering(self, field: str, slug: str) -> Sequence[Entry]:
        """Return the briefs with a slug in a field, the newest first.

        The field is `companies`, `topics`, `thread`, `people`, `section`, `authors`, `month`,
        `week` or `year`; all briefs are in `all`."""
        return self.read(f.COVERING, f"{field} {slug}")

    def newest(self, field: str, slug: str) -> Sequence[Entry]:
        """Return the newest of these briefs, as many as a feed has."""
        return self.read(f.NEWEST, f"{field} {slug}")

    def followed(self, group: str) -> tuple[str, ...]:
        """Return the subjects of a group that have a feed."""
        return self.read(f.FOLLOWED, group)

    def recent(self) -> tuple[str, ...]:
        """Return the briefs of the news sitemap, the newest first."""
        return self.read(f.RECENT)

    def count(self, field: str, slug: str) -> tuple[int, Moment | None]:
        """Return the number of briefs with a slug, and the newest date."""
        return self.read(f.COUNTS, field).get(slug, (0, None))

    def counts(self, field: str) -> Mapping[str, tuple[int, Moment]]:
        """Return the counts for every slug, month or year with a brief."""
        return self.read(f.COUNTS, field)

    def slice(self, url: str, number: int) -> Slice[Entry]:
        """Return a page of the list at an address, from 0."""
        return self.read(f.SLICE, f"{url} {number}")

    def nearest(self, edition: str, url: str) -> tuple[str, bool]:
        """Return a page's address in another edition, or the nearest list's.

        The second value is whether it is the same page."""
        return self.read(f.PEER, f"{edition} {url}")

    def around(self, slug: str) -> Neighbours:
        return self.read(f.AROUND, slug)[0]

    def story_links(self, slug: str) -> StoryLinks:
        """Return the links of a brief in its story."""
        return self.read(f.AROUND, slug)[1]

    def by_same_author(self, slug: str) -> tuple[str, ...]:
        """Return the latest earlier briefs by the authors of a brief."""
        return self.read(f.SAME_AUTHOR, slug)

    def reactions(self, slug: str) -> Reactions | None:
        """Return the reactions to a brief, if any."""
        return self.read(f.REACTIONS, slug)

    def history(self, slug: str) -> HistoryFile | None:
        """Return the published versions of a brief in short, if any."""
        return self.read(HISTORY, slug)

    def carded(self, kind: str, key: str) -> bool:
        """Return whether a `brief` or `week` may have a share card."""
        return self.read(f.CARDED, f"{kind} {key}")

    # --- problems (a task with an error always runs again) ----------------------------------------

    def report(self, path: str, findings: Sequence[Finding]) -> None:
        """Report problems of a record."""
        if findings:
            self.read(f.PLACES, path)  # a warning names a line
        self.problems += capped(self._site.content.problem(path, found) for found in findings)

    def check_links(
        self,
        record: Brief
        | Company
        | Topic
        | Thread
        | Person
        | Publisher
        | PlainPage
        | Digest
        | Profile,
    ) -> None:
        """Register the links of a record to check after planning."""
        body = record.body
        if body.links:
            anchors = tuple(heading.anchor for heading in body.headings)
            self.links.append(RecordLinks(record.path, record.url, anchors, body.links))

    @property
    def everything(self) -> Site:
        """The whole site, for suggestions in the hints of errors.

        Reading it adds nothing to the trace, which is sound only because a task with an error
        always runs again."""
        return self._site
