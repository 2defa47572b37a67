"""The sources of a record -> lines of a list, and the chain that one follows in words."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from msgspec import Struct

from builder.model import Moment, Source
from builder.pages.plan import Plan

# What a role is called where it is worth a word.
_ROLES = {
    "syndication": "syndicated", "translation": "translation",
    "machine-translation": "machine translation", "statement": "statement", "filing": "filing",
    "opinion": "opinion",
}  # fmt: skip


class SourceLine(Struct, frozen=True, kw_only=True):
    """A source in the list at the foot of a record."""

    publisher: Annotated[str, "Who published it."]
    title: Annotated[str, "Its headline, or nothing."]
    url: Annotated[str, "Its address, or nothing."]
    lang: Annotated[str, "Its language tag, or nothing."]
    language: Annotated[str, "Its language in words, where it is not the page's."]
    published: Annotated[Moment | None, "When it was published."]
    role: Annotated[str, "What it is, in a word or two: original report, relay of Reuters."]
    via: Annotated[str, "The publisher whose copy was read, or nothing."]
    author: Annotated[str, "The by-line, or nothing."]


class Step(Struct, frozen=True):
    """A step of a chain of sources: `Báo Dân trí (vi)`."""

    publisher: Annotated[str, "Who published it."]
    url: Annotated[str, "Its address, or nothing."]
    note: Annotated[str, "What changed with this step: vi; machine translation, nl."]


def source_lines(plan: Plan, sources: tuple[Source, ...], lang: str) -> tuple[SourceLine, ...]:
    """The sources, each in a line."""
    by_id: dict[str, Source] = {source.id: source for source in sources}
    return tuple(
        SourceLine(
            publisher=source.publisher,
            title=source.title,
            url=source.url,
            lang=source.lang,
            language=language_name(source.lang, plan.language) if differ(source.lang, lang) else "",
            published=source.published,
            role=_role(source, by_id),
            via=source.via,
            author=source.author,
        )
        for source in sources
    )


def _role(source: Source, by_id: dict[str, Source]) -> str:
    word = _ROLES.get(source.role, "relay" if source.role == "relay" else "original report")
    origin = by_id.get(source.of)
    return f"{word} of {origin.publisher}" if origin else word


def chains(sources: tuple[Source, ...], lang: str) -> tuple[tuple[Step, ...], ...]:
    """The ways that a report took, each from who reported it to who passed it on last; the longest
    first. A report that nobody passed on is no chain."""
    by_id = {source.id: source for source in sources}
    passed_on = {source.of for source in sources}
    found = []
    for source in sources:
        if source.id in passed_on or not source.of:
            continue
        way = [source]
        while (origin := by_id.get(way[-1].of)) and origin not in way:
            way.append(origin)
        found.append(_steps(way[::-1], lang))
    return tuple(sorted(found, key=len, reverse=True))


def _steps(way: list[Source], lang: str) -> tuple[Step, ...]:
    steps = []
    for source in way:
        notes = [_ROLES[source.role]] if source.role in _ROLES else []
        if source.lang and differ(source.lang, lang):
            notes.append(source.lang)
        lang = source.lang or lang
        steps.append(Step(source.publisher, source.url, ", ".join(notes)))
    return tuple(steps)


def differ(a: str, b: str) -> bool:
    """Whether two tags name different languages; en-GB and en do not."""
    return bool(a) and a.split("-")[0] != b.split("-")[0]


@cache
def language_name(tag: str, lang: str) -> str:
    """A language in words of another: Dutch."""
    from babel import Locale  # heavy, and seldom needed

    name = Locale.parse(tag, sep="-").get_display_name(Locale.parse(lang, sep="-"))
    return name or tag


def citation(source: Source) -> dict[str, Any]:
    """A source as schema.org's CreativeWork."""
    return {
        "@type": "CreativeWork",
        "name": source.title or f"Report by {source.publisher}",
        "url": source.url,
        "inLanguage": source.lang,
        "datePublished": source.published.iso if source.published else "",
        "publisher": {"@type": "Organization", "name": source.publisher},
    }
