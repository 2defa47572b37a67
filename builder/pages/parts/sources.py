"""The sources of a record, as a list and as chains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Annotated, Any

from msgspec import Struct

from builder.content.urls import host_of
from builder.language.language_names import language_name
from builder.language.lists import list_names
from builder.ledger.provenance import SharedReport
from builder.model.source import Source, SourceRole
from builder.model.time import Moment
from builder.pages.page import Link
from builder.pages.parts.evidence import copy_address, reading_address
from builder.pages.planner import Planner

# The roles that a chain mentions, in words.
_ROLES = {
    "syndication": "syndicated", "translation": "translation",
    "machine-translation": "machine translation", "statement": "statement", "filing": "filing",
    "opinion": "opinion",
}  # fmt: skip


_UNSHARED = SharedReport(0, ())


class SourceLine(Struct, frozen=True, kw_only=True):
    """A source in the list at the end of a record."""

    publisher: Annotated[Link, "The publisher; without an address if it has no page."]
    title: Annotated[str, "The headline, if given."]
    url: Annotated[
        str,
        "The address that readers can open, if any: the archived copy's if the page is gone.",
    ]
    original: Annotated[str, "The address of the publication itself, if given."]
    archive: Annotated[str, "The address of the archived copy, if any."]
    archived: Annotated[Moment | None, "When the copy was made, if there is one."]
    gone: Annotated[Moment | None, "When the page was found to be gone, if it is."]
    changed: Annotated[Moment | None, "When its words were found to be changed, if they are."]
    host: Annotated[str, "The host of the address, such as reuters.com, if there is an address."]
    lang: Annotated[str, "The language tag, if given."]
    language: Annotated[str, "The name of its language, if not the page's."]
    published: Annotated[Moment | None, "When it was published."]
    role: Annotated[str, "The role, such as original report or relay."]
    relayed: Annotated[str, "The publisher of the report that it passed on, if any."]
    via: Annotated[Link | None, "The publisher whose copy was read."]
    author: Annotated[str, "The byline, if given: the names of all authors."]
    earlier: Annotated[tuple[Link, ...], "Earlier briefs that cite it, newest first."]
    more: Annotated[int, "The number of further earlier briefs that cite it."]


class Step(Struct, frozen=True):
    """A step in a chain of sources: `Báo Dân trí (vi)`."""

    publisher: Annotated[Link, "The publisher; without an address if it has no page."]
    change: Annotated[str, "What became of the report, such as machine translation, if anything."]
    lang: Annotated[str, "The language tag, if another one than before."]


def source_lines(
    plan: Planner, sources: tuple[Source, ...], lang: str, shared: Sequence[SharedReport] = ()
) -> tuple[SourceLine, ...]:
    """Return the sources as lines of a list.

    `shared` is empty or has, for each source, the earlier briefs that cite it.
    """
    by_id: dict[str, Source] = {source.id: source for source in sources}
    return tuple(
        SourceLine(
            publisher=plan.publisher(source.publisher),
            title=source.title,
            url=reading_address(source),
            original=source.url,
            archive=copy_address(source),
            archived=source.archive.at if source.archive else None,
            gone=source.gone,
            changed=source.changed,
            host=host_of(source.url),
            lang=source.lang,
            language=language_name(source.lang, lang) if differ(source.lang, lang) else "",
            published=source.published,
            role=role_name(source.role),
            relayed=by_id[source.of].publisher if source.of in by_id else "",
            via=plan.publisher(source.via) if source.via else None,
            author=list_names(source.author, lang),
            earlier=tuple(plan.headline(slug) for slug in before.newest),
            more=before.total - len(before.newest),
        )
        for source, before in zip(sources, shared or repeat(_UNSHARED), strict=False)
    )


def role_name(role: SourceRole) -> str:
    """Return a role in words: original report, relay, syndicated copy."""
    words = {"relay": "relay", "original": "original report", "syndication": "syndicated copy"}
    return words.get(role) or _ROLES[role]


def chains(plan: Planner, sources: tuple[Source, ...], lang: str) -> tuple[tuple[Step, ...], ...]:
    """Return the chains of a report, from origin to last relay.

    The longest comes first. A report that nobody passed on is not a chain.
    """
    by_id = {source.id: source for source in sources}
    passed_on = {source.of for source in sources}
    found = []
    for source in sources:
        if source.id in passed_on or not source.of:
            continue
        way = {source.id: source}
        at = source
        while (origin := by_id.get(at.of)) and origin.id not in way:
            way[origin.id] = at = origin
        found.append(_steps(plan, [*way.values()][::-1], lang))
    return tuple(sorted(found, key=len, reverse=True))


def _steps(plan: Planner, way: list[Source], lang: str) -> tuple[Step, ...]:
    steps = []
    for source in way:
        other = source.lang if source.lang and differ(source.lang, lang) else ""
        lang = source.lang or lang
        change = _ROLES.get(source.role, "")
        steps.append(Step(plan.publisher(source.publisher), change, other))
    return tuple(steps)


def differ(a: str, b: str) -> bool:
    """Return whether two tags name different languages; en-GB and en do not."""
    return bool(a) and a.split("-")[0] != b.split("-")[0]


def citation(plan: Planner, source: Source) -> dict[str, Any]:
    """Return a source as schema.org's CreativeWork.

    The publisher's `url` is that of its page on this site.
    """
    publisher = plan.publisher(source.publisher)
    return {
        "@type": "CreativeWork",
        "name": source.title or plan.words("Report by {publisher}", publisher=source.publisher),
        "url": source.url,
        "archivedAt": copy_address(source),
        "inLanguage": source.lang,
        "datePublished": source.published.iso if source.published else "",
        "publisher": {
            "@type": "Organization",
            "name": publisher.name,
            "url": f"{plan.settings.base_url}{publisher.url}" if publisher.url else "",
        },
    }
