"""The changes of facts of a site, by company, topic, watchlist and month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from msgspec.structs import replace

from builder.ledger.claims import StatedClaim, claim_records
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.fact_change import FactChange
from builder.ledger.independence import Chains
from builder.ledger.known import Records, changes, only_news
from builder.ledger.standing import word_of
from builder.model.outline import Outline, Said
from builder.model.time import Moment
from builder.site.imprints import imprints_of
from builder.site.site import Entry, Site
from builder.site.stated_once import stated_first

# The groups of subjects whose changes readers can follow.
GROUPS = ("companies", "topics", "watchlists")
# Beside them, the months that are over: a brief of a later month has been published.
MONTHS = "months"
_NONE: Mapping[str, tuple[FactChange, ...]] = MappingProxyType({})


class KnownIndex:
    """The changes of facts of a site, found on demand.

    `kept` has those about subjects, by group, as an earlier process has found them."""

    def __init__(
        self,
        site: Site,
        watchlists: Mapping[str, Sequence[Entry]],
        kept: Mapping[str, Mapping[str, tuple[FactChange, ...]]] | None = None,
    ) -> None:
        self._site, self._watchlists, self._kept = site, watchlists, kept

    @cached_property
    def all(self) -> tuple[FactChange, ...]:
        """All changes, in order of time."""
        site = self._site
        briefs = {slug: site.outlines[slug] for slug in self._published}
        records = Records(
            briefs,
            site.figures,
            [relation for relation in site.relations if relation.statements],
            self._claims(),
            {slug: original for slug in briefs if (original := site.entries[slug].original)},
            site.names.resolvers,
            {slug: o for slug in briefs if (o := (site.whole or site).entries[slug].original)},
        )
        stated = {correction.guid for correction in site.corrections}
        found = changes(records, self._companies_of, site.now)
        retold = {record.uid: record for record in site.expectations} if site.versions else {}
        return tuple(
            self._retold(c, retold) if retold and c.expectations else c
            for c in found
            if c.kind != "correction" or c.guid in stated
        )

    def _retold(self, change: FactChange, told: Mapping[str, ExpectationRecord]) -> FactChange:
        """Return a change of an expectation in the words of an edition."""

        def version(slug: str) -> str:
            return self._site.entries[slug].original or slug

        def in_words(record: ExpectationRecord | None) -> ExpectationRecord | None:
            own = told.get(record.uid) if record else None
            if record is None or own is None:
                return record
            return replace(
                record, brief=own.brief, at=own.at, text=own.text, resolves=own.resolves,
                lang=own.lang,
                settled=tuple(replace(s, brief=version(s.brief)) for s in record.settled),
            )  # fmt: skip

        assert change.expectations
        was, now = change.expectations
        pair = in_words(was), in_words(now)
        return replace(change, brief=version(change.brief), expectations=pair)

    @cached_property
    def news(self) -> tuple[FactChange, ...]:
        """The changes that say something new, in order of time."""
        stated = frozenset(value.name for value in stated_first(self._site))
        return only_news(self.all, stated)

    def _claims(self) -> Iterator[StatedClaim]:
        """Yield the claims of each story once, since its first version was published.

        An edition tells them in the words of its own version."""
        site, links = self._site, self._site.names.resolvers
        first: dict[str, Outline] = {}
        story = {slug: site.entries[slug].original or slug for slug in self._published}
        for slug, original in story.items():
            brief = site.outlines[slug]
            before = first.setdefault(original, brief)
            if (brief.date.at, slug) < (before.date.at, before.slug):
                first[original] = brief
        telling = {one: one if site.versions else brief.slug for one, brief in first.items()}

        def meant(reference: str, later: Outline) -> str:
            """Return a reference to an earlier brief, by the version that tells its story."""
            slug, _, id = reference.partition("#")
            earlier = site.outlines[slug] if slug in story else later
            known = (earlier.date.at, earlier.slug) < (later.date.at, later.slug)
            return f"{telling[story[slug]]}#{id}" if known else ""

        chains = Chains(imprints_of(site.names), {})

        def speaking(brief: Outline, said: Said) -> tuple[str, ...]:
            return word_of(chains, self._companies_of(brief), brief, said)

        for original, brief in first.items():
            own = site.outlines[telling[original]]
            for claim in claim_records(own, links, speaking) if own.claims else ():
                confirms, denies = meant(claim.confirms, brief), meant(claim.denies, brief)
                yield replace(claim, published=brief.date, confirms=confirms, denies=denies)

    @property
    def _published(self) -> Iterable[str]:
        return self._site.versions or (entry.slug for entry in self._site.order)

    def _companies_of(self, brief: Outline) -> tuple[str, ...]:
        return self._site.entries[brief.slug].companies

    def about(self, group: str, slug: str) -> tuple[FactChange, ...]:
        """Return the changes about a subject, in order of time."""
        return self.groups.get(group, _NONE).get(slug, ())

    def subjects(self, group: str) -> Iterable[str]:
        """Return the subjects of a group that have changes."""
        return self.groups[group]

    @property
    def groups(self) -> Mapping[str, Mapping[str, tuple[FactChange, ...]]]:
        """The changes by group and subject."""
        return self._about if self._kept is None else self._kept

    @cached_property
    def _about(self) -> dict[str, dict[str, tuple[FactChange, ...]]]:
        lists: dict[str, list[str]] = {}
        for slug, entries in self._watchlists.items():
            for entry in entries:
                lists.setdefault(entry.slug, []).append(slug)
        found: dict[str, dict[str, list[FactChange]]] = {group: {} for group in (*GROUPS, MONTHS)}
        newest = max((self._month(entry.date) for entry in self._site.order), default="")
        for change in self.news:
            for group, slug in self._subjects_of(change, lists):
                found[group].setdefault(slug, []).append(change)
            if (month := self._month(change.at)) < newest:
                found[MONTHS].setdefault(month, []).append(change)
        return {g: {s: tuple(f) for s, f in by_slug.items()} for g, by_slug in found.items()}

    def _month(self, moment: Moment) -> str:
        """Return the month of a moment in the site's time zone."""
        return f"{moment.at.astimezone(self._site.config.zone):%Y-%m}"

    def _subjects_of(
        self, change: FactChange, lists: Mapping[str, Sequence[str]]
    ) -> Iterator[tuple[str, str]]:
        site = self._site
        for slug in change.companies:
            if slug in site.companies:
                yield "companies", slug
        for slug in site.entries[change.brief].topics:
            if slug in site.topics:
                yield "topics", slug
        for slug in lists.get(change.brief, ()):
            yield "watchlists", slug
