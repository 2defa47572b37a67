"""What planning reads of a site, fact by fact; whoever reads one depends on it.

A task (one or a few pages) gets nothing of the site but facts, and the names of those that it read
are its trace. When no fact of its trace has changed since, the task would make the same again: so
the dependencies of a page are found, not declared ("verifying traces": Mokhov, Mitchell and Peyton
Jones, Build Systems a la Carte, 2018)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast

from builder.content.files import MediaFile
from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.ledger.corrections import CorrectionRecord, by_week
from builder.ledger.numbers import FigureRecord
from builder.ledger.provenance import SharedReport
from builder.ledger.relations import RelationRecord, Statement
from builder.model.body import Body, InternalLink, ReferenceKind
from builder.model.brief import Brief
from builder.model.entity import Company, Digest, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.site.facts import FigureIndex, RelationIndex
from builder.site.lists import Lists, Slice
from builder.site.references import Referent, resolve
from builder.site.related import Neighbours
from builder.site.resolve import publisher_link
from builder.site.site import Entry, Redirect, Site
from builder.site.stories import StoryLinks


class RecordLinks(NamedTuple):
    """The links that a record's text has to addresses of this site: to be judged when all pages
    are known. `anchors` are those of the text itself."""

    path: str
    url: str
    anchors: tuple[str, ...]
    links: tuple[InternalLink, ...]


_NOTHING = StoryLinks((), (), "")
_ROOM = 8 << 20  # characters of text that a process keeps to use again

Made = TypeVar("Made")


class View:
    """Facts, read by one task after the other."""

    def __init__(self, site: Site, lists: Lists) -> None:
        self._site, self._lists = site, lists
        self._trace: dict[str, None] = {}
        self._made: dict[str, tuple[Any, tuple[str, ...]]] = {}
        self._large: dict[str, tuple[Any, tuple[str, ...]]] = {}
        self._sizes: dict[str, int] = {}  # characters
        self._taken = 0  # their sum
        self.problems: list[Diagnostic] = []
        self.links: list[RecordLinks] = []

    @cached_property
    def _amended(self) -> dict[str, tuple[CorrectionRecord, ...]]:
        return by_week(self._site.corrections)

    @cached_property
    def _figures(self) -> FigureIndex:
        return FigureIndex(self._site)

    @cached_property
    def _ties(self) -> RelationIndex:
        return RelationIndex(self._site)

    def begin(self) -> None:
        """Another task reads from here on."""
        self._trace, self.problems, self.links = {}, [], []

    def trace(self) -> tuple[str, ...]:
        """The facts read since it began."""
        return tuple(self._trace)

    def _note(self, kind: str, key: str = "") -> None:
        self._trace[f"{kind} {key}"] = None

    def once(
        self, key: str, make: Callable[[], Made], size: Callable[[Made], int] | None = None
    ) -> Made:
        """What several tasks make alike is made once, and each depends on what was read for it.
        What has a `size` (in characters) is kept while there is room, the last used longest."""
        known = self._made.get(key) or self._large.pop(key, None)
        if known is None:
            before, self._trace = self._trace, {}
            value = make()
            known = (value, tuple(self._trace))
            self._trace = before
            if size is None:
                self._made[key] = known
            else:
                self._sizes[key] = size(value)
                self._taken += self._sizes[key]
        if size is not None:
            self._large[key] = known  # at the end: it was used last
            while self._taken > _ROOM and len(self._large) > 1:
                oldest = next(iter(self._large))
                del self._large[oldest]
                self._taken -= self._sizes.pop(oldest)
        self._trace.update(dict.fromkeys(known[1]))
        return cast(Made, known[0])

    # --- facts ---------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        self._note("settings")
        return self._lists.settings

    @property
    def assets(self) -> Mapping[str, str]:
        self._note("settings")
        return self._lists.assets

    def outline(self, slug: str) -> Outline:
        """A brief as it was written, without its text."""
        self._note("front", slug)
        return self._site.outlines[slug]

    def entry(self, slug: str) -> Entry:
        self._note("front", slug)
        return self._site.entries[slug]

    def written(self, slug: str) -> Brief:
        """A whole brief as it was written."""
        path = self.outline(slug).path
        self._note("text", path)
        return self._site.content.load(Brief, path)

    def company(self, slug: str) -> Company:
        """A company; its text is `text`."""
        self._note("company", slug)
        return self._site.companies[slug]

    def has_company(self, slug: str) -> bool:
        self._note("company", slug)
        return slug in self._site.companies

    def topic(self, slug: str) -> Topic:
        self._note("topic", slug)
        return self._site.topics[slug]

    def thread(self, slug: str) -> Thread:
        self._note("thread", slug)
        return self._site.threads.get(slug) or self._site.waiting[slug]

    def person(self, slug: str) -> Person | None:
        """A person with a page."""
        self._note("person", slug)
        return self._site.people.get(slug)

    def called(self, slug: str) -> str:
        """The name of a person, with or without a page."""
        self._note("called", slug)
        return self._site.names.person_name(slug)

    def page(self, slug: str) -> PlainPage:
        self._note("page", slug)
        return self._site.pages[slug]

    def words_over(self, week: str) -> Digest | None:
        """An editor's words over the digest of a week."""
        self._note("words", week)
        return self._site.digests.get(week)

    def body(self, record: Record) -> Body:
        """A record's text with its holes."""
        self._note("text", record.path)
        return record.body

    def companies(self) -> tuple[str, ...]:
        """The slugs of all companies, in the order of names."""
        self._note("companies")
        return tuple(self._site.companies)

    def topics(self) -> tuple[str, ...]:
        self._note("topics")
        return tuple(self._site.topics)

    def threads(self) -> tuple[str, ...]:
        """The slugs of the threads that have a brief."""
        self._note("threads")
        return tuple(self._site.threads)

    def people(self) -> tuple[str, ...]:
        self._note("people")
        return tuple(self._site.people)

    def imprint(self, slug: str) -> Publisher:
        """A publisher with a page."""
        self._note("imprint", slug)
        return self._site.imprints[slug]

    def imprints(self) -> tuple[str, ...]:
        self._note("imprints")
        return tuple(self._site.imprints)

    def children(self, slug: str) -> tuple[str, ...]:
        """The companies that a company owns."""
        self._note("children", slug)
        return self._lists.children.get(slug, ())

    def former(self, url: str) -> tuple[str, ...]:
        """Addresses that lead to one."""
        self._note("former", url)
        return self._lists.former.get(url, ())

    def translations(self, slug: str) -> tuple[str, ...]:
        """All briefs that say the same as one in other languages, with itself; else none."""
        self._note("translations", slug)
        return self._lists.translations.get(slug, ())

    def redirects(self) -> tuple[Redirect, ...]:
        self._note("redirects")
        return self._site.redirects

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of every page, where a host is told."""
        self._note("policy")
        return self._lists.policy

    def meaning(self, field: str, name: str) -> str:
        """The slug that a name in `companies`, `topics` or `people` means; nothing when unknown."""
        self._note("means", f"{field} {name}")
        return self._site.names.meaning(field, name)

    def publisher(self, name: str) -> str:
        self._note("publisher", name)
        return self._site.names.publisher_name(name)

    def publisher_link(self, name: str) -> tuple[str, str]:
        """A publisher's name as it should be printed, and the address of its page or nothing."""
        self._note("published", name)
        return publisher_link(self._site, name)

    def shared(self, slug: str) -> tuple[SharedReport, ...]:
        """For each source of a brief, earlier briefs with the same report; none where there is no
        such source."""
        self._note("shared", slug)
        return self._lists.shared.get(slug, ())

    def corrections(self) -> tuple[CorrectionRecord, ...]:
        """All corrections and withdrawals, the newest first."""
        self._note("corrections")
        return self._site.corrections

    def corrected(self, number: int) -> Slice[CorrectionRecord]:
        """A page of the record of corrections, 0 for the first."""
        self._note("corrected", str(number))
        return self._lists.amended[number]

    def amended_in(self, week: str) -> tuple[CorrectionRecord, ...]:
        """The corrections and withdrawals of a week, the newest first."""
        self._note("amended", week)
        return self._amended.get(week, ())

    def company_names(self, name: str) -> tuple[str, ...]:
        """Every name of the company that a name means, after and before mergers."""
        self._note("names", name)
        return self._site.names.company_names(name)

    def media(self, name: str) -> MediaFile | None:
        self._note("media", name)
        return self._site.media.get(name)

    def absent(self, url: str) -> bool:
        """Whether an address exists only once something is published."""
        self._note("absent", url)
        return url in self._site.absent

    def reference(self, kind: ReferenceKind, target: str) -> Referent:
        self._note("reference", f"{kind} {target}")
        return resolve(self._site, kind, target)

    def covering(self, field: str, slug: str) -> tuple[Entry, ...]:
        """The briefs that name a slug in `companies`, `topics`, `thread`, `people` or `section`, or
        of a `month`, `week` or `year`; all of them in `all`. The newest first."""
        self._note("cover", f"{field} {slug}")
        return self._lists.covering[field].get(slug, ())

    def newest(self, field: str, slug: str) -> tuple[Entry, ...]:
        """So many of them as a feed holds."""
        self._note("newest", f"{field} {slug}")
        return self._lists.covering[field].get(slug, ())[: self._lists.settings.feed_items]

    def count(self, field: str, slug: str) -> tuple[int, Moment | None]:
        """How many briefs name a slug, and when the newest was published."""
        self._note("counts", field)
        found = self._lists.covering[field].get(slug, ())
        return len(found), found[0].date if found else None

    def counts(self, field: str) -> dict[str, tuple[int, Moment]]:
        """The same for every slug (or month, or year) that has any."""
        self._note("counts", field)
        found = self._lists.covering[field]
        return {slug: (len(briefs), briefs[0].date) for slug, briefs in found.items()}

    def slice(self, url: str, number: int) -> Slice[Entry]:
        """A page of the list at an address, 0 for the first."""
        self._note("slice", f"{url} {number}")
        return self._lists.slices[url][number]

    def around(self, slug: str) -> Neighbours:
        self._note("around", slug)
        return self._lists.around[slug]

    def sequel(self, slug: str) -> StoryLinks:
        """What is around a brief in its story."""
        self._note("around", slug)  # which every brief reads anyway
        return self._lists.sequels.get(slug, _NOTHING)

    def figures_of(self, slug: str) -> tuple[FigureRecord, ...]:
        """The figures of a company, on either side, by metric and time."""
        self._note("figures", slug)
        return tuple(self._figures.of.get(slug, ()))

    def figures_in(self, slug: str) -> tuple[tuple[FigureRecord, tuple[FigureRecord, ...]], ...]:
        """The figures of a brief in their order, each with those that cannot be true beside it."""
        self._note("values", slug)
        return self._figures.told(slug)

    def figures_beside(self, value: FigureRecord) -> tuple[FigureRecord, ...]:
        """Those that cannot be true beside a figure."""
        self._note("values", value.brief)
        return tuple(self._figures.by_id[rival] for rival in value.rivals)

    def figures(self) -> tuple[FigureRecord, ...]:
        """All figures, by company, metric and time."""
        self._note("ledger")
        return self._figures.all

    def relations_of(self, slug: str) -> tuple[RelationRecord, ...]:
        """The relations of a company, on either side."""
        self._note("relations", slug)
        return tuple(self._ties.of.get(slug, ()))

    def relations_among(self, slug: str) -> tuple[RelationRecord, ...]:
        """What those to whom a company has relations have to do with each other now."""
        self._note("relations", slug)
        self._note("among", slug)
        return self._ties.among(slug)

    def relations_in(self, slug: str) -> tuple[tuple[Statement, RelationRecord], ...]:
        """What a brief states, in its order, each with the relation that it is of."""
        self._note("stated", slug)
        return self._ties.told(slug)

    def relations(self) -> tuple[RelationRecord, ...]:
        """All relations, by the companies on both sides."""
        self._note("ties")
        return self._ties.all

    # --- what is wrong (such tasks are never remembered) ----------------------------------------

    def report(self, path: str, findings: Sequence[Finding]) -> None:
        """What is wrong with a record."""
        if findings:
            self._note("places", path)  # a warning names a line
        self.problems += [self._site.content.problem(path, found) for found in findings]

    def check_links(
        self, record: Brief | Company | Topic | Thread | Person | Publisher | PlainPage | Digest
    ) -> None:
        """Have the links of a record, whose holes are filled, judged in the end."""
        body = record.body
        if body.links:
            anchors = tuple(heading.anchor for heading in body.headings)
            self.links.append(RecordLinks(record.path, record.url, anchors, body.links))

    @property
    def everything(self) -> Site:
        """The whole site, to say what an editor may have meant: only beside an error, since a task
        with an error is never remembered."""
        return self._site
