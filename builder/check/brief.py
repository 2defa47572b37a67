"""A brief -> what a good sub-editor would say about it: nothing here stops a build but a
contradiction that no page could show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from builder.content.urls import normal_address
from builder.diagnostics.diagnostic import Place
from builder.model.brief import (
    ROOT_ROLES,
    Brief,
    Moment,
    Outline,
    Source,
    Topic,
    name_key,
)
from builder.names.register import Names, nearest

LONGEST_TITLE = 90  # characters; longer ones are cut in search results and feeds
# Two topics resemble each other within one edit, or as singular and plural.
_ENDINGS = ("s", "es", "ing")


class Finding(NamedTuple):
    """Something wrong with a record: at a field (`sources.0.of`) or a place of its file."""

    at: str | Place
    code: str
    message: str
    hint: str = ""


def lint_brief(brief: Brief, names: list[str]) -> Iterator[Finding]:
    """Every finding about one linked brief. `names` are those of the companies that it lists."""
    for lint in LINTS:
        yield from lint(brief, names)


def _identity(brief: Brief, names: list[str]) -> Iterator[Finding]:
    if not brief.id:
        hint = "give it one from `slugline new`, or a renamed file is announced anew"
        yield Finding("title", "missing-id", "the brief has no id of its own", hint)


def _title(brief: Brief, names: list[str]) -> Iterator[Finding]:
    length = len(brief.title)
    if length > LONGEST_TITLE:
        message = f"the title has {length} characters; lists cut it after {LONGEST_TITLE}"
        yield Finding("title", "long-title", message, "say it shorter")
    straight = [name.replace("’", "'") for name in names]
    title = brief.title.replace("’", "'")
    if names and not any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", title) for n in straight):
        message = "no company of the brief is in its title"
        hint = f"name one, such as {names[0]}"
        yield Finding("title", "title-without-company", message, hint)


def _summary(brief: Brief, names: list[str]) -> Iterator[Finding]:
    if not brief.summary:
        hint = "add `summary:` with one sentence; lists and feeds show it"
        yield Finding("title", "missing-summary", "the brief has no summary", hint)


def _dates(brief: Brief, names: list[str]) -> Iterator[Finding]:
    if brief.expires and brief.expires.at <= brief.date.at:
        message = "it expires before it is published"
        yield Finding("expires", "expires-before-date", message, "check both dates")
    if brief.updated and later(brief.date, brief.updated):
        message = "it is updated before it is published"
        yield Finding("updated", "updated-before-date", message, "check both dates")
    if brief.event_date and later(brief.event_date, brief.date):
        message = "it is published before it happened"
        yield Finding("event_date", "event-after-date", message, "check both dates")


def _withdrawal(brief: Brief, names: list[str]) -> Iterator[Finding]:
    if brief.status == "withdrawn" and not brief.withdrawn_because:
        hint = "add `withdrawn_because:` with the reason; its page shows it"
        message = "a withdrawn brief says why"
        yield Finding("status", "withdrawn-without-reason", message, hint)


def _sources(brief: Brief, names: list[str]) -> Iterator[Finding]:
    if not brief.sources:
        if brief.status != "withdrawn":
            hint = "add `sources:` with who reported it"
            yield Finding("title", "no-sources", "the brief names no source", hint)
        return
    if not any(source.role in ROOT_ROLES for source in brief.sources):
        message = "no source is an original: every one passes on another's report"
        hint = "add who reported it first, with `role: original`"
        yield Finding("sources", "no-original", message, hint)
    by_id: dict[str, Source] = {source.id: source for source in brief.sources}
    times = (brief.date, brief.updated, *(correction.at for correction in brief.corrections))
    changed = max((time for time in times if time), key=lambda time: time.at)
    for n, source in enumerate(brief.sources):
        if source.role not in ROOT_ROLES and not source.of:
            message = f"`{source.id}` is a {source.role} of nothing"
            hint = "add `of:` with the id of the source that it passes on"
            yield Finding(f"sources.{n}.role", "relay-of-nothing", message, hint)
        if source.role in ROOT_ROLES and source.of:
            article = "an" if source.role[0] in "aeiou" else "a"
            message = f"`{source.id}` is {article} {source.role}, and relays `{source.of}`"
            hint = "change its role, or remove `of`"
            yield Finding(f"sources.{n}.of", "original-of-another", message, hint)
        origin = _dated_origin(source, by_id)
        known = origin and origin.published
        if origin and known and source.published and later(known, source.published):
            what = "which it relays" if origin.id == source.of else "from which it comes"
            message = f"`{source.id}` is older than `{origin.id}`, {what}"
            at = f"sources.{n}.published"
            yield Finding(at, "source-order", message, "check both dates")
        if source.published and later(source.published, changed):
            message = f"the brief is older than its source `{source.id}`"
            at = f"sources.{n}.published"
            yield Finding(at, "brief-before-source", message, "check both dates")
    yield from _translated(brief)
    yield from _twice(brief)
    yield from _circles(brief)


def _dated_origin(source: Source, by_id: Mapping[str, Source]) -> Source | None:
    """The nearest one up the chain whose date is known."""
    seen = {source.id}
    found = by_id.get(source.of)
    while found and not found.published and found.id not in seen:
        seen.add(found.id)
        found = by_id.get(found.of)
    return found


def _translated(brief: Brief) -> Iterator[Finding]:
    """A chain shows where the language changed: a translation has another than its original."""
    by_id = {source.id: source for source in brief.sources}
    for n, source in enumerate(brief.sources):
        if source.role in ("translation", "machine-translation"):
            origin = by_id.get(source.of)
            if origin and not source.lang:
                message = f"`{source.id}` is a {source.role} into no language"
                hint = "add `lang:` with the language of its text"
                yield Finding(f"sources.{n}.role", "source-language", message, hint)
            elif origin and origin.lang == source.lang:
                message = (
                    f"`{source.id}` is a {source.role}, and `{origin.id}` is in {origin.lang} too"
                )
                hint = "check both languages; what is passed on in one language is a relay"
                yield Finding(f"sources.{n}.lang", "source-language", message, hint)


def _twice(brief: Brief) -> Iterator[Finding]:
    """A report is one source, whoever is named as its publisher: it has one place in the chain."""
    first: dict[str, Source] = {}
    for n, source in enumerate(brief.sources):
        if source.url:
            other = first.setdefault(normal_address(source.url), source)
            if other is not source and other.id != source.id:
                message = f"`{source.id}` has the address of `{other.id}`"
                hint = "keep one; the copy that was read is the `via` of its original"
                yield Finding(f"sources.{n}.url", "source-twice", message, hint)


def _circles(brief: Brief) -> Iterator[Finding]:
    origin = {source.id: source.of for source in brief.sources}
    reported: set[str] = set()
    for n, source in enumerate(brief.sources):
        seen = [source.id]
        at = source.of
        while at and at in origin and at not in seen:
            seen.append(at)
            at = origin[at]
        if at == source.id and source.id not in reported:
            reported.update(seen)
            chain = " relays ".join(f"`{name}`" for name in [*seen, source.id])
            message = f"the chain of sources is a circle: {chain}"
            yield Finding(f"sources.{n}.of", "source-circle", message, "one is the first")


def _image(brief: Brief, names: list[str]) -> Iterator[Finding]:
    if brief.image and not brief.image.alt:
        hint = "add `alt:` with what it shows"
        message = "the picture has no alternative text"
        yield Finding("image", "image-without-alt", message, hint)


def _plans(brief: Brief, names: list[str]) -> Iterator[Finding]:
    """What was planned or expected for a time that is over by the day of the story: it has happened
    by then, or it has not."""
    for n, figure in enumerate(brief.figures):
        if figure.basis not in ("planned", "forecast"):
            continue
        until = str(figure.period) or (figure.as_of.iso[:10] if figure.as_of else "")
        if until and _last_day(until) < brief.happened.iso[:10]:
            message = f"{until} is over by {brief.happened.iso[:10]}, and the figure is still"
            message += " a plan" if figure.basis == "planned" else " a forecast"
            hint = "write what came of it: `actual` or `reported`; or check the time"
            yield Finding(f"figures.{n}.basis", "period-past-planned", message, hint)


def _last_day(time: str) -> str:
    """The last day of a date or period, in ISO 8601; of a month, whichever: they are compared."""
    year, _, part = time.partition("-")
    last = {"H1": "06-30", "H2": "12-31", "Q1": "03-31", "Q2": "06-30", "Q3": "09-30"}
    if part in last:
        return f"{year}-{last[part]}"
    if not part or part == "Q4":
        return f"{year}-12-31"
    return time if part.count("-") else f"{time}-31"


def later(a: Moment, b: Moment) -> bool:
    """Whether `a` is surely later than `b`: on another day, where one has only a day."""
    if a.precision in ("year", "month") or b.precision in ("year", "month"):
        length = min(len(a.iso[:10]), len(b.iso[:10]))
        return a.iso[:length] > b.iso[:length]
    if "day" in (a.precision, b.precision):
        # The calendar day of each where it was: a report of the 14th in Hanoi is not a day late.
        return a.at.date() > b.at.date()
    return a.at > b.at


Lint = Callable[[Brief, list[str]], Iterable[Finding]]

# In the order in which a sub-editor reads: the head, the dates, the sources, the picture, figures.
LINTS: tuple[Lint, ...] = (
    _identity, _title, _summary, _dates, _withdrawal, _sources, _image,
    _plans,
)  # fmt: skip


def lint_topics(
    briefs: Iterable[Outline], topics: dict[str, Topic], names: Names
) -> Iterator[tuple[str, Finding]]:
    """A topic without a file that one brief names, and that resembles another, is probably a
    slip of the pen: the path of the brief, and what is wrong. `names` resolves topics to slugs."""
    uses: dict[str, list[tuple[Outline, int]]] = {}
    for brief in briefs:
        for n, name in enumerate(brief.topics):
            slug = names.resolve(name)
            if slug in topics:
                uses.setdefault(slug, []).append((brief, n))
    alike = _Alike(topics)
    for slug, users in sorted(uses.items()):
        topic = topics[slug]
        if topic.path or len({brief.path for brief, _ in users}) > 1:
            continue
        others = alike.near(slug, topic)
        near = _resembling(topic.name, [(name, len(uses.get(s, ()))) for name, s in others.items()])
        if not near:
            continue
        other = topics[others[near]]
        # Of two that resemble each other, and are both used once, one is reported.
        if other.path or len(uses.get(other.slug, ())) > 1 or slug > other.slug:
            brief, n = users[0]
            message = f"the topic `{topic.name}` is used once and resembles `{near}`"
            hint = f"write `{near}`, or give `{topic.name}` a file in content/topics/"
            yield brief.path, Finding(f"topics.{n}", "lonely-topic", message, hint)


_MOST = 200  # topics that one is compared with: time stays linear in their number


class _Alike:
    """Topics by the heads and tails of their names: a slip of the pen leaves one of them."""

    def __init__(self, topics: dict[str, Topic]) -> None:
        self.shared: dict[str, list[tuple[str, str]]] = {}
        for slug, topic in topics.items():
            for end in self._ends(topic):
                self.shared.setdefault(end, []).append((topic.name, slug))

    def _ends(self, topic: Topic) -> tuple[str, str]:
        key = name_key(topic.name)
        return f"{key[:3]}-", f"-{key[-3:]}"

    def near(self, slug: str, topic: Topic) -> dict[str, str]:
        """By name: the slugs of topics that may resemble this one."""
        found = [pair for end in self._ends(topic) for pair in self.shared[end][: _MOST // 2]]
        return {name: other for name, other in found if other != slug}


def _resembling(name: str, others: list[tuple[str, int]]) -> str:
    key = name_key(name)
    for other, _ in others:
        other_key = name_key(other)
        short, long = sorted((key, other_key), key=len)
        if long.startswith(short) and long[len(short) :] in _ENDINGS:
            return other
    return nearest(name, others) if len(key) >= 6 else ""
