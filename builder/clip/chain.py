"""The chain of reports that ends in a page, as sources of a brief, the original first.

A copy of an agency's text is that agency's report, read at the page. A credit names the report
next up the chain, a sentence (`according to Reuters`) the one at its beginning."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from builder.clip.dates import in_address
from builder.clip.facts import Facts
from builder.clip.known import Press
from builder.clip.lost_names import LostName
from builder.clip.origins import Origin
from builder.clip.plain import excerpt
from builder.clip.reading import Reading
from builder.content.urls import domain_name
from builder.language.detect import name_of
from builder.language.reporting import translation_note
from builder.model.source import SourceRole
from builder.names.keys import slugify


class ChainSource(NamedTuple):
    """A source of a brief, and comments on how it was found."""

    id: str
    press: Press
    role: SourceRole
    of: str = ""
    title: str = ""
    url: str = ""
    lang: str = ""
    published: str = ""
    via: str = ""
    author: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    is_page: bool = False  # the page that was clipped


class Chain(NamedTuple):
    """Sources in the order of the chain; the page is the last one."""

    sources: tuple[ChainSource, ...]
    others: tuple[Origin, ...]  # publishers that are named besides
    named_in: Mapping[str, str] = {}

    @property
    def page(self) -> ChainSource:
        return self.sources[-1]

    def in_words(self) -> str:
        """Return the chain on one line.

        Reuters → Báo Dân trí (vi) → Vietnam.vn (machine translation, nl)"""
        return " → ".join(map(_in_words, self.sources))


def _in_words(source: ChainSource) -> str:
    said = [source.lang] if source.lang else []
    if source.role not in ("original", "relay"):
        said.insert(0, source.role.replace("-", " "))
    if source.via:
        said.append(f"read at {source.via}")
    return source.press.name + (f" ({', '.join(said)})" if said else "")


# Whose report the page at an address has a copy of, and the brief that says so.
CopiedFrom = Callable[[str], tuple[Press, str] | None]


def chain_of(
    reading: Reading,
    facts: Facts,
    origins: Sequence[Origin],
    lost: Sequence[LostName],
    copied_from: CopiedFrom,
) -> Chain:
    """Return the chain of reports that a page names."""
    near = next((o for kind in ("canonical", "credit") for o in origins if o.kind == kind), None)
    wire = next((o for kind in ("dateline", "author") for o in origins if o.kind == kind), None)
    far = _most_named([o for o in origins if o.kind == "text"])
    if near and near.kind == "canonical":
        chain = _copy_of(near, facts)
    elif wire and (near is None or near.press == wire.press):
        chain = _wire_copy(wire, facts)
    elif near or wire or far:
        last = near or wire
        if last and far and far.press == last.press:
            far = None
        chain = _relay(far, last, reading, facts, lost)
    else:
        chain = _own_report(reading, facts, lost)
    chain = [*_as_briefs_say(chain, copied_from)]
    used = {source.press.key for source in chain}
    others: dict[str, Origin] = {}
    for origin in origins:
        if origin.press.key not in used and origin.kind == "text":
            others.setdefault(origin.press.key, origin)
    sources = _numbered(chain)
    ids = {source.press.key: source.id for source in reversed(sources)}
    named = {o.words: ids[o.press.key] for o in origins if o.kind == "text" and o.press.key in ids}
    return Chain(sources, tuple(others.values()), named)


def _most_named(origins: Sequence[Origin]) -> Origin | None:
    """Return the publisher that sentences name most; the first sentences count double."""
    weights: dict[str, float] = {}
    for origin in origins:
        weights[origin.press.key] = weights.get(origin.press.key, 0) + origin.weight
    if not weights:
        return None
    best = max(weights, key=lambda key: weights[key])
    named = [origin for origin in origins if origin.press.key == best]
    return next((origin for origin in named if origin.url), named[0])


# --- one kind of page each ---------------------------------------------------------------------


def _page(facts: Facts, role: SourceRole, comments: Sequence[str] = ()) -> ChainSource:
    when = facts.published
    return ChainSource(
        id=_id(facts.publisher),
        press=facts.publisher,
        role=role,
        title=facts.title.value,
        url=facts.address,
        lang=facts.lang.value,
        published=when.text if when else "",
        comments=(*_date_comments(facts), *comments),
        author=facts.authors,
        is_page=True,
    )


def _date_comments(facts: Facts) -> list[str]:
    when = facts.published
    if when is None:
        return ["no date found: add `published`"]
    said = [f"published: from {when.origin}{f', {when.note}' if when.note else ''}"]
    for other in facts.other_dates:
        note = f" ({other.note})" if other.note else ""
        verb = "say" if " and " in other.origin else "says"
        said.append(f"published: {other.origin} {verb} {other.text}{note}")
    return said


def _own_report(reading: Reading, facts: Facts, lost: Sequence[LostName]) -> list[ChainSource]:
    role: SourceRole = "original" if facts.publisher.reports else "statement"
    comments = []
    words, by_machine = translation_note(_tail(reading), facts.lang.value)
    if words or lost:
        how = f"says {excerpt(words)}" if words else "has translated names"
        kind = "machine-translation" if by_machine or lost else "translation"
        comments.append(f"the page {how}: find the report that it translates, and write")
        comments.append(f"`role: {kind}` with its id in `of`")
    return [_page(facts, role, comments)]


def _copy_of(near: Origin, facts: Facts) -> list[ChainSource]:
    when = next(in_address(near.url, "its address"), None)
    late = bool(when and facts.published and when.day > facts.published.day)
    original = ChainSource(
        id=_id(near.press), press=near.press, role="original", url=near.url,
        title=facts.title.value, lang=facts.lang.value,
        published=when.text if when and not late else "",
        comments=(f"{near.words} is on another site, so the page is a copy",),
    )  # fmt: skip
    return [original, _page(facts, "syndication")._replace(of=original.id, author=())]


def _wire_copy(wire: Origin, facts: Facts) -> list[ChainSource]:
    """Return the agency's report, which was read at the page."""
    how = f"the text is by {wire.press.name}: {excerpt(wire.words)}"
    page = _page(facts, "original", [how])
    names = {wire.press.name, *wire.press.names, *wire.press.short}
    authors = tuple(name for name in facts.authors if name not in names)
    return [page._replace(id=_id(wire.press), press=wire.press, via=facts.publisher.name,
                          author=authors)]  # fmt: skip


def _relay(
    far: Origin | None,
    near: Origin | None,
    reading: Reading,
    facts: Facts,
    lost: Sequence[LostName],
) -> list[ChainSource]:
    """Return the report at the beginning, the one that the page relays, and the page."""
    chain: list[ChainSource] = []
    for origin in (far, near):
        if origin is None:
            continue
        when = next(in_address(origin.url, "its address"), None)
        late = bool(when and facts.published and when.day > facts.published.day)
        comments = [f"named here: {excerpt(origin.words)}"]
        if when and not late:
            comments.append("published: from its address")
        role: SourceRole = "relay" if chain else "original"
        chain.append(
            ChainSource(
                id=_id(origin.press),
                press=origin.press,
                role=role,
                of=chain[-1].id if chain else "",
                url=origin.url,
                lang=origin.press.lang,
                published=when.text if when and not late else "",
                comments=tuple(comments),
            )
        )
    role, why = _role(chain[-1], reading, facts, lost)
    return [*chain, _page(facts, role, why)._replace(of=chain[-1].id)]


def _role(
    before: ChainSource, reading: Reading, facts: Facts, lost: Sequence[LostName]
) -> tuple[SourceRole, list[str]]:
    """Return whether a page relays or translates the report before it, and why."""
    words, by_machine = translation_note(_tail(reading), facts.lang.value)
    same_language = before.lang and before.lang == facts.lang.value
    if same_language and not words:
        return "relay", []
    why = [f"the page says {excerpt(words)}"] if words else []
    if by_machine or lost:
        why += ["it has translated names: see below"] if lost else []
        return ("relay" if same_language else "machine-translation"), why
    if words and not same_language:
        return "translation", why
    if before.lang and _same_article(before.url, facts.address):
        languages = f"{name_of(before.lang)} and {name_of(facts.lang.value)}"
        return "translation", [f"both addresses end alike, in {languages}"]
    return "relay", why


def _tail(reading: Reading) -> str:
    """Return the blocks in which a page says that it is translated."""
    blocks = [block.text for block in reading.markup.blocks if len(block.text) < 400]
    return "\n".join((*blocks[:25], *blocks[-25:]))


def _same_article(one: str, other: str) -> bool:
    """Return whether the last parts of two addresses have mostly the same words."""
    words = [set(slugify(re.sub(r"\d{6,}", "", url.rpartition("/")[2])).split("-")) for url in
             (one.rstrip("/"), other.rstrip("/"))]  # fmt: skip
    shared = words[0] & words[1]
    return len(shared) >= 6 and len(shared) * 3 >= len(words[0] | words[1]) * 2


def _as_briefs_say(chain: Sequence[ChainSource], copied_from: CopiedFrom) -> Iterator[ChainSource]:
    """Yield sources; a copy that a brief knows is the report of whom it copies."""
    renamed: dict[str, str] = {}
    for source in chain:
        found = copied_from(source.url) if source.role == "original" and not source.via else None
        if found and found[0].key != source.press.key:
            press, path = found
            comment = f"{path} has it as the report of {press.name}, read at {source.press.name}"
            renamed[source.id] = _id(press)
            source = source._replace(
                id=_id(press), press=press, via=source.press.name,
                lang=source.lang or press.lang, comments=(*source.comments, comment),
            )  # fmt: skip
        yield source._replace(of=renamed.get(source.of, source.of))


# --- ids ---------------------------------------------------------------------------------------


def _id(press: Press) -> str:
    """Return the id of a source: the name in its publisher's domain, else its slug."""
    name = domain_name(press.domain) if press.domain else ""
    return slugify(name)[:40].strip("-") or slugify(press.name)[:40].strip("-") or "source"


def _numbered(chain: Sequence[ChainSource]) -> tuple[ChainSource, ...]:
    """Return sources with different ids."""
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    found = []
    for source in chain:
        name = free_id(source.id, taken)
        taken.add(name)
        of = renamed.get(source.of, source.of)
        found.append(source._replace(id=name, of=of))
        renamed.setdefault(source.id, name)
    return tuple(found)


def free_id(name: str, taken: Container[str]) -> str:
    """Return an id like a name that is not taken."""
    base = slugify(name)[:40].strip("-") or "source"
    found, n = base, 1
    while found in taken:
        n += 1
        found = f"{base}-{n}"
    return found
