"""The published versions of a brief: when each was released, what changed in it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Annotated

from msgspec import Struct

from builder.content.histories import load_history
from builder.content.time_zones import load_zone
from builder.content.version_changes import judged, same_words
from builder.content.version_words import (
    correction_key,
    correction_keys,
    encode_words,
    names_in,
    words_of,
)
from builder.ledger.versions import is_announced, new_corrections
from builder.model.brief import Brief
from builder.model.time import Moment
from builder.model.version import Part, PastVersion, VersionWords
from builder.output.manifest import bytes_digest
from builder.pages.parts.corrections import CorrectionLine, correction_lines
from builder.pages.parts.version_lines import HistoryChange, VersionText
from builder.pages.planner import Planner
from builder.site.history_facts import HISTORY_FOLDER

_MOST = 50  # versions on a page, the newest ones
_MOST_CHANGES = 60  # of a version


class Headline(Struct, frozen=True):
    """A headline that a brief had."""

    title: Annotated[str, "The headline."]
    since: Annotated[Moment | None, "When it was published; unknown for one that is about to be."]


class VersionEntry(Struct, frozen=True, kw_only=True):
    """A version of a brief, compared with the one before."""

    number: Annotated[int, "Its number, from 1."]
    anchor: Annotated[str, "Its anchor on the page."]
    at: Annotated[Moment | None, "When it was published, if known."]
    current: Annotated[bool, "Whether it is the one that the page of the brief has."]
    corrections: Annotated[tuple[CorrectionLine, ...], "The corrections that it made."]
    announced: Annotated[bool, "Whether the brief said that it was updated or corrected."]
    reason: Annotated[str, "Why it changed without a word to readers, if it did."]
    spelling: Annotated[bool, "Whether nothing but spelling changed."]
    withdrawn: Annotated[str, "Why the brief was withdrawn, if this version says so."]
    restored: Annotated[bool, "Whether it ended a withdrawal."]
    changes: Annotated[tuple[HistoryChange, ...], "What changed, in the order of the page."]
    more: Annotated[int, "How many other changes are not listed."]
    hidden: Annotated[bool, "Whether its words are not shown."]


class BriefHistory(Struct, frozen=True, kw_only=True):
    """The versions of a brief."""

    url: Annotated[str, "The address of their page."]
    count: Annotated[int, "The number of versions."]
    entries: Annotated[tuple[VersionEntry, ...], "The versions, the newest first."]
    headlines: Annotated[
        tuple[Headline, ...], "The headlines, oldest first; empty if there was only one."
    ]


class HistoryLink(Struct, frozen=True):
    """What the page of a brief says of its versions."""

    url: Annotated[str, "The address of the page with the versions."]
    count: Annotated[int, "The number of versions."]
    headline: Annotated[Moment | None, "When the headline last changed, if it did and is known."]


def history_link(plan: Planner, brief: Brief) -> HistoryLink | None:
    """Return the link to the versions of a brief with several."""
    if plan.view.history(brief.slug) is None:
        return None
    found = brief_history(plan, brief)
    if found is None:
        return None
    changed = found.headlines[-1].since if found.headlines else None
    return HistoryLink(found.url, found.count, changed)


def brief_history(plan: Planner, brief: Brief) -> BriefHistory | None:
    """Return the versions of a linked brief; None if there is one."""
    made = plan.view.once(f"history {brief.slug}", lambda: _history(plan, brief))
    return made


def _history(plan: Planner, brief: Brief) -> BriefHistory | None:
    file = plan.view.history(brief.slug)
    history = load_history(file) if file else None
    if history is None or brief.tells_nothing:
        return None
    written = plan.view.written(brief.slug)
    language = plan.settings.main_language or plan.settings.language
    past, pending = _with_present(history.versions, written, words_of(written, language))
    if len(past) == 1:
        return None
    made = _Versions(plan, brief, written, past, pending)
    entries = tuple(made.entries())
    return BriefHistory(
        url=f"{brief.url}{HISTORY_FOLDER}",
        count=len(past),
        entries=entries[::-1][:_MOST],
        headlines=tuple(made.headlines()),
    )


def _with_present(
    past: tuple[PastVersion, ...], brief: Brief, words: VersionWords
) -> tuple[tuple[PastVersion, ...], bool]:
    """Return the versions and the present one, and whether it is not released yet."""
    last, digest = past[-1], bytes_digest(encode_words(words))
    if last.digest == digest or (last.words and same_words(last.words, words)):
        return past, False
    if last.pending and len(past) > 1:  # its deploy did not end, and the text is another by now
        return _with_present(past[:-1], brief, words)
    updated = brief.updated.at if brief.updated else None
    return (*past, PastVersion(digest, last.at, updated, correction_keys(brief), "", words)), True


class _Versions:
    """Compares the versions of a brief."""

    def __init__(
        self,
        plan: Planner,
        brief: Brief,
        written: Brief,
        past: tuple[PastVersion, ...],
        pending: bool,
    ) -> None:
        self.past, self.pending, self.brief = past, pending, brief
        self.text = VersionText(plan, brief.path, brief.lang or plan.language)
        self.zone = _zone(plan)
        self.names = names_in(written)
        # Of a withdrawn brief, readers get no more than its headline and why (law 9).
        self.withdrawn = brief.status == "withdrawn"
        lines = correction_lines(brief)
        keys = map(correction_key, brief.corrections)
        self.corrections = dict(zip(keys, lines, strict=True))
        self.times = [self._time(n) for n in range(len(past))]

    def entries(self) -> Iterator[VersionEntry]:
        """Yield the versions, oldest first."""
        told: VersionWords | None = None  # the last words that were not those of a withdrawal
        for n, version in enumerate(self.past):
            before = self.past[n - 1] if n else None
            yield self._entry(n, before, told)
            if version.words and not version.words.withdrawn:
                told = version.words

    def headlines(self) -> Iterator[Headline]:
        """Yield the headlines, oldest first, if there were several."""
        found: list[Headline] = []
        for version, at in zip(self.past, self.times, strict=True):
            title = next((p for p in _parts(version.words) if p.kind == "title"), None)
            if title and (not found or found[-1].title != self.text.text(title)):
                found.append(Headline(self.text.text(title), at))
        if len(found) > 1:
            yield from found

    def _entry(self, n: int, old: PastVersion | None, told: VersionWords | None) -> VersionEntry:
        new = self.past[n]
        keys = new_corrections(old.version, new.version) if old else ()
        announced = bool(old and is_announced(old.version, new.version))
        gone = next((p.text for p in _parts(new.words) if p.kind == "withdrawn"), "")
        withdrawal = bool(new.words and new.words.withdrawn)
        # Words that are not those of the version before are compared with what readers had.
        known = bool(old and old.words and new.words and (told or withdrawal))
        found = judged(told, new.words, self.names) if told and known and new.words else []
        shown = [c for c, _ in found if c.kind == "title" or not (self.withdrawn or withdrawal)]
        changes = tuple(map(self.text.change, shown[:_MOST_CHANGES]))
        return VersionEntry(
            number=n + 1,
            anchor=f"version.{n + 1}",
            at=self.times[n],
            current=n + 1 == len(self.past),
            corrections=tuple(self.corrections[key] for key in keys if key in self.corrections),
            announced=announced,
            reason=self.text.plain(new.reason),
            spelling=bool(found) and all(noticed != "material" for _, noticed in found),
            withdrawn=self.text.plain(gone) if withdrawal else "",
            restored=bool(old and old.words and old.words.withdrawn and not withdrawal),
            changes=changes,
            more=len(shown) - len(changes),
            hidden=bool(old) and not withdrawal and (not known or len(shown) < len(found)),
        )

    def _time(self, n: int) -> Moment | None:
        """Return when a version was published.

        That is what the brief says of its change, or else the time of the release. So a page is the
        same before and after the release of an announced change."""
        new, old = self.past[n], self.past[n - 1] if n else None
        told: list[Moment] = []
        if old and is_announced(old.version, new.version):
            if new.updated and (old.updated is None or new.updated > old.updated):
                told.append(self._moment(new.updated))
            keys = new_corrections(old.version, new.version)
            told += (self.corrections[key].at for key in keys if key in self.corrections)
        if told:
            return later_of(*told)
        return None if self.pending and n + 1 == len(self.past) else self._released(new.at)

    def _moment(self, at: datetime) -> Moment:
        """Return a date that a brief states; midnight stands for the day."""
        own = self.brief.updated
        if own and own.at == at:
            return Moment(own.at, own.precision)
        found = self._released(at)
        return Moment(found.at, "minute" if found.at.hour or found.at.minute else "day")

    def _released(self, at: datetime) -> Moment:
        return _minute(at, self.zone)


def later_of(*moments: Moment | None) -> Moment | None:
    """Return the latest of some moments, or None without any."""
    return max((m for m in moments if m), key=lambda moment: moment.at, default=None)


def _minute(at: datetime, zone: tzinfo) -> Moment:
    return Moment(at.astimezone(zone).replace(second=0, microsecond=0), "minute")


def _zone(plan: Planner) -> tzinfo:
    return load_zone(plan.settings.time_zone) or UTC


def _parts(words: VersionWords | None) -> tuple[Part, ...]:
    return words.parts if words else ()
